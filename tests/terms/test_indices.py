"""Index facts against brute force: an answer is given only where every assignment in the facts agrees with it."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Symbol

from derive.terms import Equal, Greater, IndexFacts, Less, LessEqual, Unequal, facts_of

m, n, t = SYMBOLS = tuple(Symbol(name) for name in "mnt")
GRID = list(product(range(-3, 4), repeat=3))

expressions = st.builds(
    lambda a, b, c, k: a * m + b * n + c * t + k, *(st.integers(-2, 2),) * 3, st.integers(-3, 3)
)


def value(expression, point):
    poly = expression.as_coefficients_dict()
    places = dict(zip(SYMBOLS, point, strict=True))
    return sum(int(c) * places.get(s, 1) for s, c in poly.items())


@settings(max_examples=200)
@given(known=st.lists(expressions, max_size=3), left=expressions, right=expressions)
def test_what_is_answered_holds_at_every_point_of_the_facts(known, left, right):
    facts = IndexFacts().known(*known)
    allowed = [point for point in GRID if all(value(row, point) >= 0 for row in known)]
    below = [value(left, point) <= value(right, point) for point in allowed]
    same = [value(left, point) == value(right, point) for point in allowed]
    if allowed:
        assert facts.consistent
        assert facts.at_most(left, right) in (None, *set(below)) and len(set(below)) < 3
        assert facts.at_most(left, right) is None or set(below) == {facts.at_most(left, right)}
        assert facts.equal(left, right) is None or set(same) == {facts.equal(left, right)}


def test_what_a_derivation_asks():
    facts = IndexFacts().between(t, 2, n)
    assert facts.equal(t, t) is True
    assert facts.equal(t - 1, t) is False
    assert facts.equal(t - 1, 0) is False
    assert facts.equal(t, 0) is False
    assert facts.equal(t - 1, 1) is None
    assert facts.equal(t, n) is None
    assert facts.at_most(1, n) is True
    assert facts.inside(t - 1, 1, n) is True
    assert facts.inside(t - 1, 2, n) is None
    assert facts.inside(0, 1, n) is False
    assert facts.without(t).at_most(2, t) is None
    assert not facts.known(1 - n).consistent


def test_facts_are_taken_from_relations_between_indices_only():
    facts = facts_of([LessEqual(2, t), Less(t, n), Greater(Symbol("v"), 0), Unequal(t, 3)], [t, n])
    assert facts.at_most(3, n) is True
    assert facts.at_most(1, Symbol("v")) is None
    assert facts_of([Equal(t, 4)], [t]).equal(t, 4) is True


def test_over_the_integers_a_strict_order_leaves_a_gap():
    assert facts_of([Less(m, n), Less(n, t)], SYMBOLS).at_most(m + 2, t) is True
