"""A graph without circles in layers (Sugiyama, Tagawa & Toda, 1981): what is used above what uses it, few crossings.

A line that passes a layer has a place of its own in it, a *bend*, so that it never runs through a name. The order in
layers goes back and forth by the middle of what a name is tied to, and the best order seen is kept; then every name
stands as near to the middle of its neighbours as the others leave it room.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Drawing", "connected", "drawing_of", "layers", "needed"]

SWEEPS = 12

Uses = Mapping[str, Sequence[str]]
"""Each name with the names it uses."""

Node = tuple[str, ...]
"""A name, or a bend of the line between two names: (used, user, layer)."""


@dataclass(frozen=True)
class Drawing:
    """Where each name stands (the middle of its box, its layer), and each line's way from what is used to its user.

    `depth` is the number of layers.
    """

    width: float
    depth: int
    places: Mapping[str, tuple[float, int]]
    lines: Sequence[Sequence[tuple[float, int]]]


def layers(uses: Uses) -> list[list[str]]:
    """The names in layers: what uses nothing first, everything else after all it uses, and no earlier than needed.

    A circle, which the library does not allow, is cut where it closes.
    """
    depth: dict[str, int] = {}

    def find(name: str, above: tuple[str, ...]) -> int:
        if name not in depth:
            below = [used for used in uses.get(name, ()) if used in uses and used not in above]
            depth[name] = 1 + max((find(used, (*above, name)) for used in below), default=-1)
        return depth[name]

    for name in uses:
        find(name, ())
    users = {name: [user for user in uses if name in uses[user] and depth[user] > depth[name]] for name in uses}
    for name in sorted(uses, key=lambda name: -depth[name]):
        if users[name] and not any(used in uses for used in uses[name]):
            depth[name] = min(depth[user] for user in users[name]) - 1
    found: list[list[str]] = [[] for _ in range(1 + max(depth.values(), default=-1))]
    for name in sorted(depth):
        found[depth[name]].append(name)
    return found


def needed(uses: Uses) -> dict[str, list[str]]:
    """The uses that no chain of others implies: where c uses b and b uses a, that c uses a too goes without saying."""
    beneath: dict[str, set[str]] = {}

    def below(name: str, above: tuple[str, ...]) -> set[str]:
        if name not in beneath:
            found: set[str] = set()
            for used in uses.get(name, ()):
                if used in uses and used not in above:
                    found |= {used} | below(used, (*above, name))
            beneath[name] = found
        return beneath[name]

    return {
        name: [used for used in own if not any(used in below(other, (name,)) for other in own if other != used)]
        for name, others in uses.items()
        for own in [[used for used in dict.fromkeys(others) if used in uses and used != name]]
    }


def connected(uses: Uses) -> list[dict[str, list[str]]]:
    """The parts of the graph that nothing ties to each other, each with its own uses, the largest first."""
    near: dict[str, set[str]] = {name: set() for name in uses}
    for name in uses:
        for used in uses[name]:
            if used in near:
                near[name].add(used)
                near[used].add(name)
    parts, seen = [], set()
    for name in uses:
        if name in seen:
            continue
        part, todo = {name}, [name]
        while todo:
            fresh = near[todo.pop()] - part
            part |= fresh
            todo += fresh
        seen |= part
        parts.append({name: list(uses[name]) for name in uses if name in part})
    return sorted(parts, key=lambda part: -len(part))


def drawing_of(uses: Uses, width_of: Callable[[str], float], gap: float) -> Drawing:
    """The graph with every name placed; `width_of` is the width of a name's box, `gap` what is free beside it."""
    found = layers(uses)
    depth = {name: number for number, layer in enumerate(found) for name in layer}
    chains = [_chain(used, name, depth) for name in uses for used in uses[name] if depth.get(used, 99) < depth[name]]
    rows: list[list[Node]] = [[(name,) for name in layer] for layer in found]
    for chain in chains:
        for number, node in enumerate(chain[1:-1], start=depth[chain[0][0]] + 1):
            rows[number].append(node)
    ties: dict[Node, tuple[list[Node], list[Node]]] = {node: ([], []) for row in rows for node in row}
    for chain in chains:
        for upper, lower in itertools.pairwise(chain):
            ties[lower][0].append(upper)
            ties[upper][1].append(lower)
    rows = _ordered(rows, ties)
    widths = {node: width_of(node[0]) if len(node) == 1 else gap / 2 for row in rows for node in row}
    x = _placed(rows, ties, widths, gap)
    left = min((x[node] - widths[node] / 2 for node in x), default=0.0)
    right = max((x[node] + widths[node] / 2 for node in x), default=0.0)
    layer_of = {node: number for number, row in enumerate(rows) for node in row}
    place = {node: (x[node] - left, layer_of[node]) for node in x}
    names = {node[0]: at for node, at in place.items() if len(node) == 1}
    return Drawing(right - left, len(rows), names, [[place[node] for node in chain] for chain in chains])


def _chain(used: str, user: str, depth: Mapping[str, int]) -> list[Node]:
    """The way of a line: the name that is used, a bend in every layer between, the name that uses it."""
    bends = [(used, user, str(layer)) for layer in range(depth[used] + 1, depth[user])]
    return [(used,), *bends, (user,)]


# ---- the order within layers ----------------------------------------------------------------------------------------

Ties = Mapping[Node, tuple[list[Node], list[Node]]]
"""Of each node what it is tied to in the layer before and in the layer after."""


def _ordered(rows: list[list[Node]], ties: Ties) -> list[list[Node]]:
    """The best order seen while layers are sorted by the middle of their neighbours, downwards and upwards in turn."""
    best, fewest = rows, _all_crossings(rows, ties)
    for sweep in range(SWEEPS):
        side = sweep % 2
        numbers = range(1, len(rows)) if side == 0 else range(len(rows) - 2, -1, -1)
        rows = [list(row) for row in rows]
        for number in numbers:
            beside = {node: place for place, node in enumerate(rows[number - 1 if side == 0 else number + 1])}
            middle = {node: _mean([beside[tied] for tied in ties[node][side]]) for node in rows[number]}
            own = {node: float(place) for place, node in enumerate(rows[number])}
            rows[number].sort(key=lambda node: (own[node] if middle[node] is None else middle[node], node))
        _swapped(rows, ties)
        crossings = _all_crossings(rows, ties)
        if crossings < fewest:
            best, fewest = rows, crossings
    return best


def _swapped(rows: list[list[Node]], ties: Ties) -> None:
    """Neighbours changed round wherever that takes a crossing away."""
    for number, row in enumerate(rows):
        around = [rows[other] if 0 <= other < len(rows) else [] for other in (number - 1, number + 1)]
        places = [{node: place for place, node in enumerate(layer)} for layer in around]
        for at in range(len(row) - 1):
            left, right = row[at], row[at + 1]
            lines = [([places[s][n] for n in ties[left][s]], [places[s][n] for n in ties[right][s]]) for s in (0, 1)]
            if sum(_inverted(a, b) for a, b in lines) > sum(_inverted(b, a) for a, b in lines):
                row[at], row[at + 1] = right, left


def _inverted(left: Iterable[int], right: Sequence[int]) -> int:
    return sum(a > b for a in left for b in right)


def _all_crossings(rows: Sequence[Sequence[Node]], ties: Ties) -> int:
    """How often lines cross between neighbouring layers."""
    count = 0
    for row, after in itertools.pairwise(rows):
        place = {node: number for number, node in enumerate(after)}
        ends = [sorted(place[tied] for tied in ties[node][1]) for node in row]
        count += sum(_inverted(ends[i], ends[j]) for i in range(len(ends)) for j in range(i + 1, len(ends)))
    return count


def _mean(places: Sequence[float]) -> float | None:
    return sum(places) / len(places) if places else None


# ---- places ---------------------------------------------------------------------------------------------------------


def _placed(rows: Sequence[Sequence[Node]], ties: Ties, widths: Mapping[Node, float], gap: float) -> dict[Node, float]:
    """The middle of each node: near the middle of what it is tied to, no nearer to its neighbours than the gap."""
    x: dict[Node, float] = {}
    for row in rows:
        x |= dict(zip(row, _apart([0.0] * len(row), [widths[node] for node in row], gap), strict=True))
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            around = [_mean([x[tied] for side in ties[node] for tied in side]) for node in row]
            wanted = [x[node] if middle is None else middle for node, middle in zip(row, around, strict=True)]
            x |= dict(zip(row, _apart(wanted, [widths[node] for node in row], gap), strict=True))
    return x


def _apart(wanted: Sequence[float], widths: Sequence[float], gap: float) -> Iterator[float]:
    """The places nearest to the wanted ones, by least squares, that leave every box its width and the gap.

    Less their offsets the places only have to grow: neighbours that do not are pooled at their mean.
    """
    offsets = [0.0]
    for left, right in itertools.pairwise(widths):
        offsets.append(offsets[-1] + (left + right) / 2 + gap)
    pools: list[list[float]] = []
    for place, offset in zip(wanted, offsets, strict=False):
        pools.append([place - offset])
        while len(pools) > 1 and _middle(pools[-2]) > _middle(pools[-1]):
            last = pools.pop()
            pools[-1] += last
    free = [_middle(pool) for pool in pools for _ in pool]
    return (place + offset for place, offset in zip(free, offsets, strict=False))


def _middle(pool: Sequence[float]) -> float:
    return sum(pool) / len(pool)
