r"""Cutting a display without reading it: at its rows, and a chain at its relations.

This is for displays of which a part cannot be read. Brackets, `\left` and `\right` and environments are respected; a
row that begins with a relation or a sign goes on from the one before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.latex.vocabulary import RELATIONS

__all__ = ["links_of", "remark_before", "statements_of", "without_layout"]

_LAYOUT = re.compile(
    r"\\(?:begin|end)\s*\{(?:aligned|split|gathered|alignedat|equation|align|gather|multline|flalign)\*?\}(?:\{\d+\})?"
)

_TOKEN = re.compile(
    r"\\(?:left|right)\s*(?:\\[A-Za-z]+|\\.|.)|\\(?:begin|end)\s*\{[^}]*\}|\\(?:text|mbox|textrm|intertext)\s*\{[^{}]*\}"
    r"|\\(?:stackrel|overset|underset)\s*\{[^{}]*\}\s*\{[^{}]*\}|\\[A-Za-z]+|\\.|:=|[^\s]",
    re.DOTALL,
)
_OPEN, _CLOSE = {"{", "(", "[", r"\{"}, {"}", ")", "]", r"\}"}
_GOES_ON = {"+", "-", r"\cdot", r"\times", *RELATIONS, ":="}
_REMARK = re.compile(
    r"\\(?:text|mbox|textrm|textnormal|quad\s*\\text)\s*\{[^{}]*?\b"
    r"(where|with|here|for|if|when|whenever|provided|given|assuming|such that)\b[^{}]*\}",
    re.IGNORECASE,
)


def _tokens(text: str, start: int, end: int) -> Iterator[tuple[str, int, int, int]]:
    """Each token with its start, its end and its depth in brackets."""
    depth = 0
    for found in _TOKEN.finditer(text, start, end):
        token = found.group()
        if (token.startswith((r"\right", r"\end")) and not token.startswith(r"\rightarrow")) or token in _CLOSE:
            depth = max(0, depth - 1)
        yield token, found.start(), found.end(), depth
        if (token.startswith((r"\left", r"\begin")) and not token.startswith(r"\leftarrow")) or token in _OPEN:
            depth += 1


def without_layout(text: str) -> str:
    """The text with environments that only lay out blank."""
    return _LAYOUT.sub(lambda found: " " * len(found[0]), text)


def statements_of(text: str) -> list[tuple[int, int]]:
    """The parts of a display that are statements of their own, as far as its rows tell."""
    rows: list[list[int]] = [[0, len(text)]]
    fresh = True
    for token, start, end, depth in _tokens(text, 0, len(text)):
        if depth == 0 and token == r"\\":
            rows[-1][1] = start
            rows.append([end, len(text)])
            fresh = True
        elif fresh and token != "&":
            fresh = False
            if len(rows) > 1 and (token in _GOES_ON or token.startswith((r"\stackrel", r"\overset", r"\underset"))):
                rows.pop()
                rows[-1][1] = len(text)
    return [(start, end) for start, end in rows if text[start:end].strip(" \t\n&\\")]


def links_of(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The links of a chain: from each side to the next one."""
    sides = [[start, end]]
    for token, begin, finish, depth in _tokens(text, start, end):
        if depth == 0 and (token in RELATIONS or token == ":=" or token.startswith((r"\stackrel", r"\overset"))):
            sides[-1][1] = begin
            sides.append([finish, end])
    if len(sides) < 3:
        return [(start, end)]
    return [(sides[place][0], sides[place + 1][1]) for place in range(len(sides) - 1)]


def remark_before(text: str, start: int, end: int) -> str:
    """The last word between two places that says what follows is no claim: `where`, `for`, `if`; else nothing."""
    words = [found[1].lower() for found in _REMARK.finditer(text, start, max(start, end))]
    return words[-1] if words else ""
