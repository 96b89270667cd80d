r"""Dots: the pattern between a first and a last term, `q(x_1 \mid x_0) \cdots q(x_T \mid x_{T-1})`."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from sympy import Add, Basic, Expr, Integer, Mul, Product, Symbol, Tuple

from derive.terms import Intersection, IntersectionOver, Run, Variable, substitute, walk


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
        lower, upper = first.indices[0], last.indices[0]
        if _falls(lower, upper):
            lower, upper = upper, lower
        return Run(first.name, first.sort, lower, upper)
    raise Undecided("these dots are not between two variables of one name", "x_1, \\dots, x_n")


def _falls(first: Expr, last: Expr) -> bool:
    r"""Whether indices run downwards, as from t − 2 to 1 in `x_{t-2}, \dots, x_1`."""
    gap = (last - first).expand()
    rates = [gap.coeff(symbol) for symbol in gap.free_symbols]
    return bool(gap < 0) if gap.is_Integer else bool(rates) and all(rate.is_negative for rate in rates)


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
    if _falls(lower, upper):
        return body, upper, lower
    return body, lower, upper


def widened(
    pattern: tuple[Any, Any, Any], index: Symbol, others: list[Any]
) -> tuple[tuple[Any, Any, Any], list[Any]]:
    r"""The pattern over more of its range where a part beside it fits it: `f_1 f_2 \cdots f_T` is from 1 on."""
    body, lower, upper = pattern
    rest = list(others)
    found = True
    while found:
        found = False
        for place, other in enumerate(rest):
            if other == substitute(body, {index: lower - 1}):
                lower, found = lower - 1, True
            elif other == substitute(body, {index: upper + 1}):
                upper, found = upper + 1, True
            if found:
                del rest[place]
                break
    return _counted(body, lower, upper, index), rest


def _counted(body: Any, lower: Any, upper: Any, index: Symbol) -> tuple[Any, Any, Any]:
    r"""`p(x_s \mid x_{s+1})` from 0 to T − 1 as `p(x_{s-1} \mid x_s)` from 1 to T, which is how it is written."""
    if lower == 0 and any(index + 1 in getattr(node, "indices", ()) for _, node in walk(body)):
        return substitute(body, {index: index - 1}), Integer(1), upper + 1
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
    for place, other in ((0, 1), (1, 0)):
        if isinstance(pair[place], Tuple) and isinstance(pair[other], Tuple):
            pair[place] = _as_run(pair[place], pair[other])
        if isinstance(pair[other], IntersectionOver):
            pair[place] = _as_intersection(pair[place], pair[other])
        elif isinstance(pair[other], (Mul, Product)) and isinstance(pair[place], (Mul, Variable)):
            pair[place] = _with_product(pair[place], pair[other])
    return pair[0], pair[1]


def _as_run(slots: Tuple, pattern: Tuple) -> Tuple:
    """x_1, x_2 between bars or commas, beside x_{1:n}, as the run x_{1:2}."""
    variables = [slot[0] for slot in slots if isinstance(slot, Tuple) and len(slot) == 2 and slot[0] == slot[1]]
    if len(pattern) != 1 or not isinstance(pattern[0], Tuple) or not isinstance(pattern[0][0], Run):
        return slots
    if len(slots) < 2 or len(variables) != len(slots) or not all(isinstance(one, Variable) for one in variables):
        return slots
    family, sort = pattern[0][0].name, pattern[0][0].args[1]
    if {(one.name, one.sort, len(one.indices)) for one in variables} != {(family, sort, 1)}:
        return slots
    ends = sorted((one.indices[0] for one in variables), key=lambda end: (not end.is_Integer, str(end)))
    if any(later - earlier != 1 for earlier, later in pairwise(ends)):
        return slots
    run = Run(variables[0].name, variables[0].sort, ends[0], ends[-1])
    return Tuple(Tuple(run, run))


def _as_intersection(event: Any, pattern: IntersectionOver) -> Any:
    """A_1, and A_1 ∩ A_2, as intersections over an index like the pattern."""
    parts = event.args if isinstance(event, Intersection) else (event,)
    if not all(isinstance(part, Variable) and len(part.indices) == 1 for part in parts):
        return event
    ends = sorted((part.indices[0] for part in parts), key=lambda end: (not end.is_Integer, str(end)))
    if any(later - earlier != 1 for earlier, later in pairwise(ends)):
        return event
    index = pattern.limits[0][0]
    body = pattern.event
    if any(substitute(body, {index: end}) not in parts for end in ends):
        return event
    return IntersectionOver(body, (index, ends[0], ends[-1]))


def _with_product(term: Any, pattern: Any) -> Any:
    """α_t β_{t-1}, beside ∏_{s=2}^{t} α_s β_1, with the one factor α_t as a product over one index."""
    wanted = [factor for factor in Mul.make_args(pattern) if isinstance(factor, Product) and len(factor.limits) == 1]
    own = list(Mul.make_args(term))
    if len(wanted) != 1 or any(isinstance(factor, Product) for factor in own):
        return term
    index, _, upper = wanted[0].limits[0]
    last = substitute(wanted[0].function, {index: upper})
    if last not in own:
        return term
    own[own.index(last)] = Product(wanted[0].function, Tuple(index, upper, upper))
    return Mul(*own)


def _compare(first: Basic, last: Basic, shifts: list[tuple[Expr, Expr]], indexed: bool = False) -> None:
    if first == last:
        return
    first, last = _alike(first, last)
    if indexed and _is_index(first) and _is_index(last):
        shifts.append((first, last))
        return
    if isinstance(first, Mul) and isinstance(last, Mul) and len(first.args) == len(last.args):
        first_args, last_args = _matched(first, last)
        for a, b in zip(first_args, last_args, strict=True):
            _compare(a, b, shifts)
        return
    if type(first) is not type(last) or len(first.args) != len(last.args) or not first.args:
        raise _undecided()
    inside = isinstance(first, (Variable, Run))
    if isinstance(first, (Product, IntersectionOver)):
        _compare_ranges(first, last, shifts)
        return
    for a, b in zip(first.args, last.args, strict=True):
        _compare(a, b, shifts, indexed=inside)


def _matched(first: Mul, last: Mul) -> tuple[list[Any], list[Any]]:
    """The factors of two products, those of one kind and name beside each other."""
    def key(factor: Any) -> tuple[str, str]:
        return type(factor).__name__, str(getattr(factor, "name", ""))

    rest = list(last.args)
    pairs: list[tuple[Any, Any]] = []
    for factor in first.args:
        partner = next((other for other in rest if other == factor), None)
        partner = partner or next((other for other in rest if key(other) == key(factor)), None)
        if partner is None:
            raise _undecided()
        rest.remove(partner)
        pairs.append((factor, partner))
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def _compare_ranges(first: Any, last: Any, shifts: list[tuple[Expr, Expr]]) -> None:
    """Two products or intersections over the same index of the same body, with other limits."""
    (a, *low), (b, *high) = first.limits[0], last.limits[0]
    body = substitute(last.args[0], {b: a}) if a != b else last.args[0]
    if first.args[0] != body:
        raise _undecided()
    for one, other in zip(low, high, strict=True):
        if one != other:
            shifts.append((one, other))


def _shifted(first: Basic, last: Basic, offset: Expr, indexed: bool = False) -> Any:
    if first == last:
        return first
    first, last = _alike(first, last)
    if indexed and _is_index(first):
        return first + offset
    if isinstance(first, Mul) and isinstance(last, Mul):
        return Mul(*(_shifted(a, b, offset) for a, b in zip(*_matched(first, last), strict=True)))
    if isinstance(first, (Product, IntersectionOver)):
        index, *ends = first.limits[0]
        moved = [one if one == other else one + offset for one, other in zip(ends, last.limits[0][1:], strict=True)]
        return first.func(first.args[0], Tuple(index, *moved))
    inside = isinstance(first, (Variable, Run))
    return first.func(*(_shifted(a, b, offset, inside) for a, b in zip(first.args, last.args, strict=True)))
