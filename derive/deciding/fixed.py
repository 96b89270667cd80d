"""What is held fixed below a derivative: not a name that an equation makes of the variable, as y = E_{p_θ}[f] of θ.

From y = θ² the kernel may say ∂y/∂θ = 0 of a y that is a name and no more; of the author's y that says nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sympy import Basic, Symbol

from derive.kernel import Theorem
from derive.models import Model
from derive.terms import Gradient, Variable, free_variables, walk

__all__ = ["holds_fixed"]


def holds_fixed(theorem: Theorem, model: Model) -> bool:
    """Whether a step of a proof takes a name out of all derivatives in what the model's equations make it of."""
    made = {part.lhs: free_variables(part.rhs) for part in (*model.equations, *model.definitions)
            if isinstance(part.lhs, (Symbol, Variable))}  # fmt: skip
    return bool(made) and any(_holds(step, made) for step in _steps(theorem))


def _steps(theorem: Theorem) -> Iterator[tuple[Basic, Basic]]:
    for step in theorem.steps:
        if step.justification.kind == "rule":
            yield step.before, step.after
    for part in (*theorem.parts, *(lemma for _, lemma in theorem.lemmas)):
        yield from _steps(part)


def _holds(step: tuple[Basic, Basic], made: dict[Basic, frozenset[Basic]]) -> bool:
    before, after = (_below_derivatives(side, made) for side in step)
    return any(after[pair] < count for pair, count in before.items())


def _below_derivatives(term: Basic, made: dict[Basic, frozenset[Basic]]) -> Counter[tuple[Basic, Basic]]:
    """How often names stand below derivatives in what they are made of, each with the variable."""
    return Counter(
        (name, node.variable)
        for _, node in walk(term) if isinstance(node, Gradient)
        for name in free_variables(node.body) if name in made and _reaches(name, node.variable, made, frozenset())
    )  # fmt: skip


def _reaches(name: Basic, variable: Basic, made: dict[Basic, frozenset[Basic]], seen: frozenset[Basic]) -> bool:
    inside = made.get(name, frozenset())
    if variable in inside:
        return True
    return any(_reaches(item, variable, made, seen | {name}) for item in inside if item not in seen and item != name)
