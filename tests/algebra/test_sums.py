"""Sums over a symbolic range are linear; products of a symbolic range split factor by factor."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Product, S, Sum, exp, log, pi, symbols

from derive.algebra import decide, normal_key, tidy
from derive.terms import (
    SCALAR,
    Density,
    Expectation,
    Greater,
    GreaterEqual,
    Inner,
    Law,
    Norm,
    Unequal,
    Variable,
    vector,
)

d, i, j, k, n, m, t, T, mu, s = symbols("d i j k n m t T mu s")


def x(index: Any) -> Variable:
    return Variable("x", SCALAR, index)


def v(index: Any) -> Variable:
    return Variable("v", vector(d), index)


def over(body: Any, index: Any = i, low: Any = 1, high: Any = n) -> Any:
    return Sum(body, (index, low, high))


law = Law("q")
TRUE: list[tuple[Any, Any]] = [
    (over(2 * (x(i) - mu)) / 2, over(x(j), j) - n * mu),
    (over((x(i) - mu) ** 2), over(x(i) ** 2) - 2 * mu * over(x(j), j) + n * mu**2),
    (over((x(i) - over(x(j), j) / n) ** 2) / n, over(x(i) ** 2) / n - (over(x(i)) / n) ** 2),
    (over(x(i), high=3), x(1) + x(2) + x(3)),
    (over(x(i) * x(j), high=2), x(j) * x(1) + x(j) * x(2)),
    (over(1, low=m), n - m + 1),
    (over(x(i), low=m, high=m - 1), S.Zero),
    (over(mu * v(i) + v(0)), mu * over(v(j), j) + n * v(0)),
    (over(Norm(v(i) - v(0)) ** 2), over(Norm(v(i)) ** 2) - 2 * over(Inner(v(i), v(0))) + n * Norm(v(0)) ** 2),
    (over(log(x(t)) + Expectation(mu * x(0), Density(law, [x(0)])), t),
     over(log(x(t)), t) + n * Expectation(x(0) * mu, Density(law, [x(0)]))),
    (Product(x(i) ** 2 * x(i + 1), (i, 1, n)), Product(x(j), (j, 1, n)) ** 2 * Product(x(i + 1), (i, 1, n))),
    (Product(x(i), (i, 1, 3)), x(1) * x(2) * x(3)),
    (log((2 * pi) ** (-n / 2) * s ** (-n) * exp(-over((x(i) - mu) ** 2) / (2 * s**2))),
     -n / 2 * log(2 * pi) - n * log(s) - over((x(i) - mu) ** 2) / (2 * s**2)),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), TRUE)
def test_linearity(left: Any, right: Any) -> None:
    given = (Greater(s, 0),)
    assert decide(left, right, given).status == "equal"
    assert normal_key(left, given) == normal_key(right, given)


FALSE: list[tuple[Any, Any]] = [
    (over((x(i) - mu) ** 2), over(x(i) ** 2) - mu * over(x(j), j) + n * mu**2),
    (over(x(i) - mu), over(x(i)) - mu),
    (over(x(i) ** 2), over(x(i)) ** 2),
    (over(x(i) * over(x(j), j)), over(x(i) ** 2)),
    (over(x(i)), over(x(i), low=2)),
    (over(x(i)), over(x(i), high=n - 1)),
    (over(x(i)), over(x(i + 1))),
    (over(1 / x(i)), 1 / over(x(i))),
    (over(i * x(i)), i * over(x(i))),
    (Product(x(i) + 1, (i, 1, n)), Product(x(i), (i, 1, n)) + 1),
    (Product(mu * x(i), (i, 1, n)), mu * Product(x(i), (i, 1, n))),
    (over(1, low=m), n - m),
]


@pytest.mark.parametrize(("left", "right"), FALSE)
def test_what_is_not_linear_is_refuted(left: Any, right: Any) -> None:
    answer = decide(left, right)
    assert answer.status == "different"
    assert answer.witness is not None and j not in answer.witness


def test_a_constant_factor_of_a_product_needs_a_sign() -> None:
    left, right = Product(mu * x(i), (i, 1, n)), mu**n * Product(x(i), (i, 1, n))
    assert decide(left, right, (Greater(mu, 0),)).status == "equal"


def test_a_condition_on_every_term_is_listed() -> None:
    answer = decide(over((x(i) ** 2 - 1) / (x(i) - 1)), over(x(i) + 1))
    assert answer.status == "equal"
    assert answer.provided == (Unequal(x(i) - 1, 0),)
    logs = decide(over(log(x(i)) + 1) - over(log(x(j)), j), n)
    assert logs.status == "equal" and set(logs.provided) == {Greater(x(i), 0), GreaterEqual(n, 0)}
    shorter = decide(over(log(x(i))) - over(log(x(i))) + over(log(x(i)), low=2), over(log(x(i)), low=2))
    assert shorter.provided == ()
    assert decide(over(log(x(i) ** 2)), 2 * over(log(x(i)))).status != "equal"


def test_a_sum_is_not_written_out_to_be_tidied() -> None:
    square = over((x(i) - mu) ** 2)
    assert tidy(square / n) == square / n


def twice(body: Any, first: Any, second: Any) -> Any:
    """Σ_second Σ_first: SymPy writes one sum with two limits."""
    return Sum(Sum(body, first), second)


OVER_I, OVER_J = (i, 1, n), (j, 1, m)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (twice(x(i) * x(j), OVER_J, OVER_I), over(x(i)) * over(x(j), j, 1, m)),
        (twice(x(i) * x(j), OVER_J, OVER_I), twice(x(i) * x(j), OVER_I, OVER_J)),
        (twice(x(i) + x(j), OVER_J, OVER_I), m * over(x(i)) + n * over(x(k), k, 1, m)),
        (twice(x(i) * x(j), (j, 1, 2), OVER_I), (x(1) + x(2)) * over(x(k), k)),
        (Product(Product(x(i) * s, OVER_J), (i, 1, 2)), x(1) ** m * x(2) ** m * s ** (2 * m)),
    ],
)
def test_a_sum_of_sums_is_over_both_indices(left: Any, right: Any) -> None:
    given = (Greater(s, 0), Greater(x(1), 0), Greater(x(2), 0))
    assert decide(left, right, given).status == "equal"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (twice(x(i) * x(j), OVER_J, OVER_I), over(x(j), j, 1, m)),
        (twice(x(j), (j, 1, i), OVER_I), twice(x(i), (j, 1, i), OVER_I)),
        (Product(Product(x(j), (j, 1, 2)), OVER_I), x(1) * x(2)),  # n times, not once
        (twice(x(i) * x(j), OVER_J, OVER_I), over(x(i) ** 2)),
    ],
)
def test_the_outer_index_is_not_forgotten(left: Any, right: Any) -> None:
    assert decide(left, right).status == "different"
