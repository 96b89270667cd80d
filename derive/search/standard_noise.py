"""Means over a Gaussian as means over the standard noise that its variable is made of.

    E_{q(x_t)} f(x_t) = E_{q(x_0)} E_{q(x_t | x_0)} f(x_t) = E_{q(x_0)} E_{ε ~ N(0, I)} f(√a x_0 + √b ε)

Two means that papers say to be the same, one over a point and one over its noise, have this form in common.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Basic

from derive.errors import DeriveError
from derive.grounds.context import Context
from derive.kernel import Step, by_law, by_rule
from derive.models.facts import matches
from derive.rulebook import Abstraction, Rulebook
from derive.search.choices import against
from derive.tactics.rewrite import density_match
from derive.terms import Density, Expectation, Normal, at, mentions, substitute
from derive.terms.positions import Path

__all__ = ["standard_noise"]


def standard_noise(term: Basic, path: Path, where: Context, rules: Rulebook) -> Iterator[list[Step]]:
    """The steps that write the mean at a path over standard noise, one list for each way in which that can be tried."""
    node: Any = at(term, path)
    if isinstance(node.measure, Normal):
        yield from _attempt(lambda: [_reparameterized(term, path, where, rules)])
        return
    for pair, known in _generated(node, where.at(term, path)):
        yield from _attempt(lambda: _split(term, path, pair, known, where, rules))  # noqa: B023


def _attempt(make: Any) -> Iterator[list[Step]]:
    try:
        yield make()
    except DeriveError:
        return


def _reparameterized(term: Basic, path: Path, where: Context, rules: Rulebook) -> Step:
    node: Any = at(term, path)
    measure = node.measure
    if measure.variance is None or (measure.mean == 0 and measure.variance == 1):
        raise DeriveError("this Gaussian is standard, or has no single variance")
    chosen = {"x": measure.point, "\\mu": measure.mean, "v": measure.variance,
              "f": Abstraction((measure.point,), node.body)}  # fmt: skip
    return by_rule(term, path, rules["reparameterization"], chosen, where)


def _generated(node: Expectation, where: Context) -> Iterator[tuple[Any, list[Basic]]]:
    """A variable of a mean that the model makes a Gaussian given others, and those others."""
    measure: Any = node.measure
    for law in where.model.laws:
        lhs: Any = law.lhs
        if not (isinstance(law.rhs, Normal) and isinstance(lhs, Density) and lhs.law == measure.law):
            continue
        for pair in measure.targets:
            mapping = matches(lhs.variables[0], pair[0]) if len(lhs.targets) == 1 and pair[0] == pair[1] else None
            if mapping is not None:
                yield pair, [substitute(given[0], mapping) for given in lhs.givens]


def _split(
    term: Basic, path: Path, pair: Any, known: list[Basic], where: Context, rules: Rulebook
) -> list[Step]:
    """E_{A, x | C} f as E_{B | C} of the mean over the noise of x, where B and C are what x is generated from."""
    node: Any = at(term, path)
    measure = node.measure
    local = where.at(term, path)
    others = [tuple(other) for other in measure.targets if other != pair]
    givens = [tuple(given) for given in measure.givens]
    spoken = [name for name, _ in (*others, *givens)]
    missing = [(name, name) for name in known if name not in spoken]
    if {*spoken, *(name for name, _ in missing)} != {*known} or any(given[0] == pair[0] for given in givens):
        raise DeriveError("the law of this variable is given by others")
    if any(mentions(node, name, local.facts) is not False for name, _ in missing):
        raise DeriveError("what is averaged already speaks of what the variable is generated from")
    steps: list[Step] = []
    if missing:
        chosen = {**against(measure), "B": tuple(missing), "f": Abstraction(node.bound, node.body)}
        steps.append(by_rule(term, path, rules["drop-variables"], chosen, where, backward=True))
    outer = [*others, *missing]
    place = path
    if outer:
        points = (pair[1], *(point for _, point in outer))
        chosen = {"p": measure.law, "A": (tuple(pair),), "B": tuple(outer), "C": tuple(givens),
                  "f": Abstraction(points, node.body)}  # fmt: skip
        whole = steps[-1].after if steps else term
        steps.append(by_rule(whole, path, rules["tower"], chosen, where, backward=True))
        place = (*path, 0)
    whole = steps[-1].after if steps else term
    inner: Any = at(whole, place)
    if not isinstance(inner, Expectation):
        raise DeriveError("what is averaged does not depend on this variable alone")
    for number, law in enumerate(where.model.given_densities):
        mapping = density_match(law.lhs, inner.measure, where) if isinstance(law.rhs, Normal) else None
        if mapping is not None:
            steps.append(by_law(whole, (*place, 1), number, mapping, where))
            return [*steps, _reparameterized(steps[-1].after, place, where, rules)]
    raise DeriveError("the model gives no Gaussian for this variable")
