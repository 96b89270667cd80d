"""Functions that are defined at squares of names: ℓ(μ, σ²) = … is said of every mean and every variance."""

from __future__ import annotations

from typing import Any

from sympy import Pow, Symbol, sqrt

from derive.terms import Application, Equal, free_variables, substitute

__all__ = ["in_plain_arguments"]


def in_plain_arguments(equation: Equal) -> Equal:
    """f(μ, σ²) = g(μ, σ) as f(μ, v) = g(μ, √v), v the variance, which a deviation is the root of; else as it is.

    A name of which both x and x² are arguments stays, and one that is in no argument.
    """
    head: Any = equation.lhs
    if not isinstance(head, Application):
        return equation
    squares = [item for item in head.arguments if isinstance(item, Pow) and isinstance(item.base, Symbol)]
    squares = [item for item in squares if item.exp == 2]
    others = {name for item in head.arguments if item not in squares for name in free_variables(item)}
    if not squares or len(set(squares)) != len(squares) or any(item.base in others for item in squares):
        return equation
    # no text has a name with a power in it, so this one is free
    plain = {item: Symbol(f"{item.base.name}^{{2}}") for item in squares}
    roots = {item.base: sqrt(value) for item, value in plain.items()}
    arguments = [plain.get(item, item) for item in head.arguments]
    return Equal(head.func(*head.args[:3], *arguments), substitute(equation.rhs, roots))
