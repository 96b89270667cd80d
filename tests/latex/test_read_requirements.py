r"""What a formula needs to be defined is collected before SymPy cancels it: \frac{x}{x} is 1, and needs x ≠ 0."""

from sympy import Symbol, Tuple

from derive.latex import Declarations, read
from derive.terms import (
    Density,
    Determinant,
    Greater,
    GreaterEqual,
    Law,
    Unequal,
    Variable,
    matrix,
)

a, t, x, y, T = map(Symbol, "atxyT")


def needs(text, declarations=None):
    return [(item.kind, item.condition) for item in read(text, declarations).requirements]


def test_denominators():
    assert needs(r"\frac{x}{x}") == [("nonzero", Unequal(x, 0))]
    assert needs(r"\frac{x + y}{x} x - y") == [("nonzero", Unequal(x, 0))]
    assert needs("x^{-1} x") == [("nonzero", Unequal(x, 0))]
    assert needs(r"\frac{x}{2}") == []


def test_roots_and_logarithms():
    assert needs(r"\sqrt{x}^2") == [("nonnegative", GreaterEqual(x, 0))]
    assert needs(r"\sqrt[3]{x}") == []
    assert needs(r"\log x - \log x") == [("positive", Greater(x, 0))] * 2
    assert needs(r"\exp(\log 2)") == []
    assert needs(r"x^{1/2}") == [("nonnegative", GreaterEqual(x, 0))]


def test_what_is_multiplied_by_zero_still_has_to_exist():
    (requirement,) = read(r"0 \cdot \mathbb{E}_{q(x)}[x]").requirements
    assert requirement.kind == "exists"
    assert read(r"0 \cdot \mathbb{E}_{q(x)}[x]").term == 0
    kinds = [kind for kind, _ in needs(r"\int f(x) \, dx + \nabla_x f(x)")]
    assert kinds == ["exists", "exists"]


def test_the_binders_around_a_requirement_are_told():
    (first,) = [item for item in read(r"\sum_{t=1}^{T} \frac{1}{t - a}").requirements if item.kind == "nonzero"]
    assert first.condition == Unequal(t - a, 0)
    assert first.context == (Tuple(t, 1, T),)
    found = [item for item in read(r"\mathbb{E}_{q(x)}[\log p(x)]").requirements if item.kind == "positive"]
    assert found[0].condition == Greater(Density(Law("p"), [x]), 0)
    assert found[0].context == (Tuple(x),)


def test_the_context_of_an_expectation_whose_law_is_found_out():
    found = [item for item in read(r"\mathbb{E}_q[\log q(x)]").requirements if item.kind == "positive"]
    assert found[0].context == (Tuple(x),)


def test_an_inverse_needs_a_determinant():
    A = Variable("A", matrix(Symbol("d")))
    known = Declarations().declare("A", matrix(Symbol("d")))
    assert needs("A^{-1} A", known) == [("nonzero", Unequal(Determinant(A), 0))]


def test_where_a_requirement_comes_from():
    reading = read(r"a + \frac{1}{x - y}")
    (requirement,) = reading.requirements
    assert reading.text[requirement.start : requirement.end] == "x - y"
