"""LaTeX in, checked derivation out.

    derive.load("ddpm.posterior")                -> Derivation
    derive.read(r"q(x_t \\mid x_{t-1})")          -> a SymPy term
    derive.check(statement, model=…, given=[…])  -> Verdict
    derive.equal(a, b, given=[…])                -> Verdict

Importing this package imports neither SymPy nor the engine: each public name brings its own when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derive.checking import check as check
    from derive.checking import equal as equal
    from derive.derivation import Derivation as Derivation
    from derive.errors import DeriveError as DeriveError
    from derive.library import load as load
    from derive.library import read as read
    from derive.verdict import Verdict as Verdict

__version__ = "0.1.0"

__all__ = ["Derivation", "DeriveError", "Verdict", "__version__", "check", "equal", "load", "read"]

_HOME = {
    "Derivation": "derive.derivation",
    "DeriveError": "derive.errors",
    "Verdict": "derive.verdict",
    "check": "derive.checking",
    "equal": "derive.checking",
    "load": "derive.library",
    "read": "derive.library",
}


def __getattr__(name: str) -> Any:
    """A public name, imported when it is first asked for (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module 'derive' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    if _HOME[name] != "derive.errors":
        import_module("derive.latex.unicode")  # from here on terms print themselves as a person writes them
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
