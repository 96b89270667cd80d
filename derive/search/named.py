"""A claim that is one rule's statement: what a person would name, Bayes' rule, before any normal form is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sympy import Basic

from derive import kernel
from derive.clock import tick
from derive.errors import DeriveError
from derive.grounds.conditions import is_regularity
from derive.grounds.context import Context
from derive.grounds.monotone import TURNED
from derive.kernel import Theorem, by_rule
from derive.rulebook import Rulebook
from derive.search.index import Side, index_of
from derive.search.match import Matcher
from derive.terms import alpha_equal

__all__ = ["instance_of_a_rule"]

_MOST_TRIED = 24


def instance_of_a_rule(lhs: Basic, rhs: Basic, relation: str, where: Context, rules: Rulebook) -> Theorem | None:
    """`lhs REL rhs` by one rule whose sides these are and whose conditions hold, or None."""
    index = index_of(rules)
    for source, target, wanted in ((lhs, rhs, relation), (rhs, lhs, TURNED.get(relation, relation))):
        tried = 0
        for side in index.matching(source):
            for substitution in _substitutions(side, source, target, where):
                tried += 1
                tick()
                theorem = _theorem(side, source, target, wanted, substitution, where)
                if theorem is not None:
                    return theorem
                if tried >= _MOST_TRIED:
                    break
    return None


def _substitutions(side: Side, source: Basic, target: Basic, where: Context) -> Iterator[Mapping[str, Any]]:
    """The substitutions under which a rule's sides may be the two terms."""
    statement: Any = side.rule.statement
    before, after = (statement.rhs, statement.lhs) if side.backward else (statement.lhs, statement.rhs)
    matcher = Matcher(side.rule.metavariables, where.facts)
    for found in matcher.match(before, source, {}):
        yield from matcher.match(after, target, found)


def _theorem(
    side: Side, source: Basic, target: Basic, relation: str, found: Mapping[str, Any], where: Context
) -> Theorem | None:
    try:
        step = by_rule(source, (), side.rule, found, where, backward=side.backward)
        if step.relation not in ("=", relation) or not alpha_equal(step.after, target):
            return None
        if not all(map(is_regularity, step.obligations)):
            return None
        return kernel.chain(source, [step], where, {})
    except DeriveError:
        return None
