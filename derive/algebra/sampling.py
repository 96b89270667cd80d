"""Points that satisfy the givens: definitions are evaluated, what is free is drawn, and the givens are checked.

What depends on the givens alone is found once for all questions under them. A drawn number lies between the bounds
that are given for it by numbers, and between those other names give it as far as these have been drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from flint import fmpq
from sympy import Basic, Integer, Rational, S, Symbol

from derive import balls
from derive.algebra import grids
from derive.algebra.draws import Draws, DrawsOf
from derive.algebra.evaluate import CannotEvaluate, NotHere, Point
from derive.algebra.express import value_term
from derive.algebra.field import Value
from derive.algebra.givens import STRICT, links, reader
from derive.algebra.grids import Grid
from derive.algebra.mentioned import Mentioned, mentioned
from derive.algebra.normal import Converter
from derive.balls import NotDefined, Unsure
from derive.clock import tick
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
    Transpose,
    Unequal,
    Variable,
)
from derive.terms.times import times_in

SIMPLE = [fmpq(n, d) for n, d in ((1, 1), (2, 1), (1, 2), (3, 1), (4, 1), (1, 4), (5, 1), (3, 4), (1, 3), (2, 3))]
SHARES = [fmpq(n, d) for n, d in ((1, 2), (1, 4), (3, 4), (1, 3), (2, 3), (1, 5), (4, 5))]
FREE = [fmpq(n, d) for n, d in ((0, 1), (1, 1), (-1, 1), (2, 1), (-2, 1), (1, 2), (3, 1))]
"""Values for a name, the simplest first: beyond a bound, between two, and where there is none."""

TRIES = 4
"""How many points by name are tried, where some do not satisfy the givens."""

MOST_KEPT, MOST_POINTS = 4096, 8
"""How many values a point that questions share may hold, and how many such points there are for some givens."""

CHECKED = (*STRICT, Equal, Definition, Unequal)
IGNORED = (Member, Distributed, Independent, PositiveDefinite, PositiveSemidefinite)
"""Givens that leave the free parameters free; with any other nothing is refuted."""


class Rejected(Exception):
    """The point does not satisfy the givens, or is not shown to."""


class Taken(NamedTuple):
    """A point by name, the place that it is kept at, and the variables with indices that were asked for at it."""

    point: Point
    place: Any
    indexed: frozenset[Variable]


class Known:
    """What the givens say of points, whatever the question."""

    def __init__(self, given: tuple[Any, ...]) -> None:
        self.given = links(given)
        convert = reader(given)
        self.definitions = _meanings(convert)
        self.choices, self.symmetric = convert.choices, convert.symmetric
        self.usable = all(type(statement) in CHECKED or isinstance(statement, IGNORED) for statement in self.given)
        self.normals = _normals(self.given)
        self.tied = _tied(self.given)
        self.definite = {s.args[0] for s in self.given if isinstance(s, (PositiveDefinite, PositiveSemidefinite))}
        self.usable = self.usable and all(isinstance(term, Variable) for term in self.definite - set(self.definitions))
        checks = [statement for statement in self.given if _checked(statement, convert.solved)]
        self.numbers = {s.variable for s in self.given if isinstance(s, Member) and s.domain == INDEX}
        self.times = times_in(self.given)
        self.bounds, self.relative = _bounds(checks)
        self.assured = [(atom, s) for s in checks for atom in _drawn_within(s) if self._is_drawn(atom)]
        within_bounds = {id(statement) for _, statement in self.assured}
        self.checks = [statement for statement in checks if id(statement) not in within_bounds]
        self.points: dict[Any, Taken] = {}  # those that questions share, each at its place
        self.refused = set[Any]()  # the places at which the point does not satisfy the givens
        self.names = Mentioned((*self.definitions, *self.definitions.values(), *checks))


    def _is_drawn(self, atom: Any) -> bool:
        """Whether a name is drawn between its bounds, and there is something between them."""
        low, high = self.bounds.get(atom, (None, None))
        return atom not in self.definitions and atom not in self.choices and (
            low is None or high is None or bool(low < high)
        )  # fmt: skip


@lru_cache(maxsize=256)
def known(given: tuple[Any, ...]) -> Known:
    """What the givens say of points."""
    return Known(given)


class Sampler:
    """Points for one question."""

    def __init__(self, sides: tuple[Basic, ...], given: tuple[Any, ...]) -> None:
        self.sides = sides
        self.known = known(given)
        self.usable = self.known.usable and not (
            self.known.tied and self.known.tied & _reached(sides, self.known.definitions)
        )
        spoken = [part for part in (*map(mentioned, sides), self.known.names) if not part.plain]
        self.summed, self.whole = False, list[Any]()
        self.sizes, self.indexed, self.times = frozenset[Any](), frozenset[Variable](), frozenset[Any]()
        self.checks, self.doubtful = self.known.checks, list[Any]()
        if spoken or self.known.numbers:
            self._bring_together(spoken)

    def _bring_together(self, spoken: list[Mentioned]) -> None:
        """Whole numbers, sizes and indexed variables of the sides and of the givens."""
        self.summed = any(part.summed for part in spoken)
        self.sizes = self.sizes.union(*(part.sizes for part in spoken))
        self.indexed = self.indexed.union(*(part.indexed for part in spoken))
        whole = self.known.numbers.union(*(part.whole for part in spoken))
        self.times = frozenset(whole) & (self.known.times | times_in(self.sides))
        whole -= self.times
        self.whole = sorted((s for s in whole if isinstance(s, Symbol) and s not in self.known.definitions), key=_name)
        if self.known.assured:
            self.checks = self.checks + [statement for atom, statement in self.known.assured if atom in whole]
            self.doubtful = [s for atom, s in self.known.assured if isinstance(atom, Variable) and atom.indices]

    def point(self, draws: Draws, simple: int | None, even: bool = False) -> Point:
        """A point that satisfies the givens. Raises `Rejected`.

        `even` says that a name without bounds is as often negative as positive.
        """
        tick()
        definitions = self.known.definitions
        if self.known.choices:
            definitions = definitions | {atom: draws.choice(roots) for atom, roots in self.known.choices.items()}
        point = Point(_not_drawn, definitions, self._whole_numbers(draws, simple))
        for _ in range(8):  # rather a point where x_t and x_0 are two variables
            if self._distinct(point):
                break
            point = Point(_not_drawn, definitions, self._whole_numbers(draws, simple))

        def draw(term: Any, kind: str, shape: tuple[int, ...]) -> Any:
            return self._drawn(term, kind, shape, draws, simple, even, point)

        point.draw = draw
        return self.checked(point)

    def common(self, seed: int, *, shared: bool = True) -> Taken | None:
        """A point at which each name's value comes from the seed and the name alone, so that it does not matter what
        else it was asked: questions under the same givens share it, with all that they found there.

        None where no such point satisfies the givens, or two names of one variable may have been drawn within the
        bounds of one of them. Nobody else has a shared point until it is given back.
        """
        if self.doubtful and self.summed:
            return None
        tick()
        for variant in range(seed * TRIES, (seed + 1) * TRIES):
            place = (variant, self.sizes, self.times, *self.whole)
            if place in self.known.refused:
                continue
            kept = self.known.points.pop(place, None) if shared else None
            if kept is not None and self._distinct(kept.point, kept.indexed):
                return kept._replace(indexed=kept.indexed | self.indexed)
            point = self._by_name(variant)
            if not self._distinct(point):
                continue
            try:
                for atom in self.known.relative:  # each between those before it
                    point(atom)
                return Taken(self.checked(point), place, self.indexed)
            except (Rejected, NotDefined):
                self.known.refused.add(place)
        return None

    def _by_name(self, variant: int) -> Point:
        definitions = self.known.definitions
        if self.known.choices:
            chosen = {
                atom: DrawsOf(variant, str(atom.name)).choice(roots) for atom, roots in self.known.choices.items()
            }
            definitions = definitions | chosen
        point = Point(_not_drawn, definitions, self._whole_numbers(Draws(variant), None))

        def draw(term: Any, kind: str, shape: tuple[int, ...]) -> Any:
            return self._drawn(term, kind, shape, DrawsOf(variant, _named(point.key(term))), None, False, point)

        point.draw = draw
        return point

    def given_back(self, taken: Taken) -> None:
        """Leave a point to the next question, unless it has become large."""
        points = self.known.points
        if len(taken.point.memo) < MOST_KEPT:
            if len(points) >= MOST_POINTS:
                points.clear()
            points[taken.place] = taken

    def _distinct(self, point: Point, beside: frozenset[Variable] = frozenset()) -> bool:
        """Whether names that are written differently, these and others, are different variables at this point."""
        names = self.indexed | beside if beside else self.indexed
        return len(names) < 2 or len(set(map(point.key, names))) == len(names)

    def again(self, point: Point, values: Mapping[Any, Any]) -> Point:
        """The point with other values for some of what was drawn. Raises `Rejected`."""
        whole = {name: int(point.values[name].p) for name in self.whole}
        fresh = Point(_not_drawn, point.definitions, whole)
        fresh.values, fresh.used, fresh.shown = {**point.values, **values}, set(point.used), point.shown
        return self.checked(fresh)

    def checked(self, point: Point) -> Point:
        """The point, where it satisfies the givens, and each time is other than all others and than a whole number."""
        times = [value for value in map(point.values.get, self.times) if value is not None]
        if len(set(times)) < len(times) or any(balls.exact(value) and value.q == 1 for value in times):
            raise Rejected
        for statement in self.checks:
            _check(point, statement)
        if self.doubtful and (self.summed or not self._distinct(point)):
            for statement in self.doubtful:  # drawn for another name of the same variable, within that one's bounds
                _check(point, statement)
        return point

    def defined(self, point: Point) -> None:
        """Refuse a point where a given definition or law has no meaning: the root of a negative, a variance ≤ 0."""
        for meaning in (*point.definitions.values(), *(normal.mean for normal in self.known.normals)):
            _value(point, meaning)
        for normal in self.known.normals:
            variance = normal.variance
            value = None if variance is None else _value(point, variance)
            if value is not None and balls.sign(value) != 1:
                raise Rejected

    def simpler(self, term: Any, value: Any) -> list[Any]:
        """Values for a name that are simpler than this one, the simplest first."""
        if isinstance(value, list):
            size = len(value)
            units = [[fmpq(int(i == place)) for i in range(size)] for place in range(size)]
            found: list[Any] = [[fmpq(0)] * size, *units, [fmpq(1)] * size]
            found += [[entry if i != place else fmpq(0) for i, entry in enumerate(value)] for place in range(size)]
        elif isinstance(value, Grid):
            size = len(value.rows)
            found = [grids.identity(size)] if all(len(row) == size for row in value.rows) else []
        else:
            low, high = self.known.bounds.get(term, (None, None))
            if low is not None and high is not None:
                found = [low + (high - low) * share for share in SHARES]
            elif low is not None:
                found = [low + size for size in SIMPLE]
            else:
                found = FREE if high is None else [high - size for size in SIMPLE]
        return found[: found.index(value)] if value in found else found

    # ---- drawing ---------------------------------------------------------------------------------------------------

    def _drawn(
        self, term: Any, kind: str, shape: tuple[int, ...], draws: Draws, simple: int | None, even: bool, point: Point
    ) -> Any:
        if kind in ("scalar", "index"):
            return self._number(term, draws, simple, even, point)
        if kind == "vector":
            return [self._number(None, draws, simple, even, point) for _ in range(shape[0])]
        if kind == "matrix":
            return self._matrix(term, shape, draws, simple, even, point)
        raise CannotEvaluate(f"a {kind} is not drawn here")

    def _whole_numbers(self, draws: Draws, simple: int | None) -> dict[Any, int]:
        chosen = {}
        for symbol in self.whole:
            low, high = self.known.bounds.get(symbol, (None, None))
            first = 1 if low is None else max(int(low), 0)
            if symbol in self.sizes:
                chosen[symbol] = max(first, 1) + (1 if simple is None else draws.below(2) if simple > 8 else 0)
            else:
                last = first + (6 if simple is None else 1 + simple // 4) if high is None else int(high)
                chosen[symbol] = first + draws.below(max(first, last) - first + 1)
        return chosen

    def _number(self, term: Any, draws: Draws, simple: int | None, even: bool, point: Point) -> Any:
        low, high = self.known.bounds.get(term, (None, None))
        for other, upper in self.known.relative.get(term, ()):
            value = point.values.get(point.key(other))
            if value is not None and balls.exact(value):
                if upper:
                    high = value if high is None else min(high, value)
                else:
                    low = value if low is None else max(low, value)
                if low == high:
                    raise Rejected
        if simple is None:
            share = fmpq(2 * draws.bits(7) + 1, 256)
            size = fmpq(1 + draws.bits(9), 128 << draws.bits(2))
        else:
            share = SHARES[draws.below(min(len(SHARES), 1 + simple // 4))]
            size = SIMPLE[draws.below(min(len(SIMPLE), 2 + simple // 3))]
        if low is not None and high is not None:
            if low > high:
                raise Rejected
            return low + (high - low) * share
        if low is not None:
            return low + size
        if high is not None:
            return high - size
        return size if draws.bits(1 if even else 2) else -size

    def _matrix(
        self, term: Any, shape: tuple[int, ...], draws: Draws, simple: int | None, even: bool, point: Point
    ) -> Grid:
        rows = [[self._number(None, draws, simple, even, point) for _ in range(shape[1])] for _ in range(shape[0])]
        grid = Grid(tuple(map(tuple, rows)))
        if term in self.known.definite:
            return grids.total([grids.product(grid, grids.transposed(grid)), grids.identity(shape[0])])
        return grids.total([grid, grids.transposed(grid)]) if term in self.known.symmetric else grid


def _name(symbol: Symbol) -> str:
    return str(symbol.name)


def _named(key: Any) -> str:
    """The name of a variable at a point, by `Point.key`."""
    return f"{key[0]}{key[2]}" if isinstance(key, tuple) else str(key.name)


def _not_drawn(term: Any, kind: str, shape: tuple[int, ...]) -> Any:
    raise NotHere("a name that the first point did not need")


def _value(point: Point, term: Basic) -> Any:
    if term.has(S.ImaginaryUnit):  # the root of a negative number
        raise Rejected
    try:
        return point(term)
    except CannotEvaluate:
        return None  # a matter of laws and functions, which may be chosen to fit
    except NotDefined as error:
        raise Rejected from error


def _check(point: Point, statement: Any) -> None:
    try:
        left, right = point(statement.lhs), point(statement.rhs)
    except (CannotEvaluate, NotDefined, Unsure) as error:
        raise Rejected from error
    if isinstance(left, (list, Grid)) or isinstance(right, (list, Grid)):
        if not _symmetry(statement):
            raise Rejected
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
        raise Rejected


# ---- what the givens say --------------------------------------------------------------------------------------------


def _checked(statement: Any, solved: set[Any]) -> bool:
    if statement in solved:
        return False
    if isinstance(statement, (Equal, Definition)):
        return not any(isinstance(side, (Density, Normal)) for side in (statement.lhs, statement.rhs))
    if isinstance(statement, Unequal) or type(statement) in STRICT:
        return not any(isinstance(side, (Density, Probability)) for side in (statement.lhs, statement.rhs))
    return False


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


def _reached(terms: Iterable[Basic], definitions: Mapping[Any, Basic]) -> set[Any]:
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


def _normals(given: Iterable[Any]) -> list[Normal]:
    found, stack, seen = dict[Normal, None](), list(given), set[Any]()
    while stack:
        node = stack.pop()
        if type(node) in _LEAVES or node in seen or not isinstance(node, Basic):
            continue
        seen.add(node)
        if isinstance(node, Normal):
            found[node] = None
        stack += node.args
    return list(found)


_LEAVES = {Symbol, Variable, *(type(number) for number in (S.One, S.Zero, S.NegativeOne, S.Half)), Integer}


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


def _drawn_within(statement: Any) -> list[Any]:
    """The name that a statement bounds by a number, so that every number that is drawn for it is within the bound."""
    if type(statement) not in STRICT:
        return []
    pairs = ((statement.lhs, statement.rhs), (statement.rhs, statement.lhs))
    return [atom for atom, number in pairs if isinstance(atom, (Symbol, Variable)) and isinstance(number, Rational)]


Bounds = dict[Any, tuple[Any, Any]]


def _bounds(checks: list[Any]) -> tuple[Bounds, dict[Any, list[tuple[Any, bool]]]]:
    """The rational bounds of single names, to draw from, and the names that are bounds of others (True: from above)."""
    found: Bounds = {}
    pairs: list[tuple[Any, Any]] = []
    for statement in checks:
        if type(statement) not in STRICT:
            continue
        low, high = statement.lhs, statement.rhs
        if isinstance(statement, (Greater, GreaterEqual)):
            low, high = high, low
        if isinstance(low, Rational):
            _tighten(found, high, balls.rational(low), None)
        if isinstance(high, Rational):
            _tighten(found, low, None, balls.rational(high))
        if all(isinstance(side, (Symbol, Variable)) for side in (low, high)):
            pairs.append((low, high))
    for _ in pairs:
        for low, high in pairs:
            _tighten(found, high, found.get(low, (None, None))[0], None)
            _tighten(found, low, None, found.get(high, (None, None))[1])
    relative: dict[Any, list[tuple[Any, bool]]] = {}
    for low, high in pairs:
        relative.setdefault(low, []).append((high, True))
        relative.setdefault(high, []).append((low, False))
    return found, relative


def _tighten(found: Bounds, name: Any, low: Any, high: Any) -> None:
    below, above = found.get(name, (None, None))
    if low is not None:
        below = low if below is None else max(below, low)
    if high is not None:
        above = high if above is None else min(above, high)
    if (below, above) != (None, None):
        found[name] = (below, above)


