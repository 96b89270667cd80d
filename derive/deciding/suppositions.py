"""What would make a claim true: an independence of its variables, a tie of its quantities, a sign, a range.

Each supposition is tried like any given: it is reported where the claim is proved under it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import chain, combinations
from typing import Any

from derive.balls import NotDefined
from derive.clock import OutOfTime, part, tick, within
from derive.deciding.statements import decide_statement
from derive.errors import DeriveError
from derive.models import Line, Model
from derive.rulebook import Rulebook
from derive.search.assumptions import candidates, ranges, supports
from derive.terms import Chain, Density, Expectation, Independent, Probability, Statement, Variable, Variance, walk
from derive.terms.binding import overlap
from derive.terms.statements import Relation
from derive.verdict import Verdict

__all__ = ["supposing"]

_MOST_NAMES = 4
_MOST_TRIED = 16
_ALL, _EACH = 0.6, 0.3
"""What part of the time for an answer goes to all suppositions, and of what is left of that to each."""


def supposing(
    verdict: Verdict, model: Model, rules: Rulebook, *, seed: int = 0, timeout: float | None = None
) -> Verdict:
    """A verdict that looks for an assumption under which its claim is proved when it is asked for `.missing`.

    Of a claim that is not decided only index ranges and supports are tried: what fails at t = 1 alone, or where a
    density is zero, is often not refuted. Of a chain it is the assumption of its first wrong link.
    """
    if verdict.status == "proved" or verdict.needs:
        return verdict
    if isinstance(verdict.statement, Chain):
        links = tuple(supposing(link, model, rules, seed=seed, timeout=timeout) for link in verdict.links)
        wrong = next((link for link in links if link.status == verdict.status), None)
        return replace(verdict, links=links, supposed=None if wrong is None else wrong.supposed)
    if not isinstance(verdict.statement, Relation):
        return verdict
    refuted = verdict.status == "refuted"
    return replace(verdict, supposed=partial(_assumption, verdict.statement, refuted, model, rules, seed, timeout))


def _assumption(
    statement: Relation, refuted: bool, model: Model, rules: Rulebook, seed: int, timeout: float | None
) -> tuple[Statement, ...]:
    """The first assumption of a known kind under which a statement is proved; empty where the time is over before."""
    try:
        with within(None if timeout is None else _ALL * timeout):
            found = _needed(statement, refuted, model, rules, seed)
    except OutOfTime:
        return ()
    return () if found is None else (found,)


def _needed(statement: Relation, refuted: bool, model: Model, rules: Rulebook, seed: int) -> Statement | None:
    """The first supposition under which a statement is proved."""
    likely = (_suppositions(statement), candidates(statement, model))
    tries = chain(*(likely if refuted else (ranges(statement, model), supports(statement))))
    for number, supposed in enumerate(tries):
        if number >= _MOST_TRIED:
            break
        tick()
        try:
            brief = not _of_laws(supposed)  # what an independence or a support gives takes a rule
            with part(_EACH):
                found = decide_statement(statement, model.with_lines([Line(supposed)]), rules, seed=seed, brief=brief)
        except (DeriveError, NotDefined):
            continue
        if found.status == "proved":
            return supposed
    return None


def _of_laws(supposed: Statement) -> bool:
    """Whether a supposition is about laws, and not about numbers."""
    return isinstance(supposed, Independent) or isinstance(supposed.args[0], Density)


def _suppositions(statement: Statement) -> Iterator[Independent]:
    """Two variables independent given all the others that the claim speaks of, and given nothing."""
    names = _random_names(statement)
    if not 2 <= len(names) <= _MOST_NAMES:
        return
    pairs = [pair for pair in combinations(names, 2) if overlap(*pair) is False]
    for left, right in pairs:
        others = [item for item in names if item not in (left, right)]
        yield Independent((left,), (right,), others)
    for left, right in pairs:
        if len(names) > 2:
            yield Independent((left,), (right,))


def _random_names(statement: Statement) -> list[Any]:
    """The variables of the densities, probabilities and averages of a statement."""
    found: dict[Any, None] = {}
    for _, node in walk(statement):
        if isinstance(node, Density):
            found |= dict.fromkeys(variable for variable, _ in (*node.targets, *node.givens))
        elif isinstance(node, Probability):
            found |= dict.fromkeys(item for _, item in walk(node) if isinstance(item, Variable))
        elif isinstance(node, (Expectation, Variance)) and isinstance(node.measure, Density):
            found |= dict.fromkeys(variable for variable, _ in node.measure.targets)
    return sorted(found, key=str)
