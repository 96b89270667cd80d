"""A refutation is shown with numbers that a person can put in, and they satisfy what is assumed."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

import derive

CLAIMS = [
    (r"\bar\alpha_t = \alpha_{t-1} \bar\alpha_{t-1}",
     (r"\bar\alpha_t = \prod_{s=1}^{t} \alpha_s", r"0 < \alpha_t < 1", r"t \ge 2")),
    (r"\log \bar\alpha_t = \log \bar\alpha_{t-1}",
     (r"\bar\alpha_t = \prod_{s=1}^{t} \alpha_s", r"0 < \alpha_t < 1", r"t \ge 2")),
    (r"\sqrt{\bar\alpha_t} x_0 = \sqrt{\alpha_t} x_0",
     (r"\bar\alpha_t = \prod_{s=1}^{t} \alpha_s", r"0 < \alpha_t < 1", r"t \ge 2", r"x_0 \in \mathbb{R}^d")),
    (r"D_{KL}(\mathcal{N}(\mu, \sigma^2) \,\|\, \mathcal{N}(0, 1)) = \frac{1}{2} (\mu^2 + \sigma^2 - 1)",
     (r"\sigma > 0", r"\mu \in \mathbb{R}")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "given"), CLAIMS)
def test_numbers_are_small(text: str, given: tuple[str, ...]) -> None:
    verdict = derive.check(text, given=list(given))
    assert verdict.status == "refuted"
    line = next(line for line in str(verdict.counterexample).splitlines() if line.startswith("at "))
    numbers = [Fraction(found) for found in re.findall(r"= \(?(-?\d+(?:/\d+)?)", line)]
    assert numbers and all(abs(n.numerator) <= 16 and n.denominator <= 16 for n in numbers)


def test_bounds_hold_of_the_simpler_numbers() -> None:
    verdict = derive.check(CLAIMS[0][0], given=list(CLAIMS[0][1]))
    found = re.findall(r"(?<!\w)α([₀-₉]) = (\d+/\d+)", str(verdict.counterexample))
    assert found and all(0 < Fraction(value) < 1 for _, value in found)


def test_all_that_redoes_the_sum_is_listed() -> None:
    """ᾱ_2 is α_1 α_2: both are shown, though only the product is asked for."""
    verdict = derive.check(CLAIMS[1][0], given=list(CLAIMS[1][1]))
    text = str(verdict.counterexample)
    steps = int(re.search(r"t = (\d)", text).group(1))  # type: ignore[union-attr]
    assert all(f"α{'₀₁₂₃₄₅₆₇₈₉'[step]} = " in text for step in range(1, steps + 1))


def test_the_same_seed_shows_the_same_world() -> None:
    first, second = (derive.check(CLAIMS[2][0], given=list(CLAIMS[2][1])) for _ in range(2))
    assert str(first.counterexample) == str(second.counterexample)
