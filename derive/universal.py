"""Universal statements at particular values: a law of the model, a hypothesis, an earlier result, used elsewhere.

Such a statement holds for every index and every point; what it may not vary are the quantities that the model or a
hypothesis speaks of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sympy import Basic, Symbol

from derive.conditions import decide
from derive.context import Context, Discharge, as_relations, is_range
from derive.errors import KernelRefusal
from derive.terms import Variable, mentions, substitute
from derive.terms.definedness import lost_by_substitution


def instantiate(statement: Any, mapping: Mapping[Basic, Any], local: Context) -> Any:
    """A universal statement at given indices first, then at given points."""
    indices = {key: value for key, value in mapping.items() if key in local.indices}
    points = {key: value for key, value in mapping.items() if key not in indices}
    return substitute(substitute(statement, indices, local.facts), points, local.facts)


def cancelled(statement: Any, instance: Any, mapping: Mapping[Basic, Any], local: Context) -> list[Discharge]:
    """What the statement needs at these values where its instance, as SymPy builds it, does not say so any more."""
    needs = lost_by_substitution(statement, instance, mapping, local.facts)
    return [replace(decide(need, local), kind="defined") for need in sorted(needs, key=str)]


def free_to_vary(statement: Basic, about: Context, mapping: Mapping[Basic, Any], where: Context) -> None:
    """Indices and points may vary; a quantity that the model or a hypothesis speaks of stands for itself."""
    fixed, indices, given = where.model.quantities, where.indices | about.indices, about.given
    sizes = where.model.sizes | about.model.sizes
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


def hypotheses(about: Context, mapping: Mapping[Basic, Any], local: Context) -> list[Discharge]:
    """Each hypothesis and index range of an earlier result's context, decided at the values of the mapping."""
    found = []
    indices = {key: value for key, value in mapping.items() if key in about.indices}
    for bound in as_relations(about.facts):
        found.append(replace(decide(substitute(bound, indices), local), kind="range"))
    for given in about.given:
        if not is_range(given, about.indices):
            found.append(decide(instantiate(given.statement, mapping, local), local))
    return found
