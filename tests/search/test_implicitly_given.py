r"""What is given by an equation in which it stands: x̂_0 beside ε_θ, a denoiser by a score, a point of a curve."""

from __future__ import annotations

import pytest

import derive

ESTIMATE = (
    r"x_t \in \mathbb{R}^d", r"\hat y_0 \in \mathbb{R}^d", r"\epsilon_\theta(x_t, t) \in \mathbb{R}^d", r"0 < a_t < 1",
    r"x_t = \sqrt{a_t} x_0 + \sqrt{1 - a_t} \epsilon",
    r"x_t = \sqrt{a_t} \hat y_0 + \sqrt{1 - a_t} \epsilon_\theta(x_t, t)",
)  # fmt: skip
DENOISER = (r"x \in \mathbb{R}^d", r"s > 0", r"\nabla_x \log p(x; s) = \frac{D(x; s) - x}{s^2}")
GUIDED = (
    r"x \in \mathbb{R}^d", r"s > 0", r"p(x, y) > 0", r"\nabla_x \log p(x) = -\frac{1}{s} f(x)",
    r"\nabla_x \log p(x \mid y) = -\frac{1}{s} g(x, y)", r"f(x) \in \mathbb{R}^d", r"g(x, y) \in \mathbb{R}^d",
)  # fmt: skip
FREE = (
    r"x \in \mathbb{R}^d", r"w \in \mathbb{R}", r"s > 0", r"p(x, y) > 0", r"f(x) = -s \nabla_x \log p(x)",
    r"f(x, y) = -s \nabla_x \log p(x \mid y)", r"h(x, y) = f(x, y) - s w \nabla_x \log p(y \mid x)",
)  # fmt: skip
CURVE = (r"x \in \mathbb{R}^d", r"n \in \mathbb{R}^d", r"z_\phi = \cos(\phi) x + \sin(\phi) n")
STEPS = (r"x \in \mathbb{R}^d", r"n \in \mathbb{R}^d", r"z_t = a_t x + s_t n", r"a_t > 0", r"s_t > 0")
CASES = [
    (ESTIMATE, r"\hat y_0 - x_0 = \frac{\sqrt{1 - a_t}}{\sqrt{a_t}} (\epsilon - \epsilon_\theta(x_t, t))", "proved"),
    (ESTIMATE, r"\hat y_0 - x_0 = \frac{\sqrt{1 - a_t}}{\sqrt{a_t}} (\epsilon_\theta(x_t, t) - \epsilon)", "refuted"),
    (ESTIMATE, r"\hat y_0 = x_0", "refuted"),
    (DENOISER, r"D(x; s) = x + s^2 \nabla_x \log p(x; s)", "proved"),
    (DENOISER, r"D(x; s) = x - s^2 \nabla_x \log p(x; s)", "refuted"),
    (DENOISER, r"D(x; s) = x + s \nabla_x \log p(x; s)", "refuted"),
    (GUIDED, r"\nabla_x \log p(y \mid x) = -\frac{1}{s} (g(x, y) - f(x))", "proved"),
    (GUIDED, r"\nabla_x \log p(y \mid x) = \frac{1}{s} (g(x, y) - f(x))", "refuted"),
    (FREE, r"h(x, y) = (1 + w) f(x, y) - w f(x)", "proved"),
    (FREE, r"h(x, y) = (1 + w) f(x, y) + w f(x)", "refuted"),
    (CURVE, r"z_{\phi + \delta} = \cos(\delta) z_\phi + \sin(\delta) (\cos(\phi) n - \sin(\phi) x)", "proved"),
    (CURVE, r"z_{\phi + \delta} = \cos(\delta) z_\phi - \sin(\delta) (\cos(\phi) n - \sin(\phi) x)", "refuted"),
    (STEPS, r"z_s = a_s x + s_s n", "unknown"),  # whether it is the same n is not said
    ((*ESTIMATE[:-1], r"x_t = \sqrt{a_t} x_0 + b_t \epsilon_\theta(x_t, t)"), r"\epsilon = \epsilon_\theta(x_t, t)",
     "not proved"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "statement", "status"), CASES)
def test_what_an_equation_leaves_to_a_name_is_used(given: tuple[str, ...], statement: str, status: str) -> None:
    found = derive.check(statement, given=list(given)).status
    assert found != "proved" if status == "not proved" else found == status
