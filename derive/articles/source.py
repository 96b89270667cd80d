"""A document's text, and where in it things stand: `file:line:column`, counted from 1."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from derive.folders import read_text

__all__ = ["Place", "Source", "read_source"]


class Place(NamedTuple):
    """A part of a document: from a line and column to a line and the column after its last character."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.file else f"{self.line}:{self.column}"


@dataclass(frozen=True)
class Source:
    """The text of a document, line breaks as newlines, and the name of its file."""

    text: str
    file: str = ""

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """The line and the column of an offset."""
        offset = max(0, min(offset, len(self.text)))
        row = bisect_right(self._starts, offset)
        return row, offset - self._starts[row - 1] + 1

    def place(self, start: int, end: int | None = None) -> Place:
        """The part from one offset to another."""
        return Place(self.file, *self.position(start), *self.position(start if end is None else max(start, end)))

    def line(self, number: int) -> str:
        """The text of a line."""
        if not 1 <= number <= len(self._starts):
            return ""
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return self.text[self._starts[number - 1] : end]


def read_source(path: str | Path) -> Source:
    """The document in a file. Raises `NotFound`, and an `InputError` for what is no text or too long."""
    return Source(read_text(path), str(path))
