"""d = 3, T = 2, t = 1, s = t − 1: an index or a size that is given, in what is said of it.

A size is one number throughout, so that it has its value in every line. An index of the model's lines stands for every
value, and only the claim's own is given: so it is in what is said of it alone, t ≥ 2, or of a point with its one noise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sympy import Basic, Product, Sum, Symbol

from derive.errors import DeriveError
from derive.latex import unicode_text
from derive.models import Model, compile_model
from derive.models.factorization import is_size
from derive.models.model import Line, indices_in
from derive.terms import Equal, Relation, Sort, Statement, Variable, substitute
from derive.terms.indices import linear
from derive.terms.noise import meant_here, with_a_noise
from derive.terms.positions import walk

__all__ = ["at_given_sizes"]


def at_given_sizes(statement: Statement, model: Model) -> tuple[Any, Model, dict[Basic, Any]]:
    """The claim and the model with the values of indices and sizes that are given, and these values."""
    spoken = (statement, *model.statements)
    dimensions = frozenset(_dimensions(spoken))
    indices = (model.indices | indices_in((statement,))) - model.times
    values: dict[Basic, Any] = {}
    for line in model.lines:
        equation = line.statement
        head = equation.lhs if isinstance(equation, Equal) else None
        if not isinstance(head, Symbol) or head in values or not (head in dimensions or head in indices):
            continue
        value = substitute(equation.rhs, values)
        if _counts(value, indices | dimensions, head):
            values = {name: substitute(known, {head: value}) for name, known in values.items()} | {head: value}
    if not values:
        return statement, model, values
    everywhere = {name: value for name, value in values.items() if _is_one_number(name, dimensions, spoken)}
    counting = dimensions | indices

    def said(line: Line) -> Any:
        relation = line.statement
        own = isinstance(relation, Relation) and relation.free_symbols <= counting
        particular = isinstance(relation, Equal) and (with_a_noise(relation) or meant_here(relation))
        return substitute(relation, values if own or particular else everywhere)

    try:
        lines = [Line(said(line), line.text, line.line) for line in model.lines]
        there = compile_model(
            lines, name=model.name, file=model.file, declarations=model.declarations, title=model.title,
            goals=model.goals, times=model.times,
        )  # fmt: skip
        return substitute(statement, values), there, values
    except DeriveError:
        return statement, model, {}


def note_on(values: dict[Basic, Any]) -> tuple[str, ...]:
    """What is read: for d = 3."""
    shown = ", ".join(unicode_text(Equal(name, value)) for name, value in values.items())
    return (f"for {shown}",) if values else ()


def _dimensions(terms: Iterable[Basic]) -> Iterator[Basic]:
    """The symbols that are sizes of vectors and matrices."""
    for term in terms:
        for _, node in walk(term):
            sort = getattr(node, "sort", None)
            if isinstance(sort, Sort):
                yield from sort.free_symbols


def _counts(value: Any, names: frozenset[Any], head: Basic) -> bool:
    """Whether a value is a whole number, or a sum of such and of other indices and sizes."""
    form = linear(value)
    return form is not None and head not in form[0] and set(form[0]) <= names and all(
        number == int(number) for number in (form[1], *form[0].values())
    )  # fmt: skip


def _is_one_number(name: Any, dimensions: frozenset[Basic], spoken: Iterable[Basic]) -> bool:
    """Whether a name is the same number in all lines: a dimension, T, the n of a sum over x_1, …, x_n."""
    if name in dimensions or is_size(name):
        return True
    nodes = [node for term in spoken for _, node in walk(term)]
    ends = any(
        isinstance(node, (Sum, Product)) and len(limits) == 3 and limits[2] == name
        for node in nodes for limits in getattr(node, "limits", ())
    )  # fmt: skip
    return ends and not any(isinstance(node, Variable) and name in node.indices for node in nodes)
