"""Densities in powers that are no numbers, p(y | x)^γ: (p/q)^γ is p^γ / q^γ where both are positive."""

from __future__ import annotations

from functools import lru_cache

from sympy import Basic, Pow, Symbol

from derive import algebra
from derive.grounds.conditions import decide
from derive.grounds.context import Context, Discharge
from derive.terms import Density, Statement, Variable
from derive.terms.statements import Greater


def exactly(left: Basic, right: Basic, where: Context) -> tuple[algebra.Answer, list[Discharge]]:
    """What exact algebra says of an equation at a place, and each condition that it asks for or uses, decided."""
    facts, powers = facts_with_powers(where, left, right)
    answer = algebra.decide(left, right, facts)
    return answer, [*(decide(condition, where) for condition in answer.provided), *powers]


def facts_with_powers(where: Context, *terms: Basic) -> tuple[tuple[Statement, ...], list[Discharge]]:
    """What exact algebra may use about these terms, that densities in such powers are positive included; and on what
    ground they are.
    """
    found = dict.fromkeys(density for term in terms for density in _in_powers(term))
    answers = [decide(Greater(density, 0), where) for density in found]
    positive = [entry for entry in answers if entry.answer is True]
    return (*where.algebra_facts(*terms), *(Greater(entry.condition.args[0], 0) for entry in positive)), positive


@lru_cache(maxsize=4096)
def _in_powers(term: Basic) -> tuple[Density, ...]:
    if isinstance(term, (Density, Symbol, Variable)) or not term.args:
        return ()
    if isinstance(term, Pow) and not term.exp.is_number:
        return tuple(node for node in sorted(term.base.atoms(Density), key=str) if isinstance(node, Density))
    return tuple(density for part in term.args for density in _in_powers(part))
