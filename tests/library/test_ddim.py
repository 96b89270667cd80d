"""The non-Markov family with denoising diffusion's marginals: derived, tried in worlds, and against numbers."""

from __future__ import annotations

import json
import random
from functools import cache

import pytest
from sympy import Rational, Symbol, sqrt

import derive
from derive import certificates
from derive.errors import DeriveError
from derive.folders import derivations_folder
from derive.grounds.conditions import is_regularity
from derive.rulebook import load_rulebook
from derive.terms import SCALAR, Variable, substitute
from derive.terms.quadratics import coefficient
from derive.trials import try_derivation

NAMES = ["room", "marginal", "posterior", "update", "deterministic", "deterministic-update"]
t = Symbol("t")


@cache
def loaded(name):
    return derive.load(f"ddim.{name}")


@pytest.mark.parametrize("name", NAMES)
def test_the_published_result_is_reached(name):
    assert loaded(name).goal_reached is True
    assert all(is_regularity(condition) for condition in loaded(name).obligations)


@pytest.mark.parametrize("name", NAMES)
def test_every_line_holds_in_worlds(name):
    for line, trial in zip(loaded(name).steps, try_derivation(loaded(name), count=3), strict=True):
        assert trial.refutation is None, line.by
        assert sum(trial.tried.values()), line.by


@pytest.mark.parametrize("name", NAMES)
def test_its_certificate_is_checked(name):
    text = json.dumps(certificates.certificate(loaded(name).theorem, name))
    assert certificates.check(json.loads(text), load_rulebook()).statement == loaded(name).result


def test_the_densities_leave_nothing_open():
    assert loaded("marginal").obligations == ()
    assert loaded("posterior").obligations == ()


def test_a_step_with_the_posterior_variance_is_the_posterior_of_denoising_diffusion():
    mine, other = loaded("posterior").result.rhs, derive.load("ddpm.posterior").result.rhs
    assert mine == other


@pytest.mark.parametrize("seed", range(4))
def test_the_step_keeps_mean_and_variance_of_the_marginal(seed):
    """With numbers, in one dimension: a²(1 − ᾱ_t) + σ_t² = 1 − ᾱ_{t−1}, and the mean stays a multiple of x_0."""
    chance = random.Random(seed)
    before = Rational(chance.randint(5, 8), 9)
    now = before * Rational(chance.randint(1, 8), 9)
    part = Rational(chance.randint(1, 9), 9)
    normal = loaded("update").model.laws[1].rhs
    names = {("\\bar\\alpha", t): now, ("\\bar\\alpha", t - 1): before}
    numbers = {Variable(name, SCALAR, index): value for (name, index), value in names.items()}
    numbers[Variable("\\sigma", SCALAR, t)] = sqrt(part * (1 - before))
    points = {item.indices[0]: item for item in normal.mean.free_symbols if getattr(item, "name", "") == "x"}
    facts = loaded("update").context.facts
    of_x_t, rest = coefficient(normal.mean, points[t], facts)
    of_x_0, none = coefficient(rest, points[0], facts)
    of_x_t, of_x_0, variance = (substitute(item, numbers) for item in (of_x_t, of_x_0, normal.variance))
    assert none == 0
    assert (of_x_t**2 * (1 - now) + variance - (1 - before)).expand().nsimplify() == 0
    assert abs((of_x_t * sqrt(now) + of_x_0 - sqrt(before)).evalf(30)) < 1e-25


# ---- what must fail ------------------------------------------------------------------------------------------------


def changed(tmp_path, old, new):
    text = (derivations_folder() / "ddim.md").read_text(encoding="utf-8")
    assert old in text
    text = text[: text.index("## posterior")].replace(old, new)
    path = tmp_path / "ddim.md"
    path.write_text(text.replace("model ddim\n", ""), encoding="utf-8")
    return derive.load(path, model=path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("given k \\le T - 1\n", ""),  # at k = T it would speak of x_0 given itself
        ("(1 - \\bar\\alpha_{T-k}) I)\n```", "(1 - \\bar\\alpha_{T-k})^2 I)\n```"),
        (
            "goal q(x_{T-k} \\mid x_0) = \\mathcal{N}(x_{T-k}; \\sqrt",
            "goal q(x_{T-k} \\mid x_0) = \\mathcal{N}(x_{T-k}; ",
        ),
        ("\\sqrt{1 - \\bar\\alpha_{t-1} - \\sigma_t^2}", "\\sqrt{1 - \\bar\\alpha_{t-1}}"),
    ],
)
def test_a_slip_in_the_family_or_in_its_marginal_is_refused(tmp_path, old, new):
    with pytest.raises(DeriveError):
        changed(tmp_path, old, new)


def test_the_family_itself_passes_the_same_way(tmp_path):
    assert changed(tmp_path, "k steps before", "k steps before").goal_reached is True
