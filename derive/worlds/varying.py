"""Laws that vary with a parameter, q_φ: a table at the world's φ, and how fast each of its cells moves with φ there.

    q_φ(cell) = w + Σ_j (φ_j − φ⁰_j) s_j,   Σ_cells s_j = 0,   s_j = 0 where w = 0

Near φ⁰ this is a law for every φ, so that what is differentiated in φ has its value there. Only a law of which
nothing else is said may be any such family.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import fmpq

from derive.terms import Application, Density, Equal, Gradient, Law
from derive.terms.statements import Greater
from derive.worlds.functions import Dual
from derive.worlds.outcomes import NotExercised
from derive.worlds.setting import Key, Setting, walk

__all__ = ["TIMES", "Moves", "differences", "moved", "must_be_free", "parameter_of", "slopes_of"]

ZERO, ONE = fmpq(0), fmpq(1)
TIMES = frozenset(("t", "s", "u", "r", r"\tau"))
"""What laws of a process have for an index: these are tied to each other, and no family of its own is any of them."""
Moves = dict[str, tuple[Any, ...] | None]
"""What parameters are above their values in the world, by their names: nothing, with slopes. None at other values."""


def must_be_free(name: str, setting: Setting) -> None:
    """Raise `NotExercised` where more is said of a law than that it is positive: it is no free family then."""
    said = (*setting.factorizations, *setting.kernels, *setting.assumptions, *setting.conditions)
    for statement in said:
        positive = isinstance(statement, Greater) and isinstance(statement.lhs, Density) and statement.rhs == 0
        constant = isinstance(statement, Equal) and isinstance(statement.lhs, Gradient) and statement.rhs == 0
        if positive or constant:
            continue
        unnamed = not any(isinstance(node, (Law, Application)) for node in walk(statement)) and bool(
            getattr(statement, "left", ())
        )
        if unnamed or any(isinstance(node, Law) and node.name == name for node in walk(statement)):
            raise NotExercised("a law of which something is said is no free family in its parameter")


def slopes_of(cells: dict[Any, fmpq], weights: Sequence[int]) -> dict[Any, fmpq]:
    """How fast the cells of a table move: each as much as its weight is above the average weight."""
    total = sum((mass * weight for mass, weight in zip(cells.values(), weights, strict=True)), ZERO)
    return {cell: mass * (weight - total) for (cell, mass), weight in zip(cells.items(), weights, strict=True)}


def moved(mass: fmpq, slopes: Sequence[fmpq], above: Sequence[Any]) -> Any:
    """w + Σ_j (φ_j − φ⁰_j) s_j."""
    if mass == 0:
        return ZERO
    value: Any = mass
    for slope, difference in zip(slopes, above, strict=True):
        value = difference * slope + value
    return value


def differences(point: Sequence[Any], level: int, before: Sequence[Any] | None) -> tuple[Any, ...]:
    """What the entries of a parameter are above their values, where one more derivative is taken in it."""
    size = len(point)
    found = [Dual(ZERO, tuple(ONE if i == place else ZERO for i in range(size)), level) for place in range(size)]
    return tuple(found) if before is None else tuple(new + old for new, old in zip(found, before, strict=True))


def parameter_of(law: Key, moves: Moves) -> str | None:
    """The parameter in which a law is differentiated at present."""
    return next((index for index in law[1] if isinstance(index, str) and index in moves), None)
