"""The evidence bound of Ho et al. (2020), eq. 5, with symbolic T: derived, and its value against the definition."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sympy import Integer, Symbol

import derive
from derive import certificates
from derive.grounds.conditions import is_regularity
from derive.grounds.context import Context
from derive.library import model_of
from derive.rulebook import load_rulebook
from derive.terms import Equal, GreaterEqual, LessEqual
from derive.trials import try_claim, try_derivation

MODELS = ["ddpm", "linear-gaussian", "variance-exploding"]


@pytest.fixture(scope="module")
def loss():
    return derive.load("ddpm.loss")


def test_the_published_bound_is_reached(loss):
    assert isinstance(loss.result, LessEqual)
    assert loss.goal_reached is True


def test_only_that_integrals_exist_is_left_open(loss):
    assert loss.obligations
    assert all(is_regularity(condition) for condition in loss.obligations)


@pytest.mark.parametrize("model", MODELS)
def test_it_runs_on_any_linear_gaussian_chain(model):
    assert derive.load("ddpm.loss", model=model).result == derive.load("ddpm.loss").result


def test_every_line_holds_in_worlds(loss):
    for line, trial in zip(loss.steps, try_derivation(loss, count=4), strict=True):
        assert trial.refutation is None, line.by
        assert sum(trial.held.values() if isinstance(trial.held, dict) else [trial.held]), line.by


def test_the_bound_has_the_value_of_its_definition(loss):
    """E_q[log q(x_{1:T} | x_0) − log p_θ(x_{0:T})], by definition, in random finite worlds with T from 1 on."""
    definition = loss.read(r"\mathbb{E}_{q(x_{1:T} \mid x_0)}[\log q(x_{1:T} \mid x_0) - \log p_\theta(x_{0:T})]")
    trial = try_claim(Equal(definition, loss.result.rhs), loss.context, seed=3, count=30)
    assert trial.refutation is None
    assert sum(trial.held.values() if isinstance(trial.held, dict) else [trial.held]) >= 30


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_the_value_for_each_number_of_steps(loss, size):
    """The same with T held at 1, 2, 3 and 4, each step's table drawn anew; `benchmarks/loss.py` takes 200 of each."""
    definition = loss.read(r"\mathbb{E}_{q(x_{1:T} \mid x_0)}[\log q(x_{1:T} \mid x_0) - \log p_\theta(x_{0:T})]")
    claim = Equal(definition, loss.result.rhs)
    held = (GreaterEqual(Symbol("T"), Integer(size)), LessEqual(Symbol("T"), Integer(size)))
    context = Context.of(loss.model, held, (claim,)).about(claim)
    trial = try_claim(claim, context, seed=size, count=6, kinds=("finite",))
    assert trial.refutation is None
    assert trial.held["finite"] >= 6


BOUND = (
    r"D_{\mathrm{KL}}(q(x_T \mid x_0) \,\|\, p_\theta(x_T)) + \sum_{t=2}^{T} \mathbb{E}_{q(x_t \mid x_0)}["
    r"D_{\mathrm{KL}}(q(x_{t-1} \mid x_t, x_0) \,\|\, p_\theta(x_{t-1} \mid x_t))]"
    r" - \mathbb{E}_{q(x_1 \mid x_0)}[\log p_\theta(x_0 \mid x_1)]"
)
CHAINS = [
    r"x_t \in \mathbb{R}^d",
    r"q(x_{1:T} \mid x_0) = \prod_{t=1}^{T} q(x_t \mid x_{t-1})",
    r"p_\theta(x_{0:T}) = p_\theta(x_T) \prod_{t=1}^{T} p_\theta(x_{t-1} \mid x_t)",
    r"T \ge 1",
]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        (r"q(x_T \mid x_0) \,\|\, p_\theta(x_T)", r"p_\theta(x_T) \,\|\, q(x_T \mid x_0)"),
        ("t=2", "t=3"),
        (r" - \mathbb{E}", r" + \mathbb{E}"),
        (r"q(x_{t-1} \mid x_t, x_0) \,", r"q(x_{t-1} \mid x_0) \,"),
    ],
)
def test_a_slip_in_the_bound_is_refuted(old, new):
    """For chains of which only the factorizations are known: the bound holds, each slip is refuted by a world."""
    model = model_of(CHAINS)
    definition = r"\mathbb{E}_{q(x_{1:T} \mid x_0)}[\log q(x_{1:T} \mid x_0) - \log p_\theta(x_{0:T})]"
    claim = Equal(*(derive.read(side, model=model) for side in (definition, BOUND.replace(old, new, 1))))
    trial = try_claim(claim, Context.of(model, (), (claim,)), seed=3, count=30)
    assert trial.refuted is bool(old)
    assert trial.exercised


def test_its_certificate_is_checked(loss):
    text = json.dumps(certificates.certificate(loss.theorem, loss.name))
    assert certificates.check(json.loads(text), load_rulebook()).statement == loss.result


def test_it_needs_at_least_one_step(loss):
    """T ≥ 1: without it the first step cannot be split off."""
    assert any("T" in str(condition.condition) for line in loss.steps for step in line.steps
               for condition in step.conditions if condition.kind in ("when", "range"))  # fmt: skip
    assert replace(loss, name="again").result == loss.result
