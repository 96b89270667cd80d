"""`derive export`: a derivation as a file that some other program opens."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from derive.cli.arguments import add_model, add_rules
from derive.cli.commands.show import WORLDS, add_detail

if TYPE_CHECKING:
    from derive.cli.output import Output

SUMMARY = "write a derivation as LaTeX, Markdown or a certificate"
EXAMPLE = """
derive export ddpm.posterior --to tex -o posterior.tex
derive export ddpm.posterior --to json -o posterior.json
"""
TAKES_LATEX = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """The derivation, the format, and where it goes."""
    parser.add_argument("name", metavar="NAME|FILE", help="a derivation of the library, or a file of one's own")
    parser.add_argument("--to", choices=("tex", "md", "json"), required=True, help="LaTeX, Markdown, or a certificate")
    parser.add_argument("-o", "--output", metavar="FILE", help="the file to write (default: standard output)")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    add_model(parser)
    add_rules(parser)
    add_detail(parser)


def run(options: argparse.Namespace, out: Output) -> int:
    """Writes the file whole or not at all; status 1 if the derivation does not hold."""
    import json

    from derive.certificates import certificate
    from derive.cli.files import check_target, write_file
    from derive.library import load
    from derive.render.derivations import trier, view_of
    from derive.render.layout import holds
    from derive.render.markdown import markdown
    from derive.render.tex import document

    if options.output is not None:
        check_target(options.output, options.force)
    derivation = load(options.name, model=options.model, rules=options.rules)
    view = view_of(derivation, trier(WORLDS))
    if options.to == "tex":
        text = document(view, options.detail)
    elif options.to == "md":
        text = markdown(view, options.detail)
    else:
        text = json.dumps(certificate(derivation.theorem, derivation.name), ensure_ascii=False) + "\n"
    if options.output is None:
        out.raw(text)
    else:
        write_file(options.output, text, options.force)
    return 0 if holds(view) else 1
