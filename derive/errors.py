"""Every error derive raises on purpose, and how it is shown: `file:line:column`, the line, a caret.

    DeriveError                      the root: catch this to catch all of them
    ├── InputError                   what was given cannot be used            exit status 2
    │   ├── ReadError                LaTeX outside the grammar
    │   ├── SortError                a formula whose sorts do not fit
    │   ├── RuleError                a rule file that cannot be loaded
    │   ├── ModelError               a model that cannot be loaded or contradicts itself
    │   ├── DerivationError          a derivation's script that cannot be run
    │   ├── NotFound                 a name or a file that is not there
    │   └── LimitExceeded            an input beyond a stated bound
    ├── KernelRefusal                a step that does not hold as justified   exit status 1
    └── Fault                        derive's own mistake                     exit status 3

Lines and columns count from 1. The module imports nothing but the standard library, so that every layer may use it.
"""

from __future__ import annotations

import os
import unicodedata
from typing import ClassVar, Self

__all__ = [
    "DeriveError", "InputError", "ReadError", "SortError", "RuleError", "ModelError", "DerivationError", "NotFound",
    "LimitExceeded", "KernelRefusal", "Fault", "excerpt",
]

SHOWN = 100
"""How many characters of a source line are shown around the caret."""

MESSAGE_SHOWN = 2000
"""How many characters of a message, an expectation or a hint are shown."""


class DeriveError(Exception):
    """The root of derive's errors: a message, and where known the place, what was expected there, and a hint.

    `source` is the text of the offending line. `str(error)` is the full rendering of several lines; `error.message` is
    the sentence alone. Raised only through its subclasses.
    """

    exit_status: ClassVar[int] = 2

    def __init__(
        self,
        message: str,
        *,
        file: str | os.PathLike[str] | None = None,
        line: int | None = None,
        column: int | None = None,
        source: str | None = None,
        expected: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = None if file is None else os.fspath(file)
        self.line = line
        self.column = column
        self.source = source
        self.expected = expected
        self.hint = hint

    @classmethod
    def at(
        cls,
        text: str,
        offset: int,
        message: str,
        *,
        file: str | os.PathLike[str] | None = None,
        first_line: int = 1,
        first_column: int = 1,
        expected: str | None = None,
        hint: str | None = None,
    ) -> Self:
        """The error at `offset` of `text`, whose first character stands at `first_line`, `first_column` of `file`."""
        offset = max(0, min(offset, len(text)))
        start = text.rfind("\n", 0, offset) + 1
        end = text.find("\n", offset)
        rows = text.count("\n", 0, start)
        error = cls(message, file=file, line=first_line + rows, expected=expected, hint=hint)
        error.source = text[start:] if end < 0 else text[start:end]
        error.column = offset - start + 1
        if rows == 0 and first_column > 1:
            error.source = " " * (first_column - 1) + error.source
            error.column += first_column - 1
        return error

    def located(
        self, file: str | os.PathLike[str] | None = None, line: int | None = None, source: str | None = None
    ) -> Self:
        """The same error, told where it happened as far as it does not know that yet; returns itself, for `raise`."""
        if self.file is None and file is not None:
            self.file = os.fspath(file)
        if self.line is None and line is not None:
            self.line = line
        if self.source is None and source is not None:
            self.source = source
        return self

    @property
    def place(self) -> str:
        """`file:line:column`, as far as known; empty when nothing is known."""
        if self.file is None and self.line is None:
            return "" if self.column is None else f"column {self.column}"
        if self.file is None:
            return f"line {self.line}" + ("" if self.column is None else f", column {self.column}")
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)

    def render(self) -> str:
        """The whole error for a person: place and message, the line with a caret, what was expected, the hint."""
        place = self.place
        head = f"{place}: {self.message}" if place else self.message
        lines = [_shorten(head)]
        if self.source is not None:
            lines += excerpt(self.source, self.column)
        if self.expected:
            lines.append(_shorten(f"expected: {self.expected}"))
        if self.hint:
            lines.append(_shorten(f"hint: {self.hint}"))
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.render()


class InputError(DeriveError):
    """What the user gave cannot be used: raised where none of the more telling errors below fits."""


class ReadError(InputError):
    """LaTeX the reader does not understand: an unknown macro, an unbalanced brace, what no grammar rule covers."""


class SortError(InputError):
    """A formula that parses but means nothing, since its sorts do not fit: a vector plus a scalar, log of a law."""


class RuleError(InputError):
    """A rule file that cannot be loaded: an unbound metavariable, a duplicate name, an unknown key or condition."""


class ModelError(InputError):
    """A model that cannot be loaded: a line that declares nothing, a law without an order, two kernels for one law."""


class DerivationError(InputError):
    """A derivation's script that cannot be run: an unknown line, a `with` that binds nothing, half an induction."""


class NotFound(InputError):
    """A name that the library does not have (a derivation, a rule, a model), or a file that is not there."""


class LimitExceeded(InputError):
    """An input beyond a stated bound: its length, its nesting, an exponent's size, the steps an answer may take."""


class KernelRefusal(DeriveError):
    """A step that the kernel does not accept: `reason` says why, `step` is the step as it was proposed.

    Where one condition fails it is `condition`; where a rule does not fit, `found` is the term that stands there and
    `wanted` what the rule speaks of. Raised when a rule does not match at the place named, a condition is false, an
    inequality is not turned round, or what came out is not what was claimed. The input is well formed: what it says
    does not hold as justified.
    """

    exit_status = 1

    def __init__(
        self,
        reason: str,
        *,
        step: object = None,
        condition: object = None,
        found: object = None,
        wanted: object = None,
        file: str | os.PathLike[str] | None = None,
        line: int | None = None,
        column: int | None = None,
        source: str | None = None,
        expected: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(reason, file=file, line=line, column=column, source=source, expected=expected, hint=hint)
        self.step = step
        self.condition = condition
        self.found = found
        self.wanted = wanted

    @property
    def reason(self) -> str:
        """Why the step was refused, in a sentence."""
        return self.message

    def render(self) -> str:
        """The whole refusal for a person; terms as they print themselves."""
        lines = [super().render()]
        for title, term in (("condition", self.condition), ("found", self.found), ("wanted", self.wanted)):
            if term is not None:
                lines.append(_shorten(f"{title}: {term}"))
        return "\n".join(lines)


class Fault(DeriveError):
    """derive's own mistake, raised where an internal promise is broken: exit status 3, and how to report it."""

    exit_status = 3


def excerpt(source: str, column: int | None) -> list[str]:
    """The source line, cut to what surrounds the caret, and under it the caret; without newlines, indented by four.

    Works in time proportional to what is shown, not to the line: a line of ten megabytes costs nothing.
    """
    if column is None:
        shown = _printable(source[: SHOWN + 1])
        return ["    " + (shown if len(source) <= SHOWN else shown[:SHOWN] + " …")]
    at = max(0, min(column - 1, len(source)))
    start = max(0, at - (SHOWN * 2) // 3) if len(source) > SHOWN else 0
    end = min(len(source), start + SHOWN)
    before, after = _printable(source[start:at]), _printable(source[at:end])
    lead = "… " if start > 0 else ""
    trail = " …" if end < len(source) else ""
    return [f"    {lead}{before}{after}{trail}".rstrip(), "    " + " " * (len(lead) + _width(before)) + "^"]


def _printable(text: str) -> str:
    """The text with tabs, line breaks and control characters as single spaces, so that a caret can stand under it."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs") else c for c in text)


def _width(text: str) -> int:
    """The number of terminal cells the text takes."""
    return sum(
        1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
        if not unicodedata.combining(c) and unicodedata.category(c) != "Cf"
    )


def _shorten(text: str) -> str:
    """The text with its middle left out where it is gigantic."""
    if len(text) <= MESSAGE_SHOWN:
        return text
    half = MESSAGE_SHOWN // 2
    return f"{text[:half]} … {text[-half:]}"
