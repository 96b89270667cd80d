"""What a term needs to be defined: that factors are not zero, that products are not negative."""

from __future__ import annotations

from typing import Any

from derive.algebra.field import Field, Value
from derive.algebra.signs import factor_sign, nonzero, value_sign

Condition = tuple[str, Any]
"""What a term needs to be defined: ("nonzero", factor); ("nonnegative", (sign, factors, others)), that sign · ∏ factors
is not negative or one of the others zero; or for each value of a sum's index ("each", (condition, limits, (index, low,
high))), the limits as keys and as terms. Whether a factor is certainly not zero is asked only of conditions that matter
in the end (`certain`)."""

Conditions = frozenset[Condition]
NONE: Conditions = frozenset()


def all_nonzero(field: Field, value: Value) -> Conditions:
    """That no factor of a value is zero."""
    return frozenset([("nonzero", number) for number, exponent in field.irreducible(value).f.items() if exponent > 0])


def nonnegative(field: Field, value: Value, strict: bool = False) -> Conditions:
    """That a value is not negative, unless it is certain; `strict` where it is not to be zero either.

    A product is zero where a factor is, whatever the signs of the others: √(ab) is defined at a = 0 where √b is not.
    """
    if value_sign(field, value) in ("+", "+0", "0"):
        return NONE
    value = field.irreducible(value)
    c, odd, zero = value.c, [], []
    for number, exponent in value.f.items():
        known = factor_sign(field, number)
        if type(exponent) is int and exponent % 2:
            if known is None:
                odd.append(number)
                continue
            if known[0] == "-":
                c = -c
        if exponent > 0 and not strict and not nonzero(field, number):
            zero.append(number)
    found = (1 if c > 0 else -1, frozenset(odd), frozenset(zero))
    return frozenset((("nonnegative", found),)) if odd else NONE
