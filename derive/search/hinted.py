"""A proof by the rules that an author names beside a line: each used once, in any order, and what is left is closed.

What a person names is a hint, not a proof: the steps are the kernel's, and where the hint does not lead from one side
to the other nothing is said against the line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sympy import Basic

from derive.clock import tick
from derive.errors import DeriveError
from derive.kernel import Step
from derive.rulebook import Rule
from derive.search.proving import Attempt, Prover
from derive.tactics.rewrite import rule_steps
from derive.terms import Equal, GreaterEqual, LessEqual, Proportional, Relation

__all__ = ["by_names"]

MOST_NAMES = 3
"""So many rules of one line are used at most."""
_MOST_STATES = 24
_RELATIONS = {Equal: "=", LessEqual: "<=", GreaterEqual: ">=", Proportional: "propto"}
_TURNED = {"=": "=", "<=": ">=", ">=": "<=", "propto": "propto"}


def by_names(statement: Relation, prover: Prover, rules: Sequence[Rule]) -> Attempt:
    """The proof of a relation that uses each of these rules once, from its left side or from its right."""
    relation = _RELATIONS.get(type(statement))
    if relation is None or not 0 < len(rules) <= MOST_NAMES:
        return Attempt()
    lhs, rhs = statement.args[0], statement.args[1]
    for start, target, wanted in ((lhs, rhs, relation), (rhs, lhs, _TURNED[relation])):
        for number, steps in enumerate(_chains(start, tuple(rules), prover, {"=", wanted})):
            if number >= _MOST_STATES:
                break
            theorem = prover.closed(steps, steps[-1].after, target)
            if theorem is not None:
                return Attempt(theorem)
    return Attempt()


def _chains(
    term: Basic, rules: tuple[Rule, ...], prover: Prover, relations: set[str]
) -> Iterator[tuple[Step, ...]]:
    """The steps from a term by all of these rules, each in either direction."""
    for place, rule in enumerate(rules):
        for backward in (False, True):
            tick()
            try:
                steps = tuple(rule_steps(term, rule, prover.where, backward=backward))
            except DeriveError:
                continue
            if not steps or any(step.relation not in relations for step in steps):
                continue
            rest = rules[:place] + rules[place + 1 :]
            if not rest:
                yield steps
            else:
                yield from ((*steps, *more) for more in _chains(steps[-1].after, rest, prover, relations))
