"""c · ∏ f_i^e_i: values as a rational number times powers of primitive integer polynomials, and their sums.

Products stay factored; only sums expand. The polynomials are in *generators*: free parameters, opaque atoms, and one
for each root, logarithm, exponential and absolute value that was needed. A root g of f has the relation g^n = f, an
absolute value A of f has A² = f². Every operation here is true at every real point where its inputs are defined and
each factor with a negative exponent is not zero; that is what makes "the difference is zero" a proof.

A fractional exponent stands on a factor only where the factor is non-negative, by certificate or because the value is
defined at all; a generator is in the polynomial only where a sum made it necessary.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any

from flint import fmpq, fmpz

from derive.algebra.polynomials import (
    MOST_BITS,
    TooLarge,
    as_generator,
    context,
    divided,
    factorised,
    gens,
    irreducible_at_sight,
)
from derive.clock import tick

MOST_TERMS = 20_000
"""A product of sums with more monomials than this is not expanded."""

MOST_POWER = 64
"""A sum is not raised to a higher power than this by multiplying out."""

MOST_SPLIT = 300
HIGHEST_SPLIT = 60
"""A polynomial with more terms, or of a higher degree, is not factored: it stays a factor of its own."""

Exponent = int | Fraction


class Undefined(Exception):
    """A part of the expression has no value anywhere: a division by zero, the logarithm of a negative."""


class Unsupported(Exception):
    """A term that is no real number: infinity, the imaginary unit, a set."""


class NeedsSize(Exception):
    """More generators, roots of a higher degree, or smaller angles than this field was made for."""

    def __init__(self, size: int, degree: int, unit: int) -> None:
        super().__init__(size, degree, unit)
        self.size, self.degree, self.unit = size, degree, unit


class Value:
    """c · ∏ factor^exponent; zero is c = 0 without factors."""

    __slots__ = ("c", "f")

    def __init__(self, c: Any, f: dict[int, Exponent]) -> None:
        self.c, self.f = c, f

    def __repr__(self) -> str:
        return f"Value({self.c}, {self.f})"


ZERO = Value(fmpq(0), {})
ONE = Value(fmpq(1), {})
_NOTHING, _ONE, _UNIT = ZERO.c, ONE.c, fmpz(1)


@dataclass(slots=True)
class Generator:
    """One variable of the polynomial ring: what it stands for."""

    kind: str  # atom, opaque, function, gram, root, log, exp, abs, sign, cos, sin
    name: Any  # hashable, free of history: a term, or the factor it belongs to
    sign: str | None  # "+", "+0" or None, where it is known
    factor: int = -1  # for root, log, abs and sign: the factor it is made from
    base: Value | None = None  # for exp, cos and sin: the argument
    term: Any = None  # for opaque: a term that shows it


@dataclass(slots=True)
class Factor:
    """A primitive polynomial that occurs in values; `kind` tells those that fold at whole exponents."""

    poly: Any
    kind: str = "poly"  # poly, prime, abs, alias (a product or a negated factor under a root)
    sign: Any = False  # "+", "+0", "-", "-0", None, and False where not asked yet
    generator: int = -1
    parts: tuple[int, tuple[tuple[int, int], ...]] | None = None  # ± ∏ irreducible^multiplicity
    meaning: Value | None = None  # for alias: its value at exponent one
    split: bool = True  # False where it was too large to be factored
    support: frozenset[int] | None = None  # the generators in it, where asked for


@dataclass
class Field:
    """The generators and factors met so far. `fork` gives a cheap copy, so that no answer depends on earlier ones."""

    size: int = 24
    degree: int = 2
    unit: int = 1  # what the angles of a basis are divided by
    generators: dict[int, Generator] = field(default_factory=dict)
    index: dict[Any, int] = field(default_factory=dict)
    factors: list[Factor] = field(default_factory=list)
    ids: dict[Any, int] = field(default_factory=dict)
    alike: dict[Any, list[int]] = field(default_factory=dict)  # polynomials with as many terms and one coefficient
    relations: list[tuple[int, int, Any]] = field(default_factory=list)  # generator, degree, leading^n - rest
    roots: dict[int, int] = field(default_factory=dict)
    facts: list[tuple[Any, bool]] = field(default_factory=list)  # polynomial ≥ 0, and whether it is > 0
    bounds: dict[int, tuple[Any, bool, Any, bool]] = field(default_factory=dict)  # generator: low, strict, high, strict
    known: dict[int, str] = field(default_factory=dict)  # sign of a factor by a given
    nonzero: set[int] = field(default_factory=set)  # factors given to be non-zero
    basis: list[tuple[Value, int]] = field(default_factory=list)  # exponents and their factor

    def __post_init__(self) -> None:
        self.ctx = context(self.size)
        self.gens = gens(self.size)

    def fork(self) -> Field:
        """A copy that shares nothing that changes."""
        return Field(
            self.size, self.degree, self.unit, dict(self.generators), dict(self.index),
            [Factor(f.poly, f.kind, f.sign, f.generator, f.parts, f.meaning, f.split, f.support) for f in self.factors],
            dict(self.ids), {key: list(found) for key, found in self.alike.items()},
            list(self.relations), dict(self.roots), list(self.facts), dict(self.bounds),
            dict(self.known), set(self.nonzero), list(self.basis),
        )  # fmt: skip

    # ---- generators and factors ------------------------------------------------------------------------------------

    def generator(self, key: Any, generator: Generator) -> int:
        """The index of the generator with this key, made where it is new. Later ones come first in the order."""
        place = self.index.get(key)
        if place is None:
            place = self.size - 1 - len(self.generators)
            if place < 0:
                raise NeedsSize(self.size * 2, self.degree, self.unit)
            self.index[key] = place
            self.generators[place] = generator
        return place

    def atom(self, key: Any, kind: str = "atom", sign: str | None = None, term: Any = None) -> Value:
        """The value of a free parameter or of an opaque term."""
        place = self.generator((kind, key), Generator(kind, key, sign, term=term))
        return Value(fmpq(1), {self.generator_factor(place): 1})

    def generator_factor(self, place: int) -> int:
        """The factor that is this generator alone."""
        key = ("g", place)
        number = self.ids.get(key)
        if number is None:
            number = len(self.factors)
            kind = "abs" if self.generators[place].kind == "abs" else "poly"
            made = Factor(self.gens[place], kind, generator=place)
            made.parts = (1, ((number, 1),))
            self.factors.append(made)
            self.ids[key] = number
        return number

    def factor(self, poly: Any) -> int:
        """The factor with this primitive polynomial (more than one term, leading coefficient positive)."""
        alike = self.alike.setdefault((len(poly), int(poly.leading_coefficient())), [])
        for number in alike:
            if self.factors[number].poly == poly:
                return number
        alike.append(len(self.factors))
        self.factors.append(Factor(poly))
        return alike[-1]

    def prime(self, p: int) -> int:
        """The factor of a prime (or of a whole number too large to be split), for fractional exponents."""
        key = ("p", p)
        number = self.ids.get(key)
        if number is None:
            number = self.ids[key] = len(self.factors)
            made = Factor(self.ctx.constant(p), "prime", "+", meaning=Value(fmpq(p), {}))
            made.parts = (1, ((number, 1),))
            self.factors.append(made)
        return number

    def alias(self, meaning: Value, sign: str) -> int:
        """A factor that stands under a root as a whole: a product of factors of unknown sign, or −f."""
        key = ("alias", meaning.c, frozenset(meaning.f.items()))
        number = self.ids.get(key)
        if number is None:
            number = self.ids[key] = len(self.factors)
            poly = self.ctx.constant(int(meaning.c))
            for factor, exponent in meaning.f.items():
                poly = self._times(poly, self.power_poly(factor, exponent))
            made = Factor(poly, "alias", sign, meaning=meaning)
            made.parts = (1, ((number, 1),))
            self.factors.append(made)
        return number

    def absolute(self, number: int) -> int:
        """The factor |f|, with |f|² = f²."""
        place = self.index.get(("abs", number))
        if place is None:
            place = self.generator(("abs", number), Generator("abs", number, "+0", factor=number))
            poly = self.factors[number].poly
            self.relations.insert(0, (place, 2, self.gens[place] ** 2 - poly * poly))
        made = self.generator_factor(place)
        self.factors[made].sign = "+" if number in self.nonzero else "+0"
        return made

    def signum(self, number: int) -> int:
        """The factor s = sign f, with s f = |f|, s |f| = f and s³ = s."""
        place = self.index.get(("sign", number))
        if place is None:
            size = self.factors[self.absolute(number)].poly
            place = self.generator(("sign", number), Generator("sign", number, None, factor=number))
            s, f = self.gens[place], self.factors[number].poly
            self.relations[:0] = [(place, 1, s * f - size), (place, 1, s * size - f), (place, 3, s**3 - s)]
            if number in self.nonzero:
                self.relations.insert(0, (place, 2, s**2 - 1))
        return self.generator_factor(place)

    def root(self, number: int) -> int:
        """The generator g with g^degree = f."""
        place = self.roots.get(number)
        if place is None:
            place = self.generator(("root", number), Generator("root", number, "+0", factor=number))
            self.roots[number] = place
            self.relations.insert(0, (place, self.degree, self.gens[place] ** self.degree - self.factors[number].poly))
        return place

    def parts(self, number: int) -> tuple[int, tuple[tuple[int, int], ...]]:
        """The factor as ± a product of powers of irreducible ones."""
        made = self.factors[number]
        if made.parts is None:
            if irreducible_at_sight(made.poly):
                made.parts = (1, ((number, 1),))
            elif len(made.poly) > MOST_SPLIT or max(made.poly.degrees()) > HIGHEST_SPLIT:
                made.parts, made.split = (1, ((number, 1),)), False
            else:
                constant, pairs = factorised(made.poly)
                if len(pairs) == 1 and pairs[0][1] == 1:
                    made.parts = (1, ((number, 1),))
                else:
                    made.parts = self._joined(int(constant), pairs)
        return made.parts

    def _joined(self, constant: int, pairs: Any) -> tuple[int, tuple[tuple[int, int], ...]]:
        sign, found = constant, []
        for poly, multiplicity in pairs:
            if int(poly.leading_coefficient()) < 0:
                poly, sign = -poly, sign * (-1) ** multiplicity
            place = as_generator(poly)
            number = self.factor(poly) if place is None else self.generator_factor(place)
            self.factors[number].parts = (1, ((number, 1),))
            found.append((number, multiplicity))
        return sign, tuple(found)

    def support(self, value: Value) -> frozenset[int]:
        """The generators that a value is written with."""
        found = frozenset[int]()
        for number in value.f:
            made = self.factors[number]
            if made.support is None:
                made.support = frozenset(place for place, degree in enumerate(made.poly.degrees()) if degree)
            found = found | made.support
        return found

    # ---- products --------------------------------------------------------------------------------------------------

    def number(self, value: Any) -> Value:
        """A rational number."""
        return Value(fmpq(value), {}) if value else ZERO

    def mul(self, a: Value, b: Value) -> Value:
        """a · b."""
        if not a.c or not b.c:
            return ZERO
        if not b.f:
            return a if b.c == 1 else Value(a.c * b.c, a.f)
        if not a.f:
            return b if a.c == 1 else Value(a.c * b.c, b.f)
        merged = dict(a.f)
        return self.collect(a.c * b.c, merged, b.f.items())

    def collect(self, c: Any, merged: dict[int, Exponent], more: Iterable[tuple[int, Exponent]]) -> Value:
        """c · ∏ merged · ∏ more, in normal form; `merged` is used up."""
        folding = False
        for number, exponent in more:
            present = merged.get(number)
            if present is not None:
                exponent = present + exponent
            if type(exponent) is Fraction and exponent.denominator == 1:
                exponent = int(exponent)
            if exponent:
                merged[number] = exponent
                if self.factors[number].kind != "poly":
                    folding = True
            else:
                merged.pop(number, None)
        return self._fold(c, merged) if folding else Value(c, merged)

    def _fold(self, c: Any, merged: dict[int, Exponent]) -> Value:
        """Whole powers of primes join the number; whole powers of aliases and even powers of |f| open again."""
        rest: list[tuple[int, Exponent]] = []
        for number in list(merged):
            exponent = merged[number]
            made = self.factors[number]
            if made.kind == "prime":
                whole = exponent.__floor__()
                if whole:
                    assert made.meaning is not None
                    c = c * made.meaning.c**whole
                    left = exponent - whole
                    if left:
                        merged[number] = left
                    else:
                        del merged[number]
            elif made.kind == "alias" and isinstance(exponent, int):
                assert made.meaning is not None
                del merged[number]
                c = c * made.meaning.c**exponent
                rest += [(inner, power * exponent) for inner, power in made.meaning.f.items()]
            elif made.kind == "abs" and isinstance(exponent, int) and exponent % 2 == 0:
                del merged[number]
                rest.append((self.generators[made.generator].factor, exponent))
            elif made.kind == "abs" and isinstance(exponent, int) and exponent != 1:
                merged[number] = 1
                rest.append((self.generators[made.generator].factor, exponent - 1))
        return self.collect(c, merged, rest) if rest else Value(c, merged)

    def product(self, values: Iterable[Value]) -> Value:
        """The product of values."""
        tick()
        c, merged, more = _ONE, dict[int, Exponent](), list[tuple[int, Exponent]]()
        for value in values:
            if not value.c:
                return ZERO
            c = c * value.c
            if not merged:
                merged = dict(value.f)
            else:
                more += value.f.items()
        return self.collect(c, merged, more) if more else Value(c, merged)

    def scale(self, value: Value, c: Any) -> Value:
        """c · value for a rational c."""
        return Value(value.c * c, value.f) if c and value.c else ZERO

    def irreducible(self, value: Value) -> Value:
        """The same value over irreducible factors."""
        c, more, changed = value.c, list[tuple[int, Exponent]](), False
        for number, exponent in value.f.items():
            sign, pairs = self.factors[number].parts or self.parts(number)
            if type(exponent) is Fraction or pairs[0] == (number, 1):
                more.append((number, exponent))
            else:
                changed = True
                c = -c if sign < 0 and exponent % 2 else c
                more += [(inner, power * exponent) for inner, power in pairs]
        return self.collect(c, {}, more) if changed else value

    def power(self, value: Value, n: int) -> Value:
        """value^n for a whole n. Raises Undefined for 0^−n."""
        if not value.c:
            if n < 0:
                raise Undefined("a division by zero")
            return ZERO if n else ONE
        if n < 0:
            value = self.irreducible(value)
        if abs(n) > 10_000 or abs(n) * value.c.height_bits() > MOST_BITS:
            raise TooLarge("a power is too large")
        return self.collect(value.c**n, {}, [(number, exponent * n) for number, exponent in value.f.items()])

    # ---- sums ------------------------------------------------------------------------------------------------------

    def add(self, values: Iterable[Value]) -> Value:
        """The sum of values: what they share stays outside, the rest is multiplied out and reduced."""
        terms = [value for value in values if value.c]
        if len(terms) < 2:
            return terms[0] if terms else ZERO
        shared, total = terms[0].f, _NOTHING
        for value in terms:
            if value.f != shared:
                break
            total = total + value.c
        else:
            return Value(total, shared) if total else ZERO
        tick()
        polys, denominator, common = self.aligned(terms)
        poly = polys[0]
        for part in polys[1:]:
            poly = poly + part
        return self.value(poly, fmpq(1, denominator), common)

    def aligned(self, terms: list[Value]) -> tuple[list[Any], int, dict[int, Exponent]]:
        """Polynomials N_i, a number D and shared factors F with term_i = N_i · F / D."""
        common = dict(terms[0].f)
        for value in terms[1:]:
            mine = value.f
            for number, exponent in mine.items():
                low = common.setdefault(number, 0)
                if exponent is not low and exponent < low:
                    common[number] = exponent
            for number, low in common.items():
                if number not in mine and low > 0:
                    common[number] = 0
        denominator = _UNIT
        for value in terms:
            if value.c.q != 1:
                denominator = denominator.lcm(value.c.q)
        polys = []
        for value in terms:
            part: Any = None
            mine = value.f
            for number, low in common.items():
                exponent = mine.get(number, 0) - low
                if exponent:
                    power = self.factors[number].poly if exponent == 1 else self.power_poly(number, exponent)
                    part = power if part is None else self._times(part, power)
            c = value.c.p * (denominator // value.c.q)
            polys.append(self.ctx.constant(c) if part is None else part if c == 1 else part * c)
        return polys, int(denominator), {n: e for n, e in common.items() if e}

    def _times(self, a: Any, b: Any) -> Any:
        if len(a) * len(b) > MOST_TERMS:
            raise TooLarge("a product of sums is too long to multiply out")
        return a * b

    def power_poly(self, number: int, exponent: Exponent) -> Any:
        """factor^exponent as a polynomial, with a root generator for a fractional part."""
        made = self.factors[number]
        if isinstance(exponent, int):
            return self._whole_power(made.poly, exponent)
        whole = exponent.__floor__()
        part = (exponent - whole) * self.degree
        if part.denominator != 1:
            raise NeedsSize(self.size, lcm(self.degree, (exponent - whole).denominator), self.unit)
        result = self.gens[self.root(number)] ** int(part)
        return self._times(result, self._whole_power(made.poly, whole)) if whole else result

    def _whole_power(self, poly: Any, exponent: int) -> Any:
        if exponent == 1:
            return poly
        if len(poly) > 1 and (exponent > MOST_POWER or len(poly) ** min(exponent, 8) > 50 * MOST_TERMS):
            raise TooLarge("a power of a sum is too long to multiply out")
        if exponent > 100_000:
            raise TooLarge("an exponent is too large")
        return poly**exponent

    def reduce(self, poly: Any) -> Any:
        """The remainder modulo the relations: roots below their degree, |f| below the square."""
        if not self.relations:
            return poly
        for _ in range(4):
            degrees = poly.degrees() if not poly.is_zero() else ()
            again = False
            for place, degree, relation in self.relations:
                if degrees and degrees[place] >= degree:
                    poly = divmod(poly, relation)[1]
                    if poly.is_zero():
                        return poly
                    degrees = poly.degrees()
                    again = True
            if not again:
                break
        return poly

    def value(self, poly: Any, c: Any, common: dict[int, Exponent]) -> Value:
        """c · poly · ∏ common, with the polynomial's content and monomial taken out and denominators cancelled."""
        poly = self.reduce(poly)
        if poly.is_zero():
            return ZERO
        content = poly.content()
        if poly.leading_coefficient() < 0:
            content = -content
        if content != 1:
            poly = poly / content
            c = c * content
        more: list[tuple[int, Exponent]] = []
        if len(poly) == 1:
            more = self._monomial(poly)
            poly = None
        else:
            shared = poly.term_content()
            if not shared.is_one():
                more = self._monomial(shared)
                poly = poly / shared
        merged = dict(common)
        if more:
            value = self.collect(c, merged, more)
            c, merged = value.c, dict(value.f)
        if poly is None:
            return Value(c, merged)
        for number, exponent in list(merged.items()):
            made = self.factors[number]
            while exponent < 0 and made.generator < 0 and made.kind == "poly":
                quotient = divided(poly, made.poly)
                if quotient is None:
                    break
                poly, exponent = quotient, exponent + 1
                if exponent:
                    merged[number] = exponent
                else:
                    del merged[number]
                if poly.is_constant():
                    return Value(c * int(poly.leading_coefficient()), merged)
        place = as_generator(poly)
        number = self.factor(poly) if place is None else self.generator_factor(place)
        return self.collect(c, merged, ((number, 1),))

    def _monomial(self, poly: Any) -> list[tuple[int, Exponent]]:
        found: list[tuple[int, Exponent]] = []
        for place, exponent in enumerate(poly.monomial(0)):
            if exponent:
                generator = self.generators[place]
                if generator.kind == "root":
                    power = Fraction(int(exponent), self.degree)
                    found.append((generator.factor, int(power) if power.denominator == 1 else power))
                else:
                    found.append((self.generator_factor(place), int(exponent)))
        return found

    def numerator(self, value: Value) -> tuple[Any, Value]:
        """(N, rest) with value = N · rest: N the polynomial of the positive powers, rest the denominators."""
        poly: Any = self.ctx.constant(int(value.c.p))
        rest: dict[int, Exponent] = {}
        for number, exponent in value.f.items():
            if exponent > 0:
                poly = self._times(poly, self.power_poly(number, exponent))
            else:
                rest[number] = exponent
        return self.reduce(poly), Value(fmpq(1, value.c.q), rest)
