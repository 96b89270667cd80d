"""What a claim leaves unsaid, and how it is read: its laws, what varies below a mean, for which indices it is meant.

Whatever is read into a claim is said: the verdict has it in `.read_as`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sympy import Basic, Product, Sum, Symbol

from derive.deciding.determined import naming
from derive.grounds.context import Context, apart, as_relations, densities_of
from derive.latex import unicode_text
from derive.models import Model
from derive.models.factorization import is_size
from derive.models.model import indices_in
from derive.search.drawn_points import with_the_laws_of_points
from derive.search.information import as_information
from derive.search.noise import with_its_noise
from derive.search.one_time import at_one_time
from derive.search.unnamed import as_drawn, by_its_letter, in_its_chain, over_what_varies, under_its_law, with_values
from derive.search.written_out import in_its_variables
from derive.terms import GreaterEqual, Relation, Run, Statement, Variable
from derive.terms.binding import NO_FACTS
from derive.terms.indices import IndexFacts, facts_of
from derive.terms.positions import walk

__all__ = ["as_meant"]


def as_meant(statement: Relation, model: Model) -> tuple[Any, Context, tuple[str, ...]]:
    """The statement as it is read, the context for the indices that it is meant for, and lines that say both."""
    statement, model, early = at_one_time(statement, with_values(statement, model))
    model, drawn = with_the_laws_of_points(statement, model)
    statement, read = _under_its_laws(statement, model)
    read = (*early, *drawn, *read)
    context = Context.of(model, (), (statement,)).about(statement, *naming(statement, model))
    distinct = _apart(statement, context.facts)
    read += _said("for {}, where no density has a variable on both sides of its bar", distinct)
    alone = [part for part in model.statements if len(part.free_symbols) == 1]
    said = facts_of(alone, model.indices | indices_in((statement,)))
    lengths = [
        row for row in _lengths((statement, *model.statements))
        if context.facts.nonnegative(row) is not True and said.nonnegative(row + 1) is not True  # T ≥ 0 as is given
    ]
    read += _said("for {}", [row for row in lengths if row in _lengths((statement,))])
    return statement, replace(context, facts=context.facts.known(*distinct, *lengths)), read


def _apart(statement: Statement, facts: IndexFacts) -> list[Any]:
    """What the indices of a claim's densities have to be for no variable to stand on both sides of a bar."""
    rows: list[Any] = []
    for density in sorted(densities_of(statement), key=str):
        rows += [row for row in apart(density, facts.known(*rows)) if facts.nonnegative(row) is not True]
    return rows


def _said(note: str, rows: Iterable[Any]) -> tuple[str, ...]:
    """A note on what is known of indices: none where nothing is."""
    ranges = [GreaterEqual(bound.rhs, bound.lhs) for bound in as_relations(NO_FACTS.known(*rows))]
    return (note.format(", ".join(map(unicode_text, ranges))),) if ranges else ()


def _under_its_laws(statement: Relation, model: Model) -> tuple[Any, tuple[str, ...]]:
    """The statement with what its text leaves unsaid of its laws, and lines that say what was understood."""
    found: Any = statement
    read: tuple[str, ...] = ()
    for said in (
        as_information, over_what_varies, in_its_variables, with_its_noise, as_drawn, by_its_letter, under_its_law,
        in_its_chain,
    ):  # fmt: skip
        found, notes = said(found, model)
        read += notes
    return found, read


def _lengths(terms: Sequence[Basic]) -> list[Any]:
    """T ≥ 1 where x_{1:T} or a sum up to T is written: what is written over a whole family is over some of it.

    So for the n of a sum over a sample x_1, …, x_n, where n is nowhere an index itself.
    """
    found = []
    nodes = [node for term in terms for _, node in walk(term)]
    places = {symbol for node in nodes if isinstance(node, Variable) for symbol in node.free_symbols}
    for node in nodes:
        if isinstance(node, Run) and isinstance(node.upper, Symbol) and is_size(node.upper):
            found.append(node.upper - node.lower)
        elif isinstance(node, (Sum, Product)):
            ends = ((limit[1], limit[2]) for limit in node.limits if len(limit) == 3 and limit[1].is_Integer)
            sampled = any(isinstance(part, Variable) and part.indices for _, part in walk(node.function))
            found += [
                upper - 1 for lower, upper in ends
                if isinstance(upper, Symbol) and (is_size(upper) or (lower == 1 and upper not in places and sampled))
            ]  # fmt: skip
    return found
