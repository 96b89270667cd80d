"""What exists: averages under a Gaussian, derivatives, both exchanged, ratios of densities; and what is left open."""

from __future__ import annotations

import pytest

from derive.conditions import decide
from derive.context import Context
from derive.latex import read_term
from derive.library import model_of
from derive.terms import Exchanges, Exists

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
