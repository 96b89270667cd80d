"""What a term divides by and takes roots and logarithms of: lost where SymPy cancels it while it builds.

q · (p/q) becomes p, and an equation that holds where q ≠ 0 would be one that holds everywhere. Whoever builds a term
from parts compares what the parts need with what the whole still asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sympy import Basic, Pow, log

from derive.terms.binding import binding
from derive.terms.densities import Density
from derive.terms.indices import IndexFacts
from derive.terms.operators import Expectation, Integral
from derive.terms.regularity import Exists, ForEvery
from derive.terms.statements import Greater, GreaterEqual, Statement, Unequal
from derive.terms.substitution import substitute


def needs(term: Basic) -> frozenset[Statement]:
    """What has to hold for a term to have a value: denominators, logarithms, roots, integrals, conditionings."""
    return _needs(term)


@lru_cache(maxsize=20_000)
def _needs(term: Basic) -> frozenset[Statement]:
    own: set[Statement] = set()
    if isinstance(term, Pow) and not term.base.is_positive:
        if _negative(term.exp) and not term.base.is_number:
            own.add(Unequal(term.base, 0))
        if not term.exp.is_number:
            own.add(Exists(term))
        elif not term.exp.is_Integer and not term.base.is_number:
            own.add(GreaterEqual(term.base, 0))
    elif isinstance(term, log) and not term.args[0].is_number:
        own.add(Greater(term.args[0], 0))
    elif isinstance(term, (Expectation, Integral)) or (isinstance(term, Density) and term.givens):
        own.add(Exists(term))
    found = binding(term)
    if found is None:
        return frozenset(own).union(*map(_needs, term.args))
    inside = frozenset[Statement]().union(*map(_needs, found.inside))
    return frozenset({*own, *(ForEvery(need, found.bound) for need in inside)}).union(*map(_needs, found.outside))


def _negative(exponent: Any) -> bool:
    return bool(exponent.is_negative) if exponent.is_number else bool(exponent.could_extract_minus_sign())


def lost(parts: Iterable[Basic], whole: Basic) -> frozenset[Statement]:
    """What the parts of a term need and the term built from them does not say any more."""
    return frozenset[Statement]().union(*map(_needs, parts)) - _needs(whole)


def lost_by_substitution(
    term: Basic, whole: Basic, mapping: Mapping[Basic, Any], facts: IndexFacts
) -> frozenset[Statement]:
    """What a term needs at the values of a mapping and the term with these values does not say any more."""
    if not mapping:
        return frozenset()
    moved = {substitute(need, mapping, facts) for need in _needs(term)}
    return frozenset(need for need in moved if not _plain(need)) - _needs(whole)


def _plain(need: Statement) -> bool:
    """Whether a need has become one about numbers, that holds."""
    while isinstance(need, ForEvery):
        need = need.statement
    if isinstance(need, Exists):
        return False
    value: Any = need.args[0]
    if not value.is_number:
        return False
    sign = value.is_positive if isinstance(need, Greater) else value.is_nonnegative
    return bool(value.is_nonzero if isinstance(need, Unequal) else sign)


__all__ = ["lost", "lost_by_substitution", "needs"]
