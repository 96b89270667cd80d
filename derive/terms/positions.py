"""Positions in a term: a path of argument numbers, and within a sum or product a set of its terms.

The path () is the whole term. A last step that is a tuple of numbers picks several arguments of an `Add` or `Mul` and
stands for their sum or product.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Add, Basic, Mul

from derive.errors import InputError
from derive.terms.indices import IndexFacts

Path = tuple[Any, ...]


class NoSuchPosition(InputError):
    """A path that leads nowhere in the term it is used on."""


def at(term: Basic, path: Path) -> Basic:
    """The subterm at a path."""
    for step in path:
        if isinstance(step, tuple):
            term = _part(term, step)
        elif 0 <= step < len(term.args):
            term = term.args[step]
        else:
            raise NoSuchPosition(f"there is no argument {step} at this position")
    return term


def put(term: Basic, path: Path, new: Basic) -> Any:
    """The term with the subterm at a path replaced; every other part is kept as it is."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(step, tuple):
        _part(term, step)
        kept = [arg for place, arg in enumerate(term.args) if place not in step]
        return term.func(*kept, new)
    if not 0 <= step < len(term.args):
        raise NoSuchPosition(f"there is no argument {step} at this position")
    args = list(term.args)
    args[step] = put(args[step], rest, new)
    return term.func(*args)


def _part(term: Basic, step: tuple[int, ...]) -> Basic:
    if not isinstance(term, (Add, Mul)) or not step or not all(0 <= place < len(term.args) for place in step):
        raise NoSuchPosition("a set of terms is picked from a sum or a product")
    if len(set(step)) != len(step):
        raise NoSuchPosition("a term is picked twice")
    return term.func(*(term.args[place] for place in step))  # type: ignore[no-any-return]


def occurrences(term: Basic, wanted: Basic) -> Iterator[Path]:
    """The paths at which a subterm stands, outermost and leftmost first."""
    for path, node in walk(term):
        if node == wanted:
            yield path


def walk(term: Basic, path: Path = ()) -> Iterator[tuple[Path, Basic]]:
    """Every subterm with its path, outermost first."""
    yield path, term
    for place, arg in enumerate(term.args):
        yield from walk(arg, (*path, place))


def context(term: Basic, path: Path, facts: IndexFacts) -> tuple[IndexFacts, tuple[Basic, ...]]:
    """What holds and what is bound at a position: the index facts of the sums above it, and the bound points."""
    from derive.terms.binding import binding, under

    bound: list[Basic] = []
    for step in path:
        if isinstance(step, tuple):
            break
        found = binding(term)
        if found is not None and any(term.args[step] is part or term.args[step] == part for part in found.inside):
            facts = under(term, facts)
            bound.extend(found.bound)
        term = term.args[step]
    return facts, tuple(bound)
