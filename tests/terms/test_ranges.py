"""Ranges as people write them."""

import pytest
from sympy import Symbol

from derive.latex import unicode_text
from derive.terms import Greater, GreaterEqual, Less, LessEqual
from derive.terms.ranges import as_written, is_among

s, t, T, k = (Symbol(name, integer=True) for name in ("s", "t", "T", "k"))
rho = Symbol(r"\rho", real=True)


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        ([LessEqual(1, t)], "t ≥ 1"),
        ([LessEqual(2, t), LessEqual(t, T)], "2 ≤ t ≤ T"),
        ([LessEqual(t, T), LessEqual(0, s), LessEqual(s + 1, t)], "0 ≤ s < t ≤ T"),
        ([LessEqual(0, T - 1)], "T ≥ 1"),
        ([LessEqual(1, k), LessEqual(k + 1, T)], "1 ≤ k < T"),
        ([GreaterEqual(k, 1), LessEqual(k, T - 1)], "1 ≤ k < T"),
        ([LessEqual(1, s), LessEqual(1, t)], "s ≥ 1, t ≥ 1"),
        ([LessEqual(s + 2, t)], "s + 2 ≤ t"),
    ],
)
def test_ranges_of_whole_numbers(bounds, said) -> None:
    assert ", ".join(map(unicode_text, as_written(bounds, whole=True))) == said


def test_of_hypotheses_only_chains_are_joined() -> None:
    v = Symbol("v", real=True)
    facts = [Greater(v, 0), Less(-1, rho), Less(rho, 1)]
    assert ", ".join(map(unicode_text, as_written(facts))) == "v > 0, −1 < ρ < 1"


def test_a_bound_is_known_however_it_is_arranged() -> None:
    ranges = [LessEqual(s + 1, t), LessEqual(1, s)]
    assert is_among(Less(s, t), ranges) and is_among(LessEqual(s, t - 1), ranges) and is_among(Greater(s, 0), ranges)
    assert not is_among(Less(s, t - 1), ranges) and not is_among(LessEqual(s, t), ranges)
