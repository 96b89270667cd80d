"""Vectors and matrices of symbolic size: inner product, norm, products, transpose, inverse, trace, determinant.

Products of matrices are a node of ours and keep their order; a vector or matrix enters a SymPy `Mul` at most once,
beside scalars. What a constructor rewrites is true for all sizes: (Aᵀ)ᵀ = A, A I = A, xᵀ A y = ⟨x, A y⟩.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from sympy import Abs, Expr, Mul, Pow, S, default_sort_key

from derive.errors import SortError
from derive.terms.names import sympify_term
from derive.terms.printing import Printed
from derive.terms.sorts import SCALAR, Sort, is_scalar, matrix, sort_of, vector


class _Node(Printed, Expr):
    is_commutative = True


def split_scalar(term: Any) -> tuple[Expr, Expr]:
    """(c, m) with term = c·m, c the scalar factors and m the one vector or matrix (1 where there is none)."""
    scalars: list[Expr] = []
    rest: list[Expr] = []
    for factor in Mul.make_args(term):
        (scalars if is_scalar(factor) else rest).append(factor)
    return Mul(*scalars), Mul(*rest)


class Identity(_Node):
    """The identity matrix of a size."""

    def __new__(cls, size: Any) -> Identity:
        return Expr.__new__(cls, sympify_term(size))

    @property
    def size(self) -> Expr:
        return self.args[0]

    @property
    def sort(self) -> Sort:
        return matrix(self.args[0])


class Inner(_Node):
    """⟨x, y⟩ = xᵀ y, symmetric; the product on the line. Scalar factors move out, zero gives zero."""

    def __new__(cls, left: Any, right: Any) -> Expr:
        left, right = sympify_term(left), sympify_term(right)
        if left == 0 or right == 0:
            return S.Zero
        if is_scalar(left) and is_scalar(right):
            return Mul(left, right)
        if sort_of(left) != sort_of(right) or sort_of(left).kind != "vector":
            raise SortError(f"an inner product of a {sort_of(left)} and a {sort_of(right)}")
        first, x = split_scalar(left)
        second, y = split_scalar(right)
        pair = sorted((x, y), key=default_sort_key)
        return Mul(first, second, Pow(Norm(x), 2) if x == y else Expr.__new__(cls, *pair))

    @property
    def sort(self) -> Sort:
        return SCALAR


class Norm(_Node):
    """The Euclidean norm ‖x‖; the absolute value on the line."""

    def __new__(cls, argument: Any) -> Expr:
        argument = sympify_term(argument)
        if argument == 0:
            return S.Zero
        if is_scalar(argument):
            return Abs(argument)
        if sort_of(argument).kind != "vector":
            raise SortError(f"the Euclidean norm of a {sort_of(argument)}")
        if argument.could_extract_minus_sign():
            argument = -argument
        return Expr.__new__(cls, argument)

    @property
    def sort(self) -> Sort:
        return SCALAR


def squared_norm(term: Any) -> Expr:
    """‖x‖², and x² on the line, where the square needs no absolute value."""
    term = sympify_term(term)
    return Pow(term, 2) if is_scalar(term) else Pow(Norm(term), 2)


class Transpose(_Node):
    """Aᵀ, and the row xᵀ of a vector."""

    def __new__(cls, argument: Any) -> Expr:
        argument = sympify_term(argument)
        if argument == 0 or is_scalar(argument):
            return argument
        scalar, base = split_scalar(argument)
        if scalar != 1:
            return Mul(scalar, Transpose(base))
        if isinstance(base, Identity):
            return base
        if isinstance(base, Transpose):
            return base.args[0]
        if isinstance(base, MatrixProduct):
            return MatrixProduct(*(Transpose(factor) for factor in reversed(base.args)))
        return Expr.__new__(cls, base)

    @property
    def sort(self) -> Sort:
        sort = sort_of(self.args[0])
        if sort.kind == "vector":
            return matrix(1, sort.shape[0])
        return matrix(sort.shape[1], sort.shape[0])


class Inverse(_Node):
    """A⁻¹ of a square matrix."""

    def __new__(cls, argument: Any) -> Expr:
        argument = sympify_term(argument)
        if is_scalar(argument):
            return Pow(argument, -1)
        _square(argument, "inverse")
        scalar, base = split_scalar(argument)
        if scalar != 1:
            return Mul(Pow(scalar, -1), Inverse(base))
        if isinstance(base, Identity):
            return base
        return Expr.__new__(cls, base)

    @property
    def sort(self) -> Sort:
        return sort_of(self.args[0])


class Trace(_Node):
    """tr A of a square matrix."""

    def __new__(cls, argument: Any) -> Expr:
        argument = sympify_term(argument)
        if argument == 0 or is_scalar(argument):
            return argument
        _square(argument, "trace")
        scalar, base = split_scalar(argument)
        value = base.size if isinstance(base, Identity) else Expr.__new__(cls, base)
        return Mul(scalar, value)

    @property
    def sort(self) -> Sort:
        return SCALAR


class Determinant(_Node):
    """det A of a square matrix."""

    def __new__(cls, argument: Any) -> Expr:
        argument = sympify_term(argument)
        if is_scalar(argument):
            return argument
        _square(argument, "determinant")
        scalar, base = split_scalar(argument)
        size = sort_of(base).shape[0]
        value = S.One if isinstance(base, Identity) else Expr.__new__(cls, base)
        return Mul(Pow(scalar, size), value)

    @property
    def sort(self) -> Sort:
        return SCALAR


class MatrixProduct(_Node):
    """A B … in this order; scalars come out in front, identities drop, a row times a column is an inner product."""

    def __new__(cls, *factors: Any) -> Expr:
        scalars: list[Expr] = []
        flat: list[Expr] = []
        for factor in map(sympify_term, factors):
            if factor == 0:
                return S.Zero
            scalar, base = split_scalar(factor)
            scalars.append(scalar)
            if base == 1 or (isinstance(base, Identity) and len(factors) > 1):
                if isinstance(base, Identity):
                    flat.append(base)
                continue
            flat.extend(base.args if isinstance(base, MatrixProduct) else (base,))
        for left, right in pairwise(flat):
            if _shape(left)[1] != _shape(right)[0]:
                raise SortError(f"a {sort_of(left)} times a {sort_of(right)}: the sizes do not fit")
        kept = [factor for factor in flat if not isinstance(factor, Identity)]
        if not kept:
            return Mul(*scalars, *flat[:1])
        return Mul(*scalars, _assemble(kept))

    @property
    def sort(self) -> Sort:
        rows, columns = _shape(self.args[0])[0], _shape(self.args[-1])[1]
        if sort_of(self.args[-1]).kind == "vector":
            return SCALAR if rows == 1 and isinstance(self.args[0], Transpose) else vector(rows)
        return matrix(rows, columns)


def _assemble(factors: list[Expr]) -> Expr:
    """A single factor as it is; rows meeting columns become inner products."""
    for place in range(len(factors) - 1):
        if isinstance(factors[place], Transpose) and sort_of(factors[place].args[0]).kind == "vector":
            for end in range(place + 1, len(factors)):
                if sort_of(factors[end]).kind == "vector":
                    inside = factors[place + 1 : end + 1]
                    right = inside[0] if len(inside) == 1 else Expr.__new__(MatrixProduct, *inside)
                    scalar = Inner(factors[place].args[0], right)
                    rest = factors[:place] + factors[end + 1 :]
                    return Mul(scalar, _assemble(rest)) if rest else scalar
    return factors[0] if len(factors) == 1 else Expr.__new__(MatrixProduct, *factors)


def _shape(term: Expr) -> tuple[Expr, Expr]:
    sort = sort_of(term)
    if sort.kind == "vector":
        return sort.shape[0], S.One
    if sort.kind == "matrix":
        return sort.shape[0], sort.shape[1]
    raise SortError(f"a {sort} in a product of matrices")


def _square(term: Expr, what: str) -> None:
    sort = sort_of(term)
    if sort.kind != "matrix" or sort.shape[0] != sort.shape[1]:
        raise SortError(f"the {what} of a {sort}: a square matrix was expected")
