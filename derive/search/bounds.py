"""What is never negative and may be what the two sides of an inequality differ by.

Of lhs ≤ rhs it is enough that rhs = lhs + K, where a rule says K ≥ 0: a divergence between laws of the claim, a
variance, a probability.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from sympy import Add, Basic, Mul, Pow

from derive.errors import DeriveError
from derive.grounds.context import Context
from derive.kernel import Step, by_rule
from derive.rulebook import Rulebook
from derive.tactics.rewrite import proposals
from derive.terms import (
    KL,
    Complement,
    Density,
    Expectation,
    Integral,
    Intersection,
    Law,
    Probability,
    Union,
    Variance,
    walk,
)

NONNEGATIVE: Mapping[type, str] = {
    KL: "kl-nonnegative",
    Variance: "variance-nonnegative",
    Probability: "event-nonnegative",
    Expectation: "mean-nonnegative",
}
"""The rule that says that a kind of term is not negative."""

_MOST = 12
_MOST_EVENTS = 3


def candidates(sides: tuple[Basic, ...], normal: tuple[Basic, ...], where: Context) -> Iterator[Basic]:
    """Terms that are never negative, the likeliest first: those of the claim, then those its measures suggest."""
    found: dict[Basic, None] = {}
    for side in sides:
        found.update(dict.fromkeys(node for _, node in walk(side) if type(node) in NONNEGATIVE))
    spoken = (*sides, *normal, *(entry.joint for entry in where.model.factorizations))
    for divergence in _divergences(spoken, normal, where):
        found[divergence] = None
    for side in normal:
        for _, node in walk(side):
            if isinstance(node, Pow) and node.exp == 2 and isinstance(node.base, Expectation):
                found[Variance(node.base.body, node.base.measure)] = None
        for term in Add.make_args(side):
            found.update(dict.fromkeys(part for part in Mul.make_args(term) if isinstance(part, Probability)))
    found.update(dict.fromkeys(_cases(sides)))
    yield from list(found)[:_MOST]


def _cases(sides: tuple[Basic, ...]) -> Iterator[Probability]:
    """The probabilities of what events leave out, and of the cases that they distinguish together."""
    spoken = [node for side in sides for _, node in walk(side) if isinstance(node, Probability)]
    for node in spoken:
        if node.given is not None:
            yield Probability(Complement(node.event), node.given, node.law)
    events = dict.fromkeys(event for node in spoken for event in _single(node.event))
    if len(events) > _MOST_EVENTS:
        return
    for signs in product((True, False), repeat=len(events)):
        parts = [event if sign else Complement(event) for event, sign in zip(events, signs, strict=True)]
        if parts:
            yield Probability(Intersection(*parts), None, spoken[0].law)


def _single(event: Basic) -> Iterator[Basic]:
    """The events that one is put together of."""
    if isinstance(event, (Intersection, Union, Complement)):
        for part in event.args:
            yield from _single(part)
    else:
        yield event


def _divergences(spoken: tuple[Basic, ...], normal: tuple[Basic, ...], where: Context) -> Iterator[Basic]:
    """D(q(z | x) ‖ p(z | x)) for each measure q(z | x) and each other law p that knows z."""
    densities = [node for side in spoken for _, node in walk(side) if isinstance(node, Density)]
    measures = [node.measure for side in normal for _, node in walk(side) if isinstance(node, Expectation)]
    measures += [found for side in normal for _, node in walk(side) if isinstance(node, Integral)
                 for found in _conditionals(node)]  # fmt: skip
    joints = [entry.joint for entry in where.model.factorizations]
    for measure in dict.fromkeys(measures):
        if isinstance(measure, Density) and len(measure.targets) == 2:
            alone = [Density(measure.law, [pair], measure.givens) for pair in measure.targets]
            yield KL(measure, Mul(*alone), measure.variables)
    laws: dict[Law, list[Density]] = {}
    for node in densities:
        laws.setdefault(node.law, []).append(node)
    for measure in dict.fromkeys((*joints, *measures)):
        if not isinstance(measure, Density):
            continue
        for law, known in laws.items():
            for joint in known:
                given = _rest(joint, measure)
                if given is None:
                    continue
                other = Density(law, measure.targets, given)
                if law != measure.law or _at_other_values(other, measure):
                    yield KL(measure, other, measure.variables)


def _conditionals(integral: Integral) -> Iterator[Density]:
    """The densities of what is integrated given all else, for the joint densities that the integral speaks of."""
    bound = set(integral.bound)
    for _, node in walk(integral.body):
        if isinstance(node, Density) and bound <= set(node.points):
            pairs = [pair for pair in node.targets if pair[1] not in bound]
            inside = [pair for pair in node.targets if pair[1] in bound]
            yield Density(node.law, inside, [*pairs, *node.givens])


def _at_other_values(other: Basic, measure: Density) -> bool:
    """Whether two densities of one law speak of the same variables, given other values."""
    if not isinstance(other, Density):
        return False
    names = [{pair[0] for pair in density.givens} for density in (other, measure)]
    return names[0] == names[1] and other.givens != measure.givens


def _rest(joint: Density, measure: Density) -> list[Any] | None:
    """What a density knows beside the variables of a measure, where it knows all of those."""
    whole = Density(joint.law, [*joint.targets, *joint.givens])
    pairs = list(whole.targets)
    if all(pair in pairs for pair in measure.targets):
        return [pair for pair in pairs if pair not in measure.targets]
    for pair in measure.givens:
        if Density(joint.law, [*measure.targets, pair]) == whole:
            return [pair]
    return None


def dropped(term: Basic, bound: Basic, where: Context, rules: Rulebook) -> Step | None:
    """The step lhs + K ≥ lhs."""
    within = isinstance(bound, Probability) and bound.given is not None
    shared = isinstance(bound, KL) and isinstance(bound.q, Mul)
    name = NONNEGATIVE[type(bound)]
    rule = rules["event-nonnegative-within" if within else "mutual-information-nonnegative" if shared else name]
    for path, node in walk(term):
        if node != bound:
            continue
        for place, substitution in proposals(rule, node, path, False, {}):
            try:
                return by_rule(term, place, rule, substitution, where)
            except DeriveError:
                continue
    return None
