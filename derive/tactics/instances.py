"""At which values an earlier result about names alone says something of a term: matched, for the kernel to look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sympy import Add, Basic, Mul, Symbol

from derive.grounds.instances import closed, named, shapes_of
from derive.kernel import Theorem
from derive.rulebook import Metavariable
from derive.search.match import Matcher
from derive.terms import Variable, canonical, substitute
from derive.terms.indices import IndexFacts
from derive.terms.positions import Path, walk


def values_of(
    theorem: Theorem, source: Basic, target: Basic, path: Path, chosen: Mapping[str, Any], facts: IndexFacts
) -> Iterator[tuple[Path, dict[Basic, Any]]]:
    """Places and values at which a side of the result may be a term, or part of its terms; `chosen` are given."""
    if not closed(theorem.context.model, (theorem.statement,)):
        return
    items = {f"?{item.name}": item for item in named(theorem)}  # type: ignore[attr-defined]
    given = {item: chosen[name[1:]] for name, item in items.items() if name[1:] in chosen}
    given = {**shapes_of(given), **given}
    open_ = {name: item for name, item in items.items() if item not in given}
    renamed = {item: Symbol(name) for name, item in open_.items() if isinstance(item, Symbol)}
    sizes = {**renamed, **{item: value for item, value in given.items() if isinstance(item, Symbol)}}
    apart = {**renamed, **{item: Variable(name, substitute(item.sort, sizes)) for name, item in open_.items()
                           if isinstance(item, Variable)}}  # no name of the result is one of a value  # fmt: skip
    pattern: Any = substitute(canonical(source), {**given, **apart}, facts)
    bound = {str(node.name): node for _, node in walk(pattern)
             if isinstance(node, (Symbol, Variable)) and str(node.name).startswith("#")}  # fmt: skip
    metavariables = {name: Metavariable(name, _role(item, theorem), _kind(item)) for name, item in open_.items()}
    metavariables |= {name: Metavariable(name, "variable", _kind(item)) for name, item in bound.items()}
    matcher = Matcher(metavariables, facts)
    found: Iterator[tuple[Path, dict[str, Any]]]
    if isinstance(pattern, (Add, Mul)) and isinstance(target, type(pattern)):
        found = ((_place(path, target, rest), values) for values, rest in matcher.partial(pattern, target, {}))
    else:
        found = ((path, values) for values in matcher.match(pattern, target, {}))
    for place, values in found:
        known = {**_sizes(bound, values), **values}
        taken = {item: known[name] for name, item in open_.items() if name in known}
        yield place, {key: value for key, value in {**taken, **given}.items() if key != value}


def _place(path: Path, target: Basic, rest: tuple[int, ...]) -> Path:
    """The place of some of the terms of a sum or factors of a product."""
    picked = tuple(place for place in range(len(target.args)) if place not in rest)
    return path if not rest else (*path, picked if len(picked) > 1 else picked[0])


def _role(item: Any, theorem: Theorem) -> str:
    return "index" if item in theorem.context.indices else "term"


def _kind(item: Any) -> str:
    return str(item.sort.kind) if isinstance(item, Variable) else "scalar"


def _sizes(bound: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The sizes of what a binder binds, read off what stands for it."""
    return {
        mine.name: here
        for name, item in bound.items() if isinstance(item, Variable) and isinstance(values.get(name), Variable)
        for mine, here in zip(item.sort.shape, values[name].sort.shape, strict=False) if isinstance(mine, Symbol)
    }  # fmt: skip
