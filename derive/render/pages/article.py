"""A checked article as its author's own page: prose and formulas as they were written, verdicts in the margin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from derive.articles.annotations import annotations_in
from derive.articles.document import Assumptions, Display, Document
from derive.errors import InputError
from derive.markdown import Bullets, Fence, Heading, Paragraph, blocks
from derive.render.boxes import Table
from derive.render.pages.html import environment
from derive.render.pages.latex_prose import latex_blocks, title_of
from derive.render.pages.site import ArticlePage
from derive.render.prose import spoken
from derive.render.reports.view import ClaimView, ReportView
from derive.render.transliterate import in_unicode
from derive.render.typeset import typeset
from derive.render.view import Formula

__all__ = ["article_page"]

_MARKS = {
    "proved": ("✓", "good"), "refuted": ("✗", "bad"), "ill-sorted": ("✗", "bad"), "convention": ("✗", "bad"),
    "unknown": ("?", "open"), "unread": ("!", "open"), "trouble": ("!", "bad"), "definition": ("≔", "quiet"),
    "assumption": ("·", "quiet"), "skipped": ("·", "quiet"),
}  # fmt: skip
_COUNTED = ("definition", "assumption")


@dataclass(frozen=True)
class _Piece:
    """One block of the page: a heading, prose, a list, a display with its claims, or text shown as it is."""

    kind: str
    text: str = ""
    level: int = 2
    items: tuple[str, ...] = ()
    formula: Formula | None = None
    claims: tuple[dict[str, Any], ...] = ()
    name: str = ""

    @property
    def rows(self) -> int:
        """In how many rows the formula is set."""
        boxes = self.formula.boxes.items if self.formula is not None and self.formula.boxes is not None else ()
        return len(boxes[0].rows) if len(boxes) == 1 and isinstance(boxes[0], Table) else 1


def article_page(report: ReportView, name: str, document: Document, site: bool = False) -> ArticlePage:
    """The page of an article, checked with this report; `name` is that of its file, without an ending."""
    pieces = list(_pieces(document, report))
    summary = _summary(report)
    first = next((piece.text for piece in pieces if piece.kind == "heading"), name)
    title = (title_of(document.source.text) if document.language == "latex" else "") or report.title or first
    template = environment().get_template("article.html")
    page = template.render(
        title=title, pieces=pieces, summary=summary, error=report.error, lang="en", site=site, name=name,
        headed=bool(pieces) and pieces[0].kind == "heading" and pieces[0].level == 1,
    )  # fmt: skip
    return ArticlePage(name, spoken(title, in_unicode), summary, str(page))


def _summary(report: ReportView) -> str:
    """How many there are of each, what was decided first."""
    counts = [(sum(claim.status == status for claim in report.claims), status) for status in _MARKS]
    named = [(count, f"{status}s" if status in _COUNTED and count > 1 else status) for count, status in counts]
    return ", ".join(f"{count} {name}" for count, name in named if count)


def _pieces(document: Document, report: ReportView) -> Iterator[_Piece]:
    """The document in its order: prose as its author wrote it, each display with its claims beside it."""
    source, at, number = document.source, _body(document), 0
    loose = [claim for claim in report.claims if claim.display == 0]
    for item in document.items:
        own = item.source is source
        if isinstance(item, (Display, Assumptions)):
            yield from _assumed(loose, item.place.file, item.place.line)
            if own:
                yield from _prose(document, at, item.start if isinstance(item, Assumptions) else item.opening)
                at = item.end
        if isinstance(item, Display):
            number += 1
            claims = tuple(_claim(claim) for claim in report.claims if claim.display == number)
            yield _Piece("display", formula=_as_written(document, item.text), claims=claims)
        elif isinstance(item, Assumptions):
            last = item.source.place(item.end).line
            here = [claim for claim in loose if claim.file == item.source.file and claim.line <= last]
            loose = [claim for claim in loose if claim not in here]
            said = " \\\\ ".join(text for text, _ in item.rows)
            yield _Piece("display", formula=_as_written(document, said), claims=tuple(map(_claim, here)))
    yield from _prose(document, at, len(source.text))
    yield from _assumed(loose, "", len(source.text))


def _assumed(loose: list[ClaimView], file: str, line: int) -> Iterator[_Piece]:
    """What comments say before a line, which no display of the page shows."""
    for claim in list(loose):
        if not file or (claim.file == file and claim.line < line):
            loose.remove(claim)
            yield _Piece("display", formula=_shown(claim), claims=(_claim(claim),))


def _body(document: Document) -> int:
    begin = document.source.text.find(r"\begin{document}") if document.language == "latex" else -1
    return 0 if begin < 0 else begin + len(r"\begin{document}")


def _prose(document: Document, start: int, end: int) -> Iterator[_Piece]:
    """The blocks of the prose between two displays."""
    text = document.source.text[start:end]
    if document.language == "latex":
        text = _expanded(document, text.split(r"\end{document}")[0])
    for block in latex_blocks(text) if document.language == "latex" else blocks(text):
        if isinstance(block, Heading):
            yield _Piece("heading", block.text, min(block.level, 4), name=f"part-{start}-{block.line}")
        elif isinstance(block, Paragraph) and any(char.isalnum() for char in block.text):
            yield _Piece("prose", block.text)
        elif isinstance(block, Bullets):
            yield _Piece("list", items=tuple(item.text for item in block.items))
        elif isinstance(block, Fence):
            yield _Piece("code", block.text)


def _expanded(document: Document, text: str) -> str:
    """The text with its author's macros written out, as far as they can be."""
    try:
        return document.macros.expanded(text).text
    except InputError:
        return text


def _as_written(document: Document, text: str) -> Formula:
    """A display as its author wrote it, without what only numbers or annotates it."""
    latex = _expanded(document, annotations_in(text)[0]).strip()
    if re.search(r"(?<!\\)&|\\\\", latex) and not latex.startswith(r"\begin"):
        latex = f"\\begin{{aligned}}{latex}\\end{{aligned}}"
    return Formula("", latex, boxes=typeset(latex))


def _claim(claim: ClaimView) -> dict[str, Any]:
    """What the margin says of a claim."""
    mark, colour = _MARKS[claim.status]
    verdict = claim.verdict
    return {
        "mark": mark, "colour": colour, "status": claim.status, "line": claim.line,
        "formula": _shown(claim), "reason": "; ".join(filter(None, (claim.reason or claim.expected, claim.annotation))),
        "because": ", ".join(verdict.because) if verdict is not None else "",
        "provided": list(map(_set, verdict.provided)) if verdict is not None else [],
        "missing": list(map(_set, verdict.missing)) if verdict is not None else [],
        "meant": list(map(_set, verdict.suggestion)) if verdict is not None else [],
        "world": "\n".join(verdict.counterexample) if verdict is not None else "",
    }  # fmt: skip


def _shown(claim: ClaimView) -> Formula:
    formula = claim.formula if claim.formula is not None else Formula(claim.latex, claim.latex)
    return _set(formula)


def _set(formula: Formula) -> Formula:
    return Formula(formula.text, formula.latex, boxes=formula.boxes or typeset(formula.latex))
