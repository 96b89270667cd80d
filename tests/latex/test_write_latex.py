r"""The LaTeX of a careful author: expected lines are written as the papers named beside them print them."""

import pytest
from sympy import Abs, Float, Pow, Product, Rational, Sum, Symbol, Tuple, cos, exp, gamma, log, oo, pi, sqrt

from derive import terms
from derive.latex.nodes import TABLE, writing
from derive.latex.writer import latex
from derive.terms import (
    EVENT,
    INDEX,
    KL,
    SCALAR,
    Application,
    Chain,
    Complement,
    Convex,
    Covariance,
    CrossEntropy,
    Definition,
    Density,
    Determinant,
    Disjoint,
    Distributed,
    Divergence,
    Entropy,
    Equal,
    Equals,
    Exists,
    Expectation,
    Gradient,
    Greater,
    Identity,
    Independent,
    Inner,
    Integral,
    Intersection,
    Inverse,
    Label,
    Law,
    LebesgueMeasure,
    Less,
    LessEqual,
    MatrixProduct,
    Member,
    Norm,
    Normal,
    PositiveDefinite,
    Probability,
    Proportional,
    Run,
    Trace,
    Transpose,
    Union,
    Variable,
    Variance,
    matrix,
    squared_norm,
    vector,
)
from derive.terms.serial import CLASSES

a, b, c, d, s, t, v, z, T = (Symbol(name) for name in "a b c d s t v z T".split())
mu, sigma, theta, lam = (Symbol(f"\\{name}") for name in ("mu", "sigma", "theta", "lambda"))
R = vector(d)
X, Y, MU, EPS = (Variable(name, R) for name in ("x", "y", "\\mu", "\\epsilon"))
A, B, SIGMA = (Variable(name, matrix(d)) for name in ("A", "B", "\\Sigma"))
WIDE = matrix(d, Symbol("n"))
q, p, p_theta = Law("q"), Law("p"), Law("p", theta)


def x(index):
    return Variable("x", R, index)


def scalar(name):
    return lambda index: Variable(name, SCALAR, index)


alpha, abar, beta = scalar("\\alpha"), scalar("\\bar\\alpha"), scalar("\\beta")
eps_theta = Application("\\epsilon", R, (theta,), x(t), t)
mu_theta = Application("\\mu", R, (theta,), x(t), t)
posterior = Density(q, [x(t - 1)], [x(0), x(t)])
mean = sqrt(abar(t - 1)) * beta(t) / (1 - abar(t)) * x(0) + sqrt(alpha(t)) * (1 - abar(t - 1)) / (1 - abar(t)) * x(t)
variance = (1 - abar(t - 1)) / (1 - abar(t)) * beta(t)

NAMES = [
    (x(t - 1), r"x_{t-1}"),
    (x(t), r"x_t"),
    (x(0), r"x_0"),
    (x(T - t + 1), r"x_{T-t+1}"),
    (abar(t - 1), r"\bar{\alpha}_{t-1}"),
    (Variable("\\tilde\\mu", R, t), r"\tilde{\mu}_t"),
    (Symbol("SNR"), r"\mathrm{SNR}"),
    (Variable("\\mu", R, Label("q")), r"\mu_q"),
    (Variable("\\mu", R, Label("data")), r"\mu_{\mathrm{data}}"),
    (Variable("x", R, Symbol("i"), t), r"x_{i,t}"),
    (Variable("x'", R, t), r"x'_t"),
    (Variable("x'", SCALAR, t) ** 2, r"{x'_t}^2"),
    (Symbol("\\hat x"), r"\hat{x}"),
    (Symbol("\\mathcal L"), r"\mathcal{L}"),
    (Run("x", R, 1, T), r"x_{1:T}"),
    (p_theta, r"p_\theta"),
]

SUMS = [
    (1 - beta(t), r"1 - \beta_t"),
    (1 - abar(t - 1), r"1 - \bar{\alpha}_{t-1}"),
    (MU + sigma * EPS, r"\mu + \sigma \epsilon"),
    (x(t) - sqrt(alpha(t)) * x(t - 1), r"x_t - \sqrt{\alpha_t}\,x_{t-1}"),
    (sqrt(abar(t)) * x(0) + sqrt(1 - abar(t)) * EPS,
     r"\sqrt{\bar{\alpha}_t}\,x_0 + \sqrt{1 - \bar{\alpha}_t}\,\epsilon"),
    (b - a - 1, r"b - a - 1"),
    (-a - b, r"-a - b"),
    (z**2 + 2 * z + 1, r"z^2 + 2z + 1"),
    (b**2 - 4 * a * c, r"b^2 - 4a c"),
    (Symbol("\\mu") + sigma * z, r"\mu + \sigma z"),
    (-a / 2 - b / 2, r"-\frac{1}{2} (a + b)"),
    (2 * a + 4 * b, r"2(a + 2b)"),
    (a / 2 + b / 3, r"\frac{a}{2} + \frac{b}{3}"),
    (-d * log(2 * pi * v) / 2 - squared_norm(X - MU) / (2 * v),
     r"-\frac{1}{2} \left(d \log(2\pi v) + \frac{\|x - \mu\|^2}{v}\right)"),
    (log(sigma) - Rational(1, 2) + (sigma**2 + (mu - a) ** 2) / (2 * a**2),
     r"\log \sigma + \frac{\sigma^2 + (\mu - a)^2}{2a^2} - \frac{1}{2}"),
    ((a / 2 + b / 2) * c, r"c \left(\frac{a}{2} + \frac{b}{2}\right)"),
    (1 / (2 * a + 2 * b), r"\frac{1}{2a + 2b}"),
    (Rational(1, 2) / (a + b), r"\frac{1}{2(a + b)}"),
]  # fmt: skip

PRODUCTS = [
    (a / b, r"\frac{a}{b}"),
    (Rational(-2, 3), r"-\frac{2}{3}"),
    (-a / (2 * b), r"-\frac{a}{2b}"),
    (-d / 2, r"-\frac{d}{2}"),
    (sqrt(v), r"\sqrt{v}"),
    (1 / sqrt(v), r"\frac{1}{\sqrt{v}}"),
    (v**Rational(3, 2), r"v^{3/2}"),
    (v ** (-d / 2), r"\frac{1}{v^{d/2}}"),
    (2 * pi * v, r"2\pi v"),
    (sqrt(2 * pi * v), r"\sqrt{2\pi v}"),
    (1 / sqrt(2 * pi * sigma**2), r"\frac{1}{\sqrt{2\pi \sigma^2}}"),
    (1 / (sigma * sqrt(2 * pi)), r"\frac{1}{\sigma \sqrt{2\pi}}"),
    (1 / sqrt(2), r"\frac{1}{\sqrt{2}}"),
    (sqrt(2) * sigma, r"\sqrt{2}\,\sigma"),
    (sqrt(a) * sqrt(b), r"\sqrt{a} \sqrt{b}"),
    (2 * 3**z, r"2 \cdot 3^z"),
    ((a + b) ** 2, r"(a + b)^2"),
    ((a / b) ** z, r"\left(\frac{a}{b}\right)^z"),
    (Pow(a**b, z), r"(a^b)^z"),
    (variance, r"\frac{1 - \bar{\alpha}_{t-1}}{1 - \bar{\alpha}_t} \beta_t"),
    (alpha(t) * abar(t - 1), r"\alpha_t \bar{\alpha}_{t-1}"),
    (-EPS / sqrt(1 - abar(t)), r"-\frac{\epsilon}{\sqrt{1 - \bar{\alpha}_t}}"),
    # Ho et al. 2020, eq. 11
    (1 / sqrt(alpha(t)) * (x(t) - beta(t) / sqrt(1 - abar(t)) * eps_theta),
     r"\frac{1}{\sqrt{\alpha_t}} \left(x_t - \frac{\beta_t}{\sqrt{1 - \bar{\alpha}_t}} \epsilon_\theta(x_t, t)\right)"),
    # the quadratic formula
    ((-b + sqrt(b**2 - 4 * a * c)) / (2 * a), r"\frac{\sqrt{b^2 - 4a c} - b}{2a}"),
]  # fmt: skip

FUNCTIONS = [
    (log(z), r"\log z"),
    (log(a * b), r"\log(a b)"),
    (log(a / b), r"\log \frac{a}{b}"),
    (log(Density(q, [X])), r"\log q(x)"),
    (log(z) ** 2, r"(\log z)^2"),
    (log(sigma**2), r"\log \sigma^2"),
    (log(a) * log(b), r"(\log a) \log b"),
    (a * log(b), r"a \log b"),
    (cos(theta), r"\cos \theta"),
    (exp(-z), r"\exp(-z)"),
    (exp(-(z**2) / 2), r"\exp\left(-\frac{z^2}{2}\right)"),
    (exp(1), r"\exp(1)"),
    (Abs(z) ** 3, r"|z|^3"),
    (oo, r"\infty"),
    (Sum(a * z, (t, 2, T)), r"\sum_{t=2}^{T} a z"),
    (Sum(a + z, (t, 2, T)) * b, r"b \sum_{t=2}^{T} (a + z)"),
    (Sum(z, (t, 1, T)) * X, r"\left(\sum_{t=1}^{T} z\right) x"),
    (Product(alpha(s), (s, 1, t)), r"\prod_{s=1}^{t} \alpha_s"),
    (Sum(log(z), (t, 1, T)) + c, r"c + \sum_{t=1}^{T} \log z"),
]

VECTORS = [
    (Norm(MU - X), r"\|x - \mu\|"),
    (squared_norm(Y / a - X), r"\left\|x - \frac{y}{a}\right\|^2"),
    (squared_norm(EPS - eps_theta), r"\|\epsilon - \epsilon_\theta(x_t, t)\|^2"),
    (squared_norm(X / sqrt(v) - Y / a), r"\left\|\frac{x}{\sqrt{v}} - \frac{y}{a}\right\|^2"),
    (Inner(X, Y), r"x^\top y"),
    (-Inner(X - MU, MatrixProduct(Inverse(SIGMA), X - MU)) / 2, r"-\frac{1}{2} (x - \mu)^\top \Sigma^{-1} (x - \mu)"),
    (Inner(X, Y) * MU, r"(x^\top y) \mu"),
    (Inner(MatrixProduct(A, X), MatrixProduct(B, Y)), r"\langle A x, B y \rangle"),
    (MatrixProduct(A, X) + Y, r"A x + y"),
    (MatrixProduct(A, X - MU), r"A (x - \mu)"),
    (MatrixProduct(A, SIGMA, Transpose(A)), r"A \Sigma A^\top"),
    (MatrixProduct(X, Transpose(Y)), r"x y^\top"),
    (Inverse(A + B), r"(A + B)^{-1}"),
    (Trace(MatrixProduct(A, B)), r"\operatorname{tr}(A B)"),
    (log(Determinant(SIGMA)), r"\log |\Sigma|"),
    (v * Identity(d), r"v I"),
    (Identity(Symbol("n")), r"I_n"),
]

DENSITIES = [
    (Density(q, [x(t)], [x(t - 1)]), r"q(x_t \mid x_{t-1})"),
    (posterior, r"q(x_{t-1} \mid x_t, x_0)"),
    (Density(q, [Run("x", R, 1, T)], [x(0)]), r"q(x_{1:T} \mid x_0)"),
    (Density(p_theta, [Run("x", R, 0, T)]), r"p_\theta(x_{0:T})"),
    (Density(p, [Y, X]), r"p(x, y)"),
    (Density(q, [(X, Y)], [(Y, 2 * MU)]), r"q(x = y \mid y = 2\mu)"),
    (Normal(X, MU, sigma**2 * Identity(d)), r"\mathcal{N}(x; \mu, \sigma^2 I)"),
    (Normal(Variable("\\cdot", R), MU, SIGMA), r"\mathcal{N}(\cdot; \mu, \Sigma)"),
    (Normal(Symbol("\\cdot"), mu, v), r"\mathcal{N}(\mu, v)"),
    # Ho et al. 2020, eqs. 6 and 7
    (Equal(posterior, Normal(x(t - 1), mean, variance * Identity(d))),
     r"q(x_{t-1} \mid x_t, x_0) = \mathcal{N}\left(x_{t-1}; "
     r"\frac{\sqrt{\alpha_t} (1 - \bar{\alpha}_{t-1})}{1 - \bar{\alpha}_t} x_t + "
     r"\frac{\sqrt{\bar{\alpha}_{t-1}}\,\beta_t}{1 - \bar{\alpha}_t} x_0, "
     r"\frac{1 - \bar{\alpha}_{t-1}}{1 - \bar{\alpha}_t} \beta_t I\right)"),
    # Bayes, as everybody writes it
    (Density(q, [x(t)], [x(t - 1), x(0)]) * Density(q, [x(t - 1)], [x(0)]) / Density(q, [x(t)], [x(0)]),
     r"\frac{q(x_t \mid x_{t-1}, x_0) q(x_{t-1} \mid x_0)}{q(x_t \mid x_0)}"),
    (Density(q, [x(0)]) * Product(Density(q, [x(t)], [x(t - 1)]), (t, 1, T)),
     r"q(x_0) \prod_{t=1}^{T} q(x_t \mid x_{t-1})"),
    ((2 * pi * v) ** (-d / 2) * exp(-squared_norm(X - MU) / (2 * v)),
     r"\frac{1}{(2\pi v)^{d/2}} \exp\left(-\frac{\|x - \mu\|^2}{2v}\right)"),
]  # fmt: skip

OPERATORS = [
    (Expectation(log(Density(p_theta, [x(0)], [x(1)])), Density(q, [x(1)], [x(0)])),
     r"\mathbb{E}_{q(x_1 \mid x_0)}[\log p_\theta(x_0 \mid x_1)]"),
    (Expectation(squared_norm(EPS - eps_theta), Normal(EPS, 0, Identity(d))),
     r"\mathbb{E}_{\epsilon \sim \mathcal{N}(0, I)}[\|\epsilon - \epsilon_\theta(x_t, t)\|^2]"),
    (Expectation(log(Density(p, [X, Y]) / Density(q, [Y], [X])), Density(q, [Y], [X])),
     r"\mathbb{E}_{q(y \mid x)}\left[\log \frac{p(x, y)}{q(y \mid x)}\right]"),
    (Expectation(x(0), Density(Law(""), [x(0)], [x(t)])), r"\mathbb{E}[x_0 \mid x_t]"),
    (Variance(X, Density(q, [X])), r"\mathrm{Var}_{q(x)}[x]"),
    (Covariance(X, Y, Density(q, [X, Y])), r"\mathrm{Cov}_{q(x, y)}[x, y]"),
    (KL(Density(q, [x(T)], [x(0)]), Density(p, [x(T)]), [x(T)]), r"D_{\mathrm{KL}}(q(x_T \mid x_0) \,\|\, p(x_T))"),
    (CrossEntropy(Density(q, [X]), Density(p, [X]), [X]), r"H(q(x), p(x))"),
    (Entropy(Density(q, [X]), [X]), r"H(q(x))"),
    (Integral(Density(q, [Run("x", R, 1, T)], [x(0)]), Run("x", R, 1, T)), r"\int q(x_{1:T} \mid x_0) \, dx_{1:T}"),
    (Integral(z**2, z), r"\int z^2 \, dz"),
    (Integral(a + z, Tuple(z, 0, T)), r"\int_{0}^{T} (a + z) \, dz"),
    (Gradient(log(Density(q, [x(t)])), x(t)), r"\nabla_{x_t} \log q(x_t)"),
    (Gradient(log(Density(q, [X])), X, Y), r"\left. \nabla_x \log q(x) \right|_{x = y}"),
    (Gradient(mu**2 * a, mu), r"\frac{\partial}{\partial \mu}(a \mu^2)"),
    (Divergence(Application("f", R, (), X), X), r"\nabla_x \cdot f(x)"),
]  # fmt: skip

EVENTS = [
    (Probability(Intersection(Variable("A", EVENT), Complement(Variable("B", EVENT))), Variable("C", EVENT)),
     r"P(A \cap B^c \mid C)"),
    (Probability(Complement(Union(Variable("A", EVENT), Variable("B", EVENT)))), r"P((A \cup B)^c)"),
    (Probability(Equals(Symbol("X"), a)), r"P(X = a)"),
]  # fmt: skip

STATEMENTS = [
    (Chain(Equal(abar(t), alpha(t) * abar(t - 1)), LessEqual(alpha(t) * abar(t - 1), 1)),
     r"\bar{\alpha}_t = \alpha_t \bar{\alpha}_{t-1} \le 1"),
    (Chain(Less(0, beta(t)), Less(beta(t), 1)), r"0 < \beta_t < 1"),
    (Greater(sigma, 0), r"\sigma > 0"),
    (Definition(alpha(t), 1 - beta(t)), r"\alpha_t := 1 - \beta_t"),
    (Proportional(Density(q, [X], [Y]), Density(q, [Y], [X]), [X]), r"q(x \mid y) \propto q(y \mid x)"),
    (Proportional(Density(q, [X], [Y]), a, [Y]), r"q(x \mid y) \propto_y a"),
    (Distributed(EPS, Normal(EPS, 0, Identity(d))), r"\epsilon \sim \mathcal{N}(0, I)"),
    (Distributed(X, Density(q, [X], [Y])), r"x \sim q(x \mid y)"),
    (Independent([x(t)], [x(0)], [x(t - 1)]), r"x_t \perp x_0 \mid x_{t-1}"),
    (Independent([X], [Y], (), q), r"x \perp y\text{ under }q"),
    (Member(x(t), R), r"x_t \in \mathbb{R}^d"),
    (Member(Variable("A", WIDE), WIDE), r"A \in \mathbb{R}^{d \times n}"),
    (Member(sigma, SCALAR), r"\sigma \in \mathbb{R}"),
    (Member(T, INDEX), r"T \in \mathbb{N}"),
    (PositiveDefinite(SIGMA), r"\Sigma \succ 0"),
    (Exists(Gradient(mu**2, mu)), r"\frac{\partial}{\partial \mu} \mu^2\text{ exists}"),
    (Convex(z**2, z), r"z^2\text{ convex in }z"),
    (LebesgueMeasure([X, Y]), r"\text{Lebesgue measure on }x, y"),
    (Disjoint([X], [Y]), r"x\text{ and }y\text{ have nothing in common}"),
]  # fmt: skip

ALL = [*NAMES, *SUMS, *PRODUCTS, *FUNCTIONS, *VECTORS, *DENSITIES, *OPERATORS, *EVENTS, *STATEMENTS]


@pytest.mark.parametrize(("term", "expected"), ALL, ids=[expected for _, expected in ALL])
def test_a_term_is_written_as_papers_write_it(term, expected):
    assert latex(term) == expected


def test_every_node_and_statement_has_a_row_in_the_table():
    ours = {value for value in vars(terms).values() if isinstance(value, type) and hasattr(value, "_write")}
    for kind in (ours | set(CLASSES.values())) - {terms.Statement}:
        assert writing(kind) is not writing(Float), f"{kind.__name__} has no row"


def test_a_row_of_the_table_is_not_shadowed():
    assert all(writing(kind) is row for kind, row in TABLE.items())


def test_what_no_row_knows_is_still_written():
    assert latex(gamma(z)) == r"\operatorname{gamma}(z)"


def test_sympys_printers_ask_the_writer():
    import sympy

    from derive.latex import unicode as _  # noqa: F401

    term = 2 * Density(q, [x(t)], [x(t - 1)])
    assert sympy.latex(term) == r"2 q(x_t \mid x_{t-1})"
    assert str(posterior) == "q(xₜ₋₁ | xₜ, x₀)"
    assert "q(xₜ₋₁ | xₜ, x₀)" in sympy.pretty(posterior)
