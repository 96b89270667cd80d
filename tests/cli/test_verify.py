"""`derive verify`: the table, what each result rests on, several at a time, and what does not hold."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from derive.cli import main

SLIP = r"""
# Slips

## square

```derive
start (x + y)^2
= x^2 + 2 x y + y^2
goal (x + y)^2 = x^2 + y^2
```
"""


@pytest.fixture
def verify(capsys):
    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(["verify", *arguments])
        out, err = capsys.readouterr()
        return status, out, err

    return run


def test_the_table_has_a_row_for_each_and_says_what_it_rests_on(verify) -> None:
    status, out, err = verify("foundations.bayes", "foundations.vertex-form", "--worlds", "6", "--jobs", "1")
    assert status == 0 and not err
    lines = out.splitlines()
    assert lines[0].split() == ["steps", "rules", "worlds", "open", "seconds"]
    mark, name, steps, rules, worlds, open_, _ = lines[1].split()
    assert (mark, name, steps, rules, open_) == ("✓", "foundations.bayes", "2", "2", "0") and int(worlds) >= 12
    assert "  rests on conditional-definition, product-rule" in lines
    assert lines[-1].startswith("2 of 2 hold; 2 certificates checked")


def test_several_at_a_time_give_the_same_in_the_same_order(verify) -> None:
    names = ["foundations.vertex-form", "foundations.bayes", "foundations.kl-zero"]
    records = []
    for jobs in ("1", "2"):
        status, out, _ = verify(*names, "--worlds", "4", "--jobs", jobs, "--format", "json")
        assert status == 0
        found = json.loads(out)
        for record in found:
            del record["seconds"], record["parts_seconds"]
        records.append(found)
    assert [record["name"] for record in records[0]] == names
    assert records[0] == records[1]


def test_what_is_assumed_is_listed(verify) -> None:
    status, out, _ = verify("elbo.exact", "--worlds", "2", "--format", "json")
    (record,) = json.loads(out)
    assert status == 0 and record["certificate"] and record["goal"] is True
    assert record["assumes"] == [
        "𝔼_{q(z | x)}[log(p(x, z)/q(z | x))] exists", "𝔼_{q(z | x)}[log(p(x) q(z | x)/p(x, z))] exists",
        "D_KL(q(z | x) ‖ p(z | x)) exists",
    ]  # fmt: skip
    assert {"kl-expectation", "expectation-constant"} <= set(record["rules"])


def test_a_goal_that_is_not_reached_is_no_success(verify, tmp_path: Path) -> None:
    path = tmp_path / "slips.md"
    path.write_text(SLIP, encoding="utf-8")
    status, out, _ = verify(str(path), "foundations.bayes", "--worlds", "2", "--jobs", "1")
    assert status == 1
    assert f"✗ {path}" in out and "the goal is not reached" in out and "✓ foundations.bayes" in out


def test_no_bar_is_drawn_where_nobody_watches(verify) -> None:
    _, out, err = verify("foundations.bayes", "foundations.kl-zero", "--worlds", "2", "--jobs", "1")
    assert not err and "━" not in out


class _Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_a_bar_is_drawn_on_standard_error_while_a_person_watches(monkeypatch) -> None:
    out, err = _Terminal(), _Terminal()
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stderr", err)
    monkeypatch.setenv("TERM", "xterm")
    assert main(["verify", "foundations.bayes", "foundations.kl-zero", "--worlds", "2", "--jobs", "1"]) == 0
    assert "2/2" in err.getvalue() and "foundations.bayes" in out.getvalue()


@pytest.mark.parametrize("number", ["0", "-1", "x"])
def test_a_number_of_jobs_that_is_none_is_bad_input(verify, number: str) -> None:
    assert verify("foundations.bayes", f"--jobs={number}")[0] == 2
