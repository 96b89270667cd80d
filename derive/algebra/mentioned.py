"""What terms speak of, found in one walk: how their names are to be drawn, and which roots of matrices they take."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sympy import (
    Abs,
    Add,
    Basic,
    Integer,
    Max,
    Min,
    Mul,
    Pow,
    Product,
    Rational,
    S,
    Sum,
    Symbol,
    cos,
    cosh,
    exp,
    log,
    sign,
    sin,
    sinh,
    tan,
    tanh,
)

from derive.terms import Inner, Inverse, MatrixPower, Norm, Run, Variable, free_variables

_LEAVES = {Symbol, Integer, Rational, *(type(number) for number in (S.One, S.Zero, S.NegativeOne, S.Half))}
_PLAIN = {Add, Mul}
"""Nodes of which only the parts matter."""

ELEMENTARY = {
    Variable, Inner, Norm, Pow, exp, log, Abs, sign, Max, Min, cos, sin, tan, cosh, sinh, tanh,
    type(S.Pi), type(S.Exp1),
}  # fmt: skip
"""Nodes beside sums and products that a formula about numbers and lengths is made of."""


class Mentioned:
    """The names in some terms: whole numbers, sizes, indexed variables (whose points should be distinct); and roots.

    `elementary` says that the terms are made of names without indices by elementary functions and lengths of vectors,
    and `plain` that no name in them is special.
    """

    def __init__(self, terms: Iterable[Any]) -> None:
        self.whole, self.sizes, self.summed = set[Any](), set[Any](), False
        self.indexed: set[Variable] = set()
        self.variables: set[Variable] = set()
        self.powers: list[MatrixPower] = []
        self.inverted = False
        terms = tuple(terms)
        stack, seen, kinds = list(terms), set[int](), set[type]()
        while stack:
            node = stack.pop()
            kind = type(node)
            if kind in _LEAVES or id(node) in seen:
                continue
            seen.add(id(node))
            if kind is Variable:
                self.variables.add(node)
                continue
            if kind not in _PLAIN:
                kinds.add(kind)
                if kind is Pow:
                    if type(node.args[1]) is Symbol:
                        self.whole.add(node.args[1])
                elif kind not in ELEMENTARY:
                    if kind is Run or not isinstance(node, Basic):
                        continue
                    self._other(node)
            stack += node.args
        for node in self.variables:
            indexed, indices, sizes = _spoken(node)
            if indexed:
                self.indexed.add(node)
                self.whole |= indices
            self.sizes |= sizes
        self.whole |= self.sizes
        if self.whole:
            free = frozenset[Any]().union(*map(free_variables, terms))
            self.indexed = {item for item in self.indexed if all(i.free_symbols <= free for i in item.indices)}
            self.whole &= free
        self.elementary = kinds <= ELEMENTARY and not any(item.indices for item in self.variables)
        self.plain = not (self.whole or self.indexed or self.summed)

    def _other(self, node: Basic) -> None:
        """A node that is more than its parts."""
        if isinstance(node, Pow):
            if isinstance(node.exp, Symbol):
                self.whole.add(node.exp)
        elif isinstance(node, (Sum, Product)):
            self.summed = True
            for limit in node.limits:
                for bound in limit[1:]:
                    self.whole |= bound.free_symbols
        elif isinstance(node, Inverse):
            self.inverted = True
        elif isinstance(node, MatrixPower):
            self.powers.append(node)


@lru_cache(maxsize=4096)
def _spoken(variable: Variable) -> tuple[bool, frozenset[Any], frozenset[Any]]:
    """Whether a variable has indices, and the symbols of its indices and of its size."""
    indices, shape = variable.indices, variable.sort.shape
    symbols = (frozenset[Any]().union(*(part.free_symbols for part in parts)) for parts in (indices, shape))
    return bool(indices), *symbols  # type: ignore[return-value]


@lru_cache(maxsize=1024)
def mentioned(term: Any) -> Mentioned:
    """What one term speaks of."""
    return Mentioned((term,))
