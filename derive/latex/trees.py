"""Walks over syntax trees: what stands below a node, how a node is spelled, a tree with some nodes replaced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from derive.latex import syntax
from derive.latex.declarations import base_letter
from derive.latex.syntax import Node

FIELDS: dict[type, tuple[str, ...]] = {
    kind: tuple(
        name for name in kind.__dataclass_fields__
        if name not in ("start", "end") and (kind, name) != (syntax.Moment, "slots")
    )
    for kind in vars(syntax).values()
    if isinstance(kind, type) and issubclass(kind, Node)
}


_BELOW: dict[type, tuple[str, ...]] = {
    kind: () if kind is syntax.Name else tuple(
        part.name for part in fields(kind)
        if part.name in names and part.type not in ("str", "bool", "int", "list[str]")
    )
    for kind, names in FIELDS.items()
}  # fmt: skip
"""The fields in which nodes may stand."""

METHODS: dict[type, str] = {kind: "_" + kind.__name__.lower() for kind in FIELDS}
"""The name of the method that takes a kind of node, in the classes that dispatch on it."""


def children(node: Any) -> list[Node]:
    """The nodes directly below one, subscripts of names left out."""
    found: list[Node] = []
    for name in _BELOW[type(node)]:
        _collect(getattr(node, name), found)
    return found


def _collect(value: Any, found: list[Node]) -> None:
    if isinstance(value, Node):
        found.append(value)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _collect(item, found)


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it, from left to right."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(children(current)))


def is_capital(node: Node) -> bool:
    r"""Whether a name is written as a matrix is, with a capital: `A`, `\Sigma`, `\hat K`."""
    letter = base_letter(node.name) if isinstance(node, syntax.Name) else ""
    return letter.lstrip("\\")[:1].isupper()


def is_zero(node: Node) -> bool:
    """Whether a number is zero: 0, 0.0."""
    return isinstance(node, syntax.Number) and node.text.strip("0.") == ""


def spelled(node: Any) -> str:
    """A node's structure as text, the same for the same spelling wherever it stands."""
    if isinstance(node, syntax.Group):
        return spelled(node.body)
    if isinstance(node, Node):
        parts = [spelled(getattr(node, name)) for name in FIELDS[type(node)] if name not in ("bold", "upright")]
        return f"{type(node).__name__}({','.join(parts)})"
    if isinstance(node, (list, tuple)):
        return f"[{','.join(map(spelled, node))}]"
    return str(node)


def replaced(value: Any, by: Mapping[int, Node]) -> Any:
    """A tree, or a list of trees, with the nodes whose identity is in `by` replaced by what stands there."""
    if isinstance(value, Node):
        value = by.get(id(value), value)
        for name in FIELDS[type(value)] if not isinstance(value, syntax.Name) else ():
            setattr(value, name, replaced(getattr(value, name), by))
        return value
    if isinstance(value, (list, tuple)):
        return type(value)(replaced(item, by) for item in value)
    return value


def names_pi(node: syntax.Relations) -> bool:
    r"""Whether a line has \pi as a name and not as the number: 0 < \pi < 1, P(X = 1) = \pi."""
    for left, sign, right in zip(node.sides, node.signs, node.sides[1:], strict=False):
        for one, other, below in ((left, right, ("<", r"\le")), (right, left, (">", r"\ge"))):
            if not (isinstance(one, syntax.Name) and one.name == r"\pi" and one.subscript is None):
                continue
            if sign.symbol in below and isinstance(other, syntax.Number) and other.text == "1":
                return True
            if sign.symbol in ("=", ":=") and isinstance(other, syntax.Call) and other.head.name in ("P", "p"):
                return True
    return False
