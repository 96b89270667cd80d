"""Laws and functions with a meaning of their own: no world may choose one for them, so no true claim is refuted."""

import pytest

import derive

TRUE = [
    r"\mathbb{E}_{t \sim \mathcal{U}(0,1)}[t] = \frac{1}{2}",
    r"\mathbb{E}_{x \sim \mathrm{Exponential}(a)}[a x] = 1",
    r"\mathrm{Bernoulli}(k; r) = r^k (1 - r)^{1-k}",
    r"\mathrm{sigmoid}(x) = \frac{1}{1 + e^{-x}}",
    r"\int \delta(x) \, dx = 1",
]


@pytest.mark.parametrize("statement", TRUE)
def test_a_true_claim_about_a_known_law_is_not_refuted(statement):
    assert derive.check(statement).status != "refuted"


def test_two_members_of_a_family_are_not_one_law():
    verdict = derive.check(r"\mathbb{E}_{x \sim \mathrm{Cat}(a)}[f(x)] = \mathbb{E}_{x \sim \mathrm{Cat}(b)}[f(x)]")
    assert verdict.status == "unknown"


@pytest.mark.parametrize(
    "statement",
    [
        r"\nabla_\theta \mathcal{L} = 0",
        r"\nabla_\theta L_t = \nabla_\theta M_t",
        r"\nabla_\theta \lambda \mathcal{L} = 0",
        r"\nabla_{\mathbf{x}} \mathbf{y} = 0",
        r"\nabla_x \frac{1}{2} x^2 = 0",
    ],
)
def test_a_gradient_of_what_is_not_said_to_be_constant_is_not_proved_to_vanish(statement):
    assert derive.check(statement).status != "proved"


def test_a_proportionality_in_unsaid_variables_is_not_decided():
    assert derive.check(r"\exp(-a x) \propto \exp(-a x)").status == "unknown"
    assert derive.check(r"2 x \propto x + 1").status == "unknown"
