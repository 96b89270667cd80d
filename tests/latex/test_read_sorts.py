"""Sorts are inferred over a whole text; where they do not fit, the place is told."""

import pytest
from sympy import Symbol

from derive.errors import SortError
from derive.latex import Declarations, read, read_model_lines, read_term
from derive.terms import SCALAR, Identity, Inner, MatrixProduct, Transpose, Variable, matrix, vector

d, m, n = map(Symbol, "dmn")
KNOWN = (
    Declarations()
    .declare("x", vector(d))
    .declare("y", vector(m))
    .declare("A", matrix(d))
    .declare("H", matrix(m, d))
    .declare("a", SCALAR)
)
x, y = Variable("x", vector(d)), Variable("y", vector(m))

MISFITS = [
    ("x + a", 5),
    ("x + y", 5),
    (r"\log x", 6),
    (r"\frac{a}{x}", 10),
    (r"x^\top y", 1),
    ("A H", 1),
    (r"\exp(A)", 6),
    ("x < 1", 1),
    ("a = x", 5),
    (r"\mathcal{N}(x; 0, a)", 19),
    (r"\mathcal{N}(a; 0, A)", 19),
    (r"\mathcal{N}(x; y, A)", 16),
    ("x^3", 1),
    (r"\sqrt{x}", 7),
    ("a^{x}", 4),
    (r"H^{-1}", 1),
    (r"\sum_{t=1}^{x} a", 13),
]


@pytest.mark.parametrize(("text", "column"), MISFITS, ids=[text for text, _ in MISFITS])
def test_what_does_not_fit_is_refused_with_its_place(text, column):
    with pytest.raises(SortError) as caught:
        read(text, KNOWN, line=7)
    assert (caught.value.line, caught.value.column) == (7, column)
    assert "^" in str(caught.value)


def test_a_conflict_between_lines_is_told_where_it_is_used():
    with pytest.raises(SortError) as caught:
        read_model_lines([(r"\mu = x + 1", 1), (r"x \in \mathbb{R}^d", 2)])
    assert caught.value.line == 1


def test_a_standard_deviation_in_place_of_a_covariance_is_found():
    with pytest.raises(SortError) as caught:
        read(r"\mathcal{N}(x; 0, \sigma)", KNOWN)
    assert "I" in caught.value.hint


def test_undeclared_names_are_numbers_unless_the_formula_says_otherwise():
    assert read_term("u + w").term == Symbol("u") + Symbol("w")
    assert read_term(r"u + x", KNOWN).term == Variable("u", vector(d)) + x
    assert read_term(r"\|u\|").term.args[0] == Variable("u", vector(d))
    assert read_term(r"\mathbf{u} + w").term == Variable("u", vector(d)) + Variable("w", vector(d))


def test_the_whole_family_takes_one_sort():
    declarations, readings = read_model_lines([(r"u_t = u_{t-1} + \epsilon_t", 1), (r"\epsilon_t \sim N(0, I)", 2)])
    assert declarations.sorts["u"] == vector(d)
    assert readings[0].term.lhs == Variable("u", vector(d), Symbol("t"))


def test_sizes_are_inferred_too():
    term = read_term(r"H x + u", KNOWN).term
    assert Variable("u", vector(m)) in term.args
    assert read_term(r"H^\top H + I", KNOWN).term.has(Identity(d))
    assert read_term(r"y - H v", KNOWN).term == y - MatrixProduct(Variable("H", matrix(m, d)), Variable("v", vector(d)))


def test_a_quadratic_form_of_undeclared_names():
    mu, big = Variable(r"\mu", vector(d)), Variable(r"\Sigma", matrix(d))
    z = Variable("z", vector(d))
    expected = Inner(z - mu, MatrixProduct(big, z - mu))
    assert read_term(r"a + (z - \mu)^\top \Sigma (z - \mu)").term == Symbol("a") + expected


def test_capitals_beside_matrices_are_matrices():
    term = read_term(r"K \Sigma K^\top").term
    K, big = Variable("K", matrix(d)), Variable(r"\Sigma", matrix(d))
    assert term == MatrixProduct(K, big, Transpose(K))


def test_a_prime_is_a_transpose_on_declared_vectors_and_matrices_only():
    assert read_term("x' x", KNOWN).term == Inner(x, x)
    assert read_term("u' u").term == Symbol("u'") * Symbol("u")


def test_a_capital_T_is_a_power_of_numbers_and_a_transpose_of_vectors():
    assert read_term(r"\alpha^T").term == Symbol(r"\alpha") ** Symbol("T")
    assert read_term("x^T x", KNOWN).term == Inner(x, x)


def test_more_than_two_vectors_are_not_multiplied():
    with pytest.raises(SortError):
        read("x x x", KNOWN)
    assert read_term(r"x^\top x x", KNOWN).term == Inner(x, x) * x
