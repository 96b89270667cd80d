"""`derive list`: what the library holds. Reads headings only, so it answers at once."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from derive.cli.arguments import add_format, add_lang

if TYPE_CHECKING:
    from derive.cli.contents import Entry
    from derive.cli.output import Output

SUMMARY = "list the library: models and derivations"
EXAMPLE = """
derive list
derive list --format json
"""
TAKES_LATEX = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """The format; `--names` serves completion."""
    add_format(parser)
    add_lang(parser)
    parser.add_argument("--names", action="store_true", help="only the names of derivations, one a line")


def run(options: argparse.Namespace, out: Output) -> int:
    """Prints the library's contents."""
    from derive.cli.contents import derivations, models
    from derive.render.layout import Page

    found = derivations()
    if options.names:
        for entry in found:
            out.line(entry.name)
    elif options.format == "json":
        out.json([asdict(entry) for entry in (*models(), *found)])
    else:
        page = Page(out.width, out.ascii, lang=options.lang)
        with out.paging():
            print_entries("models", models(), out, options.lang)
            out.line()
            print_entries("derivations", found, out, options.lang)
            out.line()
            out.line(page.say("derive show NAME shows one; derive rules lists the rulebook."))
    return 0


def print_entries(title: str, entries: list[Entry], out: Output, lang: str = "en") -> None:
    """A heading, and under it each name with its sentence."""
    from derive.render.layout import Page, Role, Row
    from derive.render.prose import spoken
    from derive.render.transliterate import in_unicode

    page = Page(out.width, out.ascii, lang=lang)
    out.rows([((page.say(title), Role.HEADING),)])
    wide = min(32, max((len(entry.name) for entry in entries), default=0))
    if page.narrow:
        wide = 2
    for entry in entries:
        name: Row = (("  ", Role.RULE), (f"{entry.name:<{wide}}", Role.RULE))
        sentence = spoken(entry.sentence, in_unicode)
        if len(entry.name) > wide and sentence:  # the sentence begins below a name that leaves it no room
            out.rows([name])
            name = ((" " * (wide + 4), Role.RULE),)
        out.rows(page.prose(sentence, wide + 4, Role.PROSE, name) if sentence else [name])
        if lang == "zh" and entry.zh and not out.ascii:
            out.rows(page.prose(entry.zh, wide + 4, Role.NOTE))
