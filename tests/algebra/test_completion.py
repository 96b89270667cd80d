"""Identities between inverses of sums of matrices, by completed rules; and their slips, which no rule may show."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Rational, symbols

from derive.algebra import decide
from derive.terms import (
    Determinant,
    Greater,
    Identity,
    Inner,
    Inverse,
    MatrixPower,
    MatrixProduct,
    PositiveDefinite,
    Trace,
    Transpose,
    Variable,
    matrix,
    vector,
)

d, m, s = symbols("d m s")
A, B, C = (Variable(name, matrix(d)) for name in "ABC")
S, Q = (Variable(name, matrix(d)) for name in ("\\Sigma", "Q"))
R = Variable("R", matrix(m))
H = Variable("H", matrix(m, d))
x, y, z = (Variable(name, vector(d)) for name in "xyz")
eye = Identity(d)
P, T, I = MatrixProduct, Transpose, Inverse  # noqa: E741 (as in the formulas)
GIVEN = (PositiveDefinite(S), PositiveDefinite(Q), PositiveDefinite(R), Greater(s, 0))
GAIN = I(P(H, I(S), T(H)) + I(R))

TRUE: list[tuple[Any, Any]] = [
    (I(S + P(T(H), R, H)), I(S) - P(I(S), T(H), GAIN, H, I(S))),
    (I(A + B), I(A) - P(I(A), I(I(A) + I(B)), I(A))),
    (I(A + B), P(I(A), I(I(A) + I(B)), I(B))),
    (P(A, I(A + B), B), I(I(A) + I(B))),
    (P(A, I(A + B), B), P(B, I(A + B), A)),
    (P(I(eye + P(A, B)), A), P(A, I(eye + P(B, A)))),
    (P(I(eye + P(A, B, C)), A, B), P(A, B, I(eye + P(C, A, B)))),
    (P(S, T(H), I(P(H, S, T(H)) + R)), P(I(I(S) + P(T(H), I(R), H)), T(H), I(R))),
    (P(I(eye - A), eye + A), P(eye + A, I(eye - A))),
    (I(s * S + A), I(A) - s * P(I(A), S, I(s * S + A))),
    (Inner(x, P(I(S + Q), x)), Inner(x, P(I(S), x)) - Inner(x, P(I(S), I(I(S) + I(Q)), I(S), x))),
    (Trace(P(I(eye + P(A, B)), A)), Trace(P(A, I(eye + P(B, A))))),
    (Trace(I(S + P(T(H), R, H))), Trace(I(S) - P(I(S), T(H), GAIN, H, I(S)))),
    (I(eye + P(x, T(y))), eye - P(x, T(y)) / (1 + Inner(x, y))),
    (I(A + P(x, T(y))), I(A) - P(I(A), x, T(y), I(A)) / (1 + Inner(y, P(I(A), x)))),
    (P(I(S + P(x, T(x))), x), P(I(S), x) / (1 + Inner(x, P(I(S), x)))),
    (Determinant(eye + P(x, T(y))), 1 + Inner(x, y)),
    (Determinant(s * eye + P(x, T(x))), s ** (d - 1) * (s + Inner(x, x))),
    (Determinant(P(A, B + C)), Determinant(A) * Determinant(P(B) + C)),
    (Determinant(P(A, B) + P(A, C)), Determinant(A) * Determinant(B + C)),
    (Determinant(A + B), Determinant(P(eye + P(A, I(B)), B))),
    (Determinant(I(A + B)), 1 / Determinant(A + B)),
    (Determinant(T(A + P(B, C))), Determinant(A + P(B, C))),
    (Determinant(P(B, T(H), R, H)), Determinant(P(T(H), R, H)) * Determinant(B)),
]


@pytest.mark.parametrize(("left", "right"), TRUE)
def test_equal(left: Any, right: Any) -> None:
    assert decide(left, right, GIVEN).status == "equal"


NEVER_EQUAL: list[tuple[Any, Any]] = [
    (I(S + P(T(H), R, H)), I(S) + P(I(S), T(H), GAIN, H, I(S))),
    (I(S + P(T(H), R, H)), I(S) - P(I(S), T(H), I(P(H, S, T(H)) + I(R)), H, I(S))),
    (I(A + B), P(I(A), I(I(A) + I(B)), I(A))),
    (P(A, I(A + B), B), P(B, I(A + B), B)),
    (P(A, I(A + B), B), P(A, I(B + P(A, A)), B)),
    (P(I(eye + P(A, B)), A), P(A, I(eye + P(A, B)))),
    (P(I(eye + P(A, B)), C), P(C, I(eye + P(B, A)))),
    (P(I(eye - A), eye + B), P(eye + B, I(eye - A))),
    (I(eye + P(x, T(y))), eye - P(x, T(y)) / (1 - Inner(x, y))),
    (I(eye + P(x, T(y))), eye - P(y, T(x)) / (1 + Inner(x, y))),
    (Determinant(eye + P(x, T(y))), 1 + Inner(x, x)),
    (Determinant(s * eye + P(x, T(x))), s**d + Inner(x, x)),
    (Determinant(A + B), Determinant(A) + Determinant(B)),
    (Determinant(P(T(H), R, H)), Determinant(R) * Determinant(P(T(H), H))),
    (Trace(I(A + B)), Trace(I(A)) + Trace(I(B))),
    (MatrixPower(A + B, Rational(1, 2)), MatrixPower(A, Rational(1, 2)) + MatrixPower(B, Rational(1, 2))),
]


@pytest.mark.parametrize(("left", "right"), NEVER_EQUAL)
def test_never_equal(left: Any, right: Any) -> None:
    assert decide(left, right, GIVEN).status != "equal"


def test_matrices_that_are_not_square_have_no_inverse_to_use() -> None:
    """Hᵀ R H need not have an inverse where it is not the sides that use it."""
    left, right = P(I(S + P(T(H), R, H)), T(H)), P(I(S), T(H), I(Identity(m) + P(R, H, I(S), T(H))))
    assert decide(left, right, GIVEN).status == "equal"
    assert decide(left, P(I(P(T(H), R, H)), T(H)), GIVEN).status != "equal"
    assert decide(P(T(H), I(R), H), P(T(H), H), GIVEN).status != "equal"


def test_what_the_sides_need_may_be_divided_by() -> None:
    answer = decide(I(eye + P(x, T(y))), eye - P(x, T(y)) / (1 + Inner(x, y)))
    assert answer.status == "equal"
