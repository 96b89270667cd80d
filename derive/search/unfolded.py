"""A claim whose names are written out, below sums and products too: ᾱ_t as ∏ (1 − β_s), ℓ(μ, σ²) as the sum that it is.

    left = what it stands for REL what it stands for = right
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import Basic, Product, Sum, Symbol, exp, log

from derive import kernel
from derive.errors import DeriveError
from derive.grounds.context import Context
from derive.kernel import Step, Theorem, by_algebra, by_result
from derive.models.products import as_products
from derive.search.named import instance_of_a_rule
from derive.terms import Application, Equal, Variable, alpha_equal, is_scalar, is_value
from derive.terms.positions import walk

if TYPE_CHECKING:
    from derive.search.proving import Prover

__all__ = ["unfolded"]

WRITTEN_OUT = "the names written out"
RIGHT_WRITTEN_OUT = "the right side written out"
_MOST = 24


def unfolded(lhs: Basic, rhs: Basic, relation: str, prover: Prover) -> Theorem | None:
    """`lhs REL rhs` from the same of the two sides with their names written out: by one rule that says it, or by
    normal forms where a sum or product is spoken of. None where no name is given by others.
    """
    if not (is_scalar(lhs) and is_scalar(rhs)) or relation not in ("=", "<=", ">="):
        return None
    where = prover.where
    left, right = _steps(lhs, where), _steps(rhs, where)
    if not left and not right:
        return None
    before, after = (steps[-1].after if steps else side for steps, side in ((left, lhs), (right, rhs)))
    same = alpha_equal(before, after)
    said = None if same else instance_of_a_rule(before, after, relation, where, prover.rules)
    if said is None and not same and any(side.has(Sum, Product) for side in (lhs, rhs)):
        said = prover.equation(before, after)
    if said is None and not same:
        return None
    try:
        lemmas: dict[str, Theorem] = {}
        steps = list(left)
        if said is not None:
            lemmas[WRITTEN_OUT] = said
            backward = said.statement.args[0] != before
            steps.append(by_result(before, (), said, {}, where, name=WRITTEN_OUT, backward=backward))
        if right:
            lemmas[RIGHT_WRITTEN_OUT] = turned = kernel.chain(rhs, right, where)
            reached = steps[-1].after if steps else lhs
            steps.append(by_result(reached, (), turned, {}, where, name=RIGHT_WRITTEN_OUT, backward=True))
        if steps[-1].after != rhs:  # the letters of its sums
            steps.append(by_algebra(steps[-1].after, (), rhs, where))
        return kernel.chain(lhs, steps, where, lemmas)
    except DeriveError:
        return None


def _steps(term: Basic, where: Context) -> list[Step]:
    """The steps that replace the names of a term that the model gives by others, outermost first."""
    steps: list[Step] = []
    stuck: set[Basic] = set()
    while len(steps) < _MOST:
        step = _first(steps[-1].after if steps else term, where, stuck)
        if step is None:
            break
        steps.append(step)
    return steps


def _first(term: Basic, where: Context, stuck: set[Basic]) -> Step | None:
    for path, node in walk(term):
        if not isinstance(node, (Symbol, Variable, Application)) or node in stuck or not is_value(term, path):
            continue
        value = _meaning(node, where.at(term, path))
        if value is not None:
            try:
                return by_algebra(term, path, value, where)
            except DeriveError:
                pass
        stuck.add(node)
    return None


def _meaning(node: Any, local: Context) -> Any:
    """What a name is given as: a product as such, not as a step from the one before."""
    product = Product(Symbol("s"), (Symbol("s"), 1, 2))
    for fact in as_products(local.model, (node, product), local.facts):
        if fact.lhs == node:
            return fact.rhs
    for fact in local.algebra_facts(node):
        if isinstance(fact, Equal) and fact.lhs == node and not fact.rhs.has(node):
            return fact.rhs
        if isinstance(fact, Equal) and fact.lhs == log(node) and not fact.rhs.has(node):
            return exp(fact.rhs)
    return None
