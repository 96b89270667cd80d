"""What rests on what, as SVG: every name a link, every line from what is used down to what uses it.

Parts that nothing ties to each other stand beside and below one another, within the width of a page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

from derive.render.pages.layers import Drawing, connected, drawing_of, needed

__all__ = ["svg"]

BOX, ROW, GAP, LETTER, MARGIN, APART = 26.0, 62.0, 22.0, 7.9, 8.0, 44.0
"""The height of a box, from one layer to the next, what is free beside a box, a letter, the edge, between two parts."""

WIDTH = 960.0
"""The width of a page; a part that is wider stands alone in its row."""


def svg(uses: Mapping[str, Sequence[str]], link: Callable[[str], str], title: str) -> str:
    """The drawing: a line wherever one result uses another and no chain of lines says so already."""
    parts = [drawing_of(part, _box_width, GAP) for part in connected(needed(uses))]
    pieces, width, height = [], 0.0, MARGIN
    for row in _shelves(parts):
        left = MARGIN
        for part in row:
            pieces.append(_drawn(part, left, height, link))
            left += part.width + APART
        width = max(width, left - APART + MARGIN)
        height += max(_height(part) for part in row) + APART * 0.8
    height = max(height - APART * 0.8, 0.0) + MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="group" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{''.join(pieces)}</svg>"
    )


def _box_width(name: str) -> float:
    return len(name) * LETTER + 18


def _height(part: Drawing) -> float:
    return (part.depth - 1) * ROW + BOX


def _shelves(parts: Sequence[Drawing]) -> list[list[Drawing]]:
    """The parts in rows that are as full as they get: each goes into the first row with room for it."""
    rows: list[list[Drawing]] = []
    for part in parts:
        room = WIDTH - 2 * MARGIN - part.width
        fitting = (row for row in rows if sum(other.width + APART for other in row) <= room)
        row = next(fitting, None)
        if row is None:
            rows.append([part])
        else:
            row.append(part)
    return rows


def _drawn(part: Drawing, left: float, top: float, link: Callable[[str], str]) -> str:
    """One part, its lines under its boxes."""
    lines = "".join(f'<path d="{_line(line, left, top)}"/>' for line in part.lines)
    return f"<g>{lines}{''.join(_boxes(part, left, top, link))}</g>"


def _boxes(part: Drawing, left: float, top: float, link: Callable[[str], str]) -> list[str]:
    boxes = []
    for name, (middle, layer) in sorted(part.places.items(), key=lambda entry: (entry[1][1], entry[1][0])):
        wide = _box_width(name)
        x, y = left + middle - wide / 2, top + layer * ROW
        boxes.append(
            f'<a href="{escape(link(name))}"><rect x="{x:.0f}" y="{y:.0f}" width="{wide:.0f}" height="{BOX:.0f}" '
            f'rx="4"/><text x="{x + 9:.0f}" y="{y + 17:.0f}">{escape(name)}</text></a>'
        )
    return boxes


def _line(points: Sequence[tuple[float, int]], left: float, top: float) -> str:
    """From the lower edge of what is used to the upper edge of its user; straight where it passes a layer of names."""
    (x, layer), *others = points
    path = [f"M{left + x:.0f},{top + layer * ROW + BOX:.0f}"]
    for number, (x2, below) in enumerate(others):
        above, under = top + (below - 1) * ROW + BOX, top + below * ROW
        bend = (under - above) / 2
        path.append(
            f"C{left + x:.0f},{above + bend:.0f} {left + x2:.0f},{under - bend:.0f} {left + x2:.0f},{under:.0f}"
        )
        if number < len(others) - 1:
            path.append(f"V{under + BOX:.0f}")
        x = x2
    return "".join(path)
