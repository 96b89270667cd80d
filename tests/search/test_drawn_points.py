r"""The law of a point that is written with its noise, where the model gives no law of it."""

from __future__ import annotations

import pytest

import derive

POINT = (
    r"x_t \in \mathbb{R}^d", r"0 < a_t < 1", r"x_t = \sqrt{a_t} x_0 + \sqrt{1 - a_t} \epsilon",
    r"\epsilon \sim \mathcal{N}(0, I)", r"\epsilon \perp x_0",
)  # fmt: skip
PATH = (
    r"x \in \mathbb{R}^d", r"0 < t < 1", r"x = (1 - t) x_0 + t x_1", r"x_0 \sim \mathcal{N}(0, I)", r"x_0 \perp x_1",
)  # fmt: skip
AT = (r"x_t \in \mathbb{R}^d", PATH[1], r"x_t = (1 - t) x_0 + t x_1", *PATH[3:])
CASES = [
    (POINT, r"q(x_t \mid x_0) = \mathcal{N}(x_t; \sqrt{a_t} x_0, (1 - a_t) I)", "proved"),
    (POINT, r"q(x_t \mid x_0) = \mathcal{N}(x_t; \sqrt{a_t} x_0, \sqrt{1 - a_t} I)", "refuted"),
    (POINT, r"\nabla_{x_t} \log q(x_t \mid x_0) = -\frac{\epsilon}{\sqrt{1 - a_t}}", "proved"),
    (POINT, r"\nabla_{x_t} \log q(x_t \mid x_0) = \frac{\epsilon}{\sqrt{1 - a_t}}", "refuted"),
    (POINT, r"\mathbb{E}[x_0 \mid x_t] = \frac{x_t + (1 - a_t) \nabla_{x_t} \log p(x_t)}{\sqrt{a_t}}", "proved"),
    (POINT, r"\mathbb{E}[x_0 \mid x_t] = \frac{x_t - (1 - a_t) \nabla_{x_t} \log p(x_t)}{\sqrt{a_t}}", "refuted"),
    (POINT, r"\nabla_{x_t} \log p(x_t) = -\frac{1}{\sqrt{1 - a_t}} \mathbb{E}[\epsilon \mid x_t]", "proved"),
    (POINT, r"\nabla_{x_t} \log p(x_t) = \frac{1}{\sqrt{1 - a_t}} \mathbb{E}[\epsilon \mid x_t]", "refuted"),
    (POINT, r"\mathbb{E}_{p(x_t \mid x_0)}[\|\epsilon\|^2] = d", "proved"),
    (POINT, r"\mathbb{E}_{p(x_t \mid x_0)}[\|\epsilon\|^2] = 1", "refuted"),
    (POINT[:-1], r"q(x_t \mid x_0) = \mathcal{N}(x_t; \sqrt{a_t} x_0, (1 - a_t) I)", "not proved"),  # ε may go with x_0
    (POINT[:3], r"q(x_t \mid x_0) = \mathcal{N}(x_t; \sqrt{a_t} x_0, (1 - a_t) I)", "not proved"),
    (POINT, r"p_\theta(x_t \mid x_0) = \mathcal{N}(x_t; \sqrt{a_t} x_0, (1 - a_t) I)", "not proved"),  # a model's law
    (PATH, r"p_t(x \mid x_1) = \mathcal{N}(x; t x_1, (1 - t)^2 I)", "proved"),
    (PATH, r"p_t(x \mid x_1) = \mathcal{N}(x; t x_1, (1 - t) I)", "refuted"),
    (AT, r"p_t(x_t \mid x_1) = \mathcal{N}(x_t; t x_1, (1 - t)^2 I)", "proved"),
    (AT, r"p_t(x_t \mid x_1) = \mathcal{N}(x_t; (1 - t) x_1, t^2 I)", "refuted"),
]


@pytest.mark.parametrize(("given", "statement", "status"), CASES)
def test_a_noise_says_the_law_of_its_point(given: tuple[str, ...], statement: str, status: str) -> None:
    found = derive.check(statement, given=list(given)).status
    assert found != "proved" if status == "not proved" else found == status
