"""The terms of the loss in the mean, the noise, the start and v: against numbers computed from the joint Gaussian."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from functools import cache

import pytest
from sympy import Rational, Symbol, sqrt

import derive
from derive import certificates
from derive.errors import DeriveError
from derive.grounds.conditions import is_regularity
from derive.library import load_model
from derive.rulebook import load_rulebook
from derive.terms import SCALAR, Norm, Variable, substitute, walk
from derive.trials import try_derivation

NAMES = [
    "loss-average", "mean", "constant", "constant-zero", "noise", "simple", "decoder", "x0", "x0-snr", "v",
    "noise-from-start", "start-from-v", "reverse",
]  # fmt: skip
t = Symbol("t")


@cache
def loaded(name):
    return derive.load(f"ddpm.{name}")


@pytest.mark.parametrize("name", NAMES)
def test_the_published_result_is_reached(name):
    assert loaded(name).goal_reached is True


@pytest.mark.parametrize("name", NAMES)
def test_only_that_averages_exist_is_left_open(name):
    assert all(is_regularity(condition) for condition in loaded(name).obligations)


@pytest.mark.parametrize("name", ["mean", "constant", "constant-zero", "x0", "x0-snr"])
def test_what_averages_nothing_leaves_nothing_open(name):
    assert loaded(name).obligations == ()


@pytest.mark.parametrize("name", NAMES)
def test_every_line_holds_in_worlds(name):
    for line, trial in zip(loaded(name).steps, try_derivation(loaded(name), count=2), strict=True):
        assert trial.refutation is None, line.by
        assert sum(trial.tried.values()), line.by


@pytest.mark.parametrize("name", NAMES)
def test_its_certificate_is_checked(name):
    text = json.dumps(certificates.certificate(loaded(name).theorem, name))
    assert certificates.check(json.loads(text), load_rulebook()).statement == loaded(name).result


@pytest.mark.parametrize("model", ["linear-gaussian", "variance-exploding"])
def test_each_term_runs_on_other_chains(model):
    derivation = derive.load("ddpm.mean", model=model)
    assert derivation.goal_reached is True
    assert derivation.obligations == ()


# ---- weights -------------------------------------------------------------------------------------------------------


def _of_squares(chance):
    """α_1 … α_t as squares of fractions with 1 − ᾱ_t one too, so that every root is a fraction: ᾱ_t = (a / c)²."""
    triples = [(3, 4, 5), (5, 12, 13), (8, 15, 17)]
    before, now = chance.sample(triples, 2)
    (a, b, c), (e, f, g) = before, now
    first, last = Fraction(max(a, b), c), Fraction(min(e, f), g)
    return first**2, last**2  # ᾱ_{t−1}, ᾱ_t


def _numbers(chance):
    before, now = _of_squares(chance)
    alpha = now / before
    sigma = Fraction(chance.randint(1, 5), chance.randint(1, 5))
    values = {
        ("\\bar\\alpha", t): now, ("\\bar\\alpha", t - 1): before, ("\\alpha", t): alpha, ("\\beta", t): 1 - alpha,
        ("\\sigma", t): sigma,
    }  # fmt: skip
    numbers = {
        Variable(name, SCALAR, index): Rational(v.numerator, v.denominator) for (name, index), v in values.items()
    }
    return numbers, tuple(Rational(v.numerator, v.denominator) for v in (before, now, alpha, sigma))


def _weight(name):
    """What stands before the one squared norm of a result."""
    squares = [node for _, node in walk(loaded(name).result.rhs) if node.is_Mul and any(
        factor.is_Pow and isinstance(factor.base, Norm) for factor in node.args)]  # fmt: skip
    (product,) = squares
    (square,) = [factor for factor in product.args if factor.is_Pow and isinstance(factor.base, Norm)]
    return product / square


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["noise", "x0", "v"])
def test_the_weight_against_the_joint_gaussian(name, seed):
    """(μ̃ − μ_θ)² / 2σ² in one dimension, with numbers: the posterior's mean from the joint covariance given x_0."""
    chance = random.Random(f"{name}{seed}")
    numbers, (before, now, alpha, sigma) = _numbers(chance)
    x_0, noise, guess = (Rational(chance.randint(-9, 9), 7) for _ in range(3))
    x_t = sqrt(now) * x_0 + sqrt(1 - now) * noise
    gain = sqrt(alpha) * (1 - before) / (1 - now)  # Cov(x_{t−1}, x_t) / Var(x_t), both given x_0

    def posterior_mean(start):
        return sqrt(before) * start + gain * (x_t - sqrt(now) * start)

    start, error = {
        "noise": ((x_t - sqrt(1 - now) * guess) / sqrt(now), noise - guess),
        "x0": (guess, x_0 - guess),
        "v": (sqrt(now) * x_t - sqrt(1 - now) * guess, sqrt(now) * noise - sqrt(1 - now) * x_0 - guess),
    }[name]
    expected = (posterior_mean(x_0) - posterior_mean(start)) ** 2 / (2 * sigma**2)
    found = substitute(_weight(name), numbers) * error**2
    assert (found - expected).expand() == 0


@pytest.mark.parametrize("seed", range(3))
def test_the_posterior_variance_gives_half_the_loss_in_signal_to_noise(seed):
    numbers, (before, now, _, _) = _numbers(random.Random(seed))
    expected = (before / (1 - before) - now / (1 - now)) / 2
    assert (substitute(_weight("x0-snr"), numbers) - expected).expand() == 0


# ---- what must fail ------------------------------------------------------------------------------------------------

HEAD = r"""# Tried

## one

```derive
model ddpm
given 2 \le t \le T
given \epsilon_\theta(x_t, t) \in \mathbb{R}^d
"""


def run(tmp_path, text):
    path = tmp_path / "tried.md"
    path.write_text(HEAD + text + "\n```\n", encoding="utf-8")
    return derive.load(path)


KL = r"D_{\mathrm{KL}}(q(x_{t-1} \mid x_t, x_0) \,\|\, p_\theta(x_{t-1} \mid x_t))"


@pytest.mark.parametrize("wrong", [r"\frac{1}{\sigma_t^2}", r"\frac{1}{2 \sigma_t}", r"\frac{1}{2 \tilde\beta_t}"])
def test_another_weight_is_not_the_goal(tmp_path, wrong):
    text = rf"""start {KL}
by ddpm.mean
goal {KL} = {wrong} \left\|\frac{{\sqrt{{\bar\alpha_{{t-1}}}} \beta_t}}{{1 - \bar\alpha_t}} x_0 + \frac{{\sqrt{{\alpha_t}} (1 - \bar\alpha_{{t-1}})}}{{1 - \bar\alpha_t}} x_t - \mu_\theta(x_t, t)\right\|^2 + C_t"""  # noqa: E501
    assert run(tmp_path, text).goal_reached is not True


@pytest.mark.parametrize("name", [r"\beta_t", r"\sigma_t", "x_t", r"\tilde\beta_s", r"\tilde\beta"])
def test_a_name_that_is_taken_or_hides_its_index_is_refused(tmp_path, name):
    with pytest.raises(DeriveError):
        run(tmp_path, f"start {KL}\nby ddpm.posterior\ncall {name} the variance of x_{{t-1}}")


@pytest.mark.parametrize(
    "definition",
    [
        r"\mu_\theta(x_t, t) := x_t + x_0",  # depends on more than it names
        r"\mu_\theta(x_t, t) := x_t + \beta_s x_t",
        r"\mu_\theta(x_t, t) := 2 \mu_\theta(x_t, t)",  # by itself
        r"\mu_\theta(x_t, x_t) := x_t",
        r"\beta_t := \alpha_t",
    ],
)
def test_a_definition_that_is_none_is_refused(tmp_path, definition):
    with pytest.raises(DeriveError):
        run(tmp_path, f"given {definition}\nstart {KL}\nby ddpm.mean\nby definition")


def test_two_functions_do_not_define_each_other(tmp_path):
    with pytest.raises(DeriveError):
        run(tmp_path, "given f_\\theta(x_t, t) \\in \\mathbb{R}^d\n"
            r"given \mu_\theta(x_t, t) := f_\theta(x_t, t)" "\n"
            r"given f_\theta(x_t, t) := \mu_\theta(x_t, t) + x_t" "\n"
            f"start {KL}\nby ddpm.mean\nby definition")  # fmt: skip


def test_a_definition_holds_for_every_argument_and_not_for_another_function(tmp_path):
    found = run(tmp_path, r"""given \mu_\theta(x_t, t) := x_t - \beta_t \epsilon_\theta(x_t, t)
start \|\mu_\theta(x_0 + x_1, t - 1) - \epsilon_\theta(x_0, t)\|^2
by definition""")  # fmt: skip
    expected = found.read(r"\|x_0 + x_1 - \beta_{t-1} \epsilon_\theta(x_0 + x_1, t - 1) - \epsilon_\theta(x_0, t)\|^2")
    assert found.current == expected


def test_a_definition_of_the_script_is_no_statement_of_the_model():
    assert len(loaded("noise").model.lines) > len(load_model("ddpm").lines)


def test_lines_that_are_one_thought_are_one_line_of_several_steps(tmp_path):
    found = run(tmp_path, f"start {KL}\ntogether the step back\n  by ddpm.posterior\n  by law\nby kl-gaussian")
    assert [line.by for line in found.steps] == ["the step back", "kl-gaussian"]
    assert len(found.steps[0].steps) == 2
    assert found.steps[0].after == run(tmp_path, f"start {KL}\nby ddpm.posterior\nby law").current


@pytest.mark.parametrize(
    "text", ["together nothing", "together wrong\n  by log-exp", "together in words\n  goal 1 = 1"]
)
def test_nothing_and_what_does_not_hold_is_not_put_together(tmp_path, text):
    with pytest.raises(DeriveError):
        run(tmp_path, f"start {KL}\n{text}")
