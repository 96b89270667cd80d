"""Marks: the text stays what it is, and the spans hold the parts that were asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Product, Rational, Symbol, exp, log, sqrt

from derive.latex.marks import marked_ascii, marked_latex, marked_unicode
from derive.latex.unicode import ascii_text, unicode_text
from derive.latex.writer import latex
from derive.terms import (
    SCALAR,
    Density,
    Equal,
    Expectation,
    Identity,
    Law,
    Normal,
    Variable,
    occurrences,
    squared_norm,
    vector,
    walk,
)

a, b, c, d, t, v, T = (Symbol(name) for name in "a b c d t v T".split())
R = vector(d)
X, Y, MU = (Variable(name, R) for name in ("x", "y", "\\mu"))
q, p = Law("q"), Law("p")
STYLES = [(marked_latex, latex), (marked_unicode, unicode_text), (marked_ascii, ascii_text)]


def x(index):
    return Variable("x", R, index)


def abar(index):
    return Variable("\\bar\\alpha", SCALAR, index)


TERMS = [
    Equal(
        Density(q, [x(t - 1)], [x(t), x(0)]),
        Normal(x(t - 1), sqrt(abar(t - 1)) / (1 - abar(t)) * x(0) - x(t), (1 - abar(t)) / 2 * Identity(d)),
    ),
    -log(2 * v) * d / 2 - squared_norm(X - MU) / (2 * v),
    Expectation(log(Density(p, [X, Y]) / Density(q, [Y], [X])), Density(q, [Y], [X])),
    Density(q, [x(0)]) * Product(Density(q, [x(t)], [x(t - 1)]), (t, 1, T)),
    exp(-(a + b) / 2) * sqrt(2) * sqrt(v) / 3,
]


def shown(text, spans):
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(("mark", "write"), STYLES)
@given(data=st.data())
def test_marking_never_changes_the_text_and_always_shows_something(mark, write, data):
    term = data.draw(st.sampled_from(TERMS))
    paths = data.draw(st.lists(st.sampled_from([path for path, _ in walk(term)]), max_size=4))
    text, spans = mark(term, paths)
    assert text == write(term)
    assert bool(spans) == bool(paths)
    ends = [place for span in spans for place in span]
    assert ends == sorted(ends)
    assert all(start < end for start, end in spans)


@pytest.mark.parametrize(("mark", "write"), STYLES)
def test_a_marked_part_is_the_text_of_that_part(mark, write):
    """Where a part is written as it would be alone, its span holds exactly that."""
    term = TERMS[3]
    for part in (Density(q, [x(0)]), Density(q, [x(t)], [x(t - 1)])):
        (path,) = occurrences(term, part)
        assert shown(*mark(term, [path])) == [write(part)]


def test_a_minus_belongs_to_its_term():
    term = a - b * c
    (path,) = occurrences(term, -b * c)
    assert shown(*marked_latex(term, [path])) == ["- b c"]


def test_the_whole():
    for mark, write in STYLES:
        assert shown(*mark(TERMS[0], [()])) == [write(TERMS[0])]


def test_several_terms_of_a_sum_are_one_part_where_they_stand_together():
    term = a + b + c
    first, second = term.args.index(a), term.args.index(b)
    assert shown(*marked_latex(term, [((first, second),)])) == ["a + b"]
    first, last = term.args.index(a), term.args.index(c)
    assert shown(*marked_latex(term, [((first, last),)])) == ["a", "c"]


def test_what_went_below_the_line_is_marked_there():
    term = a / b
    (path,) = occurrences(term, 1 / b)
    assert shown(*marked_latex(term, [path])) == ["b"]


def test_a_part_without_text_of_its_own_is_shown_by_what_is_around_it():
    (path,) = occurrences(sqrt(a), Rational(1, 2))
    assert shown(*marked_unicode(sqrt(a) + b, [(*next(occurrences(sqrt(a) + b, sqrt(a))), *path)])) == ["√a"]
