"""What the writer writes, the reader reads back to the same term."""

import pytest
from hypothesis import given, settings

from derive.errors import DeriveError
from derive.latex import latex, read
from derive.terms import sort_of
from tests.latex.formulas import declarations_for, formulas
from tests.latex.test_write_latex import ALL


@settings(max_examples=400)
@given(term=formulas)
def test_a_formula_comes_back(term):
    sort_of(term)
    assert read(latex(term), declarations_for(term)).term == term
