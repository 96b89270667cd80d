"""What a linear operator is over, multiplied out: one term for each way in which it depends on what is bound."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Add, Basic, Mul, Symbol

from derive.grounds.context import Context
from derive.search.choices import free_of
from derive.terms import (
    Divergence,
    Gradient,
    Inner,
    MatrixProduct,
    Transpose,
    Variable,
    free_variables,
    sort_of,
    substitute,
)
from derive.terms.rewriting import mapped

__all__ = ["at_their_points", "grouped"]


def grouped(terms: Sequence[Any], points: tuple[Basic, ...], inside: Context) -> Any:
    """Terms with the same dependence on some points joined to one, its coefficients added."""
    groups: dict[Any, list[Any]] = {}
    for term in terms:
        constant: list[Any] = []
        rest: list[Any] = []
        for factor in Mul.make_args(term):
            scalar = not hasattr(factor, "sort") or getattr(factor.sort, "kind", "scalar") in ("scalar", "index")
            (constant if scalar and free_of(factor, points, inside) else rest).append(factor)
        groups.setdefault(Mul(*(turned(factor, points, inside) for factor in rest)), []).append(Mul(*constant))
    return Add(*(Mul(Add(*coefficients), rest, evaluate=True) for rest, coefficients in groups.items()))


def turned(factor: Any, points: tuple[Basic, ...], inside: Context) -> Any:
    """yᵀ M x as (Mᵀ y)ᵀ x, where x is bound and the rest is not."""
    if not isinstance(factor, Inner):
        return factor
    for left, right in (factor.args, reversed(factor.args)):
        if isinstance(left, MatrixProduct) and left.args[-1] in points and free_of(right, points, inside):
            matrix = MatrixProduct(*left.args[:-1])
            if free_of(matrix, points, inside):
                return Inner(MatrixProduct(Transpose(matrix), right), left.args[-1])
    return factor


def at_their_points(term: Any) -> Any:
    """The term with every derivative that is taken at a plain point of another name as one in that point: ∂f(μ)/∂μ."""
    new = mapped(term, at_their_points)
    if isinstance(new, (Gradient, Divergence)) and new.point != new.variable:
        plain = isinstance(new.point, (Symbol, Variable)) and sort_of(new.point) == sort_of(new.variable)
        if plain and new.point not in free_variables(new.body):
            return new.func(substitute(new.body, {new.variable: new.point}), new.point)
    return new
