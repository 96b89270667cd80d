"""A term as a linear or quadratic form in one of its variables, read off its structure."""

from __future__ import annotations

from sympy import Add, Basic, Mul, Pow, S

from derive.terms.binding import NO_FACTS, mentions
from derive.terms.indices import IndexFacts
from derive.terms.linear import Inner, Norm, squared_norm
from derive.terms.sorts import is_scalar

Quadratic = tuple[Basic, Basic, Basic]


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


def quadratic(term: Basic, variable: Basic, facts: IndexFacts) -> Quadratic | None:
    """(A, B, C) with term = A‖x‖² + ⟨B, x⟩ + C, none of them with x; None where the term is no such quadratic."""
    if mentions(term, variable, facts) is False:
        return S.Zero, S.Zero, term
    if isinstance(term, Add):
        parts = [quadratic(part, variable, facts) for part in term.args]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        return tuple(Add(*column) for column in zip(*known, strict=True))  # type: ignore[return-value]
    if isinstance(term, Mul):
        carrying = [factor for factor in term.args if mentions(factor, variable, facts) is not False]
        rest = Mul(*(factor for factor in term.args if factor not in carrying))
        if len(carrying) == 1:
            inner = quadratic(carrying[0], variable, facts)
            return None if inner is None else tuple(Mul(rest, part) for part in inner)  # type: ignore[return-value]
        if len(carrying) == 2 and is_scalar(variable):
            return _scaled(_product(carrying[0], carrying[1], variable, facts), rest)
        return None
    if isinstance(term, Pow) and term.exp == 2:
        inside = term.base.args[0] if isinstance(term.base, Norm) else term.base
        return _product(inside, inside, variable, facts)
    if isinstance(term, Inner):
        return _product(term.args[0], term.args[1], variable, facts)
    if is_scalar(variable):
        return _line(term, variable, facts)
    return None


def _line(term: Basic, variable: Basic, facts: IndexFacts) -> Quadratic | None:
    parts = coefficient(term, variable, facts)
    return None if parts is None else (S.Zero, *parts)


def _scaled(parts: Quadratic | None, factor: Basic) -> Quadratic | None:
    return None if parts is None else (Mul(factor, parts[0]), Mul(factor, parts[1]), Mul(factor, parts[2]))


def _product(left: Basic, right: Basic, variable: Basic, facts: IndexFacts) -> Quadratic | None:
    """⟨s x + r, s' x + r'⟩."""
    first, second = coefficient(left, variable, facts), coefficient(right, variable, facts)
    if first is None or second is None:
        return None
    (s, r), (u, w) = first, second
    constant = squared_norm(r) if left == right else Inner(r, w)
    return Mul(s, u), Add(Mul(s, w), Mul(u, r)), constant
