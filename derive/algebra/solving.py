"""Equations between vectors or between matrices, solved for one of their letters.

A letter X is solved for where it stands in one word only, c p X q with p and q invertible: X = −p⁻¹ (rest) q⁻¹ / c; or
where it ends all words that it is in: (Σ c_i p_i) X = c I makes Σ c_i p_i invertible and X its inverse times c; so does
a determinant that is known not to be zero, whatever stands on the other side. The same from the other end.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sympy import Add, Basic, Integer, Mul, Symbol

from derive.algebra.arrays import determinant_of
from derive.algebra.express import value_term, word_term
from derive.algebra.signs import nonzero
from derive.algebra.words import Letter, Linear, Word
from derive.terms import Determinant, Identity, Inverse, MatrixProduct, Transpose, Variable, sort_of

if TYPE_CHECKING:
    from derive.algebra.normal import Converter


def solve(convert: Converter, difference: Linear) -> bool:
    """Make 0 = difference the definition of a letter, the plainest first; whether one was found."""
    known = ChainMap[Any, Any](convert.definitions, convert.opaque_definitions)
    for letter in _letters(convert, difference):
        atom = convert.alphabet.atoms[letter.atom]
        meaning = _alone(convert, difference, letter)
        if meaning is None and not atom.is_vector:
            meaning = _at_an_end(convert, difference, letter)
        if meaning is not None and not reaches(meaning, atom.name, known):
            convert.definitions[atom.name] = meaning
            return True
    return False


def reaches(term: Basic, atom: Any, meaning: Mapping[Any, Any]) -> bool:
    """Whether an atom stands in a term or, through definitions, in what stands there: in ε_θ(x_t, t) is x_t's noise."""
    stack, seen = [term], set[Any]()
    while stack:
        node = stack.pop()
        if node == atom:
            return True
        if node in seen:
            continue
        seen.add(node)
        known = meaning.get(node)
        if isinstance(known, Basic):
            stack.append(known)
        if not isinstance(node, Variable):
            stack.extend(node.args)
    return False


def _letters(convert: Converter, difference: Linear) -> list[Letter]:
    """The letters that are free names, those that stand alone in a word first; of the same rank the last written."""
    ranked: dict[Letter, tuple[bool, int]] = {}
    for word in difference:
        for letter in word:
            atom = convert.alphabet.atoms[letter.atom]
            free = isinstance(atom.name, (Symbol, Variable)) and not atom.symmetric and not letter.inverted
            if free and atom.name not in convert.definitions:
                before = ranked.get(letter, (True, 0))
                ranked[letter] = (before[0] and len(word) > 1, -letter.atom)
    return sorted(ranked, key=lambda letter: ranked[letter])


def _alone(convert: Converter, difference: Linear, letter: Letter) -> Basic | None:
    """The letter's value where it stands in one word, once, between invertible letters."""
    own = [word for word in difference if any(other.atom == letter.atom for other in word)]
    if len(own) != 1 or sum(other.atom == letter.atom for other in own[0]) != 1:
        return None
    (word,), place = own, own[0].index(letter)
    sides = word[:place], word[place + 1 :]
    if not _certain(convert, difference[word]) or not all(_invertible(convert, k) for side in sides for k in side):
        return None
    rest = {other: c for other, c in difference.items() if other != word}
    size = _size(convert, word[0])
    whole = Mul(Integer(-1), _term(convert, rest, size), value_term(convert, difference[word]) ** -1)
    before, after = (_inverted(convert, side) for side in sides)
    return _turned(_product((*before, whole, *after)), letter)


def _at_an_end(convert: Converter, difference: Linear, letter: Letter) -> Basic | None:
    """The letter's value where it ends, or begins, all words that it is in: (Σ c_i p_i) X = rest.

    The sum is invertible where the rest is a multiple of the identity, or where its determinant is known not to be 0.
    """
    words = [word for word in difference if any(other.atom == letter.atom for other in word)]
    rest = {word: c for word, c in difference.items() if word not in words}
    for last in (True, False):
        cut = {(word[:-1] if last else word[1:]): difference[word] for word in words}
        ends = all(word and (word[-1] if last else word[0]) == letter for word in words)
        if not ends or any(other.atom == letter.atom for word in cut for other in word):
            continue
        whole: Any = _term(convert, cut, _size(convert, letter) if last else _width(convert, letter))
        shape = sort_of(whole).shape
        if len(shape) != 2 or shape[0] != shape[1]:
            continue
        inverse = Inverse(whole)
        if set(rest) == {()} and _certain(convert, rest[()]) and _square(convert, letter):
            return _turned(Mul(Integer(-1), value_term(convert, rest[()]), inverse), letter)
        if rest and _certain(convert, convert(Determinant(whole))[0]):
            other = Mul(Integer(-1), _term(convert, rest, _size(convert, letter)))
            return _turned(_product((inverse, other) if last else (other, inverse)), letter)
    return None


def _certain(convert: Converter, value: Any) -> bool:
    """Whether a coefficient is certainly not zero."""
    return all(nonzero(convert.field, number) for number in convert.field.irreducible(value).f)


def _invertible(convert: Converter, letter: Letter) -> bool:
    """Whether a letter is a matrix that is certainly invertible."""
    atom = convert.alphabet.atoms[letter.atom]
    if atom.is_vector or not _square(convert, letter):
        return False
    plain = letter._replace(inverted=False, transposed=False)
    return _certain(convert, determinant_of(convert, {(plain,): convert.field.number(1)}, Determinant(atom.term)))


def _square(convert: Converter, letter: Letter) -> bool:
    shape = sort_of(convert.alphabet.atoms[letter.atom].term).shape
    return len(shape) == 2 and bool(shape[0] == shape[1])


def _size(convert: Converter, letter: Letter) -> Any:
    shape = sort_of(convert.alphabet.atoms[letter.atom].term).shape
    return shape[-1] if letter.transposed else shape[0]


def _width(convert: Converter, letter: Letter) -> Any:
    return _size(convert, letter._replace(transposed=not letter.transposed))


def _inverted(convert: Converter, word: Word) -> list[Basic]:
    turned = [letter._replace(inverted=not letter.inverted) for letter in reversed(word)]
    return [word_term(convert, (letter,)) for letter in turned]


def _turned(value: Basic, letter: Letter) -> Basic:
    return Transpose(value) if letter.transposed else value


def _product(factors: tuple[Basic, ...]) -> Any:
    return factors[0] if len(factors) == 1 else MatrixProduct(*factors)


def _term(convert: Converter, combination: Linear, size: Any) -> Basic:
    """A combination of words as a term."""
    parts = [
        Mul(value_term(convert, c), word_term(convert, word) if word else Identity(size))
        for word, c in combination.items()
    ]
    return Add(*parts)
