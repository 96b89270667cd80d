"""|A| ≤ C where A² ≤ C²: a bound on a size, by the bound on squares that rules say.

    |A| = √(A²) ≤ √(C²) = C
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Abs, Basic, Pow, Rational, sqrt

from derive import kernel
from derive.errors import DeriveError
from derive.grounds.context import Context
from derive.kernel import Theorem, by_algebra, by_result
from derive.terms import is_scalar

__all__ = ["rooted"]

SQUARES = "the squares"
"""The name of the lemma that says which square is at most which."""

HALF = Rational(1, 2)


def rooted(
    lower: Basic, upper: Basic, where: Context, shown: Callable[[Basic, Basic], Theorem | None]
) -> Theorem | None:
    """lower ≤ upper from the same of their squares, where a size or a root is bounded; `shown` looks for that."""
    if not (is_scalar(lower) and is_scalar(upper)) or not isinstance(lower, (Abs, Pow)):
        return None
    if isinstance(lower, Pow) and lower.exp != HALF:
        return None
    below = Pow(lower.args[0], 2) if isinstance(lower, Abs) else lower.args[0]
    above = Pow(upper, 2)
    said = shown(below, above)
    if said is None:
        return None
    try:
        steps = [] if sqrt(below) == lower else [by_algebra(lower, (), sqrt(below), where)]
        backward = said.statement.args[0] != below
        steps.append(by_result(sqrt(below), (0,), said, {}, where, name=SQUARES, backward=backward))
        if steps[-1].after != upper:
            steps.append(by_algebra(steps[-1].after, (), upper, where))
        return kernel.chain(lower, steps, where, {SQUARES: said})
    except DeriveError:
        return None
