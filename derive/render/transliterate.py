r"""An author's own LaTeX as Unicode, sign by sign: for formulas in prose and in rules, which nobody has to understand.

Nothing is parsed or rearranged: macros become signs, braces that group go away, `\frac{a}{b}` becomes a / b. A formula
with anything in it that is not known stays LaTeX, so nothing is lost. Terms are written by `derive.latex`, not here.
"""

from __future__ import annotations

import re
from unicodedata import normalize

__all__ = ["in_unicode"]

LONGEST = 5000
"""Longer formulas stay LaTeX."""

DEEPEST = 40
"""So do formulas with braces nested deeper than this."""

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[{}^_]|\s+|[^\\{}^_\s]", re.DOTALL)

SIGNS = {
    r"\mid": " | ", r"\vert": "|", r"\parallel": " ‖ ", r"\|": "‖", r"\Vert": "‖", r"\le": "≤", r"\leq": "≤",
    r"\ge": "≥", r"\geq": "≥", r"\ne": "≠", r"\neq": "≠", r"\propto": "∝", r"\sim": "∼", r"\approx": "≈",
    r"\in": "∈", r"\perp": "⊥", r"\to": "→", r"\mapsto": "↦", r"\infty": "∞", r"\partial": "∂", r"\nabla": "∇",
    r"\sum": "∑", r"\prod": "∏", r"\int": "∫", r"\cdot": "·", r"\times": "×", r"\pm": "±", r"\cap": "∩",
    r"\cup": "∪", r"\emptyset": "∅", r"\varnothing": "∅", r"\dots": "…", r"\ldots": "…", r"\cdots": "⋯",
    r"\top": "⊤", r"\succ": "≻", r"\succeq": "⪰", r"\langle": "⟨", r"\rangle": "⟩", r"\ell": "ℓ", r"\quad": "  ",
    r"\qquad": "    ", r"\{": "{", r"\}": "}", r"\_": "_", r"\%": "%", r"\&": "&", r"\#": "#", r"\setminus": "∖",
    r"\coloneqq": "≔", r"\implies": "⟹", r"\forall": "∀", r"\exists": "∃", r"\mathrm{d}": "d", r"\circ": "∘",
}
_SPACED = {"≤", "≥", "≠", "∝", "∼", "≈", "∈", "⊥", "→", "↦", "≻", "⪰", "≔", "⟹", "∩", "∪", "=", "<", ">", "×"}
SPACES = {r"\,", r"\;", r"\:", r"\ ", r"\>"}
DROPPED = {
    r"\!", r"\left", r"\right", r"\big", r"\Big", r"\bigl", r"\bigr", r"\Bigl", r"\Bigr", r"\bigg", r"\Bigg",
    r"\displaystyle", r"\textstyle", r"\limits", r"\nolimits", r"\nonumber",
}
PLAIN = {
    r"\mathrm", r"\text", r"\operatorname", r"\mathbf", r"\boldsymbol", r"\bm", r"\mathit", r"\textbf", r"\mbox",
    r"\operatorname*",
}
FRACTIONS = {r"\frac", r"\tfrac", r"\dfrac"}
WORDS = {
    r"\log": "log", r"\ln": "ln", r"\exp": "exp", r"\det": "det", r"\sin": "sin", r"\cos": "cos", r"\max": "max",
    r"\min": "min", r"\arg": "arg", r"\Pr": "Pr", r"\sup": "sup", r"\inf": "inf", r"\lim": "lim",
}
_ACCENTS = {
    r"\bar": "\u0304", r"\overline": "\u0304", r"\hat": "\u0302", r"\widehat": "\u0302", r"\tilde": "\u0303",
    r"\widetilde": "\u0303", r"\dot": "\u0307", r"\vec": "\u20d7",
}
_BLACKBOARD = dict(zip("CENPQRZ", "ℂ𝔼ℕℙℚℝℤ", strict=True))
_CALLIGRAPHIC = dict(zip("DFHLNXS", "𝒟ℱℋℒ𝒩𝒳𝒮", strict=True))
_GREEK_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
    "omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega varepsilon vartheta varphi"
).split()
SIGNS |= {
    f"\\{name}": sign for name, sign in zip(_GREEK_NAMES, "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩεϑφ", strict=True)
}
_LOWERED = str.maketrans("0123456789+−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_RAISED = str.maketrans(
    "0123456789+−()⊤'TNKMabcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ᵀ′ᵀᴺᴷᴹᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
)


def in_unicode(latex: str) -> str:
    """The formula in Unicode on one line, as near to what was written as plain text can be."""
    if len(latex) > LONGEST:
        return latex
    reader = _Reader(_TOKEN.findall(latex))
    text = reader.until(None)
    if reader.failed:
        return latex
    return normalize("NFC", " ".join(text.split()).replace(" _", "_").replace(" ^", "^"))


class _Reader:
    """One pass over the tokens."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0
        self.failed = False

    def until(self, end: str | None) -> str:
        """Everything up to a closing brace (or the end)."""
        out: list[str] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token == end:
                return "".join(out)
            if token == "}":
                self.failed = True
            out.append(self.sign(token))
        self.failed = self.failed or end is not None
        return "".join(out)

    def argument(self) -> str:
        """The next group, or the next sign."""
        while self.at < len(self.tokens) and self.tokens[self.at].isspace():
            self.at += 1
        if self.at >= len(self.tokens) or self.depth > DEEPEST:
            self.failed = True
            self.at = len(self.tokens)
            return ""
        token = self.tokens[self.at]
        self.at += 1
        self.depth += 1
        text = self.until("}") if token == "{" else self.sign(token)
        self.depth -= 1
        return text.strip()

    def sign(self, token: str) -> str:
        """What one token, with its arguments, becomes."""
        if token == "{":
            self.at -= 1
            return self.argument()
        if token.isspace():
            return " "
        if token in ("_", "^"):
            return self.script(token)
        if token in FRACTIONS:
            over, under = self.argument(), self.argument()
            if _one(over) and _one(under):
                return f"{over}/{under}"
            return f"{_tight(over, '+−/')} / {_tight(under, '+−/ ')}"
        if token == r"\sqrt":
            inside = self.argument()
            return f"√{inside if _one(inside) else f'({inside})'}"
        if token in _ACCENTS:
            return self.argument() + _ACCENTS[token]
        if token in (r"\mathbb", r"\mathcal", r"\mathscr"):
            table = _BLACKBOARD if token == r"\mathbb" else _CALLIGRAPHIC
            letter = self.argument()
            return table.get(letter, letter)
        return self.simple(token)

    def simple(self, token: str) -> str:
        """A token without arguments, or one whose argument stays as it is."""
        if token in PLAIN:
            return self.argument()
        if token in WORDS:
            following = next((word for word in self.tokens[self.at :] if word not in DROPPED), "")
            ahead = next((at for at in range(self.at, len(self.tokens)) if not self.tokens[at].isspace()), self.at)
            if self.tokens[ahead : ahead + 1] and self.tokens[ahead] in FRACTIONS:
                self.at = ahead + 1
                return f"{WORDS[token]}({self.sign(self.tokens[ahead])})"
            return WORDS[token] + ("" if following in ("_", "^", "(", "{") or following.isspace() else " ")
        if token in DROPPED:
            return ""
        if token in SPACES:
            return " "
        self.failed = self.failed or (token.startswith("\\") and token not in SIGNS)
        text = SIGNS.get(token, "−" if token == "-" else token)
        return f" {text} " if text in _SPACED else text

    def script(self, mark: str) -> str:
        """An index or a power."""
        inside = _squeezed(self.argument())
        table = _LOWERED if mark == "_" else _RAISED
        if inside and all(ord(c) in table for c in inside):
            return inside.translate(table)
        return mark + (inside if _one(inside) else f"{{{inside}}}")


_ONE = re.compile(r"\w[\u0300-\u036f]*'*(?:[\u2080-\u209c]+|_(?:\w|\{[^{}]*\}))?")


def _one(text: str) -> bool:
    """Whether the text is one sign or name, accents and index included."""
    return text == "*" or _ONE.fullmatch(text) is not None


def _tight(text: str, signs: str) -> str:
    """The text, in brackets where one of the signs stands open in it."""
    depth = 0
    for place, c in enumerate(text):
        depth += (c in "([{") - (c in ")]}")
        if depth == 0 and place and c in signs:
            return f"({text})"
    return text


def _squeezed(text: str) -> str:
    return text.replace(" ", "")
