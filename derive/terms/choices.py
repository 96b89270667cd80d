"""Values that are chosen: by cases, as the greatest or least over a variable, as a limit.

An optimum and a limit bind their variables. What is chosen among is all values of the variable, or those of a named
set or range; whether the optimum is taken is not said by the term.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Basic, Expr, Symbol, Tuple

from derive.errors import SortError
from derive.terms.names import Label, Variable, sympify_term
from derive.terms.printing import Printed
from derive.terms.sorts import EVENT, LIST, SCALAR, Sort, is_scalar, sort_of


class _Choice(Printed, Expr):
    is_commutative = True


class Cases(_Choice):
    """The value of the first case whose event happens: pairs (value, event), the last perhaps (value,) for "else"."""

    def __new__(cls, *cases: Any) -> Cases:
        rows = [Tuple(*case) for case in cases]
        for place, row in enumerate(rows):
            if len(row) not in (1, 2) or (len(row) == 1 and place < len(rows) - 1):
                raise SortError("a case is a value and its condition; only the last may be without one")
            if len(row) == 2 and sort_of(row[1]) != EVENT:
                raise SortError(f"the condition of a case is an event, not a {sort_of(row[1])}")
        sorts = {SCALAR if is_scalar(row[0]) else sort_of(row[0]) for row in rows if row[0] != 0}
        if len(sorts) > 1:
            raise SortError("the values of the cases are of different sorts: " + ", ".join(sorted(map(str, sorts))))
        return Expr.__new__(cls, *rows)

    @property
    def cases(self) -> tuple[Tuple, ...]:
        return tuple(self.args)

    @property
    def sort(self) -> Sort:
        return next((sort_of(case[0]) for case in self.args if case[0] != 0), SCALAR)


class _Optimum(_Choice):
    """`body` over `variables`, which are bound; `region` is a named set or a pair of limits, or left out."""

    def __new__(cls, body: Any, variables: Iterable[Any], region: Any = None) -> _Optimum:
        bound = Tuple(*variables)
        for variable in bound:
            if not isinstance(variable, (Variable, Symbol)):
                raise SortError("an optimum is over variables")
        region = Tuple(*region) if isinstance(region, tuple) else region
        if region is not None and not isinstance(region, (Label, Tuple)):
            raise SortError("an optimum is over a set with a name or a range")
        body = sympify_term(body)
        if not is_scalar(body):
            raise SortError(f"the greatest or least of a {sort_of(body)}: a number was expected")
        return Expr.__new__(cls, body, bound, *(() if region is None else (region,)))

    @property
    def body(self) -> Expr:
        return self.args[0]

    @property
    def bound(self) -> tuple[Basic, ...]:
        return tuple(self.args[1])

    @property
    def region(self) -> Any:
        return self.args[2] if len(self.args) > 2 else None

    @property
    def sort(self) -> Sort:
        return SCALAR


class Maximum(_Optimum):
    r"""`\max_x f(x)`."""


class Minimum(_Optimum):
    r"""`\min_x f(x)`."""


class Supremum(_Optimum):
    r"""`\sup_x f(x)`."""


class Infimum(_Optimum):
    r"""`\inf_x f(x)`."""


class _Argument(_Optimum):
    @property
    def sort(self) -> Sort:
        return sort_of(self.args[1][0]) if len(self.args[1]) == 1 else LIST


class ArgMax(_Argument):
    r"""`\arg\max_x f(x)`: where f is greatest."""


class ArgMin(_Argument):
    r"""`\arg\min_x f(x)`: where f is least."""


class Limit(_Choice):
    r"""`\lim_{x \to a} f(x)`: binds x."""

    def __new__(cls, body: Any, variable: Any, point: Any) -> Limit:
        if not isinstance(variable, (Variable, Symbol)):
            raise SortError("a limit is in a variable")
        return Expr.__new__(cls, sympify_term(body), variable, sympify_term(point))

    @property
    def body(self) -> Expr:
        return self.args[0]

    @property
    def bound(self) -> tuple[Basic, ...]:
        return (self.args[1],)

    @property
    def point(self) -> Expr:
        return self.args[2]

    @property
    def sort(self) -> Sort:
        return sort_of(self.args[0])


OPTIMA = (Maximum, Minimum, Supremum, Infimum, ArgMax, ArgMin)

__all__ = ["ArgMax", "ArgMin", "Cases", "Infimum", "Limit", "Maximum", "Minimum", "OPTIMA", "Supremum"]
