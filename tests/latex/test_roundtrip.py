"""What the writer writes, the reader reads back to the same term."""

import pytest
from hypothesis import given, settings
from sympy import Symbol

from derive.latex import latex, read
from derive.terms import Convex, Disjoint, Equals, Exists, Identity, Law, LebesgueMeasure, Probability
from tests.latex.formulas import declarations_for, formulas
from tests.latex.test_write_latex import ALL

WORDS = (Exists, Convex, LebesgueMeasure, Disjoint)
"""Conditions in words: they are written for people; rule files write them with formulas between the words."""

BY_CONTEXT = (Law("p", Symbol("\\theta")), Identity(Symbol("n")), Probability(Equals(Symbol("X"), Symbol("a"))))
"""A law alone is no formula; I_n, and P(X = a) without another event, are read as a name and a density at a point."""

READ = [term for term, text in ALL if not isinstance(term, WORDS) and term not in BY_CONTEXT and "under" not in text]


@settings(max_examples=250)
@given(term=formulas)
def test_a_formula_comes_back(term):
    assert read(latex(term), declarations_for(term)).term == term


@pytest.mark.parametrize("term", READ, ids=map(latex, READ))
def test_what_papers_print_comes_back(term):
    assert read(latex(term), declarations_for(term)).term == term
