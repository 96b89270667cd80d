"""Functions by what they are made of, or by their functional equation: Γ(x + 1) = x Γ(x), erf(−x) = −erf x.

n! is Γ(n + 1), a binomial coefficient three factorials, coth and artanh are exponentials and logarithms. Of Γ at two
arguments a whole number apart the one is the other times factors, so that the argument without its whole part stands
for all of them.
"""

from __future__ import annotations

from math import factorial as factorial_of
from typing import TYPE_CHECKING, Any

from flint import fmpq
from sympy import (
    acosh,
    asinh,
    atanh,
    beta,
    cos,
    cosh,
    cot,
    coth,
    csc,
    csch,
    erf,
    erfc,
    exp,
    factorial,
    gamma,
    log,
    sec,
    sech,
    sin,
    sinh,
    sqrt,
)

from derive.algebra.field import Field, Value
from derive.algebra.signs import value_sign

if TYPE_CHECKING:
    from derive.algebra.needs import Conditions
    from derive.algebra.normal import Converter

MOST_STEPS = 24

MADE_OF: dict[type, Any] = {
    coth: lambda x: (exp(x) + exp(-x)) / (exp(x) - exp(-x)),
    sech: lambda x: 1 / cosh(x),
    csch: lambda x: 1 / sinh(x),
    cot: lambda x: cos(x) / sin(x),
    sec: lambda x: 1 / cos(x),
    csc: lambda x: 1 / sin(x),
    atanh: lambda x: log((1 + x) / (1 - x)) / 2,
    asinh: lambda x: log(x + sqrt(x**2 + 1)),
    acosh: lambda x: log(x + sqrt(x - 1) * sqrt(x + 1)),
    erfc: lambda x: 1 - erf(x),
    factorial: lambda n: gamma(n + 1),
    beta: lambda x, y: gamma(x) * gamma(y) / gamma(x + y),
}
"""Functions as others that have a value where they have one."""


def made_of(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    """A function written by others."""
    return convert(MADE_OF[type(term)](*term.args))


def odd(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    """f(−x) = −f(x): the number before the argument is made positive."""
    value, conditions = convert(term.args[0])
    if not value.c:
        return value, conditions
    sign = 1 if value.c > 0 else -1
    key = (type(term).__name__, convert.key(convert.field.scale(value, sign)))
    atom = convert.field.atom(key, "function", None, type(term)(sign * term.args[0]))
    return convert.field.scale(atom, sign), conditions


def choices(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    """n! / (k! (n − k)!) for n ≥ 0; of other n nothing is said."""
    n, k = term.args
    if value_sign(convert.field, convert.value(n)) in ("+", "+0", "0"):
        return convert(gamma(n + 1) / (gamma(k + 1) * gamma(n - k + 1)))
    return atom_of(convert, term)


def atom_of(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    """A function at a normalised argument: an unknown, but one that can be evaluated."""
    parts = [convert(arg) for arg in term.args]
    conditions = frozenset[Any]().union(*(found for _, found in parts))
    key = (type(term).__name__, *(convert.key(value) for value, _ in parts))
    return convert.field.atom(key, "function", None, term), conditions


def gamma_function(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    """Γ(a + n) = a (a + 1) … (a + n − 1) Γ(a), and Γ(n) = (n − 1)! for whole n."""
    field = convert.field
    value, conditions = convert(term.args[0])
    whole, rest = whole_part(field, value)
    if abs(whole) > MOST_STEPS or (not rest.c and whole < 1):
        return atom_of(convert, term)
    if not rest.c:
        return field.number(factorial_of(whole - 1)), conditions
    result = field.atom(("gamma", convert.key(rest)), "function", None, type(term)(term.args[0] - whole))
    for step in range(min(0, whole), max(0, whole)):
        factor = field.add([rest, field.number(step)])
        result = field.mul(result, factor if whole > 0 else field.power(factor, -1))
    return result, conditions


def whole_part(field: Field, value: Value) -> tuple[int, Value]:
    """(n, rest) with value = n + rest, n the whole part of the constant term of a polynomial; else (0, value)."""
    if any(exponent < 0 or type(exponent) is not int for exponent in value.f.values()):
        return 0, value
    poly, over = field.numerator(value)
    constant = fmpq(int(poly[(0,) * field.size])) * over.c
    whole = int(constant.p) // int(constant.q)
    return (whole, field.add([value, field.number(-whole)])) if whole else (0, value)
