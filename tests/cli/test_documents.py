"""`show`, `export` and `verify` on the library, on files of one's own, and where they must fail."""

import json
import os
import stat
from pathlib import Path

import pytest

from derive.cli import main
from derive.cli.files import write_file
from derive.errors import InputError


@pytest.fixture
def derive(capsys):
    def call(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("certificates") / "marginal.json"
    assert main(["export", "ddpm.marginal", "--to", "json", "-o", str(path)]) == 0
    return path


OWN = r"""# Own

```model
x_t \in \mathbb{R}^d
0 < \beta_t < 1
q(x_{1:T} \mid x_0) = \prod_{t=1}^{T} q(x_t \mid x_{t-1})
q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; \sqrt{1 - \beta_t}\, x_{t-1}, \beta_t I)
```

## kernel

The kernel, by its name.

```derive
model MODEL
given t \ge 1
start q(x_t \mid x_{t-1})
by law
goal q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; \sqrt{1 - \beta_t}\, x_{t-1}, VARIANCE I)
```
"""


def own(folder: Path, variance: str) -> str:
    path = folder / "own.md"
    path.write_text(OWN.replace("MODEL", str(path)).replace("VARIANCE", variance), encoding="utf-8")
    return str(path)


def test_the_posterior_is_shown_with_its_goal_reached(derive) -> None:
    status, out, _ = derive("show", "ddpm.posterior")
    assert status == 0
    assert "✓ reached" in out
    for rule in ("bayes", "drop-conditioning", "normal-density", "gaussian-from-quadratic"):
        assert any(line.startswith(f"{rule} ") for line in out.splitlines())


def test_details_differ_in_length(derive) -> None:
    lengths = [len(derive("show", "ddpm.marginal", "--detail", detail)[1]) for detail in ("brief", "normal", "full")]
    assert lengths == sorted(lengths) and len(set(lengths)) == 3


def test_json_holds_every_line(derive) -> None:
    found = json.loads(derive("show", "ddpm.marginal", "--format", "json")[1])
    assert found["name"] == "ddpm.marginal"
    assert all({"relation", "after", "by", "kind"} <= set(step) for step in found["steps"])


@pytest.mark.parametrize("model", ["linear-gaussian", "variance-exploding"])
def test_the_posterior_runs_on_other_models(derive, model: str) -> None:
    status, out, err = derive("show", "ddpm.posterior", "--model", model, "--detail", "brief")
    assert status == 0, err
    assert "𝒩(" in out


def test_a_derivation_of_ones_own_whose_goal_is_reached(derive, tmp_path: Path) -> None:
    status, out, err = derive("show", own(tmp_path, r"\beta_t"))
    assert status == 0, err
    assert "✓ reached" in out


def test_a_goal_that_is_not_reached_is_exit_status_1(derive, tmp_path: Path) -> None:
    status, out, _ = derive("show", own(tmp_path, r"\beta_t^2"))
    assert status == 1
    assert "reached" in out and "✓" not in out


def test_a_line_that_does_not_hold_names_its_place(derive, tmp_path: Path) -> None:
    path = tmp_path / "own.md"
    text = OWN.replace("by law", "by ddpm-that-is-not").replace("MODEL", str(path)).replace("VARIANCE", r"\beta_t")
    path.write_text(text, encoding="utf-8")
    status, _, err = derive("show", str(path))
    line = text.split("\n").index("by ddpm-that-is-not") + 1
    assert status == 2 and f"own.md:{line}" in err


@pytest.mark.parametrize(("kind", "sign"), [("tex", r"\begin{document}"), ("md", "```math"), ("json", '"version"')])
def test_each_format_is_written_and_to_standard_output_too(derive, tmp_path: Path, kind: str, sign: str) -> None:
    path = tmp_path / f"x.{kind}"
    assert derive("export", "ddpm.marginal", "--to", kind, "-o", str(path)) == (0, "", "")
    assert sign in path.read_text(encoding="utf-8")
    status, out, _ = derive("export", "ddpm.marginal", "--to", kind)
    assert status == 0 and out == path.read_text(encoding="utf-8")


def test_a_file_that_is_there_is_kept_unless_forced(derive, tmp_path: Path) -> None:
    path = tmp_path / "x.tex"
    path.write_text("mine")
    status, _, err = derive("export", "ddpm.marginal", "--to", "tex", "-o", str(path))
    assert status == 2 and "--force" in err and path.read_text() == "mine"
    assert derive("export", "ddpm.marginal", "--to", "tex", "-o", str(path), "--force")[0] == 0
    assert path.read_text().startswith(r"\documentclass")


def test_a_certificate_is_checked_from_its_json_alone(derive, certificate: Path) -> None:
    status, out, err = derive("verify", str(certificate))
    assert status == 0, err
    assert f"✓ {certificate}" in out


def test_a_certificate_that_was_changed_is_refused(derive, certificate: Path, tmp_path: Path) -> None:
    text = certificate.read_text(encoding="utf-8")
    changed = tmp_path / "changed.json"
    data = json.loads(text)
    data["theorem"]["statement"] = data["models"][0]["statements"][-2][0]
    changed.write_text(json.dumps(data))
    status, out, _ = derive("verify", str(changed))
    assert status == 1 and "✗" in out


@pytest.mark.parametrize("text", ["", "{}", "[]", "{", "[" * 100_000, '{"version": 1}', "null", '{"version": 99}'])
def test_what_is_no_certificate_is_bad_input(derive, tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    status, out, _ = derive("verify", str(path))
    assert status == 2 and "✗" in out


def test_verify_tries_each_line_in_worlds(derive) -> None:
    status, out, err = derive("verify", "ddpm.marginal", "--worlds", "3", "--format", "json")
    assert status == 0, err
    (found,) = json.loads(out)
    assert found["holds"] and found["worlds"] >= 3 * 5 and "product-rule" in found["rests_on"]


@pytest.mark.parametrize("number", ["0", "-1", "x", "1e3", "9" * 30])
def test_a_number_of_worlds_that_is_none_is_bad_input(derive, number: str) -> None:
    assert derive("verify", "ddpm.marginal", f"--worlds={number}")[0] == 2


def test_a_new_file_has_the_usual_rights_and_an_old_one_keeps_its_own(tmp_path: Path) -> None:
    path = tmp_path / "x"
    write_file(path, "a")
    (tmp_path / "y").touch()
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE((tmp_path / "y").stat().st_mode)
    path.chmod(0o640)
    write_file(path, "b", force=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640 and path.read_text() == "b"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x", "y"]


def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "real").touch()
    (tmp_path / "link").symlink_to("real")
    write_file(tmp_path / "link", "a", force=True)
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real").read_text() == "a"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_device_that_is_full_is_said_so() -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_file("/dev/full", "a" * 100_000)


def test_a_failure_leaves_no_half_file(tmp_path: Path, monkeypatch) -> None:
    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(InputError, match="No space left"):
        write_file(tmp_path / "x", "a")
    assert list(tmp_path.iterdir()) == []
