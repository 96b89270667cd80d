"""Finite worlds against sums done by hand."""

from fractions import Fraction as F

import pytest
from flint import fmpq
from sympy import Symbol, log

from derive.terms import (
    EVENT,
    KL,
    VARIABLES,
    Application,
    Complement,
    CrossEntropy,
    Density,
    Entropy,
    Expectation,
    Independent,
    Integral,
    Intersection,
    Law,
    Probability,
    Union,
    Variable,
    Variance,
)
from derive.terms.sorts import SCALAR
from derive.terms.statements import Equal, Greater, LessEqual, Proportional
from derive.worlds import Setting, Undefined, decide, holds, point_of, refute, table_world, try_statement
from derive.worlds.exact import POSITIVE_INFINITY
from derive.worlds.exact import log as exact_log

p, q = Law("p"), Law("q")
x, y, z = Symbol("x"), Symbol("y"), Symbol("z")
A, B, C = (Variable(name, VARIABLES) for name in "ABC")


def table(**rows):
    """p(x, y) from xy=mass."""
    names = "xyz"
    return {tuple((names[i], F(int(digit))) for i, digit in enumerate(cell[1:])): mass for cell, mass in rows.items()}


TWO = {"p": table(_00=F(1, 2), _01=F(1, 4), _11=F(1, 4))}
"""p(x=0, y=0) = 1/2, p(0, 1) = 1/4, p(1, 1) = 1/4."""


def value(term, tables, **at):
    world = table_world((term,), tables)
    world.point = point_of({name: F(number) for name, number in at.items()})
    return world.value(term)


@pytest.mark.parametrize(
    "term, at, expected",
    [
        (Density(p, [x]), {"x": 0}, fmpq(3, 4)),
        (Density(p, [x], [y]), {"x": 1, "y": 1}, fmpq(1, 2)),
        (Density(p, [y], [x]), {"x": 1, "y": 1}, fmpq(1)),
        (Integral(Density(p, [x, y]), y), {"x": 0}, fmpq(3, 4)),
        (Expectation(x, Density(p, [x])), {}, fmpq(1, 4)),
        (Expectation(x * y, Density(p, [x, y])), {}, fmpq(1, 4)),
        (Expectation(x, Density(p, [x], [y])), {"y": 1}, fmpq(1, 2)),
        (Variance(x, Density(p, [x])), {}, fmpq(3, 16)),
        (Expectation(Density(p, [x], [y]), Density(p, [y])), {"x": 0}, fmpq(3, 4)),
    ],
)
def test_a_table_by_hand(term, at, expected):
    assert value(term, TWO, **at) == expected


def test_a_density_given_a_null_event_has_no_value():
    world = table_world((Density(p, [x], [y]),), {"p": table(_00=F(1, 2), _10=F(1, 2))})
    world.sorts[("y", ())] = SCALAR
    world.point = point_of({"x": F(0), "y": F(1)})
    with pytest.raises(Undefined):
        world.value(Density(p, [x], [y]))


def test_divergences_by_hand():
    # MacKay's two coins: p fair, q with 1/4 and 3/4
    at = [(("x", F(0)),), (("x", F(1)),)]
    tables = {"p": {at[0]: F(1, 2), at[1]: F(1, 2)}, "q": {at[0]: F(1, 4), at[1]: F(3, 4)}}
    both = Density(p, [x]), Density(q, [x])
    forward, backward = value(KL(*both, [x]), tables), value(KL(*reversed(both), [x]), tables)
    half, quarter = fmpq(1, 2), fmpq(1, 4)
    assert (forward - exact_log(fmpq(4, 3)) * half) == 0
    assert (backward - exact_log(fmpq(27, 16)) * quarter) == 0
    assert (value(Entropy(both[0], [x]), tables) - exact_log(fmpq(2))) == 0
    cross = value(CrossEntropy(*both, [x]), tables)
    assert (cross - exact_log(fmpq(4)) * half - exact_log(fmpq(4, 3)) * half) == 0


def test_a_divergence_is_infinite_where_the_second_law_misses_something():
    tables = {"p": {(("x", F(0)),): F(1, 2), (("x", F(1)),): F(1, 2)}, "q": {(("x", F(0)),): F(1)}}
    tables["q"][(("x", F(1)),)] = F(0)
    assert value(KL(Density(p, [x]), Density(q, [x]), [x]), tables) == POSITIVE_INFINITY
    assert value(KL(Density(q, [x]), Density(p, [x]), [x]), tables) - exact_log(fmpq(2)) == 0


def test_events():
    rain, wet = Variable("R", EVENT), Variable("W", EVENT)
    P = Probability
    for claim in (
        Equal(P(Union(rain, wet)), P(rain) + P(wet) - P(Intersection(rain, wet))),
        Equal(P(Complement(rain), wet), 1 - P(rain, wet)),
        Equal(P(rain), P(rain, wet) * P(wet) + P(rain, Complement(wet)) * P(Complement(wet))),
    ):
        assert try_statement(claim, count=20).held["finite"] == 20
    slip = try_statement(Equal(P(Complement(rain), wet), 1 - P(rain, Complement(wet))), count=20)
    assert slip.refuted and "R = yes" in str(slip.refutation)


BAYES = Equal(Density(p, [A], [B, C]), Density(p, [B], [A, C]) * Density(p, [A], [C]) / Density(p, [B], [C]))


def test_bayes_with_any_context_holds_and_its_slips_do_not():
    assert try_statement(BAYES, count=60).held["finite"] == 60
    for slip in (
        Equal(Density(p, [A], [B, C]), Density(p, [B], [A, C]) * Density(p, [A]) / Density(p, [B], [C])),
        Equal(Density(p, [A], [B, C]), Density(p, [B], [A, C]) * Density(p, [A], [C])),
        Equal(Density(p, [A], [B]), Density(p, [B], [A])),
    ):
        assert try_statement(slip, count=60, kinds=("finite",)).refuted


def test_proportionality_is_in_the_named_variables_only():
    posterior, joint = Density(p, [A], [B]), Density(p, [A, B])
    assert not try_statement(Proportional(posterior, joint, [A]), count=30, kinds=("finite",)).refuted
    assert try_statement(Proportional(posterior, joint, [B]), count=30, kinds=("finite",)).refuted


def test_independence_is_met_exactly_and_gives_no_other():
    factors = Equal(Density(p, [A, B], [C]), Density(p, [A], [C]) * Density(p, [B], [C]))
    given = [Independent([A], [B], [C])]
    assert try_statement(factors, conditions=given, count=40, kinds=("finite",)).held["finite"] == 40
    assert try_statement(factors, conditions=[Independent([A], [B])], count=40, kinds=("finite",)).refuted
    assert try_statement(factors, count=40, kinds=("finite",)).refuted


def test_pairwise_independence_does_not_give_joint_independence():
    pairs = [Independent([A], [B]), Independent([A], [C]), Independent([B], [C])]
    claim = Equal(Density(p, [A, B, C]), Density(p, [A]) * Density(p, [B]) * Density(p, [C]))
    found = try_statement(claim, conditions=pairs, count=100, kinds=("finite",))
    assert found.refuted


def test_the_table_that_breaks_a_fallacy():
    claim = Equal(Density(p, [A, B], [C]), Density(p, [A], [C]) * Density(p, [B], [C]))
    coins = {
        (("A", F(a)), ("B", F(b)), ("C", F(a ^ b))): F(1, 4) for a in (0, 1) for b in (0, 1)
    }  # fmt: skip
    world = table_world((claim,), {"p": coins}, Setting(measure="counting"))
    world.sets = {(name, ()): [((name, ()), SCALAR)] for name in "ABC"}
    world.point = point_of({"A": F(0), "B": F(0), "C": F(0)})
    assert holds(world, claim) is False
    assert (world.value(claim.lhs), world.value(claim.rhs)) == (fmpq(1, 2), fmpq(1, 4))
    assert holds(world, Independent([A], [B])) is True


def test_a_refutation_shows_what_redoes_the_sum():
    claim = Equal(Density(p, [x], [y]), Density(p, [x]))
    world = table_world((claim,), TWO)
    assert decide(world, claim) is False
    refutation = refute(world, claim)
    text = str(refutation)
    assert "x = 0, y = 0: 1/2" in text and "x = 1, y = 1: 1/4" in text
    assert f"left side:  {refutation.left}" in text and f"right side: {refutation.right}" in text


def test_positivity_is_asked_for_at_the_point_only():
    """With zeros in the table Bayes still holds wherever its two conditions do."""
    conditions = [Greater(Density(p, [B], [C]), 0), Greater(Density(p, [A], [C]), 0)]
    trial = try_statement(BAYES, conditions=conditions, count=60, kinds=("finite",))
    assert trial.held["finite"] == 60


def test_jensen_and_its_wrong_way_round():
    f = Application("f", SCALAR, (), A)
    inside, outside = Expectation(log(f), Density(p, [A])), log(Expectation(f, Density(p, [A])))
    given = [Greater(f, 0)]
    assert not try_statement(LessEqual(inside, outside), conditions=given, count=40).refuted
    assert try_statement(LessEqual(outside, inside), conditions=given, count=40).refuted
