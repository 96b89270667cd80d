"""Coefficients: a term as slope · variable + offset, read off its structure."""

from __future__ import annotations

from sympy import Add, Basic, Mul

from derive.terms import IndexFacts, is_scalar, mentions
from derive.terms.binding import NO_FACTS


def coefficient(term: Basic, variable: Basic, facts: IndexFacts = NO_FACTS) -> tuple[Basic, Basic] | None:
    """(a, b) with term = a·variable + b, a and b without the variable; None where the term is not of this form.

    Products of a scalar and a sum of vectors are multiplied out as far as the variable reaches.
    """
    slopes: list[Basic] = []
    offsets: list[Basic] = []
    for part in Add.make_args(term):
        if mentions(part, variable, facts) is False:
            offsets.append(part)
            continue
        factors = Mul.make_args(part)
        carrying = [factor for factor in factors if mentions(factor, variable, facts) is not False]
        rest = Mul(*(factor for factor in factors if factor not in carrying))
        if len(carrying) != 1 or (not is_scalar(variable) and not is_scalar(rest)):
            return None
        if carrying[0] == variable:
            slopes.append(rest)
        elif isinstance(carrying[0], Add):
            inner = coefficient(carrying[0], variable, facts)
            if inner is None:
                return None
            slopes.append(Mul(rest, inner[0]))
            offsets.append(Mul(rest, inner[1]))
        else:
            return None
    return Add(*slopes), Add(*offsets)
