"""Roots under roots, and roots of matrices."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Rational, S, log, sqrt, symbols

from derive.algebra import decide
from derive.terms import (
    Determinant,
    Identity,
    Inner,
    Inverse,
    MatrixPower,
    MatrixProduct,
    Norm,
    PositiveDefinite,
    Transpose,
    Variable,
    matrix,
    vector,
)
from derive.terms import Greater as More

a, b, d, x, y = symbols("a b d x y")
Sigma, A = (Variable(name, matrix(d)) for name in ("\\Sigma", "A"))
v = Variable("v", vector(d))
half = Rational(1, 2)
root, inverse_root = MatrixPower(Sigma, half), MatrixPower(Sigma, -half)
DEFINITE = (PositiveDefinite(Sigma),)


@pytest.mark.parametrize(
    ("left", "right", "given"),
    [
        (sqrt(3 + 2 * sqrt(2)), 1 + sqrt(2), ()),
        (sqrt(5 - 2 * sqrt(6)), sqrt(3) - sqrt(2), ()),
        (sqrt(x + y + 2 * sqrt(x * y)), sqrt(x) + sqrt(y), (More(x, 0), More(y, 0))),
        (sqrt(2 * x + 2 * sqrt(x**2 - y**2)), sqrt(x + y) + sqrt(x - y), (More(y, 0), More(x, y))),
        (log(3 + 2 * sqrt(2)), 2 * log(1 + sqrt(2)), ()),
    ],
)
def test_a_root_under_a_root(left: Any, right: Any, given: tuple[Any, ...]) -> None:
    assert decide(left, right, given).status == "equal"
    assert decide(left, -right, given).status == "different"


def test_the_sign_under_a_root_is_not_guessed() -> None:
    given = (More(x, 0), More(y, 0))
    assert decide(sqrt(x + y - 2 * sqrt(x * y)), sqrt(x) - sqrt(y), given).status == "different"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (MatrixProduct(root, root), Sigma),
        (MatrixProduct(inverse_root, Sigma, inverse_root), Identity(d)),
        (MatrixProduct(root, Sigma), MatrixProduct(Sigma, root)),
        (Transpose(root), root),
        (Inverse(root), inverse_root),
        (Norm(MatrixProduct(inverse_root, v)) ** 2, Inner(v, MatrixProduct(Inverse(Sigma), v))),
        (Determinant(root), sqrt(Determinant(Sigma))),
        (log(Determinant(Inverse(Sigma))), -log(Determinant(Sigma))),
        (log(Determinant(2 * Sigma)), d * log(2) + log(Determinant(Sigma))),
        (MatrixPower(Sigma, Rational(3, 2)), MatrixProduct(root, Sigma)),
        (MatrixPower(4 * Identity(d), half), 2 * Identity(d)),
    ],
)
def test_the_root_of_a_definite_matrix(left: Any, right: Any) -> None:
    assert decide(left, right, DEFINITE).status == "equal"


@pytest.mark.parametrize(
    ("left", "right", "given"),
    [
        (MatrixProduct(root, root), Sigma, ()),  # of a matrix that need have no root
        (MatrixProduct(root, A), MatrixProduct(A, root), DEFINITE),
        (MatrixProduct(root, root), MatrixProduct(Sigma, Sigma), DEFINITE),
        (Determinant(2 * A), 2 * Determinant(A), ()),
        (Determinant(-A), Determinant(A), ()),
        (log(Determinant(MatrixProduct(A, A))), 2 * log(Determinant(A)), ()),
    ],
)
def test_what_does_not_hold_of_roots(left: Any, right: Any, given: tuple[Any, ...]) -> None:
    assert decide(left, right, given).status != "equal"


def test_determinants_of_products() -> None:
    assert decide(Determinant(MatrixProduct(A, Transpose(A))), Determinant(A) ** 2).status == "equal"
    assert decide(Determinant(MatrixProduct(A, Inverse(A))), S.One).status == "equal"
