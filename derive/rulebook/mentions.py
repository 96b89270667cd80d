"""What a term with metavariables mentions: its names, told apart by whether they are bound and how they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sympy import Basic, Product, Sum, Symbol

from derive.terms import Application, Density, Law, Run, Sort, Variable, binding

__all__ = ["Mention", "mentioned", "mentions", "nodes"]


class Mention(NamedTuple):
    """One place where a name stands: as a variable of a density, or bound there, or plainly as a value."""

    name: str
    bound: bool
    variable: bool


def mentions(term: Basic, bound: frozenset[str] = frozenset()) -> Iterator[Mention]:
    """Every name in a term, laws and functions included; the sizes in sorts are no mention."""
    found = None if isinstance(term, (Symbol, Variable)) else binding(term)
    match term:
        case Symbol():
            yield Mention(term.name, term.name in bound, False)
        case Sort():
            return
        case Variable() | Run():
            yield Mention(term.name, term.name in bound, False)
            for part in term.args[2:]:
                yield from mentions(part, bound)
        case Law():
            yield Mention(term.name, False, False)
            for part in term.indices:
                yield from mentions(part, bound)
        case Application():
            yield Mention(term.name, False, False)
            for part in term.arguments:
                yield from mentions(part, bound)
        case Density():
            yield from mentions(term.law, bound)
            for variable, point in (*term.targets, *term.givens):
                yield from _variable(variable, bound)
                yield from mentions(point, bound)
        case _ if found is not None:
            inner = bound | {str(point.name) for point in found.bound}  # type: ignore[attr-defined]
            measure = getattr(term, "measure", None)
            if isinstance(measure, Density):
                for variable, _ in measure.targets:
                    yield from _variable(variable, inner)
                yield from mentions(measure.law, bound)
                for variable, point in measure.givens:
                    yield from _variable(variable, bound)
                    yield from mentions(point, bound)
            else:
                for part in found.outside:
                    yield from mentions(part, bound)
                for point in found.bound:
                    yield from (Mention(item.name, True, False) for item in mentions(point, inner))
            for part in found.inside:
                yield from mentions(part, inner)
        case _:
            for part in term.args:
                yield from mentions(part, bound)


def _variable(variable: Basic, bound: frozenset[str]) -> Iterator[Mention]:
    """A variable of a density, whose indices are values."""
    own, *indices = mentions(variable, bound)
    yield Mention(own.name, own.bound, True)
    yield from indices


def mentioned(term: Basic, *, free: bool = False) -> frozenset[str]:
    """The names a term mentions; with `free`, those it mentions outside of what binds them."""
    return frozenset(item.name for item in mentions(term) if not (free and item.bound))


def nodes(term: Basic, above: frozenset[str] = frozenset()) -> Iterator[tuple[Basic, frozenset[str]]]:
    """Every node, with the names bound where it stands."""
    yield term, above
    found = binding(term)
    inner = above if found is None else above | {str(point.name) for point in found.bound}  # type: ignore[attr-defined]
    parts = (*found.inside, *found.outside) if found is not None and isinstance(term, (Sum, Product)) else term.args
    for part in parts:
        yield from nodes(part, inner)
