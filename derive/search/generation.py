"""The order in which a law generates its variables, and what its conditional densities may be written by.

A conditional that follows the order (q(x_t | x_{t−1}) of a chain) stands for itself; one against the order is the
quotient of two joint densities; a joint density is the product of its variables' conditionals, the last one first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from sympy import Basic, Mul, Tuple

from derive.errors import ModelError
from derive.grounds.conditions import decide
from derive.grounds.context import Context
from derive.models import Factorization
from derive.models.factorization import assignments, nodes, unroll
from derive.models.facts import matches
from derive.tactics.rewrite import density_match
from derive.terms import Density, Independent, IndexFacts, Integral, Law, Normal, Run, substitute

Pair = tuple[Basic, Basic]
Kept = Mapping[Law, frozenset[Basic]]
"""For each law the variables that stand right of the bar in all its densities: they stay there."""


def screened(density: Density, where: Context) -> Iterator[dict[str, Any]]:
    """p(A | B, C) is p(A | B) where A ⊥ C | B is certain."""
    targets = density.variables
    for pair in density.givens:
        rest = [other for other in density.givens if other != pair]
        if _separate(targets, (pair[0],), tuple(other[0] for other in rest), density.law, where):
            yield {"p": density.law, "A": _pairs(density.targets), "B": _pairs(rest), "C": _pairs([pair])}


def quotient(density: Density, where: Context, kept: Kept) -> Iterator[dict[str, Any]]:
    """p(A | B, C) as p(A, B | C) / p(B | C), where B follows A or no order is known."""
    if given_by_a_law(density, where) or any(True for _ in mixed(density, where)):
        return
    factorization = where.model.factorization(density.law)
    staying = kept.get(density.law, frozenset())
    if factorization is not None:
        roots = {pair[0] for pair in factorization.joint.givens}
        given = {pair[0] for pair in density.givens}
        whole = len(density.variables) > 1 or any(isinstance(target, Run) for target in density.variables)
        if not roots <= given or not (whole or any(
            descends(factorization, item, target, where.facts) for item in given for target in density.variables
        )):
            return
        staying = staying | roots
    moved = [pair for pair in density.givens if pair[0] not in staying]
    if moved:
        rest = [pair for pair in density.givens if pair not in moved]
        yield {"p": density.law, "A": _pairs(density.targets), "B": _pairs(moved), "C": _pairs(rest)}


def last_generated(density: Density, where: Context) -> Iterator[dict[str, Any]]:
    """p(A, B | C) as p(A | B, C) p(B | C), where A is generated last, or is independent of a part of B."""
    if len(density.targets) < 2:
        return
    factorization = where.model.factorization(density.law)
    if factorization is None and not where.model.independences and not where.model.laws:
        return
    for pair in density.targets:
        rest = [other for other in density.targets if other != pair]
        if factorization is not None:
            if any(descends(factorization, other[0], pair[0], where.facts) is not False for other in rest):
                continue
        elif not _something_screened(pair, rest, density, where):
            own = Density(density.law, [pair], [*rest, *density.givens])
            if not isinstance(own, Density) or not given_by_a_law(own, where):
                continue
        yield {"p": density.law, "A": _pairs([pair]), "B": _pairs(rest), "C": _pairs(density.givens)}


def given_by_a_law(density: Density, where: Context) -> bool:
    """Whether the model gives a density as it stands: it is then written by nothing else."""
    return any(density_match(law.lhs, density, where) is not None for law in where.model.given_densities)


def mixed(density: Density, where: Context) -> Iterator[dict[str, Any]]:
    """p(A | C) as ∫ p(A | B, C) p(B | C) dB: p(A | B) and p(B | C) are given as Gaussians, and B says all of A."""
    for law in where.model.laws:
        lhs = law.lhs
        single = isinstance(lhs, Density) and len(lhs.targets) == len(density.targets) == 1
        if not single or lhs.law != density.law or not isinstance(law.rhs, Normal):
            continue
        names = matches(lhs.variables[0], density.variables[0])
        if names is None:
            continue
        givens = [substitute(pair[0], names) for pair in lhs.givens]
        known = [pair[0] for pair in density.givens]
        chosen = [item for item in givens if item not in known]
        prior = Density(density.law, chosen, density.givens) if chosen else None
        beyond = tuple(item for item in known if item not in givens)
        screened_off = not beyond or _separate(density.variables, beyond, tuple(givens), density.law, where)
        if prior is not None and screened_off and _gaussian(prior, where):
            pairs = tuple((item, item) for item in chosen)
            yield {"p": density.law, "A": _pairs(density.targets), "B": pairs, "C": _pairs(density.givens)}


def through_a_state(integral: Any, where: Context) -> Iterator[dict[str, Any]]:
    """∫ p(A | B) p(B | C) dB as p(A | C), where B is a state of a chain, and the kernels are not given as Gaussians."""
    if not isinstance(integral, Integral) or any(len(limit) != 1 for limit in integral.limits):
        return
    factors = Mul.make_args(integral.body)
    points = set(integral.bound)
    if len(factors) != 2 or not all(isinstance(factor, Density) for factor in factors):
        return
    for later, earlier in (factors, factors[::-1]):
        if later.law != earlier.law or set(earlier.points) != points or not points <= {p[1] for p in later.givens}:
            continue
        known = [pair for pair in later.givens if pair[1] not in points]
        whole = Density(later.law, later.targets, earlier.givens)
        apart = not known or set(known) <= set(earlier.givens)
        if apart and isinstance(whole, Density) and not any(True for _ in mixed(whole, where)):
            middle = [pair for pair in later.givens if pair[1] in points]
            yield {"p": later.law, "A": _pairs(later.targets), "B": _pairs(middle), "C": _pairs(earlier.givens)}


def within_a_joint(density: Density, where: Context) -> Iterator[dict[str, Any]]:
    """p(A | C) as ∫ p(A, B | C) dB, where p(A, B | C) is given as one Gaussian."""
    for law in where.model.laws:
        lhs = law.lhs
        if not isinstance(lhs, Density) or lhs.law != density.law or not isinstance(law.rhs, Normal):
            continue
        rest = [pair for pair in lhs.targets if pair not in density.targets]
        if len(rest) + len(density.targets) == len(lhs.targets) and rest and set(lhs.givens) == set(density.givens):
            yield {"p": density.law, "A": _pairs(density.targets), "B": _pairs(rest), "C": _pairs(density.givens)}


def _gaussian(density: Any, where: Context) -> bool:
    laws = (law for law in where.model.laws if isinstance(law.rhs, Normal))
    return any(density_match(law.lhs, density, where) is not None for law in laws)


def _something_screened(pair: Any, rest: list[Any], density: Density, where: Context) -> bool:
    known = [*(other[0] for other in rest), *(other[0] for other in density.givens)]
    return any(
        _separate((pair[0],), (other[0],), tuple(item for item in known if item != other[0]), density.law, where)
        for other in rest
    )


def _separate(
    left: tuple[Basic, ...], right: tuple[Basic, ...], given: tuple[Basic, ...], law: Law, where: Context
) -> bool:
    if not where.model.independences and not where.model.factorizations and not where.given:
        return False
    return decide(Independent(left, right, given, law), where).answer is True


def _pairs(items: Any) -> tuple[Pair, ...]:
    return tuple((pair[0], pair[1]) for pair in items)


def descends(factorization: Factorization, later: Basic, earlier: Basic, facts: IndexFacts) -> bool | None:
    """Whether a variable is generated from another one, however far: for every index, for none, or it depends."""
    return _descends(factorization, later, earlier, facts)


@lru_cache(maxsize=4096)
def _descends(factorization: Factorization, later: Basic, earlier: Basic, facts: IndexFacts) -> bool | None:
    answers: set[bool] = set()
    try:
        for values in assignments(factorization, (later, earlier), facts):
            parents: dict[Any, set[Any]] = {}
            for made, sources in unroll(factorization, values):
                for node in made:
                    parents.setdefault(node, set()).update(sources)
            reached, waiting = set[Any](), list(nodes((later,), values))
            while waiting:
                for node in parents.get(waiting.pop(), ()):
                    if node not in reached:
                        reached.add(node)
                        waiting.append(node)
            answers.add(set(nodes((earlier,), values)) <= reached)
    except Exception as error:
        if isinstance(error, (ModelError, ValueError)) or type(error).__name__ == "_TooMany":
            return None
        raise
    return answers.pop() if len(answers) == 1 else None


def kept_givens(terms: tuple[Basic, ...]) -> dict[Law, frozenset[Basic]]:
    """For each law the variables right of the bar in every density of it."""
    found: dict[Law, frozenset[Basic]] = {}
    stack: list[Basic] = list(terms)
    while stack:
        node = stack.pop()
        if isinstance(node, Density):
            given = frozenset(pair[0] for pair in node.givens)
            found[node.law] = found[node.law] & given if node.law in found else given
        if not isinstance(node, Tuple) or node.args:
            stack.extend(node.args)
    return found
