"""A world in words and numbers, small enough that a person can redo the sum."""

from __future__ import annotations

from typing import Any

from sympy import Basic, Symbol

from derive.latex import unicode_text
from derive.terms import SCALAR, Relation, Statement, Variable
from derive.worlds import exact
from derive.worlds.finite import FiniteWorld, Table
from derive.worlds.gaussian import GaussianWorld
from derive.worlds.joint import Joint
from derive.worlds.outcomes import NotExercised, Undefined
from derive.worlds.setting import Key
from derive.worlds.world import World

_MOST_ROWS = 40


def name_of(key: Key) -> str:
    """x₂ as a person writes it."""
    name, indices = key
    plain = unicode_text(Symbol(name)) if name else ""
    if not indices:
        return plain
    if all(isinstance(index, int) for index in indices):
        return unicode_text(Variable(name, SCALAR, *indices))
    text = ", ".join(unicode_text(Symbol(str(index))) if str(index) != "\\mid" else "|" for index in indices)
    return f"{plain}_{text}" if len(text) == 1 else f"{plain}_{{{text.replace(', |, ', ' | ')}}}"


def describe(world: World, statement: Statement) -> str:
    """The indices, the parameters and values used, the laws, and both sides' values."""
    lines = []
    sides = []
    if isinstance(statement, Relation):
        world.forget()
        sides = [f"left side:  {_value(world, statement.lhs)}", f"right side: {_value(world, statement.rhs)}"]
    indices = [f"{name} = {value}" for name, value in sorted(world.indices.items())]
    if indices:
        lines.append("with " + ", ".join(indices))
    values = {**world.used, **world.point}
    if values:
        lines.append("at " + ", ".join(f"{name_of(key)} = {_point(value)}" for key, value in sorted(
            values.items(), key=lambda pair: str(pair[0]))))  # fmt: skip
    lines.extend(_functions(world))
    if isinstance(world, FiniteWorld):
        for law, table in world.describe_laws():
            lines.extend(_table(world, name_of(law), table))
        for (law, parameter, place), table in world.rates.items():
            shown = unicode_text(Symbol(parameter)) + (f"[{place + 1}]" if (law, parameter, 1) in world.rates else "")
            lines.extend(_table(world, f"∂/∂{shown} {name_of(law)}", table, "the slope"))
    elif isinstance(world, GaussianWorld):
        for law, joint in world.describe_laws():
            lines.extend(_joint(name_of(law), joint))
    return "\n".join([*lines, *sides, f"(a {world.kind} world, seed {world.seed})"])


def _value(world: World, term: Basic) -> str:
    try:
        return exact.show(world.value(term))
    except (Undefined, NotExercised) as reason:
        return f"no value ({reason})"


def _functions(world: World) -> list[str]:
    lines = []
    for (name, arguments), value in world.describe_functions():
        lines.append(f"{name_of(name)}({arguments}) = {value}")
    return lines[:_MOST_ROWS]


def _table(world: FiniteWorld, law: str, table: Table, what: str = "the law") -> list[str]:
    names = [name_of(key) for key in table.variables]
    lines = [f"{what} {law or 'of the variables'}({', '.join(names)}):"]
    supports: list[list[Any]] = [world.support(key, world.sorts[key]) for key in table.variables]
    cells = sorted((cell, weight) for cell, weight in table.cells.items() if weight != 0)
    for cell, weight in cells[:_MOST_ROWS]:
        values = ", ".join(
            f"{name} = {_point(support[place])}" for name, support, place in zip(names, supports, cell, strict=True)
        )
        lines.append(f"  {values}: {exact.show(weight)}")
    if len(cells) > _MOST_ROWS:
        lines.append(f"  … and {len(cells) - _MOST_ROWS} more")
    return lines


def _point(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return exact.show(value)


def _joint(law: str, joint: Joint) -> list[str]:
    names = []
    for key, (start, end) in sorted(joint.places.items(), key=lambda pair: pair[1]):
        names.extend([name_of(key)] if end - start == 1 else [f"{name_of(key)}[{i + 1}]" for i in range(end - start)])
    lines = [f"the law {law or 'of the variables'} of ({', '.join(names)}) is Gaussian"]
    if len(joint.components) > 1:
        lines[0] = f"the law {law or 'of the variables'} of ({', '.join(names)}) is a mixture of Gaussians"
    for part in joint.components:
        weight = f"weight {exact.show(part.weight)}, " if len(joint.components) > 1 else ""
        mean = ", ".join(map(exact.show, part.mean))
        rows = "; ".join(", ".join(map(exact.show, row)) for row in part.covariance)
        lines.append(f"  {weight}mean ({mean}), covariance [{rows}]")
    return lines
