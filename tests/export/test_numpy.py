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


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("t", [1, *TIMES])
def test_the_start_from_the_noise_and_from_the_velocity(ddpm: ModuleType, schedule: str, t: int) -> None:
    """x_t and v are made of a start and a noise with fifty digits, and the start is found again."""
    beta = np.array(SCHEDULES[schedule])
    signal, noise = level(schedule, t)
    with mp.workdps(50):
        x_0, epsilon = mpf("0.7"), mpf("-1.3")
        x_t = signal * x_0 + sqrt(noise) * epsilon
        v = signal * epsilon - sqrt(noise) * x_0
        assert close(ddpm.v_from_x_0(0.7, -1.3, beta, t), v)
        assert close(ddpm.x_0_from_v(1.0, 0.0, beta, t), signal)
        assert close(ddpm.x_0_from_v(0.0, 1.0, beta, t), -sqrt(noise))
        assert close(ddpm.x_0_from_epsilon(1.0, 0.0, beta, t), 1 / signal)
        assert close(ddpm.x_0_from_epsilon(0.0, 1.0, beta, t), -sqrt(noise) / signal)
        assert abs(signal * x_t - sqrt(noise) * v - x_0) < mpf(10) ** -45


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("t", TIMES)
def test_the_weight_of_the_noise_and_the_signal_to_noise_ratio(ddpm: ModuleType, schedule: str, t: int) -> None:
    """The weight of ‖ε − ε_θ‖² is the square of what the noise weighs in the mean, over twice the variance."""
    beta, deviation = np.array(SCHEDULES[schedule]), np.linspace(0.1, 0.9, STEPS)
    signal, noise = level(schedule, t)
    _, on_start, _ = conditioned(schedule, t)
    with mp.workdps(50):
        on_noise = on_start * sqrt(noise) / signal
        assert close(ddpm.snr(beta, t), signal**2 / noise)
        assert close(ddpm.noise_loss_weight(beta, deviation, t), on_noise**2 / (2 * mpf(float(deviation[t - 1])) ** 2))


# ---- from one step to any earlier one -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ddim(tmp_path_factory) -> ModuleType:
    path = tmp_path_factory.mktemp("code") / "ddim.py"
    assert main(["export", "ddim", "--to", "python", "-o", str(path)]) == 0
    return run(path.read_text(encoding="utf-8"))


JUMPS = [(1000, 980), (1000, 0), (500, 499), (20, 1), (2, 1), (1, 0)]


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize(("t", "s"), JUMPS)
@pytest.mark.parametrize("eta", [0.0, 0.3, 1.0])
def test_a_step_keeps_the_law_of_the_chain(ddim: ModuleType, schedule: str, t: int, s: int, eta: float) -> None:
    """With the true noise, what a step makes of x_t has the mean and the variance that the chain run forwards has."""
    beta = np.array(SCHEDULES[schedule])
    signal, noise = level(schedule, s)
    start, spread = level(schedule, t)
    with mp.workdps(50):
        on_point, on_noise, fresh = (
            mpf(float(ddim.step(*given, beta, eta, t, s))) for given in ((1, 0, 0), (0, 1, 0), (0, 0, 1))
        )
        # x_t = start · x_0 + √spread · ε: what x_0 weighs, and the variance of what is left
        assert abs(on_point * start - signal) <= RELATIVE * signal
        left = on_point * sqrt(spread) + on_noise
        assert abs(left**2 + fresh**2 - noise) <= RELATIVE * max(noise, signal * sqrt(spread) / start * mpf(10) ** -5)
        assert close(ddim.sigma(beta, eta, t, s), fresh)


@pytest.mark.parametrize("t", [2, 500, 1000])
def test_all_noise_new_one_step_back_is_the_posterior_of_the_chain(ddim: ModuleType, t: int) -> None:
    beta = np.array(SCHEDULES["linear"])
    _, _, variance = conditioned("linear", t)
    assert close(ddim.sigma(beta, 1.0, t, t - 1), sqrt(variance))
    assert ddim.sigma(beta, 0.0, t, t - 1) == 0


def test_a_step_forwards_or_in_place_is_refused(ddim: ModuleType) -> None:
    beta = np.array(SCHEDULES["linear"])
    for t, s in ((5, 5), (5, 6), (np.array([5, 5]), np.array([4, 5]))):
        with pytest.raises(ValueError, match="s < t"):
            ddim.sigma(beta, 1.0, t, s)


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
    module = of(capsys, "ddpm.x0-snr")
    beta, t = np.array([0.1, 0.2, 0.3]), 3
    guess, x_0 = np.random.default_rng(1).normal(size=(2, 2, 5))
    kept = 0.9 * 0.8
    variance = (1 - kept) / (1 - kept * 0.7) * 0.3
    slope = np.sqrt(kept) * 0.3 / (1 - kept * 0.7)
    wanted = np.sum((slope * (guess - x_0)) ** 2) / (2 * variance)
    assert module.x0_snr(x_0=x_0, x_hat_theta=guess, beta=beta, t=t) == pytest.approx(wanted, rel=1e-12)


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
