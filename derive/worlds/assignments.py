"""Small numbers for the indices of statements, within what is assumed of them."""

from __future__ import annotations

import itertools
from functools import lru_cache

from sympy import Basic, Symbol

from derive.terms import IndexFacts, Run, Unequal, Variable, bound_variables, facts_of, free_variables
from derive.terms.indices import linear as linear_form
from derive.terms.times import times_in
from derive.worlds.outcomes import NotExercised
from derive.worlds.setting import Setting, Survey, number_of, relations, survey, walk

LARGEST_INDEX = 4
_MOST_ASSIGNMENTS = 4000


@lru_cache(maxsize=256)
def assignments_of(
    setting: Setting, statements: tuple[Basic, ...]
) -> tuple[frozenset[Symbol], frozenset[Symbol], list[dict[str, int]]]:
    """The index symbols, the dimensions, and small values for the indices that are free, within what is assumed."""
    surveys = [survey(statement) for statement in (*statements, *setting.statements)]
    dimensions: frozenset[Symbol] = frozenset().union(*(found.dimensions for found in surveys))
    names = setting.indices.union(*(found.indices for found in surveys)) - dimensions
    names -= continuous(setting, statements)
    main, *others = statements
    free = free_variables(main).union(*(free_variables(s) for s in setting.factorizations))
    inside = bound_variables(main)
    free |= {item for statement in others for item in free_variables(statement) if item not in inside}
    about = [
        relation for relation in relations((*setting.assumptions, *setting.conditions))
        if relation.free_symbols and relation.free_symbols <= names | dimensions
    ]  # fmt: skip
    wanted = {symbol for symbol in names if symbol in free}
    wanted |= {symbol for relation in about for symbol in relation.free_symbols if relation.free_symbols & wanted}
    wanted |= {s for relation in about for s in relation.free_symbols if s in dimensions}
    facts = facts_of(about, wanted)
    own = surveys[: len(statements)]
    lowest = {index: 1 for found in own for index in found.subscripts if index in wanted}
    ordered = sorted(wanted, key=str)
    reach = LARGEST_INDEX if len(ordered) < 5 else 3
    found: list[dict[str, int]] = []
    unequal = [relation for relation in about if isinstance(relation, Unequal)]
    ranges = [range(max(lowest.get(symbol, 0), 1 if symbol in dimensions else 0), reach + 1) for symbol in ordered]
    for numbers in itertools.product(*ranges):
        values = {symbol.name: number for symbol, number in zip(ordered, numbers, strict=True)}
        if _allowed(values, facts) and all(_differs(relation, values) for relation in unequal):
            found.append(values)
            if len(found) >= _MOST_ASSIGNMENTS:
                break
    good = _covered(setting, statements, _natural(own, found))
    return names, dimensions, good or found


@lru_cache(maxsize=256)
def continuous(setting: Setting, statements: tuple[Basic, ...]) -> frozenset[Symbol]:
    """The symbols that are real parameters although they are subscripts."""
    return setting.times | times_in((*statements, *setting.statements))


def _allowed(values: dict[str, int], facts: IndexFacts) -> bool:
    return all(
        sum(weight * values[symbol.name] for symbol, weight in row) + constant >= 0 for row, constant in facts.rows
    )


def _differs(relation: Unequal, values: dict[str, int]) -> bool:
    try:
        return number_of(relation.lhs, values) != number_of(relation.rhs, values)
    except NotExercised:
        return True


def _natural(surveys: list[Survey], assignments: list[dict[str, int]]) -> list[dict[str, int]]:
    """The assignments at which no subscript is negative and no run has its ends out of order."""
    forms = {index for found in surveys for index in found.subscripts}
    for found in surveys:
        for lower, upper in found.runs:
            forms |= {lower, upper - lower + 1}
    rows = [row for form in forms if not form.is_Integer and (row := linear_form(form)) is not None]
    return [
        values for values in assignments
        if all(
            sum(weight * values[symbol.name] for symbol, weight in row.items()) + constant >= 0
            for row, constant in rows if all(symbol.name in values for symbol in row)
        )
    ]  # fmt: skip


def _covered(
    setting: Setting, statements: tuple[Basic, ...], assignments: list[dict[str, int]]
) -> list[dict[str, int]]:
    """The assignments at which every run that a factorization generates is not empty and reaches all that is spoken of.

    Where that leaves none, all of them.
    """
    rows = []
    for statement in setting.factorizations:
        for node in walk(statement.args[0]):
            if isinstance(node, Run):
                rows.append(linear_form(node.upper - node.lower))
                mentioned = {
                    index for other in statements for item in walk(other)
                    if isinstance(item, Variable) and item.name == node.name and len(item.indices) == 1
                    for index in item.indices
                }  # fmt: skip
                rows.extend(linear_form(node.upper - index) for index in mentioned)
    kept = [
        values for values in assignments
        if all(
            sum(weight * values[symbol.name] for symbol, weight in row[0].items()) + row[1] >= 0
            for row in rows if row is not None and all(symbol.name in values for symbol in row[0])
        )
    ]  # fmt: skip
    return kept or assignments
