r"""Transition matrices of uniform noise, (1 − β) I + β 𝟏𝟏ᵀ/K: their products, their rows, what they do to a law."""

from __future__ import annotations

import pytest

import derive

GIVEN = (
    r"0 < \beta_t < 1", r"K \ge 2", r"K \in \mathbb{N}", r"Q_t \in \mathbb{R}^{K \times K}",
    r"Q_t = (1 - \beta_t) I + \frac{\beta_t}{K} \mathbf{1} \mathbf{1}^\top",
)  # fmt: skip
POINT = (*GIVEN, r"x \in \mathbb{R}^K", r"\mathbf{1}^\top x = 1")
KEPT = r"(1 - \beta_t)(1 - \beta_s)"
CASES = [
    (GIVEN, r"Q_t \mathbf{1} = \mathbf{1}", "proved"),
    (GIVEN, r"Q_t \mathbf{1} = (1 - \beta_t) \mathbf{1}", "refuted"),
    (GIVEN, r"Q_t^\top = Q_t", "proved"),
    (GIVEN, rf"Q_t Q_s = {KEPT} I + \frac{{1 - {KEPT}}}{{K}} \mathbf{{1}} \mathbf{{1}}^\top", "proved"),
    (GIVEN, rf"Q_t Q_s = {KEPT} I + \frac{{\beta_t \beta_s}}{{K}} \mathbf{{1}} \mathbf{{1}}^\top", "refuted"),
    (POINT, r"Q_t x = (1 - \beta_t) x + \frac{\beta_t}{K} \mathbf{1}", "proved"),
    (POINT, r"Q_t x = (1 - \beta_t) x + \beta_t \mathbf{1}", "refuted"),
    ((*GIVEN[1:3], r"\mathbf{1} \in \mathbb{R}^K"), r"\mathbf{1}^\top \mathbf{1} = K", "proved"),
    ((*GIVEN[1:3], r"\mathbf{1} \in \mathbb{R}^K"), r"\mathbf{1}^\top \mathbf{1} = 1", "refuted"),
]


@pytest.mark.parametrize(("given", "statement", "status"), CASES)
def test_what_holds_is_proved_and_a_slip_refuted(given, statement, status):
    assert derive.check(statement, given=list(given), timeout=6).status == status


def test_what_ones_are_divided_by_is_how_many_there_are() -> None:
    kernel = [r"Q_t = (1 - \beta_t) I + \frac{\beta_t}{K} \mathbf{1}\mathbf{1}^\top"]
    assert derive.check(r"Q_t \mathbf{1} = \mathbf{1}", given=kernel).status == "proved"
    assert derive.check(r"\mathbf{1}^\top Q_t \mathbf{1} = K", given=kernel).status == "proved"
    assert derive.check(r"\mathbf{1}^\top Q_t \mathbf{1} = 1", given=kernel).status == "refuted"
    assert derive.check(r"Q_t \mathbf{1} = (1 - \beta_t) \mathbf{1}", given=kernel).status == "refuted"
    centred = [r"C = I - \frac{\mathbf{1}\mathbf{1}^\top}{n}"]
    assert derive.check(r"C C = C", given=centred).status == "proved"
