"""What exists: averages under a Gaussian, derivatives, both exchanged, ratios of densities; and what is left open."""

from __future__ import annotations

import pytest
from sympy import Sum, Symbol, oo

from derive.grounds.conditions import decide
from derive.grounds.context import Context
from derive.grounds.implied import not_implied
from derive.latex import read_term
from derive.library import model_of
from derive.terms import (
    SCALAR,
    Application,
    Density,
    Exchanges,
    Exists,
    Expectation,
    ForEvery,
    GreaterEqual,
    Law,
    LessEqual,
    alpha_equal,
)

NAMES = (
    r"x \in \mathbb{R}^d", r"\mu \in \mathbb{R}^d", r"c \in \mathbb{R}^d", r"v > 0", r"w > 0", r"a \in \mathbb{R}",
    r"b \ge 0", r"\Sigma \in \mathbb{R}^{d \times d}", r"\Sigma \succ 0", r"y \in \mathbb{R}", r"n \ge 1",
    r"f(x) \in \mathbb{R}", r"h(\mu) \in \mathbb{R}^d", r"x_i \in \mathbb{R}^d",
)  # fmt: skip
LAWS = (
    r"x \in \mathbb{R}^d", r"y \in \mathbb{R}^d", r"v > 0", r"a > 0", r"c \in \mathbb{R}",
    r"p(x, y) = p(x)\, p(y \mid x)", r"p(y \mid x) = \mathcal{N}(y; a x, v I)",
)  # fmt: skip
PAIR = (r"x \in \mathbb{R}^d", r"z \in \mathbb{R}^d", r"p(x) > 0", r"q(z \mid x) > 0", r"q(x) \ge 0")


def settled(kind, latex, given):
    model = model_of(list(given))
    term = read_term(latex, model.declarations).term
    return decide(kind(term), Context.of(model, (), (term,)).about(term)).answer


@pytest.mark.parametrize(
    "latex",
    [
        r"\mathbb{E}_{x \sim \mathcal{N}(\mu, v I)}[x]",
        r"\mathbb{E}_{x \sim \mathcal{N}(\mu, v I)}[\|x - c\|^2]",
        r"\mathbb{E}_{x \sim \mathcal{N}(\mu, v I)}[\|x - c\|]",
        r"\mathbb{E}_{x \sim \mathcal{N}(\mu, \Sigma)}[x^\top \Sigma^{-1} x]",
        r"\mathbb{E}_{x \sim \mathcal{N}(\mu, v I)}[\log \mathcal{N}(x; c, w I)]",
        r"\mathbb{E}_{x \sim \mathcal{N}(\mu, v I)}[\log (\mathcal{N}(x; c, w I) / \mathcal{N}(x; \mu, v I))]",
        r"\mathbb{E}_{x \sim \mathcal{N}(\mu, v I)}[\sum_{i=1}^{n} \|x - x_i\|^2]",
        r"\mathbb{E}_{x \sim \mathcal{N}(\mu, v I)}\left[\frac{d}{2} \log(2 \pi v)\right]",
        r"\mathbb{E}_{y \sim \mathcal{N}(a, v)}[y^4 - 3 y^2]",
        r"\mathbb{E}_{y \sim \mathcal{N}(a, v)}[\cos(a y)]",
        r"\mathbb{E}_{y \sim \mathcal{N}(0, 1)}\left[\frac{y}{v}\right]",
        r"\int \mathcal{N}(x; \mu, v I)\, x \, dx",
        r"\int \mathcal{N}(x; \mu, v I)\, \mathcal{N}(c; x, w I) \, dx",
        r"\int v \nabla_\mu \mathcal{N}(x; \mu, v I) \, dx",
        r"D_{\mathrm{KL}}(\mathcal{N}(x; \mu, v I) \,\|\, \mathcal{N}(x; c, w I))",
        r"\frac{\partial}{\partial v} \log(2 \pi v)",
        r"\frac{\partial}{\partial v} \frac{1}{v}",
        r"\frac{\partial}{\partial v} v^{-\frac{d}{2}}",
        r"\nabla_\mu \mathcal{N}(x; \mu, v I)",
        r"\frac{\partial}{\partial v} \mathcal{N}(x; \mu, v I)",
        r"\nabla_\mu \sum_{i=1}^{n} \log \mathcal{N}(x_i; \mu, v I)",
        r"\nabla_\mu \|\mu - c\|^4",
    ],
)
def test_it_exists(latex):
    assert settled(Exists, latex, NAMES) is True


@pytest.mark.parametrize(
    "latex",
    [
        r"\mathbb{E}_{x \sim \mathcal{N}(\mu, v I)}[\exp(\|x\|^2)]",
        r"\mathbb{E}_{x \sim \mathcal{N}(\mu, v I)}[f(x)]",
        r"\mathbb{E}_{x \sim \mathcal{N}(\mu, v I)}\left[\frac{1}{\|x\|}\right]",
        r"\mathbb{E}_{x \sim \mathcal{N}(\mu, v I)}[\log \|x\|]",
        r"\mathbb{E}_{x \sim \mathcal{N}(\mu, v I)}\left[\frac{1}{\mathcal{N}(x; c, w I)}\right]",
        r"\mathbb{E}_{x \sim \mathcal{N}(\mu, a I)}[x]",
        r"\mathbb{E}_{x \sim \mathcal{N}(\mu, b I)}[x]",
        r"\mathbb{E}_{x \sim \mathcal{N}(\mu, v I)}\left[\frac{x}{a}\right]",
        r"\mathbb{E}_{x \sim \mathcal{N}(\mu, v I)}[\log(a) x]",
        r"\mathbb{E}_{x \sim \mathcal{N}(\frac{1}{a} \mu, v I)}[x]",
        r"\mathbb{E}_{x \sim \mathcal{N}(\mu, v I)}[\log \mathcal{N}(x; c, a I)]",
        r"\mathbb{E}_{y \sim \mathcal{N}(0, v)}[\log y]",
        r"\mathbb{E}_{y \sim \mathcal{N}(0, v)}[\sqrt{y}]",
        r"\mathbb{E}_{y \sim \mathcal{N}(0, v)}[y^{-2}]",
        r"\mathbb{E}_{y \sim \mathcal{N}(0, v)}[D_{\mathrm{KL}}(p(x) \,\|\, q(x))]",
        r"\int \mathcal{N}(c; a x, w I) \, dx",
        r"\int \mathcal{N}(x; x, w I) \, dx",
        r"\int \|x\|^2 \, dx",
        r"D_{\mathrm{KL}}(\mathcal{N}(x; \mu, v I) \,\|\, \mathcal{N}(x; c, a I))",
        r"\frac{\partial}{\partial a} \log(a)",
        r"\frac{\partial}{\partial b} \sqrt{b}",
        r"\frac{\partial}{\partial a} \frac{1}{a}",
        r"\frac{\partial}{\partial a} |a|",
        r"\nabla_\mu \|\mu - c\|",
        r"\nabla_\mu f(\mu)",
        r"\frac{\partial}{\partial a} \mathcal{N}(x; \mu, a I)",
        r"\frac{\partial}{\partial a} \mathcal{N}(x; \mu, a^2 I)",
    ],
)
def test_whether_it_exists_is_open(latex):
    assert settled(Exists, latex, NAMES) is None


@pytest.mark.parametrize(
    ("latex", "answer"),
    [
        (r"\nabla_\mu \int \mathcal{N}(x; \mu, v I) \, dx", True),
        (r"\frac{\partial}{\partial v} \int \mathcal{N}(x; \mu, v I) \, dx", True),
        (r"\nabla_\mu \int \|x\|^2 \mathcal{N}(x; \mu + c, v I) \, dx", True),
        (r"\frac{\partial}{\partial v} \int x\, \mathcal{N}(x; \mu, \frac{1}{v} I) \, dx", True),
        (r"\nabla_\mu \int f(x)\, \mathcal{N}(x; \mu, v I) \, dx", None),
        (r"\nabla_\mu \int \mathcal{N}(x; h(\mu), v I) \, dx", None),
        (r"\frac{\partial}{\partial a} \int \mathcal{N}(x; \mu, a^2 I) \, dx", None),
        (r"\frac{\partial}{\partial b} \int \mathcal{N}(x; \sqrt{b} \mu, v I) \, dx", None),
        (r"\nabla_\mu \int \|\mu\| \mathcal{N}(x; \mu, v I) \, dx", None),
        (r"\nabla_\mu \int \exp(\|x\|^2) \mathcal{N}(x; \mu, v I) \, dx", None),
    ],
)
def test_whether_a_derivative_goes_inside(latex, answer):
    assert settled(Exchanges, latex, NAMES) is answer


@pytest.mark.parametrize(
    ("latex", "answer"),
    [
        (r"\mathbb{E}_{p(x)}\left[\frac{q(x)}{p(x)}\right]", True),
        (r"\mathbb{E}_{p(x)}\left[\sqrt{\frac{q(x)}{p(x)}}\right]", True),
        (r"\mathbb{E}_{p(x)}\left[1 - 2 \frac{q(x)}{p(x)}\right]", True),
        (r"\mathbb{E}_{q(z \mid x)}\left[\frac{p(x, z)}{q(z \mid x)}\right]", True),
        (r"\int q(x) \, dx", True),
        (r"D_{\mathrm{KL}}(p(x) \,\|\, p(x))", True),
        (r"\mathbb{E}_{p(x)}[2]", True),
        (r"\mathbb{E}_{p(x)}\left[\left(\frac{q(x)}{p(x)}\right)^2\right]", None),
        (r"\mathbb{E}_{p(x)}\left[\frac{p(x)}{q(x)}\right]", None),
        (r"\mathbb{E}_{p(x)}[q(x)]", None),
        (r"\mathbb{E}_{p(x)}[\log p(x)]", None),
        (r"\mathbb{E}_{p(x)}[\|x\|^2]", None),
        (r"\mathbb{E}_{p(x)}[x]", None),
        (r"\int q(x)^2 \, dx", None),
        (r"\int q(z \mid x) \, dx", None),
        (r"D_{\mathrm{KL}}(p(x) \,\|\, q(x))", None),
    ],
)
def test_ratios_of_densities(latex, answer):
    assert settled(Exists, latex, PAIR) is answer


@pytest.mark.parametrize(
    ("kind", "latex", "answer"),
    [
        (Exists, r"\mathbb{E}_{p(x \mid y)}[x]", True),
        (Exists, r"\mathbb{E}_{p(x \mid y)}[\|x - y\|^2]", True),
        (Exists, r"\mathbb{E}_{p(x \mid y)}[y]", True),
        (Exists, r"p(x \mid y)", True),
        (Exchanges, r"\nabla_y \mathbb{E}_{p(x)}[p(y \mid x)]", True),
        (Exists, r"\mathbb{E}_{p(x)}[x]", None),  # a law with heavy tails has no mean
        (Exists, r"\mathbb{E}_{p(y)}[y]", None),
        (Exists, r"\mathbb{E}_{p(x \mid y)}[\exp(\|x\|^2)]", None),
        (Exists, r"\mathbb{E}_{p(x \mid y)}[g(x)]", None),
        (Exchanges, r"\nabla_y \mathbb{E}_{p(x)}[\log p(y \mid x)]", None),
        (Exchanges, r"\nabla_y \mathbb{E}_{p(x)}[g(x)\, p(y \mid x)]", None),
    ],
)
def test_under_the_posterior_of_a_gaussian(kind, latex, answer):
    assert settled(kind, latex, LAWS) is answer


def test_a_slope_that_may_vanish_bounds_nothing():
    flat = [text.replace("a > 0", r"a \in \mathbb{R}") for text in LAWS]
    assert settled(Exists, r"\mathbb{E}_{p(x \mid y)}[x]", flat) is None


CHAIN = (
    r"x_t \in \mathbb{R}^d", r"0 < \beta_t < 1", r"\sigma_t > 0", r"\mu_\theta(x_t, t) \in \mathbb{R}^d",
    r"q(x_{1:T} \mid x_0) = \prod_{t=1}^{T} q(x_t \mid x_{t-1})",
    r"q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; \sqrt{1 - \beta_t}\, x_{t-1}, \beta_t I)",
    r"p_\theta(x_{0:T}) = p(x_T) \prod_{t=1}^{T} p_\theta(x_{t-1} \mid x_t)", r"p_\theta(x_T) = \mathcal{N}(x_T; 0, I)",
    r"p_\theta(x_{t-1} \mid x_t) = \mathcal{N}(x_{t-1}; \mu_\theta(x_t, t), \sigma_t^2 I)",
)  # fmt: skip
HERE = (GreaterEqual(Symbol("t"), 2), LessEqual(Symbol("t"), Symbol("T")))


def in_a_chain(latex):
    """What is found of the existence of a term for 2 ≤ t ≤ T."""
    model = model_of(list(CHAIN))
    term = read_term(latex, model.declarations).term
    return decide(Exists(term), Context.of(model, HERE, (term,)).about(term))


@pytest.mark.parametrize(
    ("p", "q", "answer"),
    [
        (r"q(x_{t-1} \mid x_t, x_0)", r"p_\theta(x_{t-1} \mid x_t)", True),
        (r"q(x_T \mid x_0)", r"p_\theta(x_T)", True),
        (r"q(x_t \mid x_0)", r"q(x_t \mid x_{t-1})", True),
        (r"q(x_t)", r"p_\theta(x_T = x_t)", None),  # nothing is said of q(x_0)
        (r"q(x_{t-1} \mid x_t)", r"p_\theta(x_{t-1} \mid x_t)", None),
        (r"p_\theta(x_{t-2} \mid x_t)", r"q(x_{t-2} \mid x_0)", None),  # the mean is any function of x_{t-1}
        (r"q(x_{t-1} \mid x_t, x_0)", r"r(x_{t-1} \mid x_t)", None),
    ],
)
def test_divergences_of_a_linear_gaussian_chain(p, q, answer):
    """Any part of the chain given any other part and its start is a Gaussian; a chain with unknown means is not."""
    assert in_a_chain(rf"D_{{\mathrm{{KL}}}}({p} \,\|\, {q})").answer is answer


@pytest.mark.parametrize(
    ("latex", "same"),
    [
        (r"\mathbb{E}_{q(x_{1:T} \mid x_0)}[f(x_t)]", r"\mathbb{E}_{q(x_t \mid x_0)}[f(x_t)]"),
        (r"\mathbb{E}_{q(x_{1:T} \mid x_0)}[-3 f(x_t, x_0)]", r"\mathbb{E}_{q(x_t \mid x_0)}[f(x_t, x_0)]"),
        (
            r"\mathbb{E}_{q(x_{1:T} \mid x_0)}\left[\log \frac{q(x_{t-1} \mid x_t, x_0)}{r(x_{t-1} \mid x_t)}\right]",
            r"\mathbb{E}_{q(x_t \mid x_0)}[D_{\mathrm{KL}}(q(x_{t-1} \mid x_t, x_0) \,\|\, r(x_{t-1} \mid x_t))]",
        ),
        (
            r"\mathbb{E}_{q(x_t, x_{t-1} \mid x_0)}\left[\log \frac{q(x_t \mid x_0)}{r(x_{t-1} \mid x_t)}\right]",
            r"\mathbb{E}_{q(x_t, x_{t-1} \mid x_0)}\left[\log \frac{q(x_t \mid x_0)}{r(x_{t-1} \mid x_t)}\right]",
        ),
    ],
)
def test_an_average_exists_where_a_plainer_one_does(latex, same):
    """Over what its function mentions, and as a divergence where it is one."""
    found, wanted = in_a_chain(latex), in_a_chain(same)
    assert found.answer is wanted.answer is None
    assert alpha_equal(found.condition, wanted.condition)
    assert alpha_equal(found.condition.term, read_term(same, model_of(list(CHAIN)).declarations).term)


def test_a_mean_of_a_sum_exists_where_those_of_its_terms_do():
    """Of finitely many, every one of which is open beside it; of infinitely many it does not follow."""
    t, last = Symbol("t"), Symbol("T")
    p, f = Law("p"), lambda *arguments: Application("f", SCALAR, (), *arguments)
    y = Symbol("y")

    def mean(body):
        return Exists(Expectation(body, Density(p, [y])))

    where = Context.of(model_of([]), (GreaterEqual(last, 1),), (Sum(f(t), (t, 1, last)),))
    terms = [mean(f(y)), ForEvery(mean(f(y, t)), (t,))]
    whole = mean(f(y) - 2 * Sum(f(y, t), (t, 1, last)))
    assert not_implied([whole, *terms], where) == terms
    assert not_implied([*terms, whole], where) == terms
    for others in (terms[:1], terms[1:], [mean(f(y)), mean(f(y, t))]):
        assert not_implied([whole, *others], where) == [whole, *others]
    endless = mean(Sum(f(y, t), (t, 1, oo)))
    assert not_implied([endless, terms[1]], where) == [endless, terms[1]]
    assert not_implied([mean(f(y)), mean(-f(y) + f(y)**2), mean(f(y)**2)], where) == [mean(f(y)), mean(f(y)**2)]


@pytest.mark.parametrize(
    ("latex", "answer"),
    [
        (r"\nabla_\mu \cdot \int \mathcal{N}(x; \mu, \Sigma)\, x \, dx", True),
        (r"\nabla_\mu \cdot \int \mathcal{N}(x; \mu, \Sigma)\, \Sigma x \, dx", True),
        (r"\nabla_\mu \cdot \int \mathcal{N}(x; \mu, v I)\, e^{\|x\|^2} x \, dx", None),
        (r"\nabla_\mu \cdot \int \mathcal{N}(x; \mu, v I)\, h(x) \, dx", None),
        (r"\nabla_\mu \cdot \int x\, \|\mu\| \, dx", None),
    ],
)
def test_whether_a_divergence_goes_inside(latex, answer):
    """Where each of the derivatives does that it is the sum of."""
    assert settled(Exchanges, latex, NAMES) is answer
