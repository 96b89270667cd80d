"""The DDPM forward posterior (Ho et al. 2020, eq. 6-7) in Gaussian worlds, and slips of it refuted."""

import pytest
from sympy import Product, sqrt, symbols

from derive.terms import SCALAR, Density, Identity, Law, Normal, Run, Variable, vector
from derive.terms.statements import Equal, GreaterEqual, Less, LessEqual
from derive.worlds import Setting, try_statement

d, t, T, s = symbols("d t T s")
q = Law("q")


def x(index):
    return Variable("x", vector(d), index)


def beta(index):
    return Variable(r"\beta", SCALAR, index)


def alpha(index):
    return Variable(r"\alpha", SCALAR, index)


def abar(index):
    return Variable(r"\bar\alpha", SCALAR, index)


DDPM = Setting(
    factorizations=(
        Equal(Density(q, [Run("x", vector(d), 1, T)], [x(0)]), Product(Density(q, [x(t)], [x(t - 1)]), (t, 1, T))),
    ),
    kernels=(
        Equal(Density(q, [x(t)], [x(t - 1)]), Normal(x(t), sqrt(alpha(t)) * x(t - 1), beta(t) * Identity(d))),
    ),
    definitions=(Equal(alpha(t), 1 - beta(t)), Equal(abar(t), Product(alpha(s), (s, 1, t)))),
    assumptions=(Less(0, beta(t)), Less(beta(t), 1), GreaterEqual(t, 2), LessEqual(t, T)),
    measure="lebesgue",
)


def mean_of(root, first, second):
    return root * beta(t) / (1 - abar(t)) * first + sqrt(alpha(t)) * (1 - abar(t - 1)) / (1 - abar(t)) * second


MEAN = mean_of(sqrt(abar(t - 1)), x(0), x(t))
VARIANCE = (1 - abar(t - 1)) / (1 - abar(t)) * beta(t)


def posterior(mean, variance):
    return Equal(Density(q, [x(t - 1)], [x(t), x(0)]), Normal(x(t - 1), mean, variance * Identity(d)))


def test_the_published_posterior_holds_in_every_gaussian_world():
    trial = try_statement(posterior(MEAN, VARIANCE), DDPM, count=20)
    assert trial.refutation is None
    assert trial.held["gaussian"] == 20
    assert "finite" in trial.not_exercised


@pytest.mark.parametrize(
    "mean, variance",
    [
        (MEAN, beta(t)),
        (mean_of(sqrt(abar(t)), x(0), x(t)), VARIANCE),
        (mean_of(sqrt(abar(t - 1)), x(t), x(0)), VARIANCE),
        (MEAN, (1 - abar(t)) / (1 - abar(t - 1)) * beta(t)),
    ],
    ids=["variance", "abar_t", "swapped", "upside down"],
)  # fmt: skip
def test_a_slip_is_refuted_with_a_world_to_show(mean, variance):
    trial = try_statement(posterior(mean, variance), DDPM, count=5)
    assert trial.refutation is not None
    assert trial.refutation.left != trial.refutation.right
    assert trial.refutation.seed in str(trial.refutation)


def test_the_same_seed_gives_the_same_refutation():
    wrong = posterior(MEAN, beta(t))
    assert str(try_statement(wrong, DDPM, seed=7).refutation) == str(try_statement(wrong, DDPM, seed=7).refutation)
