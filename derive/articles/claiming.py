"""A claim of an article: read and decided under what the text has said so far, in the time that it may take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sympy import Basic

from derive.articles.annotations import Annotation, read_annotation, said_of
from derive.articles.claims import Claimed, decide_claim
from derive.articles.conventions import Conventions, at_point, deviations, with_variances
from derive.articles.document import Display
from derive.articles.heads import Head, determined, heads_in, overlaps
from derive.articles.lemmas import Lemma, Lemmas
from derive.articles.ranges import Ranges
from derive.articles.reading import Piece, Read, read_together
from derive.articles.report import Claim, Kind
from derive.articles.scope import Defined, Scope, relevant, silent_on
from derive.articles.unfolding import fully_named, unfolded
from derive.articles.unsaid import unsaid
from derive.clock import OutOfTime, within
from derive.errors import InputError, RuleError
from derive.latex import Macros, unicode_text
from derive.models import Line, Model, compile_model
from derive.rulebook import Rulebook
from derive.terms import (
    Distributed,
    Independent,
    Relation,
)
from derive.verdict import Verdict

__all__ = ["Claims", "Shown"]

_Found = TypeVar("_Found")

OVER = "the time for one claim was over"
MENDING = 10.0
"""Seconds at most for looking for what was meant, where the time for a claim is bounded at all."""


@dataclass
class Shown:
    """A display while it is checked: its number, how it was read, what its remarks restrict."""

    display: Display
    number: int
    read: Read
    model: Model


class Claims:
    """What a document has said so far, and a claim under that."""

    def __init__(self, macros: Macros, rules: Rulebook, seed: int, timeout: float | None) -> None:
        self.macros, self.rules = macros, rules
        self.seed, self.timeout = seed, timeout
        self.scope = Scope()
        self.ranges = Ranges({})
        self.coupled: set[Head] = set()  # the noises with which something was written
        self.draws: set[Any] = set()  # the equations that write it
        self.known: set[Head] = set()
        self.tainted: dict[Head, str] = {}
        self.conventions = Conventions()
        self.lemmas = Lemmas()
        self.faults: list[str] = []

    # ---- reading ---------------------------------------------------------------------------------------------------

    def _read(self, display: Display, number: int) -> Shown:
        """The display read under what is assumed; with the definitions that it turns out to need."""
        rows = self.scope.rows()
        macros = self.macros
        read = read_together(display, rows, macros)
        terms = [piece.term for piece in read.pieces if isinstance(piece.term, Basic)]
        needed = self.scope.definitions_for([*terms, *self.scope.terms()])
        usable = [item for item in needed if not item.loose]
        if usable:
            read = read_together(display, [*rows, *((item.text, item.place) for item in usable)], macros)
        mended = {item.text: item for item in usable}
        lines = [self._line(line, mended) for line in read.lines]
        stated = [*(line.statement for line in lines), *(p.term for p in read.pieces if p.remark and p.error is None)]
        lines += [Line(said, unicode_text(said)) for said in self.ranges.for_terms(terms, stated)]
        name = self.scope.model.name if self.scope.model is not None else ""
        return Shown(display, number, read, compile_model(lines, name=name, declarations=read.declarations))

    @staticmethod
    def _line(line: Line, mended: dict[str, Defined]) -> Line:
        defined = mended.get(line.text)
        if defined is None:
            return line
        statement: Any = line.statement
        return Line(with_variances(at_point(statement, getattr(statement, "lhs", None))), line.text)

    def _settled(self, shown: Shown) -> set[Head]:
        """The names that an assumption, the model or a definition determines."""
        return determined(self._stated(shown)) | {item.head for item in self.scope.definitions}

    def _stated(self, shown: Shown) -> list[Any]:
        """All that is assumed or defined so far, used in this display or not."""
        return [*shown.model.statements, *(item.term for item in self.scope.definitions if not item.loose)]

    def _before(self) -> set[Head]:
        return self.known | heads_in(self.scope.terms())

    # ---- deciding --------------------------------------------------------------------------------------------------

    def _claim(self, shown: Shown, piece: Piece, link: Any, opening: Any, *, suggest: bool = True) -> Claim:
        if not isinstance(link, (Relation, Distributed, Independent)):
            return self._say(shown, piece, Kind.SKIPPED, "this says what something is: assumed only where it is given")
        model = relevant(self._without_draws(shown.model, link), link)
        beside = read_annotation(piece.by, self.rules) if piece.by else Annotation()
        named = tuple(rule for rule in beside.rules if not rule.fallacy)
        known = frozenset(self._before())
        claimed = Claimed(piece, link, opening, model, self.rules, self.seed, known, named=named)
        verdict = self._guarded(self._verdict(claimed), link, shown)
        used: tuple[Lemma, ...] = ()
        if verdict.status == "unknown" and (lemmas := tuple(self.lemmas.usable(link, model))):
            further = self._verdict(replace(claimed, lemmas=lemmas))
            if further.status == "proved":
                open_ = dict.fromkeys((*further.provided, *(need for lemma in lemmas for need in lemma.provided)))
                verdict, used = replace(further, provided=tuple(open_)), lemmas
        if verdict.status == "unknown":
            verdict = self._unfolded(claimed, verdict)
        if verdict.status != "unknown" and isinstance(verdict.statement, Relation) and deviations(link):
            link = verdict.statement  # as it was read
        if not self._tainted(link):
            self.lemmas.add(link, verdict, model, piece.place)
        verdict = self._mended(verdict, suggest=suggest)
        return Claim(
            Kind.CLAIM, piece.place, piece.said, shown.number, link, verdict, continues=not piece.first,
            rests_on=tuple(lemma.place for lemma in used), reason=self._not_assumed(link, verdict),
            annotation=said_of(beside, verdict, self.rules),
        )  # fmt: skip

    def _claimed(self, shown: Shown, piece: Piece, link: Any) -> Claimed:
        return Claimed(piece, link, None, shown.model, self.rules, self.seed, frozenset(self._before()))

    def _say(self, shown: Shown, piece: Piece, kind: Kind, reason: str = "") -> Claim:
        return Claim(kind, piece.place, piece.said, shown.number, piece.term, reason=reason, continues=not piece.first)

    def _verdict(self, claimed: Claimed) -> Verdict:
        """The verdict in the time that a claim may take; what cannot be decided at all is unknown."""
        try:
            with within(self.timeout):
                return decide_claim(claimed)
        except OutOfTime:
            return Verdict("unknown", statement=claimed.link, tried=OVER)
        except RuleError:
            raise
        except InputError as error:
            return Verdict("unknown", statement=claimed.link, tried=error.message)
        except Exception as error:  # a mistake of derive's on one line costs that line, and is told
            self.faults.append(f"{claimed.piece.place}: {type(error).__name__}: {str(error)[:200]}")
            return Verdict("unknown", statement=claimed.link, tried=f"a mistake in derive: {type(error).__name__}")

    def _mended(self, verdict: Verdict, *, suggest: bool) -> Verdict:
        """The verdict with what would make it true looked for now, in the time that this may take."""
        shown = self._looked_for(lambda: verdict.counterexample)
        missing = self._looked_for(lambda: verdict.missing)
        meant = self._looked_for(lambda: verdict.suggestions) if suggest else None
        return replace(verdict, shown=shown, needs=missing or (), supposed=None, nearby=lambda: meant or ())

    def _looked_for(self, look: Callable[[], _Found]) -> _Found | None:
        """What is found in the time that this may take."""
        try:
            with within(None if self.timeout is None else min(self.timeout, MENDING)):
                return look()
        except OutOfTime:
            return None
        except Exception as error:  # a mistake of derive's while it looks costs what is looked for, and is told
            self.faults.append(f"suggestions: {type(error).__name__}: {str(error)[:200]}")
            return None

    def _guarded(self, verdict: Verdict, link: Any, shown: Shown) -> Verdict:
        """What rests on a name that the article defines in a way that cannot be used, or not at all, is not refuted."""
        silent = unsaid(link, self._stated(shown), shown.read.declarations) if verdict.status == "refuted" else ""
        if silent:
            return replace(verdict, status="unknown", shown=None, nearby=None, tried=silent)
        spoken = heads_in((link,))
        for head, reason in self.tainted.items():
            if verdict.status == "refuted" and any(overlaps(head, other) for other in spoken):
                return replace(verdict, status="unknown", shown=None, nearby=None, tried=f"{head}: {reason}")
        return verdict

    def _tainted(self, link: Any) -> bool:
        spoken = heads_in((link,))
        return any(overlaps(head, other) for head in self.tainted for other in spoken)

    def _unfolded(self, claimed: Claimed, verdict: Verdict) -> Verdict:
        """The verdict where names that stand for more than they show are written out."""
        plain, used = unfolded(claimed.link, self.scope.definitions)
        if not used:
            return verdict
        found = self._verdict(replace(claimed, link=plain))
        if found.status == "unknown" or (found.status == "refuted" and not fully_named(claimed.link, used)):
            return verdict
        said = [f"{unicode_text(item.term.lhs)} as on line {item.place.line}" for item in used]  # type: ignore[attr-defined]
        return replace(found, read_as=(*found.read_as, *said), nearby=None)

    def _without_draws(self, model: Model, link: Any) -> Model:
        """The model without how noises go with variables, for those noises that a claim does not come to speak of."""
        apart = self.coupled - heads_in((link,))
        for line in model.lines if apart else ():
            if not isinstance(line.statement, Distributed) and line.statement not in self.draws:
                apart -= heads_in((line.statement,))
        return silent_on(model, apart) if apart else model

    def _not_assumed(self, link: Any, verdict: Verdict) -> str:
        """Which assumptions about a claim's names ended with their section, where the claim is not proved."""
        if verdict.status == "proved":
            return ""
        ended = self.scope.ended_for((link,))
        lines = dict.fromkeys(str(item.place.line) for item in ended if item.place is not None)
        many = len(lines) > 1
        return f"line{'s' * many} {', '.join(lines)}, whose section is over" if lines else ""
