"""What SymPy builds and no formula of ours means: i, ∞, log(−1), R^{−1}, a sum up to ½, x_{6:2}, p(x = 1, x = 2).

The language is about real numbers, sizes that are 1 at least, and indices that are whole. A size and the end of a sum
or run say so of the symbols they are made of: whoever brings one into a derivation must know it of them already.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from sympy import Add, Basic, Expr, I, Integer, Mul, Pow, Product, S, Sum, Symbol, Tuple
from sympy.core.function import Function
from sympy.core.symbol import Str

from derive.errors import SortError
from derive.terms.arrays import Family, Ones
from derive.terms.binding import binding
from derive.terms.choices import Limit
from derive.terms.densities import Density
from derive.terms.events import IntersectionOver, UnionOver
from derive.terms.linear import Identity
from derive.terms.names import Application, Law, Run, Variable
from derive.terms.sorts import INDEX, SCALAR, Sort, sort_of

_NAME = re.compile(r"([^\W\d_]|[\\#])[^=<>+,;|]*$|$")
"""A letter or a macro begins a name: 1 = 0 is not to be said of a symbol that is called 1."""
_RANGED = (Sum, Product, Family, IntersectionOver, UnionOver)
INFINITE = (S.Infinity, S.NegativeInfinity)
_NO_NUMBERS = (I, S.ComplexInfinity, S.NaN, *INFINITE)


@lru_cache(maxsize=50_000)
def meaningless(term: Basic) -> str:
    """Why a term means nothing whatever its names stand for; nothing where no reason is seen."""
    try:
        own = _own(term)
    except SortError as error:
        return error.message
    if own or isinstance(term, Str):
        return own
    for part in term.args:
        if part in INFINITE and isinstance(term, (Limit, Tuple)):
            continue  # where a limit, a sum or an integral goes to
        found = meaningless(part)
        if found:
            return found
    return ""


def _own(term: Basic) -> str:
    if isinstance(term, (Add, Mul, Pow, Function)):
        sort_of(term)
    if term in _NO_NUMBERS or (isinstance(term, Expr) and term.is_number and term.is_extended_real is False):
        return f"{term} is no real number"
    sizes = term.args[1:] if isinstance(term, Sort) else term.args if isinstance(term, (Identity, Ones)) else ()
    for size in sizes:
        if size.is_number and not (isinstance(size, Integer) and size >= 1):
            return f"nothing has the size {size}"
    if isinstance(term, (*_RANGED, Run)):
        for end in _ends(term):
            if end.is_number and not isinstance(end, Integer) and end not in INFINITE:
                return f"an index does not run to {end}"
    if isinstance(term, Run):
        length = term.upper - term.lower + 1
        if length.is_Integer and length < 0:
            return f"there is no run {term}"
    if isinstance(term, (Symbol, Variable, Run, Law, Application)) and not _NAME.match(str(term.name)):
        return f"{term.name!r} is no name"
    if isinstance(term, Density):
        for side in (term.targets, term.givens):
            if len({pair[0] for pair in side}) < len(side):
                return f"a variable stands twice in {term}"
    return ""


def _ends(term: Basic) -> tuple[Expr, ...]:
    if isinstance(term, Run):
        return (term.lower, term.upper)
    if isinstance(term, _RANGED):
        return tuple(end for limit in term.limits for end in limit[1:])
    return ()


@lru_cache(maxsize=50_000)
def sizes_in(term: Basic) -> frozenset[Expr]:
    """The sizes of the vectors and matrices in a term that are no numbers."""
    own = term.args[1:] if isinstance(term, Sort) else term.args if isinstance(term, (Identity, Ones)) else ()
    found = frozenset(size for size in own if not size.is_number)
    return found.union(*map(sizes_in, term.args))


@lru_cache(maxsize=50_000)
def counted_in(term: Basic) -> frozenset[Symbol]:
    """The symbols, free in a term, of which it says that they are whole: the ends of its sums, products and runs."""
    found = frozenset[Symbol]().union(*(end.free_symbols for end in _ends(term)), *map(counted_in, term.args))
    held = binding(term)
    if held is None:
        return found
    outside = frozenset().union(*(part.free_symbols for part in held.outside))
    return found - (frozenset(held.bound) - outside)


@lru_cache(maxsize=50_000)
def runs_in(term: Basic) -> frozenset[Run]:
    """The runs of variables in a term."""
    found = frozenset[Run]().union(*map(runs_in, term.args))
    return found | {term} if isinstance(term, Run) else found


def homonym(terms: Iterable[Basic]) -> str:
    """A name without an index that stands for things of two sorts in these terms, a number b beside a vector b."""
    known: dict[str, Sort] = {}
    for name, sort in (pair for term in terms for pair in _plain_names(term)):
        if known.setdefault(name, sort) != sort:
            return name
    return ""


@lru_cache(maxsize=50_000)
def _plain_names(term: Basic) -> frozenset[tuple[str, Sort]]:
    if isinstance(term, Symbol):
        return frozenset(((str(term.name), SCALAR),))
    if isinstance(term, Variable) and not term.indices:
        return frozenset(((term.name, SCALAR if term.sort == INDEX else term.sort),))
    return frozenset[tuple[str, Sort]]().union(*map(_plain_names, term.args))


def unknown_size(new: Iterable[Expr], known: frozenset[Expr]) -> Expr | None:
    """A size that is neither known to be one nor the sum or product of such."""
    return next((size for size in new if not _made_of(size, known)), None)


def _made_of(size: Expr, known: frozenset[Expr]) -> bool:
    if size in known or (isinstance(size, Integer) and size >= 1):
        return True
    return isinstance(size, (Add, Mul)) and all(_made_of(part, known) for part in size.args)


__all__ = ["INFINITE", "counted_in", "homonym", "meaningless", "runs_in", "sizes_in", "unknown_size"]
