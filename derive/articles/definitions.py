r"""Which relations define: those with `:=`, and those whose left side is a name that nothing determines yet.

The head of a definition is a name with distinct symbols as its indices or arguments; the right side speaks of no index
that the head does not carry, and of the head itself only one way along an index, as `y_{k+1} = y_k + …` does. A name
may have been mentioned before: first `q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; \sqrt{\alpha_t}\, x_{t-1}, …)`, then what
α_t is. What the model determines is never defined again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Basic, Integer, Pow

from derive.articles.heads import Head, head_of, heads_in, overlaps
from derive.articles.laws import law_given, law_up_to_a_factor
from derive.models.model import Model, indices_in
from derive.terms import (
    Definition,
    Density,
    Distributed,
    Equal,
    Inverse,
    MatrixPower,
    Normal,
    Proportional,
    Statement,
    Variable,
    free_variables,
)

__all__ = ["defines", "loose", "says"]


def defines(link: Statement, known: Iterable[Head], settled: Iterable[Head], model: Model) -> Head | None:
    """The head that a relation defines, or None where it is a claim.

    `known` are the names that occurred before, `settled` those among them that something determines.
    """
    if isinstance(link, Distributed):
        head = head_of(link.variable)
        if head is None and isinstance(link.density, Normal):
            head = _shifted_head(link.variable)
        return head if head is not None and not any(overlaps(head, other) for other in settled) else None
    if isinstance(link, Proportional) and isinstance(link.lhs, Density):
        return law_up_to_a_factor(link, model)
    if not isinstance(link, (Equal, Definition)):
        return None
    if isinstance(link.lhs, Density):
        return law_given(link, set(known), model)
    head = head_of(link.lhs) or _shifted_head(link.lhs)
    if head is None or any(overlaps(head, other) for other in settled):
        return None
    return head if _one_way(link, head) else None


def says(link: Statement, settled: Iterable[Head]) -> Head | None:
    r"""The head of which a relation says what it is without defining it: σ_t of `\sigma_t^2 = 1 - \alpha_t^2`.

    A power or an inverse of a name that nothing determines, or a member of its family, `\mu_{t \mid t-1}`, on the left,
    and on the right no such member again, unless they are its ends: `x_t = (1 - t) x_0 + t x_1` where x_0 has a law. It
    is no claim: nothing said before could make it wrong.
    """
    if not isinstance(link, Equal):
        return None
    inner = link.lhs
    while isinstance(inner, (Pow, MatrixPower, Inverse)):
        inner = inner.args[0]
    if isinstance(inner, Variable):
        head: Head | None = Head(str(inner.name), "name", tuple(inner.indices))
    else:
        head = head_of(inner)
    if head is None or inner in free_variables(link.rhs):
        return None
    ends = {other for other in heads_in((link.rhs,)) if other.name == head.name and not _free(other)}
    if any(overlaps(head, other) for other in settled if other not in ends or not _free(head)):
        return None
    return head


def _free(head: Head) -> bool:
    """Whether a head is a family, x_t, and no one member of it, x_0."""
    return any(index.free_symbols for index in head.indices)


def _shifted_head(term: Any) -> Head | None:
    """The head of `y_{k+1}`, which only a recursion defines."""
    if not isinstance(term, Variable) or len(term.indices) != 1:
        return None
    symbols = sorted(term.indices[0].free_symbols, key=str)
    apart = len(symbols) == 1 and (term.indices[0] - symbols[0]).is_Integer
    return Head(str(term.name), "name", tuple(symbols)) if apart else None


def _one_way(link: Any, head: Head) -> bool:
    """Whether the right side speaks of the head not at all, or only at indices that all lie on one side of it."""
    if not any(overlaps(head, other) for other in heads_in((link.rhs,))):
        return head_of(link.lhs) is not None
    family = [item for item in free_variables(link.rhs) if str(getattr(item, "name", "")) == head.name]
    if not isinstance(link.lhs, Variable) or len(link.lhs.indices) != 1:
        return False
    steps = [item.indices[0] - link.lhs.indices[0] for item in family if isinstance(item, Variable) and item.indices]
    counted = len(steps) == len(family) and all(isinstance(step, Integer) for step in steps)
    return bool(steps) and counted and (all(step < 0 for step in steps) or all(step > 0 for step in steps))


def loose(link: Any) -> frozenset[Basic]:
    """The indices and variables of a definition's right side that its head does not carry."""
    if isinstance(link, (Distributed, Proportional)) or isinstance(link.lhs, Density):
        return frozenset()
    carried = free_variables(link.lhs) | set(link.lhs.free_symbols)
    indices = indices_in((link,))
    points = {item for item in free_variables(link.rhs) if isinstance(item, Variable) and item.sort.kind == "vector"}
    points = {item for item in points if str(item.name) != str(getattr(link.lhs, "name", ""))}
    spoken = set(link.rhs.free_symbols)
    return frozenset(item for item in (points | (indices & spoken)) if item not in carried and str(item) not in "TNKd")
