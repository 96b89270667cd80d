r"""A density that is given up to its normaliser: p_γ(x | y) = p(x) p(y | x)^γ / Z(y), with Z = ∫ p(x) p(y | x)^γ dx.

Where worlds measure values the integral is not computed, and need not be. Their laws are Gaussians and mixtures of
them, whose densities are bounded: p(x)^a ∏ p(y | x)^b has a finite integral over x for a ≥ 1 and b ≥ 0.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from sympy import Basic, Integer, Mul, Pow

from derive.terms import Density, Equal, Integral
from derive.terms.statements import Greater
from derive.worlds.exact import sign
from derive.worlds.outcomes import NotExercised, Undefined
from derive.worlds.setting import Setting
from derive.worlds.world import World


def is_normaliser(world: World, statement: Basic) -> bool:
    """Whether Z > 0 is said of the normaliser of a density that is one in this world."""
    if not isinstance(statement, Greater) or statement.rhs != 0:
        return False
    return any(
        isinstance(kernel, Equal) and normaliser_of(kernel, world.setting) == statement.lhs
        and has_an_integral(world, kernel)
        for kernel in world.setting.kernels
    )  # fmt: skip


def normaliser_of(kernel: Equal, setting: Setting) -> Any:
    """Z, where a density is given as f / Z and Z as the integral of f; None of other densities."""
    if not isinstance(kernel.lhs, Density):
        return None
    for factor in Mul.make_args(kernel.rhs):
        base, exponent = _power(factor)
        if exponent == -1 and Equal(base, Integral(Mul(kernel.rhs, base), *kernel.lhs.points)) in setting.definitions:
            return base
    return None


def has_an_integral(world: World, kernel: Equal) -> bool:
    """Whether a density f / Z is known to be one, where values are measured: f integrable, and Z its integral."""
    normaliser = normaliser_of(kernel, world.setting)
    if normaliser is None or world.kind != "gaussian":
        return False
    points = set(kernel.lhs.points)
    priors, likelihoods = Counter[Any](), Counter[Any]()
    for factor in Mul.make_args(kernel.rhs):
        base, exponent = _power(factor)
        if base == normaliser:
            continue
        if not isinstance(base, Density) or base.points != base.variables:
            return False
        try:
            power = world.number(exponent)
        except (NotExercised, Undefined):
            return False
        targets, givens = set(base.points), {pair[1] for pair in base.givens}
        if targets == points and not givens & points:
            priors[base.law] += power
            if givens:  # p(x | y) = p(x) p(y | x) / p(y)
                likelihoods[base.law, frozenset(givens), frozenset()] += power
        elif points <= givens and not targets & points:
            likelihoods[base.law, frozenset(targets), frozenset(givens - points)] += power
        elif (targets | givens) & points:
            return False
    enough = any(sign(power - 1) in (0, 1) for power in priors.values())
    return enough and all(sign(power) in (0, 1) for power in (*priors.values(), *likelihoods.values()))


def _power(factor: Any) -> tuple[Any, Any]:
    return (factor.base, factor.exp) if isinstance(factor, Pow) else (factor, Integer(1))
