"""What is given of means, variances, scores and probabilities, restated in normal form.

A claim's sides are brought to normal form before algebra compares them, and so has to be what is given: Var(X) = 1 as
E[X²] − E[X]² = 1. Each restatement is a theorem of the givens, so a proof that uses it is one that uses them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sympy import Add, Mul, Pow, Symbol

from derive import kernel
from derive.errors import DeriveError
from derive.grounds.conditions import is_regularity
from derive.grounds.context import Context, Given
from derive.kernel import Theorem, by_algebra, by_result
from derive.models.facts import index_symbols_of
from derive.search.conditioned import Conditioned, conditioned_on
from derive.search.normal import Normaliser, speaks_of_laws
from derive.search.orientation import LAWS, STRUCTURE
from derive.search.proving import Prover
from derive.terms import Equal, Expectation, Gradient, Probability, Statement, Variable, mentions, walk
from derive.terms.positions import Path

__all__ = ["Restated", "restated", "solved"]

STATED = "what is given"
"""The name under which a given in normal form is a lemma."""
_MOST = 12


@dataclass(frozen=True)
class Restated:
    """A given in normal form: the theorem that says it, and where what is given is defined."""

    theorem: Theorem
    assumed: Conditioned

    @property
    def given(self) -> tuple[Given, ...]:
        """The hypotheses of a proof that uses it."""
        return (*self.assumed.given, Given(self.theorem.statement))

    @property
    def open(self) -> tuple[Any, ...]:
        """What is left to be seen."""
        return (*self.assumed.used(self.theorem), *self.theorem.obligations)


def solved(prover: Prover) -> Iterator[Restated]:
    """What is given of each of a family, Var(X_i) = σ², as what it says of the one mean in it that is of no name alone.

    E[X_i²] = σ² + E[X_i]² is then said of every i, and so of those that a sum runs over.
    """
    model = prover.where.model
    for part in (*model.equations, *model.definitions)[:_MOST]:
        if not (isinstance(part, Equal) and speaks_of_laws(part.lhs) and index_symbols_of(part)):
            continue
        theorem = _first(part, replace(prover, _forms={}))
        mean = None if theorem is None else _only_mean(theorem.statement.args[0])
        if theorem is None or mean is None:
            continue
        where = prover.where.assuming(Given(theorem.statement))
        left, right = theorem.statement.args[:2]
        factor = next(Mul(term, Pow(mean, -1)) for term in Add.make_args(left) if term.has(mean))
        value = Mul(Add(right, Mul(-1, left), Mul(factor, mean)), Pow(factor, -1)).expand()
        try:
            found = kernel.chain(mean, [by_algebra(mean, (), value, where)], where)
        except DeriveError:
            continue
        if all(map(is_regularity, found.obligations)):
            yield Restated(found, Conditioned({}))


def _only_mean(side: Any) -> Any:
    """The mean E[f(X)] of a sum that is there once, as it stands but for a number, and is of more than a name."""
    found = []
    for term in Add.make_args(side):
        numbers = [part for part in Mul.make_args(term) if part.is_number]
        rest = [part for part in Mul.make_args(term) if not part.is_number]
        if len(rest) == 1 and isinstance(rest[0], Expectation) and rest[0].body.args and len(numbers) < 2:
            found += rest if not isinstance(rest[0].body, (Symbol, Variable)) else []
    return found[0] if len(found) == 1 else None


def restated(statement: Statement, prover: Prover) -> Iterator[Restated]:
    """The equations between what laws determine that the model gives, each in normal form with the theorem of it.

    One with an index that the claim does not have is said of all its values, and is left out. What is given is given
    where it is defined.
    """
    model = prover.where.model
    laws = (law for law in model.laws if isinstance(law.lhs, Probability))
    indices = index_symbols_of(statement)
    for part in (*model.equations, *model.definitions, *laws)[:_MOST]:
        if isinstance(part, Equal) and speaks_of_laws(part.lhs) and index_symbols_of(part) <= indices:
            assumed = conditioned_on(part, model)
            theorem = _first(part, replace(prover, where=prover.where.assuming(*assumed.given), _forms={}))
            if theorem is not None:
                yield Restated(theorem, assumed)
    for time in sorted(_differentiated((statement, *model.statements)), key=str):
        for part in model.equations[:_MOST]:
            if mentions(part, time) is not False and not speaks_of_laws(part.lhs) and not speaks_of_laws(part.rhs):
                theorem = _slopes(part, time, prover)
                if theorem is not None:
                    yield Restated(theorem, Conditioned({}))


def _differentiated(statements: Iterable[Statement]) -> set[Symbol]:
    """The times in which derivatives are taken."""
    return {node.variable for part in statements for _, node in walk(part)
            if isinstance(node, Gradient) and isinstance(node.variable, Symbol)}  # fmt: skip


def _slopes(given: Equal, time: Symbol, prover: Prover) -> Theorem | None:
    """What a constraint that holds at all times says of the rates of what it ties: α α' + σ σ' = 0 of α² + σ² = 1."""
    before, after = (Gradient(side, time, time) for side in given.args)
    left, right = prover.normal(before, STRUCTURE), prover.normal(after, STRUCTURE)
    return _between(before, left, (0,), given.rhs, right, prover.where, prover.where)


def _first(given: Equal, prover: Prover) -> Theorem | None:
    """The given restated by what a law is, else by what the model says of it besides."""
    found = _normal(given, prover, prover, STRUCTURE)
    rest = prover.where.model.without(given) if found is None else None
    if rest is None:
        return found
    return _normal(given, replace(prover, where=replace(prover.where, model=rest), _forms={}), prover, LAWS)


def _normal(given: Equal, before: Prover, prover: Prover, stage: int) -> Theorem | None:
    """The theorem that two normal forms, made by one prover, are equal where the sides are given to be."""
    left, right = before.normal(given.lhs, stage), before.normal(given.rhs, stage)
    return _between(given.lhs, left, (), given.rhs, right, before.where, prover.where) if left.steps else None


def _between(
    start: Any, left: Normaliser, path: Path, value: Any, right: Normaliser, there: Context, where: Context
) -> Theorem | None:
    """The theorem between two normal forms: back to the start of the one, a given at a path, on to the other."""
    if left.term == right.term:
        return None
    try:
        lemma = kernel.chain(start, left.steps, there)
        steps = [
            by_result(left.term, (), lemma, {}, where, name=STATED, backward=True),
            by_algebra(start, path, value, where), *right.steps,
        ]  # fmt: skip
        found = kernel.chain(left.term, steps, where, {STATED: lemma})
    except DeriveError:
        return None
    return found if all(map(is_regularity, found.obligations)) else None
