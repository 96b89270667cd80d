"""A rule on the screen: its formula in its author's words, conditions, names of its parts, and how it was tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from derive.folders import rules_folder
from derive.render.chinese import called_in_chinese
from derive.render.layout import Page, Role, Row
from derive.render.prose import spoken
from derive.render.transliterate import in_unicode
from derive.render.typeset import typeset
from derive.render.view import Formula, Prose

if TYPE_CHECKING:
    from derive.rulebook import Rule

__all__ = ["RuleView", "TrialView", "rule_rows", "rule_view"]


@dataclass(frozen=True)
class TrialView:
    """How a rule was tried in worlds: one row for each kind of world, and what could not be tried."""

    rows: tuple[str, ...]
    holds: bool | None


@dataclass(frozen=True)
class CalledView(Prose):
    """What a part of a rule is called: `name`, after its formula where it has one."""

    name: str = ""


@dataclass(frozen=True)
class RuleView:
    """A rule as it is shown; with a `fallacy` it is one that people believe and that does not hold."""

    name: str
    topic: str
    file: str
    line: int
    statement: Formula
    prose: Prose
    conditions: tuple[Prose, ...] = ()
    called: tuple[CalledView, ...] = ()
    source: str = ""
    fallacy: str = ""
    world: Prose | None = None
    tried: TrialView | None = None
    zh: tuple[str, str] | None = None


def rule_view(rule: Rule, tried: TrialView | None = None) -> RuleView:
    """The view of a rule of the rulebook."""
    return RuleView(
        name=rule.name,
        topic=rule.topic,
        file=rule.file,
        line=rule.line,
        statement=Formula(in_unicode(rule.latex), rule.latex.strip(), boxes=typeset(rule.latex)),
        prose=_prose(rule.prose),
        conditions=tuple(_prose(condition.text) for condition in rule.conditions),
        called=tuple(_called(c.latex, c.name) for c in rule.called),
        source=rule.source,
        fallacy=rule.fallacy,
        world=None if rule.world is None else _prose(rule.world.text),
        tried=tried,
        zh=None if rule.zh is None else (rule.zh.name, rule.zh.sentence),
    )


def rule_rows(view: RuleView, page: Page) -> Iterator[Row]:
    """The rule's rows."""
    kind: Row = (("  " + page.say("a fallacy: it does not hold"), Role.BAD),) if view.fallacy else ()
    zh = view.zh if page.chinese else None
    kind = ((f"  {zh[0]}", Role.TITLE), *kind) if zh else kind
    yield ((view.name, Role.TITLE), (f"  {view.topic}", Role.NOTE), *kind)
    yield ()
    yield from page.formula(view.statement, 4)
    yield ()
    yield from page.prose(view.prose.text)
    yield from page.prose(zh[1]) if zh else ()
    yield ()
    yield from _list(page, "when", [page.condition(condition.text) for condition in view.conditions], Role.FORMULA)
    yield from _list(page, "called", [_called_beside(part, page) for part in view.called], Role.PROSE)
    yield from _list(page, "why believed", [_prose(view.fallacy).text] if view.fallacy else (), Role.PROSE)
    yield from _list(page, "broken by", [view.world.text] if view.world else (), Role.PROSE)
    yield from _list(page, "source", [view.source] if view.source else (), Role.NOTE)
    yield from _list(page, "stated in", [f"{_place(view.file)}:{view.line}"], Role.NOTE)
    if view.tried is not None:
        role = {True: Role.GOOD, False: Role.BAD, None: Role.OPEN}[view.tried.holds]
        yield from _list(page, "tried", [page.say(row) for row in view.tried.rows], role)


def _place(file: str) -> str:
    """The file as a reader finds it: one of the library by its folder, another one by its path."""
    path = Path(file)
    return f"rules/{path.name}" if path.parent == rules_folder() else file


_COLUMN = 14


def _list(page: Page, title: str, items: Sequence[str], role: Role) -> Iterator[Row]:
    for number, item in enumerate(items):
        lead = ((page.say(title) if number == 0 else "", Role.HEADING),)
        if role is Role.FORMULA:
            yield from page.line(item, _COLUMN, lead, role)
        else:
            yield from page.prose(item, _COLUMN, role, lead)


def _called(latex: str, name: str) -> CalledView:
    markdown = f"$`{latex}`$ {name}" if latex else name
    return CalledView(spoken(markdown, in_unicode), markdown, name)


def _called_beside(part: CalledView, page: Page) -> str:
    """What a part is called, in Chinese beside English on a page in Chinese."""
    return f"{part.text} {called_in_chinese(part.name)}".rstrip() if page.chinese else part.text


def _prose(markdown: str) -> Prose:
    return Prose(spoken(markdown, in_unicode), markdown)
