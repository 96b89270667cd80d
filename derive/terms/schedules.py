"""A schedule that is differentiated in its time is a function of it: α_t below ∂/∂t, as α(t)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Basic, Symbol

from derive.terms.names import Application, Variable
from derive.terms.operators import Gradient
from derive.terms.positions import walk
from derive.terms.rewriting import mapped
from derive.terms.sorts import SCALAR, Sort, is_scalar

__all__ = ["as_functions", "schedules_in"]


def schedules_in(term: Basic) -> frozenset[str]:
    """The names of the scalars with one index that stand below a derivative in that index."""
    return frozenset(
        item.name
        for _, node in walk(term) if isinstance(node, Gradient) and isinstance(node.variable, Symbol)
        for _, item in walk(node)
        if isinstance(item, Variable) and is_scalar(item) and item.indices == (node.variable,)
    )  # fmt: skip


def as_functions(term: Any, names: Iterable[str]) -> Any:
    """The term with these schedules as functions of their index."""
    if isinstance(term, Variable) and term.name in names and len(term.indices) == 1:
        return Application(term.name, SCALAR, (), *term.indices)
    return term if isinstance(term, Sort) else mapped(term, lambda part: as_functions(part, names))
