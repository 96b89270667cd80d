"""What a formula is set in: pieces of text, and what a style must know to set them (LaTeX, Unicode, ASCII).

Parts that are to be marked carry two private characters around them through every rearrangement; `derive.latex.marks`
takes them out again and reports where they stood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sympy import Basic

MARK_OPEN, MARK_CLOSE = "\ue000", "\ue001"
_NO_MARKS = str.maketrans("", "", MARK_OPEN + MARK_CLOSE)

SUM, NEGATIVE, PRODUCT, OPEN, POWER, ATOM = range(6)
"""How tightly a piece holds together. OPEN: a prefix such as a logarithm or ∑, whose body reaches to the right."""

Path = tuple[Any, ...] | None


class Piece(NamedTuple):
    """Text, how tightly it holds together, and whether it stands taller than a line."""

    text: str
    level: int = ATOM
    tall: bool = False


def unmarked(text: str) -> str:
    """The text without the characters that mark its parts."""
    return text.translate(_NO_MARKS)


def below(path: Path, *steps: Any) -> Path:
    """The path of a part; None where nobody asked for paths."""
    return None if path is None else (*path, *steps)


class Style:
    """How to set names, fractions, brackets. A subclass is one way of writing; an instance writes one term."""

    signs: Mapping[str, str] = {}

    def __init__(self, table: Callable[[type], Callable[[Any, Any, Path], Piece]], marks: frozenset[Any]) -> None:
        self._table = table
        self._marks = marks
        self.script = 0

    def write(self, term: Basic, path: Path = None) -> Piece:
        """The piece for a term that stands alone: between brackets, beside a relation, as a whole."""
        return self.marked(self._table(type(term))(self, term, path), path)

    def marked(self, piece: Piece, path: Path) -> Piece:
        """The piece, with the marks around it if its path is among those to be marked."""
        if path is None or path not in self._marks:
            return piece
        return piece._replace(text=MARK_OPEN + piece.text + MARK_CLOSE)

    def small(self, term: Basic, path: Path = None) -> Piece:
        """The piece for a term in an index, an exponent, a limit: written closer, with fractions on the line."""
        self.script += 1
        try:
            return self.write(term, path)
        finally:
            self.script -= 1

    def tight(self, piece: Piece, level: int) -> Piece:
        """The piece, in parentheses where it holds together less tightly than asked."""
        return piece if piece.level >= level else self.bracketed("(", piece)

    def bracketed(self, kind: str, *pieces: Piece, separator: str = ", ") -> Piece:
        """The pieces in brackets of a kind: "(", "[", "|", "‖", "⟨"."""
        tall = any(piece.tall for piece in pieces)
        return Piece(self.enclose(kind, separator.join(piece.text for piece in pieces), tall), ATOM, tall)

    # -- what a style says ------------------------------------------------------------------------------------------

    def name(self, name: str) -> str:
        raise NotImplementedError

    def label(self, name: str) -> str:
        raise NotImplementedError

    def word(self, name: str) -> str:
        """The name of a function."""
        raise NotImplementedError

    def prose(self, words: str) -> str:
        """Words within a statement."""
        raise NotImplementedError

    def raised(self, name: str, base: str, exponent: str) -> str:
        """A power with an exponent that is a term; `name` is that of the base, empty where it has none."""
        return self.power(self.protected(name, base), exponent)

    def protected(self, name: str, text: str) -> str:
        """A name that is to carry an exponent, where the name itself ends in a raised sign."""
        return text

    def listed(self, pieces: Iterable[Piece]) -> Piece:
        """The pieces between commas."""
        rows = list(pieces)
        level = rows[0].level if len(rows) == 1 else SUM
        return Piece(", ".join(piece.text for piece in rows), level, any(piece.tall for piece in rows))

    def indexed(self, base: str, index: str) -> str:
        raise NotImplementedError

    def power(self, base: str, exponent: str) -> str:
        raise NotImplementedError

    def limits(self, sign: str, lower: str, upper: str) -> str:
        raise NotImplementedError

    def subscript(self, head: str, index: str) -> str:
        raise NotImplementedError

    def fraction(self, over: Piece, under: Piece) -> Piece:
        raise NotImplementedError

    def closed(self, piece: Piece) -> bool:
        """Whether the piece is a fraction whose line shows where it ends."""
        raise NotImplementedError

    def partial(self, variable: str) -> str:
        raise NotImplementedError

    def root(self, radicand: Piece) -> Piece:
        raise NotImplementedError

    def enclose(self, kind: str, text: str, tall: bool) -> str:
        raise NotImplementedError

    def juxtapose(self, pieces: Sequence[Piece]) -> str:
        raise NotImplementedError

    def numbered(self, base: str, index: str) -> str:
        """`x^{(i)}`, the i-th of a sample."""
        raise NotImplementedError

    def operator(self, word: str) -> str:
        """The sign of an optimum or a limit, which takes what stands below it as a subscript."""
        raise NotImplementedError

    def cases(self, rows: Sequence[tuple[str, str | None]]) -> str:
        """Values and their conditions, None for the last of all."""
        raise NotImplementedError

    def grid(self, table: Sequence[Sequence[str]]) -> str:
        """The rows of a matrix."""
        raise NotImplementedError

    def chosen(self, over: str, under: str) -> str:
        """A binomial coefficient."""
        raise NotImplementedError

    def evaluated(self, body: Piece, where: str) -> Piece:
        raise NotImplementedError

    def integral(self, bounds: Sequence[tuple[str, str]], body: str, variables: Sequence[str]) -> Piece:
        raise NotImplementedError

    def space(self, power: int, field: str, tall: bool = False) -> str:
        raise NotImplementedError


Writing = Callable[[Style, Any, Path], Piece]
"""What sets one kind of node: a style, the term and the path of the term give a piece."""
