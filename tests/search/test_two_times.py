"""Kernels between any two times s < t, names without an index that belong to one t, and runs that are positive."""

from __future__ import annotations

import pytest

import derive

TIMES = (
    r"x \in \mathbb{R}^d", r"\alpha_t > 0", r"\sigma_t > 0", r"0 < s < t", r"\alpha_{t|s} = \alpha_t / \alpha_s",
    r"\sigma_{t|s}^2 = \sigma_t^2 - \alpha_{t|s}^2 \sigma_s^2", r"\sigma_{t|s}^2 > 0",
)  # fmt: skip
KERNELS = (
    *TIMES, r"z_t \in \mathbb{R}^d", r"q(z_s \mid x) = \mathcal{N}(z_s; \alpha_s x, \sigma_s^2 I)",
    r"q(z_t \mid z_s) = \mathcal{N}(z_t; \alpha_{t|s} z_s, \sigma_{t|s}^2 I)", r"z_t \perp x \mid z_s",
)  # fmt: skip
RATIO = (*TIMES, r"\text{SNR}(t) = \alpha_t^2 / \sigma_t^2")
WEIGHT = (*RATIO, r"v_Q = \sigma_{t|s}^2 \sigma_s^2 / \sigma_t^2")
NOISE = (
    r"x \in \mathbb{R}^d", r"\alpha_t > 0", r"\sigma_t > 0", r"z_t = \alpha_t x + \sigma_t \epsilon",
    r"\epsilon \in \mathbb{R}^d", r"\hat\epsilon \in \mathbb{R}^d",
    r"\hat x = \frac{z_t - \sigma_t \hat\epsilon}{\alpha_t}", r"\text{SNR}(t) = \alpha_t^2 / \sigma_t^2",
)  # fmt: skip
MEAN = r"\frac{\alpha_{t|s} \sigma_s^2}{\sigma_t^2} z_t + \frac{%s \sigma_{t|s}^2}{\sigma_t^2} x"
RUN = (r"p(x_{1:T}) > 0", r"T \ge 2")
CHAIN = (
    r"q(x_{1:T} \mid x_0) = \prod_{t=1}^{T} q(x_t \mid x_{t-1})", r"q(x_{1:T} \mid x_0) > 0", r"T \ge 2",
)  # fmt: skip
STATE = (*CHAIN[:2], r"t \ge 2")
POSTERIOR = (
    r"q(x_{t-1} \mid x_t, x_0) = \frac{q(x_t \mid x_{t-1})\, %s}"
    r"{\sum_{x_{t-1}} q(x_t \mid x_{t-1})\, q(x_{t-1} \mid x_0)}"
)
CASES = [
    (RATIO, r"\frac{\sigma_{t|s}^2}{\sigma_t^2} = 1 - \frac{\text{SNR}(t)}{\text{SNR}(s)}", "proved"),
    (RATIO, r"\frac{\sigma_{t|s}^2}{\sigma_t^2} = 1 - \frac{\text{SNR}(s)}{\text{SNR}(t)}", "refuted"),
    ((*RATIO, r"\alpha_t^2 + \sigma_t^2 = 1"), r"\sigma_t^2 = \frac{1}{1 + \text{SNR}(t)}", "proved"),
    ((*RATIO, r"\alpha_t^2 + \sigma_t^2 = 1"), r"\alpha_t^2 = \frac{1}{1 + \text{SNR}(t)}", "refuted"),
    (WEIGHT, r"\frac{\alpha_s^2 \sigma_{t|s}^4}{v_Q \sigma_t^4} = \text{SNR}(s) - \text{SNR}(t)", "proved"),
    (WEIGHT, r"\frac{\alpha_s^2 \sigma_{t|s}^4}{v_Q \sigma_t^4} = \text{SNR}(t) - \text{SNR}(s)", "refuted"),
    (KERNELS, r"q(z_t \mid x) = \mathcal{N}(z_t; \alpha_t x, \sigma_t^2 I)", "proved"),
    (KERNELS, r"q(z_t \mid x) = \mathcal{N}(z_t; \alpha_s x, \sigma_t^2 I)", "refuted"),
    (KERNELS, r"q(z_s \mid z_t) = \mathcal{N}(z_s; \alpha_{s|t} z_t, \sigma_{s|t}^2 I)", "not proved"),
    (KERNELS, r"\mathbb{E}[z_s \mid z_t, x] = " + MEAN % r"\alpha_s", "proved"),
    (KERNELS, r"\mathbb{E}[z_s \mid z_t, x] = " + MEAN % r"\alpha_t", "not proved"),
    (NOISE, r"\text{SNR}(t) \|x - \hat x\|^2 = \|\epsilon - \hat\epsilon\|^2", "proved"),
    (NOISE, r"\|x - \hat x\|^2 = \text{SNR}(t) \|\epsilon - \hat\epsilon\|^2", "refuted"),
    (RUN, r"p(x_{1:T}) = p(x_1) \prod_{t=2}^{T} p(x_t \mid x_{1:t-1})", "proved"),
    (RUN, r"p(x_{1:T}) = p(x_T) \prod_{t=1}^{T-1} p(x_t \mid x_{t+1:T})", "proved"),
    (RUN, r"p(x_{1:T}) = p(x_1) \prod_{t=2}^{T} p(x_t \mid x_{t-1})", "refuted"),
    (CHAIN, r"q(x_{1:T} \mid x_0) = q(x_T \mid x_0) \prod_{t=2}^{T} q(x_{t-1} \mid x_t, x_0)", "proved"),
    (CHAIN, r"q(x_{1:T} \mid x_0) = q(x_T \mid x_0) \prod_{t=2}^{T} q(x_{t-1} \mid x_t)", "refuted"),
    (CHAIN, r"q(x_{0:T}) = q(x_0) \prod_{t=1}^{T} q(x_t \mid x_{t-1})", "proved"),
    (CHAIN, r"q(x_1) = q(x_1 \mid x_0)", "refuted"),
    (STATE, POSTERIOR % r"q(x_{t-1} \mid x_0)", "proved"),
    (STATE, POSTERIOR % r"q(x_t \mid x_0)", "refuted"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "statement", "status"), CASES)
def test_what_holds_is_proved_and_a_slip_refuted(given, statement, status):
    found = derive.check(statement, given=list(given), timeout=6).status
    assert found != "proved" if status == "not proved" else found == status


def test_a_proof_from_the_start_of_a_chain_says_that_it_starts_somewhere():
    """q(x_0) > 0 is no line of the model: the claim is about the points where it is so."""
    verdict = derive.check(r"q(x_{0:T}) = q(x_0) \prod_{t=1}^{T} q(x_t \mid x_{t-1})", given=list(CHAIN))
    assert [str(condition) for condition in verdict.provided] == ["q(x₀) > 0"]


@pytest.mark.parametrize(
    "statement", [r"\alpha_t^2 + \sigma_t^2 = \alpha_{t-1}^2 + \sigma_{t-1}^2", r"\alpha_{t-1}^2 + \sigma_{t-1}^2 = c"]
)
def test_what_may_be_said_of_every_t_refutes_nothing_at_another(statement):
    """c = α_t² + σ_t² may be meant at one t, or say that the sum does not depend on t."""
    given = [r"c = \alpha_t^2 + \sigma_t^2", r"\alpha_t > 0", r"\sigma_t > 0", r"t \ge 2"]
    assert derive.check(statement, given=given).status == "unknown"


VP = (
    r"x_t \in \mathbb{R}^d", r"0 < b_t < 1", r"a_t = 1 - b_t", r"\bar a_t = \prod_{r=1}^{t} a_r", r"1 \le s < t",
    r"q(x_{1:T} \mid x_0) = \prod_{t=1}^{T} q(x_t \mid x_{t-1})",
    r"q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; \sqrt{a_t} x_{t-1}, b_t I)",
)  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        (r"q(x_t \mid x_s) = \mathcal{N}(x_t; \sqrt{\bar a_t / \bar a_s} x_s, (1 - \bar a_t / \bar a_s) I)", "proved"),
        (r"q(x_t \mid x_s) = \mathcal{N}(x_t; \sqrt{\bar a_t / \bar a_s} x_s, (1 - \bar a_t) I)", "refuted"),
        (r"\mathbb{E}_{q(x_t \mid x_s)}[x_t] = \sqrt{\bar a_t / \bar a_s} x_s", "proved"),
        (r"\mathbb{E}_{q(x_t \mid x_s)}[x_t] = \sqrt{\bar a_t} x_s", "refuted"),
    ],
)
def test_a_chain_between_two_of_its_times(statement, status):
    """By induction over how far the second time lies beyond the first."""
    assert derive.check(statement, given=list(VP)).status == status
