# ruff: noqa: E501  (a formula is not broken where it does not end)
"""Derivatives in vectors and matrices, and laws of sums: what holds is proved, one slip is refuted."""

from __future__ import annotations

import pytest

import derive

SQUARE = (r"A \in \mathbb{R}^{d \times d}", r"\Sigma \succ 0", r"x \in \mathbb{R}^d", r"b \in \mathbb{R}^d", r"\mu \in \mathbb{R}^d")
FIT = (r"X \in \mathbb{R}^{n \times d}", r"w \in \mathbb{R}^d", r"y \in \mathbb{R}^n", r"\lambda > 0")
SUM = (r"X \sim \mathcal{N}(\mu_1, \sigma_1^2)", r"Y \sim \mathcal{N}(\mu_2, \sigma_2^2)", r"X \perp Y")
OUTER = r"\Sigma^{-1} (x - \mu) (x - \mu)^\top \Sigma^{-1}"

CASES = [
    (SQUARE, r"\nabla_\Sigma \operatorname{tr}(A \Sigma) = A^\top", "proved"),
    (SQUARE, r"\nabla_\Sigma \operatorname{tr}(\Sigma A) = A^\top", "proved"),
    # that a matrix is symmetric is nothing that may be used below a derivative in it
    (SQUARE, r"\nabla_\Sigma \operatorname{tr}(A \Sigma) = A", "refuted"),
    (SQUARE, r"\nabla_\Sigma \operatorname{tr}(A \Sigma^\top) = A", "proved"),
    (SQUARE, r"\nabla_\Sigma \operatorname{tr}(A \Sigma^\top) = A^\top", "refuted"),
    (SQUARE, r"\nabla_\Sigma (x^\top \Sigma b) = x b^\top", "proved"),
    (SQUARE, r"\nabla_\Sigma (x^\top \Sigma b) = b x^\top", "refuted"),
    (SQUARE, r"\nabla_\Sigma (x^\top \Sigma^{-1} b) = -\Sigma^{-1} x b^\top \Sigma^{-1}", "proved"),
    (SQUARE, r"\nabla_\Sigma (x^\top \Sigma^{-1} b) = -\Sigma^{-1} b x^\top \Sigma^{-1}", "refuted"),
    (SQUARE, r"\nabla_\Sigma \log \det \Sigma = \Sigma^{-1}", "proved"),
    (SQUARE, r"\nabla_\Sigma \log \det \Sigma = \Sigma", "refuted"),
    (SQUARE, rf"\frac{{\partial}}{{\partial \Sigma}} \log \mathcal{{N}}(x; \mu, \Sigma) = -\frac12 \Sigma^{{-1}} + \frac12 {OUTER}", "proved"),
    (SQUARE, rf"\frac{{\partial}}{{\partial \Sigma}} \log \mathcal{{N}}(x; \mu, \Sigma) = \frac12 \Sigma^{{-1}} - \frac12 {OUTER}", "refuted"),
    (SQUARE, r"\nabla_A \operatorname{tr}(A^\top A) = 2 A", "proved"),
    (SQUARE, r"\nabla_A \operatorname{tr}(A^\top A) = A", "refuted"),
    (SQUARE, r"\nabla_x^2 (x^\top A x) = A + A^\top", "proved"),
    (SQUARE, r"\nabla_x^2 (x^\top A x) = 2 A", "refuted"),
    (SQUARE, r"\nabla_x^2 \log \mathcal{N}(x; \mu, \Sigma) = -\Sigma^{-1}", "proved"),
    (SQUARE, r"\nabla_x (A x + b) = A", "proved"),
    (SQUARE, r"\nabla_x (A x + b) = A^\top", "refuted"),
    (SQUARE, r"\nabla_x \|x - b\| = \frac{x - b}{\|x - b\|}", "proved"),
    (SQUARE, r"\nabla_x \|x - b\| = x - b", "refuted"),
    (SQUARE, r"x^\top \Sigma^{-1} x \ge 0", "proved"),
    (SQUARE, r"x^\top A x \ge 0", "refuted"),
    (FIT, r"\nabla_w \left(\|X w - y\|^2 + \lambda \|w\|^2\right) = 2 X^\top (X w - y) + 2 \lambda w", "proved"),
    (FIT, r"\nabla_w \left(\|X w - y\|^2 + \lambda \|w\|^2\right) = 2 X^\top (X w - y) + \lambda w", "refuted"),
    (FIT, r"\nabla_w^2 \|X w - y\|^2 = 2 X^\top X", "proved"),
    (FIT, r"\nabla_w^2 \|X w - y\|^2 = X^\top X", "refuted"),
    (FIT, r"\nabla_w (X w - y) = X", "proved"),
    (FIT, r"\nabla_w (X w - y) = 2 X", "refuted"),
    (FIT, r"\frac{\partial (X w)}{\partial w^\top} = X", "proved"),
    (FIT, r"\frac{\partial^2 \|X w - y\|^2}{\partial w \partial w^\top} = 2 X^\top X", "proved"),
    (FIT, r"\frac{\partial^2 \|X w - y\|^2}{\partial w \partial w^\top} = -2 X^\top X", "refuted"),
    ((r"x \ne 0",), r"\frac{d}{dx} |x| = \frac{x}{|x|}", "proved"),
    ((r"x \ne 0",), r"\frac{d}{dx} \log |x| = \frac{1}{x}", "proved"),
    # laws are spoken of where they have densities
    (SUM, r"X + Y \sim \mathcal{N}(\mu_1 + \mu_2, \sigma_1^2 + \sigma_2^2)", "proved"),
    (SUM, r"X - Y \sim \mathcal{N}(\mu_1 - \mu_2, \sigma_1^2 + \sigma_2^2)", "proved"),
    (SUM, r"X - Y \sim \mathcal{N}(\mu_1 - \mu_2, \sigma_1^2 - \sigma_2^2)", "refuted"),
    (SUM, r"a X + b \sim \mathcal{N}(a \mu_1 + b, a^2 \sigma_1^2)", "proved"),
    (SUM, r"a X + b \sim \mathcal{N}(a \mu_1 + b, a \sigma_1^2)", "refuted"),
    (SUM[:2], r"X + Y \sim \mathcal{N}(\mu_1 + \mu_2, \sigma_1^2 + \sigma_2^2)", "not proved"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "statement", "status"), CASES)
def test_what_holds_is_proved_and_a_slip_refuted(given, statement, status):
    found = derive.check(statement, given=list(given)).status
    assert found != "proved" if status == "not proved" else found == status


def test_what_makes_the_laws_densities_is_said():
    verdict = derive.check(r"a X + b \sim \mathcal{N}(a \mu_1 + b, a^2 \sigma_1^2)", given=list(SUM))
    assert [str(condition) for condition in verdict.provided] == ["a ≠ 0", "σ₁ ≠ 0"]
