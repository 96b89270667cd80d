"""Roots, logarithms, exponentials and absolute values of values.

log ∏ f_i^e_i = Σ e_i log f_i and (∏ f_i^e_i)^s = ∏ f_i^(e_i s) where every f_i is certified positive. A factor of
unknown sign is split off with an even exponent only, as |f|; what is left of unknown sign stays together. Where it is
one factor alone, the root or logarithm is defined only where that factor has the sign it needs.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import fmpq, fmpq_mat
from flint.utils.flint_exceptions import DomainError

from derive.algebra.field import ONE, ZERO, Exponent, Field, Generator, Undefined, Value
from derive.algebra.polynomials import prime_powers
from derive.algebra.signs import factor_sign, value_sign


def absolute(field: Field, value: Value) -> Value:
    """|value|."""
    factors: list[tuple[int, Exponent]] = []
    c = abs(value.c)
    for number, exponent in field.irreducible(value).f.items():
        if isinstance(exponent, int) and exponent % 2:
            sign = factor_sign(field, number)
            if sign in ("-", "-0"):
                c = -c  # |f| = −f
            elif sign is None:
                number = field.absolute(number)
        factors.append((number, exponent))
    return field.collect(c, {}, factors)


def signum(field: Field, value: Value) -> Value:
    """sign value, over one generator s for the sign of each factor f of unknown sign: s f = |f|, s² f = f, s³ = s."""
    if not value.c:
        return ZERO
    sign, factors = 1 if value.c > 0 else -1, list[tuple[int, Exponent]]()
    for number, exponent in field.irreducible(value).f.items():
        known = factor_sign(field, number)
        even = type(exponent) is Fraction or exponent % 2 == 0
        if known in ("-", "-0") and not even:
            sign = -sign
        if known not in ("+", "-"):
            both = even or known is not None
            factors.append((field.signum(number), 2 if both else 1))
    return field.collect(fmpq(sign), {}, factors)


def oriented(field: Field, value: Value, what: str) -> tuple[Any, list[tuple[int, Exponent]]]:
    """(c, [(f, e)]) with value = c · ∏ f^e, c > 0 and every f non-negative where the value is."""
    value = _unnested(field, field.irreducible(value))
    c = value.c
    sure: list[tuple[int, Exponent]] = []
    open_: list[tuple[int, int]] = []
    for number, exponent in value.f.items():
        sign = factor_sign(field, number)
        if isinstance(exponent, Fraction) or sign in ("+", "+0"):
            sure.append((number, exponent))
        elif sign in ("-", "-0"):
            sure.append((field.alias(Value(fmpq(-1), {number: 1}), "+" if sign == "-" else "+0"), exponent))
            if exponent % 2:
                c = -c
        elif exponent % 2 == 0:
            sure.append((field.absolute(number), exponent))
        else:
            open_.append((number, exponent))
    if len(open_) == 1:
        number, exponent = open_[0]
        if c < 0:
            number, c = field.alias(Value(fmpq(-1), {number: 1}), "+0"), -c
        sure.append((number, exponent))
    elif open_:
        together = Value(fmpq(1 if c > 0 else -1), {number: 1 for number, _ in open_})
        sure.append((field.alias(together, "+0"), 1))
        sure += [(field.absolute(number), exponent - 1) for number, exponent in open_ if exponent != 1]
        c = abs(c)
    elif c < 0:
        raise Undefined(f"the {what} of a negative number")
    return c, sure


def root(field: Field, value: Value, exponent: Fraction) -> Value:
    """value^exponent for a fraction; a value where value ≥ 0 (> 0 for a negative exponent)."""
    if not value.c:
        if exponent < 0:
            raise Undefined("a division by zero")
        return ZERO
    c, factors = oriented(field, value, "root")
    powers: list[tuple[int, Exponent]] = []
    for number, power in factors:
        total = power * exponent
        powers.append((number, int(total) if total.denominator == 1 else total))
    for base, side in ((int(c.p), 1), (int(c.q), -1)):
        for p, k in prime_powers(base):
            total = k * side * exponent
            powers.append((field.prime(p), int(total) if total.denominator == 1 else total))
    return field.collect(fmpq(1), {}, powers)


def _unnested(field: Field, value: Value) -> Value:
    """The value with factors that are squares of sums of roots written as such."""
    if field.degree != 2 or not field.roots:
        return value
    unknown = [n for n, e in value.f.items() if isinstance(e, int) and e % 2 and factor_sign(field, n) is None]
    for number, exponent in list(value.f.items()):
        sign = factor_sign(field, number) if isinstance(exponent, int) else "+"
        negative = sign in ("-", "-0") or (value.c < 0 and unknown == [number])
        simpler = denested(field, -field.factors[number].poly if negative else field.factors[number].poly)
        if simpler is not None:
            others = {n: e for n, e in value.f.items() if n != number}
            rest = Value(-value.c if negative and exponent % 2 else value.c, others)
            twice = exponent * 2
            square = root(field, simpler, twice) if isinstance(twice, Fraction) and twice.denominator > 1 else \
                field.power(simpler, int(twice))
            value = field.irreducible(field.mul(rest, square))
    return value


def denested(field: Field, poly: Any) -> Value | None:
    """√(a + b√c) = √((a + s)/2) ± √((a − s)/2) with s² = a² − b²c, where s is a polynomial and both are certified ≥ 0.

    The sign is that of b; where it is not known, or is −, the sum's absolute value is taken (Borodin et al. 1985).
    """
    nested = [place for place, degree in enumerate(poly.degrees()) if degree and _square_root(field, place)]
    for place in nested:
        if int(poly.degrees()[place]) != 1:
            continue
        half = field.degree // 2
        b = poly.derivative(place)
        a = poly - b * field.gens[place]
        c = field.factors[field.generators[place].factor].poly
        if len(a) ** 2 + len(b) ** 2 * len(c) > 400 or half != 1:
            return None
        s = _exact_root(field.reduce(a * a - b * b * c))
        if s is None:
            continue
        upper, lower = (field.value(part, fmpq(1, 2), {}) for part in (a + s, a - s))
        if any(value_sign(field, part) not in ("+", "+0", "0") for part in (upper, lower)):
            continue
        first, second = root(field, upper, Fraction(1, 2)), root(field, lower, Fraction(1, 2))
        sign = value_sign(field, field.value(b, fmpq(1), {}))
        if sign in ("+", "+0"):
            return field.add([first, second])
        if sign in ("-", "-0"):
            return absolute(field, field.add([first, field.scale(second, -1)]))
    return None


def _square_root(field: Field, place: int) -> bool:
    return field.degree == 2 and field.generators[place].kind == "root"


def _exact_root(poly: Any) -> Any:
    """A polynomial whose square this is, or None."""
    if poly.is_zero():
        return poly
    if poly.leading_coefficient() < 0:
        return None
    try:
        return poly.sqrt()
    except (DomainError, ValueError):
        return None


def logarithm(field: Field, value: Value) -> Value:
    """log value; a value where value > 0."""
    if not value.c:
        raise Undefined("the logarithm of zero")
    c, factors = oriented(field, value, "logarithm")
    terms: list[Value] = []
    for number, power in factors:
        made = field.factors[number]
        generator = field.generators.get(made.generator)
        if generator is not None and generator.kind == "exp":
            assert generator.base is not None
            terms.append(field.scale(generator.base, rational(power)))
        else:
            terms.append(field.scale(log_factor(field, number), rational(power)))
    for base, side in ((int(c.p), 1), (int(c.q), -1)):
        for p, k in prime_powers(base):
            terms.append(field.scale(log_factor(field, field.prime(p)), k * side))
    return field.add(terms)


def log_factor(field: Field, number: int) -> Value:
    """The generator log f."""
    place = field.generator(("log", number), Generator("log", number, None, factor=number))
    return Value(fmpq(1), {field.generator_factor(place): 1})


def rational(number: Exponent | Any) -> Any:
    """A Python fraction as an exact number of flint's."""
    return fmpq(number.numerator, number.denominator)


def fraction(number: Any) -> Exponent:
    """An exact number of flint's as a Python number."""
    return int(number.p) if number.q == 1 else Fraction(int(number.p), int(number.q))


def exponential(field: Field, value: Value) -> Value:
    """exp value, over a basis of the exponents met so far and exp log f = f."""
    if not value.c:
        return ONE
    for base, number in field.basis:
        if base.f == value.f:
            return Value(fmpq(1), {number: fraction(value.c / base.c)})
    logs = _logs(field, value)
    columns = [(base, number) for base, number in field.basis]
    columns += [(Value(fmpq(1), {field.generator_factor(place): 1}), field.generators[place].factor) for place in logs]
    found = combination(field, value, [column for column, _ in columns]) if columns else None
    if found is not None:
        powers = [(number, fraction(q)) for (_, number), q in zip(columns, found, strict=True) if q]
        return field.collect(fmpq(1), {}, powers)
    rest, powers = _without_logs(field, value, logs)
    if rest.c:
        kept = Value(abs(rest.c), rest.f)
        key = ("exp", kept.c, frozenset(kept.f.items()))
        place = field.generator(key, Generator("exp", None, "+", base=kept))
        number = field.generator_factor(place)
        field.basis.append((kept, number))
        powers.append((number, 1 if rest.c > 0 else -1))
    return field.collect(fmpq(1), {}, powers)


def _logs(field: Field, value: Value) -> list[int]:
    """The generators log f that occur in the numerator."""
    found: dict[int, None] = {}
    for number in value.f:
        for place, degree in enumerate(field.factors[number].poly.degrees()):
            if degree and field.generators[place].kind == "log":
                found[place] = None
    return list(found)


def _without_logs(field: Field, value: Value, logs: list[int]) -> tuple[Value, list[tuple[int, Exponent]]]:
    """value = rest + Σ q log f, with the rational multiples of logarithms taken out of the sum."""
    powers: list[tuple[int, Exponent]] = []
    for place in logs:
        log = Value(fmpq(1), {field.generator_factor(place): 1})
        (top, unit), _, _ = field.aligned([value, log])
        top, unit = field.reduce(top), field.reduce(unit)
        if unit.is_zero() or len(top) > 5000:
            continue
        leading = unit.monomial(0)
        for monomial, coefficient in zip(top.monoms(), top.coeffs(), strict=True):
            if monomial == leading:
                q = fmpq(int(coefficient), int(unit.leading_coefficient()))
                value = field.add([value, field.scale(log, -q)])
                powers.append((field.generators[place].factor, fraction(q)))
                break
    return value, powers


def combination(field: Field, target: Value, columns: list[Value]) -> list[Any] | None:
    """Rational q_i with target = Σ q_i column_i, or None."""
    if not field.relations and not field.support(target) <= frozenset[int]().union(*map(field.support, columns)):
        return None
    polys, _, _ = field.aligned([target, *columns])
    scaled = [dict(zip(poly.monoms(), poly.coeffs(), strict=True)) for poly in map(field.reduce, polys)]
    monomials = list(dict.fromkeys(monomial for poly in scaled[1:] for monomial in poly))
    if not scaled[0].keys() <= set(monomials):
        return None
    width = len(columns)
    rows = [[int(poly.get(monomial, 0)) for poly in (*scaled[1:], scaled[0])] for monomial in monomials]
    echelon, rank = fmpq_mat(len(rows), width + 1, [entry for row in rows for entry in row]).rref()
    solution = [fmpq(0)] * width
    for row in range(rank):
        pivot = next(column for column in range(width + 1) if echelon[row, column])
        if pivot == width:
            return None
        solution[pivot] = echelon[row, width]
    return solution


def power(field: Field, base: Value, exponent: Value) -> Value | None:
    """base^exponent; None where the exponent is no number and the base is not certified positive."""
    if not exponent.f:
        number = fraction(exponent.c)
        return field.power(base, number) if isinstance(number, int) else root(field, base, number)
    if base.c == 1 and not base.f:
        return ONE
    if value_sign(field, base) != "+":
        return None
    return exponential(field, field.mul(exponent, logarithm(field, base)))
