"""All formats of the longest derivation, quickly enough to be asked for while one works."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import derive
from derive.cli import main
from derive.cli.commands.export import CODE, FIXED, FORMATS

DOCUMENTS = [name for name in FORMATS if name not in (*CODE, *FIXED)]
SECONDS = 5.0


def test_every_format_of_the_loss_within_five_seconds(tmp_path: Path) -> None:
    """In seconds of this process, after what is imported has been: other work on the machine does not count."""
    assert main(["export", "foundations.bayes", "--to", "html", "-o", str(tmp_path / "warm.html")]) == 0
    before = time.process_time()
    for kind in DOCUMENTS:
        assert main(["export", "ddpm.loss", "--to", kind, "-o", str(tmp_path / f"loss.{kind}")]) == 0
    spent = time.process_time() - before
    assert {path.suffix for path in tmp_path.iterdir()} == {".html", *(f".{kind}" for kind in DOCUMENTS)}
    assert spent < SECONDS, spent


@pytest.mark.parametrize("kind", [*DOCUMENTS, "python"])
def test_a_format_goes_to_standard_output_as_it_goes_to_a_file(tmp_path: Path, capsys, kind: str) -> None:
    name = "foundations.bayes" if kind != "python" else "ddpm.posterior"
    path = tmp_path / f"x.{kind}"
    assert main(["export", name, "--to", kind, "-o", str(path)]) == 0
    assert main(["export", name, "--to", kind]) == 0
    assert capsys.readouterr().out == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_that_is_there_is_kept_whatever_the_format(tmp_path: Path, capsys, kind: str) -> None:
    path = tmp_path / "mine"
    path.write_text("mine")
    assert main(["export", "foundations.bayes", "--to", kind, "-o", str(path)]) == 2
    assert path.read_text() == "mine" and "--force" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_said_so(capsys) -> None:
    assert main(["export", "foundations.bayes", "--to", "html", "-o", "/dev/full"]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_half_a_file_is_never_left(tmp_path: Path, monkeypatch, capsys) -> None:
    """The disk fills up while a page is written: neither the page nor what stood beside it is there."""

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("derive.cli.files.os.fsync", full)
    assert main(["export", "foundations.bayes", "--to", "html", "-o", str(tmp_path / "page.html")]) == 2
    assert "No space left" in capsys.readouterr().err and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["/nowhere/x.html", "/dev/null/x.html", "."])
def test_a_path_that_cannot_be_is_bad_input(capsys, path: str) -> None:
    assert main(["export", "foundations.bayes", "--to", "html", "-o", path]) == 2
    assert capsys.readouterr().err.startswith("derive: ")


def test_a_derivation_without_a_name_is_exported_too(tmp_path: Path) -> None:
    """What somebody built in a notebook: the same pages, from the value itself."""
    from derive.render.derivations import view_of
    from derive.render.pages import page

    built = derive.Derivation(r"\log(a b)", given=["a > 0", "b > 0"]).by("log-product")
    assert "<math" in page(view_of(built))
