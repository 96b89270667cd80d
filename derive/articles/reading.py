"""From a display to its statements: read together where that goes, else piece by piece: a bad line costs itself.

A *piece* is one relation (a link of a chain), one declaration, or one term that states nothing; or the error that says
why it cannot be read. What stands after `where`, `for`, `if` is told apart: it names or restricts, it claims nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from derive.articles.annotations import annotations_in
from derive.articles.cutting import links_of, remark_before, statements_of, without_layout
from derive.articles.document import Display
from derive.articles.source import Place
from derive.errors import DeriveError, InputError, SortError
from derive.latex import Declarations, Macros, Reading, read_model_lines
from derive.latex.macros import Expanded
from derive.models import Line
from derive.terms import Chain, Distributed, Member, Relation, Statement

__all__ = ["Piece", "Read", "Row", "read_together"]

ROWS = 1_000_000
"""Assumptions are told to the reader as lines from here on: an error says by its line whose it is."""

Row = tuple[str, Any]
"""An assumption: its LaTeX, and where it stands."""


@dataclass(frozen=True)
class Piece:
    """A part of a display: `term` as it was read, or the `error`.

    `text` is its LaTeX with macros written out, from `start` to `end` of the display's; `left` and `right` its sides.
    `remark` is the word before it that makes it no claim (`where`, `for`), `first` whether it begins a statement, `by`
    what its author says beside it that it rests on.
    """

    text: str
    start: int
    end: int
    place: Place
    term: Any = None
    left: str = ""
    right: str = ""
    reading: Reading | None = None
    error: DeriveError | None = None
    remark: str = ""
    first: bool = True
    by: str = ""

    @property
    def said(self) -> str:
        """The piece on one line, without what only lays out."""
        return on_one_line(self.text)


@dataclass(frozen=True)
class Read:
    """A display as it was read under some assumptions: its pieces, the assumptions' lines, the names' sorts."""

    pieces: tuple[Piece, ...]
    lines: tuple[Line, ...]
    declarations: Declarations


@dataclass(frozen=True)
class _Shown:
    """A display with its macros written out."""

    display: Display
    expanded: Expanded
    beside: tuple[tuple[int, str], ...] = ()

    @property
    def text(self) -> str:
        return self.expanded.text

    def place(self, start: int, end: int) -> Place:
        first, last = self.expanded.span(start, max(start, end))
        return self.display.source.place(self.display.start + first, self.display.start + max(first, last))


_LAYOUT = re.compile(
    r"\\\\(?:\s*\[[^\]]*\])?|(?<!\\)&|\\(?:nonumber|notag|displaystyle)(?![A-Za-z])|\\(?:label|tag)\s*\{[^}]*\}"
)
_BETWEEN = re.compile(
    r"(?:\s|&|\\\\(?:\[[^\]]*\])?|\\(?:quad|qquad|nonumber|notag)(?![A-Za-z])"
    r"|\\(?:label|tag)\s*\{[^}]*\}|\\[,;:! ])*"
)


def on_one_line(text: str) -> str:
    """LaTeX without row ends, alignment marks, labels and line breaks."""
    return " ".join(_LAYOUT.sub(" ", text).split()).rstrip(" ,.;")


def read_together(display: Display, rows: Sequence[Row], macros: Macros) -> Read:
    """The pieces of a display under these assumptions. Never raises for what a display says: its pieces have errors."""
    try:
        plain, beside = annotations_in(display.text)
        shown = _Shown(display, macros.expanded(plain), beside)
    except InputError as error:
        offset = _offset(display.text, error)
        place = display.source.place(display.start + offset)
        whole = Piece(display.text.strip(), 0, len(display.text), place, error=_moved(error, place))
        return Read((whole,), (), Declarations())
    text = shown.text
    try:
        declarations, lines, readings = _joint(rows, [text])
    except InputError as error:
        return _apart(shown, rows, error)
    pieces = [piece for reading in readings for piece in _pieces(shown, reading, 0)]
    return Read(tuple(_marked(shown, pieces)), lines, declarations)


def _joint(rows: Sequence[Row], texts: Sequence[str]) -> tuple[Declarations, tuple[Line, ...], list[Reading]]:
    """The assumptions and some texts, read together."""
    given = [(text, ROWS + number) for number, (text, _) in enumerate(rows)]
    modelled = sum(place is None for _, place in rows)  # the lines of a model come first
    declarations, readings = read_model_lines([*given, *((text, 1) for text in texts)], assumed=modelled)
    before = [reading for reading in readings if reading.line >= ROWS]
    lines = tuple(Line(reading.term, reading.text, None) for reading in before if isinstance(reading.term, Statement))
    return declarations, lines, [reading for reading in readings if reading.line < ROWS]


def _pieces(shown: _Shown, reading: Reading, base: int) -> Iterator[Piece]:
    """The links of a reading, each a piece; `base` is where the text that was read begins in the display."""
    text = shown.text
    links = reading.term.links if isinstance(reading.term, Chain) else (reading.term,)
    sides = [(start + base, end + base) for start, end in reading.sides]
    if len(sides) != len(links) + 1 or not isinstance(reading.term, Statement):
        start, end = _extent(shown, reading, base)
        yield Piece(text[start:end].strip(), start, end, shown.place(start, end), reading.term, reading=reading)
        return
    for number, link in enumerate(links):
        (left, left_end), (right, right_end) = sides[number], sides[number + 1]
        begin = left if number == 0 and left_end <= right and not reading.leading else _sign(text, left_end, right)
        said = text[left:right_end]
        if left_end > right:
            said = f"{text[left:left_end]} {text[_sign(text, left_end, right) : right_end]}"
        needed = [item for item in reading.requirements if _within(item, reading.sides[number : number + 2])]
        yield Piece(
            said, begin, right_end, shown.place(begin, right_end), link, text[left:left_end], text[right:right_end],
            replace(reading, term=link, requirements=tuple(needed)), first=number == 0 and not reading.leading,
        )  # fmt: skip


def _within(requirement: Any, sides: Sequence[tuple[int, int]]) -> bool:
    return any(start <= requirement.start and requirement.end <= end for start, end in sides)


def _sign(text: str, after: int, before: int) -> int:
    """Where the relation between two sides stands: past row ends, alignment marks and blanks."""
    if after > before:
        return before
    found = _BETWEEN.match(text, after, before)
    return after if found is None else found.end()


def _extent(shown: _Shown, reading: Reading, base: int) -> tuple[int, int]:
    """Where a reading that has no two sides stands."""
    rows = reading.text.split("\n")
    start = base + sum(len(row) + 1 for row in rows[: reading.line - 1]) + reading.column - 1
    ends = [end for _, end, _ in reading.spans]
    return start, max([start, *(base + end for end in ends)])


def _apart(shown: _Shown, rows: Sequence[Row], first: InputError) -> Read:
    """The statements of a display one by one, and where one cannot be read its links."""
    pieces: list[Piece] = []
    known: tuple[Declarations, tuple[Line, ...]] | None = None
    text = without_layout(shown.text)
    for start, end in statements_of(text):
        try:
            declarations, lines, readings = _joint(rows, [text[start:end]])
            known = known or (declarations, lines)
            pieces += [piece for reading in readings for piece in _pieces(shown, reading, start)]
            continue
        except InputError as error:
            parts = links_of(text, start, end)
            whole = error
        if len(parts) < 2:
            pieces.append(_failed(shown, start, end, whole))
            continue
        for number, (begin, finish) in enumerate(parts):
            try:
                declarations, lines, readings = _joint(rows, [text[begin:finish]])
                known = known or (declarations, lines)
                found = [piece for reading in readings for piece in _pieces(shown, reading, begin)]
                pieces += [_continued(shown, piece) if number else piece for piece in found]
            except InputError as error:
                failed = _failed(shown, begin, finish, error)
                if not (pieces and pieces[-1].error is not None and pieces[-1].place[:3] == failed.place[:3]):
                    pieces.append(failed)
    if not pieces:
        pieces = [_failed(shown, 0, len(shown.text), first)]
    if known is None:
        try:
            declarations, lines, _ = _joint(rows, [])
            known = declarations, lines
        except InputError:
            known = Declarations(), ()
    return Read(tuple(_marked(shown, pieces)), known[1], known[0])


def _continued(shown: _Shown, piece: Piece) -> Piece:
    """A link that goes on with a chain: it begins at its relation."""
    begin = _sign(shown.text, piece.start + len(piece.left), piece.end)
    return replace(piece, first=False, start=begin, place=shown.place(begin, piece.end))


def _failed(shown: _Shown, start: int, end: int, error: InputError) -> Piece:
    text = shown.text[start:end]
    told: DeriveError = error
    place = shown.place(start + len(text) - len(text.lstrip()), start + len(text.rstrip()))
    if error.line is not None and error.line < ROWS:
        offset = start + _offset(text, error)
        told = _moved(error, shown.place(offset, offset))
        place = place if isinstance(error, SortError) else shown.place(offset, max(offset, end))
    elif error.line is not None:
        told = _against(error)
    return Piece(text.strip(), start, end, place, error=told)


def _against(error: InputError) -> InputError:
    """An error that the reader found in an assumption when this piece was read beside it."""
    told = type(error)(f"this does not go with an assumption: {error.message}", hint=error.hint)
    told.source, told.column = error.source, error.column
    return told


def _offset(text: str, error: DeriveError) -> int:
    rows = text.split("\n")
    line = max(1, min(error.line or 1, len(rows)))
    return min(len(text), sum(len(row) + 1 for row in rows[: line - 1]) + (error.column or 1) - 1)


def _moved(error: InputError, place: Place) -> InputError:
    """The error, at its place in the document."""
    told = type(error)(error.message, expected=error.expected, hint=error.hint)
    told.file, told.line, told.column = place.file or None, place.line, place.column
    return told


def _marked(shown: _Shown, pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces with the word that stands before each, where it says that this is no claim; and what stands beside."""
    before, remark = 0, ""
    beside = _beside(shown, pieces)
    for number, piece in enumerate(pieces):
        shared = piece.start < before  # with a piece before it: the other side of a chain, `where a, b \sim …`
        listed = shared and isinstance(piece.term, (Distributed, Member))
        remark = remark_before(shown.text, before, piece.start) or (remark if listed else "")
        if shared and piece.first and isinstance(piece.term, Relation):
            piece = _continued(shown, piece)
        yield replace(piece, remark=remark, by=beside.get(number, ""))
        before = max(before, piece.end)


def _beside(shown: _Shown, pieces: Sequence[Piece]) -> dict[int, str]:
    """What is said beside each piece: the last one that ends before the annotation."""
    found: dict[int, str] = {}
    ends = [shown.expanded.span(piece.start, max(piece.start, piece.end))[1] for piece in pieces]
    for offset, said in shown.beside:
        number = max((place for place, end in enumerate(ends) if end <= offset), default=None)
        if number is not None:
            found[number] = ", ".join(filter(None, (found.get(number, ""), said)))
    return found
