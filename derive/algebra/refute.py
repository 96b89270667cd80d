"""Different: a point that satisfies every given, where the two sides are certainly two numbers.

A random point, where two different functions almost surely differ, decides. The point that is shown is looked for when
somebody asks: small numbers, and each name in turn at the simplest value at which the sides still differ. A point where
one side is a number and the other certainly the logarithm or root of a negative refutes too; a division by zero on one
side alone does not, since it is a condition and no value.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sympy import Basic, Rational, Tuple

from derive import balls
from derive.algebra import grids
from derive.algebra.answer import Answer, Shown
from derive.algebra.draws import Draws
from derive.algebra.evaluate import CannotEvaluate, NotHere, Point
from derive.algebra.field import Undefined, Unsupported
from derive.algebra.grids import Grid
from derive.algebra.polynomials import TooLarge
from derive.algebra.sampling import Rejected, Sampler, Taken
from derive.balls import NotDefined, Unsure
from derive.terms import Variable

RANDOM_POINTS = 12
SIMPLE_POINTS = 40
SHRINKING = 120
"""How many points are tried to make a witness simpler."""

BITS = (64, 128, 320)


class Found(NamedTuple):
    """A point at which the sides differ, their values, and whether one of them is none."""

    point: Point
    left: Any
    right: Any
    undefined: bool


class Question:
    """Two sides and the points to tell them apart at; unusable where the givens say more than points can satisfy."""

    def __init__(self, lhs: Basic, rhs: Basic, given: tuple[Any, ...], seed: int) -> None:
        self.lhs, self.rhs, self.seed = lhs, rhs, seed
        self.sampler: Sampler | None = None
        try:
            sampler = Sampler((lhs, rhs), given)
            self.sampler = sampler if sampler.usable else None
        except (TooLarge, Undefined, Unsupported):
            pass
        self.draws = Draws(seed)
        self.hopeless = False

    def once(self) -> Answer | None:
        """Different, where the first random point that satisfies the givens shows it."""
        if self.sampler is None:
            return None
        with balls.precision(BITS[0]):
            for common in (True, False):
                try:
                    return self._at_first(self.sampler.common(self.seed) if common else None)
                except (Rejected, NotDefined):
                    continue
                except NotHere:
                    return None
                except CannotEvaluate:
                    self.hopeless = True
                    return None
                except Unsure:
                    return None
        return None

    def _at_first(self, common: Taken | None) -> Answer | None:
        """Different, where the point that questions under these givens share shows it, or else a point of our own."""
        assert self.sampler is not None
        if common is None:
            found = self._apart(self.sampler.point(self.draws, None))
            return None if found is None or found.undefined else self._answer(found)
        try:
            found = self._apart(common.point)
        except (Rejected, NotDefined, CannotEvaluate, Unsure):
            self.sampler.given_back(common)
            raise
        self.sampler.given_back(common)
        return None if found is None or found.undefined else self._answer(found, common=True)

    def searched(self) -> Answer | None:
        """Different, where some of many points show it."""
        if self.sampler is None or self.hopeless:
            return None
        undefined = None
        for attempt in range(RANDOM_POINTS):
            found = self._tried(None, BITS, attempt % 2 == 1)
            if found is not None and not found.undefined:
                return self._answer(found)
            undefined = undefined or found
        if undefined is not None and not self.sampler.summed:
            return self._answer(undefined)
        return None

    def _tried(self, simple: int | None, precisions: tuple[int, ...], even: bool = False) -> Found | None:
        assert self.sampler is not None
        state = self.draws.place if len(precisions) > 1 else None
        for bits in precisions:
            if state is not None:
                self.draws.place = state
            with balls.precision(bits):
                try:
                    return self._apart(self.sampler.point(self.draws, simple, even))
                except Rejected as error:
                    if not isinstance(error.__cause__, Unsure):
                        return None
                except NotDefined:
                    return None
                except Unsure:
                    continue
                except CannotEvaluate as error:
                    self.hopeless = not isinstance(error, NotHere)
                    return None
        return None

    def _apart(self, point: Point) -> Found | None:
        """The point, where it tells the sides apart; None where they are equal there. Raises `Unsure`."""
        assert self.sampler is not None
        left, right = _side(point, self.lhs), _side(point, self.rhs)
        if left is None or right is None:
            if left is right:
                return None
        elif not _different(left, right):
            if _exact(left) and _exact(right):
                return None
            raise Unsure
        self.sampler.defined(point)
        return Found(point, left, right, left is None or right is None)

    def _answer(self, found: Found, common: bool = False) -> Answer:
        how = "the values differ at a point (ball arithmetic)"
        if found.undefined:
            how = "one side is not defined at a point"
        return Answer("different", how, show=lambda: self._shown(self._own(found) if common else found))

    def _own(self, found: Found) -> Found:
        """The same point for this question alone, without the names of others."""
        assert self.sampler is not None
        with balls.precision(BITS[0]):
            own = self.sampler.common(self.seed, shared=False)
            return (None if own is None else self._apart(own.point)) or found

    # ---- the point that is shown ------------------------------------------------------------------------------------

    def _shown(self, found: Found) -> Shown:
        best = self._simplest(found)
        with balls.precision(BITS[1]):
            return Shown(dict(_values(best.point)), _text(best.left), _text(best.right))

    def _simplest(self, found: Found) -> Found:
        """A point of small numbers, with sides that are fractions if there is one, made smaller name by name."""
        self.draws = Draws(self.seed)
        best: Found | None = None
        for simple in range(SIMPLE_POINTS):
            other = self._tried(simple, BITS[1:2])
            if other is None or other.undefined != found.undefined:
                continue
            if best is None or _readable(other) > _readable(best):
                best = other
            if _readable(best) or simple > SIMPLE_POINTS // 2:
                break
        return self._shrunk(best or found)

    def _shrunk(self, found: Found) -> Found:
        assert self.sampler is not None
        left = SHRINKING
        with balls.precision(BITS[1]):
            for key, term in sorted(found.point.shown.items(), key=str):
                for value in self.sampler.simpler(term, found.point.values[key]):
                    left -= 1
                    if left < 0:
                        return found
                    try:
                        other = self._apart(self.sampler.again(found.point, {key: value}))
                    except (Rejected, Unsure, CannotEvaluate, NotDefined):
                        continue
                    if other and other.undefined == found.undefined and _readable(other) >= _readable(found):
                        found = other
                        break
        return found


def _readable(found: Found) -> bool:
    return all(side is None or _exact(side) for side in (found.left, found.right))


def satisfiable(given: tuple[Any, ...], seed: int) -> bool | None:
    """True where a point is found that satisfies the givens; None where none is (which shows no contradiction)."""
    try:
        sampler = Sampler((), given)
    except (TooLarge, Undefined, Unsupported):
        return None
    if not sampler.usable:
        return None
    draws = Draws(seed)
    with balls.precision(BITS[1]):
        for attempt in range(2 * SIMPLE_POINTS):
            try:
                point = sampler.point(draws, None if attempt % 2 else attempt)
                sampler.defined(point)
            except (Rejected, Unsure, CannotEvaluate, NotDefined):
                continue
            return True
    return None


# ---- values ---------------------------------------------------------------------------------------------------------


def _side(point: Point, term: Basic) -> Any:
    """The value, or None where it is certainly the logarithm or root of a negative."""
    try:
        return point(term)
    except NotDefined as error:
        if error.pole:
            raise Unsure from error
        return None


def _entries(value: Any) -> list[Any] | None:
    return list(value.entries) if isinstance(value, Grid) else value if isinstance(value, list) else None


def _exact(value: Any) -> bool:
    entries = _entries(value)
    return all(map(balls.exact, [value] if entries is None else entries))


def _different(left: Any, right: Any) -> bool:
    first, second = _entries(left), _entries(right)
    if first is None and second is None:
        return balls.sign(left - right) in (1, -1)
    if first is not None and second is not None and grids.shape(left) != grids.shape(right):
        raise NotHere("two sides whose sizes differ at this point")
    first = [left] * len(second or ()) if first is None else first
    second = [right] * len(first) if second is None else second
    return any(balls.sign(a - b) in (1, -1) for a, b in zip(first, second, strict=True))


def _text(value: Any) -> str:
    if value is None:
        return "undefined"
    if isinstance(value, Grid):
        return "[" + "; ".join(", ".join(map(balls.show, row)) for row in value.rows) + "]"
    if isinstance(value, list):
        return "(" + ", ".join(map(balls.show, value)) + ")"
    return balls.show(value)


def _values(point: Point) -> Iterator[tuple[Any, Any]]:
    """The free parameters' values, and those of defined ones that came up and are rational."""
    found = {
        point.shown.get(key) or _variable(key): value for key, value in point.values.items() if key in point.used
    }
    found |= {atom: point.defined[atom] for atom in point.definitions if atom in point.defined}
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
