"""What is decided at sight: by exact algebra or by signs, as a statement stands or with its laws written out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from sympy import Basic, Product, Sum, Symbol

from derive import algebra
from derive.errors import DeriveError
from derive.grounds.conditions import decide
from derive.grounds.context import Context
from derive.models import Model
from derive.tactics.rewrite import law_steps
from derive.terms import (
    Application,
    Density,
    Equal,
    GreaterEqual,
    LessEqual,
    Relation,
    Statement,
    Variable,
    alpha_equal,
    is_scalar,
    substitute,
)
from derive.terms.positions import walk
from derive.terms.statements import Greater, Less, Unequal
from derive.verdict import Verdict


def at_sight(statement: Relation, context: Context) -> Verdict | None:
    """By exact algebra or by signs, as it stands or with the model's laws written out."""
    if isinstance(statement, Equal):
        return _equation(statement, context)
    bounds = isinstance(statement, (Less, LessEqual, Greater, GreaterEqual, Unequal))
    if bounds and is_scalar(statement.args[0]) and is_scalar(statement.args[1]):
        found = decide(statement, context)
        return Verdict("proved", (found.how,)) if found.answer is True else None
    return None


def _equation(statement: Equal, context: Context) -> Verdict | None:
    lhs, rhs = statement.lhs, statement.rhs
    if alpha_equal(lhs, rhs):
        return Verdict("proved", ("reflexivity",))
    direct = _algebra(lhs, rhs, context, ())
    if direct is not None:
        return direct
    left, right = _expanded(lhs, context), _expanded(rhs, context)
    if (left, right) != ((lhs, ()), (rhs, ())):
        names = tuple(dict.fromkeys((*left[1], *right[1])))
        found = _algebra(left[0], right[0], context, names)
        if found is not None and found.status == "proved":
            return found
    return None


def _algebra(lhs: Basic, rhs: Basic, context: Context, names: tuple[str, ...]) -> Verdict | None:
    answer = algebra.decide(lhs, rhs, context.algebra_facts(lhs, rhs))
    if answer.status == "equal":
        used = (*names, "algebra" if answer.exact else f"algebra ({answer.method})")
        missing = tuple(condition for condition in answer.provided if open_range(condition, context))
        kept = tuple(condition for condition in answer.provided if condition not in missing)
        return Verdict("unknown" if missing else "proved", used, kept, needs=missing)
    if answer.status == "different" and not names and _free(context, (lhs, rhs)):
        ranged = not context.indices.isdisjoint(lhs.free_symbols | rhs.free_symbols)
        if ranged and not _in_range(context, answer.witness or {}):
            return None
        return Verdict("refuted", shown=partial(witness_of, answer))
    return None


def witness_of(answer: algebra.Answer) -> dict[str, Any]:
    """The point at which two sides differ, and their values there."""
    point = {str(name): str(value) for name, value in (answer.witness or {}).items()}
    return {"point": point, "lhs": answer.lhs, "rhs": answer.rhs}


def open_range(condition: Statement, context: Context) -> bool:
    """Whether a condition is an index range that is not known to hold, not even of all natural numbers."""
    spoken = condition.free_symbols
    if not isinstance(condition, Relation) or not spoken or not spoken <= context.indices:
        return False
    natural = replace(context, facts=context.facts.known(*spoken))
    return not isinstance(condition, Unequal) and decide(condition, natural).answer is not True


def _free(context: Context, sides: tuple[Basic, ...]) -> bool:
    """Whether a point for the names of two sides is a point of the model: no law and no other index ties them.

    Of ᾱ_t and ᾱ_{t−1} as two numbers nothing is refuted: only a world has all values of a recursion; nor of a sum over
    a family of which something is given at every index.
    """
    given = {name.name for part in context.model.assumptions for name in _indexed(part)}
    if any(name.name in given for side in sides for over in _ranged(side) for name in _indexed(over)):
        return False
    spoken = _names((*sides, *context.algebra_facts(*sides)))
    tied = (name for part in context.model.assumptions if _ties(part) for name in _indexed(part))
    return not _determined(context.model) & _names(sides) and not any(name.name in spoken for name in tied)


def _in_range(context: Context, point: Mapping[Any, Any]) -> bool:
    """Whether the indices of a point are such as are given: s ≤ t, t ≠ 2."""
    values = {name: point[name] for name in context.indices if name in point}
    facts = context.facts.known(*(sign * (name - value) for name, value in values.items() for sign in (1, -1)))
    apart = (part for part in context.model.bounds if isinstance(part, Unequal) and part.free_symbols <= set(values))
    return facts.consistent and all(substitute(part.lhs - part.rhs, values) != 0 for part in apart)


def _ranged(side: Basic) -> list[Basic]:
    """The sums and products over an index in a side."""
    return [node for _, node in walk(side) if isinstance(node, (Sum, Product))]


def _ties(statement: Statement) -> bool:
    """Whether a statement relates values at several indices, or speaks of a sum or product over an index."""
    places = {name.indices for name in _indexed(statement)}
    return len(places) > 1 or any(isinstance(node, (Sum, Product)) for _, node in walk(statement))


def _indexed(statement: Basic) -> list[Variable]:
    """The indexed scalars of a statement."""
    nodes = [node for _, node in walk(statement)]
    return [node for node in nodes if isinstance(node, Variable) and node.indices and is_scalar(node)]


def _determined(model: Model) -> set[str]:
    """The names that a law gives to what other laws determine: μ̃, β̃ of a posterior stated beside its kernel.

    They are no free parameters: a point at which they take other values satisfies no such model.
    """
    named: set[str] = set(_names(claim.rhs for claim in model.claims))
    for law in model.laws:
        others = [other for other in model.laws if other.lhs.law.name == law.lhs.law.name]
        if model.factorization(law.lhs.law) is None and len(others) > 1:
            named |= _names((law.rhs,))
    defined = {*_names(part.lhs for part in model.definitions), *(str(entry.head.name) for entry in model.recursions)}
    return named - defined


def _names(terms: Iterable[Basic]) -> set[str]:
    """The names of scalars, matrices and functions in some terms."""
    found = set()
    for term in terms:
        for _, node in walk(term):
            if isinstance(node, (Application, Symbol)) or (isinstance(node, Variable) and node.sort.kind != "vector"):
                found.add(str(node.name))
    return found


def _expanded(term: Basic, context: Context) -> tuple[Basic, tuple[str, ...]]:
    """The term with the model's laws written out."""
    if not context.model.laws or not any(isinstance(node, Density) for _, node in walk(term)):
        return term, ()
    try:
        steps = law_steps(term, context)
    except DeriveError:
        return term, ()
    if any(step.obligations for step in steps):
        return term, ()
    return steps[-1].after, ("law",)
