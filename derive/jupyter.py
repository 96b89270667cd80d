r"""In a notebook: `%load_ext derive`, then `%%derive` checks the LaTeX in a cell.

    %%derive --model ddpm --given 't \ge 2'
    q(x_t \mid x_{t-1}, x_0) = q(x_t \mid x_{t-1})

`--model`, `--given` and `--rules` are those of `derive check`. A cell without dollars or environments is one display.
"""

from __future__ import annotations

import argparse
import shlex
from html import escape
from typing import Any, NoReturn

from derive.articles.report import Report
from derive.errors import InputError
from derive.render.layout import Page, plain
from derive.render.mathml import mathml_parts
from derive.render.reports.text import report_rows
from derive.render.reports.view import ClaimView, report_view
from derive.render.typeset import typeset
from derive.render.view import Formula

__all__ = ["CheckedCell", "check_cell", "load_ipython_extension"]

_MARKS = {
    "proved": "✓", "refuted": "✗", "ill-sorted": "✗", "convention": "✗", "unknown": "?", "unread": "!", "trouble": "!",
    "definition": "≔", "assumption": "·", "skipped": "·",
}  # fmt: skip


def load_ipython_extension(shell: Any) -> None:
    """Registers `%%derive`; what `%load_ext derive` calls."""
    shell.register_magic_function(check_cell, magic_kind="cell", magic_name="derive")


def check_cell(line: str, cell: str) -> CheckedCell:
    """The verdicts on the LaTeX of a cell."""
    import derive

    chosen = _options(line)
    text = cell if any(mark in cell for mark in ("$", r"\[", r"\(", r"\begin")) else f"$$\n{cell.strip()}\n$$\n"
    return CheckedCell(derive.check_article(text + "\n", model=chosen.model, given=chosen.given, rules=chosen.rules))


class _Parser(argparse.ArgumentParser):
    """argparse, its complaints as errors of ours."""

    def error(self, message: str) -> NoReturn:
        raise InputError(message, expected="%%derive [--model NAME] [--given LATEX] [--rules FILE]")


def _options(line: str) -> argparse.Namespace:
    parser = _Parser(prog="%%derive", add_help=False, allow_abbrev=False)
    parser.add_argument("--model")
    parser.add_argument("--given", action="append", default=[])
    parser.add_argument("--rules", action="append", default=[])
    try:
        return parser.parse_args(shlex.split(line))
    except ValueError as error:
        raise InputError(f"the options of %%derive: {error}") from None


class CheckedCell:
    """A checked cell as a notebook shows it: a table of claims, or text where there is no HTML."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.view = report_view(report)

    def __repr__(self) -> str:
        return "\n".join(plain(row) for row in report_rows(self.view, Page())).strip()

    def _repr_html_(self) -> str:
        rows = "".join(map(_row, self.view.claims))
        trouble = f"<p>{escape(self.view.error)}</p>" if self.view.error else ""
        return f"<table>{rows}</table>{trouble}"


def _row(claim: ClaimView) -> str:
    """One claim: its verdict, its formula, why."""
    said = [escape(text) for text in (claim.reason or claim.expected, claim.annotation) if text]
    if claim.verdict is not None:
        verdict = claim.verdict
        said += [escape(text) for text in (", ".join(verdict.because), *verdict.counterexample) if text]
        for word, formulas in (
            ("provided", verdict.provided), ("true if", verdict.missing), ("meant", verdict.suggestion)
        ):  # fmt: skip
            said += [f"{word} {_formula(formula, formula.latex)}" for formula in formulas]
    left = ' style="text-align:left"'
    cells = (f"{_MARKS[claim.status]} {claim.status}", _formula(claim.formula, claim.latex), "<br>".join(said))
    return f"<tr><td{left}>{escape(cells[0])}</td><td{left}>{cells[1]}</td><td{left}>{cells[2]}</td></tr>"


def _formula(formula: Formula | None, latex: str) -> str:
    boxes = typeset(formula.latex if formula is not None else latex)
    return mathml_parts(boxes, display=False) if boxes is not None else f"<code>{escape(latex)}</code>"
