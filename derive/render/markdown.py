"""A derivation as Markdown that GitHub renders: its prose as it was written, each formula in a `math` fence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from derive.latex.lines import related
from derive.render.layout import Detail, shown_conditions, shown_parts, worlds_summary
from derive.render.needs import together
from derive.render.tex import REACHED, relation_latex
from derive.render.view import Condition, DerivationView, StepView

__all__ = ["markdown"]


def markdown(view: DerivationView, detail: Detail = "normal") -> str:
    """The derivation as one Markdown document."""
    return _allowed("\n\n".join(_document(view, detail)) + "\n")


def _document(view: DerivationView, detail: Detail) -> Iterator[str]:
    yield f"# {view.title or view.name}"
    if view.title:
        yield f"`{view.name}`"
    if view.prose is not None and detail != "brief":
        yield view.prose.markdown.strip()
    if view.model is not None:
        yield f"Model `{view.model.name}`:"
        yield _fence(_stacked([row for statement in view.model.statements for row in related("", statement.latex)]))
    yield "## Derivation"
    yield _display(view.start.latex)
    yield from _steps(view.steps, detail, 0)
    if view.closing is not None and detail != "brief":
        yield view.closing.markdown.strip()
    yield "## Result"
    yield _display(view.result.latex)
    if view.given:
        yield "for " + ", ".join(f"$`{given.latex}`$" for given in view.given) + "."
    if view.goal is not None:
        yield REACHED[view.goal.reached] + (f": {view.goal.how}" if view.goal.how else "") + "."
        if view.shows_goal:
            yield _display(view.goal.statement.latex)
    if view.obligations:
        yield "Assumed: " + ", ".join(f"$`{obligation.formula.latex}`$" for obligation in view.obligations) + "."
    if view.unsettled:
        claims = ", ".join(f"$`{claim.latex}`$" for claim in view.unsettled)
        yield f"Claimed by the model, neither proved nor refuted; nothing here rests on it: {claims}."
    if view.rests_on:
        yield "Rests on: " + ", ".join(f"`{name}`" for name in view.rests_on) + "."
    if tried := worlds_summary(view.steps):
        yield f"Tried in worlds: {tried}."


def _steps(steps: Sequence[StepView], detail: Detail, depth: int) -> Iterator[str]:
    for step in steps:
        if step.prose is not None and detail != "brief":
            yield step.prose.markdown.strip()
        if step.label:
            yield _label(step.label.markdown)
            if step.before is not None:
                yield _display(step.before.latex)
        direction = " (backward)" if step.direction == "backward" else ""
        parts = [f"**{step.by}**{direction}", _display(step.after.latex, relation_latex(step.relation))]
        parts += ["\n".join(f"- needs {needed}" for needed in _needed(shown_conditions(step, detail)))]
        yield _quoted("\n\n".join(filter(None, parts)), depth)
        yield from _steps(shown_parts(step, detail), detail, depth + 1)


def _label(markdown: str) -> str:
    """`base` or `step, given …`, its word in italics: GitHub sets no formula that ends them."""
    word, comma, rest = markdown.partition(",")
    return f"*{word}*{comma}{rest}"


def _needed(conditions: Sequence[Condition]) -> Iterator[str]:
    for how, formulas in together(conditions):
        yield ", ".join(f"$`{formula.latex}`$" for formula in formulas) + (f": {how}" if how else "")


def _quoted(text: str, depth: int) -> str:
    """The text as a quotation so many times over: what stands beneath a line."""
    return "\n".join(("> " * depth + row).rstrip() for row in text.splitlines())


def _display(latex: str, relation: str = "") -> str:
    """A formula of its own, after its relation; in rows where it is wider than the page."""
    found = related(relation, latex)
    return _fence(f"{relation} {latex}".strip() if len(found) == 1 else _stacked(found))


def _stacked(lines: Sequence[str]) -> str:
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def _fence(latex: str) -> str:
    return f"```math\n{latex}\n```"


_REFUSED = re.compile(r"\\(?:operatorname\*?\s*\{([^{}]*)\}|(mbox|bm)(?![A-Za-z]))")
_INSTEAD = {"mbox": r"\text", "bm": r"\boldsymbol"}


def _allowed(text: str) -> str:
    r"""The document without macros that GitHub refuses (`\operatorname` and `\mbox`) or does not know (`\bm`)."""
    return _REFUSED.sub(lambda found: _INSTEAD.get(found[2]) or rf"\mathop{{\mathrm{{{found[1]}}}}}", text)
