"""Arrays written by their parts: blocks, entries, ones, products entry by entry, powers of matrices.

Σ^{1/2} is the symmetric positive semidefinite matrix whose square is Σ: of a diagonal matrix by its entries, and of
one of two rows (Σ + s I)/√(tr Σ + 2s) with s = √det Σ (Cayley and Hamilton).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flint import fmpq

from derive.terms import sort_of
from derive.worlds import exact, linear
from derive.worlds.exact import ONE, ZERO
from derive.worlds.linear import Matrix, Vector
from derive.worlds.outcomes import NotExercised, Undefined
from derive.worlds.setting import number_of

if TYPE_CHECKING:
    from derive.worlds.world import World

Env = dict[Any, Any]
_HIGHEST = 12


def block_matrix(world: World, term: Any, env: Env) -> Any:
    """The blocks beside and below each other."""
    rows: list[list[Any]] = []
    sizes = [_size(world, [row[place] for row in term.rows], 1, env) for place in range(len(term.rows[0]))]
    for row in term.rows:
        height = _size(world, list(row), 0, env)
        blocks = [_table(world.value(entry, env), height, width) for entry, width in zip(row, sizes, strict=True)]
        rows += [[entry for block in blocks for entry in block[line]] for line in range(height)]
    if sort_of(term).kind == "vector":
        return Vector(entry for row in rows for entry in row)
    return Matrix(rows)


def _size(world: World, entries: list[Any], axis: int, env: Env) -> int:
    """The height of a row of blocks, or the width of a column of them."""
    for entry in entries:
        if entry == 0:
            continue
        sort = sort_of(entry)
        shape = sort.shape if sort.kind == "matrix" else (*sort.shape, 1) if sort.kind == "vector" else (1, 1)
        return shape[axis] if isinstance(shape[axis], int) else number_of(shape[axis], world.scope(env))
    return 1


def _table(value: Any, height: int, width: int) -> list[list[Any]]:
    if isinstance(value, Matrix):
        return [list(row) for row in value.rows]
    if isinstance(value, Vector):
        return [[entry] for entry in value.entries]
    if isinstance(value, fmpq) and value == 0:
        return [[ZERO] * width for _ in range(height)]
    if (height, width) != (1, 1):
        raise NotExercised("a number where a block was expected")
    return [[value]]


def entry(world: World, term: Any, env: Env) -> Any:
    """A_{ij} or x_i, counted from one."""
    value = world.value(term.array, env)
    places = [number_of(index, world.scope(env)) - 1 for index in term.indices]
    table: Any = value.entries if isinstance(value, Vector) else value.rows
    for place in places:
        if not 0 <= place < len(table):
            raise Undefined("an entry beyond the size of an array")
        table = table[place]
    return table


def ones(world: World, term: Any, env: Env) -> Any:
    """The vector of ones."""
    return Vector(ONE for _ in range(number_of(term.size, world.scope(env))))


def diagonal(world: World, term: Any, env: Env) -> Any:
    """The matrix with a vector's entries on its diagonal."""
    value = world.value(term.args[0], env)
    if not isinstance(value, Vector):
        raise NotExercised("the diagonal matrix of what is no vector")
    size = range(len(value.entries))
    return Matrix([value.entries[row] if row == column else fmpq(0) for column in size] for row in size)


def hadamard(world: World, term: Any, env: Env) -> Any:
    """The product entry by entry."""
    values = [world.value(arg, env) for arg in term.args]
    result = values[0]
    for value in values[1:]:
        if isinstance(result, Vector) and isinstance(value, Vector):
            result = Vector(a * b for a, b in zip(result.entries, value.entries, strict=True))
        elif isinstance(result, Matrix) and isinstance(value, Matrix):
            pairs = zip(result.rows, value.rows, strict=True)
            result = Matrix([a * b for a, b in zip(*pair, strict=True)] for pair in pairs)
        else:
            raise NotExercised("a product entry by entry of a number and an array")
    return result


def matrix_power(world: World, term: Any, env: Env) -> Any:
    """Aⁿ for whole n, and the roots of symmetric positive definite matrices of one or two rows, or diagonal."""
    base, exponent = world.value(term.base, env), world.number(term.exponent, env)
    if not isinstance(base, Matrix) or not isinstance(exponent, fmpq):
        raise NotExercised("a power of what is no matrix here, or no rational power")
    if exponent < 0:
        base, exponent = linear.inverse(base), -exponent
    if exponent.q == 2:
        base, exponent = _root(base), exponent * 2
    if exponent.q != 1 or exponent > _HIGHEST:
        raise NotExercised("a power of a matrix that is not computed")
    result = linear.identity(len(base.rows))
    for _ in range(int(exponent)):
        result = linear.product(result, base)
    return result


def _root(base: Matrix) -> Matrix:
    size, half = len(base.rows), fmpq(1, 2)
    if not linear.symmetric(base) or not linear.positive_definite(base):
        raise Undefined("the root of a matrix that is not symmetric and positive definite")
    if all(exact.sign(base.rows[i][j]) == 0 for i in range(size) for j in range(size) if i != j):
        roots = [exact.power(row[place], half) for place, row in enumerate(base.rows)]
        return Matrix([root if i == j else ZERO for j in range(size)] for i, root in enumerate(roots))
    if size > 2:
        raise NotExercised("the root of a matrix of three rows")
    s = exact.power(linear.determinant(base), half)
    scale = exact.divide(ONE, exact.power(linear.trace(base) + s * 2, half))
    return (base + linear.identity(size) * s) * scale
