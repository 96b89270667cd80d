"""Sorts: scalar, vector, matrix, index, event, law, set of variables, list.

Every term has one. A vector knows its dimension and a matrix its two sizes, each a SymPy expression, usually the
symbol d. Zero belongs to every sort.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sympy import Abs, Add, Basic, Expr, Integer, Max, Min, Mul, Pow, Product, Sum, Symbol
from sympy.core.function import Function
from sympy.core.symbol import Str

from derive.errors import SortError
from derive.terms.printing import Printed


class Sort(Printed, Basic):
    """A sort: its kind and, for vectors and matrices, its sizes."""

    def __new__(cls, kind: str | Str, *shape: Any) -> Sort:
        kind = kind if isinstance(kind, Str) else Str(kind)
        return Basic.__new__(cls, kind, *(Integer(size) if isinstance(size, int) else size for size in shape))

    @property
    def kind(self) -> str:
        return str(self.args[0].name)

    @property
    def shape(self) -> tuple[Expr, ...]:
        return tuple(self.args[1:])

    def __str__(self) -> str:
        return f"{self.kind}({', '.join(map(str, self.shape))})" if self.shape else self.kind

    __repr__ = __str__


SCALAR = Sort("scalar")
INDEX = Sort("index")
EVENT = Sort("event")
LAW = Sort("law")
VARIABLES = Sort("variables")
LIST = Sort("list")
STATEMENT = Sort("statement")


def vector(size: Any) -> Sort:
    """The sort of a point of R^size."""
    return Sort("vector", size)


def matrix(rows: Any, columns: Any = None) -> Sort:
    """The sort of a rows × columns matrix; square where one size is given."""
    return Sort("matrix", rows, rows if columns is None else columns)


def is_scalar(term: Any) -> bool:
    """Whether `term` may stand where a number is expected (an index is a number too)."""
    return sort_of(term) in (SCALAR, INDEX)


def sort_of(term: Any) -> Sort:
    """The sort of a term. Raises `SortError` where the sorts of its parts do not fit."""
    own = getattr(term, "sort", None)
    if isinstance(own, Sort):
        return own
    if isinstance(term, Add):
        return _sum_sort(term)
    if isinstance(term, Mul):
        return _product_sort(term)
    if isinstance(term, Pow):
        if not (is_scalar(term.base) and is_scalar(term.exp)):
            raise SortError(f"a {sort_of(term.base)} cannot be raised to a power as a number is")
        return SCALAR
    if isinstance(term, (Sum, Product)):
        return sort_of(term.function)
    if isinstance(term, Symbol) or getattr(term, "is_number", False) or isinstance(term, Abs):
        return SCALAR
    if isinstance(term, (Function, Max, Min)):
        for arg in term.args:
            if not is_scalar(arg):
                raise SortError(f"{type(term).__name__} of a {sort_of(arg)}: a number was expected")
        return SCALAR
    raise SortError(f"no sort is known for {type(term).__name__}")


@lru_cache(maxsize=20_000)
def _sum_sort(term: Add) -> Sort:
    sorts = {SCALAR if sort == INDEX else sort for sort in map(sort_of, term.args)}
    if len(sorts) > 1:
        raise SortError("terms of different sorts are added: " + ", ".join(sorted(map(str, sorts))))
    return sorts.pop()


@lru_cache(maxsize=20_000)
def _product_sort(term: Mul) -> Sort:
    sorts = [sort for sort in map(sort_of, term.args) if sort not in (SCALAR, INDEX)]
    if len(sorts) > 1:
        raise SortError("vectors or matrices are multiplied as if they were numbers")
    return sorts[0] if sorts else SCALAR
