"""`derive rules`: the rulebook; one rule, with how it was tried; a stranger's rules, tried before they are trusted."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from derive.cli.arguments import add_format, add_lang, add_rules, world_count

if TYPE_CHECKING:
    from derive.cli.output import Output
    from derive.rulebook import Rule, Rulebook

SUMMARY = "show the rulebook, or one rule"
EXAMPLE = """
derive rules
derive rules bayes
derive rules --test ./my-rules.md
"""
TAKES_LATEX = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """The rule, or the file of rules to try."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="a rule, or a topic (default: list all rules)")
    parser.add_argument("--test", metavar="FILE", help="try the rules of a file in random worlds")
    parser.add_argument("--worlds", type=world_count, default=40, metavar="N", help="worlds of each kind (default 40)")
    parser.add_argument("--names", action="store_true", help="only the names, one a line")
    add_rules(parser)
    add_format(parser)
    add_lang(parser)


def run(options: argparse.Namespace, out: Output) -> int:
    """Prints the rulebook, a topic, a rule, or how the rules of a file fared; status 1 if one of them is broken."""
    from derive.rulebook import load_rulebook

    if options.test is not None:
        return _show([*load_rulebook([options.test])], options, out)
    book = load_rulebook()
    if options.rules:
        book = book.extended(*options.rules)
    if options.names:
        for rule in book:
            out.line(rule.name)
        return 0
    topics = {topic.name for topic in book.topics}
    if options.name is None or (options.name in topics and options.name not in book):
        with out.paging():
            _list(book, options, out)
        return 0
    return _show([book[options.name]], options, out)


def _list(book: Rulebook, options: argparse.Namespace, out: Output) -> None:
    """The rules by topic: name and formula."""
    from derive.render.layout import Page, Role
    from derive.render.rules import rule_view
    from derive.render.view import as_json

    chosen = [topic for topic in book.topics if options.name in (None, topic.name)]
    if options.format == "json":
        out.json([as_json(rule_view(rule)) for topic in chosen for rule in book.topic(topic.name)])
        return
    page = Page(out.width, out.ascii, out.terminal, options.lang)
    for number, topic in enumerate(chosen):
        if number:
            out.line()
        zh = f"  {topic.zh}" if topic.zh and options.lang == "zh" and not out.ascii else ""
        out.rows([((topic.title + zh, Role.HEADING),)])
        for rule in book.topic(topic.name):
            view = rule_view(rule)
            name = f"{view.name} ({page.say('fallacy')})" if view.fallacy else view.name
            name += f"  {view.zh[0]}" if view.zh and options.lang == "zh" and not out.ascii else ""
            out.rows([(("  " + name, Role.BAD if view.fallacy else Role.RULE),)])
            out.rows(page.formula(view.statement, 6))


def _show(rules: list[Rule], options: argparse.Namespace, out: Output) -> int:
    """Each rule in full, with how it was tried."""
    from derive.render.layout import Page
    from derive.render.rules import rule_rows, rule_view
    from derive.render.trials import trial_view
    from derive.render.view import as_json

    views = [rule_view(rule, trial_view(rule, options.worlds)) for rule in rules]
    if options.format == "json":
        found = [as_json(view) for view in views]
        out.json(found if options.test is not None else found[0])
    else:
        for number, view in enumerate(views):
            if number:
                out.line()
            out.rows(rule_rows(view, Page(out.width, out.ascii, out.terminal, options.lang)))
    return 1 if any(view.tried is not None and view.tried.holds is False for view in views) else 0
