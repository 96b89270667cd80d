"""A few steps of a Gaussian chain at once: q(x_t | x_{t−3}) from the kernel, one step after the other.

q(x_t | x_{t−k}) = ∫ q(x_t | x_{t−1}) q(x_{t−1} | x_{t−k}) dx_{t−1}, where the second factor is k − 1 steps at once.
Only strides that a claim speaks of are worked out, by lines that the kernel accepts or refuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Integer, Symbol

from derive.derivation import Derivation
from derive.errors import DeriveError
from derive.grounds.context import Context
from derive.kernel import Theorem
from derive.latex import latex
from derive.models import Model
from derive.rulebook import Rulebook
from derive.terms import Density, Equal, GreaterEqual, Normal, Relation, Variable, substitute, walk

__all__ = ["strides"]

LONGEST = 6
"""No more steps than these are taken one by one."""


def strides(
    kernel: Equal, index: Symbol, model: Model, rules: Rulebook, claim: Relation
) -> Iterator[tuple[str, Theorem]]:
    """The theorems q(x_t | x_{t−k}) = N(…) for t ≥ k, for each k ≥ 2 that a claim speaks of, by name."""
    if not isinstance(kernel.lhs, Density) or not isinstance(kernel.rhs, Normal):
        return
    point = kernel.lhs.targets[0][1]
    longest = max((gap for _, node in walk(claim) for gap in _gaps(node, kernel.lhs)), default=0)
    if longest < 2 or longest > LONGEST or not isinstance(point, Variable) or index not in point.indices:
        return
    before: Theorem | None = None
    for steps in range(2, longest + 1):
        before = _one_more(kernel, index, steps, before, model, rules)
        if before is None:
            return
        yield f"{steps} steps of {latex(kernel.lhs.law)}", before


def _gaps(node: Any, kernel: Density) -> Iterator[int]:
    """How many steps lie between the two points of a density of this law, where that is a number."""
    if isinstance(node, Density) and node.law == kernel.law and len(node.targets) == len(node.givens) == 1:
        (here, _), (there, _) = node.targets[0], node.givens[0]
        family = kernel.variables[0]
        if all(isinstance(item, Variable) and item.name == family.name for item in (here, there)):
            gap = here.indices[0] - there.indices[0] if len(here.indices) == len(there.indices) == 1 else None
            if isinstance(gap, Integer):
                yield int(gap)


def _one_more(
    kernel: Equal, index: Symbol, steps: int, earlier: Theorem | None, model: Model, rules: Rulebook
) -> Theorem | None:
    """So many steps at once, from one less; a step of the kernel is one."""
    (_, point), (_, middle) = kernel.lhs.targets[0], kernel.lhs.givens[0]
    start = Density(kernel.lhs.law, [point], [substitute(point, {index: index - steps})])
    where = Context.of(model, (GreaterEqual(index, steps),), (start,)).about(start)
    name = f"{steps - 1} steps"
    known = {} if earlier is None else {name: earlier}
    try:
        found = (
            Derivation(start, context=where, rules=rules, results=known)
            .by("marginalization", B=(middle,))
            .by("product-rule", A=(point,))
            .by("drop-conditioning")
            .by("law", at=kernel.lhs)
            .by("law" if earlier is None else name)
            .by("linear-gaussian-marginal")
        )
        return found.theorem
    except DeriveError:
        return None
