"""A few worlds, built once for a statement, in which many statements like it are looked at."""

from __future__ import annotations

from collections.abc import Sequence

from derive import worlds
from derive.grounds.context import Context, as_relations
from derive.terms import Equal, Statement
from derive.trials import relevant, setting_of
from derive.worlds import NotExercised, Undefined, World


class Screen:
    """Worlds that satisfy a context, each of a kind and a seed; a statement that is false in one of them is not true.

    The worlds know the names of the statements they were built for. What else a statement speaks of gives no value
    in them, and no answer.
    """

    def __init__(self, about: Sequence[Statement], context: Context, *, seed: int = 0, count: int = 3) -> None:
        given = [given.statement for given in context.given]
        self.conditions = tuple(entry for entry in given if isinstance(entry, Equal))
        universal = [entry for entry in given if entry not in self.conditions]
        setting = setting_of(context.model, (*universal, *as_relations(context.facts)), context.indices)
        setting = relevant(setting, (*about, *given))
        self.worlds: list[World] = []
        for statement in about:
            try:
                self.worlds += worlds.worlds(setting, statement, seed=f"{seed}/screen", count=count)
            except (NotExercised, Undefined, RecursionError):
                continue

    def answer(self, statement: Statement) -> bool | None:
        """False where one of the worlds refutes a statement, True where one has it hold, None where none says."""
        seen: bool | None = None
        for world in self.worlds:
            try:
                found = worlds.decide(world, statement, self.conditions)
            except (NotExercised, Undefined, RecursionError):
                continue
            if found is False:
                return False
            seen = seen or found
        return seen
