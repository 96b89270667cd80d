"""Conditions that are no relation between terms: existence, exchange of limits, measures, almost sure statements.

They are what a rule asks for beside equations and inequalities. Each is a statement of its own kind, so that whoever
decides conditions dispatches on the type, and what is not decided is carried as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Basic, Symbol, Tuple, default_sort_key

from derive.errors import SortError
from derive.terms.names import Run, Variable, sympify_term
from derive.terms.operators import Divergence, Gradient, _bound_points
from derive.terms.statements import Statement


def _points(items: Any) -> Tuple:
    points = tuple(items) if isinstance(items, (tuple, list, Tuple)) else (items,)
    for point in points:
        if not isinstance(point, (Variable, Symbol, Run)):
            raise SortError(f"variables were expected, not a {type(point).__name__}")
    return Tuple(*points)


class Exists(Statement):
    """The term has a value: its integral converges absolutely, its derivative exists, its density is conditioned on
    something of positive density."""

    def __new__(cls, term: Any) -> Exists:
        return Basic.__new__(cls, sympify_term(term))

    @property
    def term(self) -> Any:
        return self.args[0]


class Exchanges(Statement):
    """In ∇ E[f], ∇ ∫ f or ∇·∫ f the derivative may be taken inside, and what stands inside then exists."""

    def __new__(cls, term: Any) -> Exchanges:
        if not isinstance(term, (Divergence, Gradient)):
            raise SortError("a derivative of an expectation or integral was expected")
        return Basic.__new__(cls, term)

    @property
    def term(self) -> Any:
        return self.args[0]


class _Curved(Statement):
    def __new__(cls, body: Any, variable: Any) -> _Curved:
        return Basic.__new__(cls, sympify_term(body), _points(variable)[0])

    @property
    def body(self) -> Any:
        return self.args[0]

    @property
    def bound(self) -> tuple[Basic, ...]:
        return (self.args[1],)


class Convex(_Curved):
    """The body is a convex function of the variable, which is bound."""


class Concave(_Curved):
    """The body is a concave function of the variable, which is bound."""


class ForEvery(Statement):
    """The statement holds for all values of the variables, which are bound; of a measure it says nothing more."""

    def __new__(cls, statement: Statement, variables: Any) -> Statement:  # type: ignore[misc]
        if isinstance(statement, _OfVariables):
            return statement
        return Basic.__new__(cls, statement, _points(variables))

    @property
    def statement(self) -> Statement:
        return self.args[0]  # type: ignore[no-any-return]

    @property
    def bound(self) -> tuple[Basic, ...]:
        return tuple(self.args[1])


class AlmostSurely(Statement):
    """The statement holds with probability one under the measure, whose points are bound in it."""

    def __new__(cls, statement: Statement, measure: Any) -> AlmostSurely:
        _bound_points(measure)
        return Basic.__new__(cls, statement, measure)

    @property
    def statement(self) -> Statement:
        return self.args[0]  # type: ignore[no-any-return]

    @property
    def measure(self) -> Any:
        return self.args[1]

    @property
    def bound(self) -> tuple[Basic, ...]:
        return _bound_points(self.args[1])


class _OfVariables(Statement):
    def __new__(cls, variables: Any) -> _OfVariables:
        return Basic.__new__(cls, Tuple(*sorted(set(_points(variables)), key=default_sort_key)))

    @property
    def variables(self) -> tuple[Basic, ...]:
        return tuple(self.args[0])


class CountingMeasure(_OfVariables):
    """The variables take countably many values: densities are probabilities and integrals sums."""


class LebesgueMeasure(_OfVariables):
    """The variables range over R^d with Lebesgue measure: integrals are integrals."""


class AlmostEverywhere(_OfVariables):
    """The equation holds for almost every value of the variables, and may be used below their integral only."""


class Disjoint(Statement):
    """Two sets of variables have no variable in common."""

    def __new__(cls, left: Iterable[Any], right: Iterable[Any]) -> Disjoint:
        sides = [Tuple(*sorted(set(_points(tuple(side))), key=default_sort_key)) for side in (left, right)]
        return Basic.__new__(cls, *sorted(sides, key=default_sort_key))

    @property
    def left(self) -> tuple[Basic, ...]:
        return tuple(self.args[0])

    @property
    def right(self) -> tuple[Basic, ...]:
        return tuple(self.args[1])


__all__ = ["Exists", "Exchanges", "Convex", "Concave", "ForEvery", "AlmostSurely", "CountingMeasure",
           "LebesgueMeasure", "AlmostEverywhere", "Disjoint"]  # fmt: skip
