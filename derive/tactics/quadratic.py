"""A quadratic exponent in a chosen variable, collected: −a/2 ‖x‖² + bᵀx + c."""

from __future__ import annotations

from typing import Any

from sympy import Add, Basic, Mul, Pow, Rational, S, exp

from derive.conditions import Context
from derive.errors import DerivationError
from derive.kernel import Step, by_algebra
from derive.search.linear import coefficient
from derive.tactics.tidy import tidy
from derive.terms import IndexFacts, Inner, Norm, is_scalar, mentions, squared_norm
from derive.terms.positions import walk

Quadratic = tuple[Basic, Basic, Basic]


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


def collect(term: Basic, variable: Basic, where: Context, vocabulary: tuple[Basic, ...]) -> list[Step]:
    """Write every quadratic exponent in `variable` as −a/2 ‖x‖² + bᵀx + c."""
    for path, node in walk(term):
        if not isinstance(node, exp) or mentions(node, variable, where.facts) is False:
            continue
        parts = quadratic(node.args[0], variable, where.facts)
        if parts is None:
            continue
        square, line, rest = parts
        precision = tidy(Mul(-2, square), where, vocabulary)
        new: Any = exp(
            Add(
                Mul(Rational(-1, 2), precision, squared_norm(variable)),
                Inner(tidy(line, where, vocabulary), variable),
                tidy(rest, where, vocabulary),
            )
        )
        if new == node:
            continue
        return [by_algebra(term, path, new, where)]
    raise DerivationError(f"there is no exponential of a quadratic in {variable} to collect")
