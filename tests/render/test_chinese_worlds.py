"""What the engine says in words has its Chinese: grounds of conditions, reasons of worlds, names of rules' parts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import derive
from derive.cli import main
from derive.render.chinese import called_in_chinese, in_chinese
from derive.render.chinese_worlds import TRIED
from derive.rulebook import load_rulebook

ENGINE = Path(derive.__file__).parent
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = "x"


def said_by(node: ast.expr | None, constants: dict[str, str]) -> Iterator[str]:
    """The texts that an expression may be; what is put into one stands as a letter."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(p.value) if isinstance(p, ast.Constant) else PLACEHOLDER for p in parts)
        case ast.IfExp(body=first, orelse=second):
            yield from said_by(first, constants)
            yield from said_by(second, constants)
        case ast.BoolOp(values=options):
            for option in options:
                yield from said_by(option, constants)
        case ast.Name(id=name) if name in constants:
            yield constants[name]


def parsed(path: Path) -> tuple[ast.Module, dict[str, str]]:
    """A module, and the texts it has names for."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = {
        entry.targets[0].id: entry.value.value
        for entry in tree.body
        if isinstance(entry, ast.Assign) and isinstance(entry.targets[0], ast.Name)
        and isinstance(entry.value, ast.Constant) and isinstance(entry.value.value, str)
    }  # fmt: skip
    return tree, constants


def calls(tree: ast.Module, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in names:
            yield node


def grounds() -> Iterator[str]:
    """How conditions are met: what a `Discharge` says, what functions return that say so in words."""
    for name in ("conditions", "analysis", "averages", "definite", "universal"):
        tree, constants = parsed(ENGINE / "grounds" / f"{name}.py")
        for call in calls(tree, "Discharge"):
            for how in (*call.args[2:3], *(word.value for word in call.keywords if word.arg == "how")):
                yield from said_by(how, constants)
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "how":
                yield from said_by(node.value, constants)
            if isinstance(node, ast.FunctionDef) and node.returns is not None and "str" in ast.unparse(node.returns):
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Return):
                        yield from said_by(inner.value, constants)


def reasons() -> Iterator[str]:
    """Why a world says nothing, or what is special about it."""
    for path in sorted((ENGINE / "worlds").glob("*.py")):
        tree, constants = parsed(path)
        for call in calls(tree, "NotExercised", "NeverExercised", "Undefined", "_single"):
            if call.args:
                yield from said_by(call.args[0], constants)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name in ("kept_out", "restriction_of"):
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Return):
                        yield from said_by(inner.value, constants)


def test_how_a_condition_is_met_has_its_chinese() -> None:
    found = set(grounds()) - {"", "sign", "d-separation"}
    assert {"assumed", "index range", "the mean of what is positive"} <= found
    assert sorted(text for text in found if not CHINESE.search(in_chinese(text))) == []


def test_why_a_world_says_nothing_has_its_chinese() -> None:
    found = {text for text in reasons() if any(c.isalpha() for c in text)}
    assert len(found) > 100
    assert sorted(text for text in found if not CHINESE.search(in_chinese(text))) == []


def test_a_restriction_and_several_of_them_at_once() -> None:
    both = in_chinese("μ is constant here; unknown functions are affine here")
    assert both == "μ 在这里是常数；这里的未知函数是仿射的"
    assert in_chinese("finite: values are measured here") == "有限：这里的取值是连续的"


def test_no_pattern_is_a_trap() -> None:
    for pattern, said in TRIED:
        assert (said.count("{") in (pattern.groups, 0) and CHINESE.search(said)) or said == "{}：{}"


def test_what_parts_of_rules_are_called_has_its_chinese() -> None:
    names = {part.name for rule in load_rulebook() for part in rule.called}
    assert len(names) > 20
    assert sorted(name for name in names if not CHINESE.search(called_in_chinese(name))) == []


@pytest.mark.parametrize("name", ["bayes", "gaussian-mean", "drop-conditioning", "kl-symmetric"])
def test_a_rule_in_chinese_has_no_row_of_english_but_its_prose_and_source(name: str, capsys) -> None:
    if name not in load_rulebook():
        pytest.skip("no such rule")
    main(["rules", name, "--lang", "zh", "--worlds", "5"])
    rows = capsys.readouterr().out.splitlines()
    tried = rows[next(number for number, row in enumerate(rows) if row.startswith("检验")) :]
    assert tried and all(CHINESE.search(row) for row in tried)
    assert "holds in" not in "\n".join(rows) and "without" not in "\n".join(tried)
    called = [row for row in rows if " the " in row and "=" not in row and row.startswith("称为")]
    assert all(CHINESE.search(row.split("the ")[1]) for row in called)


def test_a_full_derivation_in_chinese_says_how_it_was_tried_in_chinese(capsys) -> None:
    assert main(["show", "gaussian.mean-general", "--lang", "zh", "--detail", "full"]) == 0
    text = capsys.readouterr().out
    assert "个随机世界中成立" in text and "holds in" not in text and "here" not in text.replace("There", "").split()
