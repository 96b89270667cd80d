"""Breaking a formula over several lines where a person would: before a relation or a sign, outside brackets."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["break_formula", "fill", "width_of"]

_OPENING = "([{⟨‖⟦"
_CLOSING = ")]}⟩⟧"
_SIGNS = "=≤≥<>∝+−-·/∫∑Σ∏~∼"
_DANGLING = "=≤≥<>∝+−-·/"
"""What belongs to what follows it: no line ends in one where another place will do."""


def width_of(text: str) -> int:
    """The number of terminal cells the text takes."""
    if text.isascii():
        return len(text)
    return sum(
        1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
        if not unicodedata.combining(c) and unicodedata.category(c) != "Cf"
    )


_WORDS = re.compile(r"[\u3000-\u9fff\uff00-\uffef][，。；：、！？）》”]*|[^ \u3000-\u9fff\uff00-\uffef]+")
"""What a line of prose is not broken in: a word, a Chinese character with the marks that close after it."""


def fill(text: str, width: int) -> list[str]:
    """A paragraph in lines of at most so many cells, broken at blanks and between Chinese characters."""
    rows, row, end = list[str](), "", 0
    for word in _WORDS.finditer(text):
        gap = " " if row and word.start() > end else ""
        if row and width_of(row) + len(gap) + width_of(word.group()) > width:
            rows.append(row)
            row, gap = "", ""
        row, end = row + gap + word.group(), word.end()
    return [*rows, row]


def break_formula(text: str, width: int, hanging: int = 2) -> list[tuple[int, int]]:
    """The text as parts (start, end), each at most `width` cells wide where it can be broken at a blank.

    Continuation lines are taken to be indented by `hanging`. Breaks prefer shallow brackets, then the end of an entry
    of a list, then a sign that follows, then fuller lines. A piece without a blank stays whole, however wide.
    """
    rows: list[tuple[int, int]] = []
    depths = _depths(text)
    start, room = 0, width
    while width_of(text[start:]) > room:
        at = _best_blank(text, depths, start, room)
        if at is None:
            break
        rows.append((start, at))
        start = at + 1
        room = max(8, width - hanging)
    rows.append((start, len(text)))
    return rows


def _depths(text: str) -> list[int]:
    """How deep in brackets each character stands."""
    depth, depths = 0, []
    for c in text:
        if c in _CLOSING:
            depth = max(0, depth - 1)
        depths.append(depth)
        if c in _OPENING and c != "‖":
            depth += 1
    return depths


def _best_blank(text: str, depths: list[int], start: int, room: int) -> int | None:
    """The blank to break at, within the room if there is one, else the first one beyond it."""
    best: tuple[float, int] | None = None
    cells = 0
    for at in range(start, len(text)):
        cells += width_of(text[at])
        if text[at] != " " or at == start:
            if cells > room and best is not None:
                break
            continue
        if cells - 1 > room:
            return best[1] if best is not None else at
        sign = at + 1 < len(text) and text[at + 1] in _SIGNS and text[at - 1] not in _DANGLING
        listed = depths[at] == 0 and text[at - 1] == ","
        # one level of brackets is worth more than half a line, the end of an entry half of one, a sign a quarter
        cost = depths[at] * room * 0.6 - cells - (room / 2 if listed else room / 4 if sign else 0)
        cost += room / 4 if text[at - 1] in _DANGLING else 0
        if best is None or cost <= best[0]:
            best = (cost, at)
    return best[1] if best is not None else None
