"""What a term means, in a miniature world: an independent judge of binding and substitution.

Variables, symbols and indices have numbers as values; densities and unknown functions are arbitrary but fixed functions
of theirs; a binder is a fixed functional of its body as a function of what it binds. Nothing of `derive.terms.binding`
is used. Two terms that mean the same for all worlds have the same value here, whatever the functionals are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from hashlib import blake2b
from itertools import product
from math import prod
from typing import Any

from sympy import Add, Basic, Mul, Pow, Product, Rational, Sum, Symbol

from derive.terms import (
    KL,
    Application,
    CrossEntropy,
    Density,
    Entropy,
    Expectation,
    Gradient,
    Integral,
    Normal,
    Run,
    Variable,
    Variance,
)

Name = tuple[str, tuple[Fraction, ...]]


def arbitrary(*key: object) -> Fraction:
    """A number from −6 to 6 that is fixed by the key."""
    return Fraction(int.from_bytes(blake2b(repr(key).encode(), digest_size=4).digest(), "big") % 13 - 6)


@dataclass(frozen=True)
class World:
    """Values of names: a name is the text with the numbers its indices have; what is not given is arbitrary."""

    seed: int
    given: Mapping[Name, Fraction] = field(default_factory=dict)

    def at(self, name: Name) -> Fraction:
        return self.given[name] if name in self.given else arbitrary(self.seed, name)

    def where(self, values: Mapping[Name, Fraction]) -> World:
        return replace(self, given={**self.given, **values})

    def names(self, point: Basic) -> list[Name]:
        """The names that a symbol, a variable or a run stands for here."""
        if isinstance(point, Symbol):
            return [(str(point.name), ())]
        if isinstance(point, Variable):
            return [(point.name, tuple(self.value(index) for index in point.indices))]
        assert isinstance(point, Run)
        return [(point.name, (index,)) for index in self.range(point.lower, point.upper)]

    def range(self, lower: Basic, upper: Basic) -> list[Fraction]:
        first, last = self.value(lower), self.value(upper)
        assert first.denominator == last.denominator == 1 and last - first < 12
        return [Fraction(number) for number in range(int(first), int(last) + 1)]

    def value(self, term: Any) -> Fraction:
        """The number that a term is."""
        match term:
            case Rational():
                return Fraction(int(term.p), int(term.q))
            case Symbol() | Variable():
                return self.at(self.names(term)[0])
            case Add():
                return sum((self.value(arg) for arg in term.args), Fraction(0))
            case Mul():
                return prod((self.value(arg) for arg in term.args), start=Fraction(1))
            case Pow():
                return self.value(term.base) ** int(term.exp)
            case Application():
                indices = [self.value(index) for index in term.indices]
                return arbitrary(term.name, indices, [self.value(arg) for arg in term.arguments])
            case Normal():
                return arbitrary("normal", *(self.value(arg) for arg in term.args))
            case Density():
                law = (term.law.name, tuple(self.value(index) for index in term.law.indices))
                return arbitrary("density", law, *(sorted(self._pairs(side)) for side in (term.targets, term.givens)))
            case Sum():
                return sum(self._terms(term), Fraction(0))
            case Product():
                return prod(self._terms(term), start=Fraction(1))
            case Expectation() | Variance():
                power = 2 if isinstance(term, Variance) else 1
                return sum(
                    (world._weight(term.measure, self) * world.value(term.body) ** power
                     for world in self._bound(term.bound)),
                    Fraction(0),
                )  # fmt: skip
            case KL() | CrossEntropy():
                scale = 3 if isinstance(term, KL) else 5
                return sum(
                    (world.value(term.p) * (scale + world.value(term.q)) for world in self._bound(term.bound)),
                    Fraction(0),
                )
            case Entropy():
                return sum((world.value(term.p) ** 3 for world in self._bound(term.bound)), Fraction(0))
            case Integral():
                return sum((world.value(term.body) * weight for world, weight in self._limits(term)), Fraction(0))
            case Gradient():
                (name,), point = self.names(term.variable), self.value(term.point)
                here, there = (self.where({name: point + step}).value(term.body) for step in (0, 1))
                return there - here
        raise AssertionError(f"a {type(term).__name__} has no meaning here")

    def _pairs(self, side: Any) -> Iterator[tuple[Name, Fraction]]:
        for variable, point in side:
            names = self.names(variable)
            if isinstance(point, Run):
                yield from zip(names, (self.at(name) for name in self.names(point)), strict=True)
            else:
                yield names[0], self.value(point)

    def _terms(self, term: Any) -> Iterator[Fraction]:
        *inner, (index, lower, upper) = term.limits
        body = term.func(term.function, *inner) if inner else term.function
        for number in self.range(lower, upper):
            yield self.where({(str(index.name), ()): number}).value(body)

    def _bound(self, points: tuple[Basic, ...]) -> Iterator[World]:
        names = sorted({name for point in points for name in self.names(point)})
        for values in product((Fraction(0), Fraction(1)), repeat=len(names)):
            yield self.where(dict(zip(names, values, strict=True)))

    def _weight(self, measure: Any, outside: World) -> Fraction:
        """The measure's density at the bound values; what does not stand left of the bar is outside the binder."""
        if isinstance(measure, Normal):
            return arbitrary("normal", self.value(measure.point), *(outside.value(arg) for arg in measure.args[1:]))
        law = (measure.law.name, tuple(outside.value(index) for index in measure.law.indices))
        names = [(outside.names(variable), self.names(point)) for variable, point in measure.targets]
        targets = [pair for many, points in names for pair in zip(many, map(self.at, points), strict=True)]
        return arbitrary("density", law, sorted(targets), sorted(outside._pairs(measure.givens)))

    def _limits(self, term: Integral) -> Iterator[tuple[World, Fraction]]:
        worlds = [(self, Fraction(1))]
        for variable, *ends in term.limits:
            if ends:
                (name,) = self.names(variable)
                edges = [self.value(end) for end in ends]
                worlds = [
                    (world.where({name: edge}), weight * sign)
                    for world, weight in worlds for edge, sign in zip(edges, (-1, 2), strict=True)
                ]  # fmt: skip
            else:
                worlds = [(inner, weight) for world, weight in worlds for inner in world._bound((variable,))]
        yield from worlds
