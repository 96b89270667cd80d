"""Every rule, instantiated: on its own metavariables it is itself; in R^d and on the line it holds in worlds."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Basic, Symbol

from derive.rulebook import Abstraction, Family, Metavariable, Rule, load_rulebook
from derive.terms import (
    EVENT,
    SCALAR,
    VARIABLES,
    Application,
    CountingMeasure,
    Disjoint,
    Law,
    LebesgueMeasure,
    Sort,
    Variable,
    alpha_equal,
    matrix,
    vector,
    walk,
)
from derive.worlds import Setting, try_statement

BOOK = load_rulebook()
d = Symbol("d")


def sort_of(entry: Metavariable) -> Sort:
    sizes = [Symbol(size) for size in entry.shape]
    if entry.sort == "vector":
        return vector(*sizes)
    if entry.sort == "matrix":
        return matrix(*sizes)
    return {"variables": VARIABLES, "event": EVENT}.get(entry.sort, SCALAR)


def arguments(rule: Rule, name: str) -> tuple[Basic, ...]:
    """The arguments that a rule gives an expression."""
    terms = [rule.statement, *(condition.statement for condition in rule.schema.conditions)]
    nodes = (node for term in terms for _, node in walk(term))
    return next(node.arguments for node in nodes if isinstance(node, Application) and node.name == name)


def is_set(argument: Basic) -> bool:
    return getattr(argument, "sort", SCALAR) == VARIABLES


@pytest.mark.parametrize("rule", list(BOOK), ids=lambda rule: rule.name)
def test_a_rule_on_its_own_metavariables_is_itself(rule: Rule) -> None:
    made = rule.instance
    assert alpha_equal(made.statement, rule.statement)
    stated = [condition.statement for condition in made.conditions if condition.kind == "when"]
    for written in rule.schema.conditions:
        if written.stated:
            assert any(alpha_equal(written.statement, found) for found in stated), written.text



def concrete(entry: Metavariable, line: bool) -> Any:
    """Values of the kind a derivation has: two variables for a set, on the line or in R^d."""
    name = entry.name
    if entry.kind == "variables":
        names = (f"{name.lower()}1", f"{name.lower()}2")
        return tuple(Symbol(item) if line else Variable(item, vector(d)) for item in names)
    if entry.kind == "law":
        return Law(name)
    if entry.kind == "variable" and entry.family:
        return Family(name, SCALAR if line else vector(d))
    if entry.kind == "event" or (entry.shape and not line):
        return Variable(name, sort_of(entry))
    return Symbol(name)


SLOW = {"independence-definition"}
"""For all values of six variables the table grows too large for a quick trial."""


TRIED = [rule for rule in BOOK.identities if rule.name not in SLOW]


@pytest.mark.parametrize("line", [False, True], ids=["space", "line"])
@pytest.mark.parametrize("rule", TRIED, ids=lambda rule: rule.name)
def test_an_instance_is_true_where_its_conditions_hold(rule: Rule, line: bool) -> None:
    """Two variables stand for every set, so that splicing is tried too; expressions stay unknown functions."""
    values: dict[str, Any] = {}
    for name, entry in rule.metavariables.items():
        if entry.kind != "expression" and name not in rule.schema.renamable:
            values[name] = concrete(entry, line)
    for name, entry in rule.metavariables.items():
        if entry.kind == "expression":
            parameters: list[Any] = []
            for place, argument in enumerate(arguments(rule, name)):
                names = (f"u{place}a", f"u{place}b") if is_set(argument) else (f"u{place}",)
                parameters += map(Symbol, names)
            kind = SCALAR if line or entry.sort == "scalar" else sort_of(entry)
            values[name] = Abstraction(tuple(parameters), Application(name, kind, (), *parameters))
    made = rule.instantiate(values)
    conditions = [c.statement for c in made.conditions if not isinstance(c.statement, Disjoint)]
    measure = "both"
    if any(isinstance(condition, CountingMeasure) for condition in conditions):
        measure = "counting"
    if any(isinstance(condition, LebesgueMeasure) for condition in conditions):
        measure = "lebesgue"
    trial = try_statement(made.statement, Setting(measure=measure), conditions=conditions, count=2, seed=rule.name)
    assert not trial.refuted, str(trial.refutation)
