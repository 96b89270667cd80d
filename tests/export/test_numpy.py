"""Functions written from derived terms, against a computation of their own with fifty digits.

The chain is run forwards number by number, and conditioned as two correlated Gaussians: no closed form of the library
takes part. Schedules are those that people train with.
"""

import math
import random
from functools import cache
from types import ModuleType

import pytest
from mpmath import mp, mpf, sqrt

from derive.cli import main
from derive.cli.commands import export

np = pytest.importorskip("numpy", reason="numpy is what the generated code runs on")

STEPS = 1000
RELATIVE = 1e-10


def linear() -> list[float]:
    return [float(beta) for beta in np.linspace(1e-4, 0.02, STEPS)]


def cosine() -> list[float]:
    """Nichol & Dhariwal (2021), equation 17, with the clipping at 0.999."""

    def level(t: int) -> float:
        return math.cos((t / STEPS + 0.008) / 1.008 * math.pi / 2) ** 2

    return [min(1 - level(t) / level(t - 1), 0.999) for t in range(1, STEPS + 1)]


SCHEDULES = {"linear": linear(), "cosine": cosine()}
TIMES = [2, 3, 10, 500, STEPS - 1, STEPS]


def run(text: str) -> ModuleType:
    module = ModuleType("written")
    exec(compile(text, "written.py", "exec"), module.__dict__)
    return module


@pytest.fixture(scope="module")
def ddpm(tmp_path_factory) -> ModuleType:
    path = tmp_path_factory.mktemp("code") / "ddpm.py"
    assert main(["export", "ddpm", "--to", "python", "-o", str(path)]) == 0
    return run(path.read_text(encoding="utf-8"))


@cache
def level(schedule: str, t: int):
    """The signal left after t steps and the variance of the noise, each step carried out."""
    with mp.workdps(50):
        signal, noise = mpf(1), mpf(0)
        for beta in SCHEDULES[schedule][:t]:
            keep = 1 - mpf(beta)
            signal, noise = sqrt(keep) * signal, keep * noise + mpf(beta)
        return signal, noise


def conditioned(schedule: str, t: int):
    """What x_t and x_0 weigh in the mean of x_{t-1} given both, and its variance: two Gaussians, conditioned."""
    with mp.workdps(50):
        beta = mpf(SCHEDULES[schedule][t - 1])
        signal, noise = level(schedule, t - 1)
        gain = sqrt(1 - beta)
        whole = gain**2 * noise + beta  # the variance of x_t given x_0
        slope = gain * noise / whole  # covariance over variance
        return slope, signal - slope * gain * signal, noise - slope * gain * noise


def close(found, wanted) -> bool:
    return abs(mpf(float(found)) - wanted) <= RELATIVE * abs(wanted)


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("t", [1, *TIMES])
def test_the_levels_of_signal_and_noise(ddpm: ModuleType, schedule: str, t: int) -> None:
    beta = np.array(SCHEDULES[schedule])
    signal, noise = level(schedule, t)
    assert close(ddpm.alpha_bar(beta, t), signal**2)
    assert close(ddpm.alpha(beta, t), 1 - mpf(SCHEDULES[schedule][t - 1]))
    assert close(ddpm.marginal(1.0, 0.0, beta, t), signal)
    assert close(ddpm.marginal(0.0, 1.0, beta, t), sqrt(noise))


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("t", TIMES)
def test_the_posterior_is_that_of_two_conditioned_gaussians(ddpm: ModuleType, schedule: str, t: int) -> None:
    beta = np.array(SCHEDULES[schedule])
    on_point, on_start, variance = conditioned(schedule, t)
    assert close(ddpm.posterior_mean(1.0, 0.0, beta, t), on_point)
    assert close(ddpm.posterior_mean(0.0, 1.0, beta, t), on_start)
    assert close(ddpm.posterior_variance(beta, t), variance)


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("t", TIMES)
def test_the_mean_from_the_noise_is_the_mean_from_the_start(ddpm: ModuleType, schedule: str, t: int) -> None:
    """With x_0 = (x_t − noise) / signal put into the conditioned mean."""
    beta = np.array(SCHEDULES[schedule])
    on_point, on_start, _ = conditioned(schedule, t)
    signal, noise = level(schedule, t)
    with mp.workdps(50):
        assert close(ddpm.posterior_mean_from_epsilon(1.0, 0.0, beta, t), on_point + on_start / signal)
        assert close(ddpm.posterior_mean_from_epsilon(0.0, 1.0, beta, t), -on_start * sqrt(noise) / signal)


def test_before_the_first_step_nothing_has_happened(ddpm: ModuleType) -> None:
    beta = np.array(SCHEDULES["linear"])
    assert ddpm.alpha_bar(beta, 0) == 1
    assert ddpm.posterior_variance(beta, 1) == 0
    assert ddpm.posterior_mean(7.0, 3.0, beta, 1) == pytest.approx(3.0, rel=1e-12)


def test_several_steps_at_once_are_those_steps_one_by_one(ddpm: ModuleType) -> None:
    beta, seeded = np.array(SCHEDULES["cosine"]), np.random.default_rng(3)
    x, y, t = seeded.normal(size=(4, 3, 2)), seeded.normal(size=(4, 3, 2)), np.array([1, 2, 700, 1000])
    for function in (ddpm.posterior_mean, ddpm.posterior_mean_from_epsilon, ddpm.marginal):
        together = function(x, y, beta, t)
        assert together.shape == x.shape
        for place, step in enumerate(t):
            np.testing.assert_allclose(together[place], function(x[place], y[place], beta, int(step)), rtol=1e-15)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_single_precision_keeps_what_it_can(ddpm: ModuleType, schedule: str) -> None:
    beta = np.array(SCHEDULES[schedule], dtype=np.float32)
    found = ddpm.posterior_variance(beta, np.arange(2, STEPS + 1))
    assert found.dtype == np.float32
    wanted = ddpm.posterior_variance(beta.astype(np.float64), np.arange(2, STEPS + 1))
    np.testing.assert_allclose(found, wanted, rtol=2e-5)


def test_a_schedule_that_ends_in_pure_noise(ddpm: ModuleType) -> None:
    beta = np.array([0.1, 0.5, 1.0])
    assert ddpm.alpha_bar(beta, 3) == 0
    assert ddpm.posterior_mean(5.0, 1.0, beta, 3) == pytest.approx(math.sqrt(0.45), rel=1e-12)


@pytest.mark.parametrize("t", [0, -1, STEPS + 1])
def test_a_step_that_is_not_there_does_not_wrap_around(ddpm: ModuleType, t: int) -> None:
    with pytest.raises(IndexError, match=r"1\.\.1000"):
        ddpm.alpha(np.array(SCHEDULES["linear"]), t)


def test_half_a_step_and_a_table_of_schedules_are_refused(ddpm: ModuleType) -> None:
    with pytest.raises(TypeError, match="whole numbers"):
        ddpm.alpha(np.array(SCHEDULES["linear"]), 2.5)
    with pytest.raises(ValueError, match="shape"):
        ddpm.alpha(np.zeros((3, 3)), 1)


def test_every_function_says_what_it_computes_and_from_where(ddpm: ModuleType) -> None:
    assert {"alpha", "alpha_bar", "marginal", "posterior_mean", "posterior_variance"} <= set(ddpm.__all__)
    for name in ("posterior_mean", "posterior_variance", "posterior_mean_from_epsilon"):
        said = getattr(ddpm, name).__doc__
        assert "Source: ddpm." in said and "ᾱ" in said and "beta: shape (T,)" in said and "t ≥ 2" in said


# ---- other models -------------------------------------------------------------------------------------------------


def of(capsys, *arguments: str) -> ModuleType:
    assert main(["export", *arguments, "--to", "python"]) == 0
    return run(capsys.readouterr().out)


def test_any_linear_gaussian_chain(capsys) -> None:
    seeded = random.Random(5)
    a, s = [seeded.uniform(-2, 2) for _ in range(6)], [seeded.uniform(0.1, 2) for _ in range(6)]
    module = of(capsys, "ddpm.posterior", "--model", "linear-gaussian")
    for t in range(2, 7):
        signal, noise = 1.0, 0.0
        for gain, deviation in zip(a[: t - 1], s, strict=False):
            signal, noise = gain * signal, gain**2 * noise + deviation**2
        gain, deviation = a[t - 1], s[t - 1]
        slope = gain * noise / (gain**2 * noise + deviation**2)
        assert module.posterior_mean(0.0, 1.0, a, s, t) == pytest.approx(slope, rel=RELATIVE)
        assert module.posterior_mean(1.0, 0.0, a, s, t) == pytest.approx(signal - slope * gain * signal, rel=1e-9)
        assert module.posterior_variance(a, s, t) == pytest.approx(noise - slope * gain * noise, rel=1e-9)


def test_a_schedule_that_begins_at_zero(capsys) -> None:
    """σ_0 is spoken of, so the array begins there."""
    module = of(capsys, "ddpm.posterior", "--model", "variance-exploding")
    sigma = np.array([0.01, 0.5, 1.0, 3.0])
    before, now = 0.5**2 - 0.01**2, 1.0 - 0.01**2
    assert module.posterior_mean(0.0, 1.0, sigma, 2) == pytest.approx(before / now, rel=RELATIVE)
    assert module.posterior_variance(sigma, 2) == pytest.approx(before - before**2 / now, rel=RELATIVE)


def test_a_divergence_with_its_dimension_and_norm(capsys) -> None:
    """KL of two Gaussians, against the textbook's formula in numbers."""
    module = of(capsys, "ddpm.mean")
    beta, sigma, t = np.array([0.1, 0.2, 0.3]), np.array([0.4, 0.5, 0.6]), 3
    seeded = np.random.default_rng(1)
    mu, x_t, x_0 = seeded.normal(size=(3, 2, 5))
    kept = 0.9 * 0.8
    variance = (1 - kept) / (1 - kept * 0.7) * 0.3
    mean = np.sqrt(kept) * 0.3 / (1 - kept * 0.7) * x_0 + np.sqrt(0.7) * (1 - kept) / (1 - kept * 0.7) * x_t
    wanted = 0.5 * (10 * (math.log(0.36 / variance) + variance / 0.36 - 1) + np.sum((mean - mu) ** 2) / 0.36)
    assert module.mean(mu, x_t, x_0, beta, sigma, t) == pytest.approx(wanted, rel=1e-12)


def test_what_is_no_number_is_refused(capsys) -> None:
    assert main(["export", "ddpm.loss", "--to", "python"]) == 2
    said = capsys.readouterr().err
    assert "cannot be written as code" in said


def test_code_is_of_whole_files_too_by_path(tmp_path, capsys) -> None:
    """A stranger's model, its own functions."""
    path = tmp_path / "shift.md"
    path.write_text(
        "# Shift\n\n```model\nx_t \\in \\mathbb{R}^d\nc_t \\in \\mathbb{R}\n"
        "g_t = 1 - c_t\nh_t = \\prod_{s=1}^{t} g_s\n```\n\n"
        "```functions\ng(c, t) is g_t\nh(c, t) is h_t\n```\n",
        encoding="utf-8",
    )
    assert main(["export", str(path), "--to", "python", "--model", str(path)]) == 0
    module = run(capsys.readouterr().out)
    assert module.h([0.5, 0.25], 2) == pytest.approx(0.375, rel=1e-15)


def test_a_line_of_functions_that_cannot_be_kept_names_its_place(tmp_path, capsys) -> None:
    path = tmp_path / "own.md"
    for line, said in (
        ("alpha(beta) is \\alpha_t", "beta, t"),
        ("mean(x_t, beta, t) is mean of ddpm.posterior", "x_0"),
        ("mean(x_t is mean", "not understood"),
        ("f(beta, t) is \\gamma_t", "does not define"),
        ("f(beta, t) is elephant of ddpm.posterior", "not understood"),
        ("f(beta, t) is weight of ddpm.posterior", "squared norm"),
    ):
        path.write_text(f"# Own\n\n```functions\nmodel ddpm\n{line}\n```\n", encoding="utf-8")
        assert main(["export", str(path), "--to", "python"]) == 2, line
        error = capsys.readouterr().err
        assert said in error and "own.md" in error, (line, error)


def test_the_formats_that_are_code_are_offered() -> None:
    assert set(export.CODE) <= set(export.FORMATS)
