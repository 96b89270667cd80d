"""Boxes on a terminal, as they stand on paper: fractions over lines, sums with their limits, roots, tall brackets.

    2 − 1   √ᾱₜ₋₁ βₜ
    ───── + ──────── x₀
      3      1 − ᾱₜ

A block is rows of cells with the row that the rest of the line stands on. What can be an index in Unicode is one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import singledispatch

from derive.latex.unicode import lowered, raised
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
from derive.render.breaking import CONTINUES, LARGE, is_tall, parts_of
from derive.render.lines import width_of

__all__ = ["Block", "Cells", "is_tall", "tall_lines"]

Cells = tuple[tuple[str, bool], ...]
"""A row of text, each piece with whether it is new."""

HIGHEST = 9
"""A formula that would take more rows than this is written on one line instead."""

SHORT = 4
"""An index of so many letters stands on the line, in braces; a longer one below it."""

OPENED = (80, 40, 20, 0)
"""Brackets around more than so many glyphs are opened for a line to break in them: the longest only, then shorter."""

_RELATIONS = set("=≤≥<>≠∝≈∼≔→⟹∈⊥") | {":="}
_SIGNS = set("+−±")
_BRACKETS = {
    "(": "(⎛⎜⎝", ")": ")⎞⎟⎠", "[": "[⎡⎢⎣", "]": "]⎤⎥⎦", "{": "{⎧⎨⎩", "}": "}⎫⎬⎭", "|": "||||", "‖": "‖‖‖‖",
    "⟨": "⟨⎛⎜⎝", "⟩": "⟩⎞⎟⎠",
}  # fmt: skip
_EXPONENTS = {"⊤": "ᵀ", "′": "′", "′′": "″", "*": "*", "c": "ᶜ"}
_COMBINING = {"¯": "\u0304", "‾": "\u0304", "^": "\u0302", "~": "\u0303", "˙": "\u0307", "¨": "\u0308", "→": "\u20d7",
              "ˇ": "\u030c", "˘": "\u0306", "´": "\u0301", "`": "\u0300", "˚": "\u030a"}  # fmt: skip


@dataclass(frozen=True)
class Block:
    """Rows of one width; `base` is the row the formula stands on."""

    rows: tuple[Cells, ...]
    base: int
    width: int

    @property
    def above(self) -> int:
        return self.base

    @property
    def below(self) -> int:
        return len(self.rows) - 1 - self.base


def tall_lines(row: Row, width: int, hanging: int = 2) -> list[Block] | None:
    """The formula in lines of at most `width` cells where it can be parted; None where one line of text serves as well.

    Lines after the first are `hanging` cells narrower. None also where a part is wider than a line, or too high.
    """
    if not is_tall(row):
        return None
    whole = block(row)
    if whole.width <= width:
        return [whole] if len(whole.rows) <= HIGHEST else None
    found = (_filled(parts_of(row, long), width, hanging) for long in OPENED)
    return next((lines for lines in found if lines is not None), None)


def _filled(parts: Sequence[Row], width: int, hanging: int) -> list[Block] | None:
    """The parts in lines as full as they can be; None where one of them is too wide or too high."""
    lines: list[list[Box]] = [[]]
    room = width
    for part in parts:
        candidate = Row((*lines[-1], *part.items))
        if lines[-1] and block(candidate).width > room:
            lines.append([])
            room = width - hanging
        lines[-1] += part.items
    blocks = [block(Row(tuple(line))) for line in lines]
    fits = all(found.width <= width - (hanging if number else 0) for number, found in enumerate(blocks))
    return blocks if fits and all(len(found.rows) <= HIGHEST for found in blocks) else None


def block(row: Row) -> Block:
    """A row's boxes beside each other, brackets as high as the line."""
    items = _spaced(row)
    blocks = [None if _is_large(item) else _block(item) for item in items]
    above = max((found.above for found in blocks if found is not None), default=0)
    below = max((found.below for found in blocks if found is not None), default=0)
    filled = [
        found if found is not None else _bracket(item.text.removesuffix(LARGE), above, below, item.changed)  # type: ignore[union-attr]
        for found, item in zip(blocks, items, strict=True)
    ]
    found = _beside(filled)
    return _new(found) if row.changed else found


def _is_large(item: Box) -> bool:
    return isinstance(item, Glyph) and item.text.endswith(LARGE)


def _spaced(row: Row) -> list[Box]:
    """The boxes with blanks where a reader expects them: around relations and signs, after commas and words."""
    items: list[Box] = []
    blank = Glyph(Kind.SPACE, " ")
    flat = [item for item in row.items if not (isinstance(item, Glyph) and item.kind is Kind.SPACE)]
    for place, item in enumerate(flat):
        text = item.text.removesuffix(CONTINUES) if isinstance(item, Glyph) else ""
        before = flat[place - 1] if place else None
        continues = isinstance(item, Glyph) and item.text.endswith(CONTINUES)
        if text in _RELATIONS or (text in _SIGNS and (continues or (before is not None and _ends_operand(before)))):
            items += [*([blank] if items else []), Glyph(Kind.SIGN, text, item.changed), blank]
        elif text in ("|", "‖") and before is not None:
            items += [blank, item, blank]
        elif (text in _SIGNS and place + 1 < len(flat) and isinstance(flat[place + 1], Fraction)) or text in (",", ";"):
            items += [item, blank]
        elif text == "\u2062":
            items.append(blank)
        elif isinstance(item, Limits):
            items += [item, blank]
        elif isinstance(item, Glyph) and item.kind is Kind.WORD and len(text) > 1:
            following = flat[place + 1] if place + 1 < len(flat) else None
            items += [item, *([] if _is_bracket(following) or following is None else [blank])]
        else:
            items.append(item)
    while items and items[-1] == blank:
        items.pop()
    return items


def _is_bracket(item: Box | None) -> bool:
    return isinstance(item, Bracketed) or (isinstance(item, Glyph) and item.text[:1] in "()[]")


def _ends_operand(item: Box) -> bool:
    closing = isinstance(item, Glyph) and item.text.removesuffix(LARGE) in (")", "]", "}", "⟩", "|", "‖", "!")
    return closing or not (isinstance(item, Glyph) and item.kind in (Kind.SIGN, Kind.SPACE))


# ---- blocks -------------------------------------------------------------------------------------------------------


def _text(text: str, changed: bool = False) -> Block:
    return Block((((text, changed),),), 0, width_of(text))


def _blank(width: int) -> Cells:
    return ((" " * width, False),) if width else ()


def _new(found: Block) -> Block:
    """The block, all of it new."""
    return Block(
        tuple(tuple((text, bool(text.strip())) for text, _ in row) for row in found.rows), found.base, found.width
    )


def _beside(blocks: Iterable[Block]) -> Block:
    blocks = list(blocks)
    if not blocks:
        return _text("")
    above, below = max(found.above for found in blocks), max(found.below for found in blocks)
    rows: list[Cells] = []
    for line in range(-above, below + 1):
        cells: list[tuple[str, bool]] = []
        for found in blocks:
            place = found.base + line
            cells += found.rows[place] if 0 <= place < len(found.rows) else _blank(found.width)
        rows.append(tuple(cells))
    return Block(tuple(rows), above, sum(found.width for found in blocks))


def _stacked(blocks: Sequence[Block], base: int) -> Block:
    """Blocks over each other, in the middle; `base` is the row of the whole that the formula stands on."""
    width = max(found.width for found in blocks)
    rows: list[Cells] = []
    for found in blocks:
        left = (width - found.width) // 2
        rows += [(*_blank(left), *row, *_blank(width - found.width - left)) for row in found.rows]
    return Block(tuple(rows), base, width)


def _bracket(sign: str, above: int, below: int, changed: bool) -> Block:
    """A bracket as high as what it encloses."""
    if not sign:
        return _text("")
    single, top, middle, bottom = tuple(_BRACKETS.get(sign, sign * 4))
    if above + below == 0:
        return _text(single, changed)
    letters = [top, *[middle] * (above + below - 1), bottom]
    return Block(tuple(((letter, changed),) for letter in letters), above, 1)


@singledispatch
def _block(box: Box) -> Block:
    raise TypeError(type(box).__name__)


@_block.register
def _(box: Glyph) -> Block:
    return _text(box.text.removesuffix(CONTINUES), box.changed)


@_block.register
def _(box: Row) -> Block:
    return block(box)


@_block.register
def _(box: Fraction) -> Block:
    over, under = block(box.over), block(box.under)
    line = _text("─" * max(over.width, under.width))
    found = _stacked([over, line, under], len(over.rows))
    return _new(found) if box.changed else found


@_block.register
def _(box: Root) -> Block:
    inside = block(box.radicand)
    items = box.radicand.items
    if len(items) == 1 and len(inside.rows) == 1:
        found = _beside([_text("√"), inside])
    else:
        line = Block(((("_" * inside.width, False),), *inside.rows), inside.base + 1, inside.width)
        sign = [_text(" ")] * (len(line.rows) - 1)
        found = _beside([Block((*(part.rows[0] for part in sign), (("√", False),)), line.base, 1), line])
    return _new(found) if box.changed else found


@_block.register
def _(box: Scripts) -> Block:
    base = block(box.base)
    low, high = flat_text(box.sub), flat_text(box.sup)
    index = "" if low is None else lowered(low)
    exponent = None if high is None else _EXPONENTS.get(high) or raised(high)
    flat = len(base.rows) == 1 and low is not None and exponent is not None
    if flat and index is not None:
        found = _beside([base, _text(index + str(exponent))])
    elif flat and low is not None and len(low) <= SHORT:
        found = _beside([base, _text(_foot(box.sub, low)), _text(str(exponent))])
    else:
        found = _cornered(base, box)
    return _new(found) if box.changed else found


def _script(row: Row | None) -> Block | None:
    """An index or a limit as a block: on one line where it can be."""
    if row is None:
        return None
    text = flat_text(row)
    return block(row) if text is None else _text(text)


def _cornered(base: Block, box: Scripts) -> Block:
    """Index below and exponent above the corner of the base."""
    sub, sup = _script(box.sub), _script(box.sup)
    width = max(part.width for part in (sub, sup) if part is not None)
    tall = len(base.rows) > 1
    inside_top, inside_bottom = int(tall and sup is not None), int(tall and sub is not None)
    upper = [(*row, *_blank(width - sup.width)) for row in sup.rows] if sup is not None else []
    lower = [(*row, *_blank(width - sub.width)) for row in sub.rows] if sub is not None else []
    middle = [_blank(width)] * (len(base.rows) - inside_top - inside_bottom)
    corner = Block((*upper, *middle, *lower), len(upper) - inside_top + base.base, width)
    return _beside([base, corner])


def flat_text(row: Row | None) -> str | None:
    """The text of a row as an index or a limit has it: close together, indices of indices on the line."""
    parts = [_flat(item) for item in (row or Row()).items]
    return None if any(part is None for part in parts) else "".join(part for part in parts if part is not None)


def _flat(box: Box) -> str | None:
    """The text of a box that takes one line; None for a fraction, a sum, a table."""
    match box:
        case Glyph(Kind.SPACE, _):
            return " "
        case Glyph(_, letter):
            return {"\u2062": " ", ",": ", ", "∼": " ∼ "}.get(letter, letter)
        case Row():
            return flat_text(box)
        case Bracketed(left, inside, right):
            text = flat_text(inside)
            return None if text is None else left + text + right
        case Accented():
            found = _block(box)
            return found.rows[0][0][0] if len(found.rows) == 1 else None
        case Root(inside):
            text = flat_text(inside)
            return None if text is None else f"√{text}" if len(inside.items) == 1 else f"√({text})"
        case Scripts(base, sub, sup):
            foot, low, high = flat_text(base), flat_text(sub), flat_text(sup)
            if foot is None or low is None or high is None:
                return None
            index = lowered(low)
            exponent = _EXPONENTS.get(high) or raised(high)
            below = "" if sub is None else index if index is not None else _foot(sub, low)
            above = "" if sup is None else exponent if exponent is not None else f"^({high})"
            return foot + below + above
    return None


def _foot(sub: Row | None, low: str) -> str:
    """An index that has no small letters: x_T, D_KL, x_{t,T}."""
    return f"_{low}" if sub is not None and len(sub.items) == 1 and low.isalnum() else f"_{{{low}}}"


@_block.register
def _(box: Limits) -> Block:
    sign = block(box.sign)
    over, under = _script(box.over), _script(box.under)
    found = _stacked([part for part in (over, sign, under) if part], (len(over.rows) if over else 0) + sign.base)
    return _new(found) if box.changed else found


@_block.register
def _(box: Bracketed) -> Block:
    inside = block(box.inside)
    left, right = (_bracket(sign, inside.above, inside.below, False) for sign in (box.left, box.right))
    found = _beside([left, inside, right])
    return _new(found) if box.changed else found


@_block.register
def _(box: Accented) -> Block:
    inside = flat_text(box.base)
    mark = _COMBINING.get(box.accent)
    if inside is not None and len(inside) == 1 and mark:
        return _text(unicodedata.normalize("NFC", inside + mark), box.changed)
    return _stacked([_text(box.accent), block(box.base)], 1 + block(box.base).base)


@_block.register
def _(box: Table) -> Block:
    rows = [_beside([block(cell) for cell in row]) for row in box.rows]
    return _stacked(rows, sum(len(found.rows) for found in rows) // 2)
