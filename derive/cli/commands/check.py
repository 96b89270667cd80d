"""`derive check`: whether a statement holds, why, or a world in which it does not."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from derive.cli.arguments import add_format, add_given, add_model, add_rules, statement_text
from derive.cli.parser import latex

if TYPE_CHECKING:
    from derive.cli.output import Output

SUMMARY = "decide whether a statement holds"
EXAMPLE = r"""
derive check '\log\frac{a}{b} = \log a - \log b' --given 'a > 0' --given 'b > 0'
derive check --model ddpm 'q(x_t \mid x_{t-1}, x_0) = q(x_t \mid x_{t-1})'
echo 'a = b' | derive check -
"""
TAKES_LATEX = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """The statement and what it may assume."""
    parser.add_argument("statement", type=latex, metavar="STATEMENT", help="LaTeX; - reads standard input")
    add_given(parser)
    add_model(parser)
    add_rules(parser)
    parser.add_argument("--strict", action="store_true", help="exit status 1 also when the answer is unknown")
    add_format(parser)


def run(options: argparse.Namespace, out: Output) -> int:
    """Decides the statement and prints the verdict; status 1 if it is refuted."""
    import derive
    from derive.render.layout import Page
    from derive.render.verdicts import verdict_rows, verdict_view
    from derive.render.view import as_json

    text = statement_text(options.statement)
    keywords = {"rules": options.rules} if options.rules else {}
    verdict = derive.check(text, model=options.model, given=options.given, **keywords)
    view = verdict_view(verdict, text)
    if options.format == "json":
        out.json(as_json(view))
    else:
        out.rows(verdict_rows(view, Page(out.width, out.ascii)))
    return 1 if verdict.status == "refuted" or (options.strict and verdict.status == "unknown") else 0
