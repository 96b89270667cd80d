"""A finite world whose laws are given as tables, such as the one that breaks a fallacy."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from flint import fmpq
from sympy import Basic

from derive.terms import SCALAR
from derive.worlds.finite import FiniteWorld, Table
from derive.worlds.parameters import Parameters
from derive.worlds.setting import Key, Setting

Point = tuple[tuple[str, Fraction], ...]
"""Values of variables by their names."""


def table_world(
    statements: tuple[Basic, ...], tables: Mapping[str, Mapping[Point, Fraction]], setting: Setting | None = None
) -> FiniteWorld:
    """The finite world in which each named law is the given table; what the table does not name has probability zero.

    Every variable takes the values that occur in the tables. Raises `ValueError` where a table does not add up to 1.
    """
    chosen = setting or Setting(measure="counting")
    world = FiniteWorld(Parameters(chosen, statements, "table", 0, "finite"), statements)
    supports: dict[Key, list[fmpq]] = {}
    for table in tables.values():
        for point in table:
            for name, value in point:
                known = supports.setdefault((name, ()), [])
                if _number(value) not in known:
                    known.append(_number(value))
    for values in supports.values():
        values.sort()
    for name, table in tables.items():
        if sum(table.values()) != 1:
            raise ValueError(f"the table of {name} does not add up to 1")
        variables = tuple(sorted({(variable, ()) for point in table for variable, _ in point}))
        cells = {}
        for point, mass in table.items():
            at = {(variable, ()): _number(value) for variable, value in point}
            cells[tuple(supports[key].index(at[key]) for key in variables)] = _number(mass)
        sorts = {key: world.sorts.get(key, SCALAR) for key in variables}
        world.give((name, ()), Table(variables, cells), sorts, {key: list(supports[key]) for key in variables})
    return world


def point_of(values: Mapping[str, Fraction]) -> dict[Key, fmpq]:
    """Values of variables by name as a point of a world."""
    return {(name, ()): _number(value) for name, value in values.items()}


def _number(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)
