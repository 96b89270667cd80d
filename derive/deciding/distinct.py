"""Which of some true statements say something else: of those that one hand would write for another, the likeliest.

`2 KL = x` beside `KL = x/2`, `log a − log b` beside `log(a/b)` are one suggestion; so is what lost a name that others
kept, as KL(p ‖ p) = 0 is beside a formula for KL(p ‖ q).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sympy import Basic, Mul, Pow

from derive import algebra
from derive.errors import DeriveError
from derive.grounds.context import Context
from derive.terms import Equal, Label, Statement, free_variables, is_scalar
from derive.terms.linear import split_scalar

__all__ = ["distinct", "names_lost"]


def distinct(found: Sequence[Statement], written: Statement, context: Context) -> list[Statement]:
    """The statements, the first of those that say the same; they come with the likeliest first."""
    names = [names_lost(meant, written) for meant in found]
    kept: list[Statement] = []
    for meant, lost in zip(found, names, strict=True):
        if lost == min(names) and not any(_same(meant, other, context) for other in kept):
            kept.append(meant)
    return kept


def names_lost(meant: Statement, written: Statement) -> int:
    """How many names of what is written are not there any more: σ_1 where σ_2 alone is left, not a_1 for a_0."""
    return (_names(written) - _names(meant)).total()


def _names(term: Basic) -> Counter[str]:
    """The names of a term, each as often as it has members whose indices are numbers, and once."""
    members = {(str(getattr(item, "name", item)), _fixed(item)) for item in free_variables(term)}
    return Counter(name for name, fixed in members if fixed) | Counter({name: 1 for name, _ in members})


def _fixed(item: Basic) -> tuple[str, ...]:
    indices = getattr(item, "indices", ())
    return tuple(str(index) for index in indices if isinstance(index, Label) or not index.free_symbols)


def _same(one: Statement, other: Statement, context: Context) -> bool:
    """Whether two equations are one, with a side written otherwise or both multiplied by something."""
    if type(one) is not Equal or type(other) is not Equal:
        return False
    if one.lhs == other.lhs:
        return _equal(one.rhs, other.rhs, context)
    if one.rhs == other.rhs:
        return _equal(one.lhs, other.lhs, context)
    for first, second in (((one.lhs, one.rhs), (other.lhs, other.rhs)), ((one.rhs, one.lhs), (other.rhs, other.lhs))):
        ratio = _ratio(first[0], second[0])
        if ratio is not None and _equal(first[1], Mul(ratio, second[1]), context):
            return True
    return False


def _ratio(left: Any, right: Any) -> Any:
    """k of left = k · right, or of right = k⁻¹ · left, where one is the other with factors put in; else None."""
    scalars = is_scalar(left) and is_scalar(right)
    (one, first), (other, second) = ((left, None), (right, None)) if scalars else map(split_scalar, (left, right))
    if first != second:
        return None
    mine, theirs = set(Mul.make_args(one)) - {1}, set(Mul.make_args(other)) - {1}
    if mine < theirs or theirs < mine:
        common = mine & theirs
        return None if scalars and all(factor.is_number for factor in common) else Mul(one, Pow(other, -1))
    return None


def _equal(left: Basic, right: Basic, context: Context) -> bool:
    try:
        return algebra.decide(left, right, context.algebra_facts(left, right)).status == "equal"
    except DeriveError:
        return False
