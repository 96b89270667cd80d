r"""LaTeX: its displays, its comments to derive, its headings, the files it takes in.

A scan of the source itself. Comments, verbatim environments and what stands outside the document's body are passed
over; macros are collected from all of the text, the preamble included.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from derive.articles.blanking import blank, uncommented
from derive.articles.directives import directives
from derive.articles.displays import OPENING, display_at, escaped, inline
from derive.articles.document import Heading, Item, Skipped
from derive.articles.source import Source

__all__ = ["scan_latex"]

_LEVELS = {"part": 0, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 5}
_VERBATIM = re.compile(
    r"\\begin\{(verbatim|Verbatim|lstlisting|minted|comment|filecontents)(\*?)\}.*?(?:\\end\{\1\2\}|\Z)"
    r"|\\iffalse\b.*?(?:\\fi\b|\Z)|\\(?:verb|lstinline)\*?([^\sA-Za-z*])[^\n]*?\3",
    re.DOTALL,
)
_COMMENT = re.compile(r"(?<!\\)(?:\\\\)*(%+)([^\n]*)")
_FOUND = re.compile(
    r"\$\$|\$(?P<line>(?:\\.|[^$\\\n]|\n(?!\s*\n))*)\$|\\\((?P<plain>.+?)\\\)|\\\[|\\begin\{[A-Za-z]+\*?\}"
    r"|\\(?P<head>part|chapter|section|subsection|subsubsection|paragraph)\*?\s*(?:\[[^\]]*\])?\s*\{"
    r"|\\(?P<file>input|include|subfile)\s*\{(?P<name>[^}]*)\}"
)
_BODY = re.compile(r"\\begin\{document\}")
_ENDS = re.compile(
    r"\\(?:part|chapter|section|subsection|subsubsection)\*?\s*[\[{]|\\end\{document\}|\\begin\{(?:figure|table)"
)


def scan_latex(source: Source, follow: Callable[[str, int], Iterator[Item]] | None = None) -> Iterator[Item]:
    r"""The items of a LaTeX document, in order; `follow` gives those of a file that `\input` names."""
    return iter(_items(source, follow))


def _items(source: Source, follow: Callable[[str, int], Iterator[Item]] | None) -> list[Item]:
    text = _VERBATIM.sub(_blank_unless_comment, source.text)
    items: list[tuple[int, Item]] = []
    for comment in _COMMENT.finditer(text):
        start = comment.start(2)
        items += [(start, item) for item in directives(source, start, comment.end(2))]
    text = uncommented(text)
    body = _BODY.search(text)
    at = body.end() if body is not None else 0
    ends = re.compile(r"\\end\{document\}").search(text, at)
    limit = len(text) if ends is None else ends.start()
    while (found := _FOUND.search(text, at, limit)) is not None:
        at = found.end()
        if escaped(text, found.start()):
            at = found.start() + 1
        elif found.lastgroup in ("line", "plain"):
            items.append((found.start(), inline(source, *found.span(found.lastgroup))))
        elif found["head"]:
            title = _braced(text, found.end())
            items.append((found.start(), Heading(source, _LEVELS[found["head"]], title, found.start())))
        elif found["file"]:
            name = found["name"].strip()
            if follow is None:
                items.append((found.start(), Skipped(source, f"the file {name} is not followed", found.start())))
            else:
                items += [(found.start(), item) for item in follow(name, found.start())]
        elif (opening := OPENING.match(text, found.start(), limit)) is not None:
            item, at = display_at(source, text, opening, _ENDS)
            items.append((found.start(), item))
    items.sort(key=lambda pair: pair[0])
    return [item for _, item in items]


def _blank_unless_comment(found: re.Match[str]) -> str:
    line = found.string.rfind("\n", 0, found.start()) + 1
    in_comment = _COMMENT.search(found.string, line, found.start()) is not None
    return found[0] if in_comment else blank(found[0])


def _braced(text: str, begin: int) -> str:
    depth, at = 1, begin
    while at < len(text) and depth and at < begin + 500:
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
    return " ".join(text[begin : at - 1].split())
