"""Which rules bring a term to its normal form, and in which direction: data, in one place.

Logarithms of products become sums, what is linear is multiplied out, divergences and moments are written by their
definitions, conditional densities as quotients of joint ones. Every entry names a rule of the rulebook; an entry with a
choice says which values are proposed for what matching leaves open.
"""

from __future__ import annotations

from dataclasses import dataclass

STRUCTURE, LAWS, CLOSED, NOISE = 1, 2, 3, 4
"""How far a normal form goes: structure alone; with the model's laws written out; with Gaussian moments taken; with
means over Gaussians written over standard noise."""


@dataclass(frozen=True)
class Oriented:
    """A rule, its direction, the head of the terms it is used on, the stage from which on, and how it is chosen."""

    rule: str
    head: str
    backward: bool = False
    stage: int = STRUCTURE
    choice: str = ""
    first: bool = False  # before the parts of the term are looked at
    loosely: bool = False  # the term is what the rule says up to exact algebra


ORIENTED: tuple[Oriented, ...] = (
    # divergences and moments by their definitions
    Oriented("kl-gaussian-scalar", "KL", stage=LAWS, first=True),
    Oriented("kl-gaussian", "KL", stage=LAWS, first=True),
    Oriented("kl-gaussian-diagonal", "KL", stage=LAWS, first=True),
    Oriented("kl-gaussians-diagonal", "KL", stage=LAWS, first=True),
    Oriented("kl-gaussian-general", "KL", stage=LAWS, first=True),
    Oriented("kl-cross-entropy", "KL", first=True),
    Oriented("kl-against-a-formula", "KL", first=True),
    Oriented("cross-entropy", "CrossEntropy", first=True),
    Oriented("entropy", "Entropy", first=True),
    Oriented("variance-of-a-sum-over-index", "Variance", choice="varied-sum", first=True, loosely=True),
    Oriented("variance-of-a-function", "Variance", first=True),
    Oriented("covariance-of-functions", "Covariance", first=True),
    # expectations: linear, over the variables that occur, one for nested ones
    Oriented("gaussian-mean", "Expectation", stage=LAWS),
    Oriented("gaussian-squared-norm", "Expectation", stage=LAWS, choice="centred"),
    Oriented("gaussian-second-moment", "Expectation", stage=LAWS),
    Oriented("gaussian-quadratic-form", "Expectation", stage=LAWS),
    Oriented("gaussian-quadratic-form", "Expectation", stage=LAWS, choice="plain-square"),
    Oriented("gaussian-moment", "Expectation", stage=LAWS, choice="power-of-the-point"),
    Oriented("gaussian-exponential", "Expectation", stage=LAWS, choice="exponential-of-the-point", loosely=True),
    Oriented("stein", "Expectation", stage=LAWS, choice="times-the-point", loosely=True),
    Oriented("stein-divergence", "Expectation", stage=LAWS, choice="along-the-point", loosely=True),
    Oriented("conditional-entropy", "Expectation", choice="log-of-a-conditional"),
    Oriented("expectation-constant", "Expectation", choice="constant"),
    Oriented("expectation-constant-matrix", "Expectation", choice="constant-matrix"),
    Oriented("expectation-sum", "Expectation", choice="last-term"),
    Oriented("expectation-constant-factor", "Expectation", choice="constant-factor"),
    Oriented("expectation-inner", "Expectation", choice="inner-factor"),
    Oriented("expectation-matrix", "Expectation", choice="matrix-left"),
    Oriented("expectation-matrix-left", "Expectation", choice="matrix-left"),
    Oriented("expectation-matrix-right", "Expectation", choice="matrix-right"),
    Oriented("expectation-entrywise", "Expectation", choice="entrywise"),
    Oriented("expectation-column", "Expectation", choice="column"),
    Oriented("expectation-row", "Expectation", choice="row"),
    Oriented("square-of-a-sum-over-index", "Expectation", choice="squared-sum-below"),
    Oriented("expectation-sum-over-index", "Expectation"),
    Oriented("sum-constant-factor", "Expectation", backward=True, choice="factor-of-a-sum"),
    Oriented("expectation-log-quotient", "Expectation", choice="log-quotient"),
    Oriented("expectation-log-product", "Expectation", choice="log-product"),
    Oriented("expectation-product", "Expectation", choice="independent-factors"),
    Oriented("expectation-inner-product", "Expectation", choice="independent-inner"),
    Oriented("expectation-outer-product", "Expectation", choice="independent-outer"),
    Oriented("tower", "Expectation", choice="nested"),
    Oriented("taking-out-what-is-known", "Expectation", choice="known-factor"),
    Oriented("taking-out-what-is-known", "Expectation", backward=True, choice="conditional-factor"),
    Oriented("taking-out-an-inner-product", "Expectation", choice="known-inner"),
    Oriented("total-probability-expectation", "Expectation", backward=True),
    Oriented("mean-score", "Expectation", choice="own-score"),
    Oriented("integration-by-parts", "Expectation", stage=NOISE, choice="against-the-score", loosely=True),
    Oriented("integration-by-parts-divergence", "Expectation", stage=NOISE, choice="along-the-score", loosely=True),
    Oriented("expectation-exchange", "Expectation", stage=NOISE, choice="noise-inside"),
    Oriented("drop-variables", "Expectation", choice="unused"),
    Oriented("sum-matrix", "Sum", choice="matrix-before-the-sum"),
    Oriented("square-of-a-sum-over-index", "Pow", choice="squared-sum"),
    Oriented("sum-constant", "Sum", choice="constant-term"),
    # integrals against a density are expectations
    Oriented("linear-gaussian-marginal", "Integral", stage=LAWS),
    Oriented("linear-gaussian-marginal-general", "Integral", stage=LAWS),
    Oriented("expectation-definition", "Integral", backward=True, choice="weighted-logarithm", first=True),
    Oriented("expectation-definition", "Integral", backward=True, choice="weighted"),
    Oriented("chapman-kolmogorov", "Integral", backward=True, choice="through-a-state", first=True),
    Oriented("total-probability", "Integral", backward=True, choice="through-a-state", first=True),
    Oriented("normalization", "Integral"),
    Oriented("marginalization", "Integral", backward=True, choice="joint", first=True),
    Oriented("marginalization", "Integral", backward=True),
    Oriented("integral-sum", "Integral", choice="last-integrand"),
    Oriented("integral-constant-factor", "Integral", choice="constant-integrand"),
    # logarithms and densities
    Oriented("log-exp", "log"),
    Oriented("log-product-sum", "log"),
    Oriented("log-quotient", "log", choice="log-of-laws"),
    Oriented("log-product", "log", choice="log-of-two"),
    Oriented("normal-log-density", "log", stage=LAWS),
    Oriented("normal-log-density-general", "log", stage=LAWS),
    Oriented("drop-conditioning", "Density", choice="screened"),
    Oriented("total-probability", "Density", stage=LAWS, choice="mixed"),
    Oriented("marginalization", "Density", stage=LAWS, choice="within-a-joint"),
    Oriented("conditional-definition", "Density", choice="quotient"),
    Oriented("product-rule", "Density", choice="last-generated"),
    Oriented("linear-gaussian-conditional", "Mul", stage=LAWS, choice="posterior"),
    Oriented("linear-gaussian-conditional-general", "Mul", stage=LAWS, choice="posterior"),
    Oriented("joint-gaussian-second", "Normal", stage=LAWS, choice="stacked-second", loosely=True),
    Oriented("joint-gaussian", "Normal", stage=LAWS, choice="stacked", loosely=True),
    Oriented("normal-density-scalar", "Normal", stage=CLOSED),
    Oriented("normal-density", "Normal", stage=CLOSED),
    Oriented("normal-density-general", "Normal", stage=CLOSED),
    # products over an index
    Oriented("telescoping-product", "Product", choice="telescoping", first=True),
    Oriented("sum-split-first", "Sum", choice="first-apart"),
    Oriented("telescoping-sum", "Sum", choice="telescoping-sum"),
    Oriented("sum-combine", "Sum", backward=True, choice="telescoping-part"),
    # derivatives
    Oriented("derivative-in-a-square", "DerivativeIn"),
    Oriented("gradient-of-a-constant", "Gradient", choice="no-slope"),
    Oriented("derivative-of-a-fixed-vector", "Gradient", choice="fixed-vector"),
    Oriented("gradient-of-a-sum", "Gradient", choice="last-slope"),
    Oriented("gradient-of-a-multiple", "Gradient", choice="constant-slope"),
    Oriented("derivative-of-the-variable", "Gradient"),
    Oriented("gradient-of-an-inner-product", "Gradient"),
    Oriented("gradient-of-a-squared-norm", "Gradient"),
    Oriented("gradient-of-a-quadratic-form", "Gradient", choice="quadratic-form", loosely=True),
    Oriented("gradient-of-a-multiple", "Gradient", choice="multiple-of-a-square", first=True),
    Oriented("gradient-of-an-affine-square", "Gradient", choice="affine-square", first=True),
    Oriented("gradient-of-a-norm", "Gradient", choice="centred-norm"),
    Oriented("gradient-of-an-absolute-value", "Gradient"),
    Oriented("matrix-gradient-of-a-constant", "Gradient", choice="no-slope"),
    Oriented("matrix-gradient-of-a-sum", "Gradient", choice="last-slope"),
    Oriented("matrix-gradient-of-a-multiple", "Gradient", choice="constant-slope"),
    Oriented("matrix-gradient-of-a-logarithm", "Gradient", choice="logarithm"),
    Oriented("gradient-of-a-trace", "Gradient", choice="trace-with-the-matrix", loosely=True),
    Oriented("gradient-of-a-quadratic-trace", "Gradient"),
    Oriented("gradient-of-a-squared-trace", "Gradient"),
    Oriented("gradient-of-a-bilinear-form", "Gradient", choice="matrix-between", loosely=True),
    Oriented("gradient-of-an-inverse-form", "Gradient", choice="inverse-between", loosely=True),
    Oriented("gradient-of-a-determinant", "Gradient"),
    Oriented("jacobian-of-the-variable", "Gradient", choice="vector-itself"),
    Oriented("jacobian-of-a-constant", "Gradient", choice="vector-constant"),
    Oriented("jacobian-of-a-sum", "Gradient", choice="vector-sum"),
    Oriented("jacobian-of-a-multiple", "Gradient", choice="vector-multiple"),
    Oriented("jacobian-of-a-linear-map", "Gradient", choice="vector-linear"),
    Oriented("gradient-at-an-affine-point", "Gradient", choice="stretched"),
    Oriented("derivative-along-a-line", "Gradient", choice="along-a-line"),
    Oriented("gradient-of-a-square", "Gradient"),
    Oriented("gradient-of-a-power", "Gradient"),
    Oriented("gradient-of-a-real-power", "Gradient", choice="real-power"),
    Oriented("gradient-of-a-sine", "Gradient"),
    Oriented("gradient-of-a-cosine", "Gradient"),
    Oriented("gradient-of-a-product", "Gradient", choice="first-factor"),
    Oriented("gradient-of-an-exponential", "Gradient"),
    Oriented("gradient-of-a-sum-over-index", "Gradient"),
    Oriented("gradient-inside", "Gradient"),
    Oriented("derivative-of-an-integral", "Gradient"),
    Oriented("derivative-of-an-integral-from-below", "Gradient"),
    Oriented("gradient-of-an-integral", "Gradient"),
    Oriented("log-derivative", "Gradient", choice="bare-density"),
    Oriented("score-of-a-marginal", "Gradient", choice="latent"),
    Oriented("gradient-of-a-logarithm", "Gradient", choice="logarithm"),
    # divergences of fields
    Oriented("divergence-of-a-constant", "Divergence", choice="steady-field"),
    Oriented("divergence-of-a-sum", "Divergence", choice="last-field"),
    Oriented("divergence-of-a-multiple", "Divergence", choice="multiple-of-a-field"),
    Oriented("divergence-of-the-variable", "Divergence"),
    Oriented("divergence-of-a-product", "Divergence", choice="varying-factors"),
    Oriented("divergence-of-an-integral", "Divergence"),
    # events by the probabilities of intersections
    Oriented("event-conditional", "Probability"),
    Oriented("event-complement", "Probability"),
    Oriented("event-union", "Probability"),
    Oriented("event-difference", "Probability"),
    Oriented("event-union-within", "Probability"),
    Oriented("event-independence", "Probability"),
)

SETTLED: frozenset[str] = frozenset(
    {
        *(entry.rule for entry in ORIENTED if entry.head not in ("Sum", "Product")),
        "expectation-linear", "kl-expectation", "kl-integral", "log-product", "log-quotient", "log-power",
        "variance-moments", "square-expand", "vertex-form", "vertex-form-scalar", "vertex-form-matrix",
        "quadratic-formula", "squares-combine", "squares-around-the-mean", "mean-squared-deviation",
        "sum-constant-factor", "sum-combine", "sum-constant", "sum-inner", "product-combine", "product-constant",
        "gaussian-score-mean", "gaussian-score-variance", "bayes", "posterior-normalized", "total-probability",
        "event-bayes", "sum-reverse", "sum-shift", "product-shift", "sum-empty", "product-empty",
    }
)  # fmt: skip
"""Equations that normal forms and exact algebra decide anyway: searching by them finds nothing new."""
