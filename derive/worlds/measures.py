"""Counting and Lebesgue: what a finite world may say of densities.

A finite table is also a density that is constant on cells of volume 1, so it refutes a claim about Lebesgue densities
exactly where values of variables enter only as points of densities and arguments of unknown functions, and where each
integrand carries a density of what is integrated, so that it vanishes outside the cells.
"""

from __future__ import annotations

from sympy import Basic, Symbol

from derive.terms import (
    KL,
    Application,
    CrossEntropy,
    Density,
    Entropy,
    Equals,
    Expectation,
    Gradient,
    Integral,
    Normal,
    Probability,
    Run,
    Variable,
)
from derive.worlds.setting import walk


def lebesgue_safe(statement: Basic) -> bool:
    """Whether a finite world that breaks a statement also breaks it for Lebesgue densities."""
    names = set()
    for node in walk(statement):
        if isinstance(node, Density):
            for pair in (*node.targets, *node.givens):
                names |= {getattr(part, "name", None) for part in pair}
        elif isinstance(node, Integral):
            names |= {limit[0].name for limit in node.limits}
    return _safe(statement, names)


def either_safe(statement: Basic, coupled: frozenset[str] = frozenset()) -> bool:
    """Whether a finite world may break a statement where nothing is said of the measure.

    Not where an integral is of something that no density carries and that is no unknown function: ∫ exp(−x²) dx is
    meant over the line. Not where a variable is a function of others (`coupled`) and its density is taken: stretching
    thins a density and no probability.
    """
    for node in walk(statement):
        if isinstance(node, Integral):
            bound = {limit[0] for limit in node.limits}
            names = {limit[0].name for limit in node.limits}
            if any(len(limit) != 1 for limit in node.limits):
                return False
            if not bound <= _carried(node.body) and not _safe(node.body, names):
                return False
    return not coupled or not _takes_density(statement, coupled)


def _takes_density(term: Basic, coupled: frozenset[str]) -> bool:
    """Whether a density of a coupled variable stands anywhere but as the measure of an expectation."""
    if isinstance(term, Density):
        return any(getattr(pair[0], "name", "") in coupled for pair in term.targets)
    parts = (term.body,) if isinstance(term, Expectation) else term.args
    return any(_takes_density(part, coupled) for part in parts)


def _safe(term: Basic, names: set[str | None]) -> bool:
    if isinstance(term, (Symbol, Variable, Run)):
        return term.name not in names
    if isinstance(term, Density):
        return all(isinstance(part, (Symbol, Variable, Run)) for pair in (*term.targets, *term.givens) for part in pair)
    if isinstance(term, Gradient):  # in a parameter, a value is differentiated that is safe itself
        return term.point == term.variable and term.variable.name not in names and _safe(term.body, names)
    if isinstance(term, (Normal, Equals, Probability)):
        return False
    if isinstance(term, Application):
        return all(isinstance(arg, (Symbol, Variable, Run)) or _safe(arg, names) for arg in term.arguments)
    if isinstance(term, Expectation):
        return _safe(term.body, names) and _safe(term.measure, names)
    if isinstance(term, Integral):
        if any(len(limit) != 1 for limit in term.limits):
            return False
        bound = {limit[0] for limit in term.limits}
        return bound <= _carried(term.body) and _safe(term.body, names)
    if isinstance(term, (KL, CrossEntropy)):
        return _safe(term.p, names) and _safe(term.q, names)
    if isinstance(term, Entropy):
        return _safe(term.p, names)
    return all(_safe(arg, names) for arg in term.args)


def _carried(body: Basic) -> set[Basic]:
    """The variables at which some factor of a product is a density of theirs."""
    found: set[Basic] = set()
    for factor in body.args if body.is_Mul else (body,):
        if isinstance(factor, Density):
            found.update(factor.points)
    return found
