r"""`… + C`: what is claimed is that the difference of both sides does not depend on certain variables.

Which ones an author rarely says: those that a function `C(x_t, x_0)` leaves out, else those left of the bar of a
density that opens the chain, as with `\propto`. Where neither tells, the claim is not decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sympy import Add, Basic, Mul, Symbol, log

from derive.articles.heads import Head, heads_in
from derive.terms import Application, Density, Equal, IndexFacts, Variable, free_variables, substitute, walk

__all__ = ["constants_in", "named_variables", "without_dependence"]

_WORDS = re.compile(r"(?:const|constant|const\.|cst)(?: .*)?", re.IGNORECASE)
_LETTERS = ("C", "C'", r"\mathrm C")


def constants_in(link: Any, known: Iterable[Head]) -> list[Basic]:
    """The constants that stand as summands on a side of an equation and nowhere else before."""
    if not isinstance(link, Equal):
        return []
    found: list[Basic] = []
    for side in (link.lhs, link.rhs):
        for part in Add.make_args(side):
            bare = part.args[1] if isinstance(part, Mul) and part.args[0] == -1 and len(part.args) == 2 else part
            if _is_constant(bare, known) and bare not in found:
                found.append(bare)
    parts = [part for side in (link.lhs, link.rhs) for part in Add.make_args(side)]
    spoken = heads_in(part for part in parts if part not in found and -part not in found)
    return [item for item in found if not any(str(item.name) == head.name for head in spoken)]  # type: ignore[attr-defined]


def _is_constant(term: Any, known: Iterable[Head]) -> bool:
    if isinstance(term, (Symbol, Variable)) and _WORDS.fullmatch(str(term.name)):
        return True
    if not isinstance(term, (Symbol, Variable, Application)) or str(term.name) not in _LETTERS:
        return False
    return not any(head.name == str(term.name) for head in known)


def named_variables(link: Any, constants: Iterable[Basic], opening: Any) -> list[Any]:
    """The variables of which the constants are said not to depend, as far as the text tells."""
    applied = [item for item in constants if isinstance(item, Application)]
    if applied:
        kept = set().union(*(free_variables(item) for item in applied))
        points = {item for item in free_variables(link) if isinstance(item, Variable) and item.sort.kind == "vector"}
        return sorted(points - kept, key=str)
    for side in (opening, link.lhs):
        density = side.args[0] if isinstance(side, log) else side
        if isinstance(density, Density):
            return [point for _, point in density.targets if isinstance(point, (Symbol, Variable))]
    return []


def without_dependence(link: Any, constants: Iterable[Basic], variables: Iterable[Any], facts: IndexFacts) -> Equal:
    """l − r at v and l − r at another v' are the same number: the claim of an equation up to constants."""
    gone = dict.fromkeys(constants, 0)
    difference = Add(_less(link.lhs, gone), -_less(link.rhs, gone))
    moved = substitute(difference, {item: _primed(item, difference) for item in variables}, facts)
    return Equal(difference, moved)


def _less(side: Any, gone: dict[Basic, Any]) -> Any:
    return Add(*(part for part in Add.make_args(side) if part not in gone and -part not in gone))


def _primed(item: Any, term: Basic) -> Any:
    """The same name with as many primes as it takes to be new."""
    taken = {str(getattr(node, "name", "")) for _, node in walk(term)}
    name = str(item.name) + "'"
    while name in taken:
        name += "'"
    return Symbol(name) if isinstance(item, Symbol) else Variable(name, item.sort, *item.indices)
