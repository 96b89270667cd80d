"""Integrals between limits, where a primitive is known exactly: polynomials times exponentials of linear functions.

∫ sⁿ ds = sⁿ⁺¹/(n + 1), and ∫ sⁿ e^{rs + c} ds = e^{rs + c} Σ_k (−1)^k n!/(n − k)! sⁿ⁻ᵏ/rᵏ⁺¹ where r is not 0. What else
stands under the integral must not depend on its variable; of densities and unknown functions that is not known, so that
an integral of what holds them stays one unknown, and so does one of a name that is defined by the variable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flint import fmpq
from sympy import Abs, Add, Basic, Mul, Pow, Product, Sum, Symbol, Tuple, cos, cosh, exp, log, sin, sinh, tanh

from derive.algebra import elementary
from derive.algebra.elementary import rational
from derive.algebra.field import ONE, ZERO, Value
from derive.algebra.needs import Conditions, all_nonzero
from derive.terms import Integral, Variable, is_scalar

if TYPE_CHECKING:
    from derive.algebra.normal import Converter

HIGHEST = 24
WRITTEN_OUT = {Add, Mul, Pow, exp, log, cos, sin, cosh, sinh, tanh, Abs, Sum, Product, Integral, Tuple}
"""Nodes whose value depends on what stands in them and on nothing else."""


class Opaque(Exception):
    """An integral that is not worked out."""


def integral(convert: Converter, shown: Any, term: Any) -> tuple[Value, Conditions]:
    """The value of an integral; `term` is `shown` with its variable named by depth. Raises Opaque."""

    if len(term.limits) != 1 or len(term.limits[0]) != 3 or not all(map(is_scalar, (term.body, term.limits[0][0]))):
        raise Opaque
    variable, lower, upper = term.limits[0]
    if _depends(convert, shown.body, shown.limits[0][0]):
        raise Opaque
    value, needed = convert(term.body)
    if any(convert.speaks_of(condition, variable.name) and not convert.certain(condition) for condition in needed):
        raise Opaque
    (low, first), (high, second) = convert(lower), convert(upper)
    if not all(isinstance(part, Value) for part in (value, low, high)):
        raise Opaque
    conditions = needed | first | second
    field, total = convert.field, list[Value]()
    ((number, _),) = convert.value(variable).f.items()
    place = field.factors[number].generator
    for constant, power, exponent in _terms(convert, value, place, variable.name):
        if exponent is None:
            for limit, way in ((high, 1), (low, -1)):
                total.append(field.mul(constant, field.scale(field.power(limit, power + 1), fmpq(way, power + 1))))
            continue
        rate, offset = exponent
        conditions |= all_nonzero(field, rate)
        for limit, way in ((high, 1), (low, -1)):
            end = elementary.exponential(field, field.add([field.mul(rate, limit), offset]))
            factor = fmpq(way)
            for k in range(power + 1):
                piece = field.mul(field.power(limit, power - k), field.power(rate, -k - 1))
                total.append(field.mul(field.mul(constant, end), field.scale(piece, factor)))
                factor *= -(power - k)
    return field.add(total), conditions


def _depends(convert: Converter, body: Basic, variable: Any) -> bool:
    """Whether a body may depend on a variable by more than what is written: functions, laws, names that it defines."""
    stack, seen = [body], set[Basic]()
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, (Symbol, Variable)):
            meaning = convert.definitions.get(node)
            if isinstance(meaning, Value) or (isinstance(meaning, Basic) and meaning.has(variable)):
                return True
            if isinstance(meaning, Basic):
                stack.append(meaning)
        elif node.args and type(node) not in WRITTEN_OUT:
            return True
        else:
            stack += node.args
    return False


def _terms(
    convert: Converter, value: Value, place: int, name: str
) -> list[tuple[Value, int, tuple[Value, Value] | None]]:
    """The value as Σ c sⁿ e^{rs + k}: (c, n, (r, k)), without the last where there is no exponential. Raises Opaque."""
    field = convert.field
    if not value.c:
        return []
    poly, rest = field.numerator(field.irreducible(value))
    fixed, outer = ONE, ZERO
    for number, exponent in rest.f.items():
        generator = field.generators.get(field.factors[number].generator)
        if generator is not None and generator.kind == "exp" and convert.mentions(number, name):
            assert generator.base is not None
            outer = field.add([outer, field.scale(generator.base, rational(exponent))])
        elif convert.mentions(number, name):
            raise Opaque
        else:
            fixed = field.mul(fixed, Value(fmpq(1), {number: exponent}))
    fixed = field.scale(fixed, rest.c)
    found = []
    for monomial, coefficient in zip(poly.monoms(), poly.coeffs(), strict=True):
        constant, power, inside = field.scale(fixed, fmpq(int(coefficient))), 0, outer
        for k, many in enumerate(monomial):
            if not many:
                continue
            generator, number = field.generators[k], field.generator_factor(k)
            if k == place:
                power = int(many)
            elif not convert.mentions(number, name):
                single = field.value(field.gens[k] ** int(many), fmpq(1), {})
                constant = field.mul(constant, single)
            elif generator.kind == "exp":
                assert generator.base is not None
                inside = field.add([inside, field.scale(generator.base, int(many))])
            else:
                raise Opaque
        if power > HIGHEST:
            raise Opaque
        found.append((constant, power, _linear(convert, inside, place, name) if inside.c else None))
    return found


def _linear(convert: Converter, value: Value, place: int, name: str) -> tuple[Value, Value]:
    """(r, c) with value = r s + c. Raises Opaque."""
    field = convert.field
    poly, rest = field.numerator(field.irreducible(value))
    if any(convert.mentions(number, name) for number in rest.f) or int(poly.degrees()[place]) != 1:
        raise Opaque
    slope = poly.derivative(place)
    constant = poly - slope * field.gens[place]
    for part in (slope, constant):
        for k, degree in enumerate(part.degrees() if not part.is_zero() else ()):
            if degree and convert.mentions(field.generator_factor(k), name):
                raise Opaque
    found = [ZERO if part.is_zero() else field.mul(field.value(part, fmpq(1), {}), rest) for part in (slope, constant)]
    return found[0], found[1]


