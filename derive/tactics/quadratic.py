"""A quadratic exponent in a chosen variable, collected: −a/2 ‖x‖² + bᵀx + c."""

from __future__ import annotations

from typing import Any

from sympy import Add, Basic, Mul, Rational, exp

from derive.errors import DerivationError
from derive.grounds.context import Context
from derive.kernel import Step, by_algebra
from derive.tactics.tidy import tidy
from derive.terms import Inner, mentions, squared_norm
from derive.terms.positions import walk
from derive.terms.quadratics import quadratic


def collect(term: Basic, variable: Basic, where: Context, vocabulary: tuple[Basic, ...]) -> list[Step]:
    """Write a product of exponentials that is quadratic in `variable` as one, exp(−a/2 ‖x‖² + bᵀx + c)."""
    for path, node in walk(term):
        factors = [factor for factor in Mul.make_args(node) if isinstance(factor, exp)]
        if not any(mentions(factor, variable, where.at(term, path).facts) is not False for factor in factors):
            continue
        local = where.at(term, path)
        exponent = Add(*(factor.args[0] for factor in factors))
        parts = quadratic(exponent, variable, local.facts)
        if parts is None:
            continue
        square, line, rest = parts
        joined: Any = exp(
            Add(
                Mul(Rational(-1, 2), tidy(Mul(-2, square), local, vocabulary), squared_norm(variable)),
                Inner(tidy(line, local, vocabulary), variable),
                tidy(rest, local, vocabulary),
            )
        )
        new = Mul(*(factor for factor in Mul.make_args(node) if factor not in factors), joined)
        if new != node:
            return [by_algebra(term, path, new, where)]
    raise DerivationError(f"there is no exponential of a quadratic in {variable} to collect")
