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
