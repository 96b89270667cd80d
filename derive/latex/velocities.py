r"""A dot over a name that a text has without it too is its derivative in time: \dot α_t beside α_t is ∂α_t/∂t.

Only where the subscript is a time: an index that counts (x_{t-1}, a sum over t, a run) is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sympy import Product, Sum, Symbol
from sympy.core.symbol import Str

from derive.terms import Gradient, Law, Run, Sort, Variable

if TYPE_CHECKING:
    from derive.latex.reader import Reading

_DOTTED = re.compile(r"\\(d|dd)ot\s*\{?\s*(\\[A-Za-z]+|[A-Za-z])\}?$")


def with_velocities(readings: Sequence[Reading]) -> list[Reading]:
    """The readings with such names as derivatives, and a note in each that says so."""
    nodes = [node for reading in readings for node in _nodes(reading.term)]
    names = {node for node in nodes if isinstance(node, Variable)}
    counted = _counted(nodes)
    moving = {item for item in names if (base := _base(item)) in names and base.indices[0] not in counted}
    if not moving:
        return list(readings)
    return [_read(reading, moving) if moving & set(_nodes(reading.term)) else reading for reading in readings]


def _read(reading: Reading, moving: set[Any]) -> Reading:
    here = sorted(moving & set(_nodes(reading.term)), key=str)
    notes = (f"{item.name}_{item.indices[0]} is read as the derivative in {item.indices[0]}" for item in here)
    requirements = tuple(item._replace(condition=_written(item.condition, moving)) for item in reading.requirements)
    spans = tuple((start, end, _written(part, moving)) for start, end, part in reading.spans)
    term = _written(reading.term, moving)
    return replace(reading, term=term, requirements=requirements, spans=spans, notes=(*reading.notes, *notes))


def _base(item: Variable) -> Any:
    """x_t of \\dot x_t."""
    found = _DOTTED.match(item.name)
    if found is None or len(item.indices) != 1 or not isinstance(item.indices[0], Symbol):
        return None
    return Variable(found[2], item.sort, *item.indices)


def _written(term: Any, moving: set[Any]) -> Any:
    if isinstance(term, Variable) and term in moving:
        value, time = _base(term), term.indices[0]
        for _ in range(2 if term.name.startswith("\\dd") else 1):
            value = Gradient(value, time, time)
        return value
    if not getattr(term, "args", ()) or isinstance(term, (Symbol, Variable, Run, Law, Sort, Str)):
        return term
    parts = [_written(part, moving) for part in term.args]
    return term if all(new is old for new, old in zip(parts, term.args, strict=True)) else term.func(*parts)


def _nodes(term: Any) -> Iterable[Any]:
    stack = [term]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (Symbol, Sort, Str)):
            stack.extend(getattr(node, "args", ()))


def _counted(nodes: Iterable[Any]) -> set[Any]:
    """The symbols that count: in t − 1, in a sum or product over t, in a run up to t."""
    found: set[Any] = set()
    for node in nodes:
        if isinstance(node, Variable):
            found.update(symbol for index in node.indices if not index.is_Symbol for symbol in index.free_symbols)
        elif isinstance(node, Run):
            found |= node.lower.free_symbols | node.upper.free_symbols
        elif isinstance(node, (Sum, Product)):
            found.update(symbol for limit in node.limits for part in limit for symbol in part.free_symbols)
    return found
