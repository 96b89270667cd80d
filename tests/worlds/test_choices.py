"""Events written as relations, indicators, cases, optima, blocks and roots of matrices have their values in worlds."""

from __future__ import annotations

import pytest
from flint import fmpq

import derive
from derive.latex import read_statement, read_term
from derive.terms import Equal
from derive.worlds import Setting, try_statement
from derive.worlds.trial import build

SEEDS = range(6)


def fares(text: str, *given: str) -> str:
    """How a statement with givens fares: the verdict's status."""
    return str(derive.check(text, given=list(given)).status)


@pytest.mark.parametrize(
    ("text", "given"),
    [
        (r"\mathbb{E}[\mathbf{1}[X > a]] = P(X < a)", ()),
        (r"P(X \le a) = P(X > a)", ()),
        (r"\max(a, b) = \frac{a + b - |a - b|}{2}", ()),
        (r"\arg\max_\mu -(x - 2\mu)^2 = x", ()),
        (r"\arg\min_\mu \sum_{i=1}^n (x_i - \mu)^2 = \frac{1}{n-1} \sum_{i=1}^n x_i", (r"n \ge 2",)),
        (r"\min_\mu (x - \mu)^2 = 1", ()),
        (r"\Sigma^{1/2} \Sigma^{1/2} = \Sigma^2", (r"\Sigma \succ 0",)),
        (r"\Sigma^{-1/2} \Sigma = I", (r"\Sigma \succ 0",)),
        (r"\sum_{i=1}^n \sum_{j=1}^m x_i y_j = \sum_{i=1}^n x_i y_i", (r"n \ge 1", r"m \ge 1")),
        (r"\int_0^t e^{-a s}\,ds = 1 - e^{-a t}", (r"a > 0",)),
        (r"\mu = \sum_{i=1}^n x_i", (r"\sum_{i=1}^n (x_i - \mu) = 0", r"n \ge 1")),
        (
            r"\nabla_x \log p(x) = w \nabla_x \log p_1(x) + (1 - w) \nabla_x \log p_2(x)",
            (r"p(x) = w p_1(x) + (1 - w) p_2(x)", r"x \in \mathbb{R}^d", r"0 < w < 1", r"p(x) > 0"),
        ),
        (
            r"\mathbb{E}_q\left[\|f(x)\|\right] = \mathbb{E}_q\left[\|f(x)\|^2\right]",
            (r"x \in \mathbb{R}^d", r"f(x) \in \mathbb{R}^d"),
        ),
    ],
)
def test_false_claims_are_refuted(text: str, given: tuple[str, ...]) -> None:
    assert fares(text, *given) == "refuted"


@pytest.mark.parametrize(
    ("text", "given"),
    [
        (r"\mathbb{E}[\mathbf{1}[X > a]] = P(X > a)", ()),
        (r"P(X \le a) = 1 - P(X > a)", ()),
        (r"\arg\max_\mu -(x - \mu)^2 = x", ()),
        (r"\arg\min_\mu \sum_{i=1}^n (x_i - \mu)^2 = \frac{1}{n} \sum_{i=1}^n x_i", (r"n \ge 1",)),
        (r"\min_\mu (x - \mu)^2 + 1 = 1", ()),
        (r"\Sigma^{1/2} \Sigma^{1/2} = \Sigma", (r"\Sigma \succ 0",)),
        (r"\mu = \frac{1}{n} \sum_{i=1}^n x_i", (r"\sum_{i=1}^n (x_i - \mu) = 0", r"n \ge 1")),
    ],
)
def test_true_claims_are_not(text: str, given: tuple[str, ...]) -> None:
    assert fares(text, *given) != "refuted"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_root_of_a_matrix_squares_to_it(seed: int) -> None:
    claim = read_statement(r"\Sigma^{1/2} \Sigma^{1/2} = \Sigma").term
    given = read_statement(r"\Sigma \succ 0").term
    trial = try_statement(claim, Setting(assumptions=(given,)), seed=seed, count=3)
    assert trial.exercised and not trial.refuted


def test_a_function_without_a_peak_has_no_optimum() -> None:
    term = read_term(r"\max_\mu (x - \mu)^2").term
    trial = try_statement(Equal(term, 0), Setting(), count=3)
    assert not trial.exercised


def test_a_line_need_make_no_sense_beyond_its_range() -> None:
    """At t = 1 nothing lies between 0 and 1 − 1; the givens begin at 2."""
    given = (r"0 < \beta_t < 1", r"\bar\alpha_t = \prod_{s=1}^{t} (1 - \beta_s)",
             r"0 < \sigma_t^2 < 1 - \bar\alpha_{t-1}", r"t \ge 2")  # fmt: skip
    assert fares(r"\sigma_t^2 = 1 - \bar\alpha_{t-1}", *given) == "refuted"


def test_the_same_seed_builds_the_same_world_with_a_preset() -> None:
    claim = read_statement("a + b = 3").term
    worlds = [build("finite", Setting(), (claim,), "seed", 1, preset={("a", ()): fmpq(1)}) for _ in range(2)]
    values = [world.value(read_term("a + b").term) for world in worlds]
    assert values[0] == values[1]
