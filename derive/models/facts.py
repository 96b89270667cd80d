"""What a model's definitions and bounds say at particular indices: 0 < β_t < 1 at β_{t−1}, ᾱ_t = α_t ᾱ_{t−1}.

A statement with a free index holds for every index; here it is instantiated at those that occur. Recursions are
unrolled only between indices that occur, so that nothing is unrolled for ever, and only where their range is known to
reach.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from sympy import Basic, Integer, Symbol

from derive.models.factorization import index_symbols, is_size
from derive.models.model import Model, Recursion, renamed_onto
from derive.terms import (
    Application,
    Density,
    Equal,
    IndexFacts,
    Less,
    LessEqual,
    Restricted,
    Statement,
    Variable,
    free_variables,
    is_scalar,
    sort_of,
    substitute,
)
from derive.terms.indices import linear
from derive.terms.noise import is_curve, meant_here
from derive.terms.statements import Greater, GreaterEqual

_FURTHEST = 8
"""How many steps of a recursion are unrolled between two indices that occur."""


def atoms(terms: Iterable[Basic]) -> frozenset[Basic]:
    """The scalar names in terms: symbols, scalar variables and values of unknown functions."""
    result: frozenset[Basic] = frozenset()
    for term in terms:
        result |= _atoms(term)
    return result


@lru_cache(maxsize=20_000)
def _atoms(term: Basic) -> frozenset[Basic]:
    if isinstance(term, Symbol):
        return frozenset((term,))
    if isinstance(term, Variable):
        return frozenset((term,)) if is_scalar(term) or sort_of(term).kind == "matrix" else frozenset()
    own = frozenset((term,)) if isinstance(term, Application) and is_scalar(term) else frozenset()
    return own.union(*(_atoms(arg) for arg in term.args)) if term.args else own


def matches(pattern: Basic, target: Basic) -> dict[Basic, Any] | None:
    """The substitution of index symbols (and of arguments) that turns a head into a name that occurs, or None."""
    if isinstance(pattern, Symbol) or isinstance(target, Symbol):
        return {} if pattern == target else None
    if type(pattern) is not type(target) or pattern.name != target.name:  # type: ignore[attr-defined]
        return None
    mapping: dict[Basic, Any] = {}
    if isinstance(pattern, Application) and isinstance(target, Application):
        if pattern.sort != target.sort or len(pattern.arguments) != len(target.arguments):
            return None
        for mine, other in zip(pattern.arguments, target.arguments, strict=True):
            if isinstance(mine, (Symbol, Variable)) and mapping.get(mine, other) == other:
                mapping[mine] = other
            elif mine != other:
                return None
    elif pattern.sort != target.sort:  # type: ignore[attr-defined]
        return None
    if len(pattern.indices) != len(target.indices):  # type: ignore[attr-defined]
        return None
    for mine, other in zip(pattern.indices, target.indices, strict=True):  # type: ignore[attr-defined]
        if not _match_index(mine, other, mapping):
            return None
    return mapping


def _match_index(mine: Any, other: Any, mapping: dict[Basic, Any]) -> bool:
    row = linear(mine)
    if mine == other and (row is None or not row[0]):
        return True
    if row is None or len(row[0]) != 1:
        return False
    symbol, weight = next(iter(row[0].items()))
    if weight != 1 or symbol.name.startswith("\\") or is_size(symbol):
        return bool(mine == other)
    value = other - (mine - symbol)
    if linear(value) is None or mapping.get(symbol, value) != value:
        return False
    mapping[symbol] = value
    return True


def instances(model: Model, terms: Iterable[Basic], facts: IndexFacts) -> tuple[Statement, ...]:
    """What the model's definitions, recursions and bounds say of the scalars that occur in the terms."""
    return _instances(model, atoms(terms), facts)


@lru_cache(maxsize=2048)
def _instances(model: Model, names: frozenset[Basic], facts: IndexFacts) -> tuple[Statement, ...]:
    known: dict[Statement, None] = {}
    seen = set(names)
    waiting = sorted(names, key=str)
    while waiting:
        name = waiting.pop(0)
        for equation in _definitions_of(model, name):
            if equation not in known:
                known[equation] = None
                new = sorted(atoms((equation.rhs,)) - seen, key=str)
                seen.update(new)
                waiting.extend(new)
    for equation in _recursions_among(model, frozenset(seen), facts):
        known[equation] = None
        new = sorted(atoms((equation,)) - seen, key=str)
        seen.update(new)
        for name in new:
            for definition in _definitions_of(model, name):
                known[definition] = None
                seen |= atoms((definition.rhs,))
    for bound in model.bounds:
        for instance in _bound_instances(model, bound, frozenset(seen)):
            known[instance] = None
    for restricted in model.restricted:
        for instance in _bound_instances(model, restricted, frozenset(seen)):
            if isinstance(instance, Restricted) and _within(instance.ranges, facts):
                known[instance.statement] = None
    for statement in _monotone(model, frozenset(seen), facts):
        known[statement] = None
    for statement in _above_zero(tuple(known)):
        known[statement] = None
    return tuple(known)


def ordered(model: Model, statement: Basic, mapping: Mapping[Basic, Any]) -> bool:
    """Whether a line about several indices is said of these values of them: with s < t, α_{t|s} = α_t / α_s is not
    said of α_{s|t}, nor of α_{t|t}.
    """
    return all(model.facts.nonnegative(row) is True for row in _orders(model, mapping, statement.free_symbols))


def _orders(model: Model, mapping: Mapping[Basic, Any], spoken: Collection[Any]) -> Iterator[Any]:
    """What the model says of several of these indices together, at the values of a mapping: each is at least 0."""
    for coefficients, constant in model.facts.rows:
        symbols = [symbol for symbol, _ in coefficients]
        moved = any(mapping.get(symbol, symbol) != symbol for symbol in symbols)
        if moved and len(symbols) > 1 and all(symbol in spoken for symbol in symbols):
            yield sum((int(weight) * mapping.get(symbol, symbol) for symbol, weight in coefficients), Integer(constant))


def equations(model: Model, terms: Iterable[Basic]) -> list[Equal]:
    """The model's particular equations (x_t = √ᾱ_t x_0 + √(1 − ᾱ_t) ε, α² + β² = 1) at the indices of the terms."""
    terms = tuple(terms)
    names = {
        name for term in terms for name in free_variables(term) if isinstance(name, (Symbol, Variable))
    } | set(atoms(terms))
    found: dict[Equal, None] = {}
    for equation in model.equations:
        if isinstance(equation.lhs, Application) and not is_scalar(equation.lhs):
            for value in sorted(_applications(terms, str(equation.lhs.name)), key=str):
                mapping = _at_its_arguments(equation.lhs, value)
                if mapping is not None and (not mapping or not at_its_index(model, equation)):
                    found[substitute(equation, mapping)] = None
            continue
        if is_curve(equation):
            found.update(dict.fromkeys(_on_a_curve(equation, names)))
        spoken = free_variables(equation) | atoms((equation,))
        own = [name for name in spoken if index_symbols((name,))]
        if not own or any(name in names for name in spoken.difference(own)):
            found[equation] = None  # what it says of a name without an index is said at its own index too
        for pattern in sorted(own, key=str):
            for name in sorted(names, key=str):
                mapping = matches(pattern, name)
                here = mapping is not None and (_elsewhere(mapping) is False or not at_its_index(model, equation))
                if mapping is not None and here and ordered(model, equation, mapping):
                    found[substitute(equation, mapping)] = None
    for head in model.functions:
        for value in sorted(_applications(terms, str(head.lhs.name)), key=str):
            mapping = matches(head.lhs, value)
            if mapping is not None:
                found[Equal(value, substitute(head.rhs, mapping))] = None
    return list(found)


def _on_a_curve(curve: Equal, names: Collection[Basic]) -> Iterator[Equal]:
    """What z_φ = cos(φ) x + sin(φ) ε says of z_{φ−δ}, for every such name."""
    for name in sorted(names, key=str):
        if isinstance(name, Variable) and name.name == curve.lhs.name and len(name.indices) == len(curve.lhs.indices):
            yield substitute(curve, dict(zip(curve.lhs.indices, name.indices, strict=True)))


def _at_its_arguments(pattern: Application, value: Basic) -> dict[Basic, Any] | None:
    """The indices at which a value ψ_t(x) that an equation gives is this one: at those very arguments."""
    mapping = matches(pattern, value)
    if mapping is None or any(key != other for key, other in mapping.items() if key in pattern.arguments):
        return None
    return {key: other for key, other in mapping.items() if key != other}


def _applications(terms: Iterable[Basic], name: str) -> set[Basic]:
    """The values of a function that occur in terms."""
    found: set[Basic] = set()
    stack = list(terms)
    while stack:
        node = stack.pop()
        if isinstance(node, Application) and node.name == name:
            found.add(node)
        stack.extend(node.args)
    return found


def _elsewhere(mapping: Mapping[Basic, Any]) -> bool:
    return any(key != value for key, value in mapping.items())


def at_its_index(model: Model, equation: Equal) -> bool:
    """Whether an equation writes a point with a noise that has no index: its ε belongs to that t, and to no other.

    So does a name without an index that is given by names that have one.
    """
    if meant_here(equation):
        return True
    if is_curve(equation):
        return False
    noises = {part.variable for part in model.distributed}
    return any(
        item in noises or (isinstance(item, Variable) and item.sort.kind == "vector")
        for item in free_variables(equation)
        if isinstance(item, (Symbol, Variable)) and not getattr(item, "indices", ())
    )


def _above_zero(known: tuple[Statement, ...]) -> list[Statement]:
    """0 ≤ a < b gives 0 < b, along every chain of given inequalities."""
    nonnegative = {high for low, high, _ in map(_order, known) if low == 0}
    positive = {high for low, high, strict in map(_order, known) if low == 0 and strict}
    changed = True
    while changed:
        changed = False
        for low, high, strict in map(_order, known):
            if low in nonnegative | positive and high not in positive and (strict or low in positive):
                positive.add(high)
                changed = True
    return [Greater(name, 0) for name in sorted(positive, key=str) if not name.is_number]


def _order(statement: Statement) -> tuple[Any, Any, bool]:
    """(a, b, strict) of a < b or a ≤ b, however it is written; nothing of any other statement."""
    small, large = _ends(statement)
    return small, large, isinstance(statement, (Less, Greater))


def _definitions_of(model: Model, name: Basic) -> Iterator[Equal]:
    for definition in model.definitions:
        mapping = matches(definition.lhs, name)
        here = mapping is not None and (_elsewhere(mapping) is False or not at_its_index(model, definition))
        if mapping is not None and here and ordered(model, definition, mapping):
            yield Equal(name, substitute(definition.rhs, mapping))
            return


def _recursions_among(model: Model, names: frozenset[Basic], facts: IndexFacts) -> Iterator[Equal]:
    for recursion in model.recursions:
        members = [name for name in names if isinstance(name, Variable) and matches(recursion.head, name) is not None]
        indices = [name.indices[0] for name in members]
        for index in indices:
            yield from _unrolled(recursion, index, indices, facts)


def _unrolled(recursion: Recursion, index: Any, others: list[Any], facts: IndexFacts) -> Iterator[Equal]:
    """f_index through the nearest lower index that occurs, or down to its base where that is within reach."""
    steps = [
        int(difference)
        for other in others
        if (difference := index - other).is_Integer and 0 < difference <= _FURTHEST
    ]
    ground = index - recursion.first + 1
    if recursion.base is not None and getattr(ground, "is_Integer", False) and 0 <= ground <= _FURTHEST:
        steps.append(int(ground))
    if not steps:
        return
    count = min(steps)
    place = index
    for _ in range(count):
        if facts.at_most(recursion.first, place) is not True:
            return
        head = substitute(recursion.head, {recursion.index: place})
        yield Equal(head, substitute(recursion.step, {recursion.index: place}))
        place = place - 1
    if recursion.base is not None and facts.equal(place, recursion.first - 1) is True:
        yield Equal(substitute(recursion.head, {recursion.index: place}), recursion.base)


def _bound_instances(model: Model, bound: Statement, names: frozenset[Basic]) -> Iterator[Statement]:
    own = sorted(atoms((bound,)) - index_symbols_of(bound), key=str)
    if not own:
        yield bound
        return
    if not index_symbols_of(bound):
        if set(own) & names:
            yield bound
        return
    tried = set()
    for pattern in own:
        for name in sorted(names, key=str):
            mapping = matches(pattern, name)
            if mapping is None or not ordered(model, bound, mapping):
                continue
            instance = substitute(bound, mapping)
            if instance not in tried:
                tried.add(instance)
                yield instance


def index_symbols_of(statement: Basic) -> set[Symbol]:
    """The index symbols in the names of a statement."""
    found: set[Symbol] = set()
    stack: list[Basic] = [statement]
    while stack:
        node = stack.pop()
        if isinstance(node, Variable):
            found |= index_symbols((node,))
        if isinstance(node, Application):
            for index in (*node.indices, *node.arguments):
                found |= {symbol for symbol in index.free_symbols if isinstance(symbol, Symbol)
                          and not symbol.name.startswith("\\") and isinstance(index, Symbol)}  # fmt: skip
        stack.extend(node.args)
    return found


def _within(ranges: Iterable[Any], facts: IndexFacts) -> bool:
    """Whether index ranges are known to hold."""
    for bound in ranges:
        small, large = _ends(bound)
        if small is None or facts.at_most(small + int(isinstance(bound, (Less, Greater))), large) is not True:
            return False
    return True


def _monotone(model: Model, names: frozenset[Basic], facts: IndexFacts) -> Iterator[Statement]:
    """f_{t−1} < f_t for every t gives f_i < f_j for i < j: by induction on j − i."""
    for bound in model.bounds:
        small, large = _ends(bound)
        if not (isinstance(small, Variable) and isinstance(large, Variable)) or small.name != large.name:
            continue
        if len(small.indices) != 1 or len(large.indices) != 1 or large.indices[0] - small.indices[0] not in (1, -1):
            continue
        rising = large.indices[0] - small.indices[0] == 1
        members = [name for name in names if isinstance(name, Variable) and matches(small, name) is not None]
        for low in members:
            for high in members:
                if facts.at_most(low.indices[0] + Integer(1), high.indices[0]) is True:
                    pair = (low, high) if rising else (high, low)
                    yield Less(*pair) if isinstance(bound, (Less, Greater)) else LessEqual(*pair)


def _ends(bound: Statement) -> tuple[Any, Any]:
    if isinstance(bound, (Less, LessEqual)):
        return bound.lhs, bound.rhs
    if isinstance(bound, (Greater, GreaterEqual)):
        return bound.rhs, bound.lhs
    return None, None


def law_range(model: Model, density: Basic, mapping: Mapping[Basic, Any]) -> list[LessEqual]:
    """1 ≤ t ≤ T for a density that is given as the t-th factor of a factorization, at the t of a mapping.

    And s < t, where that is said of the indices of q(z_t | z_s).
    """
    if not isinstance(density, Density):
        return []
    pairs = [LessEqual(Integer(0), row) for row in _orders(model, mapping, index_symbols((density,)))]
    return pairs + _factor_range(model, density, mapping)


def _factor_range(model: Model, density: Density, mapping: Mapping[Basic, Any]) -> list[LessEqual]:
    for entry in model.factorizations:
        for factor in entry.factors:
            shift = renamed_onto(factor.density, density)
            if factor.index is not None and shift is not None:
                place = substitute(shift.get(factor.index, factor.index), dict(mapping))
                return [LessEqual(factor.lower, place), LessEqual(place, factor.upper)]
    return []
