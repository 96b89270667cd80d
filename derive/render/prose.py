"""The little Markdown that prose is written in: inline formulas, code, emphasis, links; everything else is text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum, auto

__all__ = ["Kind", "segments", "spoken"]


class Kind(Enum):
    """What a piece of prose is."""

    TEXT = auto()
    MATH = auto()
    CODE = auto()
    STRONG = auto()
    EMPHASIS = auto()


_PIECE = re.compile(
    r"""
    \$`(?P<github>[^`]+)`\$
  | (?<![\\$\w])\$(?P<math>[^\s$](?:[^$]*[^\s$\\])?)\$(?![\w$])
  | `(?P<code>[^`]+)`
  | \*\*(?P<strong>[^*]+)\*\*
  | (?<![\w*])[*](?P<star>[^*\s](?:[^*]*[^*\s])?)[*](?![\w*])
  | (?<!\w)_(?P<underscore>[^_\s](?:[^_]*[^_\s])?)_(?!\w)
  | \[(?P<link>[^\[\]]+)\]\([^()\s]+\)
    """,
    re.VERBOSE,
)
_KINDS = {
    "github": Kind.MATH, "math": Kind.MATH, "code": Kind.CODE, "strong": Kind.STRONG, "star": Kind.EMPHASIS,
    "underscore": Kind.EMPHASIS, "link": Kind.TEXT,
}


def segments(markdown: str) -> Iterator[tuple[Kind, str]]:
    """The prose piece by piece."""
    at = 0
    for found in _PIECE.finditer(markdown):
        if at < found.start():
            yield (Kind.TEXT, markdown[at : found.start()])
        name = str(found.lastgroup)
        yield (_KINDS[name], found.group(name))
        at = found.end()
    if at < len(markdown):
        yield (Kind.TEXT, markdown[at:])


def spoken(markdown: str, formula: Callable[[str], str]) -> str:
    """The prose without its marks, each inline formula as `formula` writes it."""
    return "".join(formula(text) if kind is Kind.MATH else text for kind, text in segments(markdown))
