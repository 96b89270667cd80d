"""What a check of an article found: a claim for each relation, with its place, what it is, and its verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from derive.articles.source import Place
from derive.verdict import Verdict

__all__ = ["Claim", "Kind", "Report"]


class Kind(StrEnum):
    """What a part of a display is."""

    CLAIM = "claim"
    DEFINITION = "definition"
    ASSUMPTION = "assumption"
    CONVENTION = "convention"
    ILL_SORTED = "ill-sorted"
    UNREAD = "unread"
    SKIPPED = "skipped"
    TROUBLE = "trouble"


@dataclass(frozen=True)
class Claim:
    """One relation of a display, or what stands in its place.

    `text` is its LaTeX, `statement` the term, `verdict` what was decided (claims only), `reason` a sentence: why it
    was skipped, could not be read, or means nothing. `display` counts the displays of the document from 1; `rests_on`
    are the places of earlier claims that a proof used. `source` is the line of the document for a caret. `continues`
    says that it goes on with the chain of the claim before it. `meant` are true statements near one that means nothing.
    `annotation` is what there is to say of the rules that its author named beside it.
    """

    kind: Kind
    place: Place
    text: str
    display: int = 0
    statement: Any = None
    verdict: Verdict | None = None
    reason: str = ""
    expected: str = ""
    source: str = ""
    rests_on: tuple[Place, ...] = ()
    continues: bool = False
    meant: tuple[Any, ...] = ()
    annotation: str = ""

    @property
    def status(self) -> str:
        """ "proved", "refuted" or "unknown" for a claim, else its kind."""
        return self.verdict.status if self.verdict is not None else str(self.kind)

    @property
    def wrong(self) -> bool:
        """Whether an error was found here: a refuted claim, one whose sorts do not fit, a switched convention."""
        return self.status == "refuted" or self.kind in (Kind.ILL_SORTED, Kind.CONVENTION)

    @property
    def open(self) -> bool:
        """Whether nothing could be decided here."""
        return self.status == "unknown" or self.kind == Kind.UNREAD


@dataclass(frozen=True)
class Report:
    """The claims of one document, in order. `title` is its first heading, `assumed` what it says that it assumes.

    `faults` are mistakes of derive's own that left a line undecided.
    """

    file: str
    claims: tuple[Claim, ...]
    title: str = ""
    assumed: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Claim]:
        return iter(self.claims)

    def of(self, status: str) -> tuple[Claim, ...]:
        """The claims of one status or kind."""
        return tuple(claim for claim in self.claims if claim.status == status)

    @property
    def wrong(self) -> tuple[Claim, ...]:
        """Every error that was found."""
        return tuple(claim for claim in self.claims if claim.wrong)

    @property
    def open(self) -> tuple[Claim, ...]:
        """What could not be decided or read."""
        return tuple(claim for claim in self.claims if claim.open)

    def exit_status(self, *, strict: bool = False) -> int:
        """2 where the document tells derive something that cannot be used, 1 where an error was found, else 0.

        3 where derive itself made a mistake.
        """
        if self.faults:
            return 3
        if self.of("trouble"):
            return 2
        return 1 if self.wrong or (strict and self.open) else 0
