"""`derive read`: how a display is understood: its statements in Unicode, LaTeX and as trees, their sorts, and notes."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from derive.cli.arguments import add_format, add_model, statement_text
from derive.cli.parser import latex

if TYPE_CHECKING:
    from derive.cli.output import Output

SUMMARY = "show how a formula is understood"
EXAMPLE = r"""
derive read 'q(x_t \mid x_{t-1})'
derive read '-\log p(x)' --format json
echo '\mathbb{E}_q[x_t]' | derive read - --model ddpm
"""
TAKES_LATEX = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """The formula, and the model whose declarations it is read under."""
    parser.add_argument("latex", type=latex, metavar="LATEX", help="the formula; - reads standard input")
    add_model(parser)
    add_format(parser)


def run(options: argparse.Namespace, out: Output) -> int:
    """Reads the display and prints each of its statements back, then how its notation was mended."""
    from derive.errors import ReadError
    from derive.latex import read_display
    from derive.library import load_model, model_of

    model = load_model(options.model) if options.model is not None else model_of(())
    text = statement_text(options.latex)
    readings = read_display(text, model.declarations, brackets=False)
    if not readings:
        raise ReadError.at(text, 0, "there is no formula here", expected="a formula")
    notes = list(dict.fromkeys(note for reading in readings for note in reading.notes))
    if options.format == "json":
        found = [_described(reading.term) for reading in readings]
        out.json({**found[0], "notes": notes} if len(found) == 1 else {"statements": found, "notes": notes})
        return 0
    for number, reading in enumerate(readings):
        if number:
            out.rows([])
        _show(reading.term, out)
    _lines([("note" if not number else "", note) for number, note in enumerate(notes)], out)
    return 0


def _free(term: Any) -> list[tuple[str, str]]:
    from derive.latex import unicode_text
    from derive.terms import free_variables, sort_of

    return sorted((unicode_text(variable), str(sort_of(variable))) for variable in free_variables(term))


def _sort(term: Any) -> str:
    from derive.terms import Statement, sort_of

    return "statement" if isinstance(term, Statement) else str(sort_of(term))


def _described(term: Any) -> dict[str, Any]:
    from derive.latex import latex as write_latex
    from derive.latex import unicode_text
    from derive.terms import to_json

    names = [{"name": name, "sort": kind} for name, kind in _free(term)]
    written = {"text": unicode_text(term), "latex": write_latex(term)}
    return {**written, "sort": _sort(term), "free": names, "tree": to_json(term)}


def _show(term: Any, out: Output) -> None:
    from derive.latex import latex as write_latex
    from derive.render.derivations import formula
    from derive.render.layout import Page

    page = Page(out.width, out.ascii)
    rows = [("read as", page.text(formula(term))), ("latex", write_latex(term)), ("sort", _sort(term))]
    rows += [("free" if not number else "", f"{name}: {kind}") for number, (name, kind) in enumerate(_free(term))]
    _lines([*rows, ("tree", tree_text(term))], out)


def _lines(rows: list[tuple[str, str]], out: Output) -> None:
    from derive.render.layout import Page, Role

    page = Page(out.width, out.ascii)
    for title, text in rows:
        out.rows(page.line(text, 10, ((title, Role.HEADING),), Role.FORMULA))


def tree_text(term: Any, room: int = 4000) -> str:
    """The nodes of a term, outermost first: `Density(Law(q), (x_t), (x_{t-1}))`; what is too much is left out."""
    from sympy import Tuple
    from sympy.core.symbol import Str

    if room <= 0:
        return "…"
    if not term.args:
        return str(term) if not isinstance(term, Str) else term.name
    if isinstance(term, Tuple) and len(term.args) == 2 and term.args[0] == term.args[1]:
        return tree_text(term.args[0], room)  # a variable at the point that bears its name
    parts: list[str] = []
    for part in term.args:
        parts.append(tree_text(part, room - sum(map(len, parts)) - 20))
    inside = ", ".join(parts)
    return f"({inside})" if isinstance(term, Tuple) else f"{type(term).__name__}({inside})"
