"""What a derivation may count with: the sizes and ends of sums that its statement, model or hypotheses speak of.

Of a vector of a ones ‖𝟏‖² = a. Brought into a derivation about a number a, it would prove a ≥ 0; a sum of a terms
would prove that a is whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from sympy import Basic, Expr, Symbol

from derive.errors import KernelRefusal
from derive.grounds.context import Context
from derive.grounds.universal import meaningful
from derive.models import Model
from derive.terms.wellformed import counted_in, sizes_in, unknown_size

__all__ = ["counts_with_what_is_stated"]


def counts_with_what_is_stated(terms: Sequence[Basic], where: Context) -> None:
    """Raises `KernelRefusal` where a term of a chain has a size, or runs to an index, that nothing says is one."""
    meaningful(terms[0])
    spoken = (terms[0], terms[-1], *(given.statement for given in where.given))
    sizes = _sizes(where.model).union(*map(sizes_in, spoken))
    whole = _counted(where.model).union(*map(counted_in, spoken), *(size.free_symbols for size in sizes), where.indices)
    for term in terms:
        new = [size for size in sizes_in(term) - sizes if where.facts.at_most(1, size) is not True]
        size = unknown_size(new, sizes)
        if size is not None:
            raise KernelRefusal(f"nothing says that {size} is the size of a vector")
        for symbol in counted_in(term) - whole:
            raise KernelRefusal(f"nothing says that {symbol} is a whole number")


@lru_cache(maxsize=256)
def _sizes(model: Model) -> frozenset[Expr]:
    return frozenset[Expr]().union(*map(sizes_in, model.statements))


@lru_cache(maxsize=256)
def _counted(model: Model) -> frozenset[Symbol]:
    return frozenset[Symbol]().union(*map(counted_in, model.statements))
