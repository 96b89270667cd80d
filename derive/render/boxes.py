"""A formula as boxes: rows, fractions, roots, indices, brackets. What MathML and a two-dimensional terminal print.

Boxes are plain records, like everything that a view holds. `changed_boxes` marks what is new in a row against the row
before it, the smallest box that is new.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from derive.render.aligning import SIGNS, aligned

__all__ = [
    "Accented", "Box", "Bracketed", "Fraction", "Glyph", "Kind", "Limits", "Root", "Row", "Scripts",
    "Table", "changed_boxes",
]  # fmt: skip


class Kind(StrEnum):
    """What a piece of text is in a formula."""

    NAME = "name"  # a letter that stands for something: italic
    WORD = "word"  # an upright name: log, KL, Var
    NUMBER = "number"
    SIGN = "sign"  # an operator, a relation, a comma
    TEXT = "text"  # words within a statement
    SPACE = "space"


@dataclass(frozen=True)
class Glyph:
    """Text that is set as it is."""

    kind: Kind
    text: str
    changed: bool = False


@dataclass(frozen=True)
class Row:
    """Boxes beside each other."""

    items: tuple[Box, ...] = ()
    changed: bool = False


@dataclass(frozen=True)
class Fraction:
    """One row over another."""

    over: Row
    under: Row
    changed: bool = False


@dataclass(frozen=True)
class Root:
    """A square root."""

    radicand: Row
    changed: bool = False


@dataclass(frozen=True)
class Scripts:
    """A box with an index, an exponent, or both."""

    base: Row
    sub: Row | None = None
    sup: Row | None = None
    changed: bool = False


@dataclass(frozen=True)
class Limits:
    """A large sign with what stands below and above it: ∑, ∏, or words such as max."""

    sign: Row
    under: Row | None = None
    over: Row | None = None
    changed: bool = False


@dataclass(frozen=True)
class Bracketed:
    """A row between brackets as tall as it is."""

    left: str
    inside: Row
    right: str
    changed: bool = False


@dataclass(frozen=True)
class Accented:
    """A box under a bar, a hat, a tilde."""

    base: Row
    accent: str
    changed: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of cells, as an author's alignment or a list of cases has them."""

    rows: tuple[tuple[Row, ...], ...]
    aligned: bool = False
    changed: bool = False


Box = Glyph | Row | Fraction | Root | Scripts | Limits | Bracketed | Accented | Table

_PARTS: dict[type, tuple[str, ...]] = {
    Fraction: ("over", "under"), Root: ("radicand",), Scripts: ("base", "sub", "sup"),
    Limits: ("sign", "under", "over"), Bracketed: ("inside",), Accented: ("base",),
}  # fmt: skip
DEEPEST = 40
LONGEST = 600
"""Rows with more boxes than this together are not compared."""


def changed_boxes(before: Row, after: Row) -> Row:
    """The row with its new boxes marked; as it is where nearly all is new: colour everywhere says nothing."""
    marked = _row(before, after, 0)
    total, new = _weight(after, False), _weight(marked, True)
    return after if new >= 0.9 * total else marked


def _row(before: Row, after: Row, depth: int) -> Row:
    old, new = _units(before.items), _units(after.items)
    if len(old) + len(new) > LONGEST or depth > DEEPEST:
        return replace(after, changed=before != after)
    items: list[Box] = []
    parts = aligned(list(map(_key, old)), list(map(_key, new)), lambda place: _is_sign(new[place]))
    for tag, a, b, start, end in parts:
        if tag == "equal":
            items += [box for unit in new[start:end] for box in unit]
        elif tag == "replace" and b - a == end - start:
            pairs = zip(old[a:b], new[start:end], strict=True)
            items += [box for was, now in pairs for box in _unit(was, now, depth)]
        else:
            items += [replace(box, changed=True) for unit in new[start:end] for box in unit]
    return replace(after, items=tuple(items))


def _units(items: tuple[Box, ...]) -> list[tuple[Box, ...]]:
    """The boxes that belong together: a name and the brackets it is applied to."""
    units: list[tuple[Box, ...]] = []
    for item in items:
        before = units[-1][-1] if units else None
        head = isinstance(before, Scripts) or (isinstance(before, Glyph) and before.kind in (Kind.NAME, Kind.WORD))
        if units and (_is_invisible(item) or (head and isinstance(item, Bracketed))):
            units[-1] = (*units[-1], item)
        else:
            units.append((item,))
    return units


def _is_sign(unit: tuple[Box, ...]) -> bool:
    """Whether a term begins here: a plus, a minus, a relation."""
    visible = next((box for box in unit if not (isinstance(box, Glyph) and box.kind is Kind.SPACE)), None)
    return isinstance(visible, Glyph) and visible.text in SIGNS


def _key(unit: tuple[Box, ...]) -> int:
    return hash(tuple(box for box in unit if not _is_invisible(box)))


def _is_invisible(box: Box) -> bool:
    """Whether the box is the sign of a product that nobody writes."""
    return isinstance(box, Glyph) and box.text == "\u2062"


def _unit(was: tuple[Box, ...], now: tuple[Box, ...], depth: int) -> tuple[Box, ...]:
    """What is new within boxes that belong together; all of them where their heads differ or little stayed."""
    whole = tuple(replace(box, changed=not _is_invisible(box) or place < len(now) - 1) for place, box in enumerate(now))
    if _is_invisible(now[-1]) and len(now) > 1:
        return (*_unit(was[: -1 if _is_invisible(was[-1]) else None], now[:-1], depth), now[-1])
    if len(was) != len(now) or was[:-1] != now[:-1]:
        return whole
    last = _box(was[-1], now[-1], depth)
    small = isinstance(last, Fraction | Limits) and not last.changed
    if 2 * _weight(last, True) > _weight(last, False) and not small:
        return whole
    return (*now[:-1], last)


def _box(was: Box, now: Box, depth: int) -> Box:
    """One box against another that stood in its place: of the same kind, only what is new inside."""
    parts = _PARTS.get(type(now), ())
    fixed = isinstance(now, Scripts | Accented) and isinstance(was, type(now)) and was.base != now.base
    if type(was) is not type(now) or not parts or fixed:
        return replace(now, changed=True)
    inner: dict[str, Row | None] = {}
    for name in parts:
        old, new = getattr(was, name), getattr(now, name)
        if old is None or new is None:
            if old is not new:
                return replace(now, changed=True)
            continue
        inner[name] = _row(old, new, depth + 1)
    return replace(now, **inner)  # type: ignore[arg-type]


def _weight(box: Box | None, only_changed: bool) -> int:
    """How many glyphs a box holds; those that are marked, where only they count."""
    if box is None:
        return 0
    if only_changed and box.changed:
        return _weight(box, False)
    if isinstance(box, Glyph):
        return 0 if only_changed else 1
    if isinstance(box, Table):
        return sum(_weight(cell, only_changed) for row in box.rows for cell in row)
    if isinstance(box, Row):
        return sum(_weight(item, only_changed) for item in box.items)
    return sum(_weight(getattr(box, name), only_changed) for name in _PARTS[type(box)]) + (0 if only_changed else 1)
