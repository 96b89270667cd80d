"""Vectors and matrices in normal form: products of words, inverses, traces and determinants.

The inverse of a product of square letters is their inverses in reverse order; that of a sum is a letter of its own.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sympy import Mul, Product, Sum, Symbol

from derive.algebra import elementary, words
from derive.algebra.field import ONE, ZERO, Undefined, Unsupported, Value
from derive.algebra.needs import NONE, Conditions, all_nonzero
from derive.algebra.words import Linear
from derive.terms import Determinant, Diagonal, MatrixProduct, entry_of, sort_of, split_scalar

if TYPE_CHECKING:
    from derive.algebra.normal import Converter


def scalar_of(term: Linear) -> Value:
    """The number that a 1 × 1 combination is."""
    if not term:
        return ZERO
    if set(term) == {()}:
        return term[()]
    raise Unsupported("a vector or matrix where a number was expected")


def inner(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    (left, first), (right, second) = convert.linear(term.args[0]), convert.linear(term.args[1])
    return words.inner(convert.field, convert.alphabet, left, right), first | second


def norm(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    vector, conditions = convert.linear(term.args[0])
    if len(vector) == 1:
        ((word, value),) = vector.items()
        unit = words.inner(convert.field, convert.alphabet, {word: ONE}, {word: ONE})
        length = elementary.root(convert.field, unit, Fraction(1, 2))
        return convert.field.mul(elementary.absolute(convert.field, value), length), conditions
    square = words.inner(convert.field, convert.alphabet, vector, vector)
    return elementary.root(convert.field, square, Fraction(1, 2)), conditions


def identity(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    return {(): ONE}, NONE


def transpose(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    value, conditions = convert.linear(term.args[0])
    return words.transposed(convert.alphabet, value), conditions


def product(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    parts = [convert.linear(arg) for arg in term.args]
    value = parts[0][0]
    for other, _ in parts[1:]:
        value = words.product(convert.field, convert.alphabet, value, other)
    return value, NONE.union(*(found for _, found in parts))


def inverse(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    field, alphabet = convert.field, convert.alphabet
    value, conditions = convert.linear(term.args[0])
    if not value:
        raise Undefined("the inverse of zero")
    conditions |= all_nonzero(field, determinant_of(convert, value, Determinant(term.args[0])))
    if len(value) == 1:
        ((word, coefficient),) = value.items()
        if len(word) == 1 and word[0].atom in alphabet.sums and not (word[0].inverted or word[0].transposed):
            again = words.scale(field, field.power(coefficient, -1), alphabet.sums[word[0].atom])
            return again, conditions
        if all(_square(convert, letter) for letter in word):
            turned = tuple(letter._replace(inverted=not letter.inverted) for letter in reversed(word))
            return {turned: field.power(coefficient, -1)}, conditions | all_nonzero(field, coefficient)
    key = ("inverse", convert.key(value))
    same = convert.key(words.transposed(alphabet, value)) == convert.key(value)
    letter = alphabet.letter(key, False, same, term)
    alphabet.inverse_of[letter.atom] = value
    lead = words.leading(value)
    if lead and not value[lead].f:
        alphabet.sums[letter.atom] = value
    return {(letter,): ONE}, conditions


def _square(convert: Converter, letter: words.Letter) -> bool:
    atom = convert.alphabet.atoms[letter.atom]
    shape = sort_of(atom.term).shape
    return not atom.is_vector and shape[0] == shape[1]


def _over_the_diagonal(inside: Any, kind: Any) -> Any:
    """The sum or product of what stands on a diagonal; None of other matrices."""
    scalar, base = split_scalar(inside)
    if not isinstance(base, Diagonal):
        return None
    size, taken = sort_of(base).shape[0], {str(symbol) for symbol in base.free_symbols}
    index = Symbol(next(letter for letter in "ijklmn" if letter not in taken))
    return kind(Mul(scalar, entry_of(base.args[0], index)), (index, 1, size))


def trace(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    entries = _over_the_diagonal(term.args[0], Sum)
    if entries is not None:
        return convert(entries)
    value, conditions = convert.linear(term.args[0])
    size, _ = convert(sort_of(term.args[0]).shape[0])
    return words.trace(convert.field, convert.alphabet, value, size), conditions


def entry(convert: Converter, term: Any) -> tuple[Any, Conditions] | None:
    """(x ⊙ y)_i = x_i y_i; None where nothing is known of what the array is made of."""
    known = entry_of(term.array, *term.indices)
    return None if known == term else convert(known)


def determinant(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    inside = term.args[0]
    entries = _over_the_diagonal(inside, Product)
    if entries is not None:
        return convert(entries)
    value, conditions = convert.linear(inside)
    if len(value) > 1 and isinstance(inside, MatrixProduct) and all(
        len(set(sort_of(factor).shape)) == 1 for factor in inside.args
    ):
        scale, core = _common_letters(convert, value)
        both = _with_transpose(convert, core)
        if both not in convert.products and ("gram", ("determinant", both)) not in convert.field.index:
            whole = convert.field.product([convert.value(Determinant(factor)) for factor in inside.args])
            convert.products[both] = convert.field.mul(whole, convert.field.power(scale, -1))
            return whole, conditions
    return determinant_of(convert, value, term), conditions


def determinant_of(convert: Converter, value: Linear, shown: Any) -> Value:
    """det(c A B⁻¹) = c^d det A / det B for square A, B, det Aᵀ = det A, det(c + k p qᵀ) = c^(d−1) (c + k qᵀp).

    The determinant of another sum is an atom, and so is that of a product of matrices that are not square.
    """
    field = convert.field
    size, _ = convert(sort_of(shown.args[0]).shape[0])
    if len(value) == 1:
        ((word, coefficient),) = value.items()
        scale = ONE if coefficient.c == 1 and not coefficient.f else elementary.power(field, coefficient, size)
        if scale is not None:
            outer, inner = _squares_outside(convert, word)
            for letter in outer:
                part = _determinant_of_letter(convert, letter.atom)
                scale = field.mul(scale, field.power(part, -1 if letter.inverted else 1))
            return field.mul(scale, _determinant_atom(convert, {inner: ONE}, shown)) if inner else scale
    found = _determinant_of_rank_one(convert, value, size)
    if found is not None:
        return found
    scale, value = _common_letters(convert, value)
    return field.mul(scale, _determinant_atom(convert, value, shown))


def _common_letters(convert: Converter, value: Linear) -> tuple[Value, Linear]:
    """The determinants of the square letters with which all words begin or end, and the sum without them."""
    scale = ONE
    for end in (0, -1):
        while all(value) and len({word[end] for word in value}) == 1:
            letter = next(iter(value))[end]
            if not _square(convert, letter):
                break
            part = _determinant_of_letter(convert, letter.atom)
            scale = convert.field.mul(scale, convert.field.power(part, -1 if letter.inverted else 1))
            value = {word[1:] if end == 0 else word[:-1]: weight for word, weight in value.items()}
    return scale, value


def _squares_outside(convert: Converter, word: words.Word) -> tuple[list[words.Letter], words.Word]:
    """The square letters at both ends, and what is between them."""
    outer, rest = list[words.Letter](), list(word)
    for end in (0, -1):
        while rest and _square(convert, rest[end]):
            outer.append(rest.pop(end))
    return outer, tuple(rest)


def _determinant_of_letter(convert: Converter, number: int) -> Value:
    alphabet, field = convert.alphabet, convert.field
    atom, whole = alphabet.atoms[number], alphabet.inverse_of.get(number)
    if whole is not None:  # the letter is the inverse of a sum
        return field.power(determinant_of(convert, whole, Determinant(atom.term.args[0])), -1)
    sign = "+" if atom.term in convert.definite else None
    return field.atom(("determinant", atom.name), "gram", sign, Determinant(atom.term))


def _determinant_of_rank_one(convert: Converter, value: Linear, size: Value) -> Value | None:
    field, alphabet = convert.field, convert.alphabet
    if len(value) != 2 or () not in value:
        return None
    ((word, weight),) = [(word, weight) for word, weight in value.items() if word]
    place = next((i for i, letter in enumerate(word) if i and alphabet.is_row(letter)), None)
    if place is None or not alphabet.is_column(word[place - 1]):
        return None
    inner = words.product(field, alphabet, {word[place:]: weight}, {word[:place]: ONE}).get((), ZERO)
    power = ONE
    if value[()].c != 1 or value[()].f:
        found = elementary.power(field, value[()], field.add([size, field.number(-1)]))
        if found is None:
            return None
        power = found
    return field.mul(power, field.add([value[()], inner]))


def _determinant_atom(convert: Converter, value: Linear, shown: Any) -> Value:
    """A determinant as an atom, one for a matrix and its transpose; or as the product that it was met as."""
    both = _with_transpose(convert, value)
    if both in convert.products:
        return convert.products[both]
    return convert.field.atom(("determinant", both), "gram", None, shown)


def _with_transpose(convert: Converter, value: Linear) -> Any:
    return frozenset((convert.key(value), convert.key(words.transposed(convert.alphabet, value))))
