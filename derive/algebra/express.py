"""From values back to terms."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import fmpq
from sympy import Abs, Add, Expr, Integer, Mul, Pow, Rational, cos, exp, log, sign, sin

from derive.algebra.field import Exponent, Value
from derive.algebra.words import Word
from derive.terms import Inner, Inverse, MatrixProduct, Norm, Trace, Transpose

if TYPE_CHECKING:
    from derive.algebra.normal import Converter


def generator_term(convert: Converter, place: int) -> Expr:
    """What a generator stands for."""
    generator = convert.field.generators[place]
    match generator.kind:
        case "root":
            return power_term(convert, generator.factor, Fraction(1, convert.field.degree))
        case "log":
            return log(factor_term(convert, generator.factor))
        case "abs":
            return Abs(factor_term(convert, generator.factor))
        case "sign":
            return sign(factor_term(convert, generator.factor))
        case "exp":
            assert generator.base is not None
            return exp(value_term(convert, generator.base))
        case "cos" | "sin":
            assert generator.base is not None
            return (cos if generator.kind == "cos" else sin)(value_term(convert, generator.base))
    if isinstance(generator.term, tuple):
        if generator.name[0] == "trace":
            return Trace(word_term(convert, generator.term))
        column = word_term(convert, generator.term[1:])
        row = word_term(convert, convert.alphabet.transposed(generator.term[:1]))
        return Norm(row) ** 2 if row == column else Inner(row, column)
    return generator.term if generator.term is not None else generator.name  # type: ignore[no-any-return]


def word_term(convert: Converter, word: Word) -> Any:
    """The product of the letters."""
    letters = []
    for letter in word:
        term = convert.alphabet.atoms[letter.atom].term
        term = Inverse(term) if letter.inverted else term
        letters.append(Transpose(term) if letter.transposed else term)
    return letters[0] if len(letters) == 1 else MatrixProduct(*letters)


def poly_term(convert: Converter, poly: Any) -> Expr:
    """A polynomial as a sum of products."""
    terms = []
    for monomial, coefficient in zip(poly.monoms(), poly.coeffs(), strict=True):
        powers = [Pow(generator_term(convert, place), int(e)) for place, e in enumerate(monomial) if e]
        terms.append(Mul(Integer(int(coefficient)), *powers))
    return Add(*terms)


def factor_term(convert: Converter, number: int) -> Expr:
    """A factor as a term."""
    made = convert.field.factors[number]
    if made.generator >= 0:
        return generator_term(convert, made.generator)
    return poly_term(convert, made.poly)


def power_term(convert: Converter, number: int, exponent: Exponent) -> Expr:
    """A factor to an exponent; a power of an exponential as an exponential."""
    generator = convert.field.generators.get(convert.field.factors[number].generator)
    if generator is not None and generator.kind == "exp":
        assert generator.base is not None
        times = fmpq(exponent.numerator, exponent.denominator)
        return exp(value_term(convert, convert.field.scale(generator.base, times)))
    if type(exponent) is Fraction:
        return Pow(factor_term(convert, number), Rational(exponent.numerator, exponent.denominator))
    return Pow(factor_term(convert, number), exponent)


def value_term(convert: Converter, value: Value) -> Expr:
    """A value as a product of powers."""
    c = Rational(int(value.c.p), int(value.c.q))
    return Mul(c, *(power_term(convert, number, exponent) for number, exponent in value.f.items()))
