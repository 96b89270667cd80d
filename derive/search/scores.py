"""What is proposed for means of scores, E[∇ log p], E[f ∇ log p], E[fᵀ ∇ log p], and of products with what is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sympy import Mul, Pow, S, log

from derive.grounds.context import Context
from derive.rulebook import Abstraction
from derive.search.choices import Choice, free_of
from derive.terms import Density, Expectation, Gradient, Inner, Norm, is_scalar, split_scalar

__all__ = ["SCORES"]


def _is_score(factor: Any, measure: Any) -> bool:
    """Whether a factor is the gradient of the measure's own log-density in its one point."""
    if not (isinstance(factor, Gradient) and isinstance(factor.body, log) and isinstance(measure, Density)):
        return False
    own = factor.body.args[0] == measure and len(measure.targets) == 1
    return own and measure.points == measure.variables == (factor.variable,) and factor.point == factor.variable


def _names(measure: Density) -> dict[str, Any]:
    return {"p": measure.law, "x": measure.points[0], "C": tuple(map(tuple, measure.givens))}


def _own(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    if _is_score(node.body, node.measure):
        yield _names(node.measure)  # type: ignore[arg-type]


def _against(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    """f ∇ log p, and the square of a score on the line."""
    measure: Any = node.measure
    body = node.body
    if isinstance(body, Pow) and body.exp == 2 and is_scalar(body.base) and _is_score(body.base, measure):
        yield {**_names(measure), "f": Abstraction(measure.points, body.base)}
        return
    scores = [factor for factor in Mul.make_args(body) if _is_score(factor, measure)]
    if len(scores) == 1 and body != scores[0]:
        rest = Mul(*(factor for factor in Mul.make_args(body) if factor != scores[0]))
        if is_scalar(rest):
            yield {**_names(measure), "f": Abstraction(measure.points, rest)}


def _along(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    """fᵀ ∇ log p, and the squared length of a score."""
    measure: Any = node.measure
    scalar, other = S.One, None
    for factor in Mul.make_args(node.body):
        if isinstance(factor, Inner) and any(_is_score(part, measure) for part in factor.args):
            left, right = factor.args
            other = right if _is_score(left, measure) else left
        elif isinstance(factor, Pow) and factor.exp == 2 and isinstance(factor.base, Norm):
            if _is_score(factor.base.args[0], measure):
                other = factor.base.args[0]
            else:
                scalar = Mul(scalar, factor)
        else:
            scalar = Mul(scalar, factor)
    if other is not None:
        yield {**_names(measure), "f": Abstraction(measure.points, Mul(scalar, other))}


def _known_inner(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    """E_B[g(B)ᵀ E[f | B]]."""
    outer: Any = node.measure
    if not (isinstance(node.body, Inner) and isinstance(outer, Density)):
        return
    for left, right in (node.body.args, tuple(reversed(node.body.args))):
        scalar, inner = split_scalar(right)
        if not (isinstance(inner, Expectation) and isinstance(inner.measure, Density)):
            continue
        known = {*outer.targets, *outer.givens}
        fits = inner.measure.law == outer.law and set(inner.measure.givens) == known
        if fits and not set(inner.bound) & set(node.bound) and free_of(left, inner.bound, where):
            sets = {"A": inner.measure.targets, "B": outer.targets, "C": outer.givens}
            yield {
                "p": outer.law, "f": Abstraction((*inner.bound, *node.bound), inner.body),
                "g": Abstraction(node.bound, Mul(scalar, left)),
                **{name: tuple(map(tuple, value)) for name, value in sets.items()},
            }  # fmt: skip


SCORES: Mapping[str, Choice] = {
    "own-score": _own,
    "against-the-score": _against,
    "along-the-score": _along,
    "known-inner": _known_inner,
}
