"""Laws that are not named in full: that of E[·] and Var(·), where the model has one, and p(x_T) for p_θ(x_T)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from sympy import Basic, Symbol

from derive.latex import unicode_text
from derive.models import Model
from derive.terms import (
    Application,
    Density,
    Distributed,
    Equal,
    Independent,
    Law,
    Normal,
    Probability,
    Statement,
    Variable,
    free_variables,
    walk,
)
from derive.terms.noise import with_a_noise
from derive.terms.rewriting import rewritten

Term = TypeVar("Term", bound=Basic)
UNNAMED = Law("")
WEIGHTS = frozenset("w")
"""Letters that stand for what is random and for weights alike."""


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


def over_what_varies(statement: Statement, model: Model) -> tuple[Statement, tuple[str, ...]]:
    """The statement without a weight among what its moments are over: w, where the claim has it outside of them too."""
    fixed = {item for item in free_variables(statement) if str(getattr(item, "name", "")) in WEIGHTS}
    meant = {
        node: kept for _, node in walk(statement) if isinstance(node, Density) and node.law == UNNAMED
        and isinstance(kept := Density(UNNAMED, [p for p in node.targets if p[1] not in fixed], node.givens), Density)
        and kept != node
    }  # fmt: skip
    if not meant:
        return statement, ()
    return _replaced(statement, meant), tuple(f"{unicode_text(item)} does not vary" for item in sorted(fixed, key=str))


def as_drawn(statement: Statement, model: Model) -> tuple[Statement, tuple[str, ...]]:
    """The statement with the moments of X under p, where X ∼ p is given and p is spoken of at a variable x.

    E[f(X)] is E_{p(x = X)}[f(X)]: what is bound keeps its name, and the law is that of x.
    """
    found: Statement = statement
    read: list[str] = []
    for entry in model.distributed:
        own = Density(UNNAMED, [entry.variable]) if isinstance(entry.variable, (Symbol, Variable)) else None
        if own is None or not isinstance(entry.density, Density) or not any(node == own for _, node in walk(found)):
            continue
        law, variables = entry.density.law, {_plain(entry.density)}
        if variables == {entry.variable}:
            parts = (statement, *model.statements)
            spoken = {node for part in parts for _, node in walk(part) if isinstance(node, Density) and node.law == law}
            variables = {_plain(node) for node in spoken} - {entry.variable}
        if len(variables) != 1 or None in variables:
            continue
        drawn = Density(law, [(variables.pop(), entry.variable)])
        found = _replaced(found, {own: drawn})  # type: ignore[dict-item]
        read.append(f"{unicode_text(entry.variable)} has the law {unicode_text(drawn)}")
    return found, tuple(read)


def by_its_letter(statement: Statement, model: Model) -> tuple[Statement, tuple[str, ...]]:
    """The statement with the moments of X under p, where nothing but a density p(x) says what the law of X is.

    E[f(X)] is E_{p(x = X)}[f(X)]: what is bound keeps its name, and the law is that of x.
    """
    unnamed = {node for _, node in walk(statement) if isinstance(node, Density) and node.law == UNNAMED}
    values = values_by_letter(statement, model) if unnamed else {}
    meant: dict[Density, Density] = {}
    for node in sorted(unnamed, key=str):
        pairs = (*node.targets, *node.givens)
        laws = {values[pair[0]][0] for pair in pairs if pair[0] in values}
        if len(laws) == 1 and all(pair[0] in values for pair in pairs):
            own = [(values[pair[0]][1], pair[1]) for pair in pairs]
            count = len(node.targets)
            meant[node] = Density(laws.pop(), own[:count], own[count:])  # type: ignore[assignment]
    if not meant:
        return statement, ()
    read = tuple(f"{', '.join(map(unicode_text, node.points))} has the law {unicode_text(law)}"
                 for node, law in meant.items())  # fmt: skip
    return _replaced(statement, meant), read


def values_by_letter(statement: Statement, model: Model) -> dict[Basic, tuple[Law, Basic]]:
    """The law and the variable x of each capital X: where one law knows an x, and nothing says what an X is."""
    parts = (statement, *model.statements)
    nodes = [node for part in parts for _, node in walk(part)]
    known: dict[str, set[tuple[Law, Basic]]] = {}
    for node in nodes:
        if isinstance(node, Density) and node.law != UNNAMED:
            for pair in (*node.targets, *node.givens):
                known.setdefault(str(getattr(pair[0], "name", "")), set()).add((node.law, pair[0]))
    drawn = {entry.variable for entry in model.distributed}
    found: dict[Basic, tuple[Law, Basic]] = {}
    for node in nodes:
        name = str(getattr(node, "name", "")) if isinstance(node, (Symbol, Variable)) else ""
        if len(name) == 1 and name.isupper() and name not in known and node not in drawn and not _made(node, model):
            values = known.get(name.lower(), set())
            if len(values) == 1:
                (found[node],) = values
    return found


def with_values(statement: Statement, model: Model) -> Model:
    """The model with X ⊥ Z | Y said of the x, z and y of one law, where the capitals are its variables."""
    if not model.independences:
        return model
    values = values_by_letter(statement, model)
    said = [_of_values(part, values) for part in model.independences]
    return model if tuple(said) == model.independences else replace(model, independences=tuple(said))


def _of_values(part: Independent, values: dict[Basic, tuple[Law, Basic]]) -> Independent:
    items = (*part.left, *part.right, *part.given)
    laws = {values[item][0] for item in items if item in values}
    if len(laws) != 1 or any(item not in values for item in items) or part.law not in (None, *laws):
        return part
    left, right, given = ([values[item][1] for item in group] for group in (part.left, part.right, part.given))
    return Independent(left, right, given, laws.pop())


def _made(variable: Basic, model: Model) -> bool:
    """Whether an equation gives a variable by others."""
    return any(part.lhs == variable for part in (*model.definitions, *model.equations))


def _plain(density: Density) -> Basic | None:
    """The one variable of a density without conditions."""
    return density.variables[0] if len(density.targets) == 1 and not density.givens else None


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


def has_its_laws(statement: Statement, model: Model) -> bool:
    """Whether the laws that a claim speaks of may be drawn as the model has them.

    Not the law of a random variable that is given as a function of others (Y = aX + b), of which no law is given; not
    a law that is given at one variable (X ∼ f) and is spoken of at another; not one given by the probabilities of
    values. A world that draws such a law freely says nothing.
    """
    if any(isinstance(law.lhs, Probability) or _at_values(law.lhs) for law in model.laws):
        return False
    densities = [node for _, node in walk(statement) if isinstance(node, Density)]
    given = {
        (node.law, str(getattr(pair[0], "name", "")))
        for part in (*model.laws, *(entry.joint for entry in model.factorizations))
        for _, node in walk(getattr(part, "lhs", part)) if isinstance(node, Density)
        for pair in (*node.targets, *node.givens)
    }  # fmt: skip
    points = [part for part in (*model.definitions, *model.equations) if _is_point(part)]
    made, drawn = [part.lhs for part in points], [part.lhs for part in points if not with_a_noise(part)]
    for node in densities:
        for side, heads in ((node.targets, made), (node.givens, drawn)):
            names = [(pair[0], (node.law, str(getattr(pair[0], "name", "")))) for pair in side]
            if any(key not in given and any(_may_be(item, head) for head in heads) for item, key in names):
                return False
    return not any(_elsewhere(entry, statement, densities) for entry in model.distributed)


def _at_values(density: Basic) -> bool:
    """Whether a density stands at other points than its own variables: P(X = x_i)."""
    return isinstance(density, Density) and any(pair[0] != pair[1] for pair in (*density.targets, *density.givens))


def _is_point(equation: Equal) -> bool:
    """Whether an equation gives a variable by others."""
    head = equation.lhs
    return isinstance(head, (Symbol, Variable)) and bool(free_variables(equation.rhs))


def _may_be(variable: Basic, head: Basic) -> bool:
    """Whether a variable may be the one that an equation gives: x_t gives no x_0."""
    if getattr(variable, "name", None) != getattr(head, "name", ""):
        return False
    numbers = [getattr(item, "indices", ()) for item in (variable, head)]
    return not (all(index.is_Integer for index in numbers[0]) and numbers[0] != numbers[1])


def _elsewhere(entry: Distributed, statement: Statement, densities: list[Density]) -> bool:
    """Whether X ∼ f names f by its letter, and a claim has f at another variable, or as a function."""
    law = entry.density
    if not isinstance(law, Density):
        return False
    if not any(node.law == UNNAMED or entry.variable in node.variables for node in densities):
        return False
    known = {pair[0] for pair in law.targets}
    at_others = any(node.law == law.law and not {pair[0] for pair in node.targets} <= known for node in densities)
    named = any(isinstance(node, Application) and node.name == law.law.name for _, node in walk(statement))
    return at_others or named


def _replaced(term: Term, densities: dict[Density, Density]) -> Term:
    return rewritten(term, lambda part: densities.get(part))  # type: ignore[no-any-return]


def _spoken(densities: list[Density]) -> set[str]:
    """The names of the variables of some densities."""
    return {str(getattr(pair[0], "name", "")) for node in densities for pair in (*node.targets, *node.givens)}


def _by_formula(value: Basic, own: Law) -> bool:
    others = [node for _, node in walk(value) if isinstance(node, Density)]
    return not isinstance(value, Normal) and bool(others) and all(node.law != own for node in others)


def _renamed(term: Term, law: Law) -> Term:
    def named(part: Any) -> Any:
        unnamed = isinstance(part, Density) and part.law == UNNAMED
        return Density(law, part.targets, part.givens) if unnamed else None

    return rewritten(term, named)  # type: ignore[no-any-return]
