"""Sums over two indices, which SymPy writes as one: taken apart, and put together."""

from __future__ import annotations

import pytest

import derive
from derive.errors import DeriveError

NUMBERS = (r"n \ge 1", r"m \ge 1", r"a_{ij} \in \mathbb{R}", r"b_{ij} \in \mathbb{R}", r"c \in \mathbb{R}")
POINTS = (r"n \ge 1", r"m \ge 1", r"x_i \in \mathbb{R}^d", r"y_j \in \mathbb{R}^d")


def reached(start, line, goal, given):
    derivation = derive.Derivation(start, given=list(given)).by(line)
    assert derivation.obligations == ()
    return derivation.current == derivation.read(goal)


@pytest.mark.parametrize(
    ("start", "goal", "given"),
    [
        (
            r"\sum_{i=1}^{n} \sum_{j=1}^{m} (a_{ij} + b_{ij})",
            r"\sum_{i=1}^{n} \sum_{j=1}^{m} a_{ij} + \sum_{i=1}^{n} \sum_{j=1}^{m} b_{ij}", NUMBERS,
        ),
        (r"\sum_{i=1}^{n} \sum_{j=1}^{m} c\, a_{ij}", r"c \sum_{i=1}^{n} \sum_{j=1}^{m} a_{ij}", NUMBERS),
        (
            r"\sum_{i=1}^{n} \sum_{j=1}^{i} (c\, a_{ij} + b_{ij})",
            r"c \sum_{i=1}^{n} \sum_{j=1}^{i} a_{ij} + \sum_{i=1}^{n} \sum_{j=1}^{i} b_{ij}", NUMBERS,
        ),
        (
            r"\sum_{i=1}^{n} \sum_{j=1}^{m} (x_i - y_j)",
            r"m \sum_{i=1}^{n} x_i - n \sum_{j=1}^{m} y_j", POINTS,
        ),
    ],
)  # fmt: skip
def test_linearity_takes_a_double_sum_apart(start, goal, given):
    assert reached(start, "linearity", goal, given)


def test_two_double_sums_are_one():
    whole = r"\sum_{i=1}^{n} \sum_{j=1}^{m} a_{ij} + \sum_{i=1}^{n} \sum_{j=1}^{m} b_{ij}"
    derivation = derive.Derivation(whole, given=list(NUMBERS)).by("sum-combine")
    assert derivation.by("linearity").current == derivation.start


def test_a_sum_that_may_have_less_than_no_terms_says_so():
    open_ = derive.Derivation(r"\sum_{i=1}^{n} \sum_{j=1}^{m} (x_i - y_j)", given=[r"n \ge 1", *POINTS[2:]])
    assert [str(condition) for condition in open_.by("linearity").obligations] == ["m ≥ 0"]


@pytest.mark.parametrize(
    ("start", "goal"),
    [
        (r"\sum_{i=1}^{n} \sum_{j=1}^{i} c", r"n i c"),
        (r"\sum_{i=1}^{n} \sum_{j=1}^{m} a_{ij}", r"\sum_{i=1}^{m} \sum_{j=1}^{n} a_{ij}"),
        (r"\sum_{i=1}^{n} \sum_{j=1}^{m} a_{ij} b_{ij}",
         r"\sum_{i=1}^{n} \sum_{j=1}^{m} a_{ij} \sum_{i=1}^{n} \sum_{j=1}^{m} b_{ij}"),
        (r"\sum_{i=1}^{n} \sum_{j=1}^{i} a_{ij}", r"\sum_{i=1}^{n} \sum_{j=1}^{n} a_{ij}"),
    ],
)  # fmt: skip
def test_what_does_not_follow_is_refused(start, goal):
    with pytest.raises(DeriveError):
        derive.Derivation(start, given=list(NUMBERS)).reaching(goal)
