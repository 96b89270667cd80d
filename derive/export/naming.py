r"""Names of formulas in Python's spelling: \bar\alpha is alpha_bar, x_t is x_t, ε_θ(x_t, t) is epsilon_theta."""

from __future__ import annotations

import keyword
import re
from typing import Any

from sympy import Basic, Symbol

from derive.terms import Application, Variable, is_scalar

__all__ = ["python_name", "spelled"]

_ACCENTS = ("bar", "hat", "tilde", "dot", "vec", "check", "mathring", "overline", "widehat", "widetilde")
_DROPPED = ("mathbf", "boldsymbol", "mathrm", "mathcal", "mathbb")
_TAKEN = {"np", "torch", "numpy"}


def spelled(name: str) -> str:
    r"""A canonical name: `\bar\alpha` as alpha_bar, `\epsilon` as epsilon; a word of Python's own gets a low line."""
    primes = "_prime" * name.count("'")
    words = re.findall(r"[A-Za-z]+|\d+", name.replace("'", ""))
    accents = [word for word in words if word in _ACCENTS]
    kept = [word for word in words if word not in _ACCENTS and word not in _DROPPED]
    found = "_".join([*kept, *accents]) + primes
    found = found if found.isidentifier() else f"v_{found}"
    return f"{found}_" if keyword.iskeyword(found) or found in _TAKEN else found


def python_name(term: Basic) -> str:
    """The name of the argument that stands for a variable, a symbol, or a function whose value is handed in.

    A scalar with one index is an array of all its values and is named without the index.
    """
    if isinstance(term, Symbol):
        return spelled(str(term.name))
    if isinstance(term, Application):
        return "_".join([spelled(term.name), *map(_index, term.indices)])
    if isinstance(term, Variable):
        if is_scalar(term) and len(term.indices) == 1:
            return spelled(term.name)
        return "_".join([spelled(term.name), *map(_index, term.indices)])
    raise TypeError(f"{type(term).__name__} has no name")


def _index(index: Any) -> str:
    """t as t, 0 as 0, t − 1 as t_minus_1."""
    text = str(index).replace("-", " minus ").replace("−", " minus ").replace("+", " plus ")
    return "_".join(spelled(word) if not word.isdigit() else word for word in text.split())
