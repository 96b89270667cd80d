"""The command as a user meets it: help, exit statuses, formats, colours, pipes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from derive import __version__
from derive.cli import main
from derive.cli.parser import COMMANDS


def run(*arguments: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "derive", *arguments], input=stdin, capture_output=True, text=True, encoding="utf-8",
        timeout=60, env={**os.environ, **env},
    )


@pytest.fixture
def derive(capsys):
    """The command in this process: (status, what it printed, what it complained of)."""

    def call(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


def test_without_arguments_it_helps(derive) -> None:
    status, out, _ = derive()
    assert status == 0 and "derive show ddpm.posterior" in out


def test_it_tells_its_version(derive) -> None:
    assert derive("--version") == (0, f"derive {__version__}\n", "")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(derive, command: str) -> None:
    status, out, _ = derive(command, "--help")
    assert status == 0
    assert f"example:\n  derive {command}" in out or f"| derive {command}" in out


@pytest.mark.parametrize(
    "arguments",
    [("frobnicate",), ("show",), ("list", "--nonsense"), ("show", "a", "b"), ("--frob",), ("list", "--format", "xml")],
)
def test_what_it_does_not_know_is_bad_input(derive, arguments: tuple[str, ...]) -> None:
    status, out, err = derive(*arguments)
    assert status == 2 and out == "" and err.startswith("derive: ")
    assert "Traceback" not in err


LIGHT = [(), ("--help",), ("--version",), ("list",), ("rules", "--names"), ("show", "--help")]


@pytest.mark.parametrize("arguments", LIGHT)
def test_what_needs_no_engine_imports_no_sympy(arguments: tuple[str, ...]) -> None:
    code = (
        "import sys; from derive.cli import main; status = main(sys.argv[1:]); "
        "sys.exit(status or 10 * ('sympy' in sys.modules) + 20 * ('rich' in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_importing_the_package_imports_no_sympy() -> None:
    code = "import sys, derive; derive.__version__, dir(derive); sys.exit('sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_the_list_names_the_library(derive) -> None:
    status, out, _ = derive("list")
    assert status == 0 and "ddpm.posterior" in out
    status, out, _ = derive("list", "--names")
    assert "ddpm.posterior" in out.splitlines()
    status, out, _ = derive("list", "--format", "json")
    assert {"derivation", "model"} == {entry["kind"] for entry in json.loads(out)}


def test_every_derivation_and_rule_has_a_sentence(derive) -> None:
    for entry in json.loads(derive("list", "--format", "json")[1]):
        assert entry["sentence"], entry["name"]


def test_a_formula_is_printed_back_as_it_was_understood(derive) -> None:
    status, out, _ = derive("read", r"q(x_t \mid x_{t-1})")
    assert status == 0 and "Density(Law(q)" in out and r"q(x_t \mid x_{t-1})" in out
    found = json.loads(derive("read", "--format", "json", r"\log x")[1])
    assert found["sort"] == "scalar" and found["free"] == [{"name": "x", "sort": "scalar"}]


@pytest.mark.parametrize("latex", ["-x", "-\\log x", "-h + 1", "-o", "--x"])
def test_latex_may_begin_with_a_minus(derive, latex: str) -> None:
    status, out, err = derive("read", *(["--"] if latex.startswith("--") else []), latex)
    assert status == 0, err
    assert "read as" in out


def test_a_mistyped_option_is_not_taken_for_latex(derive) -> None:
    status, _, err = derive("read", "x", "--modle", "ddpm")
    assert status == 2 and "--modle" in err


def test_standard_input_is_read_for_a_dash() -> None:
    done = run("read", "-", stdin="-x + 1\n")
    assert done.returncode == 0 and "read as" in done.stdout


def test_a_reader_who_goes_away_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as pipe:
        done = subprocess.run(
            [sys.executable, "-m", "derive", "rules"], stdout=pipe, stderr=subprocess.PIPE, text=True, timeout=60
        )
    assert done.stderr == "" and done.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_said_so() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run([sys.executable, "-m", "derive", "list"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr


def test_ascii_where_unicode_cannot_be_written() -> None:
    done = run("show", "ddpm.posterior", "--detail", "brief", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii() and "x_{t-1}" in done.stdout and "?" not in done.stdout


def test_colour_only_where_it_is_wanted() -> None:
    assert "\x1b[" not in run("list").stdout
    assert "\x1b[" in run("list", FORCE_COLOR="1").stdout
    assert "\x1b[" not in run("list", FORCE_COLOR="1", NO_COLOR="1").stdout


def test_a_fault_of_ours_is_exit_status_3_and_says_how_to_report_it(derive, monkeypatch) -> None:
    import derive.cli.commands.list as command

    def broken(*_: object) -> int:
        raise ZeroDivisionError("of ours")

    monkeypatch.setattr(command, "run", broken)
    status, out, err = derive("list")
    assert status == 3 and out == "" and "ZeroDivisionError" in err and "report" in err and "Traceback" not in err
    status, _, err = derive("list", "--debug")
    assert status == 3 and "Traceback" in err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_every_command(derive, shell: str) -> None:
    status, out, _ = derive("completion", shell)
    assert status == 0
    assert all(command in out for command in COMMANDS)


def test_completion_works_in_bash(tmp_path: Path, derive) -> None:
    script = tmp_path / "derive.bash"
    script.write_text(derive("completion", "bash")[1])
    ask = f'. {script}; COMP_WORDS=(derive sh); COMP_CWORD=1; _derive; echo "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "-c", ask], capture_output=True, text=True)
    assert done.stdout.split() == ["show"], done.stderr


def test_a_display_is_read_statement_by_statement_and_says_what_was_mended(derive) -> None:
    status, out, err = derive("read", r"a = log b, \quad b > 0")
    assert status == 0, err
    assert out.count("latex  ") == 2 and r"log is read as \log" in out
    found = json.loads(derive("read", "--format", "json", r"a = b, \quad c = d")[1])
    assert [entry["latex"] for entry in found["statements"]] == ["a = b", "c = d"]
