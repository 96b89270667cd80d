"""Text for a stream that cannot write Unicode: every character in ASCII, readable rather than exact."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

__all__ = ["in_ascii", "writes_unicode"]

PROBE = "√ᾱ−𝒩∈ℝ⊥✓…→"
"""What a stream must be able to encode to be given Unicode."""

_WORDS = {
    "✓": "ok", "✗": "NO", "…": "...", "—": "-", "–": "-", "−": "-", "·": "*", "×": "x", "√": "sqrt",
    "≤": "<=", "≥": ">=", "≠": "!=", "∝": "propto", "∼": "~", "≈": "~=", "≔": ":=",
    "≻": ">", "⪰": ">=", "⊙": ".*", "→": "->", "←": "<-", "↔": "<->", "⇒": "=>", "∈": "in",
    "⊥": "_|_", "∥": "||", "‖": "||", "∑": "sum", "∏": "prod", "∫": "int", "∇": "grad", "∂": "d", "∞": "inf",
    "∩": "and", "∪": "or", "∅": "{}", "“": '"', "”": '"', "‘": "'", "’": "'", "′": "'", "\u00a0": " ",
    "⟨": "<", "⟩": ">", "⊤": "T", "½": "1/2", "⁄": "/", "⟹": "=>", "↦": "->", "⋯": "...", "∀": "for all", "∖": "\\",
}
_MARKS = {
    "\u0304": "bar", "\u0302": "hat", "\u0303": "tilde", "\u0307": "dot", "\u0308": "ddot", "\u20d7": "vec",
    "\u030c": "check", "\u0306": "breve",
}
"""What tells one quantity from another: ᾱ is no α. Over a letter within a word it is an accent, and goes."""

_QUANTITY = re.compile(r"(?<![^\W\d_])([^\W\d_])([\u0302-\u0308\u030c\u20d7]+)(?![^\W\d_ₐ-ₜᵢ-ᵥ])")
_BARE_ROOT = re.compile(r"√(?!\()((?:\d+|[^\W\d_][\u0300-\u036f\u20d7]*)(?:[₀-₎ₐ-ₜᵢ-ᵥ]+|_\w|_\{[^{}]*\})?)")


def writes_unicode(encoding: str | None) -> bool:
    """Whether a stream of this encoding can write the signs derive uses."""
    try:
        PROBE.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def in_ascii(text: str) -> str:
    """The text in ASCII: Greek letters by name, marks as words, signs as words, subscripts as _{…}, else `?`."""
    if text.isascii():
        return text
    apart = _BARE_ROOT.sub(r"√(\1)", _decomposed(text))
    marked = _QUANTITY.sub(lambda found: found[1] + "".join(_MARKS.get(mark, "") for mark in found[2]), apart)
    pieces = []
    for kind, run in groupby(marked, _raised):
        written = "".join(c if c.isascii() else _spelled(c) for c in run)
        small = written if len(written) == 1 else f"{{{written}}}"
        pieces.append({"<sub>": f"_{small}", "<super>": f"^{small}"}.get(kind, written))
    return "".join(pieces)


def _decomposed(text: str) -> str:
    """Letters and their marks apart; nothing else is taken to pieces."""
    return "".join(c if _is_small(c) else unicodedata.normalize("NFD", c) for c in text)


def _raised(c: str) -> str:
    """`<sub>` for a subscript, `<super>` for a superscript, empty for what stands on the line."""
    return unicodedata.decomposition(c).partition(" ")[0] if not c.isascii() and _is_small(c) else ""


def _is_small(c: str) -> bool:
    return unicodedata.decomposition(c).startswith(("<sub>", "<super>"))


def _spelled(c: str) -> str:
    if c in _WORDS:
        return _WORDS[c]
    if unicodedata.combining(c):
        return ""
    parts = unicodedata.normalize("NFKD", c)
    simple = "".join(part if part.isascii() else _WORDS.get(part, "") for part in parts)
    if simple:
        return simple
    name = unicodedata.name(unicodedata.normalize("NFKD", c)[0], "")
    if name.startswith(("GREEK SMALL LETTER ", "GREEK CAPITAL LETTER ")):
        letter = name.split()[-1]
        return letter.lower() if "SMALL" in name else letter.capitalize()
    return "?"
