"""Points of a path at one time, x_t = (1 − t) x_0 + t x_1, and what is averaged given one: marginal velocities."""

from __future__ import annotations

import pytest

import derive

LINE = (r"x_0 \in \mathbb{R}^d", r"x_1 \in \mathbb{R}^d", r"x_t = (1-t) x_0 + t x_1", "0 < t < 1")
DRAWN = (*LINE, r"x_0 \sim \mathcal{N}(0, I)", r"x_0 \perp x_1")
BETWEEN = (
    r"x_t \in \mathbb{R}^d", r"\epsilon \in \mathbb{R}^d", r"\alpha_t > 0", r"\sigma_t > 0",
    r"x_t = \alpha_t x_0 + \sigma_t \epsilon", "0 < t < 1",
)  # fmt: skip
VELOCITY = r"\mathbb{E}[x_1 - x_0 \mid x_t] = "
CASES = [
    (LINE, VELOCITY + r"\frac{\mathbb{E}[x_1 \mid x_t] - x_t}{1 - t}", "proved"),
    (LINE, VELOCITY + r"\frac{\mathbb{E}[x_1 \mid x_t] - x_t}{t}", "refuted"),
    (DRAWN, VELOCITY + r"\frac{x_t - \mathbb{E}[x_0 \mid x_t]}{t}", "proved"),
    (DRAWN, VELOCITY + r"\frac{x_t - \mathbb{E}[x_0 \mid x_t]}{1 - t}", "refuted"),
    (LINE, VELOCITY + r"\mathbb{E}[x_1 \mid x_t] - \mathbb{E}[x_0 \mid x_t]", "proved"),
    (LINE, r"\mathbb{E}[\|x_t - t x_1\|^2] = (1-t)^2\, \mathbb{E}[\|x_0\|^2]", "proved"),
    (LINE, r"\mathbb{E}[\|x_t - t x_1\|^2] = (1-t)\, \mathbb{E}[\|x_0\|^2]", "refuted"),
    (DRAWN, r"\mathbb{E}[x_t \mid x_1] = t x_1", "proved"),
    (DRAWN, r"\mathbb{E}[x_t \mid x_1] = (1-t) x_1", "refuted"),
    (BETWEEN, r"\mathbb{E}[x_0 \mid x_t] = \frac{x_t - \sigma_t \mathbb{E}[\epsilon \mid x_t]}{\alpha_t}", "proved"),
    (BETWEEN, r"\mathbb{E}[x_0 \mid x_t] = \frac{x_t - \alpha_t \mathbb{E}[\epsilon \mid x_t]}{\sigma_t}", "refuted"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "statement", "status"), CASES)
def test_what_holds_is_proved_and_a_slip_refuted(given, statement, status):
    assert derive.check(statement, given=list(given), timeout=6).status == status


def test_it_is_said_that_the_point_is_none_of_the_ends():
    """At t = 0 the mean given x_t would be one given x_0."""
    verdict = derive.check(VELOCITY + r"\frac{x_t - \mathbb{E}[x_0 \mid x_t]}{t}", given=list(LINE))
    assert any("a variable of its own" in line for line in verdict.read_as)
