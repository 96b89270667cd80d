"""What an article has proved so far, for its later lines: each in the generality in which it was proved, and no more.

A proved claim is used for the very names that it speaks of, where all that its proof assumed is assumed again and the
indices lie in the ranges in which it was proved. It says nothing at another index or at another point.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sympy import Basic

from derive.articles.heads import heads_in, overlaps
from derive.articles.source import Place
from derive.grounds.context import Context, Given
from derive.models import Model
from derive.terms import Equal, Statement
from derive.terms.statements import Greater, GreaterEqual, Less, LessEqual
from derive.verdict import Verdict

__all__ = ["Lemma", "Lemmas", "hypotheses"]

_MOST = 8
"""No more than this many earlier claims are used at once, the latest ones."""


@dataclass(frozen=True)
class Lemma:
    """A proved claim: what it says, under which lines and in which index ranges, what stayed open, where it stands."""

    statement: Any
    lines: frozenset[Statement]
    ranges: frozenset[Any]
    provided: tuple[Statement, ...]
    place: Place


@dataclass
class Lemmas:
    """The proved claims of one article."""

    proved: list[Lemma] = field(default_factory=list)

    def add(self, link: Any, verdict: Verdict, model: Model, place: Place) -> None:
        """Takes in a claim that was proved."""
        if verdict.status == "proved" and isinstance(link, (Equal, Less, LessEqual, Greater, GreaterEqual)):
            self.proved.append(Lemma(link, frozenset(model.statements), _ranges(link, model), verdict.provided, place))

    def usable(self, link: Any, model: Model) -> Sequence[Lemma]:
        """The earlier claims that may be used for one, and have to do with it."""
        lines, ranges = frozenset(model.statements), _ranges(link, model)
        spoken = heads_in((link,))
        found = [
            lemma for lemma in self.proved
            if lemma.lines <= lines and lemma.ranges <= ranges and lemma.statement != link
            and any(overlaps(head, other) for head in heads_in((lemma.statement,)) for other in spoken)
        ]  # fmt: skip
        return found[-_MOST:]


def hypotheses(lemmas: Iterable[Lemma]) -> tuple[Given, ...]:
    """The lemmas as what a decision may use."""
    return tuple(Given(lemma.statement) for lemma in lemmas)


def _ranges(link: Basic, model: Model) -> frozenset[Any]:
    """What is known of the indices where a claim is decided."""
    return frozenset(Context.of(model, (), (link,)).about(link).facts.rows)
