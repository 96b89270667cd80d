"""What is proposed for the square of a sum over an index, and for sums of one term over and over.

E[(Σ_i X_i)²] is Σ_i E[X_i²] + 2 Σ_i Σ_{j<i} E[X_i X_j], where means of products of independent factors come apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sympy import Mul, Pow, Sum, Symbol

from derive.grounds.context import Context
from derive.rulebook import Abstraction
from derive.search.choices import Choice, against, free_of
from derive.terms import Variance, is_scalar, mentions, substitute

__all__ = ["SQUARED_SUMS", "factor_of_a_sum", "squared_sum"]


def squared_sum(node: Any, where: Context) -> Iterator[dict[str, Any]]:
    """(Σ_k f(k))² as squares and products."""
    if not isinstance(node, Pow) or node.exp != 2 or not isinstance(node.base, Sum) or len(node.base.limits) != 1:
        return
    index, lower, upper = node.base.limits[0]
    other = next(symbol for symbol in _letters(node) if symbol != index)
    if is_scalar(node.base.function):
        yield {"f": Abstraction((index,), node.base.function), "k": index, "l": other, "m": lower, "n": upper}


def _varied_sum(node: Variance, where: Context) -> Iterator[dict[str, Any]]:
    """Var(c Σ_k f(k)) by the terms c f(k)."""
    factors = Mul.make_args(node.body)
    sums = [part for part in factors if isinstance(part, Sum)]
    rest = Mul(*(part for part in factors if part not in sums))
    if len(sums) != 1 or len(sums[0].limits) != 1 or not is_scalar(node.body) or not free_of(rest, node.bound, where):
        return
    index, lower, upper = sums[0].limits[0]
    k, other = (symbol for symbol, _ in zip(_letters(node), range(2), strict=False))
    f = Abstraction((*node.bound, k), Mul(rest, substitute(sums[0].function, {index: k})))
    yield {**against(node.measure), "f": f, "k": k, "l": other, "m": lower, "n": upper}


def _letters(term: Any) -> Iterator[Symbol]:
    """Letters for indices that a term does not have."""
    return (symbol for symbol in map(Symbol, "ijklmrsu") if mentions(term, symbol) is False)


def factor_of_a_sum(body: Any) -> Iterator[dict[str, Any]]:
    """c Σ_k f(k) as Σ_k c f(k), where nothing else is a sum."""
    sums = [part for part in Mul.make_args(body) if isinstance(part, Sum)]
    if len(sums) != 1 or sums[0] == body or len(sums[0].limits) != 1 or not is_scalar(sums[0].function):
        return
    index, lower, upper = sums[0].limits[0]
    rest = Mul(*(part for part in Mul.make_args(body) if part is not sums[0]))
    name = index
    if mentions(rest, index) is not False:
        name = next(_letters(body))
    f = Abstraction((name,), substitute(sums[0].function, {index: name}))
    yield {"c": rest, "f": f, "k": name, "m": lower, "n": upper}


def _constant_term(node: Sum, where: Context) -> Iterator[dict[str, Any]]:
    """Σ_k c, where no k is in c."""
    if len(node.limits) == 1 and free_of(node.function, (node.limits[0][0],), where) and is_scalar(node.function):
        index, lower, upper = node.limits[0]
        yield {"c": node.function, "k": index, "m": lower, "n": upper}


SQUARED_SUMS: Mapping[str, Choice] = {
    "squared-sum": squared_sum, "constant-term": _constant_term, "varied-sum": _varied_sum,
}  # fmt: skip
