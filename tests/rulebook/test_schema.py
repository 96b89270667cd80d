"""Rules read: all of the rulebook has a meaning, and what is unbound or undeclared is refused where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.errors import DeriveError, RuleError
from derive.rulebook import Rule, load_rulebook
from derive.rulebook.mentions import mentioned
from derive.terms import Relation, substitute
from derive.terms.substitution import canonical

BOOK = load_rulebook()


@pytest.mark.parametrize("rule", list(BOOK), ids=lambda rule: rule.name)
def test_every_rule_is_read(rule: Rule) -> None:
    schema = rule.check().schema
    assert set(schema.metavariables) >= schema.left | schema.right | schema.asked
    for backward in (False, True):
        assert all(schema.metavariables[name].chosen for name in rule.unbound(backward=backward))
    if isinstance(schema.statement, Relation):
        assert schema.statement.lhs != schema.statement.rhs


def test_every_rule_has_prose_a_source_and_a_translation() -> None:
    for rule in BOOK:
        assert rule.prose and rule.source and rule.zh is not None, rule.name


def test_no_two_rules_say_the_same() -> None:
    seen: dict[object, str] = {}
    for rule in BOOK.identities:
        key = (canonical(rule.statement), frozenset(canonical(c.statement) for c in rule.schema.conditions if c.stated))
        assert key not in seen, f"{rule.name} and {seen[key]}"
        seen[key] = rule.name


def one(tmp_path: Path, formula: str, *lines: str) -> Rule:
    listed = "\n".join(f"- {line}" for line in lines)
    text = f"# Title\n\nIntroduction.\n\n## a-rule\n\nProse.\n\n```math\n{formula}\n```\n\n{listed}\n"
    file = tmp_path / "topic.md"
    file.write_text(text, encoding="utf-8")
    return load_rulebook([file])["a-rule"]


@pytest.mark.parametrize(
    ("formula", "lines", "line", "message"),
    [
        ("p(A) = p(A \\mid B)", [], 10, "B is unbound"),
        ("p(A) = p(A)\\, p(B) / p(B)", ["when: $`p(B) > 0`$"], 10, ""),
        ("a + b = b + a", [], 10, ""),
        ("a + b = b + a", ["let: $`a, b, c`$ scalar"], 13, "c is declared and never used"),
        ("p(A)", [], 10, "states nothing"),
        ("a = b = a", ["let: $`a, b`$ scalar"], 10, "no single statement"),
        ("p(A) = \\unknown", [], 10, ""),
        ("p(A) = p(A)^2 / p(A)", ["when: $`p(A) >`$"], 13, ""),
        ("\\sum_{k=m}^{n} f(k) = f(n)", ["let: $`m, n, k`$ index", "when: $`l = m`$"], 10, "l"),
    ],
)
def test_what_cannot_be_a_rule_is_refused(
    tmp_path: Path, formula: str, lines: list[str], line: int, message: str
) -> None:
    with pytest.raises(DeriveError) as caught:
        one(tmp_path, formula, *lines)
    assert message in caught.value.message
    assert caught.value.file == str(tmp_path / "topic.md")
    assert caught.value.line == line


def test_a_metavariable_may_be_declared_as_chosen(tmp_path: Path) -> None:
    rule = one(tmp_path, "p(A) = \\int p(A, B) \\,dB", "let: $`B`$ chosen variables")
    assert rule.unbound() == ("B",)
    assert rule.unbound(backward=True) == ()


def test_names_that_are_only_bound_need_no_choice(tmp_path: Path) -> None:
    rule = one(tmp_path, "\\sum_{k=m}^{n} f(k) = \\sum_{k=m+1}^{n+1} f(k-1)", "let: $`m, n, k`$ index")
    assert rule.schema.renamable == {"k"}
    assert mentioned(rule.statement) == {"k", "m", "n", "f"}


def test_a_refusal_is_a_rule_error_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(RuleError) as caught:
        one(tmp_path, "p(A) = p(A \\mid B)")
    assert "chosen variables" in str(caught.value)


def test_substitution_of_metavariables_is_the_terms_own() -> None:
    """A rule's statement is a term like any other: indices in it are substituted without capture."""
    statement = BOOK["sum-split-last"].statement
    assert substitute(statement, {}) == statement
