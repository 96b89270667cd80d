"""Ranges as people write them: 2 ≤ t ≤ T, 0 ≤ s < t ≤ T, t ≥ 1, −1 < ρ < 1."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Add, Symbol

from derive.terms.statements import Chain, Greater, GreaterEqual, Less, LessEqual, Relation

__all__ = ["as_written", "is_among"]

_TURNED: dict[type[Relation], type[Relation]] = {
    Less: Greater, LessEqual: GreaterEqual, Greater: Less, GreaterEqual: LessEqual,
}  # fmt: skip


def is_among(statement: Any, ranges: Iterable[LessEqual]) -> bool:
    """Whether a statement is one of these bounds of whole numbers, however it is arranged."""
    if type(statement) not in _TURNED:
        return False
    bound = _upwards(statement, True)
    room = bound.rhs - bound.lhs - int(isinstance(bound, Less))
    return any(entry.rhs - entry.lhs == room for entry in ranges)


def as_written(statements: Iterable[Any], *, whole: bool = False) -> list[Any]:
    """The statements, bounds that share a name chained, others as they are.

    `whole` says that all names are whole numbers, and that nobody wrote these bounds: s + 1 ≤ t is then s < t.
    """
    given = list(statements)
    bounding = [entry for entry in given if type(entry) in _TURNED and (whole or _is_bound(entry))]
    links = {statement: _upwards(statement, whole) for statement in bounding}
    bounds = set(links)
    found: list[Any] = []
    for statement in given:
        if statement in links:
            chain = _chain(statement, links)
            found.append(Chain(*chain) if len(chain) > 1 else _named_first(chain[0]) if whole else statement)
        elif statement not in bounds:
            found.append(statement)
    return found


def _is_bound(statement: Any) -> bool:
    """Whether an inequality bounds a name by a number or by another name: what may be part of a range."""
    return all(isinstance(side, Symbol) or side.is_number for side in statement.args)


def _chain(statement: Any, links: dict[Any, Relation]) -> list[Relation]:
    """The bounds that the one of this statement is chained to, taken out of the links."""
    chain = [links.pop(statement)]
    for place, side, end in ((0, 1, 0), (-1, 0, 1)):
        while isinstance(chain[place].args[end], Symbol):
            name = chain[place].args[end]
            key = next((key for key, link in links.items() if link.args[side] == name), None)
            if key is None:
                break
            chain.insert(0 if place == 0 else len(chain), links.pop(key))
    return chain


def _upwards(bound: Relation, whole: bool) -> Relation:
    """The bound from its smaller to its larger side; of whole numbers with a number on one side only."""
    if isinstance(bound, (Greater, GreaterEqual)):
        bound = _TURNED[type(bound)](bound.rhs, bound.lhs)
    if not whole or not isinstance(bound, LessEqual):
        return bound
    (low, left), (high, right) = bound.lhs.as_coeff_Add(), bound.rhs.as_coeff_Add()
    gap = low - high
    if left == 0:  # 0 ≤ T − 1 is 1 ≤ T
        return LessEqual(gap, right)
    if gap == 1 and isinstance(left, Symbol) and isinstance(right, Symbol):
        return Less(left, right)
    return LessEqual(Add(left, max(gap, 0)), Add(right, max(-gap, 0)))


def _named_first(bound: Relation) -> Relation:
    """t ≥ 1 for 1 ≤ t: what is spoken of comes first."""
    return _TURNED[type(bound)](bound.rhs, bound.lhs) if bound.lhs.is_number and type(bound) in _TURNED else bound
