"""Positions: what stands at a path, what putting something there gives, and what holds there."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Add, Mul, Product, Sum, Symbol, log

from derive.terms import Density, Expectation, Law, Variable, at, context, occurrences, put, vector, walk
from derive.terms.indices import IndexFacts
from derive.terms.positions import NoSuchPosition
from tests.terms import drawn

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

a, b, c, d, s, t = (Symbol(name) for name in "abcdst")
X = Variable("x", vector(d))


@settings(max_examples=100)
@given(term=drawn.terms)
def test_walking_names_every_position_once_and_putting_back_changes_nothing(term):
    seen = list(walk(term))
    assert len({path for path, _ in seen}) == len(seen)
    for path, part in seen:
        assert at(term, path) is part
        assert put(term, path, part) == term


@settings(max_examples=100)
@given(term=drawn.terms, data=st.data())
def test_occurrences_are_the_positions_of_a_part(term, data):
    wanted = data.draw(st.sampled_from([part for _, part in walk(term)]))
    assert list(occurrences(term, wanted)) == [path for path, part in walk(term) if part == wanted]


@pytest.mark.parametrize("node", [Add, Mul])
def test_a_set_of_terms_stands_for_their_sum_or_product(node):
    term = log(node(a, b, c))
    places = tuple(term.args[0].args.index(item) for item in (a, c))
    assert at(term, (0, places)) == node(a, c)
    assert put(term, (0, places), d) == log(node(b, d))


@pytest.mark.parametrize("path", [(5,), (0, 0, 0), ((0, 9),), ((0, 0),), ((),), (0, (0,))])
def test_a_path_that_leads_nowhere_is_refused(path):
    with pytest.raises(NoSuchPosition):
        at(a + b, path)


def test_below_a_sum_its_range_is_known_and_its_index_bound():
    term = 2 * Sum(a * t, (t, 2, s))
    (path,) = occurrences(term, a)
    facts, bound = context(term, path, IndexFacts())
    assert facts.at_most(2, t) is True
    assert bound == (t,)
    (limit,) = occurrences(term, s)
    assert context(term, limit, IndexFacts())[1] == ()


def test_below_a_sum_of_sums_both_ranges_are():
    """SymPy keeps the two as one node with two limits, the inner one first."""
    term = Product(Product(a * s, (s, 1, t)), (t, 2, b))
    (path,) = occurrences(term, a)
    facts, bound = context(term, path, IndexFacts())
    assert bound == (t, s)
    assert facts.at_most(s, b) is True
    upper = next(path for path in occurrences(term, t) if at(term, path[:-1]) == term.limits[0])
    assert context(term, upper, IndexFacts())[1] == (t,)


def test_an_index_of_the_same_name_further_in_hides_what_was_known():
    term = Sum(Expectation(Sum(a, (t, 1, 9)), Density(Law("q"), [X])), (t, 5, 6))
    (path,) = occurrences(term, a)
    facts, bound = context(term, path, IndexFacts())
    assert facts.at_most(5, t) is None
    assert bound == (t, X, t)
