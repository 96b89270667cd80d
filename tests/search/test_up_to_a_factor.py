"""Densities that are given with ∝: guided, tempered and multiplied laws, energies."""

from __future__ import annotations

import pytest

import derive
from derive.errors import InputError, ModelError

GUIDED = (r"x \in \mathbb{R}^d", r"p(x, y) > 0", r"\gamma > 0", r"p_\gamma(x \mid y) \propto p(x) p(y \mid x)^\gamma")
MIXED = (
    r"x \in \mathbb{R}^d", r"p(x, c) > 0", r"w > 0",
    r"\tilde p(x \mid c) \propto \frac{p(x \mid c)^{1+w}}{p(x)^w}",
)  # fmt: skip
CLASSIFIER = (
    r"x \in \mathbb{R}^d", r"p_\theta(x) > 0", r"p_\phi(y \mid x) > 0",
    r"r(x \mid y) \propto p_\theta(x) p_\phi(y \mid x)^2",
)  # fmt: skip
HOT = (r"x \in \mathbb{R}^d", r"p(x) > 0", r"\tau > 0", r"p_\tau(x) \propto p(x)^{1/\tau}")
ENERGY = (r"x \in \mathbb{R}^d", r"p_\theta(x) \propto \exp(-E_\theta(x))")
PRODUCT = (r"x \in \mathbb{R}^d", r"p_1(x) > 0", r"p_2(x) > 0", r"p(x) \propto p_1(x) p_2(x)")
SCORE = r"\nabla_x \log %s = "
CASES = [
    (GUIDED, SCORE % r"p_\gamma(x \mid y)" + r"\nabla_x \log p(x) + \gamma \nabla_x \log p(y \mid x)", "proved"),
    (GUIDED, SCORE % r"p_\gamma(x \mid y)" + r"\nabla_x \log p(x) + \nabla_x \log p(y \mid x)", "refuted"),
    (GUIDED, SCORE % r"p_\gamma(x \mid y)"
             + r"(1 - \gamma) \nabla_x \log p(x) + \gamma \nabla_x \log p(x \mid y)", "proved"),
    (GUIDED, r"p_\gamma(x \mid y) \propto p(x)^{1 - \gamma} p(x \mid y)^\gamma", "proved"),
    (GUIDED, r"p_\gamma(x \mid y) \propto p(x)^\gamma p(x \mid y)^\gamma", "refuted"),
    (GUIDED, r"p_\gamma(x \mid y) = p(x) p(y \mid x)^\gamma", "refuted"),
    (GUIDED, r"\nabla_y \log p_\gamma(x \mid y) = \gamma \nabla_y \log p(y \mid x)", "not proved"),
    (GUIDED, r"\frac{\partial}{\partial \gamma} \log p_\gamma(x \mid y) = \log p(y \mid x)", "not proved"),
    (MIXED, SCORE % r"\tilde p(x \mid c)" + r"(1 + w) \nabla_x \log p(x \mid c) - w \nabla_x \log p(x)", "proved"),
    (MIXED, SCORE % r"\tilde p(x \mid c)" + r"w \nabla_x \log p(x \mid c) - (1 + w) \nabla_x \log p(x)", "refuted"),
    (MIXED, r"\tilde p(x \mid c) \propto p(x \mid c) p(c \mid x)^w", "proved"),
    (MIXED, r"\tilde p(x \mid c) \propto p(x) p(c \mid x)^w", "refuted"),
    (CLASSIFIER, SCORE % r"r(x \mid y)" + r"\nabla_x \log p_\theta(x) + 2 \nabla_x \log p_\phi(y \mid x)", "proved"),
    (CLASSIFIER, SCORE % r"r(x \mid y)" + r"\nabla_x \log p_\theta(x) + \nabla_x \log p_\phi(y \mid x)", "refuted"),
    (HOT, SCORE % r"p_\tau(x)" + r"\frac{1}{\tau} \nabla_x \log p(x)", "proved"),
    (HOT, SCORE % r"p_\tau(x)" + r"\tau \nabla_x \log p(x)", "refuted"),
    (ENERGY, SCORE % r"p_\theta(x)" + r"-\nabla_x E_\theta(x)", "proved"),
    (ENERGY, SCORE % r"p_\theta(x)" + r"\nabla_x E_\theta(x)", "not proved"),
    (ENERGY, r"\nabla_\theta \log p_\theta(x) = -\nabla_\theta E_\theta(x)", "not proved"),
    (PRODUCT, SCORE % "p(x)" + r"\nabla_x \log p_1(x) + \nabla_x \log p_2(x)", "proved"),
    (PRODUCT, r"p(x) = p_1(x) p_2(x)", "refuted"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "statement", "status"), CASES)
def test_what_holds_is_proved_and_a_slip_refuted(given, statement, status):
    found = derive.check(statement, given=list(given), timeout=6).status
    assert found != "proved" if status == "not proved" else found == status


def test_the_theorem_of_bayes_is_no_density_that_is_given():
    """p(z | x) ∝ p(x | z) p(z) says nothing that is not known."""
    with pytest.raises(ModelError, match="not this relation"):
        derive.check(r"p(z \mid x) = p(z)", given=[r"p(z \mid x) \propto p(x \mid z) p(z)"])


def test_a_claim_does_not_speak_of_the_normaliser():
    """Its name would be taken for what it stands for."""
    with pytest.raises(InputError, match="normaliser"):
        derive.check(r"p_\gamma(x \mid y) = \frac{p(x) p(y \mid x)^\gamma}{\mathfrak{Z}(y)}", given=list(GUIDED))
