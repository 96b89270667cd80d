r"""Where a display begins and ends: `$$ … $$`, `\[ … \]`, and the environments that set a display."""

from __future__ import annotations

import re

from derive.articles.blanking import blank
from derive.articles.document import Display, Inline, Trouble
from derive.articles.source import Source

__all__ = ["ENVIRONMENTS", "OPENING", "display_at", "escaped", "inline"]

ENVIRONMENTS = (
    "equation", "align", "alignat", "gather", "multline", "flalign", "eqnarray", "displaymath", "dmath", "xalignat",
    "aligned", "gathered", "split", "alignedat",
)  # fmt: skip
"""Environments that set a display, starred or not; the last four where an author leaves out the one around them."""

_NAMES = "|".join(ENVIRONMENTS)
OPENING = re.compile(rf"\$\$|\\\[|\\begin\{{((?:{_NAMES})\*?)\}}")
_COUNT = re.compile(r"\s*\{\d+\}")
_INTERTEXT = re.compile(r"\\(?:short)?intertext\s*\{")


def escaped(text: str, offset: int) -> bool:
    """Whether an odd number of backslashes stands before the offset."""
    at = offset
    while at > 0 and text[at - 1] == "\\":
        at -= 1
    return (offset - at) % 2 == 1


def display_at(
    source: Source, text: str, opening: re.Match[str], ends: re.Pattern[str] | None = None
) -> tuple[Display | Trouble, int]:
    """The display that begins with a match of `OPENING` in `text`, and where it ends.

    `text` is the source's own with parts blank. A display that is not closed before a match of `ends` is trouble.
    """
    mark, begin = opening.group(), opening.end()
    environment = opening[1]
    last = ends.search(text, begin) if ends is not None else None
    limit = len(text) if last is None else last.start()
    if environment is not None:
        close, after = _end_of(text, environment, begin, limit)
        count = _COUNT.match(text, begin)
        if environment.rstrip("*") in ("alignat", "alignedat", "xalignat") and count is not None:
            begin = count.end()
    else:
        close, after = _closing(text, "$$" if mark == "$$" else r"\]", begin, limit)
    kind = environment or ("$$" if mark == "$$" else r"\[")
    if close < 0:
        name = f"\\begin{{{kind}}}" if environment else mark
        return Trouble(source, f"this {name} is never closed", opening.start()), opening.end()
    return Display(source, kind, _without_intertext(text[begin:close]), begin, opening.start(), after), after


def inline(source: Source, start: int, end: int) -> Inline:
    """The formula within a line that stands between two offsets."""
    return Inline(Display(source, "$", source.text[start:end], start, start, end))


def _closing(text: str, mark: str, begin: int, limit: int) -> tuple[int, int]:
    at = text.find(mark, begin, limit)
    while at >= 0 and escaped(text, at):
        at = text.find(mark, at + 1, limit)
    return at, at + len(mark)


def _end_of(text: str, name: str, begin: int, limit: int) -> tuple[int, int]:
    depth = 1
    for found in re.finditer(rf"\\(begin|end)\s*\{{{re.escape(name)}\}}", text[begin:limit]):
        depth += 1 if found[1] == "begin" else -1
        if depth == 0:
            return begin + found.start(), begin + found.end()
    return -1, -1


def _without_intertext(text: str) -> str:
    """Words between the rows of a display become blank."""
    while (found := _INTERTEXT.search(text)) is not None:
        at, depth = found.end(), 1
        while at < len(text) and depth:
            depth += {"{": 1, "}": -1}.get(text[at], 0) if not escaped(text, at) else 0
            at += 1
        text = text[: found.start()] + blank(text[found.start() : at]) + text[at:]
    return text
