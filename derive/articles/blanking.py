"""Blanking out: parts of a text become spaces, line breaks stay, so that every offset stays true."""

from __future__ import annotations

import re

__all__ = ["blank", "uncommented"]

_KEPT = re.compile(r"[^\n]")
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)(%[^\n]*)")


def blank(text: str) -> str:
    """As many spaces as the text has characters, its line breaks kept."""
    return _KEPT.sub(" ", text)


def uncommented(text: str) -> str:
    r"""LaTeX with its comments blank: from a `%` without backslash to the end of the line."""
    return _COMMENT.sub(lambda match: match[1] + " " * len(match[2]), text)
