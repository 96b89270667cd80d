"""Inverses of sums beside their sums: what cancels does, and what only looks as if it did does not."""

from __future__ import annotations

import pytest

import derive

GIVEN = [
    r"P \in \mathbb{R}^{d \times d}", r"Q \in \mathbb{R}^{d \times d}", r"R \in \mathbb{R}^{n \times n}",
    r"H \in \mathbb{R}^{n \times d}", r"A \in \mathbb{R}^{d \times d}", r"B \in \mathbb{R}^{d \times d}",
    r"P \succ 0", r"Q \succ 0", r"R \succ 0", r"x \in \mathbb{R}^d",
]  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    [
        r"(P + Q)^{-1} P = I - (P + Q)^{-1} Q",
        r"P (P + Q)^{-1} Q = Q (P + Q)^{-1} P",
        r"P (P + Q)^{-1} Q = P - P (P + Q)^{-1} P",
        r"P^{-1} Q (P + Q)^{-1} = P^{-1} - (P + Q)^{-1}",
        r"(2 P + 3 Q)^{-1} P = \frac12 I - \frac32 (2 P + 3 Q)^{-1} Q",
        r"(P^{-1} + H^\top R^{-1} H) P H^\top (H P H^\top + R)^{-1} = H^\top R^{-1}",
        r"x^\top (P + Q)^{-1} P x + x^\top (P + Q)^{-1} Q x = \|x\|^2",
    ],
)
def test_what_cancels(statement):
    assert derive.check(statement, given=GIVEN).status == "proved"


@pytest.mark.parametrize(
    "statement",
    [
        r"(P + Q)^{-1} P = I + (P + Q)^{-1} Q",
        r"P (P + Q)^{-1} Q = Q - P (P + Q)^{-1} P",
        r"P^{-1} Q (P + Q)^{-1} = Q^{-1} - (P + Q)^{-1}",
        r"(A B + P)^{-1} B A = I - (A B + P)^{-1} P",
        r"B A (A B + P)^{-1} = I - P (A B + P)^{-1}",
        r"A^\top (A + P)^{-1} = I - P (A + P)^{-1}",
        r"(2 P + 3 Q)^{-1} P = I - 3 (2 P + 3 Q)^{-1} Q",
    ],
)
def test_what_does_not(statement):
    assert derive.check(statement, given=GIVEN).status != "proved"


def test_a_matrix_that_may_be_singular_is_said():
    """A⁻¹ A = I leaves open that A has an inverse."""
    verdict = derive.check(r"A^{-1} A = I", given=GIVEN)
    assert verdict.status == "proved" and len(verdict.provided) == 1
    assert derive.check(r"P^{-1} P = I", given=GIVEN).provided == ()
