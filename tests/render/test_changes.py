"""What lights up in a line is the smallest factor that is new."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.render.aligning import aligned
from derive.render.changes import changed_parts


@pytest.mark.parametrize(
    ("before", "after", "lit"),
    [
        ("q(x_t | x_{t−1}, x_0) q(x_0)", "q(x_t | x_{t−1}) q(x_0)", ["q(x_t | x_{t−1})"]),
        ("q(x_t | x_{t−1}) / q(x_t)", "𝒩(x_t; μ, β_t I) / q(x_t)", ["𝒩(x_t; μ, β_t I)"]),
        ("𝒩(x_t; √α_t x_0, β_t I) + y", "𝒩(x_t; √α_t x_0, (1 − α_t) I) + y", ["(1 − α_t)"]),
        ("a + b + c", "a + b + c", []),
        ("E[f − log p(z)] + k", "E[f − log p(y) − log p(z)] + k", ["− log p(y)"]),
        ("a + b", "a + c + b", ["+ c"]),
        ("(a − c) d", "(a − b − c) d", ["− b"]),
        ("E[log p(x) − log q(x)]", "E[log p(x)] − E[log q(x)]", []),
        ("x", "y", []),
    ],
)
def test_the_smallest_new_part_is_lit(before: str, after: str, lit: list[str]) -> None:
    found = [after[start:end] for start, end in changed_parts(before, after)]
    if lit or before == after:
        assert found == lit
    else:
        assert found == [] or sum(map(len, found)) < len(after)


@given(st.text("abx_t(){}[]|+− /", max_size=60), st.text("abx_t(){}[]|+− /", max_size=60))
def test_parts_are_ordered_inside_the_text_and_never_start_or_end_in_a_blank(before: str, after: str) -> None:
    at = 0
    for start, end in changed_parts(before, after):
        assert at <= start < end <= len(after)
        assert after[start] != " " and after[end - 1] != " "
        at = end


@given(st.text("abx_t(){}+ ", max_size=60))
def test_nothing_changed_nothing_lit(text: str) -> None:
    assert changed_parts(text, text) == ()


def test_deep_brackets_are_compared_without_exhausting_the_stack() -> None:
    deep = "(" * 700 + "x" + ")" * 700
    assert changed_parts(deep, deep.replace("x", "y")) == ()


@given(st.text("ab+-", max_size=12), st.text("ab+-", max_size=12))
def test_an_alignment_covers_both_rows_in_order_and_what_it_calls_equal_is(old: str, new: str) -> None:
    at, to = 0, 0
    for tag, a, b, start, end in aligned(old, new, lambda place: new[place] in "+-"):
        assert (a, start) == (at, to) and (b, end) > (a, start)
        assert tag != "equal" or old[a:b] == new[start:end]
        assert (tag != "insert" or a == b) and (tag != "delete" or start == end)
        at, to = b, end
    assert (at, to) == (len(old), len(new))
