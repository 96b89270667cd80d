"""A display that goes on with what the one before it ends with: some prose, and then `= …`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from derive.articles.document import Display
from derive.articles.reading import Piece, Read
from derive.terms import Relation

__all__ = ["as_continued", "continued", "last_side"]

_OPENS = re.compile(
    r"\s*(?:\\begin\{(?:aligned|split|gathered)\}\s*)?&?\s*(?==|[<>]|\\(?:leq?|geq?|propto)(?![A-Za-z]))"
)


def last_side(pieces: Sequence[Piece]) -> str:
    """The LaTeX that a display ends with: the right side of its last relation, if that could be read."""
    said = [piece for piece in pieces if not piece.remark]
    last = said[-1] if said else None
    return last.right if last is not None and isinstance(last.term, Relation) and last.error is None else ""


def continued(display: Display, before: str) -> Display | None:
    """The display with the side before its first sign, where it begins with a relation sign; None where it does not."""
    opens = _OPENS.match(display.text)
    if opens is None or not before:
        return None
    side = f"{before} "
    text = display.text[: opens.end()] + side + display.text[opens.end() :]
    return replace(display, text=text, start=display.start - len(side))


def as_continued(read: Read, display: Display) -> Read | None:
    """What was read of a continued display, its first link as one that goes on; None where it cannot be read."""
    if not read.pieces or any(piece.error is not None for piece in read.pieces):
        return None
    if not isinstance(read.pieces[0].term, Relation):
        return None
    first = replace(read.pieces[0], first=False, place=display.place)
    return replace(read, pieces=(first, *read.pieces[1:]))
