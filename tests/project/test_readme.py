"""What the README shows is what one gets: its console examples, its Python, its two commands."""

import doctest
import re
import shlex
from pathlib import Path

import pytest

from derive.cli import main

PROJECT = Path(__file__).resolve().parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def fences(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def examples() -> list[tuple[str, list[str]]]:
    """Each command of the console blocks with the lines that are shown of its output."""
    found: list[tuple[str, list[str]]] = []
    for block in fences("console"):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


def agrees(shown: list[str], printed: list[str]) -> str | None:
    """None if the printed lines are those shown, a line `…` standing for any number of lines; else what is missing."""
    at, skipping = 0, False
    for line in shown:
        if line == "…":
            skipping = True
            continue
        pattern = re.compile(re.escape(line.rstrip()).replace("…", ".*"))
        while at < len(printed) and not pattern.fullmatch(printed[at].rstrip()):
            if not skipping:
                return f"shown {line!r}, printed {printed[at]!r}"
            at += 1
        if at == len(printed):
            return f"not printed: {line!r}"
        at, skipping = at + 1, False
    return None if skipping or at == len(printed) else f"not shown: {printed[at]!r}"


@pytest.mark.parametrize(("command", "shown"), examples(), ids=[command for command, _ in examples()])
def test_the_console_examples_print_what_is_shown(command: str, shown: list[str], capsys) -> None:
    words = shlex.split(command)
    assert words[0] == "derive"
    main(words[1:])
    said = capsys.readouterr()
    problem = agrees(shown, (said.out + said.err).splitlines())
    assert problem is None, problem


def test_the_python_examples_run() -> None:
    (block,) = fences("python")
    test = doctest.DocTestParser().get_doctest(block, {}, "README.md", "README.md", 0)
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(test)
    assert runner.failures == 0


def test_there_are_two_commands_to_set_up_and_ci_runs_the_second() -> None:
    see, work = (block.strip() for block in fences("sh"))
    assert see.endswith("derive show ddpm.posterior") and see.startswith("python3 -m venv")
    assert work.endswith("pytest")
    assert work in (PROJECT / ".ci" / "run").read_text(encoding="utf-8")


def test_links_lead_somewhere() -> None:
    for document in ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md"):
        text = (PROJECT / document).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^()#\s]+)(?:#[^()\s]*)?\)", text):
            assert target.startswith("http") or (PROJECT / target).exists(), f"{document}: {target}"
