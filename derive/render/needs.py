"""What a step needed, in words: how each condition was met, and what was met alike told together."""

from __future__ import annotations

from collections.abc import Iterable

from derive.render.view import Condition, Formula, Settled

__all__ = ["how_met", "together"]


def how_met(condition: Condition, assumed: str = "assumed") -> str:
    """How a condition was met, in a few words; `assumed`, in the page's language, opens what stays open."""
    if condition.settled is not Settled.ASSUMED or condition.how.startswith(("assumed", assumed)):
        return condition.how
    return f"{assumed}, {condition.how}" if condition.how else assumed


def together(conditions: Iterable[Condition]) -> list[tuple[str, list[Formula]]]:
    """The conditions by how they were met, in the order in which each way is first taken."""
    found: dict[str, list[Formula]] = {}
    for condition in conditions:
        found.setdefault(how_met(condition), []).append(condition.formula)
    return list(found.items())
