"""What is derived is not asserted: no derivation rests on the rule that states its result or says more."""

from __future__ import annotations

from functools import cache

import pytest

import derive
from derive.errors import KernelRefusal
from derive.terms import alpha_equal
from derive.trials import try_lines

loaded = cache(derive.load)

GAUSSIAN_KL = {"kl-gaussian", "kl-gaussian-scalar", "kl-gaussian-general"}
LINEAR = {
    "linear-gaussian-marginal", "linear-gaussian-conditional", "linear-gaussian-marginal-general",
    "linear-gaussian-conditional-general", "gaussian-posterior",
}  # fmt: skip
MOMENTS = {
    "gaussian-mean", "gaussian-covariance", "gaussian-squared-norm", "gaussian-quadratic-form",
    "gaussian-second-moment", "reparameterization", "affine-image-expectation",
}  # fmt: skip
ONLY = {"kl-zero-only", "kl-nonnegative", "gibbs", "kl-chain"}
ESTIMATES = {
    "gaussian-mean-estimate", "gaussian-variance-estimate", "gaussian-score-mean", "gaussian-score-variance",
    "squares-around-the-mean", "stationary-is-maximal", "normal-log-density",
}  # fmt: skip
NEVER = {
    "foundations.kl-cross-entropy": {"kl-cross-entropy", "gibbs"},
    "foundations.kl-nonnegative": {"kl-nonnegative", "gibbs", "kl-chain", "kl-marginal", "elbo-jensen"},
    "foundations.kl-zero": {"kl-zero", "kl-zero-only"},
    "foundations.kl-root": ONLY,
    "foundations.root-distance": ONLY,
    "foundations.kl-zero-distance": ONLY,
    "foundations.kl-zero-only": ONLY,
    "foundations.lotus": {"lotus", "affine-image-expectation"},
    "foundations.vertex-form": {"vertex-form-scalar", "vertex-form", "quadratic-formula"},
    "foundations.vertex-form-vector": {"vertex-form", "vertex-form-matrix", "squares-combine"},
    "foundations.quadratic-formula": {"quadratic-formula", "vertex-form-scalar"},
    "foundations.integral-as-expectation": {"evidence-importance", "change-of-measure"},
    "foundations.reparameterization": {"reparameterization", "reparameterization-matrix", "affine-image-expectation"},
    "foundations.reparameterization-gradient": {"reparameterization", "pathwise-gradient"},
    "gaussian.slope-mean": MOMENTS,
    "gaussian.slope-general": MOMENTS,
    "gaussian.mean-general": MOMENTS,
    "gaussian.covariance-general": MOMENTS,
    "elbo.gaussian": {"kl-gaussian", "kl-gaussian-general", "gaussian-squared-norm"},
    "ddpm.mean": {"kl-gaussian", "kl-gaussian-general", "gaussian-squared-norm"},
    "gaussian.mean": MOMENTS,
    "gaussian.slope-variance": MOMENTS,
    "gaussian.spread": MOMENTS,
    "gaussian.squared-norm": MOMENTS,
    "gaussian.kl": GAUSSIAN_KL,
    "gaussian.kl-isotropic": GAUSSIAN_KL | MOMENTS,
    "gaussian.stein": MOMENTS,
    "gaussian.quadratic-form": MOMENTS,
    "gaussian.kl-general": GAUSSIAN_KL | MOMENTS | {"entropy-gaussian-general"},
    "gaussian.product": {"gaussian-product", "gaussian-product-general", *LINEAR},
    "gaussian.product-general": {"gaussian-product", "gaussian-product-general", *LINEAR},
    "observation.posterior": LINEAR,
    "observation.evidence": LINEAR,
    "kalman.information": LINEAR,
    "kalman.gain": LINEAR,
    "kalman.factorization": LINEAR,
    "kalman.evidence": LINEAR,
    "matrices.woodbury": {"woodbury", "determinant-lemma"},
    "matrices.determinant-lemma": {"woodbury", "determinant-lemma"},
    "likelihood.log-likelihood": ESTIMATES,
    "likelihood.score-mean": ESTIMATES,
    "likelihood.squares": ESTIMATES,
    "likelihood.mean": ESTIMATES,
    "likelihood.score-variance": ESTIMATES,
    "likelihood.curvature-variance": ESTIMATES,
    "likelihood.variance": ESTIMATES,
    "likelihood.stationary-mean": ESTIMATES,
    "likelihood.curvature-mean": ESTIMATES,
    "likelihood.stationary-variance": ESTIMATES,
    "likelihood.curvature-peak": ESTIMATES,
    "likelihood.maximum": ESTIMATES,
    "likelihood.spread": ESTIMATES,
    "conditioning.scalar": LINEAR | {"gaussian-product"},
    "conditioning.precision": LINEAR | {"woodbury"},
    "conditioning.covariance": LINEAR | {"woodbury"},
    "elbo.jensen": {"elbo-jensen", "elbo-kl", "kl-nonnegative"},
    "elbo.gap": {"elbo-kl", "elbo-jensen"},
    "elbo.exact": {"elbo-kl", "elbo-jensen"},
    "elbo.vae": {"elbo-reconstruction"},
}


@pytest.mark.parametrize("name", [name for name in NEVER if name.startswith(("gaussian.", "likelihood."))])
def test_of_gaussians_nothing_is_assumed(name):
    """That the averages exist and that derivatives go inside follows from the formulas."""
    assert loaded(name).obligations == ()


@pytest.mark.parametrize("name", NEVER)
def test_no_derivation_uses_what_it_derives(name):
    used = {rule for kind, rule in loaded(name).rests_on if kind == "rule"}
    rules = loaded(name).rules
    assert all(rule in rules for rule in NEVER[name]), "a rule of this name is not in the rulebook any more"
    assert not used & NEVER[name]


@pytest.mark.parametrize("name", [name for name in NEVER if not name.startswith("elbo.")])
def test_every_line_holds_in_worlds(name):
    derivation = loaded(name)
    for line, trial in zip(derivation.lines, try_lines(derivation.lines, derivation.context, total=4), strict=True):
        assert not trial.refuted, line.by
        assert trial.exercised, line.by


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("gaussian.kl", "kl-gaussian-scalar"),
        ("gaussian.kl-isotropic", "kl-gaussian"),
        ("gaussian.kl-general", "kl-gaussian-general"),
        ("gaussian.product", "gaussian-product"),
        ("foundations.reparameterization", "reparameterization"),
        ("foundations.vertex-form", "vertex-form-scalar"),
        ("matrices.woodbury", "woodbury"),
    ],
)
def test_the_rulebook_states_what_was_derived(name, rule):
    """Where the rule is used on the derivation's start, its result is the derivation's, up to algebra."""
    derivation = loaded(name)
    start = derive.Derivation(derivation.start, model=derivation.model)
    again = start.by(rule, at=derivation.start)
    assert alpha_equal(again.start, derivation.start)
    goal = derivation.goal.rhs
    assert again.reaching(goal).current == goal


def test_a_slip_in_a_line_is_refused():
    given = [r"x \in \mathbb{R}^d", r"\mu \in \mathbb{R}^d", r"\nu \in \mathbb{R}^d", "v > 0", "w > 0"]
    start = derive.Derivation(
        r"D_{\mathrm{KL}}(\mathcal{N}(x; \mu, v I) \,\|\, \mathcal{N}(x; \nu, w I))", given=given
    )
    line = r"\frac{d}{2} \log \frac{v}{w} + \frac{\|x - \nu\|^2}{2 w} - \frac{\|x - \mu\|^2}{2 v}"
    with pytest.raises(KernelRefusal):
        start.by("kl-expectation").by("normal-density").reaching(
            rf"\mathbb{{E}}_{{x \sim \mathcal{{N}}(\mu, v I)}}\left[{line}\right]"
        )


def test_the_peak_of_the_variance_needs_a_positive_spread():
    given = [r"x_i \in \mathbb{R}^d", r"\mu \in \mathbb{R}^d", "v > 0", r"n \ge 1", r"d \ge 1"]
    start = derive.Derivation(r"\log \frac{s}{v}", given=given)
    assert start.by("log-below-line").obligations != ()
    assert derive.Derivation(r"\log \frac{s}{v}", given=[*given, "s > 0"]).by("log-below-line").obligations == ()


def test_without_positive_definite_covariances_nothing_is_hidden():
    given = [
        r"P \in \mathbb{R}^{d \times d}", r"R \in \mathbb{R}^{n \times n}", r"H \in \mathbb{R}^{n \times d}",
    ]  # fmt: skip
    start = derive.Derivation(r"(P^{-1} + H^\top R^{-1} H)^{-1}", given=given)
    assert len(start.by("woodbury").obligations) >= 3
    known = derive.Derivation(
        r"(P^{-1} + H^\top R^{-1} H)^{-1}", given=[*given, r"P \succ 0", r"R \succ 0"]
    )
    assert known.by("woodbury").obligations == ()
