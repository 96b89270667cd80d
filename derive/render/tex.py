r"""A derivation as a LaTeX document of its own: `article` and `amsmath`, nothing else.

Each line stands in two columns, what justifies it and the formula, as in the terminal. Formulas are set in displayed
style inside a paragraph, so that TeX itself breaks what is too long: before a relation or a sign, the shallower in
brackets the better, never after the bar of a density.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from unicodedata import combining, decomposition, normalize

from derive.latex.lines import breakable
from derive.render.ascii import in_ascii
from derive.render.layout import Detail, shown_conditions, shown_parts, worlds_summary
from derive.render.needs import together
from derive.render.prose import Kind, segments
from derive.render.view import Condition, DerivationView, Formula, StepView

__all__ = ["aligned", "document", "fragment", "package", "relation_latex", "tex_text"]

PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage[margin=2.2cm]{geometry}
\usepackage{amsmath, amssymb}
"""


def package() -> str:
    r"""The package `derive.sty`: what a fragment needs, and `\by{…}` for authors' own lines."""
    return Path(__file__).with_name("derive.sty").read_text(encoding="utf-8")


def _definitions() -> str:
    """The package's definitions, for a document that stands alone."""
    rows = package().splitlines()
    kept = [row for row in rows if not row.startswith((r"\ProvidesPackage", r"\RequirePackage", "%"))]
    return "\n".join(kept) + "\n"


_RELATIONS = {
    "=": "=", "≤": r"\le", "≥": r"\ge", "<": "<", ">": ">", "∝": r"\propto", "≠": r"\ne", "~": r"\sim", "∼": r"\sim",
    "≈": r"\approx", ":=": ":=", "≔": ":=",
}


def relation_latex(sign: str) -> str:
    """The LaTeX of a relation's sign."""
    return _RELATIONS.get(sign, sign)


def document(view: DerivationView, detail: Detail = "normal") -> str:
    """The derivation as a document that compiles on its own."""
    name = rf"\hfill\texttt{{{tex_text(view.name)}}}" if view.title else ""
    parts = [
        PREAMBLE + _definitions() + r"\begin{document}",
        rf"\noindent{{\Large {tex_text(view.title or view.name)}}}{name}\par\medskip\hrule\medskip",
        "",
        _body(view, detail),
        r"\end{document}",
        "",
    ]
    return "\n".join(parts)


def fragment(view: DerivationView, detail: Detail = "normal") -> str:
    r"""The derivation for `\input` into a document of one's own, which has `\usepackage{derive}`."""
    first = rf"% {view.name or 'a derivation'}, written by derive; needs \usepackage{{derive}}"
    return f"{first}\n{_body(view, detail)}\n"


def _body(view: DerivationView, detail: Detail) -> str:
    """Prose, model, lines, result; paragraphs of its own kind within a group."""
    parts = [r"\begingroup\derivelines"]
    if view.prose is not None and detail != "brief":
        parts += [tex_text(view.prose.markdown), ""]
    if view.model is not None:
        parts += [rf"\textbf{{Model}} \textsf{{{tex_text(view.model.name)}}}", ""]
        listed = ",\\quad\n".join(f"${breakable(statement.latex)}$" for statement in view.model.statements)
        parts += [r"\begin{quote}\raggedright", listed, r"\end{quote}", ""]
    parts += [r"\textbf{Derivation}", "", rf"\deriveline{{}}{{{_math(view.start)}}}"]
    parts += _lines(view.steps, detail)
    if view.closing is not None and detail != "brief":
        parts += [tex_text(view.closing.markdown), ""]
    parts += _ending(view)
    parts += [r"\par\endgroup"]
    return "\n".join(parts)


def aligned(view: DerivationView) -> str:
    r"""The derivation as one `aligned` block, for notebooks and for pasting into a paper."""
    rows = [rf"& {view.start.latex}"]
    for step in view.steps:
        relation = relation_latex(step.relation)
        rows.append(rf"&{relation} {step.after.latex} && \text{{{tex_text(step.by)}}}")
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


def _lines(steps: Sequence[StepView], detail: Detail, depth: int = 0) -> Iterator[str]:
    for step in steps:
        if step.prose is not None and detail != "brief":
            yield tex_text(step.prose.markdown) + "\n"
        if step.label:
            yield rf"\textit{{{tex_text(step.label.markdown)}}}" + "\n"
            if step.before is not None:
                yield rf"\deriveline{{}}{{{_math(step.before)}}}"
        said = tex_text(step.by + (f" ({step.direction})" if step.direction == "backward" else ""))
        name = r"\quad " * depth + re.sub(r"([.-])(?=\w)", r"\1\\allowbreak{}", said)
        relation = relation_latex(step.relation)
        yield rf"\deriveline{{{name}}}{{{_math(step.after, relation)}}}"
        yield from _needs(shown_conditions(step, detail))
        yield from _lines(shown_parts(step, detail), detail, depth + 1)


def _needs(conditions: Sequence[Condition]) -> Iterator[str]:
    """What a line needs, a paragraph for each way in which conditions were met."""
    for how, formulas in together(conditions):
        listed = ", ".join(f"${breakable(formula.latex)}$" for formula in formulas)
        yield rf"\deriveneeds{{needs~{listed}{': ' + tex_text(how) if how else ''}}}"


def _ending(view: DerivationView) -> Iterator[str]:
    yield r"\textbf{Result}" + "\n"
    yield rf"\deriveline{{}}{{{_math(view.result)}}}"
    if view.given:
        yield "for " + ", ".join(f"${breakable(given.latex)}$" for given in view.given) + ".\n"
    if view.goal is not None:
        yield REACHED[view.goal.reached] + (f": {tex_text(view.goal.how)}" if view.goal.how else "") + ".\n"
        if view.shows_goal:
            yield rf"\deriveline{{goal}}{{{_math(view.goal.statement)}}}"
    if view.obligations:
        yield r"\textbf{Assumed}" + "\n"
        yield from (rf"\deriveopen{{${breakable(entry.formula.latex)}$}}" for entry in view.obligations)
        yield ""
    if view.unsettled:
        yield r"\textbf{Claimed by the model, neither proved nor refuted}" + "\n"
        yield from (rf"\deriveopen{{${breakable(claim.latex)}$}}" for claim in view.unsettled)
        yield ""
    if view.rests_on:
        yield rf"\textbf{{Rests on:}} {', '.join(map(tex_text, view.rests_on))}." + "\n"
    if tried := worlds_summary(view.steps):
        yield rf"\textbf{{Tried in worlds:}} {tex_text(tried)}." + "\n"


REACHED = {
    True: "The goal is reached",
    False: "The goal is not reached",
    None: "Whether the goal is reached is not known",
}


def _math(formula: Formula, relation: str = "") -> str:
    """The formula in displayed style, able to break."""
    text = f"{relation} {formula.latex}" if relation else formula.latex
    return rf"$\displaystyle {breakable(text)}$"


_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": "$<$", ">": "$>$", "|": "$|$", "—": "---", "–": "--",
    "“": "``", "”": "''", "‘": "`", "’": "'", "…": r"\dots{}", "−": "$-$", "≤": r"$\le$", "≥": r"$\ge$",
    "≠": r"$\ne$",
    "∝": r"$\propto$", "→": r"$\to$", "·": r"$\cdot$", "×": r"$\times$", "∈": r"$\in$", "⊥": r"$\perp$",
    "ℝ": r"$\mathbb{R}$", "∞": r"$\infty$",
    "√": r"$\surd$", "∑": r"$\sum$", "∏": r"$\prod$", "∫": r"$\int$", "∇": r"$\nabla$",
    "∂": r"$\partial$", "∥": r"$\parallel$", "‖": r"$\|$", "𝒩": r"$\mathcal{N}$", "²": "$^2$", "½": r"$\tfrac12$",
    "𝔼": r"$\mathbb{E}$", "⊤": r"$\top$", "′": "$'$", "\u00a0": "~",
}
_LATIN = re.compile(r"[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]")
_CAPITALS = {"Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"}


def tex_text(markdown: str) -> str:
    """Prose as LaTeX text: formulas stay formulas, emphasis is kept, everything else is escaped."""
    out = []
    for kind, text in segments(markdown):
        if kind is Kind.MATH:
            out.append(f"${text}$")
        elif kind is Kind.CODE:
            out.append(rf"\texttt{{{_escaped(text)}}}")
        elif kind is Kind.STRONG:
            out.append(rf"\textbf{{{_escaped(text)}}}")
        elif kind is Kind.EMPHASIS:
            out.append(rf"\emph{{{_escaped(text)}}}")
        else:
            out.append(_escaped(text))
    return "".join(out).strip()


def _escaped(text: str) -> str:
    """Text with what TeX reads as a command escaped, and signs its fonts do not have in mathematics or in ASCII."""
    return "".join(_written(c) for c in text)


def _written(c: str) -> str:
    """One character as TeX writes it."""
    if c in _SPECIAL:
        return _SPECIAL[c]
    if c.isascii() or _LATIN.match(c):
        return c
    parts = [part for part in normalize("NFKD", c) if not combining(part)]
    inside = "".join(_SPECIAL.get(part) or _greek(part) or in_ascii(part) for part in parts).replace("$", "")
    script = {"<sub>": "_", "<super>": "^"}.get(decomposition(c).partition(" ")[0])
    if script:
        return f"${script}{{{inside}}}$"
    greek = any(_greek(part) for part in parts)
    return f"${inside}$" if greek else "".join(_SPECIAL.get(sign, sign) for sign in inside)


def _greek(c: str) -> str:
    """The macro of a Greek letter that TeX has one for."""
    name = in_ascii(c)
    known = len(name) > 1 and "\u0370" <= c <= "\u03ff" and name.isalpha() and not name.startswith("omicron")
    return f"\\{name} " if known and (name.islower() or name in _CAPITALS) else ""
