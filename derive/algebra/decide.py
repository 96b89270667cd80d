"""Equal with a proof, different with a rigorous point, or unknown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sympy import Add, Basic, Mul, Pow, Symbol

from derive.algebra import words
from derive.algebra.answer import Answer
from derive.algebra.express import factor_term
from derive.algebra.field import TooLarge, Undefined, Value
from derive.algebra.givens import within
from derive.algebra.keys import public_key
from derive.algebra.mentioned import mentioned
from derive.algebra.normal import NONE, Conditions, Converter, Unsupported
from derive.algebra.refute import Question
from derive.algebra.refute import satisfiable as found_satisfiable
from derive.algebra.roots import name_roots
from derive.algebra.signs import Sign
from derive.algebra.termsign import term_sign
from derive.terms import Greater, GreaterEqual, Less, LessEqual, Unequal, substitute, sympify_term


def decide(lhs: Basic, rhs: Basic, given: Sequence[Any] = (), *, seed: int = 0) -> Answer:
    """Whether lhs = rhs wherever the givens hold and both sides are defined.

    One random point first, which costs less than a proof and tells most false equations; then the proof; then more
    points, where there is none.
    """
    given, lhs, rhs = tuple(given), sympify_term(lhs), sympify_term(rhs)
    try:
        question = Question(lhs, rhs, given, seed)
        refuted = question.once()
        if refuted is not None:
            return refuted
    except RecursionError:
        return Answer("unknown", "a term nested too deeply")
    try:
        found = within(given, lambda convert: _proved(convert, lhs, rhs))
    except Unsupported as error:
        return Answer("unknown", str(error))
    except TooLarge as error:
        found = _agreed(lhs, rhs, given, seed, str(error))
    except (Undefined, RecursionError) as error:
        found = Answer("unknown", str(error) or "a term nested too deeply")
    if found.status == "equal":
        return found
    try:
        refuted = question.searched()
    except RecursionError:
        return found
    return found if refuted is None else refuted


def _agreed(lhs: Basic, rhs: Basic, given: tuple[Any, ...], seed: int, why: str) -> Answer:
    """Equal modulo random primes, with the error bound; else unknown."""
    from derive.algebra.modular import agree

    try:
        found = within(given, lambda convert: agree(convert, lhs, rhs, seed))
    except (Unsupported, TooLarge, Undefined, RecursionError):
        found = None
    if found is None:
        return Answer("unknown", why)
    return Answer("equal", f"modular, error < 2^-{found.bits}", exact=False, provided=found.provided)


def _proved(convert: Converter, lhs: Basic, rhs: Basic) -> Answer:
    name_roots(convert, (lhs, rhs))
    left, needs_left = _summands(convert, lhs)
    right, needs_right = _summands(convert, rhs)
    if not _cancel(convert, left, right):
        return Answer("unknown", "the normal forms differ")
    needed = needs_left ^ needs_right
    return Answer("equal", "normal form", provided=conditions(convert, needed) if needed else ())


MOST_TOGETHER = 12
"""Two sides with more terms than this are each brought to one normal form first, since each may become short."""


def _summands(convert: Converter, side: Basic) -> tuple[list[Any], Conditions]:
    """The normal forms of the terms of a side, and what they need: lhs − rhs is then one sum, and not three."""
    if type(side) is not Add or len(side.args) > MOST_TOGETHER:
        value, needed = convert(side)
        return [value], needed
    found = [convert(term) for term in side.args]
    return [value for value, _ in found], NONE.union(*(needed for _, needed in found))


def _cancel(convert: Converter, left: list[Any], right: list[Any]) -> bool:
    """Whether Σ left − Σ right is zero."""
    field = convert.field
    if not any(isinstance(value, dict) for value in (*left, *right)):
        return not field.add([*left, *(field.scale(value, -1) for value in right)]).c
    minus = field.number(-1)
    kept = [[value for value in side if isinstance(value, dict) or value.c] for side in (left, right)]
    if any(isinstance(value, Value) for side in kept for value in side):
        raise Unsupported("a number beside a vector or matrix")
    return not words.add(field, [*kept[0], *(words.scale(field, minus, value) for value in kept[1])])


def conditions(convert: Converter, needed: Conditions) -> tuple[Any, ...]:
    """Side conditions as statements, a root's and a logarithm's joined to one where they meet."""
    needed = frozenset(condition for condition in needed if not convert.certain(condition))
    if not needed:
        return ()
    found = _statements(convert, frozenset(c for c in needed if c[0] != "each"))
    each = {what for kind, what in needed if kind == "each"}
    for limits in {limits for _, limits in each}:
        inner = conditions(convert, frozenset(condition for condition, those in each if those == limits))
        found += [_with_index(statement) for statement in inner]
    return tuple(sorted(set(found), key=str))


def _statements(convert: Converter, needed: Conditions) -> list[Any]:
    nonzero = {what for kind, what in needed if kind == "nonzero"}
    statements: list[Any] = []
    for kind, what in needed:
        if kind not in ("nonnegative", "range"):
            continue
        sign, numbers, others = what
        term = Mul(*(factor_term(convert, number) for number in numbers))
        if kind == "nonnegative" and numbers <= nonzero:
            nonzero -= numbers
            statements.append(Greater(term, 0) if sign > 0 else Less(term, 0))
        else:
            term = Mul(term, *(Pow(factor_term(convert, number), 2) for number in others))
            statements.append(GreaterEqual(term, 0) if sign > 0 else LessEqual(term, 0))
    return statements + [Unequal(factor_term(convert, number), 0) for number in nonzero]


def _with_index(statement: Any) -> Any:
    """A condition on every term of a sum, its index named by a letter: a free index stands for every value."""
    names = {str(symbol.name) for symbol in statement.free_symbols if isinstance(symbol, Symbol)}
    letters = iter(letter for letter in "ijklmn" if letter not in names)
    return substitute(statement, {Symbol(name): Symbol(next(letters)) for name in sorted(names) if "#" in name})


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

