"""Sums and products over ranges that overlap: split, shifted, reversed, telescoping, closed forms."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import pytest
from sympy import Abs, Add, Integer, Mul, Pow, Product, Rational, Sum, Symbol, exp, factorial, log, sign, symbols

from derive.algebra import decide
from derive.terms import SCALAR, Application, Greater, GreaterEqual, Less, Unequal, Variable, substitute

b, c, j, k, m, n, r, t, x = symbols("b c j k m n r t x")


def a(index: Any) -> Variable:
    return Variable("a", SCALAR, index)


def f(point: Any) -> Application:
    return Application("f", SCALAR, (), point)


SOME = (GreaterEqual(n, 1),)
SHARE = (Less(0, r), Less(r, 1))

TRUE: list[tuple[Any, Any, tuple[Any, ...]]] = [
    (Sum(a(k), (k, 1, n)), Sum(a(k), (k, 1, n - 1)) + a(n), SOME),
    (Sum(a(k), (k, 1, n)), a(1) + Sum(a(k), (k, 2, n)), SOME),
    (Sum(a(k), (k, 1, n)), Sum(a(k + 1), (k, 0, n - 1)), SOME),
    (Sum(a(k), (k, 1, n)), Sum(a(n + 1 - k), (k, 1, n)), SOME),
    (Sum(a(k), (k, 1, m)) + Sum(a(k), (k, m + 1, n)), Sum(a(k), (k, 1, n)), (GreaterEqual(m, 1), GreaterEqual(n, m))),
    (Sum(f(k + 1) - f(k), (k, 1, n)), f(n + 1) - f(1), SOME),
    (Sum(1 / k - 1 / (k + 1), (k, 1, n)), 1 - 1 / (n + 1), SOME),
    (Sum(k, (k, 1, n)), n * (n + 1) / 2, SOME),
    (Sum(k**3, (k, 1, n)), Sum(k, (k, 1, n)) ** 2, SOME),
    (Sum(2 * k - 1, (k, 1, n)), n**2, SOME),
    (Sum(r**k, (k, 0, n)), (1 - r ** (n + 1)) / (1 - r), (GreaterEqual(n, 0),)),
    (Sum(r**k, (k, 0, n)), 1 + r * Sum(r**k, (k, 0, n - 1)), SOME),
    (Sum(k * r**k, (k, 0, n)), (r - (n + 1) * r ** (n + 1) + n * r ** (n + 2)) / (1 - r) ** 2, SHARE + SOME),
    (Sum(exp(-x * k), (k, 0, n)), (1 - exp(-x * (n + 1))) / (1 - exp(-x)), (Greater(x, 0), *SOME)),
    ((1 - r) * Sum(r ** (n - k), (k, 1, n)), 1 - r**n, SHARE + SOME),
    ((1 - r) * Sum(r ** (n - k) * a(k), (k, 1, n)),
     r * (1 - r) * Sum(r ** (n - 1 - k) * a(k), (k, 1, n - 1)) + (1 - r) * a(n), SHARE + SOME),
    (log(Sum(exp(a(k)), (k, 1, n))), c + log(Sum(exp(a(k) - c), (k, 1, n))), ()),
    (exp(a(m) + c) / Sum(exp(a(k) + c), (k, 1, n)), exp(a(m)) / Sum(exp(a(k)), (k, 1, n)), ()),
    (Product(exp(a(k)), (k, 1, n)), exp(Sum(a(k), (k, 1, n))), ()),
    (Product(a(k), (k, 1, n)), a(n) * Product(a(k), (k, 1, n - 1)), SOME),
    (Product(a(k) / a(k - 1), (k, 1, n)), a(n) / a(0), SOME),
    (Product(k, (k, 1, n)), factorial(n), SOME),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "given"), TRUE)
def test_equal(left: Any, right: Any, given: tuple[Any, ...]) -> None:
    assert decide(left, right, given).status == "equal"


NEVER_EQUAL: list[tuple[Any, Any, tuple[Any, ...]]] = [
    (Sum(r**k, (k, 0, n)), (1 - r**n) / (1 - r), SHARE + SOME),
    ((1 - r) * Sum(r**k, (k, 0, n)) * x / (1 - r), x * Sum(r**k, (k, 1, n)), SHARE + SOME),
    (Sum(a(k), (k, 1, n)), Sum(a(k), (k, 1, n - 1)) + a(n - 1), SOME),
    (Sum(a(k), (k, 1, n)), Sum(a(k), (k, 0, n - 1)), SOME),
    (Sum(a(k) * a(k + 1), (k, 1, n)), Sum(a(k) ** 2, (k, 1, n)), SOME),
    (Sum(k, (k, 1, n)), n * (n - 1) / 2, SOME),
    (Product(a(k), (k, 1, n)), a(n) ** 2 * Product(a(k), (k, 1, n - 1)), SOME),
    (Product(a(k) / a(k - 1), (k, 1, n)), a(n), SOME),
    (Sum(Sum(a(j), (j, 1, k)), (k, 1, n)), n * Sum(a(j), (j, 1, n)), SOME),
    (Sum(Sum(a(j), (j, 1, k)), (k, 1, n)), Sum(Sum(a(j), (j, 1, n)), (k, 1, n)), SOME),
    (log(Sum(exp(a(k)), (k, 1, n))), Sum(a(k), (k, 1, n)), SOME),
]


@pytest.mark.parametrize(("left", "right", "given"), NEVER_EQUAL)
def test_never_equal(left: Any, right: Any, given: tuple[Any, ...]) -> None:
    assert decide(left, right, given).status != "equal"


def test_a_closed_form_that_divides_says_nothing_where_it_divides_by_zero() -> None:
    """At r = 1 the sum is n + 1, and what holds for other r need not hold there."""
    total = Sum(r**k, (k, 0, n))
    assert decide(total * (1 - r), 1 - r ** (n + 1), SOME).status == "equal"
    assert decide(total * Abs(1 - r), Abs(1 - r ** (n + 1)), (*SOME, Greater(r, 0))).status != "different"
    assert decide(total, sign(r - 1) ** 2 * total, SOME).status != "equal"
    assert decide(total, sign(r - 1) ** 2 * total, (*SOME, Unequal(r, 1))).status == "equal"
    one = (r**2 - 1) / ((r - 1) * (r + 1))
    assert set(decide(total, one * total, SOME).provided) == {Unequal(r - 1, 0), Unequal(r + 1, 0)}


def test_a_range_must_have_a_number_of_terms() -> None:
    split = decide(Sum(a(k), (k, 1, n)), Sum(a(k), (k, 1, n - 1)) + a(n))
    assert split.status == "equal" and any(
        isinstance(condition, GreaterEqual) and condition.lhs == n - 1 for condition in split.provided
    )
    assert decide(Sum(a(k), (k, 1, n)), Sum(a(k), (k, 1, n - 1)) + a(n), SOME).provided == ()


# ---- random ranges, judged by exact fractions -----------------------------------------------------------------------


def value(term: Any, point: dict[Any, Any]) -> Fraction:
    """The exact value of a term, by definition; a variable's value is made from its index."""
    if term in point:
        return Fraction(point[term])
    if isinstance(term, Rational):
        return Fraction(int(term.p), int(term.q))
    if isinstance(term, Variable):
        index = int(value(term.indices[0], point))
        return Fraction((index * index * 7 + index * 3) % 11 - 5, 3)
    if isinstance(term, (Sum, Product)):
        (index, low, high), result = term.limits[0], Fraction(isinstance(term, Product))
        for place in range(int(value(low, point)), int(value(high, point)) + 1):
            part = value(term.function, {**point, index: place})
            result = result * part if isinstance(term, Product) else result + part
        return result
    parts = [value(arg, point) for arg in term.args]
    if isinstance(term, Add):
        return sum(parts, Fraction(0))
    if isinstance(term, Pow):
        return parts[0] ** int(parts[1])
    assert isinstance(term, Mul)
    product = Fraction(1)
    for part in parts:
        product *= part
    return product


BODIES = [
    a(k), a(k) ** 2, k, k**2 - 1, r**k, k * r**k, r**k * a(k), a(k) * a(k + 1), a(k) / k, a(k + 1) - a(k), c * a(k),
]  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_no_answer_contradicts_the_sums(seed: int) -> None:
    rng = Random(seed)
    body, low, slip = rng.choice(BODIES), rng.choice([1, 2]), rng.choice([0, 0, 1, -1])
    high = rng.choice([n, n + 1, 2 * n])

    def at(place: Any) -> Any:
        return substitute(body, {k: place})

    kind: Any = rng.choice([Sum, Sum, Product])
    joined = (lambda u, v: u * v) if kind is Product else (lambda u, v: u + v)
    left = kind(body, (k, low, high))
    right = rng.choice([
        lambda: joined(kind(body, (k, low, high - 1)), at(high + slip)),
        lambda: joined(at(Integer(low + slip)), kind(body, (k, low + 1, high))),
        lambda: kind(at(k + 1), (k, low - 1, high - 1 + slip)),
        lambda: kind(at(high + low - k), (k, low, high + slip)),
        lambda: joined(kind(body, (k, low, n)), kind(body, (k, n + 1, high + slip))),
    ])()  # fmt: skip
    answer = decide(left, right, (GreaterEqual(n, 2), Unequal(r, 1)), seed=seed)
    for place, rate in ((2, 3), (3, Fraction(1, 2)), (4, -1)):
        point: dict[Symbol, Any] = {n: place, r: rate, c: Fraction(2, 3)}
        assert answer.status != "equal" or value(left, point) == value(right, point)
    if not slip:
        assert answer.status != "different"
