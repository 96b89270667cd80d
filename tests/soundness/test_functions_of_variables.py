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
]  # fmt: skip


@pytest.mark.parametrize(("claim", "given"), TRUE)
def test_what_follows_from_a_coupling_is_not_refuted(claim, given):
    """In a world that draws Y freely, Y = aX + b says nothing of its law."""
    assert derive.check(claim, given=given).status != "refuted"
