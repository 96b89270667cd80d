"""The forward posterior: derived formulas against conditioning in the joint Gaussian, computed with fractions."""

from __future__ import annotations

import json
import random
from fractions import Fraction

import pytest
from sympy import Rational, Symbol

import derive
from derive import certificates
from derive.errors import DerivationError, InputError, KernelRefusal
from derive.rulebook import load_rulebook
from derive.terms import SCALAR, Variable, substitute
from derive.terms.quadratics import coefficient
from derive.trials import try_derivation

t = Symbol("t")
PLACE = 4


def scalar(name, index):
    return Variable(name, SCALAR, index)


def conditioned(scales, noises):
    """Mean coefficients (of x_t and x_0) and variance of x_{t-1} given both, from the joint covariance given x_0."""
    mean, variance = Fraction(1), Fraction(0)
    for scale, noise in zip(scales[:-1], noises[:-1], strict=True):
        mean, variance = scale * mean, scale**2 * variance + noise
    last, noise = scales[-1], noises[-1]
    covariance, spread = last * variance, last**2 * variance + noise
    gain = covariance / spread
    return gain, mean - gain * last * mean, variance - gain * covariance


def values_of(derivation, numbers):
    """The same three numbers from the derived formulas, by substitution of numbers for the model's symbols."""
    normal = derivation.result.rhs
    x_t, x_0 = (next(v for v in normal.mean.free_symbols if getattr(v, "name", "") == "x" and v.indices[0] == place)
                for place in (t, 0))  # fmt: skip
    of_x_t, rest = coefficient(normal.mean, x_t, derivation.context.facts)
    of_x_0, _ = coefficient(rest, x_0, derivation.context.facts)
    return [substitute(formula, numbers) for formula in (of_x_t, of_x_0, normal.variance)]


@pytest.fixture(scope="module")
def posterior():
    return derive.load("ddpm.posterior")


def test_the_goal_is_reached_and_nothing_is_left_open(posterior):
    assert posterior.goal_reached is True
    assert posterior.obligations == ()
    assert not [line for line in posterior.steps if line.obligations]


@pytest.mark.parametrize("seed", range(5))
def test_ddpm_against_the_joint_gaussian(posterior, seed):
    chance = random.Random(seed)
    roots = [Fraction(chance.randint(1, 8), 9) for _ in range(PLACE)]  # α_s a square, so that its root is a fraction
    alphas = [root**2 for root in roots]
    numbers = {}
    for index, place in ((t, PLACE), (t - 1, PLACE - 1)):
        product = Fraction(1)
        for value in alphas[:place]:
            product *= value
        numbers[scalar("\\bar\\alpha", index)] = Rational(product.numerator, product.denominator)
    last = alphas[-1]
    numbers[scalar("\\alpha", t)] = Rational(last.numerator, last.denominator)
    numbers[scalar("\\beta", t)] = 1 - Rational(last.numerator, last.denominator)
    expected = conditioned(roots, [1 - alpha for alpha in alphas])
    found = values_of(posterior, numbers)
    assert found == [Rational(value.numerator, value.denominator) for value in expected]


@pytest.mark.parametrize("seed", range(5))
def test_any_linear_gaussian_chain_against_the_joint_gaussian(seed):
    derivation = derive.load("ddpm.posterior", model="linear-gaussian")
    assert derivation.obligations == ()
    chance = random.Random(seed)
    scales = [Fraction(chance.randint(-9, 9) or 1, chance.randint(1, 5)) for _ in range(PLACE)]
    spreads = [Fraction(chance.randint(1, 9), chance.randint(1, 5)) for _ in range(PLACE)]
    mean, variance = Fraction(1), Fraction(0)
    moments = []
    for scale, spread in zip(scales, spreads, strict=True):
        mean, variance = scale * mean, scale**2 * variance + spread**2
        moments.append((mean, variance))
    numbers = {scalar("a", t): scales[-1], scalar("s", t): spreads[-1]}
    for index, place in ((t, PLACE - 1), (t - 1, PLACE - 2)):
        numbers[scalar("m", index)], numbers[scalar("v", index)] = moments[place]
    numbers = {name: Rational(value.numerator, value.denominator) for name, value in numbers.items()}
    expected = conditioned(scales, [spread**2 for spread in spreads])
    assert values_of(derivation, numbers) == [Rational(v.numerator, v.denominator) for v in expected]


def test_the_recursion_is_read_off_the_step():
    model = derive.load("ddpm.marginal", model="linear-gaussian").model
    m, v, a, s = (scalar(name, t) for name in ("m", "v", "a", "s"))
    steps = {recursion.head: (recursion.step, recursion.base) for recursion in model.recursions}
    before = {t: t - 1}
    assert steps[m] == (a * substitute(m, before), 1)
    assert steps[v] == (a**2 * substitute(v, before) + s**2, 0)


def test_variance_exploding_reaches_its_closed_form():
    derivation = derive.load("ddpm.posterior", model="variance-exploding")
    assert derivation.goal_reached is True
    assert derivation.obligations == ()
    marginal = derive.load("ddpm.marginal", model="variance-exploding").result.rhs
    sigma = scalar("\\sigma", t)
    assert marginal.variance == sigma**2 - scalar("\\sigma", 0) ** 2


def test_the_form_in_the_noise():
    assert derive.load("ddpm.posterior-noise").goal_reached is True


def test_a_model_that_states_a_wrong_marginal_is_refused(tmp_path):
    path = tmp_path / "wrong.md"
    path.write_text(
        """# A slip in the closed form

```model
x_t \\in \\mathbb{R}^d
\\sigma_t \\ge 0
\\sigma_{t-1} < \\sigma_t
q(x_{1:T} \\mid x_0) = \\prod_{t=1}^{T} q(x_t \\mid x_{t-1})
q(x_t \\mid x_{t-1}) = \\mathcal{N}(x_t; x_{t-1}, (\\sigma_t^2 - \\sigma_{t-1}^2) I)
q(x_t \\mid x_0) = \\mathcal{N}(x_t; x_0, \\sigma_t^2 I)
```
""",
        encoding="utf-8",
    )
    with pytest.raises(KernelRefusal, match="which the rest of it refutes"):  # it forgets that σ_0 need not be zero
        derive.load("ddpm.posterior", model=path)


@pytest.mark.parametrize("name", ["marginal", "posterior", "mean"])
def test_every_line_of_a_chain_that_keeps_its_mean_holds_in_worlds(name):
    derivation = derive.load(f"ddpm.{name}", model="variance-exploding")
    for line, trial in zip(derivation.steps, try_derivation(derivation, count=2), strict=True):
        assert trial.refutation is None, line.by
        assert line.parts or sum(trial.tried.values()), line.by


@pytest.mark.parametrize("name", ["ddpm.marginal", "ddpm.posterior", "ddpm.posterior-noise"])
def test_a_certificate_is_checked_from_its_json_alone(name):
    derivation = derive.load(name)
    text = json.dumps(certificates.certificate(derivation.theorem, name))
    assert certificates.check(json.loads(text), load_rulebook()).statement == derivation.result


def _changes(value, path=()):
    """Every place of a JSON value that holds a whole number or a text."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _changes(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _changes(inner, (*path, place))
    else:
        yield path


def test_a_changed_certificate_is_refused(posterior):
    """Single random changes below the steps: a number one larger, a text another text."""
    rules = load_rulebook()
    text = json.dumps(certificates.certificate(posterior.theorem))
    places = [path for path in _changes(json.loads(text)) if "steps" in path]
    chance = random.Random(5)
    accepted = []
    for path in chance.sample(places, 60):
        data = json.loads(text)
        target = data
        for key in path[:-1]:
            target = target[key]
        old = target[path[-1]]
        target[path[-1]] = (not old) if isinstance(old, bool) else old + 1 if isinstance(old, int) else f"{old}x"
        try:
            certificates.check(data, rules)
        except (InputError, KernelRefusal):
            continue
        accepted.append((path, old))
    assert not accepted


@pytest.mark.parametrize("model", ["linear-gaussian", "variance-exploding"])
def test_what_holds_of_any_chain_is_derived_on_any(model):
    for name in ("ddpm.marginal", "ddpm.posterior", "ddpm.mean"):
        assert derive.load(name, model=model).obligations == (), name
    assert derive.load("ddpm.loss", model=model).goal_reached is True


@pytest.mark.parametrize("model", ["linear-gaussian", "variance-exploding"])
@pytest.mark.parametrize("name", ["ddpm.noise", "ddpm.posterior-noise", "ddpm.constant", "ddpm.reverse", "ddpm.start"])
def test_what_speaks_of_one_model_says_so_on_another(name, model):
    """ᾱ and β are nothing in these models: their letters would be free numbers."""
    with pytest.raises(DerivationError, match=rf"{name} speaks of .*ᾱ.*which the model {model} does not have"):
        derive.load(name, model=model)
