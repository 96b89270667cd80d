"""Directed factorizations, and the independence that follows from them.

A factorization such as q(x_{1:T} | x_0) = ∏_{t=1}^{T} q(x_t | x_{t-1}) is a directed graph with a symbolic number of
nodes. Independence is decided by d-separation (Pearl 1988; Lauritzen 1996): d-separated is *true*; anything else is
*unknown*, never false, since a particular law may be independent all the same.

Symbolic indices. A query such as x_t ⊥ x_0 | x_{t-1} for 2 ≤ t ≤ T is answered by looking at every assignment of small
numbers to its index symbols that satisfies the facts. That is enough: every factor reaches back a fixed number of
steps (the lag), so between two indices that the query names or borders on, the graph repeats itself step after step
with no observation changing, and whether a path gets through a stretch longer than the lag does not depend on its
length. Small numbers up to `_reach` therefore show every order of the named indices with every gap that matters.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import lcm
from typing import Any

from sympy import Basic, Mul, Product, Symbol

from derive.errors import ModelError
from derive.terms import Density, IndexFacts, Law, Run, Variable
from derive.terms.indices import linear

Node = tuple[Any, ...]
_MOST_SYMBOLS = 3


@dataclass(frozen=True)
class Factor:
    """One factor of a product: a density, and the index with its range where it stands under ∏."""

    density: Density
    index: Symbol | None = None
    lower: Any = None
    upper: Any = None


@dataclass(frozen=True)
class Factorization:
    """The joint density of a law as a product of conditionals, each generating its targets from its givens."""

    joint: Density
    factors: tuple[Factor, ...]

    @property
    def law(self) -> Law:
        return self.joint.law


def read_factorization(lhs: Basic, rhs: Basic) -> Factorization | None:
    """The factorization that `lhs = rhs` states, or None where the right side is no product of densities.

    A factor named by the bare letter of the joint's law (p(x_T) in p_θ's factorization) is that law's own marginal.
    """
    if not isinstance(lhs, Density):
        return None
    factors = []
    for part in Mul.make_args(rhs):
        if isinstance(part, Density):
            factors.append(Factor(_of_law(part, lhs.law)))
        elif isinstance(part, Product) and len(part.limits) == 1:
            index, lower, upper = part.limits[0]
            for inner in Mul.make_args(part.function):
                if not isinstance(inner, Density):
                    return None
                factors.append(Factor(_of_law(inner, lhs.law), index, lower, upper))
        else:
            return None
    if not factors or any(factor.density.law != lhs.law for factor in factors):
        return None
    if len(factors) == 1 and factors[0].density == lhs:
        return None
    return Factorization(lhs, tuple(factors))


def _of_law(density: Density, law: Law) -> Density:
    if density.law != law and density.law.name == law.name and not density.law.indices:
        return Density(law, density.targets, density.givens)  # type: ignore[return-value]
    return density


# ---- unrolling ----------------------------------------------------------------------------------------------------


def unroll(factorization: Factorization, values: dict[Symbol, int]) -> list[tuple[tuple[Node, ...], tuple[Node, ...]]]:
    """The factors with every index a number: (targets, givens) as nodes. Raises `ModelError` where one is no number.

    The variables that the joint is conditioned on stand first, as made together: nothing says they are independent.
    """
    own = index_symbols((factorization.joint,))
    return _unroll(factorization, frozenset((symbol, values[symbol]) for symbol in own if symbol in values))


@lru_cache(maxsize=1024)
def _unroll(
    factorization: Factorization, sizes: frozenset[tuple[Symbol, int]]
) -> list[tuple[tuple[Node, ...], tuple[Node, ...]]]:
    values = dict(sizes)
    roots = nodes(_givens(factorization.joint), values)
    result: list[tuple[tuple[Node, ...], tuple[Node, ...]]] = [(roots, ())] if roots else []
    for factor in factorization.factors:
        if factor.index is None:
            result.append((nodes(factor.density.variables, values), nodes(_givens(factor.density), values)))
            continue
        low, high = _number(factor.lower, values), _number(factor.upper, values)
        for number in range(low, high + 1):
            inner = {**values, factor.index: number}
            result.append((nodes(factor.density.variables, inner), nodes(_givens(factor.density), inner)))
    return result


def _givens(density: Density) -> tuple[Basic, ...]:
    return tuple(pair[0] for pair in density.givens)


def nodes(variables: Iterable[Basic], values: dict[Symbol, int]) -> tuple[Node, ...]:
    """Variables and runs as nodes with numeric indices."""
    result: list[Node] = []
    for variable in variables:
        if isinstance(variable, Run):
            low, high = _number(variable.lower, values), _number(variable.upper, values)
            result.extend((variable.name, number) for number in range(low, high + 1))
        elif isinstance(variable, Variable):
            result.append((variable.name, *(_index(index, values) for index in variable.indices)))
        else:
            result.append((str(variable),))
    return tuple(result)


def _index(index: Any, values: dict[Symbol, int]) -> Any:
    return str(index) if _linear(index) is None else _number(index, values)


def _number(index: Any, values: dict[Symbol, int]) -> int:
    row = _linear(index)
    if row is None or not all(symbol in values for symbol in row[0]):
        raise ModelError(f"the index {index} is no number once its symbols are")
    return int(sum(weight * values[symbol] for symbol, weight in row[0].items()) + row[1])


_linear = lru_cache(maxsize=4096)(linear)


def generated_once(factorization: Factorization, values: dict[Symbol, int]) -> bool:
    """Whether at these sizes each variable of the joint is generated once, in an order, from earlier ones."""
    roots = set(nodes(_givens(factorization.joint), values))
    parts = [part for part in unroll(factorization, values) if set(part[0]) != roots]
    targets = [node for made, _ in parts for node in made]
    wanted = set(nodes(factorization.joint.variables, values))
    if len(targets) != len(set(targets)) or set(targets) != wanted or roots & wanted:
        return False
    known, waiting = set(roots), list(parts)
    while waiting:
        ready = [part for part in waiting if set(part[1]) <= known]
        if not ready:
            return False
        for part in ready:
            known.update(part[0])
            waiting.remove(part)
    return True


# ---- d-separation -------------------------------------------------------------------------------------------------


def separated(
    factorization: Factorization,
    left: tuple[Basic, ...],
    right: tuple[Basic, ...],
    given: tuple[Basic, ...],
    facts: IndexFacts,
) -> bool | None:
    """Whether left ⊥ right | given follows from the graph, for every value of the indices that the facts allow."""
    return _separated(factorization, left, right, given, facts)


@lru_cache(maxsize=4096)
def _separated(
    factorization: Factorization,
    left: tuple[Basic, ...],
    right: tuple[Basic, ...],
    given: tuple[Basic, ...],
    facts: IndexFacts,
) -> bool | None:
    seen = False
    try:
        for values in assignments(factorization, (*left, *right, *given), facts):
            parts = unroll(factorization, values)
            known = {node for made, _ in parts for node in made}
            a, b, c = (set(nodes(group, values)) for group in (left, right, given))
            if not a | b | c <= known or a & b or (a | b) & c:
                return None
            if not _d_separated(parts, a, b, c):
                return None
            seen = True
    except (ModelError, _TooMany):
        return None
    return True if seen else None


class _TooMany(Exception):
    """More index symbols than the search looks through."""


def assignments(
    factorization: Factorization, variables: Iterable[Basic], facts: IndexFacts
) -> Iterator[dict[Symbol, int]]:
    """Small numbers for the index symbols of a query that satisfy the facts and leave every range in order."""
    own = index_symbols((factorization.joint,))
    symbols = sorted(own | index_symbols(variables), key=str)
    if len(symbols) > _MOST_SYMBOLS:
        raise _TooMany
    reach = _reach(factorization, variables, len(symbols))
    rows = _whole(facts, symbols)
    for numbers in itertools.product(range(reach + 1), repeat=len(symbols)):
        values = dict(zip(symbols, numbers, strict=True))
        if all(sum(w * numbers[i] for i, w in row) + c >= 0 for row, c in rows) and _in_order(factorization, values):
            yield values


def is_size(symbol: Symbol) -> bool:
    """Whether an index is one number throughout a text: T, N, the ends of things, as they are written. t is any."""
    return symbol.name[:1].isupper()


def index_symbols(variables: Iterable[Basic]) -> set[Symbol]:
    """The symbols that stand in indices of variables, runs and densities over them."""
    found: set[Symbol] = set()
    for variable in variables:
        if isinstance(variable, Run):
            found |= variable.lower.free_symbols | variable.upper.free_symbols
        elif isinstance(variable, Variable):
            for index in variable.indices:
                if linear(index) is not None:
                    found |= index.free_symbols
        elif isinstance(variable, Density):
            found |= index_symbols((*variable.variables, *_givens(variable)))
    return found


def _reach(factorization: Factorization, variables: Iterable[Basic], symbols: int) -> int:
    """The largest number looked at: room for every gap up to the lag, and one beyond, between all named indices."""
    offsets = [0]
    for variable in (*variables, *factorization.joint.variables):
        ends = (variable.lower, variable.upper) if isinstance(variable, Run) else getattr(variable, "indices", ())
        offsets += [abs(int(row[1])) for row in map(linear, ends) if row is not None]
    lag = 1
    for factor in factorization.factors:
        if factor.index is None:
            continue
        shifts = [
            linear(index - factor.index)
            for variable in (*factor.density.variables, *_givens(factor.density))
            for index in (getattr(variable, "indices", ()) or ())
        ]
        lag = max([lag, *(abs(int(row[1])) for row in shifts if row is not None and not row[0])])
    return max(offsets) + (lag + 2) * (symbols + 1)


def _whole(facts: IndexFacts, symbols: list[Symbol]) -> list[tuple[list[tuple[int, int]], int]]:
    """The facts about these symbols alone, over whole numbers: (place of the symbol, weight) pairs and a constant."""
    places = {symbol: place for place, symbol in enumerate(symbols)}
    found = []
    for coefficients, constant in facts.rows:
        if all(symbol in places for symbol, _ in coefficients):
            scale = lcm(constant.denominator, *(weight.denominator for _, weight in coefficients))
            weights = [(places[symbol], int(weight * scale)) for symbol, weight in coefficients]
            found.append((weights, int(constant * scale)))
    return found


def _in_order(factorization: Factorization, values: dict[Symbol, int]) -> bool:
    """T ≥ 1: a run of the joint has its ends in order, so that the model says something."""
    return all(
        _number(variable.lower, values) <= _number(variable.upper, values)
        for variable in factorization.joint.variables
        if isinstance(variable, Run)
    )


def _d_separated(
    parts: list[tuple[tuple[Node, ...], tuple[Node, ...]]], left: set[Node], right: set[Node], given: set[Node]
) -> bool:
    """Separation in the moral graph of the ancestors (Lauritzen 1996, prop. 3.25).

    Targets that one factor generates together are joined like parents of a child: no independence among them is used.
    """
    parents: dict[Node, set[Node]] = {}
    for made, sources in parts:
        for node in made:
            parents.setdefault(node, set()).update(sources)
    together = [set(made) for made, _ in parts if len(made) > 1]
    ancestors: set[Node] = set()
    stack = list(left | right | given)
    while stack:
        node = stack.pop()
        if node in ancestors:
            continue
        ancestors.add(node)
        stack.extend(parents.get(node, ()))
        for group in together:
            if node in group:
                stack.extend(group)
    neighbours: dict[Node, set[Node]] = {node: set() for node in ancestors}
    for made, sources in parts:
        clique = [node for node in (*made, *sources) if node in ancestors]
        if not any(node in ancestors for node in made):
            continue
        for node in clique:
            neighbours[node].update(other for other in clique if other != node)
    reached = set(left)
    stack = list(left)
    while stack:
        for node in neighbours.get(stack.pop(), ()):
            if node not in given and node not in reached:
                reached.add(node)
                stack.append(node)
    return not reached & right
