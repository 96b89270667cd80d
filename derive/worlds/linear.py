"""Vectors and matrices of exact numbers: what a world gives a vector or matrix term as its value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flint import fmpq, fmpq_mat

from derive.worlds import exact
from derive.worlds.exact import ONE, ZERO
from derive.worlds.functions import primal
from derive.worlds.outcomes import NotExercised, Undefined

Rows = list[list[Any]]


class Vector:
    """A point of R^d by its coordinates."""

    __slots__ = ("_hash", "entries")

    def __init__(self, entries: Iterable[Any]) -> None:
        self.entries = tuple(entries)
        self._hash: int | None = None

    def __add__(self, other: Any) -> Vector:
        if _zero(other):
            return self
        if not isinstance(other, Vector):
            return NotImplemented
        _same_size(len(self.entries), len(other.entries))
        return Vector(a + b for a, b in zip(self.entries, other.entries, strict=True))

    __radd__ = __add__

    def __mul__(self, factor: Any) -> Vector:
        return Vector(entry * factor for entry in self.entries)

    __rmul__ = __mul__

    def __neg__(self) -> Vector:
        return Vector(-entry for entry in self.entries)

    def __sub__(self, other: Any) -> Vector:
        return self + (-other)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vector) and self.entries == other.entries

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(self.entries)
        return self._hash

    def __repr__(self) -> str:
        return f"({', '.join(map(exact.show, self.entries))})"


class Matrix:
    """A matrix by its rows."""

    __slots__ = ("rows",)

    def __init__(self, rows: Iterable[Iterable[Any]]) -> None:
        self.rows = tuple(tuple(row) for row in rows)

    def __add__(self, other: Any) -> Matrix:
        if _zero(other):
            return self
        if not isinstance(other, Matrix):
            return NotImplemented
        _same_size(self.shape, other.shape)
        return Matrix(
            [a + b for a, b in zip(left, right, strict=True)]
            for left, right in zip(self.rows, other.rows, strict=True)
        )

    __radd__ = __add__

    def __mul__(self, factor: Any) -> Matrix:
        return Matrix([entry * factor for entry in row] for row in self.rows)

    __rmul__ = __mul__

    def __neg__(self) -> Matrix:
        return Matrix([-entry for entry in row] for row in self.rows)

    def __sub__(self, other: Any) -> Matrix:
        return self + (-other)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Matrix) and self.rows == other.rows

    def __hash__(self) -> int:
        return hash(self.rows)

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return len(self.rows), len(self.rows[0]) if self.rows else 0

    def __repr__(self) -> str:
        return f"[{'; '.join(', '.join(map(exact.show, row)) for row in self.rows)}]"


def _zero(value: Any) -> bool:
    return isinstance(value, fmpq) and value == 0


def _same_size(left: Any, right: Any) -> None:
    if left != right:
        raise Undefined("vectors or matrices of different sizes")


def zero_vector(size: int) -> Vector:
    """0 in R^size."""
    return Vector([ZERO] * size)


def identity(size: int) -> Matrix:
    """The identity matrix."""
    return Matrix([ONE if i == j else ZERO for j in range(size)] for i in range(size))


def dot(left: Sequence[Any], right: Sequence[Any]) -> Any:
    """Σ aᵢ bᵢ."""
    _same_size(len(left), len(right))
    total: Any = ZERO
    for a, b in zip(left, right, strict=True):
        total = total + a * b
    return total


def product(left: Matrix, right: Any) -> Any:
    """A B, or A x for a vector x."""
    if isinstance(right, Vector):
        return Vector(dot(row, right.entries) for row in left.rows)
    columns = list(zip(*right.rows, strict=True))
    _same_size(left.shape[1], right.shape[0])
    return Matrix([dot(row, column) for column in columns] for row in left.rows)


def transpose(value: Any) -> Matrix:
    """Aᵀ; of a vector, the row."""
    if isinstance(value, Vector):
        return Matrix([value.entries])
    return Matrix(zip(*value.rows, strict=True))


def trace(value: Matrix) -> Any:
    """Σ Aᵢᵢ."""
    total: Any = ZERO
    for place, row in enumerate(value.rows):
        total = total + row[place]
    return total


def _rational(rows: Iterable[Iterable[Any]]) -> bool:
    return all(isinstance(entry, fmpq) for row in rows for entry in row)


def inverse(value: Matrix) -> Matrix:
    """A⁻¹; undefined where A is singular."""
    if _rational(value.rows):
        table = fmpq_mat([list(row) for row in value.rows])
        if table.det() == 0:
            raise Undefined("the inverse of a singular matrix")
        return Matrix(table.inv().tolist())
    size = len(value.rows)
    reduced, _ = _eliminated([[*row, *unit] for row, unit in zip(value.rows, identity(size).rows, strict=True)], size)
    return Matrix(row[size:] for row in reduced)


def determinant(value: Matrix) -> Any:
    """det A."""
    if _rational(value.rows):
        return fmpq_mat([list(row) for row in value.rows]).det()
    if len(value.rows) == 1:
        return value.rows[0][0]
    if len(value.rows) <= 3:
        return _expanded([list(row) for row in value.rows])
    return _eliminated([list(row) for row in value.rows], len(value.rows))[1]


def _expanded(rows: Rows) -> Any:
    """det by expansion along the first row: no division, so it also holds where an entry is a function."""
    if len(rows) == 1:
        return rows[0][0]
    total: Any = ZERO
    for place, entry in enumerate(rows[0]):
        minor = _expanded([row[:place] + row[place + 1 :] for row in rows[1:]])
        total = total + entry * minor * (fmpq(1) if place % 2 == 0 else fmpq(-1))
    return total


def _eliminated(rows: Rows, size: int) -> tuple[Rows, Any]:
    """Gauss–Jordan: the rows with the identity in front, and the determinant of what stood there."""
    result: Any = ONE
    for place in range(size):
        pivot = next((i for i in range(place, size) if _nonzero(rows[i][place])), None)
        if pivot is None:
            if all(exact.sign(primal(rows[i][place])) == 0 for i in range(place, size)):
                raise Undefined("the inverse of a singular matrix")
            raise NotExercised("whether a matrix is singular is not decided")
        if pivot != place:
            rows[pivot], rows[place] = rows[place], rows[pivot]
            result = -result
        head = rows[place][place]
        result = result * head
        rows[place] = [exact.divide(entry, head) for entry in rows[place]]
        for i in range(size):
            if i != place:
                factor = rows[i][place]
                if isinstance(factor, fmpq) and factor == 0:
                    continue
                rows[i] = [a - factor * b for a, b in zip(rows[i], rows[place], strict=True)]
    return rows, result


def _nonzero(value: Any) -> bool:
    return exact.sign(primal(value)) in (-1, 1)


def pivots(value: Matrix) -> list[Any]:
    """The pivots of a symmetric matrix, eliminated in order: all positive exactly where it is positive definite."""
    rows = [list(row) for row in value.rows]
    found: list[Any] = []
    for place in range(len(rows)):
        head = rows[place][place]
        found.append(head)
        side = exact.sign(primal(head))
        if side is None:
            raise NotExercised("whether a matrix is positive definite is not decided")
        if side <= 0:
            return found
        for i in range(place + 1, len(rows)):
            factor = exact.divide(rows[i][place], head)
            rows[i] = [a - factor * b for a, b in zip(rows[i], rows[place], strict=True)]
    return found


def positive_definite(value: Matrix) -> bool:
    """Whether a matrix is symmetric with positive pivots."""
    return symmetric(value) and exact.sign(primal(pivots(value)[-1])) == 1


def symmetric(value: Matrix) -> bool:
    """Whether Aᵀ = A, as far as balls can tell."""
    rows = value.rows
    if any(len(row) != len(rows) for row in rows):
        return False
    return all(
        exact.same(primal(rows[i][j]), primal(rows[j][i])) is not False for i in range(len(rows)) for j in range(i)
    )
