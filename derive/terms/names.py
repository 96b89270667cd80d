"""Names: variables, labels, runs of variables, laws.

An index is always an argument, never part of a name: x_{t-1} is `Variable("x", vector(d), t - 1)`. A scalar without
an index is a plain SymPy `Symbol`, so that results are ordinary SymPy expressions.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sympy import Basic, Expr, Integer, Symbol, sympify
from sympy.core.symbol import Str

from derive.terms.printing import Printed
from derive.terms.sorts import LAW, SCALAR, VARIABLES, Sort


def _text(name: Any) -> Str:
    return name if isinstance(name, Str) else Str(name)


def _index(index: Any) -> Basic:
    return Integer(index) if isinstance(index, int) else index


interned: Callable[..., Any] = lru_cache(maxsize=50_000, typed=True)(Basic.__new__)
"""The node of a kind with these arguments: one object for all its occurrences, so that equality is seen at once."""


class Label(Printed, Expr):
    r"""A subscript that is a name and no number: the q of `\mu_q`."""

    is_commutative = True

    def __new__(cls, name: str | Str) -> Label:
        return Expr.__new__(cls, _text(name))

    @property
    def name(self) -> str:
        return str(self.args[0].name)

    @property
    def sort(self) -> Sort:
        return SCALAR


class Variable(Printed, Expr):
    """A point of R^d (or of R, a matrix, an event, a set of variables) under a name with indices."""

    is_commutative = True
    _diff_wrt = True

    def __new__(cls, name: str | Str, sort: Sort, *indices: Any) -> Variable:
        return interned(cls, _text(name), sort, *map(_index, indices))

    @property
    def name(self) -> str:
        return str(self.args[0].name)

    @property
    def sort(self) -> Sort:
        return self.args[1]  # type: ignore[no-any-return]

    @property
    def indices(self) -> tuple[Expr, ...]:
        return tuple(self.args[2:])

    @property
    def free_symbols(self) -> set[Any]:
        """The variable itself and the symbols of its indices, as SymPy's own tools expect of a symbol."""
        return {self}.union(*(index.free_symbols for index in self.indices))


class Run(Printed, Expr):
    """The variables name_lower … name_upper; well-formed where lower ≤ upper + 1, and empty at equality."""

    is_commutative = True

    def __new__(cls, name: str | Str, sort: Sort, lower: Any, upper: Any) -> Run:
        return interned(cls, _text(name), sort, _index(lower), _index(upper))

    @property
    def name(self) -> str:
        return str(self.args[0].name)

    @property
    def element_sort(self) -> Sort:
        return self.args[1]  # type: ignore[no-any-return]

    @property
    def sort(self) -> Sort:
        return VARIABLES

    @property
    def lower(self) -> Expr:
        return self.args[2]

    @property
    def upper(self) -> Expr:
        return self.args[3]

    def at(self, index: Any) -> Variable:
        """The variable of the run with this index."""
        return Variable(self.name, self.element_sort, index)


class Law(Printed, Basic):
    """The name of a law: q, p_θ, p_t; the unnamed law of E[·] is `Law("")`."""

    def __new__(cls, name: str | Str, *indices: Any) -> Law:
        return interned(cls, _text(name), *map(_index, indices))

    @property
    def name(self) -> str:
        return str(self.args[0].name)

    @property
    def indices(self) -> tuple[Expr, ...]:
        return tuple(self.args[1:])

    @property
    def sort(self) -> Sort:
        return LAW


class Application(Printed, Expr):
    r"""The value of an unknown function: `\mu_\theta(x_t, t)`."""

    is_commutative = True

    def __new__(cls, name: str | Str, sort: Sort, indices: Any, *arguments: Any) -> Application:
        from sympy import Tuple

        return interned(cls, _text(name), sort, Tuple(*map(_index, indices)), *map(sympify_term, arguments))

    @property
    def name(self) -> str:
        return str(self.args[0].name)

    @property
    def sort(self) -> Sort:
        return self.args[1]  # type: ignore[no-any-return]

    @property
    def indices(self) -> tuple[Expr, ...]:
        return tuple(self.args[2])

    @property
    def arguments(self) -> tuple[Expr, ...]:
        return tuple(self.args[3:])


def sympify_term(value: Any) -> Basic:
    """A Python number as a SymPy number; a term as it is. Text is refused: nothing here evaluates text."""
    if isinstance(value, str):
        raise TypeError("a term was expected, not text; read LaTeX with derive.read")
    return value if isinstance(value, Basic) else sympify(value, strict=True)


Point = Variable | Symbol | Run
