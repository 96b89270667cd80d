"""What is proposed for runs of variables, and for products along them: marginals of a joint density, telescoping."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Mul, Product

from derive.context import Context
from derive.rulebook import Abstraction
from derive.terms import Density, Integral, Run, contained, substitute
from derive.terms.binding import without


def joint(node: Integral, where: Context) -> Iterator[dict[str, Any]]:
    """∫ p(A, B | C) dB of a joint density: B is bound, A the rest of its variables, runs cut where B is in them."""
    body = node.body
    if not isinstance(body, Density) or any(len(limit) != 1 for limit in node.limits):
        return
    kept: list[Any] = []
    found: list[Any] = []
    for pair in body.targets:
        whole = pair[1] in node.bound
        inside = [pair[1]] if whole else [item for item in node.bound if _lies_in(item, pair, where)]
        found += inside
        if not whole:
            kept += _around(pair, inside, where)
    if kept and len(found) == len(node.bound):
        bound = tuple((item, item) for item in node.bound)
        yield {"p": body.law, "A": tuple(kept), "B": bound, "C": tuple(map(tuple, body.givens))}


def _lies_in(item: Any, pair: Any, where: Context) -> bool:
    run = isinstance(pair[1], Run) and pair[0] == pair[1]
    return run and contained(item, pair[1], where.facts) is True


def _around(pair: Any, inside: list[Any], where: Context) -> list[Any]:
    """What is left of a run without some of its variables; any other variable as it is."""
    return [(item, item) for item in without((pair[1],), inside, where.facts)] if inside else [tuple(pair)]


def telescoping(node: Product, where: Context) -> Iterator[dict[str, Any]]:
    """∏ f(k)/f(k−1): f is what stands above, where what stands below is the same one index before; or turned over."""
    if len(node.limits) != 1:
        return
    index, lower, upper = node.limits[0]
    parts = [(factor, factor.as_base_exp()[1].could_extract_minus_sign()) for factor in Mul.make_args(node.function)]
    above = Mul(*(factor for factor, turned in parts if not turned))
    below = Mul(*(1 / factor for factor, turned in parts if turned))
    for first, second in ((above, below), (below, above)):
        if index in first.free_symbols and substitute(first, {index: index - 1}) == second:
            function = Abstraction((index,), first if first is above else 1 / first)
            yield {"f": function, "k": index, "m": lower, "n": upper}
