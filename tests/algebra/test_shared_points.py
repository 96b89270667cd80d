"""The point that questions under the same givens share: no answer depends on what was asked before."""

from __future__ import annotations

from random import Random

import pytest
from sympy import Abs, Add, Integer, Symbol, log, sqrt

from derive.algebra import decide
from derive.algebra.draws import DrawsOf
from derive.algebra.sampling import Sampler, known
from derive.terms import SCALAR, Equal, Greater, GreaterEqual, Less, LessEqual, Statement, Variable
from tests.algebra.steps import STEPS

T = Symbol("t")


def answers(questions: list[tuple[object, ...]], order: list[int]) -> dict[int, tuple[str, str]]:
    """Status and witness of each question, asked in an order of their own from nothing."""
    known.cache_clear()
    found = {}
    for place in order:
        left, right, given = questions[place]
        answer = decide(left, right, given)  # type: ignore[arg-type]
        found[place] = (answer.status, str(answer.witness) if answer.status == "different" else "")
    return found


def test_the_order_of_the_questions_does_not_matter() -> None:
    questions = [(step.left, other, step.given) for step in STEPS[:60] for other in (step.slip, step.right)]
    expected = answers(questions, list(range(len(questions))))
    order = list(range(len(questions)))
    Random(7).shuffle(order)
    assert answers(questions, order) == expected


def test_a_name_of_the_same_variable_keeps_its_own_bounds() -> None:
    """β_{t−1} at t = 1 is β_0: what was drawn for one must not be taken for the other within narrower bounds."""
    first, before = Variable("\\beta", SCALAR, Integer(0)), Variable("\\beta", SCALAR, Add(T, -1))
    given: tuple[Statement, ...] = (Greater(first, 5), Less(first, 6))
    x = Symbol("x")
    known.cache_clear()
    for seed in range(20):
        assert decide(before + x, before + 2 * x, given, seed=seed).status == "different"
        assert decide(Abs(first - 5), first - 5, given, seed=seed).status == "equal"
        assert decide(sqrt((first - 6) ** 2), 6 - first, given, seed=seed).status == "equal"


def test_the_values_of_the_point_satisfy_the_givens() -> None:
    x, y = Symbol("x"), Symbol("y")
    given: tuple[Statement, ...] = (Greater(x, 0), Less(x, y), Equal(Symbol("z"), x + y))
    known.cache_clear()
    for seed in range(20):
        assert decide(log(x) + log(y), log(x * y), given, seed=seed).status == "equal"
        assert decide(Abs(x - y), y - x, given, seed=seed).status == "equal"
        for wrong in (x - y, y - 2 * x, x):
            answer = decide(Abs(x - y), wrong, given, seed=seed)
            assert answer.status == "different" and answer.witness is not None
            assert 0 < answer.witness[x] < answer.witness[y]


def test_the_point_of_a_question_is_the_same_whoever_asked_before() -> None:
    """β_t and β_2 are one variable at t = 2: who asks for both needs another point than who asks for one."""
    at_t, second, before = (Variable("\\beta", SCALAR, index) for index in (T, Integer(2), Add(T, -1)))
    given: tuple[Statement, ...] = (Greater(at_t, 0), Less(at_t, 1), GreaterEqual(T, 1), LessEqual(T, 4))
    questions = [
        (at_t, at_t**2), (at_t + second, at_t), (at_t + before, second), (second, Integer(1)), (before * second, at_t),
    ]  # fmt: skip
    for seed in range(12):
        seen: dict[int, set[str]] = {}
        for first in range(len(questions)):
            known.cache_clear()
            for place in (first, *range(len(questions))):
                sampler = Sampler(questions[place], given)
                taken = sampler.common(seed)
                values = "none"
                if taken is not None:
                    values = str([taken.point(side) for side in questions[place]])
                    sampler.given_back(taken)
                seen.setdefault(place, set()).add(values)
        assert all(len(found) == 1 for found in seen.values())
        assert any(found != {"none"} for found in seen.values())


@pytest.mark.parametrize("count", [1, 7, 16])
def test_bits_of_a_name_depend_on_seed_and_name_alone(count: int) -> None:
    draws = [DrawsOf(seed, name) for seed in range(3) for name in ("x", "y", "\\alpha0")]
    made = [[one.bits(count) for _ in range(50)] for one in draws]
    again = [[DrawsOf(seed, name).bits(count)] for seed in range(3) for name in ("x", "y", "\\alpha0")]
    assert [row[:1] for row in made] == again
    assert all(0 <= bit < 2**count for row in made for bit in row)
    assert len({tuple(row) for row in made}) == len(made)
