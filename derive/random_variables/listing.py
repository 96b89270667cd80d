r"""Values in a list: after `P(X = x_i) = p_i`, `\sum_{i=1}^{n} g(x_i)\, p_i` is the sum of g over all values of X.

The statement says that X takes the values x₁, x₂, … with the probabilities p₁, p₂, …; a sum over the whole list in
which each value stands beside its probability is a sum over values, and is read as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Sum, Symbol, Tuple

from derive.models import Model, compile_model
from derive.models.model import Line
from derive.terms import Density, Distributed, Equal, Integral, Law, Variable, free_variables, substitute, walk
from derive.terms.rewriting import rewritten

__all__ = ["over_values"]

NOTE = "the sum over the list of its values is read as the sum over all values of "


@dataclass(frozen=True)
class _Listed:
    """P(X = x_i) = p_i: the law, the variable, the names of values and of probabilities."""

    law: Law
    variable: Any
    value: str
    probability: str


def over_values(term: Any, model: Model) -> tuple[Any, Model, str]:
    """The term and the model with such lists read as values, and what was read so."""
    listed = [found for line in model.lines if (found := _listed(line.statement)) is not None]
    if not listed:
        return term, model, ""
    lines = [
        line if (found := _listed(line.statement)) is None else Line(_drawn(found), line.text) for line in model.lines
    ]
    plain = compile_model(lines, name=model.name, file=model.file, declarations=model.declarations)
    changed = term
    for found in listed:
        changed = _read(changed, found)
    note = NOTE + ", ".join(str(found.variable) for found in listed) if changed != term else ""
    return changed, plain, note


def _drawn(listed: _Listed) -> Distributed:
    return Distributed(listed.variable, Density(listed.law, ((listed.variable, listed.variable),), ()))


def _listed(statement: Any) -> _Listed | None:
    if not isinstance(statement, Equal) or not isinstance(statement.lhs, Density) or statement.lhs.givens:
        return None
    if len(statement.lhs.targets) != 1:
        return None
    variable, value = statement.lhs.targets[0]
    chance = statement.rhs
    if not (isinstance(value, Variable) and isinstance(chance, Variable)) or value == variable:
        return None
    indexed = len(value.indices) == 1 and isinstance(value.indices[0], Symbol) and value.indices == chance.indices
    return _Listed(statement.lhs.law, variable, value.name, chance.name) if indexed else None


def _read(term: Any, listed: _Listed) -> Any:
    return rewritten(
        term, lambda part: _over(part, listed) if isinstance(part, Sum) and len(part.limits) == 1 else None
    )


def _over(term: Any, listed: _Listed) -> Any:
    """A sum from 1 to a symbol, linear in the probabilities, as a sum over values; None where it is another sum."""
    index, lower, upper = term.limits[0]
    nodes = [node for _, node in walk(term.function) if isinstance(node, Variable)]
    values = {node for node in nodes if node.name == listed.value}
    chances = {node for node in nodes if node.name == listed.probability}
    if lower != 1 or not isinstance(upper, Symbol) or len(chances) != 1 or len(values) > 1:
        return None
    chance = next(iter(chances))
    if chance.indices != (index,) or any(value.indices != (index,) for value in values):
        return None
    weight = term.function / chance
    if chance in free_variables(weight):
        return None
    taken = {str(getattr(node, "name", "")) for _, node in walk(term)}
    point = Symbol(next(name for name in (listed.value, "u", "u'", "u''") if name == listed.value or name not in taken))
    body = substitute(weight, dict.fromkeys(values, point)) * Density(listed.law, ((listed.variable, point),), ())
    if index in body.free_symbols:
        return None
    return Integral(body, Tuple(point))
