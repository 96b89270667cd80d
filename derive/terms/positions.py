"""Positions in a term: a path of argument numbers, and within a sum or product a set of its terms.

The path () is the whole term. A last step that is a tuple of numbers picks several arguments of an `Add` or `Mul` and
stands for their sum or product.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Add, Basic, Mul, Product, Sum, Symbol

from derive.errors import InputError
from derive.terms.densities import Density, Normal
from derive.terms.indices import IndexFacts
from derive.terms.names import Application, Label, Law, Run, Variable
from derive.terms.operators import (
    KL,
    Covariance,
    CrossEntropy,
    Divergence,
    Entropy,
    Expectation,
    Gradient,
    Integral,
    Variance,
)

Path = tuple[Any, ...]


class NoSuchPosition(InputError):
    """A path that leads nowhere in the term it is used on."""


def at(term: Basic, path: Path) -> Basic:
    """The subterm at a path."""
    for place, step in enumerate(path):
        if isinstance(step, tuple):
            _last(path[place:])
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
        _last(path)
        _part(term, step)
        kept = [arg for place, arg in enumerate(term.args) if place not in step]
        return term.func(*kept, new)
    if not 0 <= step < len(term.args):
        raise NoSuchPosition(f"there is no argument {step} at this position")
    args = list(term.args)
    args[step] = put(args[step], rest, new)
    return term.func(*args)


def _last(path: Path) -> None:
    if len(path) > 1:
        raise NoSuchPosition("a set of terms is the end of a path")


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
    waiting: list[tuple[Path, Basic]] = [(path, term)]
    while waiting:
        here = path, term = waiting.pop()
        yield here
        args = term.args
        if args:
            waiting += [((*path, place), args[place]) for place in range(len(args) - 1, -1, -1)]


def differentiated(term: Basic, path: Path) -> frozenset[Basic]:
    """The variables in which a derivative is taken above a position, and which nothing else binds there."""
    found: set[Basic] = set()
    others: set[Basic] = set()
    for step in path:
        if isinstance(step, tuple):
            break
        if isinstance(term, (Gradient, Divergence)) and step == 0 and term.point == term.variable:
            found.add(term.variable)
        elif isinstance(term, (Sum, Product)):
            others.update(limit[0] for limit in term.limits)
        else:
            from derive.terms.binding import binding

            bound = binding(term)
            others.update(bound.bound if bound is not None else ())
        term = term.args[step]
    return frozenset(found - others)


def _has_measure(term: Basic) -> bool:
    return isinstance(term, (Expectation, Variance, Covariance))


def is_value(term: Basic, path: Path) -> bool:
    """Whether a value stands at a path: not the name of a law or variable, an index, or what a binder binds."""
    below_measure = False
    place = 0
    while place < len(path):
        step = path[place]
        if isinstance(step, tuple):
            return isinstance(term, (Add, Mul))
        if isinstance(term, (Variable, Run, Law, Symbol, Label)):
            return False
        if isinstance(term, Density):
            if step == 0 or place + 2 >= len(path) or path[place + 2] != 1 or (below_measure and step == 1):
                return False
            term, place, below_measure = term.args[step].args[path[place + 1]].args[1], place + 3, False
            continue
        if isinstance(term, (Sum, Product, Integral)) and step > 0:
            if place + 1 >= len(path) or path[place + 1] == 0:
                return False
            term, place = term.args[step].args[path[place + 1]], place + 2
            continue
        last = len(term.args) - 1
        if isinstance(term, (KL, CrossEntropy, Entropy)) and step == last:
            return False
        if isinstance(term, (Gradient, Divergence)) and step == 1:
            return False
        if isinstance(term, Application) and step < 3:
            return False
        if isinstance(term, Normal) and below_measure and step == 0:
            return False
        below_measure = _has_measure(term) and step == last
        term, place = term.args[step], place + 1
    return True


def context(term: Basic, path: Path, facts: IndexFacts) -> tuple[IndexFacts, tuple[Basic, ...]]:
    """What holds and what is bound at a position: the index facts of the sums above it, and the bound points."""
    from derive.terms.binding import binding

    bound: list[Basic] = []
    for step in path:
        if isinstance(step, tuple) or not 0 <= step < len(term.args):
            break
        if isinstance(term, (Sum, Product)):
            # limits stand from the innermost to the outermost, each in reach of those after it
            for index, lower, upper in reversed(term.limits[step:]):
                facts = facts.without(index).between(index, lower, upper)
                bound.append(index)
        else:
            found = binding(term)
            if found is not None and (_has_measure(term) or any(term.args[step] == part for part in found.inside)):
                bound.extend(found.bound)
        term = term.args[step]
    return facts, tuple(bound)
