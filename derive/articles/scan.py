"""From a file or a text to a document: by its ending, else by what it looks like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from derive.articles.document import Document, Item, Trouble
from derive.articles.latex_scan import scan_latex
from derive.articles.markdown_scan import scan_markdown
from derive.articles.source import Source, read_source
from derive.errors import InputError
from derive.latex import Macros

__all__ = ["LATEX", "MARKDOWN", "is_article", "looks_like_an_article", "scan", "scan_file"]

MARKDOWN = (".md", ".markdown", ".mdown", ".mkd", ".qmd", ".rmd", ".mdx")
LATEX = (".tex", ".ltx", ".latex")
_TEX = re.compile(r"\\documentclass|\\begin\{document\}|\\(?:sub)*section\*?\{|^\s*%", re.MULTILINE)
_MARKS = re.compile(r"\$\$|```|~~~|\\\[|\\begin\{|^#{1,6} |\\documentclass|<!--|^%", re.MULTILINE)
DEEPEST = 20
"""Files that take each other in are followed this deep."""


def is_article(path: str) -> bool:
    """Whether a file's name says that it is an article."""
    return path.lower().endswith((*MARKDOWN, *LATEX))


def looks_like_an_article(text: str) -> bool:
    """Whether a text without a name is an article rather than one statement."""
    return _MARKS.search(text) is not None


def scan_file(path: str | Path, *, follow: bool = False) -> Document:
    r"""The document in a file, with the files that it takes in by `\input` where `follow` is set."""
    return scan(read_source(path), follow=follow)


def scan(source: Source, *, follow: bool = False) -> Document:
    """The document in a text."""
    language = _language(source)
    if language == "markdown":
        return Document(source, tuple(scan_markdown(source)), Macros.collected(source.text), language)
    files = _Files(source)
    items = tuple(scan_latex(source, files.items if follow else None))
    macros = Macros()
    for each in files.sources:
        macros = Macros.collected(each.text, macros)
    return Document(source, items, macros, language)


def _language(source: Source) -> str:
    name = source.file.lower()
    if name.endswith(MARKDOWN):
        return "markdown"
    return "latex" if name.endswith(LATEX) or _TEX.search(source.text) else "markdown"


class _Files:
    r"""The files that a document takes in by `\input`, each once on a path."""

    def __init__(self, source: Source) -> None:
        self.sources = [source]
        self.open = [Path(source.file)]

    def items(self, name: str, start: int) -> Iterator[Item]:
        """The items of the file that is named, or what is wrong with it."""
        here = self.sources[0]
        base = Path(here.file).parent
        path = base / (name if Path(name).suffix else f"{name}.tex")
        if len(self.open) > DEEPEST or path in self.open:
            yield Trouble(here, f"the file {name} takes itself in", start)
            return
        try:
            source = read_source(path)
        except InputError as error:
            yield Trouble(here, f"the file {name} is not read: {error.message}", start)
            return
        self.sources.append(source)
        self.open.append(path)
        yield from scan_latex(source, self.items)
        self.open.pop()
