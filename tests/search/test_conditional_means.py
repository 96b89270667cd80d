"""Means given something: what is known is taken out; bounds by an argument that is a law; sums of what is positive."""

from __future__ import annotations

import pytest

import derive
from derive.checking import _read_claim
from derive.grounds.conditions import decide
from derive.grounds.context import Context
from derive.terms.statements import Unequal

REAL = (r"X \in \mathbb{R}", r"Y \in \mathbb{R}")
BOUND = (
    r"q(z) > 0", r"p(x, z \mid \theta) > 0",
    r"\mathcal{L}(q, \theta) = \sum_z q(z) \log \frac{p(x, z \mid \theta)}{q(z)}",
)  # fmt: skip
CASES = [
    (REAL, r"\mathbb{E}[X\, \mathbb{E}[Y \mid X]] = \mathbb{E}[X Y]", "proved"),
    (REAL, r"\mathbb{E}[X\, \mathbb{E}[Y \mid X]] = \mathbb{E}[X]\, \mathbb{E}[Y]", "refuted"),
    (REAL, r"\mathbb{E}[(X - \mathbb{E}[X \mid Y])\, g(Y)] = 0", "proved"),
    (REAL, r"\mathbb{E}[(X - \mathbb{E}[X \mid Y])\, g(X)] = 0", "refuted"),
    (REAL, r"\mathbb{E}[(X - \mathbb{E}[X \mid Y])^2] = \mathbb{E}[\mathrm{Var}(X \mid Y)]", "proved"),
    (REAL, r"\mathbb{E}[(X - \mathbb{E}[X \mid Y])^2] = \mathrm{Var}(X)", "refuted"),
    (REAL, r"\mathrm{Cov}(X, Y) = \mathrm{Cov}(X, \mathbb{E}[Y \mid X])", "proved"),
    (BOUND, r"\log p(x \mid \theta) = \mathcal{L}(q, \theta) + D_{KL}(q(z) \,\|\, p(z \mid x, \theta))", "proved"),
    (BOUND, r"\log p(x \mid \theta) = \mathcal{L}(q, \theta) - D_{KL}(q(z) \,\|\, p(z \mid x, \theta))", "refuted"),
    ((r"p(x, y) > 0",), r"p(y \mid x) = \frac{p(x \mid y)\, p(y)}{\int p(x \mid y')\, p(y') \,dy'}", "proved"),
    ((r"p(x, y) > 0",), r"p(y \mid x) = \frac{p(x \mid y)\, p(y)}{\int p(x \mid y') \,dy'}", "refuted"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "statement", "status"), CASES)
def test_what_holds_is_proved_and_a_slip_refuted(given, statement, status):
    assert derive.check(statement, given=list(given)).status == status


@pytest.mark.parametrize(("length", "answer"), [(r"K \ge 1", True), (r"K \ge 0", None)])
def test_a_sum_of_positive_terms_is_positive_where_it_has_one(length, answer):
    """A mixture's density is not zero, but a sum of no terms is."""
    given = [r"x \in \mathbb{R}^d", r"\mu_k \in \mathbb{R}^d", r"S_k \succ 0", r"w_k > 0", length]
    claim, model = _read_claim(r"\sum_{j=1}^{K} w_j\, \mathcal{N}(x; \mu_j, S_j) = 0", None, given)
    where = Context.of(model, (), (claim.term,))
    assert decide(Unequal(claim.term.lhs, 0), where).answer is answer
