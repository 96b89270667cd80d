"""A report as plain records of text: what every format prints, and what one process hands to another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from derive.render.changes import changed_parts
from derive.render.verdicts import VerdictView, verdict_view
from derive.render.view import Formula

__all__ = ["ClaimView", "ReportView", "Summary", "claim_view", "failed", "report_view", "summary_of"]

WRONG = ("refuted", "ill-sorted", "convention")
OPEN = ("unknown", "unread")


@dataclass(frozen=True)
class ClaimView:
    """One claim: what it is (`status`), where it stands, what it says, and its verdict.

    `continues` is the text of its left side where it goes on with the chain of the claim before it. `rests_on` are the
    places of earlier claims that its proof uses.
    """

    status: str
    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    latex: str
    display: int = 0
    formula: Formula | None = None
    verdict: VerdictView | None = None
    reason: str = ""
    expected: str = ""
    source: str = ""
    left: str = ""
    continues: bool = False
    rests_on: tuple[str, ...] = ()
    meant: tuple[Formula, ...] = ()
    annotation: str = ""

    @property
    def place(self) -> str:
        """`file:line:column`."""
        return f"{self.file}:{self.line}:{self.column}" if self.file else f"line {self.line}, column {self.column}"


@dataclass(frozen=True)
class ReportView:
    """One document: its claims in order. `error` is why it could not be checked, or not to its end."""

    file: str
    title: str = ""
    assumed: tuple[Formula, ...] = ()
    claims: tuple[ClaimView, ...] = ()
    error: str = ""
    exit_status: int = 0


@dataclass
class Summary:
    """How many there are of each, over all documents."""

    counts: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, status: str) -> int:
        return self.counts.get(status, 0)

    @property
    def claims(self) -> int:
        """Everything that was decided or should have been."""
        return sum(self[status] for status in ("proved", "refuted", "unknown", "ill-sorted"))

    @property
    def wrong(self) -> int:
        """The errors that were found."""
        return sum(self[status] for status in WRONG)


def summary_of(reports: Iterable[ReportView]) -> Summary:
    """The counts of some reports."""
    summary = Summary()
    for report in reports:
        for claim in report.claims:
            summary.counts[claim.status] = summary[claim.status] + 1
        if report.error:
            summary.counts["failed"] = summary["failed"] + 1
    return summary


def report_view(report: Any) -> ReportView:
    """The view of a `Report`."""
    from derive.latex import unicode_text  # terms are written once they are there

    claims: list[ClaimView] = []
    for claim in report.claims:
        view = claim_view(claim)
        before = claims[-1] if claims else None
        goes_on = (
            claim.continues and before is not None and before.display == view.display and view.formula is not None
            and bool(view.left) and before.formula is not None and before.formula.text.endswith(" " + view.left)
        )  # fmt: skip
        claims.append(replace(view, continues=goes_on))
    assumed = tuple(_assumption(text, unicode_text) for text in report.assumed)
    error = "\n\n".join(f"internal error: {fault}" for fault in report.faults)
    return ReportView(report.file, report.title, assumed, tuple(claims), error, report.exit_status())


def claim_view(claim: Any) -> ClaimView:
    """The view of a `Claim`."""
    verdict = None if claim.verdict is None else verdict_view(claim.verdict, claim.text)
    formula, left = _statement(claim)
    if verdict is not None and formula is not None and verdict.status == "refuted":
        marked = _marked(formula.text, left, verdict.suggestion)
        formula = replace(formula, changed=marked)
    return ClaimView(
        claim.status, claim.place.file, claim.place.line, claim.place.column, claim.place.end_line,
        claim.place.end_column, claim.text, claim.display, formula, verdict, claim.reason, claim.expected, claim.source,
        left, rests_on=tuple(str(place) for place in claim.rests_on), meant=tuple(map(_written, claim.meant)),
        annotation=claim.annotation,
    )  # fmt: skip


def failed(file: str, message: str, status: int, claims: Sequence[ClaimView] = ()) -> ReportView:
    """A document that could not be checked, or not to its end."""
    return ReportView(file, claims=tuple(claims), error=message, exit_status=status)


def _written(term: Any) -> Formula:
    from derive.latex import latex, unicode_text

    return Formula(unicode_text(term), latex(term))


def _statement(claim: Any) -> tuple[Formula | None, str]:
    """What a claim says, and the text of its left side."""
    from sympy import Basic

    from derive.latex import latex, unicode_text

    term = claim.statement
    if not isinstance(term, Basic):
        return None, ""
    left = getattr(term, "lhs", None)
    return Formula(unicode_text(term), latex(term)), "" if left is None else unicode_text(left)


def _marked(text: str, left: str, suggestions: Sequence[Formula]) -> tuple[tuple[int, int], ...]:
    """The part of a wrong statement that differs: from the nearest true one, else from its own left side."""
    if suggestions:
        return changed_parts(suggestions[0].text, text)
    begin = len(left) + 3
    if not left or not text.startswith(left):
        return ()
    return tuple((start + begin, end + begin) for start, end in changed_parts(left, text[begin:]))


def _assumption(text: str, write: Any) -> Formula:
    from derive.errors import DeriveError
    from derive.latex import read_display

    if text.startswith("model "):
        return Formula(text, text)
    try:
        return Formula(", ".join(write(reading.term) for reading in read_display(text)), text)
    except DeriveError:
        return Formula(text, text)
