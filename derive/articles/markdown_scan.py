r"""Markdown: its displays, its ```` ```model ```` fences, its comments to derive, its headings.

A scan of the source itself, since a Markdown parser turns a line of a display that begins with `+` into a bullet.
Code, indented or fenced or between backticks, is passed over; `>` before the lines of a quotation is blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.articles.directives import directives, model_line
from derive.articles.displays import OPENING, display_at, escaped, inline
from derive.articles.document import Assumptions, Directive, Display, Heading, Item, Trouble
from derive.articles.source import Source

__all__ = ["scan_markdown"]

_QUOTE = re.compile(r"(?: {0,3}>[ \t]?)+")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_FENCE = re.compile(r"([ \t]*)(`{3,}|~{3,})[ \t]*([^`\n]*)$")
_LIST = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")
_ENDS = re.compile(r"^(?: {0,3}#{1,6}[ \t]|[ \t]*(?:```|~~~))", re.MULTILINE)
_INTERESTING = re.compile(
    r"\$`(?P<quoted>[^`\n]+)`\$|`+|<!--|\$\$|\\\[|\\begin\{"
    r"|(?<![\\$\w])\$(?P<plain>(?![\s$])(?:\\.|[^$\\\n])+?)(?<!\s)\$(?![\w$])"
)


def scan_markdown(source: Source) -> Iterator[Item]:
    """The items of a Markdown document, in order."""
    return _Scan(source).run()


class _Scan:
    """One pass over the lines; within a line of prose, over its characters."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.at = 0
        self.listed = False
        self.blank = True
        self.coded = False

    def run(self) -> Iterator[Item]:
        self._front_matter()
        while self.at < len(self.text):
            end = self._line_end(self.at)
            line = self.text[self.at : end]
            quote = _QUOTE.match(line)
            body = line if quote is None else " " * quote.end() + line[quote.end() :]
            begun = self.at
            if not body.strip():
                self.blank = True
                self.at = end + 1
                continue
            if self._is_code(body):
                self.coded, self.at = True, end + 1
                continue
            self.coded = False
            if (fence := _FENCE.match(body)) is not None:
                yield from self._fence(fence, quote is not None)
            elif (heading := _HEADING.match(body)) is not None:
                self.listed = False
                yield Heading(self.source, len(heading[1]), (heading[2] or "").strip(), begun)
                self.at = end + 1
            elif (named := model_line(self.source, body, begun)) is not None:
                yield named
                self.at = end + 1
            else:
                self.listed = (self.listed and body[:1] in " \t") or _LIST.match(body) is not None
                yield from self._prose(end, quote is not None)
            self.blank = False

    def _is_code(self, line: str) -> bool:
        """Whether a line is code because it is indented: after a blank line, outside lists."""
        indented = line.startswith(("    ", "\t"))
        return indented and not self.listed and (self.blank or self.coded)

    def _front_matter(self) -> None:
        """YAML before the document is passed over."""
        if self.text.startswith("---\n"):
            end = re.search(r"^(?:---|\.\.\.)[ \t]*$", self.text[4:], re.MULTILINE)
            if end is not None:
                self.at = 4 + end.end()

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end

    # ---- fences ----------------------------------------------------------------------------------------------------

    def _fence(self, opening: re.Match[str], quoted: bool) -> Iterator[Item]:
        begun, mark = self.at, opening[2]
        closing = re.compile(rf"[ \t]*{re.escape(mark[0])}{{{len(mark)},}}[ \t]*$")
        self.at = self._line_end(self.at) + 1
        first, rows = self.at, list[tuple[str, int]]()
        closed = False
        while self.at < len(self.text) and not closed:
            end = self._line_end(self.at)
            line = self.text[self.at : end]
            if quoted and (quote := _QUOTE.match(line)) is not None:
                line = " " * quote.end() + line[quote.end() :]
            closed = closing.match(line) is not None
            if not closed:
                rows.append((line, self.at))
            self.at = end + 1
        end = min(self.at, len(self.text))
        word = opening[3].split()[0].strip("{}.").lower() if opening[3].split() else ""
        if word not in ("math", "model"):
            return
        if not closed:
            yield Trouble(self.source, f"this {mark}{word} is never closed", begun)
        elif word == "math":
            body = "\n".join(line for line, _ in rows)
            yield Display(self.source, "math", body, min(first, len(self.text)), begun, end)
        else:
            stated = [(line.strip(), at + len(line) - len(line.lstrip())) for line, at in rows]
            said = tuple(row for row in stated if row[0] and row[0][0] != "%")
            yield Assumptions(self.source, said, begun, end)

    # ---- prose -----------------------------------------------------------------------------------------------------

    def _prose(self, end: int, quoted: bool) -> Iterator[Item]:
        """What a line of prose holds: inline formulas, displays and comments, which may end on a later line."""
        while self.at < end:
            found = _INTERESTING.search(self.text, self.at, end)
            if found is None:
                break
            mark = found.group()
            if found.lastgroup is not None:
                yield inline(self.source, *found.span(found.lastgroup))
                self.at = found.end()
            elif mark[0] == "`":
                self.at = self._past_code(found, end)
            elif mark == "<!--":
                yield from self._comment(found)
                end = max(end, self._line_end(min(self.at, len(self.text))))
            else:
                opening = OPENING.match(self.text, found.start())
                if opening is None or (escaped(self.text, found.start()) and mark != r"\["):
                    self.at = found.end()
                    continue
                yield from self._display(opening, quoted)
                end = max(end, self._line_end(min(self.at, len(self.text))))
        self.at = max(self.at, end + 1)

    def _past_code(self, opening: re.Match[str], end: int) -> int:
        """Where a code span ends; behind the backticks alone where they open none. It may go on over a paragraph."""
        paragraph = self.text.find("\n\n", opening.end())
        limit = len(self.text) if paragraph < 0 else paragraph
        run = re.compile(rf"(?<!`){opening.group()}(?!`)")
        closing = run.search(self.text, opening.end(), limit)
        return closing.end() if closing is not None else opening.end()

    def _comment(self, opening: re.Match[str]) -> Iterator[Directive | Trouble]:
        close = self.text.find("-->", opening.end())
        if close < 0:
            self.at = len(self.text)
            yield Trouble(self.source, "this comment is never closed", opening.start(), "-->")
            return
        self.at = close + 3
        yield from directives(self.source, opening.end(), close)

    def _display(self, opening: re.Match[str], quoted: bool) -> Iterator[Display | Trouble]:
        text = self.text
        if quoted:
            head, tail = text[: opening.end()], text[opening.end() :]
            text = head + re.sub(r"(?m)^(?: {0,3}>[ \t]?)+", lambda found: " " * len(found[0]), tail)
        found, after = display_at(self.source, text, opening, _ENDS)
        self.at = after
        yield found
