"""Layers point downwards: a file imports only from its own line of the table or from a line below."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "derive"

# from the top down; names that share a line and a cell may import each other, cells beside each other may not
TABLE: list[list[set[str]]] = [
    [{"cli", "render", "export", "jupyter", "__main__"}],
    [
        {
            "articles", "library", "certificates", "derivation", "running", "scripts", "trials", "verdict", "deciding",
            "checking", "claims", "random_variables", "rule_trials", "verification",
        }
    ],
    [{"tactics", "search"}],
    [{"kernel"}],
    [{"grounds"}],
    [{"rulebook"}, {"algebra"}, {"worlds"}],
    [{"models"}],
    [{"latex", "markdown", "folders", "schemas"}, {"slips"}],
    [{"terms", "balls"}],
    [{"errors", "clock"}],
]
LEVEL = {name: (row, cell) for row, cells in enumerate(TABLE) for cell, names in enumerate(cells) for name in names}

# the package itself hands on public names when they are asked for, from wherever they are
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def part(module: str) -> str:
    """`rulebook` for `derive.rulebook.matching`; empty for `derive` itself."""
    return [*module.split("."), ""][1]


def imports(path: Path, text: str | None = None) -> Iterator[tuple[int, str]]:
    """Every module that the file (or this text in its place) imports, in functions and for types too, with its line."""
    module = path.relative_to(PROJECT).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8") if text is None else text, str(path))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(module[: len(module) - node.level]) if node.level else ""
            name = ".".join(filter(None, (base, node.module)))
            yield (node.lineno, name)
            if name == "derive":
                yield from ((node.lineno, f"derive.{alias.name}") for alias in node.names if alias.name in LEVEL)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in (
            "import_module", "__import__",
        ):
            yield from ((node.lineno, text) for text in map(_literal, node.args[:1]) if text)


def _literal(node: ast.expr) -> str:
    """The beginning of a text that a call is given, as far as it is written out."""
    if isinstance(node, ast.JoinedStr):
        return _literal(node.values[0])
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_downwards(path: Path) -> None:
    own = part(".".join(path.relative_to(PROJECT).with_suffix("").parts))
    assert own in LEVEL, f"derive/{own} is in no layer: add it to the table and to ARCHITECTURE.md"
    row, cell = LEVEL[own]
    for line, module in imports(path):
        if module.split(".")[0] != "derive" or not part(module) or part(module) == own:
            continue
        assert part(module) in LEVEL, f"line {line}: derive.{part(module)} is in no layer"
        there = LEVEL[part(module)]
        assert there[0] > row or there == (row, cell), f"line {line}: {own} imports {module} from above"


def test_the_layers_that_matter_most_are_there() -> None:
    for name in ("errors", "terms", "latex", "models", "rulebook", "algebra", "worlds", "kernel"):
        assert (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").is_file(), name


def test_no_form_of_import_is_overlooked() -> None:
    text = "def f():\n    from derive import kernel\n    import derive.library\n    from ..search import best\n"
    found = [module for _, module in imports(PACKAGE / "terms" / "names.py", text)]
    assert found == ["derive", "derive.kernel", "derive.library", "derive.search"]


def test_errors_import_nothing_but_the_standard_library() -> None:
    for _, module in imports(PACKAGE / "errors.py"):
        assert module.split(".")[0] in sys.stdlib_module_names


@cache
def imported(path: Path) -> frozenset[str]:
    return frozenset(module for _, module in imports(path))


def closure(path: Path) -> set[str]:
    """All modules of ours that importing the file can lead to."""
    seen: set[str] = set()
    todo = [path]
    while todo:
        for module in imported(todo.pop()):
            if module.split(".")[0] != "derive" or module in seen or module == "derive":
                continue
            seen.add(module)
            target = PROJECT.joinpath(*module.split("."))
            todo += [p for p in (target.with_suffix(".py"), target / "__init__.py") if p.is_file()]
    return seen


FINDERS = {"tactics", "search", "library", "derivation", "running", "deciding", "checking", "trials"}


def test_what_checks_certificates_shares_no_code_with_what_finds_them() -> None:
    checkers = [path for path in (PACKAGE / "certificates.py", PACKAGE / "kernel.py") if path.is_file()]
    assert checkers
    for path in checkers:
        assert not {part(module) for module in closure(path)} & FINDERS


def test_worlds_know_nothing_of_rules_algebra_or_tactics() -> None:
    for path in sorted((PACKAGE / "worlds").rglob("*.py")):
        assert not {part(module) for module in closure(path)} & {"rulebook", "algebra", "kernel", "tactics", "search"}
