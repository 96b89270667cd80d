"""`unicode_text(term)`: one line for the terminal, ᾱₜ₋₁ and √(1 − ᾱₜ); `ascii_text(term)` where there is no Unicode.

Fractions are a/b with what is below the line always held together, so that a/b c is (a/b) c.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from types import MappingProxyType

from sympy import Basic

from derive.latex.nodes import writing
from derive.latex.style import ATOM, MARK_CLOSE, MARK_OPEN, OPEN, POWER, PRODUCT, Piece, Style, unmarked
from derive.terms.printing import register_writer

_LETTERS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "varkappa": "ϰ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "omicron": "ο", "pi": "π", "varpi": "ϖ", "rho": "ρ", "varrho": "ϱ", "sigma": "σ", "varsigma": "ς",
    "tau": "τ", "upsilon": "υ", "phi": "ϕ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ",
    "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ",
    "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ", "emptyset": "∅", "cdot": "·",
}  # fmt: skip
_ACCENTS = {
    "bar": "\u0304", "overline": "\u0304", "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303",
    "widetilde": "\u0303", "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7", "check": "\u030c", "breve": "\u0306",
    "acute": "\u0301", "grave": "\u0300", "mathring": "\u030a", "underline": "\u0332",
}  # fmt: skip
_ALPHABETS = {"mathcal": "SCRIPT", "mathscr": "SCRIPT", "mathbb": "DOUBLE-STRUCK", "mathfrak": "FRAKTUR"}
_MARKED = re.compile(r"(?:\^\*|\^\+|\^-|\^\{\\mathrm\{[^{}]*\}\}|\^\{-1\}|\^\{\(\\cdot\)\})+$")
_WORD = re.compile(r"[A-Za-z]{2}")
_NAME = re.compile(r"\\([A-Za-z]+)\s*(.*)", re.DOTALL)

_KEPT = {ord(MARK_OPEN): MARK_OPEN, ord(MARK_CLOSE): MARK_CLOSE}
_LOWERED = _KEPT | {
    ord(plain): low for plain, low in zip(
        "0123456789+−=()aehijklmnoprstuvxβγρχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵪ", strict=True)
}  # fmt: skip
_RAISED = _KEPT | {
    ord(plain): high for plain, high in zip(
        "0123456789+−abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True)
}  # fmt: skip
_LIMIT = _RAISED | {ord("T"): "ᵀ", ord("N"): "ᴺ", ord("K"): "ᴷ", ord("M"): "ᴹ"}

_BRACKETS = {"(": ("(", ")"), "[": ("[", "]"), "|": ("|", "|"), "‖": ("‖", "‖"), "⟨": ("⟨", "⟩"), "{": ("{", "}")}


@lru_cache(maxsize=4096)
def _name(name: str) -> str:
    r"""A canonical name in Unicode: `\bar\alpha` is ᾱ."""
    primes = name[len(name.rstrip("'")) :]
    base = name[: len(name) - len(primes)] if primes else name
    mark = _MARKED.search(base)
    if mark and mark.start():
        shown = mark.group().replace("^{(\\cdot)}", "⁽·⁾").replace("^{-1}", "⁻¹").replace("^+", "⁺").replace("^-", "⁻")
        shown = shown.replace("^*", "*").replace("^{\\mathrm{", "^").replace("}}", "")
        return _name(base[: mark.start()]) + shown + "′" * len(primes)
    return unicodedata.normalize("NFC", _spelled(base)) + "′" * len(primes)


def _spelled(base: str) -> str:
    base = base.strip()
    if base.startswith("{") and base.endswith("}"):
        base = base[1:-1].strip()
    found = _NAME.fullmatch(base)
    if not found:
        return base
    macro, rest = found.groups()
    if macro in _ACCENTS and rest:
        inside = _spelled(rest)
        return inside[:1] + _ACCENTS[macro] + inside[1:]
    if macro in _ALPHABETS and rest:
        return "".join(_lettered(letter, _ALPHABETS[macro]) for letter in _spelled(rest))
    return _LETTERS.get(macro, macro) + _spelled(rest)


def _lettered(letter: str, alphabet: str) -> str:
    for name in (f"MATHEMATICAL {alphabet} CAPITAL {letter}", f"{alphabet} CAPITAL {letter}"):
        try:
            return unicodedata.lookup(name)
        except KeyError:
            continue
    return letter


def lowered(text: str) -> str | None:
    """The text as an index in Unicode's own small letters; None where one of them is missing."""
    return text.translate(_LOWERED) if all(ord(char) in _LOWERED for char in text) else None


def raised(text: str) -> str | None:
    """The text as an exponent in Unicode's own small letters; None where one of them is missing."""
    return text.translate(_RAISED) if all(ord(char) in _RAISED for char in text) else None


class Unicode(Style):
    """One line of Unicode for one term."""

    signs = MappingProxyType(
        {
            "+": "+", "-": "−", "Equal": " = ", "LessEqual": " ≤ ", "GreaterEqual": " ≥ ", "Less": " < ",
            "Greater": " > ", "Unequal": " ≠ ", "Approximate": " ≈ ", "Definition": " := ", "Named": " =: ",
            "Proportional": " ∝ ", "Scaled": " ∝ ",
            "mid": " | ", "normal": "𝒩", "E": "𝔼", "Var": "Var", "Cov": "Cov", "KL": "D_KL", "H": "H",
            "parallel": " ‖ ", "sim": " ∼ ", "nabla": "∇", "dot": " ·", "sum": "∑", "prod": "∏", "infinity": "∞",
            "pi": "π", "i": "i", "top": "ᵀ", "inverse": "⁻¹", "complement": "ᶜ", "cap": " ∩ ", "cup": " ∪ ",
            "perp": " ⊥ ", "in": " ∈ ", "reals": "ℝ", "naturals": "ℕ", "times": "×", "succ": " ≻ ", "succeq": " ⪰ ",
            "bigcap": "⋂", "bigcup": "⋃", "one": "𝟏", "to": " → ", "odot": " ⊙ ", "differential": "d", "partial": "∂",
        }
    )  # fmt: skip
    integral_sign, partial_sign, differential = "∫", "∂", "d"

    def name(self, name: str) -> str:
        return _name(name)

    def label(self, name: str) -> str:
        return _name(name)

    def word(self, name: str) -> str:
        return name

    def prose(self, words: str) -> str:
        return words

    def protected(self, name: str, text: str) -> str:
        return text

    def indexed(self, base: str, index: str) -> str:
        return self.subscript(base, index)

    def subscript(self, head: str, index: str) -> str:
        if all(ord(char) in _LOWERED for char in index):
            return head + index.translate(_LOWERED)
        return f"{head}_{index}" if len(unmarked(index)) == 1 else f"{head}_{{{index}}}"

    def power(self, base: str, exponent: str) -> str:
        if exponent in ("ᵀ", "⁻¹", "ᶜ"):
            return base + exponent
        if all(ord(char) in _RAISED for char in exponent):
            return base + exponent.translate(_RAISED)
        return f"{base}^{exponent}" if len(unmarked(exponent)) == 1 else f"{base}^({exponent})"

    def limits(self, sign: str, lower: str, upper: str) -> str:
        if all(ord(char) in _LIMIT for char in upper) and all(ord(char) in _LOWERED for char in lower):
            return sign + lower.translate(_LOWERED) + upper.translate(_LIMIT)
        return f"{sign}_{{{lower}}}^{{{upper}}}" if upper else f"{sign}_{{{lower}}}"

    def fraction(self, over: Piece, under: Piece) -> Piece:
        return Piece(f"{self.tight(over, PRODUCT).text}/{self.tight(under, POWER).text}", PRODUCT)

    def closed(self, piece: Piece) -> bool:
        return False

    def root(self, radicand: Piece) -> Piece:
        return Piece("√" + self.tight(radicand, ATOM).text, POWER)

    def enclose(self, kind: str, text: str, tall: bool) -> str:
        left, right = _BRACKETS[kind]
        return left + text + right

    def juxtapose(self, pieces: Sequence[Piece]) -> str:
        text = pieces[0].text
        before = unmarked(text) if self._marks else text
        for piece in pieces[1:]:
            after = unmarked(piece.text) if self._marks else piece.text
            if after[0].isdigit():
                text += self.times + piece.text
            elif before == "π" or (before.isdigit() and (after[0] == "(" or not self.spaced(after))):
                text += piece.text
            else:
                text += " " + piece.text
            before = after
        return text

    times = "·"

    def spaced(self, after: str) -> bool:
        """Whether a number keeps its distance from what follows: from a word."""
        return _WORD.match(after) is not None

    def partial(self, variable: str) -> str:
        return f"{self.partial_sign}/{self.partial_sign}{variable}"

    def numbered(self, base: str, index: str) -> str:
        """x⁽ⁱ⁾."""
        if all(ord(char) in _RAISED for char in index):
            return f"{base}⁽{index.translate(_RAISED)}⁾"
        return f"{base}^({index})"

    def operator(self, word: str) -> str:
        return word

    def cases(self, rows: Sequence[tuple[str, str | None]]) -> str:
        lines = (f"{value} otherwise" if when is None else f"{value} if {when}" for value, when in rows)
        return "{" + "; ".join(lines) + "}"

    def grid(self, table: Sequence[Sequence[str]]) -> str:
        return "[" + "; ".join(", ".join(row) for row in table) + "]"

    def chosen(self, over: str, under: str) -> str:
        return f"C({over}, {under})"

    def evaluated(self, body: Piece, where: str) -> Piece:
        return Piece(f"[{body.text}]_{{{where}}}", ATOM)

    def integral(self, bounds: Sequence[tuple[str, str]], body: str, variables: Sequence[str]) -> Piece:
        signs = (
            f"{self.integral_sign}_{{{low}}}^{{{high}}}" if low or high else self.integral_sign
            for low, high in reversed(bounds)
        )  # fmt: skip
        measures = (self.differential + variable for variable in variables)
        return Piece(f"{' '.join(signs)} {body} {' '.join(measures)}", OPEN)


_WORDS = {"mathcal", "mathbb", "mathfrak", "mathscr"}


class Ascii(Unicode):
    """One line of ASCII for one term: alphabar_{t-1}, sqrt(1 - alphabar_t)."""

    signs = MappingProxyType(
        {
            "+": "+", "-": "-", "Equal": " = ", "LessEqual": " <= ", "GreaterEqual": " >= ", "Less": " < ",
            "Greater": " > ", "Unequal": " != ", "Approximate": " ~= ", "Definition": " := ", "Named": " =: ",
            "Proportional": " propto ", "Scaled": " propto ",
            "mid": " | ", "normal": "N", "E": "E", "Var": "Var", "Cov": "Cov",
            "KL": "D_KL", "H": "H", "parallel": " || ", "sim": " ~ ", "nabla": "grad", "dot": " .", "sum": "sum",
            "prod": "prod", "infinity": "inf", "pi": "pi", "i": "i", "top": "T", "inverse": "-1", "complement": "c",
            "cap": " and ", "cup": " or ", "perp": " _|_ ", "in": " in ", "reals": "R", "naturals": "N",
            "times": "x", "succ": " > ", "succeq": " >= ", "bigcap": "all", "bigcup": "any", "one": "1", "to": " -> ",
            "odot": " .* ", "differential": "d", "partial": "d",
        }
    )  # fmt: skip
    integral_sign, partial_sign, differential, times = "int", "d", "d", "*"

    def name(self, name: str) -> str:
        return _ascii_name(name)

    def label(self, name: str) -> str:
        return _ascii_name(name)

    def subscript(self, head: str, index: str) -> str:
        return f"{head}_{index}" if unmarked(index).isalnum() else f"{head}_{{{index}}}"

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^{exponent}" if unmarked(exponent).isalnum() else f"{base}^({exponent})"

    def limits(self, sign: str, lower: str, upper: str) -> str:
        return f"{sign}_{{{lower}}}^{{{upper}}}"

    def root(self, radicand: Piece) -> Piece:
        return Piece(f"sqrt({radicand.text})", POWER)

    def numbered(self, base: str, index: str) -> str:
        return f"{base}^({index})"

    def enclose(self, kind: str, text: str, tall: bool) -> str:
        left, right = {"‖": ("||", "||"), "⟨": ("<", ">")}.get(kind) or _BRACKETS[kind]
        return left + text + right


@lru_cache(maxsize=4096)
def _ascii_name(name: str) -> str:
    primes = name[len(name.rstrip("'")) :]
    base = name[: len(name) - len(primes)] if primes else name
    macros = re.findall(r"\\[A-Za-z]+|[A-Za-z0-9]+", base)
    letters = [part.removeprefix("\\") for part in macros]
    accents = [part for part in letters if part in _ACCENTS]
    kept = [part for part in letters if part not in _ACCENTS and part not in _WORDS]
    return "".join(kept + accents) + primes


def unicode_text(term: Basic) -> str:
    """One line of Unicode for a term or a statement."""
    return Unicode(writing, frozenset()).write(term).text


def ascii_text(term: Basic) -> str:
    """One line of ASCII for a term or a statement."""
    return Ascii(writing, frozenset()).write(term).text


register_writer("unicode", unicode_text)
