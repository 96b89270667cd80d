r"""Damaged notation: with one possible reading it is read so and noted, with two it is refused and both are shown."""

import pytest

from derive.errors import DeriveError, SortError
from derive.latex import read, read_display, read_model_lines

ONE = [
    (r"x\_t = 1", "x_t = 1"),
    (r"\sqrt{\bar\alpha}_t", r"\sqrt{\bar\alpha_t}"),
    (r"\sqrt(1 - \beta_t)", r"\sqrt{1 - \beta_t}"),
    ("√(1 − β_t) x₀²", r"\sqrt{1 - \beta_t} x_0^2"),
    (r"log p(x) + sin y", r"\log p(x) + \sin y"),
    ("a − b – c — d", "a - b - c - d"),
    ("μ′ + ϵ'", r"\mu' + \epsilon'"),
    ("∇_x log p(x)", r"\nabla_x \log p(x)"),
    (r"\bar{\alpha_t} + \bar\alpha_t", r"2 \bar\alpha_t"),
    ("a + - b", "a - b"),
    ("a -- b", "a + b"),
    ("(a + b", "a + b"),
    ("a + b)", "a + b"),
    (r"\sqrt{a", r"\sqrt{a}"),
    (r"\mathbb{E}_{q(x)}[x + (y]", r"\mathbb{E}_{q(x)}[x + y]"),
    (r"\mathbf{x}_t = \mathbf\alpha_t \mathbf{x}_0", r"\mathbf{x}_t = \alpha_t \mathbf{x}_0"),
    (r"\mathbf{m} = \frac{1}{a} \left( (\mathbf{x} - b \mathbf{e}(\mathbf{x}, t) \right)",
     r"\mathbf{m} = \frac{1}{a} (\mathbf{x} - b \mathbf{e}(\mathbf{x}, t))"),
    (r"p(x \mid z) \sim \mathcal{N}(\mu, v)", r"p(x \mid z) = \mathcal{N}(x; \mu, v)"),
    (r"q(x \mid z) = \mathcal{N}(\mu, v)", r"q(x \mid z) = \mathcal{N}(x; \mu, v)"),
    (r"\sum x_i", r"\sum_{i=1}^{n} x_i"),
    (r"\frac{\sum_i x_i}{N}", r"\frac{\sum_{i=1}^{N} x_i}{N}"),
]  # fmt: skip
SILENT = {r"q(x \mid z) = \mathcal{N}(\mu, v)"}
"""What is short and not damaged."""


@pytest.mark.parametrize(("damaged", "meant"), ONE, ids=[row[0] for row in ONE])
def test_what_can_only_be_meant_in_one_way_is_read_and_noted(damaged, meant):
    (reading,) = read_display(damaged)
    assert reading.term == read(meant).term
    assert bool(reading.notes) != (damaged in SILENT)


TWO = [
    (r"\left( x - \frac{a}{b} c", ["x - ", r"c \left(x - "]),
    (r"\frac{1}{\sqrt{a} \left( x - b \right)", [r"\frac{x - b}{\sqrt{a}}", r"\frac{1}{\sqrt{a} (x - b)}"]),
    (r"\sqrt{1 - a x", [r"\sqrt{1 - a x}", r"x \sqrt{1 - a}"]),
]


@pytest.mark.parametrize(("damaged", "readings"), TWO, ids=[row[0] for row in TWO])
def test_what_can_be_meant_in_two_ways_is_refused_and_both_are_shown(damaged, readings):
    with pytest.raises(DeriveError) as caught:
        read_display(damaged)
    shown = caught.value.expected.split(" or ")
    assert len(shown) == 2
    assert "two ways" in caught.value.hint


def test_a_damaged_statement_among_givens_is_mended_too():
    lines = [(r"\mathbf{x} \in \mathbb{R}^d", 1), (r"\mathbf{y} = (\mathbf{x} + \mathbf{z}", 2)]
    _, readings = read_model_lines(lines, brackets=True)
    assert readings[1].term == read_model_lines([lines[0], (r"\mathbf{y} = \mathbf{x} + \mathbf{z}", 2)])[1][1].term
    assert any("is put before" in note for note in readings[1].notes)


@pytest.mark.parametrize("text", ["((a + b", "f(x]", "{{{a}", r"\frac{a", r"\log(q(x", "a)) + b"])
def test_two_brackets_too_few_or_no_repair_that_fits_is_an_error(text):
    with pytest.raises(DeriveError):
        read_display(text)


@pytest.mark.parametrize("text", ["(a + b", r"\frac{a}{b", "a } b", r"\left( x"])
def test_a_formula_that_is_asked_for_by_itself_has_its_brackets(text):
    """In an article a bracket that is missing is a slip of print; on its own it may be half a formula."""
    with pytest.raises(DeriveError):
        read(text)
    with pytest.raises(DeriveError):
        read_model_lines([(text, 1)])


def test_a_vector_that_is_declared_is_not_taken_for_a_number():
    with pytest.raises(SortError):
        read_model_lines([(r"x \in \mathbb{R}^d", 1), ("y = x + 1", 2)])
