"""What a model states of laws that the rest of it determines is a claim: settled first, and never assumed."""

from __future__ import annotations

import pytest

import derive
from derive.claims import settled
from derive.errors import DeriveError, KernelRefusal, ModelError
from derive.latex import unicode_text
from derive.library import load_model, model_of
from derive.render.derivations import view_of
from derive.render.markdown import markdown
from derive.render.tex import document

CHAIN = (
    r"x_t \in \mathbb{R}^d", r"0 < \beta_t < 1", r"\alpha_t = 1 - \beta_t", r"\bar\alpha_t = \prod_{s=1}^{t} \alpha_s",
    r"q(x_{1:T} \mid x_0) = \prod_{t=1}^{T} q(x_t \mid x_{t-1})",
)  # fmt: skip
KERNEL = r"q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; \sqrt{\alpha_t}\, x_{t-1}, \beta_t I)"
ANY = r"q(x_t \mid x_0) = \mathcal{N}(x_t; \sqrt{\bar\alpha_t}\, x_0, (1 - \bar\alpha_t) I)"
LAST = r"q(x_T \mid x_0) = \mathcal{N}(x_T; \sqrt{\bar\alpha_T}\, x_0, (1 - \bar\alpha_T) I)"
FIRST = r"q(x_1 \mid x_0) = \mathcal{N}(x_1; \sqrt{\bar\alpha_1}\, x_0, (1 - \bar\alpha_1) I)"
WRONG = r"q(x_t \mid x_0) = \mathcal{N}(x_t; \bar\alpha_t\, x_0, (1 - \bar\alpha_t) I)"
BACKWARDS = (
    r"q(x_{1:T} \mid x_0) = q(x_T \mid x_0) \prod_{t=2}^{T} q(x_{t-1} \mid x_t, x_0)",
    r"q(x_{t-1} \mid x_t, x_0) = \mathcal{N}(x_{t-1}; x_0, \beta_t I)",
)
REVERSE = r"p_\theta(x_{0:T}) = p(x_T) \prod_{t=1}^{T} p_\theta(x_{t-1} \mid x_t)"


def stated(*lines):
    """The laws and the claims of a model, by what they are about."""
    model = model_of(lines)
    return [unicode_text(law.lhs) for law in model.laws], [unicode_text(claim.lhs) for claim in model.claims]


@pytest.mark.parametrize("order", [(KERNEL, ANY, LAST), (LAST, ANY, KERNEL), (ANY, KERNEL, LAST), (LAST, KERNEL, ANY)])
def test_beside_a_kernel_both_are_claims(order):
    """q(x_T | x_0) and q(x_t | x_0), in whatever order they come."""
    laws, claims = stated(*CHAIN, *order)
    assert laws == ["q(xₜ | xₜ₋₁)"] and set(claims) == {"q(xₜ | x₀)", "q(x_T | x₀)"}


@pytest.mark.parametrize("order", [(LAST, ANY), (ANY, LAST)])
def test_what_is_a_factor_at_one_index_is_a_claim_at_every(order):
    """Of a run that is built from its end, q(x_T | x_0) is given and q(x_t | x_0) follows."""
    assert stated(*CHAIN[:4], *BACKWARDS, *order) == (["q(xₜ₋₁ | xₜ, x₀)", "q(x_T | x₀)"], ["q(xₜ | x₀)"])


def test_the_prior_of_the_last_point_is_not_that_of_every_point():
    last, any_ = (rf"p_\theta(x_{i}) = \mathcal{{N}}(x_{i}; 0, I)" for i in "Tt")
    for order in ((last, any_), (any_, last)):
        assert stated(CHAIN[0], REVERSE, *order) == (["p_θ(x_T)"], ["p_θ(xₜ)"])


@pytest.mark.parametrize("order", [(KERNEL, FIRST), (FIRST, KERNEL)])
def test_a_kernel_said_again_at_one_index_is_a_claim(order):
    assert stated(*CHAIN, *order) == (["q(xₜ | xₜ₋₁)"], ["q(x₁ | x₀)"])


def test_the_same_kernel_with_another_formula_is_an_error():
    with pytest.raises(ModelError, match="two different densities"):
        model_of((*CHAIN, KERNEL, r"q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; x_{t-1}, \beta_t I)"))


def test_the_librarys_models_claim_what_is_proved():
    for name in ("ddpm", "variance-exploding"):
        assert [entry.status for entry in settled(load_model(name))] == ["proved"], name


def test_a_claim_is_proved_or_refuted():
    assert [entry.status for entry in settled(model_of((*CHAIN, KERNEL, ANY, LAST)))] == ["proved", "proved"]
    (found,) = settled(model_of((*CHAIN, KERNEL, WRONG)))
    assert found.status == "refuted" and found.refutation is not None


def test_nothing_is_derived_of_a_model_with_a_wrong_claim(tmp_path):
    """Not even what does not use it."""
    path = tmp_path / "wrong.md"
    path.write_text("# Wrong\n\n```model\n" + "\n".join((*CHAIN, KERNEL, WRONG, REVERSE)) + "\n```\n")
    for name in ("ddpm.loss", "ddpm.posterior", "ddpm.marginal"):
        with pytest.raises(KernelRefusal, match=r"the model states q\(xₜ \| x₀\)"):
            derive.load(name, model=str(path))


@pytest.mark.parametrize("factor", [r"\bar\alpha_t", r"\sqrt{\bar\alpha_t}"])
def test_check_says_nothing_of_a_world_that_is_not_there(factor):
    """What the wrong claim implies is not refuted, and what contradicts it not proved."""
    claim = rf"\mathbb{{E}}_{{q(x_t \mid x_0)}}[x_t] = {factor} x_0"
    found = derive.check(claim, given=(*CHAIN, KERNEL, WRONG, r"t \ge 1"))
    assert found.status == "unknown" and "consistent" in found.tried


def steps_at_once(count, spread="1 - {factor}"):
    """q(x_{t+count} | x_t) with a product of so many factors."""
    factor = " ".join(rf"\alpha_{{t+{k}}}" for k in range(count, 0, -1))
    variance = spread.replace("{factor}", factor)
    point = rf"x_{{t+{count}}}"
    return rf"q({point} \mid x_t) = \mathcal{{N}}({point}; \sqrt{{{factor}}}\, x_t, ({variance}) I)"


def test_several_steps_at_once():
    """Three and five steps of the kernel, one after the other; a factor too few is refuted."""
    for count in (3, 5):
        assert [entry.status for entry in settled(model_of((*CHAIN, KERNEL, steps_at_once(count))))] == ["proved"]
    wrong = steps_at_once(3, r"1 - \alpha_{t+3} \alpha_{t+2}")
    assert [entry.status for entry in settled(model_of((*CHAIN, KERNEL, wrong)))] == ["refuted"]


def test_a_claim_that_is_not_settled_is_told_and_rests_nothing_on_it(tmp_path):
    path = tmp_path / "far.md"
    path.write_text("# Far\n\n```model\n" + "\n".join((*CHAIN, KERNEL, ANY, steps_at_once(9))) + "\n```\n")
    found = derive.load("ddpm.marginal", model=str(path))
    assert [unicode_text(claim.lhs) for claim in found.unsettled] == ["q(xₜ₊₉ | xₜ)"]
    assert found.obligations == () and not any("₊₉" in name for _, name in found.rests_on)
    for text in (markdown(view_of(found)), document(view_of(found))):
        assert "neither proved nor refuted" in text
    assert derive.load("ddpm.marginal").unsettled == ()


@pytest.mark.parametrize("head", ["", "model ddpm\n"])
def test_a_given_of_two_statements_is_an_error_with_its_place(tmp_path, head):
    path = tmp_path / "two.md"
    path.write_text(f"# Two\n\n## one\n\n```derive\n{head}given v > 0, w > 0\nstart v\n= v\n```\n")
    with pytest.raises(DeriveError) as caught:
        derive.load(path)
    assert caught.value.line == path.read_text().split("\n").index("given v > 0, w > 0") + 1
