"""Where a formula may be parted for a line to break: before relations and signs, after commas, between long factors.

Brackets around something long are opened: they become signs of their own, so that a line may break between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.render.boxes import (
    Accented,
    Box,
    Bracketed,
    Fraction,
    Glyph,
    Kind,
    Limits,
    Root,
    Row,
    Scripts,
    Table,
)

__all__ = ["CONTINUES", "LARGE", "is_tall", "length", "parts_of"]

SHORTEST = 14
"""No part ends at a comma or between factors before it has this many glyphs."""

_RELATIONS = set("=≤≥<>≠∝≈∼≔→⟹∈⊥") | {":="}
_SIGNS = {"+", "−", "-", "±", "·"}
CONTINUES = "\ue021"
"""Follows a sign that stands at the start of a part and belongs between it and the part before."""

LARGE = "\ue020"
"""Follows a bracket that is to be large although nothing is inside it: the line may break before its other half."""


def parts_of(row: Row, long: int) -> list[Row]:
    """The row in parts between which a line may break; one part where it has no more than `long` glyphs."""
    if length(row) <= long:
        return [row]
    parts: list[list[Box]] = [[]]
    items = tuple(_opened(row, long))
    for place, item in enumerate(items):
        sign = item.text if isinstance(item, Glyph) and item.kind is Kind.SIGN else ""
        leading = place == 0 or _is_sign(items[place - 1])
        filled = sum(map(length, parts[-1]))
        before = items[place - 1] if place else None
        loose = isinstance(before, Glyph) and before.text in (",", ";") and filled > SHORTEST
        factor = isinstance(before, Glyph) and before.text == "\u2062" and _long_factor(items, place)
        loose = loose or (factor and filled > SHORTEST)
        breaks = sign in _RELATIONS or (sign in _SIGNS and not leading) or loose
        if breaks and filled:
            parts.append([])
            if isinstance(item, Glyph) and (sign in _RELATIONS or sign in _SIGNS):
                item = replace(item, text=sign + CONTINUES)
        parts[-1].append(item)
    return [Row(tuple(part)) for part in parts if part]


def _long_factor(items: tuple[Box, ...], place: int) -> bool:
    """Whether the factor that begins here deserves a line: no single letter, and not what ends the formula."""
    return sum(map(length, items[place : place + 3])) >= 6


def _opened(row: Row, long: int) -> Iterator[Box]:
    """The row's boxes, with long brackets as signs of a fixed size, so that a line may break between them."""
    for item in row.items:
        if not isinstance(item, Bracketed) or length(item) <= long:
            yield item
            continue
        size = LARGE if is_tall(item.inside) else ""
        inside = [replace(box, changed=box.changed or item.changed) for box in _opened(item.inside, long)]
        yield Glyph(Kind.SIGN, item.left + size, item.changed)
        yield from inside
        yield Glyph(Kind.SIGN, item.right + size, item.changed)


def _is_sign(item: Box) -> bool:
    """Whether a minus after this box is a sign and no difference."""
    closing = isinstance(item, Glyph) and item.text[:1] in ")]}⟩|‖"
    return isinstance(item, Glyph) and item.kind is Kind.SIGN and item.text != "\u2062" and not closing


def length(box: Box) -> int:
    """About how many glyphs wide a box is: a fraction as its wider half."""
    match box:
        case Glyph():
            return 0 if box.text == "\u2062" else len(box.text)
        case Row(items):
            return sum(map(length, items))
        case Fraction(over, under):
            return max(length(over), length(under))
        case Root(inside) | Accented(inside):
            return 1 + length(inside)
        case Bracketed(_, inside, _):
            return 2 + length(inside)
        case Scripts(base, sub, sup):
            return length(base) + (max(length(part) for part in (sub, sup) if part is not None) + 1) // 2
        case Limits(sign, under, _):
            return length(sign) + (length(under) // 2 if under is not None else 0)
        case Table(rows):
            return max((sum(map(length, row)) for row in rows), default=0)


def is_tall(row: Row) -> bool:
    """Whether brackets around the row must grow."""
    for item in row.items:
        match item:
            case Fraction() | Limits() | Table():
                return True
            case Row() | Bracketed(_, _, _) | Root() | Accented():
                inner = getattr(item, "inside", None) or getattr(item, "radicand", None) or getattr(item, "base", None)
                if is_tall(item if isinstance(item, Row) else inner or Row()):
                    return True
            case Scripts():
                if is_tall(item.base):
                    return True
    return False
