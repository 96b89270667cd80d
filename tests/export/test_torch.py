"""The same functions for PyTorch: the same numbers, and gradients that flow."""

from types import ModuleType

import pytest

from derive.cli import main

np = pytest.importorskip("numpy", reason="numpy is what the other module runs on")
torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'derive-math[torch]'")


@pytest.fixture(scope="module")
def modules(tmp_path_factory) -> dict[str, ModuleType]:
    folder = tmp_path_factory.mktemp("code")
    found = {}
    for kind in ("python", "torch"):
        path = folder / f"{kind}.py"
        assert main(["export", "ddpm", "--to", kind, "-o", str(path)]) == 0
        found[kind] = ModuleType(kind)
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), found[kind].__dict__)
    return found


def test_the_numbers_are_those_of_numpy(modules) -> None:
    beta = torch.linspace(1e-4, 0.02, 1000, dtype=torch.float64)
    t = torch.tensor([1, 2, 500, 1000])
    x = torch.randn(2, 4, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    for name in ("posterior_mean", "posterior_mean_from_epsilon", "marginal"):
        ours = getattr(modules["torch"], name)(x[0], x[1], beta, t)
        theirs = getattr(modules["python"], name)(*(np.array(given.tolist()) for given in (x[0], x[1], beta, t)))
        assert torch.allclose(ours, torch.tensor(theirs.tolist(), dtype=torch.float64), rtol=1e-12, atol=0)


def test_gradients_reach_the_schedule(modules) -> None:
    beta = torch.full((10,), 0.1, dtype=torch.float64, requires_grad=True)
    modules["torch"].alpha_bar(beta, 3).backward()
    assert torch.allclose(beta.grad[:3], torch.full((3,), -(0.9**2), dtype=torch.float64))
    assert torch.all(beta.grad[3:] == 0)


@pytest.mark.parametrize(("t", "error"), [(0, IndexError), (11, IndexError), (1.5, TypeError)])
def test_a_step_that_is_none_is_refused(modules, t, error) -> None:
    with pytest.raises(error):
        modules["torch"].alpha(torch.full((10,), 0.1), t)
