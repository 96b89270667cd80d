r"""What a name's macros look like: `\alpha` is α, `\mathbb{E}` is 𝔼, `\bar` puts a ¯ above."""

from __future__ import annotations

from derive.latex.nodes import writing
from derive.latex.unicode import Unicode

__all__ = ["ACCENTS", "letter"]

ACCENTS = {
    "bar": "¯", "overline": "‾", "hat": "^", "widehat": "^", "tilde": "~", "widetilde": "~", "dot": "˙", "ddot": "¨",
    "vec": "→", "check": "ˇ", "breve": "˘", "acute": "´", "grave": "`", "mathring": "˚",
}  # fmt: skip

_UNICODE = Unicode(writing, frozenset())


def letter(name: str) -> str:
    """The letter or the word of a name without accents."""
    return _UNICODE.name(name)
