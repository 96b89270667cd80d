"""What was probably meant: the nearest true statement to a wrong one, and only a true one."""

from __future__ import annotations

import pickle

import pytest

import derive
from derive.latex import latex

CHAIN = (
    r"x_t \in \mathbb{R}^d",
    r"0 < \beta_t < 1",
    r"\alpha_t = 1 - \beta_t",
    r"\bar\alpha_t = \prod_{s=1}^{t} \alpha_s",
    r"t \ge 2",
)
PAIRS = [  # what was written, what was meant (as it reads when written out), what is given
    (
        r"D_{KL}(\mathcal{N}(a, \sigma^2) \,\|\, \mathcal{N}(0, 1)) = a^2 + \sigma^2 - 1 - \log \sigma^2",
        r"D_{KL}(\mathcal{N}(a, \sigma^2) \,\|\, \mathcal{N}(0, 1)) = \frac{1}{2}(a^2 + \sigma^2 - 1 - \log \sigma^2)",
        (r"\sigma > 0",),
    ),
    (
        r"\frac{1 - \bar\alpha_t}{\beta_t} - \frac{\alpha_t (1 - \bar\alpha_{t-1})}{\beta_t} = \alpha_t",
        r"\frac{1 - \bar\alpha_t}{\beta_t} - \frac{\alpha_t (1 - \bar\alpha_{t-1})}{\beta_t} = 1",
        CHAIN,
    ),
    (
        r"\frac{\beta_t}{1 - \bar\alpha_t} \sqrt{\alpha_{t-1}}\, x_0 "
        r"= \frac{1 - \alpha_t}{1 - \bar\alpha_t} \sqrt{\bar\alpha_{t-1}}\, x_0",
        r"\frac{\beta_t}{1 - \bar\alpha_t} \sqrt{\bar\alpha_{t-1}}\, x_0 "
        r"= \frac{1 - \alpha_t}{1 - \bar\alpha_t} \sqrt{\bar\alpha_{t-1}}\, x_0",
        (*CHAIN, r"t \ge 3"),
    ),
    (
        r"\log \mathbb{E}_{p(x)}[f(x)] \le \mathbb{E}_{p(x)}[\log f(x)]",
        r"\log \mathbb{E}_{p(x)}[f(x)] \ge \mathbb{E}_{p(x)}[\log f(x)]",
        (r"f(x) > 0",),
    ),
    (r"(a - b)^2 = a^2 + 2 a b + b^2", r"(a + b)^2 = a^2 + 2 a b + b^2", ()),
    (
        r"P(A \mid B) = \frac{P(A \mid B) P(A)}{P(B)}",
        r"P(A \mid B) = \frac{P(B \mid A) P(A)}{P(B)}",
        (r"P(A) > 0", r"P(B) > 0"),
    ),
]  # fmt: skip


def spelled(text, given):
    """The statement as the reader and the writer have it, beside its givens."""
    return latex(derive.check(text, given=given).statement)


@pytest.mark.parametrize(("wrong", "meant", "given"), PAIRS)
def test_what_was_meant_is_suggested(wrong, meant, given):
    """One slip away from the wrong statement, and proved."""
    verdict = derive.check(wrong, given=given)
    assert verdict.status == "refuted"
    assert spelled(meant, given) in [latex(found) for found in verdict.suggestions]
    assert verdict.suggestion == verdict.suggestions[0]


@pytest.mark.parametrize(("wrong", "meant", "given"), PAIRS)
def test_every_suggestion_is_proved_when_it_is_asked_for_itself(wrong, meant, given):
    """A suggestion is a claim like any other; and it is not what was written."""
    for found in derive.check(wrong, given=given).suggestions:
        assert latex(found) != spelled(wrong, given)
        assert derive.check(latex(found), given=given).status == "proved"


def test_what_is_true_has_no_suggestion():
    """There is nothing to mend."""
    verdict = derive.check(r"(a + b)^2 = a^2 + 2 a b + b^2")
    assert verdict.suggestions == () and verdict.suggestion is None


def test_a_chain_is_mended_in_its_wrong_link():
    """The link that fails is the one for which something is suggested."""
    verdict = derive.check(r"(a + b)(a - b) = a^2 - b^2 = (a + b)^2 - 2 a b")
    assert verdict.status == "refuted" and verdict.links[0].status == "proved"
    assert verdict.links[0].suggestions == () and verdict.suggestions == verdict.links[1].suggestions


def test_a_verdict_carries_its_suggestions_to_another_process():
    """What is pickled is the statements, found before."""
    verdict = derive.check(r"(a - b)^2 = a^2 + 2 a b + b^2")
    assert pickle.loads(pickle.dumps(verdict)).suggestions == verdict.suggestions


def test_nothing_is_suggested_where_no_neighbour_is_true():
    """Far from any truth, nothing is made up."""
    assert derive.check(r"a^3 + b = 7 c^2 - d").suggestions == ()


def test_variables_that_have_some_in_common_are_not_supposed_independent() -> None:
    from derive.deciding.suppositions import _suppositions

    statement = derive.read(r"D_{KL}(q(x_{1:T} \mid x_0) \,\|\, p(x_{1:T} \mid x_0)) = \log p(x_{0:T})")
    supposed = [(set(entry.left), set(entry.right)) for entry in _suppositions(statement)]
    assert supposed
    for left, right in supposed:
        names = {str(item) for item in left | right}
        assert "x_{0:T}" not in names or len(names) == 1, names


def test_what_a_model_says_is_what_was_meant() -> None:
    wrong = r"q(x_t \mid x_0) = \mathcal{N}(x_t; \sqrt{\bar\alpha_t} x_0, \sqrt{1 - \bar\alpha_t} I)"
    verdict = derive.check(wrong, model="ddpm")
    assert verdict.status == "refuted"
    assert str(verdict.suggestion) == "q(xₜ | x₀) = 𝒩(xₜ; √ᾱₜ x₀, (1 − ᾱₜ) I)"
