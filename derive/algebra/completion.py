"""Inverses of sums of matrices: S S⁻¹ = S⁻¹ S = 1 as rules on words, completed by what overlapping rules say.

From a rule u → a and a rule v → b with u = u'w and v = wv' follow u'wv' = a v' = u' b: where the two differ, their
difference is a new rule (Mora 1986; for matrix identities Helton, Stankus and Wavrik 1998). So come out Woodbury's
identity, pushing a factor through an inverse, sums in parallel. Everything that a rule says holds wherever the inverses
exist; a rule is oriented only by a coefficient that is certainly not zero. The number of rules is bounded: what does
not come out by then is not shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import Any

from flint import fmpq

from derive.algebra import words
from derive.algebra.field import ONE, ZERO, Value
from derive.algebra.normal import Converter
from derive.algebra.signs import nonzero
from derive.algebra.words import Letter, Linear, Word
from derive.clock import tick
from derive.terms import sort_of

MOST_RULES = 40
MOST_PAIRS = 600
LONGEST = 14
MOST_STEPS = 400


class Rules:
    """Rules on words, over the inverses of sums that occur in one question."""

    def __init__(self, convert: Converter, difference: Any, assumed: frozenset[int]) -> None:
        self.convert, self.field, self.alphabet = convert, convert.field, convert.alphabet
        self.assumed = assumed  # factors that the sides themselves need not to be zero
        self.rules: dict[Word, Linear] = {}
        self.inverses = self._inverses(difference)
        self.cancelling = [  # A A⁻¹ = 1 overlaps with rules too
            Letter(atom, flipped, inverted) for atom in sorted(self.inverses)
            for flipped in (False, True) if not (flipped and self.alphabet.atoms[atom].symmetric)
            for inverted in (False, True)
        ]  # fmt: skip
        self.waiting: list[tuple[int, int, Linear]] = []
        self.made = 0
        for atom, whole in list(self.alphabet.inverse_of.items()):
            for flipped in (False, True):
                self._state(Letter(atom, flipped), words.transposed(self.alphabet, whole) if flipped else whole)
                if self.alphabet.atoms[atom].symmetric:
                    break

    def _inverses(self, difference: Any) -> set[int]:
        """The letters whose inverses occur: of no other is an inverse spoken of."""
        spoken: list[Word] = [] if isinstance(difference, Value) else list(difference)
        spoken += [word for whole in self.alphabet.inverse_of.values() for word in whole]
        spoken += [made.term for made in self.field.generators.values() if isinstance(made.term, tuple)]
        return {letter.atom for word in spoken for letter in word if letter.inverted}

    def _state(self, letter: Letter, whole: Linear) -> None:
        for before, after in (((letter,), ()), ((), (letter,))):
            product = self._around(before, whole, after)
            self._wait(words.add(self.field, [product, {(): self.field.number(-1)}]))
        self._rank_one(letter, whole)

    def _rank_one(self, letter: Letter, whole: Linear) -> None:
        """S⁻¹ p (1 + k qᵀM⁻¹p) = M⁻¹ p for S = M + k p qᵀ and M one word."""
        if len(whole) != 2:
            return
        for word, weight in whole.items():
            place = next((i for i, one in enumerate(word) if i and self.alphabet.is_row(one)), None)
            if place is None or not self.alphabet.is_column(word[place - 1]):
                continue
            ((rest, factor),) = [(other, value) for other, value in whole.items() if other != word]
            if not all(one.atom in self.inverses for one in rest) or not self._invertible(factor):
                continue
            inverse = tuple(one._replace(inverted=not one.inverted) for one in reversed(rest))
            column, row = word[:place], word[place:]
            share = self.field.power(factor, -1)
            moved = self._around(inverse, {column: share}, ())
            inner = self._around(row, moved, ()).get((), ZERO)
            total = self.field.add([ONE, self.field.mul(weight, inner)])
            self._wait(words.add(self.field, [
                {(letter, *column): total}, words.scale(self.field, self.field.number(-1), moved)
            ]))  # fmt: skip

    # ---- words -----------------------------------------------------------------------------------------------------

    def _around(self, before: Word, term: Linear, after: Word) -> Linear:
        """before · term · after."""
        terms = []
        for word, value in term.items():
            first, begun = words.joined(self.field, self.alphabet, before, word)
            second, ended = words.joined(self.field, self.alphabet, begun, after)
            terms.append({ended: self.field.product([value, first, second])})
        return words.add(self.field, terms)

    def reduced(self, term: Linear) -> Linear:
        """The combination with every rule applied wherever it can be."""
        result: list[Linear] = []
        waiting = [term]
        for _ in range(MOST_STEPS):
            if not waiting:
                return words.add(self.field, result)
            current = waiting.pop()
            for word, value in current.items():
                found = self._place(word)
                if found is None:
                    result.append({word: value})
                else:
                    start, lead = found
                    piece = self._around(word[:start], self.rules[lead], word[start + len(lead) :])
                    waiting.append(words.scale(self.field, value, piece))
            tick()
        raise Unfinished

    def _place(self, word: Word) -> tuple[int, Word] | None:
        for lead in self.rules:
            size = len(lead)
            for start in range(len(word) - size + 1):
                if word[start : start + size] == lead:
                    return start, lead
        return None

    # ---- completion ------------------------------------------------------------------------------------------------

    def _wait(self, relation: Linear) -> None:
        longest = max(map(len, relation), default=0)
        if relation and longest <= LONGEST:
            self.made += 1
            heappush(self.waiting, (longest * 8 + len(relation), self.made, relation))

    def _invertible(self, value: Value) -> bool:
        return bool(value.c) and all(
            number in self.assumed or nonzero(self.field, number) for number in self.field.irreducible(value).f
        )

    def grow(self) -> Iterator[None]:
        """One rule more, again and again."""
        for _ in range(MOST_PAIRS):
            if not self.waiting or len(self.rules) > MOST_RULES:
                return
            tick()
            relation = self.reduced(heappop(self.waiting)[2])
            if not relation:
                continue
            lead = words.leading(relation)
            if not lead or not self._invertible(relation[lead]):
                continue
            share = self.field.scale(self.field.power(relation[lead], -1), fmpq(-1))
            rest = {word: self.field.mul(share, value) for word, value in relation.items() if word != lead}
            for other in [other for other in self.rules if _within(lead, other)]:
                self._wait(words.add(self.field, [
                    {other: ONE}, words.scale(self.field, self.field.number(-1), self.rules.pop(other))
                ]))  # fmt: skip
            self.rules[lead] = rest
            self._overlaps(lead, rest)
            yield

    def _overlaps(self, lead: Word, rest: Linear) -> None:
        """What a new rule says beside the others, and beside A A⁻¹ = 1."""
        for other, meaning in list(self.rules.items()):
            self._meet(lead, rest, other, meaning)
            if other != lead:
                self._meet(other, meaning, lead, rest)
        for one in self.cancelling:
            back = one._replace(inverted=not one.inverted)
            if lead[-1] == one:
                self._meet(lead, rest, (one, back), {(): ONE})
            if lead[0] == one:
                self._meet((back, one), {(): ONE}, lead, rest)

    def _meet(self, first: Word, a: Linear, second: Word, b: Linear) -> None:
        for size in range(1, min(len(first), len(second)) + (first != second)):
            if first[-size:] != second[:size] or (size == len(first) == len(second)):
                continue
            left, right = self._around((), a, second[size:]), self._around(first[:-size], b, ())
            self._wait(words.add(self.field, [left, words.scale(self.field, self.field.number(-1), right)]))

    # ---- numbers made of words ---------------------------------------------------------------------------------------

    def number(self, value: Value) -> Value:
        """A number with the rules applied inside the inner products and traces that it is written with."""
        field = self.field
        if not value.c:
            return value
        poly, rest = field.numerator(value)
        meanings: dict[int, Value] = {}
        terms = []
        for monomial, coefficient in zip(poly.monoms(), poly.coeffs(), strict=True):
            factors = [field.number(int(coefficient))]
            for place, exponent in enumerate(monomial):
                if exponent:
                    if place not in meanings:
                        meanings[place] = self._generator(place)
                    factors.append(field.power(meanings[place], int(exponent)))
            terms.append(field.product(factors))
        return field.mul(field.add(terms), rest)

    def _generator(self, place: int) -> Value:
        field, generator = self.field, self.field.generators[place]
        same = Value(fmpq(1), {field.generator_factor(place): 1})
        if generator.kind != "gram" or not isinstance(generator.term, tuple):
            return same
        word: Word = generator.term
        if generator.name[0] == "trace":
            turns = [word[k:] + word[:k] for k in range(len(word))]
            turned = next((turn for turn in turns if self._place(turn)), None)
            if turned is None:
                return same
            shape = sort_of(self.alphabet.atoms[turned[0].atom].term).shape
            size = self.convert.value(shape[1 if turned[0].transposed else 0])
            return words.trace(field, self.alphabet, self.reduced({turned: ONE}), size)
        inside = self.reduced({word[1:-1]: ONE})
        parts = []
        for middle, weight in inside.items():
            scalar, left = words.joined(field, self.alphabet, (word[0], *middle), (word[-1],))
            if left:
                return same
            parts.append(field.mul(weight, scalar))
        return field.add(parts)


class Unfinished(Exception):
    """Rules that go on without an end in sight."""


def _within(part: Word, word: Word) -> bool:
    return part != word and any(word[i : i + len(part)] == part for i in range(len(word) - len(part) + 1))


def vanishes(convert: Converter, difference: Any, assumed: frozenset[int]) -> bool:
    """Whether a number, a vector or a matrix is zero by the rules of the inverses in it."""
    if not convert.alphabet.inverse_of:
        return False
    rules = Rules(convert, difference, assumed)
    try:
        for _ in rules.grow():
            if isinstance(difference, Value):
                if not rules.number(difference).c:
                    return True
            else:
                difference = rules.reduced(difference)
                if not difference:
                    return True
    except Unfinished:
        return False
    return False
