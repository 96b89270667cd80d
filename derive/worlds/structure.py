"""The structure of a law in a world: which variables it is over, and in which order they are generated.

A law is generated factor by factor: targets given earlier variables. Declared factorizations and kernels give the
factors; variables that nothing generates come first, as one dense block; variables that a statement mentions beyond
the declared ones come last and depend on everything. Independences of a law without a factorization are met by a
random directed graph in which they are d-separations (Lauritzen 1996, prop. 3.25).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from sympy import Basic, Mul, Product, Symbol

from derive.terms import (
    VARIABLES,
    BlockMatrix,
    Density,
    Equal,
    ForEvery,
    Independent,
    Law,
    Normal,
    Run,
    Sort,
    Variable,
    free_variables,
)
from derive.terms.noise import noise_of
from derive.worlds.givens import Coupling, givens_of, lengths
from derive.worlds.graphs import Edges, Separation, d_separated, independent_graph, order_of
from derive.worlds.meaning import Env
from derive.worlds.outcomes import NotExercised, Undefined
from derive.worlds.setting import Key, in_order, kind_of, match_indices, number_of, shape_of, unwrapped, walk
from derive.worlds.world import World


@dataclass(frozen=True)
class Factor:
    """Targets generated given earlier variables: by a declared density, as a function of them, or by nothing declared.

    `loose` are earlier variables on which the targets may depend beside the declared density, which speaks of the
    givens alone: the density given these is as declared, whatever else ties the variables together.
    """

    targets: tuple[Key, ...]
    givens: tuple[Key, ...]
    kernel: Equal | None = None
    indices: tuple[tuple[str, Any], ...] = ()
    coupling: Coupling | None = None
    loose: tuple[Key, ...] = ()


def factors_of(world: World, law: Key, mentioned: dict[Key, Sort], rng: Random) -> tuple[list[Factor], dict[Key, Sort]]:
    """The factors that generate a law's variables, in order, and the sorts of the variables."""
    sorts = dict(mentioned)
    declared, given = _declared(world, law, sorts)
    by_kernels = not declared
    if by_kernels:
        declared = _by_kernels(world, law, dict(sorts), sorts)
    coupled = _coupled(world, law, sorts, {key for factor in declared for key in factor.targets})
    functions = {factor.targets[0] for factor in coupled}
    declared = [factor for factor in declared if not set(factor.targets) & functions] + coupled
    generated = {key for factor in declared for key in factor.targets}
    needed = {key for factor in declared for key in factor.givens} | given
    roots = sorted(needed - generated, key=str)
    extra = [key for key in sorted(sorts, key=str) if key not in generated and key not in needed]
    wanted = required(world, law, set(sorts))
    if len(declared) == len(coupled) or (by_kernels and wanted):
        free = [*roots, *extra]
        first = _free_factors(free, wanted, rng) if not declared or len(declared) == len(coupled) else [
            Factor((key,), ()) for key in free]  # fmt: skip
        ordered = order_of(first + declared, lambda factor: (factor.targets, factor.givens))
    else:
        first = [_with_kernel(world, law, Factor(tuple(roots), ()))] if roots else []
        ordered = order_of(first + declared, lambda factor: (factor.targets, factor.givens))
        before = [key for factor in ordered for key in factor.targets]
        rng.shuffle(extra)
        for key in extra:
            ordered.append(_with_kernel(world, law, Factor((key,), tuple(before))))
            before.append(key)
    if by_kernels:
        ordered = _loosened(ordered, wanted, rng)
    _one_kind_of_index(world, sorts)
    return ordered, sorts


def _one_kind_of_index(world: World, sorts: dict[Key, Sort]) -> None:
    """Refuse z_2 beside a z_s of which nothing says which s it is: it might be the same variable."""
    names = {str(symbol) for symbol in world.parameters.index_names}
    numbered = {key[0] for key in sorts if any(isinstance(index, int) for index in key[1])}
    if any(key[0] in numbered and any(index in names for index in key[1]) for key in sorts):
        raise NotExercised("a variable at an index of which the statement does not say what it is")


def _loosened(factors: list[Factor], wanted: list[Separation], rng: Random) -> list[Factor]:
    """Factors with a declared density, tied to earlier variables as far as no assumed independence is broken."""
    edges: Edges = {key: list(factor.givens) for factor in factors for key in factor.targets}
    before: list[Key] = []
    result = []
    for factor in factors:
        loose: list[Key] = []
        if factor.coupling is None:
            for key in before:
                if key in factor.givens:
                    continue
                for target in factor.targets:
                    edges[target].append(key)
                if all(d_separated(edges, a, b, c) for a, b, c in wanted):
                    loose.append(key)
                else:
                    for target in factor.targets:
                        edges[target].remove(key)
        if factor.kernel is None:
            result.append(replace(factor, givens=(*factor.givens, *loose)))
        else:
            result.append(replace(factor, loose=tuple(loose)))
        before.extend(factor.targets)
    return result


# ---- declared factors ---------------------------------------------------------------------------------------------


def _declared(world: World, law: Key, sorts: dict[Key, Sort]) -> tuple[list[Factor], set[Key]]:
    """The factors of the law's declared factorization, indices written out, and what its joint is given.

    q(y | x) = q(y) generates y without x, and says so of every x: what a joint is given comes first.
    """
    found: list[Factor] = []
    given: set[Key] = set()
    for statement in world.setting.factorizations:
        joint = statement.args[0]
        if not isinstance(joint, Density):
            continue
        name, patterns = shape_of(joint.law)
        if name != law[0] or len(patterns) != len(law[1]):
            continue
        matched = match_indices(patterns, law[1], world.indices)
        if matched is None:
            continue
        env: Env = {name: value for name, value in matched.items() if isinstance(value, int)}
        given.update(_keys(world, joint.givens, env, sorts))
        for density, inner in _product(world, statement.args[1], env):
            if density.law.name != joint.law.name:
                raise NotExercised("a factorization names another law")
            targets = _keys(world, density.targets, inner, sorts)
            givens = _keys(world, density.givens, inner, sorts)
            if targets:
                found.append(_with_kernel(world, law, Factor(targets, givens), density.law, inner))
    return found, given


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


def _with_kernel(world: World, law: Key, factor: Factor, name: Law | None = None, env: Env | None = None) -> Factor:
    """The factor with the density that is declared for it."""
    names = [law]
    if name is not None and world.key(name, env or {}) != law:
        names.append(world.key(name, env or {}))
    for kernel in givens_of(world.setting).kernels:
        if not isinstance(kernel.rhs, Normal):
            continue
        for own in names:
            found = match_kernel(world, kernel.lhs, own, set(factor.targets), set(factor.givens))
            if found is not None:
                return replace(factor, kernel=kernel, indices=tuple(found.items()))
    return factor


def match_kernel(
    world: World, pattern: Density, law: Key, targets: set[Key], givens: set[Key] | None
) -> dict[str, Any] | None:
    """The index values under which a declared density is the one of these targets and givens, or None.

    A density of the unnamed law (x ~ N(μ, Σ)) is one of every law. One of a condition has the statement's indices.
    """
    name, laws = shape_of(pattern.law)
    own = lengths(world.setting)
    if any(kernel.lhs == pattern for kernel in givens_of(world.setting).fixed):
        own = pattern.free_symbols
    known = {s.name: world.indices[s.name] for s in own & pattern.free_symbols if str(s) in world.indices}
    if name == "" and not laws:
        found: dict[str, Any] | None = dict(known)
    elif name != law[0] or len(laws) != len(law[1]):
        return None
    else:
        found = match_indices(laws, law[1], known)
        found = None if found is None else {**known, **found}
    for wanted, pairs in ((targets, pattern.targets), (givens, pattern.givens)):
        if found is not None and wanted is not None:
            found = _match_variables(world, [pair[0] for pair in pairs], wanted, found)
    return found if found is not None and in_order(world.setting, found) else None


def _match_variables(
    world: World, items: list[Basic], wanted: set[Key], found: dict[str, Any]
) -> dict[str, Any] | None:
    """The index values extended so that the items are exactly the wanted variables, or None."""
    left = set(wanted)
    for item in sorted(items, key=_is_group):
        if _is_group(item):
            try:
                keys = {key for key, _ in world.expand(item, {k: v for k, v in found.items() if isinstance(v, int)})}
            except (NotExercised, Undefined):
                return None
            if not keys <= left:
                return None
            left -= keys
            continue
        name, patterns = shape_of(item)
        for key in sorted(left, key=str):
            if key[0] == name and len(key[1]) == len(patterns):
                matched = match_indices(patterns, key[1], found)
                if matched is not None and all(found.get(k, v) == v for k, v in matched.items()):
                    found = {**found, **matched}
                    left.remove(key)
                    break
        else:
            return None
    return None if left else found


def _is_group(item: Basic) -> bool:
    return isinstance(item, Run) or (isinstance(item, Variable) and item.sort == VARIABLES)


def _by_kernels(world: World, law: Key, mentioned: dict[Key, Sort], sorts: dict[Key, Sort]) -> list[Factor]:
    """Factors from declared densities alone, for the variables mentioned and what these are generated from."""
    found: list[Factor] = []
    numbers = [n for key in mentioned for n in key[1] if isinstance(n, int)]
    largest = max([*numbers, *(n for n in world.indices.values() if isinstance(n, int))], default=0)
    waiting, seen = sorted(mentioned, key=str), set()
    while waiting:
        key = waiting.pop(0)
        if key in seen:
            continue
        seen.add(key)
        for kernel in sorted(givens_of(world.setting).kernels, key=lambda known: not _as_written(world, known, key)):
            if not isinstance(kernel.rhs, Normal):
                continue
            together = _together(world, kernel, law, key, seen - {key})
            if together is not None:
                for target in together.targets:
                    seen.add(target)
                _keys(world, kernel.lhs.targets, dict(together.indices), sorts)
                found.append(together)
                break
            if len(kernel.lhs.targets) != 1:
                continue
            indices = match_kernel(world, kernel.lhs, law, {key}, None)
            if indices is None:
                continue
            env: Env = dict(indices)
            try:
                givens = _keys(world, kernel.lhs.givens, env, {})
            except (NotExercised, Undefined):
                continue
            if any(isinstance(n, int) and not 0 <= n <= largest for given in givens for n in given[1]):
                continue
            if key in givens or _reaches(found, key, givens):
                continue
            _keys(world, kernel.lhs.givens, env, sorts)
            found.append(Factor((key,), givens, kernel, tuple(env.items())))
            waiting.extend(given for given in givens if given not in seen)
            break
    return found


def _as_written(world: World, kernel: Equal, key: Key) -> bool:
    """Whether a density is given of this very variable at the indices of the statement, and not by a shift of them."""
    targets = kernel.lhs.targets if isinstance(kernel.lhs, Density) else ()
    return any(isinstance(pair[0], (Symbol, Variable)) and world.key(pair[0], {}) == key for pair in targets)


def _together(world: World, kernel: Equal, law: Key, key: Key, others: set[Key]) -> Factor | None:
    """The factor that generates several variables at once, this one among them, in the order in which they are stacked.

    Only what nothing is conditioned on is stacked here, and none of it may be generated by something else.
    """
    point = kernel.rhs.point
    if not isinstance(point, BlockMatrix) or kernel.lhs.givens or any(len(row) != 1 for row in point.rows):
        return None
    for row in point.rows:
        if not isinstance(row[0], (Symbol, Variable)):
            return None
        name, patterns = shape_of(row[0])
        if name != key[0] or len(patterns) != len(key[1]):
            continue
        indices = match_indices(patterns, key[1], {})
        if indices is None or shape_of(kernel.lhs.law)[0] not in ("", law[0]):
            continue
        targets = tuple(world.key(other[0], dict(indices)) for other in point.rows)
        if key in targets and not others & set(targets):
            return Factor(targets, (), kernel, tuple(indices.items()))
    return None


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


def _coupled(world: World, law: Key, sorts: dict[Key, Sort], generated: set[Key]) -> list[Factor]:
    """Variables that are functions of others with probability one.

    Where a variable that is written with its noise has a law of its own, the noise is what it says of the others.
    """
    found = []
    for coupling in givens_of(world.setting).couplings:
        if world.law_key(coupling.law, {}) != law:
            continue
        key = world.key(coupling.head, {})
        if key not in sorts:  # what nobody speaks of needs no place in the law
            continue
        inside = [pair for item in free_variables(coupling.body) if isinstance(item, (Symbol, Variable, Run))
                  for pair in world.expand(item, {})]  # fmt: skip
        givens = tuple(name for name, _ in inside if name in sorts)
        found.append(Factor((key,), givens, coupling=coupling))
    for statement in givens_of(world.setting).particular:
        inside = [item for item in free_variables(statement.rhs) if getattr(item, "sort", None) is not None
                  and kind_of(item.sort) == "vector"]  # fmt: skip
        names = {key for item in inside for key, _ in world.expand(item, {})}
        ((key, _),) = world.expand(statement.lhs, {})
        if key not in sorts or not names or not names <= set(sorts):
            continue
        equation: Equal | None = statement
        if key in generated:
            equation = noise_of(statement)
            if equation is None:
                raise NotExercised("a variable of a law is given as a function of others that is not undone")
            ((noise, _),) = world.expand(equation.lhs, {})
            key, names = noise, (names - {noise}) | {key}
        assert equation is not None
        found.append(Factor((key,), tuple(sorted(names, key=str)),
                            coupling=Coupling(Law(law[0]), equation.lhs, equation.rhs)))  # fmt: skip
    return found


def declared_density(
    world: World, law: Key, targets: list[tuple[Key, Any]], givens: list[tuple[Key, Any]]
) -> tuple[Basic, Env] | None:
    """The formula that a density is declared by, and what it is evaluated at.

    A law that has a density by a formula in other laws is known by it alone: other densities of it raise
    `NotExercised`.
    """
    others = False
    for kernel in givens_of(world.setting).kernels:
        if not isinstance(kernel.rhs, Normal) and speaks_of_itself(world, kernel):
            continue
        if isinstance(kernel.rhs, Normal) and all(key in world.sorts for key, _ in (*targets, *givens)):
            continue  # the joint law knows it
        found = match_kernel(world, kernel.lhs, law, {key for key, _ in targets}, {key for key, _ in givens})
        if found is not None and (shape_of(kernel.lhs.law)[0] != "" or law[0] == ""):
            return kernel.rhs, {**found, **dict(targets), **dict(givens)}
        if not isinstance(kernel.rhs, Normal):
            others = others or world.law_key(kernel.lhs.law, {}) == law
    if others:
        raise NotExercised("a law is declared by the formula of another of its densities")
    return None


def speaks_of_itself(world: World, kernel: Equal) -> bool:
    """Whether a density is given by densities of the same law: that is no definition but something to satisfy."""
    own = world.law_key(kernel.lhs.law, {})
    return any(isinstance(node, Density) and world.law_key(node.law, {}) == own for node in walk(kernel.rhs))


# ---- laws without a factorization ---------------------------------------------------------------------------------


def _free_factors(keys: list[Key], wanted: list[Separation], rng: Random) -> list[Factor]:
    """One dense block, or a random directed graph that has the assumed independences."""
    names = set(keys)
    inside = [(a & names, b & names, c) for a, b, c in wanted if c <= names and a & names and b & names]
    if not inside:
        return [Factor(tuple(keys), ())] if keys else []
    parents = independent_graph(keys, inside, rng)
    return [Factor((key,), parents[key]) for key in parents]


def required(world: World, law: Key, keys: set[Key]) -> list[Separation]:
    """The assumed independences among these variables, for every value of their free indices.

    A condition's indices that the statement names have the statement's value.
    """
    result: list[Separation] = []
    numbers = range(1 + max([4, *(n for key in keys for n in key[1] if isinstance(n, int))]))
    for statement, fixed in _independences(world):
        if statement.law is not None and world.law_key(statement.law, {}) != law:
            continue
        free = [s for s in statement.free_symbols if s in world.parameters.index_names
                and not (fixed and s.name in world.indices)]  # fmt: skip
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
            if groups[0] & groups[1]:
                continue  # X_i ⊥ X_j is said of any two, not of one
            given = groups[2]
            left, right = (groups[0] & keys) - given, (groups[1] & keys) - given
            if left and right and given <= keys and (left, right, given) not in result:
                result.append((left, right, given))
    return result


def _independences(world: World) -> Iterable[tuple[Independent, bool]]:
    for group, fixed in ((world.setting.assumptions, False), (world.setting.conditions, True)):
        for statement in group:
            for part in unwrapped(statement):
                if isinstance(part, Independent):
                    yield part, fixed
                elif isinstance(part, Equal) and isinstance(statement, ForEvery):
                    found = _written_out(part)
                    if found is not None:
                        yield found, fixed


def _written_out(part: Equal) -> Independent | None:
    """p(A, B | C) = p(A | C) p(B | C), for all values, as the independence that it says."""
    joint, factors = part.lhs, Mul.make_args(part.rhs)
    if not isinstance(joint, Density) or len(factors) != 2:
        return None
    left, right = factors
    if not (isinstance(left, Density) and isinstance(right, Density)):
        return None
    same = left.givens == right.givens == joint.givens and left.law == right.law == joint.law
    if not same or {*left.variables, *right.variables} != set(joint.variables):
        return None
    return Independent(left.variables, right.variables, tuple(pair[0] for pair in joint.givens), joint.law)
