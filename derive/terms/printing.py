"""How a node prints: it asks the writer that `derive.latex` registers here.

SymPy's printers look for `_latex`, `_sympystr` and `_pretty` on a class before its name; several of our names
(`Integral`, `Expectation`, `Gradient`) are also SymPy's, so every node of ours answers all three itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_writers: dict[str, Callable[[Any], str]] = {}


def register_writer(style: str, write: Callable[[Any], str]) -> None:
    """Let `write` print our nodes wherever SymPy prints in `style` ("latex" or "unicode")."""
    _writers[style] = write


def structure(node: Any) -> str:
    """The bare structure `Class(arg, …)`, used where no writer is registered and in error messages."""
    if not node.args:
        return str(getattr(node, "name", node))
    return f"{type(node).__name__}({', '.join(structure(arg) for arg in node.args)})"


class Printed:
    """The three hooks SymPy's printers ask for; the writing itself is a function over terms."""

    __slots__ = ()

    def _write(self, style: str) -> str:
        write = _writers.get(style)
        return write(self) if write is not None else structure(self)

    def _latex(self, printer: Any) -> str:
        return self._write("latex")

    def _sympystr(self, printer: Any) -> str:
        return self._write("unicode")

    def _pretty(self, printer: Any) -> Any:
        from sympy.printing.pretty.stringpict import prettyForm

        return prettyForm(self._write("unicode"))
