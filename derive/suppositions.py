"""What would make a wrong claim true: an independence of the variables that it speaks of.

Each supposition is tried like any given: it is reported where the claim is proved under it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

from derive.errors import DeriveError
from derive.models import Line, Model
from derive.rulebook import Rulebook
from derive.terms import Density, Expectation, Independent, Probability, Statement, Variable, Variance, walk
from derive.terms.statements import Relation
from derive.verdict import Verdict, decide_statement

__all__ = ["supposing"]

_MOST_NAMES = 4
_MOST_TRIED = 12


def supposing(verdict: Verdict, model: Model, rules: Rulebook, *, seed: int = 0) -> Verdict:
    """A refuted verdict with the independence under which its claim is proved, if there is one, in `.missing`."""
    statement = verdict.statement
    if verdict.status != "refuted" or verdict.missing or not isinstance(statement, Relation):
        return verdict
    for number, supposed in enumerate(_suppositions(statement)):
        if number >= _MOST_TRIED:
            break
        try:
            found = decide_statement(statement, model.with_lines([Line(supposed)]), rules, seed=seed, worlds=10)
        except DeriveError:
            continue
        if found.status == "proved":
            return replace(verdict, missing=(supposed,))
    return verdict


def _suppositions(statement: Statement) -> Iterator[Independent]:
    """Two variables independent given all the others that the claim speaks of, and given nothing."""
    names = _random_names(statement)
    if not 2 <= len(names) <= _MOST_NAMES:
        return
    for left, right in combinations(names, 2):
        others = [item for item in names if item not in (left, right)]
        yield Independent((left,), (right,), others)
    for left, right in combinations(names, 2):
        if len(names) > 2:
            yield Independent((left,), (right,))


def _random_names(statement: Statement) -> list[Any]:
    """The variables of the densities, probabilities and averages of a statement."""
    found: dict[Any, None] = {}
    for _, node in walk(statement):
        if isinstance(node, Density):
            found |= dict.fromkeys(variable for variable, _ in (*node.targets, *node.givens))
        elif isinstance(node, Probability):
            found |= dict.fromkeys(item for _, item in walk(node) if isinstance(item, Variable))
        elif isinstance(node, (Expectation, Variance)) and isinstance(node.measure, Density):
            found |= dict.fromkeys(variable for variable, _ in node.measure.targets)
    return sorted(found, key=str)
