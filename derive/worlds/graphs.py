"""Directed graphs over the variables of a law: an order to generate them in, and separation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

from derive.worlds.outcomes import NotExercised
from derive.worlds.setting import Key

Edges = dict[Key, list[Key]]
"""The parents of each variable."""

Separation = tuple[frozenset[Key], frozenset[Key], frozenset[Key]]
"""left ⊥ right | given."""

_Factor = TypeVar("_Factor")
_TRIES = 4


def order_of(
    factors: Sequence[_Factor], ends: Callable[[_Factor], tuple[tuple[Key, ...], tuple[Key, ...]]]
) -> list[_Factor]:
    """The factors in an order in which each one's givens are generated before it."""
    waiting, result = list(factors), []
    known: set[Key] = set()
    while waiting:
        ready = [factor for factor in waiting if set(ends(factor)[1]) <= known]
        if not ready:
            raise NotExercised("the factors of a law do not generate its variables in an order")
        for factor in ready:
            result.append(factor)
            known.update(ends(factor)[0])
            waiting.remove(factor)
    return result


def independent_graph(keys: list[Key], wanted: list[Separation], rng: Random) -> dict[Key, tuple[Key, ...]]:
    """Parents of each variable in an order, as many as possible while every wanted independence is a d-separation."""
    if any(a & b for a, b, _ in wanted):
        raise NotExercised("a variable is assumed independent of itself")
    best: dict[Key, tuple[Key, ...]] = {}
    most = -1
    for _ in range(_TRIES):
        order = list(keys)
        rng.shuffle(order)
        parents: Edges = {key: [] for key in order}
        edges = [(a, b) for place, b in enumerate(order) for a in order[:place]]
        rng.shuffle(edges)
        count = 0
        for source, target in edges:
            parents[target].append(source)
            if all(d_separated(parents, a, b, c) for a, b, c in wanted):
                count += 1
            else:
                parents[target].remove(source)
        if count > most:
            most, best = count, {key: tuple(parents[key]) for key in order}
    return best


def d_separated(parents: Edges, left: frozenset[Key], right: frozenset[Key], given: frozenset[Key]) -> bool:
    """Separation in the moral graph of the ancestors (Lauritzen 1996, prop. 3.25)."""
    ancestors: set[Key] = set()
    stack = list(left | right | given)
    while stack:
        node = stack.pop()
        if node not in ancestors:
            ancestors.add(node)
            stack.extend(parents.get(node, ()))
    neighbours: dict[Key, set[Key]] = {node: set() for node in ancestors}
    for node in ancestors:
        clique = [node, *(parent for parent in parents.get(node, ()) if parent in ancestors)]
        for one in clique:
            neighbours[one].update(other for other in clique if other != one)
    reached, stack = set(left), list(left)
    while stack:
        for node in neighbours.get(stack.pop(), ()):
            if node not in given and node not in reached:
                reached.add(node)
                stack.append(node)
    return not reached & right
