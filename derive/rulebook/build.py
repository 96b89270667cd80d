"""Terms with metavariables become terms.

Nothing is evaluated but by the constructors of the nodes themselves. Where a scalar stands for a vector the dimension
is 1: the identity is 1, an inner product a product, a norm an absolute value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sympy import Add, Basic, Mul, Pow, Product, S, Sum, Symbol, Tuple
from sympy.core.function import Function

from derive.errors import SortError
from derive.rulebook.renaming import points_of
from derive.rulebook.values import Abstraction, Family, Pair
from derive.terms import (
    KL,
    AlmostEverywhere,
    AlmostSurely,
    Application,
    CountingMeasure,
    Covariance,
    CrossEntropy,
    Density,
    Diagonal,
    Distributed,
    Entropy,
    Entry,
    Expectation,
    ForEvery,
    Greater,
    GreaterEqual,
    Identity,
    Independent,
    IndexFacts,
    Integral,
    Law,
    LebesgueMeasure,
    Norm,
    Normal,
    PositiveDefinite,
    PositiveSemidefinite,
    Proportional,
    Run,
    Statement,
    Variable,
    Variance,
    binding,
    is_scalar,
    squared_norm,
)
from derive.terms.definedness import lost, lost_by_substitution

if TYPE_CHECKING:
    from derive.rulebook.schema import Schema

__all__ = ["Builder"]

class Builder:
    """Terms with metavariables become terms: `env` says what each name stands for here."""

    def __init__(
        self, schema: Schema, env: Mapping[str, Any], bound: Mapping[str, Any], sizes: Mapping[Symbol, Basic],
        facts: IndexFacts,
    ) -> None:  # fmt: skip
        self.schema, self.env, self.bound, self.sizes, self.facts = schema, dict(env), bound, sizes, facts
        self.below: tuple[Basic, ...] = ()
        self.cancelled: dict[tuple[Statement, tuple[Basic, ...]], None] = {}

    def within(self, names: Iterable[str], facts: IndexFacts | None = None) -> Builder:
        """The builder below a binder of these names."""
        names = tuple(names)
        env = {**self.env, **{name: self.bound[name] for name in names}}
        inner = Builder(self.schema, env, self.bound, self.sizes, self.facts if facts is None else facts)
        inner.below = (*self.below, *(point for name in names for point in points_of(self.bound[name])))
        inner.cancelled = self.cancelled
        return inner

    def build(self, node: Basic) -> Any:
        """The term that a term with metavariables becomes."""
        match node:
            case Symbol():
                return self._symbol(node)
            case Variable():
                return self._variable(node)
            case Run():
                value = self.env[node.name]
                if not isinstance(value, Family):
                    raise SortError(f"{node.name} stands for a run of variables, which a function is not")
                return Run(value.name, value.sort, self.build(node.lower), self.build(node.upper))
            case Application() if node.name in self.env:
                points = [point for argument in node.arguments for point in self.points(argument)]
                value = self.env[node.name]
                result = value(points, self.facts)
                at_points = dict(zip(value.parameters, points, strict=True))
                self._without(lost_by_substitution(value.body, result, at_points, self.facts))
                return result
            case Density():
                return self._density(node, self)
            case Law() if isinstance(self.env.get(node.name), Law):
                return self.env[node.name]
            case Identity():
                size = self.build(node.size)
                return S.One if size == 1 else Identity(size)
            case Diagonal() | Entry() if is_scalar(self.build(node.args[0])):
                return self.build(node.args[0])  # on the line a vector is a number, and its one entry
            case Pow() if isinstance(node.base, Norm) and node.exp == 2:
                inside = self.build(node.base.args[0])
                self._without(lost((inside,), squared_norm(inside)))
                return squared_norm(inside)
            case Proportional():
                variables = [point for item in node.variables for point in self.points(item)]
                return Proportional(self.build(node.lhs), self.build(node.rhs), variables)
            case Distributed():
                return self._distributed(node)
            case Independent():
                sides = (node.left, node.right, node.given)
                return Independent(*(tuple(name for item in side for name in self.names(item)) for side in sides))
            case CountingMeasure() | LebesgueMeasure() | AlmostEverywhere():
                return type(node)([name for item in node.variables for name in self.names(item)])
            case PositiveDefinite() | PositiveSemidefinite():
                return self._definite(node)
        found = binding(node)
        if found is not None:
            return self._binder(node, found)
        if not node.args:
            return node
        parts = [self.build(argument) for argument in node.args]
        result = node.func(*parts)
        if isinstance(node, (Add, Mul, Pow, Function)):
            self._without(lost(parts, result))
        return result

    def _without(self, needs: Iterable[Statement]) -> None:
        """Remember what was cancelled, which the formula asks for all the same."""
        for need in sorted(needs, key=str):
            self.cancelled[need, self.below] = None

    def points(self, node: Basic) -> tuple[Basic, ...]:
        """The points a name stands for: those of a set of variables, or one term."""
        if isinstance(node, Variable) and node.name in self.env and self._is_set(node.name):
            return tuple(point for _, point in self.env[node.name])
        return (self.build(node),)

    def _is_set(self, name: str) -> bool:
        return self.schema.metavariables[name].kind == "variables"

    def names(self, node: Basic) -> tuple[Basic, ...]:
        """The variables a name stands for, whatever point they are taken at; an event stands for itself."""
        metavariable = self.schema.metavariables.get(str(getattr(node, "name", "")))
        if metavariable is not None and metavariable.kind == "event":
            return (self.build(node),)
        return tuple(variable for variable, _ in self.pairs(node, node))

    def pairs(self, variable: Basic, point: Basic) -> tuple[Pair, ...]:
        """The (variable, point) pairs that a pair of a density becomes."""
        name = str(variable.name)  # type: ignore[attr-defined]
        metavariable = self.schema.metavariables.get(name)
        if metavariable is None or metavariable.family:
            return ((self.build(variable), self.build(point)),)
        value = self.env[name]
        if metavariable.kind == "variables":
            if point != variable:
                raise SortError(f"a set of variables {name} is taken at one point")
            return tuple(value)
        if metavariable.kind != "variable":
            raise SortError(f"{name} is no variable of a law")
        return ((value[0], value[1] if point == variable else self.build(point)),)

    def _symbol(self, node: Symbol) -> Any:
        if node in self.sizes:
            return self.sizes[node]
        value = self.env.get(node.name, node)
        return value[1] if isinstance(value, tuple) else value

    def _variable(self, node: Variable) -> Any:
        metavariable = self.schema.metavariables.get(node.name)
        if metavariable is None:
            return node.func(node.args[0], self.build(node.sort), *(self.build(index) for index in node.indices))
        value = self.env[node.name]
        if metavariable.family:
            index = self.build(node.indices[0])
            return value.at(index) if isinstance(value, Family) else value((index,), self.facts)
        if metavariable.kind == "variables":
            if len(value) != 1:
                raise SortError(f"{node.name} stands for {len(value)} variables where one is needed")
            return value[0][1]
        return value[1] if isinstance(value, tuple) else value

    def _density(self, node: Density, targets: Builder) -> Any:
        """A density whose targets are built by `targets`, which may be below the binder whose measure this is."""
        law = self.env.get(node.law.name)
        left = [pair for item in node.targets for pair in targets.pairs(*item)]
        if isinstance(law, Abstraction):
            return law([point for _, point in left], self.facts)
        right = [pair for item in node.givens for pair in self.pairs(*item)]
        made = Law(law.name, *law.indices) if law is not None else node.law
        return Density(made, left, right)

    def _definite(self, node: Any) -> Statement:
        argument = self.build(node.args[0])
        if is_scalar(argument):
            return (Greater if isinstance(node, PositiveDefinite) else GreaterEqual)(argument, S.Zero)
        return node.func(argument)  # type: ignore[no-any-return]

    def _distributed(self, node: Distributed) -> Distributed:
        variable = self.build(node.variable)
        density = node.density
        if isinstance(density, Normal):
            return Distributed(variable, Normal(variable, self.build(density.mean), self.build(density.covariance)))
        return Distributed(variable, self.build(density))

    def _binder(self, node: Any, found: Any) -> Any:
        names = [str(point.name) for point in found.bound]
        if isinstance(node, (Sum, Product)):
            lower, upper = (self.build(limit) for limit in found.outside)
            index = self.bound[names[0]]
            if isinstance(index, tuple):
                index = index[1]
            facts = self.facts.without(index).between(index, lower, upper)
            inner = self.within(names, facts)
            return node.func(inner.build(found.inside[0]), Tuple(index, lower, upper))
        inner = self.within(names)
        if isinstance(node, (Expectation, Variance, Covariance, AlmostSurely)):
            bodies = [inner.build(part) for part in found.inside]
            measure = self._measure(node.measure, inner)
            if measure == 1:
                if isinstance(node, (Expectation, AlmostSurely)):
                    return bodies[0]
                raise SortError("a moment under no variable")
            return node.func(*bodies, measure)
        points = [point for item in found.bound for point in inner.points(item)]
        if isinstance(node, Integral) and all(len(limit) == 1 for limit in node.limits):
            body = inner.build(node.body)
            return Integral(body, *map(Tuple, points)) if points else body
        if isinstance(node, (KL, CrossEntropy, Entropy)):
            if not points:
                raise SortError("a divergence or an entropy over no variable")
            return node.func(*(inner.build(part) for part in found.inside), Tuple(*points))
        if isinstance(node, ForEvery):
            return ForEvery(inner.build(node.statement), points)
        return found.rebuild(
            tuple(points), tuple(inner.build(part) for part in found.inside),
            tuple(self.build(part) for part in found.outside),
        )  # fmt: skip

    def _measure(self, measure: Any, inner: Builder) -> Any:
        if isinstance(measure, Normal):
            return Normal(inner.build(measure.point), self.build(measure.mean), self.build(measure.covariance))
        return self._density(measure, inner)
