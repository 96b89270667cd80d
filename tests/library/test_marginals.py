"""Closed forms of Gaussian chains: what holds many steps on is proved by induction, a wrong closed form never."""

from __future__ import annotations

import pytest

import derive
from derive.checking import _read_claim
from derive.deciding.marginals import marginals
from derive.latex import latex
from derive.rulebook import load_rulebook

CHAIN = (r"x_t \in \mathbb{R}^d", r"q(x_{1:T} \mid x_0) = \prod_{t=1}^{T} q(x_t \mid x_{t-1})")
PRESERVING = (
    *CHAIN, r"0 < \beta_t < 1", r"\alpha_t = 1 - \beta_t", r"\bar\alpha_t = \prod_{s=1}^{t} \alpha_s",
    r"q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; \sqrt{\alpha_t}\, x_{t-1}, \beta_t I)",
)  # fmt: skip
NORM = r"\mathbb{E}_{q(x_t \mid x_0)}[\|x_t\|^2] = \bar\alpha_t \|x_0\|^2 + "
SCORE = r"\nabla_{x_t} \log q(x_t \mid x_0) = "
MANY = r"q(x_t \mid x_0) = "
SQUARED = (
    *CHAIN, r"0 < a_t < 1", r"A_t = \prod_{s=1}^{t} a_s",
    r"q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; a_t x_{t-1}, (1 - a_t^2) I)",
)  # fmt: skip
EXPLODING = (
    *CHAIN, r"\sigma_t > 0", r"\sigma_t > \sigma_{t-1}",
    r"q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; x_{t-1}, (\sigma_t^2 - \sigma_{t-1}^2) I)",
)  # fmt: skip


def closed_forms(model):
    """What is derived of a model without being told."""
    claim, compiled = _read_claim("1 = 1", None, model)
    return [latex(theorem.statement.rhs) for _, theorem in marginals(compiled, load_rulebook(), claim.term)]


@pytest.mark.parametrize(
    ("model", "form"),
    [
        (PRESERVING, r"\mathcal{N}(x_k; \sqrt{\bar{\alpha}_k}\,x_0, (1 - \bar{\alpha}_k) I)"),
        (SQUARED, r"\mathcal{N}(x_k; A_k x_0, (1 - A_k^2) I)"),
        (EXPLODING, r"\mathcal{N}(x_k; x_0, (\sigma_k^2 - \sigma_0^2) I)"),
    ],
)
def test_the_closed_form_is_found(model, form):
    """From the names of the model: a product, its root, a sum that telescopes."""
    assert closed_forms(model) == [form]


def test_a_chain_without_a_name_for_its_product_has_none():
    """Nothing is guessed that the model has no word for."""
    assert closed_forms((*CHAIN, "a_t > 0", r"q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; a_t x_{t-1}, I)")) == []


CLAIMS = [  # by hand, with x_t = m_t x_0 + sqrt(V_t) ε: Ho et al. 2020, equations 4, 6, 7; Song et al. 2021
    (PRESERVING, MANY + r"\mathcal{N}(x_t; \sqrt{\bar\alpha_t}\, x_0, (1 - \bar\alpha_t) I)", r"t \ge 1"),
    (PRESERVING, NORM + r"(1 - \bar\alpha_t) d", r"t \ge 1"),
    (PRESERVING, SCORE + r"\frac{\sqrt{\bar\alpha_t}\, x_0 - x_t}{1 - \bar\alpha_t}", r"t \ge 1"),
    (
        PRESERVING,
        r"q(x_{t-1} \mid x_t, x_0) = \mathcal{N}\left(x_{t-1}; \frac{\sqrt{\bar\alpha_{t-1}} \beta_t x_0 + "
        r"\sqrt{\alpha_t} (1 - \bar\alpha_{t-1}) x_t}{1 - \bar\alpha_t}, "
        r"\frac{1 - \bar\alpha_{t-1}}{1 - \bar\alpha_t} \beta_t I\right)",
        r"t \ge 2",
    ),
    (SQUARED, r"q(x_t \mid x_0) = \mathcal{N}(x_t; A_t x_0, (1 - A_t^2) I)", r"t \ge 1"),
    (EXPLODING, r"q(x_t \mid x_0) = \mathcal{N}(x_t; x_0, (\sigma_t^2 - \sigma_0^2) I)", r"t \ge 1"),
]  # fmt: skip
WRONG = [
    (PRESERVING, MANY + r"\mathcal{N}(x_t; \bar\alpha_t x_0, (1 - \bar\alpha_t) I)", r"t \ge 1"),
    (
        PRESERVING,
        r"q(x_t \mid x_0) = \mathcal{N}(x_t; \sqrt{\bar\alpha_t}\, x_0, (1 - \bar\alpha_{t-1}) I)",
        r"t \ge 1",
    ),
    (PRESERVING, NORM + r"1 - \bar\alpha_t", r"t \ge 1"),
    (SQUARED, r"q(x_t \mid x_0) = \mathcal{N}(x_t; A_t x_0, (1 - A_t) I)", r"t \ge 1"),
    (EXPLODING, r"q(x_t \mid x_0) = \mathcal{N}(x_t; x_0, \sigma_t^2 I)", r"t \ge 1"),
]


@pytest.mark.parametrize(("model", "claim", "bound"), CLAIMS)
def test_claims_many_steps_on_are_proved(model, claim, bound):
    """Only the chain's single step is given."""
    assert derive.check(claim, given=(*model, bound)).status == "proved"


@pytest.mark.parametrize(("model", "claim", "bound"), WRONG)
def test_wrong_claims_many_steps_on_are_refuted(model, claim, bound):
    """A claim is no help in its own proof."""
    assert derive.check(claim, given=(*model, bound)).status == "refuted"


PRODUCTS = {
    "A": r"\alpha_t \alpha_{t-1} \alpha_{t-2}", "B": r"\alpha_t \alpha_{t-1}", "C": r"\alpha_1 \alpha_2 \alpha_3",
}  # fmt: skip


@pytest.mark.parametrize(
    ("model", "claim", "status"),
    [
        (PRESERVING, r"q(x_t \mid x_{t-3}) = \mathcal{N}(x_t; \sqrt{A}\, x_{t-3}, (1 - A) I)", "proved"),
        (PRESERVING, r"q(x_t \mid x_{t-3}) = \mathcal{N}(x_t; \sqrt{A}\, x_{t-3}, (1 - B) I)", "refuted"),
        (PRESERVING, r"q(x_3 \mid x_0) = \mathcal{N}(x_3; \sqrt{C}\, x_0, (1 - C) I)", "proved"),
        (EXPLODING, r"q(x_t \mid x_{t-3}) = \mathcal{N}(x_t; x_{t-3}, (\sigma_t^2 - \sigma_{t-3}^2) I)", "proved"),
        (EXPLODING, r"q(x_t \mid x_{t-3}) = \mathcal{N}(x_t; x_{t-3}, (\sigma_t^2 - \sigma_{t-2}^2) I)", "refuted"),
        (SQUARED, r"q(x_t \mid x_{t-2}) = \mathcal{N}(x_t; a_t a_{t-1} x_{t-2}, (1 - a_t^2 a_{t-1}^2) I)", "proved"),
    ],
)  # fmt: skip
def test_a_few_steps_at_once(model, claim, status):
    """The kernel, taken as often as the claim says."""
    for name, product in PRODUCTS.items():
        claim = claim.replace(name, product) if "alpha" in model[3] else claim
    assert derive.check(claim, given=(*model, r"t \ge 3", r"T \ge 3")).status == status
