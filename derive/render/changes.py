"""What changed from one line of a derivation to the next, as parts of the new line's text.

Both texts are read as rows of names, signs and bracketed groups, and the rows are aligned. Where one group stands
against another under the same head the comparison goes inside: the smallest factor that is new is what lights up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from derive.render.aligning import SIGNS, Part, aligned

__all__ = ["changed_parts"]

LONGEST = 3000
"""Texts of more than this many tokens together are not compared: nothing counts as changed."""

DEEPEST = 40
"""Brackets nested deeper than this are compared as wholes."""

_TOKEN = re.compile(
    r"""
    [^\W_] [\w'\u0300-\u036f\u2032]*                # a name or a number with its accents
      [\u2070-\u209c\u00b2\u00b3\u00b9]*            # its Unicode indices and powers
      (?:[_^](?:\{[^{}]*\}|\w+))*                   # its written indices and powers
  | \S
    """,
    re.VERBOSE,
)
_PAIRS = {"(": ")", "[": "]", "{": "}", "⟨": "⟩"}


@dataclass(frozen=True)
class _Item:
    """A token, or a group in brackets with the name it is applied to; `inside` is None for a token."""

    key: str
    start: int
    end: int
    head: str = ""
    inside: tuple[_Item, ...] | None = None


def changed_parts(before: str, after: str) -> tuple[tuple[int, int], ...]:
    """The parts (start, end) of `after` that are new against `before`.

    Nothing when all of it is new: colour that is everywhere says nothing.
    """
    old, new = list(_TOKEN.finditer(before)), list(_TOKEN.finditer(after))
    if len(old) + len(new) > LONGEST:
        return ()
    parts = _differences(_row(before, old), _row(after, new))
    whole = len(after.strip())
    return () if sum(end - start for start, end in parts) >= 0.9 * whole else tuple(parts)


def _row(text: str, tokens: list[re.Match[str]]) -> tuple[_Item, ...]:
    """The tokens as a row of items, brackets matched as far as they match."""
    rows: list[list[_Item]] = [[]]
    opened: list[re.Match[str]] = []
    for token in tokens:
        mark = token.group()
        if mark in _PAIRS:
            opened.append(token)
            rows.append([])
        elif opened and mark == _PAIRS[opened[-1].group()]:
            inside, start = tuple(rows.pop()), opened.pop().start()
            head = ""
            if rows[-1] and rows[-1][-1].end == start and rows[-1][-1].inside is None:
                applied = rows[-1].pop()
                head, start = applied.key, applied.start
            rows[-1].append(_Item(_squeezed(text[start : token.end()]), start, token.end(), head, inside))
        else:
            rows[-1].append(_Item(mark, token.start(), token.end()))
    while opened:
        inside = tuple(rows.pop())
        bracket = opened.pop()
        rows[-1] += [_Item(bracket.group(), bracket.start(), bracket.end()), *inside]
    return tuple(rows[0])


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _differences(old: tuple[_Item, ...], new: tuple[_Item, ...], depth: int = 0) -> list[tuple[int, int]]:
    """The parts of the new row that are not in the old one, neighbours joined."""
    parts: list[tuple[int, int]] = []
    for tag, a, b, start, end in _aligned(old, new):
        if tag in ("equal", "delete"):
            continue
        if tag == "replace" and b - a == end - start:
            pairs = list(zip(old[a:b], new[start:end], strict=True))
            same_heads = all(x.inside is not None and y.inside is not None and x.head == y.head for x, y in pairs)
            if same_heads and depth < DEEPEST:
                for x, y in pairs:
                    parts += _within(x, y, depth + 1)
                continue
        parts.append((new[start].start, new[end - 1].end))
    return parts


def _within(old: _Item, new: _Item, depth: int) -> list[tuple[int, int]]:
    """What changed inside a group; all of the group where something went away or little stayed."""
    whole = [(new.start, new.end)]
    before, after = old.inside or (), new.inside or ()
    if any(tag == "delete" for tag, *_ in _aligned(before, after)):
        return whole
    parts = _differences(before, after, depth)
    return whole if 2 * sum(end - start for start, end in parts) > new.end - new.start else parts


def _aligned(old: tuple[_Item, ...], new: tuple[_Item, ...]) -> list[Part]:
    keys = [item.key for item in new]
    return aligned([item.key for item in old], keys, lambda place: keys[place] in SIGNS)
