"""Bad input: a clear error with its place, exit status 2, no traceback, within two seconds."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from derive.cli import main

SECONDS = 2.0
"""In processor time of the whole process, the start of Python and the import of SymPy included: it does not depend on
what else the machine is doing, and a command that is refused waits for nothing."""

Refused = Callable[..., str]


def spent() -> float:
    """The processor time of the processes that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def refused_process(*arguments: str, stdin: str = "") -> str:
    """What the command, as a process of its own, says of input that it must refuse in time."""
    begun = spent()
    done = subprocess.run(
        [sys.executable, "-m", "derive", *arguments], input=stdin, capture_output=True, text=True, encoding="utf-8",
        timeout=60,
    )
    took = spent() - begun
    assert done.returncode == 2, (done.returncode, done.stdout[:500], done.stderr[:2000])
    assert done.stdout == ""
    assert took < SECONDS, f"{took:.1f} s"
    return complaint(done.stderr)


def complaint(text: str) -> str:
    """The text of a complaint, which is a clear one."""
    assert text.startswith("derive: ") and len(text) < 5000
    assert "Traceback" not in text and "internal error" not in text
    return text


@pytest.fixture
def refused(capsys, monkeypatch) -> Refused:
    """The same in this process."""

    def call(*arguments: str, stdin: str = "") -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        status = main(arguments)
        said = capsys.readouterr()
        assert (status, said.out) == (2, ""), said.err[:2000]
        return complaint(said.err)

    return call


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        (r"x + \unknownmacro{y}", r"\unknownmacro"),
        (r"\frac{a}{b", "line 1, column"),
        (r"a } b", "line 1, column 3"),
        (r"\left( x", "line 1, column"),
        ("", ""),
        (r"9^{9^{9^9}}", "exponent"),
        (r"x_{", "line 1, column"),
        ("\x00", ""),
        ("x + é", ""),
    ],
)
def test_latex_that_cannot_be_read_is_refused_with_its_place(refused: Refused, latex: str, said: str) -> None:
    assert said in refused("read", "-", stdin=latex)


def test_a_caret_stands_under_the_culprit(refused: Refused) -> None:
    lines = refused("read", "-", stdin=r"x + \unknownmacro{y}").splitlines()
    shown = next(number for number, line in enumerate(lines) if r"x + \unknownmacro{y}" in line)
    assert lines[shown + 1].index("^") == lines[shown].index(r"\unknownmacro")


def test_a_line_of_ten_megabytes() -> None:
    refused_process("read", "-", stdin="x + " * 2_500_000)


NESTED = [r"{", r"\sqrt{", "(", r"\frac{1}{", "x^{", r"\left("]


@pytest.mark.parametrize("opening", NESTED)
def test_ten_thousand_nested_brackets(refused: Refused, opening: str) -> None:
    closing = {"{": "}", "(": r"\right)" if opening.startswith(r"\left") else ")"}[opening[-1]]
    refused("read", "-", stdin=opening * 10_000 + "x" + closing * 10_000)


def test_ten_thousand_nested_braces_and_a_tower_of_powers_in_time() -> None:
    refused_process("read", "-", stdin="{" * 10_000 + "x" + "}" * 10_000)
    assert "exponent" in refused_process("read", "9^{9^{9^9}}")


def test_an_unknown_macro_and_an_unbalanced_brace_in_time() -> None:
    assert r"\unknownmacro" in refused_process("read", r"x + \unknownmacro{y}")
    assert "line 1, column" in refused_process("read", r"\frac{a}{b")


def test_a_file_that_is_not_there_in_time() -> None:
    assert "no-such-file.md" in refused_process("show", "ddpm.posterior", "--model", "./no-such-file.md")


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "no.such"),
        ("show", "./no/such/file.md"),
        ("show", "ddpm.posterior", "--model", "no-such-model"),
        ("show", "ddpm.posterior", "--model", "./no-such-file.md"),
        ("read", "x", "--model", "./no-such-file.md"),
        ("rules", "no-such-rule"),
        ("rules", "--test", "./no-such-file.md"),
        ("export", "no.such", "--to", "tex"),
        ("export", "ddpm.posterior", "--to", "tex", "-o", "./no/such/folder/x.tex"),
        ("check", r"\unknownmacro = 1"),
        ("check", "x = x", "--given", r"\frac{"),
    ],
)
def test_what_is_not_there_is_named(refused: Refused, arguments: tuple[str, ...]) -> None:
    assert refused(*arguments)


def test_verify_goes_on_after_what_is_not_there() -> None:
    command = [sys.executable, "-m", "derive", "verify", "./no-such-file.md", "ddpm.posterior", "--worlds", "1"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60)
    assert done.returncode == 2
    assert "✗ ./no-such-file.md" in done.stdout and "✓ ddpm.posterior" in done.stdout


def test_a_near_name_is_suggested(refused: Refused) -> None:
    assert "ddpm.posterior" in refused("show", "ddpm.posteriro")


def model(folder: Path, *lines: str) -> str:
    path = folder / "own.md"
    path.write_text("# Own\n\n```model\n" + "\n".join(lines) + "\n```\n", encoding="utf-8")
    return str(path)


KERNEL = (
    r"x_t \in \mathbb{R}^d",
    r"0 < \beta_t < 1",
    r"q(x_{1:T} \mid x_0) = \prod_{t=1}^{T} q(x_t \mid x_{t-1})",
    r"q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; \sqrt{1 - \beta_t}\, x_{t-1}, \beta_t I)",
)


def test_a_model_that_contradicts_itself(tmp_path: Path) -> None:
    path = model(tmp_path, *KERNEL, r"q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; x_{t-1}, \beta_t I)")
    assert "own.md" in refused_process("show", "ddpm.posterior", "--model", path)


@pytest.mark.parametrize(
    "text",
    [
        b"", b"\xff\xfe not utf-8", b"# nothing here\n", b"# Own\n\n```model\nx_t \\in\n```\n", b"```model\nx \\in\n",
        b"\x00" * 100, b"x" * 5_000_000,
    ],
    ids=["empty", "encoding", "no model", "half a line", "open fence", "zeros", "large"],
)
def test_a_file_that_is_no_model(refused: Refused, tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "own.md"
    path.write_bytes(text)
    assert "own.md" in refused("show", "ddpm.posterior", "--model", str(path))


def test_a_folder_is_no_file(refused: Refused, tmp_path: Path) -> None:
    refused("show", str(tmp_path) + "/")
    refused("show", "ddpm.posterior", "--model", str(tmp_path) + "/")


def test_a_rule_file_that_cannot_be_loaded_names_its_line(refused: Refused, tmp_path: Path) -> None:
    path = tmp_path / "rules.md"
    path.write_text("# Mine\n\n## wrong\n\nA rule.\n\n```math\np(A) = p(A)\n```\n\n- wen: $`p(A) > 0`$\n")
    assert "rules.md:11" in refused("rules", "--test", str(path))
