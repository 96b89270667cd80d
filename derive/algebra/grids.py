"""Matrices of numbers, small and exact where their entries are, for looking at a claim in one dimension."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import fmpq

from derive import balls
from derive.balls import NotDefined, Real, Unsure


@dataclass(frozen=True)
class Grid:
    """A matrix by its rows."""

    rows: tuple[tuple[Real, ...], ...]

    @property
    def entries(self) -> list[Real]:
        """All entries, row by row."""
        return [entry for row in self.rows for entry in row]


def shape(value: Any) -> tuple[int, ...]:
    """How many entries a number, a vector or a matrix has in each direction."""
    if isinstance(value, Grid):
        return len(value.rows), len(value.rows[0]) if value.rows else 0
    return (len(value),) if isinstance(value, list) else ()


def identity(size: int) -> Grid:
    """I."""
    return Grid(tuple(tuple(fmpq(int(i == j)) for j in range(size)) for i in range(size)))


def column(vector: list[Real]) -> Grid:
    """A vector as a matrix of one column."""
    return Grid(tuple((entry,) for entry in vector))


def total(parts: list[Grid]) -> Grid:
    """The sum."""
    first = parts[0]
    for part in parts[1:]:
        rows = zip(first.rows, part.rows, strict=True)
        first = Grid(tuple(tuple(a + b for a, b in zip(r, s, strict=True)) for r, s in rows))
    return first


def scaled(number: Real, grid: Grid) -> Grid:
    """number · grid."""
    return Grid(tuple(tuple(balls.mul(number, entry) for entry in row) for row in grid.rows))


def transposed(grid: Grid) -> Grid:
    """The transpose."""
    return Grid(tuple(zip(*grid.rows, strict=True)))


def product(left: Grid, right: Grid) -> Grid:
    """left · right."""
    columns = tuple(zip(*right.rows, strict=True))
    return Grid(tuple(tuple(_dot(row, other) for other in columns) for row in left.rows))


def _dot(row: tuple[Real, ...], other: tuple[Real, ...]) -> Real:
    result: Real = fmpq(0)
    for a, b in zip(row, other, strict=True):
        result = result + balls.mul(a, b)
    return result


def trace(grid: Grid) -> Real:
    """The sum of the diagonal."""
    result: Real = fmpq(0)
    for place, row in enumerate(grid.rows):
        result = result + row[place]
    return result


def determinant(grid: Grid) -> Real:
    """det, by the first row, without a division."""
    if len(grid.rows) == 1:
        return grid.rows[0][0]
    result: Real = fmpq(0)
    for place, entry in enumerate(grid.rows[0]):
        minor = Grid(tuple((*row[:place], *row[place + 1 :]) for row in grid.rows[1:]))
        part = balls.mul(entry, determinant(minor))
        result = result - part if place % 2 else result + part
    return result


def inverse(grid: Grid) -> Grid:
    """The inverse, by cofactors. Raises NotDefined where the determinant is zero."""
    det = determinant(grid)
    if balls.sign(det) is None:
        raise Unsure
    if balls.sign(det) == 0:
        raise NotDefined("the inverse of a singular matrix", pole=True)
    size = len(grid.rows)
    if size == 1:
        return Grid(((balls.inverse(det),),))

    def cofactor(i: int, j: int) -> Any:
        minor = Grid(tuple((*row[:j], *row[j + 1 :]) for k, row in enumerate(grid.rows) if k != i))
        found = determinant(minor)
        return -found if (i + j) % 2 else found

    adjugate = Grid(tuple(tuple(cofactor(j, i) for j in range(size)) for i in range(size)))
    return scaled(balls.inverse(det), adjugate)
