"""Certified signs, keys that prove equality, and tidy forms."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Abs, Rational, S, Symbol, exp, log, pi, sqrt, symbols

from derive.algebra import decide, normal_key, positive, sign, tidy
from derive.terms import (
    SCALAR,
    Application,
    Density,
    Equal,
    Expectation,
    Greater,
    GreaterEqual,
    Identity,
    Inner,
    Integral,
    Law,
    Less,
    LessEqual,
    Norm,
    Normal,
    Unequal,
)
from tests.algebra.steps import (
    DDPM,
    MARGINAL,
    POSITIVE,
    STEPS,
    Step,
    abar,
    alpha,
    before,
    beta,
    d,
    eps,
    k,
    point,
    posterior_mean,
    posterior_variance,
    r,
    sigma,
    x,
    x_0,
    x_1,
    x_t,
    y,
)

a, b, c, t = symbols("a b c t")

SIGNS: list[tuple[Any, tuple[Any, ...], str | None]] = [
    (1 - abar, DDPM, "+"),
    (abar, DDPM, "+"),
    (beta - 1, DDPM, "-"),
    (posterior_variance, DDPM, "+"),
    (beta - posterior_variance, DDPM, "+"),
    (1 - abar, MARGINAL, "+"),
    (before - abar, MARGINAL, "+"),
    (abar - before, MARGINAL, "-"),
    (1 - before - sigma**2, (*MARGINAL, LessEqual(sigma**2, 1 - before)), "+0"),
    (sqrt(1 - abar), DDPM, "+"),
    (a**2 + 1, (), "+"),
    (a**2, (), "+0"),
    (a**2, (Unequal(a, 0),), "+"),
    (a**2 + 2 * a * b + b**2, (), "+0"),
    (-(a**2) - 3, (), "-"),
    (2 * a - a**2, (LessEqual(0, a), Less(a, 1)), "+0"),
    (2 * a - a**2, (Less(0, a), LessEqual(a, 1)), "+"),
    (1 + a - a**2, (LessEqual(0, a), LessEqual(a, 1)), "+0"),
    (a * b + 1, (Less(0, a), Less(a, 1), Less(-1, b), Less(b, 1)), "+"),
    (a, (), None),
    (a - b, (), None),
    (a - b, (GreaterEqual(a, b),), "+0"),
    (a - a, (), "0"),
    (a + b, (GreaterEqual(a, 0), Greater(b, 0)), "+"),
    (a * b, (Less(a, 0), Less(b, 0)), "+"),
    (a * b - a - b + 1, (Less(a, 1), Less(b, 1)), "+"),
    (exp(a), (), "+"),
    (Abs(a), (), "+0"),
    (Norm(x - y) ** 2, (), "+0"),
    (Norm(x - y) ** 2 / (2 * k) + 1, POSITIVE, "+"),
    (-Norm(x - y) ** 2 - Norm(x) ** 2, (), "-0"),
    (a**2 - 2 * a * b + 2 * b**2, (), None),
    (Norm(x - y) - 1, (), None),
    (a * Norm(x - y), (), None),
    (log(2) - log(3), (), "-"),
    (sqrt(2) + sqrt(3) - pi, (), "+"),
    (exp(Rational(1, 2)) - sqrt(2), (), "+"),
    (Norm(x) ** 2, (), "+0"),
    (Norm(x) ** 2 + 1, (), "+"),
    (Density(Law("q"), [x]), (), "+0"),
    (Density(Law("q"), [x]), (Greater(Density(Law("q"), [x]), 0),), "+"),
    (Normal(x, y, k * Identity(d)), POSITIVE, "+"),
    (Normal(x, y, k * Identity(d)), (), "+0"),
    (sqrt(2) * a**2 + sqrt(3), (), "+"),
]


@pytest.mark.parametrize(("term", "given", "expected"), SIGNS)
def test_sign(term: Any, given: tuple[Any, ...], expected: str | None) -> None:
    assert sign(term, given) == expected
    assert positive(term, given) == {"+": True, "-": False, "-0": False, "0": False}.get(expected or "")


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_key_never_joins_what_differs(step: Step) -> None:
    assert normal_key(step.left, step.given) != normal_key(step.slip, step.given)


SAME_KEY: list[tuple[Any, Any, tuple[Any, ...]]] = [
    (1 - abar, beta + alpha * (1 - before), DDPM),
    (sqrt(abar), sqrt(alpha) * sqrt(before), DDPM),
    (posterior_mean, posterior_variance * (sqrt(alpha) / beta * x_t + sqrt(before) / (1 - before) * x_0), DDPM),
    (a - b, -(b - a), ()),
    (exp(a) * exp(b), exp(a + b), ()),
    (log(a * b), log(b) + log(a), (Greater(a, 0), Greater(b, 0))),
    (Normal(x_1, 2 * x_0 + 2 * x_t, beta * Identity(d)), Normal(x_1, 2 * (x_0 + x_t), (1 - alpha) * Identity(d)), DDPM),
    (Expectation(Norm(x - y) ** 2, Density(Law("q"), [x])),
     Expectation(Norm(eps) ** 2 - 2 * Inner(eps, y) + Norm(y) ** 2, Density(Law("q"), [(x, eps)])), ()),
    (Application("f", SCALAR, (), (a + b) ** 2), Application("f", SCALAR, (), a**2 + 2 * a * b + b**2), ()),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "given"), SAME_KEY)
def test_equal_terms_share_a_key(left: Any, right: Any, given: tuple[Any, ...]) -> None:
    assert normal_key(left, given) == normal_key(right, given)
    assert hash(normal_key(left, given)) == hash(normal_key(right, given))


def test_nested_binders_are_told_apart() -> None:
    def double(first: Any, second: Any, left: Any, right: Any) -> Any:
        f, g = Application("f", SCALAR, (), left), Application("g", SCALAR, (), right)
        return Integral(b * Integral(f * g + a * f, first), second)

    i, j = symbols("i j")
    assert decide(double(j, i, i, j), double(i, j, j, i)).status == "equal"
    assert decide(double(j, i, i, j), double(j, i, i, i)).status != "equal"
    assert decide(double(j, i, i, j), double(j, i, j, j)).status != "equal"
    assert decide(double(j, i, i, j), double(j, i, j, i)).status != "equal"


TIDY: list[tuple[Any, Any, tuple[Any, ...]]] = [
    (1 / (alpha / beta + 1 / (1 - before)), (1 - before) * beta / (1 - abar), DDPM),
    (beta + alpha * (1 - before), 1 - abar, DDPM),
    (sqrt(alpha) * sqrt(before), sqrt(abar), DDPM),
    (alpha * before, abar, DDPM),
    (1 / (1 / k + 1 / r), k * r / (k + r), POSITIVE),
    (a * (2 * b + 1) / 3 + a / 5, Rational(2, 15) * a * (5 * b + 4), ()),
    ((a**2 - b**2) / (a - b), a + b, ()),
    ((x_t - sqrt(1 - abar) * eps) / sqrt(abar), x_t / sqrt(abar) - sqrt(1 - abar) / sqrt(abar) * eps, MARGINAL),
    (exp(a) * exp(b), exp(a + b), ()),
]


@pytest.mark.parametrize(("term", "expected", "given"), TIDY)
def test_tidy(term: Any, expected: Any, given: tuple[Any, ...]) -> None:
    assert tidy(term, given) == expected


def test_the_posterior_as_it_is_published() -> None:
    """Ho, Jain & Abbeel 2020, eq. 7: from the completed square to the mean as printed."""
    precision = alpha / beta + 1 / (1 - before)
    raw = (sqrt(alpha) / beta * x_t + sqrt(before) / (1 - before) * x_0) / precision
    assert tidy(raw, DDPM) == posterior_mean


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_tidy_form_is_equal_and_stable(step: Step) -> None:
    given = tuple(g for g in step.given if not (isinstance(g, Equal) and g.lhs in (x_t, x_1, eps, point("v"))))
    result = tidy(step.left, given)
    assert decide(step.left, result, given).status == "equal"
    assert tidy(result, given) == result


def test_what_cannot_be_read_is_left_alone() -> None:
    assert tidy(S.Infinity) == S.Infinity
    assert tidy(Symbol("a")) == Symbol("a")
    assert normal_key(S.ImaginaryUnit) == normal_key(S.ImaginaryUnit)
    assert sign(S.NaN) is None
