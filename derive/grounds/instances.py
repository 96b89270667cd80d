"""Results at other values: a theorem that speaks of names alone holds for whatever stands for them.

`E_{x∼N(μ, vI)}[‖x − c‖²] = ‖μ − c‖² + d v` was derived for v > 0 and any μ, c of R^d. So it holds with μ_θ(y) for μ, 2
for v and n for d, where what was assumed of μ, v and d holds of these. A theorem about the laws, functions or families
of its model is no such theorem: what its model says of them it says of no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sympy import Add, Basic, Integer, Mul, Pow, S, Symbol, nan, zoo
from sympy.core.function import Function

from derive.errors import KernelRefusal, SortError
from derive.grounds.conditions import decide
from derive.grounds.context import Context, Discharge, as_relations, is_range
from derive.grounds.universal import fixed, stated_at
from derive.models import Model
from derive.models.model import links_of
from derive.terms import (
    INDEX,
    SCALAR,
    Application,
    Density,
    Equal,
    Law,
    Member,
    PositiveDefinite,
    Probability,
    Proportional,
    Sort,
    Statement,
    Variable,
    free_variables,
    is_scalar,
    sort_of,
    substitute,
    walk,
)
from derive.terms.definedness import lost, lost_by_substitution
from derive.terms.indices import whole
from derive.terms.statements import Greater, GreaterEqual, Less, LessEqual, Unequal

__all__ = ["cited", "closed", "named", "restated", "shapes_of"]

_BOUNDS = (Less, LessEqual, Greater, GreaterEqual, Unequal, PositiveDefinite)
_NOT_REAL = (S.ImaginaryUnit, S.Infinity, S.NegativeInfinity, zoo, nan)


def closed(model: Model, terms: Iterable[Basic] = ()) -> bool:
    """Whether a model assumes something of single names only, and these terms speak of no law."""
    if model.laws or model.factorizations or model.independences or model.distributed or model.functions:
        return False
    if model.recursions or model.claims or model.restricted:
        return False
    parts = [part for line in model.lines for part in links_of(line.statement)]
    if not all(isinstance(part, Member) or _of_single_names(part) for part in parts):
        return False
    nodes = [node for term in (*parts, *terms) for _, node in walk(term)]
    in_time = any(index.free_symbols & model.times for node in nodes for index in _indices(node))
    return not in_time and not any(isinstance(node, (Density, Law, Probability)) for node in nodes)


def _of_single_names(part: Statement) -> bool:
    """Whether a statement is a bound or an equation, and says nothing of a whole family or of a function."""
    if not isinstance(part, (*_BOUNDS, Equal)) or any(isinstance(node, Application) for _, node in walk(part)):
        return False
    if isinstance(part, Equal) and not (isinstance(part.lhs, (Symbol, Variable)) and not _indices(part.lhs)):
        return False
    return not any(index.free_symbols for item in free_variables(part) for index in _indices(item))


def _indices(item: Basic) -> tuple[Basic, ...]:
    return item.indices if isinstance(item, Variable) else ()


def cited(
    theorem: Any, mapping: Mapping[Basic, Any], target: Basic, local: Context, where: Context
) -> tuple[Any, list[Discharge]]:
    """An earlier theorem at these values, and the conditions on which it holds there."""
    same = where.model.includes(theorem.context.model)
    if same and not fixed(theorem.context, mapping, where):
        return stated_at(theorem, mapping, local, where)
    if same or closed(theorem.context.model):
        return restated(theorem, mapping, target, local)
    raise KernelRefusal("the result was derived from another model")


def named(theorem: Any) -> frozenset[Basic]:
    """The names of a theorem that may stand for something else: numbers, vectors, matrices without an index."""
    about = theorem.context
    statements = (line.statement for line in about.model.lines)
    terms = (theorem.statement, *statements, *(entry.statement for entry in about.given), *theorem.obligations)
    found = frozenset[Basic]().union(*map(free_variables, terms))
    return frozenset(
        item for item in found | _sizes(terms)
        if isinstance(item, Symbol) or (isinstance(item, Variable) and not item.indices)
    )  # fmt: skip


def restated(
    theorem: Any, mapping: Mapping[Basic, Any], target: Basic, local: Context
) -> tuple[Any, list[Discharge]]:
    """The theorem's statement with these values, and all that it was derived under, decided for them at this place.

    Raises `KernelRefusal` where it is no theorem about names alone, or a value is none of the name's kind.
    """
    about = theorem.context
    given = [entry.statement for entry in about.given]
    if not closed(about.model, (theorem.statement, *given, *theorem.obligations)):
        raise KernelRefusal("the result is about a model of its own, and holds of no other")
    if about.hidden or any(entry.universal for entry in about.given) or isinstance(theorem.statement, Proportional):
        raise KernelRefusal("the result holds where it was derived, and at no other values")
    values = {**shapes_of(mapping), **mapping}
    _fitting(theorem, values, local)
    instance = substitute(theorem.statement, values, local.facts)
    for _, node in walk(instance):
        if isinstance(node, (Add, Mul, Pow, Function)):
            sort_of(node)  # refuses a vector beside a number
    assumed = [part for line in about.model.lines for part in links_of(line.statement) if not isinstance(part, Member)]
    assumed += [entry.statement for entry in about.given if not is_range(entry, about.indices)]
    ranges = [substitute(bound, values, local.facts) for bound in as_relations(about.facts)]
    conditions = [replace(decide(bound, local), kind="range") for bound in ranges]
    conditions += [decide(substitute(part, values, local.facts), local) for part in dict.fromkeys(assumed)]
    conditions += [decide(substitute(open_, values, local.facts), local) for open_ in theorem.obligations]
    needed = lost_by_substitution(theorem.statement, instance, values, local.facts) | lost(values.values(), target)
    conditions += [replace(decide(need, local), kind="defined") for need in sorted(needed, key=str)]
    return instance, list(dict.fromkeys(conditions))


def shapes_of(mapping: Mapping[Basic, Any]) -> dict[Basic, Any]:
    """What the sizes of vectors and matrices are here, read off what stands for them; they must agree."""
    sizes: dict[Basic, Any] = {}
    for key, value in mapping.items():
        wanted = key.sort.shape if isinstance(key, Variable) else ()
        if not wanted or value == 0:
            continue
        shape = sort_of(value).shape
        if len(shape) != len(wanted):
            raise KernelRefusal(f"a {sort_of(value)} cannot stand for {key}")
        for mine, here in zip(wanted, shape, strict=True):
            if not isinstance(mine, Symbol):
                continue
            if mapping.get(mine, sizes.setdefault(mine, here)) != here or sizes[mine] != here:
                raise KernelRefusal(f"the sizes do not fit: {mine} would be {sizes[mine]} and {here}")
    return sizes


def _fitting(theorem: Any, values: Mapping[Basic, Any], local: Context) -> None:
    """Raises `KernelRefusal` where a value is not of the sort of its name, no whole number or no size of this model."""
    about, names = theorem.context, named(theorem)
    spoken = (theorem.statement, *(line.statement for line in about.model.lines), *theorem.obligations,
              *(entry.statement for entry in about.given))  # fmt: skip
    sizes = _sizes(spoken)
    here = _sizes((*local.model.statements, *(entry.statement for entry in local.given)))
    for key, value in values.items():
        if key not in names:
            raise KernelRefusal(f"{key} is no name of the result that may stand for something else")
        if not isinstance(value, Basic) or value.has(*_NOT_REAL):
            raise KernelRefusal("a name stands for a number, a vector or a matrix")
        wanted = substitute(key.sort, dict(values)) if isinstance(key, Variable) else SCALAR
        try:
            fits = is_scalar(value) if wanted in (SCALAR, INDEX) else value == 0 or sort_of(value) == wanted
        except SortError:
            fits = False
        if not fits:
            raise KernelRefusal(f"{value} cannot stand for {key}, a {wanted}")
    for symbol in sizes:
        value = values.get(symbol, symbol)
        if value not in here and not (isinstance(value, Integer) and value >= 1):
            raise KernelRefusal(f"{value} is the size of no vector or matrix of the model")
    free = frozenset[Basic]().union(*map(free_variables, spoken))
    for symbol in (about.indices & free) - sizes:
        if not whole(values.get(symbol, symbol), local.indices | here):
            raise KernelRefusal(f"{symbol} is a whole number, and {values.get(symbol, symbol)} is not known to be one")


def _sizes(terms: Iterable[Basic]) -> frozenset[Any]:
    """The sizes of the vectors and matrices in terms."""
    return frozenset(size for term in terms for sort in _sorts(term) for size in sort.shape if not size.is_number)


def _sorts(term: Basic) -> Iterator[Sort]:
    stack = [term]
    while stack:
        node = stack.pop()
        if isinstance(node, Sort):
            yield node
        stack.extend(node.args)
