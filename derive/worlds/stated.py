"""What a world makes of moments and scores that are given.

E[X] = μ and Var(X) = v by a Gaussian that has them, any other quantity of a law that is given a name by that name.

A world need not be the only one that satisfies the givens; that it does is checked like everything that is assumed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Basic, Integer, Mul, Pow, Symbol, sqrt

from derive.terms import (
    Application,
    Covariance,
    Density,
    Entropy,
    Equal,
    Expectation,
    Gradient,
    Identity,
    Independent,
    Normal,
    Probability,
    Variable,
    Variance,
    is_scalar,
    sort_of,
)

_OF_LAWS = (Expectation, Variance, Covariance, Gradient, Probability, Entropy)


def gaussians(equations: Iterable[Equal], known: Iterable[Equal]) -> tuple[list[Equal], list[Independent]]:
    """For each variable whose mean or variance is given and of which no law is known, a Gaussian that has them.

    Two of them whose covariance is given as zero are independent.
    """
    equations = list(equations)
    means: dict[tuple[Any, Basic], Basic] = {}
    spreads: dict[tuple[Any, Basic], Basic] = {}
    apart: list[Independent] = []
    for part in equations:
        moment, value = part.lhs, part.rhs
        measure = getattr(moment, "measure", None)
        if not isinstance(measure, Density) or measure.givens or any(v != p for v, p in measure.targets):
            continue
        if isinstance(moment, Covariance) and value == 0 and {moment.left, moment.right} == set(measure.variables):
            apart.append(Independent((moment.left,), (moment.right,), (), measure.law))
        if len(measure.targets) == 1 and measure.variables[0] == moment.args[0] and not moment.atoms(Covariance):
            (means if isinstance(moment, Expectation) else spreads)[measure.law, measure.variables[0]] = value
    taken = {(part.lhs.law, part.lhs.variables) for part in known if isinstance(part.lhs, Density)}
    laws = []
    for law, variable in sorted({*means, *spreads}, key=str):
        if (law, (variable,)) in taken:
            continue
        size = sort_of(variable)
        one: Any = Integer(1) if is_scalar(variable) else Identity(size.shape[0])
        spread = spreads.get((law, variable), one)
        laws.append(Equal(Density(law, [variable]), Normal(variable, means.get((law, variable), Integer(0)), spread)))
    return laws, apart


def named(equation: Equal) -> Equal | None:
    """The equation solved for the name that it gives to a quantity of a law: μ in E[X] = μ, f in ∇ log p = −c f."""
    value, target = equation.lhs, equation.rhs
    if not isinstance(value, _OF_LAWS):
        return None
    factors = Mul.make_args(target)
    names = [item for item in factors if isinstance(item, Application) or _is_name(item)]
    values = [item for item in names if isinstance(item, Application)]
    if len(values) == 1:
        return Equal(values[0], Mul(value, Pow(Mul(*(item for item in factors if item != values[0])), -1)))
    if target in names:
        return Equal(target, value)
    if isinstance(target, Pow) and target.exp == 2 and _is_name(target.base) and is_scalar(value):
        return Equal(target.base, sqrt(value))
    return None


def _is_name(item: Basic) -> bool:
    return isinstance(item, Symbol) or (isinstance(item, Variable) and not item.indices)
