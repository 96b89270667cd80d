"""Steps that papers on diffusion models and Gaussians take, true as published, each with a version false by one slip.

The identities are textbook ones: Ho, Jain & Abbeel 2020 (DDPM), eqs. 4-12; Song, Meng & Ermon 2021 (DDIM), eq. 12;
Salimans & Ho 2022 (v-prediction), appendix D; Kingma et al. 2021 (SNR); Bishop 2006, section 2.3 (Gaussians);
Song et al. 2021 (SDEs), appendix B; Nichol & Dhariwal 2021 (cosine schedule), eq. 17; Särkkä 2013, 4.3 (Kalman).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sympy import Abs, Rational, cos, cosh, exp, log, pi, sin, sinh, sqrt, symbols, tan, tanh

from derive.terms import SCALAR, Equal, Greater, Inner, Less, LessEqual, Norm, Variable, vector

d, t = symbols("d t")


def number(name: str, *indices: Any) -> Variable:
    return Variable(name, SCALAR, *indices)


def point(name: str, *indices: Any) -> Variable:
    return Variable(name, vector(d), *indices)


beta, alpha = number("\\beta", t), number("\\alpha", t)
abar, before = number("\\bar\\alpha", t), number("\\bar\\alpha", t - 1)
x_t, x_0, x_1 = point("x", t), point("x", 0), point("x", t - 1)
eps, model = point("\\epsilon"), point("\\hat\\epsilon")
x, y, z, u, v = (point(name) for name in "xyzuv")
sigma = number("\\sigma", t)
eta = symbols("\\eta")
s, m, k, a, b, c, r, w = symbols("s m k a b c r w")
mu1, mu2, s1, s2 = symbols("\\mu_1 \\mu_2 \\sigma_1 \\sigma_2")
half = Rational(1, 2)

DDPM = (
    Less(0, beta), Less(beta, 1), Equal(alpha, 1 - beta),
    Equal(abar, alpha * before), Less(0, before), Less(before, 1),
)  # fmt: skip
MARGINAL = (Less(0, abar), Less(abar, before), Less(before, 1))
POSITIVE = tuple(Greater(symbol, 0) for symbol in (s, k, r, s1, s2))
DDIM = (*MARGINAL, LessEqual(0, sigma), LessEqual(sigma**2, 1 - before))

NOISED = (
    *MARGINAL, Equal(x_t, sqrt(abar) * x_0 + sqrt(1 - abar) * eps), Equal(v, sqrt(abar) * eps - sqrt(1 - abar) * x_0),
)  # fmt: skip


def denoised(noise: Any) -> Any:
    """x_0 as x_t and the noise give it."""
    return (x_t - sqrt(1 - abar) * noise) / sqrt(abar)


def stepped(noise: Any) -> Any:
    """The mean of the reverse step for a noise."""
    return (x_t - beta / sqrt(1 - abar) * noise) / sqrt(alpha)


def noise_of(start: Any) -> Any:
    """The noise that x_t holds beside a point."""
    return (x_t - sqrt(abar) * start) / sqrt(1 - abar)


low, high, drift = symbols("\\beta_{\\min} \\beta_{\\max} \\Delta")
RATES = tuple(Greater(symbol, 0) for symbol in (low, high, t))
exposed = low * t + half * (high - low) * t**2
"""∫_0^t β(s) ds for β(s) = β_min + (β_max − β_min) s, the schedule of a VP-SDE."""

h, n, p, q = symbols("h n p q")
KALMAN = (Greater(p, 0), Greater(r, 0))
gain = p * h / (h**2 * p + r)

posterior_mean = sqrt(before) * beta / (1 - abar) * x_0 + sqrt(alpha) * (1 - before) / (1 - abar) * x_t
posterior_variance = (1 - before) / (1 - abar) * beta


class Step(NamedTuple):
    """left = right under the givens; `slip` is a right side that is wrong by one slip."""

    name: str
    left: Any
    right: Any
    slip: Any
    given: tuple[Any, ...] = ()


STEPS = [
    # ---- the DDPM posterior -------------------------------------------------------------------------------------
    Step(
        "posterior exponent",
        Norm(x_t - sqrt(alpha) * x_1) ** 2 / beta
        + Norm(x_1 - sqrt(before) * x_0) ** 2 / (1 - before)
        - Norm(x_t - sqrt(abar) * x_0) ** 2 / (1 - abar),
        Norm(x_1 - posterior_mean) ** 2 / posterior_variance,
        Norm(x_1 - posterior_mean) ** 2 / beta,
        DDPM,
    ),
    Step("posterior precision", alpha / beta + 1 / (1 - before), (1 - abar) / (beta * (1 - before)),
         (1 - abar) / (beta * (1 - alpha)), DDPM),
    Step("posterior variance", 1 / (alpha / beta + 1 / (1 - before)), posterior_variance,
         (1 - abar) / (1 - before) * beta, DDPM),
    Step("posterior mean", (sqrt(alpha) / beta * x_t + sqrt(before) / (1 - before) * x_0) * posterior_variance,
         posterior_mean, (sqrt(alpha) * beta / (1 - abar)) * x_0 + sqrt(alpha) * (1 - before) / (1 - abar) * x_t, DDPM),
    Step("posterior mean in the noise",
         sqrt(before) * beta / (1 - abar) * ((x_t - sqrt(1 - abar) * eps) / sqrt(abar))
         + sqrt(alpha) * (1 - before) / (1 - abar) * x_t,
         (x_t - beta / sqrt(1 - abar) * eps) / sqrt(alpha), (x_t - beta / (1 - abar) * eps) / sqrt(alpha), DDPM),
    Step("coefficient of x_t", beta / (alpha * (1 - abar)) + (1 - before) / (1 - abar), 1 / alpha, 1 / beta, DDPM),
    Step("weight of the simple loss", beta**2 / (2 * posterior_variance * alpha * (1 - abar)),
         beta / (2 * alpha * (1 - before)), beta / (2 * alpha * (1 - abar)), DDPM),
    Step("difference of means",
         Norm(stepped(eps) - stepped(model)) ** 2 / (2 * sigma**2),
         beta**2 / (2 * sigma**2 * alpha * (1 - abar)) * Norm(eps - model) ** 2,
         beta**2 / (2 * sigma**2 * alpha * (1 - before)) * Norm(eps - model) ** 2, (*DDPM, Greater(sigma, 0))),
    Step("complement of a product", 1 - abar, beta + alpha * (1 - before), beta + (1 - before), DDPM),
    Step("two steps", alpha * (1 - before) + beta, 1 - alpha * before, 1 - before, DDPM),
    Step("root of a product", sqrt(abar), sqrt(alpha) * sqrt(before), sqrt(alpha) * before, DDPM),
    Step("merged deviation", sqrt(alpha * (1 - before) + (1 - alpha)), sqrt(1 - abar), sqrt(1 - before), DDPM),
    Step("x_0 from the noise", (x_t - sqrt(1 - abar) * eps) / sqrt(abar), x_t / sqrt(abar) - sqrt(1 / abar - 1) * eps,
         x_t / sqrt(abar) - sqrt(1 / abar + 1) * eps, DDPM),
    Step("kernel after kernel", sqrt(alpha) * (sqrt(before) * x_0 + sqrt(1 - before) * eps) + sqrt(beta) * model,
         sqrt(abar) * x_0 + sqrt(alpha - abar) * eps + sqrt(beta) * model,
         sqrt(abar) * x_0 + sqrt(alpha + abar) * eps + sqrt(beta) * model, DDPM),
    Step("posterior variance below β", beta - posterior_variance, alpha * (before - abar) / (1 - abar) +
         beta - posterior_variance - alpha * before * (1 - alpha) / (1 - abar), beta * abar / (1 - abar), DDPM),
    # ---- signal to noise ----------------------------------------------------------------------------------------
    Step("SNR of x_0 and ε", Norm(sqrt(abar) * x_0) ** 2 / (1 - abar), abar / (1 - abar) * Norm(x_0) ** 2,
         sqrt(abar) / (1 - abar) * Norm(x_0) ** 2, MARGINAL),
    Step("SNR difference", before / (1 - before) - abar / (1 - abar), (before - abar) / ((1 - before) * (1 - abar)),
         (before - abar) / (1 - abar) ** 2, MARGINAL),
    Step("loss weight as an SNR difference",
         half * (before * beta**2) / (posterior_variance * (1 - abar) ** 2),
         half * (before / (1 - before) - abar / (1 - abar)), before / (1 - before) - abar / (1 - abar), DDPM),
    Step("log SNR", log(abar / (1 - abar)), log(abar) - log(1 - abar), log(abar) + log(1 - abar), MARGINAL),
    Step("error of x_0 and of ε", Norm(denoised(eps) - denoised(model)) ** 2,
         (1 - abar) / abar * Norm(eps - model) ** 2, abar / (1 - abar) * Norm(eps - model) ** 2, MARGINAL),
    Step("score", -(x_t - sqrt(abar) * x_0) / (1 - abar), -eps / sqrt(1 - abar), eps / sqrt(1 - abar),
         (*MARGINAL, Equal(x_t, sqrt(abar) * x_0 + sqrt(1 - abar) * eps))),
    Step("SNR from its logarithm", exp(log(abar) - log(1 - abar)), abar / (1 - abar), abar * (1 - abar), MARGINAL),
    Step("sigmoid of the log SNR", 1 / (1 + exp(-(log(abar) - log(1 - abar)))), abar, 1 - abar, MARGINAL),
    # ---- DDIM -----------------------------------------------------------------------------------------------------
    Step("DDIM variance", 1 - before, (1 - before - sigma**2) + sigma**2, (1 - before - sigma) + sigma**2, DDIM),
    Step("DDIM direction", sqrt(1 - before - sigma**2) * (x_t - sqrt(abar) * x_0) / sqrt(1 - abar),
         sqrt(1 - before - sigma**2) * eps, sqrt(1 - before - sigma) * eps,
         (*DDIM, Equal(x_t, sqrt(abar) * x_0 + sqrt(1 - abar) * eps))),
    Step("DDIM marginal variance", (sqrt(1 - before - sigma**2) / sqrt(1 - abar)) ** 2 * (1 - abar) + sigma**2,
         1 - before, 1 - abar, DDIM),
    Step("DDIM at the DDPM variance", 1 - before - (1 - before) / (1 - abar) * (1 - abar / before),
         (1 - before) ** 2 * abar / (before * (1 - abar)), (1 - before) * abar / (before * (1 - abar)), MARGINAL),
    Step("DDIM mean", sqrt(before) * x_0 + sqrt(1 - before) * (x_t - sqrt(abar) * x_0) / sqrt(1 - abar),
         sqrt(1 - before) / sqrt(1 - abar) * x_t + (sqrt(before) - sqrt(abar) * sqrt((1 - before) / (1 - abar))) * x_0,
         sqrt(1 - before) / sqrt(1 - abar) * x_t + (sqrt(before) - sqrt(abar * (1 - before))) * x_0, MARGINAL),
    Step("DDIM deviation", eta * sqrt((1 - before) / (1 - abar)) * sqrt(1 - abar / before),
         eta * sqrt((1 - before) * (before - abar) / (before * (1 - abar))),
         eta * sqrt((1 - before) * (before - abar) / (1 - abar)), MARGINAL),
    Step("DDIM in √α/σ", x_1 / sqrt(before),
         x_t / sqrt(abar) + (sqrt((1 - before) / before) - sqrt((1 - abar) / abar)) * eps,
         x_t / sqrt(abar) + (sqrt((1 - before) / before) + sqrt((1 - abar) / abar)) * eps,
         (*MARGINAL, Equal(x_1, sqrt(before) / sqrt(abar) * (x_t - sqrt(1 - abar) * eps) + sqrt(1 - before) * eps))),
    # ---- v-prediction -----------------------------------------------------------------------------------------------
    Step("x_0 from v", x_0, sqrt(abar) * x_t - sqrt(1 - abar) * v, sqrt(abar) * x_t + sqrt(1 - abar) * v,
         NOISED),
    Step("ε from v", eps, sqrt(1 - abar) * x_t + sqrt(abar) * v, sqrt(1 - abar) * x_t - sqrt(abar) * v,
         NOISED),
    Step("v loss", Norm((sqrt(abar) * eps - sqrt(1 - abar) * x_0) - (sqrt(abar) * model - sqrt(1 - abar) * y)) ** 2,
         (1 + abar / (1 - abar)) * (1 - abar) ** 2 / (1 - abar) * Norm(x_0 - y) ** 2 / (1 - abar),
         Norm(x_0 - y) ** 2,
         (*MARGINAL, Equal(eps, noise_of(x_0)), Equal(model, noise_of(y)))),
    Step("length is kept by the rotation", Norm(a * x + b * y) ** 2 + Norm(a * y - b * x) ** 2,
         Norm(x) ** 2 + Norm(y) ** 2,
         Norm(x) ** 2 - Norm(y) ** 2, (Equal(a**2 + b**2, 1),)),
    Step("rotation", cos(a) * (cos(a) * x - sin(a) * y) + sin(a) * (sin(a) * x + cos(a) * y), x,
         cos(2 * a) * x),
    Step("velocity of the angle", cos(a + b) * x - sin(a + b) * y,
         cos(b) * (cos(a) * x - sin(a) * y) - sin(b) * (sin(a) * x + cos(a) * y),
         cos(b) * (cos(a) * x - sin(a) * y) + sin(b) * (sin(a) * x + cos(a) * y)),
    Step("cosine schedule", 1 - cos(a) ** 2, sin(a) ** 2, sin(a)),
    Step("SNR of the cosine schedule", cos(a) ** 2 / sin(a) ** 2, 1 / tan(a) ** 2, tan(a) ** 2),
    Step("double angle", sin(2 * a), 2 * sin(a) * cos(a), sin(a) * cos(a)),
    Step("triple angle", cos(3 * a), 4 * cos(a) ** 3 - 3 * cos(a), 4 * cos(a) ** 3 + 3 * cos(a)),
    # ---- variance preserving, α² + σ² = 1 ------------------------------------------------------------------------
    Step("complement on the circle", a**4 - b**4, a**2 - b**2, a**2 + b**2, (Equal(a**2 + b**2, 1),)),
    Step("root on the circle", sqrt(1 - a**2), b, -b, (Equal(a**2 + b**2, 1), Greater(a, 0), Greater(b, 0))),
    Step("SNR on the circle", 1 / (1 + b**2 / a**2), a**2, b**2, (Equal(a**2 + b**2, 1), Greater(a, 0), Greater(b, 0))),
    # ---- Gaussians -------------------------------------------------------------------------------------------------
    Step("KL of two Gaussians", log(s2 / s1) + (s1**2 + (mu1 - mu2) ** 2) / (2 * s2**2) - half,
         half * (log(s2**2 / s1**2) - 1 + s1**2 / s2**2 + (mu1 - mu2) ** 2 / s2**2),
         half * (log(s2 / s1) - 1 + s1**2 / s2**2 + (mu1 - mu2) ** 2 / s2**2), POSITIVE),
    Step("KL to the standard normal", -log(s) + (s**2 + m**2) / 2 - half, half * (m**2 + s**2 - 1 - log(s**2)),
         half * (m**2 + s**2 - 1 - log(s)), POSITIVE),
    Step("KL in R^d", half * (d * log(k / r) - d + d * r / k + Norm(x - y) ** 2 / k),
         Norm(x - y) ** 2 / (2 * k) + d / 2 * (r / k - 1 - log(r / k)),
         Norm(x - y) ** 2 / k + d / 2 * (r / k - 1 - log(r / k)),
         POSITIVE),
    Step("entropy of a Gaussian", half * log(2 * pi * s**2) + half, half * log(2 * pi) + log(s) + half,
         half * log(2 * pi) + 2 * log(s) + half, POSITIVE),
    Step("log density", log(exp(-((a - m) ** 2) / (2 * s**2)) / sqrt(2 * pi * s**2)),
         -half * log(2 * pi) - log(s) - (a - m) ** 2 / (2 * s**2),
         -half * log(2 * pi) - 2 * log(s) - (a - m) ** 2 / (2 * s**2),
         POSITIVE),
    Step("density in R^d", (2 * pi * k) ** (-d / 2) * exp(-(Norm(x - y) ** 2) / (2 * k)),
         (2 * pi) ** (-d / 2) * k ** (-d / 2) * exp(-(Norm(x) ** 2 - 2 * Inner(x, y) + Norm(y) ** 2) / (2 * k)),
         (2 * pi) ** (-d / 2) * k ** (d / 2) * exp(-(Norm(x) ** 2 - 2 * Inner(x, y) + Norm(y) ** 2) / (2 * k)),
         POSITIVE),
    Step("ratio of densities", exp(-(a**2) / (2 * s**2)) / exp(-((a - m) ** 2) / (2 * s**2)),
         exp((m**2 - 2 * a * m) / (2 * s**2)), exp((m**2 + 2 * a * m) / (2 * s**2)), POSITIVE),
    Step("product of two Gaussians, exponent", Norm(x - y) ** 2 / k + Norm(x - z) ** 2 / r,
         (1 / k + 1 / r) * Norm(x - (r * y + k * z) / (k + r)) ** 2 + Norm(y - z) ** 2 / (k + r),
         (1 / k + 1 / r) * Norm(x - (r * y + k * z) / (k + r)) ** 2 + Norm(y - z) ** 2 / (k * r), POSITIVE),
    Step("product of two Gaussians, variance", 1 / (1 / k + 1 / r), k * r / (k + r), (k + r) / (k * r), POSITIVE),
    Step("product of two Gaussians, constant", (2 * pi * k) ** (-half) * (2 * pi * r) ** (-half),
         (2 * pi * k * r / (k + r)) ** (-half) * (2 * pi * (k + r)) ** (-half),
         (2 * pi * k * r / (k + r)) ** (-half) * (2 * pi * (k * r)) ** (-half), POSITIVE),
    Step("gain", k / (k + r), 1 - r / (k + r), 1 - r / k, POSITIVE),
    Step("updated variance", (1 - k / (k + r)) ** 2 * k + (k / (k + r)) ** 2 * r, k * r / (k + r), k * r, POSITIVE),
    Step("independent deviations", sqrt(s1**2 + s2**2) ** 2 - s1**2, s2**2, s2, POSITIVE),
    Step("standardised", exp(-(((a - m) / s) ** 2) / 2) / s, exp(-((a - m) ** 2) / (2 * s**2)) / s,
         exp(-((a - m) ** 2) / (2 * s)) / s, POSITIVE),
    Step("evidence of a Gaussian", exp(-(a**2) / (2 * (1 + k))) / sqrt(2 * pi * (1 + k)) * sqrt(1 + k),
         exp(-(a**2) / 2 + k * a**2 / (2 * (1 + k))) / sqrt(2 * pi),
         exp(-(a**2) / 2 - k * a**2 / (2 * (1 + k))) / sqrt(2 * pi), POSITIVE),
    # ---- VP-SDE: ᾱ(t) = exp(−∫β) --------------------------------------------------------------------------------
    Step("decay over two intervals", exp(-half * low * (t + s)), exp(-half * low * t) * exp(-half * low * s),
         exp(-half * low * t) + exp(-half * low * s), RATES),
    Step("mean coefficient of a VP-SDE", exp(-half * exposed), exp(-t**2 * (high - low) / 4 - t * low / 2),
         exp(-t**2 * (high - low) / 2 - t * low / 2), RATES),
    Step("variance of a VP-SDE", 1 - exp(-half * exposed) ** 2, 1 - exp(-exposed), 1 - exp(-half * exposed), RATES),
    Step("SNR of a VP-SDE", exp(-exposed) / (1 - exp(-exposed)), 1 / (exp(exposed) - 1), 1 / (exp(exposed) + 1), RATES),
    Step("log SNR of a VP-SDE", -exposed - log(1 - exp(-exposed)), -log(exp(exposed) - 1), -log(exp(exposed)), RATES),
    Step("transition variance of a VP-SDE", 1 - exp(-2 * a) - exp(-2 * (a - b)) * (1 - exp(-2 * b)),
         1 - exp(-2 * (a - b)), 1 - exp(-2 * (a + b)), (Greater(b, 0), Greater(a, b))),
    Step("rate of an Ornstein–Uhlenbeck process",
         s**2 / (2 * k) * (1 - exp(-2 * k * t)) + exp(-2 * k * t) * s**2 / (2 * k),
         s**2 / (2 * k), s**2 / k, (*POSITIVE, Greater(t, 0))),
    Step("variance-exploding increment", s1**2 * (s2 / s1) ** (2 * w), s1 ** (2 - 2 * w) * s2 ** (2 * w),
         s1 ** (1 - w) * s2 ** (2 * w), POSITIVE),
    Step("hyperbolic SNR", exp(a) / (2 * sinh(a)), 1 / (1 - exp(-2 * a)), 1 / (1 + exp(-2 * a)), (Greater(a, 0),)),
    Step("tanh as a sigmoid", tanh(a / 2), 2 / (1 + exp(-a)) - 1, 2 / (1 + exp(-a)) + 1),
    Step("hyperbolic Pythagoras", cosh(a) ** 2 - sinh(a) ** 2, 1 + 0 * a, -1 + 0 * a),
    # ---- schedules --------------------------------------------------------------------------------------------------
    Step("half angle of the cosine schedule", cos(a) ** 2, (1 + cos(2 * a)) / 2, (1 - cos(2 * a)) / 2),
    Step("β of the cosine schedule", 1 - cos(a + b) ** 2 / cos(a) ** 2,
         (cos(a) ** 2 - cos(a + b) ** 2) / cos(a) ** 2, (cos(a) ** 2 - cos(a + b) ** 2) / cos(a + b) ** 2),
    Step("difference of squared cosines", cos(a) ** 2 - cos(b) ** 2, sin(b - a) * sin(b + a), sin(a - b) * sin(b + a)),
    Step("log SNR of the cosine schedule", log(cos(a) ** 2 / sin(a) ** 2), -log(tan(a) ** 2), -2 * log(tan(a) ** 2)),
    Step("linear schedule, middle", low + (high - low) / 2, (low + high) / 2, (high - low) / 2),
    Step("shifted SNR", (abar / (1 - abar) / k) / (1 + abar / (1 - abar) / k), abar / (abar + k * (1 - abar)),
         abar / (k * abar + 1 - abar), (*MARGINAL, *POSITIVE)),
    Step("min-SNR weight of v", (abar / (1 - abar)) / (abar / (1 - abar) + 1), abar, 1 - abar, MARGINAL),
    # ---- Kalman -----------------------------------------------------------------------------------------------------
    Step("Joseph form", (1 - gain * h) ** 2 * p + gain**2 * r, (1 - gain * h) * p, (1 - gain) * p, KALMAN),
    Step("information form", 1 / ((1 - gain * h) * p), 1 / p + h**2 / r, 1 / p + h / r, KALMAN),
    Step("gain from the updated variance", gain, p * r / (h**2 * p + r) * h / r, p * r / (h**2 * p + r) * h, KALMAN),
    Step("updated mean as weights", m + gain * (a - h * m), (r * m + p * h * a) / (h**2 * p + r),
         (r * m + p * a) / (h**2 * p + r), KALMAN),
    Step("steady state", p - (p - p**2 / (p + r)) - q, p**2 / (p + r) - q, p**2 / (p - r) - q, KALMAN),
    Step("evidence of an observation", -half * log(2 * pi * (h**2 * p + r)) - (a - h * m) ** 2 / (2 * (h**2 * p + r)),
         log(exp(-((a - h * m) ** 2) / (2 * (r + p * h**2))) / sqrt(2 * pi * (r + p * h**2))),
         log(exp(-((a - h * m) ** 2) / (2 * (r + p * h**2))) / (2 * pi * (r + p * h**2))), KALMAN),
    Step("posterior of a mean", (n * a / s**2 + m / k) / (n / s**2 + 1 / k), (n * k * a + s**2 * m) / (n * k + s**2),
         (n * k * a + s**2 * m) / (k + s**2), (*POSITIVE, Greater(n, 0))),
    # ---- squares, norms, inner products ------------------------------------------------------------------------------
    Step("square of a difference", Norm(x - y) ** 2, Norm(x) ** 2 - 2 * Inner(x, y) + Norm(y) ** 2,
         Norm(x) ** 2 - Inner(x, y) + Norm(y) ** 2),
    Step("polarisation", Inner(x, y),
         (Norm(x + y) ** 2 - Norm(x - y) ** 2) / 4, (Norm(x + y) ** 2 - Norm(x - y) ** 2) / 2),
    Step("parallelogram", Norm(x + y) ** 2 + Norm(x - y) ** 2, 2 * Norm(x) ** 2 + 2 * Norm(y) ** 2,
         Norm(x) ** 2 + 2 * Norm(y) ** 2),
    Step("difference of squares", Norm(x) ** 2 - Norm(y) ** 2, Inner(x - y, x + y), Inner(x - y, x - y)),
    Step("completing the square in R^d", a * Norm(x) ** 2 - 2 * Inner(x, y),
         a * Norm(x - y / a) ** 2 - Norm(y) ** 2 / a,
         a * Norm(x - y / a) ** 2 - Norm(y) ** 2, (Greater(a, 0),)),
    Step("completing the square", a * m**2 + b * m + c, a * (m + b / (2 * a)) ** 2 + c - b**2 / (4 * a),
         a * (m + b / (2 * a)) ** 2 + c - b**2 / (2 * a), (Greater(a, 0),)),
    Step("scaled norm", Norm(a * x), Abs(a) * Norm(x), a * Norm(x)),
    Step("norm of a multiple", Norm(-2 * s * x + s * y) / s, Norm(2 * x - y), Norm(2 * x + y), POSITIVE),
    Step("Lagrange's identity in the plane of x, y", Norm(x) ** 2 * Norm(y - Inner(x, y) / Norm(x) ** 2 * x) ** 2,
         Norm(x) ** 2 * Norm(y) ** 2 - Inner(x, y) ** 2, Norm(x) ** 2 * Norm(y) ** 2 + Inner(x, y) ** 2),
    Step("projection", Inner(x, y - Inner(x, y) / Norm(x) ** 2 * x), 0 * a, Inner(x, y)),
    Step("convex combination", Norm(w * x + (1 - w) * y - z) ** 2,
         w * Norm(x - z) ** 2 + (1 - w) * Norm(y - z) ** 2 - w * (1 - w) * Norm(x - y) ** 2,
         w * Norm(x - z) ** 2 + (1 - w) * Norm(y - z) ** 2 - w * Norm(x - y) ** 2),
    # ---- roots, powers, logarithms -----------------------------------------------------------------------------------
    Step("rationalised", 1 / (sqrt(k) + sqrt(r)),
         (sqrt(k) - sqrt(r)) / (k - r), (sqrt(k) + sqrt(r)) / (k - r), POSITIVE),
    Step("cube root", k ** Rational(1, 3) * k ** Rational(1, 6), sqrt(k), k ** Rational(1, 3), POSITIVE),
    Step("log of a root", log(sqrt(k) / r**2), half * log(k) - 2 * log(r), half * log(k) - log(r), POSITIVE),
    Step("logs of numbers", log(12) - log(18), log(2) - log(3), log(3) - log(2)),
    Step("geometric weights", (1 - s**3) / (1 - s), 1 + s + s**2, 1 + s - s**2, (Less(0, s), Less(s, 1))),
    Step("symbolic powers", s**d * s ** (d + 1), s ** (2 * d + 1), s ** (2 * d), POSITIVE),
    Step("hyperbolic", (exp(a) + exp(-a)) ** 2 - (exp(a) - exp(-a)) ** 2, 4 + 0 * a, 2 + 0 * a),
    Step("logistic", exp(a) / (1 + exp(a)), 1 / (1 + exp(-a)), 1 / (1 + exp(a))),
    Step("softplus", log(1 + exp(a)), a + log(1 + exp(-a)), a - log(1 + exp(-a))),
    Step("log of a sigmoid", log(1 / (1 + exp(-a))), -log(1 + exp(-a)), log(1 + exp(-a))),
    Step("sigmoid times its complement", exp(-a) / (1 + exp(-a)) ** 2, 1 / (1 + exp(-a)) - 1 / (1 + exp(-a)) ** 2,
         1 / (1 + exp(-a)) + 1 / (1 + exp(-a)) ** 2),
    Step("root under a root", sqrt(3 + 2 * sqrt(2)), 1 + sqrt(2), 1 + 2 * sqrt(2)),
    Step("log-sum-exp shift", log(exp(a) + exp(b)), a + log(1 + exp(b - a)), b + log(1 + exp(b - a))),
]  # fmt: skip
