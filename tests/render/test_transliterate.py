"""An author's LaTeX as Unicode: recognisable, never wrong, and LaTeX where it is not known."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.render.transliterate import in_unicode


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"q(x_{t-1} \mid x_t, x_0)", "q(xₜ₋₁ | xₜ, x₀)"),
        (r"\mathcal{N}(x_t; \sqrt{\alpha_t}\, x_{t-1}, \beta_t I)", "𝒩(xₜ; √αₜ xₜ₋₁, βₜ I)"),
        (r"\bar\alpha_t = \prod_{s=1}^{t} \alpha_s", "ᾱₜ = ∏ₛ₌₁ᵗ αₛ"),
        (r"\frac{1}{\sqrt{2\pi}\,\sigma} \exp\left(-\frac{(x-\mu)^2}{2v}\right)", "1 / (√(2π) σ) exp(−(x−μ)² / 2v)"),
        (r"\frac{a+b}{c}", "(a+b) / c"),
        (r"\log \frac{p(x)}{q(x)}", "log(p(x) / q(x))"),
        (r"\log\frac ab", "log(a/b)"),
        (r"\mathbb{E}_{q}[\log x]", "𝔼_q[log x]"),
        (r"A \perp B \mid C", "A ⊥ B | C"),
        (r"x_t \in \mathbb{R}^d", "xₜ ∈ ℝᵈ"),
        (r"\unknown{x}_t", r"\unknown{x}_t"),
        (r"x_{", "x_{"),
        (r"a } b", "a } b"),
    ],
)
def test_it_reads_like_the_formula(latex: str, text: str) -> None:
    assert in_unicode(latex)== text


PIECES = [*"abx12{}^_()+- ", r"\frac", r"\sqrt", r"\bar", r"\alpha", r"\log", r"\left", r"\mid"]


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_no_letter_or_digit_is_lost(pieces: list[str]) -> None:
    latex = "".join(pieces)
    said = normalize("NFKD", in_unicode(latex))
    for sign in "12":
        assert said.count(sign) == latex.count(sign)


@pytest.mark.parametrize("latex", ["{" * 5000, "{" * 900 + "}" * 900, r"\sqrt" * 900, "^" * 900, "x" * 100_000])
def test_what_is_too_deep_or_too_long_stays_latex(latex: str) -> None:
    assert in_unicode(latex) == latex
