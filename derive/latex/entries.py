r"""Which names with an index are entries of a vector: the x_i of `x \in \mathbb{R}^n` in a sum of i from 1 to n."""

from __future__ import annotations

from collections.abc import Iterable

from derive.latex import syntax
from derive.latex.syntax import Node
from derive.latex.trees import spelled, walk

__all__ = ["Entries"]


class Entries:
    """The vectors that texts declare by a bare name, and the indices that run through their entries."""

    def __init__(self, trees: Iterable[Node]) -> None:
        self._lengths: dict[str, Node] = {}
        self._places: dict[str, set[str]] = {}
        self._ends: dict[str, set[str]] = {}
        self._known: dict[str, str] = {}
        open_: list[syntax.Big] = []
        apart: set[str] = set()
        for node in (node for tree in trees for node in walk(tree)):
            match node:
                case syntax.Belongs(domain="R"):
                    for item in node.variables:
                        if isinstance(item, syntax.Name) and item.subscript is None and len(node.sizes) == 1:
                            self._lengths[item.name] = node.sizes[0]
                        elif isinstance(item, syntax.Name):
                            apart.add(item.name)
                case syntax.Big(index=syntax.Name(subscript=None)) if node.index is not None:
                    if node.upper is not None:
                        self._ends.setdefault(node.index.name, set()).add(spelled(node.upper))
                    elif node.lower is None:
                        open_.append(node)
                case syntax.Relations(sides=[syntax.Name(subscript=None) as left, syntax.Number() as number]):
                    self._known[left.name] = number.text
                case syntax.Name() if node.subscript is not None:
                    self._places.setdefault(node.name, set()).add(_place_of(node))
        for name in apart:
            self._lengths.pop(name, None)
        self.open = {big.index.name: size for big in open_ if big.index and (size := self._common(big)) is not None}

    def _common(self, big: syntax.Big) -> Node | None:
        r"""How far a `\sum_i` without a range goes: through the entries of the vectors that it speaks of."""
        assert big.index is not None
        sizes: dict[str, Node] = {}
        for node in walk(big.body):
            if isinstance(node, syntax.Name) and _index_of(node) == big.index.name:
                if node.name not in self._lengths:
                    return None
                size = self._lengths[node.name]
                sizes[spelled(size)] = size
        return next(iter(sizes.values())) if len(sizes) == 1 else None

    def has(self, node: syntax.Name) -> bool:
        """Whether a name with an index is an entry of the vector of that name, by what is declared of it."""
        size = self._lengths.get(node.name)
        if size is None or node.primes or node.subscript is None or len(node.subscript) != 1:
            return False
        index = node.subscript[0].lower
        if isinstance(index, syntax.Name):
            name = _index_of(node)
            return name in self.open or spelled(size) in self._ends.get(name, ())
        if not isinstance(index, syntax.Number):
            return False
        many = size.text if isinstance(size, syntax.Number) else self._known.get(getattr(size, "name", ""), "")
        last = int(many) if many.isdigit() else 0
        return self._places[node.name] <= {str(place) for place in range(1, min(last, 9) + 1)}


def _index_of(node: syntax.Name) -> str:
    """The letter that is a name's one index, or nothing."""
    if node.subscript is None or len(node.subscript) != 1:
        return ""
    index = node.subscript[0].lower
    return index.name if isinstance(index, syntax.Name) and index.subscript is None and not index.upright else ""


def _place_of(node: syntax.Name) -> str:
    """The number that is a name's one index, or what else it is."""
    only = node.subscript[0].lower if node.subscript is not None and len(node.subscript) == 1 else None
    return only.text if isinstance(only, syntax.Number) else "another"
