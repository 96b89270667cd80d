r"""`x_t = \sqrt{\bar\alpha_t}\, x_0 + \sqrt{1 - \bar\alpha_t}\, \epsilon`: a draw of a variable written with its noise.

It defines nothing, since a law says what x_t is, and it does not hold of every x_t and ε. It says how ε goes with
x_t, and may say so where the right side has the law that x_t has: that is the claim.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Basic, Symbol

from derive.articles.heads import Head, determined, head_of, heads_in, overlaps
from derive.models.model import links_of, renamed_onto
from derive.terms import Definition, Density, Distributed, Equal, Normal, Variable, free_variables, substitute

__all__ = ["claimed_law", "noise_of"]


def noise_of(link: Any, stated: Iterable[Any], used: Iterable[Head]) -> Any:
    """The noise with which an equation writes a variable that a law makes; None where it is no such equation.

    `stated` is what the text has said so far. The noise is drawn from a Gaussian of its own, and nothing was written
    with it before.
    """
    if not isinstance(link, Equal) or not isinstance(link.lhs, Variable):
        return None
    parts = [part for statement in stated for part in links_of(statement)]
    made = determined(part for part in parts if isinstance(getattr(part, "lhs", None), Density))
    if not any(overlaps(head, other) for head in heads_in((link.lhs,)) for other in made):
        return None
    spoken = free_variables(link.rhs)
    drawn = [part.variable for part in parts if isinstance(part, Distributed) and part.variable in spoken]
    head = head_of(drawn[0]) if len(set(drawn)) == 1 else None
    if head is None or link.lhs in spoken or any(overlaps(head, other) for other in used):
        return None
    return drawn[0]


def claimed_law(link: Any, noise: Any, known: Iterable[Any]) -> Distributed | None:
    """What the equation claims: that its right side follows the Gaussian of x_t given what else stands there.

    That Gaussian is one of the laws that are `known`, stated or proved.
    """
    given = {item for item in _points(link.rhs) if item != noise}
    for statement in (part for item in known for part in links_of(item)):
        if not isinstance(statement, (Equal, Definition)) or not isinstance(statement.lhs, Density):
            continue
        if not isinstance(statement.rhs, Normal) or len(statement.lhs.targets) != 1:
            continue
        wanted = Density(statement.lhs.law, ((link.lhs, link.lhs),), tuple((item, item) for item in given))
        renamed = renamed_onto(statement.lhs, wanted)
        if renamed is not None:
            law: Any = substitute(statement.rhs, renamed) if renamed else statement.rhs
            return Distributed(link.rhs, Normal(link.lhs, law.mean, law.covariance))
    return None


def _points(term: Basic) -> set[Any]:
    """The variables of a term that are no scalars, and those that a law may make."""
    return {
        item for item in free_variables(term)
        if isinstance(item, Variable) and not isinstance(item, Symbol) and item.sort.kind == "vector"
    }  # fmt: skip
