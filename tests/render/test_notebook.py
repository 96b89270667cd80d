"""Notebooks: valid, every cell runs and asserts; in a notebook our values show themselves as mathematics."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import derive
from derive.cli import main
from derive.derivation import Derivation
from derive.errors import DeriveError
from derive.jupyter import check_cell, load_ipython_extension
from derive.rulebook import load_rulebook

NAMES = ["ddpm.posterior", "ddpm.marginal", "elbo.vae", "foundations.bayes"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("notebooks")
    for name in NAMES:
        assert main(["export", name, "--to", "ipynb", "-o", str(path / f"{name}.ipynb")]) == 0
    return path


def cells(path: Path, kind: str) -> list[str]:
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell["source"] for cell in found if cell["cell_type"] == kind]


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_runs_and_every_line_is_asserted(folder: Path, name: str) -> None:
    code = cells(folder / f"{name}.ipynb", "code")
    names: dict[str, object] = {}
    for text in code:
        exec(text, names)
    found = names["d"]
    assert isinstance(found, Derivation) and found.result == derive.load(name).result
    assert sum("assert" in text for text in code) >= len(found.lines)


def test_a_cell_whose_step_does_not_give_its_formula_fails(folder: Path) -> None:
    code = cells(folder / "foundations.bayes.ipynb", "code")
    place = next(number for number, text in enumerate(code) if ".by(" in text)
    names: dict[str, object] = {}
    for text in code[:place]:
        exec(text, names)
    with pytest.raises(AssertionError):
        exec(code[place].replace(r"p(", r"q("), names)


def test_prose_stands_between_the_cells_in_the_notebooks_own_dollars(folder: Path) -> None:
    text = "\n".join(cells(folder / "ddpm.posterior.ipynb", "markdown"))
    assert "Given the step before, the start adds nothing." in text
    assert "$x_t$" in text and "$`" not in text


def test_an_induction_is_loaded_and_tried_line_by_line(folder: Path) -> None:
    code = cells(folder / "ddpm.marginal.ipynb", "code")
    assert sum("try_line" in text for text in code) > 5


def test_the_format_is_the_one_that_jupyter_reads(folder: Path) -> None:
    nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed: pip install 'derive-math[test]'")
    for path in folder.iterdir():
        nbformat.validate(nbformat.read(path, as_version=4))


def test_jupyter_runs_one_from_end_to_end(folder: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed: pip install 'derive-math[test]'")
    pytest.importorskip("ipykernel", reason="no kernel to run a notebook in: pip install 'derive-math[test]'")
    found = nbformat.read(folder / "foundations.bayes.ipynb", as_version=4)
    nbclient.NotebookClient(found, timeout=60).execute()
    outputs = [output for cell in found.cells if cell.cell_type == "code" for output in cell.outputs]
    assert outputs and all(
        "text/latex" in output["data"] for output in outputs if output.output_type == "execute_result"
    )
    assert not [output for output in outputs if output.output_type == "error"]


# ---- values that show themselves ----------------------------------------------------------------------------------


def test_a_derivation_and_a_line_are_displayed_mathematics() -> None:
    found = derive.load("foundations.bayes")
    shown = found._repr_latex_()
    assert shown.startswith(r"\begin{align*}") and shown.count("&&") == len(found.lines)
    line = found.steps[0]._repr_latex_()
    assert line.startswith("$$") and line.endswith("$$") and rf"\text{{{found.steps[0].by}}}" in line


def test_a_line_wider_than_a_page_is_displayed_in_rows() -> None:
    found = derive.load("ddpm.posterior")
    shown = next(line for line in found.steps if line.by == "normal-density")._repr_latex_()
    assert shown.count(r"\\") == 2 and shown.count("&=") == 1 and shown.index(r"\\") < shown.index("&=")
    assert derive.Derivation("x").to_latex() == "\\begin{align*}\nx &\n\\end{align*}"


def test_values_name_themselves_on_one_line() -> None:
    found = derive.load("foundations.bayes")
    assert repr(found).startswith("<foundations.bayes: p(") and "\n" not in repr(found)
    assert repr(found.steps[0]).startswith(f"<{found.steps[0].by}: ")


def test_a_checked_cell_says_what_would_make_a_claim_true() -> None:
    shown = check_cell("", r"\sqrt{x^2} = x")._repr_html_()
    assert "true if <math" in shown and "at x = -1" in shown


def test_a_rule_is_its_sentence_formula_and_conditions() -> None:
    shown = load_rulebook()["bayes"]._repr_markdown_()
    assert "**bayes**" in shown and "$$" in shown and "when $p(" in shown and "$`" not in shown


def test_a_verdict_says_why_or_where_it_fails() -> None:
    proved = derive.check(r"(a + b)^2 = a^2 + 2 a b + b^2")._repr_markdown_()
    assert proved.startswith("✓ **proved** $") and "because" in proved
    refuted = derive.check(r"(a - b)^2 = a^2 - 2 a b - b^2")._repr_markdown_()
    assert "perhaps $(a - b)^2 = a^2 - 2a b + b^2$" in refuted
    assert "left side:" in refuted and "{" not in refuted.split("```")[1]
    refuted = derive.check(r"(a + b)^2 = a^2 + b^2")._repr_markdown_()
    assert refuted.startswith("✗ **refuted**") and "```" in refuted


# ---- the magic ----------------------------------------------------------------------------------------------------


def test_a_cell_of_latex_is_checked() -> None:
    found = check_cell("", "(a + b)^2 = a^2 + 2 a b + b^2")
    assert [claim.status for claim in found.view.claims] == ["proved"]
    page = found._repr_html_()
    assert "<math" in page and "✓ proved" in page and "✓" in repr(found)


def test_options_are_those_of_check() -> None:
    text = r"q(x_{t+1} \mid x_t, x_{t-1}) = q(x_{t+1} \mid x_t)"
    assert [c.status for c in check_cell(r"--model ddpm --given 't \ge 2'", text).view.claims] == ["proved"]
    assert [c.status for c in check_cell("", text).view.claims] != ["proved"]


def test_prose_with_several_formulas() -> None:
    found = check_cell("", "We have\n\n$$a + a = 2 a$$\n\nbut not\n\n$$a a = 2 a$$\n")
    assert [claim.status for claim in found.view.claims] == ["proved", "refuted"]


@pytest.mark.parametrize("line", ["--elephant", "--model", "--given 'open", "--model nothing-of-this-name"])
def test_options_that_are_none_are_errors_of_ours(line: str) -> None:
    with pytest.raises(DeriveError):
        check_cell(line, "a = a")


def test_the_extension_registers_the_magic() -> None:
    class Shell:
        def register_magic_function(self, function, magic_kind: str, magic_name: str) -> None:
            self.found = (function, magic_kind, magic_name)

    shell = Shell()
    load_ipython_extension(shell)
    assert shell.found == (check_cell, "cell", "derive")
    assert derive.load_ipython_extension is load_ipython_extension
