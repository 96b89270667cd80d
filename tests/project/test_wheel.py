"""The wheel, installed into a clean environment, works from any folder and installs one import name."""

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built from the source tree without a network."""
    folder = tmp_path_factory.mktemp("dist")
    build = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    run = subprocess.run([sys.executable, "-c", build, str(folder)], cwd=PROJECT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def command(wheel: Path, tmp_path_factory) -> Path:
    """The command `derive` of a clean environment: the wheel is installed there, its dependencies come from here."""
    folder = tmp_path_factory.mktemp("clean") / "venv"
    venv.create(folder, with_pip=False, symlinks=True)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--disable-pip-version-check"]
    python = folder / "bin" / "python"
    run = subprocess.run(
        [*pip[:3], "--python", str(python), *pip[3:], str(wheel)], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    # dependencies come from this environment, but not the editable install of the project
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "derive"


def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_only_import_name_is_derive(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in names(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"derive"}


def test_it_carries_the_rulebook_and_the_derivations_as_they_are(wheel: Path) -> None:
    inside = set(names(wheel))
    for folder in ("rules", "derivations"):
        files = [path for path in (PROJECT / folder).rglob("*") if path.is_file()]
        assert files
        assert {f"derive/{path.relative_to(PROJECT)}" for path in files} <= inside
    assert "derive/py.typed" in inside
    assert not [name for name in inside if name.endswith(".pyc") or "__pycache__" in name]


def test_its_metadata_names_the_distribution_and_the_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = [name for name in archive.namelist() if name.endswith("METADATA")]
        text = archive.read(metadata).decode()
    assert "\nName: derive-math\n" in text
    assert "\nLicense-Expression: MIT\n" in text
    assert any(name.endswith("LICENSE") for name in names(wheel))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [(["--version"], "derive "), (["list"], "ddpm.posterior"), (["show", "ddpm.posterior"], "bayes")],
)
def test_it_runs_from_another_folder(command: Path, tmp_path: Path, arguments: list[str], expected: str) -> None:
    run = subprocess.run(
        [command, *arguments], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=60,
        stdin=subprocess.DEVNULL, env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
    )
    assert run.returncode == 0, run.stderr
    assert expected in run.stdout


def test_it_is_the_wheel_that_runs(command: Path, tmp_path: Path) -> None:
    python = command.with_name("python")
    run = subprocess.run(
        [python, "-I", "-c", "import derive; print(derive.__file__)"], cwd=tmp_path, capture_output=True, text=True
    )
    assert str(command.parent.parent) in run.stdout
