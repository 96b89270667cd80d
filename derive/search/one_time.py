r"""What is said at one time of a path, x_t = (1 − t) x_0 + t x_1 with 0 < t < 1, and what is averaged given x_t.

A t that runs through the real numbers counts nothing: x_t is one more variable beside x_0 and x_1, and is none of them.
Where the point is written by two others alone, one of these is its noise: the one that is said to be Gaussian, or x_0.
"""

from __future__ import annotations

from typing import Any

from sympy import Basic, Symbol

from derive.errors import DeriveError
from derive.latex import unicode_text
from derive.models import Line, Model, compile_model
from derive.terms import (
    Application,
    Density,
    Equal,
    Gradient,
    Integral,
    Label,
    Law,
    Normal,
    Run,
    Statement,
    Variable,
    free_variables,
    walk,
)

__all__ = ["at_one_time"]


def at_one_time(statement: Statement, model: Model) -> tuple[Any, Model, tuple[str, ...]]:
    """The statement and the model with x_t as a variable of its own, where a claim averages and speaks of such a point;
    and a line that says so.
    """
    for time in sorted(model.times, key=str):
        points = [equation for equation in model.equations if _is_point(equation, time)]
        names = {equation.lhs.name for equation in points}
        still = _stands_still((statement, *model.statements), time)
        if not points or not still or not _speaks_of(statement, names, time):
            continue
        meant: dict[Basic, Basic] = {}
        for equation in points:
            noise = _noise(equation, model)
            if noise is not None:
                meant[noise] = Variable(f"{noise.name}_{noise.indices[0]}", noise.sort)
        lines = [Line(_written(line.statement, time, meant), line.text, line.line) for line in model.lines]
        try:
            there = compile_model(
                lines, name=model.name, file=model.file, declarations=model.declarations, title=model.title,
                goals=model.goals, times=model.times - {time},
            )  # fmt: skip
        except DeriveError:
            continue
        read = f"{unicode_text(points[0].lhs)} is a variable of its own, for {time} other than at the path's ends"
        return _written(statement, time, meant), there, (read,)
    return statement, model, ()


def _vectors(term: Basic) -> list[Any]:
    return [item for item in free_variables(term) if isinstance(item, Variable) and item.sort.kind == "vector"]


def _is_point(equation: Equal, time: Symbol) -> bool:
    """Whether an equation gives x_t by vectors at other places."""
    head = equation.lhs
    own = isinstance(head, Variable) and head.sort.kind == "vector" and head.indices == (time,)
    return own and bool(_vectors(equation.rhs)) and all(time not in item.indices for item in _vectors(equation.rhs))


def _noise(equation: Equal, model: Model) -> Any:
    """The vector that stands for the noise, where none is without an index and two are there."""
    vectors = sorted(_vectors(equation.rhs), key=str)
    if len(vectors) != 2 or any(len(item.indices) != 1 or not item.indices[0].is_Integer for item in vectors):
        return None
    gaussian = [entry.variable for entry in model.distributed if isinstance(entry.density, Normal)]
    return next((item for item in vectors if item in gaussian), vectors[0])


def _speaks_of(statement: Statement, names: set[str], time: Symbol) -> bool:
    """Whether a claim has a law, and the point of a path at this time."""
    nodes = [node for _, node in walk(statement)]
    there = any(isinstance(node, Variable) and node.name in names and node.indices == (time,) for node in nodes)
    return there and any(isinstance(node, Density) for node in nodes)


def _stands_still(statements: tuple[Basic, ...], time: Symbol) -> bool:
    """Whether nothing moves in time: no derivative, no integral over it, no t + h, no run of times."""
    for statement in statements:
        for _, node in walk(statement):
            if isinstance(node, Gradient) and node.variable == time:
                return False
            if isinstance(node, Integral) and time in node.bound:
                return False
            if isinstance(node, Run) and time in node.lower.free_symbols | node.upper.free_symbols:
                return False
            if isinstance(node, (Application, Law, Variable)) and any(
                index != time and time in index.free_symbols for index in node.indices
            ):
                return False
    return True


def _written(term: Any, time: Symbol, meant: dict[Basic, Basic]) -> Any:
    """A term with a label for the time where it is an index, and the noises under their names."""
    if term in meant:
        return meant[term]
    if isinstance(term, Symbol) or not getattr(term, "args", ()):
        return term
    at = [Label(str(time)) if index == time else index for index in getattr(term, "indices", ())]
    if isinstance(term, Variable):
        return Variable(term.name, term.sort, *at)
    if isinstance(term, Law):
        return Law(term.name, *at)
    if isinstance(term, Application):
        return Application(term.name, term.sort, at, *(_written(part, time, meant) for part in term.arguments))
    if isinstance(term, Density):
        sides = (
            [(_written(name, time, meant), _written(point, time, meant)) for name, point in side]
            for side in (term.targets, term.givens)
        )
        return Density(_written(term.law, time, meant), *sides)
    return term.func(*(_written(part, time, meant) for part in term.args))
