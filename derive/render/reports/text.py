"""A report on the screen: a line for each claim, grouped by display; what is wrong with all that helps to mend it.

12  ✓ p(x | y) = p(y | x) p(x)/p(y)          bayes
18  ✗ p(x | y) = p(y | x)
      ~~~~~~~~
      counterexample  at x = 0, y = 0
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from derive.render.layout import Page, Role, Row
from derive.render.lines import width_of
from derive.render.reports.view import ClaimView, ReportView, Summary
from derive.render.verdicts import VerdictView, proof_rows
from derive.render.view import Formula

__all__ = ["report_rows", "summary_rows"]

_MARKS = {
    "proved": ("✓", Role.GOOD), "refuted": ("✗", Role.BAD), "ill-sorted": ("✗", Role.BAD),
    "convention": ("✗", Role.BAD), "unknown": ("?", Role.OPEN), "unread": ("!", Role.OPEN),
    "trouble": ("!", Role.BAD), "definition": ("≔", Role.RULE), "assumption": ("·", Role.NOTE),
    "skipped": ("·", Role.NOTE),
}  # fmt: skip
_BEGINS = {
    "unread": "cannot be read: ", "ill-sorted": "the sorts do not fit: ", "convention": "a convention is switched: ",
}  # fmt: skip
_TITLE = 16
_NOTES = 52
"""Where the reason of a claim stands on its own line, in cells behind the formula's beginning."""


def report_rows(report: ReportView, page: Page, *, full: bool = False) -> Iterator[Row]:
    """The rows of one document."""
    yield from page.prose(report.title, width_of(report.file) + 2, Role.HEADING, ((report.file or "text", Role.TITLE),))
    if not report.title:
        yield ((report.file or "text", Role.TITLE),)
    if report.assumed:
        yield from _assumed(report.assumed, page)
    numbers = max((len(str(claim.line)) for claim in report.claims), default=1)
    display = None
    for claim in report.claims:
        if claim.display != display:
            yield ()
        display = claim.display
        yield from _claim(claim, page, numbers + 2, full)
    if report.error:
        yield ()
        yield from page.prose(report.error, 4, Role.BAD, (("  ! ", Role.BAD),))
    yield ()


def _assumed(assumed: Sequence[Formula], page: Page) -> Iterator[Row]:
    """What the document says that it assumes, in one paragraph."""
    lead: tuple[tuple[str, Role], ...] = (("assumes ", Role.NOTE),)
    text = ";  ".join(dict.fromkeys(page.text(formula) for formula in assumed))
    yield from page.line(text, 8, lead, Role.NOTE)


def _claim(claim: ClaimView, page: Page, numbers: int, full: bool) -> Iterator[Row]:
    mark, role = _MARKS[claim.status]
    indent = numbers + 4
    lead = ((f"{claim.line:>{numbers}}  ", Role.NOTE), (f"{mark} ", role))
    if claim.formula is None or claim.status in ("ill-sorted", "unread", "trouble", "convention"):
        yield from _sentence(claim, page, lead, indent)
        return
    formula, shift = _shown(claim)
    note = _note(claim)
    quiet = Role.NOTE if claim.status in ("assumption", "skipped") else Role.FORMULA
    rows = list(page.formula(formula, indent + shift, (*lead, (" " * shift, Role.FORMULA)), quiet))
    beside = note and len(rows) == 1 and _fits(formula, note, page, indent + shift)
    if beside:
        gap = max(2, _NOTES - shift - width_of(page.text(formula)))
        rows[0] = (*rows[0], (" " * gap + note, Role.NOTE))
    yield from rows
    if claim.status == "refuted" and len(rows) == 1:
        yield from _underlined(formula, page, indent + shift)
    if note and not beside:
        yield from page.line(note, indent + 4, ((" " * (indent + 2), Role.NOTE),), Role.NOTE)
    if claim.verdict is not None:
        yield from _verdict(claim, claim.verdict, page, indent + 2, full)


def _shown(claim: ClaimView) -> tuple[Formula, int]:
    """The formula of a claim; of one that goes on with a chain its relation and right side, moved to the right."""
    formula = claim.formula
    assert formula is not None
    if not claim.continues or claim.status == "refuted":
        return formula, 0
    rest = formula.text[len(claim.left) + 1 :]
    moved = tuple((start - len(claim.left) - 1, end - len(claim.left) - 1) for start, end in formula.changed)
    return Formula(rest, formula.latex, moved), min(width_of(claim.left) + 1, 12)


def _fits(formula: Formula, note: str, page: Page, indent: int) -> bool:
    if page.width is None:
        return True
    taken = max(_NOTES, width_of(page.text(formula)) + 2)
    return indent + taken + width_of(note) <= page.width


def _note(claim: ClaimView) -> str:
    """What stands beside a claim: the rules of a proof, why it is not decided, what it is where it is none."""
    if claim.status == "proved" and claim.verdict is not None:
        rests = [f"line {place.split(':')[-2]}" for place in claim.rests_on]
        return ", ".join(dict.fromkeys((*claim.verdict.because, *rests)))
    if claim.status == "definition":
        return f"defines; {claim.reason}" if claim.reason else "defines"
    if claim.status in ("assumption", "skipped"):
        return claim.reason or "declares"
    return ""


def _underlined(formula: Formula, page: Page, indent: int) -> Iterator[Row]:
    """Marks under the part of a wrong statement that differs, for eyes and pipes without colour."""
    if page.ascii or not formula.changed:
        return
    text, row, at = formula.text, "", 0
    for start, end in formula.changed:
        row += " " * width_of(text[at:start]) + "~" * max(1, width_of(text[start:end]))
        at = end
    if page.width is None or indent + len(row) <= page.width:
        yield ((" " * indent, Role.BAD), (row, Role.BAD))


def _verdict(claim: ClaimView, verdict: VerdictView, page: Page, indent: int, full: bool) -> Iterator[Row]:
    if claim.status != "proved":
        yield from _list(page, indent, "at", [claim.place] if claim.file else [])
    if claim.status == "unknown":
        yield from _list(page, indent, "tried", [verdict.tried] if verdict.tried and not verdict.missing else [])
        if verdict.because:
            yield from _list(page, indent, "nearly by", [", ".join(verdict.because)])
    yield from _list(page, indent, "beside it", [claim.annotation] if claim.annotation else [], Role.OPEN)
    yield from _list(page, indent, "not assumed", [claim.reason] if claim.reason else [])
    yield from _list(page, indent, "read as", list(verdict.read_as))
    yield from _list(page, indent, "counterexample", list(verdict.counterexample))
    yield from _list(page, indent, "true if", [page.text(formula) for formula in verdict.missing])
    yield from _list(page, indent, "meant", [page.text(formula) for formula in verdict.suggestion], Role.GOOD)
    if claim.status == "proved" or full:
        yield from _list(page, indent, "provided", _provided(verdict, page, full))
    if full and verdict.proof:
        yield from proof_rows(verdict.proof, page, indent)


def _provided(verdict: VerdictView, page: Page, full: bool) -> list[str]:
    """What remains to be seen for both sides to be defined; that averages exist is counted where there are many."""
    conditions = [page.text(formula) for formula in verdict.provided]
    existing = [text for text in conditions if text.endswith(" exists")]
    if full or len(existing) < 3:
        return conditions
    others = [text for text in conditions if not text.endswith(" exists")]
    return [*others, f"{len(existing)} expectations and integrals exist"]


def _sentence(claim: ClaimView, page: Page, lead: Sequence[tuple[str, Role]], indent: int) -> Iterator[Row]:
    """What is said of a part of a display that is no formula, or not one that can be read."""
    said = _BEGINS.get(claim.status, "") + claim.reason
    yield from page.prose(said, indent, _MARKS[claim.status][1] if claim.status != "skipped" else Role.NOTE, lead)
    if claim.status in ("skipped", "assumption"):
        return
    yield from _list(page, indent + 2, "at", [claim.place] if claim.file else [])
    if claim.source.strip():
        yield from _excerpt(claim, page, indent + 2)
    elif claim.formula is not None:
        yield from page.formula(claim.formula, indent + 4)
    yield from _list(page, indent + 2, "expected", [claim.expected] if claim.expected else [])
    yield from _list(page, indent + 2, "meant", [page.text(formula) for formula in claim.meant], Role.GOOD)


def _excerpt(claim: ClaimView, page: Page, indent: int) -> Iterator[Row]:
    """The line of the document, a caret under the place."""
    from derive.errors import excerpt

    for row in excerpt(claim.source, claim.column):
        yield ((" " * (indent - 2) + row, Role.FORMULA if "^" not in row.strip()[:1] else Role.BAD),)


def _list(page: Page, indent: int, title: str, lines: Sequence[str], role: Role = Role.FORMULA) -> Iterator[Row]:
    for number, line in enumerate(lines):
        lead = ((" " * indent + (title if number == 0 else "").ljust(_TITLE), Role.NOTE),)
        yield from page.line(line, indent + _TITLE, lead, role)


def summary_rows(reports: Sequence[ReportView], summary: Summary, page: Page) -> Iterator[Row]:
    """The last line: how many claims, and what became of them."""
    names = [
        ("proved", "proved", Role.GOOD), ("refuted", "refuted", Role.BAD), ("ill-sorted", "ill-sorted", Role.BAD),
        ("unknown", "unknown", Role.OPEN),
    ]  # fmt: skip
    pieces: list[tuple[str, Role]] = [(_number(summary.claims, "claim"), Role.HEADING), (": ", Role.NOTE)]
    told = [(f"{summary[status]} {name}", role) for status, name, role in names if summary[status]]
    for number, piece in enumerate(told or [("nothing to decide", Role.NOTE)]):
        pieces += [(", ", Role.NOTE)] if number else []
        pieces.append(piece)
    rest = [
        (summary["convention"], "switched convention"), (summary["unread"], "part not read"),
        (summary["trouble"], "directive not usable"), (summary["definition"], "definition"),
        (summary["failed"], "file not finished"),
    ]  # fmt: skip
    after = [_number(count, name) for count, name in rest if count]
    if len(reports) > 1:
        after.append(f"in {len(reports)} files")
    if after:
        pieces.append(("; " + ", ".join(after), Role.NOTE))
    yield from page.line("".join(text for text, _ in pieces), 0) if _long(pieces, page) else iter([tuple(pieces)])


def _long(pieces: Iterable[tuple[str, Role]], page: Page) -> bool:
    return page.width is not None and sum(width_of(text) for text, _ in pieces) > page.width


def _number(count: int, name: str) -> str:
    first, _, rest = name.partition(" ")
    many = name + "s" if not rest or rest.startswith("conv") else f"{first}s {rest}"
    return f"{count} {name if count == 1 else many}"
