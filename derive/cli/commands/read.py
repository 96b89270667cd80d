"""`derive read`: how a formula is understood, in Unicode, as LaTeX, as a tree, with the sorts of its names."""

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
    """Reads the formula and prints it back."""
    import derive
    from derive.latex import latex as write_latex
    from derive.latex import unicode_text
    from derive.render.derivations import formula
    from derive.render.layout import Page, Role
    from derive.terms import Statement, free_variables, sort_of, to_json

    term = derive.read(statement_text(options.latex), model=options.model)
    sort = "statement" if isinstance(term, Statement) else str(sort_of(term))
    free = sorted((unicode_text(variable), str(sort_of(variable))) for variable in free_variables(term))
    if options.format == "json":
        names = [{"name": name, "sort": kind} for name, kind in free]
        tree = to_json(term)
        out.json({"text": unicode_text(term), "latex": write_latex(term), "sort": sort, "free": names, "tree": tree})
        return 0
    page = Page(out.width, out.ascii)
    rows = [("read as", page.text(formula(term))), ("latex", write_latex(term)), ("sort", sort)]
    rows += [("free" if not number else "", f"{name}: {kind}") for number, (name, kind) in enumerate(free)]
    rows.append(("tree", tree_text(term)))
    for title, text in rows:
        out.rows(page.line(text, 10, ((title, Role.HEADING),), Role.FORMULA))
    return 0


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
