"""A verdict: the answer first, then why, or the world that refutes it with both sides' values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from derive.render.layout import Page, Role, Row
from derive.render.lines import width_of
from derive.render.view import Formula
from derive.verdict import counterexample_lines

__all__ = ["ProofLine", "VerdictView", "proof_rows", "verdict_rows", "verdict_view"]

_MARKS = {
    "proved": ("✓", Role.GOOD),
    "refuted": ("✗", Role.BAD),
    "unknown": ("?", Role.OPEN),
}
_INDENT = 16


@dataclass(frozen=True)
class ProofLine:
    """One line of a proof: what it rests on, and the formula that it reaches."""

    by: str
    relation: str
    formula: Formula


@dataclass(frozen=True)
class VerdictView:
    """A verdict as a person reads it; `links` are those of a chain, each a verdict of its own."""

    statement: Formula
    status: str
    because: tuple[str, ...] = ()
    provided: tuple[Formula, ...] = ()
    read_as: tuple[str, ...] = ()
    counterexample: tuple[str, ...] = ()
    suggestion: tuple[Formula, ...] = ()
    missing: tuple[Formula, ...] = ()
    links: tuple[VerdictView, ...] = ()
    tried: str = ""
    proof: tuple[ProofLine, ...] = ()


def verdict_view(verdict: Any, statement: str = "") -> VerdictView:
    """The view of a `Verdict` of the library; `statement` is what the user wrote, where the verdict does not say."""
    shown = getattr(verdict, "statement", None)
    links = tuple(verdict_view(link) for link in getattr(verdict, "links", None) or ())
    return VerdictView(
        statement=Formula(statement, statement) if shown is None else _formula(shown),
        status=verdict.status,
        because=tuple(str(reason) for reason in _several(verdict.because)),
        provided=tuple(_formula(condition) for condition in _several(verdict.provided)),
        read_as=tuple(_formula(reading).text for reading in _several(verdict.read_as)),
        counterexample=tuple(counterexample_lines(verdict.counterexample)),
        suggestion=tuple(_formula(term) for term in _several(getattr(verdict, "suggestions", ()))),
        missing=tuple(_formula(term) for term in _several(verdict.missing)),
        links=links if len(links) > 1 else (),
        tried=str(getattr(verdict, "tried", "") or ""),
        proof=tuple(_proof(getattr(verdict, "proof", None))),
    )


def verdict_rows(view: VerdictView, page: Page, indent: int = 0, *, full: bool = False) -> Iterator[Row]:
    """The verdict's rows, those of its links indented below it; `full` shows each line of a proof."""
    mark, role = _MARKS[view.status]
    yield from page.formula(view.statement, indent + 11, (((" " * indent) + f"{mark} {view.status}", role),))
    if view.links:
        for link in view.links:
            yield from verdict_rows(link, page, indent + 2, full=full)
        return
    yield from _list(page, indent, "because", [", ".join(view.because)] if view.because else [])
    yield from _list(page, indent, "provided", [page.text(formula) for formula in view.provided])
    yield from _list(page, indent, "read as", list(view.read_as))
    yield from _list(page, indent, "counterexample", list(view.counterexample))
    yield from _list(page, indent, "true if", [page.text(formula) for formula in view.missing])
    yield from _list(page, indent, "meant", [page.text(formula) for formula in view.suggestion])
    if full and view.proof:
        yield from proof_rows(view.proof, page, indent + 2)


def proof_rows(proof: Sequence[ProofLine], page: Page, indent: int) -> Iterator[Row]:
    """The lines of a proof, each with its rule before it."""
    wide = min(32, max(width_of(line.by) for line in proof))
    for number, line in enumerate(proof):
        title = (" " * indent + ("proof" if number == 0 else "")).ljust(indent + _INDENT)
        lead = ((title, Role.NOTE), (line.by.ljust(wide + 1), Role.RULE), (f"{line.relation:1} ", Role.FORMULA))
        yield from page.formula(line.formula, indent + _INDENT + max(wide, width_of(line.by)) + 3, lead)


def _list(page: Page, indent: int, title: str, lines: list[str]) -> Iterator[Row]:
    for number, line in enumerate(lines):
        lead = ((" " * (indent + 2) + (title if number == 0 else ""), Role.NOTE),)
        yield from page.line(line, indent + 2 + _INDENT, lead)


_RELATIONS = {"<=": "≤", ">=": "≥", "propto": "∝"}


def _proof(theorem: Any) -> Iterator[ProofLine]:
    """The lines of a theorem's chain; a lemma for the other side is read from its end."""
    if theorem is None or not theorem.steps:
        return
    yield ProofLine("", "", _formula(theorem.steps[0].before))
    lemmas = dict(theorem.lemmas)
    for step in theorem.steps:
        lemma = lemmas.get(step.justification.name) if step.justification.kind == "result" else None
        if lemma is None or not step.justification.backward or step.path:
            relation = _RELATIONS.get(step.relation, step.relation)
            yield ProofLine(_named(step.justification, step.justification.backward), relation, _formula(step.after))
            continue
        for inner in reversed(lemma.steps):
            yield ProofLine(_named(inner.justification, not inner.justification.backward), "=", _formula(inner.before))


def _named(justification: Any, backward: bool) -> str:
    if justification.kind == "algebra":
        return "algebra"
    return str(justification.name) + (" backward" if backward and justification.kind == "rule" else "")


def _several(value: Any) -> tuple[Any, ...]:
    """Nothing, one thing or several, as a tuple."""
    if value is None or value == "":
        return ()
    return tuple(value) if isinstance(value, tuple | list) else (value,)


def _formula(value: Any) -> Formula:
    """A term as a formula, a text as it stands."""
    if isinstance(value, str):
        return Formula(value, value)
    from derive.latex import latex, unicode_text

    return Formula(unicode_text(value), latex(value))
