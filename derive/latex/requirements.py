"""What a formula needs to be defined, collected from the text before anything cancels."""

from __future__ import annotations

from typing import NamedTuple

from sympy import Basic, Tuple


class Requirement(NamedTuple):
    """What a formula needs to be defined: `condition` below the binders of `context`.

    `kind` is "nonzero", "positive", "nonnegative" (then `condition` is a statement) or "exists" (then it is the
    expectation, integral or derivative itself). `context` lists, outermost first, what is bound there: `Tuple(x)`, or
    `Tuple(t, lower, upper)` for the index of a sum or product.
    """

    kind: str
    condition: Basic
    context: tuple[Tuple, ...]
    start: int
    end: int
