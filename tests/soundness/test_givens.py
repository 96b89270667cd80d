"""Givens that contradict each other, or that only make sense for some values."""

from __future__ import annotations

import pytest

from tests.soundness.claims import status, verdict

SQUARE = [rf"{name} \in \mathbb{{R}}^{{d \times d}}" for name in "AB"]


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"x^2 \ge 0", [r"x > 1", r"x < 0"]),
        (r"x = x", [r"x = 1", r"x = 2"]),
        (r"\sqrt{x^2} = x", [r"x > 0", r"x < -1"]),
        (r"a = b", [r"a = 1", r"a = 2"]),
        (r"x = x + 1", [r"x = x + 1"]),
        (r"p(x) \ge 0", [r"p(x) = -1"]),
        (r"\int p(x) \,dx = 1", [r"p(x) = 0"]),
        (r"\|x\|^2 = x^\top x", [r"x \in \mathbb{R}^d", r"x^\top x = -1"]),
        (r"A^{-1} A = A A^{-1}", [r"A \in \mathbb{R}^{d \times d}", r"A \succ 0", r"-A \succ 0"]),
        (r"\sum_{t=1}^{T} a_t = a_1 + \sum_{t=2}^{T} a_t", [r"T \ge 1", r"T \le 0"]),
        (r"a_t^2 \ge 0", [r"a_t > 1", r"a_t < 1"]),
        (r"x = x", [r"x^2 = -1"]),
        (r"a + b = b + a", [r"a^2 + 1 = 0"]),
        (r"x = x", [r"e^x = 0"]),
        (r"x = x", [r"x > y", r"y > z", r"z > x"]),
        (r"q(x) = q(x)", [r"q(x) = \mathcal{N}(x; 0, -1)"]),
        (r"x \perp y", [r"x \perp y", r"q(x, y) = \frac{1}{2} q(x)\, q(y)"]),
        (r"\mathbb{E}[X] = 0", [r"X \sim \mathcal{N}(0, 1)", r"X \sim \mathcal{N}(1, 1)"]),
    ],
)
def test_contradictory_givens_prove_nothing(claim, given):
    """The trap: from x > 1 and x < 0 everything follows, true claims included."""
    assert status(claim, *given) != "proved"


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"x^2 \ge 0", [r"x > 1"]),
        (r"x = 1", [r"x^2 = 1", r"x > 0"]),
        (r"x^2 > 0", [r"x > 0", r"x \ge 0"]),
        (r"x < 1", [r"x < 1", r"x \le 1"]),
        (r"\mathbb{E}[X] = 0", [r"X \sim \mathcal{N}(0, 1)", r"X \sim \mathcal{N}(0, 1)"]),
        (r"A = B", [*SQUARE, r"C \succ 0", r"A C = B C"]),
        (r"\sqrt{x^2} = x", [r"x > 0"]),
        (r"A^{-1} A = A A^{-1}", [r"A \in \mathbb{R}^{d \times d}", r"A \succ 0"]),
        (r"\sum_{t=1}^{T} a_t = a_1 + \sum_{t=2}^{T} a_t", [r"T \ge 1"]),
    ],
)
def test_consistent_givens_do(claim, given):
    """The other way: a point or a world that satisfies the givens is found where there is one."""
    assert status(claim, *given) == "proved"


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"a > 0", [r"\log a = \log b"]),
        (r"a = b", [r"\log a = \log b"]),
        (r"a \ge 0", [r"\sqrt{a} > -1"]),
        (r"b > 0", [r"a = \log b"]),
        (r"a \ne 0", [r"b = \frac{1}{a}"]),
        (r"v > 0", [r"p(x) = \mathcal{N}(x; 0, v)"]),
        (r"v_t \ge 0", [r"p(x_t) = \mathcal{N}(x_t; 0, v_t)"]),
        (r"\int p(x) \,dx = 1", [r"p(x) = \frac{1}{Z} f(x)"]),
        (r"p(x) = q(x)", [r"p(x) = a\, q(x)"]),
    ],
)
def test_a_given_without_a_value_is_not_satisfied(claim, given):
    """The trap: a world in which log a has no value "satisfies" log a = log b, and refutes what follows from it."""
    assert status(claim, *given) != "refuted"


def test_a_counterexample_satisfies_every_given():
    """The trap: β_3 > 1 in a world, since only β_1 … β_T were drawn within their bounds."""
    assert status(r"\bar\alpha_t > 0", r"t \ge 0", chained=True) == "proved"
    given = r"q(x_t \mid x_0) = \mathcal{N}(x_t; \sqrt{\bar\alpha_t}\, x_0, (1 - \bar\alpha_t) I)"
    assert status(r"\bar\alpha_t > 0", r"t \ge 0", given, chained=True) == "proved"


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"a = b", [r"a^2 = b^2"]),
        (r"a \ge b", [r"a^2 \ge b^2"]),
        (r"a = \sqrt{b}", [r"a^2 = b"]),
        (r"a b > 0", [r"a > 0"]),
        (r"\frac{1}{a} \le \frac{1}{b}", [r"b \le a"]),
    ],
)
def test_some_values_are_not_all(claim, given):
    """The trap: the claim holds for positive values, and nothing says that they are positive."""
    found = verdict(claim, *given)
    assert found.status == "refuted"
    assert found.counterexample is not None


def test_given_of_one_law_is_used_for_that_law():
    """The trap: p(y | x) = p(y) is false of most laws, and true of the one that is given."""
    given = [r"q(x, y) = q(x)\, q(y \mid x)", r"q(y \mid x) = \mathcal{N}(y; 0, 1)"]
    assert status(r"q(y \mid x) = q(y)", *given) != "refuted"
    assert status(r"x \perp y", *given) != "refuted"
    assert status(r"x \perp y", given[0]) == "refuted"


@pytest.mark.parametrize(
    ("claim", "given", "otherwise"),
    [
        (r"\frac{\sigma}{\sigma} = 1", [r"\sigma = 0"], [r"\sigma \ge 0"]),
        (r"\frac{1}{a - b} - \frac{1}{a - b} = 0", ["a = b"], ["a < b"]),
        (r"\log a = \log a", ["a < 0"], ["a < 1"]),
        (r"A^{-1} A = I", [*SQUARE, r"\det A = 0"], [*SQUARE]),
        (r"P(A \mid B) = \frac{P(A \cap B)}{P(B)}", ["P(B) = 0"], [r"P(B) \ge 0"]),
    ],
)
def test_what_is_nowhere_defined_is_not_proved(claim, given, otherwise):
    """The trap: proved, provided that σ ≠ 0, where σ = 0 is given."""
    found = verdict(claim, *given)
    assert found.status == "unknown" and "defined for no value" in found.tried
    assert status(claim, *otherwise) == "proved"
