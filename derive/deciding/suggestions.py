"""The nearest true statement: what was probably meant by a wrong one.

The single slips of a statement (`derive.slips`) are its neighbours. Each is looked at in a few worlds that were built
once, and what holds there is decided like any claim: only what is proved is suggested.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from sympy import Add, Basic, Mul, Pow

from derive import algebra
from derive.clock import OutOfTime, tick, within
from derive.deciding.distinct import distinct, names_lost
from derive.deciding.screening import Screen
from derive.deciding.statements import decide_statement
from derive.errors import DeriveError
from derive.grounds.context import Context
from derive.models import Model
from derive.rulebook import Rulebook
from derive.slips import Slip, slips
from derive.terms import (
    Application,
    Chain,
    Equal,
    Normal,
    Relation,
    Statement,
    Variable,
    alpha_equal,
)
from derive.terms.positions import walk
from derive.verdict import Verdict

_SHOWN = 3
_PROVED = 8
"""How many neighbours are proved before the likeliest are shown."""
_DECIDED = 16
"""How many neighbours that no world refutes are decided."""


def suggesting(
    verdict: Verdict, model: Model, rules: Rulebook, *, seed: int = 0, timeout: float | None = None
) -> Verdict:
    """A verdict that looks for the nearest true statements when it is asked for them; of a chain, its links do.

    It looks for `timeout` seconds at most.
    """
    if verdict.status != "refuted" or not isinstance(verdict.statement, Statement):
        return verdict
    links = tuple(
        suggesting(link, model, rules, seed=seed, timeout=timeout)
        for link in (verdict.links if isinstance(verdict.statement, Chain) else ())
    )
    if isinstance(verdict.statement, Chain):
        wrong = next((link for link in links if link.status == "refuted"), None)
        return replace(verdict, links=links, nearby=None if wrong is None else wrong.nearby)
    return replace(verdict, nearby=partial(nearest, verdict.statement, model, rules, seed=seed, timeout=timeout))


def nearest(
    statement: Statement, model: Model, rules: Rulebook, *, seed: int = 0, timeout: float | None = None
) -> tuple[Statement, ...]:
    """The proved statements one slip away from a wrong one, the likeliest first; at most three.

    After `timeout` seconds it is those that were found.
    """
    found: list[Statement] = []
    try:
        with within(timeout):
            _look_around(statement, model, rules, seed, found)
    except OutOfTime:
        pass
    likeliest = sorted(found, key=lambda meant: _strangeness(meant, statement))
    try:
        with within(timeout):
            likeliest = distinct(likeliest, statement, Context.of(model, (), (statement,)).about(statement))
    except OutOfTime:
        pass
    return tuple(likeliest[:_SHOWN])


def _look_around(statement: Statement, model: Model, rules: Rulebook, seed: int, found: list[Statement]) -> None:
    """Add the neighbours that are proved."""
    context = Context.of(model, (), (statement,)).about(statement)
    for decided, slip in enumerate(_possible(statement, context, seed)):
        if decided >= _DECIDED or len(found) >= _PROVED:
            break
        tick()
        try:
            verdict = decide_statement(slip.statement, model, rules, seed=seed)
        except DeriveError:
            continue
        if verdict.status == "proved":
            found.append(slip.statement)


def _strangeness(meant: Statement, written: Statement) -> tuple[int, bool, int, int]:
    """How little it looks like what a hand meant: names lost; the left side changed; other leaves, and more; longer."""
    before, after = _leaves(written), _leaves(meant)
    changed, size = (after - before | before - after).total(), _size(meant)
    left = meant.args[0] != written.args[0]
    return names_lost(meant, written), left, changed + size - _size(written), size


def _size(term: Basic) -> int:
    return sum(1 for _ in walk(term))


def _leaves(term: Basic) -> Counter[Any]:
    """The names and numbers of a term, as often as they stand there."""
    if isinstance(term, Variable) or not term.args:
        return Counter([term])
    return sum(map(_leaves, term.args), Counter())


def _possible(statement: Statement, context: Context, seed: int) -> Iterator[Slip]:
    """The neighbours that hold in a few worlds, those first that algebra shows."""
    screen = Screen((statement,), context, seed=seed)
    later: list[Slip] = []
    neighbours = slips(statement, _known(context.model))
    for slip in sorted(neighbours, key=lambda slip: _strangeness(slip.statement, statement)):
        if _says_nothing(slip.statement):
            continue
        tick()
        held = screen.answer(slip.statement)
        if held is False:
            continue
        if _algebra(slip.statement, context):
            yield slip
        elif held:
            later.append(slip)
    yield from later


def _known(model: Model) -> tuple[Basic, ...]:
    """The names that the model speaks of, as its statements have them."""
    found: dict[Basic, None] = {}
    for statement in model.statements:
        for _, node in walk(statement):
            if isinstance(node, (Variable, Application)):
                found[node] = None
    return tuple(found)


def _says_nothing(statement: Basic) -> bool:
    """Whether a relation is between a name or a single node and itself, between numbers, or x ≤ x."""
    if not isinstance(statement, Relation):
        return False
    lhs, rhs = statement.lhs, statement.rhs
    if not (lhs.free_symbols or rhs.free_symbols):
        return True
    written_out = isinstance(statement, Equal) and isinstance(lhs, (Add, Mul, Pow, Normal))
    return not written_out and alpha_equal(lhs, rhs)


def _algebra(statement: Basic, context: Context) -> bool:
    """Whether algebra shows that an equation holds."""
    if not isinstance(statement, Equal):
        return False
    try:
        return algebra.decide(
            statement.lhs, statement.rhs, context.algebra_facts(statement.lhs, statement.rhs)
        ).status == "equal"  # fmt: skip
    except DeriveError:
        return False
