"""Substitution captures nothing: t[s/x] in a world is t in the world where x is what s is."""

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import Integer, Product, Sum, Symbol, oo

from derive.terms import (
    KL,
    Density,
    Expectation,
    Gradient,
    IndexFacts,
    Integral,
    Law,
    Run,
    Variable,
    alpha_equal,
    canonical,
    free_variables,
    substitute,
    vector,
    walk,
)
from derive.terms.binding import AmbiguousIndex
from tests.terms import drawn
from tests.terms.drawn import A, S, T
from tests.terms.meaning import World

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

GENERIC = {("t", ()): Fraction(10), ("s", ()): Fraction(20)}
FACTS = IndexFacts().known(T - 6, S - T - 6)
"""Facts that tell the indices of random terms apart: 0 … 3 < t - 1 < t < s."""

shifts = st.sampled_from((T - 1, T + 3, S + 5, Integer(7), Integer(-4)))


def tried(term, mapping, facts):
    """The term with the mapping applied; such random cases are left out where the answer is that it is open."""
    try:
        return substitute(term, mapping, facts)
    except AmbiguousIndex:
        assume(False)


@st.composite
def replaced(draw):
    """A term, a variable or symbol that stands somewhere in it, and a value for it that mentions names of the term."""
    term = draw(drawn.terms)
    names = sorted({node for _, node in walk(term) if isinstance(node, (Symbol, Variable))} - {S, T}, key=str)
    assume(names)
    value = draw(st.one_of(st.sampled_from(names), drawn.terms))
    return term, draw(st.sampled_from(names)), value


@settings(max_examples=250)
@given(case=replaced(), seed=st.integers(0, 9))
def test_a_name_is_replaced_where_it_is_free(case, seed):
    term, key, value = case
    here = World(seed, GENERIC)
    new = tried(term, {key: value}, FACTS)
    assert here.value(new) == here.where({here.names(key)[0]: here.value(value)}).value(term)


@settings(max_examples=120)
@given(case=replaced(), other=drawn.terms, seed=st.integers(0, 9))
def test_names_are_replaced_all_at_once(case, other, seed):
    term, key, value = case
    here = World(seed, GENERIC)
    assume(key != A)
    new = tried(term, {key: value, A: other}, FACTS)
    values = {here.names(key)[0]: here.value(value), ("a", ()): here.value(other)}
    assert here.value(new) == here.where(values).value(term)


@settings(max_examples=120)
@given(term=drawn.terms, value=shifts, seed=st.integers(0, 9))
def test_an_index_is_replaced_in_names_too(term, value, seed):
    here = World(seed, GENERIC)
    new = tried(term, {T: value}, IndexFacts())
    assert here.value(new) == here.where({("t", ()): here.value(value)}).value(term)


@settings(max_examples=120)
@given(term=drawn.terms, seed=st.integers(0, 9))
def test_only_free_names_decide_the_value(term, seed):
    """What is not among the free variables may have any value."""
    here = World(seed, GENERIC)
    free = {name for item in free_variables(term, FACTS) for name in names_of(here, item)}
    standing = {name for _, node in walk(term) if isinstance(node, (Symbol, Variable)) for name in here.names(node)}
    summed = {(name[0], (Fraction(index),)) for name in standing if name[1] for index in range(4)}
    others = (standing | summed) - free - set(GENERIC)
    for name in sorted(others):
        assert here.value(term) == here.where({name: here.at(name) + 17}).value(term)


def names_of(here, item):
    """The names of a free variable; those of an unbounded run as far as random terms reach."""
    if isinstance(item, Run) and {item.lower, item.upper} & {oo, -oo}:
        return [(item.name, (Fraction(index),)) for index in range(-5, 30)]
    return here.names(item)


# ---- alpha equality -----------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(term=drawn.terms, seed=st.integers(0, 9))
def test_the_canonical_form_means_the_same(term, seed):
    here = World(seed, GENERIC)
    assert here.value(canonical(term)) == here.value(term)


@settings(max_examples=60)
@given(pair=st.tuples(drawn.terms, drawn.terms), seed=st.integers(0, 9))
def test_terms_equal_up_to_bound_names_mean_the_same(pair, seed):
    left, right = pair
    assert alpha_equal(left, left)
    if alpha_equal(left, right):
        assert World(seed, GENERIC).value(left) == World(seed, GENERIC).value(right)


q = Law("q")


def x(index):
    return Variable("x", R, index)


d, t, s, b = (Symbol(name) for name in "dtsb")
R = vector(d)
X, Y, Z = (Variable(name, R) for name in "xyz")

SAME = [
    (Sum(x(t), (t, 1, 3)), Sum(x(s), (s, 1, 3))),
    (Sum(Sum(A, (s, 1, t)), (t, 1, 3)), Sum(Sum(A, (t, 1, s)), (s, 1, 3))),
    (Integral(Density(q, [(X, X)]), X), Integral(Density(q, [(X, Y)]), Y)),
    (Expectation(X, Density(q, [X], [Z])), Expectation(Y, Density(q, [(X, Y)], [Z]))),
    (Gradient(Density(q, [(X, X)]), X, Z), Gradient(Density(q, [(X, Y)]), Y, Z)),
    (KL(Density(q, [X]), Density(q, [X]), [X]), KL(Density(q, [(X, Y)]), Density(q, [(X, Y)]), [Y])),
]
OTHER = [
    (Sum(x(t), (t, 1, 3)), Sum(x(s), (t, 1, 3))),
    (Expectation(X, Density(q, [X])), Expectation(Y, Density(q, [Y]))),
    (Expectation(X, Density(q, [X], [Y])), Expectation(X, Density(q, [X], [Z]))),
    (Gradient(Density(q, [X]), X), Gradient(Density(q, [(X, Y)]), Y)),
]  # the law's own names differ, or something free does


@pytest.mark.parametrize("pair", SAME, ids=lambda pair: str(pair[0]))
def test_bound_names_do_not_matter(pair):
    assert pair[0] != pair[1]
    assert alpha_equal(*pair)


@pytest.mark.parametrize("pair", OTHER, ids=lambda pair: str(pair[0]))
def test_free_names_and_the_names_of_laws_do(pair):
    assert not alpha_equal(*pair)


# ---- examples to learn from ---------------------------------------------------------------------------------------


def test_a_sum_over_t_does_not_hold_the_x_t_outside_it():
    """The x_t of a sum over t is no x_t of the surroundings, and none of theirs is caught by it."""
    total = Sum(x(t), (t, 1, 3))
    later = IndexFacts().known(t - 4)
    assert substitute(total, {x(t): X}, later) == total
    assert free_variables(substitute(total + X, {X: x(t)}, later)) >= {x(t), Run("x", R, 1, 3)}
    assert free_variables(substitute(Sum(A * x(t), (t, 1, 3)), {A: t})) >= {t}


def test_the_point_of_a_gradient_is_outside_what_it_binds():
    score = Gradient(Density(q, [X]), X)
    assert substitute(score, {X: Y}) == Gradient(Density(q, [X]), X, Y)


def test_a_density_keeps_the_name_of_its_laws_variable():
    assert substitute(Density(q, [X], [Z]), {X: Y}) == Density(q, [(X, Y)], [Z])
    assert substitute(Density(q, [x(t)], [x(t - 1)]), {t: t + 1}) == Density(q, [x(t + 1)], [x(t)])


def test_what_an_expectation_binds_is_not_replaced_and_catches_nothing():
    mean = Expectation(X + Y, Density(q, [X], [Z]))
    assert substitute(mean, {X: Z}) == mean
    caught = substitute(mean, {Y: X})
    assert alpha_equal(caught, Expectation(Variable("u", R) + X, Density(q, [(X, Variable("u", R))], [Z])))


def test_a_bound_run_gives_way_as_a_whole():
    path = Run("x", R, 1, b)
    facts = IndexFacts().known(b - 2)
    mean = Expectation(x(1) + x(0) + x(2) + A * x(0), Density(q, [path], [x(0)]))
    new = substitute(mean, {A: Density(q, [x(1)])}, facts)
    assert x(1) in free_variables(new, facts)
    assert free_variables(substitute(mean, {x(0): X}, facts), facts) >= {X}


def test_indices_that_come_together_do_not_merge_what_was_bound_with_what_was_free():
    mean = Expectation(x(t) + x(s), Density(q, [x(t)]))
    assert x(s) in free_variables(substitute(mean, {t: s}))


def test_an_open_index_is_not_guessed():
    for term, key in (
        (x(t), x(s)),
        (Expectation(x(t), Density(q, [x(t)])) + x(s), x(t)),
        (Expectation(x(s), Density(q, [x(t)])), x(s)),
        (Density(q, [Run("x", R, 1, b)]), x(t)),
    ):
        with pytest.raises(AmbiguousIndex):
            substitute(term, {key: X})
    assert substitute(x(t), {x(s): X}, IndexFacts().known(s - t - 1)) == x(t)


def test_a_sum_of_sums_is_one_sum_for_sympy_and_two_binders_for_us():
    nested = Sum(Sum(A * x(s), (s, 1, t)), (t, 1, 3))
    assert len(nested.limits) == 2
    assert free_variables(nested) == {A, d, Run("x", R, 1, 3)}
    swapped = substitute(nested, {A: s + t})
    assert {s, t} <= free_variables(swapped)
    inside = Product(Product(A, (s, 1, t)), (t, 1, 3))
    assert substitute(inside, {A: b}) == Product(Product(b, (s, 1, t)), (t, 1, 3))


def test_of_a_longer_run_a_bound_one_leaves_the_rest():
    """The evidence bound binds x_{1:T} and leaves x_0 of the p(x_{0:T}) in it."""
    path = Density(q, [Run("x", R, 1, b)], [x(0)])
    assert free_variables(Expectation(Density(Law("p"), [Run("x", R, 0, b)]), path)) == {x(0), b, d}
