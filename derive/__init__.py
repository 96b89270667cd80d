"""LaTeX in, checked derivation out.

    derive.load("ddpm.posterior")                -> Derivation
    derive.read(r"q(x_t \\mid x_{t-1})")          -> a SymPy term
    derive.check(statement, model=…, given=[…])  -> Verdict
    derive.check_article("notes.md")             -> Report, a claim with its verdict for each relation
    derive.equal(a, b, given=[…])                -> Verdict

Importing this package imports neither SymPy nor the engine: each public name brings its own when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derive.articles.checking import check_article as check_article
    from derive.articles.report import Report as Report
    from derive.checking import check as check
    from derive.checking import equal as equal
    from derive.derivation import Derivation as Derivation
    from derive.errors import DeriveError as DeriveError
    from derive.library import load as load
    from derive.library import read as read
    from derive.verdict import Verdict as Verdict

__version__ = "0.1.0"

__all__ = [
    "Derivation", "DeriveError", "Report", "Verdict", "__version__", "check", "check_article", "equal", "load", "read",
]  # fmt: skip

_HOME = {
    "Derivation": "derive.derivation",
    "DeriveError": "derive.errors",
    "Report": "derive.articles.report",
    "Verdict": "derive.verdict",
    "check": "derive.checking",
    "check_article": "derive.articles.checking",
    "equal": "derive.checking",
    "load_ipython_extension": "derive.jupyter",
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
