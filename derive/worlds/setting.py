"""Setting: what is given about laws, parameters and indices, as plain statements; and how an index becomes a number.

A free index of a given stands for every value for which the line makes sense, so that a given is matched against a
variable with numeric indices: x_t ~ x_{t-1} at x_3 says t = 3.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar

from sympy import Add, Basic, Integer, Mul, Product, Sum, Symbol
from sympy.core.symbol import Str

from derive.terms import (
    FAMILIES,
    AlmostSurely,
    Application,
    Chain,
    Density,
    Equal,
    ForEvery,
    Identity,
    Label,
    Law,
    Normal,
    Relation,
    Restricted,
    Run,
    Sort,
    Statement,
    Unequal,
    Variable,
    orders,
    sort_of,
)
from derive.terms.statements import Greater, GreaterEqual, Less, LessEqual
from derive.worlds.outcomes import NotExercised, Undefined

Key = tuple[str, tuple[Any, ...]]
"""A variable, parameter, law or function with its indices as numbers (or as the text of a label)."""


@dataclass(frozen=True)
class Setting:
    """What a world has to satisfy.

    `factorizations` are equations q(x_{1:T} | x_0) = ∏ q(x_t | x_{t-1}); `kernels` equations between a density and
    its value; `definitions` equations whose left side is a name; `assumptions` everything else (bounds, independences,
    orders of indices, equations). `indices` are the index symbols, found from the statements where left out. Values of
    variables are counted (`"counting"`), measured (`"lebesgue"`), or nothing is said (`"both"`). An assumption holds
    for all values of its free indices and variables; a condition is asked for at the indices and the point where a
    statement is tried. `times` are subscripts that run through the real numbers: they are parameters, x_t a name.
    """

    factorizations: tuple[Statement, ...] = ()
    kernels: tuple[Statement, ...] = ()
    definitions: tuple[Statement, ...] = ()
    assumptions: tuple[Statement, ...] = ()
    indices: frozenset[Symbol] = frozenset()
    measure: str = "both"
    conditions: tuple[Statement, ...] = ()
    times: frozenset[Symbol] = frozenset()

    def assuming(self, *statements: Statement) -> Setting:
        """This setting with further assumptions."""
        return replace(self, assumptions=(*self.assumptions, *statements))

    def without_kernels(self) -> Setting:
        """The same structure with arbitrary conditional densities, for steps that use no formula of a density."""
        kept = tuple(statement for statement in self.assumptions if not _gives_density(statement))
        return replace(self, kernels=(), assumptions=kept)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All of it."""
        return (*self.factorizations, *self.kernels, *self.definitions, *self.assumptions, *self.conditions)


def _gives_density(statement: Statement) -> bool:
    return any(
        isinstance(part, Equal) and isinstance(part.lhs, Density) and isinstance(part.rhs, Normal)
        for part in unwrapped(statement)
    )


def parts(statement: Statement) -> tuple[Statement, ...]:
    """The links of a chain; any other statement alone."""
    return tuple(statement.links) if isinstance(statement, Chain) else (statement,)


def unwrapped(statement: Statement) -> tuple[Statement, ...]:
    """The relations a statement makes, taken out of a chain, of "for every" and of "almost surely"."""
    if isinstance(statement, Restricted):
        return statement.links
    if isinstance(statement, (ForEvery, AlmostSurely)):
        return unwrapped(statement.statement)
    return parts(statement)


# ---- indices ------------------------------------------------------------------------------------------------------


def index_value(index: Basic, values: Mapping[Any, Any]) -> Any:
    """The number of an index, its symbols looked up by name; the text of a label or of a parameter subscript."""
    if isinstance(index, Integer):
        return int(index)
    if isinstance(index, Symbol) or (isinstance(index, Variable) and not index.indices):
        return values.get(index.name, index.name)
    if isinstance(index, Label):
        return index.name
    if isinstance(index, (Add, Mul)):
        numbers = [index_value(part, values) for part in index.args]
        if all(isinstance(number, int) for number in numbers):
            total = 0 if isinstance(index, Add) else 1
            for number in numbers:
                total = total + number if isinstance(index, Add) else total * number
            return total
    return str(index)


def number_of(index: Basic, values: Mapping[Any, Any]) -> int:
    """The integer value of an index or of a limit."""
    value = index_value(index, values)
    if not isinstance(value, int):
        raise NotExercised(f"the index {index} is no number")
    return value


_T = TypeVar("_T")
_MOST_REMEMBERED = 20_000


def by_identity(function: Callable[[Any], _T]) -> Callable[[Any], _T]:
    """Remember a function's value for each term object: comparing terms would cost more than computing it."""
    known: dict[int, tuple[Any, _T]] = {}

    def remembered(item: Any) -> _T:
        found = known.get(id(item))
        if found is None:
            if len(known) > _MOST_REMEMBERED:
                known.clear()
            found = known[id(item)] = item, function(item)
        return found[1]

    return remembered


@by_identity
def kind_of(sort: Sort) -> str:
    """The kind of a sort: scalar, vector, …"""
    return sort.kind


@by_identity
def sort_at(item: Basic) -> Sort:
    """The sort of a symbol or variable."""
    return sort_of(item)


@by_identity
def shape_of(item: Basic) -> tuple[str, tuple[Basic, ...]]:
    """The name and the indices of a symbol, variable, law or function."""
    if isinstance(item, Symbol):
        return str(item.name), ()
    return str(item.name), tuple(item.indices)


def key_of(item: Basic, values: Mapping[Any, Any]) -> Key:
    """The key of a symbol, variable, law or function once indices have values."""
    name, indices = shape_of(item)
    if not indices:
        return name, ()
    return name, tuple(index_value(index, values) for index in indices)


def run_keys(run: Run, values: Mapping[Any, Any]) -> list[Key]:
    """The keys of a run, in order; undefined where its ends are out of order."""
    lower, upper = number_of(run.lower, values), number_of(run.upper, values)
    if lower > upper + 1:
        raise Undefined("a run of variables whose ends are out of order")
    return [(run.name, (number,)) for number in range(lower, upper + 1)]


def match_indices(patterns: Iterable[Basic], wanted: Iterable[Any], known: Mapping[str, Any]) -> dict[str, Any] | None:
    """The index values under which index patterns become the wanted numbers, or None.

    Each pattern is a number, a label, a symbol, or a symbol plus a number; symbols of `known` keep their value.
    """
    found: dict[str, Any] = {}
    for pattern, number in zip(patterns, wanted, strict=True):
        if isinstance(pattern, Integer):
            if int(pattern) != number:
                return None
        elif isinstance(pattern, Symbol):
            name = pattern.name
            value = found.get(name, known.get(name, number))
            if value != number:
                return None
            found[name] = number
        elif isinstance(pattern, Label):
            if pattern.name != number:
                return None
        else:
            symbols = [symbol for symbol in pattern.free_symbols if symbol.name not in found]
            if len(symbols) == 1 and isinstance(number, int):
                shift = pattern - symbols[0]
                if not isinstance(shift, Integer):
                    return None
                found[symbols[0].name] = number - int(shift)
            elif symbols or index_value(pattern, found) != number:
                return None
    return found


@lru_cache(maxsize=256)
def orders_among(setting: Setting) -> tuple[Relation, ...]:
    """What is said of several indices together, as s < t."""
    told = [part for statement in setting.assumptions for part in unwrapped(statement)]
    return tuple(part for part in told if len(part.free_symbols) > 1 and orders(part, part.free_symbols))


def in_order(setting: Setting, values: Mapping[Any, Any]) -> bool:
    """Whether indices have values that a line about several of them speaks of: with s < t it says nothing of s = t."""
    for part in orders_among(setting):
        low, high = (_sum_at(side, values) for side in part.args[:2])
        if low is not None and high is not None and not _COMPARED[type(part)](low, high):
            return False
    return True


def _sum_at(side: Basic, values: Mapping[Any, Any]) -> int | None:
    """An index, or a sum of indices, all of which have a value."""
    value = index_value(side, values)
    return value if isinstance(value, int) else None


_COMPARED: Mapping[type, Callable[[int, int], bool]] = {
    Less: operator.lt, LessEqual: operator.le, Greater: operator.gt, GreaterEqual: operator.ge, Equal: operator.eq,
    Unequal: operator.ne,
}  # fmt: skip


# ---- what statements speak of -------------------------------------------------------------------------------------


def walk(term: Basic) -> Iterable[Basic]:
    """Every subterm, sorts and names left out."""
    stack = [term]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, (Symbol, Label)):
            continue
        stack.extend(arg for arg in node.args if not isinstance(arg, (Sort, Str)))


@dataclass(frozen=True)
class Survey:
    """What a statement speaks of: its index symbols, dimensions, subscripts and runs."""

    indices: frozenset[Symbol]
    dimensions: frozenset[Symbol]
    subscripts: frozenset[Basic]
    runs: frozenset[tuple[Basic, Basic]]


@lru_cache(maxsize=2000)
def survey(statement: Basic) -> Survey:
    """The survey of a statement. A Greek subscript is a label, any other symbol in an index stands for an integer."""
    indices: set[Symbol] = set()
    dimensions: set[Symbol] = set()
    subscripts: set[Basic] = set()
    runs: set[tuple[Basic, Basic]] = set()
    sorts: set[Sort] = set()
    for node in walk(statement):
        if isinstance(node, (Variable, Law, Application)) and not (isinstance(node, Law) and node.name in FAMILIES):
            own = node.indices
            for index in own:
                if isinstance(index, Variable) and not index.indices:
                    continue  # a parameter that is a vector
                bare = isinstance(index, Symbol)
                indices |= {s for s in index.free_symbols if not (bare and s.name.startswith("\\"))}
            if isinstance(node, Variable):
                subscripts.update(own)
            if not isinstance(node, Law):
                sorts.add(node.sort)
        elif isinstance(node, Run):
            indices |= node.lower.free_symbols | node.upper.free_symbols
            runs.add((node.lower, node.upper))
            sorts.add(node.element_sort)
        elif isinstance(node, (Sum, Product)):
            for limit in node.limits:
                for part in limit:
                    indices |= part.free_symbols
        elif isinstance(node, Identity):
            dimensions |= node.size.free_symbols
    for sort in sorts:
        for size in sort.shape:
            dimensions |= size.free_symbols
    return Survey(frozenset(indices), frozenset(dimensions), frozenset(subscripts), frozenset(runs))


@lru_cache(maxsize=512)
def only_indices(statements: tuple[Basic, ...], setting: Setting) -> frozenset[Basic] | None:
    """The indices at which names stand, where each stands alone: nothing leads from t to t − 1 or runs through them.

    Times s and t that are all that a text speaks of are then all that a world needs to have; None where they are not.
    """
    found: set[Basic] = set()
    for statement in (*statements, *setting.statements):
        for node in walk(statement):
            if isinstance(node, (Sum, Product, Run)):
                return None
            for index in getattr(node, "indices", ()) if isinstance(node, (Variable, Law, Application)) else ():
                if not isinstance(index, (Symbol, Integer, Label)):
                    return None
                found.add(index)
    return frozenset(found)


def relations(statements: Iterable[Statement]) -> tuple[Relation, ...]:
    """The relations among these, chains taken apart."""
    return tuple(part for statement in statements for part in parts(statement) if isinstance(part, Relation))
