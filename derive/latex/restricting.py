"""A bound on a family with the ranges of its index behind it: `v_t < 1, t \\ge 2` bounds v_2, v_3, … and not v_1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sympy import Symbol

from derive.terms import Chain, Restricted, Statement, Variable, walk
from derive.terms.indices import linear
from derive.terms.statements import Greater, GreaterEqual, Less, LessEqual, Unequal

_BOUNDS = (Less, LessEqual, Greater, GreaterEqual, Unequal)
_RANGES = (Less, LessEqual, Greater, GreaterEqual)


def restricted(terms: Sequence[Any]) -> Restricted | None:
    """The statement of a line, where it is a bound and then ranges of the indices of its names; None of any other."""
    if len(terms) < 2:
        return None
    first, *others = terms
    ranges = [part for other in others for part in _links(other)]
    spoken = indices_of(first)
    for part in ranges:
        if not isinstance(part, _RANGES) or not all(linear(side) is not None for side in part.args):
            return None
        if not part.free_symbols & spoken:
            return None
    if not all(isinstance(part, _BOUNDS) for part in _links(first)):
        return None
    return Restricted(first, ranges)


def _links(term: Any) -> Iterable[Any]:
    return term.links if isinstance(term, Chain) else (term,)


def indices_of(term: Statement) -> frozenset[Any]:
    """The symbols that stand as indices of the names of a statement."""
    return frozenset(
        symbol for _, node in walk(term) if isinstance(node, Variable)
        for index in node.indices for symbol in index.free_symbols if isinstance(symbol, Symbol)
    )  # fmt: skip
