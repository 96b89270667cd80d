"""The part of a result that a function computes: a mean, a variance, a side, a weight, a function's argument."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Add, Mul, Symbol

from derive.derivation import Derivation
from derive.errors import InputError
from derive.export.declared import Declared
from derive.latex import unicode_text
from derive.terms import Application, Equal, Expectation, Norm, Normal

__all__ = ["part_of"]


def part_of(declared: Declared, derivation: Derivation) -> tuple[Any, str]:
    """The term that a function computes, and the statement it stands in."""
    result = derivation.result
    right = result.rhs
    if declared.part == "given":
        return _said(declared, derivation)
    if declared.part in ("mean", "variance"):
        if not isinstance(right, Normal):
            raise InputError(f"the right side of {derivation.name} is no Gaussian")
        term = right.mean if declared.part == "mean" else right.variance
        if term is None:
            raise InputError(f"the covariance of {derivation.name} is no multiple of the identity")
        return term, f"The {declared.part} of {unicode_text(result.lhs)}"
    if declared.part == "argument":
        function, term = _argument(right, derivation)
        return term, f"Where {function} is evaluated"
    if declared.part == "weight":
        return _weight(right, derivation), f"What stands before the squared norm in {unicode_text(result.lhs)}"
    term = right if declared.part == "right" else result.lhs
    return term, f"{unicode_text(result.lhs)}, as it was derived"


def _said(declared: Declared, derivation: Derivation) -> tuple[Any, str]:
    """What a hypothesis of the derivation says of a variable."""
    wanted = derivation.read(declared.given)
    for given in derivation.context.given:
        if isinstance(given.statement, Equal) and given.statement.lhs == wanted:
            return given.statement.rhs, f"What {derivation.name} takes {unicode_text(wanted)} to be"
    raise InputError(f"no hypothesis of {derivation.name} gives {declared.given}")


def _argument(right: Any, derivation: Derivation) -> tuple[str, Any]:
    """The name of the one function that stands outermost, and its first argument."""
    found = {(unicode_text(Symbol(node.name)), node.args[3]) for node in _outermost(right) if len(node.args) > 3}
    if len(found) != 1:
        raise InputError(f"the right side of {derivation.name} does not evaluate one function at one point")
    return found.pop()


def _outermost(term: Any) -> Iterable[Any]:
    if isinstance(term, Application):
        yield term
        return
    for part in getattr(term, "args", ()):
        yield from _outermost(part)


def _weight(right: Any, derivation: Derivation) -> Any:
    """The factor of the one squared norm, with what multiplies the sum it stands in."""
    found = list(_weights(right))
    if len(found) != 1:
        raise InputError(f"the right side of {derivation.name} has not one squared norm")
    return found[0]


def _weights(term: Any) -> Iterable[Any]:
    squared = [factor for factor in Mul.make_args(term) if factor.is_Pow and isinstance(factor.base, Norm)]
    if squared:
        yield Mul(*[factor for factor in Mul.make_args(term) if factor not in squared])
        return
    for factor in Mul.make_args(term):
        if isinstance(factor, Expectation):
            others = [other for other in Mul.make_args(term) if other is not factor]
            yield from (Mul(*others, inner) for inner in _weights(factor.args[0]))
        if isinstance(factor, Add):
            others = [other for other in Mul.make_args(term) if other is not factor]
            yield from (Mul(*others, inner) for part in factor.args for inner in _weights(part))
