r"""Claims that cannot be refuted because something in them has not been said.

Where the right side of an equation speaks of a quantity of which the article says nothing, `p(x) = \sum_k \pi_k
\mathcal{N}(x; \mu_k, \Sigma_k)`, or where a number says what such quantities come to, `\sum_k \pi_k = 1`, the author
says something of it; a world that chooses it otherwise shows nothing wrong. Nor does one in which a name does not
depend on what it is differentiated in.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from derive.articles.constants import constants_in
from derive.articles.heads import Head, heads_in, overlaps
from derive.latex.declarations import INDEX_LETTERS, Declarations, base_letter
from derive.terms import Definition, Distributed, Equal, Gradient, Variable, free_variables, walk

__all__ = ["unsaid"]


def unsaid(link: Any, stated: Iterable[Any], declarations: Declarations) -> str:
    """Why a world that differs from a claim refutes nothing; empty where it does."""
    for _, node in walk(link):
        if isinstance(node, Gradient):
            body, variable = node.args[0], node.args[1]
            if (body.is_Symbol or isinstance(body, Variable)) and variable not in free_variables(body):
                return f"whether {body} depends on {variable} is not said"
    if not isinstance(link, Equal):
        return ""
    said = heads_in(item for item in stated if isinstance(item, (Equal, Definition, Distributed)))
    said |= heads_in(constants_in(link, ()))
    left, right = (_quantities(side, declarations) for side in (link.lhs, link.rhs))
    new = left if link.rhs.is_Number else {item for item in right if not any(overlaps(item, other) for other in left)}
    silent = sorted((item for item in new if not any(overlaps(item, other) for other in said)), key=str)
    if not silent or (link.rhs.is_Number and len(silent) < len(left)):
        return ""
    return f"nothing is said of {silent[0]} before this"


def _quantities(side: Any, declarations: Declarations) -> set[Head]:
    """The quantities of a side: not its indices and sizes, nor its random variables."""
    return {
        head for head in heads_in((side,))
        if (head.indices or head.kind == "function" or (head.name not in INDEX_LETTERS and head.name != "d"))
        and not declarations.is_random(base_letter(head.name))
    }  # fmt: skip
