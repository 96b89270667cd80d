r"""The law of a point that is written with its noise: x_t = a x_0 + b ε, ε ∼ N(0, I), ε ⊥ x_0 says p(x_t | x_0).

It is N(x_t; a x_0, b² I) for the law p of these variables, of which the model says nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sympy import Add, Basic, Mul, Pow

from derive.errors import DeriveError
from derive.grounds.conditions import decide
from derive.grounds.context import Context
from derive.latex import unicode_text
from derive.models import Line, Model
from derive.terms import (
    Density,
    Distributed,
    Equal,
    Greater,
    Law,
    Normal,
    Statement,
    Variable,
    free_variables,
    split_scalar,
    walk,
)

__all__ = ["with_the_laws_of_points"]

UNNAMED = Law("")


def with_the_laws_of_points(statement: Statement, model: Model) -> tuple[Model, tuple[str, ...]]:
    """The model with the conditional laws of the points that a claim has the density of; and lines that say so."""
    spoken = {node for _, node in walk(statement) if isinstance(node, Density) and node.law != UNNAMED}
    laws = {node.law for node in spoken}
    if len(laws) != 1 or any(law in _laws_of(model) for law in laws):
        return model, ()
    (law,) = laws
    points = {pair[0] for node in spoken for pair in node.targets}
    made = {part: by for part, by in _conditionals(law, model) if set(part.lhs.variables) <= points}
    found = list(made)
    if not found or not all(_is_time_of(index, part) for index in law.indices for part in found):
        return model, ()
    try:
        known = model.with_lines([Line(part) for part in found])
        known = _without_noises(statement, known, made.values())
    except DeriveError:
        return model, ()
    return known, tuple(f"{unicode_text(part.lhs)} is {unicode_text(part.rhs)}" for part in found)


def _is_time_of(index: Basic, conditional: Any) -> bool:
    """Whether the index of a law is that of its point, or the time that its mean is written in: no θ of a model."""
    return index in getattr(conditional.lhs.variables[0], "indices", ()) or index in conditional.rhs.free_symbols


def _without_noises(statement: Statement, model: Model, made: Iterable[tuple[Equal, Distributed]]) -> Model:
    """The model without the noises that nothing else speaks of: each is the point less its mean, over its scale."""
    for equation, entry in made:
        tied = (part for part in model.independences if entry.variable in free_variables(part))
        own: list[Any] = [equation, entry, *tied]
        others = (statement, *(part for part in model.statements if part not in own))
        sides = {item for part in own[2:] for item in (*part.left, *part.right)}
        spoken = any(node == entry.variable for part in others for _, node in walk(part))  # bound in E[ε | x_t] too
        if sides <= free_variables(equation) and not spoken:
            model = model.without(*own) or model
    return model


def _laws_of(model: Model) -> set[Law]:
    """The laws of which a model says anything."""
    return {node.law for part in model.statements for _, node in walk(part) if isinstance(node, Density)}


def _conditionals(law: Law, model: Model) -> Iterator[tuple[Any, tuple[Equal, Distributed]]]:
    for equation in model.equations:
        point = equation.lhs
        if not isinstance(point, Variable) or point.sort.kind != "vector":
            continue
        for entry in model.distributed:
            found = _conditional(law, point, equation.rhs, entry, model)
            if found is not None:
                yield found, (equation, entry)
                break


def _conditional(law: Law, point: Variable, value: Basic, entry: Any, model: Model) -> Equal | None:
    """p(x | the others) of x = a ε + others, where ε has a Gaussian law and is independent of all that is random."""
    noise, normal = entry.variable, entry.density
    if not isinstance(noise, Variable) or not isinstance(normal, Normal) or normal.point != noise:
        return None
    scales, rest = list[Any](), list[Any]()
    for term in Add.make_args(value):
        scale, base = split_scalar(term)
        if base == noise and noise not in free_variables(scale):
            scales.append(scale)
        elif noise in free_variables(term):
            return None
        else:
            rest.append(term)
    others = {item for item in free_variables(Add(*rest)) if isinstance(item, Variable) and item.sort.kind == "vector"}
    if not scales or not others or point in others or not all(_apart(noise, other, model) for other in others):
        return None
    spread = Pow(Add(*scales), 2)
    if decide(Greater(spread, 0), Context.of(model, (), (spread,))).answer is not True:
        return None
    mean = Add(*rest, Mul(Add(*scales), normal.mean)) if normal.mean != 0 else Add(*rest)
    density = Density(law, [point], sorted(others, key=str))
    return Equal(density, Normal(point, mean, Mul(spread, normal.covariance)))


def _apart(noise: Basic, other: Basic, model: Model) -> bool:
    """Whether a noise is said to be independent of what it is added to."""
    return any(
        not part.given and any(noise in one and other in two for one, two in (sides, sides[::-1]))
        for part in model.independences for sides in ((part.left, part.right),)
    )  # fmt: skip
