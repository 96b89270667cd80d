"""Where multiplying out explodes: equal with a stated bound, and never through a root that may be reducible."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sympy import Abs, Mul, exp, log, sqrt, symbols

from derive.algebra import decide
from derive.terms import Greater, Less, Unequal

a, b, c, x, y = symbols("a b c x y")


def towers(start: Any, step: Any, height: int = 8) -> tuple[Any, Any]:
    """One iterated polynomial, q ↦ q² + s q + b, written in two ways."""
    first = second = start
    for _ in range(height):
        first, second = first**2 + step * first + b, (second + step) * second + b
    return first, second


@pytest.mark.parametrize("step", [a, sqrt(1 - a), log(1 - a), exp(a) + a, 1 / (1 + a**2), sqrt(2) * a])
def test_a_tower_is_equal_with_a_bound(step: Any) -> None:
    left, right = towers(a + b + c + x + y + 1, step)
    answer = decide(left, right, (Less(a, 1),))
    assert answer.status == "equal" and not answer.exact
    bound = re.fullmatch(r"modular, error < 2\^-(\d+)", answer.method)
    assert bound is not None and int(bound[1]) >= 60


def test_a_tower_off_by_one_is_different() -> None:
    left, right = towers(a + b + c + x + y + 1, a)
    assert decide(left, right + 1).status == "different"
    assert decide(left, right * (1 + a - b)).status == "different"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (sqrt((a - b) ** 2), a - b),
        (sqrt(a**2), a),
        (Abs(a), a),
        (sqrt(a * b), sqrt(a) * sqrt(b)),
        (sqrt(a + sqrt(b)), sqrt(a - sqrt(b))),
        (log(a * b), log(a) + log(b)),
    ],
)
def test_no_trap_is_equal_under_a_tower(one: Any, other: Any) -> None:
    left, right = towers(a + b + c + x + y + 1, a)
    for _ in range(5):
        assert decide(left * one, right * other, seed=_).status != "equal"


def test_signs_make_the_radicands_independent() -> None:
    left, right = towers(a + b + c + x + y + 1, a)
    given = (Greater(a, 0), Greater(b, 0))
    assert decide(left * sqrt(a * b), right * sqrt(a) * sqrt(b), given).status == "equal"
    assert decide(left * sqrt(a * b), right * sqrt(a) * b, given).status == "different"


def test_a_division_on_one_side_is_listed() -> None:
    left, right = towers(a + b + c + x + y + 1, a)
    answer = decide(left * (x**2 - y**2) / (x - y), right * (x + y))
    assert answer.status == "equal" and not answer.exact
    assert answer.provided == (Unequal(x - y, 0),)


def test_a_long_product_stays_factored_and_exact() -> None:
    xs, ys = symbols("x:32"), symbols("y:32")
    left = Mul(*(1 + p / (1 + q) for p, q in zip(xs, ys, strict=True)))
    right = Mul(*((1 + p + q) / (1 + q) for p, q in zip(xs, ys, strict=True)))
    answer = decide(left, right)
    assert answer.status == "equal" and answer.exact
