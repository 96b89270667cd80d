"""A term rewritten node by node: the parts changed, the rest as it stands.

Nothing is renamed on the way: what is put in must mean the same below every binder of the term. What is put for a
name in a term, whatever is bound there, is `substitution.substitute`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Basic, Symbol

from derive.terms.names import Law, Run, Variable

NAMES = (Symbol, Variable, Run, Law)
"""What stands for itself: the indices and the sort of a name are not looked at."""


def mapped(term: Any, change: Callable[[Any], Any]) -> Any:
    """The term with each of its parts changed; the term itself where it is a name or nothing changed."""
    if isinstance(term, NAMES) or not term.args:
        return term
    parts = [change(part) if isinstance(part, Basic) else part for part in term.args]
    same = all(new is old for new, old in zip(parts, term.args, strict=True))
    return term if same else term.func(*parts)


def rewritten(term: Any, change: Callable[[Any], Any]) -> Any:
    """The term with every outermost node of which `change` makes something replaced by that.

    change: gives what a node becomes (the node itself, to leave it and all below it alone), or None to go on below it.
    """
    new = change(term)
    return mapped(term, lambda part: rewritten(part, change)) if new is None else new
