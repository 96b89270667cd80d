"""What is proposed for the rules about means under a Gaussian, and for the mean logarithm of a conditional density.

    E[‖x − c‖²]    E[xⁿ]    E[exp(bᵀx + c)]    E[f(x) x]    E[xᵀ f(x)]    E[log p(A | B)]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sympy import Add, Mul, Pow, exp, log

from derive.grounds.context import Context
from derive.rulebook import Abstraction
from derive.search.choices import Choice, free_of
from derive.terms import (
    Density,
    Expectation,
    Identity,
    Inner,
    MatrixProduct,
    Norm,
    Normal,
    Transpose,
    is_scalar,
    split_scalar,
)

__all__ = ["GAUSSIAN_MEANS"]


def _parameters(measure: Normal, spread: str) -> dict[str, Any]:
    """x, μ and the variance or the covariance under its name in a rule."""
    value = measure.variance if spread == "v" else measure.covariance
    return {"x": measure.point, "\\mu": measure.mean, spread: value}


def _centred(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    """‖x‖² as ‖x − c‖² with c = 0, and the square of a difference as it stands."""
    if isinstance(node.measure, Normal) and node.measure.variance is not None and isinstance(node.body, Pow):
        point, base = node.measure.point, node.body.base
        inside = base.args[0] if isinstance(base, Norm) else base
        if node.body.exp == 2 and free_of(inside - point, (point,), where):
            yield {**_parameters(node.measure, "v"), "c": point - inside}


def _plain_square(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    """‖x‖² as xᵀ M x with the identity for M."""
    measure, body = node.measure, node.body
    if isinstance(measure, Normal) and body == Pow(Norm(measure.point), 2) and isinstance(body.base, Norm):
        yield {**_parameters(measure, "\\Sigma"), "M": Identity(measure.dimension)}


def _power(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    """xⁿ for n ≥ 3; the square is said by a rule of its own."""
    measure, body = node.measure, node.body
    if not (isinstance(measure, Normal) and isinstance(body, Pow) and body.base == measure.point):
        return
    if is_scalar(body.base) and body.exp.is_Integer and body.exp > 2:
        yield {**_parameters(measure, "v"), "n": body.exp}


def _exponential(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    """exp(bᵀx + c), whatever way the linear function is written in."""
    measure, body = node.measure, node.body
    if not (isinstance(measure, Normal) and isinstance(body, exp)):
        return
    point = measure.point
    slopes: list[Any] = []
    rest: list[Any] = []
    for term in Add.make_args(body.args[0]):
        if free_of(term, (point,), where):
            rest.append(term)
            continue
        slope = _slope(term, point)
        if slope is None or not free_of(slope, (point,), where):
            return
        slopes.append(slope)
    if slopes:
        yield {**_parameters(measure, "\\Sigma"), "b": Add(*slopes), "c": Add(*rest)}


def _slope(term: Any, point: Any) -> Any:
    """b of a term bᵀ x that is linear in x."""
    if is_scalar(point):
        return term / point
    scalar = Mul(*(part for part in Mul.make_args(term) if not isinstance(part, Inner)))
    inner = [part for part in Mul.make_args(term) if isinstance(part, Inner)]
    if len(inner) != 1:
        return None
    for left, right in (inner[0].args, reversed(inner[0].args)):
        if left == point:
            return Mul(scalar, right)
        if isinstance(left, MatrixProduct) and left.args[-1] == point:
            return Mul(scalar, MatrixProduct(Transpose(MatrixProduct(*left.args[:-1])), right))
    return None


def _times(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    """f(x) x, where f varies and the product is no mere power of x."""
    measure, body = node.measure, node.body
    if not isinstance(measure, Normal) or not isinstance(body, Mul):
        return
    point: Any = measure.point
    if is_scalar(point):
        power = next((part for part in body.args if part == point or (isinstance(part, Pow) and part.base == point)), 1)
        whole = power == point or (isinstance(power, Pow) and power.exp.is_Integer and power.exp > 0)
        rest = body / point if whole else None
    else:
        scalar, vector = split_scalar(body)
        rest = scalar if vector == point else None
    if rest is not None and not free_of(rest, (point,), where):
        yield {**_parameters(measure, "\\Sigma"), "f": Abstraction((point,), rest)}


def _along(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    """xᵀ f(x), where f varies."""
    measure, body = node.measure, node.body
    if not isinstance(measure, Normal) or measure.variance is None or is_scalar(measure.point):
        return
    inner = [part for part in Mul.make_args(body) if isinstance(part, Inner)]
    if len(inner) != 1 or measure.point not in inner[0].args:
        return
    scalar = Mul(*(part for part in Mul.make_args(body) if part is not inner[0]))
    other = next(part for part in inner[0].args if part != measure.point)
    if not free_of(Mul(scalar, other), (measure.point,), where):
        yield {**_parameters(measure, "v"), "f": Abstraction((measure.point,), Mul(scalar, other))}


def _conditional(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    """log p(A | B, C) under p(A, B | C)."""
    measure, body = node.measure, node.body
    inside = body.args[0] if isinstance(body, log) else None
    if not (isinstance(inside, Density) and isinstance(measure, Density) and inside.law == measure.law):
        return
    known = [pair for pair in inside.givens if pair not in measure.givens]
    if known and {*inside.targets, *known} == {*measure.targets} and {*measure.givens} <= {*inside.givens}:
        sets = {"A": inside.targets, "B": known, "C": measure.givens}
        yield {"p": measure.law, **{name: tuple(map(tuple, pairs)) for name, pairs in sets.items()}}


GAUSSIAN_MEANS: Mapping[str, Choice] = {
    "centred": _centred,
    "plain-square": _plain_square,
    "power-of-the-point": _power,
    "exponential-of-the-point": _exponential,
    "times-the-point": _times,
    "along-the-point": _along,
    "log-of-a-conditional": _conditional,
}
