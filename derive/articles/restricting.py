"""What narrows a display down rather than claims something: `for t ≥ 2`, and a bare `, s > 0` at its end.

A bare inequality is a restriction where it stands after a formula of another kind and speaks of numbers and of names
that nothing determines: as a claim it could hold of no such name. A report says that it was assumed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sympy import Symbol

from derive.articles.heads import Head, heads_in, overlaps
from derive.articles.reading import Piece
from derive.terms import Density, PositiveDefinite, PositiveSemidefinite, Variable
from derive.terms.statements import Greater, GreaterEqual, Less, LessEqual, Unequal

__all__ = ["RESTRICTS", "is_bare", "says_positive", "with_bare_restrictions"]

RESTRICTS = ("for", "if", "when", "whenever", "provided", "given", "assuming", "such that")
BARE = "with"
"""The remark of a restriction that stands without a word."""

_BOUNDS = (Greater, GreaterEqual, Less, LessEqual, Unequal)


def with_bare_restrictions(pieces: Sequence[Piece], settled: Iterable[Head]) -> tuple[Piece, ...]:
    """The pieces of a display; the bare inequalities at its end remarked as what they are."""
    fixed = set(settled)
    last = len(pieces)
    while last > 0 and (pieces[last - 1].remark or is_bare(pieces[last - 1].term, fixed)):
        last -= 1
    while last < len(pieces) and not pieces[last].first:  # the end of a chain that begins with something else
        last += 1
    if last == 0:
        return tuple(pieces)
    return tuple(
        replace(piece, remark=BARE) if place >= last and not piece.remark else piece
        for place, piece in enumerate(pieces)
    )


def says_positive(link: Any) -> bool:
    """Whether a relation says that a density is positive."""
    return isinstance(link, Greater) and isinstance(link.lhs, Density) and bool(link.rhs == 0)


def is_bare(link: Any, settled: set[Head]) -> bool:
    """Whether a relation bounds numbers and names that nothing determines: nothing but an assumption can be meant.

    So does one that says that a density is positive, of whose law nothing is said, or that a matrix is definite.
    """
    if isinstance(link, (PositiveDefinite, PositiveSemidefinite)):
        return not any(overlaps(head, other) for head in heads_in(link.args) for other in settled)
    if says_positive(link):
        return not any(other.kind == "law" and other.name == str(link.lhs.law.name) for other in settled)
    if not isinstance(link, _BOUNDS):
        return False
    sides = (link.lhs, link.rhs)
    names = [side for side in sides if isinstance(side, (Symbol, Variable))]
    if not names or not all(side.is_number or side in names for side in sides):
        return False
    return not any(overlaps(head, other) for head in heads_in(names) for other in settled)
