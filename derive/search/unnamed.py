"""Laws that are not named in full: that of E[·] and Var(·), where the model has one, and p(x_T) for p_θ(x_T)."""

from __future__ import annotations

from typing import TypeVar

from sympy import Basic, Symbol

from derive.latex import unicode_text
from derive.models import Model
from derive.terms import Density, Equal, Law, Normal, Run, Statement, Variable, walk

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


def in_its_chain(statement: Statement, model: Model) -> tuple[Statement, tuple[str, ...]]:
    """The statement with p(x_T) for p_θ(x_T), where the factorization of p_θ has it so; and a line that says so."""
    meant = {
        node: Density(entry.law, node.targets, node.givens)
        for entry in model.factorizations if entry.law.indices
        for line in model.lines if isinstance(line.statement, Equal) and line.statement.lhs == entry.joint
        for _, node in walk(line.statement.rhs)
        if isinstance(node, Density) and node.law == Law(entry.law.name)
    }  # fmt: skip
    spoken = {node for _, node in walk(statement) if isinstance(node, Density)}
    used = {bare: full for bare, full in meant.items() if bare in spoken}
    if not used:
        return statement, ()
    read = tuple(f"{unicode_text(bare)} is {unicode_text(full)}" for bare, full in used.items())
    return _replaced(statement, used), read


def _replaced(term: Term, densities: dict[Density, Density]) -> Term:
    if isinstance(term, Density) and term in densities:
        return densities[term]  # type: ignore[return-value]
    if not term.args or isinstance(term, (Symbol, Variable, Run, Law)):
        return term
    return term.func(*(_replaced(arg, densities) for arg in term.args))  # type: ignore[no-any-return]


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
