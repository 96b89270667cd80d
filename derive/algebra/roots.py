"""Powers of matrices: Σ^{1/2} of a positive definite Σ as a letter R of its own, and Σ as R R.

The root R is symmetric and positive definite (Horn & Johnson 2013, theorem 7.2.6), so that Σ^{-1/2} Σ Σ^{-1/2} = I and
det Σ = (det R)² are what the words of letters say anyway. A power of c I is a power of c; other powers
that are not whole are letters without a further property.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

from sympy import Basic, Integer, Rational

from derive.algebra import elementary, words
from derive.algebra.field import ONE
from derive.algebra.mentioned import mentioned
from derive.algebra.signs import value_sign
from derive.terms import Inverse, MatrixPower, Variable

if TYPE_CHECKING:
    from derive.algebra.needs import Conditions
    from derive.algebra.normal import Converter

HIGHEST = 12


def name_roots(convert: Converter, sides: Iterable[Basic]) -> None:
    """Write each positive definite matrix of which a root occurs as a power of that root, in this question."""
    degrees: dict[Any, int] = {}
    for node in (power for side in sides for power in mentioned(side).powers):
        if isinstance(node.exponent, Rational) and _nameable(convert, node.base):
            degrees[node.base] = lcm(degrees.get(node.base, 1), int(node.exponent.q))
    for base, degree in degrees.items():
        if 1 < degree <= HIGHEST:
            term = MatrixPower(base, Rational(1, degree))
            letter = convert.alphabet.letter(("root", base, degree), False, True, term)
            convert.roots.add(letter.atom)
            convert.definite = convert.definite | {term}
            convert.definitions = {**convert.definitions, base: {(letter,) * degree: ONE}}
            convert.memo.clear()


def _nameable(convert: Converter, base: Any) -> bool:
    return isinstance(base, Variable) and base in convert.definite and base not in convert.definitions


def matrix_power(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    """Aⁿ, (c I)^s, and the powers of a root that has a name."""
    field, exponent = convert.field, term.exponent
    if isinstance(exponent, Integer) and abs(int(exponent)) <= HIGHEST:
        base, conditions = convert.linear(term.base if exponent > 0 else Inverse(term.base))
        result = base
        for _ in range(abs(int(exponent)) - 1):
            result = words.product(field, convert.alphabet, result, base)
        return result, conditions
    base, conditions = convert.linear(term.base)
    if len(base) == 1 and isinstance(exponent, Rational):
        ((word, coefficient),) = base.items()
        times = len(word) * exponent
        named = len(set(word)) == 1 and word[0].atom in convert.roots and times.is_Integer
        if (not word or named) and value_sign(field, coefficient) == "+":
            letters = (word[0]._replace(inverted=word[0].inverted != (times < 0)),) * abs(int(times)) if word else ()
            number = elementary.root(field, coefficient, Fraction(int(exponent.p), int(exponent.q)))
            return {letters: number}, conditions
    value, more = convert(exponent)
    key = ("matrix power", convert.key(base), convert.key(value))
    same = convert.key(words.transposed(convert.alphabet, base)) == convert.key(base)
    return {(convert.alphabet.letter(key, False, same, term),): ONE}, conditions | more
