"""A bounded best-first search over rule applications, for what normal forms leave open.

Single rules are applied to a term at every place where they fit, the likeliest results looked at first. The budget
counts rule applications, so that the same claim has the same answer on any machine.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Basic

from derive.clock import tick
from derive.errors import DeriveError
from derive.grounds.conditions import is_regularity
from derive.grounds.context import Context
from derive.kernel import Step, by_rule
from derive.rulebook import Rulebook
from derive.search.index import Side, index_of, kinds_of
from derive.search.orientation import SETTLED
from derive.tactics.rewrite import proposals
from derive.terms import Equal, Proportional, is_value, walk

MOST_TRIES = 400
"""How many substitutions are put to the kernel from one side of a claim."""
_MOST_AT_A_PLACE = 8


@dataclass(frozen=True)
class State:
    """A term that was reached, and the steps to it."""

    term: Basic
    steps: tuple[Step, ...]


class Explorer:
    """Terms that a term is rewritten to, nearest to a target first; `open` holds steps that ask for more."""

    def __init__(self, where: Context, rules: Rulebook, relations: frozenset[str] = frozenset({"="})) -> None:
        self.where, self.rules, self.relations = where, rules, relations
        self.open: list[Step] = []
        self.tries = 0

    def states(self, start: Basic, target: Basic, depth: int = 2) -> Iterator[State]:
        """The terms reached from `start`, each once."""
        waiting: list[tuple[tuple[int, int], int, State]] = [((0, 0), 0, State(start, ()))]
        seen, made = {start}, 0
        while waiting and self.tries < MOST_TRIES:
            _, _, state = heapq.heappop(waiting)
            if state.steps:
                yield state
            if len(state.steps) >= depth:
                continue
            for step in self.successors(state.term):
                if step.after in seen:
                    continue
                seen.add(step.after)
                made += 1
                reached = State(step.after, (*state.steps, step))
                heapq.heappush(waiting, (_distance(reached, target), made, reached))

    def successors(self, term: Basic) -> Iterator[Step]:
        """Every step by one rule from a term, at one place, that leaves only regularity open."""
        index = index_of(self.rules)
        seen: set[Basic] = set()
        for path, node in walk(term):
            if node in seen or not is_value(term, path):
                continue
            seen.add(node)
            for side in index.matching(node):
                tick()
                if self._wanted(side):
                    yield from self._applied(side, term, path, node)

    def _wanted(self, side: Side) -> bool:
        statement = side.rule.statement
        if isinstance(statement, Proportional):
            return "propto" in self.relations
        if isinstance(statement, Equal):
            return side.rule.name not in SETTLED
        return len(self.relations - {"=", "propto"}) > 0

    def _applied(self, side: Side, term: Basic, path: tuple[object, ...], node: Basic) -> Iterator[Step]:
        found = 0
        for place, substitution in proposals(side.rule, node, path, side.backward, {}):
            if self.tries >= MOST_TRIES or found >= 2:
                return
            self.tries += 1
            tick()
            found_here = self.tries
            try:
                step = by_rule(term, place, side.rule, substitution, self.where, backward=side.backward)
            except DeriveError:
                if found_here % _MOST_AT_A_PLACE == 0:
                    return
                continue
            if step.after == term or step.relation not in self.relations:
                continue
            if not all(map(is_regularity, step.obligations)):
                self.open.append(step)
                continue
            found += 1
            yield step


def _distance(state: State, target: Basic) -> tuple[int, int]:
    """How far a term is from a target: kinds of nodes that only one of them has; then its depth."""
    return len(kinds_of(state.term) ^ kinds_of(target)), len(state.steps)
