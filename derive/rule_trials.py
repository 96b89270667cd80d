"""Trying a rule in worlds: as it stands, and without each of its conditions, to see that the condition matters.

A rule's metavariables are what a world gives values to: sets of variables, laws, unknown functions, numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derive.rulebook import Rule
from derive.terms import (
    CountingMeasure,
    Disjoint,
    Exchanges,
    Exists,
    Greater,
    LebesgueMeasure,
    Less,
    LessEqual,
    PositiveDefinite,
    Statement,
    Unequal,
)
from derive.worlds import Refutation, Setting, Trial, try_statement

DEFINING = (Exists, Exchanges, Greater, Less, Unequal, PositiveDefinite)
"""Conditions that may do no more than make a formula defined: a density to divide by, a logarithm, a variance."""

__all__ = ["DroppedCondition", "RuleTrial", "try_rule"]


@dataclass(frozen=True)
class DroppedCondition:
    """What a rule is without one of its conditions: `refutation` is a world in which it is then false, if one came up.

    `defines` says that the condition is of a kind that makes things defined: without it a side has no value, and a
    formula without a value is not false.
    """

    text: str
    refutation: Refutation | None
    defines: bool


@dataclass(frozen=True)
class RuleTrial:
    """A rule in worlds that satisfy its conditions, and without each condition it states."""

    trial: Trial
    dropped: tuple[DroppedCondition, ...]


def try_rule(rule: Rule, *, count: int = 40, seed: int | str = 0) -> RuleTrial:
    """The rule tried in `count` worlds of each kind that can exercise it; of a fallacy only the rule itself.

    Conditions that keep names apart are met by construction: different metavariables are different variables there.
    """
    stated = [c for c in rule.schema.conditions if not isinstance(c.statement, Disjoint)]
    seed = f"{rule.name}/{seed}"
    trial = _tried(rule, [c.statement for c in stated], count, seed)
    dropped = []
    for condition in stated:
        if condition.stated and not rule.fallacy:
            rest = [other.statement for other in stated if other is not condition]
            measured = isinstance(condition.statement, LebesgueMeasure)
            refutation = _tried(rule, rest, count, seed, "counting" if measured else None).refutation
            dropped.append(DroppedCondition(condition.text, refutation, _defines(rule, condition.statement)))
    return RuleTrial(trial, tuple(dropped))


def _defines(rule: Rule, condition: Statement) -> bool:
    """Whether a condition is of a kind that makes things defined: a density, a root, or a range that runs forwards."""
    names = {str(symbol) for symbol in condition.free_symbols}
    ranges = bool(names) and all(getattr(rule.metavariables.get(name), "kind", "") == "index" for name in names)
    return isinstance(condition, DEFINING) or (ranges and isinstance(condition, LessEqual))


def _tried(
    rule: Rule, conditions: Sequence[Statement], count: int, seed: str, measure: str | None = None
) -> Trial:
    setting = Setting(measure=measure or _measure(conditions))
    return try_statement(rule.statement, setting, conditions=conditions, count=count, seed=seed)


def _measure(conditions: Sequence[Statement]) -> str:
    """What the conditions say of the reference measure."""
    if any(isinstance(condition, CountingMeasure) for condition in conditions):
        return "counting"
    return "lebesgue" if any(isinstance(condition, LebesgueMeasure) for condition in conditions) else "both"
