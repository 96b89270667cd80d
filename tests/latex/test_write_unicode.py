"""The line of the terminal: Unicode that can be read without a key, and ASCII where there is no Unicode."""

import unicodedata

import pytest
from sympy import Product, Rational, Sum, Symbol, exp, log, pi, sqrt

from derive.latex.unicode import ascii_text, unicode_text
from derive.terms import (
    KL,
    SCALAR,
    Application,
    Density,
    Determinant,
    Distributed,
    Equal,
    Expectation,
    Gradient,
    Identity,
    Inner,
    Integral,
    Inverse,
    Label,
    Law,
    LessEqual,
    MatrixProduct,
    Normal,
    Proportional,
    Run,
    Variable,
    matrix,
    squared_norm,
    vector,
)

a, b, d, t, v, z, T = (Symbol(name) for name in "a b d t v z T".split())
theta, sigma = Symbol("\\theta"), Symbol("\\sigma")
R = vector(d)
X, Y, MU, EPS = (Variable(name, R) for name in ("x", "y", "\\mu", "\\varepsilon"))
SIGMA = Variable("\\Sigma", matrix(d))
q, p, p_theta = Law("q"), Law("p"), Law("p", theta)


def x(index):
    return Variable("x", R, index)


def abar(index):
    return Variable("\\bar\\alpha", SCALAR, index)


def beta(index):
    return Variable("\\beta", SCALAR, index)


variance = (1 - abar(t - 1)) / (1 - abar(t)) * beta(t)

LINES = [
    (abar(t - 1), "ᾱₜ₋₁", "alphabar_{t-1}"),
    (x(T), "x_T", "x_T"),
    (Variable("\\mu", R, Label("q")), "μ_q", "mu_q"),
    (Variable("\\mu", R, Label("data")), "μ_{data}", "mu_data"),
    (Variable("x'", R, t), "x′ₜ", "x'_t"),
    (Symbol("\\hat x"), "x̂", "xhat"),
    (Symbol("\\mathcal L"), "ℒ", "L"),
    (Run("x", R, 1, T), "x_{1:T}", "x_{1:T}"),
    (sqrt(abar(t - 1)), "√ᾱₜ₋₁", "sqrt(alphabar_{t-1})"),
    (sqrt(1 - abar(t)) * EPS, "√(1 − ᾱₜ) ε", "sqrt(1 - alphabar_t) varepsilon"),
    (variance * Identity(d), "(1 − ᾱₜ₋₁)/(1 − ᾱₜ) βₜ I", "(1 - alphabar_{t-1})/(1 - alphabar_t) beta_t I"),
    (sigma**2, "σ²", "sigma^2"),
    (z ** (d / 2), "z^(d/2)", "z^(d/2)"),
    (z**T, "z^T", "z^T"),
    (2 * 3**z, "2·3ᶻ", "2*3^z"),
    (a / (2 * b), "a/(2b)", "a/(2b)"),
    (-d / 2, "−d/2", "-d/2"),
    (Rational(1, 2) * log(z), "1/2 log z", "1/2 log z"),
    (1 / sqrt(2 * pi * sigma**2), "1/√(2πσ²)", "1/sqrt(2 pi sigma^2)"),
    (exp(-squared_norm(X - MU) / (2 * v)), "exp(−‖x − μ‖²/(2v))", "exp(-||x - mu||^2/(2v))"),
    (Density(q, [x(t - 1)], [x(t), x(0)]), "q(xₜ₋₁ | xₜ, x₀)", "q(x_{t-1} | x_t, x_0)"),
    (Density(p_theta, [Run("x", R, 0, T)]), "p_θ(x_{0:T})", "p_theta(x_{0:T})"),
    (Normal(X, MU, sigma**2 * Identity(d)), "𝒩(x; μ, σ² I)", "N(x; mu, sigma^2 I)"),
    (Expectation(log(Density(p, [X], [Y])), Density(q, [Y], [X])), "𝔼_{q(y | x)}[log p(x | y)]",
     "E_{q(y | x)}[log p(x | y)]"),
    (KL(Density(q, [X], [Y]), Density(p, [X]), [X]), "D_KL(q(x | y) ‖ p(x))", "D_KL(q(x | y) || p(x))"),
    (Sum(z, (t, 2, T)), "∑ₜ₌₂ᵀ z", "sum_{t=2}^{T} z"),
    (Product(Density(q, [x(t)], [x(t - 1)]), (t, 1, T)), "∏ₜ₌₁ᵀ q(xₜ | xₜ₋₁)", "prod_{t=1}^{T} q(x_t | x_{t-1})"),
    (Integral(Density(q, [X]), X), "∫ q(x) dx", "int q(x) dx"),
    (Gradient(log(Density(q, [x(t)])), x(t)), "∇_{xₜ} log q(xₜ)", "grad_{x_t} log q(x_t)"),
    (Gradient(z**2, z), "∂/∂z z²", "d/dz z^2"),
    (Inner(X, MatrixProduct(Inverse(SIGMA), Y)), "xᵀ Σ⁻¹ y", "x^T Sigma^(-1) y"),
    (log(Determinant(SIGMA)), "log |Σ|", "log |Sigma|"),
    (Application("\\mu", R, (theta,), x(t), t), "μ_θ(xₜ, t)", "mu_theta(x_t, t)"),
    (Distributed(EPS, Normal(EPS, 0, Identity(d))), "ε ∼ 𝒩(0, I)", "varepsilon ~ N(0, I)"),
    (Proportional(Density(p, [X], [Y]), Density(p, [Y], [X]), [X]), "p(x | y) ∝ p(y | x)", "p(x | y) propto p(y | x)"),
    (LessEqual(a, b), "a ≤ b", "a <= b"),
    (Equal(a, -b), "a = −b", "a = -b"),
]  # fmt: skip


@pytest.mark.parametrize(("term", "expected", "_"), LINES, ids=[line[1] for line in LINES])
def test_a_line_of_unicode(term, expected, _):
    assert unicode_text(term) == unicodedata.normalize("NFC", expected)


@pytest.mark.parametrize(("term", "_", "expected"), LINES, ids=[line[2] for line in LINES])
def test_a_line_of_ascii(term, _, expected):
    assert ascii_text(term) == expected
    assert ascii_text(term).isascii()


def test_an_accent_stands_once():
    """ᾱ is one character where Unicode has it; x̄ is a letter and one mark."""
    assert len(unicode_text(Symbol("\\bar\\alpha"))) == 1
    assert [unicodedata.name(char) for char in unicode_text(Symbol("\\bar x"))] == [
        "LATIN SMALL LETTER X", "COMBINING MACRON",
    ]  # fmt: skip


def test_a_power_t_is_no_transpose():
    assert "ᵀ" in unicode_text(Inner(X, Y))
    assert "ᵀ" not in unicode_text(z**T)
