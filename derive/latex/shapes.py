"""Sorts of names, sums, products and powers: what an expression says of the sorts of its parts."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, TypeGuard

import sympy
from sympy import Expr

from derive.clock import tick
from derive.errors import SortError
from derive.latex import syntax
from derive.latex.declarations import RANDOM_NAMES, Declarations, base_letter
from derive.latex.inference import Cell, Size, Solver, constrain_product, fresh, shape_of
from derive.latex.survey import Survey
from derive.latex.syntax import Node
from derive.latex.tokens import Scanner
from derive.latex.trees import METHODS, is_capital, spelled, walk
from derive.terms import EVENT, Sort

Place = tuple[Scanner, Node]

_MAPS = frozenset("ABFGHQRUVW")


def sort_error(place: Place, message: str, hint: str | None = None) -> SortError:
    """A `SortError` where a node stands."""
    scanner, node = place
    return SortError.at(scanner.text, node.start, message, file=scanner.file, first_line=scanner.line, hint=hint)


class Shapes:
    """Cells for names and expressions of the trees that are read together."""

    def __init__(self, survey: Survey, declarations: Declarations) -> None:
        self.survey = survey
        self.declarations = declarations
        self.solver = Solver(sort_error)
        self.families: dict[str, Cell] = {}
        self.values: dict[str, Cell] = {}
        self._unpointed: set[int] = set()
        self.cells: dict[int, Cell] = {}
        self.preferences: list[tuple[int, Cell, str, Any]] = []
        self.neighbours: list[tuple[Cell, Cell, str, Any]] = []
        self.block_sizes: dict[int, tuple[list[Size], list[Size]]] = {}
        self.followed: Node | None = None
        self.beside: list[tuple[Cell, Cell, Node, Any]] = []
        self.sums: list[tuple[list[Size], Size, Place]] = []
        self.dummy = Cell()
        self.scanner: Scanner
        self.size_of: Callable[[Node], Expr]

    def add(self, scanner: Scanner, tree: Node, size_of: Callable[[Node], Expr]) -> None:
        """Take in a tree."""
        self.scanner, self.size_of = scanner, size_of
        self.dummy = Cell()
        self.infer(tree)

    def solve(self) -> None:
        """Decide every cell: by the constraints, then by the defaults, the surest first."""
        self.solver.run()
        for _, cell, kind, place in sorted(self.preferences, key=lambda item: item[0]):
            if not cell.kind and kind not in cell.root().excluded:
                try:
                    self.solver.assign(cell, fresh(kind), place)
                finally:
                    self.solver.run()
        self._lean()
        self._coefficients()
        for cell in (*self.families.values(), *self.values.values()):
            if not cell.kind:
                excluded = cell.root().excluded
                kinds = [kind for kind in ("scalar", "vector", "matrix") if kind not in excluded]
                self.solver.assign(cell, fresh(kinds[0] if kinds else "scalar"), None)
                if self.solver.waiting:
                    self.solver.run()
        for sizes, total, place in self.sums:
            for size in sizes:
                size.set(self.declarations.dimension)
            value = sympy.Add(*(size.value for size in sizes))
            if total.value is not None and total.value != value:
                raise sort_error(place, f"blocks of size {value} stand for something of size {total.value}")
            total.set(value)
        if self.sums:
            self.solver.run()

    def _coefficients(self) -> None:
        """Beside a vector a small letter of which nothing else is known is a number."""
        decided = True
        while decided:
            decided = False
            for known, open_cell, node, place in self.beside:
                fits = known.kind == "vector" and not open_cell.kind and "scalar" not in open_cell.root().excluded
                name = node.head if isinstance(node, syntax.Call) else node
                if fits and isinstance(name, syntax.Name) and not name.bold and _coefficient(name):
                    self.solver.assign(open_cell, ("scalar",), place)
                    self.solver.run()
                    decided = True

    def _lean(self) -> None:
        """Beside a matrix a capital is a matrix; other names are vectors right of it and scalars left of it.

        So is a capital before a vector, but for those that constants and sizes have.
        """
        decided = True
        while decided:
            decided = False
            for known, open_cell, kind, place in self.neighbours:
                mapped = known.kind == "vector" and kind == "matrix" and place[1] is not None and _maps(place[1])
                if (known.kind in ("matrix", "row") or mapped) and not open_cell.kind:
                    column = known.kind == "row" and kind == "scalar"
                    chosen = "vector" if column else kind
                    if chosen in open_cell.root().excluded:
                        chosen = "matrix"
                    self.solver.assign(open_cell, fresh(chosen), place)
                    self.solver.run()
                    decided = True

    def sort(self, cell: Cell) -> Sort:
        """The sort of a cell, unknown sizes being the dimension."""
        for size in (cell.shape or ())[1:]:
            size.set(self.declarations.dimension)
        return cell.sort()

    def kind(self, node: Node) -> str:
        """The kind of a node that was taken in."""
        cell = self.cells.get(id(node))
        return cell.kind or "scalar" if cell is not None else "scalar"

    def family(self, name: str) -> Cell:
        """The cell that all variables of one name share."""
        cell = self.families.get(name)
        if cell is None:
            sort = self.declarations.sorts.get(name)
            cell = self.families[name] = Cell(None if sort is None else shape_of(sort))
        return cell

    def family_of(self, node: syntax.Name) -> Cell:
        """The cell of a name: of its family, or, for a block of a matrix of the same name, of the blocks.

        Where members are declared with different sizes, each has a cell of its own.
        """
        name = self.name_of(node)
        if node.subscript is not None and node.name in self.survey.parted:
            return self.families.setdefault(f"{name} {spelled(node.subscript)}", Cell())
        if node.subscript is not None and name in self.survey.unsubscripted and spelled(node) in self.survey.blocks:
            cell = self.families.get(name + " block")
            if cell is None:
                cell = self.families[name + " block"] = Cell()
            return cell
        return self.family(name)

    def value(self, name: str) -> Cell:
        """The cell of an unknown function's values."""
        cell = self.values.get(name)
        if cell is None:
            sort = self.declarations.functions.get(name)
            cell = self.values[name] = Cell(None if sort is None else shape_of(sort))
        return cell

    def place(self, node: Node) -> Place:
        return self.scanner, node

    def prefer(self, rank: int, cell: Cell, kind: str, node: Node) -> None:
        if not cell.kind:
            self.preferences.append((rank, cell, kind, self.place(node)))

    def unify(self, first: Cell, second: Cell, node: Node, what: str = "") -> None:
        self.solver.unify(first, second, self.place(node), what)

    def assign(self, cell: Cell, kind: str, node: Node, what: str = "") -> None:
        self.solver.assign(cell, fresh(kind), self.place(node), what)

    def scalar(self, node: Node, what: str) -> Cell:
        """Take in a node that must be a number."""
        cell = self.infer(node)
        self.assign(cell, "scalar", node, what if cell.kind not in ("", "scalar") else "")
        return cell

    def infer(self, node: Node) -> Cell:
        """The cell of a node; takes in everything below it."""
        tick()
        cell: Cell = getattr(self, METHODS[type(node)])(node)
        self.cells[id(node)] = cell
        return cell

    def _number(self, node: syntax.Number) -> Cell:
        return Cell() if node.text.strip("0.") == "" else Cell(("scalar",))

    def _infinity(self, node: syntax.Infinity) -> Cell:
        return Cell(("scalar",))

    def _dots(self, node: syntax.Dots) -> Cell:
        return Cell()

    def declared(self, name: str) -> bool:
        return name in self.declarations.sorts or name in self.survey.declared

    def transposes(self, name: syntax.Name) -> int:
        """How many of a name's primes are transposes: all where the name is declared a vector or a matrix."""
        primed = name.name + "'" * name.primes
        if name.primes and self.declared(name.name) and not self.declared(primed) and not self.survey.argued(primed):
            cell = self.family(name.name)
            if cell.kind in ("vector", "matrix") or (not cell.kind and name.name in self.survey.declared):
                return name.primes
        return 0

    def name_of(self, name: syntax.Name) -> str:
        """The canonical name, primes that are no transposes included."""
        return name.name + "'" * (name.primes - self.transposes(name))

    def _name(self, node: syntax.Name) -> Cell:
        if node.name == r"\cdot":
            return self.dummy
        sized = self.identity_size(node)
        if sized is not None:
            return Cell(("matrix", Size(self.size_of(sized)), Size(self.size_of(sized))))
        if node.name == "I" and not self.declared("I") and node.subscript is None:
            size = Size()
            if node.bold:
                return Cell(("matrix", size, size))
            cell = Cell()
            cell.hint = "identity"
            self.prefer(0, cell, "matrix", node)
            self.solver.defer(lambda: _squared(cell), self.place(node))
            return cell
        pair = self.kronecker(node)
        if pair is not None:
            self.unify(self.infer(pair[0]), self.infer(pair[1]), node)
            return Cell(("scalar",))
        call = self.implied(node)
        if call is not None:
            return self.infer(call)
        if self.component(node):
            self.prefer(4, self.family(self.name_of(node)), "vector", node)
            return Cell(("scalar",))
        cell = self.family_of(node)
        if not cell.kind:
            self._default_of(node, cell)
        if node.subscript is not None and any(part.ranged for part in node.subscript):
            return Cell(("variables",))
        if self.transposes(node) % 2:
            return self._transposed(node, cell)
        return cell

    def identity_size(self, node: syntax.Name) -> Node | None:
        r"""The size of `I_n`, where n is d or something is declared with it, of `\mathbf{I}_n`, `I_{n \times n}`."""
        if node.name != "I" or self.declared("I") or node.subscript is None or len(node.subscript) != 1:
            return None
        size = node.subscript[0].lower
        if isinstance(size, syntax.Juxtaposition) and len({spelled(factor) for factor in size.factors}) == 1:
            return size.factors[0] if len(size.factors) == 2 and any(size.dotted) else None
        if node.bold and isinstance(size, syntax.Name) and size.subscript is None:
            return size
        named = isinstance(size, syntax.Name) and size.subscript is None and size.name in self.survey.sizes
        return size if named or isinstance(size, syntax.Number) else None

    def component(self, node: syntax.Name) -> bool:
        r"""Whether a name with an index is an entry of the vector of that name: μ_i in a sum of i from 1 to d."""
        if node.subscript is None or len(node.subscript) != 1 or node.name not in self.survey.unsubscripted:
            return False
        index = node.subscript[0].lower
        counted = isinstance(index, syntax.Name) and index.name in self.survey.coordinates and not node.primes
        return counted or self.survey.entries.has(node)

    def kronecker(self, node: syntax.Name) -> tuple[Node, Node] | None:
        r"""The two things that `\delta_{ij}` compares; None for another name, and where δ is declared."""
        if node.name != r"\delta" or node.primes or self.declared(node.name):
            return None
        parts: list[Node] = []
        for part in node.subscript or ():
            if part.lower is None or part.ranged:
                return None
            parts += part.lower.factors if isinstance(part.lower, syntax.Juxtaposition) else [part.lower]
        return (parts[0], parts[1]) if len(parts) == 2 else None

    def implied(self, node: syntax.Name) -> syntax.Call | None:
        """The one application that a bare name of an unknown function stands for, where the text shows it."""
        if node.primes or self.declared(node.name):
            return None
        return self.survey.implied(node)

    def _default_of(self, node: syntax.Name, cell: Cell) -> None:
        letter = base_letter(node.name)
        small = letter[-1].islower() if not letter.startswith("\\") else letter[1:2].islower()
        if letter == r"\Sigma":
            self.prefer(1, cell, "matrix", node)
        elif letter == r"\Lambda":
            self.prefer(4, cell, "matrix", node)
        elif node.bold:
            self.prefer(1, cell, "vector" if small or letter in ("X", "Y", "Z") else "matrix", node)

    def _group(self, node: syntax.Group) -> Cell:
        return self.infer(node.body)

    def _sum(self, node: syntax.Sum) -> Cell:
        cell = Cell()
        for _, term in node.terms:
            if not isinstance(term, syntax.Dots):
                self.unify(cell, self.infer(term), term)
        if any(isinstance(term, syntax.Name) and term.name == "I" for _, term in node.terms):
            for _, term in node.terms:
                if isinstance(term, syntax.Juxtaposition) and all(map(is_capital, term.factors)):
                    for factor in term.factors:
                        self.prefer(4, self.cells[id(factor)], "matrix", factor)
        return cell

    def _juxtaposition(self, node: syntax.Juxtaposition) -> Cell:
        factors = [factor for factor in node.factors if not isinstance(factor, syntax.Dots)]
        return self._product(factors, node)

    def _product(self, factors: list[Node], node: Node) -> Cell:
        cells = [self.infer(factor) for factor in factors]
        for place in range(len(cells) - 1):
            left, right = cells[place], cells[place + 1]
            if not right.kind:
                self.neighbours.append((left, right, _leaning(factors[place + 1]), self.place(factors[place + 1])))
            if not left.kind and left.hint != "row":
                kind = "scalar" if _leaning(factors[place]) == "vector" else "matrix"
                self.neighbours.append((right, left, kind, self.place(factors[place])))
        if len(cells) <= 8:
            for factor, own in zip(factors, cells, strict=True):
                if not own.kind and own.hint != "row" and isinstance(factor, (syntax.Name, syntax.Call)):
                    self.beside += [(cell, own, factor, self.place(factor)) for cell in cells if cell is not own]
        for left_factor, right_factor in pairwise(factors):
            if isinstance(right_factor, syntax.Power) and right_factor.mark in ("top", "T"):
                outer = right_factor.base
                if spelled(outer) == spelled(left_factor) and not is_capital(outer):
                    self.prefer(3, self.cells[id(outer)], "vector", outer)
        for before, first, second in zip(factors, factors[1:-1], factors[2:-1], strict=False):
            if _transposed(before) and _transposed(first) and spelled(first.base) == spelled(second):
                self.prefer(1, self.cells[id(second)], "matrix", second)
        for first in factors[:-1]:
            row = isinstance(first, syntax.Power) and first.mark in ("top", "T") and len(factors) > 2
            if row and isinstance(first, syntax.Power) and spelled(first.base) == spelled(factors[-1]):
                self.prefer(3, self.cells[id(first.base)], "matrix" if is_capital(first.base) else "vector", first)
        result = Cell()
        self.solver.defer(constrain_product(self.solver, cells, result, self.place(node)), node)
        return result

    def _fraction(self, node: syntax.Fraction) -> Cell:
        self.scalar(node.denominator, "a number is needed in a denominator, not a vector or a matrix")
        return self.infer(node.numerator)

    def _root(self, node: syntax.Root) -> Cell:
        if node.degree is not None:
            self.scalar(node.degree, "")
        return self.scalar(node.radicand, "a root is taken of a number")

    def _factorial(self, node: syntax.Factorial) -> Cell:
        return self.scalar(node.base, "a factorial is of a number")

    def _function(self, node: syntax.Function) -> Cell:
        if node.base is not None:
            self.scalar(node.base, "")
        for argument in node.arguments:
            cell = self.infer(argument)
            if node.name in ("tr", "det"):
                self.prefer(2, cell, "matrix", argument)
                self.solver.exclude(cell, ("vector",), self.place(argument))
            elif cell.kind not in ("", "scalar"):
                raise sort_error(self.place(argument), f"{node.name} is taken of a number, not of a {cell.kind}")
            else:
                self.assign(cell, "scalar", argument)
        return Cell(("scalar",))

    def _bars(self, node: syntax.Bars) -> Cell:
        cell = self.infer(node.body)
        if node.double:
            self.prefer(3, cell, "vector", node)
        return Cell(("scalar",))

    def _angle(self, node: syntax.Angle) -> Cell:
        left, right = self.infer(node.left), self.infer(node.right)
        self.unify(left, right, node)
        self.prefer(3, left, "vector", node)
        return Cell(("scalar",))

    def _prime(self, node: syntax.Prime) -> Cell:
        return self._transposed(node, self.infer(node.base))

    def _power(self, node: syntax.Power) -> Cell:
        if isinstance(node.base, syntax.Several) and node.mark in ("top", "T"):
            for item in node.base.items:
                if not isinstance(item, syntax.Dots):
                    self.scalar(item, "an entry of this vector is a number")
            return Cell(("vector", self._length(node.base.items)))
        base = self.infer(node.base)
        if self.complements(node):
            self.assign(base, "event", node.base)
            return base
        if node.mark in ("top", "T"):
            self._prefer_transposable(node, base)
            return self._transposed(node, base)
        if node.mark == "-T":
            self.solver.exclude(base, ("vector",), self.place(node.base))
            self.prefer(2, base, "matrix", node)
            return self._transposed(node, base)
        if node.exponent is None:
            return base
        self.scalar(node.exponent, "an exponent is a number")
        self._prefer_normal_equations(node)
        return self._powered(node, base)

    def _prefer_normal_equations(self, node: syntax.Power) -> None:
        r"""In `(X^\top X)^{-1}` a capital is a matrix."""
        inner = node.base.body if isinstance(node.base, syntax.Group) else node.base
        inverse = isinstance(node.exponent, syntax.Sum) and node.exponent.terms[0][0] == -1
        if inverse and isinstance(inner, syntax.Juxtaposition) and isinstance(inner.factors[0], syntax.Power):
            first = inner.factors[0]
            if first.mark in ("T", "top") and is_capital(first.base):
                self.prefer(1, self.cells[id(first.base)], "matrix", first)

    def _length(self, items: list[Node]) -> Size:
        r"""How many entries `x_1, \dots, x_n` and `a, b` are."""
        if not any(isinstance(item, syntax.Dots) for item in items):
            return Size(sympy.Integer(len(items)))
        ends = [
            item.subscript[0].lower
            for item in (items[0], items[-1])
            if isinstance(item, syntax.Name) and item.subscript is not None and len(item.subscript) == 1
        ]
        if len(ends) != 2 or ends[0] is None or ends[1] is None:
            return Size()
        return Size(self.size_of(ends[1]) - self.size_of(ends[0]) + 1)

    def complements(self, node: syntax.Power) -> bool:
        r"""Whether a power is a complement: marked as one, or a capital that is no number with the exponent c."""
        if node.mark == "c":
            return True
        inner = node.base
        while isinstance(inner, syntax.Group):
            inner = inner.body
        exponent = node.exponent
        if not (isinstance(exponent, syntax.Name) and exponent.name == "c" and exponent.subscript is None):
            return False
        if isinstance(inner, syntax.Name):
            sort = self.declarations.sorts.get(inner.name)
            return sort == EVENT or (sort is None and inner.name not in self.survey.declared and inner.name.isupper())
        return isinstance(inner, syntax.SetOperation)

    def _prefer_transposable(self, node: syntax.Power, base: Cell) -> None:
        """A transposed name is a vector, a capital a matrix; `^T` on small scalars may be the power T."""
        inner = node.base
        while isinstance(inner, syntax.Group):
            inner = inner.body
        if isinstance(inner, syntax.Name):
            letter = base_letter(inner.name)
            capital = letter[-1].isupper() if not letter.startswith("\\") else letter[1:2].isupper()
            if capital:
                self.prefer(2, base, "vector" if letter in ("X", "Y", "Z") else "matrix", node)
            elif node.mark == "top" or inner.bold:
                self.prefer(2, base, "vector", node)
        elif isinstance(inner, syntax.Juxtaposition) and all(map(is_capital, inner.factors)):
            for factor in inner.factors:
                self.prefer(3, self.cells[id(factor)], "matrix", factor)
        elif node.mark == "top":
            self.prefer(2, base, "vector", node)

    def _transposed(self, node: Node, base: Cell) -> Cell:
        result = Cell()
        result.hint = "row"

        def attempt() -> bool:
            match base.kind:
                case "scalar":
                    self.solver.unify(result, Cell(("scalar",)), place)
                case "vector":
                    shape = base.shape
                    assert shape is not None
                    self.solver.unify(result, Cell(("row", shape[1])), place)
                case "matrix" | "row":
                    shape = base.shape
                    assert shape is not None
                    turned = ("matrix", shape[2], shape[1]) if shape[0] == "matrix" else ("vector", shape[1])
                    self.solver.unify(result, Cell(turned), place)
                case "":
                    if result.kind == "scalar":
                        self.solver.unify(base, Cell(("scalar",)), place)
                    elif result.kind == "row":
                        shape = result.shape
                        assert shape is not None
                        self.solver.unify(base, Cell(("vector", shape[1])), place)
                    elif result.kind == "matrix":
                        shape = result.shape
                        assert shape is not None
                        if shape[1].value == 1:
                            self.solver.unify(base, Cell(("vector", shape[2])), place)
                        else:
                            self.solver.unify(base, Cell(("matrix", shape[2], shape[1])), place)
                    else:
                        return False
                case _:
                    raise sort_error(place, f"the transpose of a {base.kind}")
            return True

        place = self.place(node)
        self.solver.defer(attempt, node)
        return result

    def _powered(self, node: syntax.Power, base: Cell) -> Cell:
        """A number's power is a number, a vector's square its squared norm, a matrix has whole powers."""
        exponent = node.exponent
        even = isinstance(exponent, syntax.Number) and exponent.text.isdigit() and int(exponent.text) % 2 == 0
        result = Cell()
        place = self.place(node)
        if not even:
            self.solver.exclude(base, ("vector", "row"), place)

        def attempt() -> bool:
            if base.kind in ("scalar", "vector"):
                self.solver.unify(result, Cell(("scalar",)), place)
                return True
            if base.kind == "matrix":
                size = Size()
                self.solver.unify(base, Cell(("matrix", size, size)), place)
                self.solver.unify(result, base, place)
                return True
            if base.kind:
                raise sort_error(place, f"a {base.kind} has no powers")
            if result.kind == "scalar" and not even:
                self.solver.unify(base, Cell(("scalar",)), place)
                return True
            if result.kind == "matrix":
                self.solver.unify(base, result, place)
                return True
            return False

        self.solver.defer(attempt, node)
        return result


def _transposed(node: Node) -> TypeGuard[syntax.Power]:
    return isinstance(node, syntax.Power) and node.mark in ("top", "T")


def _squared(cell: Cell) -> bool:
    """Make a matrix square; False as long as it is not known whether this is one."""
    if cell.shape is not None and cell.kind == "matrix":
        cell.shape[1].unify(cell.shape[2])
    return bool(cell.kind)


def _maps(node: Node) -> bool:
    """Whether a name before a vector is a matrix by its letter."""
    return isinstance(node, syntax.Name) and base_letter(node.name) in _MAPS and node.subscript is None


def _coefficient(name: syntax.Name) -> bool:
    """Whether a name is one that coefficients have: small, and none that is random by default."""
    letter = base_letter(name.name)
    small = letter[1:2].islower() if letter.startswith("\\") else letter[:1].islower()
    return small and letter not in RANDOM_NAMES


def _leaning(node: Node) -> str:
    """Whether an undeclared factor beside a matrix is rather a vector or a matrix."""
    for name in walk(node):
        if isinstance(name, syntax.Name):
            letter = base_letter(name.name)
            capital = letter[1:2].isupper() if letter.startswith("\\") else letter.isupper()
            return "matrix" if capital and letter not in ("X", "Y", "Z") else "vector"
    return "vector"
