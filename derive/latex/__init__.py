r"""LaTeX in both directions: the reader (`read`, `read_model_lines`, …) and the writer (`latex`, `unicode_text`).

What the writer writes, the reader reads back to the same term.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derive.latex.building import Requirement as Requirement
    from derive.latex.declarations import Declarations as Declarations
    from derive.latex.macros import Macros as Macros
    from derive.latex.reader import Reading as Reading
    from derive.latex.reader import declare_from as declare_from
    from derive.latex.reader import read as read
    from derive.latex.reader import read_display as read_display
    from derive.latex.reader import read_model_lines as read_model_lines
    from derive.latex.reader import read_statement as read_statement
    from derive.latex.reader import read_term as read_term
    from derive.latex.unicode import unicode_text as unicode_text
    from derive.latex.writer import latex as latex

_HOME = {
    "Declarations": "derive.latex.declarations",
    "Macros": "derive.latex.macros",
    "Reading": "derive.latex.reader",
    "Requirement": "derive.latex.building",
    "declare_from": "derive.latex.reader",
    "latex": "derive.latex.writer",
    "read": "derive.latex.reader",
    "read_display": "derive.latex.reader",
    "read_model_lines": "derive.latex.reader",
    "read_statement": "derive.latex.reader",
    "read_term": "derive.latex.reader",
    "unicode_text": "derive.latex.unicode",
}

__all__ = [
    "Declarations", "Macros", "Reading", "Requirement", "declare_from", "latex", "read", "read_display",
    "read_model_lines", "read_statement", "read_term", "unicode_text",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """A public name, imported when it is first asked for (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module 'derive.latex' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
