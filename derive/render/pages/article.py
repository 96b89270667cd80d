"""A checked article as its author's own page: prose and formulas as they were written, verdicts in the margin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from derive.articles.annotations import annotations_in
from derive.articles.document import Assumptions, Directive, Display, Document
from derive.errors import InputError
from derive.latex import Macros
from derive.markdown import Bullets, Heading, Paragraph
from derive.render.boxes import Glyph, Kind, Row, Table
from derive.render.pages.author_prose import author_blocks
from derive.render.pages.html import environment, inline
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
    line: int = 0
    formula: Formula | None = None
    claims: tuple[dict[str, Any], ...] = ()
    name: str = ""

    @property
    def rows(self) -> int:
        """In how many rows the formula is set."""
        boxes = self.formula.boxes.items if self.formula is not None and self.formula.boxes is not None else ()
        return len(boxes[0].rows) if len(boxes) == 1 and isinstance(boxes[0], Table) else 1

    @property
    def beside(self) -> list[list[dict[str, Any]]]:
        """The claims by the row that they stand beside; all of them together where rows and lines differ in number."""
        if len(self.claims) == self.rows:
            return [[claim] for claim in self.claims]
        lines = sorted({claim["line"] for claim in self.claims})
        if len(lines) != self.rows:
            return [list(self.claims)]
        return [[claim for claim in self.claims if claim["line"] == line] for line in lines]


def article_page(report: ReportView, name: str, document: Document, site: bool = False) -> ArticlePage:
    """The page of an article, checked with this report; `name` is that of its file, without an ending."""
    pieces = list(_pieces(document, report))
    summary = _summary(report)
    headings = [piece for piece in pieces if piece.kind == "heading"]
    title = title_of(document.source.text) if document.language == "latex" else ""
    title = title or report.title or (headings[0].text if headings else name)
    template = environment().get_template("article.html")
    page = template.render(
        title=title, pieces=pieces, summary=summary, error=report.error, lang="en", site=site, name=name,
        headed=bool(headings) and headings[0].level == 1,
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
            if own:
                prose = _prose(document, at, item.start if isinstance(item, Assumptions) else item.opening)
                yield from _with_what_is_said(prose, loose, source.file)
                at = item.end
            yield from _assumed(loose, item.place.file, item.place.line)
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
    yield from _with_what_is_said(_prose(document, at, len(source.text)), loose, source.file)
    yield from _assumed(loose)


def _with_what_is_said(prose: Iterator[_Piece], loose: list[ClaimView], file: str) -> Iterator[_Piece]:
    """Blocks of prose, and what comments and `model:` lines say, each where it says so."""
    for piece in prose:
        yield from _assumed(loose, file, piece.line)
        yield piece


def _assumed(loose: list[ClaimView], file: str = "", line: int = 0) -> Iterator[_Piece]:
    """What is assumed outside displays, before a line of a file or anywhere, a row each."""
    here = [claim for claim in loose if not line or (claim.file == file and claim.line < line)]
    if here:
        loose[:] = [claim for claim in loose if claim not in here]
        rows = tuple((_shown(claim).boxes or Row(),) for claim in here)
        boxes = Row((Table(rows),)) if len(rows) > 1 else rows[0][0]
        yield _Piece("display", formula=Formula("", "", boxes=boxes), claims=tuple(map(_claim, here)))


def _body(document: Document) -> int:
    begin = document.source.text.find(r"\begin{document}") if document.language == "latex" else -1
    return 0 if begin < 0 else begin + len(r"\begin{document}")


def _prose(document: Document, start: int, end: int) -> Iterator[_Piece]:
    """The blocks of the prose between two displays."""
    source = document.source
    text, first = source.text[start:end], source.place(start).line
    if document.language == "latex":
        yield from _latex_prose(document, text.split(r"\end{document}")[0], first)
        return
    directives = [item for item in document.items if isinstance(item, Directive) and item.source is source]
    said = {source.place(item.start).line for item in directives}
    rows = ["" if first + n in said and "<!--" not in row else row for n, row in enumerate(text.split("\n"))]
    for kind, line, level, html in author_blocks("\n".join(rows), lambda latex: inline(_set(Formula("", latex)))):
        if kind == "heading":
            yield _Piece("heading", html, min(level, 4), line=first + line, name=f"part-{first + line}")
        else:
            yield _Piece("html", html, line=first + line)


def _latex_prose(document: Document, text: str, first: int) -> Iterator[_Piece]:
    """The blocks of LaTeX, macros written out, each with the line that it comes from."""
    try:
        expanded = document.macros.expanded(text)
    except InputError:
        expanded = Macros().expanded(text)
    rows = expanded.text.split("\n")
    for block in latex_blocks(expanded.text):
        begins = sum(len(row) + 1 for row in rows[: block.line - 1])
        line = first + text.count("\n", 0, expanded.place(begins + len(rows[block.line - 1])))
        if isinstance(block, Heading):
            yield _Piece("heading", block.text, min(block.level, 4), line=line, name=f"part-{line}")
        elif isinstance(block, Paragraph) and any(char.isalnum() for char in block.text):
            yield _Piece("prose", block.text, line=line)
        elif isinstance(block, Bullets):
            kind = "numbered" if block.ordered else "list"
            yield _Piece(kind, items=tuple(item.text for item in block.items), line=line)


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
    reason = "" if _names_a_model(claim) else claim.reason or claim.expected
    return {
        "mark": mark, "colour": colour, "status": claim.status, "line": claim.line,
        "formula": _shown(claim), "reason": "; ".join(filter(None, (reason, claim.annotation))),
        "because": ", ".join(verdict.because) if verdict is not None else "",
        "read_as": list(verdict.read_as) if verdict is not None else [],
        "provided": list(map(_set, verdict.provided)) if verdict is not None else [],
        "missing": list(map(_set, verdict.missing)) if verdict is not None else [],
        "meant": list(map(_set, verdict.suggestion)) if verdict is not None else [],
        "world": "\n".join(verdict.counterexample) if verdict is not None else "",
    }  # fmt: skip


def _names_a_model(claim: ClaimView) -> bool:
    return claim.status == "assumption" and claim.reason == f"the model {claim.latex}"


def _shown(claim: ClaimView) -> Formula:
    if _names_a_model(claim):
        return Formula(claim.reason, claim.latex, boxes=Row((Glyph(Kind.TEXT, claim.reason),)))
    formula = claim.formula if claim.formula is not None else Formula(claim.latex, claim.latex)
    return _set(formula)


def _set(formula: Formula) -> Formula:
    return Formula(formula.text, formula.latex, boxes=formula.boxes or typeset(formula.latex))
