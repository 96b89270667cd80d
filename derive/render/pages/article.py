"""A checked article as its author's own page: prose and formulas as they were written, verdicts in the margin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from derive.markdown import Bullets, Fence, Heading, Paragraph, blocks
from derive.render.pages.html import environment
from derive.render.pages.site import ArticlePage
from derive.render.prose import spoken
from derive.render.reports.view import ClaimView, ReportView
from derive.render.transliterate import in_unicode
from derive.render.typeset import typeset
from derive.render.view import Formula

__all__ = ["article_page"]

_DISPLAYS = ("math", "$$", "model")
_MARKS = {
    "proved": ("✓", "good"), "refuted": ("✗", "bad"), "ill-sorted": ("✗", "bad"), "convention": ("✗", "bad"),
    "unknown": ("?", "open"), "unread": ("!", "open"), "trouble": ("!", "bad"), "definition": ("≔", "quiet"),
    "assumption": ("·", "quiet"), "skipped": ("·", "quiet"),
}  # fmt: skip


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


def article_page(report: ReportView, name: str, text: str, site: bool = False) -> ArticlePage:
    """The page of an article of this text, checked with this report; `name` is that of its file, without an ending."""
    pieces = list(_pieces(text, report)) if "```" in text or "$$" in text else list(_claims_only(report))
    counts: dict[str, int] = {}
    for claim in report.claims:
        counts[claim.status] = counts.get(claim.status, 0) + 1
    summary = ", ".join(f"{count} {status}" for status, count in sorted(counts.items(), key=lambda pair: -pair[1]))
    title = report.title or next((piece.text for piece in pieces if piece.kind == "heading"), name)
    template = environment().get_template("article.html")
    page = template.render(
        title=title, pieces=pieces, summary=summary, error=report.error, lang="en", site=site, name=name
    )
    return ArticlePage(name, spoken(title, in_unicode), summary, str(page))


def _pieces(text: str, report: ReportView) -> Iterator[_Piece]:
    """The blocks of a Markdown article, each display with the claims that stand on its lines."""
    for number, block in enumerate(blocks(text)):
        if isinstance(block, Heading):
            yield _Piece("heading", block.text, min(block.level, 4), name=f"part-{number}")
        elif isinstance(block, Paragraph):
            yield _Piece("prose", block.text)
        elif isinstance(block, Bullets):
            yield _Piece("list", items=tuple(item.text for item in block.items))
        elif isinstance(block, Fence) and block.word in _DISPLAYS:
            last = block.first + block.text.count("\n") + 1
            here = tuple(_claim(claim) for claim in report.claims if block.line <= claim.line <= last)
            latex = block.text if block.word != "model" else " \\\\ ".join(block.text.splitlines())
            yield _Piece("display", formula=Formula("", latex.strip(), boxes=typeset(latex)), claims=here)
        elif isinstance(block, Fence):
            yield _Piece("code", block.text)


def _claims_only(report: ReportView) -> Iterator[_Piece]:
    """The claims of a document whose own page this cannot set, one after the other."""
    for claim in report.claims:
        shown = Formula("", claim.latex, boxes=typeset(claim.latex))
        yield _Piece("display", formula=shown, claims=(_claim(claim),))


def _claim(claim: ClaimView) -> dict[str, Any]:
    """What the margin says of a claim."""
    mark, colour = _MARKS[claim.status]
    verdict = claim.verdict
    return {
        "mark": mark, "colour": colour, "status": claim.status, "line": claim.line,
        "formula": _shown(claim), "reason": claim.reason or claim.expected,
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
