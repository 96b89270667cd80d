"""Rows on a terminal: every role in its colour, through rich, formulas as text without markup.

The colours are middle tones of the 256-colour cube that stand out from a black and from a white background alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from derive.render.layout import Role, Row

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

__all__ = ["STYLES", "as_text", "print_rows"]

STYLES: dict[Role, str] = {
    Role.TITLE: "bold",
    Role.HEADING: "bold",
    Role.PROSE: "",
    Role.FORMULA: "",
    Role.CHANGED: "bold color(166)",
    Role.RULE: "color(31)",
    Role.NOTE: "color(244)",
    Role.GOOD: "color(28)",
    Role.OPEN: "color(166)",
    Role.BAD: "bold color(196)",
}


def as_text(rows: Iterable[Row]) -> Iterator[Text]:
    """Each row as a rich `Text`; no piece of it is read as markup."""
    from rich.text import Text

    for row in rows:
        line = Text(no_wrap=True, overflow="ignore", end="")
        for piece, role in row:
            line.append(piece, STYLES[role] or None)
        line.rstrip()
        yield line


def print_rows(rows: Iterable[Row], console: Console) -> None:
    """Prints the rows on the console, one line each, never wrapped by it."""
    for line in as_text(rows):
        console.print(line, soft_wrap=True, highlight=False, end="\n")
