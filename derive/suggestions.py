"""The nearest true statement: what was probably meant by a wrong one.

The single slips of a statement (`derive.slips`) are its neighbours. Each is looked at in a few worlds that were built
once, and what holds there is decided like any claim: only what is proved is suggested.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from sympy import Basic

from derive import algebra
from derive.context import Context
from derive.errors import DeriveError
from derive.models import Model
from derive.rulebook import Rulebook
from derive.screening import Screen
from derive.slips import Slip, slips
from derive.terms import (
    Application,
    Chain,
    Equal,
    Relation,
    Statement,
    Variable,
    alpha_equal,
)
from derive.terms.positions import walk
from derive.verdict import Verdict, decide_statement

_SHOWN = 3
_DECIDED = 12
"""How many neighbours that no world refutes are decided."""


def suggesting(verdict: Verdict, model: Model, rules: Rulebook, *, seed: int = 0) -> Verdict:
    """A verdict that looks for the nearest true statements when it is asked for them; of a chain, its links do."""
    if verdict.status != "refuted" or not isinstance(verdict.statement, Statement):
        return verdict
    links = tuple(
        suggesting(link, model, rules, seed=seed)
        for link in (verdict.links if isinstance(verdict.statement, Chain) else ())
    )
    if isinstance(verdict.statement, Chain):
        wrong = next((link for link in links if link.status == "refuted"), None)
        return replace(verdict, links=links, nearby=None if wrong is None else wrong.nearby)
    return replace(verdict, nearby=partial(nearest, verdict.statement, model, rules, seed=seed))


def nearest(statement: Statement, model: Model, rules: Rulebook, *, seed: int = 0) -> tuple[Statement, ...]:
    """The proved statements one slip away from a wrong one, the likeliest first; at most three."""
    context = Context.of(model, (), (statement,)).about(statement)
    found: list[Statement] = []
    decided = 0
    for slip in _possible(statement, context, seed):
        if decided >= _DECIDED or len(found) >= _SHOWN:
            break
        decided += 1
        try:
            verdict = decide_statement(slip.statement, model, rules, seed=seed)
        except DeriveError:
            continue
        if verdict.status == "proved":
            found.append(slip.statement)
    return tuple(found)


def _possible(statement: Statement, context: Context, seed: int) -> Iterator[Slip]:
    """The neighbours that no point and no world refutes, those that algebra shows first."""
    later: list[Slip] = []
    shown = 0
    for slip in slips(statement, _known(context.model)):
        changed = slip.statement
        if _says_nothing(changed) or _denies_a_given(changed, context):
            continue
        answer = _algebra(changed, context)
        if answer == "equal":
            shown += 1
            yield slip
            if shown >= _SHOWN:
                return
        elif answer is None:
            later.append(slip)
    if not later:
        return
    screen = Screen((statement,), context, seed=seed)
    for slip in later:
        if not screen.refutes(slip.statement):
            yield slip


def _known(model: Model) -> tuple[Basic, ...]:
    """The names that the model speaks of, as its statements have them."""
    found: dict[Basic, None] = {}
    for statement in model.statements:
        for _, node in walk(statement):
            if isinstance(node, (Variable, Application)):
                found[node] = None
    return tuple(found)


def _says_nothing(statement: Basic) -> bool:
    """Whether a relation is between two sides that are the same, or between numbers."""
    if not isinstance(statement, Relation):
        return False
    return alpha_equal(statement.lhs, statement.rhs) or not (statement.lhs.free_symbols or statement.rhs.free_symbols)


def _denies_a_given(statement: Basic, context: Context) -> bool:
    """Whether a statement is one of the givens themselves: that is no news to its author."""
    return any(alpha_equal(statement, given) for given in context.model.assumptions)


def _algebra(statement: Basic, context: Context) -> str | None:
    """ "equal", "different", or None where algebra alone does not say."""
    if not isinstance(statement, Equal):
        return None
    try:
        answer = algebra.decide(statement.lhs, statement.rhs, context.algebra_facts(statement.lhs, statement.rhs))
    except DeriveError:
        return None
    return answer.status if answer.status in ("equal", "different") else None
