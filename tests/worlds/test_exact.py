"""Exact numbers against closed forms and against `math`: logarithms, exponentials, infinities."""

import math

import pytest
from flint import arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.worlds.exact import (
    NEGATIVE_INFINITY,
    POSITIVE_INFINITY,
    PRECISION,
    ExpNumber,
    LogNumber,
    at_most,
    ball,
    divide,
    exp,
    log,
    power,
    same,
    show,
    sign,
)
from derive.worlds.outcomes import NotExercised, Undefined

rationals = st.builds(fmpq, st.integers(1, 40), st.integers(1, 40))


@pytest.fixture(autouse=True)
def precision():
    with ctx.workprec(PRECISION):
        yield


def test_logarithms_of_products_cancel_exactly():
    left = log(fmpq(6)) - log(fmpq(2)) - log(fmpq(3))
    assert isinstance(left, fmpq) and left == 0


def test_logarithms_of_large_numbers_are_compared_without_factoring():
    p, q = 10**30 + 57, 10**31 + 33
    difference = log(fmpq(p * q)) - log(fmpq(p)) - log(fmpq(q))
    assert isinstance(difference, LogNumber) and sign(difference) == 0
    assert sign(log(fmpq(p * q + 1)) - log(fmpq(p)) - log(fmpq(q))) == 1


def test_a_rational_is_never_a_combination_of_logarithms():
    assert same(log(fmpq(2)), fmpq(2, 3)) is False
    assert sign(log(fmpq(2)) - fmpq(6931471805599453, 10**16)) == 1  # log 2 = 0.69314718055994530941…


@given(rationals, rationals)
@settings(max_examples=60, deadline=None)
def test_logarithm_agrees_with_floats(a, b):
    with ctx.workprec(PRECISION):
        value = log(a) * fmpq(3, 2) - log(b)
        expected = 1.5 * math.log(float(a.p) / float(a.q)) - math.log(float(b.p) / float(b.q))
        assert abs(float(ball(value)) - expected) < 1e-9
        assert same(exp(log(a)), a)


@given(rationals, rationals)
@settings(max_examples=60, deadline=None)
def test_roots_multiply(a, b):
    with ctx.workprec(PRECISION):
        half = fmpq(1, 2)
        assert same(power(a, half) * power(b, half), power(a * b, half))
        assert same(power(a, half) * power(a, half), a)


def test_square_roots_of_squares_are_rational():
    assert power(fmpq(9, 25), fmpq(1, 2)) == fmpq(3, 5)
    assert power(fmpq(8, 27), fmpq(1, 3)) == fmpq(2, 3)


def test_a_gaussian_density_stays_exact():
    two_pi = ExpNumber(fmpq(2), LogNumber(fmpq(0), {0: fmpq(1)}))
    density = exp(fmpq(-1, 2)) / power(two_pi, fmpq(1, 2))
    assert isinstance(density, ExpNumber)
    assert abs(float(ball(density)) - 0.24197072451914337) < 1e-15  # the standard normal density at 1
    assert isinstance(log(density), LogNumber)


def test_infinities():
    assert log(fmpq(0)) == NEGATIVE_INFINITY
    assert POSITIVE_INFINITY + fmpq(3) == POSITIVE_INFINITY
    assert -POSITIVE_INFINITY == NEGATIVE_INFINITY
    assert at_most(fmpq(5), POSITIVE_INFINITY) is True
    assert same(POSITIVE_INFINITY, fmpq(5)) is False
    for undefined in (
        lambda: POSITIVE_INFINITY - POSITIVE_INFINITY,
        lambda: POSITIVE_INFINITY * fmpq(0),
        lambda: fmpq(1) / POSITIVE_INFINITY,
        lambda: divide(fmpq(0), fmpq(0)),
        lambda: log(fmpq(-1)),
        lambda: power(fmpq(-1), fmpq(1, 2)),
        lambda: power(fmpq(0), fmpq(-1)),
    ):
        with pytest.raises(Undefined):
            undefined()


def test_a_ball_around_zero_decides_nothing():
    wide = arb(0, 1)
    assert sign(wide) is None
    assert same(wide, fmpq(0)) is None
    with pytest.raises(NotExercised):
        divide(fmpq(1), wide)
    with pytest.raises(NotExercised):
        log(wide)


def test_numbers_are_shown_exactly():
    assert show(log(fmpq(4, 3)) * fmpq(1, 2)).startswith("log 2 − 1/2·log 3 ≈ 0.1438410")
    assert show(power(fmpq(8), fmpq(1, 2))).startswith("2·√2 ≈ 2.828427")
