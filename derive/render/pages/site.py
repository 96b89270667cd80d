"""The book of the library: a page for each derivation and article, the rulebook, models, what rests on what, search.

Every page is self-contained; pages link each other by relative names, so that the folder can be opened from a disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from derive.render.ascii import in_ascii
from derive.render.pages.graph import svg
from derive.render.pages.html import environment, page
from derive.render.prose import spoken
from derive.render.rules import RuleView
from derive.render.transliterate import in_unicode
from derive.render.view import DerivationView, Formula, ModelView

__all__ = ["ArticlePage", "Book", "book"]


@dataclass(frozen=True)
class ArticlePage:
    """An article that was checked: its name, title, what became of its formulas, and the page somebody made of it."""

    name: str
    title: str
    summary: str
    html: str


@dataclass(frozen=True)
class Book:
    """All that the book shows; rules by topic, each topic with its title."""

    derivations: Sequence[DerivationView]
    models: Sequence[tuple[ModelView, str]] = ()
    topics: Sequence[tuple[str, str, Sequence[RuleView]]] = ()
    articles: Sequence[ArticlePage] = ()
    stated: Mapping[str, str] = field(default_factory=dict)

    def link(self, name: str) -> str:
        """The page of a derivation, a rule or a model; empty where there is none."""
        if any(view.name == name for view in self.derivations):
            return f"{name}.html"
        if any(rule.name == name for _, _, rules in self.topics for rule in rules):
            return f"rules.html#{name}"
        if any(model.name == name for model, _ in self.models):
            return f"models.html#{name}"
        return ""


def book(shown: Book) -> dict[str, str]:
    """Every file of the book, by its name."""
    files = {f"{view.name}.html": page(view, (), shown.link) for view in shown.derivations}
    files |= {f"{article.name}.html": article.html for article in shown.articles}
    uses = {view.name: [name for name in view.lemmas if name != view.name] for view in shown.derivations}
    drawn = {name: used for name, used in uses.items() if used or any(name in other for other in uses.values())}
    drawing = svg(drawn, shown.link, "Which result rests on which") if drawn else ""
    for name, more in (
        ("index", {}), ("rules", {}), ("models", {}), ("graph", {"drawing": drawing, "uses": uses}),
        ("search", {"entries": list(_entries(shown))}),
    ):  # fmt: skip
        files[f"{name}.html"] = _render(name, shown, more)
    return files


def _render(name: str, shown: Book, more: Mapping[str, Any]) -> str:
    from markupsafe import Markup

    given = {key: Markup(value) if key == "drawing" else value for key, value in more.items()}
    template = environment().get_template(f"{name}.html")
    return str(template.render(book=shown, link=shown.link, lang="en", site=True, here=name, **given))


def _entries(shown: Book) -> Iterator[dict[str, str]]:
    """What can be found: name, kind, address, and the words it is found by, formulas in each of their spellings."""
    for view in shown.derivations:
        said = view.prose.text if view.prose is not None else ""
        words = (view.title, *_spellings(view.result), said, *(view.zh or ()))
        yield _entry(view.name, "derivation", shown.link(view.name), words, view.result.text)
    for _, title, rules in shown.topics:
        for rule in rules:
            kind = "fallacy" if rule.fallacy else "rule"
            words = (title, *_spellings(rule.statement), rule.prose.text, rule.source, *(rule.zh or ()))
            yield _entry(rule.name, kind, shown.link(rule.name), words, rule.statement.text)
    for model, said in shown.models:
        yield _entry(model.name, "model", shown.link(model.name), (spoken(said, in_unicode),), "")
    for article in shown.articles:
        yield _entry(article.title, "article", f"{article.name}.html", (article.summary,), article.summary)


def _spellings(formula: Formula) -> tuple[str, str, str]:
    """A formula as it is shown, as it is typed without Unicode, and in LaTeX."""
    return formula.text, formula.ascii or in_ascii(formula.text), formula.latex


def _entry(name: str, kind: str, address: str, words: Sequence[str], shown: str) -> dict[str, str]:
    found = " ".join(" ".join(words).lower().split())
    return {"name": name, "kind": kind, "address": address, "words": found, "shown": shown}
