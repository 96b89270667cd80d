"""Sorts: what fits is built, what does not is refused, and SymPy's own habits do not get at our terms."""

import pytest
import sympy
from sympy import Mul, Pow, Sum, Symbol, exp, log, symbols

from derive.errors import SortError
from derive.terms import (
    SCALAR,
    VARIABLES,
    Application,
    Covariance,
    Density,
    Determinant,
    Divergence,
    Expectation,
    Gradient,
    Identity,
    Inner,
    Integral,
    Inverse,
    Law,
    MatrixProduct,
    Norm,
    Normal,
    Probability,
    Run,
    Trace,
    Transpose,
    Variable,
    Variance,
    alpha_equal,
    free_variables,
    is_scalar,
    matrix,
    sort_of,
    squared_norm,
    substitute,
    vector,
)

d, n, t, v, z = symbols("d n t v z")
R = vector(d)
X, Y = Variable("x", R), Variable("y", R)
A, B = Variable("A", matrix(d)), Variable("B", matrix(d))
WIDE = Variable("W", matrix(n, d))
q = Law("q")

SORTS = [
    (2 * X + v * Y, R),
    (Inner(X, Y) * v, SCALAR),
    (squared_norm(X - Y), SCALAR),
    (MatrixProduct(WIDE, X), vector(n)),
    (MatrixProduct(WIDE, A), matrix(n, d)),
    (Transpose(WIDE), matrix(d, n)),
    (MatrixProduct(X, Transpose(Y)), matrix(d)),
    (Trace(A), SCALAR),
    (Determinant(A), SCALAR),
    (v * Identity(d), matrix(d)),
    (Density(q, [X]), SCALAR),
    (Normal(X, Y, A), SCALAR),
    (Expectation(X, Density(q, [X])), R),
    (Variance(X, Density(q, [X])), matrix(d)),
    (Covariance(X, MatrixProduct(WIDE, X), Density(q, [X])), matrix(d, n)),
    (Gradient(squared_norm(X), X), R),
    (Gradient(MatrixProduct(WIDE, X), X), matrix(n, d)),
    (Gradient(z * X, z), R),
    (Divergence(X, X), SCALAR),
    (Application("\\mu", R, (), X, t), R),
    (Run("x", R, 1, n), VARIABLES),
    (Sum(X, (t, 1, n)), R),
    (Integral(X * Density(q, [X]), X), R),
]

REFUSED = [
    lambda: sort_of(X + v),
    lambda: sort_of(X + A),
    lambda: sort_of(Mul(X, Y)),
    lambda: sort_of(Mul(A, X)),
    lambda: sort_of(Pow(X, 2)),
    lambda: sort_of(log(X)),
    lambda: sort_of(exp(A)),
    lambda: Inner(X, A),
    lambda: Inner(X, v),
    lambda: Norm(A),
    lambda: Trace(WIDE),
    lambda: Inverse(WIDE),
    lambda: Determinant(X),
    lambda: MatrixProduct(A, WIDE),
    lambda: MatrixProduct(X, Y),
    lambda: Normal(X, v, A),
    lambda: Normal(X, Y, v),
    lambda: Normal(z, v, A),
    lambda: Normal(X, Y, WIDE),
    lambda: Expectation(X, v),
    lambda: Density(q, [X + Y]),
    lambda: Gradient(v, X + Y),
    lambda: Divergence(X, z),
    lambda: Probability(X),
]


@pytest.mark.parametrize(("term", "sort"), SORTS, ids=[str(term) for term, _ in SORTS])
def test_the_sort_of_a_term(term, sort):
    assert sort_of(term) == sort


@pytest.mark.parametrize("build", REFUSED, ids=range(len(REFUSED)))
def test_what_does_not_fit_is_refused(build):
    with pytest.raises(SortError):
        build()


def test_zero_and_indices_are_numbers():
    assert is_scalar(sympy.Integer(0))
    assert is_scalar(t - 1)
    assert Normal(X, 0, Identity(d)).mean == 0


# ---- what SymPy does while it builds, or would do if it were asked ---------------------------------------------------


def test_a_product_of_matrices_keeps_its_order():
    assert MatrixProduct(A, B) != MatrixProduct(B, A)
    assert MatrixProduct(A, 2 * B) == 2 * MatrixProduct(A, B)
    assert MatrixProduct(A, Identity(d)) == A


def test_an_inner_product_does_not_associate():
    z_ = Variable("z", R)
    assert Inner(X, Y) * z_ != Inner(X, z_) * Y


def test_subs_captures_and_substitute_does_not():
    """SymPy itself: Sum(x*y, (x, 1, 3)).subs(y, x) is a sum of squares."""
    x, y = symbols("x y")
    total = Sum(x * y, (x, 1, 3))
    assert total.subs(y, x) == Sum(x**2, (x, 1, 3))
    assert x in free_variables(substitute(total, {y: x}))
    assert not alpha_equal(substitute(total, {y: x}), Sum(x**2, (x, 1, 3)))


def test_an_index_is_an_argument_and_no_part_of_a_name():
    x_t = Variable("x", R, t)
    assert substitute(x_t, {t: t - 1}) == Variable("x", R, t - 1)
    assert x_t.name == "x"


def test_symbols_carry_no_assumptions():
    assert substitute(Symbol("v"), {Symbol("v"): Symbol("w")}) == Symbol("w")
    assert Symbol("v", positive=True) not in free_variables(Symbol("v") * X)


def test_densities_join_a_variable_to_its_run_and_drop_empty_runs():
    x = lambda index: Variable("x", R, index)  # noqa: E731
    assert Density(q, [x(0), Run("x", R, 1, n)]) == Density(q, [Run("x", R, 0, n)])
    assert Density(q, [x(1)], [Run("x", R, t, t - 1)]) == Density(q, [x(1)])
    assert Density(q, [Run("x", R, t, t)]) == Density(q, [x(t)])
    assert Density(q, [], [x(0)]) == 1


def test_text_is_never_evaluated():
    for build in (lambda: Norm("x"), lambda: Inner("x", "y"), lambda: Expectation("x", Density(q, [X]))):
        with pytest.raises(TypeError):
            build()
