"""Sums and products over an index: Σ (c a_k + b_k) = c Σ a_k + Σ b_k, and ∏ a_k b_k = ∏ a_k ∏ b_k.

A short range of known length is written out. Otherwise the body is multiplied out, what does not depend on the index
moves outside, and each remaining monomial in the index's terms is one atom: the sum of 1 is the number of terms, where
this is not negative. An empty sum is 0, and so Σ_{k=2}^{n} 1 = n − 1 asks for n ≥ 1.

SymPy writes a sum of sums as one sum with several limits, the innermost first: here it is the outermost limit's sum of
the sum with the others.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import fmpq
from sympy import Add, Integer, Mul, Sum, Symbol

from derive.algebra import elementary, ranges, words
from derive.algebra.express import factor_term, value_term, word_term
from derive.algebra.field import ONE, Value
from derive.algebra.needs import Conditions, nonnegative
from derive.algebra.signs import factor_sign, value_sign
from derive.algebra.words import Linear, Word
from derive.errors import InputError
from derive.terms import Entry, Inner, free_variables, sort_of, substitute

if TYPE_CHECKING:
    from derive.algebra.normal import Converter

MOST_WRITTEN_OUT = 12
OUTERMOST = "#0.0"
"""The name that `canonical` gives the index of a sum that stands in no other."""


class Opaque(Exception):
    """A sum that is not taken apart."""


class _Range:
    """The index of a canonical sum, its limits, and the number of terms."""

    def __init__(self, convert: Converter, shown: Any, term: Any) -> None:
        self.convert, self.shown, self.kind = convert, shown, type(term)
        (self.index, self.low, self.high), (self.written, _, _) = term.limits[-1], shown.limits[-1]
        self.body, self.shown_body = _body(term), _body(shown)
        low, first = convert(self.low)
        high, second = convert(self.high)
        self.conditions: Conditions = first | second
        self.ends = (low, high)
        self.limits = (convert.key(low), convert.key(high))
        self._count = convert.field.add([high, convert.field.scale(low, -1), ONE])
        self.counted = False
        self.taken_out: Conditions = frozenset()

    @property
    def count(self) -> Value:
        """The number of terms, which a range that is used as a number must not make negative."""
        self.counted = True
        return self._count

    @property
    def whole(self) -> Conditions:
        """That the range has a number of terms, where that was used."""

        needed = nonnegative(self.convert.field, self._count) if self.counted else frozenset()
        return frozenset(("range", what) for _, what in needed)

    def each(self, needed: Conditions) -> Conditions:
        """Conditions on the terms: those that mention the index are needed for each of its values."""
        own = frozenset(condition for condition in needed if self.convert.speaks_of(condition, self.index.name))
        if not own:
            return needed
        over = (self.index, *(value_term(self.convert, end) for end in self.ends))
        return (needed - own) | frozenset(("each", (condition, self.limits, over)) for condition in own)

    def parted(self, value: Value) -> tuple[Value, Value]:
        """value = free · bound: the factors without the index, and those with it."""
        return ranges.parted(self.convert, self.index, value)

    def monomials(self, value: Value) -> list[Value]:
        """A value multiplied out: its monomials over the denominators it has."""
        return ranges.monomials(self.convert.field, value)

    def named(self, bound: Value, word: Word, kind: Any = None) -> Any:
        """The sum as a term, for people: with the index as it was written, or a letter where it was named by depth."""
        body = value_term(self.convert, bound)
        if word:
            body = Mul(body, word_term(self.convert, word))
        written, limits = self.written, self.shown.limits[-1][1:]
        if "#" in written.name:
            taken = {str(symbol.name) for part in (body, *limits) for symbol in part.free_symbols}
            written = Symbol(next(letter for letter in _LETTERS if letter not in taken))
        return (kind or self.kind)(substitute(body, {self.index: written}), (written, *limits))

    def stands_alone(self, bound: Value, word: Word = ()) -> bool:
        """Whether a sum below another sum's index does not depend on it, and was named by its depth all the same."""
        if self.index.name == OUTERMOST:
            return False
        named = self.named(bound, word)
        return not any("#" in str(getattr(item, "name", "")) for item in free_variables(named))


_LETTERS = (*"ijklmnabc", *(f"i_{{{place}}}" for place in range(1000)))


def _body(term: Any) -> Any:
    return term.function if len(term.limits) == 1 else type(term)(term.function, *term.limits[:-1])


def summation(convert: Converter, shown: Any, term: Any) -> tuple[Any, Conditions]:
    """Σ over an index, by linearity; `term` is `shown` with its index named by depth. Raises Opaque."""
    field = convert.field
    over = _Range(convert, shown, term)
    written = _written_out(convert, over, shown)
    if written is not None:
        values = [value for value, _ in written]
        conditions = over.conditions.union(*(needed for _, needed in written))
        if any(isinstance(value, dict) for value in values):
            return words.add(field, [value for value in values if isinstance(value, dict)]), conditions
        return field.add(values), conditions
    body, needed = convert(over.body)
    conditions = over.each(needed) | over.conditions
    if isinstance(body, Value):
        apart = convert.ranges is not None and isinstance(over.body, Add)  # as it is written: 1/k − 1/(k + 1)
        bodies = [convert.value(part) for part in over.body.args] if apart else [body]
        terms = [term for part in bodies for term in _scalars(over, part)]
        return field.add(terms), conditions | over.whole | over.taken_out
    parts: list[Linear] = []
    for word, coefficient in body.items():
        if convert.word_mentions(word, over.index.name):
            for single in over.monomials(coefficient):
                free, bound = over.parted(single)
                if over.stands_alone(bound, word):
                    alone, more = convert.linear(over.named(bound, word))
                    conditions |= more
                    parts.append(words.scale(field, free, alone))
                    continue
                key = ("sum", convert.key(bound), word, over.limits)
                letter = convert.alphabet.letter(key, True, False, over.named(bound, word))
                parts.append({(letter,): free})
        else:
            parts.append({word: field.add(_scalars(over, coefficient))})
    return words.add(field, parts), conditions | over.whole


def _scalars(over: _Range, body: Value) -> list[Value]:
    convert, field = over.convert, over.convert.field
    terms = []
    for single in over.monomials(body) if body.c else []:
        free, bound = over.parted(single)
        if not bound.f:
            terms.append(field.mul(free, over.count))
            continue
        product = _inner_product(over, bound)
        if product is not None:
            terms.append(field.mul(free, product))
            continue
        if over.stands_alone(bound):
            terms.append(field.mul(free, convert.value(over.named(bound, ()))))
            continue
        if convert.ranges is not None:
            value, needed = ranges.sum_of(convert, convert.ranges, over.index, bound, *over.ends)
            over.taken_out |= needed
            over.counted = True
            terms.append(field.mul(free, value))
            continue
        key = ("sum", convert.key(bound), over.limits)
        sign = "+0" if value_sign(field, bound) in ("+", "+0") else None
        terms.append(field.mul(free, field.atom(key, "opaque", sign, over.named(bound, ()))))
    return terms


def _inner_product(over: _Range, bound: Value) -> Value | None:
    """xᵀy for Σ_i x_i y_i over all entries of two vectors."""
    if bound.c != 1 or any(exponent not in (1, 2) for exponent in bound.f.values()) or over.low != 1:
        return None
    entries = [factor_term(over.convert, number) for number, exponent in bound.f.items() for _ in range(int(exponent))]
    whole = len(entries) == 2 and all(
        isinstance(entry, Entry) and entry.indices == (over.index,) and sort_of(entry.array).shape[0] == over.high
        and over.index not in free_variables(entry.array) for entry in entries
    )  # fmt: skip
    return over.convert.value(Inner(*(entry.array for entry in entries))) if whole else None


def product(convert: Converter, shown: Any, term: Any) -> tuple[Any, Conditions]:
    """∏ over an index, factor by factor. Raises Opaque."""
    field = convert.field
    over = _Range(convert, shown, term)
    written = _written_out(convert, over, shown)
    if written is not None:
        return field.product(value for value, _ in written), over.conditions.union(*(needed for _, needed in written))
    body, needed = convert(over.body)
    if not isinstance(body, Value) or not body.c:
        raise Opaque
    if convert.ranges is not None and value_sign(field, body) == "+":  # as the exponential of a sum of logarithms
        logarithm = field.add(_scalars(over, elementary.logarithm(field, body)))
        conditions = over.each(needed) | over.conditions | over.whole | over.taken_out
        return elementary.exponential(field, logarithm), conditions
    free, bound = over.parted(body)
    singles = []
    for number, exponent in bound.f.items():
        sign = factor_sign(field, number)
        turned = sign == "-" and isinstance(exponent, int)  # ∏ (1 − b_k), where b_k < 1, is no ∏ (b_k − 1)
        singles.append((Value(fmpq(-1 if turned else 1), {number: 1}), exponent, "+" if turned else sign))
        free = field.scale(free, -1) if turned and int(exponent) % 2 else free
    constant = elementary.power(field, free, over.count) if (free.f or free.c != 1) else ONE
    if constant is None:
        raise Opaque
    result = constant
    for single, exponent, sign in singles:
        ((number, _),) = single.f.items()
        generator = field.generators.get(field.factors[number].generator)
        if generator is not None and generator.kind == "exp" and generator.base is not None:
            summed = over.named(field.scale(generator.base, elementary.rational(exponent)), (), Sum)
            result = field.mul(result, elementary.exponential(field, convert.value(summed)))
            continue
        if convert.ranges is not None and over.index.name == OUTERMOST:
            whole, more = ranges.product_of(convert, convert.ranges, over.index, single, *over.ends)
            over.taken_out |= more
            over.counted = True
            result = field.mul(result, elementary.root(field, whole, exponent) if isinstance(exponent, Fraction)
                               else field.power(whole, exponent))  # fmt: skip
            continue
        if over.stands_alone(single):
            alone = convert.value(over.named(single, ()))
            result = field.mul(result, elementary.root(field, alone, exponent) if isinstance(exponent, Fraction)
                               else field.power(alone, exponent))  # fmt: skip
            continue
        positive = sign if sign in ("+", "+0") else None
        atom = field.atom(("product", convert.key(single), over.limits), "opaque", positive, over.named(single, ()))
        (factor,) = atom.f
        result = field.mul(result, Value(fmpq(1), {factor: exponent}))
    return result, over.each(needed) | over.conditions | over.whole | over.taken_out


def _written_out(convert: Converter, over: _Range, shown: Any) -> list[tuple[Any, Conditions]] | None:
    """The terms of a sum of few terms, each converted; None where the number of terms is not known."""
    count = over._count
    if count.f or count.c.q != 1:
        return None
    number = int(count.c.p)
    if number < 0 or number > MOST_WRITTEN_OUT:
        raise Opaque
    try:
        return [
            convert(substitute(over.shown_body, {over.written: shown.limits[-1][1] + Integer(step)}))
            for step in range(number)
        ]
    except InputError:
        raise Opaque from None

