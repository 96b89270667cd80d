"""The generated code against the schedulers that people train and sample with.

Their timestep i is the paper's step t = i + 1: `betas[0]` belongs to timestep 0 and to step 1. A timestep before the
first one is the data, s = 0.
"""

from __future__ import annotations

from types import ModuleType

import pytest

from derive.cli import main

np = pytest.importorskip("numpy", reason="numpy is what the generated code runs on")
torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'derive-math[diffusers]'")
diffusers = pytest.importorskip("diffusers", reason="not installed: pip install 'derive-math[diffusers]'")

T = 1000
RELATIVE = 1e-10
SCHEDULES = ["linear", "scaled_linear", "squaredcos_cap_v2"]


@pytest.fixture(scope="module")
def modules(tmp_path_factory) -> dict[str, ModuleType]:
    folder, found = tmp_path_factory.mktemp("code"), {}
    for name in ("ddpm", "ddim"):
        path = folder / f"{name}.py"
        assert main(["export", name, "--to", "python", "-o", str(path)]) == 0
        found[name] = ModuleType(name)
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), found[name].__dict__)
    return found


def scheduler(kind: str, schedule: str, double: bool = True, **options):
    """A scheduler of theirs in double precision, its tables computed anew from its own betas as it computes them."""
    found = getattr(diffusers, kind)(num_train_timesteps=T, beta_schedule=schedule, clip_sample=False, **options)
    if double:
        found.betas = found.betas.double()
        found.alphas = 1.0 - found.betas
        found.alphas_cumprod = torch.cumprod(found.alphas, dim=0)
        found.one = torch.tensor(1.0, dtype=torch.float64)
        if hasattr(found, "final_alpha_cumprod"):
            found.final_alpha_cumprod = torch.tensor(1.0, dtype=torch.float64)
    return found


def drawn(count: int, dtype=torch.float64):
    return torch.randn(count, 4, 3, dtype=dtype, generator=torch.Generator().manual_seed(7))


def same(ours, theirs, rtol: float = RELATIVE) -> None:
    theirs = np.array(theirs.tolist())
    np.testing.assert_allclose(np.asarray(ours), theirs, rtol=rtol, atol=rtol * np.abs(theirs).max())


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("i", [1, 2, 50, 500, 998, 999])
def test_ddpm(modules, schedule: str, i: int) -> None:
    theirs, ours = scheduler("DDPMScheduler", schedule), modules["ddpm"]
    beta, t = np.array(theirs.betas.tolist()), i + 1
    x, epsilon = drawn(2)
    x_np, epsilon_np = np.array(x.tolist()), np.array(epsilon.tolist())
    same(ours.alpha_bar(beta, t), theirs.alphas_cumprod[i])
    same(ours.marginal(x_np, epsilon_np, beta, t), theirs.add_noise(x, epsilon, torch.tensor([i])))
    same(ours.v_from_x_0(x_np, epsilon_np, beta, t), theirs.get_velocity(x, epsilon, torch.tensor([i])))
    same(ours.posterior_variance(beta, t), theirs._get_variance(i))
    step = theirs.step(epsilon, i, x, generator=torch.Generator().manual_seed(11))
    fresh = torch.randn(x.shape, dtype=x.dtype, generator=torch.Generator().manual_seed(11))
    mean = step.prev_sample - theirs._get_variance(i) ** 0.5 * fresh
    same(ours.posterior_mean_from_epsilon(x_np, epsilon_np, beta, t), mean)
    same(ours.x_0_from_epsilon(x_np, epsilon_np, beta, t), step.pred_original_sample)
    same(ours.posterior_mean(x_np, np.array(step.pred_original_sample.tolist()), beta, t), mean)


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("i", [1, 500, 999])
def test_ddpm_that_predicts_the_velocity(modules, schedule: str, i: int) -> None:
    theirs, ours = scheduler("DDPMScheduler", schedule, prediction_type="v_prediction"), modules["ddpm"]
    beta = np.array(theirs.betas.tolist())
    x, v = drawn(2)
    found = ours.x_0_from_v(np.array(x.tolist()), np.array(v.tolist()), beta, i + 1)
    same(found, theirs.step(v, i, x).pred_original_sample)


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("eta", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("count", [10, 50, 1000])
def test_ddim(modules, schedule: str, eta: float, count: int) -> None:
    theirs, ours = scheduler("DDIMScheduler", schedule, set_alpha_to_one=True), modules["ddim"]
    theirs.set_timesteps(count)
    beta = np.array(theirs.betas.tolist())
    x, epsilon, noise = drawn(3)
    for i in [int(theirs.timesteps[place]) for place in (0, count // 2, -2, -1)]:
        t, s = i + 1, max(i - T // count, -1) + 1
        given = (np.array(part.tolist()) for part in (x, epsilon, noise))
        wanted = theirs.step(epsilon, i, x, eta=eta, variance_noise=noise if eta else None).prev_sample
        same(ours.step(*given, beta, eta, t, s), wanted)
        same(ours.sigma(beta, eta, t, s), eta * theirs._get_variance(i, s - 1) ** 0.5)


def test_single_precision(modules) -> None:
    theirs, ours = scheduler("DDPMScheduler", "linear", double=False), modules["ddpm"]
    beta = np.array(theirs.betas.tolist(), dtype=np.float32)
    for i in (1, 500, 999):
        (found,) = ours.posterior_variance(beta, np.array([i + 1]))
        assert found.dtype == np.float32
        same(found, theirs._get_variance(i), rtol=1e-3)
