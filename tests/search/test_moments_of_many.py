r"""`\mathbb{E}[X_i] = \mu` is said of every i: of those that a sum runs over too."""

from __future__ import annotations

import pytest

import derive

GIVEN = [r"\mathbb{E}[X_i] = \mu", r"n \ge 1"]


@pytest.mark.parametrize(("claim", "holds"), [
    (r"\mathbb{E}[\frac{1}{n} \sum_{i=1}^n X_i] = \mu", True),
    (r"\mathbb{E}[\sum_{i=1}^n X_i] = n \mu", True),
    (r"\sum_{i=1}^n \mathbb{E}[X_i] = n \mu", True),
    (r"\mathbb{E}[\sum_{i=1}^n X_i] = \mu", False),
    (r"\sum_{i=1}^n \mathbb{E}[X_i^2] = n \mu^2", False),
])  # fmt: skip
def test_a_mean_that_is_given_of_each(claim: str, holds: bool) -> None:
    assert (derive.check(claim, given=GIVEN).status == "proved") is holds


DRAWS = [
    r"n \ge 2", r"\bar X = \frac{1}{n} \sum_{i=1}^n X_i",
    r"\mathbb{E}[X_i] = \mu", r"\operatorname{Var}(X_i) = \sigma^2",
]  # fmt: skip
APART = [*DRAWS, r"X_i \perp X_j"]
GAUSSIAN = [
    r"N \ge 2", r"x_i \sim \mathcal{N}(\mu, \sigma^2)", r"\sigma > 0", r"x_i \perp x_j",
    r"\bar x = \frac{1}{N} \sum_{i=1}^N x_i",
]  # fmt: skip


@pytest.mark.parametrize(("claim", "given"), [
    (r"\operatorname{Var}(\bar X) = \frac{\sigma^2}{n}", APART),
    (r"\operatorname{Var}(\sum_{i=1}^n X_i) = \sum_{i=1}^n \operatorname{Var}(X_i)", APART),
    (r"\mathbb{E}[\bar X^2] = \mu^2 + \frac{\sigma^2}{n}", APART),
    (r"\mathbb{E}[\frac{1}{n-1} \sum_{i=1}^n (X_i - \bar X)^2] = \sigma^2", APART),
    (r"\mathbb{E}[\bar x] = \mu", GAUSSIAN),
    (r"\operatorname{Var}(\bar x) = \sigma^2 / N", GAUSSIAN),
    (r"\mathbb{E}[X_1 X_2] = \mu^2", APART),
])  # fmt: skip
def test_what_independent_draws_have_is_proved(claim: str, given: list[str]) -> None:
    """Casella & Berger (2002), theorem 5.2.6."""
    assert derive.check(claim, given=given).status == "proved"


@pytest.mark.parametrize(("claim", "given"), [
    (r"\operatorname{Var}(\bar X) = \sigma^2", APART),
    (r"\operatorname{Var}(\bar X) = \frac{\sigma^2}{n^2}", APART),
    (r"\mathbb{E}[\frac{1}{n} \sum_{i=1}^n (X_i - \bar X)^2] = \sigma^2", APART),
    (r"\operatorname{Var}(\bar X) = \frac{\sigma^2}{n}", DRAWS),
    (r"\mathbb{E}[X_1 X_2] = \mu^2", DRAWS),
    (r"\operatorname{Var}(\bar x) = \sigma / N", GAUSSIAN),
])  # fmt: skip
def test_what_draws_do_not_have_is_refuted(claim: str, given: list[str]) -> None:
    assert derive.check(claim, given=given).status == "refuted"


def test_a_draw_is_not_independent_of_itself() -> None:
    assert derive.check(r"\mathbb{E}[X_1 X_1] = \mathbb{E}[X_1]^2", given=[r"X_i \perp X_j"]).status != "proved"
    assert derive.check(r"\operatorname{Var}(X_i) = 0", given=[r"X_i \perp X_j"]).status != "proved"
