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

from derive.render.ascii import in_ascii
from derive.render.layout import Detail, shown_conditions, shown_parts, worlds_summary
from derive.render.needs import together
from derive.render.prose import Kind, segments
from derive.render.view import Condition, DerivationView, Formula, StepView

__all__ = ["aligned", "breakable", "document", "fragment", "opened", "package", "relation_latex", "tex_text"]

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
        rf"{{\Large {tex_text(view.title or view.name)}}}{name}\par\medskip\hrule\medskip",
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


_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[A-Za-z0-9]|\s+|.", re.DOTALL)
_BREAK_BEFORE = {
    "=", "+", "-", "<", ">", r"\le", r"\ge", r"\leq", r"\geq", r"\propto", r"\sim", r"\ne", r"\approx", r"\cdot",
    r"\pm",
}
_NO_BREAK_AFTER = {r"\mid", r"\vert", r"\parallel", r"\|", r"\perp", r"\in", r"\to"}
_OPENING, _CLOSING = {"(", "[", r"\{", r"\langle", r"\lVert"}, {")", "]", r"\}", r"\rangle", r"\rVert"}
_FACTORS = {r"\exp", r"\log", r"\frac", r"\mathcal", r"\mathbb", r"\sum", r"\prod", r"\int", r"\det"}
_NO_OPERAND = {"", ",", ";", "^", "_"} | _OPENING | _BREAK_BEFORE
_TALL = re.compile(r"\\(?:frac|dfrac|sum|prod|int)\b")


def breakable(latex: str) -> str:
    r"""The formula with places to break marked: before signs, after commas, dearer the deeper in brackets.

    Inside braces TeX cannot break, so nothing is marked there. `\left(`…`\right)` would forbid breaks inside: they
    become brackets of a fixed size.
    """
    tokens = _TOKEN.findall(_sized(opened(latex)))
    out: list[str] = []
    braces = brackets = 0
    previous = ""
    for token in tokens:
        if token == "{":
            braces += 1
        elif token == "}":
            braces -= 1
        elif braces == 0 and token in _OPENING:
            brackets += 1
        elif braces == 0 and token in _CLOSING:
            brackets = max(0, brackets - 1)
        if braces == 0 and token in _BREAK_BEFORE and previous not in _NO_OPERAND:
            out.append(rf"\penalty{min(50 + 150 * brackets, 900)} {token}\nobreak ")
        elif braces == 0 and token in _FACTORS and previous not in _NO_OPERAND and previous not in _NO_BREAK_AFTER:
            out.append(rf"\penalty{min(300 + 150 * brackets, 900)}{token}")
        elif braces == 0 and token in _NO_BREAK_AFTER:
            out.append(rf"{token}\nobreak ")
        elif braces == 0 and token in (",", ";") and previous != "\\":
            out.append(rf"{token}\penalty{min(100 + 150 * brackets, 900)} ")
        elif braces == 0 and token == r"\,":
            out.append(rf"\,\penalty{min(200 + 150 * brackets, 900)} ")
        else:
            out.append(token)
        if not token.isspace():
            previous = token
    return "".join(out)


WIDEST = 34
"""A fraction of more glyphs than this is written so that its longer part can break."""

_PREFIXES = {r"\log", r"\exp", r"\cos", r"\sin", r"\tanh", r"\sqrt", "^", "_"}


def opened(latex: str) -> str:
    r"""The formula with fractions that are wider than a line as 1 over what is below, times what was above.

    What an author does with `\frac{a long sum}{2 v}`: `\frac{1}{2 v}\left(a long sum\right)` may break.
    """
    tokens = _TOKEN.findall(latex)
    out: list[str] = []
    place = braces = 0
    previous = ""
    while place < len(tokens):
        token = tokens[place]
        braces += (token == "{") - (token == "}")
        if token == r"\frac" and braces == 0 and previous not in _PREFIXES:
            over, after = _group(tokens, place + 1)
            under, end = _group(tokens, after)
            if over and under and _width(over) > WIDEST and _width(under) <= WIDEST:
                inside = opened("".join(over))
                single = inside.startswith((r"\left", r"\|")) and not _is_sum(over)
                out.append(rf"\frac{{1}}{{{''.join(under)}}} " + (inside if single else rf"\left({inside}\right)"))
                place, previous = end, "}"
                continue
        out.append(token)
        previous = previous if token.isspace() else token
        place += 1
    return "".join(out)


def _group(tokens: list[str], place: int) -> tuple[list[str], int]:
    """The tokens of the group that opens here, and where they end; nothing where none opens."""
    if place >= len(tokens) or tokens[place] != "{":
        return [], place
    depth = 0
    for end in range(place, len(tokens)):
        depth += (tokens[end] == "{") - (tokens[end] == "}")
        if depth == 0:
            return tokens[place + 1 : end], end + 1
    return [], place


_WITHOUT_WIDTH = {r"\left", r"\right", r"\bar", r"\sqrt", r"\mid", r"\tilde", r"\hat", r"\mathrm"}


def _width(tokens: list[str]) -> int:
    """About how many glyphs wide a formula is: a fraction as its wider half."""
    found = place = 0
    while place < len(tokens):
        token = tokens[place]
        if token == r"\frac":
            over, after = _group(tokens, place + 1)
            under, place = _group(tokens, after)
            found += max(_width(over), _width(under))
            continue
        found += token.isalnum() or token in _BREAK_BEFORE or token in ("(", ")", "[", "]", "|", r"\|", r"\mid")
        found += bool(re.fullmatch(r"\\[a-z]+", token)) and token not in _WITHOUT_WIDTH
        place += 1
    return found


def _is_sum(tokens: list[str]) -> bool:
    """Whether a sign stands outside all brackets."""
    depth = 0
    for token in tokens:
        depth += token in ("{", "(", "[", r"\left") or token in _OPENING
        depth -= token in ("}", ")", "]", r"\right") or token in _CLOSING
        if depth <= 0 and token in ("+", "-"):
            return True
    return False


def _sized(latex: str) -> str:
    r"""`\left` and `\right` outside braces as brackets of a fixed size, tall where a fraction or a sum is inside."""
    pieces = re.split(r"(\\left(?![A-Za-z])|\\right(?![A-Za-z]))", latex)
    if len(pieces) == 1:
        return latex
    stack: list[int] = []
    tall: dict[int, bool] = {}
    pair: dict[int, int] = {}
    for number, piece in enumerate(pieces):
        if piece == r"\left":
            stack.append(number)
            tall[number] = False
        elif piece == r"\right" and stack:
            opened = stack.pop()
            pair[number] = opened
            if stack and tall[opened]:
                tall[stack[-1]] = True
        elif stack and _TALL.search(piece):
            tall[stack[-1]] = True
    if stack or any(piece == r"\right" and number not in pair for number, piece in enumerate(pieces)):
        return latex
    depth = 0
    for number, piece in enumerate(pieces):
        if piece == r"\left" and depth == 0:
            pieces[number] = r"\Bigl" if tall[number] else r"\bigl"
        elif piece == r"\right" and depth == 0:
            pieces[number] = r"\Bigr" if tall[pair[number]] else r"\bigr"
        elif piece not in (r"\left", r"\right"):
            depth += _braces(piece)
    return "".join(pieces)


def _braces(piece: str) -> int:
    bare = re.sub(r"\\[{}]", "", piece)
    return bare.count("{") - bare.count("}")


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
