"""Substitution that captures nothing, and equality up to the names of bound variables.

Never SymPy's `subs` or `xreplace`, which capture: here a binder's variable is renamed where a value would be caught,
and an index that may or may not be the one replaced raises `AmbiguousIndex`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sympy import Basic, Symbol, Tuple

from derive.terms.binding import (
    NO_FACTS,
    AmbiguousIndex,
    Binding,
    Names,
    binding,
    coincide,
    contained,
    free_variables,
    overlap,
    under,
)
from derive.terms.densities import Density
from derive.terms.indices import IndexFacts
from derive.terms.names import Run, Variable


def substitute(term: Basic, mapping: Mapping[Basic, Any], facts: IndexFacts = NO_FACTS) -> Any:
    """`term` with symbols and variables replaced, all at once; bound variables are renamed where one would be caught.

    Replacing an index symbol changes names of variables (x_t becomes x_{t-1}); replacing a variable changes points
    only: a density keeps the name of its law's variable. Raises `AmbiguousIndex` where a variable of the mapping may
    or may not be one that occurs.
    """
    chosen = {key: value for key, value in mapping.items() if key != value}
    return _substitute(term, chosen, facts) if chosen else term


class _Renaming(dict[Basic, Any]):
    """A bound variable's renaming: it takes the occurrences written as the binder writes it, and no others."""


def _substitute(term: Basic, mapping: dict[Basic, Any], facts: IndexFacts) -> Any:
    if not mapping:
        return term
    if isinstance(term, Symbol):
        return mapping.get(term, term)
    if isinstance(term, Variable):
        if term in mapping:
            return mapping[term]
        for key in mapping:
            if isinstance(key, Run) and not isinstance(mapping, _Renaming):
                member = _member(term, key, mapping[key], facts)
                if member is not None:
                    return member
                continue
            if isinstance(mapping, _Renaming) or not isinstance(key, Variable) or key.name != term.name:
                continue
            if coincide(key, term, facts) is not False:
                raise AmbiguousIndex(f"whether {term} is {key} depends on an index that is not known")
        return _rename_indices(term, mapping, facts)
    if isinstance(term, Run):
        if term in mapping:
            return mapping[term]
        for key in mapping:
            if isinstance(key, Run):
                member = _member(term, key, mapping[key], facts)
                if member is not None:
                    return member
                continue
            if isinstance(key, (Variable, Run)) and overlap(key, term, facts) is not False:
                raise AmbiguousIndex(f"{key} may lie in the run {term}")
        return _rename_indices(term, mapping, facts)
    bound = binding(term)
    if bound is not None:
        return _substitute_binder(term, bound, mapping, facts)
    if isinstance(term, Density):
        return Density(
            _rename_indices(term.law, mapping, facts),
            [_substitute_pair(pair, mapping, facts) for pair in term.targets],
            [_substitute_pair(pair, mapping, facts) for pair in term.givens],
        )
    if not term.args:
        return term
    changed = [_substitute(arg, mapping, facts) for arg in term.args]
    if all(new is old for new, old in zip(changed, term.args, strict=True)):
        return term
    return term.func(*changed)


def _member(item: Variable | Run, run: Run, value: Any, facts: IndexFacts) -> Any:
    """What a member of a run becomes where the run becomes another run; None where it is no member."""
    if overlap(item, run, facts) is False:
        return None
    if not contained(item, run, facts) or not isinstance(value, Run):
        raise AmbiguousIndex(f"whether {item} lies in the run {run} depends on an index that is not known")
    shift = value.lower - run.lower
    if isinstance(item, Run):
        return Run(value.name, value.element_sort, item.lower + shift, item.upper + shift)
    return Variable(value.name, value.element_sort, item.indices[0] + shift)


def _rename_indices(term: Basic, mapping: dict[Basic, Any], facts: IndexFacts) -> Any:
    """The same name with its indices (and the sizes of its sort) substituted."""
    changed = [arg if not arg.args and not isinstance(arg, Symbol) else _substitute(arg, mapping, facts)
               for arg in term.args]  # fmt: skip
    return term if all(a is b for a, b in zip(changed, term.args, strict=True)) else term.func(*changed)


def _substitute_pair(pair: Any, mapping: dict[Basic, Any], facts: IndexFacts) -> tuple[Basic, Basic]:
    variable, point = pair
    name = variable if isinstance(variable, Symbol) else _rename_indices(variable, mapping, facts)
    return name, _substitute(point, mapping, facts)


def _substitute_outside(part: Basic, mapping: dict[Basic, Any], facts: IndexFacts) -> Basic:
    if isinstance(part, Names):
        return Names(*(name if isinstance(name, Symbol) else _rename_indices(name, mapping, facts) for name in part))
    if isinstance(part, Tuple) and all(isinstance(pair, Tuple) and len(pair) == 2 for pair in part):
        return Tuple(*(Tuple(*_substitute_pair(pair, mapping, facts)) for pair in part))
    return _substitute(part, mapping, facts)  # type: ignore[no-any-return]


def _index_apart(bound: Binding, keys: Iterable[Basic], facts: IndexFacts) -> Basic | None:
    """The binder with its index renamed where a key has an index of that name: x_t is not the x_t of a sum over t."""
    taken = frozenset().union(*(key.free_symbols for key in keys if isinstance(key, (Variable, Run))))
    return _apart(bound, [point for point in bound.bound if isinstance(point, Symbol) and point in taken], taken, facts)


def _apart(bound: Binding, points: list[Basic], taken: Iterable[Basic], facts: IndexFacts) -> Basic | None:
    """The binder with some of its points under fresh names; None where there are none to rename."""
    if not points:
        return None
    used = {str(item.name) for part in (*bound.inside, *bound.outside, *taken) for item in free_variables(part)
            if hasattr(item, "name")}  # fmt: skip
    renaming: dict[Basic, Basic] = {}
    inside = bound.inside
    for point in points:
        fresh = _fresh(point, used)
        used.add(str(fresh.name))  # type: ignore[attr-defined]
        renaming[point] = fresh
        inside = tuple(_rename_bound(part, point, fresh, facts) for part in inside)
    return bound.rebuild(tuple(renaming.get(point, point) for point in bound.bound), inside, bound.outside)


def _substitute_binder(term: Basic, bound: Binding, mapping: dict[Basic, Any], facts: IndexFacts) -> Any:
    apart = _index_apart(bound, mapping, under(term, facts))
    if apart is not None:
        changed = _substitute(apart, mapping, facts)
        return term if changed == apart else changed
    outside = tuple(_substitute_outside(part, mapping, facts) for part in bound.outside)
    inner_facts = under(term, facts)
    hidden = {key for key in mapping if any(_hides(point, key, facts) for point in bound.bound)}
    inner = type(mapping)(
        (key, value)
        for key, value in mapping.items()
        if key not in hidden
        and (_occurs(bound.inside, key, inner_facts) or any(_occurs((point,), key, facts) for point in bound.bound))
    )
    points = tuple(
        point if isinstance(point, Symbol) else _rename_indices(point, inner, facts) for point in bound.bound
    )
    inside = bound.inside
    incoming: frozenset[Basic] = frozenset().union(
        *(free_variables(value) for key, value in inner.items() if isinstance(value, Basic))
    )
    moved = points != bound.bound
    for place, point in enumerate(points):
        clash = any(coincide(point, item, facts) is not False for item in incoming)
        if moved and not clash:
            others = [item for part in inside for item in free_variables(part, inner_facts)]
            after = [_substitute(item, inner, inner_facts) for item in others if item != bound.bound[place]]
            clash = any(
                isinstance(item, (Variable, Run)) and coincide(point, item, facts) is not False for item in after
            )
        if clash:
            taken = {str(item.name) for part in (*inside, *incoming) for item in free_variables(part)
                     if hasattr(item, "name")}  # fmt: skip
            fresh = _fresh(bound.bound[place], taken | {str(getattr(point, "name", ""))})
            inside = tuple(_rename_bound(part, bound.bound[place], fresh, inner_facts) for part in inside)
            bound = bound._replace(bound=(*bound.bound[:place], fresh, *bound.bound[place + 1 :]))
            renamed = fresh if isinstance(fresh, Symbol) else _rename_indices(fresh, inner, facts)
            points = (*points[:place], renamed, *points[place + 1 :])
    original = binding(term)
    if not inner and original is not None and original[:3] == (points, inside, outside):
        return term
    inside = tuple(_substitute(part, inner, inner_facts) for part in inside)
    return bound.rebuild(points, inside, outside)


def _hides(point: Basic, key: Basic, facts: IndexFacts) -> bool:
    """Whether a binder of `point` takes `key` out of reach of a substitution."""
    if point == key:
        return True
    if isinstance(point, (Variable, Run)) and isinstance(key, (Variable, Run)):
        inside = contained(key, point, facts)
        if inside is None and overlap(key, point, facts) is not False:
            raise AmbiguousIndex(f"whether {key} is bound as {point} depends on an index that is not known")
        return bool(inside)
    return False


def _occurs(parts: Iterable[Basic], key: Basic, facts: IndexFacts) -> bool:
    free: frozenset[Basic] = frozenset().union(*(free_variables(part, facts) for part in parts))
    if key in free:
        return True
    return isinstance(key, (Variable, Run)) and any(coincide(key, item, facts) is not False for item in free)


def _fresh(point: Basic, taken: set[str]) -> Basic:
    name = str(point.name) + "'"  # type: ignore[attr-defined]
    while name in taken:
        name += "'"
    return _renamed(point, name)


def _renamed(point: Basic, name: str) -> Basic:
    if isinstance(point, Symbol):
        return Symbol(name)
    return type(point)(name, *point.args[1:])


def _rename_bound(term: Basic, point: Basic, fresh: Basic, facts: IndexFacts) -> Any:
    """`term` with the bound point renamed: a variable by substitution, a run with every member of its range."""
    if not isinstance(point, Run):
        if any(isinstance(item, Run) and overlap(item, point, facts) is not False for item in free_variables(term)):
            raise AmbiguousIndex(f"whether a variable summed over is {point} depends on an index that is not known")
        return _substitute(term, _Renaming({point: fresh}), facts)
    return _rename_run(term, point, str(fresh.name), facts)  # type: ignore[attr-defined]


def _rename_run(term: Basic, run: Run, name: str, facts: IndexFacts) -> Any:
    if isinstance(term, (Variable, Run)):
        inside = contained(term, run, facts)
        if inside:
            return _renamed(term, name)
        if overlap(term, run, facts) is False:
            return term
        raise AmbiguousIndex(f"whether {term} lies in the run {run} depends on an index that is not known")
    bound = binding(term)
    if bound is not None:
        inner_facts = under(term, facts)
        own = [point for point in bound.bound if overlap(point, run, facts) is not False]
        apart = _apart(bound, own, (run,), inner_facts) or _index_apart(bound, (run,), inner_facts)
        if apart is not None:
            return _rename_run(apart, run, name, facts)
        inside_parts = tuple(_rename_run(part, run, name, inner_facts) for part in bound.inside)
        outside = tuple(
            part if isinstance(part, Names) else _rename_run_outside(part, run, name, facts) for part in bound.outside
        )
        return bound.rebuild(bound.bound, inside_parts, outside)
    if isinstance(term, Density):
        return Density(
            term.law,
            [(pair[0], _rename_run(pair[1], run, name, facts)) for pair in term.targets],
            [(pair[0], _rename_run(pair[1], run, name, facts)) for pair in term.givens],
        )
    if not term.args:
        return term
    return term.func(*(_rename_run(arg, run, name, facts) for arg in term.args))


def _rename_run_outside(part: Basic, run: Run, name: str, facts: IndexFacts) -> Basic:
    if isinstance(part, Tuple) and part.args and all(isinstance(pair, Tuple) and len(pair) == 2 for pair in part):
        return Tuple(*(Tuple(pair[0], _rename_run(pair[1], run, name, facts)) for pair in part))
    return _rename_run(part, run, name, facts)  # type: ignore[no-any-return]



def alpha_equal(left: Basic, right: Basic) -> bool:
    """Whether two terms are the same up to the names of their bound variables. True is certain."""
    return left == right or canonical(left) == canonical(right)


@lru_cache(maxsize=20_000)
def canonical(term: Basic) -> Any:
    """`term` with its bound variables named by depth: two terms with one canonical form mean the same."""
    return _canonical(term, 0)


def _canonical(term: Basic, depth: int) -> Any:
    if isinstance(term, (Symbol, Variable, Run)) or not term.args:
        return term
    bound = binding(term)
    if bound is None:
        if isinstance(term, Density):
            return Density(
                term.law,
                [(pair[0], _canonical(pair[1], depth)) for pair in term.targets],
                [(pair[0], _canonical(pair[1], depth)) for pair in term.givens],
            )
        changed = [_canonical(arg, depth) for arg in term.args]
        return term if all(a is b for a, b in zip(changed, term.args, strict=True)) else term.func(*changed)
    facts = under(term, NO_FACTS)
    inside, points = bound.inside, []
    for place, point in enumerate(bound.bound):
        name = f"#{depth}.{place}"
        fresh: Basic
        if isinstance(point, Run):
            fresh = _renamed(point, name)
        elif isinstance(point, Symbol):
            fresh = Symbol(name)
        else:
            fresh = Variable(name, point.sort)  # type: ignore[attr-defined]
        try:
            inside = tuple(_rename_bound(part, point, fresh, facts) for part in inside)
        except AmbiguousIndex:
            fresh = point
        points.append(fresh)
    inside = tuple(_canonical(part, depth + 1) for part in inside)
    outside = tuple(
        part if isinstance(part, Names) else _canonical(part, depth) if not isinstance(part, Tuple) else part
        for part in bound.outside
    )
    return bound.rebuild(tuple(points), inside, outside)
