r"""A law by the probabilities of its values: P(X = 1) = π and P(X = 0) = 1 − π make E[g(X)] = g(1) π + g(0) (1 − π).

It is read so where the probabilities that are given add up to one: X takes no other value. Then every mean and every
variance over X alone is a sum over these values, and P(X = c) is known for each number c.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Add, Integer, Mul, Pow

from derive import algebra
from derive.latex import unicode_text
from derive.models import Model, compile_model
from derive.models.model import links_of
from derive.terms import Density, Equal, Expectation, Law, Variance, is_scalar, substitute, walk
from derive.terms.rewriting import mapped

__all__ = ["over_its_values"]

Chances = Mapping[Any, Any]


def over_its_values(term: Any, model: Model) -> tuple[Any, Model, tuple[str, ...]]:
    """The term with such variables taken over their values, the model without their laws, and what was read so."""
    given: dict[tuple[Law, Any], dict[Any, Any]] = {}
    for line in model.lines:
        for part in links_of(line.statement):
            found = _chance(part)
            if found is not None:
                law, variable, value, chance = found
                if given.setdefault((law, variable), {}).setdefault(value, chance) != chance:
                    return term, model, ()
    facts = [bound for bound in model.bounds if not any(isinstance(node, Density) for _, node in walk(bound))]
    whole = {key: chances for key, chances in given.items() if _adds_up(chances, facts)}
    if len(given) != 1 or len(whole) != 1:
        return term, model, ()
    ((law, variable), chances), = whole.items()
    changed = _over(term, law, variable, chances)
    if changed == term or any(_of_it(node, variable) for _, node in walk(changed)):
        return term, model, ()
    rest = [line for line in model.lines if not all(_chance(part) for part in links_of(line.statement))]
    plain = compile_model(rest, name=model.name, file=model.file, declarations=model.declarations, times=model.times)
    shown = ", ".join(f"{unicode_text(value)} with probability {unicode_text(p)}" for value, p in chances.items())
    return changed, plain, (f"{unicode_text(variable)} takes the values {shown}",)


def _chance(statement: Any) -> tuple[Law, Any, Any, Any] | None:
    """The law, the variable, the value and the probability of P(X = c) = p, for a number c."""
    if not isinstance(statement, Equal) or not isinstance(statement.lhs, Density) or statement.lhs.givens:
        return None
    density, chance = statement.lhs, statement.rhs
    if len(density.targets) != 1 or any(isinstance(node, (Density, Expectation)) for _, node in walk(chance)):
        return None
    variable, value = density.targets[0]
    return (density.law, variable, value, chance) if value.is_number and is_scalar(variable) else None


def _adds_up(chances: Chances, facts: list[Any]) -> bool:
    """Whether probabilities add up to one, and none of them is negative."""
    answer = algebra.decide(Add(*chances.values()), Integer(1), facts)
    signs = [algebra.sign(chance, facts) for chance in chances.values()]
    return answer.status == "equal" and answer.exact and all(sign in ("+", "+0", "0") for sign in signs)


def _of_it(node: Any, variable: Any) -> bool:
    return node == variable or (isinstance(node, Density) and variable in node.variables)


def _over(term: Any, law: Law, variable: Any, chances: Chances) -> Any:
    if isinstance(term, Density):
        known = term.law == law and not term.givens and len(term.targets) == 1 and term.targets[0][0] == variable
        return chances.get(term.points[0], Integer(0)) if known and term.points[0].is_number else term
    if isinstance(term, (Expectation, Variance)) and _measures(term.measure, law, variable):
        body = _over(term.args[0], law, variable, chances)
        mean = _mean(body, term.measure.points[0], chances)
        if isinstance(term, Expectation):
            return mean
        return Add(_mean(Pow(body, 2), term.measure.points[0], chances), Mul(-1, Pow(mean, 2)))
    return mapped(term, lambda part: _over(part, law, variable, chances))


def _measures(measure: Any, law: Law, variable: Any) -> bool:
    """Whether a mean is over this variable alone."""
    alone = isinstance(measure, Density) and not measure.givens and measure.variables == (variable,)
    return alone and measure.law in (law, Law(""))


def _mean(body: Any, point: Any, chances: Chances) -> Any:
    return Add(*(Mul(chance, substitute(body, {point: value})) for value, chance in chances.items()))
