"""From a term to boxes: one more way of writing beside LaTeX and Unicode, with the same table of nodes.

The table joins pieces of text. Here a piece of text stands for boxes: each box that is finished is one private
character, and what is left when the term is written is read off as a row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sympy import Basic

from derive.latex.nodes import writing
from derive.latex.style import OPEN, POWER, PRODUCT, Piece, Style, unmarked
from derive.latex.unicode import Unicode
from derive.render.boxes import Accented, Box, Bracketed, Fraction, Glyph, Kind, Limits, Root, Row, Scripts
from derive.render.letters import ACCENTS, letter

__all__ = ["boxes_of"]

FIRST = 0xF0000
"""The private characters that stand for boxes begin here."""

_INVISIBLE_TIMES = "\u2062"
_BRACKETS = {"(": ("(", ")"), "[": ("[", "]"), "|": ("|", "|"), "‖": ("‖", "‖"), "⟨": ("⟨", "⟩")}
_ACCENTED = re.compile(r"\\([A-Za-z]+)\s*(?:\{(.*)\}|(\\[A-Za-z]+|.)(.*))", re.DOTALL)
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[A-Za-z]+|\s+|:=|.", re.DOTALL)


@lru_cache(maxsize=4096)
def name_box(name: str) -> Row:
    r"""A canonical name as boxes: `\bar\alpha` is an α under a bar, `SNR` a word."""
    primes = len(name) - len(name.rstrip("'"))
    base = name[: len(name) - primes] if primes else name
    star = base.endswith("^*")
    base = base.removesuffix("^*")
    found = _ACCENTED.fullmatch(base)
    items: tuple[Box, ...]
    if found and found[1] in ACCENTS:
        inside = found[2] if found[2] is not None else found[3] + found[4]
        items = (Accented(name_box(inside.strip()), ACCENTS[found[1]]),)
    else:
        text = letter(base)
        items = (Glyph(Kind.NAME if len(text) == 1 else Kind.WORD, text),)
    if primes or star:
        raised = Row((Glyph(Kind.SIGN, "*" if star else "′" * primes),))
        items = (Scripts(Row(items), None, raised),)
    return Row(items)


class Boxes(Style):
    """Boxes for one term."""

    signs = MappingProxyType(
        {
            **Unicode.signs, "KL": "\ue010", "inverse": "−1", "top": "⊤", "complement": "c", "normal": "𝒩",
            "Var": "\ue011", "Cov": "\ue012", "H": "\ue013",
        }
    )  # fmt: skip
    _fixed = MappingProxyType(
        {
            "\ue010": Scripts(Row((Glyph(Kind.NAME, "D"),)), Row((Glyph(Kind.WORD, "KL"),))),
            "\ue011": Glyph(Kind.WORD, "Var"), "\ue012": Glyph(Kind.WORD, "Cov"), "\ue013": Glyph(Kind.NAME, "H"),
        }
    )  # fmt: skip

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.kept: list[Box] = []

    def keep(self, box: Box) -> str:
        """The character that stands for a box."""
        self.kept.append(box)
        return chr(FIRST + len(self.kept) - 1)

    def row(self, text: str) -> Row:
        """The boxes that a piece of text stands for."""
        return Row(tuple(self._glyphs(text)))

    def _glyphs(self, text: str) -> Sequence[Box]:
        items: list[Any] = []
        for token in _TOKEN.findall(unmarked(text)):
            code = ord(token[0])
            if code >= FIRST:
                box = self.kept[code - FIRST]
                items += box.items if isinstance(box, Row) else (box,)
            elif token in self._fixed:
                items.append(self._fixed[token])
            elif token.isspace():
                if items and isinstance(items[-1], Glyph) and items[-1].kind is Kind.WORD:
                    items.append(Glyph(Kind.SPACE, " "))
            elif token[0].isdigit() and token.isascii():
                items.append(Glyph(Kind.NUMBER, token))
            elif token in "𝔼𝒩":
                items.append(Glyph(Kind.WORD, token))
            elif token.isalpha():
                items.append(Glyph(Kind.NAME if len(token) == 1 else Kind.WORD, token))
            else:
                items.append(Glyph(Kind.SIGN, token))
        return items

    def name(self, name: str) -> str:
        return self.keep(name_box(name))

    def label(self, name: str) -> str:
        return self.keep(name_box(name) if name.startswith("\\") else Glyph(Kind.WORD, name))

    def word(self, name: str) -> str:
        return self.keep(Glyph(Kind.WORD, name))

    def prose(self, words: str) -> str:
        return self.keep(Glyph(Kind.TEXT, words))

    def indexed(self, base: str, index: str) -> str:
        return self.subscript(base, index)

    def subscript(self, head: str, index: str) -> str:
        base, sub = self.row(head), self.row(index)
        if len(base.items) == 1 and isinstance(base.items[0], Scripts) and base.items[0].sub is None:
            return self.keep(Scripts(base.items[0].base, sub, base.items[0].sup))
        return self.keep(Scripts(base, sub))

    def power(self, base: str, exponent: str) -> str:
        foot, sup = self.row(base), self.row(exponent)
        if len(foot.items) == 1 and isinstance(foot.items[0], Scripts) and foot.items[0].sup is None:
            return self.keep(Scripts(foot.items[0].base, foot.items[0].sub, sup))
        return self.keep(Scripts(foot, None, sup))

    def protected(self, name: str, text: str) -> str:
        return self.keep(Bracketed("(", self.row(text), ")")) if "'" in name or "^" in name else text

    def limits(self, sign: str, lower: str, upper: str) -> str:
        return self.keep(Limits(self.row(sign), self.row(lower), self.row(upper) if upper else None))

    def fraction(self, over: Piece, under: Piece) -> Piece:
        if self.script:
            left, right = self.tight(over, PRODUCT), self.tight(under, POWER)
            return Piece(f"{left.text}/{right.text}", PRODUCT)
        return Piece(self.keep(Fraction(self.row(over.text), self.row(under.text))), POWER, True)

    def closed(self, piece: Piece) -> bool:
        items = self.row(piece.text).items
        return len(items) == 1 and isinstance(items[0], Fraction)

    def partial(self, variable: str) -> str:
        return self.keep(Fraction(self.row("∂"), self.row("∂" + variable)))

    def root(self, radicand: Piece) -> Piece:
        return Piece(self.keep(Root(self.row(radicand.text))), POWER, radicand.tall)

    def enclose(self, kind: str, text: str, tall: bool) -> str:
        left, right = _BRACKETS[kind]
        return self.keep(Bracketed(left, self.row(text), right))

    def juxtapose(self, pieces: Sequence[Piece]) -> str:
        text = pieces[0].text
        for piece in pieces[1:]:
            text += ("·" if unmarked(piece.text)[:1].isdigit() else _INVISIBLE_TIMES) + piece.text
        return text

    def evaluated(self, body: Piece, where: str) -> Piece:
        inside = Bracketed("", self.row(body.text), "|")
        return Piece(self.keep(Scripts(Row((inside,)), self.row(where))), POWER, body.tall)

    def integral(self, bounds: Sequence[tuple[str, str]], body: str, variables: Sequence[str]) -> Piece:
        signs = (
            self.keep(Scripts(self.row("∫"), self.row(low), self.row(high))) if low or high else "∫"
            for low, high in reversed(bounds)
        )
        measures = (self.keep(Glyph(Kind.SPACE, " ")) + "d" + variable for variable in variables)
        return Piece("".join(signs) + body + "".join(measures), OPEN, True)


@lru_cache(maxsize=4096)
def boxes_of(term: Basic) -> Row:
    """The boxes of a term or a statement."""
    style = Boxes(writing, frozenset())
    return style.row(style.write(term).text)
