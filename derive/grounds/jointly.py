"""Densities that are Gaussians because all that their law is made of are: conditionals of a linear-Gaussian chain.

Where q(x_{1:T} | x_0) is a product of Gaussians, each with a mean that is affine in the points before it and a fixed
covariance, x_{1:T} is one Gaussian vector given x_0, and so is any part of it given any other part: the mean is affine
in what is given, the covariance is positive definite and fixed (Bishop, PRML, 2006, section 2.3).
"""

from __future__ import annotations

from typing import Any

from sympy import Basic

from derive.grounds.analysis import Holds, finite, free
from derive.grounds.context import Context
from derive.models import Factorization
from derive.models.model import renamed_onto
from derive.terms import Density, Normal, PositiveDefinite, contained, overlap, substitute
from derive.terms.quadratics import coefficient

__all__ = ["given_as_gaussian", "jointly_gaussian"]


def given_as_gaussian(density: Any, points: tuple[Basic, ...], where: Context, holds: Holds) -> bool:
    """Whether a density is a Gaussian in these points: as it stands, as the model gives it, or as part of a law."""
    normal = density if isinstance(density, Normal) else _as_given(density, where)
    if normal is None:
        return isinstance(density, Density) and jointly_gaussian(density, where, holds)
    parts = (normal.mean, normal.covariance)
    return (
        (normal.point,) == points and holds(PositiveDefinite(normal.covariance), where)
        and all(free(part, points[0], where) and finite(part, where, holds) for part in parts)
    )  # fmt: skip


def _as_given(density: Any, where: Context) -> Normal | None:
    for law in where.model.laws if isinstance(density, Density) else ():
        found = renamed_onto(law.lhs, density) if isinstance(law.rhs, Normal) else None
        if found is not None:
            return substitute(law.rhs, found, where.facts)  # type: ignore[no-any-return]
    return None


def jointly_gaussian(density: Density, where: Context, holds: Holds) -> bool:
    """Whether a density is of one part of a linear-Gaussian law given another, with all that the law starts from."""
    factorization = where.model.factorization(density.law)
    if factorization is None or any(variable != point for variable, point in density.targets):
        return False
    made = factorization.joint.variables
    roots, givens = ([pair[0] for pair in side.givens] for side in (factorization.joint, density))
    facts = where.facts
    return (
        all(any(contained(target, part, facts) for part in made) for target in density.variables)
        and all(any(contained(item, part, facts) for part in (*made, *roots)) for item in givens)
        and all(any(contained(root, item, facts) for item in givens) for root in roots)
        and all(overlap(target, item, facts) is False for target in density.variables for item in givens)
        and _linear(factorization, where, holds)
    )


def _linear(factorization: Factorization, where: Context, holds: Holds) -> bool:
    """Whether every factor is given as a Gaussian with an affine mean and a fixed covariance, at every index."""
    for factor in factorization.factors:
        law = next((law for law in where.model.laws if renamed_onto(law.lhs, factor.density) is not None), None)
        if law is None or not isinstance(law.rhs, Normal):
            return False
        normal = substitute(law.rhs, renamed_onto(law.lhs, factor.density) or {})
        facts = where.model.facts
        if factor.index is not None:
            facts = facts.without(factor.index).between(factor.index, factor.lower, factor.upper)
        inside = Context(where.model, (), facts, where.indices)
        rest: Any = normal.mean
        points = [point for _, point in factor.density.givens]
        for point in points:
            parts = coefficient(rest, point, facts)
            if parts is None or not _fixed(parts[0], points, inside, holds):
                return False
            rest = parts[1]
        if not _fixed(rest, points, inside, holds) or not _fixed(normal.covariance, points, inside, holds):
            return False
        if not holds(PositiveDefinite(normal.covariance), inside):
            return False
    return True


def _fixed(part: Any, points: list[Basic], inside: Context, holds: Holds) -> bool:
    """Whether a part of a factor is a number, vector or matrix that no point changes."""
    return all(free(part, point, inside) for point in points) and finite(part, inside, holds)
