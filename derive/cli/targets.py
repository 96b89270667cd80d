"""What `derive check` is given: files, folders, standard input, or a statement itself."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from derive.cli.arguments import statement_text
from derive.errors import InputError

__all__ = ["Target", "targets_of"]

_ENDINGS = (".md", ".markdown", ".mdown", ".mkd", ".qmd", ".rmd", ".mdx", ".tex", ".ltx", ".latex")


@dataclass(frozen=True)
class Target:
    """One thing to check: `kind` is "file", "text" (an article on standard input) or "statement"."""

    kind: str
    text: str


def targets_of(words: list[str]) -> list[Target]:
    """The targets that the command's words name. A folder stands for the articles in it."""
    if words.count("-") > 1:
        raise InputError("standard input is read once")
    return [target for word in words for target in _targets(word)]


def _targets(word: str) -> list[Target]:
    if word == "-":
        text = statement_text("-")
        from derive.articles.scan import looks_like_an_article

        return [Target("text" if looks_like_an_article(text) else "statement", text)]
    if _is_path(word):
        if os.path.isdir(word):
            found = [Target("file", path) for path in _articles(Path(word))]
            if not found:
                raise InputError("this folder holds no article", file=word, expected="files ending in .md or .tex")
            return found
        return [Target("file", word)]
    return [Target("statement", word)]


def _is_path(word: str) -> bool:
    """Whether a word is a file: by its ending, or because there is one. LaTeX rarely ends in `.md`."""
    if "\n" in word or "\x00" in word or len(word) > 4000:
        return False
    plain = not any(mark in word for mark in "=<>{}^$")
    return (plain and word.lower().endswith(_ENDINGS)) or (len(word) < 1000 and os.path.exists(word))


def _articles(folder: Path) -> list[str]:
    found = [path for path in folder.rglob("*") if path.suffix.lower() in _ENDINGS and path.is_file()]
    return sorted(str(path) for path in found if not any(p.startswith(".") for p in path.relative_to(folder).parts))
