"""`derive check` on articles: the report, its formats, exit statuses, many files, watching, bad input."""

import io
import json
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from derive.cli import main
from derive.cli.checks import Asked
from derive.cli.watching import watch
from derive.cli.workers import check_all

GOOD = "# Squares\n\n$$ (a + b)^2 = a^2 + 2 a b + b^2 $$\n"
BAD = "# Wrong\n\nOne\n\n$$\n\\begin{aligned}\n(a + b)^2 &= a^2 + 2 a b + b^2 \\\\\n &= a^2 + b^2\n\\end{aligned}\n$$\n"
OPEN = "$$ x^2 = x^2 + y + \\text{const} $$\n"
UNREAD = "$$ \\unknownmacro = 1 $$\n"


@pytest.fixture
def derive(capsys, monkeypatch):
    """The command in this process: (status, what it printed, what it complained of)."""

    def call(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        status = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "status", "strict"), [(GOOD, 0, 0), (BAD, 1, 1), (OPEN, 0, 1), (UNREAD, 0, 1), ("nothing\n", 0, 0)]
)
def test_the_exit_status(derive, tmp_path, text: str, status: int, strict: int) -> None:
    path = written(tmp_path, "a.md", text)
    assert derive("check", path)[0] == status
    assert derive("check", path, "--strict")[0] == strict


def test_the_report_has_a_line_for_each_claim_and_a_summary(derive, tmp_path) -> None:
    path = written(tmp_path, "a.md", BAD)
    _, out, err = derive("check", path)
    assert err == ""
    lines = out.splitlines()
    assert any(re.match(r" +7  ✓ .*algebra$", line) for line in lines)
    assert any(re.match(r" +8  ✗ ", line) for line in lines)
    assert f"{path}:8:" in out and "counterexample" in out and "left side" in out and "right side" in out
    assert lines[-1] == "2 claims: 1 proved, 1 refuted"


def test_what_is_wrong_is_marked_without_colour(derive, tmp_path) -> None:
    _, out, _ = derive("check", written(tmp_path, "a.md", "$$ (a + b)^2 = a^2 + a b + b^2 $$\n"))
    shown = out.splitlines()
    row = next(number for number, line in enumerate(shown) if "✗" in line)
    assert set(shown[row + 1].strip()) <= {"~", " "} and "~" in shown[row + 1]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_page(tmp_path, width: int) -> None:
    from derive.cli.checks import checked
    from derive.render.layout import Page, plain
    from derive.render.lines import width_of
    from derive.render.reports.text import report_rows

    view = checked(Asked("a.md", BAD + OPEN + UNREAD))
    rows = [plain(row) for row in report_rows(view, Page(width))]
    assert rows and max(width_of(row) for row in rows) <= width


def test_json_says_all_of_it(derive, tmp_path) -> None:
    _, out, _ = derive("check", written(tmp_path, "a.md", BAD), "--format", "json")
    told = json.loads(out)
    (file,) = told["files"]
    assert [(claim["line"], claim["status"]) for claim in file["claims"]] == [(7, "proved"), (8, "refuted")]
    assert file["claims"][1]["verdict"]["counterexample"]
    assert told["summary"]["wrong"] == 1 and told["summary"]["claims"] == 2


def test_github_annotations(derive, tmp_path) -> None:
    path = written(tmp_path, "odd, name: 100%.md", BAD + UNREAD)
    _, out, _ = derive("check", path, "--format", "github")
    rows = out.splitlines()
    assert len(rows) == 2
    place = r"line=8,endLine=8,col=\d+,endColumn=\d+"
    assert re.match(rf"::error file=[^,:]*odd%2C name%3A 100%25\.md,{place},title=[^:]*::", rows[0])
    assert rows[1].startswith("::notice ") and "%0A" in rows[0]


def test_sarif_is_what_the_standard_asks_for(derive, tmp_path) -> None:
    path = written(tmp_path, "a b.md", BAD + UNREAD)
    _, out, _ = derive("check", path, "--format", "sarif")
    log = json.loads(out)
    assert log["version"] == "2.1.0" and log["$schema"].startswith("https://")
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert len(run["results"]) == 2
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("none", "note", "warning", "error") and result["message"]["text"]
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert place["artifactLocation"]["uri"].endswith("a%20b.md")
        assert place["region"]["startLine"] >= 1 and place["region"]["startColumn"] >= 1
    assert [result["locations"][0]["physicalLocation"]["region"]["startLine"] for result in run["results"]] == [8, 11]


def test_several_files_a_folder_and_standard_input(derive, tmp_path) -> None:
    written(tmp_path, "a.md", GOOD)
    written(tmp_path, "b.tex", "\\[ a = 2 a \\]")
    written(tmp_path, "c.txt", "no article")
    (tmp_path / ".hidden").mkdir()
    written(tmp_path / ".hidden", "d.md", BAD)
    status, out, _ = derive(
        "check",
        tmp_path,
        "-",
        "a + a = 2 a",
        stdin="$$ b = b + 0 $$",
    )
    assert status == 1
    assert out.splitlines()[-1] == "4 claims: 3 proved, 1 refuted; in 4 files"


def test_standard_input_is_a_statement_or_an_article(derive) -> None:
    assert derive("check", "-", stdin="a + a = 2 a")[1].startswith("✓ proved")
    status, out, _ = derive("check", "-", stdin=BAD)
    assert status == 1 and "<stdin>:8:" in out


def test_bare_statements_with_givens_and_a_leading_minus(derive) -> None:
    given = ("--given", r"0 < \beta_t < 1", "--given", r"\alpha_t = 1 - \beta_t")
    assert derive("check", *given, r"\alpha_t + \beta_t = 1")[0] == 0
    assert derive("check", *given, r"-\log \alpha_t = -\log(1 - \beta_t)")[0] == 0
    assert derive("check", *given, r"-\log \alpha_t = \log(1 - \beta_t)")[0] == 1
    assert derive("check", "-x = x")[0] == 1


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe$$ a $$", b"\x00" * 50, b"$$" + b"x + " * 1_500_000 + b"$$", b"{" * 20_000, b"$$ " + b"{" * 5000],
)
def test_files_that_are_broken(derive, tmp_path, content: bytes) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(content)
    status, out, err = derive("check", path)
    assert status in (0, 2) and "Traceback" not in out + err and "internal error" not in out + err


def test_a_file_that_is_not_there_is_named_and_the_others_are_checked(derive, tmp_path) -> None:
    status, out, err = derive("check", tmp_path / "none.md", written(tmp_path, "a.md", BAD))
    assert status == 2 and "none.md" in out and "1 refuted" in out and "Traceback" not in out + err


@pytest.mark.parametrize(
    "arguments", [("--jobs", "0"), ("--timeout", "-1"), ("--timeout", "soon"), ("--format", "xml")]
)
def test_options_that_mean_nothing(derive, arguments: tuple[str, ...]) -> None:
    status, out, err = derive("check", "a = a", *arguments)
    assert status == 2 and out == "" and err.startswith("derive: ")


def test_a_folder_without_articles(derive, tmp_path) -> None:
    assert derive("check", tmp_path)[0] == 2


# ---- many files ---------------------------------------------------------------------------------------------------


def test_over_processes_the_reports_come_in_order(tmp_path) -> None:
    files = [written(tmp_path, f"{number}.md", BAD if number % 2 else GOOD) for number in range(4)]
    told: list[int] = []
    views = check_all([Asked(str(file)) for file in files], 2, lambda number, view: told.append(number))
    assert [view.file for view in views] == [str(file) for file in files]
    assert [view.exit_status for view in views] == [0, 1, 0, 1] and sorted(told) == [0, 1, 2, 3]


def test_a_worker_that_is_silent_for_too_long_is_not_waited_for(tmp_path, monkeypatch) -> None:
    from derive.cli import workers

    def hangs(asked: Asked, tell) -> None:
        time.sleep(60)

    monkeypatch.setattr(workers, "checked", hangs)
    begun = time.monotonic()
    (view,) = check_all([Asked("a.md", GOOD, timeout=0.05)], 1, grace=0.2)
    assert "given up" in view.error and time.monotonic() - begun < 20


def test_a_worker_that_dies_is_reported(monkeypatch) -> None:
    import os

    from derive.cli import workers

    monkeypatch.setattr(workers, "checked", lambda asked, tell: os._exit(9))
    (view,) = check_all([Asked("a.md", GOOD)], 1)
    assert view.exit_status == 3 and view.error


# ---- watching -----------------------------------------------------------------------------------------------------


def test_a_file_is_checked_again_when_it_is_saved(tmp_path) -> None:
    path = written(tmp_path, "a.md", "one")
    rounds: list[str] = []

    def check() -> int:
        rounds.append(path.read_text())
        return len(rounds)

    def save(_: float) -> None:
        path.write_text(f"changed {len(rounds)}")

    assert watch([str(path)], check, rounds=3, sleep=save) == 3
    assert rounds == ["one", "changed 1", "changed 2"]


def test_watching_from_the_command_line(tmp_path) -> None:
    path = written(tmp_path, "a.md", GOOD)
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "derive", "check", str(path), "--watch"], stdout=subprocess.PIPE, text=True,
        encoding="utf-8",
    )  # fmt: skip
    seen: list[str] = []
    reader = threading.Thread(target=lambda: [seen.append(line) for line in process.stdout], daemon=True)
    try:
        reader.start()
        for text, said in ((BAD, "1 claim: 1 proved"), (None, "2 claims: 1 proved, 1 refuted")):
            until = time.monotonic() + 30
            while not any(said in line for line in seen) and time.monotonic() < until:
                time.sleep(0.05)
            assert any(said in line for line in seen), seen
            if text is not None:
                path.write_text(text, encoding="utf-8")
    finally:
        process.kill()
        process.wait()


def test_statements_are_not_watched(derive) -> None:
    assert derive("check", "a = a", "--watch")[0] == 2


# ---- the hook -----------------------------------------------------------------------------------------------------


def test_the_hook_runs_a_command_that_there_is() -> None:
    text = (Path(__file__).resolve().parents[2] / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    rows = dict(
        line.strip().removeprefix("- ").split(": ", 1) for line in text.splitlines() if ": " in line and line[0] != "#"
    )
    assert {"id", "name", "entry", "language"} <= set(rows)
    assert rows["entry"].split()[0] == "derive" and rows["language"] == "python"
    from derive.cli.parser import COMMANDS

    assert rows["entry"].split()[1] in COMMANDS
