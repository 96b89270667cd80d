"""Assumptions of known kinds under which a claim might hold: few, and made of the claim's own names.

α_t = 1 − β_t or ᾱ_t = ∏ α_s among its quantities, that a quantity or a density is positive, that an index begins
later. Whether the
claim holds under one of them is for the prover to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from sympy import Basic, Integer, Pow, Product, Symbol, log

from derive.models import Model
from derive.models.factorization import is_size
from derive.models.model import indices_in
from derive.terms import (
    KL,
    Application,
    Density,
    Equal,
    Gradient,
    Greater,
    GreaterEqual,
    LessEqual,
    Sort,
    Statement,
    Variable,
    is_scalar,
    substitute,
    walk,
)

MOST = 8
"""So many assumptions are tried for one claim."""


def supports(statement: Statement) -> Iterator[Greater]:
    """That the densities which are divided by, or whose logarithms are differentiated, are nowhere zero."""
    yield from _positive(statement, logarithms=any(isinstance(node, Gradient) for _, node in walk(statement)))


def candidates(statement: Statement, model: Model) -> Iterator[Statement]:
    """The assumptions, the likeliest first, none that the model states already."""
    found: dict[Statement, None] = {}
    for made in (_definitions(statement), _supports(statement), _signs(statement, model), ranges(statement, model)):
        found.update(dict.fromkeys(made))
    stated = set(model.statements)
    yield from [item for item in found if item not in stated][:MOST]


def _definitions(statement: Statement) -> Iterator[Equal]:
    """What two quantities with the same index often are to each other."""
    names = _quantities(statement)
    for one, other in combinations(names, 2):
        if getattr(one, "indices", ()) != getattr(other, "indices", ()):
            continue
        barred = next(((a, b) for a, b in ((one, other), (other, one)) if _bar_of(a, b)), None)
        if barred is not None:
            index = barred[0].indices[0]
            if isinstance(index, Symbol):
                inner = Symbol("s" if str(index) != "s" else "r")
                yield Equal(barred[0], Product(substitute(barred[1], {index: inner}), (inner, 1, index)))
            continue
        yield Equal(one, 1 - other)
        yield Equal(one**2 + other**2, 1)


def _supports(statement: Statement) -> Iterator[Greater]:
    """That a density which is divided by is nowhere zero: an average under it then sees all that the other law does."""
    yield from _positive(statement)


def _positive(statement: Statement, *, logarithms: bool = False) -> Iterator[Greater]:
    """That a density is nowhere zero, for two that are divided by, or also whose logarithms are taken."""
    found: dict[Basic, None] = {}
    for _, node in walk(statement):
        if isinstance(node, Pow) and node.exp.is_negative and isinstance(node.base, Density):
            found[node.base] = None
        elif isinstance(node, KL) and isinstance(node.q, Density):
            found[node.q] = None
        elif logarithms and isinstance(node, log) and isinstance(node.args[0], Density):
            found[node.args[0]] = None
    for density in sorted(found, key=str)[:2]:
        yield Greater(density, 0)


def _bar_of(barred: Any, plain: Any) -> bool:
    return isinstance(barred, Variable) and len(barred.indices) == 1 and str(barred.name) == f"\\bar{plain.name}"


def _signs(statement: Statement, model: Model) -> Iterator[Greater]:
    given = {bound.args[0] for bound in model.bounds if len(bound.args) > 1}
    for name in _quantities(statement):
        if name not in given:
            yield Greater(name, 0)


def ranges(statement: Statement, model: Model) -> Iterator[GreaterEqual]:
    """That an index which stands free begins at 1, or at 2."""
    free = {symbol for symbol in indices_in((statement,)) & statement.free_symbols if not is_size(symbol)}
    for symbol in sorted(free, key=str):
        for first in (1, 2):
            supposed = GreaterEqual(symbol, first)
            if LessEqual(Integer(first), symbol) not in model.statements and supposed not in model.statements:
                yield supposed


def _quantities(statement: Statement) -> list[Any]:
    """The scalar names of a statement outside of densities' arguments."""
    found: dict[Basic, None] = {}
    stack: list[Basic] = list(statement.args)
    while stack:
        node = stack.pop()
        if isinstance(node, (Density, Sort)):
            continue
        if isinstance(node, (Variable, Symbol)):
            if is_scalar(node):
                found[node] = None
            continue
        stack.extend(node.arguments if isinstance(node, Application) else node.args)
    return sorted(found, key=str)[:4]
