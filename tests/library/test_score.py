"""Tweedie's formula and denoising score matching: derived for any law of the data, and against a law of two points."""

from __future__ import annotations

import json
import math
from functools import cache

import pytest
from sympy import Symbol

import derive
from derive import certificates
from derive.errors import DeriveError
from derive.grounds.conditions import is_regularity
from derive.grounds.context import Context
from derive.library import load_model
from derive.rulebook import load_rulebook
from derive.tactics.tidy import linear_parts
from derive.terms import SCALAR, Equal, Expectation, Gradient, Variable, substitute
from derive.trials import try_claim, try_derivation

NAMES = ["marginal", "start", "tweedie", "noise", "denoising", "network"]
t = Symbol("t")


@cache
def loaded(name):
    return derive.load(f"score.{name}")


@pytest.mark.parametrize("name", NAMES)
def test_the_published_result_is_reached(name):
    assert loaded(name).goal_reached is True
    assert all(is_regularity(condition) for condition in loaded(name).obligations)


@pytest.mark.parametrize("name", ["marginal", "start", "tweedie", "noise"])
def test_it_holds_for_every_law_of_the_data(name):
    """Nothing is assumed: the means given a noisy point exist, and the derivative goes inside, whatever q(x_0) is."""
    assert loaded(name).obligations == ()


@pytest.mark.parametrize("name", NAMES)
def test_every_line_holds_in_worlds(name):
    for line, trial in zip(loaded(name).steps, try_derivation(loaded(name), count=2), strict=True):
        assert trial.refutation is None, line.by
        assert sum(trial.tried.values()), line.by


@pytest.mark.parametrize("name", NAMES)
def test_its_certificate_is_checked(name):
    text = json.dumps(certificates.certificate(loaded(name).theorem, name))
    assert certificates.check(json.loads(text), load_rulebook()).statement == loaded(name).result


STARTS = {-1.3: 0.25, 0.4: 0.35, 2.0: 0.4}


def _seen(point, level):
    """Density, mean start and score at a noisy point, from their definitions for a law of three points."""
    weights = {
        start: weight * math.exp(-((point - math.sqrt(level) * start) ** 2) / (2 * (1 - level)))
        for start, weight in STARTS.items()
    }
    total = sum(weights.values())
    mean = sum(start * weight for start, weight in weights.items()) / total
    return total, mean


@pytest.mark.parametrize("point", [-2.0, 0.1, 1.5])
@pytest.mark.parametrize("level", [0.3, 0.8])
def test_tweedie_for_a_law_that_is_no_gaussian(point, level):
    step = 1e-5
    above, below = (math.log(_seen(point + move, level)[0]) for move in (step, -step))
    score = (above - below) / (2 * step)
    _, mean = _seen(point, level)
    found = 0.0
    for item, slope in linear_parts(loaded("tweedie").result.rhs).items():
        value = score if isinstance(item, Gradient) else point
        found += float(substitute(slope, {Variable("\\bar\\alpha", SCALAR, t): level})) * value
    assert found == pytest.approx(mean, abs=1e-6)


def test_the_network_stands_in_one_term_of_the_identity_only():
    """What denoising adds to score matching does not depend on the network."""
    spread = [part for part in loaded("denoising").result.rhs.args if not part.has(Symbol("\\theta"))]
    assert len(spread) == 1
    assert isinstance(spread[0], Expectation)


E = r"\mathbb{E}_{q(x_0 \mid x_t)}[x_0]"
SCORE = r"\nabla_{x_t} \log q(x_t)"


@pytest.mark.parametrize(
    ("wrong", "refuted"),
    [
        (rf"\frac{{1}}{{\sqrt{{\bar\alpha_t}}}} (x_t + (1 - \bar\alpha_t) {SCORE})", False),
        (rf"\frac{{1}}{{\sqrt{{\bar\alpha_t}}}} (x_t - (1 - \bar\alpha_t) {SCORE})", True),
        (rf"\frac{{1}}{{\sqrt{{\bar\alpha_t}}}} (x_t + \sqrt{{1 - \bar\alpha_t}} {SCORE})", True),
        (rf"x_t + (1 - \bar\alpha_t) {SCORE}", True),
        (r"\sqrt{\bar\alpha_t} x_t", True),  # true of one law of the data, the standard Gaussian
    ],
)
def test_a_slip_in_the_formula_is_refuted_by_a_world(wrong, refuted):
    model = load_model("score")
    claim = Equal(derive.read(E, model=model), derive.read(wrong, model=model))
    given = derive.read(r"t \ge 1", model=model)
    trial = try_claim(claim, Context.of(model, (given,), (claim,)), seed=1, count=8)
    assert trial.refuted is refuted
    assert trial.exercised


def test_before_the_first_step_nothing_is_said(tmp_path):
    """At t = 0 there is no noise, and q(x_0 | x_0) has no score."""
    path = tmp_path / "early.md"
    path.write_text(
        "# E\n\n## one\n\n```derive\nmodel score\ngiven t \\ge 0\nstart " + E + "\nby score.tweedie\n```\n",
        encoding="utf-8",
    )
    try:
        found = derive.load(path)
    except DeriveError:
        return
    assert not all(is_regularity(condition) for condition in found.obligations)
