"""What is proposed for the rules about divergences: the last term of a sum, the factors that vary, the field itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Add, Mul

from derive.context import Context
from derive.rulebook import Abstraction
from derive.terms import Divergence, is_scalar, mentions, sort_of

__all__ = ["last_field", "multiple_of_a_field", "steady_field", "varying_factors"]


def _at_itself(node: Divergence) -> bool:
    return bool(node.point == node.variable)


def _varies(term: Any, node: Divergence, where: Context) -> bool:
    return mentions(term, node.variable, where.facts) is not False


def steady_field(node: Any, where: Context) -> Iterator[dict[str, Any]]:
    """∇·c, where c does not vary."""
    if _at_itself(node) and not _varies(node.body, node, where) and sort_of(node.body).kind == "vector":
        yield {"x": node.variable, "c": node.body}


def last_field(node: Any, where: Context) -> Iterator[dict[str, Any]]:
    """∇·(f + g): g is the last term."""
    terms = Add.make_args(node.body)
    if _at_itself(node) and len(terms) > 1:
        f, g = (Abstraction(node.bound, part) for part in (Add(*terms[:-1]), terms[-1]))
        yield {"x": node.variable, "f": f, "g": g}


def multiple_of_a_field(node: Any, where: Context) -> Iterator[dict[str, Any]]:
    """∇·(a f): a is all the factors that do not vary."""
    factors = Mul.make_args(node.body)
    fixed = [factor for factor in factors if is_scalar(factor) and not _varies(factor, node, where)]
    if _at_itself(node) and fixed and len(fixed) < len(factors):
        rest = Mul(*(factor for factor in factors if factor not in fixed))
        yield {"x": node.variable, "a": Mul(*fixed), "f": Abstraction(node.bound, rest)}


def varying_factors(node: Any, where: Context) -> Iterator[dict[str, Any]]:
    """∇·(f g): f is all the numbers among the factors, g the field."""
    factors = Mul.make_args(node.body)
    numbers = [factor for factor in factors if is_scalar(factor)]
    if _at_itself(node) and numbers and len(numbers) < len(factors):
        rest = Mul(*(factor for factor in factors if factor not in numbers))
        f, g = Abstraction(node.bound, Mul(*numbers)), Abstraction(node.bound, rest)
        yield {"x": node.variable, "f": f, "g": g}
