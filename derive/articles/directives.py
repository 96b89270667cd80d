"""What an author tells derive in a comment: `derive: model NAME`, `derive: given LATEX`, or one word of `WORDS`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.articles.document import Directive, Trouble
from derive.articles.source import Source

__all__ = ["WORDS", "directives", "model_line"]

WORDS = ("model", "given", "skip", "inline")

_BEGINS = re.compile(r"\s*derive:[ \t]*", re.IGNORECASE)
_MODEL = re.compile(r"[ \t]*model:[ \t]*(\S+)[ \t]*$")
_DOLLARS = re.compile(r"\$`(.*)`\$|\$\$(.*)\$\$|\$(.*)\$|\\\((.*)\\\)", re.DOTALL)


def directives(source: Source, start: int, end: int) -> Iterator[Directive | Trouble]:
    """The directives of a comment, one to a line; nothing for a comment that does not begin with `derive:`."""
    text = source.text[start:end]
    if not _BEGINS.match(text):
        return
    offset = start
    for line in text.split("\n"):
        begins = _BEGINS.match(line)
        at = offset + (begins.end() if begins else len(line) - len(line.lstrip()))
        said = source.text[at : offset + len(line)].rstrip()
        if said:
            yield _directive(source, said, at)
        offset += len(line) + 1


def _directive(source: Source, said: str, at: int) -> Directive | Trouble:
    word = re.match(r"[A-Za-z]*", said)[0]  # type: ignore[index]
    rest = said[len(word) :]
    lead = len(rest) - len(rest.lstrip(" \t:"))
    body, begin = rest[lead:], at + len(word) + lead
    if word not in WORDS:
        return Trouble(source, "this directive is not known", at, "model NAME, given LATEX, skip or inline")
    if word in ("skip", "inline"):
        return Directive(source, word, "", at)
    if not body:
        return Trouble(source, f"nothing stands after {word}", at, f"derive: {word} …")
    if word == "given" and (plain := _DOLLARS.fullmatch(body)):
        number = plain.lastindex or 1
        body, begin = plain[number], begin + plain.start(number)
    return Directive(source, word, body, begin)


def model_line(source: Source, line: str, offset: int) -> Directive | None:
    """`model: NAME` on a line of its own."""
    found = _MODEL.match(line)
    return Directive(source, "model", found[1], offset + found.start(1)) if found else None
