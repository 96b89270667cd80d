"""The three answers: equal with a proof, different with a point, unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Status = Literal["equal", "different", "unknown"]


@dataclass(frozen=True)
class Answer:
    """Whether two expressions are equal, and what shows it.

    `exact` is False for a modular result, whose error bound stands in `method`. A witness gives each free parameter an
    exact value, and `lhs`, `rhs` are the two sides there. `provided` holds what one side needs to be defined and the
    other does not, or what the proof used, beyond the givens.
    """

    status: Status
    method: str
    exact: bool = True
    witness: Mapping[Any, Any] | None = None
    lhs: str | None = None
    rhs: str | None = None
    provided: tuple[Any, ...] = ()

    def __bool__(self) -> bool:
        raise TypeError("an answer has three values: compare its .status")
