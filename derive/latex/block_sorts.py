"""The sorts of block matrices: rows share their heights, columns their widths, and what is multiplied is cut alike."""

from __future__ import annotations

from itertools import pairwise

from derive.latex import syntax
from derive.latex.declarations import INDEX_LETTERS
from derive.latex.inference import ONE, Cell, Size
from derive.latex.shapes import Shapes, sort_error
from derive.latex.syntax import Node
from derive.latex.trees import is_capital, is_zero, walk


class BlockSorts(Shapes):
    """Cells for block matrices, and for the columns that belong to them."""

    def _blocks(self, node: syntax.Blocks) -> Cell:
        """Rows share their height, columns their width; the sizes of the whole are the sums, once all are known."""
        heights, widths = [Size() for _ in node.rows], [Size() for _ in node.rows[0]]
        place = self.place(node)
        for row, height in zip(node.rows, heights, strict=True):
            for entry, width in zip(row, widths, strict=True):
                if is_zero(entry):
                    continue
                self._fit(self.infer(entry), height, width, entry)
        for entry in (entry for row in node.rows for entry in row):
            if id(entry) not in self.cells:
                self.infer(entry)
        self.block_sizes[id(node)] = heights, widths
        if len(widths) > 1:
            for entry in (entry for row in node.rows for entry in row):
                if _of_capitals(entry):
                    self.prefer(4, self.cells[id(entry)], "matrix", entry)
        elif all(_is_part(row[0]) for row in node.rows):
            for row in node.rows:
                self.prefer(5, self.cells[id(row[0])], "vector", row[0])
        total, across = Size(), Size()
        result = Cell()
        if len(node.rows) > 1 or len(widths) > 1:
            self.solver.exclude(result, ("scalar",), place)
        self.sums.append((heights, total, place))
        self.sums.append((widths, across, place))

        def attempt() -> bool:
            if len(widths) > 1:
                self.solver.unify(result, Cell(("matrix", total, across)), place)
            elif widths[0].value is not None:
                shape = ("vector", total) if widths[0].value == 1 else ("matrix", total, across)
                self.solver.unify(result, Cell(shape), place)
            else:
                return False
            return True

        self.solver.defer(attempt, node)
        return result

    def _juxtaposition(self, node: syntax.Juxtaposition) -> Cell:
        """A product; block matrices that are multiplied are cut alike where they meet."""
        cell = super()._juxtaposition(node)
        for left, right in pairwise(map(_bare_blocks, node.factors)):
            if left is not None and right is not None and len(left.rows[0]) == len(right.rows):
                widths, heights = self.block_sizes[id(left)][1], self.block_sizes[id(right)][0]
                for width, height in zip(widths, heights, strict=True):
                    width.unify(height)
        return cell

    def _fit_sides(self, sides: list[Node | None]) -> None:
        """Block matrices, and products of them, that are equal are cut alike."""
        outer = [(factors[0], factors[-1]) for side in sides if (factors := _block_factors(side))]
        for which, place in ((0, 0), (1, 1)):
            sizes = [self.block_sizes[id(ends[place])][which] for ends in outer]
            for cut in sizes[1:]:
                if len(cut) == len(sizes[0]):
                    for first, other in zip(sizes[0], cut, strict=True):
                        first.unify(other)

    def _fit_blocks(self, *nodes: Node | None) -> None:
        """Columns and square block matrices that belong together have blocks of the same sizes."""
        blocks = [node for node in map(_bare_blocks, nodes) if node is not None]
        if self.followed is not None and (left := _bare_blocks(self.followed)) is not None:
            blocks.append(left)
        sizes = [self.block_sizes[id(node)] for node in blocks if id(node) in self.block_sizes]
        square = next((node for node in blocks if len(node.rows[0]) > 1), None)
        for heights, widths in sizes[1:]:
            for first, other in zip(sizes[0][0], heights, strict=False):
                first.unify(other)
            if len(widths) == len(heights) > 1:
                for first, other in zip(sizes[0][0], widths, strict=False):
                    first.unify(other)
        if square is not None and any(_of_capitals(entry) for row in square.rows for entry in row):
            for node in blocks:
                if len(node.rows[0]) == 1:
                    for row in node.rows:
                        self.prefer(2, self.cells[id(row[0])], "vector", row[0])

    def _fit(self, cell: Cell, height: Size, width: Size, entry: Node) -> None:
        """An entry and the height of its row, the width of its column."""
        place = self.place(entry)

        def attempt() -> bool:
            match cell.kind:
                case "scalar":
                    sizes = (ONE, ONE)
                case "vector":
                    sizes = (cell.shape[1], ONE)  # type: ignore[index]
                case "row":
                    sizes = (ONE, cell.shape[1])  # type: ignore[index]
                case "matrix":
                    sizes = (cell.shape[1], cell.shape[2])  # type: ignore[index]
                case "list":
                    return True
                case "":
                    if height.value == 1 and width.value == 1:
                        self.solver.assign(cell, ("scalar",), place)
                        return True
                    return False
                case kind:
                    raise sort_error(place, f"a {kind} in a matrix")
            if not (height.unify(sizes[0]) and width.unify(sizes[1])):
                raise sort_error(place, "this block does not fit beside the others")
            self.solver.changes += 1
            return True

        self.solver.defer(attempt, entry)


def _bare_blocks(node: Node | None) -> syntax.Blocks | None:
    while isinstance(node, syntax.Group):
        node = node.body
    return node if isinstance(node, syntax.Blocks) else None


def _block_factors(node: Node | None) -> list[syntax.Blocks]:
    """The block matrices that a side is the product of; none where it is anything else."""
    while isinstance(node, syntax.Group):
        node = node.body
    factors = list(node.factors) if isinstance(node, syntax.Juxtaposition) else [node]
    blocks = [block for block in map(_bare_blocks, factors) if block is not None]
    return blocks if len(blocks) == len(factors) else []


def _of_capitals(entry: Node) -> bool:
    """Whether an entry is written as a matrix is: a capital, perhaps transposed or with a sign."""
    names = [name for name in walk(entry) if isinstance(name, syntax.Name)]
    return bool(names) and all(is_capital(name) for name in names)


def _is_part(entry: Node) -> bool:
    """Whether an entry of a column is a part with a letter, x_a, and no entry with a number."""
    if not isinstance(entry, syntax.Name) or entry.subscript is None or len(entry.subscript) != 1:
        return False
    label = entry.subscript[0].lower
    return isinstance(label, syntax.Name) and label.name not in INDEX_LETTERS
