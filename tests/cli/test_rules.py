"""`derive rules`: the rulebook, a rule with how it was tried, and a stranger's rules."""

import json
from pathlib import Path

import pytest

from derive.cli import main


@pytest.fixture
def derive(capsys):
    def call(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


def own(folder: Path, formula: str, *lines: str) -> str:
    path = folder / "own.md"
    text = ["# Own", "", "## mine", "", "A rule of mine.", "", "```math", formula, "```", "", *lines, ""]
    path.write_text("\n".join(text), encoding="utf-8")
    return str(path)


def test_the_rulebook_is_listed_by_topic(derive) -> None:
    status, out, _ = derive("rules")
    assert status == 0
    assert "  bayes\n      p(A | B, C) = p(B | A, C) p(A | C) / p(B | C)\n" in out
    status, out, _ = derive("rules", "markov")
    assert "drop-conditioning" in out and "jensen" not in out


def test_a_rule_says_how_it_was_tried(derive) -> None:
    status, out, _ = derive("rules", "drop-conditioning", "--worlds", "10")
    assert status == 0
    assert "holds in 10 random finite worlds" in out and "holds in 10 random gaussian worlds" in out
    assert "without A ⊥ C | B: false in a finite world" in out


def test_a_fallacy_says_so_and_shows_what_breaks_it(derive) -> None:
    status, out, _ = derive("rules", "transposed-conditional", "--worlds", "10")
    assert status == 0
    assert "a fallacy" in out and "broken by" in out and "breaks it too" in out


def test_a_rule_as_json(derive) -> None:
    found = json.loads(derive("rules", "bayes", "--worlds", "2", "--format", "json")[1])
    assert found["name"] == "bayes" and found["tried"]["holds"] is True


def test_a_strangers_true_rule_passes(derive, tmp_path: Path) -> None:
    path = own(tmp_path, r"p(A \mid B)\, p(B) = p(B \mid A)\, p(A)", r"- when: $`p(A) > 0`$", r"- when: $`p(B) > 0`$")
    status, out, err = derive("rules", "--test", path, "--worlds", "10")
    assert status == 0, err
    assert "holds in 10 random finite worlds" in out


def test_a_strangers_false_rule_is_broken_by_a_world(derive, tmp_path: Path) -> None:
    path = own(tmp_path, r"p(A \mid B) = p(A)", r"- let: $`B`$ chosen variables", r"- when: $`p(B) > 0`$")
    status, out, _ = derive("rules", "--test", path, "--worlds", "10")
    assert status == 1
    assert "false in a finite world" in out and "left side" in out


def test_own_rules_are_added(derive, tmp_path: Path) -> None:
    path = own(tmp_path, r"p(A \mid B)\, p(B) = p(B \mid A)\, p(A)")
    assert "mine" in derive("rules", "--rules", path, "--names")[1].splitlines()


def test_a_derivation_may_use_rules_of_ones_own(derive, tmp_path: Path) -> None:
    path = own(tmp_path, r"p(A \mid B)\, p(B) = p(B \mid A)\, p(A)", r"- when: $`p(A) > 0`$", r"- when: $`p(B) > 0`$")
    script = tmp_path / "swap.md"
    fence = "```derive\nstart p(x \\mid y)\\, p(y)\nby mine\n```\n"
    script.write_text(f"# Swap\n\n## swapped\n\nRound it goes.\n\n{fence}", encoding="utf-8")
    assert derive("show", str(script))[0] == 2
    status, out, err = derive("show", str(script), "--rules", path)
    assert status == 0, err
    assert "= p(x) p(y | x)" in out or "= p(y | x) p(x)" in out
    status, out, err = derive("check", r"p(x \mid y)\, p(y) = p(y \mid x)\, p(x)", "--rules", path)
    assert status == 0, err
