"""The three answers: equal with a proof, different with a point, unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple

Status = Literal["equal", "different", "unknown"]


class Shown(NamedTuple):
    """A point for people: the value of each name, and of the two sides."""

    witness: Mapping[Any, Any] | None = None
    lhs: str | None = None
    rhs: str | None = None


@dataclass(frozen=True)
class Answer:
    """Whether two expressions are equal, and what shows it.

    `exact` is False for a modular result, whose error bound stands in `method`. A witness gives each free parameter an
    exact value, and `lhs`, `rhs` are the two sides there; the simplest such point is looked for when it is asked for.
    `provided` holds what one side needs to be defined and the other does not, or what the proof used beyond the givens.
    """

    status: Status
    method: str
    exact: bool = True
    provided: tuple[Any, ...] = ()
    show: Callable[[], Shown] = field(default=Shown, repr=False, compare=False)

    @cached_property
    def shown(self) -> Shown:
        """The point that shows a difference, and the sides there."""
        return self.show()

    @property
    def witness(self) -> Mapping[Any, Any] | None:
        """The value of each name where the sides differ."""
        return self.shown.witness

    @property
    def lhs(self) -> str | None:
        """The left side at the witness."""
        return self.shown.lhs

    @property
    def rhs(self) -> str | None:
        """The right side at the witness."""
        return self.shown.rhs

    def __bool__(self) -> bool:
        raise TypeError("an answer has three values: compare its .status")
