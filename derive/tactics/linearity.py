"""Linearity: expectations, integrals and sums of combinations, taken apart until each stands before one function.

    E[a f + b g + c] = a E[f] + b E[g] + c, and the same for Σ and, without the constant, for ∫.

What this says is in the rulebook; this file only chooses which rule to use where, until none is left to use.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Add, Basic, Mul, Sum

from derive.errors import DeriveError, KernelRefusal
from derive.grounds.context import Context
from derive.kernel import Step, by_algebra
from derive.rulebook import Rulebook
from derive.tactics.rewrite import rule_steps
from derive.terms import Expectation, Inner, Integral, MatrixProduct, is_scalar, mentions
from derive.terms.positions import Path, walk

Move = tuple[str, bool, dict[str, Any]]
_MOST_MOVES = 400


def linearity(term: Basic, where: Context, rules: Rulebook, variable: Basic | None = None) -> list[Step]:
    """The steps that take every expectation, integral and sum apart; with a variable, only those that bind it."""
    steps: list[Step] = []
    stuck: set[Basic] = set()
    refused: DeriveError | None = None
    for _ in range(_MOST_MOVES):
        moved = False
        for path, node in walk(term):
            if not isinstance(node, (Expectation, Integral, Sum)) or node in stuck:
                continue
            if variable is not None and variable not in _bound(node):
                continue
            local = where.at(term, path)
            apart = _double(term, path, node, where) if isinstance(node, Sum) and len(node.limits) > 1 else None
            if apart is not None:
                steps.append(apart)
                term, moved = apart.after, True
                break
            for name, backward, chosen in _moves(node, local):
                try:
                    found = rule_steps(term, rules[name], where, backward=backward, only=node, chosen=chosen)
                except DeriveError as error:
                    refused = refused or error
                    continue
                steps += found
                term, moved = found[-1].after, True
                break
            if moved:
                break
            stuck.add(node)
        if not moved:
            break
    if not steps:
        raise refused or KernelRefusal("no expectation, integral or sum of this term is of a combination")
    return steps


def _double(term: Basic, path: Path, node: Sum, where: Context) -> Step | None:
    """A sum over several indices, which SymPy writes as one, taken apart at once, where exact algebra agrees."""
    new = Add(*(_one_term(part, list(node.limits)) for part in Add.make_args(node.function)))
    if new == node:
        return None
    try:
        return by_algebra(term, path, new, where)
    except DeriveError:
        return None


def _one_term(part: Basic, limits: list[Any]) -> Any:
    """c (b − a + 1) Σ_j f(j) for Σ_i Σ_j c f(j): before the sum what has no index, and the number of terms of Σ_i."""
    indices = {limit[0] for limit in limits}
    factors = Mul.make_args(part)
    before = [factor for factor in factors if is_scalar(factor) and not factor.free_symbols & indices]
    rest = Mul(*(factor for factor in factors if factor not in before))
    kept = list(limits)
    for limit in limits:
        others = [other for other in kept if other != limit]
        spoken = rest.free_symbols.union(*(end.free_symbols for other in others for end in other[1:]))
        if others and limit[0] not in spoken and not any(end.free_symbols & indices for end in limit[1:]):
            before.append(limit[2] - limit[1] + 1)
            kept = others
    return Mul(*before, Sum(rest, *kept))


def _bound(node: Any) -> tuple[Basic, ...]:
    return (node.limits[0][0],) if isinstance(node, Sum) else node.bound


def _body(node: Any) -> Any:
    return node.function if isinstance(node, Sum) else node.body


def _moves(node: Any, local: Context) -> Iterator[Move]:
    """The rules that may take a node apart, the most telling first."""
    kind = {Expectation: "expectation", Integral: "integral", Sum: "sum"}[type(node)]
    body, bound = _body(node), _bound(node)
    if not any(mentions(body, point, local.facts) is not False for point in bound):
        if kind != "integral":
            yield f"{kind}-constant", False, {}
        return
    if isinstance(body, Add):
        first = _first(body, bound, local)
        functions = {"f": first, "g": Add(*(part for part in body.args if part != first))}
        yield "sum-combine" if kind == "sum" else f"{kind}-sum", kind == "sum", functions
    elif isinstance(body, Mul):
        free = [factor for factor in body.args if is_scalar(factor) and not _meets(factor, bound, local)]
        if free:
            rest = Mul(*(factor for factor in body.args if factor not in free))
            constant = "c" if kind == "sum" else "a"
            yield f"{kind}-constant-factor", False, {constant: Mul(*free), "f": rest}
    if kind in ("expectation", "sum") and isinstance(body, Inner):
        yield f"{kind}-inner", False, {}
    if kind in ("expectation", "integral") and isinstance(body, MatrixProduct):
        yield f"{kind}-matrix", False, {}
    if kind == "expectation" and isinstance(body, Sum):
        yield "expectation-sum-over-index", False, {}


def _meets(factor: Basic, bound: tuple[Basic, ...], local: Context) -> bool:
    return any(mentions(factor, point, local.facts) is not False for point in bound)


def _first(body: Add, bound: tuple[Basic, ...], local: Context) -> Basic:
    """A term of a sum that does not vary, where there is one; else its first term."""
    return next((part for part in body.args if not _meets(part, bound, local)), body.args[0])
