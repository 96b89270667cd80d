"""A cursor over tokens: the ground that the grammar stands on, and the bounds it keeps."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

from derive.clock import tick
from derive.errors import LimitExceeded, ReadError
from derive.latex import syntax
from derive.latex.syntax import Node
from derive.latex.tokens import Scanner, Token
from derive.latex.vocabulary import DOTS, REFUSED

DEEPEST = 200
DEEPEST_EXPONENT = 8
MOST_BARS = 2_000
DEEPEST_FRACTION = 50
"""Fractions, roots and functions in each other: what SymPy asks of such towers grows with their height cubed."""

_ARROWS = (r"\to", r"\rightarrow", r"\longrightarrow", r"\mapsto")


class Cursor(ABC):
    """A cursor over the tokens of a text: what stands here, what is expected, how deep it is.

    The grammar's entry points are named here and defined below it.
    """

    def __init__(self, scanner: Scanner) -> None:
        self.scanner = scanner
        self.tokens: list[Token] = scanner.tokens
        self.place = 0
        self.depth = 0
        self.bars: list[str] = []
        self.integrals = 0
        self.differentials = False
        self.raised = 0
        self.towers = 0
        self._measure_nesting()

    @property
    def kind(self) -> str:
        return self.tokens[self.place].kind

    @property
    def text(self) -> str:
        return self.tokens[self.place].text

    @property
    def here(self) -> int:
        return self.tokens[self.place].start

    @property
    def last(self) -> int:
        """Where the token before the cursor ends."""
        return self.tokens[self.place - 1].end if self.place else 0

    def at(self, kind: str, text: str) -> bool:
        token = self.tokens[self.place]
        return token.kind == kind and token.text == text

    def at_dots(self) -> bool:
        token = self.tokens[self.place]
        return token.kind == "macro" and token.text in DOTS

    def take(self) -> Token:
        token = self.tokens[self.place]
        if token.kind != "end":
            self.place += 1
        return token

    def expect(self, kind: str, text: str) -> Token:
        if not self.at(kind, text):
            raise self.unexpected(text)
        return self.take()

    def note(self, message: str) -> None:
        self.scanner.note(message)

    def error(self, place: int, message: str, expected: str | None = None, hint: str | None = None) -> ReadError:
        return self.scanner.error(place, message, expected, hint)

    def unexpected(self, expected: str) -> ReadError:
        token = self.tokens[self.place]
        if token.kind == "end":
            return self.error(token.start, "the formula ends too early", expected)
        shown = self.scanner.text[token.start : token.end]
        if token.kind == "macro" and token.text in REFUSED:
            return self.error(token.start, REFUSED[token.text])
        if token.kind == "macro":
            return self.error(token.start, f"{shown} is not known here", expected)
        if token.text == ":" and any(later.text in _ARROWS for later in self.tokens[self.place :]):
            return self.error(token.start, "from where to where a function goes is not read", "what it is: f(x) = …")
        return self.error(token.start, f"“{shown}” does not fit here", expected)

    def _deeper(self) -> None:
        """Count a level of nesting; the caller counts it back when it is done (after an error nothing goes on)."""
        tick()
        self.depth += 1
        if self.depth > 3 * DEEPEST + 9:
            raise self._too_deep(self.here)

    @contextmanager
    def _inside(self, closer: str) -> Iterator[None]:
        """Within brackets a bar may close them; differentials of an integral outside do not end anything here."""
        kept, self.integrals = self.integrals, 0
        self.bars.append(closer)
        try:
            yield
        finally:
            self.bars.pop()
            self.integrals = kept

    def _too_deep(self, place: int, deepest: int = DEEPEST) -> LimitExceeded:
        return LimitExceeded.at(
            self.scanner.text, place, f"more than {deepest} levels of nesting", file=self.scanner.file,
            first_line=self.scanner.line,
        )  # fmt: skip

    def _measure_nesting(self) -> None:
        depth = 0
        bars = [token for token in self.tokens if token.kind == "bar"]
        if len(bars) > MOST_BARS:
            raise LimitExceeded.at(
                self.scanner.text, bars[MOST_BARS].start, f"more than {MOST_BARS:,} bars", file=self.scanner.file,
                first_line=self.scanner.line,
            )  # fmt: skip
        for token in self.tokens:
            if token.kind == "open" or (token.text == "{" and token.kind == "char"):
                depth += 1
                if depth > DEEPEST:
                    raise self._too_deep(token.start)
            elif token.kind == "close" or (token.text == "}" and token.kind == "char"):
                depth -= 1

    def raw_argument(self) -> str:
        """The text of an argument that is not read."""
        if not self.at("char", "{"):
            token = self.take()
            return token.text
        start, depth = self.here, 0
        while True:
            token = self.take()
            if token.kind == "end":
                raise self.error(start, "this brace is never closed", "}")
            if token.kind == "char" and token.text in "{}":
                depth += 1 if token.text == "{" else -1
                if depth == 0:
                    return self.scanner.text[start + 1 : token.start]

    @abstractmethod
    def expression(self) -> Node:
        """A sum of products."""

    @abstractmethod
    def _product(self) -> Node:
        """Factors side by side."""

    @abstractmethod
    def factor(self) -> Node:
        """An atom with its powers."""

    @abstractmethod
    def atom(self) -> Node:
        """A number, a name, a bracket or an operator with what it takes."""

    @abstractmethod
    def _bracketed(self) -> Node:
        """What stands in brackets that nothing before them takes."""

    @abstractmethod
    def _index_raised(self) -> bool:
        """Whether a superscript in parentheses stands here."""

    @abstractmethod
    def _raised_index(self, name: syntax.Name) -> tuple[syntax.Subscript, ...]:
        """The index that stands raised."""

    @abstractmethod
    def _signs(self) -> int:
        """The product of the signs here, 0 where there is none."""

    @abstractmethod
    def sizes(self) -> list[Node]:
        """The sizes of a space."""

    @abstractmethod
    def slots(self) -> syntax.Slots:
        """What stands in brackets."""

    @abstractmethod
    def item(self) -> Node:
        """What stands between commas."""

    @abstractmethod
    def _at_factor(self) -> bool:
        """Whether another factor begins here."""

    @abstractmethod
    def _brace_group(self) -> Node:
        """A group in braces."""

    @abstractmethod
    def _juxtaposed(self, start: int, factors: list[Node], dotted: list[bool]) -> Node:
        """The product of factors; a single one as it is."""

    @abstractmethod
    def subscript(self) -> tuple[syntax.Subscript, ...]:
        """What stands after `_`."""

    @abstractmethod
    def _separating_text(self) -> bool:
        """Whether the words here part statements."""
