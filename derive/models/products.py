"""Quantities that are given as products over an index, as these products: ᾱ_t = ∏_{s=1}^{t} α_s."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sympy import Basic, Product, S, Symbol

from derive.models.facts import atoms, matches
from derive.models.model import Model
from derive.terms import Equal, IndexFacts, Variable, free_variables, substitute

__all__ = ["as_products"]

_LETTERS = ("s", "k", "j", "i", "r", "m", "l", "u")


def as_products(model: Model, terms: Sequence[Basic], facts: IndexFacts) -> Iterator[Equal]:
    """f_t = ∏ g_s for each recursion f_t = g_t f_{t−1} from 1, at its members in terms that speak of a product."""
    recursions = [entry for entry in model.recursions if entry.base == S.One]
    if not recursions or not any(term.has(Product) for term in terms):
        return
    spoken = {str(symbol) for term in terms for symbol in term.atoms(Symbol)}
    index = Symbol(next(name for name in (*_LETTERS, "s_0") if name not in spoken))
    for recursion in recursions:
        factor: Any = recursion.step / recursion.previous()
        if recursion.previous() in free_variables(factor):
            continue
        body = substitute(factor, {recursion.index: index})
        for name in sorted(atoms(terms), key=str):
            if not isinstance(name, Variable) or matches(recursion.head, name) is None:
                continue
            if facts.at_most(recursion.first - 1, name.indices[0]) is True:
                yield Equal(name, Product(body, (index, recursion.first, name.indices[0])))
