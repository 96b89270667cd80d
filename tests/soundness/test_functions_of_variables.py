"""A random variable that is a function of others has their law; a law named once is that law, and not drawn anew."""

from __future__ import annotations

import pytest

import derive

GAUSSIAN = (r"X \sim \mathcal{N}(\mu, \sigma^2)", r"\sigma > 0", r"a \ne 0", "Y = a X + b")
TRUE = [
    (r"p(Y) = \mathcal{N}(Y; a \mu + b, a^2 \sigma^2)", GAUSSIAN),
    (r"\mathbb{E}[Y] = a \mu + b", GAUSSIAN),
    (r"\mathrm{Var}(Y) = a^2 \sigma^2", GAUSSIAN),
    (
        r"q(z) = \mathcal{N}(z; \mu, \sigma^2)",
        (r"z = \mu + \sigma \epsilon", r"\epsilon \sim \mathcal{N}(0, 1)", r"\sigma > 0"),
    ),
    (r"\mathbb{E}[X] = \sum_{i=1}^{n} x_i p_i", ("P(X = x_i) = p_i",)),
    (r"\mathbb{E}[X] = \int x f(x) \,dx", (r"X \sim f",)),
    (r"\mathbb{E}[X] = \int x p(x) \,dx", (r"X \sim p",)),
    (r"\mathbb{E}[X \mid Z] = Z - \mathbb{E}[Y \mid Z]", ("Z = X + Y",)),
    (
        r"\mathbb{E}[y - x \mid z] = \frac{\mathbb{E}[y \mid z] - z}{1 - t}",
        (r"x \in \mathbb{R}^d", r"y \in \mathbb{R}^d", r"z = (1 - t) x + t y", "0 < t < 1"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "given"), TRUE)
def test_what_follows_from_a_coupling_is_not_refuted(claim, given):
    """In a world that draws Y freely, Y = aX + b says nothing of its law."""
    assert derive.check(claim, given=given).status != "refuted"


def test_an_e_beside_pi_is_eulers_number():
    """log(2πe σ²)/2 is the entropy of a Gaussian; a name e of the text's own stays that name."""
    given = (r"p(x) = \mathcal{N}(x; \mu, \sigma^2)", r"\sigma > 0", r"H(p) = -\mathbb{E}_{p(x)}[\log p(x)]")
    verdict = derive.check(r"H(p) = \frac{1}{2} \log(2 \pi e \sigma^2)", given=given)
    assert verdict.status == "proved" and "e is Euler's number" in verdict.read_as
    assert derive.check(r"2 \pi e = 2 \pi", given=("e > 0",)).status == "refuted"
