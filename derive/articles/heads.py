"""Names as they can be defined: with their indices, a concrete one being a name of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sympy import Basic, Symbol

from derive.models.model import links_of
from derive.terms import (
    Application,
    Definition,
    Density,
    Distributed,
    Equal,
    Label,
    Run,
    Sort,
    Statement,
    Variable,
    walk,
)

__all__ = ["Head", "determined", "head_of", "heads_in", "laws_in", "overlaps"]


@dataclass(frozen=True)
class Head:
    """A name as it can be defined: with its indices, a concrete one being a name of its own."""

    name: str
    kind: str
    indices: tuple[Basic, ...] = ()

    def __str__(self) -> str:
        return self.name


def head_of(term: Any) -> Head | None:
    """The head that a left side is, if it has the form of one."""
    match term:
        case Symbol():
            return Head(term.name, "name")
        case Variable():
            return Head(term.name, "name", tuple(term.indices)) if _distinct(term.indices) else None
        case Application():
            arguments = tuple(term.args[3:])
            good = _distinct((*term.indices, *arguments))
            return Head(str(term.name), "function", tuple(term.indices)) if good else None
    return None


def _distinct(arguments: Iterable[Any]) -> bool:
    """Whether arguments are different symbols, or numbers."""
    items = [item for item in arguments if getattr(item, "free_symbols", None) or isinstance(item, (Symbol, Variable))]
    return all(isinstance(item, (Symbol, Variable)) for item in items) and len(set(items)) == len(items)


def heads_in(terms: Iterable[Basic]) -> set[Head]:
    """All names of some terms, as heads; those of dimensions left out."""
    found: set[Head] = set()
    waiting: list[Any] = list(terms)
    while waiting:
        node = waiting.pop()
        if isinstance(node, Sort):
            continue
        if isinstance(node, Symbol):
            found.add(Head(node.name, "name"))
        elif isinstance(node, Variable):
            found.add(Head(node.name, "name", tuple(node.indices)))
        elif isinstance(node, Run):
            found.add(Head(str(node.name), "name", (Symbol("·"),)))
        elif isinstance(node, Application):
            found.add(Head(str(node.name), "function", tuple(node.indices)))
        waiting += node.args
    return found


def laws_in(terms: Iterable[Basic]) -> set[str]:
    """The names of the laws that some terms speak of."""
    return {str(node.law.name) for term in terms for _, node in walk(term) if isinstance(node, Density)}


def overlaps(head: Head, other: Head) -> bool:
    """Whether two heads may be one: the same name, and no index in which both have different numbers.

    y is no member of the family y_k.
    """
    if head.name != other.name or bool(head.indices) != bool(other.indices):
        return False
    if len(head.indices) != len(other.indices):
        return True
    pairs = list(zip(head.indices, other.indices, strict=True))
    if any(_fixed(a) and _fixed(b) and a != b for a, b in pairs):
        return False
    return not any(_apart(a, c, b, d) for (a, b), (c, d) in combinations(pairs, 2))


def _apart(first: Any, second: Any, other: Any, last: Any) -> bool:
    r"""Whether two indices lie apart by other numbers in two heads: those of μ_{t|t-1} and of μ_{t|t}."""
    if any(isinstance(index, Label) for index in (first, second, other, last)):
        return False
    here, there = second - first, last - other
    return bool(here.is_Integer and there.is_Integer and here != there)


def _fixed(index: Basic) -> bool:
    """Whether an index is one for good: a number, or a label such as that of \\epsilon_{cond}."""
    return isinstance(index, Label) or bool(index.is_Integer)


def determined(statements: Iterable[Any]) -> set[Head]:
    """The names to which some statements give a value or a law; those that they only mention stay free."""
    found: set[Head] = set()
    indices: set[Head] = set()
    for part in (link for item in statements if isinstance(item, Statement) for link in links_of(item)):
        if isinstance(part, Distributed):
            found |= heads_in((part.variable,))
        elif isinstance(part, (Equal, Definition)) and isinstance(part.lhs, Density):
            found |= heads_in(part.lhs.variables)
        elif isinstance(part, (Equal, Definition)) and isinstance(part.lhs, Application):
            found.add(Head(str(part.lhs.name), "function", tuple(part.lhs.indices)))
        elif isinstance(part, (Equal, Definition)):
            found |= heads_in((part.lhs,))
        else:
            continue
        inside = [node for _, node in walk(part.variable if isinstance(part, Distributed) else part.lhs)]
        indices |= heads_in(index for node in inside if isinstance(node, Variable) for index in node.indices)
    return found - indices
