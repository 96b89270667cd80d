"""Where in the text of a term some of its parts stand: `marked_latex` and `marked_unicode`, for highlighting.

The text is the text that `latex` or `unicode_text` writes; the spans are (start, end), in order, not overlapping. A
part that has no text of its own (the exponent ½ of a root) is shown as the smallest part around it that has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sympy import Basic

from derive.latex.nodes import writing
from derive.latex.style import MARK_CLOSE, MARK_OPEN, Style
from derive.latex.unicode import Ascii, Unicode
from derive.latex.writer import Latex

Spans = list[tuple[int, int]]

_JOINT = re.compile(r"(?:\s|[+\-−·*,]|\\,|\\cdot)*")
"""What may stand between two marked terms or factors that are shown as one."""


def marked_latex(term: Basic, paths: Iterable[Any]) -> tuple[str, Spans]:
    """The LaTeX of a term, and where in it the subterms at the paths stand."""
    return _marked(Latex, term, paths)


def marked_unicode(term: Basic, paths: Iterable[Any]) -> tuple[str, Spans]:
    """The line of Unicode of a term, and where in it the subterms at the paths stand."""
    return _marked(Unicode, term, paths)


def marked_ascii(term: Basic, paths: Iterable[Any]) -> tuple[str, Spans]:
    """The line of ASCII of a term, and where in it the subterms at the paths stand."""
    return _marked(Ascii, term, paths)


def _marked(style: type[Style], term: Basic, paths: Iterable[Any]) -> tuple[str, Spans]:
    def write(marks: Iterable[tuple[int, ...]]) -> tuple[str, Spans]:
        return _taken_out(style(writing, frozenset(marks)).write(term, ()).text)

    shown = set()
    for path in _single(paths):
        while path and not write((path,))[1]:
            path = path[:-1]
        shown.add(path)
    return write(shown)


def _single(paths: Iterable[Any]) -> Iterable[tuple[int, ...]]:
    """The paths, one for each argument where a last step picks several."""
    for path in paths:
        if path and isinstance(path[-1], tuple):
            yield from ((*path[:-1], place) for place in path[-1])
        else:
            yield tuple(path)


def _taken_out(text: str) -> tuple[str, Spans]:
    """The text without its marks, and the outermost parts they enclosed, neighbours joined."""
    plain: list[str] = []
    spans: Spans = []
    length = depth = start = 0
    for piece in re.split(f"([{MARK_OPEN}{MARK_CLOSE}])", text):
        if piece == MARK_OPEN:
            start = length if depth == 0 else start
            depth += 1
        elif piece == MARK_CLOSE:
            depth -= 1
            if depth == 0:
                spans.append((start, length))
        else:
            plain.append(piece)
            length += len(piece)
    return (whole := "".join(plain)), _joined(whole, spans)


def _joined(text: str, spans: Spans) -> Spans:
    result: Spans = []
    for start, end in spans:
        if result and _JOINT.fullmatch(text, result[-1][1], start):
            result[-1] = (result[-1][0], end)
        else:
            result.append((start, end))
    return result
