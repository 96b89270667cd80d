r"""Densities that are given beyond what generates a law: they name quantities that the law determines.

Beside q(x_t | x_{t-1}) = N(x_t; √α_t x_{t-1}, β_t I) the line q(x_{t-1} | x_t, x_0) = N(x_{t-1}; m_t(x_t, x_0), v_t I)
leaves m_t and v_t no freedom: they are the conditional mean and variance of the joint law. A world computes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from sympy import Basic, Mul, Symbol

from derive.terms import Application, Density, Equal, Identity, Normal, Sort, Variable
from derive.worlds.givens import givens_of, lengths
from derive.worlds.meaning import Env
from derive.worlds.outcomes import NotExercised, Undefined
from derive.worlds.setting import Key, in_order, match_indices, shape_of, walk
from derive.worlds.structure import factors_of
from derive.worlds.world import World


@dataclass(frozen=True)
class Surplus:
    """A declared density that no factor of its law uses, at index values."""

    law: Key
    kernel: Equal
    indices: tuple[tuple[str, Any], ...]

    @property
    def env(self) -> Env:
        """The index values."""
        return dict(self.indices)

    def names(self) -> Iterator[tuple[str, str, Any]]:
        """The quantities that it names: (role, name, the term that names it)."""
        normal = self.kernel.rhs
        points = {pair[1] for pair in self.kernel.lhs.givens} if isinstance(self.kernel.lhs, Density) else set()
        if isinstance(normal.mean, (Variable, Symbol, Application)) and normal.mean not in points:
            yield "mean", normal.mean.name, normal.mean
        for factor in Mul.make_args(normal.covariance):
            if isinstance(factor, (Variable, Symbol, Application)):
                rest = [other for other in Mul.make_args(normal.covariance) if other != factor]
                if all(isinstance(other, Identity) for other in rest):
                    yield "covariance", factor.name, factor


def surplus_of(world: World, statements: tuple[Basic, ...]) -> list[Surplus]:
    """The surplus densities of the setting that constrain what the statements speak of."""
    kernels = [kernel for kernel in givens_of(world.setting).kernels if isinstance(kernel.rhs, Normal)]
    laws: dict[Key, list[Equal]] = {}
    for kernel in kernels:
        if kernel.lhs.law.name or len(kernels) > 1:
            laws.setdefault(world.law_key(kernel.lhs.law, {}), []).append(kernel)
    spoken: set[str] | None = None
    found: list[Surplus] = []
    for law, own in laws.items():
        if len(own) < 2 and not _beside_factorization(world, own[0]):
            continue
        if spoken is None:
            spoken = _spoken(world, statements)
        variables: dict[Key, Sort] = dict(world.law_variables(law))
        for kernel in own:
            free = kernel.lhs.free_symbols & world.parameters.index_names
            if all(symbol.name in world.indices for symbol in free):
                variables.update(_variables(world, kernel, {s.name: world.indices[s.name] for s in free}) or {})
        factors, sorts = factors_of(world, law, variables, Random("structure"))
        used = [
            (factor.kernel, {(name, value) for name, value in factor.indices if isinstance(value, int)})
            for factor in factors if factor.kernel is not None
        ]  # fmt: skip
        mentioned = any(world.law_key(d.law, {}) == law for s in statements for d in _densities(s))
        for kernel in own:
            names = {getattr(node, "name", "") for node in walk(kernel.rhs)}
            if not mentioned and not names & spoken:
                continue
            before = len(found)
            for env in _index_values(world, kernel, kernel in givens_of(world.setting).fixed):
                keys = _variables(world, kernel, env)
                if keys is None or not set(keys) <= set(sorts):
                    continue
                if not any(other == kernel and env.items() >= indices for other, indices in used):
                    found.append(Surplus(law, kernel, tuple(sorted(env.items()))))
            if all(other != kernel for other, _ in used):
                _within_range(world, statements, kernel, found[before:])
    return found


def _within_range(world: World, statements: tuple[Basic, ...], kernel: Equal, found: list[Surplus]) -> None:
    """Raise `NotExercised` where a statement takes a quantity that a law names at an index at which it names none.

    Of v_t in q(x_{t-1} | x_t, x_0) = N(x_{t-1}; m_t, v_t I) nothing is said for t > T, nor meant.
    """
    named = {name for _, name, _ in Surplus(("", ()), kernel, ()).names()}
    for statement in statements:
        for node in walk(statement):
            if isinstance(node, (Variable, Application)) and node.name in named and node.indices:
                try:
                    key = world.key(node, {})
                except (NotExercised, Undefined):
                    continue
                if all(isinstance(n, int) for n in key[1]) and not any(True for _ in naming(found, key)):
                    raise NotExercised("a quantity that a law names, outside the range of that law")


def _beside_factorization(world: World, kernel: Equal) -> bool:
    """Whether a law with one declared density has a factorization too, of which it is no factor as it is written."""
    return any(
        isinstance(statement.args[0], Density)
        and statement.args[0].law == kernel.lhs.law
        and all(node != kernel.lhs for node in walk(statement.args[1]) if isinstance(node, Density))
        for statement in world.setting.factorizations
    )


def _variables(world: World, kernel: Equal, env: Env) -> dict[Key, Sort] | None:
    """The variables of a declared density at index values, or None where it makes no sense there."""
    found: dict[Key, Sort] = {}
    pairs = (*kernel.lhs.targets, *kernel.lhs.givens)
    try:
        keys = [pair for item in pairs for pair in world.expand(item[0], env)]
    except (NotExercised, Undefined):
        return None
    found.update(keys)
    if len(found) != len(keys) or any(isinstance(n, int) and n < 0 for key in found for n in key[1]):
        return None
    return found


def _index_values(world: World, kernel: Equal, own: bool) -> Iterator[Env]:
    """Small values for the indices of a declared density; where `own`, the statement's for those it names."""
    free = [symbol for symbol in kernel.lhs.free_symbols if symbol in world.parameters.index_names]
    largest = max([1, *(n for n in world.indices.values() if isinstance(n, int))])
    envs: list[Env] = [{}]
    for symbol in free:
        known = world.indices.get(symbol.name)
        bound = own or symbol in lengths(world.setting)
        numbers = [known] if bound and isinstance(known, int) else list(range(1, largest + 2))
        envs = [{**env, symbol.name: number} for env in envs for number in numbers]
    yield from (env for env in envs if in_order(world.setting, env))


def _spoken(world: World, statements: tuple[Basic, ...]) -> set[str]:
    """The names in statements, and in the definitions of those names."""
    found: set[str] = set()
    waiting = [getattr(node, "name", "") for statement in statements for node in walk(statement)]
    while waiting:
        name = waiting.pop()
        if name and name not in found:
            found.add(name)
            for _, body in world.parameters.definitions_of(name):
                waiting.extend(getattr(node, "name", "") for node in walk(body))
    return found


def _densities(statement: Basic) -> Iterator[Density]:
    return (node for node in walk(statement) if isinstance(node, Density))


def naming(surplus: list[Surplus], key: Key) -> Iterator[tuple[str, Any, Surplus]]:
    """(role, the term that names it, the density) for a quantity."""
    for entry in surplus:
        for role, name, term in entry.names():
            if name == key[0] and len(shape_of(term)[1]) == len(key[1]):
                found = match_indices(shape_of(term)[1], key[1], entry.env)
                if found is not None and all(entry.env.get(k, v) == v for k, v in found.items()):
                    yield role, term, entry
