"""What is proposed for the rules about divergences: the last term of a sum, the factors that vary, the field itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sympy import Add, Mul

from derive.grounds.context import Context
from derive.rulebook import Abstraction
from derive.search.choices import Choice, free_of, split
from derive.terms import Divergence, is_scalar, sort_of

__all__ = ["FIELDS"]


def _at_itself(node: Divergence) -> bool:
    return bool(node.point == node.variable)


def _steady(node: Divergence, where: Context) -> Iterator[dict[str, Any]]:
    """∇·c, where c does not vary."""
    if _at_itself(node) and free_of(node.body, node.bound, where) and sort_of(node.body).kind == "vector":
        yield {"x": node.variable, "c": node.body}


def _last(node: Divergence, where: Context) -> Iterator[dict[str, Any]]:
    """∇·(f + g): g is the last term."""
    terms = Add.make_args(node.body)
    if _at_itself(node) and len(terms) > 1:
        f, g = (Abstraction(node.bound, part) for part in (Add(*terms[:-1]), terms[-1]))
        yield {"x": node.variable, "f": f, "g": g}


def _multiple(node: Divergence, where: Context) -> Iterator[dict[str, Any]]:
    """∇·(a f): a is all the factors that do not vary."""
    constant, rest = split(node.body, node.bound, where)
    if _at_itself(node) and constant != 1 and rest != 1:
        yield {"x": node.variable, "a": constant, "f": Abstraction(node.bound, rest)}


def _varying(node: Divergence, where: Context) -> Iterator[dict[str, Any]]:
    """∇·(f g): f is all the numbers among the factors, g the field."""
    factors = Mul.make_args(node.body)
    numbers = [factor for factor in factors if is_scalar(factor)]
    if _at_itself(node) and numbers and len(numbers) < len(factors):
        rest = Mul(*(factor for factor in factors if factor not in numbers))
        f, g = Abstraction(node.bound, Mul(*numbers)), Abstraction(node.bound, rest)
        yield {"x": node.variable, "f": f, "g": g}


FIELDS: Mapping[str, Choice] = {
    "steady-field": _steady,
    "last-field": _last,
    "multiple-of-a-field": _multiple,
    "varying-factors": _varying,
}
