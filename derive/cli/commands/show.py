"""`derive show`: a derivation in the terminal, run anew, step by step, each step tried in worlds as it runs."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from derive.cli.arguments import add_format, add_lang, add_model, add_rules

if TYPE_CHECKING:
    from derive.cli.output import Output

SUMMARY = "show a derivation step by step"
EXAMPLE = """
derive show ddpm.posterior
derive show ddpm.posterior --model ./my-process.md --detail full
derive show ./my-derivation.md
"""
TAKES_LATEX = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """The derivation, the model it is run on, and how much of it is shown."""
    parser.add_argument("name", metavar="NAME|FILE", help="a derivation of the library, or a file of one's own")
    add_model(parser)
    add_rules(parser)
    add_detail(parser)
    add_format(parser)
    add_lang(parser)
    parser.add_argument("--flat", action="store_true", help="every formula on one line, also on a terminal")


def add_detail(parser: argparse.ArgumentParser) -> None:
    """`--detail`: what a paper prints, what a reader wants, or everything."""
    parser.add_argument(
        "--detail",
        choices=("brief", "normal", "full"),
        default="normal",
        help="brief: lines and rules; normal (default): with conditions and prose; full: with sub-steps and worlds",
    )


def run(options: argparse.Namespace, out: Output) -> int:
    """Runs the derivation and prints it; status 1 if its goal is not reached or a world refutes a line."""
    from derive.library import load
    from derive.render.derivations import glancing, view_of
    from derive.render.layout import Page, derivation_rows, holds
    from derive.render.view import as_json

    derivation = load(options.name, model=options.model, rules=options.rules)
    whole = options.detail == "full" or options.format == "json"
    view = view_of(derivation, glancing(), whole=whole)
    if options.format == "json":
        out.json(as_json(view))
    else:
        page = Page(out.width, out.ascii, tall=out.terminal and not options.flat, lang=options.lang)
        with out.paging():
            out.rows(derivation_rows(view, page, options.detail))
    return 0 if holds(view) else 1
