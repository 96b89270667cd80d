"""Functions beyond exponentials and roots: signs, angles with parts of π, hyperbolic and special functions, cases."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import (
    Abs,
    Integer,
    Max,
    Min,
    Rational,
    acosh,
    asinh,
    atanh,
    beta,
    binomial,
    cos,
    cosh,
    coth,
    erf,
    erfc,
    exp,
    factorial,
    gamma,
    log,
    pi,
    sign,
    sin,
    sinh,
    sqrt,
    symbols,
    tan,
    tanh,
)

from derive.algebra import decide
from derive.terms import Equal, Greater, GreaterEqual, Less, Unequal

a, b, c, k, n, t, x, y, z = symbols("a b c k n t x y z")
half = Rational(1, 2)
UNIT = (Less(0, t), Less(t, 1))

TRUE: list[tuple[Any, Any, tuple[Any, ...]]] = [
    (sign(x) * Abs(x), x, ()),
    (x * sign(x) ** 2, x, ()),
    (sign(x) ** 3, sign(x), ()),
    (sign(x * y), sign(x) * sign(y), ()),
    (sign(1 / x), sign(x), ()),
    (sign(x * y), sign(y), (Greater(x, 0),)),
    (sign(x) ** 2, Integer(1), (Unequal(x, 0),)),
    (x * (1 + sign(x)) / 2, Max(x, 0), ()),
    (Max(x, 0) * Max(-x, 0), Integer(0), ()),
    (Min(Max(x, 0), 1), Max(Min(x, 1), 0), ()),
    (log(exp(x) + exp(y)), Max(x, y) + log(1 + exp(-Abs(x - y))), ()),
    (sqrt(a + b - 2 * sqrt(a * b)), Abs(sqrt(a) - sqrt(b)), (Greater(a, 0), Greater(b, 0))),
    (sqrt(1 - 2 * sqrt(t) * sqrt(1 - t)), Abs(sqrt(t) - sqrt(1 - t)), UNIT),
    (Abs(x) * Abs(x - 1) + x * (x - 1), 2 * x * (x - 1), (Greater(x, 1),)),
    (cos(x) + cos(y), 2 * cos((x + y) / 2) * cos((x - y) / 2), ()),
    (sin(x / 3) ** 3, (3 * sin(x / 3) - sin(x)) / 4, ()),
    (sin(x + pi / 4), (sin(x) + cos(x)) / sqrt(2), ()),
    (2 * sin(x + pi / 6), sqrt(3) * sin(x) + cos(x), ()),
    (cos(pi * (1 - x)), -cos(pi * x), ()),
    (sin(x + pi / 12) - sin(x - pi / 12), (sqrt(6) - sqrt(2)) / 2 * cos(x), ()),
    (-2 * log(tan(pi * t / 2)), 2 * log(cos(pi * t / 2) / sin(pi * t / 2)), UNIT),
    (coth(x), cosh(x) / sinh(x), ()),
    (coth(x) - 1 / sinh(x), tanh(x / 2), ()),
    (atanh(x), log((1 + x) / (1 - x)) / 2, (Less(-1, x), Less(x, 1))),
    (asinh(x), log(x + sqrt(x**2 + 1)), ()),
    (acosh(x), log(x + sqrt(x**2 - 1)), (Greater(x, 1),)),
    (erfc(x) + erfc(-x), Integer(2), ()),
    (half * (1 + erf((a - x) / sqrt(2))), 1 - half * (1 + erf((x - a) / sqrt(2))), ()),
    (gamma(a + 1), a * gamma(a), ()),
    (gamma(a + 1) * gamma(a + b) / (gamma(a) * gamma(a + b + 1)), a / (a + b), ()),
    (beta(a + 1, b), a / (a + b) * beta(a, b), ()),
    (factorial(n + 1) / factorial(n), n + 1, ()),
    (binomial(n, k), binomial(n - 1, k - 1) * n / k, (Greater(n, 1),)),
    (binomial(n, k), binomial(n - 1, k) + binomial(n - 1, k - 1), (Greater(n, 1),)),
    (a ** (n + 1), a * a**n, ()),
    (a ** (n + 2) / a, a * a**n, ()),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "given"), TRUE)
def test_equal(left: Any, right: Any, given: tuple[Any, ...]) -> None:
    answer = decide(left, right, given)
    assert answer.status == "equal" and answer.exact
    assert decide(right - left, Integer(0), given).status == "equal"


NEVER_EQUAL: list[tuple[Any, Any, tuple[Any, ...]]] = [
    (sign(x) ** 2, Integer(1), ()),
    (sign(x) * x, x, ()),
    (sign(x + y), sign(x) + sign(y), ()),
    (Abs(x) / x, sign(x) + 1, ()),
    (Max(x, 0) ** 2, x**2, ()),
    (Max(x, y) * z, Max(x * z, y * z), ()),
    (Min(Max(x, 0), 1), x, ()),
    (Abs(x) * Abs(x - 1), x * (x - 1), ()),
    (Abs(Abs(x) - 1), Abs(x - 1), ()),
    (cos(x / 2) ** 2, (1 - cos(x)) / 2, ()),
    (cos(x / 2), sqrt((1 + cos(x)) / 2), ()),
    (sin(x + pi / 3), (sin(x) + cos(x)) / 2, ()),
    (cos(pi * x), (-1) ** x, ()),
    (erf(2 * x), 2 * erf(x), ()),
    (erf(x), tanh(x), ()),
    (gamma(2 * a), 2 * gamma(a), (Greater(a, 0),)),
    (gamma(a + b), gamma(a) * gamma(b), (Greater(a, 0), Greater(b, 0))),
    (binomial(n, k), binomial(n - 1, k) + binomial(n - 1, k + 1), (GreaterEqual(n, 1),)),
    (acosh(cosh(x)), x, ()),
    (tanh(x + y), tanh(x) + tanh(y), ()),
    ((a**2) ** n, a ** (2 * n), ()),
    ((a * b) ** n, a**n * b**n, ()),
    (x, y, (Equal(Abs(x), Abs(y)),)),
]


@pytest.mark.parametrize(("left", "right", "given"), NEVER_EQUAL)
def test_never_equal(left: Any, right: Any, given: tuple[Any, ...]) -> None:
    assert decide(left, right, given).status != "equal"
    assert decide(left - right, Integer(0), given).status != "equal"


def test_what_a_case_needs_is_told() -> None:
    answer = decide(Abs(x) / x, sign(x))
    assert answer.status == "equal" and answer.provided == (Unequal(x, 0),)


def test_a_case_that_fails_leaves_the_question_open() -> None:
    answer = decide(Abs(x) * erf(x), x * erf(Abs(x)), ())
    assert answer.status == "equal"  # for x < 0 as for x > 0, since erf is odd
    assert decide(Abs(x) * erf(x), x * erf(x), ()).status == "different"
