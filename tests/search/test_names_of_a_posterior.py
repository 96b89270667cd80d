r"""What a posterior is called, q(x_{t-1} | x_t, x_0) = N(x_{t-1}; \tilde\mu_t, \tilde\beta_t I), is used."""

from __future__ import annotations

import pytest

import derive

CHAIN = (
    r"0 < \beta_t < 1", r"\alpha_t = 1 - \beta_t", r"\bar\alpha_t = \prod_{s=1}^t \alpha_s", r"x_t \in \mathbb{R}^d",
    r"q(x_{1:T} \mid x_0) = \prod_{t=1}^T q(x_t \mid x_{t-1})",
    r"q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; \sqrt{\alpha_t} x_{t-1}, \beta_t I)",
    r"q(x_{t-1} \mid x_t, x_0) = \mathcal{N}(x_{t-1}; \tilde\mu_t(x_t, x_0), \tilde\beta_t I)", r"t \ge 2",
)  # fmt: skip
REVERSE = r"p_\theta(x_{t-1} \mid x_t) = \mathcal{N}(x_{t-1}; \mu_\theta(x_t, t), \sigma_t^2 I)"
DIVERGENCE = r"D_{KL}(q(x_{t-1} \mid x_t, x_0) \| p_\theta(x_{t-1} \mid x_t))"
SQUARE = r"\|\tilde\mu_t(x_t, x_0) - \mu_\theta(x_t, t)\|^2"
MEAN = r"\tilde\mu_t(x_t, x_0) = "
TIED = r"\sigma_t^2 = \tilde\beta_t"
NOISED = r"x_t = \sqrt{\bar\alpha_t} x_0 + \sqrt{1 - \bar\alpha_t} \epsilon"


@pytest.mark.parametrize(("claim", "given"), [
    (rf"{DIVERGENCE} = \frac{{1}}{{2\sigma_t^2}} {SQUARE}", (REVERSE, TIED, r"\sigma_t > 0")),
    (rf"{DIVERGENCE} = \frac{{1}}{{2\tilde\beta_t}} {SQUARE}", (REVERSE.replace(r"\sigma_t^2", r"\tilde\beta_t"),)),
    (MEAN + r"\frac{1}{\sqrt{\alpha_t}} (x_t - \frac{\beta_t}{\sqrt{1 - \bar\alpha_t}} \epsilon)", (NOISED,)),
    (r"\nabla_{x_t} \log q(x_t \mid x_0) = -\frac{\epsilon}{\sqrt{1 - \bar\alpha_t}}", (NOISED,)),
])  # fmt: skip
def test_what_follows(claim: str, given: tuple[str, ...]) -> None:
    assert derive.check(claim, given=[*CHAIN, *given]).status == "proved"


@pytest.mark.parametrize(("claim", "given"), [
    (rf"{DIVERGENCE} = \frac{{1}}{{2\sigma_t^2}} {SQUARE}", (REVERSE, r"\sigma_t > 0")),
    (rf"{DIVERGENCE} = \frac{{1}}{{\sigma_t^2}} {SQUARE}", (REVERSE, TIED, r"\sigma_t > 0")),
    (r"\sigma_t^2 = \beta_t", (TIED, r"\sigma_t > 0")),
    (r"\tilde\beta_t = \beta_t", (REVERSE.replace(r"\sigma_t^2", r"\tilde\beta_t"),)),
    (MEAN + r"\frac{1}{\sqrt{\alpha_t}} (x_t - \frac{\beta_t}{1 - \bar\alpha_t} \epsilon)", (NOISED,)),
    (r"\nabla_{x_t} \log q(x_t \mid x_0) = -\frac{\epsilon}{1 - \bar\alpha_t}", (NOISED,)),
])  # fmt: skip
def test_what_does_not(claim: str, given: tuple[str, ...]) -> None:
    assert derive.check(claim, given=[*CHAIN, *given]).status == "refuted"


def test_a_name_that_is_given_another_value_proves_nothing() -> None:
    """β̃_t = β_t contradicts the chain: nothing follows from both."""
    claim = rf"{DIVERGENCE} = \frac{{1}}{{2\sigma_t^2}} {SQUARE}"
    given = [*CHAIN, REVERSE, TIED, r"\sigma_t > 0", r"\tilde\beta_t = \beta_t"]
    assert derive.check(claim, given=given).status != "proved"


def test_a_point_that_is_called_by_a_number_is_meant_at_the_time_of_the_claim() -> None:
    guess = r"\hat x_0 = \frac{x_t - \sqrt{1 - \bar\alpha_t} \epsilon_\theta(x_t, t)}{\sqrt{\bar\alpha_t}}"
    given = [*CHAIN[:4], r"t \ge 1", NOISED, r"\epsilon_\theta(x_t, t) \in \mathbb{R}^d", guess]
    square = r"\|x_0 - \hat x_0\|^2 = \frac{1 - \bar\alpha_t}{\bar\alpha_t} \|\epsilon - \epsilon_\theta(x_t, t)\|^2"
    assert derive.check(square, given=given).status == "proved"
    assert derive.check(square.replace(r"{\bar\alpha_t} \|", r"{\bar\alpha_t^2} \|"), given=given).status == "refuted"


def test_a_line_that_says_nothing_is_no_condition() -> None:
    given = [r"\alpha_t > 0", r"t \in \mathbb{R}", r"\dot\alpha_t = \frac{d \alpha_t}{d t}"]
    claim = r"\frac{d}{dt} \log \alpha_t^2 = 2 \frac{\dot\alpha_t}{\alpha_t}"
    assert derive.check(claim, given=given).status == "proved"
    assert derive.check(claim.replace("= 2 ", "= "), given=given).status == "refuted"
