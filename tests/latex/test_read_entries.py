"""Entries of a vector that is declared by its bare name."""

import pytest

import derive

PLANE = r"x \in \mathbb{R}^2"


@pytest.mark.parametrize(
    ("claim", "given", "wrong"),
    [
        (r"x^\top y = \sum_i x_i y_i", [r"x \in \mathbb{R}^d", r"y \in \mathbb{R}^d"], r"x^\top y = \sum_i x_i"),
        (r"\|x\|^2 = \sum_{i=1}^n x_i^2", [r"x \in \mathbb{R}^n"], r"\|x\|^2 = \sum_{i=1}^n x_i"),
        (r"\|x\|^2 = x_1^2 + x_2^2", [PLANE], r"\|x\|^2 = x_1^2 + 2 x_2^2"),
    ],
)
def test_entries(claim, given, wrong):
    """The trap: x_i as a further vector, beside x, so that what is true of its entries is refuted."""
    found = derive.check(claim, given=given)
    assert found.status != "refuted" and any("entry of the vector x" in note for note in found.read_as)
    assert derive.check(wrong, given=given).status == "refuted"


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"\|x\|^2 = \|x_0\|^2 + \|x_1\|^2", [PLANE]),
        (r"\bar{x} = \frac{1}{n} \sum_{i=1}^n x_i", [r"\bar{x} \in \mathbb{R}^d", r"x_i \in \mathbb{R}^d"]),
        (r"x_1 = x_2", [PLANE, r"x_t \in \mathbb{R}^2"]),
    ],
)
def test_points_of_their_own(claim, given):
    """x_0 is none of its entries, nor is what is declared with an index."""
    assert not any("entry" in note for note in derive.check(claim, given=given).read_as)
