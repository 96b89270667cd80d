r"""The prose of a LaTeX document as blocks: headings, paragraphs, lists, in the little Markdown that pages set.

Macros that only lay out go away, those that stress become stress, `\cite` and `\ref` become what they name; what an
unknown macro is given stays. Formulas stay as they are. Nothing here is read as mathematics.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.markdown import Block, Bullet, Bullets, Heading, Paragraph

__all__ = ["latex_blocks", "plain", "title_of"]

_LEVELS = {"part": 2, "chapter": 2, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 4}
_HEADING = re.compile(rf"\\({'|'.join(_LEVELS)})\*?\s*(?:\[[^\]]*\])?\s*\{{")
_COMMENT = re.compile(r"(?<!\\)%[^\n]*\n?[ \t]*")
_LIST = re.compile(r"\\begin\{(itemize|enumerate|description)\}(.*?)\\end\{(?:itemize|enumerate|description)\}", re.S)
_ITEM = re.compile(r"\\item\s*(?:\[([^\]]*)\])?")
_NAMED = re.compile(
    r"\\begin\{(theorem|lemma|proposition|corollary|definition|remark|example|proof|assumption|claim)\*?\}"
    r"(?:\[([^\]]*)\])?"
)
_MATH = re.compile(r"\$(?:\\.|[^$\\])+\$|\\\((.+?)\\\)", re.S)
_GIVEN = r"\s*(?:\[[^\]]*\])?\s*\{((?:[^{}]|\{[^{}]*\})*)\}"
_STRESS = {
    "emph": "*", "textit": "*", "textsl": "*", "textbf": "**", "texttt": "`", "textsc": "", "textrm": "", "text": "",
    "underline": "*", "mbox": "",
}  # fmt: skip
_GONE = (
    "label", "vspace", "hspace", "bibliographystyle", "bibliography", "pagestyle", "thispagestyle", "usepackage",
    "newcommand", "renewcommand", "setlength", "author", "date", "title", "thanks", "input", "include", "index",
)  # fmt: skip
_SIGNS = (
    ("``", "“"), ("''", "”"), ("---", "—"), ("--", "–"), ("~", "\u00a0"), (r"\%", "%"), (r"\&", "&"), (r"\#", "#"),
    (r"\_", "_"), (r"\ldots", "…"), (r"\dots", "…"), (r"\,", " "), (r"\;", " "), (r"\ ", " "), (r"\@", ""),
    (r"\-", ""), (r"\\", " "), (r"\{", "{"), (r"\}", "}"), (r"\S", "§"), (r"\LaTeX", "LaTeX"), (r"\TeX", "TeX"),
)  # fmt: skip


def title_of(text: str) -> str:
    r"""What a document's `\title` says; empty where it has none."""
    found = re.search(r"\\title\s*(?:\[[^\]]*\])?\s*\{", text)
    return "" if found is None else plain(_braced(text, found.end())[0])


def latex_blocks(text: str) -> Iterator[Block]:
    """The blocks of a stretch of prose without displays, in order; lines count from 1."""
    text = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
    at = 0
    for found in [*_HEADING.finditer(text), None]:
        end = len(text) if found is None else found.start()
        if end > at:
            yield from _paragraphs(text[at:end], text.count("\n", 0, at) + 1)
        if found is not None:
            title, at = _braced(text, found.end())
            yield Heading(_LEVELS[found[1]], plain(title), text.count("\n", 0, found.start()) + 1)


def _paragraphs(text: str, line: int) -> Iterator[Block]:
    at = 0
    for found in [*_LIST.finditer(text), None]:
        end = len(text) if found is None else found.start()
        for part in re.finditer(r"(?:[^\n]|\n(?![ \t]*\n))+", text[at:end]):
            said = plain(part[0])
            if said:
                yield Paragraph(said, line + text.count("\n", 0, at + part.start()))
        if found is not None:
            begin = line + text.count("\n", 0, found.start())
            yield Bullets(tuple(Bullet(item, begin) for item in _items(found[2])), begin, found[1] == "enumerate")
            at = found.end()


def _items(text: str) -> Iterator[str]:
    parts = _ITEM.split(text)
    for label, said in zip(parts[1::2], parts[2::2], strict=True):
        yield plain(f"\\textbf{{{label}}} {said}" if label else said)


def plain(text: str) -> str:
    """A stretch of prose in the little Markdown that pages set, on one line."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        inner = found[1] if found[1] is not None else found[0][1:-1]
        kept.append(" ".join(inner.split()))
        return f"\x00{len(kept) - 1}\x00"

    text = _MATH.sub(keep, text)
    text = _NAMED.sub(lambda found: f"**{found[1].capitalize()}{f' ({found[2]})' if found[2] else ''}.** ", text)
    text = re.sub(r"\\(?:begin|end)\s*\{[^{}]*\}(?:\[[^\]]*\])?", " ", text)
    text = re.sub(rf"\\(?:{'|'.join(_GONE)})\*?(?![A-Za-z]){_GIVEN}(?:{_GIVEN})?", " ", text)
    text = re.sub(rf"\\cite[a-z]*\*?(?![A-Za-z]){_GIVEN}", lambda found: f"({found[1].replace(',', ', ')})", text)
    text = re.sub(rf"\\eqref{_GIVEN}", r"(\1)", text)
    text = re.sub(rf"\\(?:auto|[cC])?ref{_GIVEN}", r"\1", text)
    text = re.sub(rf"\\footnote{_GIVEN}", r" (\1)", text)
    text = re.sub(rf"\\href\s*\{{[^{{}}]*\}}{_GIVEN}", r"\1", text)
    for name, mark in _STRESS.items():
        text = re.sub(rf"\\{name}(?![A-Za-z]){_GIVEN}", rf"{mark}\1{mark}", text)
    for sign, becomes in _SIGNS:
        pattern = re.escape(sign) + (r"(?![A-Za-z])" if sign[-1].isalpha() else "")
        text = re.sub(pattern, becomes, text)
    text = re.sub(r"\\[A-Za-z]+\*?[ \t]*", "", text)
    text = " ".join(text.replace("{", "").replace("}", "").split(" ")).strip()
    text = " ".join(part for part in re.split(r"[ \t\n]+", text) if part)
    return re.sub(r"\x00(\d+)\x00", lambda found: f"$`{kept[int(found[1])]}`$", text)


def _braced(text: str, begin: int) -> tuple[str, int]:
    depth, at = 1, begin
    while at < len(text) and depth:
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
    return text[begin : at - 1], at
