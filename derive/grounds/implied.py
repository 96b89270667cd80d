"""Open conditions that follow from others: the mean of a sum exists where the means of its terms do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sympy import Add, Basic, Mul, Sum, default_sort_key

from derive.grounds.conditions import decide
from derive.grounds.context import Context
from derive.terms import Exists, Expectation, ForEvery, LessEqual, Relation, Statement, alpha_equal, mentions

__all__ = ["not_implied"]


def not_implied(conditions: Sequence[Basic], where: Context) -> list[Basic]:
    """The conditions without those that follow from the rest of them."""
    kept = list(dict.fromkeys(map(_flat, conditions)))
    for condition in tuple(kept):
        rest = [other for other in kept if other != condition]
        inner, bound = _opened(condition)
        parts = list(_parts(inner, where.below(bound, ())))
        if parts and all(_known(part, (*bound, *more), ranges, rest, where) for part, more, ranges in parts):
            kept = rest
    return kept


def _opened(condition: Basic) -> tuple[Any, tuple[Basic, ...]]:
    """A condition and the points for every value of which it is meant."""
    bound: tuple[Basic, ...] = ()
    while isinstance(condition, ForEvery):
        condition, bound = condition.statement, (*bound, *condition.bound)
    return condition, bound


def _flat(condition: Basic) -> Basic:
    """`for every t for every x` as `for every t, x`."""
    inner, bound = _opened(condition)
    return ForEvery(inner, sorted(set(bound), key=default_sort_key)) if bound else condition


def _parts(
    condition: Any, where: Context
) -> Iterator[tuple[Statement, tuple[Basic, ...], tuple[Relation, ...]]]:
    """That the mean of each term exists, with the index and its range where the terms are those of a finite sum."""
    term = condition.term if isinstance(condition, Exists) else None
    if not isinstance(term, Expectation):
        return
    terms = [Mul(*(factor for factor in Mul.make_args(part) if not factor.is_Rational))
             for part in Add.make_args(term.body)]  # fmt: skip
    if len(terms) == 1 and not isinstance(terms[0], Sum):
        return
    for part in terms:
        ends = part.limits[0] if isinstance(part, Sum) and len(part.limits) == 1 else ()
        if ends and ends[1].is_finite is not False and ends[2].is_finite is not False:
            index, low, high = ends
            ranges = (LessEqual(low, index), LessEqual(index, high))
            yield Exists(Expectation(part.function, term.measure)), (index,), ranges
        else:
            yield Exists(Expectation(part, term.measure)), (), ()


def _known(
    part: Statement, bound: tuple[Basic, ...], ranges: tuple[Relation, ...], others: Sequence[Basic], where: Context
) -> bool:
    """Whether the existence of a mean is known, or is one of the conditions, in the form in which they are kept."""
    found = decide(part, where.below(bound, ranges))
    if found.answer is True:
        return True
    spoken = [point for point in bound if mentions(found.condition, point) is not False]
    wanted = _flat(ForEvery(found.condition, spoken)) if spoken else found.condition
    return any(alpha_equal(wanted, other) for other in others)
