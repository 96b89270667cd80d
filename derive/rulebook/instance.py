"""A rule with terms for its metavariables: both sides, and the conditions that come with them.

Nothing is captured: what a rule binds is renamed where a value mentions it, so `c · ∫ f(x) dx` with c := x keeps its x.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from sympy import Add, Basic, Mul, Pow, Symbol, Tuple
from sympy.core.function import Function

from derive.errors import DerivationError, SortError
from derive.rulebook.build import Builder
from derive.rulebook.mentions import mentioned
from derive.rulebook.renaming import bound_names, mentioned_by, points_of
from derive.rulebook.values import Abstraction, Family, only_law, sizes_of, values_of
from derive.terms import (
    VARIABLES,
    Application,
    Disjoint,
    Distributed,
    Greater,
    Independent,
    IndexFacts,
    Law,
    LessEqual,
    Normal,
    PositiveDefinite,
    Proportional,
    Relation,
    Statement,
    Variable,
    free_variables,
    is_scalar,
    overlap,
    sort_of,
    walk,
)
from derive.terms.binding import NO_FACTS

if TYPE_CHECKING:
    from derive.rulebook.rule import Rule
    from derive.rulebook.schema import ConditionSchema, Schema

__all__ = ["Abstraction", "Condition", "Family", "Instance", "as_it_stands", "instantiate"]


@dataclass(frozen=True)
class Condition:
    """What a rule asks for, as a statement about the terms it is used on.

    It is to hold for all values of the points in `bound` for which the `facts` hold; independence is meant under `law`.
    `kind` is "when" for what the rule states, "defined" for what its formula needs to make sense, and "disjoint" for
    sets of variables that must not overlap. `text` is the rule's own wording.
    """

    statement: Statement
    text: str
    kind: str
    bound: tuple[Basic, ...] = ()
    facts: tuple[Statement, ...] = ()
    law: Law | None = None


@dataclass(frozen=True)
class Instance:
    """A rule on given terms: `statement` is lhs REL rhs (no sides where it is an independence)."""

    rule: Rule
    statement: Statement
    conditions: tuple[Condition, ...]

    @property
    def lhs(self) -> Any:
        return None if isinstance(self.statement, Independent) else self.statement.args[0]

    @property
    def rhs(self) -> Any:
        return None if isinstance(self.statement, Independent) else self.statement.args[1]

    @property
    def relation(self) -> str:
        r"""The relation's symbol: `=`, `\le`, `\propto`, `\sim`, `\perp`."""
        return str(self.statement.symbol)  # type: ignore[attr-defined]


def instantiate(rule: Rule, substitution: Mapping[str, Any], facts: IndexFacts) -> Instance:
    """The instance of a rule; `Rule.instantiate` says what the substitution holds."""
    schema = rule.schema
    unknown = set(substitution) - set(schema.metavariables)
    if unknown:
        raise DerivationError(f"the rule {rule.name} has no {sorted(unknown)[0]!r}",
                              expected="one of " + ", ".join(sorted(schema.metavariables)))  # fmt: skip
    values = values_of(rule, schema, substitution, facts)
    sizes = sizes_of(schema, values)
    free = {name: value for name, value in values.items() if name not in schema.renamable}
    bound = bound_names(schema, values, sizes, facts)
    builder = Builder(schema, free, bound, sizes, facts)
    statement = builder.build(schema.statement)
    if not isinstance(statement, (Relation, Distributed, Independent)):
        raise SortError(f"the rule {rule.name} says nothing of these terms")
    cancelled = tuple(builder.cancelled)
    _well_sorted(rule, statement)
    if isinstance(statement, Proportional):
        _constant(rule, builder, values, statement, facts)
    law = only_law(schema, values)
    conditions: dict[Condition, None] = {}
    for condition in schema.conditions:
        for made in _conditions(builder, condition, law):
            conditions.setdefault(made)
    for made in _proper(schema, values):
        conditions.setdefault(made)
    for made in _disjoint(builder, facts):
        conditions.setdefault(made)
    for need, points in cancelled:
        conditions.setdefault(Condition(need, "nothing is cancelled that may have no value", "defined", points))
    return Instance(rule, statement, tuple(conditions))


def _well_sorted(rule: Rule, statement: Statement) -> None:
    """No logarithm of a vector, no sum of a vector and a number, and sides of one sort."""
    for _, node in walk(statement):
        if isinstance(node, (Add, Mul, Pow, Function)):
            sort_of(node)
    if isinstance(statement, Relation) and 0 not in (statement.lhs, statement.rhs):
        left, right = sort_of(statement.lhs), sort_of(statement.rhs)
        if left != right and not (is_scalar(statement.lhs) and is_scalar(statement.rhs)):
            raise SortError(f"in {rule.name} a {left} would stand beside a {right}")


def as_it_stands(rule: Rule) -> Instance:
    """The rule on its own metavariables: its statement, and its conditions with their ranges."""
    from derive.rulebook.schema import declared_sort

    values: dict[str, Any] = {}
    for name, metavariable in rule.metavariables.items():
        if name in rule.schema.renamable:
            continue
        match metavariable.kind:
            case "law":
                values[name] = Law(name)
            case "expression":
                places = enumerate(_arguments(rule, name))
                parameters = tuple(
                    Variable(f"#{place}", VARIABLES) if getattr(argument, "sort", None) == VARIABLES
                    else Symbol(f"#{place}") for place, argument in places
                )  # fmt: skip
                body = Application(name, declared_sort(metavariable), (), *parameters)
                values[name] = Abstraction(parameters, body)
            case "variable" if metavariable.family:
                values[name] = Family(name, declared_sort(metavariable))
            case "variables" | "event":
                values[name] = Variable(name, declared_sort(metavariable))
            case _:
                values[name] = Variable(name, declared_sort(metavariable)) if metavariable.shape else Symbol(name)
    return instantiate(rule, values, NO_FACTS)


def _arguments(rule: Rule, name: str) -> tuple[Basic, ...]:
    """The arguments that a rule gives an expression."""
    terms = [rule.statement, *(condition.statement for condition in rule.schema.conditions)]
    found = (node for term in terms for _, node in walk(term))
    return next(node.arguments for node in found if isinstance(node, Application) and node.name == name)


def _constant(
    rule: Rule, builder: Builder, values: Mapping[str, Any], statement: Proportional, facts: IndexFacts
) -> None:
    """A proportionality in x holds for the constants of the rule only if they do not depend on x."""
    named = {str(item.name) for item in builder.schema.statement.variables}  # type: ignore[attr-defined]
    for name, value in values.items():
        if name not in named and not isinstance(value, Abstraction):
            for point in statement.variables:
                if any(overlap(point, item, facts) is not False for item in mentioned_by(value, facts)):
                    raise DerivationError(f"{rule.name} is a proportionality in {point}, and {name} may depend on it")


def _conditions(builder: Builder, condition: ConditionSchema, law: Law | None) -> Iterable[Condition]:
    """A condition on the terms given, once for each range that an index it speaks of runs through."""
    schema = builder.schema
    names = mentioned(condition.statement, free=True) & set(schema.scopes) - schema.free
    inner = builder.within(names)
    bound = tuple(point for name in sorted(names) for point in points_of(builder.bound[name]))
    kind = "when" if condition.stated else "defined"
    cases: list[tuple[Statement, ...]] = [()]
    for name in sorted(names & set(schema.ranges)):
        limits = schema.ranges[name]
        cases = [(*case, *_between(builder, name, pair)) for case in cases for pair in limits]
    statement = inner.build(condition.statement)
    for case in cases:
        yield Condition(statement, condition.text, kind, bound, case, law)


def _between(builder: Builder, name: str, limits: tuple[Basic, Basic]) -> tuple[Statement, Statement]:
    index = points_of(builder.bound[name])[0]
    return LessEqual(builder.build(limits[0]), index), LessEqual(index, builder.build(limits[1]))


def _proper(schema: Schema, values: Mapping[str, Any]) -> Iterable[Condition]:
    """A Gaussian that stands for a law has a covariance that is positive definite."""
    for name, value in values.items():
        law = schema.metavariables[name].kind == "law"
        if law and isinstance(value, Abstraction) and isinstance(value.body, Normal):
            covariance = value.body.covariance
            statement = Greater(covariance, 0) if is_scalar(covariance) else PositiveDefinite(covariance)
            yield Condition(statement, "the Gaussian is not degenerate", "defined")


def _disjoint(builder: Builder, facts: IndexFacts) -> Iterable[Condition]:
    """The sets of variables of one density or independence share none: what is not plain is a condition."""
    schema = builder.schema
    seen: set[tuple[Basic, Basic]] = set()
    for groups, names in schema.groups:
        inner = builder.within(names & set(schema.scopes) - schema.free)
        bound = tuple(
            point for name in sorted(names & set(schema.ranges)) for point in points_of(builder.bound[name])
        )
        cases = tuple(
            fact for name in sorted(names & set(schema.ranges)) for limits in schema.ranges[name][:1]
            for fact in _between(builder, name, limits)
        )  # fmt: skip
        known = facts
        for lower, upper in zip(cases[::2], cases[1::2], strict=True):
            known = known.known(lower.rhs - lower.lhs, upper.rhs - upper.lhs)
        for first, second in combinations(groups, 2):
            left, right = inner.names(first), inner.names(second)
            open_left = [v for v in left if any(overlap(v, w, known) is not False for w in right)]
            open_right = [w for w in right if any(overlap(v, w, known) is not False for v in left)]
            if open_left and (key := (Tuple(*open_left), Tuple(*open_right))) not in seen:
                seen.add(key)
                mentions = free_variables(Tuple(*open_left, *open_right))
                yield Condition(
                    Disjoint(open_left, open_right), "the sets of variables are disjoint", "disjoint",
                    tuple(point for point in bound if point in mentions), cases if mentions & set(bound) else (),
                )  # fmt: skip
