"""Functions of numbers whose names say what they are, written out: sigmoid(x) is 1/(1 + e^(−x)).

A text that says itself what such a name means is taken at its word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sympy import Basic, exp, log

from derive.terms.names import Application
from derive.terms.positions import walk
from derive.terms.rewriting import rewritten
from derive.terms.sorts import is_scalar
from derive.terms.statements import Definition, Equal

__all__ = ["standard_functions", "written_out"]

_MEANINGS: Mapping[str, Callable[[Any], Any]] = {
    "sigmoid": lambda x: 1 / (1 + exp(-x)),
    "expit": lambda x: 1 / (1 + exp(-x)),
    "softplus": lambda x: log(1 + exp(x)),
}


def standard_functions(terms: Iterable[Basic], given: Iterable[Basic]) -> frozenset[str]:
    """The names of such functions in some terms, that no line that is given says something of."""
    nodes = [node for term in terms for _, node in walk(term)]
    told = {str(part.lhs.name) for line in given for _, part in walk(line)
             if isinstance(part, (Equal, Definition)) and isinstance(part.lhs, Application)}  # fmt: skip
    return frozenset(str(node.name) for node in nodes if _is_standard(node)) - told


def written_out(term: Any, names: frozenset[str]) -> Any:
    """The term with these functions written out."""

    def meaning(node: Any) -> Any:
        if not _is_standard(node) or str(node.name) not in names:
            return None
        return _MEANINGS[str(node.name)](written_out(node.arguments[0], names))

    return rewritten(term, meaning) if names else term


def _is_standard(node: Basic) -> bool:
    if not isinstance(node, Application) or str(node.name) not in _MEANINGS or node.indices:
        return False
    return len(node.arguments) == 1 and is_scalar(node) and is_scalar(node.arguments[0])
