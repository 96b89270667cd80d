"""Different: a point that satisfies every given, where the two sides are certainly two numbers.

First random points, where two different functions almost surely differ; then small rational ones, to show. A point
where one side is a number and the other certainly the logarithm or root of a negative refutes too; a division by zero
on one side alone does not, since it is a condition and no value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from random import Random
from typing import Any

from sympy import Basic, Pow, Product, Rational, Sum, Symbol, Tuple

from derive import balls
from derive.algebra import grids
from derive.algebra.answer import Answer
from derive.algebra.evaluate import CannotEvaluate, Point
from derive.algebra.express import value_term
from derive.algebra.field import TooLarge, Undefined, Value
from derive.algebra.givens import STRICT, links, within
from derive.algebra.grids import Grid
from derive.algebra.normal import Converter, Unsupported
from derive.balls import NotDefined, Unsure
from derive.terms import (
    INDEX,
    Definition,
    Density,
    Distributed,
    Equal,
    Greater,
    GreaterEqual,
    Independent,
    Member,
    Normal,
    PositiveDefinite,
    PositiveSemidefinite,
    Probability,
    Run,
    Transpose,
    Unequal,
    Variable,
    free_variables,
)

RANDOM_POINTS = 12
SIMPLE_POINTS = 80
BITS = (64, 128, 320)
SIMPLE = [Fraction(n, d) for n, d in ((2, 1), (1, 1), (3, 1), (1, 2), (4, 1), (1, 4), (5, 1), (3, 4), (1, 3), (2, 3))]
SHARES = [Fraction(n, d) for n, d in ((1, 2), (1, 4), (3, 4), (1, 3), (2, 3), (1, 5), (4, 5))]


CHECKED = (*STRICT, Equal, Definition, Unequal)
IGNORED = (Member, Distributed, Independent, PositiveDefinite, PositiveSemidefinite)
"""Givens that leave the free parameters free; with any other nothing is refuted."""


class _Rejected(Exception):
    """The point does not satisfy the givens, or is not shown to."""


class Sampler:
    """Points that satisfy the givens: definitions are evaluated, the rest is drawn and checked."""

    def __init__(self, sides: tuple[Basic, ...], given: tuple[Any, ...]) -> None:
        self.sides = sides
        self.given = links(given)
        convert = within(given, lambda fresh: fresh)
        self.definitions = _meanings(convert)
        self.choices, self.solved = convert.choices, convert.solved
        self.usable = all(type(statement) in CHECKED or isinstance(statement, IGNORED) for statement in self.given)
        self.normals = _normals(self.given)
        self.usable = self.usable and not (_tied(self.given) & _reached(sides, self.definitions))
        self.symmetric = convert.symmetric
        self.definite = {s.args[0] for s in self.given if isinstance(s, (PositiveDefinite, PositiveSemidefinite))}
        self.usable = self.usable and all(isinstance(term, Variable) for term in self.definite - set(self.definitions))
        self.checks = [statement for statement in self.given if self._checked(statement)]
        self.numbers = {s.variable for s in self.given if isinstance(s, Member) and s.domain == INDEX}
        self._find_whole((*sides, *self.definitions, *self.definitions.values(), *self.checks))
        self.bounds = _bounds(self.checks)

    def _checked(self, statement: Any) -> bool:
        if statement in self.solved:
            return False
        if isinstance(statement, (Equal, Definition)):
            return not any(isinstance(side, (Density, Normal)) for side in (statement.lhs, statement.rhs))
        if isinstance(statement, Unequal) or type(statement) in STRICT:
            return not any(isinstance(side, (Density, Probability)) for side in (statement.lhs, statement.rhs))
        return False

    def _find_whole(self, terms: tuple[Any, ...]) -> None:
        """Symbols that stand in indices, limits, sizes of vectors and exponents are drawn as whole numbers."""
        whole, self.sizes, self.summed = set(self.numbers), set[Any](), False
        self.indexed: set[Variable] = set()
        stack, seen = list(terms), set[Any]()
        while stack:
            node = stack.pop()
            if node in seen or not isinstance(node, Basic):
                continue
            seen.add(node)
            if isinstance(node, Variable):
                self.indexed.add(node)
                for index in node.indices:
                    whole |= index.free_symbols
                for size in node.sort.shape:
                    self.sizes |= size.free_symbols
                continue
            if isinstance(node, Run):
                continue
            if isinstance(node, (Sum, Product)):
                self.summed = True
                for limit in node.limits:
                    for bound in limit[1:]:
                        whole |= bound.free_symbols
            if isinstance(node, Pow) and not node.exp.is_number and isinstance(node.exp, Symbol):
                whole.add(node.exp)
            stack.extend(node.args)
        whole |= self.sizes
        free = frozenset[Any]().union(*map(free_variables, terms))
        self.indexed = {item for item in self.indexed if all(i.free_symbols <= free for i in item.indices)}
        whole &= free
        self.whole = sorted((s for s in whole if isinstance(s, Symbol) and s not in self.definitions), key=str)

    def point(self, rng: Random, simple: int | None) -> Point:
        """A point that satisfies the givens. Raises _Rejected."""

        def draw(term: Any, kind: str, shape: tuple[int, ...]) -> Any:
            if kind == "vector":
                return [self._number(None, rng, simple) for _ in range(shape[0])]
            if kind == "matrix":
                return self._matrix(term, shape, rng, simple)
            if kind in ("scalar", "index"):
                return self._number(term, rng, simple)
            raise CannotEvaluate(f"a {kind} is not drawn here")

        definitions = self.definitions | {atom: rng.choice(roots) for atom, roots in self.choices.items()}
        point = Point(draw, definitions, self._whole_numbers(rng, simple))
        for _ in range(8):  # rather a point where x_t and x_0 are two variables
            if len(set(map(point.key, self.indexed))) == len(self.indexed):
                break
            point = Point(draw, definitions, self._whole_numbers(rng, simple))
        for statement in self.checks:
            self._check(point, statement)
        return point

    def defined(self, point: Point) -> None:
        """Refuse a point where a given definition or law has no meaning: the root of a negative, a variance ≤ 0."""
        for meaning in (*point.definitions.values(), *(normal.mean for normal in self.normals)):
            self._value(point, meaning)
        for normal in self.normals:
            variance = normal.variance
            value = None if variance is None else self._value(point, variance)
            if value is not None and balls.sign(value) != 1:
                raise _Rejected

    @staticmethod
    def _value(point: Point, term: Basic) -> Any:
        try:
            return point(term)
        except CannotEvaluate:
            return None  # a matter of laws and functions, which may be chosen to fit
        except NotDefined as error:
            raise _Rejected from error

    def _whole_numbers(self, rng: Random, simple: int | None) -> dict[Any, int]:
        chosen = {}
        for symbol in self.whole:
            low, high = self.bounds.get(symbol, (None, None))
            first = 1 if low is None else max(int(low), 0)
            if symbol in self.sizes:
                chosen[symbol] = max(first, 1) + (rng.randrange(2) if simple is not None else 1)
            else:
                last = first + 6 if high is None else int(high)
                chosen[symbol] = rng.randint(first, max(first, last))
        return chosen

    def _number(self, term: Any, rng: Random, simple: int | None) -> Any:
        low, high = self.bounds.get(term, (None, None))
        if simple is None:
            share = Fraction(rng.randrange(1, 1 << 20), 1 << 20)
            size = Fraction(rng.randrange(1, 1 << 20), 1 << (18 + rng.randrange(3)))
        else:
            share = SHARES[rng.randrange(min(len(SHARES), 1 + simple // 8))]
            size = SIMPLE[rng.randrange(min(len(SIMPLE), 2 + simple // 6))]
        if low is not None and high is not None:
            number = low + (high - low) * share
        elif low is not None:
            number = low + size
        elif high is not None:
            number = high - size
        else:
            number = size if rng.randrange(3) else -size
        return balls.rational(number)

    def _matrix(self, term: Any, shape: tuple[int, ...], rng: Random, simple: int | None) -> Grid:
        rows = [[self._number(None, rng, simple) for _ in range(shape[1])] for _ in range(shape[0])]
        grid = Grid(tuple(map(tuple, rows)))
        if term in self.definite:
            return grids.total([grids.product(grid, grids.transposed(grid)), grids.identity(shape[0])])
        return grids.total([grid, grids.transposed(grid)]) if term in self.symmetric else grid

    def _check(self, point: Point, statement: Any) -> None:
        try:
            left, right = point(statement.lhs), point(statement.rhs)
        except (CannotEvaluate, NotDefined, Unsure) as error:
            raise _Rejected from error
        if isinstance(left, (list, Grid)) or isinstance(right, (list, Grid)):
            if not _symmetry(statement):
                raise _Rejected
            return
        if isinstance(statement, (Greater, GreaterEqual)):
            left, right = right, left
        found = balls.sign(right - left)
        if isinstance(statement, (Equal, Definition)):
            fits = found == 0 and balls.exact(left) and balls.exact(right)
        elif isinstance(statement, Unequal):
            fits = found in (1, -1)
        else:
            fits = found == 1 or (found == 0 and not STRICT[type(statement)])
        if not fits:
            raise _Rejected


def _tied(given: tuple[Any, ...]) -> set[Any]:
    """The parameters of a law of which several Gaussians are given: they determine each other (a posterior does)."""
    by_law: dict[Any, list[Normal]] = {}
    for statement in given:
        if isinstance(statement, (Equal, Definition)):
            for side, other in ((statement.lhs, statement.rhs), (statement.rhs, statement.lhs)):
                if isinstance(side, Density):
                    by_law.setdefault(side.law.name, []).extend(_normals((other,)))
    return {
        atom
        for normals in by_law.values() if len(normals) > 1
        for normal in normals
        for atom in _reached((normal.mean, normal.covariance), {})
    }  # fmt: skip


def _reached(terms: Iterable[Basic], definitions: dict[Any, Basic]) -> set[Any]:
    """The free parameters in terms and in what defines them."""
    found, stack, seen = set[Any](), list(terms), set[Basic]()
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if node in definitions:
            stack.append(definitions[node])
        if isinstance(node, (Symbol, Variable)):
            found.add(node)
        else:
            stack.extend(node.args)
    return found


def _normals(given: tuple[Any, ...]) -> list[Normal]:
    found, stack = [], list(given)
    while stack:
        node = stack.pop()
        if isinstance(node, Normal):
            found.append(node)
        if isinstance(node, Basic):
            stack.extend(node.args)
    return found


def _symmetry(statement: Any) -> bool:
    """Aᵀ = A, which the drawn matrices satisfy."""
    return isinstance(statement, Equal) and any(
        isinstance(side, Transpose) and side.args[0] == other and isinstance(other, Variable)
        for side, other in ((statement.lhs, statement.rhs), (statement.rhs, statement.lhs))
    )


def _meanings(convert: Converter) -> dict[Any, Basic]:
    """The definitions as terms, those that were solved for included."""
    found = {}
    for key, meaning in convert.definitions.items():
        if isinstance(key, Basic):
            if isinstance(meaning, Basic):
                found[key] = meaning
            elif isinstance(meaning, Value):
                found[key] = value_term(convert, meaning)
    for atom, meaning in convert.opaque_definitions.items():
        found[atom] = meaning
    return found


def _bounds(checks: list[Any]) -> dict[Any, tuple[Fraction | None, Fraction | None]]:
    """The rational bounds of single atoms, to draw from."""
    found: dict[Any, tuple[Fraction | None, Fraction | None]] = {}
    for statement in checks:
        if type(statement) not in STRICT:
            continue
        low, high = statement.lhs, statement.rhs
        if isinstance(statement, (Greater, GreaterEqual)):
            low, high = high, low
        if isinstance(low, Rational):
            before = found.get(high, (None, None))
            number = Fraction(int(low.p), int(low.q))
            found[high] = (number if before[0] is None else max(number, before[0]), before[1])
        if isinstance(high, Rational):
            before = found.get(low, (None, None))
            number = Fraction(int(high.p), int(high.q))
            found[low] = (before[0], number if before[1] is None else min(number, before[1]))
    return found


def refute(lhs: Basic, rhs: Basic, given: tuple[Any, ...], seed: int) -> Answer | None:
    """A point where the sides differ, as an answer; None where none was found."""
    try:
        sampler = Sampler((lhs, rhs), given)
    except (TooLarge, Undefined, Unsupported):
        return None
    if not sampler.usable:
        return None
    rng = Random(seed)
    undefined = None
    for _ in range(RANDOM_POINTS):
        found = _tried(sampler, lhs, rhs, rng, None)
        if found is not None and found[3]:
            undefined = undefined or found
            found = None
        if found is not None:
            return _answer(_simplest(sampler, lhs, rhs, seed, False) or found)
    if undefined is not None and not sampler.summed:
        return _answer(_simplest(sampler, lhs, rhs, seed, True) or undefined)
    return None


def satisfiable(given: tuple[Any, ...], seed: int) -> bool | None:
    """True where a point is found that satisfies the givens; None where none is (which shows no contradiction)."""
    try:
        sampler = Sampler((), given)
    except (TooLarge, Undefined, Unsupported):
        return None
    if not sampler.usable:
        return None
    rng = Random(seed)
    with balls.precision(BITS[1]):
        for attempt in range(SIMPLE_POINTS):
            try:
                point = sampler.point(rng, None if attempt % 2 else attempt)
                sampler.defined(point)
            except (_Rejected, Unsure, CannotEvaluate):
                continue
            return True
    return None


Found = tuple[dict[Any, Any], str, str, bool]


def _simplest(sampler: Sampler, lhs: Basic, rhs: Basic, seed: int, undefined: bool) -> Found | None:
    rng = Random(seed)
    for simple in range(SIMPLE_POINTS):
        found = _tried(sampler, lhs, rhs, rng, simple)
        if found is not None and found[3] == undefined:
            return found
    return None


def _tried(sampler: Sampler, lhs: Basic, rhs: Basic, rng: Random, simple: int | None) -> Found | None:
    state = rng.getstate()
    for bits in BITS:
        rng.setstate(state)
        with balls.precision(bits):
            try:
                point = sampler.point(rng, simple)
                left, right = _side(point, lhs), _side(point, rhs)
                shown = dict(_values(point))
                sampler.defined(point)
            except _Rejected as error:
                if isinstance(error.__cause__, Unsure):
                    continue
                return None
            except (CannotEvaluate, Unsure) as error:
                if isinstance(error, Unsure):
                    continue
                return None
            if left is None or right is None:
                if left is None and right is None:
                    return None
                return shown, _shown(left), _shown(right), True
            if _apart(left, right):
                return shown, _shown(left), _shown(right), False
            if balls.exact(left) and balls.exact(right):
                return None
    return None


def _side(point: Point, term: Basic) -> Any:
    """The value, or None where it is certainly the logarithm or root of a negative."""
    try:
        return point(term)
    except NotDefined as error:
        if error.pole:
            raise Unsure from error
        return None


def _apart(left: Any, right: Any) -> bool:
    left, right = (side.entries if isinstance(side, Grid) else side for side in (left, right))
    if isinstance(left, list) or isinstance(right, list):
        pairs = zip(left if isinstance(left, list) else [left] * len(right),
                    right if isinstance(right, list) else [right] * len(left), strict=True)  # fmt: skip
        return any(_apart(a, b) for a, b in pairs)
    return balls.sign(left - right) in (1, -1)


def _shown(value: Any) -> str:
    if value is None:
        return "undefined"
    if isinstance(value, Grid):
        return "[" + "; ".join(", ".join(map(balls.show, row)) for row in value.rows) + "]"
    if isinstance(value, list):
        return "(" + ", ".join(map(balls.show, value)) + ")"
    return balls.show(value)


def _answer(found: Found) -> Answer:
    witness, left, right, undefined = found
    how = "one side is not defined at a point" if undefined else "the values differ at a point (ball arithmetic)"
    return Answer("different", how, witness=witness, lhs=left, rhs=right)


def _values(point: Point) -> Iterator[tuple[Any, Any]]:
    """The free parameters' values, and those of defined ones that came up and are rational."""
    found = {
        point.shown.get(key) or _variable(key): value for key, value in point.values.items() if key in point.used
    }
    found |= {atom: point.memo[atom] for atom in point.definitions if atom in point.memo}
    for term, value in sorted(found.items(), key=lambda item: str(item[0])):
        if isinstance(value, Grid):
            if all(map(balls.exact, value.entries)):
                yield term, Tuple(*(Tuple(*map(_rational, row)) for row in value.rows))
        elif isinstance(value, list):
            if all(map(balls.exact, value)):
                yield term, Tuple(*map(_rational, value))
        elif balls.exact(value):
            yield term, _rational(value)


def _variable(key: Any) -> Any:
    return Variable(key[0], key[1], *key[2]) if isinstance(key, tuple) else key


def _rational(value: Any) -> Rational:
    return Rational(int(value.p), int(value.q))
