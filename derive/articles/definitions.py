r"""Which relations define: those with `:=`, and those whose left side is new.

The head of a definition is a name (with distinct symbols as its indices or arguments) that nothing determines yet; the
right side speaks of no index that the head does not carry, and not of the head itself. A law may be defined where
nothing is said of it yet; mentioning it does not determine it. What the model determines is never defined again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sympy import Basic, Symbol

from derive.models.model import Model, indices_in
from derive.terms import (
    Application,
    Definition,
    Density,
    Distributed,
    Equal,
    Normal,
    Run,
    Statement,
    Variable,
    free_variables,
    walk,
)

__all__ = ["Head", "defines", "head_of", "heads_in", "laws_in", "loose", "overlaps"]


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
    """All names of some terms, as heads."""
    found: set[Head] = set()
    for term in terms:
        for _, node in walk(term):
            if isinstance(node, Symbol):
                found.add(Head(node.name, "name"))
            elif isinstance(node, Variable):
                found.add(Head(node.name, "name", tuple(node.indices)))
            elif isinstance(node, Run):
                found.add(Head(str(node.name), "name", (Symbol("·"),)))
            elif isinstance(node, Application):
                found.add(Head(str(node.name), "function", tuple(node.indices)))
    return found


def laws_in(terms: Iterable[Basic]) -> set[str]:
    """The names of the laws that some terms speak of."""
    return {str(node.law.name) for term in terms for _, node in walk(term) if isinstance(node, Density)}


def overlaps(head: Head, other: Head) -> bool:
    """Whether two heads may be one: the same name, and no index in which both have different numbers."""
    if head.name != other.name:
        return False
    if len(head.indices) != len(other.indices):
        return True
    pairs = zip(head.indices, other.indices, strict=True)
    return not any(a.is_Integer and b.is_Integer and a != b for a, b in pairs)


def defines(link: Statement, known: Iterable[Head], model: Model) -> Head | None:
    """The head that a relation defines, or None where it is a claim. `known` are the names that occurred before."""
    if isinstance(link, Distributed):
        head = head_of(link.variable)
        return head if head is not None and not any(overlaps(head, other) for other in known) else None
    if not isinstance(link, (Equal, Definition)):
        return None
    if isinstance(link.lhs, Density):
        return _law(link, known, model)
    head = head_of(link.lhs)
    if head is None or any(overlaps(head, other) for other in known):
        return None
    return None if any(overlaps(head, other) for other in heads_in((link.rhs,))) else head


def _law(link: Any, known: Iterable[Head], model: Model) -> Head | None:
    """A law of which nothing is said yet may be given as a Gaussian; a Gaussian with new parts names these."""
    name, body = str(link.lhs.law.name), link.rhs
    if not isinstance(body, Normal):
        return None
    spoken = {str(law.lhs.law.name) for law in model.laws} | {str(entry.law.name) for entry in model.factorizations}
    if name not in spoken:
        return Head(name, "law")
    parts = [head_of(part) for part in (body.mean, _scale(body.covariance))]
    fresh = [head for head in parts if head is not None and not any(overlaps(head, other) for other in known)]
    return Head(name, "names") if len(fresh) == len(parts) else None


def _scale(covariance: Any) -> Any:
    r"""`\tilde\beta_t` of `\tilde\beta_t I`."""
    named = [node for node in getattr(covariance, "args", ()) if isinstance(node, (Symbol, Variable, Application))]
    return named[0] if len(named) == 1 and not isinstance(covariance, (Symbol, Variable, Application)) else covariance


def loose(link: Any) -> frozenset[Basic]:
    """The indices and variables of a definition's right side that its head does not carry."""
    if isinstance(link, Distributed) or isinstance(link.lhs, Density):
        return frozenset()
    carried = free_variables(link.lhs) | set(link.lhs.free_symbols)
    indices = indices_in((link,))
    points = {item for item in free_variables(link.rhs) if isinstance(item, Variable) and item.sort.kind == "vector"}
    spoken = set(link.rhs.free_symbols)
    return frozenset(item for item in (points | (indices & spoken)) if item not in carried and str(item) not in "TNKd")
