"""Which of two vectors that are one Gaussian together is taken by itself, and which given the other.

N([x; y]; [μ; ν], [S, U; Uᵀ, V]) is N(y) N(x | y) or N(x) N(y | x): the first where x is integrated out, or y stands by
itself in the same term, as in p(x, y) / p(y).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Basic, Pow

from derive.terms import BlockMatrix, Density, Integral, Normal, mentions, walk


def stacked(node: Any, whole: Basic, *, second: bool) -> Iterator[dict[str, Any]]:
    """The parts of a Gaussian of two stacked vectors; `second` where the second is to be taken given the first."""
    parts = _parts(node)
    if parts is None:
        return
    x, y = parts["x"], parts["y"]
    alone, bound = _alone(whole), _integrated(whole)
    if second == ((x in alone or y in bound) and not (y in alone or x in bound)):
        yield parts


def posterior(product: Any) -> bool:
    """Whether a product is that of a likelihood and a prior, over an evidence: N(y | x) N(x) / N(y)."""
    above = [factor for factor in product.args if isinstance(factor, Normal)]
    below = [factor.base for factor in product.args if isinstance(factor, Pow) and factor.exp == -1]
    evidence = {factor.point for factor in below if isinstance(factor, Normal)}
    likelihoods = [factor for factor in above if factor.point in evidence]
    return any(mentions(factor.mean, other.point) is True for factor in likelihoods for other in above)


def _parts(node: Any) -> dict[str, Any] | None:
    """x, y, μ, ν, S, U, V of N([x; y]; [μ; ν], [S, U; Uᵀ, V])."""
    point, mean, covariance = node.point, node.mean, node.covariance
    if not all(isinstance(part, BlockMatrix) for part in (point, mean, covariance)):
        return None
    tables = [[list(row) for row in part.rows] for part in (point, mean, covariance)]
    if [(len(table), len(table[0])) for table in tables] != [(2, 1), (2, 1), (2, 2)]:
        return None
    ((x,), (y,)), ((mu,), (nu,)), ((s, u), (_, v)) = tables
    return {"x": x, "y": y, "\\mu": mu, "\\nu": nu, "S": s, "U": u, "V": v}


def _alone(whole: Basic) -> set[Basic]:
    """The points of Gaussians and densities of one variable."""
    found = set()
    for _, node in walk(whole):
        if isinstance(node, Normal):
            found.add(node.point)
        elif isinstance(node, Density) and len(node.targets) == 1:
            found.add(node.targets[0][1])
    return found


def _integrated(whole: Basic) -> set[Basic]:
    return {point for _, node in walk(whole) if isinstance(node, Integral) for point in node.bound}
