"""Integrals between limits are worked out where a primitive is known, and left alone where the variable may hide."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Symbol, Tuple, exp, log, symbols

from derive.algebra import decide
from derive.terms import SCALAR, Application, Equal, Greater, Integral

a, b, c, s, t, u, y = symbols("a b c s t u y")
POSITIVE = (Greater(a, 0),)


def over(body: Any, low: Any = 0, high: Any = t, variable: Any = s) -> Integral:
    return Integral(body, Tuple(variable, low, high))


TRUE: list[tuple[Any, Any]] = [
    (over(a + b * s), a * t + b * t**2 / 2),
    (over((a + b * s) ** 2), a**2 * t + a * b * t**2 + b**2 * t**3 / 3),
    (over(exp(-a * s)), (1 - exp(-a * t)) / a),
    (over(s * exp(-a * s)), (1 - exp(-a * t) * (1 + a * t)) / a**2),
    (over(exp(a * (s - t)) * b), b * (1 - exp(-a * t)) / a),
    (over(s, t, 0), -(t**2) / 2),
    (over(over(s * u, 0, 1), b, c, u), (c**2 - b**2) / 4),
    (exp(-over(a + b * s) / 2), exp(-a * t / 2 - b * t**2 / 4)),
    (over(log(a)), t * log(a)),
]


@pytest.mark.parametrize(("left", "right"), TRUE)
def test_integrals_with_a_primitive(left: Any, right: Any) -> None:
    answer = decide(left, right, POSITIVE)
    assert answer.status == "equal" and answer.exact
    assert decide(left, right + t, POSITIVE).status != "equal"


def test_a_rate_that_may_be_zero_is_asked_for() -> None:
    answer = decide(over(exp(a * s)) - (exp(a * t) - 1) / a, a * 0)
    assert answer.status == "equal"
    assert any(a in condition.free_symbols for condition in answer.provided)


f = Application("f", SCALAR, (), Symbol("x"))


@pytest.mark.parametrize(
    ("left", "right", "given"),
    [
        (over(y), y * t, (Equal(y, s**2),)),  # y is not constant in s
        (over(f), f * t, ()),  # nor need f(x) be
        (over(1 / s), 0 * t, ()),
        (over(exp(s**2)), exp(t**2), ()),
        (over(s), t**2, ()),
    ],
)
def test_what_is_not_known_is_not_equal(left: Any, right: Any, given: tuple[Any, ...]) -> None:
    assert decide(left, right, given).status != "equal"
