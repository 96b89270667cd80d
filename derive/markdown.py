"""Markdown, as far as our documents use it: headings, fences, bullet lists, prose, each with the line it stands on.

Rules, models, derivations and articles share this one scan. It knows blocks, not typography: what a paragraph contains
stays text, apart from inline formulas, which `formulas` finds. Lines count from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Bullet", "Bullets", "Fence", "Formula", "Heading", "Paragraph", "Block", "Section", "blocks", "formula_at",
           "formulas", "sections"]  # fmt: skip

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_FENCE = re.compile(r"( {0,3})(`{3,}|~{3,})[ \t]*([^`]*)$")
_BULLET = re.compile(r"( {0,3})([-*+])[ \t]+(.*)$")
_FORMULA = re.compile(r"\$`(.+?)`\$|(?<![\\$\w])\$(?![\s`$])((?:\\.|[^$\\])*?)(?<!\s)\$(?![\w$])", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Heading:
    """`## name`: its level (1 to 6) and text."""

    level: int
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block: the info string after the backticks, and the text between; `$$ … $$` has the info `$$`.

    `line` is the line of the opening, `first` that of the text's first line. `closed` is false where the document ends
    inside.
    """

    info: str
    text: str
    line: int
    first: int
    closed: bool = True

    @property
    def word(self) -> str:
        """The first word of the info string: `math`, `model`, `derive`."""
        return self.info.split(None, 1)[0] if self.info.split() else ""


@dataclass(frozen=True, slots=True)
class Bullet:
    """One item of a list, its continuation lines joined to it."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; `ordered` where its items are numbered."""

    items: tuple[Bullet, ...]
    line: int
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Prose, its lines as they stand."""

    text: str
    line: int


Block = Heading | Fence | Bullets | Paragraph


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what follows it up to the next one of its level or above."""

    heading: Heading
    body: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """An inline formula: its LaTeX, and where it stands in the text, delimiters included."""

    latex: str
    start: int
    end: int


def blocks(text: str) -> list[Block]:
    """The blocks of a document, in order; comments `<!-- … -->` that stand on lines of their own are left out."""
    return list(_Scan(text.split("\n")).run())


def sections(document: list[Block], level: int) -> tuple[tuple[Block, ...], list[Section]]:
    """What stands before the first heading of this level, and the sections that headings of this level open."""
    before: list[Block] = []
    found: list[tuple[Heading, list[Block]]] = []
    inside = False
    for block in document:
        if isinstance(block, Heading) and block.level <= level:
            inside = block.level == level
            if inside:
                found.append((block, []))
                continue
        if inside:
            found[-1][1].append(block)
        elif not found:
            before.append(block)
    return tuple(before), [Section(heading, tuple(body)) for heading, body in found]


def formulas(text: str) -> list[Formula]:
    """The inline formulas of a text: `` $`…`$ `` and `$…$` (a dollar before a space or within a word is money)."""
    return [
        Formula((match[1] if match[1] is not None else match[2]).strip(), match.start(), match.end())
        for match in _FORMULA.finditer(text)
    ]


def formula_at(text: str, place: int) -> Formula | None:
    """The inline formula that begins at this place of a text."""
    found = _FORMULA.match(text, place)
    if found is None:
        return None
    return Formula((found[1] if found[1] is not None else found[2]).strip(), found.start(), found.end())


class _Scan:
    """One pass over the lines."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0

    def run(self) -> Iterator[Block]:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line.strip():
                self.at += 1
            elif line.lstrip().startswith("<!--"):
                self._comment()
            elif (heading := _HEADING.match(line)) is not None:
                self.at += 1
                yield Heading(len(heading[1]), (heading[2] or "").strip(), self.at)
            elif (fence := _FENCE.match(line)) is not None:
                yield self._fence(fence)
            elif line.lstrip().startswith("$$"):
                yield self._display()
            elif _BULLET.match(line):
                yield self._bullets()
            else:
                yield self._paragraph()

    def _comment(self) -> None:
        while self.at < len(self.lines):
            self.at += 1
            if "-->" in self.lines[self.at - 1]:
                return

    def _fence(self, opening: re.Match[str]) -> Fence:
        indent, mark, start = len(opening[1]), opening[2], self.at
        end = re.compile(rf" {{0,3}}{re.escape(mark[0])}{{{len(mark)},}}[ \t]*$")
        self.at += 1
        inside: list[str] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            self.at += 1
            if end.match(line):
                return Fence(opening[3].strip(), "\n".join(inside), start + 1, start + 2)
            inside.append(line[min(indent, len(line) - len(line.lstrip(" "))) :])
        return Fence(opening[3].strip(), "\n".join(inside), start + 1, start + 2, closed=False)

    def _display(self) -> Fence:
        start = self.at
        rest = self.lines[start].lstrip()[2:]
        skipped = 0 if rest.strip() else 1
        inside: list[str] = []
        while (stop := rest.find("$$")) < 0 and self.at + 1 < len(self.lines):
            inside.append(rest)
            self.at += 1
            rest = self.lines[self.at]
        self.at += 1
        inside.append(rest[:stop] if stop >= 0 else rest)
        text = "\n".join(inside[skipped:]).rstrip("\n")
        return Fence("$$", text, start + 1, start + 1 + skipped, closed=stop >= 0)

    def _bullets(self) -> Bullets:
        start = self.at
        items: list[Bullet] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            bullet = _BULLET.match(line)
            if bullet is not None:
                items.append(Bullet(bullet[3].strip(), self.at + 1))
            elif line.strip() and line.startswith("  ") and items:
                items[-1] = Bullet(f"{items[-1].text} {line.strip()}", items[-1].line)
            elif line.strip() or not self._list_goes_on():
                break
            self.at += 1
        return Bullets(tuple(items), start + 1)

    def _list_goes_on(self) -> bool:
        following = next((line for line in self.lines[self.at :] if line.strip()), "")
        return _BULLET.match(following) is not None

    def _paragraph(self) -> Paragraph:
        start = self.at
        inside: list[str] = []
        while self.at < len(self.lines) and self.lines[self.at].strip():
            line = self.lines[self.at]
            opens = _HEADING.match(line) or _FENCE.match(line) or _BULLET.match(line) or line.lstrip().startswith("$$")
            if inside and opens:
                break
            inside.append(line.strip())
            self.at += 1
        return Paragraph("\n".join(inside), start + 1)
