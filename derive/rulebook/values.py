"""What a rule is used on: the values of its metavariables, each in the form its kind has, and the sizes they have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sympy import Basic, S, Symbol, Tuple

from derive.errors import DerivationError, SortError
from derive.rulebook.clauses import Metavariable
from derive.rulebook.mentions import mentioned
from derive.terms import (
    Density,
    IndexFacts,
    Law,
    Normal,
    Run,
    Sort,
    Variable,
    free_variables,
    overlap,
    sort_of,
    substitute,
    sympify_term,
)
from derive.terms.binding import NO_FACTS, without

if TYPE_CHECKING:
    from derive.rulebook.rule import Rule
    from derive.rulebook.schema import Schema

__all__ = ["Abstraction", "Family", "Pair", "only_law", "sizes_of", "values_of"]

Pair = tuple[Basic, Basic]


@dataclass(frozen=True)
class Abstraction:
    """A term as a function of some of its variables: λ parameters. body."""

    parameters: tuple[Basic, ...]
    body: Basic

    def __call__(self, points: Iterable[Basic], facts: IndexFacts) -> Any:
        """The body at these points."""
        points = tuple(points)
        if len(points) != len(self.parameters):
            raise DerivationError(f"a function of {len(self.parameters)} arguments is given {len(points)}")
        return substitute(self.body, dict(zip(self.parameters, points, strict=True)), facts)

    def free(self, facts: IndexFacts) -> frozenset[Basic]:
        """What the body mentions beside the parameters.

        An x_t of which it is open whether it lies in a parameter x_{1:T} belongs to that parameter: at the parameter
        itself the function is its body as it is written, and at any other point the index must be known.
        """
        rest = without(free_variables(self.body, facts), self.parameters, facts)
        return frozenset(
            item for item in rest if all(overlap(item, parameter, facts) is False for parameter in self.parameters)
        )


@dataclass(frozen=True)
class Family:
    """Variables under one name, told apart by an index: the x of x_t and x_{1:T}."""

    name: str
    sort: Sort

    def at(self, index: Any) -> Variable:
        return Variable(self.name, self.sort, index)


def values_of(
    rule: Rule, schema: Schema, substitution: Mapping[str, Any], facts: IndexFacts = NO_FACTS
) -> dict[str, Any]:
    """The substitution with every value in the form its kind has, and nothing missing."""
    values: dict[str, Any] = {}
    for name, metavariable in schema.metavariables.items():
        if name in substitution:
            values[name] = _value(metavariable, substitution[name], facts)
        elif name not in schema.renamable:
            if metavariable.kind == "variables" and _only_given(schema, substitution, name):
                values[name] = ()
                continue
            raise DerivationError(f"the rule {rule.name} needs {name}", expected=f"{name} := {_wanted(metavariable)}")
    for name, value in values.items():
        if schema.metavariables[name].kind == "law" and isinstance(value, Abstraction):
            patterns = schema.densities.get(name, frozenset())
            if len(patterns) != 1 or any(len(targets) != 1 for targets, _ in patterns):
                raise DerivationError(f"in the rule {rule.name} a law's name is needed for {name}, not a density")
    return values


def _only_given(schema: Schema, substitution: Mapping[str, Any], name: str) -> bool:
    """Whether a set stands only right of the bar of laws for which densities are given, which need no such set."""
    densities = {law: Tuple(*(part for pattern in patterns for part in pattern))
                 for law, patterns in schema.densities.items()}  # fmt: skip
    holding = [law for law, pieces in densities.items() if name in mentioned(pieces)]
    return bool(holding) and all(isinstance(substitution.get(law), Abstraction) for law in holding)


def _wanted(metavariable: Metavariable) -> str:
    wanted = {"law": "a law", "variables": "variables", "variable": f"a {metavariable.sort} variable",
              "index": "an index", "expression": "an expression", "event": "an event"}  # fmt: skip
    return wanted.get(metavariable.kind, f"a {metavariable.sort}")


def _value(metavariable: Metavariable, value: Any, facts: IndexFacts) -> Any:
    def refuse() -> DerivationError:
        return DerivationError(f"{value} cannot stand for {metavariable.name}", expected=_wanted(metavariable))

    match metavariable.kind:
        case "law":
            if isinstance(value, Law) or (isinstance(value, Abstraction) and _is_density(value, facts)):
                return value
            raise refuse()
        case "variables":
            items = value if isinstance(value, (tuple, list, Tuple)) else (value,)
            return tuple(_pair(item, refuse) for item in items)
        case "variable" if metavariable.family:
            if not isinstance(value, (Family, Abstraction)):
                raise refuse()
            return value
        case "variable":
            return _pair(value, refuse)
        case "expression":
            if isinstance(value, Abstraction):
                return value
            raise refuse()
    if not isinstance(value, (Basic, int)):
        raise refuse()
    return sympify_term(value)


def _is_density(value: Abstraction, facts: IndexFacts) -> bool:
    """Whether a function integrates to one by its form: a Gaussian or a density of a law, at its own parameters."""
    match value.body:
        case Normal():
            points, rest = (value.body.point,), Tuple(value.body.mean, value.body.covariance)
        case Density():
            points, rest = value.body.points, Tuple(value.body.law, *(point for _, point in value.body.givens))
        case _:
            return False
    return set(points) == set(value.parameters) and not any(
        overlap(point, item, facts) is not False for point in points for item in free_variables(rest, facts)
    )


def _pair(item: Any, refuse: Callable[[], DerivationError]) -> Pair:
    pair = tuple(item) if isinstance(item, (tuple, Tuple)) and len(item) == 2 else (item, item)
    if not isinstance(pair[0], (Variable, Symbol, Run)) or not isinstance(pair[1], Basic):
        raise refuse()
    return pair


def sizes_of(schema: Schema, values: Mapping[str, Any]) -> dict[Symbol, Basic]:
    """What the rule's sizes (d, m, n) are here: read off the sorts of the values, which must agree; 1 on the line."""
    sizes: dict[Symbol, Basic] = {}
    for name, value in values.items():
        metavariable = schema.metavariables[name]
        if not metavariable.shape:
            _scalar_only(metavariable, value)
            continue
        term = _typical(value)
        if term is None or term == 0:
            continue
        found = term if isinstance(term, Sort) else sort_of(term)
        shape = found.shape if found.kind == metavariable.sort else ()
        if not shape:
            if found.kind not in ("scalar", "index"):
                raise SortError(f"{name} is a {metavariable.sort}, and a {found} cannot stand for it")
            shape = (S.One,) * len(metavariable.shape)
        for written, size in zip(metavariable.shape, shape, strict=True):
            if written.isdigit():
                if size != int(written):
                    raise SortError(f"{name} has the size {written}, not {size}")
            elif sizes.setdefault(Symbol(written), size) != size:
                raise SortError(f"the sizes do not fit: {written} would be {sizes[Symbol(written)]} and {size}")
    return sizes


def _typical(value: Any) -> Any:
    """A term or a sort that has the value's sort."""
    if isinstance(value, Family):
        return value.sort
    if isinstance(value, Abstraction):
        return value.body
    return value[1] if isinstance(value, tuple) else value


def _scalar_only(metavariable: Metavariable, value: Any) -> None:
    if metavariable.kind in ("term", "index") or (metavariable.kind == "variable" and not metavariable.family):
        found = sort_of(_typical(value))
        if found.kind not in ("scalar", "index"):
            raise SortError(f"{metavariable.name} is a {metavariable.sort}, and a {found} cannot stand for it")


def only_law(schema: Schema, values: Mapping[str, Any]) -> Law | None:
    """The law a rule speaks of, where it is one."""
    laws = {value for name, value in values.items() if schema.metavariables[name].kind == "law"}
    only = next(iter(laws)) if len(laws) == 1 else None
    return only if isinstance(only, Law) else None
