"""Sums and products whose ranges differ: Σ_{k=l}^{h} b_k = F(h + 1) − F(l) with F(x + 1) − F(x) = b_x.

A range split in two, an index that is shifted, a last term taken off, a telescoping sum come out of this alone, where F
is an unknown: of F at two places a whole number apart the one is the other and the terms between. Of k^p and k^p r^k
the F is known (r is not 1), and ∏ (k + c) is a quotient of Γ. Terms may be taken in reverse order. A product is taken
over the part that all its ranges share, and its further factors stand beside it. Every range must have a number of
terms, which is a condition.
"""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING, Any, NamedTuple

from flint import fmpq
from sympy import Add, Integer, Pow, Product, Sum, Symbol, gamma

from derive.algebra import elementary
from derive.algebra.elementary import rational
from derive.algebra.express import value_term
from derive.algebra.field import ONE, ZERO, Exponent, Field, Value
from derive.algebra.needs import Conditions, nonnegative
from derive.algebra.signs import nonzero, value_sign
from derive.algebra.special import whole_part
from derive.terms import substitute

if TYPE_CHECKING:
    from derive.algebra.normal import Converter

FURTHEST = 12
"""Two places further apart are two unknowns."""

SHIFTS = (0, 1, -1, 2, -2, 3, -3)
HIGHEST = 8


class Body(NamedTuple):
    """What is summed: a term in an index, and its key."""

    key: Any
    term: Any
    index: Symbol


class Ranges:
    """The bodies and places met in one question; `closed` where sums that have a closed form are given it."""

    def __init__(self, closed: bool) -> None:
        self.closed = closed
        self.bodies: dict[Any, Body] = {}
        self.places: dict[Any, int] = {}
        self.divided: set[int] = set()  # factors that a closed form divides by

    def body(
        self, convert: Converter, kind: str, index: Any, bound: Value, ends: tuple[Value, Value]
    ) -> tuple[Body, int, Value]:
        """A body met before, how far its index is moved, and a factor: these terms are that one's; else they are new.

        Or they are that one's in reverse order, l + h − k for k.
        """
        term = value_term(convert, bound)
        low, high = (value_term(convert, end) for end in ends)
        reverse = substitute(term, {index: low + high - index})
        for written in (term, reverse):
            for shift in SHIFTS:
                moved = substitute(written, {index: index + shift}) if shift else written
                factor, rest = parted(convert, index, convert.value(moved))
                key = (kind, convert.key(rest))
                if key in self.bodies and (kind == "sum" or (factor.c == 1 and not factor.f)):
                    return self.bodies[key], -shift, factor
        body = Body((kind, convert.key(convert.value(term))), term, index)
        return self.bodies.setdefault(body.key, body), 0, ONE


def parted(convert: Converter, index: Any, value: Value) -> tuple[Value, Value]:
    """value = free · bound: what is written without the index, and the rest; e^(a_k + c) is e^c e^(a_k)."""
    free: dict[int, Exponent] = {}
    bound: dict[int, Exponent] = {}
    field, name = convert.field, str(index.name)
    value = field.irreducible(value)
    outside, inside = ONE, ONE
    for number, exponent in value.f.items():
        if not convert.mentions(number, name):
            free[number] = exponent
            continue
        generator = field.generators.get(field.factors[number].generator)
        split = None
        if generator is not None and generator.base is not None and generator.kind == "exp":
            split = _split(convert, name, field.scale(generator.base, rational(exponent)))
        if split is None:
            bound[number] = exponent
        else:
            first, second = (elementary.exponential(field, part) for part in split)
            outside, inside = field.mul(outside, first), field.mul(inside, second)
    return field.mul(outside, Value(value.c, free)), field.mul(inside, Value(fmpq(1), bound))


def _split(convert: Converter, name: str, exponent: Value) -> tuple[Value, Value] | None:
    """A sum as the terms without the index and those with it, where there are both."""
    field = convert.field
    if not any(field.factors[number].generator < 0 for number in exponent.f):
        return None
    _, rest = field.numerator(exponent)
    if any(convert.mentions(number, name) for number in rest.f):
        return None
    parts: tuple[list[Value], list[Value]] = ([], [])
    for single in monomials(field, exponent):
        parts[any(convert.mentions(number, name) for number in single.f)].append(single)
    return (field.add(parts[0]), field.add(parts[1])) if parts[0] and parts[1] else None


def monomials(field: Field, value: Value) -> list[Value]:
    """A value multiplied out: its monomials over the denominators it has."""
    poly, rest = field.numerator(field.irreducible(value))
    terms = []
    for monomial, coefficient in zip(poly.monoms(), poly.coeffs(), strict=True):
        single = field.value(field.ctx.from_dict({monomial: 1}), fmpq(int(coefficient)), {})
        terms.append(field.mul(single, rest))
    return terms


def sum_of(convert: Converter, ranges: Ranges, index: Any, bound: Value, low: Value, high: Value) -> tuple[Any, Any]:
    """Σ bound over the index, and what the terms that are taken out need to be defined."""
    field = convert.field
    above = field.add([high, ONE])
    closed = _closed(convert, ranges, index, bound) if ranges.closed else None
    if closed is not None:
        return field.add([closed(above), field.scale(closed(low), -1)]), frozenset()
    body, shift, factor = ranges.body(convert, "sum", index, bound, (low, high))
    needed: set[Any] = set()
    ends = []
    for place, way in ((above, 1), (low, -1)):
        whole, rest = whole_part(field, field.add([place, field.number(shift)]))
        first = ranges.places.setdefault((body.key, convert.key(rest)), whole)
        if abs(whole - first) > FURTHEST:
            first = whole
        at = field.add([rest, field.number(first)])
        shown = Sum(body.term, (body.index, Integer(0), value_term(convert, at) - 1))
        ends.append(field.scale(field.atom(("primitive", body.key, convert.key(at)), "opaque", None, shown), way))
        for step in range(min(whole, first), max(whole, first)):
            value, conditions = _at(convert, body, rest, step)
            needed |= conditions
            ends.append(field.scale(value, way if whole > first else -way))
    return field.mul(factor, field.add(ends)), frozenset(needed)


def product_of(
    convert: Converter, ranges: Ranges, index: Any, bound: Value, low: Value, high: Value
) -> tuple[Value, Conditions]:
    """∏ bound over the index: over the shortest range met, and the factors beyond it."""
    field = convert.field
    closed = _rising(convert, index, bound, low, high)
    if closed is not None:
        return closed, frozenset()
    body, shift, _ = ranges.body(convert, "product", index, bound, (low, high))
    result, needed, reached = ONE, set[Any](), []
    for place, least in ((low, max), (high, min)):
        whole, rest = whole_part(field, field.add([place, field.number(shift)]))
        key = (body.key, least is max, convert.key(rest))
        first = ranges.places[key] = least(ranges.places.get(key, whole), whole)
        if abs(whole - first) > FURTHEST:
            first = whole
        reached.append(field.add([rest, field.number(first)]))
        for step in range(whole, first) if least is max else range(first + 1, whole + 1):
            value, conditions = _at(convert, body, rest, step)
            needed |= conditions
            result = field.mul(result, value)
    limits = tuple(value_term(convert, place) for place in reached)
    count = field.add([reached[1], field.scale(reached[0], -1), ONE])
    if count.c or count.f:
        key = ("product", body.key, *map(convert.key, reached))
        result = field.mul(result, field.atom(key, "opaque", None, Product(body.term, (body.index, *limits))))
    return result, frozenset(needed) | _counted(convert, count)


def _counted(convert: Converter, count: Value) -> Conditions:

    return frozenset(("range", what) for _, what in nonnegative(convert.field, count))


def _at(convert: Converter, body: Body, rest: Value, step: int) -> tuple[Value, Conditions]:
    """The body at a place."""
    place = Add(value_term(convert, rest), Integer(step)) if rest.c else Integer(step)
    value, conditions = convert(substitute(body.term, {body.index: place}))
    return value, conditions


# ---- closed forms ---------------------------------------------------------------------------------------------------


def _closed(convert: Converter, ranges: Ranges, index: Any, bound: Value) -> Any:
    """F for k^p and k^p r^k, as a function of the place; None for other bodies."""
    field, power, rates, fixed = convert.field, 0, list[Any](), dict[int, Exponent]()
    for number, exponent in bound.f.items():
        if not convert.mentions(number, str(index.name)):
            fixed[number] = exponent
            continue
        generator = field.generators.get(field.factors[number].generator)
        if generator is None:
            return None
        if generator.name == index and isinstance(exponent, int) and 0 < exponent <= HIGHEST:
            power = exponent
        elif generator.kind == "exp":
            assert generator.base is not None
            rate = _rate(convert, index, field.scale(generator.base, rational(exponent)))
            if rate is None:
                return None
            rates.append(rate)
        elif isinstance(generator.term, Pow) and isinstance(exponent, int):
            rate = _varying(convert, ranges, index, generator.term, exponent)
            if rate is None:
                return None
            rates.append(rate)
        else:
            return None
    outside = Value(fmpq(1), fixed)
    if not rates:
        return lambda place: field.mul(outside, _power_sum(field, power, place))
    ratio = field.product([rate for rate, _ in rates])
    less = field.add([ratio, field.number(-1)])
    if not less.c:
        return None
    ranges.divided |= {n for n, e in field.irreducible(less).f.items() if e > 0 and not nonzero(field, n)}
    weights = _weights(field, power, ratio, field.power(less, -1))

    def primitive(place: Value) -> Value:
        raised = field.product([raise_to(place) for _, raise_to in rates])
        terms = [field.mul(weight, field.power(place, k)) for k, weight in enumerate(weights)]
        return field.product([outside, raised, field.add(terms)])

    return primitive


def _rate(convert: Converter, index: Any, exponent: Value) -> Any:
    """(r, x ↦ r^x e^c) for e^(k log r + c); None where the exponent is not linear in the index."""
    field = convert.field
    ((number, _),) = convert.value(index).f.items()
    place = field.factors[number].generator
    poly, over = field.numerator(field.irreducible(exponent))
    if int(poly.degrees()[place]) != 1 or any(convert.mentions(n, str(index.name)) for n in over.f):
        return None
    slope = poly.derivative(place)
    constant = poly - slope * field.gens[place]
    rest = [k for part in (slope, constant) if not part.is_zero() for k, d in enumerate(part.degrees()) if d]
    if any(convert.mentions(field.generator_factor(k), str(index.name)) for k in rest):
        return None
    per_step = field.mul(field.value(slope, fmpq(1), {}), over)
    fixed = field.mul(field.value(constant, fmpq(1), {}), over) if not constant.is_zero() else ZERO

    def raised(x: Value) -> Value:
        return elementary.exponential(field, field.add([field.mul(per_step, x), fixed]))

    return elementary.exponential(field, per_step), raised


def _rising(convert: Converter, index: Any, bound: Value, low: Value, high: Value) -> Value | None:
    """∏ (k + c) = Γ(h + 1 + c) / Γ(l + c), where l + c is positive."""
    field = convert.field
    apart = field.add([bound, field.scale(convert.value(index), -1)])
    if not free_of(convert, apart, index) or value_sign(field, field.add([low, apart])) != "+":
        return None
    above, first = (convert.value(gamma(value_term(convert, field.add([place, apart])))) for place in (
        field.add([high, ONE]), low))  # fmt: skip
    return field.mul(above, field.power(first, -1))


def _varying(convert: Converter, ranges: Ranges, index: Any, term: Pow, exponent: int) -> Any:
    """(b^s, x ↦ b^(s x + c)) for a base of unknown sign and a whole s; None for other exponents."""
    field, one = convert.field, substitute(term.exp, {index: index + 1})
    step = field.add([convert.value(one), field.scale(convert.value(term.exp), -1)])
    base = convert.value(term.base)
    if step.f or step.c.q != 1 or not step.c or free_of(convert, base, index) is False:
        return None
    slope = int(step.c.p) * exponent
    if slope < 0:
        ranges.divided |= {n for n, e in field.irreducible(base).f.items() if e > 0 and not nonzero(field, n)}

    def raised(x: Value) -> Value:
        at = substitute(term.exp, {index: value_term(convert, x)})
        return field.power(convert.value(Pow(term.base, at)), exponent)

    return field.power(base, slope), raised


def free_of(convert: Converter, value: Value, index: Any) -> bool:
    """Whether an index does not occur in a value."""
    return not any(convert.mentions(number, str(index.name)) for number in value.f)


def _power_sum(field: Field, power: int, place: Value) -> Value:
    """F with F(x + 1) − F(x) = x^p: Σ_j C(p + 1, j) B_j x^{p+1−j} / (p + 1)."""
    terms = [
        field.scale(field.power(place, power + 1 - j), fmpq.bernoulli(j) * comb(power + 1, j) / (power + 1))
        for j in range(power + 1)
    ]
    return field.add(terms)


def _weights(field: Field, power: int, ratio: Value, share: Value) -> list[Value]:
    """The q_i with r q(x + 1) − q(x) = x^p, highest first found: (r − 1) q_i = [i = p] − r Σ_{j>i} C(j, i) q_j."""
    weights: list[Value] = [ZERO] * (power + 1)
    for i in range(power, -1, -1):
        later = [field.scale(weights[j], -comb(j, i)) for j in range(i + 1, power + 1)]
        total = field.add([ONE if i == power else ZERO, field.mul(ratio, field.add(later))])
        weights[i] = field.mul(share, total)
    return weights
