"""Matrices of symbolic size: a non-commutative normal form proves, small rational matrices refute."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Product, Symbol, symbols

from derive.algebra import decide, normal_key
from derive.terms import (
    Determinant,
    Equal,
    Greater,
    Identity,
    Inner,
    Inverse,
    MatrixProduct,
    Norm,
    PositiveDefinite,
    Trace,
    Transpose,
    Variable,
    matrix,
    vector,
)

d, m, a, b, s = symbols("d m a b s")
A, B, C = (Variable(name, matrix(d)) for name in "ABC")
H = Variable("H", matrix(m, d))
Sigma = Variable("\\Sigma", matrix(d))
x, y, mu = (Variable(name, vector(d)) for name in ("x", "y", "\\mu"))
eye = Identity(d)
P = MatrixProduct
T = Transpose

TRUE: list[tuple[Any, Any, tuple[Any, ...]]] = [
    (P(A + B, C), P(A, C) + P(B, C), ()),
    (P(A, a * B + b * eye), a * P(A, B) + b * A, ()),
    (T(P(A, B, C)), P(T(C), T(B), T(A)), ()),
    (Inverse(P(A, B)), P(Inverse(B), Inverse(A)), ()),
    (Inverse(s * A), Inverse(A) / s, (Greater(s, 0),)),
    (P(A, Inverse(A), B), B, ()),
    (P(T(A), Inverse(T(A))), eye, ()),
    (Trace(P(A, B, C)), Trace(P(C, A, B)), ()),
    (Trace(P(A, B)), Trace(P(T(B), T(A))), ()),
    (Trace(a * A + eye), a * Trace(A) + d, ()),
    (Trace(P(x, T(y))), Inner(x, y), ()),
    (Trace(P(A, x, T(x))), Inner(x, P(A, x)), ()),
    (Inner(x, P(A, y)), Inner(P(T(A), x), y), ()),
    (Norm(P(A, x)) ** 2, Inner(x, P(T(A), A, x)), ()),
    (P(x, T(y), mu), Inner(y, mu) * x, ()),
    (Inner(x - mu, P(Inverse(Sigma), x - mu)),
     Inner(x, P(Inverse(Sigma), x)) - 2 * Inner(mu, P(Inverse(Sigma), x)) + Inner(mu, P(Inverse(Sigma), mu)),
     (PositiveDefinite(Sigma),)),
    (T(P(A, Sigma, T(A))), P(A, Sigma, T(A)), (PositiveDefinite(Sigma),)),
    (T(A), A, (Equal(T(A), A),)),
    (T(Inverse(Sigma + eye)), Inverse(Sigma + eye), (PositiveDefinite(Sigma),)),
    (Inverse(P(A, B) + P(A, C)), Inverse(P(A, B + C)), ()),
    (P(H, A, T(H)) - P(H, B, T(H)), P(H, A - B, T(H)), ()),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "given"), TRUE)
def test_identities(left: Any, right: Any, given: tuple[Any, ...]) -> None:
    assert decide(left, right, given).status == "equal"
    assert normal_key(left, given) == normal_key(right, given)


FALSE: list[tuple[Any, Any, tuple[Any, ...]]] = [
    (P(A, B), P(B, A), ()),
    (T(P(A, B)), P(T(A), T(B)), ()),
    (Inverse(P(A, B)), P(Inverse(A), Inverse(B)), ()),
    (Inverse(A + B), Inverse(A) + Inverse(B), ()),
    (T(A), A, ()),
    (Trace(P(A, B, C)), Trace(P(B, A, C)), ()),
    (Trace(P(A, B)), Trace(A) * Trace(B), ()),
    (Determinant(A + B), Determinant(A) + Determinant(B), ()),
    (Inner(x, P(A, y)), Inner(P(A, x), y), ()),
    (Inner(x - mu, P(Inverse(A), x - mu)),
     Inner(x, P(Inverse(A), x)) - 2 * Inner(mu, P(Inverse(A), x)) + Inner(mu, P(Inverse(A), mu)), ()),
    (P(A, Sigma), P(Sigma, A), (PositiveDefinite(Sigma),)),
    (Inverse(Sigma + eye), Inverse(Sigma) + eye, (PositiveDefinite(Sigma),)),
    (P(A, A), eye, ()),
    (P(A, x), x, ()),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "given"), FALSE)
def test_slips_are_refuted(left: Any, right: Any, given: tuple[Any, ...]) -> None:
    answer = decide(left, right, given)
    assert answer.status == "different"
    assert answer.witness is not None and answer.lhs != answer.rhs


def test_matrices_that_do_not_commute_are_two_by_two() -> None:
    answer = decide(P(A, B), P(B, A))
    assert answer.witness is not None and answer.witness[d] == 2


def test_a_definite_matrix_of_the_witness_is_symmetric_and_definite() -> None:
    answer = decide(P(A, Sigma), P(Sigma, A), (PositiveDefinite(Sigma),))
    assert answer.witness is not None
    rows = answer.witness[Sigma]
    size = len(rows)
    assert all(rows[i][j] == rows[j][i] for i in range(size) for j in range(size))
    assert rows[0][0] > 0 and rows[0][0] * rows[1][1] - rows[0][1] ** 2 > 0


def test_a_product_over_an_index_of_vectors_has_no_value() -> None:
    """No reader makes one, a statement built by hand may: algebra says nothing of it, and does not break."""
    c, k, n = Variable("c", vector(Symbol("d"))), Symbol("k"), Symbol("n")
    assert decide(Product(c, (k, 1, n)), n * c, ()).status == "unknown"


def test_sizes_that_differ_at_a_point_say_nothing() -> None:
    """The reader refuses such terms where it sees it; a statement built by hand may hold them."""
    large, u, w = Variable("L", matrix(2 * d)), Variable("u", vector(d)), Variable("w", vector(2 * d))
    for left, right in ((A, Identity(2 * d)), (A, Identity(d / 2)), (A, large), (u, w), (u + w, u)):
        assert decide(left, right, ()).status == "unknown"
