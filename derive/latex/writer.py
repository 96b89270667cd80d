r"""`latex(term)`: the LaTeX a careful author would write, which the reader reads back to the same term."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from types import MappingProxyType

from sympy import Basic

from derive.latex.declarations import FACTOR_LETTERS, INDEX_LETTERS, base_letter
from derive.latex.nodes import writing
from derive.latex.style import OPEN, POWER, PRODUCT, Piece, Style, unmarked
from derive.terms.printing import register_writer

_ACCENTED = re.compile(r"\\([A-Za-z]+)\s*(?:\{(.*)\}|(\\[A-Za-z]+|.)(.*))", re.DOTALL)
_ACCENTS = frozenset(
    (
        "bar", "hat", "tilde", "dot", "ddot", "vec", "check", "breve", "acute", "grave", "widehat", "widetilde",
        "overline", "underline", "mathring", "mathcal", "mathbb", "mathfrak", "mathscr", "mathsf", "mathtt",
    )
)  # fmt: skip
_MARKED = re.compile(r"(?:\^\*|\^\+|\^-|\^\{\\mathrm\{[^{}]*\}\}|\^\{-1\}|\^\{\(\\cdot\)\})+$")
_ONE_TOKEN = re.compile(r"\\[A-Za-z]+|[A-Za-z0-9]")
_DELIMITERS = {"(": ("(", ")"), "[": ("[", "]"), "|": ("|", "|"), "‖": (r"\|", r"\|"), "⟨": (r"\langle ", r" \rangle"),
               "{": (r"\{", r"\}")}  # fmt: skip


@lru_cache(maxsize=4096)
def _name(name: str) -> str:
    r"""A canonical name as it is typed: `\bar\alpha` is `\bar{\alpha}`, `SNR` is `\mathrm{SNR}`."""
    primes = name[len(name.rstrip("'")) :]
    base = name[: len(name) - len(primes)] if primes else name
    mark = _MARKED.search(base)
    if mark and mark.start():
        return _name(base[: mark.start()]) + mark.group() + primes
    found = _ACCENTED.fullmatch(base)
    if found and found[1] in _ACCENTS:
        inside = found[2] if found[2] is not None else found[3] + found[4]
        if found[1].startswith("math") and inside.strip().isalpha():
            return f"\\{found[1]}{{{inside.strip()}}}{primes}"
        return f"\\{found[1]}{{{_name(inside.strip())}}}{primes}"
    if len(base) > 1 and base.replace("-", "").isalnum():
        return f"\\mathrm{{{base}}}{primes}"
    if len(base) > 1 and not any(char in base for char in "\\{}^"):
        return f"\\text{{{base}}}{primes}"
    return name


_HEAD = re.compile(
    r"(?:.*[\s}])?((?:\\(?:bar|tilde|hat|dot)\{)?(\\?[A-Za-z]+)\}?((?:_(?:\w|\\[a-z]+|\{[^{}]*\}))?'*))", re.DOTALL
)


def _like_a_call(before: str, after: str) -> bool:
    r"""Whether a name before a bracket would be read back as what takes the bracket: `f (a + b)`, `\delta (x - y)`."""
    if not after.startswith(("(", r"\left(")):
        return False
    found = _HEAD.fullmatch(before)
    if found is None:
        return False
    name, subscript = found[2], found[3]
    greek = name.startswith("\\") and name[1:2].islower()
    if (greek and name != r"\delta" and "(" not in after[1:]) or name in (r"\Sigma", r"\Lambda", "I"):
        return False
    if (len(name) > 1 and not greek) or name.isupper():
        return False
    if not subscript and name in FACTOR_LETTERS:
        return False
    return not re.search(rf"(?<![A-Za-z\\]){re.escape(found[1])}(?![A-Za-z_({{'^])", after)


@lru_cache(maxsize=4096)
def _subscripted(index: str) -> str:
    return f"_{index}" if _ONE_TOKEN.fullmatch(unmarked(index)) else f"_{{{index}}}"


class Latex(Style):
    """LaTeX for one term."""

    signs = MappingProxyType(
        {
            "+": "+", "-": "-", "Equal": " = ", "LessEqual": r" \le ", "GreaterEqual": r" \ge ", "Less": " < ",
            "Greater": " > ", "Unequal": r" \ne ", "Approximate": r" \approx ", "Definition": " := ",
            "Named": " =: ", "Proportional": r" \propto ", "Scaled": r" \propto ", "mid": r" \mid ",
            "normal": r"\mathcal{N}", "E": r"\mathbb{E}", "Var": r"\mathrm{Var}", "Cov": r"\mathrm{Cov}",
            "KL": r"D_{\mathrm{KL}}", "H": "H",
            "parallel": r" \,\|\, ", "sim": r" \sim ", "nabla": r"\nabla", "dot": r" \cdot", "sum": r"\sum",
            "prod": r"\prod", "infinity": r"\infty", "pi": r"\pi", "i": r"\mathrm{i}", "top": r"\top",
            "inverse": "-1", "complement": "c", "cap": r" \cap ", "cup": r" \cup ", "perp": r" \perp ",
            "in": r" \in ", "reals": r"\mathbb{R}", "naturals": r"\mathbb{N}", "times": r" \times ",
            "succ": r" \succ ", "succeq": r" \succeq ", "bigcap": r"\bigcap", "bigcup": r"\bigcup",
            "one": r"\mathbf{1}", "to": r" \to ", "odot": r" \odot ", "differential": r"\mathrm{d}",
            "partial": r"\partial ",
        }
    )  # fmt: skip
    words = MappingProxyType(
        {
            name: f"\\{name}"
            for name in (
                "log", "exp", "cos", "sin", "tan", "cosh", "sinh", "tanh", "max", "min", "arctan", "arcsin", "arccos",
                "det",
            )
        }
    )  # fmt: skip

    def name(self, name: str) -> str:
        return _name(name)

    def label(self, name: str) -> str:
        """A subscript that is a word; upright where a letter in its place would be an index or a parameter."""
        if name.startswith("\\math"):
            return _name(name)
        if name in INDEX_LETTERS or name.startswith("\\"):
            return f"\\mathrm{{{name}}}"
        return _name(name)

    def word(self, name: str) -> str:
        return self.words.get(name) or f"\\operatorname{{{name}}}"

    def prose(self, words: str) -> str:
        return f"\\text{{{words}}}"

    def raised(self, name: str, base: str, exponent: str) -> str:
        """A power, kept apart from the complement `^c` and, on capitals, from the transpose `^T`."""
        plain = unmarked(exponent)
        if plain == "c":
            exponent = f"({exponent})"
        if plain == "T" and base_letter(name).isupper():
            return self.power(f"({base})", exponent)
        return self.power(self.protected(name, base), exponent)

    def protected(self, name: str, text: str) -> str:
        return f"{{{text}}}" if "'" in name or "^" in name else text

    def indexed(self, base: str, index: str) -> str:
        return base + _subscripted(index)

    def subscript(self, head: str, index: str) -> str:
        return head + _subscripted(index)

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^{exponent}" if _ONE_TOKEN.fullmatch(unmarked(exponent)) else f"{base}^{{{exponent}}}"

    def limits(self, sign: str, lower: str, upper: str) -> str:
        return f"{sign}_{{{lower}}}^{{{upper}}}"

    def fraction(self, over: Piece, under: Piece) -> Piece:
        if self.script:
            left, right = self.tight(over, PRODUCT), self.tight(under, POWER)
            return Piece(f"{left.text}/{right.text}", PRODUCT)
        return Piece(f"\\frac{{{over.text}}}{{{under.text}}}", POWER, True)

    def closed(self, piece: Piece) -> bool:
        return unmarked(piece.text).startswith(r"\frac{")

    def root(self, radicand: Piece) -> Piece:
        return Piece(f"\\sqrt{{{radicand.text}}}", POWER, radicand.tall)

    def enclose(self, kind: str, text: str, tall: bool) -> str:
        left, right = _DELIMITERS[kind]
        return f"\\left{left}{text}\\right{right.lstrip()}" if tall else f"{left}{text}{right}"

    def juxtapose(self, pieces: Sequence[Piece]) -> str:
        text = pieces[0].text
        before = unmarked(text) if self._marks else text
        for piece in pieces[1:]:
            after = unmarked(piece.text) if self._marks else piece.text
            if after[0].isdigit() or _like_a_call(before, after):
                gap = r" \cdot "
            elif before.isdigit():
                gap = ""
            elif before.startswith(r"\sqrt{") and after[0] not in "(" and not after.startswith((r"\sqrt{", r"\left")):
                gap = r"\,"
            else:
                gap = " "
            text += gap + piece.text
            before = after
        return text

    def partial(self, variable: str) -> str:
        return f"\\frac{{\\partial}}{{\\partial {variable}}}"

    def numbered(self, base: str, index: str) -> str:
        return f"{base}^{{({index})}}"

    def operator(self, word: str) -> str:
        return {"argmax": r"\arg\max", "argmin": r"\arg\min"}.get(word, f"\\{word}")

    def cases(self, rows: Sequence[tuple[str, str | None]]) -> str:
        lines = (
            f"{value} & \\text{{otherwise}}" if condition is None else f"{value} & \\text{{if }} {condition}"
            for value, condition in rows
        )
        joined = r" \\ ".join(lines)
        return f"\\begin{{cases}} {joined} \\end{{cases}}"

    def grid(self, table: Sequence[Sequence[str]]) -> str:
        rows = r" \\ ".join(" & ".join(row) for row in table)
        return f"\\begin{{bmatrix}} {rows} \\end{{bmatrix}}"

    def chosen(self, over: str, under: str) -> str:
        return f"\\binom{{{over}}}{{{under}}}"

    def evaluated(self, body: Piece, where: str) -> Piece:
        return Piece(f"\\left. {body.text} \\right|_{{{where}}}", POWER, body.tall)

    def integral(self, bounds: Sequence[tuple[str, str]], body: str, variables: Sequence[str]) -> Piece:
        signs = (f"\\int_{{{low}}}^{{{high}}}" if low or high else r"\int" for low, high in reversed(bounds))
        measures = (f"\\, d{variable}" for variable in variables)
        return Piece(f"{' '.join(signs)} {body} {' '.join(measures)}", OPEN, True)


def latex(term: Basic) -> str:
    """The LaTeX of a term or a statement."""
    return Latex(writing, frozenset()).write(term).text


register_writer("latex", latex)
