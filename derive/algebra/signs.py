"""Certified signs: "+", "+0", "-", "-0", "0", or None where nothing is certain.

A polynomial is positive where all its coefficients are, over generators that are; a generator u between two bounds is
first written low + (high − low)/(1 + w) with w > 0. What is given about a whole polynomial is used by subtracting the
multiple of it that cancels a monomial. Nothing here evaluates: a sign is a proof.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Any

from flint import arb, fmpq
from sympy import S

from derive import balls
from derive.algebra.field import Field, Value

Sign = str | None

NEGATED = {"+": "-", "+0": "-0", "-": "+", "-0": "+0", "0": "0", None: None}

LONG = 40
"""A polynomial with more terms than this is not compared with given facts."""

CONSTANT_BITS = 128
"""Precision for the signs of constants."""

TRIES = 80
"""How many multiples of given facts are tried for one polynomial."""


def generator_sign(field: Field, place: int) -> Sign:
    """The sign of a generator from what it is and from its bounds."""
    generator = field.generators[place]
    bounds = field.bounds.get(place)
    if bounds is not None:
        low, low_strict, high, high_strict = bounds
        if low is not None and (low > 0 or (low == 0 and low_strict)):
            return "+"
        if high is not None and (high < 0 or (high == 0 and high_strict)):
            return "-"
        if low == 0:
            return "+" if place_nonzero(field, place) else "+0"
        if high == 0:
            return "-" if place_nonzero(field, place) else "-0"
    if generator.kind == "root":
        return "+" if factor_sign(field, generator.factor) == "+" else "+0"
    if generator.kind in ("cos", "sin"):
        return None
    if generator.kind == "log":
        return constant_sign(field, field.gens[place])
    if generator.kind == "abs":
        return "+" if field.factors[generator.factor].sign in ("+", "-") else "+0"
    if generator.sign == "+0" and place_nonzero(field, place):
        return "+"
    return generator.sign


def place_nonzero(field: Field, place: int) -> bool:
    """Whether a generator is given to be non-zero."""
    number = field.ids.get(("g", place))
    return number is not None and number in field.nonzero


def factor_sign(field: Field, number: int) -> Sign:
    """The certified sign of a factor."""
    made = field.factors[number]
    if made.sign is False:
        made.sign = None  # an enquiry about itself, on the way, learns nothing
        made.sign = _factor_sign(field, number)
    return made.sign  # type: ignore[no-any-return]


def _factor_sign(field: Field, number: int) -> Sign:
    made = field.factors[number]
    known = field.known.get(number)
    if known in ("+", "-"):
        return known
    if made.generator >= 0:
        found = generator_sign(field, made.generator)
    else:
        found = polynomial_sign(field, made.poly)
    found = found or known
    if found in ("+0", "-0") and number in field.nonzero:
        return found[0]
    return found


def value_sign(field: Field, value: Value) -> Sign:
    """The sign of a value, where it is defined."""
    if not value.c:
        return "0"
    positive, strict = value.c > 0, True
    for number, exponent in field.irreducible(value).f.items():
        found = factor_sign(field, number)
        if type(exponent) is Fraction:
            found = "+" if found == "+" else "+0"  # under a root it is not negative
        if exponent < 0 and found in ("+0", "-0"):
            found = found[0]
        if isinstance(exponent, int) and exponent % 2 == 0:
            found = "+" if found in ("+", "-") or exponent < 0 or number in field.nonzero else "+0"
        if found is None:
            return None
        positive = positive == (found[0] == "+")
        strict = strict and len(found) == 1
    return ("+" if positive else "-") + ("" if strict else "0")


def nonzero(field: Field, number: int) -> bool:
    """Whether a factor is certainly not zero."""
    return number in field.nonzero or factor_sign(field, number) in ("+", "-")


def polynomial_sign(field: Field, poly: Any) -> Sign:
    """The sign of a polynomial in the generators."""
    constant = constant_sign(field, poly)
    if constant is not None:
        return constant
    budget = [TRIES]
    found = _certified(field, poly, 2, budget)
    if found is None and field.facts and len(poly) <= LONG:
        lower = _below(field, poly, 2, budget)
        if lower is not None:
            return lower
        lower = _below(field, -poly, 2, budget)
        return NEGATED[lower]
    return found


def constant_sign(field: Field, poly: Any) -> Sign:
    """The sign of a polynomial in π, e and roots and logarithms of numbers, by a ball that excludes zero."""
    places = [place for place, degree in enumerate(poly.degrees()) if degree]
    with balls.precision(CONSTANT_BITS):
        try:
            values = {place: _constant(field, place) for place in places}
            total = _at(poly, values)
        except (_Varies, balls.Unsure, balls.NotDefined):
            return None
        found = balls.sign(total)
    return {1: "+", -1: "-"}.get(found) if found is not None else None


class _Varies(Exception):
    """A generator that is no constant."""


def _at(poly: Any, values: dict[int, balls.Real]) -> balls.Real:
    total: balls.Real = fmpq(0)
    for monomial, coefficient in zip(poly.monoms(), poly.coeffs(), strict=True):
        part: balls.Real = fmpq(int(coefficient))
        for place, value in values.items():
            if monomial[place]:
                part = balls.mul(part, balls.whole_power(value, int(monomial[place])))
        total = total + part
    return total


def _constant(field: Field, place: int) -> balls.Real:
    generator = field.generators[place]
    if generator.name is S.Pi:
        return arb.pi()
    if generator.kind == "exp" and generator.base is not None and not generator.base.f:
        return balls.exp(generator.base.c)
    if generator.kind not in ("root", "log", "abs"):
        raise _Varies
    poly = field.factors[generator.factor].poly
    inner = _at(poly, {k: _constant(field, k) for k, degree in enumerate(poly.degrees()) if degree})
    if generator.kind == "root":
        return balls.fractional_power(inner, Fraction(1, field.degree))
    return balls.log(inner) if generator.kind == "log" else balls.absolute(inner)


def _certified(field: Field, poly: Any, depth: int, budget: list[int]) -> Sign:
    if poly.is_zero():
        return "0"
    signs = {}
    for place, degree in enumerate(poly.degrees()):
        if degree:
            signs[place] = generator_sign(field, place)
    found = by_coefficients(poly, signs)
    if found is None and not _hopeless(field, poly, signs):
        boxed = _boxed(field, poly, signs)
        if boxed is not None:
            found = by_coefficients(boxed, signs)
            if found and any(_closed_below(field, place) for place in signs):
                found = found[0] + "0"  # u = low is a limit, w → ∞, where only ≥ is left
    return found


def _closed_below(field: Field, place: int) -> bool:
    low, low_strict, high, _ = field.bounds.get(place, (None, True, None, True))
    return low is not None and high is not None and not low_strict


def _hopeless(field: Field, poly: Any, signs: dict[int, Sign]) -> bool:
    """Whether a generator without any bound occurs to an odd power: then no bound of the others settles a sign."""
    unknown = [place for place, sign in signs.items() if sign is None and place not in field.bounds]
    return bool(unknown) and any(int(monomial[place]) % 2 for monomial in poly.monoms() for place in unknown)


def by_coefficients(poly: Any, signs: dict[int, Sign]) -> Sign:
    """The sign of a polynomial all of whose monomials have one sign."""
    overall, strict = None, False
    for monomial, coefficient in zip(poly.monoms(), poly.coeffs(), strict=True):
        positive, firm = coefficient > 0, True
        for place, sign in signs.items():
            exponent = int(monomial[place])
            if not exponent:
                continue
            if exponent % 2 == 0:
                firm = firm and sign in ("+", "-")
            elif sign is None:
                return None
            else:
                positive = positive == (sign[0] == "+")
                firm = firm and len(sign) == 1
        if overall is None:
            overall = positive
        elif overall != positive:
            return None
        strict = strict or firm
    return ("+" if overall else "-") + ("" if strict else "0")


def _boxed(field: Field, poly: Any, signs: dict[int, Sign]) -> Any:
    """The polynomial times a positive one, in w ≥ 0 with u = low + (high − low)/(1 + w); `signs` is brought along."""
    changed = False
    for place in list(signs):
        bounds = field.bounds.get(place)
        if bounds is None:
            continue
        low, low_strict, high, high_strict = bounds
        if high is None and (low is None or low == 0):
            continue
        w = field.gens[place]
        if low is None:
            top, bottom = _whole(high) - int(Fraction(high).denominator) * w, field.ctx.constant(_den(high))
            firm = high_strict
        elif high is None:
            top, bottom = _whole(low) + _den(low) * w, field.ctx.constant(_den(low))
            firm = low_strict
        else:
            d = lcm(_den(low), _den(high))
            top, bottom = int(low * d) * (1 + w) + int((high - low) * d), d * (1 + w)
            firm = high_strict
        poly = _composed(field, poly, place, top, bottom)
        signs[place] = "+" if firm else "+0"
        changed = True
        if len(poly) > 2000:
            return None
    return poly if changed else None


def _whole(number: Fraction) -> int:
    return int(Fraction(number).numerator)


def _den(number: Fraction) -> int:
    return int(Fraction(number).denominator)


def _composed(field: Field, poly: Any, place: int, top: Any, bottom: Any) -> Any:
    """poly with generator = top/bottom, times bottom^degree."""
    degree = int(poly.degrees()[place])
    layers: dict[int, dict[Any, Any]] = {}
    for monomial, coefficient in zip(poly.monoms(), poly.coeffs(), strict=True):
        layers.setdefault(int(monomial[place]), {})[(*monomial[:place], 0, *monomial[place + 1 :])] = coefficient
    total: Any = field.ctx.constant(0)
    for exponent, layer in layers.items():
        total = total + field.ctx.from_dict(layer) * top**exponent * bottom ** (degree - exponent)
    return total


def _below(field: Field, poly: Any, depth: int, budget: list[int]) -> Sign:
    """ "+" or "+0" where poly = c·fact + rest with c > 0 and a certified rest ≥ 0."""
    mine = dict(zip(poly.monoms(), poly.coeffs(), strict=True))
    for fact, strict in field.facts:
        tried = set()
        for monomial, coefficient in zip(fact.monoms(), fact.coeffs(), strict=True):
            here = mine.get(monomial)
            if here is None or (here > 0) != (coefficient > 0):
                continue
            ratio = Fraction(int(here), int(coefficient))
            if ratio in tried:
                continue
            tried.add(ratio)
            budget[0] -= 1
            if budget[0] < 0:
                return None
            rest = poly * ratio.denominator - fact * ratio.numerator
            found = _certified(field, rest, depth, budget)
            if found in ("+", "+0", "0"):
                return "+" if strict or found == "+" else "+0"
            if found is None and depth > 1:
                found = _below(field, rest, depth - 1, budget)
                if found is not None:
                    return "+" if strict or found == "+" else "+0"
    return None
