"""Boxes as MathML: what a browser sets and a screen reader reads, with no script and no font of its own.

A browser breaks no line inside a formula. So a long one is written as several, one after the other, parted before
relations and signs that stand in no brackets: between them the line may break.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import singledispatch
from html import escape

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

__all__ = ["mathml", "mathml_parts"]

LONG = 22
"""A formula of more glyphs than this is parted where it may break."""

SHORTEST = 14
"""No part ends at a comma or between factors before it has this many glyphs."""

_RELATIONS = set("=≤≥<>≠∝≈∼≔→⟹∈⊥") | {":="}
_SIGNS = {"+", "−", "-", "±", "·"}
_CONTINUES = "\ue021"
"""Follows a sign that stands at the start of a part and belongs between it and the part before."""

_LARGE_BRACKET = "\ue020"
"""Follows a bracket that is to be large although nothing is inside it: the line may break before its other half."""


def mathml(row: Row, display: bool = False) -> str:
    """One `<math>` element."""
    shown = ' display="block"' if display else ""
    return f"<math{shown}>{_inside(row)}</math>"


def mathml_parts(row: Row) -> str:
    """A displayed formula as one or several `<math>` elements between which a line may break."""
    parts = _parts(row)
    return " ".join(f'<math class="part"><mstyle displaystyle="true">{_inside(part)}</mstyle></math>' for part in parts)


def _parts(row: Row) -> list[Row]:
    if _length(row) <= LONG:
        return [row]
    parts: list[list[Box]] = [[]]
    items = tuple(_opened(row))
    for place, item in enumerate(items):
        sign = item.text if isinstance(item, Glyph) and item.kind is Kind.SIGN else ""
        leading = place == 0 or _is_sign(items[place - 1])
        length = sum(map(_length, parts[-1]))
        before = items[place - 1] if place else None
        loose = isinstance(before, Glyph) and before.text in (",", ";") and length > SHORTEST
        factor = isinstance(before, Glyph) and before.text == "\u2062" and _long_factor(items, place)
        loose = loose or (factor and length > SHORTEST)
        breaks = sign in _RELATIONS or (sign in _SIGNS and not leading) or loose
        if breaks and length:
            parts.append([])
            if isinstance(item, Glyph) and sign:
                item = replace(item, text=sign + _CONTINUES)
        parts[-1].append(item)
    return [Row(tuple(part)) for part in parts if part]


def _long_factor(items: tuple[Box, ...], place: int) -> bool:
    """Whether the factor that begins here deserves a line: no single letter, and not what ends the formula."""
    return sum(map(_length, items[place : place + 2])) >= 6


def _opened(row: Row) -> Iterator[Box]:
    """The row's boxes, with long brackets as signs of a fixed size, so that a line may break between them."""
    for item in row.items:
        if not isinstance(item, Bracketed) or _length(item) <= LONG:
            yield item
            continue
        size = _LARGE_BRACKET if _tall(item.inside) else ""
        inside = [replace(box, changed=box.changed or item.changed) for box in _opened(item.inside)]
        yield Glyph(Kind.SIGN, item.left + size, item.changed)
        yield from inside
        yield Glyph(Kind.SIGN, item.right + size, item.changed)


def _is_sign(item: Box) -> bool:
    """Whether a minus after this box is a sign and no difference."""
    closing = isinstance(item, Glyph) and item.text[:1] in ")]}⟩|‖"
    return isinstance(item, Glyph) and item.kind is Kind.SIGN and item.text != "\u2062" and not closing


def _length(box: Box) -> int:
    match box:
        case Glyph():
            return 0 if box.text == "\u2062" else len(box.text)
        case Row(items):
            return sum(map(_length, items))
        case Fraction(over, under):
            return max(_length(over), _length(under))
        case Root(inside) | Accented(inside):
            return 1 + _length(inside)
        case Bracketed(_, inside, _):
            return 2 + _length(inside)
        case Scripts(base, sub, sup):
            return _length(base) + (max(_length(part) for part in (sub, sup) if part is not None) + 1) // 2
        case Limits(sign, under, _):
            return _length(sign) + (_length(under) // 2 if under is not None else 0)
        case Table(rows):
            return max((sum(map(_length, row)) for row in rows), default=0)


def _inside(row: Row) -> str:
    """The boxes of a row one after the other; neighbours that are new are marked as one."""
    out: list[str] = []
    run: list[Box] = []
    for item in (*row.items, None):
        if item is not None and item.changed and not isinstance(item, Row):
            run.append(item)
            continue
        if run:
            text = "".join(_element(box) for box in run)
            silent = all(isinstance(box, Glyph) and box.text == "\u2062" for box in run)
            out.append(text if silent else f'<mrow class="new">{text}</mrow>')
            run = []
        if item is not None:
            out.append(_element(item))
    return "".join(out)


def _row(row: Row) -> str:
    """The row as one element."""
    if len(row.items) == 1 and not row.changed:
        return _marked(row.items[0])
    kind = ' class="new"' if row.changed else ""
    return f"<mrow{kind}>{_inside(row)}</mrow>"


def _marked(box: Box) -> str:
    text = _element(box)
    return f'<mrow class="new">{text}</mrow>' if box.changed and not isinstance(box, Row) else text


@singledispatch
def _element(box: Box) -> str:
    raise TypeError(type(box).__name__)


@_element.register
def _(box: Row) -> str:
    return _row(box)


@_element.register
def _(box: Glyph) -> str:
    text = escape(box.text)
    match box.kind:
        case Kind.NAME:
            return f"<mi>{text}</mi>"
        case Kind.WORD:
            variant = ' mathvariant="normal"' if len(box.text) == 1 and box.text.isascii() else ""
            return f"<mi{variant}>{text}</mi>"
        case Kind.NUMBER:
            return f"<mn>{text}</mn>"
        case Kind.TEXT:
            return f"<mtext>{text.replace(' ', chr(160))}</mtext>"
        case Kind.SPACE:
            return f'<mspace width="{0.17 * len(box.text):.2f}em"/>'
    if box.text == "|":
        return '<mo stretchy="false" lspace="0.28em" rspace="0.28em">∣</mo>'
    if box.text == "‖":
        return '<mo stretchy="false" lspace="0.28em" rspace="0.28em">‖</mo>'
    if box.text == "\u2062":
        return f'<mo rspace="0.11em">{text}</mo>'
    if box.text.endswith(_CONTINUES):
        return f'<mo form="infix" lspace="0" rspace="0.26em">{escape(box.text.removesuffix(_CONTINUES))}</mo>'
    if box.text.endswith(_LARGE_BRACKET):
        sign = escape(box.text.removesuffix(_LARGE_BRACKET))
        form = "prefix" if sign in "([{⟨" else "postfix"
        return f'<mo form="{form}" stretchy="true" symmetric="true" minsize="2.3em" maxsize="2.3em">{sign}</mo>'
    if box.text in "()[]{}⟨⟩":
        return f'<mo stretchy="false">{text}</mo>'
    return f"<mo>{text}</mo>"


@_element.register
def _(box: Fraction) -> str:
    return f"<mfrac>{_row(box.over)}{_row(box.under)}</mfrac>"


@_element.register
def _(box: Root) -> str:
    return f"<msqrt>{_row(box.radicand)}</msqrt>"


@_element.register
def _(box: Scripts) -> str:
    if box.sub is not None and box.sup is not None:
        return f"<msubsup>{_row(box.base)}{_row(box.sub)}{_row(box.sup)}</msubsup>"
    if box.sup is not None:
        return f"<msup>{_row(box.base)}{_row(box.sup)}</msup>"
    return f"<msub>{_row(box.base)}{_row(box.sub or Row())}</msub>"


@_element.register
def _(box: Limits) -> str:
    if box.under is not None and box.over is not None:
        return f"<munderover>{_row(box.sign)}{_row(box.under)}{_row(box.over)}</munderover>"
    if box.over is not None:
        return f"<mover>{_row(box.sign)}{_row(box.over)}</mover>"
    return f"<munder>{_row(box.sign)}{_row(box.under or Row())}</munder>"


@_element.register
def _(box: Bracketed) -> str:
    tall = "true" if _tall(box.inside) else "false"
    left = f'<mo fence="true" form="prefix" stretchy="{tall}">{escape(box.left)}</mo>' if box.left else ""
    right = f'<mo fence="true" form="postfix" stretchy="{tall}">{escape(box.right)}</mo>' if box.right else ""
    return f"<mrow>{left}{_inside(box.inside)}{right}</mrow>"


def _tall(row: Row) -> bool:
    """Whether brackets around the row must grow."""
    for item in row.items:
        match item:
            case Fraction() | Limits() | Table():
                return True
            case Row() | Bracketed(_, _, _) | Root() | Accented():
                inner = getattr(item, "inside", None) or getattr(item, "radicand", None) or getattr(item, "base", None)
                if _tall(item if isinstance(item, Row) else inner or Row()):
                    return True
            case Scripts():
                if _tall(item.base):
                    return True
    return False


@_element.register
def _(box: Accented) -> str:
    return f'<mover accent="true">{_row(box.base)}<mo stretchy="false">{escape(box.accent)}</mo></mover>'


@_element.register
def _(box: Table) -> str:
    def cell(place: int, inside: Row) -> str:
        side = ' style="text-align:left"' if not box.aligned or place % 2 else ' style="text-align:right"'
        return f'<mtd{side}><mstyle displaystyle="true">{_inside(inside)}</mstyle></mtd>'

    rows = "".join("<mtr>" + "".join(cell(n, part) for n, part in enumerate(row)) + "</mtr>" for row in box.rows)
    return f"<mtable>{rows}</mtable>"
