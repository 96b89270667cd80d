"""E[·] and Var(·) without a law are under the law that the model names for their variables, where it is one law."""

from __future__ import annotations

from typing import TypeVar

from sympy import Basic, Symbol

from derive.models import Model
from derive.terms import Density, Law, Normal, Run, Statement, Variable, walk

Term = TypeVar("Term", bound=Basic)
UNNAMED = Law("")


def under_its_law(statement: Statement, model: Model) -> tuple[Statement, tuple[str, ...]]:
    """The statement with its unnamed law named, and a line that says so; itself where that is not certain.

    A law that the model gives by a formula in others (a marginal written as an integral) is none of its own.
    """
    unnamed = [node for _, node in walk(statement) if isinstance(node, Density) and node.law == UNNAMED]
    if not unnamed:
        return statement, ()
    wanted = _spoken(unnamed)
    spoken = [node for part in (statement, *model.statements) for _, node in walk(part) if isinstance(node, Density)]
    laws = {node.law for node in spoken if node.law != UNNAMED and _spoken([node]) & wanted}
    laws -= {law.lhs.law for law in model.laws if _by_formula(law.rhs, law.lhs.law)}
    if len(laws) != 1:
        return statement, ()
    (law,) = laws
    return _renamed(statement, law), (f"the law of an expectation that names none is {law}",)


def _spoken(densities: list[Density]) -> set[str]:
    """The names of the variables of some densities."""
    return {str(getattr(pair[0], "name", "")) for node in densities for pair in (*node.targets, *node.givens)}


def _by_formula(value: Basic, own: Law) -> bool:
    others = [node for _, node in walk(value) if isinstance(node, Density)]
    return not isinstance(value, Normal) and bool(others) and all(node.law != own for node in others)


def _renamed(term: Term, law: Law) -> Term:
    if isinstance(term, Density) and term.law == UNNAMED:
        return Density(law, term.targets, term.givens)  # type: ignore[return-value]
    if not term.args or isinstance(term, (Symbol, Variable, Run, Law)):
        return term
    return term.func(*(_renamed(arg, law) for arg in term.args))  # type: ignore[no-any-return]
