r"""How far a sum without brackets reaches: `\sum_j x_j \log p_j + (1 - x_j) \log (1 - p_j)` is meant over both terms.

A sum takes the product that follows. Where a later term speaks of its index, and nothing else in the statement does,
the index can only be that of the sum: it is read as reaching that far, and noted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from derive.latex import syntax
from derive.latex.syntax import Node
from derive.latex.trees import FIELDS, walk


def extended(statement: Node, note: Callable[[str], None], shown: Callable[[Node], str]) -> None:
    """Let the sums of a statement reach as far as their indices are spoken of."""
    for node in list(walk(statement)):
        if isinstance(node, syntax.Sum):
            _extend(node, statement, note, shown)


def _extend(terms: syntax.Sum, statement: Node, note: Callable[[str], None], shown: Callable[[Node], str]) -> None:
    for place in range(len(terms.terms) - 1):
        big = _last_factor(terms.terms[place][1])
        if big is None or big.index is None or big.index.subscript is not None:
            continue
        index = big.index.name
        later = terms.terms[place + 1 :]
        speaking = [at for at, (_, term) in enumerate(later) if index in set(_free(term))]
        if not speaking:
            continue
        count = speaking[-1] + 1
        taken = sum(list(_free(term)).count(index) for _, term in later[:count])
        if list(_free(statement)).count(index) != taken:
            continue
        first = big.body
        inside = first.terms if isinstance(first, syntax.Sum) else [(1, first)]
        end = later[count - 1][1].end
        big.body = syntax.Sum(first.start, end, [*inside, *later[:count]])
        for node in (big, terms.terms[place][1]):
            node.end = end
        del terms.terms[place + 1 : place + 1 + count]
        note(f"{shown(big)}: the sum is read as reaching to the end of this")
        return


def _averaged(node: syntax.Relative | syntax.Moment | syntax.Integration) -> Iterator[syntax.Name]:
    """The names that a divergence, an expectation or an integral binds."""
    match node:
        case syntax.Integration():
            yield from node.variables
        case syntax.Relative():
            sides: list[Node] = [node.left, node.right]
        case syntax.Moment():
            sources = node.sources or []
            sides = [item for source in sources for item in (*source.variables, *([source.law] if source.law else []))]
    if not isinstance(node, syntax.Integration):
        for side in sides:
            items = side.slots.groups[0] if isinstance(side, syntax.Call) else [side]
            yield from (item for item in items if isinstance(item, syntax.Name))


def _last_factor(term: Node) -> syntax.Big | None:
    """The sum without brackets that a term ends with."""
    if isinstance(term, syntax.Juxtaposition):
        term = term.factors[-1]
    return term if isinstance(term, syntax.Big) and term.operator == "sum" else None


def _free(node: Any, bound: frozenset[str] = frozenset()) -> Iterator[str]:
    """The names in a tree, subscripts included, that no sum or product around them binds."""
    if isinstance(node, syntax.Big) and node.index is not None:
        for part in (node.lower, node.upper):
            yield from _free(part, bound)
        yield from _free(node.body, bound | {node.index.name})
        return
    if isinstance(node, (syntax.Relative, syntax.Moment, syntax.Integration)):
        bound |= {item.name for item in _averaged(node)}
    if isinstance(node, syntax.Name):
        if node.name not in bound:
            yield node.name
        for part in node.subscript or ():
            yield from _free(part, bound)
    elif isinstance(node, Node):
        for name in FIELDS[type(node)]:
            yield from _free(getattr(node, name), bound)
    elif isinstance(node, (list, tuple)):
        for item in node:
            yield from _free(item, bound)
