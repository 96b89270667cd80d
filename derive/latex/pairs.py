r"""Sums over pairs of indices: `\sum_{i<j}`, `\sum_{i \ne j}`, `\sum_{1 \le i < j \le n}`, `\prod_{s \le t}`.

`i < j` under a sum binds i alone where the statement speaks of j outside of it, as
`\bar\alpha_t = \prod_{s \le t} \alpha_s` does of t; else it is over all such pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from derive.latex import syntax
from derive.latex.syntax import Node
from derive.latex.trees import FIELDS, walk

ORDERED = ("<", r"\le")


def plus(node: Node, number: int) -> Node:
    """The node and 1 or -1; the node itself for 0."""
    one = syntax.Number(node.end, node.end, "1")
    return syntax.Sum(node.start, node.end, [(1, node), (number, one)]) if number else node


def chained(items: list[Node], signs: list[str]) -> tuple[list[Node], list[tuple[Node, Node]]] | None:
    r"""The indices of `1 \le i < j \le n`, the outer first, and the range of each; None for another chain."""
    if len(items) not in (3, 4) or any(sign not in ORDERED for sign in signs):
        return None
    first, *indices, last = items
    lower, upper = plus(first, signs[0] == "<"), plus(last, -(signs[-1] == "<"))
    if len(indices) == 1:
        return indices, [(lower, upper)]
    inner, outer = indices
    return [outer, inner], [(lower, upper), (lower, plus(outer, -(signs[1] == "<")))]


def paired(statement: Node, note: Callable[[str], None], shown: Callable[[Node], str]) -> None:
    """Give the sums of a statement over pairs their second index."""
    for node in list(walk(statement)):
        if isinstance(node, syntax.Big) and node.relation in (*ORDERED, r"\ne") and node.upper is None:
            other = node.lower
            if isinstance(other, syntax.Name) and other.subscript is None and not _outside(statement, node, other.name):
                assert node.index is not None
                inner = replace(node)
                note(f"{shown(node)} is read as over all pairs of {node.index.name} and {other.name}")
                node.index, node.lower, node.relation, node.body = other, None, "=", inner


def _outside(tree: Any, inside: Node, name: str) -> bool:
    """Whether a tree speaks of a name, subscripts included, outside of one of its nodes."""
    return name in _spoken(tree, inside)


def _spoken(tree: Any, inside: Node) -> Iterator[str]:
    if tree is inside:
        return
    if isinstance(tree, syntax.Name):
        yield tree.name
        for part in tree.subscript or ():
            yield from _spoken(part, inside)
    elif isinstance(tree, Node):
        for name in FIELDS[type(tree)]:
            yield from _spoken(getattr(tree, name), inside)
    elif isinstance(tree, (list, tuple)):
        for item in tree:
            yield from _spoken(item, inside)
