"""The same refutation with smaller numbers: a world that a person can check.

Starting from a world that refutes, unknown functions become affine or constant, and each parameter and each coordinate
of a point in turn takes the simplest value with which the world still satisfies what is assumed, still gives both
sides a value, and still tells them apart. What is tried is counted, so that the same seed gives the same world.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import flint
from flint import fmpq

from derive.clock import OutOfTime, part, within
from derive.terms import Independent, Statement
from derive.worlds import exact
from derive.worlds.exact import ZERO
from derive.worlds.linear import Matrix, Vector, identity
from derive.worlds.outcomes import NeverExercised, NotExercised, Undefined
from derive.worlds.setting import Key
from derive.worlds.world import World

MOST_TRIED = 48
MOST_TRIED_WITH_LAWS = 16
_SECONDS, _SHARE = 20.0, 0.5
"""What part of the time that is left, and of so long where none is set, may go to looking for a simpler world."""
SIMPLE = [fmpq(n, d) for n, d in ((1, 1), (0, 1), (2, 1), (1, 2), (-1, 1), (1, 4), (3, 4), (4, 1), (3, 1))]

Values = dict[Key, Any]
Built = Callable[[int, Values], World]
"""Makes the world again, with functions of a degree and with some parameters as they are said to be; it is known to
satisfy what is assumed. Raises what building a world raises."""


class Simplest:
    """The search for a simpler world, from one that refutes."""

    def __init__(self, statement: Statement, conditions: tuple[Statement, ...], built: Built, degree: int) -> None:
        self.statement, self.built, self.degree = statement, built, degree
        self.conditions = tuple(c for c in conditions if not isinstance(c, Independent))
        self.left = MOST_TRIED

    def __call__(self, world: World) -> World:
        """The simplest world that was found, in a part of the time; the one that was given, where none is simpler."""
        self.best = world
        try:
            with within(_SECONDS), part(_SHARE):
                self._search(world)
        except OutOfTime:
            pass
        return self.best

    def _search(self, world: World) -> None:
        best = world
        preset: Values = {}
        if getattr(world, "mentions", None) is not None and world.mentions.laws:  # type: ignore[attr-defined]
            self.left = MOST_TRIED_WITH_LAWS
        for degree in range(self.degree):
            found = self._tried(degree, preset, dict(best.point), best)
            if found is not None:
                best = self.best = found
                self.degree = degree
                break
        for key, value in sorted(best.used.items(), key=lambda pair: str(pair[0])):
            if key in best.point:
                choices = [(preset, {**best.point, key: other}) for other in _simpler(value)]
            elif key in best.parameters.drawn:
                choices = [({**preset, key: other}, dict(best.point)) for other in _simpler(value)]
            else:
                continue
            for chosen, point in choices:
                found = self._tried(self.degree, chosen, point, best)
                if found is not None:
                    best = self.best = found
                    preset = chosen
                    break

    def _tried(self, degree: int, preset: Values, point: Values, best: World) -> World | None:
        if self.left <= 0:
            return None
        self.left -= 1
        try:
            world = self.built(degree, preset)
            if world.indices != best.indices:
                return None
            world.point = point
            return world if self._refutes(world, best) else None
        except (NotExercised, NeverExercised, Undefined, RecursionError):
            return None

    def _refutes(self, world: World, best: World) -> bool:
        from derive.worlds.trial import condition_holds
        from derive.worlds.truth import holds

        with flint.ctx.workprec(exact.PRECISION):
            if not all(condition_holds(world, condition) for condition in self.conditions):
                return False
            return holds(world, self.statement) is False and _rough(world, self.statement) <= _rough(
                best, self.statement
            )


def _rough(world: World, statement: Statement) -> int:
    """How many numbers of the two sides are known by their decimals only."""
    sides = [world.value(side) for side in (getattr(statement, "lhs", None), getattr(statement, "rhs", None))
             if side is not None]  # fmt: skip
    return sum(not isinstance(entry, fmpq) for side in sides for entry in _entries(side))


def _entries(value: Any) -> list[Any]:
    if isinstance(value, Vector):
        return list(value.entries)
    return [entry for row in value.rows for entry in row] if isinstance(value, Matrix) else [value]


def _simpler(value: Any) -> Iterator[Any]:
    """Simpler values of the same shape, the simplest first."""
    others: list[Any]
    if isinstance(value, Vector):
        size = len(value.entries)
        others = [Vector(fmpq(int(i == place)) for i in range(size)) for place in range(size)]
        others += [Vector([ZERO] * size), Vector([fmpq(1)] * size)]
    elif isinstance(value, Matrix) and value.shape[0] == value.shape[1]:
        others = [identity(value.shape[0])]
    elif isinstance(value, fmpq):
        others = SIMPLE
    else:
        return
    for other in others:
        if _cost(other) < _cost(value):
            yield other


def _cost(value: Any) -> int:
    """How much there is to write down."""
    return sum(_digits(entry) for entry in _entries(value))


def _digits(entry: Any) -> int:
    if not isinstance(entry, fmpq):
        return 1000
    return 3 * abs(int(entry.p)) + 5 * (int(entry.q) - 1) + (1 if entry < 0 else 2 if entry == 0 else 0)
