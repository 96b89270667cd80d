"""Assumptions of known kinds under which a claim might hold: few, and made of the claim's own names.

α_t = 1 − β_t or ᾱ_t = ∏ α_s among its quantities, that a quantity is positive, that an index begins later. Whether the
claim holds under one of them is for the prover to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from sympy import Basic, Product, Symbol

from derive.models import Model
from derive.terms import (
    Application,
    Density,
    Equal,
    Greater,
    GreaterEqual,
    Sort,
    Statement,
    Variable,
    is_scalar,
    substitute,
)

MOST = 8
"""So many assumptions are tried for one claim."""


def candidates(statement: Statement, model: Model) -> Iterator[Statement]:
    """The assumptions, the likeliest first, none that the model states already."""
    found: dict[Statement, None] = {}
    for made in (_definitions(statement), _signs(statement, model), _ranges(statement)):
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


def _bar_of(barred: Any, plain: Any) -> bool:
    return isinstance(barred, Variable) and len(barred.indices) == 1 and str(barred.name) == f"\\bar{plain.name}"


def _signs(statement: Statement, model: Model) -> Iterator[Greater]:
    given = {bound.args[0] for bound in model.bounds if len(bound.args) > 1}
    for name in _quantities(statement):
        if name not in given:
            yield Greater(name, 0)


def _ranges(statement: Statement) -> Iterator[GreaterEqual]:
    indices = {index for name in _quantities(statement) for index in getattr(name, "indices", ())}
    for symbol in sorted({s for index in indices for s in index.free_symbols if isinstance(s, Symbol)}, key=str):
        yield GreaterEqual(symbol, 1)
        yield GreaterEqual(symbol, 2)


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
