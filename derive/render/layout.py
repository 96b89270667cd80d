"""The page a terminal shows: rows of pieces, each a text with the role it plays. No colours yet, and no rich.

Two columns where there is room for them: on the left what justifies a line, on the right the formula.

    bayes        = q(x_t | x_{t−1}, x_0) q(x_{t−1} | x_0) / q(x_t | x_0)
                   needs q(x_t | x_0) > 0: a Gaussian density

Without a width (output that is piped) no row is ever broken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from derive.render.ascii import in_ascii
from derive.render.chinese import chinese_name, formula_in_chinese, in_chinese
from derive.render.lines import break_formula, fill, width_of
from derive.render.needs import together
from derive.render.view import Condition, DerivationView, Formula, Settled, StepView

if TYPE_CHECKING:
    from derive.render.tall import Block

__all__ = [
    "Detail", "Page", "Piece", "Role", "Row", "derivation_rows", "holds", "leaves", "plain", "shown_conditions",
    "shown_parts", "worlds_summary",
]

Detail = Literal["brief", "normal", "full"]


class Role(StrEnum):
    """What a piece of text is; the terminal gives each role its colour."""

    TITLE = "title"
    HEADING = "heading"
    PROSE = "prose"
    FORMULA = "formula"
    CHANGED = "changed"
    RULE = "rule"
    NOTE = "note"
    GOOD = "good"
    OPEN = "open"
    BAD = "bad"


Say = Callable[[str], str]
"""Fixed words in the language of a page."""

Piece = tuple[str, Role]
Row = tuple[Piece, ...]

NARROWEST = 24
"""With less room than this prose begins below what leads it."""

NARROW = 64
"""Below this many cells the two columns become one."""

WIDEST = 28
"""The left column is never wider than this, nor than a fifth of the page: a longer name has a row of its own."""

PROSE_WIDTH = 88
"""Prose is never set wider than this: longer lines are hard to read."""


@dataclass(frozen=True)
class Page:
    """How much room there is: `width` in cells or None for no limit, and whether only ASCII may be written.

    On a `tall` page fractions, sums and roots stand as they do on paper, over several rows; `lang` is the language that
    what is not a formula is said in beside English.
    """

    width: int | None = None
    ascii: bool = False
    tall: bool = False
    lang: str = "en"

    def say(self, words: str) -> str:
        """Fixed words of the page in its language."""
        return in_chinese(words) if self.chinese else words

    @property
    def chinese(self) -> bool:
        """Whether Chinese stands beside English."""
        return self.lang == "zh" and not self.ascii

    @property
    def narrow(self) -> bool:
        """Whether there is room for one column only."""
        return self.width is not None and self.width < NARROW

    @property
    def colon(self) -> str:
        """What stands between a thing and what is said of it."""
        return "：" if self.chinese else ": "

    def text(self, formula: Formula) -> str:
        """The formula as this page shows it, in Unicode or in ASCII."""
        if self.ascii:
            return formula.ascii or in_ascii(formula.text)
        return self.condition(formula.text)

    def condition(self, text: str) -> str:
        """A condition on one line, its words in the page's language."""
        return formula_in_chinese(text) if self.chinese else text

    def formula(
        self, formula: Formula, indent: int, lead: Sequence[Piece] = (), role: Role = Role.FORMULA
    ) -> Iterator[Row]:
        """The formula from column `indent` on, the lead before its first line; broken where it does not fit."""
        if self.tall and not self.ascii and self.width is not None and formula.boxes is not None:
            from derive.render.tall import tall_lines

            blocks = tall_lines(formula.boxes, max(20, self.width - indent))
            if blocks is not None:
                yield from _standing(blocks, indent, lead, role)
                return
        yield from self.line(self.text(formula), indent, lead, role, () if self.ascii else formula.changed)

    def line(
        self,
        text: str,
        indent: int,
        lead: Sequence[Piece] = (),
        role: Role = Role.FORMULA,
        changed: Sequence[tuple[int, int]] = (),
    ) -> Iterator[Row]:
        """The text, formulas in it broken as formulas, from column `indent` on."""
        text = in_ascii(text) if self.ascii else text
        taken = sum(width_of(piece) for piece, _ in lead)
        lines = [(0, len(text))]
        if self.width is not None:
            lines = break_formula(text, max(20, self.width - indent), hanging=2)
        for number, (start, end) in enumerate(lines):
            pad = indent - taken if number == 0 else indent + 2
            before = tuple(lead) if number == 0 else ()
            yield (*before, (" " * max(0, pad), role), *_highlighted(text, start, end, changed, role))

    def prose(self, text: str, indent: int = 0, role: Role = Role.PROSE, lead: Sequence[Piece] = ()) -> Iterator[Row]:
        """The text's paragraphs, filled to the page's width, a blank row between two of them."""
        for number, paragraph in enumerate(_paragraphs(in_ascii(text) if self.ascii else text)):
            if number:
                yield ()
            taken = sum(width_of(piece) for piece, _ in lead)
            if self.width is None:
                rows = [paragraph]
            else:
                if number == 0 and lead and self.width - indent < NARROWEST:  # the lead has a row of its own
                    yield tuple(lead)
                    lead, indent = (), 4
                room = max(NARROWEST, min(self.width, PROSE_WIDTH) - indent)
                rows = fill(paragraph, room)
            for index, row in enumerate(rows):
                if index or number or not lead:
                    yield ((" " * indent, role), (row, role))
                else:
                    yield (*lead, (" " * max(0, indent - taken), role), (row, role))


def _standing(blocks: Sequence[Block], indent: int, lead: Sequence[Piece], role: Role) -> Iterator[Row]:
    """Blocks below each other, the lead before the row that the first of them stands on."""
    taken = sum(width_of(piece) for piece, _ in lead)
    for number, block in enumerate(blocks):
        for place, cells in enumerate(block.rows):
            first = number == 0 and place == block.base
            pad = indent - taken if first else indent + (2 if number else 0)
            pieces = ((text, Role.CHANGED if new else role) for text, new in cells)
            yield (*(tuple(lead) if first else ()), (" " * max(0, pad), role), *pieces)


def plain(row: Row) -> str:
    """The row as plain text."""
    return "".join(text for text, _ in row).rstrip()


def derivation_rows(view: DerivationView, page: Page, detail: Detail = "normal") -> Iterator[Row]:
    """The whole derivation, row by row: heading, model, the lines with what justifies them, result and remainder."""
    yield from page.prose(view.title, width_of(view.name) + 2, Role.HEADING, ((view.name, Role.TITLE),))
    if not view.title:
        yield ((view.name, Role.TITLE),)
    if view.zh is not None and page.chinese:
        yield ((view.zh[0], Role.HEADING),)
    if view.prose and detail != "brief":
        yield ()
        yield from page.prose(view.prose.text)
    if view.zh is not None and view.zh[1] and page.chinese and detail != "brief":
        yield ()
        yield from page.prose(view.zh[1])
    if view.model is not None:
        yield ()
        yield ((page.say("model") + " ", Role.HEADING), (view.model.name, Role.RULE))
        if detail != "brief":
            for statement in view.model.statements:
                yield from page.formula(statement, 4)
    yield ()
    columns = _Columns.of(view.steps, page, detail)
    yield from page.formula(view.start, columns.formula)
    yield from _steps(view.steps, columns, page, detail, 0)
    yield ()
    if view.closing and detail != "brief":
        yield from page.prose(view.closing.text)
        yield ()
    yield from _ending(view, page, detail)


@dataclass(frozen=True)
class _Columns:
    """Where things stand: justifications in a column of `rule` cells, formulas from `formula` on; stacked if narrow."""

    rule: int
    stacked: bool

    @property
    def formula(self) -> int:
        return 4 if self.stacked else self.rule + 4

    @classmethod
    def of(cls, steps: Sequence[StepView], page: Page, detail: Detail) -> _Columns:
        widest = max((width_of(_name(step, page)) + 2 * depth for step, depth in _shown(steps, detail)), default=8)
        most = WIDEST if page.width is None else min(WIDEST, page.width // 5)
        return cls(min(max(widest, 8), most), page.narrow)


def _shown(steps: Iterable[StepView], detail: Detail, depth: int = 0) -> Iterator[tuple[StepView, int]]:
    for step in steps:
        yield step, depth
        yield from _shown(shown_parts(step, detail), detail, depth + 1)


def shown_parts(step: StepView, detail: Detail) -> tuple[StepView, ...]:
    """The parts of a step that are shown: those of an induction always, a tactic's own on full detail."""
    return step.parts if detail == "full" or any(part.label for part in step.parts) else ()


def shown_conditions(step: StepView, detail: Detail) -> tuple[Condition, ...]:
    """The conditions of a step that are shown: routine ones on full detail only, on brief none."""
    if detail == "brief":
        return ()
    return tuple(condition for condition in step.conditions if detail == "full" or not condition.routine)


def _name(step: StepView, page: Page) -> str:
    """What the left column says."""
    said = step.by + (f" ({page.say(step.direction)})" if step.direction and step.direction != "forward" else "")
    if not page.chinese:
        return said
    zh = step.grounds.zh[0] if step.grounds is not None and step.grounds.zh else chinese_name(step.by)
    return f"{said} {zh}".rstrip()


def _steps(steps: Sequence[StepView], columns: _Columns, page: Page, detail: Detail, depth: int) -> Iterator[Row]:
    margin = "  " * depth
    for number, step in enumerate(steps):
        if step.prose and detail != "brief":
            yield ()
            yield from page.prose(step.prose.text, indent=len(margin))
            yield ()
        if step.label:
            yield ()
            yield ((f"{margin}{page.say(step.label.text)}", Role.HEADING),)
        indent = columns.formula + len(margin)
        if step.label and step.before is not None:
            yield from page.formula(step.before, indent)
        rows = list(_line(step, columns, page, indent, margin))
        yield from rows
        if detail != "brief" and page.chinese and step.grounds is not None and step.grounds.zh:
            yield from page.prose(step.grounds.zh[1], indent + 4, Role.NOTE)
        if detail != "brief":
            yield from _needs(shown_conditions(step, detail), page, indent + 4)
            if detail == "full" and step.worlds is not None and not step.worlds.refuted_by:
                yield from page.line(_worlds_text(step, page.say), indent + 4, role=Role.NOTE)
        if step.worlds is not None and step.worlds.refuted_by:
            yield from page.line(page.say("does not hold in a world:"), indent + 4, role=Role.BAD)
            for text in step.worlds.refuted_by.splitlines():
                yield from page.line(page.say(text), indent + 6, role=Role.BAD)
        spoken = detail != "brief" and any(following.prose for following in steps[number + 1 : number + 2])
        if page.tall and len(rows) > 2 and not spoken:
            yield ()
        yield from _steps(shown_parts(step, detail), columns, page, detail, depth + 1)


def _line(step: StepView, columns: _Columns, page: Page, indent: int, margin: str) -> Iterator[Row]:
    """One line of the derivation: justification, relation, formula."""
    name = _name(step, page)
    relation = f"{step.relation:>1} "
    if columns.stacked:
        yield ((margin, Role.RULE), (name, Role.RULE))
        yield from page.formula(step.after, indent, ((" " * (indent - 2), Role.FORMULA), (relation, Role.FORMULA)))
        return
    room = indent - 2 - len(margin)
    if width_of(name) > room - 1:
        yield ((margin, Role.RULE), (name, Role.RULE))
        name = ""
    lead = ((margin, Role.RULE), (name + " " * (room - width_of(name)), Role.RULE), (relation, Role.FORMULA))
    yield from page.formula(step.after, indent, lead)


def _apart(rows: Iterable[Row], page: Page) -> Iterator[Row]:
    """The rows of a line, with a blank one after them where formulas stand over several rows."""
    listed = list(rows)
    yield from listed
    if page.tall and len(listed) > 1:
        yield ()


def _needs(conditions: Sequence[Condition], page: Page, indent: int) -> Iterator[Row]:
    """What a line needs, what stays open apart from what was met, and what was met alike together."""
    for settled, role in ((Settled.ASSUMED, Role.OPEN), (Settled.DISCHARGED, Role.NOTE)):
        for how, formulas in together((entry for entry in conditions if entry.settled is settled), page.say):
            listed = ", ".join(map(page.text, formulas))
            yield from page.line(f"{page.say('needs')} {listed}" + (page.colon + how if how else ""), indent, role=role)


def _ending(view: DerivationView, page: Page, detail: Detail) -> Iterator[Row]:
    """The result, the goal it is compared with, what stays open and what all of it rests on."""
    indent = 10
    yield from _apart(page.formula(view.result, indent, ((page.say("result"), Role.HEADING),)), page)
    if view.given:
        texts = ", ".join(page.text(given) for given in view.given)
        yield from page.line(texts, indent, ((page.say("for"), Role.HEADING),), Role.NOTE)
    if view.goal is not None:
        mark, role, word = {
            True: ("✓", Role.GOOD, "reached"),
            False: ("✗", Role.BAD, "not reached"),
            None: ("?", Role.OPEN, "not known to be reached"),
        }[view.goal.reached]
        how = page.colon + page.say(view.goal.how) if view.goal.how else ""
        goal = page.say("goal")
        gap = " " * (indent - width_of(goal))
        yield ((goal, Role.HEADING), (gap, Role.NOTE), (f"{mark} {page.say(word)}{how}", role))
        if view.shows_goal or detail == "full":
            yield from page.formula(view.goal.statement, indent + 2)
    for number, obligation in enumerate(view.obligations):
        lead = (page.say("assumes") if number == 0 else "", Role.HEADING)
        how = f"  ({page.say(obligation.how)})" if obligation.how else ""
        yield from page.line(page.text(obligation.formula) + how, indent, (lead,), Role.OPEN)
    for number, claim in enumerate(view.unsettled):
        lead = (page.say("not settled") if number == 0 else "", Role.HEADING)
        said = page.say("the model claims it; neither proved nor refuted, and nothing here rests on it")
        yield from page.line(f"{page.text(claim)}  ({said})", indent, (lead,), Role.OPEN)
    if view.rests_on and detail != "brief":
        lead = (page.say("rests on"), Role.HEADING)
        yield from page.prose(", ".join(map(page.say, view.rests_on)), indent, Role.NOTE, (lead,))
    tried = worlds_summary(view.steps, page.say)
    if tried:
        yield from page.prose(tried, indent, Role.NOTE, ((page.say("worlds"), Role.HEADING),))


def _worlds_text(step: StepView, say: Say) -> str:
    worlds = step.worlds
    if worlds is None:
        return ""
    note = say(worlds.note)
    if not worlds.tried:
        return say("not tried in worlds") + (f": {note}" if note else "")
    kinds = f" ({', '.join(map(say, worlds.kinds))})" if worlds.kinds else ""
    return say("holds in {} random worlds").format(worlds.tried) + kinds + (f"; {note}" if note else "")


def worlds_summary(steps: Sequence[StepView], say: Say = str) -> str:
    """In how many worlds the lines were tried, and how many lines no world could exercise."""
    tried = [(step, step.worlds) for step in leaves(steps) if step.worlds is not None]
    if not tried:
        return ""
    missed = [step for step, worlds in tried if not worlds.tried]
    seeds = {worlds.seed for _, worlds in tried if worlds.seed is not None}
    some = [worlds.tried for _, worlds in tried if worlds.tried]
    parts = []
    if some:
        number = str(min(some)) if min(some) == max(some) else say("{} to {}").format(min(some), max(some))
        broken = [step for step, worlds in tried if worlds.refuted_by]
        good = len(some) - len(broken)
        if good == len(tried):
            parts.append(say("every line holds in {} random worlds").format(number))
        else:
            parts.append(say("{} of {} lines hold in {} random worlds").format(good, len(tried), number))
        parts += [say("refuted by a world: {}").format(", ".join(step.by for step in broken))] if broken else []
    if missed:
        parts.append(say("not exercised by any world: {}").format(", ".join(dict.fromkeys(step.by for step in missed))))
    if len(seeds) == 1:
        parts.append(say("seed {}").format(next(iter(seeds))))
    return "; ".join(parts)


def holds(view: DerivationView) -> bool:
    """Whether all came out well: the goal is reached, where there is one, and no world refutes a line.

    A goal that is not known to be reached is not reached.
    """
    refuted = any(step.worlds is not None and step.worlds.refuted_by for step in leaves(view.steps))
    return not refuted and (view.goal is None or view.goal.reached is True)


def leaves(steps: Iterable[StepView]) -> Iterator[StepView]:
    """The lines, those of inductions instead of the induction itself."""
    for step in steps:
        if any(part.label for part in step.parts):
            yield from leaves(step.parts)
        else:
            yield step


def _highlighted(
    text: str, start: int, end: int, changed: Sequence[tuple[int, int]], role: Role
) -> Iterator[Piece]:
    """The text from start to end as pieces, what changed told apart."""
    at = start
    for first, last in changed:
        first, last = max(first, start), min(last, end)
        if first >= last:
            continue
        if at < first:
            yield (text[at:first], role)
        yield (text[first:last], Role.CHANGED)
        at = last
    if at < end:
        yield (text[at:end], role)


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
