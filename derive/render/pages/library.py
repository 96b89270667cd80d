"""The whole library as a book: every derivation run again, every rule, every model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from derive.articles.scan import scan_file
from derive.folders import derivations_folder, read_text
from derive.library import Session, all_names, load_model, run_in
from derive.markdown import Fence, Paragraph, blocks
from derive.render.derivations import authored, glancing, view_of
from derive.render.pages.article import article_page
from derive.render.pages.site import ArticlePage, Book
from derive.render.reports.view import report_view
from derive.render.rules import rule_view
from derive.render.view import ModelView
from derive.rulebook import load_rulebook

__all__ = ["checked_articles", "whole_library"]


def whole_library(articles: Iterable[ArticlePage] = (), said: Callable[[str], None] | None = None) -> Book:
    """Everything there is, for a book; `said` is told the name of each derivation before it is run.

    Raises what a derivation raises that does not run: a book of a library that does not hold is not written.
    """
    rules = load_rulebook()
    session = Session(rules)
    views = []
    for name in all_names():
        if said is not None:
            said(name)
        views.append(view_of(run_in(session, name), glancing()))
    models = [
        _model(path.stem) for path in sorted(derivations_folder().glob("*.md")) if _states_a_model(read_text(path))
    ]
    topics = [
        (topic.name, topic.title, [rule_view(rule) for rule in rules.topic(topic.name)]) for topic in rules.topics
    ]
    return Book(views, models, topics, tuple(articles))


def checked_articles() -> Iterator[ArticlePage]:
    """The library's articles, checked, each as its own page."""
    import derive

    for path in sorted((derivations_folder() / "articles").glob("*.md")):
        report = report_view(derive.check_article(path))
        yield article_page(report, path.stem, scan_file(path), site=True)


def _states_a_model(text: str) -> bool:
    return any(isinstance(block, Fence) and block.word == "model" for block in blocks(text))


def _model(name: str) -> tuple[ModelView, str]:
    """A model's statements, and the first paragraph of its file."""
    model = load_model(name)
    text = read_text(derivations_folder() / f"{name}.md")
    opening = next((block.text for block in blocks(text) if isinstance(block, Paragraph)), "")
    return ModelView(name, tuple(authored(line.text) for line in model.lines)), opening
