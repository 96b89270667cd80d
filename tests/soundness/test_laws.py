"""Laws, positivity, independence, couplings and sizes."""

from __future__ import annotations

import pytest

from derive.errors import KernelRefusal, ModelError, SortError
from tests.soundness.claims import status

RATIO = r"\mathbb{E}_{q(x)}\left[\frac{p(x)}{q(x)}\right] = \int p(x) \,dx"
REVERSE = [
    r"p_\theta(x_{0:T}) = p(x_T) \prod_{t=1}^{T} p_\theta(x_{t-1} \mid x_t)",
    r"p_\theta(x_T) = \mathcal{N}(x_T; 0, I)",
]
COUPLING = [
    r"x_t = \sqrt{\bar\alpha_t}\, x_0 + \sqrt{1 - \bar\alpha_t}\, \epsilon",
    r"\epsilon \in \mathbb{R}^d",
    r"\epsilon \sim \mathcal{N}(0, I)",
]


@pytest.mark.parametrize(
    "given", [[r"p(x) > 0"], [r"q(y) > 0"], [r"q(x \mid y) > 0"], [r"q(x) > 0", r"x = 1"], [r"q(x) > 0", r"x > 0"]]
)
def test_positivity_is_of_one_law_at_every_point(given):
    """The trap: a bound on another law, another variable, or at one point only, used for all points."""
    assert status(RATIO, *given) != "proved"


@pytest.mark.parametrize("given", [[r"q(x) > 0"], [r"q(x, y) > 0"]])
def test_positivity_that_is_given(given):
    """A joint density that is positive everywhere has positive marginals."""
    assert status(RATIO, *given) == "proved"


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"p_\theta(x_1) = \mathcal{N}(x_1; 0, I)", []),
        (r"p_\theta(x_t) = \mathcal{N}(x_t; 0, I)", [r"1 \le t", r"t \le T"]),
    ],
)
def test_the_last_index_is_one_number(claim, given):
    """The trap: T as any index, so that p_θ(x_T) = N(0, I) is said of every x_t."""
    assert status(claim, *REVERSE, *given, chained=True) != "proved"
    assert status(r"p_\theta(x_T) = \mathcal{N}(x_T; 0, I)", *REVERSE, chained=True) == "proved"


def test_a_given_about_the_last_index():
    """The same of numbers: a_T = 0 says nothing of a_1."""
    assert status(r"a_1 = 0", r"a_T = 0", r"T \ge 1") == "refuted"
    assert status(r"a_t < 1", r"a_T < 1", r"t \le T") != "proved"
    assert status(r"a_1 = 0", r"a_t = 0") == "proved"


@pytest.mark.parametrize(
    "claim",
    [
        r"x_s = x_t",
        r"x_t = x_0",
        r"\frac{x_t - \sqrt{\bar\alpha_t} x_0}{\sqrt{1 - \bar\alpha_t}}"
        r" = \frac{x_s - \sqrt{\bar\alpha_s} x_0}{\sqrt{1 - \bar\alpha_s}}",
    ],
)
def test_a_noise_belongs_to_its_index(claim):
    """The trap: one ε in x_t = √ᾱ_t x_0 + √(1−ᾱ_t) ε and in the same for x_s."""
    assert status(claim, *COUPLING, r"1 \le s", r"s < t", r"t \le T", chained=True) != "proved"


def test_law_or_path():
    """The trap: √a ε₁ + √b ε₂ = √(a+b) ε in law, and not as numbers."""
    noises = [rf"\epsilon{index} \in \mathbb{{R}}^d" for index in ("", "_1", "_2")]
    claim = r"\sqrt{a}\, \epsilon_1 + \sqrt{b}\, \epsilon_2 = \sqrt{a + b}\, \epsilon"
    assert status(claim, *noises, r"a > 0", r"b > 0") == "refuted"
    assert status(r"x_t = \sqrt{\bar\alpha_t}\, x_0", r"\bar\alpha_t = 1", chained=True) != "proved"


@pytest.mark.parametrize(
    ("claim", "given", "expected"),
    [
        (r"p(x \mid y, z) = p(x \mid z)", [], "refuted"),
        (r"p(x \mid y, z) = p(x \mid z)", [r"x \perp y \mid z"], "proved"),
        (r"p(x \mid y, z) = p(x \mid y)", [r"x \perp y \mid z"], "refuted"),
        (r"p(x, y) = p(x)\, p(y)", [r"x \perp y \mid z"], "refuted"),
        (r"x \perp z \mid y", [r"q(x, y, z) = q(x)\, q(y \mid x)\, q(z \mid y)"], "proved"),
        (r"x \perp z", [r"q(x, y, z) = q(x)\, q(y \mid x)\, q(z \mid y)"], "refuted"),
        (r"x \perp z", [r"q(x, y, z) = q(x)\, q(z)\, q(y \mid x, z)"], "proved"),
        (r"x \perp z \mid y", [r"q(x, y, z) = q(x)\, q(z)\, q(y \mid x, z)"], "refuted"),
        (r"x \perp y \mid z", [r"x \perp y"], "refuted"),
        (r"x \perp y, z", [r"x \perp y", r"x \perp z"], "refuted"),
        (r"x \perp y \mid z", [r"x \perp y, z"], "proved"),
        (r"x \perp z", [r"x \perp y", r"y \perp z"], "refuted"),
    ],
)
def test_independence(claim, given, expected):
    """Chains, colliders, and what does not follow from pairwise or marginal independence."""
    assert status(claim, *given) == expected


def test_independence_under_one_of_two_laws():
    """The trap: what q's graph separates, p's does not; under which law is not said."""
    given = [r"q(x, y, z) = q(x)\, q(z)\, q(y \mid x, z)", r"p(x, z) = p(x)\, p(z \mid x)"]
    assert status(r"x \perp z", *given) == "unknown"
    assert status(r"q(x, z) = q(x)\, q(z)", *given) != "refuted"
    assert status(r"p(x, z) = p(x)\, p(z)", *given) != "proved"


def test_an_exogenous_root_is_not_independent():
    """The trap: with q(x_{1:T} | x_0) alone, x_0 has no law, and nothing makes it independent."""
    assert status(r"x_1 \perp x_0", chained=True) != "proved"
    assert status(r"x_1 \perp x_2", chained=True) == "refuted"
    assert status(r"x_{t-1} \perp x_{t+1} \mid x_t", r"1 \le t", r"t < T", chained=True) == "proved"


def test_two_densities_for_one_law():
    """The trap: two kernels, of which each proves what the other refutes."""
    with pytest.raises(ModelError):
        status(r"x = x", r"q(x) = \mathcal{N}(x; 0, 1)", r"q(x) = \mathcal{N}(x; 1, 1)")


@pytest.mark.parametrize(
    "lines",
    [
        [r"q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; x_{t-1}, 1)", r"q(x_1 \mid x_0) = \mathcal{N}(x_1; 0, 1)"],
        [r"q(x_1 \mid x_0) = \mathcal{N}(x_1; 0, 1)", r"q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; x_{t-1}, 1)"],
    ],
)
def test_a_kernel_and_another_one_at_one_index(lines):
    """The same trap: what is said of one index is a claim, and where it is wrong there is no world to speak of."""
    for claim in (r"x = x", r"q(x_1 \mid x_0) = \mathcal{N}(x_1; 0, 1)", r"q(x_1 \mid x_0) = \mathcal{N}(x_1; x_0, 1)"):
        assert status(claim, *lines) == "unknown", claim


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"q(x) \le 1", []),
        (r"H(q(x)) \ge 0", []),
        (r"q(x) > 0", []),
        (r"q(x, y) > 0", []),
        (r"D_{KL}(q(x) \,\|\, p(x)) = D_{KL}(p(x) \,\|\, q(x))", []),
        (r"\mathbb{E}_{q(x)}[f(x)] = f(\mathbb{E}_{q(x)}[x])", []),
        (r"\mathbb{E}_{q(x, y)}[x y] = \mathbb{E}_{q(x)}[x]\, \mathbb{E}_{q(y)}[y]", []),
        (r"\log \mathbb{E}_{q(x)}[f(x)] \le \mathbb{E}_{q(x)}[\log f(x)]", []),
        (r"q(x \mid y) = \frac{q(y \mid x)\, q(y)}{q(x)}", []),
        (r"\mathcal{N}(x; \mu, \sigma) = \mathcal{N}(x; \mu, \sigma^2)", []),
        (r"\mathbb{E}_{q(x)}[x] = 1", [r"x = 1"]),
        (r"P(A \mid B^c) = 1 - P(A \mid B)", []),
    ],
)
def test_false_of_densities(claim, given):
    """Counting facts said of densities, an average of a function as the function of an average, slips of Bayes."""
    assert status(claim, *given) == "refuted"


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"x + a = a + x", [r"x \in \mathbb{R}^d", r"a \in \mathbb{R}"]),
        (r"\log \frac{A}{B} = 0", [r"A \in \mathbb{R}^{d \times d}", r"B \in \mathbb{R}^{d \times d}"]),
        (r"\log x = 0", [r"x \in \mathbb{R}^d"]),
    ],
)
def test_sorts_that_do_not_fit(claim, given):
    """A vector plus a number, the logarithm of a quotient of matrices or of a vector."""
    with pytest.raises(SortError):
        status(claim, *given)


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"(x^\top y) z = (x^\top z) y", [rf"{name} \in \mathbb{{R}}^d" for name in "xyz"]),
        (r"A B = B A", [rf"{name} \in \mathbb{{R}}^{{d \times d}}" for name in "AB"]),
        (r"(A B)^{-1} = A^{-1} B^{-1}", [rf"{name} \in \mathbb{{R}}^{{d \times d}}" for name in "AB"]),
        (r"\|x + y\|^2 = \|x\|^2 + \|y\|^2", [rf"{name} \in \mathbb{{R}}^d" for name in "xy"]),
    ],
)
def test_vectors_and_matrices_do_not_commute(claim, given):
    """Vectors and matrices in a commutative product (d ≥ 2 refutes)."""
    assert status(claim, *given) == "refuted"


def test_a_lemma_of_a_smaller_model_takes_no_claim_for_a_law():
    """The trap: a line that is a claim beside a factorization is a law without it, and proves itself there."""
    from derive import kernel
    from derive.checking import _read_claim
    from derive.grounds.context import Context
    from tests.soundness.claims import chain

    wrong = r"q(x_t \mid x_0) = \mathcal{N}(x_t; x_0, I)"
    space = r"x_t \in \mathbb{R}^d"
    _, whole = _read_claim(None, None, [*chain(), wrong])
    assert whole.claims and not any(law in whole.claims for law in whole.laws)
    kept = [line for line in whole.lines if line.text in (space, wrong)]
    from derive.models import compile_model

    part = compile_model(kept, declarations=whole.declarations)
    claim = part.laws[0]
    small = Context.of(part)
    lemma = kernel.chain(claim.lhs, [kernel.by_law(claim.lhs, (), 0, {}, small)], small)
    with pytest.raises(KernelRefusal):
        kernel.by_result(claim.lhs, (), lemma, {}, Context.of(whole), name="lemma")


def test_a_definition_that_defines_itself():
    """A = b + 1 beside b = a + 1 is no pair of definitions; a = 4 − b beside b = a is solved."""
    assert status(r"a = a", r"a = b + 1", r"b = a + 1") != "proved"
    assert status(r"a = 2", r"a = 4 - b", r"b = a") == "proved"


NAMED = r"q(x_{t-1} \mid x_t, x_0) = \mathcal{N}(x_{t-1}; \tilde\mu_t, \tilde\beta_t I)"
VARIANCE = r"\frac{1 - \bar\alpha_{t-1}}{1 - \bar\alpha_t} \beta_t"


@pytest.mark.parametrize(
    ("claim", "given", "expected"),
    [
        (rf"\tilde\beta_t = {VARIANCE}", [r"t \ge 2"], True),
        (rf"\tilde\beta_t = {VARIANCE}", [r"t \ge 2", r"t \le T"], True),
        (r"\tilde\beta_t < \beta_t", [r"t \ge 2"], True),
        (
            r"\frac{\tilde\beta_t}{\beta_t} = \frac{1 - \bar\alpha_{t-1}}{1 - \bar\alpha_t}",
            [r"t \ge 2", r"t \le T"],
            True,
        ),
        (r"\tilde\beta_t = \frac{1 - \bar\alpha_t}{1 - \bar\alpha_{t-1}} \beta_t", [r"t \ge 2", r"t \le T"], False),
        (r"\tilde\beta_t = \beta_t", [r"t \ge 2", r"t \le T"], False),
    ],
)
def test_a_second_density_names_what_the_first_determines(claim, given, expected):
    """The trap: μ̃_t and β̃_t of a posterior drawn as free numbers, beside the kernel that determines them."""
    found = status(claim, *given, NAMED, chained=True)
    assert found != "refuted" if expected else found == "refuted"


def test_a_wrong_second_density_proves_nothing():
    """The trap: a line q(x_t | x_0) = N(…, (1 − ᾱ_t)² I) among the givens, and with it everything."""
    wrong = r"q(x_t \mid x_0) = \mathcal{N}(x_t; \sqrt{\bar\alpha_t}\, x_0, (1 - \bar\alpha_t)^2 I)"
    assert status(wrong, r"t \ge 1", wrong, chained=True) != "proved"


def test_what_nothing_generates_is_not_positive():
    """The trap: q(x_t | x_{t−1}) is Gaussian, so that q(x_0) would be a mean of Gaussians, for t = 0."""
    given = [r"x_t \in \mathbb{R}^d", r"\beta > 0", r"q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; x_{t-1}, \beta I)"]
    claim = r"\mathbb{E}_{q(x_%s)}\left[\frac{p(x_%s)}{q(x_%s)}\right] = \int p(x_%s) \,dx_%s"
    assert status(claim % (("0",) * 5), *given) != "proved"


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"x \perp z \mid y", [r"q(z \mid x, y) = q(z \mid y)"]),
        (r"q(x \mid y, z) = q(x)", [r"q(y, z \mid x) = q(y, z)"]),
        (r"q(x_3 \mid x_2, x_0) = q(x_3 \mid x_2)", [r"q(x_t \mid x_{t-1}, x_0) = q(x_t \mid x_{t-1})"]),
        (r"q(x \mid y) = q(x)", [r"q(x, y) = q(x)\, q(y)"]),
    ],
)
def test_forgetting_is_said_of_every_value_and_index(claim, given):
    """The trap: q(y | x) = q(y) as a way to draw y, after which x is drawn from y; or a Markov line at one t only."""
    assert status(claim, *given) != "refuted"
