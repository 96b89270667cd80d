"""What a scan of a document finds, in the order of its text: displays, what it assumes, headings, what went wrong.

Nothing is read as mathematics here. Every item knows its source and its offsets there. The text of a display has as
many characters as its part of the source: comments and quotation marks are blanked out, so that places stay true.
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.articles.source import Place, Source
from derive.latex import Macros

__all__ = ["Assumptions", "Directive", "Display", "Document", "Heading", "Inline", "Item", "Skipped", "Trouble"]


@dataclass(frozen=True)
class Display:
    r"""A display: `kind` is how it is set (`$$`, `\[`, `math`, `align*`), `text` what stands between its delimiters.

    `start` is the offset of the text's first character in the source, `opening` that of the delimiter before it, `end`
    that behind the delimiter after it.
    """

    source: Source
    kind: str
    text: str
    start: int
    opening: int
    end: int

    @property
    def place(self) -> Place:
        return self.source.place(self.opening, self.start + len(self.text))


@dataclass(frozen=True)
class Inline:
    """A formula within a line of prose, as a display; read only where its author asks for it."""

    display: Display

    @property
    def source(self) -> Source:
        return self.display.source

    @property
    def place(self) -> Place:
        return self.display.place


@dataclass(frozen=True)
class Directive:
    """`derive: given …` or `derive: model …` in a comment, or a line `model: …`: its word and what stands after it."""

    source: Source
    word: str
    text: str
    start: int

    @property
    def place(self) -> Place:
        return self.source.place(self.start, self.start + len(self.text))


@dataclass(frozen=True)
class Assumptions:
    """A fence ```` ```model ````: its statements, a line each, with the offset of each."""

    source: Source
    rows: tuple[tuple[str, int], ...]
    start: int
    end: int

    @property
    def place(self) -> Place:
        return self.source.place(self.start)


@dataclass(frozen=True)
class Heading:
    """A heading: level 0 for a document's title, 1 for its largest sections, and so on."""

    source: Source
    level: int
    text: str
    start: int

    @property
    def place(self) -> Place:
        return self.source.place(self.start)


@dataclass(frozen=True)
class Skipped:
    """What is passed over, and what it is: a file that is not followed."""

    source: Source
    what: str
    start: int

    @property
    def place(self) -> Place:
        return self.source.place(self.start)


@dataclass(frozen=True)
class Trouble:
    """What is wrong with the document itself: a display that is never closed, a directive that is not known."""

    source: Source
    message: str
    start: int
    expected: str = ""

    @property
    def place(self) -> Place:
        return self.source.place(self.start)


Item = Display | Inline | Directive | Assumptions | Heading | Skipped | Trouble


@dataclass(frozen=True)
class Document:
    """A document: its items in order, the macros that it defines, and what it was scanned as ("markdown", "latex")."""

    source: Source
    items: tuple[Item, ...]
    macros: Macros
    language: str

    @property
    def displays(self) -> tuple[Display, ...]:
        return tuple(item for item in self.items if isinstance(item, Display))
