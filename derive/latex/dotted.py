r"""Dots: the pattern between a first and a last term, `q(x_1 \mid x_0) \cdots q(x_T \mid x_{T-1})`."""

from __future__ import annotations

from typing import Any

from sympy import Add, Basic, Expr, Integer, Symbol

from derive.terms import Run, Variable


class Undecided(Exception):
    """Dots between two terms that do not show one pattern."""

    def __init__(self, message: str, expected: str) -> None:
        super().__init__(message)
        self.expected = expected


def _undecided() -> Undecided:
    return Undecided(
        "these dots do not show one pattern", "a first and a last term that differ by one shift of an index"
    )


def dotted_run(first: Any, last: Any) -> Run:
    r"""`x_1, \dots, x_n` as the run x_{1:n}."""
    if (
        isinstance(first, Variable)
        and isinstance(last, Variable)
        and (first.name, first.sort) == (last.name, last.sort)
        and len(first.indices) == len(last.indices) == 1
    ):
        return Run(first.name, first.sort, first.indices[0], last.indices[0])
    raise Undecided("these dots are not between two variables of one name", "x_1, \\dots, x_n")


def between(first: Any, last: Any, index: Symbol) -> tuple[Any, Any, Any]:
    """(body, lower, upper): the body at lower and at upper is the first and the last term, in either order.

    Every place where the two differ is an index and differs by the same shift. Raises `Undecided` otherwise.
    """
    shifts: list[tuple[Expr, Expr]] = []
    _compare(first, last, shifts)
    if not shifts:
        raise _undecided()
    lower, upper = shifts[0]
    difference = upper - lower
    if any((b - a) != difference for a, b in shifts):
        raise _undecided()
    body = _shifted(first, last, index - lower)
    if difference.could_extract_minus_sign() or (isinstance(difference, Integer) and difference < 0):
        return body, upper, lower
    return body, lower, upper


def _is_index(term: Any) -> bool:
    return isinstance(term, (Integer, Symbol)) or (
        isinstance(term, Add) and all(atom.is_Integer or isinstance(atom, Symbol) for atom in term.atoms())
    )


def _alike(first: Any, last: Any) -> tuple[Any, Any]:
    """A variable opposite a run of its family as the run of one, x_1 as x_{1:1}."""
    pair = []
    for one, other in ((first, last), (last, first)):
        single = isinstance(one, Variable) and isinstance(other, Run) and len(one.indices) == 1
        pair.append(Run(one.name, one.sort, one.indices[0], one.indices[0]) if single else one)
    return pair[0], pair[1]


def _compare(first: Basic, last: Basic, shifts: list[tuple[Expr, Expr]], indexed: bool = False) -> None:
    if first == last:
        return
    first, last = _alike(first, last)
    if indexed and _is_index(first) and _is_index(last):
        shifts.append((first, last))
        return
    if type(first) is not type(last) or len(first.args) != len(last.args) or not first.args:
        raise _undecided()
    inside = isinstance(first, (Variable, Run))
    for a, b in zip(first.args, last.args, strict=True):
        _compare(a, b, shifts, indexed=inside)


def _shifted(first: Basic, last: Basic, offset: Expr, indexed: bool = False) -> Any:
    if first == last:
        return first
    first, last = _alike(first, last)
    if indexed and _is_index(first):
        return first + offset
    inside = isinstance(first, (Variable, Run))
    return first.func(*(_shifted(a, b, offset, inside) for a, b in zip(first.args, last.args, strict=True)))
