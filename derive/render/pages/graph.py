"""What rests on what, as a drawing: layers from left to right, each result to the right of everything it uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

__all__ = ["layers", "svg"]

BOX_HEIGHT, GAP_X, GAP_Y, LETTER, MARGIN = 26, 70, 12, 7.9, 10


def layers(uses: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """The names in layers: what uses nothing first, everything else right of all it uses.

    Within a layer names stand near what they use. A circle, which the library does not allow, is cut where it closes.
    """
    depth: dict[str, int] = {}

    def find(name: str, above: tuple[str, ...]) -> int:
        if name not in depth:
            below = [used for used in uses.get(name, ()) if used in uses and used not in above]
            depth[name] = 1 + max((find(used, (*above, name)) for used in below), default=-1)
        return depth[name]

    for name in uses:
        find(name, ())
    found: list[list[str]] = [[] for _ in range(1 + max(depth.values(), default=-1))]
    for name in sorted(depth):
        found[depth[name]].append(name)
    place: dict[str, float] = {}
    for layer in found:
        layer.sort(key=lambda name: (_middle([place[used] for used in uses[name] if used in place]), name))
        place |= {name: float(number) for number, name in enumerate(layer)}
    return found


def _middle(places: Sequence[float]) -> float:
    return sum(places) / len(places) if places else 0.0


def svg(uses: Mapping[str, Sequence[str]], link: Callable[[str], str], title: str) -> str:
    """The drawing as SVG: every box a link, every curve from what is used to what uses it."""
    columns = layers(uses)
    corner: dict[str, tuple[float, float, float]] = {}
    x = float(MARGIN)
    for column in columns:
        wide = max(len(name) for name in column) * LETTER + 18
        for row, name in enumerate(column):
            corner[name] = (x, MARGIN + row * (BOX_HEIGHT + GAP_Y), wide)
        x += wide + GAP_X
    height = MARGIN + max((len(column) for column in columns), default=0) * (BOX_HEIGHT + GAP_Y)
    width = max(x - GAP_X + MARGIN, 2 * MARGIN)
    curves = [
        _curve(corner[used], corner[name]) for name in uses for used in uses[name] if used in corner and used != name
    ]
    boxes = [
        f'<a href="{escape(link(name))}"><rect x="{left:.0f}" y="{top:.0f}" width="{wide:.0f}" height="{BOX_HEIGHT}" '
        f'rx="4"/><text x="{left + 9:.0f}" y="{top + 17:.0f}">{escape(name)}</text></a>'
        for name, (left, top, wide) in corner.items()
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{''.join(curves)}{''.join(boxes)}</svg>"
    )


def _curve(start: tuple[float, float, float], end: tuple[float, float, float]) -> str:
    x1, y1 = start[0] + start[2], start[1] + BOX_HEIGHT / 2
    x2, y2 = end[0], end[1] + BOX_HEIGHT / 2
    bend = max(30.0, (x2 - x1) / 2)
    return f'<path d="M{x1:.0f},{y1:.0f} C{x1 + bend:.0f},{y1:.0f} {x2 - bend:.0f},{y2:.0f} {x2:.0f},{y2:.0f}"/>'
