"""What is proposed for derivatives in a matrix and for Jacobians.

    ∇_X tr(A X)    ∇_X tr(Xᵀ A X)    ∇_X aᵀ X b    ∇_X det X    ∇_X aᵀ X⁻¹ b    ∇_x (f + g)    ∇_x (M f)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sympy import Add, Mul

from derive.grounds.context import Context
from derive.rulebook import Abstraction
from derive.search.choices import Choice, free_of, split
from derive.terms import (
    Gradient,
    Identity,
    Inner,
    Inverse,
    MatrixProduct,
    Norm,
    Trace,
    Transpose,
    is_scalar,
    sort_of,
)

__all__ = ["MATRIX_SLOPES"]


def _in_a_matrix(node: Gradient) -> bool:
    return bool(node.point == node.variable) and sort_of(node.variable).kind == "matrix"


def _of_a_vector(node: Gradient) -> bool:
    return bool(node.point == node.variable) and sort_of(node.body).kind == sort_of(node.variable).kind == "vector"


def _product(factors: list[Any], size: Any) -> Any:
    return MatrixProduct(*factors) if factors else Identity(size)


def _trace(node: Gradient, where: Context) -> Iterator[dict[str, Any]]:
    """tr(B X C) as tr(C B X), and tr(B Xᵀ C) as tr((C B)ᵀ X)."""
    if not (_in_a_matrix(node) and isinstance(node.body, Trace)):
        return
    inside, matrix = node.body.args[0], node.variable
    factors = list(inside.args) if isinstance(inside, MatrixProduct) else [inside]
    for place, factor in enumerate(factors):
        rest = [*factors[place + 1 :], *factors[:place]]
        if not all(free_of(other, (matrix,), where) for other in rest):
            continue
        if factor == matrix:
            yield {"X": matrix, "A": _product(rest, sort_of(matrix).shape[0])}
        elif factor == Transpose(matrix):
            yield {"X": matrix, "A": Transpose(_product(rest, sort_of(matrix).shape[1]))}


def _bilinear(node: Gradient, where: Context) -> Iterator[dict[str, Any]]:
    """⟨a, B X C b⟩, on either side and with Xᵀ."""
    yield from _between(node, where, inverse=False)


def _inverse_form(node: Gradient, where: Context) -> Iterator[dict[str, Any]]:
    """⟨a, B X⁻¹ C b⟩."""
    yield from _between(node, where, inverse=True)


def _between(node: Gradient, where: Context, *, inverse: bool) -> Iterator[dict[str, Any]]:
    if not (_in_a_matrix(node) and isinstance(node.body, Inner)):
        return
    matrix = node.variable
    wanted: Any = Inverse(matrix) if inverse else matrix
    for left, right in (node.body.args, tuple(reversed(node.body.args))):
        factors = list(right.args) if isinstance(right, MatrixProduct) else [right]
        for place, factor in enumerate(factors[:-1]):
            before, after = factors[:place], MatrixProduct(*factors[place + 1 :])
            first = MatrixProduct(Transpose(MatrixProduct(*before)), left) if before else left
            if not (free_of(first, (matrix,), where) and free_of(after, (matrix,), where)):
                continue
            if factor == wanted:
                yield {"X": matrix, "a": first, "b": after}
            elif factor == Transpose(wanted):
                yield {"X": matrix, "a": after, "b": first}


def _sum(node: Gradient, where: Context) -> Iterator[dict[str, Any]]:
    terms = Add.make_args(node.body)
    if _of_a_vector(node) and len(terms) > 1:
        f, g = (Abstraction(node.bound, part) for part in (Add(*terms[:-1]), terms[-1]))
        yield {"x": node.variable, "f": f, "g": g}


def _multiple(node: Gradient, where: Context) -> Iterator[dict[str, Any]]:
    if _of_a_vector(node):
        constant, rest = split(node.body, node.bound, where)
        if constant != 1 and sort_of(rest).kind == "vector":
            yield {"x": node.variable, "a": constant, "f": Abstraction(node.bound, rest)}


def _constant(node: Gradient, where: Context) -> Iterator[dict[str, Any]]:
    if _of_a_vector(node) and free_of(node.body, (node.variable,), where):
        yield {"x": node.variable, "c": node.body}


def _itself(node: Gradient, where: Context) -> Iterator[dict[str, Any]]:
    if _of_a_vector(node) and node.body == node.variable:
        yield {"x": node.variable}


def _linear(node: Gradient, where: Context) -> Iterator[dict[str, Any]]:
    """M f(x), all fixed factors before what varies."""
    if not (_of_a_vector(node) and isinstance(node.body, MatrixProduct)):
        return
    factors = list(node.body.args)
    count = next((k for k, factor in enumerate(factors) if not free_of(factor, node.bound, where)), 0)
    if count and sort_of(MatrixProduct(*factors[count:])).kind == "vector":
        f = Abstraction(node.bound, MatrixProduct(*factors[count:]))
        yield {"x": node.variable, "M": MatrixProduct(*factors[:count]), "f": f}


def _quadratic_form(node: Gradient, where: Context) -> Iterator[dict[str, Any]]:
    """xᵀ M x, with any product of fixed matrices for M."""
    if not isinstance(node.body, Inner) or node.point != node.variable:
        return
    for left, right in (node.body.args, tuple(reversed(node.body.args))):
        if left == node.variable and isinstance(right, MatrixProduct) and right.args[-1] == node.variable:
            matrix = MatrixProduct(*right.args[:-1])
            if free_of(matrix, node.bound, where):
                yield {"x": node.variable, "M": matrix}


def _centred_norm(node: Gradient, where: Context) -> Iterator[dict[str, Any]]:
    """‖x − b‖."""
    body = node.body
    if isinstance(body, Norm) and node.point == node.variable and not is_scalar(node.variable):
        for inside in (body.args[0], Mul(-1, body.args[0])):
            rest = node.variable - inside
            if free_of(rest, node.bound, where):
                yield {"x": node.variable, "b": rest}


MATRIX_SLOPES: Mapping[str, Choice] = {
    "trace-with-the-matrix": _trace,
    "matrix-between": _bilinear,
    "inverse-between": _inverse_form,
    "vector-sum": _sum,
    "vector-multiple": _multiple,
    "vector-constant": _constant,
    "vector-itself": _itself,
    "vector-linear": _linear,
    "quadratic-form": _quadratic_form,
    "centred-norm": _centred_norm,
}
