"""What is proposed for derivatives of unknown functions at affine points: ∇_x f(a x + b), ∂/∂t f(b + t c)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sympy import Add, Symbol

from derive.grounds.context import Context
from derive.rulebook import Abstraction
from derive.search.choices import Choice, free_of
from derive.terms import Application, Gradient, Variable, is_scalar, sort_of, split_scalar

__all__ = ["AFFINE_POINTS"]


def _affine(node: Gradient, where: Context) -> Iterator[tuple[Any, Any, Abstraction]]:
    """Coefficient and rest of the one argument that varies, and the function of what stands there."""
    body, point = node.body, node.variable
    if node.point != point or not isinstance(body, Application):
        return
    varying = {item for item in body.arguments if not free_of(item, (point,), where)}
    if len(varying) != 1 or point in varying:
        return
    (inside,) = varying
    slopes: list[Any] = []
    rest: list[Any] = []
    for term in Add.make_args(inside):
        if free_of(term, (point,), where):
            rest.append(term)
        elif is_scalar(point):
            slopes.append(term / point)
        else:
            scalar, vector = split_scalar(term)
            if vector != point:
                return
            slopes.append(scalar)
    if not free_of(Add(*slopes), (point,), where) or sort_of(inside).kind not in ("scalar", "vector"):
        return
    own: Any = Symbol("u") if is_scalar(inside) else Variable("u", sort_of(inside))
    arguments = [own if item == inside else item for item in body.arguments]
    function = Application(body.name, sort_of(body), body.indices, *arguments)
    yield Add(*slopes), Add(*rest), Abstraction((own,), function)


def _stretched(node: Gradient, where: Context) -> Iterator[dict[str, Any]]:
    """f(a x + b), with a number for a."""
    for slope, rest, function in _affine(node, where):
        if is_scalar(slope) and is_scalar(node.body):
            yield {"x": node.variable, "a": slope, "b": rest, "f": function}


def _along(node: Gradient, where: Context) -> Iterator[dict[str, Any]]:
    """f(b + t c), with a number for t and a vector for c."""
    for slope, rest, function in _affine(node, where):
        if not is_scalar(slope) and is_scalar(node.variable) and is_scalar(node.body):
            yield {"t": node.variable, "c": slope, "b": rest, "f": function}


AFFINE_POINTS: Mapping[str, Choice] = {"stretched": _stretched, "along-a-line": _along}
