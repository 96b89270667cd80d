"""Parameters of a world: numbers for indices, dimensions, scalars, vectors and matrices that satisfy what is assumed.

A value is drawn when it is first asked for, from the world's seed and its own name, so that the same seed gives the
same world whatever is asked of it. Bounds are met by construction, everything else by rejecting the world. Squares
and Pythagorean fractions are preferred, so that the roots of what is drawn stay rational as often as possible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from random import Random
from typing import Any

from flint import fmpq
from sympy import Basic, Mul, Pow, Sum, Symbol, log

from derive.terms import (
    Application,
    Density,
    Equal,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    Normal,
    PositiveDefinite,
    PositiveSemidefinite,
    Relation,
    Restricted,
    Run,
    Sort,
    Statement,
    Transpose,
    Variable,
    free_variables,
)
from derive.worlds import exact, linear
from derive.worlds.assignments import assignments_of, continuous
from derive.worlds.exact import ONE, ZERO
from derive.worlds.functions import ExpPolynomial
from derive.worlds.givens import givens_of
from derive.worlds.linear import Matrix, Vector
from derive.worlds.outcomes import NotExercised, Undefined
from derive.worlds.setting import (
    Key,
    Setting,
    index_value,
    key_of,
    kind_of,
    match_indices,
    number_of,
    only_indices,
    shape_of,
    survey,
    unwrapped,
    walk,
)
from derive.worlds.unknowns import Shape, domains_in, shapes_in

UNIT = [fmpq(9, 25), fmpq(16, 25), fmpq(25, 169), fmpq(144, 169), fmpq(64, 289), fmpq(225, 289), fmpq(49, 625),
        fmpq(576, 625), fmpq(400, 841), fmpq(441, 841)]  # fmt: skip
"""Fractions r in (0, 1) with √r and √(1 − r) rational."""

_LEGS = [fmpq(3, 5), fmpq(4, 5), fmpq(5, 13), fmpq(12, 13), fmpq(8, 17), fmpq(15, 17), fmpq(7, 25), fmpq(24, 25)]
"""Legs of right triangles with rational sides and hypotenuse 1."""

SQUARES = [fmpq(4), fmpq(1, 4), fmpq(9), fmpq(9, 4), fmpq(4, 9), fmpq(1, 9), fmpq(16, 9), fmpq(1), fmpq(16),
           fmpq(25, 4), fmpq(1, 64), fmpq(1, 100)]  # fmt: skip
PLAIN = [fmpq(2), fmpq(3), fmpq(-1), fmpq(1, 2), fmpq(-2), fmpq(3, 2), fmpq(-1, 2), fmpq(1), fmpq(4), fmpq(-3),
         fmpq(1, 3), fmpq(9, 4)]  # fmt: skip
COORDINATES = [fmpq(0), fmpq(1), fmpq(-1), fmpq(2), fmpq(1, 2), fmpq(-2), fmpq(3), fmpq(-1, 2), fmpq(3, 2)]

_Bound = tuple[Any, bool, Basic, bool, bool, tuple[Relation, ...]]
"""A head, whether its square is bounded, by what, whether from above, whether strictly, and for which indices."""

_SCALES = [ONE, fmpq(1, 2), ONE, fmpq(4), fmpq(1, 16), fmpq(1, 100)]

_FURTHEST = 16


class Parameters:
    """The values of a world that no law generates, drawn lazily and remembered."""

    evaluate: Callable[..., Any]

    def __init__(self, setting: Setting, statements: tuple[Basic, ...], seed: str, size: int, kind: str) -> None:
        self.setting = setting
        self.seed = seed
        self.size = size
        self.kind = kind
        self.set_sizes = (1,) if size == 0 else (1, 1, 2, 0) if size == 1 else (1, 2, 2, 0)
        self.index_names, self.dimensions, assignments = assignments_of(setting, statements)
        self.times = frozenset(symbol.name for symbol in continuous(setting, statements))
        self.furthest = max(_FURTHEST, *_written(statements, setting))
        self.hints = _hints(statements, setting)
        self.arguments = arguments_of(statements, setting)
        self.measured = frozenset(
            (name, place)
            for name, tuples in self.arguments.items()
            for arguments in tuples
            for place, argument in enumerate(arguments)
            if not self.labels(argument)
        )
        self.point_names: frozenset[str] = frozenset()
        self._definitions = _definitions(setting)
        self._repeated: dict[tuple[Basic, Basic], list[Basic]] = {}
        self._particular = givens_of(setting).particular
        self._bounds = _bounds(setting)
        self._equations = _equations(setting)
        self._values: dict[Key, Any] = {}
        self._drawing: set[Key] = set()
        self._preset: set[str] = set()
        self.indices = self._choose_indices(assignments)
        self.only = only_indices(statements, setting)
        self.highest = _highest(statements, self.indices)

    def rng(self, *names: Any) -> Random:
        """The source of randomness for one purpose."""
        return Random(f"{self.seed}|{names}")

    # ---- indices --------------------------------------------------------------------------------------------------

    def labels(self, argument: Basic) -> bool:
        """Whether an argument of a function is written as an index is, and so may be one."""
        free = argument.free_symbols
        return bool(argument.is_Integer or (free and free <= self.index_names))

    def _choose_indices(self, assignments: list[dict[str, int]]) -> dict[str, Any]:
        rng = self.rng("indices")
        if not assignments:
            raise NotExercised("no small indices satisfy what is assumed of them")
        modest = [values for values in assignments if max(values.values(), default=0) <= 3]
        chosen = dict(rng.choice(modest if modest and (self.size < 2 or rng.random() < 0.6) else assignments))
        largest = 2 if max(chosen.values(), default=0) >= 3 else 3
        for symbol in sorted(self.dimensions, key=str):
            if symbol.name not in chosen:
                chosen[symbol.name] = 1 if self.size == 0 else rng.randint(1, largest)
        return chosen

    # ---- definitions ----------------------------------------------------------------------------------------------

    def definition(self, key: Key) -> tuple[Basic, dict[str, Any]] | None:
        """The right side that defines a name, and the values of its indices."""
        best = None
        for head, body in self._definitions.get(key[0], ()):
            if isinstance(head, Application):
                continue
            _, patterns = shape_of(head)
            if len(patterns) != len(key[1]):
                continue
            own = self.indices if Equal(head, body) in self._particular else {}
            found = match_indices(patterns, key[1], own)
            own_names = [key_of(item, found) for item in self._same_name(head, body)] if found is not None else []
            if found is None or key in own_names or any(map(self._is_beyond, own_names)):
                continue
            if best is None or len(found) < len(best[1]):
                best = body, found
        return best

    def _is_beyond(self, key: Key) -> bool:
        """Whether a name lies beyond all that is spoken of: where x_{t−1} is made of x_t, the last x is any."""
        return any(isinstance(index, int) and index > self.highest for index in key[1])

    def _same_name(self, head: Any, body: Basic) -> list[Basic]:
        """The variables of a definition's body that bear its head's name, which may not define itself."""
        if (head, body) not in self._repeated:
            self._repeated[head, body] = [
                node for node in walk(body) if isinstance(node, Variable) and node.name == head.name
            ]
        return self._repeated[head, body]

    def function(self, key: Key, arity: int) -> tuple[Application, Basic, dict[str, Any]] | None:
        """The head and right side that define a function, and the values of its indices."""
        for head, body in self._definitions.get(key[0], ()):
            if isinstance(head, Application) and len(head.arguments) == arity and len(head.indices) == len(key[1]):
                found = match_indices(head.indices, key[1], {})
                if found is not None:
                    return head, body, found
        return None

    def definitions_of(self, name: str) -> list[tuple[Any, Basic]]:
        """The heads and right sides that define a name."""
        return self._definitions.get(name, [])

    def function_bounds(self, name: str, arity: int) -> list[_Bound]:
        """The bounds that are assumed of a function's values."""
        return [
            bound for bound in self._bounds.get(name, ())
            if isinstance(bound[0], Application) and len(bound[0].arguments) == arity and not bound[1]
        ]  # fmt: skip

    def is_bounded(self, name: str) -> bool:
        """Whether bounds or equations are assumed of a name."""
        return name in self._bounds or name in self._equations

    def preset(self, values: Mapping[Key, Any]) -> None:
        """Let parameters have these values, which need not be within their bounds."""
        self._values.update(values)
        self._preset = {key[0] for key in values}

    def met_by_drawing(self, statement: Statement) -> bool:
        """Whether a bound is met whenever a value is drawn: a free parameter on one side, a number on the other."""
        if not isinstance(statement, (Less, LessEqual, Greater, GreaterEqual)):
            return False
        left, right = statement.args
        head, other = (left, right) if isinstance(left, (Symbol, Variable)) else (right, left)
        if not isinstance(head, (Symbol, Variable)) or not other.is_Rational:
            return False
        name = str(head.name)
        bounds = self._bounds.get(name, ())
        if name in self._preset or name in self._definitions or name in self.point_names or any(
            bound[1] or not bound[2].is_Rational for bound in bounds
        ):  # fmt: skip
            return False
        low = max((bound[2] for bound in bounds if not bound[3]), default=None)
        high = min((bound[2] for bound in bounds if bound[3]), default=None)
        return low is None or high is None or bool(low < high)

    def bounded(self, low: Any, high: Any, rng: Random) -> Any:
        """A random number within bounds."""
        return self._between(low, high, True, True, rng)

    def defines(self, keys: Iterable[Key]) -> bool:
        """Whether some of these variables are defined by others."""
        return any(key[0] in self._definitions for key in keys)

    def mentions_points(self, body: Basic) -> bool:
        """Whether the value of a definition may change from point to point of a world."""
        return self._reaches_points(body, frozenset())

    def _reaches_points(self, body: Basic, seen: frozenset[Basic]) -> bool:
        for item in free_variables(body):
            name = getattr(item, "name", "")
            if name in self.point_names:
                return True
            for _, inner in self._definitions.get(name, ()):
                if inner not in seen and self._reaches_points(inner, seen | {inner}):
                    return True
        return False

    # ---- values ---------------------------------------------------------------------------------------------------

    def value(self, key: Key, sort: Sort) -> Any:
        """The value of a parameter."""
        if key not in self._values:
            if key in self._drawing:
                raise NotExercised("bounds refer to each other in a circle")
            if any(isinstance(index, int) and not 0 <= index <= self.furthest for index in key[1]):
                raise NotExercised("bounds refer to ever further indices")
            self._drawing.add(key)
            try:
                self._values[key] = self._draw(key, sort)
            finally:
                self._drawing.discard(key)
        return self._values[key]

    @property
    def drawn(self) -> dict[Key, Any]:
        """The values drawn so far."""
        return self._values

    def _draw(self, key: Key, sort: Sort) -> Any:
        rng = self.rng("value", key)
        if sort.kind == "vector":
            size = number_of(sort.shape[0], self.indices)
            return Vector(rng.choice(COORDINATES) for _ in range(size))
        if sort.kind == "matrix":
            rows, columns = (number_of(part, self.indices) for part in sort.shape)
            return self._matrix(key, rows, columns, rng)
        if sort.kind not in ("scalar", "index"):
            raise NotExercised(f"a {sort} stands where a value was expected")
        return self._scalar(key, rng) if key[0] not in self.times or key[1] else self._time(key, rng)

    def _time(self, key: Key, rng: Random) -> Any:
        """A time between its bounds, other than all other times and than any whole number: x_t is no x_1 there."""
        low, high, *_ = self._interval(key)
        others = {value for (name, indices), value in self._values.items() if name in self.times and not indices}
        for _ in range(8):
            value = self._between(ZERO if low is None else low, high, True, True, rng)
            if not isinstance(value, fmpq) or (value.q != 1 and value not in others):
                return value
        raise Undefined("no time that is different from the others")

    def _matrix(self, key: Key, rows: int, columns: int, rng: Random) -> Matrix:
        name = key[0]
        if rows == columns and name in self.hints.definite:
            return definite(rows, rng)
        table = [[rng.choice(COORDINATES) for _ in range(columns)] for _ in range(rows)]
        if rows == columns and name in self.hints.symmetric:
            table = [[table[max(i, j)][min(i, j)] for j in range(columns)] for i in range(rows)]
        return Matrix(table)

    def _solved(self, key: Key, low: Any, high: Any, rng: Random) -> Any:
        """The value that an assumed equation leaves to a parameter once its other names have theirs, or None.

        The equation is a polynomial in the parameter and linear in it or in its square.
        """
        for equation in self._equations.get(key[0], ()):
            for head in _occurrences(equation, key[0]):
                found = match_indices(shape_of(head)[1], key[1], {}) if len(shape_of(head)[1]) == len(key[1]) else None
                if found is None or not self._others_drawn(equation, head, found, key):
                    continue
                unknown = ExpPolynomial.coordinate(-1)
                try:
                    difference = self.evaluate(equation.lhs - equation.rhs, {**found, key: unknown})
                except (NotExercised, Undefined):
                    continue
                polynomial = difference.polynomial if isinstance(difference, ExpPolynomial) else None
                if polynomial is None:
                    continue
                parts = {sum(many for _, many in powers): value for powers, value in polynomial.items()}
                if set(parts) <= {0, 1} and 1 in parts:
                    return exact.divide(-parts.get(0, ZERO), parts[1])
                if set(parts) <= {0, 2} and 2 in parts:
                    root = exact.power(exact.divide(-parts.get(0, ZERO), parts[2]), fmpq(1, 2))
                    if low is not None and exact.sign(low) in (0, 1):
                        return root
                    return root if rng.random() < 0.5 else -root
        return None

    def _others_drawn(self, equation: Equal, head: Basic, found: dict[str, Any], key: Key) -> bool:
        """Whether everything else in an equation has its value already."""
        scope = {**self.indices, **found}
        for item in free_variables(equation.lhs) | free_variables(equation.rhs):
            name = getattr(item, "name", None)
            if item == head or name is None or name in scope or name in self._definitions:
                continue
            if isinstance(item, Run):
                ends = number_of(item.lower, scope), number_of(item.upper, scope)
                others = {(str(item.name), (place,)) for place in range(ends[0], ends[1] + 1)} - {key}
            else:
                others = {key_of(item, scope)} - {key}
            if not others <= set(self._values):
                return False
        return True

    def _constrained(self, key: Key) -> bool:
        """Whether an equation ties this scalar's square to another's, so that it lies in the unit interval."""
        return any(
            sum(1 for node in walk(equation) if isinstance(node, Pow) and node.exp == 2) >= 2
            for equation in self._equations.get(key[0], ())
        )

    def _share(self, key: Key) -> Any:
        """The weight of one component of a mixture: positive, and all of them together one; None of no weight."""
        limits = self.hints.weights.get(key[0])
        if limits is None or len(key[1]) != 1:
            return None
        try:
            low, high = (number_of(limit, self.indices) for limit in limits)
        except NotExercised:
            return None
        rng = self.rng("weights", key[0])
        shares = [rng.randint(1, 3) for _ in range(low, high + 1)]
        place = key[1][0]
        return fmpq(shares[place - low], sum(shares)) if isinstance(place, int) and low <= place <= high else None

    def _scalar(self, key: Key, rng: Random) -> fmpq:
        share = self._share(key)
        if share is not None:
            return share
        low, high, low_open, high_open, squared, positive = self._interval(key)
        if key[0] in self._equations:
            solved = self._solved(key, low, high, rng)
            if solved is not None:
                return solved
            if self._constrained(key) and not squared and (low is None or low == 0) and (high is None or high == 1):
                return rng.choice(_LEGS)
        if low is None and high is None:
            if key[0] in self.hints.positive and rng.random() < 0.9:
                return self._square(rng)
            if self.size > 1 and rng.random() < 0.3:
                return fmpq(rng.randint(-9, 9) or 1, rng.randint(1, 5))
            return rng.choice(PLAIN)
        value = self._between(low, high, low_open, high_open, rng)
        if squared:
            root = exact.power(value, fmpq(1, 2))
            return -root if rng.random() < 0.3 and not positive and key[0] not in self.hints.positive else root
        return value

    def _between(self, low: Any, high: Any, low_open: bool, high_open: bool, rng: Random) -> Any:
        if low is not None and high is not None:
            side = exact.sign(high - low)
            if side is None or side < 0 or (side == 0 and (low_open or high_open)):
                raise Undefined("what is assumed leaves no value")
            if side == 0:
                return low
            if not low_open and rng.random() < 0.15:
                return low
            if not high_open and rng.random() < 0.15:
                return high
            part = rng.choice(UNIT) if rng.random() < 0.8 else fmpq(rng.randint(1, 6), 7)
            return low + (high - low) * part
        step = self._square(rng)
        if low is not None:
            return low if not low_open and rng.random() < 0.15 else low + step
        return high if not high_open and rng.random() < 0.15 else high - step

    def _square(self, rng: Random) -> fmpq:
        if self.size > 1 and rng.random() < 0.4:
            return fmpq(rng.randint(1, 9), rng.randint(1, 6)) ** 2
        return rng.choice(SQUARES)

    def _later(self, bound: Basic, key: Key, found: dict[str, Any]) -> bool:
        """Whether a bound is a later member of the same family, not drawn yet: each is drawn from earlier ones."""
        return any(
            isinstance(item, Variable) and item.name == key[0]
            and _numbers(other := key_of(item, {**self.indices, **found})) > _numbers(key)
            and other not in self._values
            for item in free_variables(bound)
        )  # fmt: skip

    def _ranges(self, bound: Relation, found: dict[str, Any]) -> bool:
        """Whether an index lies within the range of a bound on its family."""
        small, large = (number_of(side, {**self.indices, **found}) for side in bound.args)
        if isinstance(bound, (Greater, GreaterEqual)):
            small, large = large, small
        return small < large if isinstance(bound, (Less, Greater)) else small <= large

    def _interval(self, key: Key) -> tuple[Any, Any, bool, bool, bool, bool]:
        """The bounds that the assumptions put on a scalar, or on its square; whether it is positive then."""
        low: Any = None
        high: Any = None
        low_open = high_open = positive = False
        active = list(self._active(key))
        squared = any(square for square, *_ in active)
        if squared:
            low = ZERO
        for square, bound, upper, strict in active:
            if squared and not square:
                if exact.sign(bound) == 0 and not upper:
                    positive, low_open = True, low_open or (strict and exact.sign(low) == 0)
                    continue
                bound = bound * bound
            if upper and (high is None or exact.at_most(bound, high)):
                high, high_open = bound, strict or (high_open and exact.at_most(high, bound) is not False)
            elif not upper and (low is None or exact.at_most(low, bound)):
                low, low_open = bound, strict or (low_open and exact.at_most(bound, low) is not False)
        return low, high, low_open, high_open, squared, positive

    def _active(self, key: Key) -> Iterable[tuple[bool, Any, bool, bool]]:
        """The bounds on a scalar, or on its square, that have a value: which of the two, by what, above, strictly."""
        for head, square, other, upper, strict, ranges in self._bounds.get(key[0], ()):
            _, patterns = shape_of(head)
            found = match_indices(patterns, key[1], {}) if len(patterns) == len(key[1]) else None
            if found is None or isinstance(head, Application) or self._later(other, key, found):
                continue
            if not all(self._ranges(part, found) for part in ranges):
                continue
            try:
                yield square, self.evaluate(other, dict(found)), upper, strict
            except (NotExercised, Undefined):
                continue


def _numbers(key: Key) -> list[int]:
    return [index for index in key[1] if isinstance(index, int)]


def definite(size: int, rng: Random) -> Matrix:
    """A random symmetric positive definite matrix: M Mᵀ + I with small entries."""
    root = [[fmpq(rng.randint(-1, 1)) if i != j else fmpq(rng.randint(1, 2)) for j in range(size)] for i in range(size)]
    base = linear.product(Matrix(root), linear.transpose(Matrix(root)))
    scale = rng.choice(_SCALES)
    return (base + linear.identity(size) * fmpq(rng.randint(0, 1))) * scale


# ---- what the statements say of parameters ------------------------------------------------------------------------


class Hints:
    """Names that formulas want positive, positive definite, symmetric."""

    def __init__(self) -> None:
        self.positive: set[str] = set()
        self.definite: set[str] = set()
        self.symmetric: set[str] = set()
        self.shapes: dict[str, Shape] = {}
        self.weights: dict[str, tuple[Basic, Basic]] = {}


@lru_cache(maxsize=512)
def _written(statements: tuple[Basic, ...], setting: Setting) -> tuple[int, ...]:
    """The numbers that stand as subscripts themselves: 22 for a block Σ_{22}."""
    found = {index for statement in (*statements, *setting.statements) for index in survey(statement).subscripts}
    return (0, *sorted(int(index) for index in found if index.is_Integer))


def _highest(statements: tuple[Basic, ...], indices: Mapping[str, Any]) -> int:
    """The highest number at which a name of the statements stands; as good as infinite where a sum runs over some."""
    places = {index for statement in statements for index in survey(statement).subscripts}
    if any(symbol.name not in indices for index in places for symbol in index.free_symbols):
        return 10**6
    values = [value for index in places if isinstance(value := index_value(index, indices), int)]
    return max(values, default=10**6)


@lru_cache(maxsize=512)
def _hints(statements: tuple[Basic, ...], setting: Setting) -> Hints:
    """What gives formulas a value is taken from all statements; what would make a claim true, from the givens alone."""
    hints = Hints()
    hints.shapes = {**domains_in((*statements, *setting.statements)), **shapes_in(setting.statements)}
    for statement in setting.statements:
        for part in unwrapped(statement):
            if isinstance(part, (PositiveDefinite, PositiveSemidefinite)):
                hints.definite.add(getattr(part.args[0], "name", ""))
            elif isinstance(part, Equal) and isinstance(part.lhs, Transpose) and part.lhs.args[0] == part.rhs:
                hints.symmetric.add(getattr(part.rhs, "name", ""))
    for kernel in givens_of(setting).kernels:
        mixture = kernel.rhs
        if isinstance(mixture, Sum) and len(mixture.limits) == 1 and isinstance(mixture.function, Mul):
            index, low, high = mixture.limits[0]
            for part in mixture.function.args:
                if isinstance(part, Variable) and part.indices == (index,):
                    hints.weights[part.name] = low, high
    for statement in (*statements, *setting.statements):
        for node in walk(statement):
            if isinstance(node, Normal):
                for item in _heads(node.covariance):
                    matrix = getattr(item, "sort", None) is not None and kind_of(item.sort) == "matrix"
                    (hints.definite if matrix else hints.positive).add(item.name)
            elif isinstance(node, log) or (isinstance(node, Pow) and not node.exp.is_Integer):
                hints.positive.update(item.name for item in _heads(node.args[0]))
    return hints


@lru_cache(maxsize=512)
def arguments_of(statements: tuple[Basic, ...], setting: Setting) -> dict[str, frozenset[tuple[Basic, ...]]]:
    """The arguments at which each unknown function is spoken of."""
    found: dict[str, set[tuple[Basic, ...]]] = {}
    for statement in (*statements, *setting.statements):
        for node in walk(statement):
            if isinstance(node, Application):
                found.setdefault(str(node.name), set()).add(node.arguments)
    return {name: frozenset(tuples) for name, tuples in found.items()}


def _heads(term: Basic) -> Iterable[Any]:
    """The parameters that stand bare as a term, or as factors or terms of it."""
    stack = [term]
    while stack:
        node = stack.pop()
        if isinstance(node, (Symbol, Variable)):
            yield node
        elif node.is_Mul or node.is_Add or (node.is_Pow and node.exp != 2):
            stack.extend(node.args)


@lru_cache(maxsize=256)
def _definitions(setting: Setting) -> dict[str, list[tuple[Any, Basic]]]:
    found: dict[str, list[tuple[Any, Basic]]] = {}
    for statement in givens_of(setting).definitions:
        head = statement.lhs
        if isinstance(head, (Symbol, Variable, Application)):
            found.setdefault(str(head.name), []).append((head, statement.rhs))
    return found




@lru_cache(maxsize=256)
def _equations(setting: Setting) -> dict[str, list[Equal]]:
    """The assumed equations that define nothing, by the names of the scalars in them."""
    found: dict[str, list[Equal]] = {}
    for relation in givens_of(setting).bounds:
        if isinstance(relation, Equal) and not any(isinstance(node, Density) for node in walk(relation)):
            for name in {shape_of(item)[0] for item in _occurrences(relation, None)}:
                found.setdefault(name, []).append(relation)
    return found


def _occurrences(equation: Equal, name: str | None) -> list[Any]:
    """The symbols and variables of a name (of any name) in an equation."""
    return [
        item for item in free_variables(equation.lhs) | free_variables(equation.rhs)
        if isinstance(item, (Symbol, Variable)) and (name is None or shape_of(item)[0] == name)
    ]  # fmt: skip


@lru_cache(maxsize=256)
def _bounds(setting: Setting) -> dict[str, list[_Bound]]:
    """For each name the bounds on it: (head, whether on its square, other side, whether above, whether strict)."""
    found: dict[str, list[_Bound]] = {}
    for given in givens_of(setting).bounds:
        relation, ranges = (given.statement, given.ranges) if isinstance(given, Restricted) else (given, ())
        if not isinstance(relation, (Less, LessEqual, Greater, GreaterEqual)):
            continue
        strict = isinstance(relation, (Less, Greater))
        small, large = relation.lhs, relation.rhs
        if isinstance(relation, (Greater, GreaterEqual)):
            small, large = large, small
        for side, other, upper in ((small, large, True), (large, small, False)):
            square = isinstance(side, Pow) and side.exp == 2
            head = side.base if square else side
            if isinstance(head, Application) and upper is False and isinstance(other, Application):
                continue  # of f ≤ g only f is built from the other, so that the two do not run in a circle
            if isinstance(head, Application) and ranges:
                continue
            if isinstance(head, (Symbol, Variable, Application)):
                found.setdefault(str(head.name), []).append((head, square, other, upper, strict, ranges))
    return found
