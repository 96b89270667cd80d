"""Reading densities, Gaussians, expectations, divergences and events."""

import pytest
from sympy import Symbol, log

from derive.errors import ReadError
from derive.latex import Declarations, read, read_display, read_model_lines, read_statement, read_term
from derive.terms import (
    EVENT,
    KL,
    SCALAR,
    VARIABLES,
    Complement,
    Covariance,
    CrossEntropy,
    Density,
    Entropy,
    Equal,
    Expectation,
    Identity,
    Integral,
    Intersection,
    Label,
    Law,
    Norm,
    Normal,
    Probability,
    Run,
    Union,
    Variable,
    Variance,
    vector,
)

d, t, T = map(Symbol, "dtT")
x, y, z, mu, sigma = Symbol("x"), Symbol("y"), Symbol("z"), Symbol(r"\mu"), Symbol(r"\sigma")
p, q = Law("p"), Law("q")
KNOWN = Declarations().declare("x", vector(d)).declare(r"\epsilon", vector(d))
eps = Variable(r"\epsilon", vector(d))


def xt(index):
    return Variable("x", vector(d), index)


BARS = ["|", r"\mid", r"\vert", r" \, | \, ", r"\big|", r"\middle|"]


@pytest.mark.parametrize("bar", BARS)
def test_every_conditioning_bar(bar):
    assert read_term(rf"q(x_t {bar} x_{{t-1}}, x_0)", KNOWN).term == Density(q, [xt(t)], [xt(t - 1), xt(0)])


DENSITIES = [
    (r"p_\theta(x \mid z)", Density(Law("p", Symbol(r"\theta")), [x], [z])),
    (r"p_t(x)", Density(Law("p", t), [x])),
    (r"p_1(x)", Density(Law("p", 1), [x])),
    (r"p_{\text{data}}(x)", Density(Law("p", Label("data")), [x])),
    (r"\tilde p(x)", Density(Law(r"\tilde p"), [x])),
    (r"p(x; \theta)", Density(p, [x], [Symbol(r"\theta")])),
    (r"p(x = 0)", Density(p, [(x, 0)])),
    (r"p(x = \mu, y)", Density(p, [(x, mu), y])),
    (r"r(x \mid y)", Density(Law("r"), [x], [y])),
    (r"q(x_{1:T} \mid x_0)", Density(q, [Run("x", SCALAR, 1, T)], [Variable("x", SCALAR, 0)])),
    (r"q(x_{0:T})", Density(q, [Run("x", SCALAR, 0, T)])),
]


@pytest.mark.parametrize(("text", "term"), DENSITIES, ids=[text for text, _ in DENSITIES])
def test_densities(text, term):
    assert read_term(text).term == term


GAUSSIANS = [
    r"\mathcal{N}(x_t; a x_0, v I)",
    r"\mathcal N\left(x_t \mid a x_0, v \mathbf{I}\right)",
    r"N(x_t | a x_0, v I)",
    r"\mathcal{N}(x_t; a x_0, v \boldsymbol{I})",
]


@pytest.mark.parametrize("text", GAUSSIANS)
def test_a_gaussian_in_every_dress(text):
    a, v = Symbol("a"), Symbol("v")
    assert read_term(text, KNOWN).term == Normal(xt(t), a * xt(0), v * Identity(d))


def test_a_gaussian_without_a_point_is_at_a_dummy():
    dot = Symbol(r"\cdot")
    assert read_term(r"\mathcal{N}(\mu, \sigma^2)").term == Normal(dot, mu, sigma**2)
    dot = Variable(r"\cdot", vector(d))
    assert read_term(r"\mathcal{N}(0, I)").term == Normal(dot, 0, Identity(d))


def test_a_law_follows_after_sim():
    assert read_statement(r"\epsilon \sim \mathcal{N}(0, I)").term.density == Normal(eps, 0, Identity(d))
    assert read_statement(r"x \sim p(x \mid y)").term.density == Density(p, [x], [y])
    assert read_statement(r"x \sim p").term.density == Density(p, [x])
    assert read_statement(r"x \sim q(\cdot \mid y)").term.density == Density(q, [x], [y])


EXPECTATIONS = [
    r"\mathbb{E}_{q(x \mid y)}[x y]",
    r"E_{q(x|y)}\left[x y\right]",
    r"\mathbb{E}_{x \sim q(x \mid y)}\big[ x y \big]",
    r"\mathop{\mathbb{E}}_{x \sim q(\cdot \mid y)} [x y]",
    r"\mathbb{E}_{q(x \mid y)} x y",
    r"\mathbb E_{q(x \mid y)}\{x y\}",
]


@pytest.mark.parametrize("text", EXPECTATIONS)
def test_an_expectation_in_every_dress(text):
    assert read_term(text).term == Expectation(x * y, Density(q, [x], [y]))


def test_expectations_that_nest():
    text = r"\mathbb{E}_{x_0 \sim q(x_0), \epsilon \sim \mathcal{N}(0, I)}[\|x_0 - \epsilon\|^2]"
    inner = Expectation(Norm(xt(0) - eps) ** 2, Normal(eps, 0, Identity(d)))
    assert read_term(text, KNOWN).term == Expectation(inner, Density(q, [xt(0)]))
    text = r"\mathbb{E}_{x_0, \epsilon \sim N(0, I)}[\|x_0 - \epsilon\|^2]"
    assert read_term(text, KNOWN).term == Expectation(inner, Density(Law(""), [xt(0)]))


def test_expectations_without_a_law():
    assert read_term(r"\mathbb{E}[x \mid y]").term == Expectation(x, Density(Law(""), [x], [y]))
    assert read_term(r"\mathbb{E}_{x \mid y}[x z]").term == Expectation(x * z, Density(Law(""), [x], [y]))
    both = Density(Law(""), [x, z])
    assert read_term(r"\mathbb{E}_{x, z}[x z]").term == Expectation(x * z, both)
    assert read_term(r"\mathbb{E}[a x]").term == Expectation(Symbol("a") * x, Density(Law(""), [x]))


UNIFORM = [r"t \sim [1, T]", r"t \sim \mathcal{U}(1, T)", r"t \sim \text{Uniform}(\{1, \dots, T\})"]


@pytest.mark.parametrize("source", UNIFORM)
def test_the_uniform_law(source):
    expected = Expectation(t * x, Density(Law(r"\mathcal U", 1, T), [t]))
    assert read_term(rf"\mathbb{{E}}_{{{source}}}[t x]").term == expected


def test_parameters_named_inside_a_gaussian_are_read_as_their_values():
    a, v = Symbol("a"), Symbol("v")
    reading = read_term(r"\mathcal{N}(x_t; \mu = a x_0, \Sigma = v I)", KNOWN)
    assert reading.term == Normal(xt(t), a * xt(0), v * Identity(d))
    assert len(reading.notes) == 2


def test_a_sum_of_variables_may_follow_a_law():
    statement = read_statement(r"X + Y \sim \mathcal{N}(0, \sigma^2)").term
    X, Y = Symbol("X"), Symbol("Y")
    assert (statement.variable, statement.density) == (X + Y, Normal(X + Y, 0, sigma**2))


def test_variance_and_covariance():
    assert read_term(r"\mathrm{Var}(x)").term == Variance(x, Density(Law(""), [x]))
    assert read_term(r"\operatorname{Var}_{q(x)}[x]").term == Variance(x, Density(q, [x]))
    assert read_term(r"\mathrm{Cov}(x, y)").term == Covariance(x, y, Density(Law(""), [x, y]))


def test_a_bare_law_under_an_expectation_is_the_declared_joint_and_is_noted():
    lines = [
        (r"x_t \in \mathbb{R}^d", 1),
        (r"q(x_{1:T} \mid x_0) = \prod_{t=1}^{T} q(x_t \mid x_{t-1})", 2),
        (r"c = \mathbb{E}_q[\log q(x_T \mid x_0)]", 3),
    ]
    declarations, readings = read_model_lines(lines)
    joint = Density(q, [Run("x", vector(d), 1, T)], [xt(0)])
    body = log(Density(q, [xt(T)], [xt(0)]))
    assert readings[2].term.rhs == Expectation(body, joint)
    assert any("expectation" in note for note in readings[2].notes)
    assert declarations.joints == (joint,)
    assert read_term(r"\mathbb{E}_q[\log q(x_T \mid x_0)]", declarations).term == Expectation(body, joint)


def test_a_bare_law_is_over_the_variables_that_the_text_shows():
    reading = read_term(r"\mathbb{E}_p\left[\log \frac{q(X)}{p(X)}\right]")
    X = Symbol("X")
    assert reading.term == Expectation(log(Density(q, [X]) / Density(p, [X])), Density(p, [X]))
    assert reading.notes


DIVERGENCES = [
    r"D_{KL}(q(x \mid y) \| p(x))",
    r"D_{\mathrm{KL}}\left(q(x|y) \,\|\, p(x)\right)",
    r"D_\text{KL}[q(x|y) || p(x)]",
    r"\mathrm{KL}(q(x|y) \parallel p(x))",
    r"KL\big(q(x|y) \vert\vert p(x)\big)",
    r"\mathbb{D}_{KL}(q(x|y) \Vert p(x))",
]


@pytest.mark.parametrize("text", DIVERGENCES)
def test_a_divergence_in_every_dress(text):
    assert read_term(text).term == KL(Density(q, [x], [y]), Density(p, [x]), [x])


def test_divergences_of_gaussians_and_of_bare_laws():
    dot = Symbol(r"\cdot")
    left, right = Normal(dot, mu, sigma**2), Normal(dot, 0, 1)
    text = r"D_{KL}(\mathcal{N}(\mu, \sigma^2) \| \mathcal{N}(0, 1))"
    assert read_term(text).term == KL(left, right, [dot])
    declared = Declarations().joint(Density(q, [x]), Density(p, [x]))
    assert read_term(r"D_{KL}(q \| p)", declared).term == KL(Density(q, [x]), Density(p, [x]), [x])


def test_entropies():
    declared = Declarations().joint(Density(q, [x]))
    assert read_term("H(q)", declared).term == Entropy(Density(q, [x]), [x])
    assert read_term("H(q, p)", declared).term == CrossEntropy(Density(q, [x]), Density(p, [x]), [x])
    assert read_term(r"H(q(x \mid y))").term == Entropy(Density(q, [x], [y]), [x])
    assert read_term("H(a + 1)").term != read_term("H(q)", declared).term


def test_events():
    A, B = Variable("A", EVENT), Variable("B", EVENT)
    assert read_term(r"P(A \cap B)").term == Probability(Intersection(A, B))
    assert read_term(r"P(A \cup B)").term == Probability(Union(A, B))
    assert read_term(r"P(A \mid B^c)").term == Probability(A, Complement(B))
    assert read_term(r"P(A, B)").term == Probability(Intersection(A, B))
    conditional = read(r"P(A \mid B) = \frac{P(A \cap B)}{P(B)}").term
    assert conditional == Equal(Probability(A, B), Probability(Intersection(A, B)) / Probability(B))


def test_metavariables_of_rules_are_sets_of_variables():
    rule = Declarations().variables("A", "B", "C").law("p")
    A, B, C = (Variable(name, VARIABLES) for name in "ABC")
    assert read_term(r"p(A \mid B, C)", rule).term == Density(p, [A], [B, C])
    integral = read_term(r"\int p(A, B \mid C) \,dB", rule).term
    assert integral == Integral(Density(p, [A, B], [C]), B)
    expectation = read_term(r"\mathbb{E}_{p(B \mid C)}[p(A \mid B, C)]", rule).term
    assert expectation == Expectation(Density(p, [A], [B, C]), Density(p, [B], [C]))


def test_a_matrix_is_no_value_of_a_variable():
    """q(x_1 | x Λ) puts a row of numbers where x_0 stands; a value that fits is told with the variable's own name."""
    with pytest.raises(ReadError, match="a matrix is no value"):
        read_display(r"\frac{q(x_{1:T} \mid x_0)}{q(x_{1:T} \mid x \Lambda)}")
    (reading,) = read_display(r"\log p_X(x) = \log p_Z(f(x)) + a^\top x")
    assert reading.notes == ("p_Z(f(x)): f(x) is read as the value of x",)
