"""A point written with its noise, x_t = √a x_0 + √b ε, read the other way round."""

from __future__ import annotations

from functools import lru_cache

from sympy import Add, Basic, Mul, Pow

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
