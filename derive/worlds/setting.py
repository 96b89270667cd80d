"""Setting: what is given about laws, parameters and indices, as plain statements; and how an index becomes a number.

A free index of a given stands for every value for which the line makes sense, so that a given is matched against a
variable with numeric indices: x_t ~ x_{t-1} at x_3 says t = 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sympy import Add, Basic, Integer, Mul, Product, Sum, Symbol
from sympy.core.symbol import Str

from derive.terms import (
    VARIABLES,
    AlmostSurely,
    Application,
    Chain,
    Density,
    ForEvery,
    Independent,
    Label,
    Law,
    Relation,
    Run,
    Sort,
    Statement,
    Variable,
)
from derive.worlds.outcomes import NotExercised, Undefined

Key = tuple[str, tuple[Any, ...]]
"""A variable, parameter, law or function with its indices as numbers (or as the text of a label)."""


@dataclass(frozen=True)
class Setting:
    """What a world has to satisfy.

    `factorizations` are equations q(x_{1:T} | x_0) = ∏ q(x_t | x_{t-1}); `kernels` equations between a density and
    its value; `definitions` equations whose left side is a name; `assumptions` everything else (bounds, independences,
    orders of indices, equations). `indices` are the index symbols, found from the statements where left out. Values of
    variables are counted (`"counting"`), measured (`"lebesgue"`), or nothing is said (`"both"`). An assumption holds for all values of its free
    indices and variables; a condition is asked for at the indices and the point where a statement is tried.
    """

    factorizations: tuple[Statement, ...] = ()
    kernels: tuple[Statement, ...] = ()
    definitions: tuple[Statement, ...] = ()
    assumptions: tuple[Statement, ...] = ()
    indices: frozenset[Symbol] = frozenset()
    measure: str = "both"
    conditions: tuple[Statement, ...] = ()

    def assuming(self, *statements: Statement) -> Setting:
        """This setting with further assumptions."""
        return replace(self, assumptions=(*self.assumptions, *statements))

    def without_kernels(self) -> Setting:
        """The same structure with arbitrary conditional densities, for steps that use no formula of a density."""
        return replace(self, kernels=())

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All of it."""
        return (*self.factorizations, *self.kernels, *self.definitions, *self.assumptions, *self.conditions)

    @property
    def flat_assumptions(self) -> tuple[Statement, ...]:
        """The assumptions with chains taken apart."""
        return tuple(part for statement in self.assumptions for part in parts(statement))


def parts(statement: Statement) -> tuple[Statement, ...]:
    """The links of a chain; any other statement alone."""
    return tuple(statement.links) if isinstance(statement, Chain) else (statement,)


def unwrapped(statement: Statement) -> tuple[Statement, ...]:
    """The relations a statement makes, taken out of a chain, of "for every" and of "almost surely"."""
    if isinstance(statement, (ForEvery, AlmostSurely)):
        return unwrapped(statement.statement)
    return parts(statement)


# ---- indices ------------------------------------------------------------------------------------------------------


def index_value(index: Basic, values: Mapping[Any, Any]) -> Any:
    """The number of an index, its symbols looked up by name; the text of a label or of a parameter subscript."""
    if isinstance(index, Integer):
        return int(index)
    if isinstance(index, Symbol):
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


@lru_cache(maxsize=20_000)
def shape_of(item: Basic) -> tuple[str, tuple[Basic, ...]]:
    """The name and the indices of a symbol, variable, law or function."""
    if isinstance(item, Symbol):
        return str(item.name), ()
    return str(item.name), tuple(item.indices)  # type: ignore[attr-defined]


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


def index_symbols(statements: Iterable[Basic]) -> frozenset[Symbol]:
    """The symbols that stand for integers: in subscripts, ends of runs, limits; a Greek subscript is a label."""
    found: set[Symbol] = set()
    for statement in statements:
        for node in walk(statement):
            if isinstance(node, (Variable, Law, Application)):
                for index in node.indices:
                    bare = isinstance(index, Symbol)
                    found |= {s for s in index.free_symbols if not (bare and s.name.startswith("\\"))}
            elif isinstance(node, Run):
                found |= node.lower.free_symbols | node.upper.free_symbols
            elif isinstance(node, (Sum, Product)):
                for limit in node.limits:
                    for part in limit:
                        found |= part.free_symbols
    return frozenset(found)


def sizes(statements: Iterable[Basic]) -> frozenset[Symbol]:
    """The symbols that stand for dimensions of vectors and matrices."""
    found: set[Symbol] = set()
    for statement in statements:
        stack = [statement]
        while stack:
            node = stack.pop()
            if isinstance(node, Sort):
                for size in node.shape:
                    found |= size.free_symbols
            else:
                stack.extend(node.args)
                if type(node).__name__ == "Identity":
                    found |= node.args[0].free_symbols
    return frozenset(found)


def sets_of_variables(statements: Iterable[Basic]) -> frozenset[str]:
    """The names that stand for whole sets of variables (a rule's capital letters)."""
    return frozenset(
        node.name
        for statement in statements
        for node in walk(statement)
        if isinstance(node, Variable) and node.sort == VARIABLES
    )


def independences(statements: Iterable[Statement]) -> tuple[Independent, ...]:
    """The independence statements among these."""
    return tuple(part for statement in statements for part in parts(statement) if isinstance(part, Independent))


def relations(statements: Iterable[Statement]) -> tuple[Relation, ...]:
    """The relations among these, chains taken apart."""
    return tuple(part for statement in statements for part in parts(statement) if isinstance(part, Relation))


def densities(term: Basic) -> Iterable[Density]:
    """The densities that occur in a term."""
    return (node for node in walk(term) if isinstance(node, Density))
