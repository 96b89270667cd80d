"""Tidying: the same quantity as a careful author would write it, in the vocabulary of the derivation.

A vocabulary is what the derivation has named so far: variances and mean coefficients of its Gaussians, and the names of
the model. A factor that exact algebra shows equal to one of them is written so: α_t (1 − ᾱ_{t−1}) + β_t is 1 − ᾱ_t.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Add, Basic, Mul, Pow, Rational, S, Symbol

from derive import algebra
from derive.errors import KernelRefusal
from derive.grounds.context import Context
from derive.kernel import Step, by_algebra
from derive.models.facts import atoms
from derive.terms import Identity, Norm, Normal, Variable, free_variables, is_scalar, sort_of, squared_norm
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


def tidied(
    term: Basic, where: Context, vocabulary: tuple[Basic, ...], variable: Basic | None = None
) -> list[Step]:  # fmt: skip
    """The steps that tidy the Gaussians and the weighted squared norms of a term, or else the whole term.

    With a variable only its coefficients are tidied.
    """
    if variable is not None:
        return _coefficients(term, where, vocabulary, variable)
    steps: list[Step] = []
    current, done = term, set[Basic]()
    while True:
        found = next(((path, node) for path, node in _untidy(current) if node not in done), None)
        if found is None:
            break
        path, node = found
        done.add(node)
        new = _tidy_node(node, where.at(current, path), vocabulary)
        done.add(new)
        if new != node:
            step = by_algebra(current, path, new, where)
            steps.append(step)
            current = step.after
    if not steps and not done:
        new = tidy(term, where, vocabulary)
        steps = [by_algebra(term, (), new, where)] if new != term else []
    if not steps:
        raise KernelRefusal("the term is tidy already")
    return steps


def _coefficients(term: Basic, where: Context, vocabulary: tuple[Basic, ...], variable: Basic) -> list[Step]:
    """The steps that tidy what stands before a vector in the sums of a term."""
    for path, node in walk(term):
        if not _combination(node):
            continue
        local = where.at(term, path)
        split = coefficient(node, variable, local.facts)
        if split is None or split[0] == 0:
            continue
        new = Add(Mul(tidy(split[0], local, vocabulary), variable), split[1])
        if new != node:
            return [by_algebra(term, path, new, where)]
    raise KernelRefusal(f"what stands before {variable} is tidy already")


def _untidy(term: Basic, path: tuple[int, ...] = ()) -> Iterable[tuple[tuple[int, ...], Basic]]:
    """What is tidied, each with its path: Gaussians, squared norms with the factors beside them, combinations of
    vectors, and numbers added to one of these, which may be none; nothing inside of these."""
    if isinstance(term, Normal) or _weighted(term) is not None or _combination(term):
        yield path, term
        return
    beside = isinstance(term, Add) and any(_weighted(arg) is not None for arg in term.args)
    if beside:
        yield from (((*path, place), arg) for place, arg in enumerate(term.args) if isinstance(arg, (Symbol, Variable)))
    for place, arg in enumerate(term.args):
        yield from _untidy(arg, (*path, place))


def _combination(term: Basic) -> bool:
    return isinstance(term, (Add, Mul)) and sort_of(term).kind == "vector"


def _weighted(term: Basic) -> tuple[Basic, Basic] | None:
    """(weight, v) of a term weight · ‖v‖²."""
    squares = [
        factor for factor in Mul.make_args(term)
        if isinstance(factor, Pow) and factor.exp == 2 and isinstance(factor.base, Norm)
    ]  # fmt: skip
    if len(squares) != 1:
        return None
    return Mul(*(factor for factor in Mul.make_args(term) if factor != squares[0])), squares[0].base.args[0]


def _tidy_node(node: Any, where: Context, vocabulary: tuple[Basic, ...]) -> Any:
    if isinstance(node, Normal):
        variance = node.variance
        covariance = node.covariance
        if variance is not None:
            covariance = put_variance(node, tidy(variance, where, vocabulary))
        return Normal(node.point, tidy(node.mean, where, vocabulary), covariance)
    if _combination(node):
        return tidy(node, where, vocabulary)
    found = _weighted(node)
    if found is None:
        return S.Zero if tidy(node, where, vocabulary) == 0 else node
    weight, vector = found
    factor, vector = _factored(tidy(vector, where, vocabulary), where, vocabulary)
    return Mul(tidy(Mul(weight, Pow(factor, 2)), where, vocabulary), squared_norm(vector))


def put_variance(normal: Any, variance: Basic) -> Any:
    """The covariance v I of an isotropic Gaussian, or the variance on the line."""
    return variance if is_scalar(normal.point) else variance * Identity(normal.dimension)


def _factored(vector: Basic, where: Context, vocabulary: tuple[Basic, ...]) -> tuple[Any, Any]:
    """(a, u) with vector = a u: the factors that all coefficients share, taken out."""
    parts = linear_parts(vector)
    if not parts or len(parts) < 2:
        return 1, vector
    first = next(iter(parts.values()))
    ratios = [tidy(Mul(slope, Pow(first, -1)), where, vocabulary) for slope in parts.values()]
    shared: Any = first
    if not all(ratio.is_Rational for ratio in ratios):
        powers = [slope.as_powers_dict() for slope in parts.values()]
        bases = dict.fromkeys(base for row in powers for base in row if not base.is_number)
        shared = Mul(*(
            Pow(base, min(row.get(base, 0) for row in powers))
            for base in bases
            if all(getattr(row.get(base, 0), "is_number", True) for row in powers)
        ))  # fmt: skip
        ratios = [tidy(Mul(slope, Pow(shared, -1)), where, vocabulary) for slope in parts.values()]
    return shared, Add(*(Mul(ratio, item) for ratio, item in zip(ratios, parts, strict=True)))


def linear_parts(vector: Basic) -> dict[Basic, Any] | None:
    """The coefficients of a linear combination by its vectors: points, values of functions, means, gradients."""
    found: dict[Basic, Any] = {}
    waiting: list[tuple[Any, Basic]] = [(Rational(1), vector)]
    while waiting:
        weight, part = waiting.pop(0)
        if isinstance(part, Add):
            waiting += [(weight, item) for item in part.args]
            continue
        if isinstance(part, Mul):
            carrying = [factor for factor in part.args if not is_scalar(factor)]
            if len(carrying) != 1:
                return None
            rest = Mul(weight, *(factor for factor in part.args if is_scalar(factor)))
            waiting.append((rest, carrying[0]))
            continue
        if part != 0:
            found[part] = Add(found.get(part, 0), weight)
    return {item: found[item] for item in sorted(found, key=str)}


def tidy(term: Basic, where: Context, vocabulary: tuple[Basic, ...]) -> Any:
    """An equal term: common denominators, factors recognised in the vocabulary, vectors with one coefficient each."""
    if is_scalar(term):
        facts = where.algebra_facts(term, *vocabulary)
        return _recognised(algebra.tidy(term, facts), facts, vocabulary)
    parts = linear_parts(term)
    if parts is None:
        return algebra.tidy(term, where.algebra_facts(term, *vocabulary))
    return Add(*(Mul(tidy(slope, where, vocabulary), item) for item, slope in parts.items()))


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
