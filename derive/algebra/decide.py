"""Equal with a proof, different with a rigorous point, or unknown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sympy import Basic

from derive.algebra.answer import Answer
from derive.algebra.field import Undefined, Unsupported
from derive.algebra.givens import within
from derive.algebra.keys import public_key
from derive.algebra.mentioned import mentioned
from derive.algebra.polynomials import TooLarge
from derive.algebra.proof import attempt, by_cases, by_completion, by_ranges
from derive.algebra.refute import Question
from derive.algebra.refute import satisfiable as found_satisfiable
from derive.algebra.signs import Sign
from derive.algebra.termsign import term_sign
from derive.terms import sympify_term


def decide(lhs: Basic, rhs: Basic, given: Sequence[Any] = (), *, seed: int = 0) -> Answer:
    """Whether lhs = rhs wherever the givens hold and both sides are defined.

    One random point first, which costs less than a proof and tells most false equations; then the proof; where there is
    none more points, and at last the proof by cases.
    """
    given, lhs, rhs = tuple(given), sympify_term(lhs), sympify_term(rhs)
    try:
        question = Question(lhs, rhs, given, seed)
        refuted = question.once()
        if refuted is not None:
            return refuted
    except RecursionError:
        return Answer("unknown", "a term nested too deeply")
    found = attempt(lhs, rhs, given, seed)
    if found.answer.status == "equal":
        return found.answer
    try:
        refuted = question.searched()
    except RecursionError:
        return found.answer
    if refuted is not None:
        return refuted
    spoken, further = (mentioned(lhs), mentioned(rhs)), None
    if any(side.summed for side in spoken):
        further = by_ranges(lhs, rhs, given, seed)
    if further is None and any(side.inverted for side in spoken):
        further = by_completion(lhs, rhs, given)
    if further is not None:
        return further
    return by_cases(lhs, rhs, given, seed, found)


def sign(expr: Basic, given: Sequence[Any] = ()) -> Sign:
    """The certified sign of a number wherever it is defined: "+", "-", "0", "+0" (≥ 0), "-0" (≤ 0), or None."""
    return _sign(sympify_term(expr), tuple(given))


@lru_cache(maxsize=4096)
def _sign(expr: Basic, given: tuple[Any, ...]) -> Sign:
    try:
        return within(given, lambda convert: term_sign(convert, expr))
    except (Unsupported, TooLarge, Undefined, RecursionError):
        return None


def positive(expr: Basic, given: Sequence[Any] = ()) -> bool | None:
    """Whether expr > 0: True or False where certain, else None."""
    found = sign(expr, given)
    return True if found == "+" else False if found in ("-", "-0", "0") else None


def satisfiable(given: Sequence[Any], *, seed: int = 0) -> bool | None:
    """True where some point satisfies the givens about free parameters; None where none was found."""
    return _satisfiable(tuple(given), seed)


@lru_cache(maxsize=256)
def _satisfiable(given: tuple[Any, ...], seed: int) -> bool | None:
    return found_satisfiable(given, seed)


def only_numbers(terms: Iterable[Basic]) -> bool:
    """Whether terms are made of names without indices by elementary functions, sums, products and lengths of vectors.

    Then each name is a free parameter: no law, no function, no other index ties it to another.
    """
    return all(mentioned(term).elementary for term in terms)


def normal_key(expr: Basic, given: Sequence[Any] = ()) -> Any:
    """A hashable key: under the same givens, equal keys prove equality. Unequal keys prove nothing."""
    return _normal_key(sympify_term(expr), tuple(given))


@lru_cache(maxsize=4096)
def _normal_key(expr: Basic, given: tuple[Any, ...]) -> Any:
    try:
        return within(given, lambda convert: public_key(convert, convert(expr)[0]))
    except (Unsupported, TooLarge, Undefined, RecursionError):
        return ("as it stands", expr)

