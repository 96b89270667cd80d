"""Text where Unicode cannot be written, and the Markdown that prose is written in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.render.ascii import in_ascii, writes_unicode
from derive.render.prose import Kind, segments, spoken


@given(st.text())
def test_whatever_comes_ascii_goes_out(text: str) -> None:
    assert in_ascii(text).isascii()


NAMES = [
    ("√ᾱ_t − β̃ ≥ 0", "sqrt(alphabar_t) - betatilde >= 0"), ("✓", "ok"), ("é", "e"), ("x²", "x^2"),
    ("xₜ₋₁", "x_{t-1}"), ("x₀", "x_0"), ("后", "?"), ("√ᾱₜ₋₁ x₀", "sqrt(alphabar_{t-1}) x_0"),
    ("√(1 − ᾱ)", "sqrt(1 - alphabar)"),
    ("x̂_θ(xₜ)", "xhat_theta(x_t)"), ("½ ŷ", "1/2 yhat"), ("Schölkopf, São", "Scholkopf, Sao"), ("x ∼ p", "x ~ p"),
]


@pytest.mark.parametrize(("text", "ascii"), NAMES)
def test_signs_have_names(text: str, ascii: str) -> None:
    assert in_ascii(text) == ascii


@pytest.mark.parametrize(("encoding", "able"), [("utf-8", True), ("ascii", False), ("cp1252", False), (None, False)])
def test_a_stream_is_given_unicode_only_if_it_can_write_it(encoding: str | None, able: bool) -> None:
    assert writes_unicode(encoding) is able


def test_prose_is_taken_apart() -> None:
    assert list(segments("a $`x_t`$ `c` **b** *e* $y$ costs 5$ or 6$")) == [
        (Kind.TEXT, "a "), (Kind.MATH, "x_t"), (Kind.TEXT, " "), (Kind.CODE, "c"), (Kind.TEXT, " "),
        (Kind.STRONG, "b"), (Kind.TEXT, " "), (Kind.EMPHASIS, "e"), (Kind.TEXT, " "), (Kind.MATH, "y"),
        (Kind.TEXT, " costs 5$ or 6$"),
    ]


def test_prose_is_spoken_without_its_marks() -> None:
    assert spoken("see [bayes](bayes.md) for $`x`$, a*b*c and snake_case_name", str.upper) == (
        "see bayes for X, a*b*c and snake_case_name"
    )


@given(st.text("ab$`*_() ", max_size=40))
def test_nothing_is_lost_but_marks(markdown: str) -> None:
    said = spoken(markdown, lambda latex: latex)
    assert [c for c in said if c in "ab()"] == [c for c in markdown if c in "ab()"]
