"""Which symbols are continuous: a t that runs through the real numbers, and counts nothing, though it is a subscript.

A symbol is continuous where a statement bounds it by 1 or less (0 < t < 1), says that it is a real number,
differentiates in it or integrates over it, and nowhere does it end a sum, a product or a run. So is one that is
compared with such a symbol, the s of 0 < s < t < 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from sympy import Basic, Product, Sum, Symbol

from derive.terms.names import Run
from derive.terms.operators import Gradient, Integral
from derive.terms.sorts import SCALAR
from derive.terms.statements import Chain, Greater, GreaterEqual, Less, LessEqual, Member


def times_in(statements: Iterable[Basic]) -> frozenset[Symbol]:
    """The continuous symbols of some statements and terms."""
    found: set[Symbol] = set()
    counted: set[Symbol] = set()
    pairs: set[frozenset[Symbol]] = set()
    for statement in statements:
        continuous, counting, compared = _times(statement)
        found |= continuous
        counted |= counting
        pairs |= compared
    found -= counted
    while reached := {symbol for pair in pairs if pair & found for symbol in pair} - found - counted:
        found |= reached
    return frozenset(found)


@lru_cache(maxsize=4096)
def _times(statement: Basic) -> tuple[frozenset[Symbol], frozenset[Symbol], frozenset[frozenset[Symbol]]]:
    """What a statement says is continuous, what it counts with, and which symbols it compares."""
    found: set[Symbol] = set()
    counted: set[Basic] = set()
    pairs: set[frozenset[Symbol]] = set()
    for part in statement.links if isinstance(statement, Chain) else (statement,):
        small, large = part.args[:2] if isinstance(part, (Less, LessEqual, Greater, GreaterEqual)) else (None, None)
        if isinstance(part, (Greater, GreaterEqual)):
            small, large = large, small
        if isinstance(small, Symbol) and large == 1:
            found.add(small)
        if isinstance(small, Symbol) and isinstance(large, Symbol):
            pairs.add(frozenset((small, large)))
        if isinstance(part, Member) and part.domain == SCALAR and isinstance(part.variable, Symbol):
            found.add(part.variable)
    stack = [statement]
    while stack:
        node = stack.pop()
        if isinstance(node, Gradient) and isinstance(node.variable, Symbol):
            found.add(node.variable)
        elif isinstance(node, Integral):
            found |= {limit[0] for limit in node.limits if len(limit) == 3 and isinstance(limit[0], Symbol)}
        elif isinstance(node, (Sum, Product)):
            for limit in node.limits:
                counted = counted.union(*(end.free_symbols for end in limit))
        elif isinstance(node, Run):
            counted |= node.lower.free_symbols | node.upper.free_symbols
        stack.extend(node.args)
    return frozenset(found), frozenset(symbol for symbol in counted if isinstance(symbol, Symbol)), frozenset(pairs)
