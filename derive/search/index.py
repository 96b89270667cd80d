"""The rules by what stands at the head of their sides: only those that can match a term are tried on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sympy import Add, Basic, Mul, Number, Pow, Symbol, Tuple

from derive.clock import paused
from derive.errors import DeriveError
from derive.rulebook import Rule, Rulebook
from derive.terms import (
    Application,
    Density,
    Identity,
    Law,
    Normal,
    Relation,
    Run,
    Sort,
    Variable,
)

_BARE = (Symbol, Variable, Run, Law, Application, Number, Tuple, Sort, Identity)
_LOOSE = (Add, Mul, Pow)


@dataclass(frozen=True)
class Side:
    """One direction of a rule: the pattern that is rewritten, its head, and the kinds of nodes that it must find."""

    rule: Rule
    backward: bool
    head: type
    kinds: frozenset[type]


class RuleIndex:
    """The rewriting directions of a rulebook's identities, found by the head of a term."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._by_head: dict[type, list[Side]] = {}
        for rule in rules:
            for side in _sides(rule):
                self._by_head.setdefault(side.head, []).append(side)

    def matching(self, term: Basic) -> Iterator[Side]:
        """The sides that may match a term: the same head, and no kind of node that the term does not have."""
        kinds = kinds_of(term)
        heads = (type(term), Density) if isinstance(term, Normal) else (type(term),)
        for head in heads:
            for side in self._by_head.get(head, ()):
                if side.kinds <= kinds:
                    yield side


def _sides(rule: Rule) -> Iterator[Side]:
    try:
        statement: Any = rule.statement
        if not isinstance(statement, Relation):
            return
        for backward in (False, True):
            pattern = statement.rhs if backward else statement.lhs
            if not isinstance(pattern, _BARE) and not rule.unbound(backward=backward):
                yield Side(rule, backward, type(pattern), _needed(rule, pattern))
    except DeriveError:
        return


def _needed(rule: Rule, pattern: Basic) -> frozenset[type]:
    """The kinds of nodes below a pattern that its match must have too."""
    found: set[type] = set()
    stack = list(pattern.args)
    while stack:
        node = stack.pop()
        if isinstance(node, Application) and node.name in rule.metavariables:
            continue
        if not isinstance(node, (*_BARE, *_LOOSE, Density)) and isinstance(node, Basic) and node.args:
            found.add(type(node))
        stack.extend(arg for arg in node.args if isinstance(arg, Basic))
    return frozenset(found)


@lru_cache(maxsize=20_000)
def kinds_of(term: Basic) -> frozenset[type]:
    """The kinds of nodes in a term."""
    return frozenset({type(term)}).union(*(kinds_of(arg) for arg in term.args if isinstance(arg, Basic)))


@lru_cache(maxsize=8)
def _index(rules: tuple[Rule, ...]) -> RuleIndex:
    with paused():
        return RuleIndex(rules)


def index_of(rules: Rulebook) -> RuleIndex:
    """The index of a rulebook, made once."""
    return _index(tuple(rules.identities))
