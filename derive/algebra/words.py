"""Vectors and matrices as combinations of words: Σ c_w w with scalar values c_w and words w of letters.

A letter is a vector or matrix atom, perhaps transposed or inverted; a word is their product in this order, and the
empty word the identity. A row meeting a column inside a word is a number, xᵀAy = yᵀAᵀx, and leaves it as a generator:
inner products of basis vectors are independent unknowns, so that what is shown holds in every dimension.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from derive.algebra.field import ONE, Field, Value
from derive.algebra.polynomials import TooLarge


class Letter(NamedTuple):
    """An atom (by its number), transposed, inverted."""

    atom: int
    transposed: bool = False
    inverted: bool = False


Word = tuple[Letter, ...]
Linear = dict[Word, Value]
Numbered = tuple[Value, Word]
_MOST_WORDS = 2000


@dataclass(slots=True)
class Atom:
    """What a letter stands for."""

    name: Any
    is_vector: bool
    symmetric: bool
    term: Any


class Alphabet:
    """The vector and matrix atoms met so far."""

    def __init__(self) -> None:
        self.atoms: list[Atom] = []
        self.numbers: dict[Any, int] = {}
        self.sums: dict[int, Linear] = {}
        self.inverse_of: dict[int, Linear] = {}  # the sums whose inverses are letters

    def fork(self) -> Alphabet:
        """A copy that may grow by itself."""
        copy = Alphabet()
        copy.atoms, copy.numbers, copy.sums = list(self.atoms), dict(self.numbers), dict(self.sums)
        copy.inverse_of = dict(self.inverse_of)
        return copy

    def letter(self, name: Any, is_vector: bool, symmetric: bool, term: Any) -> Letter:
        """The letter of an atom."""
        number = self.numbers.get(name)
        if number is None:
            number = self.numbers[name] = len(self.atoms)
            self.atoms.append(Atom(name, is_vector, symmetric, term))
        return Letter(number)

    def transposed(self, word: Word) -> Word:
        """The word of the transpose."""
        return tuple(
            letter if self.atoms[letter.atom].symmetric else letter._replace(transposed=not letter.transposed)
            for letter in reversed(word)
        )

    def is_row(self, letter: Letter) -> bool:
        """Whether the letter is a transposed vector."""
        return letter.transposed and self.atoms[letter.atom].is_vector

    def is_column(self, letter: Letter) -> bool:
        """Whether the letter is a vector."""
        return not letter.transposed and self.atoms[letter.atom].is_vector


def joined(field: Field, alphabet: Alphabet, left: Word, right: Word) -> tuple[Value, Word]:
    """left · right as number · word: A A⁻¹ cancels, and rows that meet columns become numbers."""
    letters = list(left)
    for letter in right:
        if letters and _cancel(letters[-1], letter):
            letters.pop()
        else:
            letters.append(letter)
    scalar, start = ONE, None
    place = 0
    while place < len(letters):
        if alphabet.is_row(letters[place]):
            start = place
        elif alphabet.is_column(letters[place]) and start is not None:
            scalar = field.mul(scalar, gram(field, alphabet, tuple(letters[start : place + 1])))
            del letters[start : place + 1]
            place, start = start - 1, None
        place += 1
    return scalar, tuple(letters)


def _cancel(a: Letter, b: Letter) -> bool:
    return a.atom == b.atom and a.transposed == b.transposed and a.inverted != b.inverted


def gram(field: Field, alphabet: Alphabet, word: Word) -> Value:
    """The number xᵀ…y of a word from a row to a column."""
    other = alphabet.transposed(word)
    chosen = min(word, other)
    square = len(word) == 2 and word[0].atom == word[1].atom
    key = ("inner", tuple(_named(alphabet, letter) for letter in chosen))
    return field.atom(key, "gram", "+0" if square else None, chosen)


def _named(alphabet: Alphabet, letter: Letter) -> tuple[Any, bool, bool]:
    return alphabet.atoms[letter.atom].name, letter.transposed, letter.inverted


def add(field: Field, terms: list[Linear]) -> Linear:
    """The sum, coefficient by coefficient."""
    gathered: dict[Word, list[Value]] = {}
    for term in terms:
        for word, value in term.items():
            gathered.setdefault(word, []).append(value)
    result = {word: field.add(values) if len(values) > 1 else values[0] for word, values in gathered.items()}
    return {word: value for word, value in result.items() if value.c}


def scale(field: Field, value: Value, term: Linear) -> Linear:
    """value · term."""
    return {word: field.mul(value, coefficient) for word, coefficient in term.items()} if value.c else {}


def product(field: Field, alphabet: Alphabet, left: Linear, right: Linear) -> Linear:
    """left · right, distributed; a product that is a number is the coefficient of the empty word."""
    terms: list[Linear] = []
    for first, a in left.items():
        for second, b in right.items():
            scalar, word = joined(field, alphabet, first, second)
            terms += scaled_words(field, reduced(field, alphabet, word), field.mul(scalar, field.mul(a, b)))
    return add(field, terms)


def scaled_words(field: Field, found: list[Numbered], factor: Value) -> list[Linear]:
    """Numbers times words, each times one more number."""
    return [{word: field.mul(scalar, factor)} for scalar, word in found]


def reduced(field: Field, alphabet: Alphabet, word: Word) -> list[Numbered]:
    """The word as a combination of words in which no inverse of a sum stands beside the sum's leading term.

    From S = c w + … follows S⁻¹ w = (1 − S⁻¹ …) / c, where w is the longest word of the sum, so that words get shorter.
    """
    if not alphabet.sums:
        return [(ONE, word)]
    finished: list[Numbered] = []
    waiting: list[Numbered] = [(ONE, word)]
    while waiting:
        if len(finished) + len(waiting) > _MOST_WORDS:
            raise TooLarge("a product of inverses of sums that does not come to an end")
        factor, current = waiting.pop()
        found = _resolved(field, alphabet, current)
        if found is None:
            finished.append((factor, current))
            continue
        place, size, pieces = found
        for value, piece in pieces:
            first, begun = joined(field, alphabet, current[:place], piece)
            second, ended = joined(field, alphabet, begun, current[place + size :])
            waiting.append((field.mul(field.mul(factor, value), field.mul(first, second)), ended))
    return finished


def leading(whole: Linear) -> Word:
    """The longest word of a sum."""
    return max(whole, key=lambda word: (len(word), word))


def _resolved(field: Field, alphabet: Alphabet, word: Word) -> tuple[int, int, list[Numbered]] | None:
    """Where an inverse of a sum stands beside the sum's leading term, how many letters that is, and what they are."""
    for place, letter in enumerate(word):
        if letter.atom not in alphabet.sums or letter.transposed or letter.inverted:
            continue
        for before, after, pieces in _rules(field, alphabet, letter):
            start, end = place - len(before), place + 1 + len(after)
            if start >= 0 and word[start:place] == before and word[place + 1 : end] == after:
                return start, end - start, pieces
    return None


def _rules(field: Field, alphabet: Alphabet, letter: Letter) -> Iterator[tuple[Word, Word, list[Numbered]]]:
    """What stands before S⁻¹ and what after it, and what they are together, for S = c w + c' w' + … with w leading.

    These are S⁻¹ w and w S⁻¹; where w is one letter, also S⁻¹ w' w⁻¹ and w⁻¹ w' S⁻¹.
    """
    whole = alphabet.sums[letter.atom]
    lead = leading(whole)
    rest = {other: coefficient for other, coefficient in whole.items() if other != lead}
    share = field.power(whole[lead], -1)
    minus = [(field.scale(field.mul(share, c), -1), other) for other, c in rest.items()]
    yield (), lead, [(share, ()), *((value, (letter, *other)) for value, other in minus)]
    yield lead, (), [(share, ()), *((value, (*other, letter)) for value, other in minus)]
    if len(lead) > 1 or not rest:
        return
    second = leading(rest)
    if not second or rest[second].f:
        return
    back = lead[0]._replace(inverted=not lead[0].inverted)
    share = field.power(rest[second], -1)
    begin: list[Numbered] = [(share, (back,)), (field.scale(field.mul(share, whole[lead]), -1), (letter,))]
    minus = [(field.scale(field.mul(share, c), -1), other) for other, c in rest.items() if other != second]
    yield (), (*second, back), [*begin, *((value, (letter, *other, back)) for value, other in minus)]
    yield (back, *second), (), [*begin, *((value, (back, *other, letter)) for value, other in minus)]


def transposed(alphabet: Alphabet, term: Linear) -> Linear:
    """The transpose."""
    return {alphabet.transposed(word): value for word, value in term.items()}


def inner(field: Field, alphabet: Alphabet, left: Linear, right: Linear) -> Value:
    """⟨left, right⟩ of two vectors, by bilinearity."""
    terms = []
    for first, a in left.items():
        row = alphabet.transposed(first)
        for second, b in right.items():
            for share, whole in _open(field, alphabet, row, second):
                scalar, _ = joined(field, alphabet, whole, ())
                terms.append(field.mul(field.mul(share, scalar), field.mul(a, b)))
    return field.add(terms)


def _open(field: Field, alphabet: Alphabet, row: Word, column: Word) -> list[Numbered]:
    """row · column with neighbours cancelled and inverses of sums beside their sums resolved, before it is a number."""
    letters = list(row)
    for letter in column:
        if letters and _cancel(letters[-1], letter):
            letters.pop()
        else:
            letters.append(letter)
    inside = tuple(letters[1:-1])
    if not alphabet.sums or not inside:
        return [(ONE, tuple(letters))]
    return [(share, (letters[0], *middle, letters[-1])) for share, middle in reduced(field, alphabet, inside)]


def trace(field: Field, alphabet: Alphabet, term: Linear, size: Value) -> Value:
    """tr Σ c_w w: cyclic, and the same for the transpose; tr I is the size."""
    terms = []
    for word, value in term.items():
        terms.append(field.mul(value, _trace(field, alphabet, word) if word else size))
    return field.add(terms)


def _trace(field: Field, alphabet: Alphabet, word: Word) -> Value:
    while len(word) > 1 and _cancel(word[-1], word[0]):
        word = word[1:-1]
    for place, letter in enumerate(word):
        if alphabet.is_row(letter):
            scalar, _ = joined(field, alphabet, word[place:], word[:place])
            return scalar
    turns = [w[k:] + w[:k] for w in (word, alphabet.transposed(word)) for k in range(len(word))]
    chosen = min(turns)
    return field.atom(("trace", tuple(_named(alphabet, letter) for letter in chosen)), "gram", None, chosen)
