"""Rule files are taken apart as written, and what is no rule file is refused with file and line."""

from __future__ import annotations

import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import pytest

from derive.errors import NotFound, RuleError
from derive.rulebook import load_rulebook, read_rules
from derive.rulebook.clauses import condition, fraction, metavariables, translation, world

RULE = """\
# Title

An introduction.

## a-rule

Prose.

```math
f(x) = g(x)
```

- let: $`x`$ vector
- when: $`f(x) > 0`$
- called: $`f(x)`$ the left, $`g(x)`$ the right
- source: somebody
- source: somebody else
- zh: 名称：一句话。
"""


def test_a_rule_has_what_its_file_says() -> None:
    topic, (rule,) = read_rules(RULE, "topic.md")
    assert (topic.name, topic.title, topic.introduction, topic.rules) == (
        "topic", "Title", "An introduction.", ("a-rule",),
    )  # fmt: skip
    assert (rule.name, rule.title, rule.prose, rule.latex) == ("a-rule", "a rule", "Prose.", "f(x) = g(x)")
    assert (rule.file, rule.line, rule.formula_line) == ("topic.md", 5, 10)
    assert [(m.name, m.sort, m.chosen) for m in rule.declared] == [("x", "vector", False)]
    assert [c.text for c in rule.conditions] == ["$`f(x) > 0`$"]
    assert [(c.latex, c.name) for c in rule.called] == [("f(x)", "the left"), ("g(x)", "the right")]
    assert rule.source == "somebody; somebody else"
    assert rule.zh is not None and (rule.zh.name, rule.zh.sentence) == ("名称", "一句话。")
    assert not rule.fallacy and rule.world is None


@pytest.mark.parametrize(
    ("change", "line", "message"),
    [
        (("# Title", "Title"), 1, "begins with its title"),
        (("## a-rule", "## A Rule"), 5, "not a rule's name"),
        (("```math\nf(x) = g(x)\n```", ""), 5, "no formula"),
        (("```math\nf(x) = g(x)\n```", "```math\n```"), 5, "no formula"),
        (("```math", "```python"), 9, "holds its formula"),
        (("\n```\n\n- let", "\n\n- let"), 9, "never closed"),
        (("f(x) = g(x)\n```", "f(x) = g(x)\n```\n\n```math\na = b\n```"), 13, "two formulas"),
        (("- source: somebody\n", "- origin: somebody\n"), 16, "'origin' is not a key"),
        (("- source: somebody\n", "- just a remark\n"), 16, "is not a key"),
        (("- source: somebody\n", "- source:\n"), 16, "nothing stands after"),
        (("$`x`$ vector", "$`x`$ arrow"), 13, "does not know the sort 'arrow'"),
        (("$`x`$ vector", "$`x + 1`$ vector"), 13, "not the name of a vector"),
        (("$`x`$ vector", "vector"), 13, "declares nothing"),
        (("$`x`$ vector", "$`x, x`$ vector"), 13, "declared twice"),
        (("$`x`$ vector", "$`x`$ vector of $`m \\times d`$"), 13, "1 sizes, not 2"),
        (("$`f(x) > 0`$", "$`f(x)`$ is nice"), 14, "not understood"),
        (("名称：一句话。", "一句话。"), 18, "`zh` needs"),
        (("- source: somebody\n", "- fallacy: it looks true\n"), 5, "has a world"),
        (("- source: somebody\n", "- world: $`a = 1`$; the left side is $`1`$, the right side $`2`$\n"), 5, "a world"),
        (("Prose.", "Prose.\n\n### more"), 9, "a heading within a rule"),
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused_where_it_stands(change: tuple[str, str], line: int, message: str) -> None:
    text = RULE.replace(*change)
    assert text != RULE
    with pytest.raises(RuleError) as caught:
        read_rules(text, "topic.md")
    assert message in caught.value.message
    assert (caught.value.file, caught.value.line) == ("topic.md", line)


def test_a_name_stands_for_one_rule(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text(RULE, encoding="utf-8")
    (tmp_path / "two.md").write_text(RULE, encoding="utf-8")
    with pytest.raises(RuleError, match="second rule is called 'a-rule'") as caught:
        load_rulebook([tmp_path / "one.md", tmp_path / "two.md"])
    assert (caught.value.file, caught.value.line) == (str(tmp_path / "two.md"), 5)


def test_a_rule_that_is_not_there_is_named_with_its_neighbours() -> None:
    with pytest.raises(NotFound) as caught:
        load_rulebook()["bays"]
    assert "bayes" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/2", Fraction(1, 2)), ("-3", Fraction(-3)), (r"\frac12", Fraction(1, 2)),
        (r"\frac{1}{100}", Fraction(1, 100)),
        (r"-\frac{3}{4}", Fraction(-3, 4)), ("1/0", None), ("x", None), (r"\log 2", None),
    ],
)  # fmt: skip
def test_fractions(text: str, expected: Fraction | None) -> None:
    assert fraction(text) == expected


def test_a_declaration_knows_kinds_sizes_and_choice() -> None:
    found = metavariables(
        r"$`x_t`$ variable, $`\mu, \nu`$ vector, $`M`$ matrix of $`n \times d`$, $`C`$ chosen variables", 3
    )
    assert [(m.name, m.kind, m.sort, m.shape, m.chosen, m.family) for m in found] == [
        ("x", "variable", "vector", ("d",), False, "t"),
        (r"\mu", "term", "vector", ("d",), False, ""),
        (r"\nu", "term", "vector", ("d",), False, ""),
        ("M", "term", "matrix", ("n", "d"), False, ""),
        ("C", "variables", "variables", (), True, ""),
    ]


@pytest.mark.parametrize(
    ("text", "form", "formulas"),
    [
        ("$`v > 0`$", "holds", ("v > 0",)),
        ("$`f(z) \\le f(y)`$ for every $`z`$", "for every", ("f(z) \\le f(y)", "z")),
        ("counting measure on $`A`$", "counting", ("A",)),
        ("$`y = g(x)`$ almost surely under $`p(x, y)`$", "almost surely", ("y = g(x)", "p(x, y)")),
    ],
)
def test_a_condition_has_one_of_the_forms(text: str, form: str, formulas: tuple[str, ...]) -> None:
    found = condition(text, 1)
    assert (found.form, found.formulas) == (form, formulas)


def test_a_translation_is_a_name_and_a_sentence() -> None:
    assert translation("熵：平均惊讶程度。", 1).name == "熵"


def test_a_world_is_read_exactly() -> None:
    found = world(
        r"$`p(A=0, B=1) = 1/4`$, $`p(B=0, A=1) = \frac34`$, $`g(r) = r^2`$, $`X \sim \mathcal{N}(0, 1)`$; "
        r"at $`B=1, A=0`$ the left side is $`\log 2`$, the right side $`0`$", 1,
    )  # fmt: skip
    half = Fraction(1, 4)
    assert found.tables == {"p": {(("A", Fraction(0)), ("B", Fraction(1))): half,
                                  (("A", Fraction(1)), ("B", Fraction(0))): 1 - half}}  # fmt: skip
    assert found.values == (("g(r)", "r^2"),)
    assert found.laws == (("X", r"\mathcal{N}(0, 1)"),)
    assert found.point == (("A", Fraction(0)), ("B", Fraction(1)))
    assert (found.left, found.right) == (r"\log 2", "0")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("$`p(A=0) = 1/2`$; the left side is $`1`$, the right side $`0`$", "add up to 1/2"),
        ("$`p(A=0) = 1`$, $`p(A=0) = 0`$; the left side is $`1`$, the right side $`0`$", "given twice"),
        ("$`p(A=0) = x`$; the left side is $`1`$, the right side $`0`$", "no probability"),
        ("$`p(A=0) = -1`$; the left side is $`1`$, the right side $`0`$", "no probability"),
        ("$`p(A=0) = 1/2`$, $`p(B=0) = 1/2`$; the left side is $`1`$, the right side $`0`$", "other variables"),
        ("$`p(A=0) = 1`$ and the left side is bigger", "not understood"),
        ("$`p(A=0) = 1`$; at $`A`$ the left side is $`1`$, the right side $`0`$", "no point"),
    ],
)
def test_a_world_that_is_no_law_is_refused(text: str, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        world(text, 1)


def test_the_hash_follows_what_is_stated_and_nothing_else() -> None:
    def hashed(text: str) -> str:
        return read_rules(text, "topic.md")[1][0].hash

    assert hashed(RULE.replace("Prose.", "Other prose.")) == hashed(RULE)
    assert hashed(RULE.replace("f(x) = g(x)", "f(x)  =  g(x)")) == hashed(RULE)
    assert hashed(RULE.replace("f(x) = g(x)", "g(x) = f(x)")) != hashed(RULE)
    assert hashed(RULE.replace("f(x) > 0", "f(x) < 0")) != hashed(RULE)
    assert hashed(RULE.replace("$`x`$ vector", "$`x`$ scalar")) != hashed(RULE)


def test_names_and_prose_are_there_without_sympy() -> None:
    code = """
import sys
from derive.rulebook import load_rulebook
print('bayes' in load_rulebook(), 'sympy' in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["True", "False"]


def test_loading_the_text_is_fast() -> None:
    """The least processor time of a few runs: 30 ms on an idle machine, twice that on a busy one."""
    from derive.rulebook.load import _library

    def once() -> float:
        _library.cache_clear()
        start = time.process_time()
        load_rulebook()
        return time.process_time() - start

    assert min(once() for _ in range(8)) < 0.06
