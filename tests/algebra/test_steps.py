"""Realistic steps are shown equal; the same false by one slip are refuted with a point that satisfies the givens."""

from __future__ import annotations

import pytest

from derive.algebra import decide
from derive.terms import Equal
from tests.algebra.steps import STEPS, Step


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_true_step_is_equal_by_an_exact_proof(step: Step) -> None:
    answer = decide(step.left, step.right, step.given)
    assert answer.status == "equal", answer
    assert answer.exact


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_slip_is_different_with_a_witness(step: Step) -> None:
    answer = decide(step.left, step.slip, step.given)
    assert answer.status == "different", answer
    assert answer.witness is not None
    assert answer.lhs != answer.rhs


def test_there_are_sixty() -> None:
    assert len(STEPS) >= 60
    assert len({step.name for step in STEPS}) == len(STEPS)


def test_the_same_seed_gives_the_same_witness() -> None:
    step = STEPS[0]
    first, second = (decide(step.left, step.slip, step.given, seed=3) for _ in range(2))
    assert first == second


def test_an_equation_may_be_written_either_way() -> None:
    step = next(step for step in STEPS if step.name == "posterior precision")
    turned = tuple(Equal(g.rhs, g.lhs) if isinstance(g, Equal) else g for g in step.given)
    assert decide(step.left, step.right, turned).status == "equal"


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_the_witness_is_small(step: Step) -> None:
    """A person can put it in: small fractions, few digits."""
    answer = decide(step.left, step.slip, step.given)
    numbers = [entry for value in (answer.witness or {}).values() for entry in (getattr(value, "args", ()) or (value,))]
    assert all(abs(number.p) <= 64 and number.q <= 64 for number in numbers)
