"""What was decided of a statement, and why: proved, refuted or unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sympy import Symbol

from derive.latex import latex, unicode_text
from derive.terms import (
    Statement,
)


@dataclass(frozen=True)
class Verdict:
    """What was decided of a statement, and why.

    `status` is "proved", "refuted" or "unknown"; `because` names the rules in order; `provided` what remains to be
    seen for its sides to be defined; `read_as` how notation was mended; `shown` what refutes, or what looks for the
    simplest; `needs` conditions without which nothing was shown; `links` the verdicts of a chain's parts.
    `proof` is the kernel's theorem where the claim is proved by a chain of steps.
    Looked for when asked for: `counterexample` is a point or a world with both sides' values; `missing` is what it
    needs, or an assumption under which it is proved; `suggestions` are the nearest statements that are proved,
    `suggestion` the first.
    """

    status: str
    because: tuple[str, ...] = ()
    provided: tuple[Statement, ...] = ()
    read_as: tuple[str, ...] = ()
    shown: Any = None
    needs: tuple[Statement, ...] = ()
    links: tuple[Verdict, ...] = ()
    statement: Any = None
    tried: str = ""
    proof: Any = field(default=None, repr=False, compare=False)
    supposed: Callable[[], tuple[Statement, ...]] | None = field(default=None, repr=False, compare=False)
    nearby: Callable[[], tuple[Statement, ...]] | None = field(default=None, repr=False, compare=False)

    @cached_property
    def counterexample(self) -> Any:
        """The point, or the world, where the sides differ, as simple as it is found; None where nothing refutes."""
        return self.shown() if callable(self.shown) else self.shown

    @cached_property
    def missing(self) -> tuple[Statement, ...]:
        """Assumptions without which nothing is shown, or under which it would be; empty where none is known."""
        return self.needs or (() if self.supposed is None else self.supposed())

    @cached_property
    def suggestions(self) -> tuple[Statement, ...]:
        """The proved statements that are nearest to a wrong one; empty where none is known."""
        return () if self.nearby is None else self.nearby()

    @property
    def suggestion(self) -> Statement | None:
        """The nearest proved statement to a wrong one."""
        return self.suggestions[0] if self.suggestions else None

    def __bool__(self) -> bool:
        raise TypeError("a verdict has three values: compare its .status")

    def _repr_markdown_(self) -> str:
        """The verdict in a notebook: the answer, the statement, why, or the world that refutes it."""
        mark = {"proved": "✓", "refuted": "✗", "unknown": "?"}[self.status]
        statement = "" if self.statement is None else f" ${latex(self.statement)}$"
        rows = [f"{mark} **{self.status}**{statement}"]
        rows += ["because " + ", ".join(self.because)] if self.because else []
        rows += ["provided " + ", ".join(f"${latex(entry)}$" for entry in self.provided)] if self.provided else []
        rows += ["holds if " + ", ".join(f"${latex(entry)}$" for entry in self.missing)] if self.missing else []
        meant = [f"${latex(entry)}$" for entry in self.suggestions]
        rows += ["perhaps " + " or ".join(meant)] if meant else []
        found = "\n".join(counterexample_lines(self.counterexample))
        rows += [f"```\n{found}\n```"] if found else []
        rows += [link._repr_markdown_() for link in self.links] if len(self.links) > 1 else []
        return "\n\n".join(rows)

    def __getstate__(self) -> dict[str, Any]:
        """What is carried to another process: what is looked for, found."""
        found = {"missing": self.missing, "suggestions": self.suggestions}
        return {**self.__dict__, **found, "shown": self.counterexample, "supposed": None, "nearby": None}


def counterexample_lines(found: Any) -> Iterator[str]:
    """A point with both sides' values, or a world as it describes itself; nothing for None."""
    if isinstance(found, dict):
        point = ", ".join(f"{unicode_text(Symbol(str(name)))} = {value}" for name, value in found["point"].items())
        yield from [f"at {point}"] if point else []
        yield f"left side:  {found['lhs']}"
        yield f"right side: {found['rhs']}"
    elif found is not None:
        yield from (line for line in str(found).splitlines() if line.strip())
