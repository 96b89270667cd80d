"""What a step needed, in words: how each condition was met, and what was met alike told together."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from derive.render.view import Condition, Formula, Settled

__all__ = ["how_met", "together"]


def how_met(condition: Condition, say: Callable[[str], str] = str) -> str:
    """How a condition was met, in a few words of the page's language; what stays open is said to be assumed."""
    how = "" if condition.how == "assumed" else say(condition.how)
    if condition.settled is not Settled.ASSUMED or condition.how.startswith("assumed,"):
        return how
    return f"{say('assumed')}, {how}" if how else say("assumed")


def together(
    conditions: Iterable[Condition], say: Callable[[str], str] = str
) -> list[tuple[str, list[Formula]]]:
    """The conditions by how they were met, in the order in which each way is first taken."""
    found: dict[str, list[Formula]] = {}
    for condition in conditions:
        found.setdefault(how_met(condition, say), []).append(condition.formula)
    return list(found.items())
