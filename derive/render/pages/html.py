"""A derivation as one HTML file: formulas, what justifies each line, and everything beneath it that can be unfolded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from derive.render.layout import holds, worlds_summary
from derive.render.mathml import mathml_parts
from derive.render.needs import how_met
from derive.render.prose import Kind, segments
from derive.render.typeset import typeset
from derive.render.view import Condition, DerivationView, Formula, Prose, Settled, StepView

__all__ = ["display", "environment", "inline", "page", "rich"]

RELATIONS = {"=": "=", "≤": "≤", "≥": "≥", "∝": "∝"}

Link = Callable[[str], str]
"""The address of the page, or the part of this page, that has this name; empty where there is none."""


def page(
    view: DerivationView, lemmas: Sequence[DerivationView] = (), link: Link | None = None, lang: str = "en"
) -> str:
    """One page: the derivation, and those it rests on beneath it. `link` finds pages of their own."""
    here = {lemma.name: f"#{lemma.name}" for lemma in lemmas}

    def address(name: str) -> str:
        return here.get(name) or (link(name) if link is not None else "")

    template = environment().get_template("derivation.html")
    return template.render(view=view, lemmas=lemmas, link=address, lang=lang, site=link is not None)


@lru_cache(maxsize=1)
def environment() -> Any:
    """Jinja's environment: our templates, everything escaped, formulas through filters of ours."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    made = Environment(
        loader=PackageLoader("derive.render.pages", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    made.filters["display"] = lambda formula: Markup(display(formula))
    made.filters["inline"] = lambda formula: Markup(inline(formula))
    made.filters["markup"] = Markup  # HTML that was made, and escaped, by us
    made.filters["rich"] = lambda prose: Markup(rich(prose))
    made.filters["line"] = lambda prose: Markup(_segments(prose.markdown if isinstance(prose, Prose) else prose))
    made.globals.update(
        assumed=lambda condition: condition.settled is Settled.ASSUMED, holds=holds, worlds=_worlds, name_of=_name,
        how=lambda condition: how_met(condition) or "holds", title=lambda view: view.title or view.name,
        open_conditions=_open, worlds_summary=worlds_summary,
    )  # fmt: skip
    return made


def display(formula: Formula) -> str:
    """A formula on a line of its own, which may break; as LaTeX where it cannot be set."""
    if formula.boxes is None:
        return f'<code class="latex">{escape(formula.latex)}</code>'
    return mathml_parts(formula.boxes)


def inline(formula: Formula) -> str:
    """A formula within a sentence, which may break as the sentence does."""
    if formula.boxes is None:
        return f'<code class="latex">{escape(formula.latex)}</code>'
    return mathml_parts(formula.boxes, display=False)


def rich(prose: Prose | str) -> str:
    """Prose in paragraphs and lists."""
    text = prose.markdown if isinstance(prose, Prose) else prose
    return "\n".join(_blocks(text))


def _blocks(text: str) -> Iterator[str]:
    for block in text.split("\n\n"):
        rows = [row for row in block.splitlines() if row.strip()]
        if rows and all(row.lstrip().startswith("- ") for row in rows):
            yield "<ul>" + "".join(f"<li>{_segments(row.lstrip()[2:])}</li>" for row in rows) + "</ul>"
        elif rows:
            yield f"<p>{_segments(' '.join(row.strip() for row in rows))}</p>"


_TAGS = {Kind.CODE: "code", Kind.STRONG: "strong", Kind.EMPHASIS: "em"}


def _segments(text: str) -> str:
    return "".join(_segment(kind, piece) for kind, piece in segments(text))


def _segment(kind: Kind, text: str) -> str:
    if kind is Kind.MATH:
        boxes = typeset(text)
        return f'<code class="latex">{escape(text)}</code>' if boxes is None else mathml_parts(boxes, display=False)
    tag = _TAGS.get(kind)
    return f"<{tag}>{escape(text)}</{tag}>" if tag else escape(text)


def _name(step: StepView) -> str:
    return step.by.replace("-", " ") if "." not in step.by else step.by


def _open(step: StepView) -> list[Condition]:
    return [condition for condition in step.conditions if condition.settled is Settled.ASSUMED]


def _worlds(step: StepView) -> str:
    """In how many worlds a line was tried."""
    found = step.worlds
    if found is None or not found.tried:
        return "" if found is None else f"Not tried in worlds{': ' + found.note if found.note else ''}."
    kinds = f" ({', '.join(found.kinds)})" if found.kinds else ""
    return f"Holds in {found.tried} random worlds{kinds}."
