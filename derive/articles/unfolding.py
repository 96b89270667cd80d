r"""Definitions whose right side speaks of more than their head: `v = \sqrt{\bar\alpha_t}\,\epsilon - \sqrt{…}\, x_0`.

Such a name is no constant. It stands for its right side, at the very index and points where the text says so: it is
put in where it stands free and nothing around it binds what its right side speaks of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from derive.articles.scope import Defined
from derive.models.model import indices_in
from derive.terms import Density, free_variables, substitute, walk

__all__ = ["fully_named", "unfolded"]


def unfolded(link: Any, definitions: Iterable[Defined]) -> tuple[Any, tuple[Defined, ...]]:
    """The claim with such names written out, the latest first, and the definitions that were used."""
    used = []
    for defined in sorted(definitions, key=lambda item: -item.order):
        left = getattr(defined.term, "lhs", None)
        if not defined.loose or left is None or left not in free_variables(link) or _in_a_law(left, link):
            continue
        free = free_variables(link) | link.free_symbols
        spoken = {node for _, node in walk(link) if node in defined.loose}
        if spoken <= free:
            link = substitute(link, {left: defined.term.rhs})  # type: ignore[attr-defined]
            used.append(defined)
    return link, tuple(used)


def _in_a_law(left: Any, link: Any) -> bool:
    """Whether the name is a variable of a density: there it is no value."""
    return any(
        left in {variable for variable, _ in (*node.targets, *node.givens)}
        for _, node in walk(link) if isinstance(node, Density)
    )  # fmt: skip


def fully_named(link: Any, used: Sequence[Defined]) -> bool:
    """Whether a claim names every index that such definitions speak of: else what it says of them is not clear."""
    indices = indices_in((link, *(item.term for item in used)))
    return all(symbol in link.free_symbols for item in used for symbol in item.loose & indices)
