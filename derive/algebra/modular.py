"""Equal with a stated error bound, where multiplying out would explode: one evaluation modulo random 61-bit primes.

Sums, products and whole powers are evaluated as they stand; roots, logarithms and exponentials through the normal form
of their arguments. Logarithms, exponentials and opaque atoms are independent unknowns. A root is a square root modulo
p of its radicand's value. That is sound where the radicands are distinct irreducible polynomials in the other unknowns
(or primes): then no square root is a rational function of the others, and a difference that is not zero has a norm
that is not zero. Anything else (|p|, a joint root, a root under a root, a relation that is given) is refused.

The bound: a non-zero polynomial of degree D vanishes at a random point with probability at most D/p; the norm over k
roots has degree at most 2^k D, and points where all k radicands are squares are drawn, at most another factor 2^(k+1).
A prime divides all coefficients with probability at most (their bits / 60) / 2^54, the number of 61-bit primes.
"""

from __future__ import annotations

from math import log2
from random import Random
from typing import Any, NamedTuple

from flint import fmpz
from sympy import Add, Basic, Integer, Mul, Pow, Rational, log

from derive.algebra.field import Value
from derive.algebra.normal import Converter
from derive.algebra.polynomials import TooLarge
from derive.terms import Greater, GreaterEqual, Unequal, is_scalar

PRIMES = 3
DRAWS = 400
MOST_ROOTS = 6
FEWEST_BITS = 60
"""A bound weaker than 2^-60 is not given."""


class Refused(Exception):
    """The modular test would not be sound here, or finds no point."""


class Residue(NamedTuple):
    """A fraction modulo p with what bounds the polynomials it stands for: degree and bits of the coefficients."""

    value: int
    degree: int
    bits: float


class Agreement(NamedTuple):
    """The sides agree modulo each prime; the probability that they are different all the same is below 2^-bits."""

    bits: int
    provided: tuple[Any, ...]


def agree(convert: Converter, lhs: Basic, rhs: Basic, seed: int) -> Agreement | None:
    """Whether lhs = rhs modulo random primes; None where they differ or nothing can be said."""
    if not (is_scalar(lhs) and is_scalar(rhs)) or (convert.field.relations and not _only_roots(convert)):
        return None
    rng = Random(seed ^ 0x6D6F64)
    bits = 0.0
    try:
        for _ in range(PRIMES):
            point = _draw(convert, lhs, rhs, rng)
            left, right = point(lhs), point(rhs)
            if (left.value - right.value) % point.p:
                return None
            degree = left.degree + right.degree + 1
            roots = len(point.roots)
            chance = degree * 2.0 ** (2 * roots + 1) / point.p + (left.bits + right.bits + 2) * 2**roots / 60 / 2.0**54
            bits += -log2(chance)
    except (Refused, TooLarge):
        return None
    if bits < FEWEST_BITS:
        return None
    return Agreement(int(bits), tuple(sorted(_needs(lhs) ^ _needs(rhs), key=str)))


def _only_roots(convert: Converter) -> bool:
    return all(convert.field.generators[place].kind == "root" for place, _, _ in convert.field.relations)


def _needs(term: Basic) -> set[Basic]:
    """What a side needs to be defined, as it is written."""
    found, stack, seen = set[Basic](), [term], set[Basic]()
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, Pow) and node.exp.could_extract_minus_sign():
            found.add(Unequal(node.base, 0))
        if isinstance(node, Pow) and not isinstance(node.exp, Integer):
            found.add(GreaterEqual(node.base, 0))
        if isinstance(node, log):
            found.add(Greater(node.args[0], 0))
        stack.extend(node.args)
    return found


def _draw(convert: Converter, lhs: Basic, rhs: Basic, rng: Random) -> _Point:
    """A prime and residues at which every radicand is a square and no denominator vanishes."""
    for attempt in range(DRAWS):
        if attempt % 8 == 0:  # 2, say, is a square modulo half of the primes only
            p = _prime(rng)
        point = _Point(convert, p, rng)
        try:
            point(lhs)
            point(rhs)
        except _Again:
            continue
        return point
    raise Refused("no point found")


class _Again(Exception):
    """Another point is needed."""


def _prime(rng: Random) -> int:
    while True:
        p = rng.randrange(2**60, 2**61) | 3  # p ≡ 3 (mod 4): a square root is a power
        if fmpz(p).is_prime():
            return p


class _Point:
    def __init__(self, convert: Converter, p: int, rng: Random) -> None:
        self.convert, self.p, self.rng = convert, p, rng
        self.unknowns: dict[int, int] = {}
        self.roots: dict[int, int] = {}
        self.memo: dict[Basic, Residue] = {}

    def __call__(self, term: Basic) -> Residue:
        found = self.memo.get(term)
        if found is None:
            found = self.memo[term] = self._value(term)
        return found

    def _value(self, term: Any) -> Residue:
        p = self.p
        if isinstance(term, Rational):
            bits = max(abs(int(term.p)).bit_length(), int(term.q).bit_length()) + 1.0
            return Residue(int(term.p) * self._inverse(int(term.q)) % p, 0, bits)
        if isinstance(term, Add):
            total, degree, bits = 0, 0, 0.0
            for part in map(self, term.args):  # numerators over the product of the denominators
                total, degree, bits = (total + part.value) % p, degree + part.degree, bits + part.bits + 1
            return Residue(total, degree, bits)
        if isinstance(term, Mul):
            total, degree, bits = 1, 0, 0.0
            for part in map(self, term.args):
                total, degree, bits = total * part.value % p, degree + part.degree, bits + part.bits
            return Residue(total, degree, bits)
        if isinstance(term, Pow) and isinstance(term.exp, Integer):
            base, n = self(term.base), int(term.exp)
            value = base.value if n > 0 else self._inverse(base.value)
            return Residue(pow(value, abs(n), p), base.degree * abs(n), base.bits * abs(n))
        meaning = self.convert.definitions.get(term)
        if isinstance(meaning, Basic):
            return self(meaning)
        return self._normal(self.convert.value(term))

    def _normal(self, value: Value) -> Residue:
        field, p = self.convert.field, self.p
        top, bottom = int(value.c.p), int(value.c.q)
        result, degree = top * self._inverse(bottom) % p, 0
        bits = float(max(abs(top).bit_length(), bottom.bit_length()) + 1)
        for number, exponent in value.f.items():
            made = field.factors[number]
            if isinstance(exponent, int):
                base, times = self._polynomial(made.poly), abs(exponent)
            elif exponent.denominator == 2:
                base, times = self._root(number), abs(exponent.numerator)
            else:
                raise Refused("a root that is no square root")
            part = pow(base.value, times, p)
            result = result * (part if exponent > 0 else self._inverse(part)) % p
            degree, bits = degree + base.degree * times, bits + base.bits * times
        return Residue(result, degree, bits)

    def _polynomial(self, poly: Any) -> Residue:
        total, degree, bits, p = 0, 0, 0.0, self.p
        for monomial, coefficient in zip(poly.monoms(), poly.coeffs(), strict=True):
            part, size = int(coefficient) % p, 0
            for place, exponent in enumerate(monomial):
                if exponent:
                    unknown = self._unknown(place)
                    part = part * pow(unknown.value, int(exponent), p) % p
                    size, bits = size + unknown.degree * int(exponent), bits + unknown.bits * int(exponent)
            total, degree = (total + part) % p, max(degree, size)
            bits += abs(int(coefficient)).bit_length() + 1
        return Residue(total, degree, bits)

    def _unknown(self, place: int) -> Residue:
        generator = self.convert.field.generators[place]
        if generator.kind == "abs":
            raise Refused("an absolute value is a root of a reducible equation")
        if generator.kind == "root":
            if self.convert.field.degree != 2:
                raise Refused("a root that is no square root")
            return self._root(generator.factor)
        if place not in self.unknowns:
            self.unknowns[place] = self.rng.randrange(1, self.p)
        return Residue(self.unknowns[place], 1, 1.0)

    def _root(self, number: int) -> Residue:
        base = self._polynomial(self.convert.field.factors[number].poly)
        found = self.roots.get(number)
        if found is None:
            self._independent(number)
            found = pow(base.value, (self.p + 1) // 4, self.p)
            if found * found % self.p != base.value or not found:
                raise _Again
            self.roots[number] = found * self.rng.choice((1, -1)) % self.p
            found = self.roots[number]
            if len(self.roots) > MOST_ROOTS:
                raise Refused("too many roots")
        return Residue(found, base.degree + 1, base.bits)

    def _independent(self, number: int) -> None:
        """Refuse a radicand that is reducible, holds roots, or is the negative of another."""
        field, made = self.convert.field, self.convert.field.factors[number]
        for place, degree in enumerate(made.poly.degrees()):
            if degree and field.generators[place].kind in ("root", "abs"):
                raise Refused("a root under a root")
        if made.kind == "alias":
            assert made.meaning is not None
            if len(made.meaning.f) != 1 or set(made.meaning.f.values()) != {1}:
                raise Refused("a root of a product of unknown signs")
        elif made.kind == "prime":
            assert made.meaning is not None
            if not fmpz(int(made.meaning.c.p)).is_prime():
                raise Refused("the root of a number that was not split")
        elif field.parts(number)[1][0] != (number, 1) or not made.split:
            raise Refused("a reducible radicand")
        for other in self.roots:
            if field.factors[other].poly == -made.poly:
                raise Refused("the roots of a number and of its negative")

    def _inverse(self, value: int) -> int:
        if not value % self.p:
            raise _Again
        return pow(value, -1, self.p)
