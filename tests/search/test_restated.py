"""Means, variances, probabilities and scores that are given: used in normal form, and met by worlds that have them."""

from __future__ import annotations

import pytest

import derive

NOISED = (
    r"x_t = \sqrt{a_t}\, x_0 + \sqrt{1 - a_t}\, \epsilon", r"\epsilon \sim \mathcal{N}(0, 1)", r"\epsilon \perp x_0",
    r"x_t \in \mathbb{R}", r"0 < a_t < 1", r"\mathrm{Var}(x_0) = 1",
)  # fmt: skip
SPREAD = (r"\mathbb{E}[X] = \mu", r"\mathrm{Var}(X) = \sigma^2", r"\sigma > 0")
SCORES = (
    r"x \in \mathbb{R}^d", r"f(x) \in \mathbb{R}^d", r"g(x, y) \in \mathbb{R}^d", r"s > 0", r"p(x) > 0",
    r"p(x \mid y) > 0", r"\nabla_x \log p(x) = -\frac{1}{s} f(x)", r"\nabla_x \log p(x \mid y) = -\frac{1}{s} g(x, y)",
)  # fmt: skip
CASES = [
    (NOISED, r"\mathrm{Var}(x_t) = 1", "proved"),
    (NOISED, r"\mathrm{Var}(x_t) = a_t", "refuted"),
    (NOISED[:2] + NOISED[3:], r"\mathrm{Var}(x_t) = 1", "not proved"),
    (NOISED[:-1], r"\mathrm{Var}(x_t) = 1", "not proved"),
    (SPREAD, r"\mathbb{E}[X^2] = \mu^2 + \sigma^2", "proved"),
    (SPREAD, r"\mathbb{E}[X^2] = \mu^2 - \sigma^2", "refuted"),
    (SPREAD, r"\mathbb{E}[X^2] = \sigma^2", "refuted"),
    ((r"\mathrm{Var}(X) = 1", r"\mathrm{Var}(Y) = 2", r"\mathrm{Cov}(X, Y) = 0"), r"\mathrm{Var}(X - Y) = 3", "proved"),
    ((r"\mathrm{Var}(X) = 1", r"\mathrm{Var}(Y) = 2"), r"\mathrm{Var}(X - Y) = 3", "not proved"),
    (SCORES, r"\nabla_x \log p(y \mid x) = \frac{1}{s} (g(x, y) - f(x))", "refuted"),
]


@pytest.mark.parametrize(("given", "statement", "status"), CASES)
def test_what_is_given_of_laws_is_used(given, statement, status):
    found = derive.check(statement, given=list(given)).status
    assert found != "proved" if status == "not proved" else found == status


def test_givens_that_no_law_has_prove_nothing():
    """A variance of −1 is no variance."""
    given = [r"\mathrm{Var}(X) = -1", r"\mathbb{E}[X] = 0"]
    assert derive.check(r"\mathbb{E}[X^2] = -1", given=given).status != "proved"
