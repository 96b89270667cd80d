"""Names for what a rule binds: the caller's or the rule's own, and another where a value would be caught."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sympy import Basic, Symbol

from derive.errors import DerivationError
from derive.rulebook.clauses import Metavariable
from derive.rulebook.values import Abstraction, Family
from derive.terms import IndexFacts, Law, Run, Variable, free_variables, matrix, overlap, vector

if TYPE_CHECKING:
    from derive.rulebook.schema import Schema

__all__ = ["bound_names", "mentioned_by", "points_of"]

_INDICES = ("s", "r", "k", "j", "i", "l")


def bound_names(
    schema: Schema, values: Mapping[str, Any], sizes: Mapping[Symbol, Basic], facts: IndexFacts
) -> dict[str, Any]:
    """For every bound metavariable the points it binds, none of which a value inside its scope mentions."""
    chosen: dict[str, Any] = {}
    for name, scope in schema.scopes.items():
        metavariable = schema.metavariables[name]
        incoming: set[Basic] = set()
        lenient: set[Basic] = set()
        for other in scope - {name}:
            if other in chosen:
                incoming.update(points_of(chosen[other]))
            if other in values and (other in schema.free or other not in chosen):
                (lenient if schema.together(name, other) else incoming).update(
                    mentioned_by(values[other], facts)
                )
        taken = (incoming, lenient, facts)
        if metavariable.kind == "variables":
            pairs = []
            for variable, point in values[name]:
                wanted = point if isinstance(point, (Variable, Symbol, Run)) else variable
                fresh = _fresh(wanted, *taken)
                incoming.add(fresh)
                pairs.append((variable, fresh))
            chosen[name] = tuple(pairs)
        elif metavariable.kind == "index":
            given = values.get(name, Symbol(name))
            if not isinstance(given, Symbol):
                raise DerivationError(f"{name} is an index that is summed over, and needs a name", expected="an index")
            chosen[name] = _fresh(given, *taken)
        elif name in values:
            variable, point = values[name] if isinstance(values[name], tuple) else (values[name], values[name])
            wanted = point if isinstance(point, (Variable, Symbol)) else variable
            chosen[name] = (variable, _fresh(wanted, *taken))
        else:
            point = _fresh(_variable(metavariable, sizes), *taken)
            chosen[name] = (point, point)
    return chosen


def _variable(metavariable: Metavariable, sizes: Mapping[Symbol, Basic]) -> Basic:
    """A variable under the rule's own name, of the size the values have."""
    shape = [sizes.get(Symbol(written), Symbol(written)) for written in metavariable.shape]
    if not shape or all(size == 1 for size in shape):
        return Symbol(metavariable.name)
    return Variable(metavariable.name, vector(*shape) if len(shape) == 1 else matrix(*shape))


def points_of(value: Any) -> tuple[Basic, ...]:
    """The points of a bound name: an index, a variable, or those of a set."""
    if isinstance(value, Basic):
        return (value,)
    if value and isinstance(value[0], tuple):
        return tuple(point for _, point in value)
    return (value[1],) if value else ()


def mentioned_by(value: Any, facts: IndexFacts) -> frozenset[Basic]:
    """The free variables of a value."""
    match value:
        case Abstraction():
            return value.free(facts)
        case Family():
            return frozenset()
        case Law():
            return frozenset().union(*(free_variables(index) for index in value.indices))
        case tuple() if value and isinstance(value[0], tuple):
            return frozenset().union(*(free_variables(point) for _, point in value))
        case tuple():
            return free_variables(value[1]) if value else frozenset()
    return free_variables(value)


def _namesake(name: Basic, item: Basic) -> bool:
    """Whether two names read alike though they are of different sorts: a vector x beside a number x."""
    plain = not getattr(name, "indices", ()) and not getattr(item, "indices", ())
    return plain and not isinstance(name, Run) and name != item and str(getattr(item, "name", "")) == str(name.name)  # type: ignore[attr-defined]


def _fresh(wanted: Basic, incoming: set[Basic], lenient: set[Basic], facts: IndexFacts) -> Basic:
    """The name wanted, or with primes the nearest one that nothing mentions.

    What may or may not coincide (x_{t-1} and x_0) is kept apart, except from variables that stand in one density with
    it, which a condition of its own keeps apart.
    """

    def clashes(name: Basic) -> bool:
        return any(overlap(name, item, facts) is not False for item in incoming) or any(
            overlap(name, item, facts) is True for item in lenient
        ) or any(_namesake(name, item) for item in incoming)

    if not clashes(wanted):
        return wanted
    if isinstance(wanted, Symbol) and len(wanted.name) == 1 and wanted.name in (*_INDICES, "t", "n", "m"):
        for letter in _INDICES:
            if not clashes(Symbol(letter)):
                return Symbol(letter)
    name = str(wanted.name)  # type: ignore[attr-defined]
    while True:
        name += "'"
        fresh = Symbol(name) if isinstance(wanted, Symbol) else type(wanted)(name, *wanted.args[1:])
        if not clashes(fresh):
            return fresh
