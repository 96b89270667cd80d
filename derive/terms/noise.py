"""A point written with its noise, x_t = √a x_0 + √b ε, read the other way round; and what is meant at one t."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sympy import Add, Basic, Mul, Pow, Symbol

from derive.terms.binding import free_variables
from derive.terms.linear import split_scalar
from derive.terms.names import Variable
from derive.terms.statements import Equal


@lru_cache(maxsize=256)
def noise_of(statement: Equal) -> Equal | None:
    """ε = (x_t − √a x_0)/√b for a point written with its noise, x_t = √a x_0 + √b ε; None where it is not affine in ε.

    Where x_t has a law of its own, the noise is the function of the others, and the equation holds in that law.
    """
    noises = [
        item for item in free_variables(statement.rhs)
        if isinstance(item, Variable) and item.sort.kind == "vector" and not item.indices
    ]  # fmt: skip
    if len(noises) != 1:
        return None
    (noise,) = noises
    scales: list[Basic] = []
    others: list[Basic] = []
    for term in Add.make_args(statement.rhs):
        scale, base = split_scalar(term)
        if base == noise and noise not in free_variables(scale):
            scales.append(scale)
        elif noise in free_variables(term):
            return None
        else:
            others.append(Mul(-1, term))
    return Equal(noise, Mul(Pow(Add(*scales), -1), Add(statement.lhs, *others)))


def with_a_noise(equation: Any) -> bool:
    """Whether an equation writes a point of many, x_t, with a vector that has no index: it is meant at that t."""
    head = equation.lhs
    return isinstance(head, Variable) and head.sort.kind == "vector" and bool(head.indices) and any(
        isinstance(item, Variable) and item.sort.kind == "vector" and not item.indices
        for item in free_variables(equation.rhs)
    )


def meant_here(equation: Any) -> bool:
    """Whether an equation gives a name without an index by an expression that has some: σ_Q² = σ_{t|s}² σ_s² / σ_t².

    So is x̂_0 = (x_t − b_t ε)/a_t. It is meant at the t and s of the statement; c = a_t, a bare name, says that a_t is
    constant.
    """
    if not isinstance(equation, Equal):
        return False
    head = equation.lhs.base if isinstance(equation.lhs, Pow) else equation.lhs
    if not isinstance(head, (Symbol, Variable)) or isinstance(equation.rhs, (Symbol, Variable)):
        return False
    if any(index.free_symbols for index in getattr(head, "indices", ())):
        return False
    indices = (index for item in free_variables(equation.rhs) for index in getattr(item, "indices", ()))
    return any(index.free_symbols for index in indices)


def _of_two_vectors(equation: Any) -> bool:
    """Whether an equation writes a point of many with vectors none of which has an index, z_t = α_t x + σ_t ε."""
    if not isinstance(equation, Equal) or not with_a_noise(equation):
        return False
    vectors = (item for item in free_variables(equation.rhs) if isinstance(item, Variable))
    return not any(item.indices for item in vectors if item.sort.kind == "vector")


def is_curve(equation: Any) -> bool:
    """Whether an equation writes such a point by its index as a number, z_φ = cos(φ) x + sin(φ) ε: at every φ then."""
    return _of_two_vectors(equation) and all(
        isinstance(index, Symbol) and _stands_as_a_number(index, equation.rhs) for index in equation.lhs.indices
    )


def _stands_as_a_number(symbol: Symbol, term: Basic) -> bool:
    """Whether a symbol stands in a term other than as an index."""
    if isinstance(term, (Symbol, Variable)):
        return bool(term == symbol)
    return any(_stands_as_a_number(symbol, arg) for arg in term.args)


def elsewhere(equation: Any, statement: Basic) -> bool:
    """Whether a statement has names that such an equation gives a name by at other indices: whether it is said of those
    too is not certain, and nothing is refuted by its being said of one t. x_0 beside x_t is a point of its own. Nor is
    it certain of z_t = α_t x + σ_t ε, whose x is no z_0.
    """
    if _of_two_vectors(equation):
        return not is_curve(equation) and any(
            isinstance(item, Variable) and item.name == equation.lhs.name and item != equation.lhs
            for item in free_variables(statement)
        )
    if not meant_here(equation):
        return False
    own = {item for item in free_variables(equation.rhs) if isinstance(item, Variable)}
    symbols = {symbol for item in own for index in item.indices for symbol in index.free_symbols}
    names = {item.name for item in own if item.indices}
    return any(
        isinstance(item, Variable) and item.name in names and any(
            index not in symbols for index in item.indices
            if index.free_symbols or (index.is_number and item.sort.kind != "vector")
        )
        for item in free_variables(statement)
    )
