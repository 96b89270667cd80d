"""Bad input: a clear error with its place, exit status 2, no traceback, within two seconds."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

SECONDS = 2.0


def refused(*arguments: str, stdin: str = "") -> str:
    """What the command says of input that it must refuse; the time includes starting Python and importing SymPy."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "derive", *arguments], input=stdin, capture_output=True, text=True, encoding="utf-8",
        timeout=60,
    )
    took = time.perf_counter() - begun
    assert done.returncode == 2, (done.returncode, done.stdout[:500], done.stderr[:2000])
    assert done.stdout == ""
    assert "Traceback" not in done.stderr and "internal error" not in done.stderr
    assert len(done.stderr) < 5000
    assert took < SECONDS * SLOWNESS, f"{took:.1f} s"
    return done.stderr


def slowness() -> float:
    """How much slower this machine is just now than one on which SymPy is imported in half a second; at least 1."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import sympy"], check=True)
    return max(1.0, (time.perf_counter() - begun) / 0.5)


SLOWNESS = slowness()


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
def test_latex_that_cannot_be_read_is_refused_with_its_place(latex: str, said: str) -> None:
    assert said in refused("read", "-", stdin=latex)


def test_a_caret_stands_under_the_culprit() -> None:
    lines = refused("read", "-", stdin=r"x + \unknownmacro{y}").splitlines()
    shown = next(number for number, line in enumerate(lines) if r"x + \unknownmacro{y}" in line)
    assert lines[shown + 1].index("^") == lines[shown].index(r"\unknownmacro")


def test_a_line_of_ten_megabytes() -> None:
    refused("read", "-", stdin="x + " * 2_500_000)


def test_ten_thousand_nested_braces() -> None:
    refused("read", "-", stdin="{" * 10_000 + "x" + "}" * 10_000)
    refused("read", "-", stdin=r"\sqrt{" * 10_000 + "x" + "}" * 10_000)
    refused("read", "-", stdin="(" * 10_000 + "x" + ")" * 10_000)


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
def test_what_is_not_there_is_named(arguments: tuple[str, ...]) -> None:
    assert refused(*arguments).startswith("derive: ")


def test_verify_goes_on_after_what_is_not_there() -> None:
    command = [sys.executable, "-m", "derive", "verify", "./no-such-file.md", "ddpm.posterior", "--worlds", "1"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60)
    assert done.returncode == 2
    assert "✗ ./no-such-file.md" in done.stdout and "✓ ddpm.posterior" in done.stdout


def test_a_near_name_is_suggested() -> None:
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
    said = refused("show", "ddpm.posterior", "--model", path)
    assert "own.md" in said


@pytest.mark.parametrize(
    "text",
    [
        b"", b"\xff\xfe not utf-8", b"# nothing here\n", b"# Own\n\n```model\nx_t \\in\n```\n", b"```model\nx \\in\n",
        b"\x00" * 100, b"x" * 5_000_000,
    ],
    ids=["empty", "encoding", "no model", "half a line", "open fence", "zeros", "large"],
)
def test_a_file_that_is_no_model(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "own.md"
    path.write_bytes(text)
    assert "own.md" in refused("show", "ddpm.posterior", "--model", str(path))


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    refused("show", str(tmp_path) + "/")
    refused("show", "ddpm.posterior", "--model", str(tmp_path) + "/")


def test_a_rule_file_that_cannot_be_loaded_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "rules.md"
    path.write_text("# Mine\n\n## wrong\n\nA rule.\n\n```math\np(A) = p(A)\n```\n\n- wen: $`p(A) > 0`$\n")
    assert "rules.md:11" in refused("rules", "--test", str(path))
