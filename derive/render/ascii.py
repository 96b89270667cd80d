"""Text for a stream that cannot write Unicode: every character in ASCII, readable rather than exact."""

from __future__ import annotations

import unicodedata

__all__ = ["in_ascii", "writes_unicode"]

PROBE = "√ᾱ−𝒩∈ℝ⊥✓…→"
"""What a stream must be able to encode to be given Unicode."""

_WORDS = {
    "✓": "ok", "✗": "NO", "…": "...", "—": "-", "–": "-", "−": "-", "·": "*", "×": "x", "√": "sqrt",
    "≤": "<=", "≥": ">=", "≠": "!=", "∝": "~", "→": "->", "←": "<-", "↔": "<->", "⇒": "=>", "∈": "in",
    "⊥": "_|_", "∥": "||", "‖": "||", "∑": "sum", "∏": "prod", "∫": "int", "∇": "grad", "∂": "d", "∞": "inf",
    "∩": "and", "∪": "or", "∅": "{}", "“": '"', "”": '"', "‘": "'", "’": "'", "′": "'", "\u00a0": " ",
    "⟨": "<", "⟩": ">", "⊤": "T",
}


def writes_unicode(encoding: str | None) -> bool:
    """Whether a stream of this encoding can write the signs derive uses."""
    try:
        PROBE.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def in_ascii(text: str) -> str:
    """The text in ASCII: Greek letters by name, accents dropped, signs as words, the rest as `?`."""
    return text if text.isascii() else "".join(c if c.isascii() else _spelled(c) for c in text)


def _spelled(c: str) -> str:
    if c in _WORDS:
        return _WORDS[c]
    if unicodedata.combining(c):
        return ""
    simple = "".join(part for part in unicodedata.normalize("NFKD", c) if part.isascii())
    if simple:
        return simple
    name = unicodedata.name(unicodedata.normalize("NFKD", c)[0], "")
    if name.startswith(("GREEK SMALL LETTER ", "GREEK CAPITAL LETTER ")):
        letter = name.split()[-1]
        return letter.lower() if "SMALL" in name else letter.capitalize()
    return "?"
