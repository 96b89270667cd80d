"""Universal statements at particular values: a law of the model, a hypothesis, an earlier result, used elsewhere.

Such a statement holds for every index and every point; what it may not vary are the quantities that the model or a
hypothesis speaks of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sympy import Add, Basic, Mul, Symbol, Tuple

from derive.errors import KernelRefusal
from derive.grounds.conditions import decide
from derive.grounds.context import Context, Discharge, as_relations, is_range
from derive.rulebook import Abstraction
from derive.terms import (
    INDEX,
    SCALAR,
    IndexFacts,
    LessEqual,
    Proportional,
    Variable,
    free_variables,
    mentions,
    sort_of,
    substitute,
)
from derive.terms.definedness import lost, lost_by_substitution
from derive.terms.indices import whole
from derive.terms.wellformed import INFINITE, meaningless, runs_in, sizes_in


def instantiate(
    statement: Any, mapping: Mapping[Basic, Any], local: Context, counting: frozenset[Symbol] = frozenset()
) -> Any:
    """A universal statement at given indices first, then at given points; `counting` are indices of its own."""
    indices = {key: value for key, value in mapping.items() if key in local.indices}
    points = {key: value for key, value in mapping.items() if key not in indices}
    for key, value in mapping.items():
        if key in indices or key in counting:
            if key != value and (not whole(value, local.indices) or key in sizes_in(statement)):
                raise KernelRefusal(f"{key} is a whole number, and {value} is not known to be one")
        elif not _of_its_sort(key, value):
            raise KernelRefusal(f"{value} is not of the sort of {key}")
    return substitute(substitute(statement, indices, local.facts), points, local.facts)


def _of_its_sort(key: Basic, value: Any) -> bool:
    """Whether a value is of the sort of what it stands for; zero is of every sort."""
    wanted, found = sort_of(key), sort_of(value)
    return value == 0 or wanted == found or {wanted, found} <= {SCALAR, INDEX}


def cancelled(statement: Any, instance: Any, mapping: Mapping[Basic, Any], local: Context) -> list[Discharge]:
    """What the statement needs at these values where its instance, as SymPy builds it, does not say so any more."""
    needs = lost_by_substitution(statement, instance, mapping, local.facts)
    needs |= lost((value for value in mapping.values() if isinstance(value, Basic)), instance)
    return [replace(decide(need, local), kind="defined") for need in sorted(needs, key=str)]


def free_to_vary(statement: Basic, about: Context, mapping: Mapping[Basic, Any], where: Context) -> None:
    """Indices and points may vary; a quantity that the model or a hypothesis speaks of stands for itself."""
    fixed, indices, given = where.model.quantities, where.indices | about.indices, about.given
    sizes = where.model.sizes | about.model.sizes
    if any(value in INFINITE for value in mapping.values()):
        raise KernelRefusal("a name stands for a real number")
    real(mapping.values())
    for key in mapping:
        if key in indices:
            if key in sizes and mapping[key] != key:
                raise KernelRefusal(f"{key} is one number here, and stands for itself")
            if key not in statement.free_symbols:
                raise KernelRefusal(f"{key} does not stand in the statement")
            continue
        if not isinstance(key, (Variable, Symbol)) or key.name in fixed:
            raise KernelRefusal(f"{key} is a quantity of the model and stands for itself")
        if any(mentions(entry.statement, key) is not False and key not in entry.universal for entry in given):
            raise KernelRefusal("the earlier result was derived for a particular value of this variable")


def meaningful(term: Basic, what: str = "what means nothing is no term") -> None:
    """Raises `KernelRefusal` where a term means nothing, whatever its names stand for."""
    if problem := meaningless(term):
        raise KernelRefusal(f"{what}: {problem}")


def real(values: Iterable[Any]) -> None:
    """Raises `KernelRefusal` where a value is none: a name stands for a real number, for a vector or matrix of such."""
    for value in values:
        for part in () if isinstance(value, Basic) and value in INFINITE else _parts(value):
            meaningful(part, "a name stands for a real number, a vector or a matrix")


def runs_of(values: Iterable[Any], term: Basic, local: Context) -> list[Discharge]:
    """That a run x_{a:b} among the values is one, a ≤ b + 1, where neither the term nor the model speaks of it."""
    spoken = runs_in(term).union(*map(runs_in, local.model.statements))
    new = frozenset().union(*(runs_in(part) for value in values for part in _parts(value))) - spoken
    bounds = (LessEqual(run.lower, run.upper + 1) for run in sorted(new, key=str))
    return [replace(decide(bound, local), kind="range") for bound in bounds]


def _parts(value: Any) -> Iterable[Basic]:
    """The terms that a value is made of."""
    if isinstance(value, Abstraction):
        yield from (*value.parameters, value.body)
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _parts(item)
    elif isinstance(value, Basic):
        yield value


def fixed(about: Context, mapping: Mapping[Basic, Any], where: Context) -> bool:
    """Whether a mapping gives a value to what the model has as a quantity, or a hypothesis speaks of."""
    spoken = where.model.quantities
    return any(
        key not in where.indices | about.indices and (
            getattr(key, "name", None) in spoken or not _of_its_sort(key, mapping[key])
            or any(mentions(entry.statement, key) is not False and key not in entry.universal for entry in about.given)
        )
        for key in mapping
    )  # fmt: skip


def stated_at(
    theorem: Any, mapping: Mapping[Basic, Any], local: Context, where: Context
) -> tuple[Any, list[Discharge]]:
    """A theorem of this model at other indices and points, and its hypotheses, decided there."""
    free_to_vary(theorem.statement, theorem.context, mapping, where)
    instance = instantiate(theorem.statement, mapping, local, theorem.context.indices)
    conditions = [*hypotheses(theorem.context, mapping, local)]
    conditions += cancelled(theorem.statement, instance, mapping, local)
    conditions += [decide(substitute(open_, dict(mapping), local.facts), local) for open_ in theorem.obligations]
    return instance, conditions


def proportional_in(
    statement: Basic, instance: Any, mapping: Mapping[Basic, Any], local: Context
) -> frozenset[Basic]:
    """The variables of a proportionality at given values: no value that is put in may bring one of them along."""
    if not isinstance(statement, Proportional):
        return frozenset()
    for key, value in mapping.items():
        renamed = key in statement.variables and isinstance(value, (Variable, Symbol)) and (
            value in mapping or mentions(Tuple(statement.lhs, statement.rhs), value, local.facts) is False
        )
        if not renamed and any(mentions(value, item, local.facts) is not False for item in instance.variables):
            raise KernelRefusal("what is put in depends on the variable of the proportionality")
    if len(set(instance.variables)) != len(set(statement.variables)):
        raise KernelRefusal("two variables of a proportionality are put at one point")
    return frozenset(instance.variables)


def reaches_down(index: Symbol, first: Any, facts: IndexFacts) -> None:
    """What is known of t must hold of every smaller t ≥ first too: lower bounds of t follow from t ≥ first alone."""
    without = facts.without(index).known(index - first)
    for coefficients, constant in facts.rows:
        weight = dict(coefficients).get(index, 0)
        expression = Add(*(Mul(int(w), s) for s, w in coefficients), int(constant))
        if weight > 0 and without.nonnegative(expression) is not True:
            raise KernelRefusal("a range of the induction's index does not reach down to its first value")


def hypotheses(about: Context, mapping: Mapping[Basic, Any], local: Context) -> list[Discharge]:
    """Each hypothesis and index range of an earlier result's context, decided at the values of the mapping."""
    found = []
    indices = {key: value for key, value in mapping.items() if key in about.indices}
    for bound in as_relations(about.facts):
        found.append(replace(decide(substitute(bound, indices), local), kind="range"))
    for given in about.given:
        if not is_range(given, about.indices):
            found.append(decide(instantiate(given.statement, mapping, local, about.indices), local))
    return found


def free_points(theorem: Any) -> frozenset[Basic]:
    """The variables at whose every value a theorem holds: nothing that is given, or that the model has, is one."""
    about = theorem.context
    return frozenset(
        item
        for item in free_variables(theorem.statement)
        if isinstance(item, (Variable, Symbol)) and item not in about.indices
        and str(item.name) not in about.model.quantities
        and all(mentions(given.statement, item) is False for given in about.given)
    )
