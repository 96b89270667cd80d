"""Reading terms: each construct of the grammar, with the term that it means built by hand."""

import pytest
import sympy
from sympy import Abs, Integer, Product, Rational, Sum, Symbol, cos, exp, factorial, log, oo, pi, sqrt

from derive.latex import Declarations, read_term
from derive.terms import (
    SCALAR,
    Application,
    Density,
    Determinant,
    Divergence,
    Gradient,
    Identity,
    Inner,
    Integral,
    Inverse,
    Label,
    Law,
    MatrixProduct,
    Norm,
    Run,
    Trace,
    Transpose,
    Variable,
    matrix,
    squared_norm,
    vector,
)

a, b, d, n, s, t, x, y, z, T = map(Symbol, "a b d n s t x y z T".split())
sigma, mu, theta = Symbol(r"\sigma"), Symbol(r"\mu"), Symbol(r"\theta")


def alpha(index):
    return Variable(r"\alpha", SCALAR, index)


def bar_alpha(index):
    return Variable(r"\bar\alpha", SCALAR, index)


def beta(index):
    return Variable(r"\beta", SCALAR, index)


def xt(index):
    return Variable("x", vector(d), index)


KNOWN = (
    Declarations()
    .declare("x", vector(d))
    .declare("v", vector(d))
    .declare("w", vector(d))
    .declare("A", matrix(d))
    .declare("B", matrix(d))
    .declare("C", matrix(Symbol("m"), d))
)
V, W = Variable("v", vector(d)), Variable("w", vector(d))
A, B, C = Variable("A", matrix(d)), Variable("B", matrix(d)), Variable("C", matrix(Symbol("m"), d))


NUMBERS = [
    (r"\frac12", Rational(1, 2)),
    (r"\tfrac1{3}", Rational(1, 3)),
    (r"\dfrac{a}{b}", a / b),
    ("a/b", a / b),
    ("0.25", Rational(1, 4)),
    (r"\frac{1}{2} a - b", a / 2 - b),
    ("-a b", -a * b),
    (r"a \cdot -b", -a * b),
    (r"a \times b", a * b),
    ("a(b+1)^2", a * (b + 1) ** 2),
    ("2(a+b)", 2 * (a + b)),
    ("x^2_t", Variable("x", SCALAR, t) ** 2),
    ("x_t^2", Variable("x", SCALAR, t) ** 2),
    (r"\sqrt{a}", sqrt(a)),
    (r"\sqrt[3]{a}", a ** Rational(1, 3)),
    (r"a^{n/2}", a ** (n / 2)),
    (r"(2\pi)^{d/2}", (2 * pi) ** (d / 2)),
    (r"e^{-x^2/2}", exp(-(x**2) / 2)),
    (r"\exp(a + b)", exp(a + b)),
    (r"\exp\left\{ -\frac{a}{b} \right\}", exp(-a / b)),
    (r"\log a", log(a)),
    (r"\ln 2\pi a", log(2 * pi * a)),
    (r"\log \sigma^2", log(sigma**2)),
    (r"\log a + b", log(a) + b),
    (r"\log a \log b", log(a) * log(b)),
    (r"\log(a) b", log(a) * b),
    (r"\log_2 a", log(a) / log(2)),
    (r"\log{a b}", log(a * b)),
    (r"\cos\frac{a}{2}", cos(a / 2)),
    (r"\cos^2 a", cos(a) ** 2),
    ("|a|", Abs(a)),
    (r"\left| a - b \right|", Abs(a - b)),
    (r"\lvert a \rvert", Abs(a)),
    ("|a||b|", Abs(a) * Abs(b)),
    ("n!", factorial(n)),
    (r"\infty", oo),
    (r"\underbrace{a + b}_{\text{the two}} c", (a + b) * Symbol("c")),
    (r"\overbrace{a}^{first} b", a * b),
    (r"\boxed{a}", a),
    (r"\color{Red}{a} + \textcolor{blue}{b}", a + b),
    (r"a \, b \; \! \quad", a * b),
    (r"\big( a + b \big) \Bigl[ a - b \Bigr]", (a + b) * (a - b)),
]


@pytest.mark.parametrize(("text", "term"), NUMBERS, ids=[text for text, _ in NUMBERS])
def test_numbers(text, term):
    assert read_term(text).term == term


NAMES = [
    (r"\bar\alpha_t", bar_alpha(t)),
    (r"\bar{\alpha}_{t-1}", bar_alpha(t - 1)),
    (r"\overline{\alpha}_{T}", bar_alpha(T)),
    (r"\tilde{\beta}_t", Variable(r"\tilde\beta", SCALAR, t)),
    (r"\hat x", Symbol(r"\hat x")),
    (r"\widehat{x}_0", Variable(r"\hat x", SCALAR, 0)),
    (r"\boldsymbol{\theta}", Variable(r"\theta", vector(d))),
    (r"\mathrm{SNR}", Symbol("SNR")),
    (r"\text{ELBO}", Symbol("ELBO")),
    ("SNR", Symbol("SNR")),
    (r"\mathcal{L}_{t-1}", Variable(r"\mathcal L", SCALAR, t - 1)),
    (r"\mathcal{L}_{VLB}", Variable(r"\mathcal L", SCALAR, Label("VLB"))),
    (r"\mu_q", Variable(r"\mu", SCALAR, Label("q"))),
    (r"\mu_\theta", Variable(r"\mu", SCALAR, theta)),
    (r"\mu_{\text{post}}", Variable(r"\mu", SCALAR, Label("post"))),
    (r"\gamma_{ji}", Variable(r"\gamma", SCALAR, Symbol("j"), Symbol("i"))),
    (r"\gamma_{j,i}", Variable(r"\gamma", SCALAR, Symbol("j"), Symbol("i"))),
    (r"P_{t|t-1}", Variable("P", SCALAR, t, Label(r"\mid"), t - 1)),
    ("x'", Symbol("x'")),
    (r"\theta^*", Symbol(r"\theta^*")),
    (r"\mathbf{0}", Integer(0)),
    (r"\dot\alpha_t", Variable(r"\dot\alpha", SCALAR, t)),
    (r"\mathbf{x_t}", xt(t)),
    (r"\bm x_{2t+1}", xt(2 * t + 1)),
]


@pytest.mark.parametrize(("text", "term"), NAMES, ids=[text for text, _ in NAMES])
def test_names(text, term):
    assert read_term(text).term == term


VECTORS = [
    ("x_t", xt(t)),
    (r"2 x_t - a v", 2 * xt(t) - a * V),
    (r"v^\top w", Inner(V, W)),
    (r"v^T w", Inner(V, W)),
    (r"v^{\mathsf T} w", Inner(V, W)),
    ("v' w", Inner(V, W)),
    (r"v \cdot w", Inner(V, W)),
    (r"\langle v, w \rangle", Inner(V, W)),
    (r"\|v\|", Norm(V)),
    (r"\lVert v - w \rVert_2^2", Norm(V - W) ** 2),
    (r"\Vert v \Vert^2", Norm(V) ** 2),
    (r"a\|v\|\|w\|", a * Norm(V) * Norm(W)),
    ("v^2", squared_norm(V)),
    (r"(v - a w)^2", squared_norm(V - a * W)),
    (r"\frac{v}{a}", V / a),
    ("A v", MatrixProduct(A, V)),
    ("A B v", MatrixProduct(A, B, V)),
    (r"v^\top A w", Inner(V, MatrixProduct(A, W))),
    (r"v w^\top", MatrixProduct(V, Transpose(W))),
    ("A^{-1}", Inverse(A)),
    (r"A^{-1}(v - w)", MatrixProduct(Inverse(A), V - W)),
    (r"A^\top", Transpose(A)),
    ("A'", Transpose(A)),
    ("(A B)'", Transpose(MatrixProduct(A, B))),
    ("A^2", MatrixProduct(A, A)),
    (r"A^{-\top}", Inverse(Transpose(A))),
    (r"C A C^\top", MatrixProduct(C, A, Transpose(C))),
    ("|A|", Determinant(A)),
    (r"\det(2A)", 2**d * Determinant(A)),
    (r"\operatorname{tr}(A B)", Trace(MatrixProduct(A, B))),
    (r"\text{tr} A", Trace(A)),
    ("A + a I", A + a * Identity(d)),
    ("|v|", Norm(V)),
]


@pytest.mark.parametrize(("text", "term"), VECTORS, ids=[text for text, _ in VECTORS])
def test_vectors_and_matrices(text, term):
    assert read_term(text, KNOWN).term == term


CALLS = [
    (r"f(x, t)", Application("f", SCALAR, (), x, t)),
    (r"f(x; \theta)", Application("f", SCALAR, (), x, theta)),
    (r"f^2(x, t)", Application("f", SCALAR, (), x, t) ** 2),
    (r"\sigma^2_q(t)", Application(r"\sigma", SCALAR, (Label("q"),), t) ** 2),
    (r"\mathrm{SNR}(t-1)", Application("SNR", SCALAR, (), t - 1)),
    (r"\lambda(t)", Application(r"\lambda", SCALAR, (), t)),
    (r"\alpha_t(1 - \alpha_t)", alpha(t) * (1 - alpha(t))),
    (r"\sigma(x - \mu)^2 + \sigma", sigma * (x - mu) ** 2 + sigma),
    (r"n(x - 1)", n * (x - 1)),
]


@pytest.mark.parametrize(("text", "term"), CALLS, ids=[text for text, _ in CALLS])
def test_a_name_before_a_bracket_is_a_function_or_a_factor(text, term):
    assert read_term(text).term == term


def test_a_functions_value_takes_the_declared_sort():
    declared = KNOWN.function(r"\mu", vector(d))
    expected = Application(r"\mu", vector(d), (theta,), xt(t), t)
    assert read_term(r"\mu_\theta(x_t, t)", declared).term == expected


def test_p_of_x_is_a_density_where_p_is_a_law_and_a_product_where_it_is_a_number():
    p = Symbol("p")
    assert read_term("p(x)").term == Density(Law("p"), [x])
    assert read_term("p(x)", Declarations().declare("p", SCALAR)).term == p * x
    assert read_term("p(1-p)").term == p * (1 - p)


BINDERS = [
    (r"\sum_{t=1}^T a x", Sum(a * x, (t, 1, T))),
    (r"\sum_{s=2}^{t} \alpha_s + b", Sum(alpha(s), (s, 2, t)) + b),
    (r"\sum\nolimits^{T}_{t=1} \beta_t", Sum(beta(t), (t, 1, T))),
    (r"\prod_{s=1}^{t} \alpha_s", Product(alpha(s), (s, 1, t))),
    (r"\frac{\sum_{i=1}^n x_i}{n}", Sum(Variable("x", SCALAR, Symbol("i")), (Symbol("i"), 1, n)) / n),
    (r"\int f(x, a) \, dx", Integral(Application("f", SCALAR, (), x, a), sympy.Tuple(x))),
    (r"\int a - b \, dx", Integral(a - b, sympy.Tuple(x))),
    (r"\int_0^1 f(t) \mathrm{d}t", Integral(Application("f", SCALAR, (), t), sympy.Tuple(t, 0, 1))),
    (r"\int x \,dx\,dy", Integral(x, sympy.Tuple(x), sympy.Tuple(y))),
    (r"\int p(x_{0:T}) \, dx_{1:T}", Integral(
        Density(Law("p"), [Run("x", SCALAR, 0, T)]), sympy.Tuple(Run("x", SCALAR, 1, T)))),
    (r"\frac{\partial f(x, y)}{\partial x}", Gradient(Application("f", SCALAR, (), x, y), x)),
    (r"\frac{\partial}{\partial \mu} f(\mu, x)", Gradient(Application("f", SCALAR, (), mu, x), mu)),
    (r"\partial_x f(x, y)", Gradient(Application("f", SCALAR, (), x, y), x)),
    (r"\frac{d \alpha_t}{d t}", Gradient(alpha(t), t)),
    (r"\frac{d}{2} \log a", d * log(a) / 2),
    (r"\nabla_\theta f(\theta, x)", Gradient(Application("f", SCALAR, (), theta, x), theta)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "term"), BINDERS, ids=[text for text, _ in BINDERS])
def test_operators_that_bind(text, term):
    assert read_term(text).term == term


def test_gradients_in_vectors():
    score = log(Density(Law("p", t), [xt(t)]))
    assert read_term(r"\nabla_{x_t} \log p_t(x_t)", KNOWN).term == Gradient(score, xt(t))
    field = Application("u", vector(d), (), xt(t), t)
    declared = KNOWN.function("u", vector(d))
    assert read_term(r"\nabla_{x_t} \cdot u(x_t, t)", declared).term == Divergence(field, xt(t))
    assert read_term(r"\nabla \cdot u(x_t, t)", declared).term == Divergence(field, xt(t))


def test_a_products_dots():
    q = Law("q")

    def step(index):
        return Density(q, [xt(index)], [xt(index - 1)])

    text = r"q(x_1 \mid x_0) \cdots q(x_T \mid x_{T-1})"
    term = read_term(text, KNOWN).term
    assert isinstance(term, Product)
    index = term.limits[0][0]
    assert term == Product(step(index), (index, 1, T))
    falling = read_term(r"\alpha_t \cdots \alpha_1").term
    index = falling.limits[0][0]
    assert falling == Product(alpha(index), (index, 1, t))


def test_a_row_of_variables_with_dots_is_a_run():
    assert read_term(r"q(x_1, \dots, x_T \mid x_0)", KNOWN).term == Density(
        Law("q"), [Run("x", vector(d), 1, T)], [xt(0)]
    )
    assert read_term(r"q(x_{0}, x_1, \ldots, x_{T})", KNOWN).term == Density(Law("q"), [Run("x", vector(d), 0, T)])


def test_a_raised_index_is_no_power():
    i = Symbol("i")
    assert read_term("x^{(i)}").term == Variable(r"x^{(\cdot)}", SCALAR, i)
    assert read_term("x^{(i)}_t").term == Variable(r"x^{(\cdot)}", SCALAR, i, t)
    assert read_term(r"x^{(\cdot)}_i").term == Variable(r"x^{(\cdot)}", SCALAR, i)
    assert read_term("e^{(a)}").term == exp(a)


def test_what_a_functions_value_is_conditioned_on_stays_apart():
    bar = Label(r"\mid")
    assert read_term(r"u_t(x \mid y)").term == Application("u", SCALAR, (t,), x, bar, y)
    assert read_term(r"u_t(x, \mid, y)").term == Application("u", SCALAR, (t,), x, bar, y)
    assert read_term("u_t(x, y)").term == Application("u", SCALAR, (t,), x, y)


def test_a_nabla_without_its_variable_takes_the_one_in_sight():
    score = log(Density(Law("p"), [V], [W]))
    reading = read_term(r"\nabla \log p(v \mid w)", KNOWN)
    assert reading.term == Gradient(score, V)
    assert reading.notes


def test_all_before_an_index():
    i = Symbol("i")
    expected = Density(Law("p"), [Variable("x", SCALAR, i)], [Run("x", SCALAR, 1, i - 1)])
    assert read_term(r"p(x_i \mid x_{<i})").term == expected


def test_dots_along_a_growing_run():
    p = Law("p")
    term = read_term(r"p(x_2 \mid x_1) \cdots p(x_n \mid x_{1:n-1})", KNOWN).term
    index = term.limits[0][0]
    assert term == Product(Density(p, [xt(index)], [Run("x", vector(d), 1, index - 1)]), (index, 2, n))


def test_spans_tell_what_each_part_became():
    reading = read_term(r"a + \frac{b}{2}")
    parts = {reading.text[start:end]: term for start, end, term in reading.spans}
    assert parts["a"] == a
    assert parts[r"\frac{b}{2}"] == b / 2
