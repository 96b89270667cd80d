"""Diffusion models in worlds: factorizations, the bound, the loss, networks, quantities that a density names."""

import pytest
from sympy import Integer, Product, Rational, Sum, Symbol, log, sqrt, symbols

from derive.terms import (
    KL,
    SCALAR,
    Application,
    Density,
    Expectation,
    Gradient,
    Identity,
    Integral,
    Law,
    Norm,
    Normal,
    Run,
    Variable,
    vector,
)
from derive.terms.statements import Distributed, Equal, Greater, GreaterEqual, Independent, Less, LessEqual
from derive.worlds import Setting, try_statement

d, t, T, s, theta = symbols(r"d t T s \theta")
R = vector(d)
q, p = Law("q"), Law("p", theta)
x = lambda index: Variable("x", R, index)  # noqa: E731
beta = lambda index: Variable(r"\beta", SCALAR, index)  # noqa: E731
alpha = lambda index: Variable(r"\alpha", SCALAR, index)  # noqa: E731
abar = lambda index: Variable(r"\bar\alpha", SCALAR, index)  # noqa: E731
run = lambda low, high=T: Run("x", R, low, high)  # noqa: E731

FORWARD = Equal(Density(q, [run(1)], [x(0)]), Product(Density(q, [x(t)], [x(t - 1)]), (t, 1, T)))
REVERSE = Equal(Density(p, [run(0)]), Density(Law("p"), [x(T)]) * Product(Density(p, [x(t - 1)], [x(t)]), (t, 1, T)))
STRUCTURE = Setting(factorizations=(FORWARD, REVERSE), assumptions=(GreaterEqual(T, 1),))
GIVENS = (Less(0, beta(t)), Less(beta(t), 1), GreaterEqual(T, 1))
DEFINITIONS = (Equal(alpha(t), 1 - beta(t)), Equal(abar(t), Product(alpha(s), (s, 1, t))))
KERNEL = Equal(Density(q, [x(t)], [x(t - 1)]), Normal(x(t), sqrt(alpha(t)) * x(t - 1), beta(t) * Identity(d)))
DDPM = Setting((FORWARD,), (KERNEL,), DEFINITIONS, GIVENS, measure="lebesgue")


def bound(first):
    """E_q[log p_θ(x_{0:T}) − log q(x_{1:T} | x_0)], regrouped as in Ho et al. 2020, eq. (5)."""
    prior = KL(Density(q, [x(T)], [x(0)]), Density(p, [x(T)]), [x(T)])
    steps = Sum(
        Expectation(
            KL(Density(q, [x(t - 1)], [x(t), x(0)]), Density(p, [x(t - 1)], [x(t)]), [x(t - 1)]),
            Density(q, [x(t)], [x(0)]),
        ),
        (t, first, T),
    )
    return Expectation(log(Density(p, [x(0)], [x(1)])), Density(q, [x(1)], [x(0)])) - prior - steps


def test_the_bound_regroups_into_divergences():
    joint = Density(p, [run(0)])
    elbo = Expectation(log(joint / Density(q, [run(1)], [x(0)])), Density(q, [run(1)], [x(0)]))
    trial = try_statement(Equal(elbo, bound(2)), STRUCTURE, count=12)
    assert trial.refutation is None and trial.held["finite"] == 12 and trial.held["gaussian"] >= 6
    assert try_statement(Equal(elbo, bound(3)), STRUCTURE, count=20).refuted


def test_the_bound_is_a_bound():
    evidence = log(Density(p, [x(0)]))
    trial = try_statement(GreaterEqual(evidence, bound(2)), STRUCTURE, count=12)
    assert trial.refutation is None and trial.held["finite"] == 12
    assert try_statement(LessEqual(evidence, bound(2)), STRUCTURE, count=20).refuted


def test_the_bare_letter_in_a_factorization_is_the_law_itself():
    """p(x_T) in the factorization of p_θ is p_θ(x_T)."""
    claim = Equal(Density(Law("p"), [x(T)]), Density(p, [x(T)]))
    assert not try_statement(claim, STRUCTURE, count=10).refuted
    joint = Equal(Density(p, [run(0)]), Density(p, [x(T)]) * Product(Density(p, [x(t - 1)], [x(t)]), (t, 1, T)))
    assert not try_statement(joint, STRUCTURE, count=10).refuted


@pytest.mark.parametrize("first, holds", [(Integer(1), True), (Integer(2), False)])
def test_the_closed_form_of_the_marginal(first, holds):
    mean = sqrt(Product(alpha(s), (s, first, t)))
    claim = Equal(Density(q, [x(t)], [x(0)]), Normal(x(t), mean * x(0), (1 - mean**2) * Identity(d)))
    setting = DDPM.assuming(GreaterEqual(t, 1), LessEqual(t, T))
    assert try_statement(claim, setting, count=15).refuted is not holds


def test_what_a_density_names_is_determined():
    """Beside the kernel, q(x_{t−1} | x_t, x_0) = N(·; m_t(x_t, x_0), v_t I) leaves m and v no freedom."""
    name = Application("m", R, (t,), x(t), x(0))
    variance = Variable("v", SCALAR, t)
    named = Equal(Density(q, [x(t - 1)], [x(t), x(0)]), Normal(x(t - 1), name, variance * Identity(d)))
    setting = Setting(
        (FORWARD,), (KERNEL, named), DEFINITIONS, (*GIVENS, GreaterEqual(t, 2), LessEqual(t, T)), measure="lebesgue"
    )
    right = (1 - abar(t - 1)) / (1 - abar(t)) * beta(t)
    assert try_statement(Equal(variance, right), setting, count=12).held["gaussian"] == 12
    assert try_statement(Equal(variance, beta(t)), setting, count=12).refuted
    mean = (
        sqrt(abar(t - 1)) * beta(t) / (1 - abar(t)) * x(0)
        + sqrt(alpha(t)) * (1 - abar(t - 1)) / (1 - abar(t)) * x(t)
    )  # fmt: skip
    assert try_statement(Equal(name, mean), setting, count=12).held["gaussian"] == 12
    assert try_statement(Equal(name, mean + beta(t) * x(0)), setting, count=12).refuted


def test_an_unknown_network_in_the_mean():
    """p_θ(x_{t−1} | x_t) = N(x_{t−1}; μ_θ(x_t, t), v_t I) with a quadratic μ_θ: its divergence from the posterior."""
    v = Variable("v", SCALAR, t)
    mu = Application(r"\mu", R, (theta,), x(t), t)
    learned = Equal(Density(p, [x(t - 1)], [x(t)]), Normal(x(t - 1), mu, v * Identity(d)))
    setting = Setting(
        (FORWARD, REVERSE), (KERNEL, learned), DEFINITIONS,
        (*GIVENS, Greater(v, 0), GreaterEqual(t, 2), LessEqual(t, T)), measure="lebesgue",
    )  # fmt: skip
    posterior = Density(q, [x(t - 1)], [x(t), x(0)])
    mean = Expectation(x(t - 1), posterior)
    variance = (1 - abar(t - 1)) / (1 - abar(t)) * beta(t)
    closed = Norm(mean - mu) ** 2 / (2 * v) + d * (log(v / variance) - 1 + variance / v) / 2
    divergence = KL(posterior, Density(p, [x(t - 1)], [x(t)]), [x(t - 1)])
    assert try_statement(Equal(divergence, closed), setting, count=8).held["gaussian"] == 8
    averaged = Expectation(divergence, Density(q, [x(t)], [x(0)]))
    assert try_statement(Equal(averaged, Expectation(closed, Density(q, [x(t)], [x(0)]))), setting, count=4).exercised
    slip = Norm(mean - mu) ** 2 / v + d * (log(v / variance) - 1 + variance / v) / 2
    assert try_statement(Equal(divergence, slip), setting, count=8).refuted
    # a whole path of the curved chain has a density, and it is the product of its steps
    path = Equal(Density(p, [run(0, T - 1)], [x(T)]), Product(Density(p, [x(t - 1)], [x(t)]), (t, 1, T)))
    assert try_statement(path, setting, count=6).held["gaussian"] == 6


def test_a_point_written_with_a_noise():
    """x_t = √ᾱ_t x_0 + √(1−ᾱ_t) ε as a coupling: the noise of the point, and the loss in ε."""
    e = Variable(r"\epsilon", R)
    coupling = Equal(x(t), sqrt(abar(t)) * x(0) + sqrt(1 - abar(t)) * e)
    setting = Setting(assumptions=(coupling, Less(0, abar(t)), Less(abar(t), 1), GreaterEqual(t, 1)))
    x0 = (x(t) - sqrt(1 - abar(t)) * e) / sqrt(abar(t))
    assert try_statement(Equal(x(0), x0), setting, count=12).held["gaussian"] == 12
    assert try_statement(Equal(x(0), x(t) - sqrt(1 - abar(t)) * e), setting, count=12).refuted
    network = Application("g", R, (), x(t))
    moved = Application("g", R, (), sqrt(abar(t)) * x(0) + sqrt(1 - abar(t)) * e)
    standard = Normal(e, 0, Identity(d))
    loss = Equal(Expectation(Norm(e - network) ** 2, standard), Expectation(Norm(e - moved) ** 2, standard))
    assert try_statement(loss, setting, count=8).held["gaussian"] == 8


def test_the_score_is_the_expected_noise():
    """∇ log q(x_t) = −E[ε | x_t]/√(1−ᾱ_t), over mixtures of x_0 too (Vincent 2011)."""
    e = Variable(r"\epsilon", R)
    setting = Setting(
        assumptions=(
            Equal(x(t), sqrt(abar(t)) * x(0) + sqrt(1 - abar(t)) * e), Distributed(e, Normal(e, 0, Identity(d))),
            Independent([e], [x(0)]), Less(0, abar(t)), Less(abar(t), 1), GreaterEqual(t, 1),
        ),
        measure="lebesgue",
    )  # fmt: skip
    score = Gradient(log(Density(q, [x(t)])), x(t))
    noise = Expectation(e, Density(q, [e], [x(t)]))
    assert try_statement(Equal(score, -noise / sqrt(1 - abar(t))), setting, count=10).held["gaussian"] == 10
    assert try_statement(Equal(score, -noise), setting, count=10).refuted


def test_an_expectation_without_a_law_is_under_the_one_that_is_meant():
    marginal = Equal(
        Density(Law("p", t), [x(t)]), Integral(Density(q, [x(t)], [x(0)]) * Density(q, [x(0)]), x(0))
    )
    kernel = Equal(Density(q, [x(t)], [x(0)]), Normal(x(t), sqrt(abar(t)) * x(0), (1 - abar(t)) * Identity(d)))
    setting = Setting(
        kernels=(kernel, marginal), assumptions=(Less(0, abar(t)), Less(abar(t), 1), GreaterEqual(t, 1)),
        measure="lebesgue",
    )  # fmt: skip
    score = Gradient(log(Density(Law("p", t), [x(t)])), x(t))
    mean = Expectation(x(0), Density(Law(""), [x(0)], [x(t)]))
    assert not try_statement(Equal(mean, (x(t) + (1 - abar(t)) * score) / sqrt(abar(t))), setting, count=8).refuted
    assert try_statement(Equal(mean, (x(t) - (1 - abar(t)) * score) / sqrt(abar(t))), setting, count=8).refuted


def test_structure_alone_is_tried_without_its_formulas():
    """A step that uses only the factorization is also tried in finite worlds, with any conditional densities."""
    chain = Equal(Density(q, [x(t)], [x(t - 1), x(0)]), Density(q, [x(t)], [x(t - 1)]))
    setting = DDPM.assuming(GreaterEqual(t, 2), LessEqual(t, T))
    assert "finite" in try_statement(chain, setting, count=4).not_exercised
    alone = Setting(setting.factorizations, (), (), setting.assumptions)
    assert try_statement(chain, alone, count=8).held["finite"] == 8
    assert setting.without_kernels().kernels == ()


def test_a_wrong_weight_is_shown_with_its_numbers():
    wrong = (1 - Rational(1, 2) * beta(1)) * x(0)
    claim = Equal(Density(q, [x(1)], [x(0)]), Normal(x(1), wrong, beta(1) * Identity(d)))
    refutation = try_statement(claim, DDPM, count=5).refutation
    assert refutation is not None and refutation.kind == "gaussian"
    assert "β" in str(refutation) or r"\beta_1 = " in str(refutation)
    assert Symbol("T").name in str(refutation)


def test_the_last_step_is_one_index_and_no_other():
    """p(x_T) = N(x_T; 0, I) gives the law of the last point, not of every point."""
    v = Variable("v", SCALAR, t)
    mu = Application(r"\mu", R, (theta,), x(t), t)
    learned = Equal(Density(p, [x(t - 1)], [x(t)]), Normal(x(t - 1), mu, v * Identity(d)))
    prior = Equal(Density(Law("p"), [x(T)]), Normal(x(T), 0, Identity(d)))
    setting = Setting(
        (FORWARD, REVERSE), (KERNEL, learned, prior), DEFINITIONS, (*GIVENS, Greater(v, 0)), measure="lebesgue"
    )
    last = Equal(KL(Density(q, [x(T)], [x(0)]), Density(p, [x(T)]), [x(T)]), (
        abar(T) * Norm(x(0)) ** 2 + d * (1 - abar(T)) - d - d * log(1 - abar(T))) / 2)  # fmt: skip
    assert try_statement(last, setting, count=8).held["gaussian"] == 8
    path = Density(p, [run(0)])
    steps = Density(p, [x(T)]) * Product(Density(p, [x(t - 1)], [x(t)]), (t, 1, T))
    assert try_statement(Equal(path, steps), setting, count=8).held["gaussian"] == 8
