"""Tidying: the same quantity as a careful author would write it, in the vocabulary of the derivation.

A vocabulary is what the derivation has named so far: variances and mean coefficients of its Gaussians, and the names of
the model. A factor that exact algebra shows equal to one of them is written so: α_t (1 − ᾱ_{t−1}) + β_t is 1 − ᾱ_t.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Add, Basic, Mul, Pow, Rational

from derive import algebra
from derive.context import Context
from derive.models.facts import atoms
from derive.terms import Normal, Variable, free_variables, is_scalar
from derive.terms.positions import walk
from derive.terms.quadratics import coefficient


def vocabulary_of(terms: Iterable[Basic]) -> tuple[Basic, ...]:
    """The variances, and the squares of the coefficients of the means, of the Gaussians in some terms."""
    found: dict[Basic, None] = {}
    for term in terms:
        for _, node in walk(term):
            if not isinstance(node, Normal):
                continue
            if node.variance is not None and not node.variance.is_number:
                found[node.variance] = None
            for variable in sorted(free_variables(node.mean), key=str):
                if isinstance(variable, Variable) and not is_scalar(variable):
                    parts = coefficient(node.mean, variable)
                    if parts is not None and not parts[0].is_number:
                        found[parts[0]] = None
                        found[Pow(parts[0], 2)] = None
    return tuple(found)


def tidy(term: Basic, where: Context, vocabulary: tuple[Basic, ...]) -> Any:
    """An equal term: common denominators, factors recognised in the vocabulary, vectors with one coefficient each."""
    facts = where.algebra_facts(term, *vocabulary)
    if is_scalar(term):
        return _recognised(algebra.tidy(term, facts), facts, vocabulary)
    parts = []
    for variable in sorted((v for v in free_variables(term) if isinstance(v, Variable) and not is_scalar(v)), key=str):
        split = coefficient(term, variable, where.facts)
        if split is None:
            return algebra.tidy(term, facts)
        slope, term = split
        parts.append(Mul(_recognised(algebra.tidy(slope, facts), facts, vocabulary), variable))
    return Add(*parts, term)


def _recognised(term: Basic, facts: tuple[Any, ...], vocabulary: tuple[Basic, ...]) -> Any:
    """Each factor, each base of a power, and each group of factors replaced by what the vocabulary calls it."""
    if isinstance(term, Add):
        return Add(*(_recognised(part, facts, vocabulary) for part in term.args))
    known: dict[Any, Basic] = {}
    factors = []
    for factor in Mul.make_args(_grouped(term, facts, vocabulary)):
        base, power = factor.as_base_exp()
        if isinstance(base, Add):
            known = known or _keys(term, facts, vocabulary)
            factor = Pow(_simplest(base, facts, known), power)
        factors.append(factor)
    return Mul(*factors)


def _keys(term: Basic, facts: tuple[Any, ...], vocabulary: tuple[Basic, ...]) -> dict[Any, Basic]:
    """The entries of the vocabulary, the names that occur, and one minus each, by their normal forms; shorter first."""
    names = tuple(sorted(atoms((term, *facts)), key=str))
    known: dict[Any, Basic] = {}
    for candidate in sorted(dict.fromkeys((*vocabulary, *names, *(1 - name for name in names))), key=_length):
        for value in (candidate, -candidate):
            known.setdefault(algebra.normal_key(value, facts), value)
    return known


def _grouped(term: Basic, facts: tuple[Any, ...], vocabulary: tuple[Basic, ...]) -> Basic:
    """(σ_t − σ_s)(σ_t + σ_s) as σ_t² − σ_s², where the vocabulary has the difference and not its factors."""
    for entry in vocabulary:
        if not isinstance(entry, Add):
            continue
        parts = [part.as_base_exp() for part in Mul.make_args(algebra.tidy(entry, facts))]
        for sign in (1, -1):
            powers = dict(factor.as_base_exp() for factor in Mul.make_args(term))
            if len(parts) > 1 and all(powers.get(base) == sign * power for base, power in parts):
                rest = [Pow(base, power) for base, power in powers.items() if base not in dict(parts)]
                term = Mul(*rest, Pow(entry, sign))
    return term


def _simplest(term: Basic, facts: tuple[Any, ...], known: dict[Any, Basic]) -> Basic:
    found = known.get(algebra.normal_key(term, facts))
    return term if found is None or _length(found) >= _length(term) else found


def _length(term: Basic) -> tuple[int, str]:
    if isinstance(term, Rational):
        return 1, str(term)
    return sum(1 for _ in walk(term)), str(term)
