"""Laws that move in time by an equation that is given: ∂p_t/∂t = −∇·(p_t u_t), and of Fokker and Planck.

    p_{t+h}(x) = p_t(x) + h r(x),   ∫ r(x) dx = 0

to first order in h, where r is the right side. A world has p_t at one t; near it some law moves so, since what flows
nowhere comes or goes: r is made of divergences of fields that the density itself carries, and these vanish far away.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sympy import Add, Basic, Mul, Pow, Symbol

from derive.terms import Density, Divergence, Equal, Gradient, Law, is_scalar, mentions
from derive.worlds.setting import Setting, unwrapped, walk

__all__ = ["flows_of", "flows_by_construction"]


@lru_cache(maxsize=256)
def flows_of(setting: Setting) -> dict[Law, Equal]:
    """For each law with an index of time, p_t(x) and the rate at which it is given to change."""
    found: dict[Law, Equal] = {}
    for statement in setting.assumptions:
        for part in unwrapped(statement):
            flow = _flow(part) if isinstance(part, Equal) else None
            if flow is not None:
                found.setdefault(flow.lhs.law, flow)
    return found


def flows_by_construction(equation: Any, setting: Setting) -> bool:
    """Whether an equation is the one by which a law moves in worlds."""
    flow = _flow(equation) if isinstance(equation, Equal) else None
    return flow is not None and flows_of(setting).get(flow.lhs.law) == flow


def _flow(equation: Equal) -> Equal | None:
    terms = [*Add.make_args(equation.lhs), *(Mul(-1, term) for term in Add.make_args(equation.rhs))]
    moving = [term for term in terms if any(map(_is_rate, walk(term)))]
    if len(moving) != 1:
        return None
    rates = [factor for factor in Mul.make_args(moving[0]) if _is_rate(factor)]
    scale = Mul(*(factor for factor in Mul.make_args(moving[0]) if factor not in rates))
    if len(rates) != 1 or not scale.is_Rational:
        return None
    density: Any = rates[0].body  # type: ignore[attr-defined]
    rest = [term for term in terms if term is not moving[0] and term != 0]
    if not all(_flows(term, density) for term in rest):
        return None
    return Equal(density, Mul(-1, Pow(scale, -1), Add(*rest)))


def _is_rate(node: Basic) -> bool:
    """Whether a term is ∂p_t(x)/∂t."""
    if not (isinstance(node, Gradient) and isinstance(node.body, Density) and isinstance(node.variable, Symbol)):
        return False
    density = node.body
    own = len(density.targets) == 1 and not density.givens and density.points == density.variables
    return own and node.point == node.variable and node.variable in density.law.indices


def _flows(term: Basic, density: Density) -> bool:
    """Whether a term is a multiple of the divergence of fields that the density carries."""
    (point,) = density.points
    fields = [factor for factor in Mul.make_args(term) if isinstance(factor, Divergence)]
    others = [factor for factor in Mul.make_args(term) if factor not in fields]
    if len(fields) != 1 or not all(is_scalar(other) and mentions(other, point) is False for other in others):
        return False
    field = fields[0]
    return field.variable == point == field.point and all(
        any(_is_carried(factor, density) for factor in Mul.make_args(part)) for part in _terms(field.body)
    )


def _terms(body: Any) -> list[Basic]:
    """The terms of a field, products of sums multiplied out once."""
    found: list[Basic] = []
    for part in Add.make_args(body):
        sums = [factor for factor in Mul.make_args(part) if isinstance(factor, Add)]
        rest = [factor for factor in Mul.make_args(part) if factor not in sums]
        found += [Mul(*rest, *sums[1:], piece) for piece in sums[0].args] if sums else [part]
    return found


def _is_carried(factor: Basic, density: Density) -> bool:
    return factor == density or (isinstance(factor, Gradient) and factor.body == density)
