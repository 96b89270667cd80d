"""A formula is broken at blanks only, loses nothing, and fits where it can."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from derive.render.lines import break_formula, fill, width_of

FORMULA = "𝒩(x_{t−1}; √ᾱ_{t−1} β_t / (1 − ᾱ_t) x_0 + √α_t (1 − ᾱ_{t−1}) / (1 − ᾱ_t) x_t, β_t / (1 − ᾱ_t) I)"


def test_a_formula_that_fits_stays_whole() -> None:
    assert break_formula("a + b", 20) == [(0, 5)]


def test_it_breaks_before_a_sign_outside_brackets_rather_than_inside() -> None:
    text = "q(x_t | x_{t−1}, x_0) + q(x_{t−1} | x_0, y, z)"
    assert [text[a:b] for a, b in break_formula(text, 40)] == ["q(x_t | x_{t−1}, x_0)", "+ q(x_{t−1} | x_0, y, z)"]


def test_a_list_breaks_between_its_entries_and_no_line_ends_in_a_sign() -> None:
    listed = "p(x | y, z) > 0, p(y | z) > 0, p(z) > 0: given"
    rows = [listed[a:b] for a, b in break_formula(listed, 30)]
    assert all(row.endswith((",", "given")) for row in rows)
    summed = "log q(x_T | x_0) + ∑ log q(x_t)"
    assert [summed[a:b] for a, b in break_formula(summed, 22)] == ["log q(x_T | x_0)", "+ ∑ log q(x_t)"]


@given(st.integers(12, 120))
def test_lines_are_no_wider_than_asked(width: int) -> None:
    rows = [FORMULA[a:b] for a, b in break_formula(FORMULA, width)]
    for number, row in enumerate(rows):
        assert width_of(row) <= (width if number == 0 else width - 2)
    assert " ".join(rows) == FORMULA


@given(st.text("ab (+−)", max_size=80), st.integers(4, 60))
def test_nothing_is_lost_but_the_blanks_broken_at(text: str, width: int) -> None:
    rows = break_formula(text, width)
    assert rows[0][0] == 0 and rows[-1][1] == len(text)
    for (_, end), (start, _) in pairwise(rows):
        assert text[end:start] == " "


def test_combining_marks_take_no_room_and_wide_signs_two() -> None:
    assert width_of("α\u0304_t") == 3
    assert width_of("后验") == 4


def test_prose_is_filled_at_blanks_and_between_chinese_characters() -> None:
    assert fill("one two three", 7) == ["one two", "three"]
    text = "已知 B 时 C 与 A 无关，就可以从条件中去掉或添上 C。"
    for width in (8, 12, 20, 60):
        rows = fill(text, width)
        assert all(width_of(row) <= width + 2 for row in rows), "a mark may hang"
        assert "".join(rows).replace(" ", "") == text.replace(" ", "")
        assert not any(row[0] in "，。" for row in rows)
    assert fill("", 10) == [""] and fill("unbreakable", 4) == ["unbreakable"]
