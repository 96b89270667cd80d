"""Finite worlds: few values for each variable, a table of rationals for each law, zeros included.

A joint table is the product of its factors' tables, each drawn at random; densities are quotients of its marginals
(0/0 undefined), expectations and integrals are sums over the values, and everything is exact.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, ClassVar

from flint import fmpq
from sympy import Basic

from derive.terms import (
    EVENT,
    Complement,
    Equals,
    Holds,
    Intersection,
    IntersectionOver,
    Normal,
    Sort,
    Union,
    UnionOver,
    Variable,
    free_variables,
)
from derive.worlds import exact
from derive.worlds.choices import happens
from derive.worlds.exact import ONE, ZERO
from derive.worlds.graphs import Separation
from derive.worlds.linear import Matrix, Vector
from derive.worlds.meaning import Env
from derive.worlds.mentions import Mentions
from derive.worlds.naming import surplus_of
from derive.worlds.outcomes import NeverExercised, NotExercised, Undefined
from derive.worlds.parameters import Parameters, definite
from derive.worlds.setting import Key, number_of
from derive.worlds.structure import Factor, declared_density, factors_of, required
from derive.worlds.varying import moved, must_be_free, parameter_of, slopes_of
from derive.worlds.world import World

Cell = tuple[int, ...]
"""Values of a table's variables, by their numbers in the supports."""

_LARGEST_TABLE = 5000
_CODES = 0.3
"""How often a law with assumed independences is drawn from a linear code rather than from a directed graph."""

_TRIES = 30
_VALUES = [fmpq(0), fmpq(1), fmpq(2), fmpq(-1), fmpq(3)]


class Table:
    """The joint law of some variables: a probability for every cell that has one."""

    def __init__(self, variables: tuple[Key, ...], cells: dict[Cell, fmpq]) -> None:
        self.variables = variables
        self.places = {key: place for place, key in enumerate(variables)}
        self.cells = cells
        self._marginals: dict[tuple[int, ...], dict[Cell, fmpq]] = {}

    def marginal(self, places: tuple[int, ...]) -> dict[Cell, fmpq]:
        """The probabilities of the values at some places, added up from the cells."""
        found = self._marginals.get(places)
        if found is None:
            found = {}
            for cell, weight in self.cells.items():
                part = tuple([cell[place] for place in places])
                found[part] = found[part] + weight if part in found else weight
            self._marginals[places] = found
        return found


class FiniteWorld(World):
    """Laws as tables of rationals."""

    kind: ClassVar[str] = "finite"

    def __init__(self, parameters: Parameters, statements: Sequence[Basic]) -> None:
        super().__init__(parameters)
        rng = self.rng = parameters.rng("finite")
        self.zeros = rng.random() < 0.45
        self._width = 2 if parameters.size == 0 or rng.random() < 0.7 else 3
        self._supports: dict[Any, list[Any]] = {}
        self._numbers: dict[Any, dict[Any, int]] = {}
        self._cells: dict[Key, dict[Any, int]] = {}
        self._densities: dict[Any, Any] = {}
        self._tables: dict[Key, Table] = {}
        self._given: dict[Key, Table] = {}
        self.rates: dict[tuple[Key, str, int], Table] = {}
        self._functions: dict[tuple[Key, tuple[Any, ...]], Any] = {}
        self.mentions = Mentions(self, statements)
        self.sorts = self.mentions.sorts
        parameters.point_names = frozenset(key[0] for key in self.sorts)
        if surplus_of(self, tuple(statements)):
            raise NeverExercised("a density names quantities that a Gaussian law determines")

    # ---- values of variables ---------------------------------------------------------------------------------------

    def support(self, key: Key, sort: Sort) -> list[Any]:
        """The values that a variable takes: those of its sort, unless it is a function of others."""
        if key in self._supports:
            return self._supports[key]
        return self._support_of(sort)

    def _support_of(self, sort: Sort) -> list[Any]:
        name = str(sort)
        if name not in self._supports:
            rng = self.parameters.rng("support", name)
            if sort == EVENT:
                values: list[Any] = [True, False]
            elif sort.kind == "vector":
                size = number_of(sort.shape[0], self.indices)
                points = list(itertools.product([fmpq(0), fmpq(1), fmpq(-1), fmpq(2)], repeat=size))
                values = [Vector(point) for point in rng.sample(points, min(self._width, len(points)))]
            elif sort.kind == "scalar":
                values = [fmpq(0), fmpq(1), *(rng.sample([fmpq(2), fmpq(-1), fmpq(3)], 1))][: self._width]
                if self.parameters.size > 1 and rng.random() < 0.4:
                    values = rng.sample(_VALUES, self._width)
            else:
                raise NotExercised(f"a {sort} is no variable of a finite law")
            self._support(name, values)
        return self._supports[name]

    def _support(self, name: Any, values: list[Any]) -> None:
        self._supports[name] = values
        self._numbers[name] = {value: place for place, value in enumerate(values)}

    def _cell_of(self, key: Key, value: Any) -> int | None:
        if not _rational(value):
            raise NotExercised("a finite law is asked for at a value that is not rational")
        if key in self._numbers:
            return self._numbers[key].get(value)
        if key not in self._cells:
            sort = self.sorts[key]
            self._support_of(sort)
            self._cells[key] = self._numbers[str(sort)]
        return self._cells[key].get(value)

    # ---- laws -----------------------------------------------------------------------------------------------------

    def give(self, law: Key, table: Table, sorts: dict[Key, Sort], supports: dict[Key, list[Any]]) -> None:
        """Let a law be this table, in place of a random one."""
        self._given[law] = table
        self.sorts.update(sorts)
        self._cells.clear()
        self._densities.clear()
        for key, values in supports.items():
            self._support(key, values)

    def table(self, law: Key) -> Table:
        """The joint table of a law."""
        if law in self._given:
            return self._given[law]
        if law not in self._tables:
            self._tables[law] = self._drawn(law)
        return self._tables[law]

    def _drawn(self, law: Key) -> Table:
        mentioned = self.mentions.laws.get(law)
        if mentioned is None:
            raise Undefined(f"nothing is known of the law {law[0]}")
        rng = self.parameters.rng("law", law)
        if not mentioned:
            return Table((), {(): ONE})
        factors, sorts = factors_of(self, law, mentioned, rng)
        if any(factor.kernel is not None for factor in factors):
            raise NeverExercised("the conditional densities of this law are given by formulas")
        self.sorts.update(sorts)
        wanted = required(self, law, set(sorts))
        if wanted and rng.random() < _CODES and not any(factor.coupling for factor in factors):
            code = self._code(tuple(key for factor in factors for key in factor.targets), sorts, wanted, rng)
            if code is not None:
                return code
        cells: dict[Cell, fmpq] = {(): ONE}
        variables: tuple[Key, ...] = ()
        for factor in factors:
            cells = self._extended(variables, cells, factor, sorts, rng)
            variables += factor.targets
        return Table(variables, cells)

    def _code(
        self, variables: tuple[Key, ...], sorts: dict[Key, Sort], wanted: list[Separation], rng: Random
    ) -> Table | None:
        """The uniform law on a random linear code over two values that has the wanted independences, or None.

        Such laws have independences that no directed graph shows: of two coins and whether they agree, any two are
        independent and all three are not.
        """
        if not 2 <= len(variables) <= 8 or any(len(self.support(key, sorts[key])) != 2 for key in variables):
            return None
        for _ in range(_TRIES):
            basis = [[rng.randint(0, 1) for _ in variables] for _ in range(rng.randint(1, len(variables)))]
            columns = list(zip(*basis, strict=True))
            words = {
                tuple([sum(c * entry for c, entry in zip(weights, column, strict=True)) % 2 for column in columns])
                for weights in itertools.product((0, 1), repeat=len(basis))
            }
            table = Table(variables, {word: fmpq(1, len(words)) for word in words})
            if len(words) < 2 ** len(variables) and all(_separated(table, *separation) for separation in wanted):
                return table
        return None

    def _extended(
        self, variables: tuple[Key, ...], cells: dict[Cell, fmpq], factor: Factor, sorts: dict[Key, Sort], rng: Random
    ) -> dict[Cell, fmpq]:
        """The joint table with one more factor."""
        places = [variables.index(key) for key in factor.givens]
        if factor.coupling is not None:
            return self._coupled(cells, places, factor, sorts)
        targets = list(itertools.product(*(range(len(self.support(key, sorts[key]))) for key in factor.targets)))
        if len(cells) * len(targets) > _LARGEST_TABLE:
            raise NotExercised("the joint table grows too large")
        rows: dict[Cell, list[fmpq]] = {}
        result: dict[Cell, fmpq] = {}
        for cell, weight in cells.items():
            given = tuple([cell[place] for place in places])
            if given not in rows:
                rows[given] = self._row(len(targets), rng)
            for target, share in zip(targets, rows[given], strict=True):
                if share != 0:
                    result[cell + target] = weight * share
        return result

    def _coupled(
        self, cells: dict[Cell, fmpq], places: list[int], factor: Factor, sorts: dict[Key, Sort]
    ) -> dict[Cell, fmpq]:
        """The joint table with a variable that is a function of others, whose values are those of the function."""
        assert factor.coupling is not None
        (target,) = factor.targets
        images: dict[Cell, Any] = {}
        for cell in cells:
            given = tuple([cell[place] for place in places])
            if given not in images:
                env = {
                    key: self.support(key, sorts[key])[number]
                    for key, number in zip(factor.givens, given, strict=True)
                }
                images[given] = self.value(factor.coupling.body, env)
        self._support(target, list(dict.fromkeys(images.values())))
        numbers = self._numbers[target]
        return {
            (*cell, numbers[images[tuple([cell[place] for place in places])]]): weight for cell, weight in cells.items()
        }

    def _row(self, count: int, rng: Random) -> list[fmpq]:
        """A random probability vector with a small denominator."""
        largest = 3 if self.parameters.size == 0 else 5
        while True:
            weights = [0 if self.zeros and rng.random() < 0.3 else rng.randint(1, largest) for _ in range(count)]
            total = sum(weights)
            if total:
                return [fmpq(weight, total) for weight in weights]

    # ---- meaning of laws -------------------------------------------------------------------------------------------

    def _placed(self, table: Table, pairs: Sequence[tuple[Key, Any]]) -> list[tuple[int, int | None]]:
        result = []
        for key, value in pairs:
            if key not in table.places:
                raise Undefined(f"{key[0]} is no variable of this law")
            result.append((table.places[key], self._cell_of(key, value)))
        return result

    def density(self, law: Key, targets: list[tuple[Key, Any]], givens: list[tuple[Key, Any]]) -> Any:
        if self.moves and parameter_of(law, self.moves) is not None:
            return self._density(law, targets, givens)
        asked = (law, tuple(targets), tuple(givens))
        if not all(_rational(value) for _, value in (*targets, *givens)):
            return self._density(law, targets, givens)
        if asked not in self._densities:
            self._densities[asked] = self._density(law, targets, givens)
        return self._densities[asked]

    def _density(self, law: Key, targets: list[tuple[Key, Any]], givens: list[tuple[Key, Any]]) -> Any:
        declared = declared_density(self, law, targets, givens)
        if declared is not None:
            return self.value(*declared)
        table = self.table(law)
        given = sorted(self._placed(table, givens))
        everything = sorted([*given, *self._placed(table, targets)])
        bottom = self._mass(table, given)
        if bottom == 0:
            raise Undefined("a density given what has probability zero")
        parameter = parameter_of(law, self.moves)
        if parameter is None:
            return self._mass(table, everything) / bottom
        above = self.moves[parameter] or ()
        rates = [self._rates(law, table, parameter, place) for place in range(len(above))]
        over, under = (
            moved(self._mass(table, cells), [self._mass(rate, cells) for rate in rates], above) if cells else ONE
            for cells in (everything, given)
        )  # of nothing the probability is one, whatever the law is
        return over / under

    def may_vary(self, law: Key) -> None:
        must_be_free(law[0], self.setting)

    def _rates(self, law: Key, table: Table, parameter: str, place: int) -> Table:
        """How fast the cells of a law's table move with a part of its parameter."""
        key = (law, parameter, place)
        if key not in self.rates:
            rng = self.parameters.rng("rates", *map(str, key))
            weights = [rng.randint(-2, 2) for _ in table.cells]
            self.rates[key] = Table(table.variables, slopes_of(table.cells, weights))
        return self.rates[key]

    def _mass(self, table: Table, cells: list[tuple[int, int | None]]) -> fmpq:
        if not cells:
            return ONE
        if any(value is None for _, value in cells):
            return ZERO
        places = tuple([place for place, _ in cells])
        return table.marginal(places).get(tuple([value for _, value in cells]), ZERO)  # type: ignore[misc]

    def integrate(self, bound: list[tuple[Key, Sort]], body: Callable[[Env], Any], env: Env) -> Any:
        supports = [self.support(key, sort) for key, sort in bound]
        total: Any = ZERO
        for values in itertools.product(*supports):
            value = body({**env, **{key: v for (key, _), v in zip(bound, values, strict=True)}})
            total = value if isinstance(total, fmpq) and total == 0 else total + value
        return total

    def expect(
        self, law: Key, bound: list[tuple[Key, Key, Sort]], givens: list[tuple[Key, Any]],
        body: Callable[[Env], Any], env: Env,
    ) -> Any:  # fmt: skip
        supports = [self.support(key, sort) for key, _, sort in bound]
        total: Any = ZERO
        for values in itertools.product(*supports):
            targets = [(variable, value) for (variable, _, _), value in zip(bound, values, strict=True)]
            weight = self.density(law, targets, givens) if targets else ONE
            if weight == 0:
                continue
            inner = {**env, **{point: value for (_, point, _), value in zip(bound, values, strict=True)}}
            value = body(inner) * weight
            total = value if isinstance(total, fmpq) and total == 0 else total + value
        return total

    def divergence(self, p: Callable[[Env], Any], q: Callable[[Env], Any] | None, bound: list[tuple[Key, Sort]],
                   env: Env, relative: bool) -> Any:  # fmt: skip
        total: Any = ZERO
        for values in itertools.product(*(self.support(key, sort) for key, sort in bound)):
            inner = {**env, **{key: v for (key, _), v in zip(bound, values, strict=True)}}
            weight = p(inner)
            if isinstance(weight, fmpq) and weight == 0:
                continue
            other = exact.log(weight if q is None else q(inner))
            total = total + ((exact.log(weight) - other) if relative else -other) * weight
        return total

    def probability(self, law: Key, event: Basic, given: Basic | None, env: Env) -> Any:
        if self.moves and parameter_of(law, self.moves) is not None:
            raise NotExercised("the derivative of a probability in a parameter of its law")
        table = self.table(law)
        top = bottom = ZERO
        for cell, weight in table.cells.items():
            if given is None or self._happens(table, given, cell, env):
                bottom = bottom + weight
                if self._happens(table, event, cell, env):
                    top = top + weight
        if bottom == 0:
            raise Undefined("a probability given what has probability zero")
        return top / bottom

    def _happens(self, table: Table, event: Basic, cell: Cell, env: Env) -> bool:
        if isinstance(event, Intersection):
            return all(self._happens(table, part, cell, env) for part in event.args)
        if isinstance(event, Union):
            return any(self._happens(table, part, cell, env) for part in event.args)
        if isinstance(event, Complement):
            return not self._happens(table, event.args[0], cell, env)
        if isinstance(event, Variable):
            place = table.places.get(self.key(event, env))
            if place is None:
                raise NotExercised("an event that the law does not know")
            return bool(self.support(self.key(event, env), EVENT)[cell[place]])
        if isinstance(event, (Holds, IntersectionOver, UnionOver)):
            inner = dict(env)
            for key, place in table.places.items():
                inner[key] = self.support(key, self.sorts[key])[cell[place]]
            return happens(self, event, inner)
        if isinstance(event, Equals):
            inner = dict(env)
            for side in event.args[:1]:
                for item in side.free_symbols:
                    key = self.key(item, env)
                    if key in table.places:
                        inner[key] = self.support(key, self.sorts[key])[cell[table.places[key]]]
            left, right = self.value(event.args[0], inner), self.value(event.args[1], inner)
            return bool(left == right)
        raise NotExercised("an event of an unknown form")

    # ---- functions ------------------------------------------------------------------------------------------------

    def allow_normal(self, term: Normal, env: Env) -> None:
        if self.setting.measure == "counting":
            return
        for item in free_variables(term):
            if not isinstance(item, Sort) and any(key in env or key in self.sorts for key, _ in self.expand(item, env)):
                raise NeverExercised("a Gaussian density of values that are counted")

    def function(self, key: Key, sort: Sort, labels: tuple[str, ...], points: list[Any]) -> Any:
        place = self._entry(key, labels, points)
        if place not in self._functions:
            rng = self.parameters.rng("function", key, list(map(str, place[1])))
            self._functions[place] = self._function_value(key, sort, rng)
        return self._functions[place]

    def _function_value(self, key: Key, sort: Sort, rng: Random) -> Any:
        values = [fmpq(n) for n in (-2, -1, 0, 1, 2, 3)]
        if sort.kind == "vector":
            return Vector(rng.choice(values) for _ in range(number_of(sort.shape[0], self.indices)))
        if sort.kind == "matrix":
            rows, columns = (number_of(part, self.indices) for part in sort.shape)
            if key[0] in self.parameters.hints.definite:
                return definite(rows, rng)
            return Matrix([rng.choice(values) for _ in range(columns)] for _ in range(rows))
        return rng.choice(values)

    def _entry(self, key: Key, labels: tuple[str, ...], points: list[Any]) -> tuple[Key, tuple[Any, ...]]:
        """Where a function's value stands in its table: at rational points, which can be told from each other."""
        if not all(isinstance(point, fmpq) for point in points):
            raise NotExercised("a function in a table is asked for at a value that is not rational")
        return key, (*labels, *points)

    def bounded_function(self, key: Key, labels: tuple[str, ...], points: list[Any], low: Any, high: Any) -> Any:
        place = self._entry(key, labels, points)
        if place not in self._functions:
            rng = self.parameters.rng("function", key, list(map(str, place[1])))
            self._functions[place] = self.parameters.bounded(low, high, rng)
        return self._functions[place]

    def law_variables(self, law: Key) -> dict[Key, Sort]:
        return self.mentions.laws.get(law, {})

    def describe_laws(self) -> list[tuple[Key, Table]]:
        """The tables that were used, by their laws."""
        return [*self._given.items(), *self._tables.items()]

    def describe_functions(self) -> list[tuple[tuple[Key, str], str]]:
        """The values of unknown functions that were used."""
        return super().describe_functions() + [
            ((key, ", ".join(map(exact.show, arguments))), exact.show(value))
            for (key, arguments), value in self._functions.items()
        ]


def _separated(table: Table, left: frozenset[Key], right: frozenset[Key], given: frozenset[Key]) -> bool:
    """p(a, b, c) p(c) = p(a, c) p(b, c) in every cell."""
    a, b, c = (tuple(sorted(table.places[key] for key in group)) for group in (left, right, given))
    both, with_a, with_b = (tuple(sorted({*part, *c})) for part in ({*a, *b}, a, b))
    for cell in itertools.product((0, 1), repeat=len(table.variables)):
        mass = [
            table.marginal(places).get(tuple([cell[place] for place in places]), ZERO)
            for places in (both, c, with_a, with_b)
        ]
        if mass[0] * mass[1] != mass[2] * mass[3]:
            return False
    return True


def _rational(value: Any) -> bool:
    """Whether a value is exact: a table may have it."""
    entries = value.entries if isinstance(value, Vector) else (value,)
    return all(isinstance(entry, (fmpq, bool)) for entry in entries)
