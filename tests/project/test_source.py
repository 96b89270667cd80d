"""What the source may not contain: evaluated text, SymPy's unsound shortcuts, paths of one machine."""

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "derive"
FILES = sorted(PACKAGE.rglob("*.py"))

EVALUATES_TEXT = {"eval", "exec", "compile", "parse_expr", "sympify", "S", "parse_latex"}
# each of these captures bound names, mis-reads an empty range, or guesses (the traps are in ARCHITECTURE.md)
UNSOUND = {"simplify", "doit", "subs", "xreplace", "equals", "nsimplify", "refine"}


def calls(tree: ast.AST) -> list[tuple[int, str, ast.Call]]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                found.append((node.lineno, node.func.id, node))
            elif isinstance(node.func, ast.Attribute):
                found.append((node.lineno, f".{node.func.attr}", node))
    return found


def refuses_text(call: ast.Call) -> bool:
    """`sympify(x, strict=True)` converts numbers and trees and refuses every string."""
    return any(k.arg == "strict" and isinstance(k.value, ast.Constant) and k.value.value is True for k in call.keywords)


def is_number(call: ast.Call) -> bool:
    """`S(2)`: a number written out."""
    return all(isinstance(arg, ast.Constant) and isinstance(arg.value, int) for arg in call.args) and bool(call.args)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_text_is_evaluated_and_no_unsound_shortcut_is_taken(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for line, name, call in calls(tree):
        bare = name.removeprefix(".")
        allowed = (bare == "sympify" and refuses_text(call)) or name == ".compile" or is_number(call)
        assert allowed or bare not in EVALUATES_TEXT, f"line {line}: {name}() evaluates text"
        assert bare not in UNSOUND, f"line {line}: {name}() is not sound on our terms"


def test_imports_are_written_out_or_checked_against_a_table_of_ours() -> None:
    """Nothing a document names is imported: `import_module` occurs only in the two tables of lazy names."""
    users = {str(path.relative_to(PACKAGE)) for path in FILES if "import_module(" in path.read_text(encoding="utf-8")}
    assert users <= {"__init__.py", "cli/parser.py", "rulebook/__init__.py", "latex/__init__.py"}


def tracked() -> list[Path]:
    """The project's text files: those git knows or would take; without git, those of the source tree."""
    if shutil.which("git") and (PROJECT / ".git").exists():
        command = ["git", "-C", str(PROJECT), "ls-files", "-co", "--exclude-standard", "-z"]
        listed = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0")
        return [PROJECT / name for name in listed if name and (PROJECT / name).is_file()]
    folders = ("derive", "rules", "derivations", "tests", "benchmarks")
    return [p for folder in folders for p in (PROJECT / folder).rglob("*") if p.suffix in (".py", ".md", ".toml")]


def test_no_file_names_a_folder_of_one_machine() -> None:
    pattern = re.compile(r"\.\.[/]shared|(?<![\w.])/(?:work|root|home|Users)/\w|/tmp/[a-z]")
    for path in tracked():
        if path == Path(__file__):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found = pattern.search(text)
        assert found is None, f"{path.relative_to(PROJECT)}: {found and found.group()}"


def test_the_kernel_is_read_in_one_sitting() -> None:
    assert len((PACKAGE / "kernel.py").read_text(encoding="utf-8").splitlines()) < 400


def test_rules_and_derivations_hold_no_code() -> None:
    for folder in ("rules", "derivations"):
        kinds = {path.suffix for path in (PROJECT / folder).rglob("*") if path.is_file()}
        assert kinds <= {".md", ".tex"}
