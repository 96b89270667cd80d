"""A derivation as Markdown that GitHub renders: its prose as it was written, each formula in a `math` fence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
        lines = " \\\\\n".join(statement.latex for statement in view.model.statements)
        yield _fence(f"\\begin{{gathered}}\n{lines}\n\\end{{gathered}}")
    yield "## Derivation"
    yield _fence(view.start.latex)
    yield from _steps(view.steps, detail, 0)
    if view.closing is not None and detail != "brief":
        yield view.closing.markdown.strip()
    yield "## Result"
    yield _fence(view.result.latex)
    if view.given:
        yield "for " + ", ".join(f"$`{given.latex}`$" for given in view.given) + "."
    if view.goal is not None:
        yield REACHED[view.goal.reached] + (f": {view.goal.how}" if view.goal.how else "") + "."
        if view.shows_goal:
            yield _fence(view.goal.statement.latex)
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
            yield f"*{step.label.markdown}*"
            if step.before is not None:
                yield _fence(step.before.latex)
        direction = " (backward)" if step.direction == "backward" else ""
        needed = "; ".join(_needed(shown_conditions(step, detail)))
        said = f"**{step.by}**{direction}" + (f"; needs {needed}" if needed else "")
        yield _quoted(f"{said}\n\n{_fence(f'{relation_latex(step.relation)} {step.after.latex}')}", depth)
        yield from _steps(shown_parts(step, detail), detail, depth + 1)


def _needed(conditions: Sequence[Condition]) -> Iterator[str]:
    for how, formulas in together(conditions):
        yield ", ".join(f"$`{formula.latex}`$" for formula in formulas) + (f" ({how})" if how else "")


def _quoted(text: str, depth: int) -> str:
    """The text as a quotation so many times over: what stands beneath a line."""
    return "\n".join(("> " * depth + row).rstrip() for row in text.splitlines())


def _fence(latex: str) -> str:
    return f"```math\n{latex}\n```"


_OPERATOR = re.compile(r"\\operatorname\*?\s*\{([^{}]*)\}")


def _allowed(text: str) -> str:
    r"""The document without macros that GitHub does not allow: `\operatorname` is one."""
    return _OPERATOR.sub(r"\\mathop{\\mathrm{\1}}", text)
