"""What is proposed for the metavariables of a rule where matching would have to guess.

Each choice gives substitutions for one rule at one term, the likeliest first. They are proposals: the kernel
instantiates the rule and compares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sympy import Add, Basic, Mul

from derive.rulebook import Abstraction
from derive.terms import Density, Expectation, Integral, Normal, is_scalar, mentions

if TYPE_CHECKING:
    from derive.context import Context

Choice = Callable[[Any, "Context"], Iterator[dict[str, Any]]]


def against(measure: Any) -> dict[str, Any]:
    """p, A and C for a measure p(A | C); a Gaussian stands for the density of p."""
    if isinstance(measure, Normal):
        return {"p": Abstraction((measure.point,), measure), "A": (measure.point,)}
    return {"p": measure.law, "A": tuple(map(tuple, measure.targets)), "C": tuple(map(tuple, measure.givens))}


def free_of(term: Basic, points: tuple[Basic, ...], where: Context) -> bool:
    """Whether a term certainly mentions none of some points."""
    return all(mentions(term, point, where.facts) is False for point in points)


def split(body: Any, points: tuple[Basic, ...], where: Context) -> tuple[Any, Any]:
    """constant · rest: the scalar factors of a body that mention none of the points, and the others."""
    constant: list[Any] = []
    rest: list[Any] = []
    for factor in Mul.make_args(body):
        (constant if is_scalar(factor) and free_of(factor, points, where) else rest).append(factor)
    return Mul(*constant), Mul(*rest)


def _constant(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    if free_of(node.body, node.bound, where):
        yield {**against(node.measure), "c": node.body}


def _last_term(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    terms = Add.make_args(node.body)
    if len(terms) > 1:
        f, g = Abstraction(node.bound, Add(*terms[:-1])), Abstraction(node.bound, terms[-1])
        yield {**against(node.measure), "f": f, "g": g}


def _constant_factor(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    constant, rest = split(node.body, node.bound, where)
    if constant != 1:
        yield {**against(node.measure), "a": constant, "f": Abstraction(node.bound, rest)}


def _unused(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    if not isinstance(node.measure, Density):
        return
    used = [pair for pair in node.measure.targets if not free_of(node.body, (pair[1],), where)]
    rest = [pair for pair in node.measure.targets if pair not in used]
    if used and rest:
        values = against(node.measure)
        points = tuple(pair[1] for pair in used)
        values |= {"A": tuple(map(tuple, used)), "B": tuple(map(tuple, rest))}
        yield {**values, "f": Abstraction(points, node.body)}


def _nested(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    inner, outer = node.body, node.measure
    if not (isinstance(inner, Expectation) and isinstance(inner.measure, Density) and isinstance(outer, Density)):
        return
    known = {*outer.targets, *outer.givens}
    if inner.measure.law == outer.law and set(inner.measure.givens) == known:
        body = Abstraction((*inner.bound, *node.bound), inner.body)
        pairs = {"A": inner.measure.targets, "B": outer.targets, "C": outer.givens}
        yield {"p": outer.law, "f": body, **{name: tuple(map(tuple, value)) for name, value in pairs.items()}}


def _points(node: Integral) -> tuple[Basic, ...]:
    return node.bound if all(len(limit) == 1 for limit in node.limits) else ()


def _weighted(node: Integral, where: Context) -> Iterator[dict[str, Any]]:
    points = _points(node)
    for factor in Mul.make_args(node.body) if points else ():
        measured = isinstance(factor, Density) and set(factor.points) == set(points)
        if measured or (isinstance(factor, Normal) and (factor.point,) == points):
            rest = Mul(*(other for other in Mul.make_args(node.body) if other is not factor))
            yield {**against(factor), "f": Abstraction(factor.points if measured else points, rest)}


def _last_integrand(node: Integral, where: Context) -> Iterator[dict[str, Any]]:
    terms, points = Add.make_args(node.body), _points(node)
    if points and len(terms) > 1:
        yield {"A": points, "f": Abstraction(points, Add(*terms[:-1])), "g": Abstraction(points, terms[-1])}


def _constant_integrand(node: Integral, where: Context) -> Iterator[dict[str, Any]]:
    points = _points(node)
    constant, rest = split(node.body, points, where) if points else (1, 1)
    if constant != 1:
        yield {"A": points, "a": constant, "f": Abstraction(points, rest)}


CHOICES: Mapping[str, Choice] = {
    "constant": _constant,
    "last-term": _last_term,
    "constant-factor": _constant_factor,
    "unused": _unused,
    "nested": _nested,
    "weighted": _weighted,
    "last-integrand": _last_integrand,
    "constant-integrand": _constant_integrand,
}
