"""Equal, with a proof: the difference of the normal forms is zero, in general or in each case of a sign.

Where |f| or sign f stands and nothing is known of the sign of f, the sides are equal if they are for f ≥ 0 and f ≤ 0.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from sympy import Add, Basic, Mul, Pow, Product, Symbol

from derive.algebra import words
from derive.algebra.answer import Answer
from derive.algebra.completion import vanishes
from derive.algebra.express import factor_term
from derive.algebra.field import Field, Undefined, Unsupported, Value
from derive.algebra.givens import within
from derive.algebra.needs import NONE, Conditions
from derive.algebra.normal import Converter
from derive.algebra.polynomials import TooLarge
from derive.algebra.ranges import Ranges
from derive.algebra.roots import name_roots
from derive.algebra.signs import factor_sign, nonzero
from derive.terms import Density, Equal, Greater, GreaterEqual, Less, LessEqual, Unequal, substitute

MOST_CASES = 3
"""So many signs are told apart, one after the other."""

UNPROVED = "the normal forms differ"


class Attempt(NamedTuple):
    """What came of a proof, and the numbers whose signs might help: (term, whether its being zero is a case apart)."""

    answer: Answer
    open: tuple[tuple[Basic, bool], ...] = ()


def attempt(lhs: Basic, rhs: Basic, given: tuple[Any, ...], seed: int) -> Attempt:
    """Whether lhs = rhs by normal form, or modulo random primes where that is too large."""
    try:
        return within(given, lambda convert: _by_normal_form(convert, lhs, rhs))
    except Unsupported as error:
        return Attempt(Answer("unknown", str(error)))
    except TooLarge as error:
        return Attempt(_agreed(lhs, rhs, given, seed, str(error)))
    except (Undefined, RecursionError) as error:
        return Attempt(Answer("unknown", str(error) or "a term nested too deeply"))


def by_cases(lhs: Basic, rhs: Basic, given: tuple[Any, ...], seed: int, before: Attempt, depth: int = 0) -> Answer:
    """Equal, where it is for each sign of a number of unknown sign; what any case needs is needed."""
    if not before.open or depth == MOST_CASES:
        return before.answer
    term, zero_apart = before.open[0]
    cases: tuple[Any, ...] = (GreaterEqual(term, 0), LessEqual(term, 0))
    if zero_apart:
        cases = (Greater(term, 0), Less(term, 0), Equal(term, 0))
    needed: dict[Any, None] = {}
    for case in cases:
        assumed = (*given, case)
        found = attempt(lhs, rhs, assumed, seed)
        if any(other == term for other, _ in found.open):  # the case was not understood
            return before.answer
        answer = found.answer
        if answer.status != "equal":
            answer = by_cases(lhs, rhs, assumed, seed, found, depth + 1)
        if answer.status != "equal" or not answer.exact:
            return before.answer
        needed |= dict.fromkeys(answer.provided)
    return Answer("equal", "normal form, by cases", provided=tuple(needed))


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


def _by_normal_form(convert: Converter, lhs: Basic, rhs: Basic) -> Attempt:
    name_roots(convert, (lhs, rhs))
    left, needs_left = _summands(convert, lhs)
    right, needs_right = _summands(convert, rhs)
    if not _cancel(convert, left, right):
        return Attempt(Answer("unknown", UNPROVED), _open(convert))
    needed = needs_left ^ needs_right
    return Attempt(Answer("equal", "normal form", provided=conditions(convert, needed) if needed else ()))


def by_ranges(lhs: Basic, rhs: Basic, given: tuple[Any, ...], seed: int, depth: int = 0) -> Answer | None:
    """Equal, where sums and products are taken apart by their ranges; None where that does not show it.

    Σ rᵏ = (rⁿ − 1)/(r − 1) says nothing of r = 1: there the equation is to be shown once more.
    """
    for closed in (True, False):
        try:
            found = within(given, partial(_taken_apart, lhs=lhs, rhs=rhs, closed=closed))
        except (Unsupported, TooLarge, Undefined, RecursionError):
            continue
        if found.answer.status != "equal" or (found.open and depth):
            continue
        needed = dict.fromkeys(found.answer.provided)
        for term, _ in found.open:
            assumed = (*given, Equal(term, 0))
            there: Answer | None = attempt(lhs, rhs, assumed, seed).answer
            if there is None or there.status != "equal":
                there = by_ranges(lhs, rhs, assumed, seed, depth + 1)
            if there is None or not there.exact:
                return None
            needed |= dict.fromkeys(there.provided)
        return Answer("equal", "normal form", provided=tuple(needed))
    return None


def _taken_apart(convert: Converter, lhs: Basic, rhs: Basic, closed: bool) -> Attempt:
    convert.ranges = ranges = Ranges(closed)
    for _ in range(2):  # the second time the shortest range of each product is known
        convert.memo.clear()
        left, needs_left = _summands(convert, lhs)
        right, needs_right = _summands(convert, rhs)
    if not _cancel(convert, left, right):
        return Attempt(Answer("unknown", UNPROVED))
    needed, own = needs_left ^ needs_right, needs_left | needs_right
    zero = [n for n in ranges.divided if ("nonzero", n) not in own and not nonzero(convert.field, n)]
    answer = Answer("equal", "normal form", provided=conditions(convert, needed) if needed else ())
    return Attempt(answer, tuple((factor_term(convert, number), True) for number in zero))


def by_completion(lhs: Basic, rhs: Basic, given: tuple[Any, ...]) -> Answer | None:
    """Equal, where the rules that inverses of sums satisfy show it; None where they do not."""
    try:
        return within(given, partial(_completed, lhs=lhs, rhs=rhs))
    except (Unsupported, TooLarge, Undefined, RecursionError):
        return None


def _completed(convert: Converter, lhs: Basic, rhs: Basic) -> Answer | None:
    name_roots(convert, (lhs, rhs))
    (left, needs_left), (right, needs_right) = convert(lhs), convert(rhs)
    field, minus = convert.field, convert.field.number(-1)
    if not convert.alphabet.inverse_of:
        return None
    difference: Any
    if isinstance(left, Value) and isinstance(right, Value):
        difference = field.add([left, field.scale(right, -1)])
    else:
        sides = [{} if isinstance(side, Value) and not side.c else side for side in (left, right)]
        if any(isinstance(side, Value) for side in sides):
            return None
        difference = words.add(field, [sides[0], words.scale(field, minus, sides[1])])
    assumed = frozenset(what for kind, what in needs_left | needs_right if kind == "nonzero")
    if not vanishes(convert, difference, assumed):
        return None
    needed = needs_left ^ needs_right
    return Answer("equal", "normal form", provided=conditions(convert, needed) if needed else ())


def _open(convert: Converter) -> tuple[tuple[Basic, bool], ...]:
    """The numbers of unknown sign whose absolute value or sign occurs, the shortest first."""
    field, found = convert.field, dict[int, bool]()
    for generator in field.generators.values():
        if generator.kind in ("abs", "sign") and factor_sign(field, generator.factor) is None:
            found[generator.factor] = found.get(generator.factor, False) or generator.kind == "sign"
    shortest = sorted(found, key=lambda number: (len(field.factors[number].poly), number))
    return tuple((factor_term(convert, n), found[n]) for n in shortest if not convert.mentions(n, "#"))


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
        return _vanishes(field, field.add([*left, *(field.scale(value, -1) for value in right)]))
    minus = field.number(-1)
    kept = [[value for value in side if isinstance(value, dict) or value.c] for side in (left, right)]
    if any(isinstance(value, Value) for side in kept for value in side):
        raise Unsupported("a number beside a vector or matrix")
    total = words.add(field, [*kept[0], *(words.scale(field, minus, value) for value in kept[1])])
    return all(_vanishes(field, coefficient) for coefficient in total.values())


def _vanishes(field: Field, value: Value) -> bool:
    """Whether a value is zero: (|x| − x)(|x| + x) is, though none of its factors is."""
    if not value.c or not field.relations:
        return not value.c
    try:
        return bool(field.numerator(value)[0].is_zero())
    except TooLarge:
        return False


def conditions(convert: Converter, needed: Conditions) -> tuple[Any, ...]:
    """Side conditions as statements, a root's and a logarithm's joined to one where they meet."""
    needed = frozenset(condition for condition in needed if not convert.certain(condition))
    if not needed:
        return ()
    found = _statements(convert, frozenset(c for c in needed if c[0] != "each"))
    each = {what for kind, what in needed if kind == "each"}
    for over in {over for _, _, over in each}:
        inner = conditions(convert, frozenset(condition for condition, _, those in each if those == over))
        left = [statement for statement in inner if not _by_its_range(statement, over)]
        found += [_with_index(_throughout(statement, over)) for statement in left]
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


def _by_its_range(statement: Any, over: tuple[Any, ...]) -> bool:
    """Whether k − l ≥ 0 holds for every k of a sum because it holds at the end where it is least."""
    index, low, high = over
    if not isinstance(statement, GreaterEqual) or statement.args[1] != 0:
        return False
    least = statement.args[0]
    slope = Add(substitute(least, {index: index + 1}), Mul(-1, least)).expand()
    if not slope.is_number or not slope.is_extended_real:
        return False
    value = substitute(least, {index: low if slope > 0 else high}).expand()
    return bool(value.is_number and value >= 0)


def _throughout(statement: Any, over: tuple[Any, ...]) -> Any:
    """That no term of a range is zero, as the product over it: of a density at other indices nothing is said."""
    if not isinstance(statement, Unequal) or statement.args[1] != 0 or not statement.args[0].has(Density):
        return statement
    return Unequal(Product(statement.args[0], over), 0)


def _with_index(statement: Any) -> Any:
    """A condition on every term of a sum, its index named by a letter: a free index stands for every value."""
    names = {str(symbol.name) for symbol in statement.free_symbols if isinstance(symbol, Symbol)}
    letters = iter(letter for letter in "ijklmn" if letter not in names)
    return substitute(statement, {Symbol(name): Symbol(next(letters)) for name in sorted(names) if "#" in name})


