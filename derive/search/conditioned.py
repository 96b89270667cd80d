"""What a claim conditions on has a positive density: p(x | y) is spoken of only at points where p(y) > 0.

What it inverts is invertible.

A claim is about the values at which its sides are defined, so a proof may use this at the claim's own points; the
verdict says that it did. Nothing is said of points that a binder of the claim takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from sympy import Basic, Mul, Pow, Product, Sum, log

from derive.grounds.conditions import STARTED
from derive.grounds.context import Discharge, Given
from derive.kernel import Theorem
from derive.models import Model
from derive.terms import (
    Density,
    Determinant,
    Divergence,
    Gradient,
    Intersection,
    Inverse,
    Probability,
    Statement,
    alpha_equal,
    binding,
    contained,
    mentions,
    substitute,
    walk,
)
from derive.terms.statements import Greater, Unequal

__all__ = ["Conditioned", "conditioned_on"]

_MOST_POINTS = 3


@dataclass(frozen=True)
class Conditioned:
    """What may be assumed of the densities of a claim at its points; each with the positive density it follows from."""

    whole: Mapping[Statement, Statement]

    @property
    def given(self) -> tuple[Given, ...]:
        """The hypotheses of a proof."""
        return tuple(map(Given, self.whole))

    def used(self, theorem: Theorem) -> tuple[Statement, ...]:
        """What the steps of a proof rest on of it, said as of the densities that the claim itself has."""
        used = [(entry.condition.args[0], entry.how) for entry in _discharged(theorem)]
        return tuple(dict.fromkeys(
            whole for part, whole in self.whole.items()
            if any(alpha_equal(part.args[0], condition) or (how == STARTED and _of_both(part.args[0], condition))
                   for condition, how in used)
        ))  # fmt: skip


def conditioned_on(statement: Statement, model: Model) -> Conditioned:
    """p(y) > 0 for each p(x | y) and each quotient by p(y) in the claim, and what that says of parts of y; det M ≠ 0
    for each M⁻¹.

    What a law is only given from (x_0, where q(x_{1:T} | x_0) is all that is known) stays right of the bar, unless the
    claim itself has it left of one.
    """
    found: dict[Statement, Statement] = {}
    for density in _spoken(_with_ends(statement.args[:2], model), frozenset()):
        roots = _roots(density, model, statement)
        known = [pair for pair in (*density.targets, *density.givens) if pair[0] in roots]
        pairs = [pair for pair in (*density.targets, *density.givens) if pair[0] not in roots]
        whole = Greater(Density(density.law, pairs, known), 0)
        if not pairs:
            continue
        found.setdefault(Greater(density, 0), whole)
        for left, right in _parts(pairs):
            found.setdefault(Greater(Density(density.law, left, [*right, *known]), 0), whole)
    for event in _probable(statement.args[:2]):
        for part in _wider(event):
            found.setdefault(Greater(part, 0), Greater(event, 0))
    for matrix in _inverted(statement.args[:2]):
        invertible = Unequal(Determinant(matrix), 0)
        found.setdefault(invertible, invertible)
    differentiated = any(side.has(Gradient) for side in statement.args[:2])
    for divisor in _divisors(statement.args[:2], frozenset(), differentiated):
        found.setdefault(Unequal(divisor, 0), Unequal(divisor, 0))
    return Conditioned(found)


def _divisors(sides: Iterable[Basic], bound: frozenset[Basic], below: bool) -> Iterator[Basic]:
    """The numbers that are divided by, where a derivative is spoken of: its rules ask for them; no densities."""
    for side in sides:
        if below and isinstance(side, Pow) and side.exp.is_negative:
            for factor in Mul.make_args(side.base):
                base = factor.base if isinstance(factor, Pow) and factor.exp.is_positive else factor
                free = all(mentions(base, point) is False for point in bound)
                if free and not base.is_number and not any(isinstance(node, Density) for _, node in walk(base)):
                    yield base
        held = binding(side)
        if held is None:
            yield from _divisors(side.args, bound, below)
        else:
            here = isinstance(side, (Gradient, Divergence)) and side.point == side.variable
            yield from _divisors(held.inside, bound if here else bound.union(held.bound), below or here)
            yield from _divisors(held.outside, bound, below)


def _inverted(sides: Iterable[Basic]) -> Iterator[Basic]:
    """The matrices whose inverses the sides take, where nothing is bound."""
    for side in sides:
        if isinstance(side, Inverse):
            yield side.args[0]
        if binding(side) is None:
            yield from _inverted(side.args)


def _probable(sides: Iterable[Basic]) -> Iterator[Probability]:
    """The probabilities of the events that others are conditioned on, none of them below a binder."""
    for side in sides:
        if isinstance(side, Probability) and side.given is not None:
            yield Probability(side.given, None, side.law)
        if binding(side) is None:
            yield from _probable(side.args)


def _wider(probability: Probability) -> Iterator[Probability]:
    """The probability of an intersection, and of some of its events: what is wider is no less probable."""
    yield probability
    events = probability.event.args if isinstance(probability.event, Intersection) else ()
    for size in range(1, min(len(events), _MOST_POINTS + 1)):
        for some in combinations(events, size):
            yield Probability(Intersection(*some), None, probability.law)


def _spoken(sides: Iterable[Basic], bound: frozenset[Basic]) -> Iterator[Density]:
    """The densities that have to be positive where the sides are defined: of what is conditioned on, of divisors.

    At what a binder takes nothing is known, but where it is the variable of a derivative, taken at its own value.
    """
    for side in sides:
        if isinstance(side, Density) and side.givens:
            yield from _apart_from(bound, [Density(side.law, side.givens)])
        if (isinstance(side, Pow) and side.exp.is_negative) or isinstance(side, log):
            yield from _apart_from(bound, _factors(side.args[0]))
        held = binding(side)
        if held is None:
            yield from _spoken(side.args, bound)
        else:
            here = isinstance(side, (Gradient, Divergence)) and side.point == side.variable
            yield from _spoken(held.inside, bound if here else bound.union(held.bound))
            yield from _spoken(held.outside, bound)


def _apart_from(bound: frozenset[Basic], densities: Iterable[Any]) -> Iterator[Density]:
    """The densities that are of none of these points."""
    for density in densities:
        if isinstance(density, Density) and all(mentions(density, point) is False for point in bound):
            yield density


def _factors(term: Basic) -> Iterator[Density]:
    """The densities that a product is not positive without; a factor with another sign may hide one."""
    if isinstance(term, Density):
        yield term
    elif isinstance(term, Pow) and term.exp.is_positive:
        yield from _factors(term.base)
    elif term.is_Mul and all(isinstance(arg, (Density, Pow)) or arg.is_positive for arg in term.args):
        for arg in term.args:
            yield from _factors(arg)


def _with_ends(sides: Sequence[Basic], model: Model) -> list[Basic]:
    """The sides, and of their sums and products that are not empty the first and the last term."""
    return [*sides, *(end for side in sides for end in _ends_in(side, model))]


def _ends_in(side: Basic, model: Model) -> Iterator[Basic]:
    if isinstance(side, (Sum, Product)) and len(side.limits) == 1 and len(side.limits[0]) == 3:
        index, low, high = side.limits[0]
        if model.facts.at_most(low, high) is True:
            yield from (substitute(side.function, {index: end}, model.facts) for end in (low, high))
    elif binding(side) is None:
        for part in side.args:
            yield from _ends_in(part, model)


def _roots(density: Density, model: Model, statement: Statement) -> set[Basic]:
    """The variables that the density's law is given from, where it has a factorization; none that the claim has a law
    of."""
    factorization = model.factorization(density.law)
    if factorization is None:
        return set()
    laws = [node for side in statement.args[:2] for _, node in walk(side) if isinstance(node, Density)]
    made = [pair[0] for node in laws if node.law == density.law for pair in node.targets]
    return {
        pair[0] for pair in factorization.joint.givens
        if not any(contained(pair[0], item, model.facts) for item in made)
    }  # fmt: skip


def _parts(pairs: list[Any]) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """All the points together, some of them, and some given others: all positive where the joint density is."""
    if len(pairs) > _MOST_POINTS:
        yield tuple(pairs), ()
        return
    for sides in product((0, 1, 2), repeat=len(pairs)):
        left, right = (tuple(pair for pair, at in zip(pairs, sides, strict=True) if at == side) for side in (0, 1))
        if left:
            yield left, right


def _of_both(start: Basic, density: Basic) -> bool:
    """Whether a density is of points that another of its law is of too."""
    laws = isinstance(start, Density) and isinstance(density, Density) and start.law == density.law
    return laws and any(mentions(density, pair[1]) is not False for pair in start.targets)  # type: ignore[attr-defined]


def _discharged(theorem: Theorem) -> Iterator[Discharge]:
    for step in theorem.steps:
        yield from (entry for entry in step.conditions if entry.answer is True and entry.how in ("given", STARTED))
    for part in (*theorem.parts, *(lemma for _, lemma in theorem.lemmas)):
        yield from _discharged(part)
