r"""An author's own macros: `\newcommand`, `\def`, `\DeclareMathOperator` and their kin, read and expanded.

    Macros.collected(document)  -> the macros that a document defines
    macros.expanded(formula)    -> the formula with them written out, and where each piece of it came from

Expansion is that of TeX, token by token, arguments and optional arguments included; what an author wrote keeps its
place, so that an error points into the author's text and not into the expansion. A macro that comes back to itself is
refused, and what macros expand to is bounded in size. Nothing is executed but this substitution.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

from derive.errors import LimitExceeded, ReadError

MOST_EXPANDED = 100_000
"""Pieces that the macros of one text may expand to."""

MOST_CHARACTERS = 200_000
MOST_PARAMETERS = 9
_NEW = frozenset((r"\newcommand", r"\renewcommand", r"\providecommand", r"\DeclareRobustCommand"))
_DEF = frozenset((r"\def", r"\gdef", r"\edef", r"\xdef"))
_OPERATOR = r"\DeclareMathOperator"
_PAIRED = r"\DeclarePairedDelimiter"
_LET = r"\let"
DEFINING = frozenset((*_NEW, *_DEF, _OPERATOR, _PAIRED, _LET))
_PREFIXES = frozenset((r"\global", r"\long", r"\protected", r"\outer"))
_DEFINES = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|DeclareRobustCommand|[gex]?def|let"
    r"|Declare(?:Math|Paired)[A-Za-z]+)(?![A-Za-z])"
)

_TWO = frozenset(
    "\\" + name for name in "frac tfrac dfrac cfrac binom tbinom dbinom overset underset stackrel textcolor".split()
)
_ONE = frozenset(
    "\\" + name
    for name in (
        "sqrt mathbf boldsymbol bm pmb mathrm mathsf mathit mathtt mathcal mathscr mathfrak mathbb operatorname text "
        "bar tilde hat dot ddot vec overline underline widetilde widehat boxed underbrace overbrace check breve"
    ).split()
)
_PIECE = re.compile(r"\\[A-Za-z@]+|\\.|(?<!\\)%[^\n]*\n?|\s+|#\d|[^\\]|\\", re.DOTALL)


class Piece(NamedTuple):
    """A token of the text: what it says, where in the author's text it stands, which macros it came out of."""

    text: str
    start: int
    end: int
    inside: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Macro:
    r"""A macro: how many parameters it takes, what the first is where it is left out, what it stands for.

    `starred` macros (those of `\DeclarePairedDelimiter`) may have a star or a size between their name and argument;
    `final` ones (those of `\let`) stand for what a name meant where they were defined.
    """

    name: str
    parameters: int
    body: str
    default: str | None = None
    starred: bool = False
    final: bool = False


class Definition(NamedTuple):
    """A macro, and where in the text it is defined."""

    macro: Macro
    start: int
    end: int


@dataclass(frozen=True)
class Expanded:
    """A text with its macros written out; `place` and `span` lead back into the author's text."""

    text: str
    author: str
    starts: tuple[int, ...]
    pieces: tuple[Piece, ...]

    def place(self, offset: int) -> int:
        """Where in the author's text what stands at an offset came from."""
        return self.span(offset, offset)[0]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The part of the author's text that a part of the expansion came from."""
        if not self.pieces or start >= len(self.text):
            return len(self.author), len(self.author)
        first = bisect_right(self.starts, start) - 1
        last = max(first, bisect_right(self.starts, max(start, end - 1)) - 1)
        head, tail = self.pieces[first], self.pieces[last]
        verbatim = self.author[head.start : head.end] == head.text
        begin = head.start + (start - self.starts[first] if verbatim else 0)
        close = tail.end
        if self.author[tail.start : tail.end] == tail.text:
            close = tail.start + max(0, end - self.starts[last])
        return min(begin, head.end), max(close, min(begin, head.end))


@dataclass(frozen=True)
class Macros:
    """An author's macros by name; a value: every method returns another one."""

    table: Mapping[str, Macro] = field(default_factory=lambda: MappingProxyType({}))

    @staticmethod
    def collected(text: str, known: Macros | None = None) -> Macros:
        r"""The macros that a document defines, after those known; a later definition of a name counts.

        What is defined in a way that is not read (with delimited parameters, or not to its end) is left out: where
        it is used, it is an unknown macro.
        """
        macros = known or Macros()
        for definition in definitions(text):
            macros = macros.defined(definition.macro)
        return macros

    def defined(self, macro: Macro) -> Macros:
        """With one more macro, or one defined anew."""
        return Macros(MappingProxyType({**self.table, macro.name: macro}))

    def __bool__(self) -> bool:
        return bool(self.table)

    def __contains__(self, name: object) -> bool:
        return name in self.table

    def expanded(self, text: str, *, file: str | None = None, line: int = 1) -> Expanded:
        """The text with every macro written out, and the definitions in it taken out.

        Raises `ReadError` where an argument is missing or a macro comes back to itself, `LimitExceeded` where the
        expansion grows too large.
        """
        return _Expansion(text, self, file, line).result()


def has_definitions(text: str) -> bool:
    """Whether a text may define macros itself."""
    return _DEFINES.search(text) is not None


def definitions(text: str) -> list[Definition]:
    """The definitions of macros in a text, in order; comments are passed over."""
    found: list[Definition] = []
    if not has_definitions(text):
        return found
    pieces = list(_pieces(text))
    place = 0
    while place < len(pieces):
        if pieces[place].text in DEFINING:
            known = Macros(MappingProxyType({item.macro.name: item.macro for item in found}))
            read = _definition(pieces, place, known)
            if read is not None:
                macro, after = read
                start = place
                while start and pieces[start - 1].text in _PREFIXES:
                    start -= 1
                found.append(Definition(macro, pieces[start].start, pieces[after - 1].end))
                place = after
                continue
        place += 1
    return found


# ---- reading definitions ------------------------------------------------------------------------------------------


def _pieces(text: str, start: int = 0) -> Iterator[Piece]:
    for match in _PIECE.finditer(text):
        if match.group().startswith("%"):
            continue
        yield Piece(match.group(), start + match.start(), start + match.end())


def _definition(pieces: list[Piece], place: int, known: Macros) -> tuple[Macro, int] | None:
    """The macro defined at a place and where its definition ends; None where it is not read."""
    how = pieces[place].text
    place = _past_star(pieces, place + 1)
    name, place = _defined_name(pieces, place)
    if name is None:
        return None
    if how == _LET:
        return _let(pieces, place, name, known)
    if how in _DEF:
        return _def(pieces, place, name)
    if how == _OPERATOR:
        group = _group(pieces, place)
        starred = any(piece.text == "*" for piece in pieces[max(0, place - 5) : place])
        return group and (Macro(name, 0, f"\\operatorname{'*' if starred else ''}{{{group[0]}}}"), group[1])
    if how == _PAIRED:
        left = _argument(pieces, place)
        right = left and _argument(pieces, left[1])
        if left is None or right is None:
            return None
        return Macro(name, 1, f"\\left{left[0]} #1 \\right{right[0]}", None, starred=True), right[1]
    return _new(pieces, place, name)


def _new(pieces: list[Piece], place: int, name: str) -> tuple[Macro, int] | None:
    count, default = 0, None
    optional = _optional(pieces, place)
    if optional is not None:
        if not (optional[0].strip().isdecimal() and int(optional[0]) <= MOST_PARAMETERS):
            return None
        count, place = int(optional[0]), optional[1]
        first = _optional(pieces, place)
        if first is not None:
            default, place = first
    body = _argument(pieces, place)
    return body and (Macro(name, count, body[0], default), body[1])


def _def(pieces: list[Piece], place: int, name: str) -> tuple[Macro, int] | None:
    count = 0
    while place < len(pieces) and pieces[place].text != "{":
        if pieces[place].text == f"#{count + 1}":
            count += 1
        elif not pieces[place].text.isspace():
            return None
        place += 1
    body = _group(pieces, place)
    return body and (Macro(name, count, body[0]), body[1])


def _let(pieces: list[Piece], place: int, name: str, known: Macros) -> tuple[Macro, int] | None:
    place = _past_space(pieces, place)
    if place < len(pieces) and pieces[place].text == "=":
        place = _past_space(pieces, place + 1)
    if place >= len(pieces) or pieces[place].text in "{}":
        return None
    other = pieces[place].text
    same = known.table.get(other)
    if same is not None:
        return replace(same, name=name), place + 1
    return Macro(name, 0, other, final=True), place + 1


def _past_space(pieces: list[Piece], place: int) -> int:
    while place < len(pieces) and pieces[place].text.isspace():
        place += 1
    return place


def _past_star(pieces: list[Piece], place: int) -> int:
    place = _past_space(pieces, place)
    return place + 1 if place < len(pieces) and pieces[place].text == "*" else place


def _defined_name(pieces: list[Piece], place: int) -> tuple[str | None, int]:
    """The name that is defined, in braces or bare."""
    place = _past_space(pieces, place)
    if place >= len(pieces):
        return None, place
    if pieces[place].text == "{":
        inside = _group(pieces, place)
        if inside is None or not re.fullmatch(r"\\(?:[A-Za-z@]+|[^A-Za-z])", inside[0].strip()):
            return None, place
        return inside[0].strip(), inside[1]
    name = pieces[place].text
    return (name, place + 1) if name.startswith("\\") and len(name) > 1 else (None, place)


def _group(pieces: list[Piece], place: int) -> tuple[str, int] | None:
    """The text of the brace group at a place, and where it ends."""
    place = _past_space(pieces, place)
    if place >= len(pieces) or pieces[place].text != "{":
        return None
    end = _closing(pieces, place)
    return None if end is None else ("".join(piece.text for piece in pieces[place + 1 : end]), end + 1)


def _argument(pieces: list[Piece], place: int) -> tuple[str, int] | None:
    """A brace group, or the one token that stands there."""
    place = _past_space(pieces, place)
    if place >= len(pieces):
        return None
    return _group(pieces, place) if pieces[place].text == "{" else (pieces[place].text, place + 1)


def _optional(pieces: list[Piece], place: int) -> tuple[str, int] | None:
    place = _past_space(pieces, place)
    if place >= len(pieces) or pieces[place].text != "[":
        return None
    depth = 0
    for at in range(place, len(pieces)):
        text = pieces[at].text
        depth += (text == "{") - (text == "}")
        if text == "]" and depth == 0:
            return "".join(piece.text for piece in pieces[place + 1 : at]), at + 1
    return None


def _closing(pieces: list[Piece], place: int) -> int | None:
    depth = 0
    for at in range(place, len(pieces)):
        depth += (pieces[at].text == "{") - (pieces[at].text == "}")
        if depth == 0:
            return at
    return None


# ---- expansion ----------------------------------------------------------------------------------------------------


class _Expansion:
    """One text being expanded: what is still to be looked at is a stack, its next piece on top."""

    def __init__(self, text: str, macros: Macros, file: str | None, line: int) -> None:
        self.text, self.macros, self.file, self.line = text, macros, file, line
        self.waiting: list[Piece] = list(reversed(list(_pieces(text))))
        self.done: list[Piece] = []
        self.work = 0
        if len(text) > MOST_CHARACTERS:
            raise LimitExceeded(
                f"the text has {len(text):,} characters; at most {MOST_CHARACTERS:,} are read", file=file, line=line
            )

    def result(self) -> Expanded:
        while self.waiting:
            self._step()
        starts, length = [], 0
        pieces: list[Piece] = []
        for piece in self.done:
            before = pieces[-1].text if pieces else ""
            if before[:1] == "\\" and before[1:].isalpha() and piece.text[:1].isalpha():
                pieces.append(piece._replace(text=" "))
                starts.append(length)
                length += 1
            pieces.append(piece)
            starts.append(length)
            length += len(piece.text)
        return Expanded("".join(piece.text for piece in pieces), self.text, tuple(starts), tuple(pieces))

    def _error(self, piece: Piece, message: str, expected: str | None = None) -> ReadError:
        return ReadError.at(
            self.text, piece.start, message, file=self.file, first_line=self.line, expected=expected
        )

    def _count(self, piece: Piece, pieces: int) -> None:
        self.work += pieces
        if self.work > MOST_EXPANDED:
            raise LimitExceeded.at(
                self.text, piece.start, f"the macros here expand to more than {MOST_EXPANDED:,} pieces",
                file=self.file, first_line=self.line,
            )  # fmt: skip

    def _step(self) -> None:
        piece = self.waiting.pop()
        if piece.text in DEFINING or piece.text in _PREFIXES:
            self._define(piece)
            return
        macro = self.macros.table.get(piece.text)
        if macro is None:
            self.done.append(piece)
            if piece.text in _ONE or piece.text in _TWO:
                self._hold(2 if piece.text in _TWO else 1)
            return
        if macro.name in piece.inside:
            raise self._error(piece, f"the macro {macro.name} comes back to itself", "a definition that ends")
        self._expand(piece, macro)

    def _define(self, piece: Piece) -> None:
        """Take a definition out of the text; it holds from here on."""
        if piece.text in _PREFIXES:
            return
        ahead = [piece, *reversed(self.waiting)]
        read = _definition(ahead, 0, self.macros)
        if read is None:
            raise self._error(piece, "this definition of a macro is not read", r"\newcommand{\name}[n]{…}")
        macro, after = read
        self._count(piece, after)
        self.macros = self.macros.defined(macro)
        del self.waiting[len(self.waiting) - (after - 1) :]

    def _hold(self, count: int) -> None:
        r"""`\frac\a\b` as `\frac{\a}{\b}`: a macro that is an argument is one as a whole."""
        place = len(self.waiting) - 1
        for _ in range(count):
            while place >= 0 and self.waiting[place].text.isspace():
                place -= 1
            if place < 0:
                return
            piece = self.waiting[place]
            if piece.text == "{":
                depth = 0
                while place >= 0:
                    depth += (self.waiting[place].text == "{") - (self.waiting[place].text == "}")
                    place -= 1
                    if depth == 0:
                        break
                continue
            if piece.text not in self.macros.table:
                place -= 1
                continue
            if self.macros.table[piece.text].parameters:
                return
            self.waiting[place : place + 1] = [piece._replace(text="}"), piece, piece._replace(text="{")]
            place -= 1

    def _expand(self, piece: Piece, macro: Macro) -> None:
        first = len(self.waiting)
        arguments = self._arguments(piece, macro)
        end = piece.end
        if len(self.waiting) < first and not piece.inside:
            end = max([piece.end, *(part.end for argument in arguments for part in argument)])
        inside = piece.inside | {macro.name}
        body: list[Piece] = []
        skip = False
        shape = list(_pieces(macro.body))
        for place, part in enumerate(shape):
            if skip:
                skip = False
                continue
            if part.text == "#" and place + 1 < len(shape) and shape[place + 1].text == "#":
                body.append(Piece("#", piece.start, end, inside))
                skip = True
            elif part.text[0] == "#" and len(part.text) == 2:
                number = int(part.text[1])
                if not 1 <= number <= len(arguments):
                    raise self._error(piece, f"the macro {macro.name} has no parameter #{number}")
                body.extend(arguments[number - 1])
            else:
                body.append(Piece(part.text, piece.start, end, inside))
        self._count(piece, len(body) + 1)
        if macro.final:
            self.done.extend(body)
            return
        last = next((done.text for done in reversed(self.done) if not done.text.isspace()), "")
        if last in ("^", "_") and len(body) > 1 and not (body[0].text == "{" and _closing(body, 0) == len(body) - 1):
            body = [piece._replace(text="{"), *body, piece._replace(text="}")]
        self.waiting.extend(reversed(body))

    def _arguments(self, piece: Piece, macro: Macro) -> list[list[Piece]]:
        found: list[list[Piece]] = []
        if macro.starred:
            self._past_size()
        if macro.default is not None:
            found.append(self._bracketed(piece) or list(self._default(piece, macro.default)))
        while len(found) < macro.parameters:
            found.append(self._taken(piece, macro))
        return found

    def _default(self, piece: Piece, text: str) -> Iterator[Piece]:
        return (Piece(part.text, piece.start, piece.end, piece.inside) for part in _pieces(text))

    def _past_size(self) -> None:
        self._space()
        if self.waiting and self.waiting[-1].text == "*":
            self.waiting.pop()
        elif self.waiting and self.waiting[-1].text == "[":
            self._bracketed(self.waiting[-1])

    def _space(self) -> None:
        while self.waiting and self.waiting[-1].text.isspace():
            self.waiting.pop()

    def _taken(self, piece: Piece, macro: Macro) -> list[Piece]:
        """The next argument: a brace group without its braces, or one token."""
        self._space()
        if not self.waiting or self.waiting[-1].text == "}":
            count = macro.parameters
            raise self._error(
                piece, f"{macro.name} is not followed by its argument", f"{count} argument{'s' * (count > 1)} in braces"
            )
        first = self.waiting.pop()
        if first.text != "{":
            return [first]
        depth = 1
        found: list[Piece] = []
        while self.waiting:
            part = self.waiting.pop()
            depth += (part.text == "{") - (part.text == "}")
            if depth == 0:
                return found
            found.append(part)
        raise self._error(first, "this brace is never closed", "}")

    def _bracketed(self, piece: Piece) -> list[Piece] | None:
        """The optional argument in square brackets, where there is one."""
        self._space()
        if not self.waiting or self.waiting[-1].text != "[":
            return None
        first = self.waiting.pop()
        depth = 0
        found: list[Piece] = []
        while self.waiting:
            part = self.waiting.pop()
            if part.text == "]" and depth == 0:
                return found
            depth += (part.text == "{") - (part.text == "}")
            found.append(part)
        raise self._error(first, "this bracket is never closed", "]")
