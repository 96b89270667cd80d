"""Independence from a factorization, against exact covariances of random linear-Gaussian chains."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest
from sympy import Integer, Product, Symbol

from derive.models import read_factorization, separated
from derive.models.factorization import generated_once
from derive.terms import Density, IndexFacts, Law, Run, Variable, vector

t, s, T, d = (Symbol(name) for name in "tsTd")
q = Law("q")


def x(index):
    return Variable("x", vector(d), index)


FORWARD = read_factorization(
    Density(q, [Run("x", vector(d), 1, T)], [x(0)]), Product(Density(q, [x(t)], [x(t - 1)]), (t, 1, T))
)
SECOND_ORDER = read_factorization(
    Density(q, [Run("x", vector(d), 2, T)], [x(0), x(1)]),
    Product(Density(q, [x(t)], [x(t - 1), x(t - 2)]), (t, 2, T)),
)
WITH_DATA = read_factorization(
    Density(q, [Run("x", vector(d), 1, T)], [x(0)]), Product(Density(q, [x(t)], [x(t - 1), x(0)]), (t, 1, T))
)
RANGE = IndexFacts().known(t - 1, T - t)


def conditional_covariances(parents: dict[int, list[int]], count: int, given: set[int], seed: int):
    """The exact conditional covariance of each pair, by eliminating the given variables from the joint covariance."""
    random_ = random.Random(seed)
    weights = {(i, j): Fraction(random_.randint(1, 9), random_.randint(1, 9)) for i in parents for j in parents[i]}
    noise = [Fraction(random_.randint(1, 9)) for _ in range(count)]
    covariance = [[Fraction(0)] * count for _ in range(count)]
    for i in range(count):
        for j in range(i):
            covariance[i][j] = covariance[j][i] = sum(
                (weights[i, k] * covariance[k][j] for k in parents.get(i, [])), Fraction(0)
            )
        covariance[i][i] = noise[i] + sum((weights[i, k] * covariance[k][i] for k in parents.get(i, [])), Fraction(0))
    for pivot in sorted(given):
        row = covariance[pivot][:]
        covariance = [
            [covariance[i][j] - row[i] * row[j] / row[pivot] for j in range(count)]
            if i != pivot and row[pivot] else covariance[i]
            for i in range(count)
        ]
        for k in range(count):
            covariance[pivot][k] = covariance[k][pivot] = Fraction(0)
    return covariance


@pytest.mark.parametrize("chain", [FORWARD, SECOND_ORDER, WITH_DATA])
def test_separation_of_numbers_is_zero_conditional_covariance(chain):
    """Generic weights: d-separated exactly where the conditional covariance vanishes (faithfulness)."""
    size = 5
    parents = {
        FORWARD: {i: [i - 1] for i in range(1, size + 1)},
        SECOND_ORDER: {i: [i - 1, i - 2] for i in range(2, size + 1)},
        WITH_DATA: {i: sorted({i - 1, 0}) for i in range(1, size + 1)},
    }[chain]
    if chain is SECOND_ORDER:
        parents = {**parents, 1: [0]}  # the roots may depend on each other
    facts = IndexFacts().known(T - size, size - T)
    random_ = random.Random(11)
    for _ in range(60):
        a, b, *given = random_.sample(range(size + 1), random_.randint(2, 5))
        covariance = conditional_covariances(parents, size + 1, set(given), random_.randint(0, 10**6))
        answer = separated(chain, (x(a),), (x(b),), tuple(x(i) for i in given), facts)
        if answer:
            assert covariance[a][b] == 0
        if covariance[a][b] != 0:
            assert answer is None
        if chain is FORWARD:
            assert (covariance[a][b] == 0) == (answer is True)


@pytest.mark.parametrize(
    ("left", "right", "given", "facts", "expected"),
    [
        (x(t), x(0), [x(t - 1)], IndexFacts().known(t - 2, T - t), True),
        (x(t), x(0), [x(t - 1)], RANGE, None),  # at t = 1 the two are one variable
        (x(t - 1), x(t + 1), [x(t)], IndexFacts().known(t - 1, T - t - 1), True),
        (x(t), x(t + 1), [x(t - 1)], IndexFacts().known(t - 1, T - t - 1), None),
        (x(t), Run("x", vector(d), 0, t - 2), [x(t - 1)], IndexFacts().known(t - 2, T - t), True),
        (x(t), x(T), [x(0)], IndexFacts().known(t - 1, T - t - 1), None),
        (x(s), x(T), [x(t)], IndexFacts().known(s - 1, t - s - 1, T - t - 1), True),
    ],
)
def test_symbolic_indices(left, right, given, facts, expected):
    assert separated(FORWARD, (left,), (right,), tuple(given), facts) is expected


def test_longer_memory_needs_more_of_the_past():
    facts = IndexFacts().known(t - 4, T - t)
    assert separated(SECOND_ORDER, (x(t),), (x(t - 3),), (x(t - 1), x(t - 2)), facts) is True
    assert separated(SECOND_ORDER, (x(t),), (x(t - 3),), (x(t - 1),), facts) is None


def test_what_is_not_in_the_graph_is_unknown():
    assert separated(FORWARD, (x(t),), (Variable("y", vector(d)),), (x(t - 1),), RANGE) is None


def test_a_symbolic_answer_holds_at_every_number():
    """The bound on the numbers looked at is enough: the symbolic answer agrees with larger chains."""
    facts = IndexFacts().known(t - 2, T - t)
    for size, place in itertools.product((12, 17), (2, 9, 12)):
        fixed = IndexFacts().known(T - size, size - T)
        assert separated(FORWARD, (x(place),), (x(0),), (x(place - 1),), fixed) is not False
    assert separated(FORWARD, (x(t),), (x(0),), (x(t - 1),), facts) is True


def test_each_variable_is_generated_once():
    assert generated_once(FORWARD, {T: 4})
    twice = read_factorization(
        Density(q, [Run("x", vector(d), 1, T)], [x(0)]),
        Product(Density(q, [x(t)], [x(t - 1)]), (t, 1, T)) * Density(q, [x(1)], [x(0)]),
    )
    assert twice is not None
    assert not generated_once(twice, {T: 4})
    circle = read_factorization(
        Density(q, [x(1), x(2)], []), Density(q, [x(1)], [x(2)]) * Density(q, [x(2)], [x(1)])
    )
    assert circle is not None
    assert not generated_once(circle, {T: Integer(2)})
