r"""A density that is given up to a factor: p_γ(x | y) ∝ p(x) p(y | x)^γ is p(x) p(y | x)^γ / Z, with ∫ … dx = Z.

Z may depend on all that the line speaks of but on the variables of the density: it is a function of them, of which
nothing is known but that it is positive. A world, which needs its value, has the integral.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Basic, Integer, Mul, Pow, Symbol

from derive.terms import (
    SCALAR,
    Application,
    Density,
    Equal,
    Greater,
    Integral,
    Law,
    Proportional,
    Variable,
    free_variables,
    mentions,
    sort_of,
    walk,
)

NAME = r"\mathfrak Z"
"""The factor's name; a claim may not speak of it."""


def normalised(line: Proportional, taken: Iterable[Basic]) -> tuple[Equal, Greater] | None:
    """The law that a line gives, and that its normaliser is positive; None where it speaks of the law that it gives.

    p(z | x) ∝ p(x | z) p(z) is Bayes' theorem, and no density that is given. `taken` are the statements before it.
    """
    density = line.lhs
    if not isinstance(density, Density) or set(density.points) != set(line.variables):
        return None
    if density.points != density.variables or any(
        isinstance(node, Density) and node.law == density.law for _, node in walk(line.rhs)
    ):
        return None
    points = set(density.points)
    named = (node for side in (density, line.rhs) for _, node in walk(side) if isinstance(node, (Law, Application)))
    subscripts = {symbol for node in named for index in node.indices for symbol in index.free_symbols}
    others = {*free_variables(density), *free_variables(line.rhs)} - subscripts
    sizes = {size for item in points for length in sort_of(item).shape for size in length.free_symbols}
    kept = sorted((item for item in others - points - sizes if isinstance(item, (Symbol, Variable))), key=str)
    before = {str(node.name) for part in taken for _, node in walk(part) if is_one(node)}
    name, indices = NAME + "'" * len(before), sorted(subscripts - points, key=str)
    factor: Any = Application(name, SCALAR, indices, *kept) if kept else Variable(name, SCALAR, *indices)
    return Equal(density, Mul(line.rhs, Pow(factor, -1))), Greater(factor, Integer(0))


def is_one(node: Basic) -> bool:
    """Whether a term is the normaliser of a density that is given up to it."""
    return isinstance(node, (Application, Variable)) and node.name.startswith(NAME)


def of_a_normaliser(bound: Basic) -> bool:
    """Whether a bound is that of such a factor: it says nothing of the points that are its arguments."""
    return isinstance(bound, Greater) and is_one(bound.lhs)


def normaliser(law: Equal, defined: Iterable[str]) -> Equal | None:
    """Z = ∫ f dx for a law p(x | y) = f(x, y) / Z(y), whose Z nothing else defines."""
    if not isinstance(law.lhs, Density) or not isinstance(law.rhs, Mul):
        return None
    below = [factor.base for factor in law.rhs.args if isinstance(factor, Pow) and factor.exp == -1]
    found: list[Any] = [
        factor for factor in below
        if isinstance(factor, (Application, Symbol, Variable)) and str(factor.name) not in set(defined)
        and all(mentions(factor, point) is False for point in law.lhs.points)
        and all(isinstance(item, (Symbol, Variable)) for item in getattr(factor, "arguments", ()))
    ]  # fmt: skip
    if len(found) != 1:
        return None
    (factor,) = found
    return Equal(factor, Integral(Mul(law.rhs, factor), *law.lhs.points))
