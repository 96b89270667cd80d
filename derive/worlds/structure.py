"""The structure of a law in a world: which variables it is over, and in which order they are generated.

A law is generated factor by factor: targets given earlier variables. Declared factorizations and kernels give the
factors; variables that nothing generates come first, as one dense block; variables that a statement mentions beyond
the declared ones come last and depend on everything. Independences of a law without a factorization are met by a
random directed graph in which they are d-separations (Lauritzen 1996, prop. 3.25).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import Any

from sympy import Basic, Mul, Product, Sum

from derive.terms import (
    EVENT,
    Density,
    Distributed,
    Equal,
    Equals,
    Independent,
    Law,
    Probability,
    Sort,
    Variable,
    sort_of,
)
from derive.worlds.outcomes import NotExercised, Undefined
from derive.worlds.setting import Key, match_indices, number_of, shape_of
from derive.worlds.meaning import Env
from derive.worlds.world import World


@dataclass(frozen=True)
class Factor:
    """Targets generated given earlier variables: by a kernel under index values, or by nothing declared."""

    targets: tuple[Key, ...]
    givens: tuple[Key, ...]
    kernel: Equal | None = None
    indices: tuple[tuple[str, Any], ...] = ()


class Mentions:
    """The variables that statements speak of, law by law, with their sorts; events count as variables."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.laws: dict[Key, dict[Key, Sort]] = {}
        self._definitions: set[Basic] = set()

    def add(self, law: Key, variables: Iterable[tuple[Key, Sort]]) -> None:
        """Variables of a law."""
        known = self.laws.setdefault(law, {})
        for key, sort in variables:
            known.setdefault(key, sort)

    def read(self, term: Basic, env: Env) -> None:
        """Everything that a term mentions, its sums over indices written out."""
        if isinstance(term, Density):
            law = self.world.law_key(term.law, env)
            for pair in (*term.targets, *term.givens):
                self._expanded(law, pair[0], env)
                if pair[1] != pair[0]:
                    self.read(pair[1], env)
            return
        if isinstance(term, Probability):
            law = self.world.law_key(term.law, env)
            self.add(law, [])
            for event in term.args[1:]:
                self._event(law, event, env)
            return
        if isinstance(term, (Sum, Product)) and len(term.limits[0]) == 3:
            index, lower, upper = term.limits[0]
            scope = self.world.scope(env)
            try:
                low, high = number_of(lower, scope), number_of(upper, scope)
            except NotExercised:
                return
            for number in range(low, min(high, low + 16) + 1):
                self.read(term.function, {**env, index.name: number})
            return
        name = getattr(term, "name", None)
        if name is not None and not isinstance(term, Law):
            self._defined(str(name))
        for arg in term.args:
            if arg.args or hasattr(arg, "name"):
                self.read(arg, env)

    def _expanded(self, law: Key, variable: Basic, env: Env) -> None:
        try:
            self.add(law, self.world.expand(variable, env))
        except (Undefined, NotExercised):
            return

    def _event(self, law: Key, event: Basic, env: Env) -> None:
        if isinstance(event, Variable) and event.sort == EVENT:
            self.add(law, [(self.world.key(event, env), EVENT)])
        elif isinstance(event, Equals):
            for side in event.args:
                for item in side.free_symbols:
                    if isinstance(item, Variable) or item.is_Symbol and side == item and side == event.args[0]:
                        self.add(law, [(self.world.key(item, env), sort_of(item))])
        else:
            for part in event.args:
                self._event(law, part, env)

    def _defined(self, name: str) -> None:
        for _, body in self.world.parameters.definitions_of(name):
            if body not in self._definitions:
                self._definitions.add(body)
                if any(isinstance(node, (Density, Probability)) for node in _nodes(body)):
                    free = [index for index in self.world.parameters.index_names if index in body.free_symbols]
                    self._read_all(body, free)

    def _read_all(self, body: Basic, free: list[Any]) -> None:
        unknown = [index for index in free if index.name not in self.world.indices]
        numbers = range(1, max([2, *(v for v in self.world.indices.values() if isinstance(v, int))]) + 1)
        envs: list[Env] = [{}]
        for index in unknown[:2]:
            envs = [{**env, index.name: number} for env in envs for number in numbers]
        for env in envs:
            self.read(body, env)


def _nodes(term: Basic) -> Iterable[Basic]:
    stack = [term]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(node.args)


# ---- the factors of a law -----------------------------------------------------------------------------------------


def factors_of(world: World, law: Key, mentioned: dict[Key, Sort], rng: Random) -> tuple[list[Factor], dict[Key, Sort]]:
    """The factors that generate a law's variables, in order, and the sorts of the variables."""
    sorts = dict(mentioned)
    declared = _declared(world, law, sorts)
    if not declared:
        declared = _by_kernels(world, law, sorts)
    generated = {key for factor in declared for key in factor.targets}
    needed = {key for factor in declared for key in factor.givens}
    roots = sorted(needed - generated, key=str)
    extra = [key for key in sorted(mentioned, key=str) if key not in generated and key not in needed]
    if not declared:
        return _free_factors(world, law, extra, rng), sorts
    first = [_with_kernel(world, law, Factor(tuple(roots), ()))] if roots else []
    ordered = _ordered(first + declared, set())
    before = [key for factor in ordered for key in factor.targets]
    rng.shuffle(extra)
    for key in extra:
        ordered.append(_with_kernel(world, law, Factor((key,), tuple(before))))
        before.append(key)
    return ordered, sorts


def _ordered(factors: list[Factor], known: set[Key]) -> list[Factor]:
    waiting, result = list(factors), []
    while waiting:
        ready = [factor for factor in waiting if set(factor.givens) <= known]
        if not ready:
            raise NotExercised("the factors of a law do not generate its variables in an order")
        for factor in ready:
            result.append(factor)
            known.update(factor.targets)
            waiting.remove(factor)
    return result


def _declared(world: World, law: Key, sorts: dict[Key, Sort]) -> list[Factor]:
    """The factors of the law's declared factorization, indices written out."""
    found: list[Factor] = []
    for statement in world.setting.factorizations:
        if not isinstance(statement.args[0], Density):
            continue
        joint: Density = statement.args[0]
        name, patterns = shape_of(joint.law)
        matched = match_indices(patterns, law[1], world.indices) if (name, len(patterns)) == (
            law[0], len(law[1])) else None  # fmt: skip
        if matched is None:
            continue
        env: Env = {name: value for name, value in matched.items() if isinstance(value, int)}
        for density, inner in _product(world, statement.args[1], env):
            if density.law.name != joint.law.name:
                raise NotExercised("a factorization names another law")
            targets = _keys(world, density.targets, inner, sorts)
            givens = _keys(world, density.givens, inner, sorts)
            if targets:
                found.append(_with_kernel(world, law, Factor(targets, givens), density.law, inner))
    return found


def _keys(world: World, pairs: Any, env: Env, sorts: dict[Key, Sort]) -> tuple[Key, ...]:
    keys = []
    for pair in pairs:
        for key, sort in world.expand(pair[0], env):
            keys.append(key)
            sorts.setdefault(key, sort)
    return tuple(sorted(keys, key=str))


def _product(world: World, term: Basic, env: Env) -> Iterable[tuple[Density, Env]]:
    for part in Mul.make_args(term):
        if isinstance(part, Density):
            yield part, env
        elif isinstance(part, Product):
            index, lower, upper = part.limits[0]
            scope = world.scope(env)
            for number in range(number_of(lower, scope), number_of(upper, scope) + 1):
                yield from _product(world, part.function, {**env, index.name: number})
        else:
            raise NotExercised("a factorization that is no product of densities")


def kernels_of(world: World) -> Iterable[Equal]:
    """The declared densities; x ~ N(μ, Σ) is one of the unnamed law."""
    for statement in (*world.setting.kernels, *world.setting.assumptions):
        if isinstance(statement, Distributed):
            yield Equal(Density(Law(""), [statement.variable]), statement.density)
        elif isinstance(statement, Equal) and isinstance(statement.lhs, Density):
            yield statement


def _with_kernel(
    world: World, law: Key, factor: Factor, name: Law | None = None, env: Env | None = None
) -> Factor:
    """The factor with the kernel that is declared for it."""
    names = [law]
    if name is not None and world.key(name, env or {}) != law:
        names.append(world.key(name, env or {}))
    for kernel in kernels_of(world):
        for own in names:
            found = match_kernel(world, kernel.lhs, own, set(factor.targets), set(factor.givens))
            if found is not None:
                return Factor(factor.targets, factor.givens, kernel, tuple(found.items()))
    return factor


def match_kernel(
    world: World, pattern: Density, law: Key, targets: set[Key], givens: set[Key] | None
) -> dict[str, Any] | None:
    """The index values under which a declared density is the one of these targets and givens."""
    name, laws = shape_of(pattern.law)
    if name != law[0] and not (name == "" and not laws) or len(laws) != len(law[1]) and name != "":
        return None
    found = match_indices(laws, law[1], {}) if name == law[0] else {}
    if found is None:
        return None
    for wanted, pairs in ((targets, pattern.targets), (givens, pattern.givens)):
        if wanted is None:
            continue
        seen: set[Key] = set()
        for pair in pairs:
            if len(pairs) == 1 and not isinstance(pair[0], Variable) and len(wanted) == 1:
                if shape_of(pair[0]) != (next(iter(wanted))[0], ()):
                    return None
                seen |= wanted
                continue
            item = pair[0]
            if not hasattr(item, "indices") and not item.is_Symbol:
                return None
            item_name, patterns = shape_of(item)
            for key in sorted(wanted - seen, key=str):
                if key[0] == item_name and len(key[1]) == len(patterns):
                    matched = match_indices(patterns, key[1], found)
                    if matched is not None and all(found.get(k, v) == v for k, v in matched.items()):
                        found = {**found, **matched}
                        seen.add(key)
                        break
            else:
                return None
        if seen != wanted:
            return None
    return found


def _by_kernels(world: World, law: Key, sorts: dict[Key, Sort]) -> list[Factor]:
    """Factors from declared kernels alone, for the variables mentioned and what these are generated from."""
    found: list[Factor] = []
    largest = max([number for key in sorts for number in key[1] if isinstance(number, int)], default=0)
    largest = max(largest, world.indices.get("T", 0) if isinstance(world.indices.get("T"), int) else 0)
    waiting, seen = sorted(sorts, key=str), set()
    while waiting:
        key = waiting.pop(0)
        if key in seen:
            continue
        seen.add(key)
        for kernel in kernels_of(world):
            indices = match_kernel(world, kernel.lhs, law, {key}, None)
            if indices is None or len(kernel.lhs.targets) != 1:
                continue
            env: Env = dict(indices)
            givens = _keys(world, kernel.lhs.givens, env, {})
            if any(isinstance(n, int) and not 0 <= n <= largest for given in givens for n in given[1]):
                continue
            if _reaches(found, key, givens) or key in givens:
                continue
            _keys(world, kernel.lhs.givens, env, sorts)
            found.append(Factor((key,), givens, kernel, tuple(env.items())))
            waiting.extend(given for given in givens if given not in seen)
            break
    return found


def _reaches(factors: list[Factor], key: Key, givens: tuple[Key, ...]) -> bool:
    """Whether some given is generated from `key`, so that a further factor would close a circle."""
    parents = {target: factor.givens for factor in factors for target in factor.targets}
    stack, seen = list(givens), set()
    while stack:
        item = stack.pop()
        if item == key:
            return True
        if item not in seen:
            seen.add(item)
            stack.extend(parents.get(item, ()))
    return False


# ---- laws without a factorization ---------------------------------------------------------------------------------


def _free_factors(world: World, law: Key, keys: list[Key], rng: Random) -> list[Factor]:
    """One dense block, or a random directed graph that has the assumed independences."""
    wanted = required(world, set(keys))
    if not wanted:
        return [Factor(tuple(keys), ())] if keys else []
    parents = independent_graph(keys, wanted, rng)
    return [Factor((key,), parents[key]) for key in parents]


def required(world: World, keys: set[Key]) -> list[tuple[frozenset[Key], frozenset[Key], frozenset[Key]]]:
    """The assumed independences among these variables, for every value of their free indices."""
    result = []
    numbers = range(0, 1 + max([4, *(n for key in keys for n in key[1] if isinstance(n, int))]))
    for statement in world.setting.flat_assumptions:
        if not isinstance(statement, Independent):
            continue
        free = [s for s in statement.free_symbols if s in world.parameters.index_names]
        envs: list[Env] = [{}]
        for symbol in free:
            envs = [{**env, symbol.name: n} for env in envs for n in numbers]
        for env in envs:
            try:
                groups = [
                    frozenset(key for item in group for key, _ in world.expand(item, env))
                    for group in (statement.left, statement.right, statement.given)
                ]
            except (Undefined, NotExercised):
                continue
            left, right, given = groups[0] & keys, groups[1] & keys, groups[2]
            if left and right and given <= keys and (left, right, given) not in result:
                result.append((left - given, right - given, given))
    return [(a, b, c) for a, b, c in result if a and b]


def independent_graph(
    keys: list[Key], wanted: list[tuple[frozenset[Key], frozenset[Key], frozenset[Key]]], rng: Random
) -> dict[Key, tuple[Key, ...]]:
    """Parents of each variable in an order, as many as possible while every wanted independence is a d-separation."""
    if any(a & b for a, b, _ in wanted):
        raise NotExercised("a variable is assumed independent of itself")
    best: dict[Key, tuple[Key, ...]] | None = None
    most = -1
    for _ in range(4):
        order = list(keys)
        rng.shuffle(order)
        parents: dict[Key, list[Key]] = {key: [] for key in order}
        edges = [(a, b) for place, b in enumerate(order) for a in order[:place]]
        rng.shuffle(edges)
        count = 0
        for source, target in edges:
            parents[target].append(source)
            if all(d_separated(parents, a, b, c) for a, b, c in wanted):
                count += 1
            else:
                parents[target].remove(source)
        if count > most:
            most, best = count, {key: tuple(parents[key]) for key in order}
    assert best is not None
    return best


def d_separated(
    parents: dict[Key, list[Key]], left: frozenset[Key], right: frozenset[Key], given: frozenset[Key]
) -> bool:
    """Separation in the moral graph of the ancestors."""
    ancestors: set[Key] = set()
    stack = list(left | right | given)
    while stack:
        node = stack.pop()
        if node not in ancestors:
            ancestors.add(node)
            stack.extend(parents.get(node, ()))
    neighbours: dict[Key, set[Key]] = {node: set() for node in ancestors}
    for node in ancestors:
        clique = [node, *(parent for parent in parents.get(node, ()) if parent in ancestors)]
        for one in clique:
            neighbours[one].update(other for other in clique if other != one)
    reached, stack = set(left), list(left)
    while stack:
        for node in neighbours.get(stack.pop(), ()):
            if node not in given and node not in reached:
                reached.add(node)
                stack.append(node)
    return not reached & right
