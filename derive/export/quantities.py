r"""What a model says of its scalars, as a program sees it: which are arrays, which are defined, which are recursions.

array       β_t: handed in, one number for each index
definition  α_t = 1 − β_t: a function of arrays and of its indices
product     ᾱ_t = ∏ α_s, that is ᾱ_t = α_t ᾱ_{t−1} from 1: a function, and its logarithm is a sum
recursion   v_t = a_t² v_{t−1} + s_t² from 0: a function that runs through the indices
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sympy import Basic, Integer, Mul, Symbol

from derive.errors import InputError
from derive.export.naming import python_name
from derive.models import Model
from derive.models.model import Recursion
from derive.terms import Application, Density, Equal, Variable, is_scalar, mentions, substitute

__all__ = ["Quantities", "leaves"]


@dataclass(frozen=True)
class Quantities:
    """The scalars of a model: definitions and recursions by the name of what they define."""

    model: Model
    definitions: Mapping[str, Equal]
    recursions: Mapping[str, Recursion]
    starts: Mapping[str, int]
    indices: frozenset[Symbol]

    @classmethod
    def of(cls, model: Model, starts: Mapping[str, int], indices: frozenset[Symbol] = frozenset()) -> Quantities:
        definitions = {
            entry.lhs.name: entry
            for entry in model.definitions
            if isinstance(entry.lhs, Variable) and is_scalar(entry.lhs) and _universal(entry.lhs.indices)
        }
        recursions = {entry.head.name: entry for entry in model.recursions if entry.base is not None}
        return cls(model, definitions, recursions, starts, model.indices | indices)

    def defined(self, term: Basic) -> bool:
        """Whether the term is a quantity that the model gives by others."""
        return isinstance(term, Variable) and (term.name in self.definitions or term.name in self.recursions)

    def head(self, name: str) -> Variable:
        """The quantity in the indices it is defined in: ᾱ_t."""
        found = self.definitions.get(name)
        return found.lhs if found is not None else self.recursions[name].head  # type: ignore[return-value]

    def value(self, term: Variable) -> Basic:
        """What a definition gives for the quantity at its indices."""
        entry = self.definitions[term.name]
        return substitute(entry.rhs, dict(zip(entry.lhs.indices, term.indices, strict=True)))  # type: ignore[attr-defined]

    def factor(self, name: str) -> Basic | None:
        """g_t where f_t = g_t f_{t−1} from 1: what a product is made of; None for another recursion."""
        entry = self.recursions[name]
        previous = entry.previous()
        factors = Mul.make_args(entry.step)
        others = [factor for factor in factors if factor != previous]
        if entry.base != 1 or len(others) != len(factors) - 1:
            return None
        step = Mul(*others)
        return step if mentions(step, previous) is False else None

    def ingredients(self, term: Basic) -> tuple[Basic, ...]:
        """The leaves that a term is computed from, definitions unfolded: arrays, symbols, vectors, without indices."""
        found: dict[Basic, None] = {}
        todo, seen = [term], set()
        while todo:
            for leaf in leaves(todo.pop()):
                if self.defined(leaf):
                    name = leaf.name  # type: ignore[attr-defined]
                    if name not in seen:
                        seen.add(name)
                        body = self.definitions[name].rhs if name in self.definitions else self.recursions[name].step
                        todo.append(body)
                elif leaf not in self.indices and not self.is_size(leaf):
                    found[self.array(leaf) if self.is_array(leaf) else leaf] = None
        return tuple(found)

    def arguments(self, name: str) -> tuple[str, ...]:
        """What the function of a quantity takes: arrays and numbers, then its indices."""
        head = self.head(name)
        return (*(python_name(part) for part in self.ingredients(head)), *map(str, head.indices))

    def is_array(self, leaf: Basic) -> bool:
        """Whether the leaf is one number of an array that is handed in."""
        indexed = isinstance(leaf, Variable) and is_scalar(leaf) and bool(leaf.indices)
        return indexed and not self.defined(leaf) and leaf.name not in self.random  # type: ignore[attr-defined]

    @cached_property
    def random(self) -> frozenset[str]:
        """The names of what the model has laws of: their values are handed in one by one."""
        densities = [law.lhs for law in self.model.given_densities if isinstance(law.lhs, Density)]
        spoken = [part for density in densities for part in (*density.variables, *(pair[0] for pair in density.givens))]
        return frozenset(str(part.name) for part in spoken)

    def array(self, leaf: Any) -> Variable:
        """The one leaf that stands for all of an array: σ_t for σ_t, σ_{t−1} and σ_0."""
        if len(leaf.indices) != 1:
            raise InputError(f"{leaf} has several indices and no definition: no array of numbers can stand for it")
        index = next((i for i in sorted(self.indices, key=str) if not self.is_size_index(i)), Symbol("t"))
        return Variable(leaf.name, leaf.sort, index)

    def is_size(self, leaf: Basic) -> bool:
        """Whether the leaf is the dimension of the space, which the arrays' shapes tell."""
        return isinstance(leaf, Symbol) and leaf.name == "d"

    def is_size_index(self, index: Symbol) -> bool:
        return index in self.model.sizes or str(index.name).isupper()

    def start(self, name: str) -> int:
        """The index of an array's first element; the name is Python's."""
        return self.starts.get(name, 1)


def leaves(term: Any) -> Iterator[Basic]:
    """The names a value is computed from, in the order they stand; indices of indexed names are not looked into."""
    if isinstance(term, (Symbol, Variable, Application)):
        yield term
        if isinstance(term, Variable):
            yield from (part for index in term.indices for part in sorted(index.free_symbols, key=str))
        return
    for arg in getattr(term, "args", ()):
        yield from leaves(arg)


def _universal(indices: tuple[Basic, ...]) -> bool:
    return all(isinstance(index, Symbol) for index in indices) and not any(isinstance(i, Integer) for i in indices)
