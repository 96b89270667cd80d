"""Gaussian worlds against closed forms: densities, moments, divergences, conditionals, derivatives."""

import math

import pytest
from flint import ctx, fmpq
from sympy import Product, Symbol, Tuple, exp, log, pi, sqrt, symbols

from derive.terms import (
    KL,
    SCALAR,
    VARIABLES,
    Application,
    Density,
    Determinant,
    Divergence,
    Entropy,
    Expectation,
    Gradient,
    Identity,
    Independent,
    Inner,
    Integral,
    Inverse,
    Law,
    MatrixProduct,
    Norm,
    Normal,
    Run,
    Trace,
    Transpose,
    Variable,
    Variance,
    matrix,
    vector,
)
from derive.terms.statements import (
    Distributed,
    Equal,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    PositiveDefinite,
    Unequal,
)
from derive.worlds import Setting, try_statement
from derive.worlds.exact import PRECISION, ball
from derive.worlds.trial import build

d, t, T = symbols("d t T")
p, q = Law("p"), Law("q")
R = vector(d)
x, y, z, mu, nu, c = (Variable(name, R) for name in ("x", "y", "z", r"\mu", r"\nu", "c"))
Sigma, Lambda, M = (Variable(name, matrix(d)) for name in (r"\Sigma", r"\Lambda", "M"))
u, m, s, v, w, a = symbols("u m s v w a")
POSITIVE = Setting(assumptions=(Greater(v, 0), Greater(w, 0), Greater(s, 0)))
DEFINITE = Setting(assumptions=(PositiveDefinite(Sigma), PositiveDefinite(Lambda)))


def held(claim, setting=POSITIVE, count=12, **more):
    trial = try_statement(claim, setting, count=count, kinds=("gaussian",), **more)
    assert trial.refutation is None, str(trial.refutation)
    return trial.held["gaussian"] == count


def refuted(claim, setting=POSITIVE, count=12, **more):
    return try_statement(claim, setting, count=count, kinds=("gaussian",), **more).refuted


def test_the_density_of_a_gaussian():
    world = build("gaussian", Setting(), (Equal(Normal(u, m, v), 0),), "seed", 0)
    world.point = {("u", ()): fmpq(1), ("m", ()): fmpq(0), ("v", ()): fmpq(4)}
    with ctx.workprec(PRECISION):
        value = float(ball(world.value(Normal(u, m, v))))
    assert abs(value - math.exp(-1 / 8) / math.sqrt(2 * math.pi * 4)) < 1e-15
    assert held(Equal(Normal(x, mu, Sigma), (2 * pi) ** (-d / 2) / sqrt(Determinant(Sigma)) * exp(
        -Inner(x - mu, MatrixProduct(Inverse(Sigma), x - mu)) / 2)), DEFINITE)  # fmt: skip
    assert refuted(Equal(Normal(u, m, v), exp(-((u - m) ** 2) / (2 * v)) / (sqrt(2 * pi) * v)))


@pytest.mark.parametrize(
    "power, moment",
    [(1, m), (2, m**2 + v), (3, m**3 + 3 * m * v), (4, m**4 + 6 * m**2 * v + 3 * v**2), (6, None)],
)
def test_moments(power, moment):
    if moment is None:  # E(X − m)⁶ = 15 v³
        assert held(Equal(Expectation((u - m) ** 6, Normal(u, m, v)), 15 * v**3))
    else:
        assert held(Equal(Expectation(u**power, Normal(u, m, v)), moment))


def test_moments_of_vectors():
    normal = Normal(x, mu, Sigma)
    assert held(Equal(Expectation(x, normal), mu), DEFINITE)
    assert held(Equal(Variance(x, normal), Sigma), DEFINITE)
    quadratic = Inner(x, MatrixProduct(M, x))
    expected = Inner(mu, MatrixProduct(M, mu)) + Trace(MatrixProduct(M, Sigma))
    assert held(Equal(Expectation(quadratic, normal), expected), DEFINITE)
    assert refuted(Equal(Expectation(quadratic, normal), Inner(mu, MatrixProduct(M, mu))), DEFINITE)
    assert held(Equal(Expectation(Norm(x - c) ** 2, Normal(x, mu, v * Identity(d))), Norm(mu - c) ** 2 + d * v))


def test_the_moment_generating_function():
    assert held(Equal(Expectation(exp(a * u), Normal(u, m, v)), exp(a * m + a**2 * v / 2)))


def test_divergences_in_closed_form():
    forward = KL(Normal(x, mu, Sigma), Normal(x, nu, Lambda), [x])
    closed = (log(Determinant(Lambda) / Determinant(Sigma)) - d + Trace(MatrixProduct(Inverse(Lambda), Sigma))
              + Inner(mu - nu, MatrixProduct(Inverse(Lambda), mu - nu))) / 2  # fmt: skip
    assert held(Equal(forward, closed), DEFINITE)
    assert refuted(Equal(KL(Normal(x, nu, Lambda), Normal(x, mu, Sigma), [x]), closed), DEFINITE)
    assert held(Equal(Entropy(Normal(u, m, v), [u]), log(2 * pi * exp(1) * v) / 2))
    assert refuted(GreaterEqual(Entropy(Normal(u, m, v), [u]), 0), count=60)


def test_integrals():
    gaussian = exp(-a * Norm(x) ** 2 / 2 + Inner(c, x))
    closed = (2 * pi / a) ** (d / 2) * exp(Norm(c) ** 2 / (2 * a))
    positive = Setting(assumptions=(Greater(a, 0),))
    assert held(Equal(Integral(gaussian, x), closed), positive)
    assert refuted(Equal(Integral(gaussian, x), closed * sqrt(a)), positive)
    assert held(Equal(Integral(u**2, Tuple(u, 0, s)), s**3 / 3))
    # where the coefficient may be negative the integral does not exist, and nothing is refuted
    # (nor does a sum over a few values of u break a claim about the line)
    trial = try_statement(Equal(Integral(exp(a * u**2), u), 0), positive, count=5)
    assert not trial.exercised and not trial.refuted


def test_conditioning_a_pair():
    """x ~ N(m, w), y | x ~ N(a x, v): the textbook posterior (Bishop 2006, eq. 2.116)."""
    prior, likelihood = Equal(Density(p, [u]), Normal(u, m, w)), Equal(Density(p, [s], [u]), Normal(s, a * u, v))
    setting = Setting(kernels=(prior, likelihood), assumptions=(Greater(v, 0), Greater(w, 0)), measure="lebesgue")
    mean, variance = (a * w * s + v * m) / (a**2 * w + v), v * w / (a**2 * w + v)
    assert held(Equal(Density(p, [u], [s]), Normal(u, mean, variance)), setting)
    assert held(Equal(Density(p, [s]), Normal(s, a * m, a**2 * w + v)), setting)
    assert refuted(Equal(Density(p, [u], [s]), Normal(u, mean, v * w / (a * w + v))), setting)


def test_a_joint_density_given_by_its_formula():
    """A precision with corner 1, cross c and corner w: c² < w, and Bishop 2006, eq. 2.73 to 2.75, 2.81 and 2.82."""
    minor = w - a**2
    bell = sqrt(minor) / (2 * pi) * exp(-(u**2 + 2 * a * u * s + w * s**2) / 2)
    positive = (Greater(w, 0), Greater(minor, 0))
    setting = Setting(kernels=(Equal(Density(p, [u, s]), bell),), assumptions=positive, measure="lebesgue")
    assert held(Equal(Density(p, [u], [s]), Normal(u, -a * s, 1)), setting)
    assert held(Equal(Density(p, [s]), Normal(s, 0, 1 / minor)), setting)
    assert held(Equal(Expectation(u * s, Density(p, [u, s])), -a / minor), setting)
    assert refuted(Equal(Density(p, [u], [s]), Normal(u, a * s, 1)), setting)


def test_a_formula_that_does_not_integrate_to_one_is_no_density():
    wrong = Equal(Density(p, [u, s]), exp(-(u**2 + s**2) / 2))
    trial = try_statement(Equal(Density(p, [u]), Normal(u, 0, 1)), Setting(kernels=(wrong,), measure="lebesgue"),
                          count=6, kinds=("gaussian",))  # fmt: skip
    assert not trial.exercised


def test_a_declared_conditional_does_not_make_a_chain():
    """q(x_t | x_{t-1}) alone says nothing of x_{t-2}: a world has the first and breaks the Markov property."""
    X = lambda index: Variable("X", SCALAR, index)  # noqa: E731
    kernel = Equal(Density(q, [X(t)], [X(t - 1)]), Normal(X(t), a * X(t - 1), v))
    setting = Setting(kernels=(kernel,), assumptions=(Greater(v, 0), GreaterEqual(t, 2)), measure="lebesgue")
    markov = Equal(Density(q, [X(t)], [X(t - 1), X(t - 2)]), Density(q, [X(t)], [X(t - 1)]))
    assert held(kernel, setting)
    assert refuted(markov, setting, count=30)
    chain = Setting(
        factorizations=(Equal(Density(q, [Run("X", SCALAR, 1, T)], [X(0)]), Product(kernel.lhs, (t, 1, T))),),
        kernels=(kernel,), assumptions=(*setting.assumptions, LessEqual(t, T)), measure="lebesgue",
    )  # fmt: skip
    assert held(markov, chain)


def test_sums_of_gaussians_need_independence():
    first, second = Distributed(u, Normal(u, m, v)), Distributed(s, Normal(s, a, w))
    total = Distributed(u + s, Normal(u + s, m + a, v + w))
    positive = (Greater(v, 0), Greater(w, 0))
    independent = Setting(assumptions=(first, second, Independent([u], [s]), *positive))
    assert held(total, independent)
    assert refuted(total, Setting(assumptions=(first, second, *positive)), count=30)


def test_the_mean_of_a_mixture_is_no_affine_function():
    """Over mixtures E[x | y] of y = x + noise is not affine, so no claim passes because everything is Gaussian."""
    prior = Equal(Density(p, [y], [x]), Normal(y, x, v * Identity(d)))
    setting = Setting(kernels=(prior,), assumptions=(Greater(v, 0),), measure="lebesgue")
    at = lambda point: Expectation(x, Density(p, [x], [(y, point)]))  # noqa: E731
    affine = Equal(at(c) + at(nu), at(c + nu) + at(c - c))
    assert refuted(affine, setting, count=40)
    score = Gradient(log(Density(p, [y])), y)
    tweedie = Equal(Expectation(x, Density(p, [x], [y])), y + v * score)  # Robbins 1956
    assert held(tweedie, setting, count=20)
    assert refuted(Equal(tweedie.lhs, y + score), setting, count=20)


def test_derivatives():
    f = Application("f", SCALAR, (), x)
    g = Application("g", R, (), x)
    assert held(Equal(Gradient(Norm(x) ** 2, x), 2 * x))
    assert held(Equal(Gradient(log(Normal(x, mu, v * Identity(d))), x), -(x - mu) / v))
    assert held(Equal(Divergence(Gradient(Norm(x) ** 4, x), x), 4 * (d + 2) * Norm(x) ** 2))
    assert held(Equal(Divergence(f * g, x), f * Divergence(g, x) + Inner(Gradient(f, x), g)))
    assert held(Equal(Gradient(Inner(x, MatrixProduct(M, x)), x), MatrixProduct(M, x) + MatrixProduct(Transpose(M), x)))
    assert refuted(Equal(Gradient(Inner(x, MatrixProduct(M, x)), x), 2 * MatrixProduct(M, x)))
    # Stein 1981: E[(x − μ) f(x)] = v E[∇f(x)]
    normal = Normal(x, mu, v * Identity(d))
    assert held(Equal(Expectation((x - mu) * f, normal), v * Expectation(Gradient(f, x), normal)))


def test_a_gradient_reaches_the_law_it_is_taken_under():
    f = Application("f", SCALAR, (), x)
    outside = Gradient(Expectation(f, Normal(x, mu, v * Identity(d))), mu)
    inside = Expectation(Gradient(f, x), Normal(x, mu, v * Identity(d)))
    score = Expectation(f * Gradient(log(Normal(x, mu, v * Identity(d))), mu), Normal(x, mu, v * Identity(d)))
    assert held(Equal(outside, inside))
    assert held(Equal(outside, score))
    assert refuted(Equal(outside, Expectation(f, Normal(x, mu, v * Identity(d))) * mu))


def test_reparameterization_and_lotus():
    f = Application("f", SCALAR, (), x)
    e = Variable(r"\epsilon", R)
    moved = Application("f", SCALAR, (), mu + sqrt(v) * e)
    left = Expectation(f, Normal(x, mu, v * Identity(d)))
    assert held(Equal(left, Expectation(moved, Normal(e, 0, Identity(d)))))
    slip = Application("f", SCALAR, (), mu + v * e)
    assert refuted(Equal(left, Expectation(slip, Normal(e, 0, Identity(d)))))


def test_an_unknown_function_is_never_affine():
    f = Application("f", SCALAR, (), x)
    outside = Application("f", SCALAR, (), Expectation(x, Density(p, [x])))
    assert refuted(Equal(Expectation(f, Density(p, [x])), outside))


def test_matrices():
    A, B = (Variable(name, matrix(d)) for name in "AB")
    assert held(Equal(Trace(MatrixProduct(A, B)), Trace(MatrixProduct(B, A))), Setting())
    assert refuted(Equal(MatrixProduct(A, B), MatrixProduct(B, A)), Setting(), count=20)
    assert held(Equal(Determinant(MatrixProduct(A, B)), Determinant(A) * Determinant(B)), Setting())
    singular = try_statement(Equal(MatrixProduct(A, Inverse(A)), Identity(d)), Setting(), count=12)
    assert not singular.refuted
    n = Symbol("n")
    U = Variable("U", matrix(d, n))
    woodbury = Equal(
        Inverse(Sigma + MatrixProduct(U, Transpose(U))),
        Inverse(Sigma) - MatrixProduct(Inverse(Sigma), U, Inverse(
            Identity(n) + MatrixProduct(Transpose(U), Inverse(Sigma), U)), Transpose(U), Inverse(Sigma)),
    )  # fmt: skip
    assert held(woodbury, DEFINITE)


def test_metavariable_sets_and_laws():
    A, B = Variable("A", VARIABLES), Variable("B", VARIABLES)
    total = Equal(Density(p, [A]), Integral(Density(p, [A], [B]) * Density(p, [B]), B))
    assert held(total, Setting(), count=20)
    assert refuted(Equal(Density(p, [A]), Integral(Density(p, [A], [B]), B)), Setting(), count=20)
    assert refuted(LessEqual(Density(p, [A]), 1), Setting(), count=80)


def test_different_points_of_a_law_are_told_apart():
    swapped = Equal(Density(p, [(x, y), (y, x)]), Density(p, [x, y]))
    assert refuted(swapped, Setting())
    assert held(Unequal(Density(p, [x]) + 1, Density(p, [x])), Setting())
    assert refuted(Less(Density(p, [x]), 0), Setting())
