"""What is proposed for runs of variables, and for products along them: marginals of a joint density, telescoping."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sympy import Add, Basic, Mul, Product, Sum

from derive.grounds.context import Context
from derive.rulebook import Abstraction
from derive.terms import (
    Density,
    Expectation,
    IndexFacts,
    Integral,
    Run,
    Variable,
    alpha_equal,
    contained,
    free_variables,
    mentions,
    overlap,
    substitute,
    walk,
)
from derive.terms.binding import without


def taken_apart(
    pairs: Iterable[Any], body: Basic, facts: IndexFacts
) -> tuple[list[Any], list[Any]] | None:  # fmt: skip
    """The targets of a measure that a body mentions, and the others, runs cut; None where it is not certain."""
    used: list[Any] = []
    rest: list[Any] = []
    for variable, point in pairs:
        if mentions(body, point, facts) is False:
            rest.append((variable, point))
        elif not isinstance(point, Run) or variable != point:
            used.append((variable, point))
        else:
            own = _met(body, point, facts)
            if own is None:
                return None
            used += [(item, item) for item in own]
            rest += [(item, item) for item in without((point,), own, facts)]
    return used, rest


def _met(body: Basic, run: Run, facts: IndexFacts) -> list[Basic] | None:
    """The variables and runs of a body that lie in a run, no two the same; None where that is not certain."""
    found = []
    for item in sorted(free_variables(body, facts), key=str):
        if contained(item, run, facts) is True:
            found.append(item)
        elif overlap(item, run, facts) is not False:
            return None
    distinct = all(overlap(a, b, facts) is False for a in found for b in found if a != b)
    return found if distinct and run not in without((run,), found, facts) else None


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


def telescoping_sum(node: Sum, where: Context) -> Iterator[dict[str, Any]]:
    """Σ (f(k) − f(k−1)): f is a part of the body that is there again, turned round, one index before."""
    found, rest = _telescoping(node)
    if found and not rest:
        index, lower, upper = node.limits[0]
        yield {"f": Abstraction((index,), Add(*found)), "k": index, "m": lower, "n": upper}


def telescoping_part(node: Sum, where: Context) -> Iterator[dict[str, Any]]:
    """Σ (f(k) + g(k)), where f telescopes and g does not."""
    found, rest = _telescoping(node)
    if found and rest:
        index, lower, upper = node.limits[0]
        ends = [part - substitute(part, {index: index - 1}) for part in found]
        parts = {"f": Abstraction((index,), Add(*ends)), "g": Abstraction((index,), Add(*rest))}
        yield {**parts, "k": index, "m": lower, "n": upper}


def _telescoping(node: Sum) -> tuple[list[Any], list[Any]]:
    """The terms f(k) of a sum's body with −f(k−1) beside them; and the other terms."""
    if len(node.limits) != 1:
        return [], []
    index = node.limits[0][0]
    rest = list(Add.make_args(node.function))
    found = []
    for term in list(rest):
        later = -substitute(term, {index: index + 1})
        partner = next((other for other in rest if other is not term and alpha_equal(other, later)), None)
        if term in rest and partner is not None:
            found.append(partner)
            rest = [other for other in rest if other is not term and other is not partner]
    return found, rest


def first_apart(node: Sum, where: Context) -> Iterator[dict[str, Any]]:
    """The first term of Σ_k E_{p(x_{m:n})}[f(x_{k−1}, x_k)], where x_{m−1} is none of what is averaged over."""
    if len(node.limits) != 1:
        return
    index, lower, upper = node.limits[0]
    for part in (part for _, part in walk(node.function) if isinstance(part, Expectation)):
        runs = [point for point in part.bound if isinstance(point, Run) and point.lower == lower]
        names = {(run.name, run.lower - 1) for run in runs}
        for item in free_variables(part.body):
            if isinstance(item, Variable) and len(item.indices) == 1:
                begins = item.indices[0] - index + lower
                if index in item.indices[0].free_symbols and (item.name, begins) in names:
                    yield {"f": Abstraction((index,), node.function), "k": index, "m": lower, "n": upper}
                    return
