"""Averages that exist whatever the laws are: of ratios of densities, and under the posterior of a Gaussian likelihood.

E_p[(q/p)^r] ≤ 1 for 0 < r ≤ 1, since ∫_{p>0} q ≤ 1 (and Hölder). E[g(x) | y] exists for every law of x where y is
a x + b plus Gaussian noise, a ≠ 0, and g grows no faster than a power of ‖x‖: g(x) N(y; a x + b, v I) is bounded in x.
So is the slope of that Gaussian in y, which is why ∇_y E_{p(x)}[p(y | x)] may be taken inside.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

from sympy import Add, Basic, Mul, Pow, S, Tuple, log

from derive.grounds.analysis import Holds, finite, free, tame, without_factor
from derive.grounds.context import Context
from derive.grounds.jointly import given_as_gaussian
from derive.models.facts import law_range
from derive.models.model import renamed_onto
from derive.terms import (
    KL,
    Density,
    Expectation,
    Gradient,
    Greater,
    Integral,
    Normal,
    PositiveDefinite,
    Run,
    Unequal,
    contained,
    free_variables,
    overlap,
    substitute,
)
from derive.terms.quadratics import coefficient

__all__ = ["averages", "defined", "differentiates_inside", "plainest"]


def averages(term: Any, where: Context, holds: Holds) -> str:
    """On what ground an average, an integral or a divergence exists for any laws; empty where that is left open."""
    match term:
        case Integral() if all(len(limit) == 1 for limit in term.limits):
            density = term.body
            own = isinstance(density, Density) and set(term.bound) == set(density.points) and _plain(density)
            return "a density" if own and defined(density, where, holds) else ""
        case KL() if term.p == term.q and isinstance(term.p, Density):
            return "a law beside itself" if defined(term.p, where, holds) else ""
        case KL():
            local = where.at(term, (0,))
            both = all(given_as_gaussian(side, term.bound, local, holds) for side in (term.p, term.q))
            return "of two Gaussians" if both else ""
        case Expectation() if isinstance(term.measure, Density):
            if not defined(term.measure, where, holds):
                return ""
            if all(_ratio(part, term, where, holds) for part in Add.make_args(term.body)):
                return "a ratio of densities"
            if _under_posterior(term, where, holds):
                return "bounded by a Gaussian likelihood"
    return ""


def plainest(term: Any, where: Context, holds: Holds) -> Any:
    """What exists exactly where an average does: without its factors, over what its function mentions, as a divergence.

    For E_{p(A, B)}[c f(A)] that is E_{p(A)}[f(A)]; for E_{p(A, B)}[log p(A | B)/q(A)] it is the mean over B of the
    divergence of p(A | B) from q(A): where the one is finite the other is, since E_p |log p/q| ≤ KL + 2/e.
    """
    term = without_factor(term, where, holds)
    if not isinstance(term, Expectation) or not isinstance(term.measure, Density) or not _named(term.measure):
        return term
    term = _over_what_is_mentioned(term, where)
    sides = _ratio_of_densities(term.body)
    if sides is None or not _conditional(sides[0], term.measure) or sides[0].variables != sides[1].variables:
        return term
    divergence = KL(*sides, sides[0].points)
    rest = [item for item in term.measure.variables if item not in sides[0].variables]
    return Expectation(divergence, Density(term.measure.law, rest, term.measure.givens)) if rest else divergence


def _ratio_of_densities(body: Any) -> tuple[Density, Density] | None:
    """(p, q) for log p/q, densities whose variables stand for themselves."""
    parts = Mul.make_args(body.args[0]) if isinstance(body, log) else ()
    above = [part for part in parts if isinstance(part, Density)]
    below = [part.base for part in parts if isinstance(part, Pow) and part.exp == -1]
    if len(parts) != 2 or len(above) != 1 or len(below) != 1 or not isinstance(below[0], Density):
        return None
    return (above[0], below[0]) if _named(above[0]) and _named(below[0]) else None


def _conditional(density: Density, joint: Density) -> bool:
    """Whether a density is of some of a joint's variables given all the others, and what those are given."""
    rest = {Tuple(item, item) for item in joint.variables if item not in density.variables}
    return (
        density.law == joint.law and set(density.variables) <= set(joint.variables)
        and set(density.givens) == {*joint.givens, *rest}
    )  # fmt: skip


def _over_what_is_mentioned(term: Any, where: Context) -> Any:
    facts = where.at(term, (0,)).facts
    spoken = free_variables(term.body, facts)
    kept: list[Basic] = []
    for target in term.measure.variables:
        inside = [item for item in spoken if overlap(item, target, facts) is not False]
        apart = all(overlap(one, two, facts) is False for one, two in combinations(inside, 2))
        whole = not apart or not all(contained(item, target, facts) for item in inside)
        kept += [target] if whole else inside
    if not kept or set(kept) == set(term.measure.variables):
        return term
    return Expectation(term.body, Density(term.measure.law, kept, term.measure.givens))


def _named(density: Density) -> bool:
    """Whether the variables left of the bar stand for themselves."""
    return all(variable == point for variable, point in density.targets)


def defined(density: Density, where: Context, holds: Holds) -> bool:
    """Whether a conditional density is one: what it is given has positive density, or it is said to be positive."""
    if not density.givens:
        return True
    return any(holds(Greater(part, 0), where) for part in (Density(density.law, density.givens), density))


def _plain(density: Density) -> bool:
    """Whether the variables left of the bar stand at points of their own, which the other side does not name."""
    points = density.points
    if len(set(points)) != len(points) or any(isinstance(point, Run) for point in points):
        return False
    return all(pair[0] == pair[1] for pair in density.targets)


def _ratio(part: Any, average: Expectation, where: Context, holds: Holds) -> bool:
    """Whether a term is c (q/p)^r, 0 < r ≤ 1, p the measure and q a density of all its points, or a constant."""
    local = where.at(average, (0,))
    measure: Any = average.measure
    varying = [factor for factor in Mul.make_args(part) if not all(free(factor, p, local) for p in average.bound)]
    numbers = [factor for factor in Mul.make_args(part) if factor not in varying]
    if not all(finite(number, where, holds) for number in numbers):
        return False
    whole = Mul(*varying)
    base, power = whole.as_base_exp() if isinstance(whole, Pow) else (whole, S.One)
    if whole == 1:
        return True
    if not (power.is_Rational and 0 < power <= 1) or not _plain(measure):
        return False
    above = Mul(base, measure)
    if not isinstance(above, Density) or not isinstance(base, Mul) or not _plain(above):
        return False
    if not set(average.bound) <= set(above.points) or not defined(above, where, holds):
        return False
    return all(free(pair[1], point, local) for pair in above.givens for point in average.bound)


# ---- a Gaussian likelihood -----------------------------------------------------------------------------------------


def _under_posterior(term: Expectation, where: Context, holds: Holds) -> bool:
    measure: Any = term.measure
    if len(measure.targets) != 1 or len(measure.givens) != 1 or not _plain(measure):
        return False
    point, local = term.bound[0], where.at(term, (0,))
    likelihood = _likelihood(Density(measure.law, measure.givens, measure.targets), point, local, holds)
    return likelihood and tame(term.body, point, local, holds)


def _likelihood(density: Density, point: Any, local: Context, holds: Holds) -> bool:
    """Whether the model gives a density as N(y; a x + b, Σ), a ≠ 0, in its x: bounded in x, times any power too."""
    given = tuple(pair[0] for pair in density.givens)
    if given != (point,) or isinstance(point, Run):
        return False
    own = Density(density.law, density.variables, density.givens)  # at the names of its variables
    for law in local.model.laws:
        found = renamed_onto(law.lhs, own) if isinstance(law.rhs, Normal) else None
        if found is None or not all(holds(bound, local) for bound in law_range(local.model, law.lhs, found)):
            continue
        normal = substitute(law.rhs, found)
        parts = coefficient(normal.mean, point, local.facts)
        if parts is None or not free(normal.covariance, point, local):
            return False
        known = holds(PositiveDefinite(normal.covariance), local) and holds(Unequal(parts[0], 0), local)
        return known and all(finite(part, local, holds) for part in (*parts, normal.covariance))
    return False


def differentiates_inside(term: Gradient, where: Context, holds: Holds) -> bool:
    """Whether ∇_y E_{p(x)}[p(y | x)] may be taken inside: the model gives p(y | x) as a Gaussian about a x + b."""
    average, variable = term.body, term.variable
    if not isinstance(average, Expectation) or not isinstance(average.measure, Density) or len(average.bound) != 1:
        return False
    density, local = average.body, where.at(term, (0,)).at(average, (0,))
    if not isinstance(density, Density) or not _plain(density) or density.points != (variable,):
        return False
    measure = average.measure
    if not _plain(measure) or not free(measure.law, variable, local) or measure.givens:
        return False
    return term.point == variable and _likelihood(density, average.bound[0], local, holds)

