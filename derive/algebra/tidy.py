"""An equal form as a careful author would write it: factored, no nested fractions, collected by vectors.

What is given by name is written by its name again where that is shorter: with ᾱ_t = α_t ᾱ_{t−1} the factor
1 − α_t ᾱ_{t−1} is 1 − ᾱ_t. The result is a proposal; that it is equal is for `decide` to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from sympy import Add, Basic, Integer, Mul, Pow, Product, Rational, S, Sum, Symbol, default_sort_key, exp

from derive.algebra.elementary import oriented, rational
from derive.algebra.express import poly_term, word_term
from derive.algebra.field import Exponent, Undefined, Unsupported, Value
from derive.algebra.givens import within
from derive.algebra.normal import Converter
from derive.algebra.polynomials import TooLarge
from derive.algebra.signs import factor_sign, value_sign
from derive.terms import Equal, Identity, Variable, is_scalar, sort_of, sympify_term

MOST_DEPTH = 3


class Name(NamedTuple):
    """A defined atom, its value over irreducible factors, and its polynomial where it is one."""

    term: Any
    value: Value
    under_root: dict[int, Exponent]  # its factors, each with the sign it has under a root; none if it has a number too
    poly: Any


def tidy(expr: Basic, given: Sequence[Any] = ()) -> Any:
    """An equal term, factored and with small fractions; `expr` itself where algebra cannot read it."""
    return _tidy(sympify_term(expr), tuple(given))


@lru_cache(maxsize=4096)
def _tidy(expr: Basic, given: tuple[Any, ...]) -> Any:
    kept = tuple(s for s in given if not (isinstance(s, Equal) and not _scalar(s.lhs)))
    try:
        found = within(kept, lambda convert: _Writer(convert, expr).write(expr))
        return expr if found.has(S.ImaginaryUnit, S.ComplexInfinity, S.NaN) else found
    except (Unsupported, TooLarge, Undefined, RecursionError):
        return expr


def _scalar(term: Any) -> bool:
    return bool(is_scalar(term))


class _Writer:
    def __init__(self, convert: Converter, expr: Basic) -> None:
        self.convert = convert
        self.field = convert.field
        self.names: list[Name] = []
        written = _atoms(expr)
        for atom in convert.definitions:
            if not isinstance(atom, (Symbol, Variable)) or not is_scalar(atom):
                continue
            try:
                value = self.field.irreducible(convert.value(atom))
            except (Undefined, TooLarge, Unsupported):
                continue
            whole = all(isinstance(e, int) and e > 0 for e in value.f.values()) and value.c.q == 1
            if not value.f or not (whole or atom in written):
                continue
            poly = self.field.numerator(value)[0] if whole else None
            self.names.append(Name(atom, value, self._under_root(value), poly))

    def _under_root(self, value: Value) -> dict[int, Exponent]:
        if value_sign(self.field, value) not in ("+", "+0"):
            return {}
        c, factors = oriented(self.field, value, "root")
        return dict(factors) if c == 1 else {}

    def write(self, term: Basic) -> Any:
        """The term, tidied."""
        value, _ = self.convert(term)
        if isinstance(value, Value):
            whole = self.value(value)
            if isinstance(term, Add):
                apart = Add(*(self.value(self.convert.value(part)) for part in term.args))
                whole = min((whole, apart), key=_length)
            if term.has(Sum, Product):  # a sum is multiplied out to be compared, not to be read
                return min((whole, term), key=_length)
            return whole
        return Add(*(self._carried(coefficient, word, term) for word, coefficient in value.items()))

    def _carried(self, coefficient: Value, word: Any, term: Basic) -> Any:
        base = word_term(self.convert, word) if word else Identity(sort_of(term).shape[0])
        return Mul(self.value(coefficient), base)

    # ---- products --------------------------------------------------------------------------------------------------

    def value(self, value: Value) -> Any:
        """A value as one product."""
        if not value.c:
            return Integer(0)
        value = self.field.irreducible(value)
        c, powers = value.c, dict(value.f)
        parts: list[Any] = []
        exponents: list[Value] = []
        for number in list(powers):
            generator = self.field.generators.get(self.field.factors[number].generator)
            if generator is not None and generator.kind == "exp":
                assert generator.base is not None
                exponents.append(self.field.scale(generator.base, rational(powers.pop(number))))
        if exponents:
            total = self.field.add(exponents)
            if total.c:
                parts.append(exp(self.value(total)))
        for name in self.names:
            power = _taken(name.value.f, powers, whole=True)
            if power is not None:
                c = c / name.value.c ** int(power)
            else:
                power = _taken(name.under_root, powers, whole=False)
            if power is not None:
                parts.append(_power(name.term, power))
        open_: list[tuple[Any, int]] = []
        for number, exponent in powers.items():
            made = self.field.factors[number]
            if isinstance(exponent, Fraction) or made.generator >= 0:
                parts.append(_power(self.polynomial(made.poly), exponent))
                continue
            sign = factor_sign(self.field, number)
            negative = sign[0] == "-" if sign else poly_term(self.convert, made.poly).could_extract_minus_sign()
            c = -c if negative and exponent % 2 else c
            oriented_poly = -made.poly if negative else made.poly
            if sign:
                parts.append(_power(self.polynomial(oriented_poly), exponent))
            else:
                open_.append((oriented_poly, exponent))
        open_.sort(key=lambda pair: default_sort_key(poly_term(self.convert, pair[0])))
        for poly, exponent in open_:
            if c < 0 and exponent % 2:
                c, poly = -c, -poly
            parts.append(_power(self.polynomial(poly), exponent))
        return Mul(Rational(int(c.p), int(c.q)), *parts)

    # ---- sums ------------------------------------------------------------------------------------------------------

    def polynomial(self, poly: Any, depth: int = MOST_DEPTH) -> Any:
        """A polynomial in the shortest way found, with defined names put back."""
        if len(poly) == 1 and poly.is_constant():
            return Integer(int(poly.leading_coefficient()))
        best = poly_term(self.convert, poly)
        if depth == 0 or len(poly) > 60:
            return best
        for name in self.names:
            if name.poly is None or len(name.poly) > len(poly) + 2:
                continue
            for quotient, rest in self._quotients(poly, name.poly):
                if len(rest) + len(quotient) >= len(poly) and len(name.poly) < 2 and not rest.is_zero():
                    continue
                top = self.polynomial(quotient, depth - 1) if not quotient.is_constant() else _constant(quotient)
                remaining = Integer(0) if rest.is_zero() else self.polynomial(rest, depth - 1)
                found = Add(Mul(top, name.term), remaining)
                if _length(found) < _length(best):
                    best = found
        return best

    def _quotients(self, poly: Any, divisor: Any) -> list[tuple[Any, Any]]:
        """Some (q, r) with poly = q · divisor + r."""
        found = []
        mine = dict(zip(poly.monoms(), poly.coeffs(), strict=True))
        ratios = set()
        for monomial, coefficient in zip(divisor.monoms(), divisor.coeffs(), strict=True):
            here = mine.get(monomial)
            if here is not None and here % coefficient == 0:
                ratios.add(int(here) // int(coefficient))
        for ratio in sorted(ratios):
            found.append((self.field.ctx.constant(ratio), poly - divisor * ratio))
        quotient, rest = divmod(poly, divisor)
        if not quotient.is_zero() and not quotient.is_constant():
            found.append((quotient, rest))
        return found


def _constant(poly: Any) -> Integer:
    return Integer(int(poly.leading_coefficient()))


def _taken(factors: dict[int, Exponent], powers: dict[int, Exponent], whole: bool) -> Exponent | None:
    """m with powers[f] = m · e for every factor f^e of several; these are then taken out of `powers`."""
    ratios = {Fraction(powers.get(number, 0)) / exponent for number, exponent in factors.items()}
    if len(factors) < 2 or len(ratios) > 1:
        return None
    (power,) = ratios
    if not power or (whole and power.denominator != 1):
        return None
    for number in factors:
        del powers[number]
    return int(power) if power.denominator == 1 else power


def _power(term: Any, exponent: Exponent) -> Any:
    return Pow(term, Rational(exponent.numerator, exponent.denominator))


def _atoms(term: Basic) -> set[Any]:
    found, stack = set(), [term]
    while stack:
        node = stack.pop()
        if isinstance(node, (Symbol, Variable)):
            found.add(node)
        else:
            stack.extend(node.args)
    return found


def _length(term: Any) -> int:
    """How much there is to read: leaves, and one for every power."""
    if isinstance(term, (Symbol, Variable, Integer)) or not term.args:
        return 1
    if isinstance(term, Rational):
        return 2
    return sum(map(_length, term.args)) + (0 if isinstance(term, (Add, Mul)) else 1)

