"""The library's other derivations, each compared with the textbook's statement; and derivations built in Python."""

from __future__ import annotations

import pytest

import derive
from derive.errors import DerivationError, KernelRefusal, NotFound
from derive.grounds.conditions import is_regularity
from derive.library import all_names
from derive.terms import AlmostEverywhere, Equal, Normal, Proportional
from derive.trials import try_derivation


@pytest.mark.parametrize("name", all_names())
def test_it_runs_and_reaches_its_goal(name):
    """Every derivation of the library; it leaves open at most that integrals exist, and a set of measure zero."""
    derivation = derive.load(name)
    assert derivation.goal is None or derivation.goal_reached is True
    open_ = [condition for condition in derivation.obligations if not is_regularity(condition)]
    assert all(isinstance(condition, AlmostEverywhere) for condition in open_)


@pytest.mark.parametrize("name", ["ddpm.marginal", "ddpm.posterior", "ddpm.mean", "foundations.sum-of-gaussians"])
def test_of_gaussians_nothing_is_left_open(name):
    assert derive.load(name).obligations == ()


@pytest.mark.parametrize("name", ["elbo.jensen", "elbo.exact", "elbo.vae", "ddpm.mean", "ddpm.posterior-noise"])
def test_its_lines_hold_in_worlds(name):
    derivation = derive.load(name)
    for line, trial in zip(derivation.steps, try_derivation(derivation, count=3), strict=True):
        assert not trial.refuted, line.by


@pytest.mark.parametrize(
    ("name", "lhs", "rhs"),
    [
        ("bayes", r"p(z \mid x)", r"\frac{p(x \mid z)\, p(z)}{p(x)}"),
        ("forward-factorization", r"q(x_{1:T} \mid x_0)", r"\prod_{t=1}^{T} q(x_t \mid x_{t-1})"),
        ("reverse-factorization", r"p(x_{0:T})", r"p(x_T) \prod_{t=1}^{T} p(x_{t-1} \mid x_t)"),
    ],
)
def test_the_statement_is_the_textbooks(name, lhs, rhs):
    derivation = derive.load(f"foundations.{name}")
    expected = Equal(derivation.read(lhs), derivation.read(rhs))
    assert derivation.result == expected


def test_the_sum_of_gaussians_is_a_gaussian():
    normal = derive.load("foundations.sum-of-gaussians").result.rhs
    assert isinstance(normal, Normal)
    assert {str(symbol) for symbol in normal.variance.free_symbols} == {"v", "w"}


def test_a_derivation_is_a_value():
    start = derive.Derivation(r"q(x_{t-1} \mid x_t, x_0)", model="ddpm", given=[r"t \ge 2"])
    longer = start.by("bayes", A="x_{t-1}", B="x_t")
    assert start.steps == () and len(longer.steps) == 1
    assert longer.steps[0].by == "bayes"
    done = (
        longer.by("drop-conditioning", at=r"q(x_t \mid x_{t-1}, x_0)").by("law").by("ddpm.marginal")
        .by("normal-density")
        .by("drop-constants", variable="x_{t-1}").by("collect", variable="x_{t-1}").by("gaussian-from-quadratic")
    )  # fmt: skip
    assert isinstance(done.result, Proportional)
    assert done.by("normalise").by("tidy").result == derive.load("ddpm.posterior").result
    assert done._repr_latex_().startswith(r"\begin{align*}")
    assert "\\begin{align*}" in done.to_latex()


def test_what_cannot_be_done_is_said():
    start = derive.Derivation(r"q(x_{t-1} \mid x_t, x_0)", model="ddpm", given=[r"t \ge 2"])
    with pytest.raises(DerivationError, match="no rule, tactic or earlier result"):
        start.by("baes")
    with pytest.raises(DerivationError, match="has no 'Z'"):
        start.by("bayes", Z="x_t")
    with pytest.raises(DerivationError, match="does not stand"):
        start.by("law", at=r"q(x_t \mid x_{t-1})")
    with pytest.raises(KernelRefusal):
        start.by("normalise")
    with pytest.raises(NotFound, match="did you mean"):
        derive.load("ddpm.posteror")
