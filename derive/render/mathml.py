"""Boxes as MathML: what a browser sets and a screen reader reads, with no script and no font of its own.

A browser breaks no line inside a formula. So a long one is written as several, one after the other, parted before
relations and signs that stand in no brackets: between them the line may break.
"""

from __future__ import annotations

import re
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
from derive.render.breaking import CONTINUES, LARGE, is_tall, parts_of

__all__ = ["mathml_parts"]

LONG = 22
"""A formula of more glyphs than this is parted where it may break."""


def mathml_parts(row: Row, display: bool = True) -> str:
    """A formula as one or several `<math>` elements between which a line may break."""
    before, after = ('<mstyle displaystyle="true">', "</mstyle>") if display else ("", "")
    out = ""
    for number, part in enumerate(parts_of(row, LONG)):
        first = part.items[0]
        signed = isinstance(first, Glyph) and first.text.endswith(CONTINUES)
        out += ("" if number == 0 else " " if signed else "&#8203;")
        kind = "part" if number == 0 or signed else "part factor"
        out += f'<math class="{kind}">{before}{_inside(part)}{after}</math>'
    return out


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
    if box.text.endswith(CONTINUES):
        return f'<mo form="infix" lspace="0" rspace="0.26em">{escape(box.text.removesuffix(CONTINUES))}</mo>'
    if box.text.endswith(LARGE):
        sign = escape(box.text.removesuffix(LARGE))
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


_SPACED = re.compile(r'<mo\b([^>]*?)(?: lspace="[^"]*")?(?: rspace="[^"]*")?>')


def _small(row: Row) -> str:
    """A row that is raised or lowered, its signs without the room that they have on the line: x_{t−1}."""
    return _SPACED.sub(r'<mo\1 lspace="0" rspace="0">', _row(row))


@_element.register
def _(box: Scripts) -> str:
    if box.sub is not None and box.sup is not None:
        return f"<msubsup>{_row(box.base)}{_small(box.sub)}{_small(box.sup)}</msubsup>"
    if box.sup is not None:
        return f"<msup>{_row(box.base)}{_small(box.sup)}</msup>"
    return f"<msub>{_row(box.base)}{_small(box.sub or Row())}</msub>"


@_element.register
def _(box: Limits) -> str:
    if box.under is not None and box.over is not None:
        return f"<munderover>{_row(box.sign)}{_small(box.under)}{_small(box.over)}</munderover>"
    if box.over is not None:
        return f"<mover>{_row(box.sign)}{_small(box.over)}</mover>"
    return f"<munder>{_row(box.sign)}{_small(box.under or Row())}</munder>"


@_element.register
def _(box: Bracketed) -> str:
    tall = "true" if is_tall(box.inside) else "false"
    left = f'<mo fence="true" form="prefix" stretchy="{tall}">{escape(box.left)}</mo>' if box.left else ""
    right = f'<mo fence="true" form="postfix" stretchy="{tall}">{escape(box.right)}</mo>' if box.right else ""
    return f"<mrow>{left}{_inside(box.inside)}{right}</mrow>"


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
