"""What is never negative and may be what the two sides of an inequality differ by.

Of lhs ≤ rhs it is enough that rhs = lhs + K, where a rule says K ≥ 0: a divergence between laws of the claim, a
variance, a probability.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sympy import Add, Basic, Mul, Pow

from derive.context import Context
from derive.errors import DeriveError
from derive.kernel import Step, by_rule
from derive.rulebook import Rulebook
from derive.tactics.rewrite import proposals
from derive.terms import KL, Density, Expectation, Law, Probability, Variance, walk

NONNEGATIVE: Mapping[type, str] = {
    KL: "kl-nonnegative",
    Variance: "variance-nonnegative",
    Probability: "event-nonnegative",
}
"""The rule that says that a kind of term is not negative."""

_MOST = 12


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
    yield from list(found)[:_MOST]


def _divergences(spoken: tuple[Basic, ...], normal: tuple[Basic, ...], where: Context) -> Iterator[Basic]:
    """D(q(z | x) ‖ p(z | x)) for each measure q(z | x) and each other law p that knows z."""
    densities = [node for side in spoken for _, node in walk(side) if isinstance(node, Density)]
    measures = [node.measure for side in normal for _, node in walk(side) if isinstance(node, Expectation)]
    joints = [entry.joint for entry in where.model.factorizations]
    laws: dict[Law, list[Density]] = {}
    for node in densities:
        laws.setdefault(node.law, []).append(node)
    for measure in dict.fromkeys((*joints, *measures)):
        if not isinstance(measure, Density):
            continue
        for law, known in laws.items():
            if law == measure.law:
                continue
            for joint in known:
                given = _rest(joint, measure)
                if given is not None:
                    other = Density(law, measure.targets, given)
                    yield KL(measure, other, measure.variables)


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
    rule = rules[NONNEGATIVE[type(bound)]]
    for path, node in walk(term):
        if node != bound:
            continue
        for place, substitution in proposals(rule, node, path, False, {}):
            try:
                return by_rule(term, place, rule, substitution, where)
            except DeriveError:
                continue
    return None
