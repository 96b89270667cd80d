"""What is proposed for means of products of independent factors, and for the order of two means.

    E[f(A) g(B)] = E[f] E[g]    E[f(A)ᵀ g(B)] = E[f]ᵀ E[g]    E[f(A) g(B)ᵀ] = E[f] E[g]ᵀ
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sympy import Mul, S

from derive.grounds.conditions import decide
from derive.grounds.context import Context
from derive.rulebook import Abstraction
from derive.search.choices import Choice, against, free_of
from derive.terms import (
    Density,
    Expectation,
    Independent,
    Inner,
    MatrixProduct,
    Normal,
    Transpose,
    sort_of,
)

__all__ = ["INDEPENDENT"]


def _parted(
    measure: Any, pairs: list[Any], first: Any, second: Any, where: Context
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """The substitution for f of some variables and g of the others, where they are known to be independent."""
    rest = [other for other in measure.targets if other not in pairs]
    if not pairs or not rest:
        return
    independent = Independent(
        tuple(own[0] for own in pairs), tuple(other[0] for other in rest),
        tuple(known[0] for known in measure.givens), measure.law,
    )  # fmt: skip
    if decide(independent, where).answer is True:
        f = Abstraction(tuple(own[1] for own in pairs), first)
        g = Abstraction(tuple(other[1] for other in rest), second)
        yield {"p": measure.law, "A": tuple(map(tuple, pairs)), "B": tuple(map(tuple, rest)),
               "C": tuple(map(tuple, measure.givens)), "f": f, "g": g}  # fmt: skip


def _factors(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    """E[f(A) g(B)], one variable against the others."""
    measure = node.measure
    if not isinstance(measure, Density) or len(measure.targets) < 2:
        return
    for pair in measure.targets:
        own = [factor for factor in Mul.make_args(node.body) if not free_of(factor, (pair[1],), where)]
        others = [factor for factor in Mul.make_args(node.body) if factor not in own]
        rest = [other for other in measure.targets if other != pair]
        if own and others and all(free_of(Mul(*own), (other[1],), where) for other in rest):
            yield from _parted(measure, [pair], Mul(*own), Mul(*others), where)


def _two_sides(node: Expectation, first: Any, second: Any, where: Context) -> Iterator[dict[str, Any]]:
    """Two vectors of which no variable is in both."""
    measure = node.measure
    if not isinstance(measure, Density) or len(measure.targets) < 2:
        return
    own = [pair for pair in measure.targets if not free_of(first, (pair[1],), where)]
    if all(free_of(second, (pair[1],), where) for pair in own):
        yield from _parted(measure, own, first, second, where)


def _inner(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    """E[f(A)ᵀ g(B)]."""
    if isinstance(node.body, Inner):
        yield from _two_sides(node, node.body.args[0], node.body.args[1], where)


def _outer(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    """E[f(A) g(B)ᵀ], a column before a row."""
    if not isinstance(node.body, MatrixProduct):
        return
    factors = list(node.body.args)
    for place in range(1, len(factors)):
        column, row = MatrixProduct(*factors[:place]), MatrixProduct(*factors[place:])
        if sort_of(column).kind == "vector" and sort_of(row).kind == "matrix" and S.One in sort_of(row).shape:
            yield from _two_sides(node, column, Transpose(row), where)


def _noise_inside(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    """A mean over a law inside a mean over a Gaussian, where neither speaks of the other's variable."""
    inner: Any = node.body
    if not (isinstance(node.measure, Normal) and isinstance(inner, Expectation)):
        return
    if isinstance(inner.measure, Density) and free_of(inner.measure, node.bound, where):
        names = {"p": "q", "A": "B", "C": "D"}
        own = {names[name]: value for name, value in against(inner.measure).items()}
        yield {**against(node.measure), **own, "f": Abstraction((*node.bound, *inner.bound), inner.body)}


INDEPENDENT: Mapping[str, Choice] = {
    "independent-factors": _factors,
    "independent-inner": _inner,
    "independent-outer": _outer,
    "noise-inside": _noise_inside,
}
