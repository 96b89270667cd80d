"""Inference of sorts: unknown sorts are cells, what a formula says of them are constraints, solved by unification.

A cell is a scalar, a vector, a row, a matrix, an event or a set of variables, with sizes that are unified too; a
product decides nothing until all but its consistent readings are ruled out. What stays open takes a default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product as combinations
from typing import Any

from sympy import Expr, Integer

from derive.errors import SortError
from derive.terms import EVENT, INDEX, LAW, LIST, SCALAR, VARIABLES, Sort, matrix, vector


class Size:
    """A dimension that may not be known yet."""

    __slots__ = ("_next", "_value")

    def __init__(self, value: Expr | None = None) -> None:
        self._next: Size | None = None
        self._value = value

    def root(self) -> Size:
        size = self
        while size._next is not None:
            size = size._next
        return size

    @property
    def value(self) -> Expr | None:
        return self.root()._value

    def unify(self, other: Size) -> bool:
        """Make the two one; False where they are known and differ."""
        first, second = self.root(), other.root()
        if first is second:
            return True
        if first._value is None:
            first._next = second
        elif second._value is None or second._value == first._value:
            second._next = first
        else:
            return False
        return True

    def set(self, value: Expr) -> None:
        root = self.root()
        if root._value is None:
            root._value = value


ONE = Size(Integer(1))
Shape = tuple[Any, ...]
KINDS = ("scalar", "vector", "matrix")


class Cell:
    """The sort of an expression or of a family of names, known or not; `shape` is (kind, size, …)."""

    __slots__ = ("_next", "_shape", "excluded", "hint")

    def __init__(self, shape: Shape | None = None) -> None:
        self._next: Cell | None = None
        self._shape = shape
        self.excluded: frozenset[str] = frozenset()
        self.hint = ""

    def root(self) -> Cell:
        cell = self
        while cell._next is not None:
            if cell._next._next is not None:
                cell._next = cell._next._next
            cell = cell._next
        return cell

    @property
    def shape(self) -> Shape | None:
        return self.root()._shape

    @property
    def kind(self) -> str:
        shape = self.root()._shape
        return shape[0] if shape is not None else ""

    def sort(self) -> Sort:
        """The sort; unknown sizes count as 1 here and must have been set before."""
        shape = self.shape
        if shape is None or shape[0] == "scalar":
            return SCALAR
        sizes = [size.value for size in shape[1:]]
        match shape[0]:
            case "vector":
                return vector(sizes[0])
            case "row":
                return matrix(1, sizes[0])
            case "matrix":
                return matrix(*sizes)
            case "event":
                return EVENT
            case "variables":
                return VARIABLES
            case "list":
                return LIST
        return LAW


def shape_of(sort: Sort) -> Shape:
    if sort in (SCALAR, INDEX):
        return ("scalar",)
    return (sort.kind, *(Size(size) for size in sort.shape))


def fresh(kind: str) -> Shape:
    """A shape of this kind with sizes not known yet."""
    return (kind, *(Size() for _ in range({"vector": 1, "row": 1, "matrix": 2}.get(kind, 0))))


def unify_shapes(first: Shape, second: Shape) -> bool:
    if first[0] != second[0]:
        rows = {first[0], second[0]}
        if rows == {"row", "matrix"}:
            flat, tall = (first, second) if first[0] == "row" else (second, first)
            return tall[1].unify(ONE) and tall[2].unify(flat[1])
        return False
    agree = [a.unify(b) for a, b in zip(first[1:], second[1:], strict=True)]
    return all(agree)


def shown(shape: Shape | None) -> str:
    """A shape for a message."""
    if shape is None:
        return "term of unknown sort"
    if shape[0] == "row":
        return "transposed vector"
    names = {"variables": "set of variables"}
    sizes = ", ".join("?" if size.value is None else str(size.value) for size in shape[1:])
    return str(names.get(shape[0], shape[0])) + (f" of size {sizes.replace(', ', ' × ')}" if sizes else "")


class Solver:
    """Unifies cells and runs deferred constraints until nothing changes."""

    def __init__(self, error: Callable[[Any, str], SortError]) -> None:
        self.error = error
        self.waiting: list[tuple[Callable[[], bool], Any]] = []
        self.changes = 0

    def unify(self, first: Cell, second: Cell, node: Any, what: str = "") -> None:
        """Make two cells one. Raises `SortError` at the node where their sorts differ."""
        a, b = first.root(), second.root()
        if a is b:
            return
        if a._shape is not None and b._shape is not None:
            before = (shown(a._shape), shown(b._shape))
            if not unify_shapes(a._shape, b._shape):
                raise self.error(node, what or f"a {before[0]} and a {before[1]} stand where one sort is needed")
            if a._shape[0] == "matrix" and b._shape[0] == "row":
                a, b = b, a
        self.changes += 1
        if a._shape is None:
            a, b = b, a
        excluded, hint = a.excluded | b.excluded, a.hint or b.hint
        b._next = a
        a.excluded, a.hint = excluded, hint
        self._check(a, node)

    def assign(self, cell: Cell, shape: Shape, node: Any, what: str = "") -> None:
        """Give a cell a shape."""
        self.unify(cell, Cell(shape), node, what)

    def exclude(self, cell: Cell, kinds: Iterable[str], node: Any) -> None:
        root = cell.root()
        root.excluded = root.excluded | frozenset(kinds)
        self._check(root, node)

    def _check(self, cell: Cell, node: Any) -> None:
        kind = cell.kind
        if kind and kind in cell.excluded:
            wanted = (
                "a vector or a matrix" if kind == "scalar" else "a scalar" if "matrix" in cell.excluded else "no vector"
            )
            raise self.error(node, f"a {shown(cell.shape)} does not fit here: {wanted} is needed")

    def defer(self, constraint: Callable[[], bool], node: Any) -> None:
        """Try a constraint now and, while it answers False (not decided), again after every change."""
        if not constraint():
            self.waiting.append((constraint, node))

    def run(self) -> None:
        """Run the deferred constraints until none of them decides anything more."""
        while True:
            before = self.changes
            self.waiting = [item for item in self.waiting if not item[0]()]
            if self.changes == before:
                return


# ---- products -----------------------------------------------------------------------------------------------------


def product_shape(shapes: list[Shape]) -> Shape | None:
    """The shape of a product of shapes in order; None where they do not fit. Sizes are compared where known.

    Two columns side by side are an inner product, a row before a column too, a column before a row is a matrix.
    """
    current: Shape | None = None
    for shape in shapes:
        kind = shape[0]
        if kind == "scalar":
            continue
        if kind in ("event", "variables", "list"):
            return None
        if current is None:
            current = shape
            continue
        step = _times(current, shape)
        if step is None:
            return None
        current = None if step[0] == "scalar" else step
    return current or ("scalar",)


def _times(left: Shape, right: Shape) -> Shape | None:
    pair = (left[0], right[0])
    match pair:
        case ("vector", "vector"):
            return ("scalar",) if _agree(left[1], right[1]) else None
        case ("row", "vector"):
            return ("scalar",) if _agree(left[1], right[1]) else None
        case ("vector", "row"):
            return ("matrix", left[1], right[1])
        case ("row", "matrix"):
            return ("row", right[2]) if _agree(left[1], right[1]) else None
        case ("matrix", "vector"):
            return ("vector", left[1]) if _agree(left[2], right[1]) else None
        case ("matrix", "matrix"):
            return ("matrix", left[1], right[2]) if _agree(left[2], right[1]) else None
    return None


def _agree(first: Size, second: Size) -> bool:
    return first.value is None or second.value is None or first.value == second.value


def unify_inner_sizes(shapes: list[Shape]) -> None:
    """Make one the sizes that meet inside a product that fits."""
    current: Shape | None = None
    for shape in shapes:
        if shape[0] == "scalar":
            continue
        if current is None:
            current = shape
            continue
        inner = {"vector": 1, "row": 1, "matrix": 2}[current[0]]
        if not (current[0] == "vector" and shape[0] == "row"):
            current[inner].unify(shape[1])
        step = _times(current, shape)
        current = None if step is None or step[0] == "scalar" else step


def constrain_product(solver: Solver, factors: list[Cell], result: Cell, node: Any) -> Callable[[], bool]:
    """The constraint that `result` is the product of `factors`: decided once a single reading is consistent."""

    def attempt() -> bool:
        known = [cell.shape for cell in factors]
        if all(shape is not None for shape in known):
            shapes: list[Shape] = [shape for shape in known if shape is not None]
            total = product_shape(shapes)
            if total is None:
                sorts = ", ".join(shown(shape) for shape in shapes)
                raise solver.error(node, f"these factors cannot be multiplied in this order: {sorts}")
            unify_inner_sizes(shapes)
            solver.unify(result, Cell(total), node)
            return True
        unknown = [place for place, shape in enumerate(known) if shape is None]
        if len(unknown) > 3:
            return False
        if result.shape is None and all(shape is None or shape[0] == "scalar" for shape in known):
            return False
        readings = []
        for kinds in combinations(KINDS, repeat=len(unknown)):
            if any(kind in factors[place].root().excluded for place, kind in zip(unknown, kinds, strict=True)):
                continue
            trial = list(known)
            for place, kind in zip(unknown, kinds, strict=True):
                trial[place] = fresh("row" if kind == "vector" and factors[place].root().hint == "row" else kind)
            total = product_shape([shape for shape in trial if shape is not None])
            if total is None or (result.shape is not None and not _compatible(total, result.shape)):
                continue
            if total[0] in result.root().excluded:
                continue
            readings.append((kinds, trial))
            if len(readings) > 1:
                break
        if not readings:
            if result.shape is None:
                raise solver.error(node, "these factors cannot be multiplied in this order")
            raise solver.error(node, f"no sorts of these factors give a {shown(result.shape)}")
        if len(readings) > 1:
            return False
        for place in unknown:
            shape = readings[0][1][place]
            assert shape is not None
            solver.assign(factors[place], shape, node)
        return attempt()

    return attempt


def _compatible(first: Shape, second: Shape) -> bool:
    if first[0] != second[0]:
        return {first[0], second[0]} == {"row", "matrix"}
    return all(_agree(a, b) for a, b in zip(first[1:], second[1:], strict=True))
