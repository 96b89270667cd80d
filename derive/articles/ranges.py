r"""The range of an index that stands free: the one over which the text's own products and sums let it run.

`q(x_{1:T} \mid x_0) = ∏_{t=1}^{T} …` says that t is one of 1 … T, and `\bar\alpha_t = ∏_{s=1}^{t} …` that t begins at
1. It is a convention, so a report tells it where it begins to hold; a range that the text states goes before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Basic, Integer, Product, Symbol, Tuple

from derive.models import read_factorization
from derive.models.model import indices_in, links_of
from derive.terms import Chain, Definition, Equal, LessEqual, Relation, Statement, Variable, free_variables, walk

__all__ = ["Ranges", "ranges_in"]


def ranges_in(statement: Any) -> Iterator[tuple[Symbol, Statement]]:
    """The indices that a definition or an assumption lets run, each with its range."""
    for part in links_of(statement):
        if not isinstance(part, (Equal, Definition)):
            continue
        made = read_factorization(part.lhs, part.rhs)
        for factor in made.factors if made is not None else ():
            if factor.index is not None:
                yield factor.index, Chain(LessEqual(factor.lower, factor.index), LessEqual(factor.index, factor.upper))
        if isinstance(part.lhs, Variable) and len(part.lhs.indices) == 1:
            index = part.lhs.indices[0]
            yield from _along(part)
            for limits in _limits(part.rhs):
                if isinstance(index, Symbol) and limits[2] == index and index not in limits[1].free_symbols:
                    yield index, LessEqual(limits[1], index)


def _along(part: Any) -> Iterator[tuple[Symbol, Statement]]:
    """The range of k in `y_{k+1} = y_k + …`: that no y stands before y_0."""
    family = [item for item in free_variables(part.rhs) if isinstance(item, Variable) and item.name == part.lhs.name]
    places = [item.indices[0] for item in (part.lhs, *family) if len(item.indices) == 1]
    symbols = {symbol for place in places for symbol in place.free_symbols}
    if not family or len(symbols) != 1:
        return
    (index,) = symbols
    steps = [place - index for place in places]
    if all(isinstance(step, Integer) for step in steps):
        yield index, LessEqual(-min(steps), index)


def _limits(term: Any) -> Iterator[Tuple]:
    for _, node in walk(term):
        if isinstance(node, Product) or type(node).__name__ == "Sum":
            yield from node.limits


@dataclass
class Ranges:
    """What a document has said so far."""

    said: dict[Symbol, Statement]

    def take(self, statement: Any) -> list[Statement]:
        """Takes in what a statement says of indices of which nothing was said; gives what is new."""
        new = []
        for index, said in ranges_in(statement):
            known = self.said.get(index)
            if known is None or (isinstance(said, Chain) and not isinstance(known, Chain)):
                self.said[index] = said
                new.append(said)
        return new

    def for_terms(self, terms: Iterable[Any], stated: Iterable[Any]) -> list[Statement]:
        """The ranges of the indices that stand free in some terms and of which nothing is stated."""
        items = [term for term in terms if isinstance(term, Basic)]
        free = {symbol for term in items for symbol in indices_in((term,)) & term.free_symbols}
        bounded = {
            symbol for item in stated for part in links_of(item) if isinstance(part, Relation)
            and part.free_symbols and all(isinstance(symbol, Symbol) for symbol in part.free_symbols)
            and len(part.free_symbols) <= 2 for symbol in part.free_symbols & free if _bare(part, symbol)
        }  # fmt: skip
        return [said for index, said in self.said.items() if index in free - bounded]


def _bare(part: Relation, symbol: Symbol) -> bool:
    """Whether a relation is about an index itself: t ≥ 2, s < t."""
    return part.lhs == symbol or part.rhs == symbol
