"""The sorts of a syntax tree: one pass that says of every node what it constrains, before any term is built."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Expr, Integer, Symbol

from derive.errors import SortError
from derive.latex import syntax
from derive.latex.declarations import EVENT_LETTERS, Declarations, base_letter
from derive.latex.inference import ONE, Cell, Size, Solver, constrain_product, fresh, shape_of
from derive.latex.survey import METHODS, Survey
from derive.latex.syntax import Node
from derive.latex.tokens import Scanner
from derive.terms import EVENT, VARIABLES, Sort

Place = tuple[Scanner, Node]


def sort_error(place: Place, message: str, hint: str | None = None) -> SortError:
    """A `SortError` where a node stands."""
    scanner, node = place
    return SortError.at(scanner.text, node.start, message, file=scanner.file, first_line=scanner.line, hint=hint)


class Sorting:
    """Cells for all names and nodes of the trees that are read together."""

    def __init__(self, survey: Survey, declarations: Declarations) -> None:
        self.survey = survey
        self.declarations = declarations
        self.solver = Solver(sort_error)
        self.families: dict[str, Cell] = {}
        self.values: dict[str, Cell] = {}
        self.cells: dict[int, Cell] = {}
        self.preferences: list[tuple[int, Cell, str, Any]] = []
        self.neighbours: list[tuple[Cell, Cell, str, Any]] = []
        self.dummy = Cell()
        self.scanner: Scanner
        self.size_of: Callable[[Node], Expr]

    # ---- the whole ------------------------------------------------------------------------------------------------

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
        for cell in (*self.families.values(), *self.values.values()):
            if not cell.kind:
                self.solver.assign(cell, ("scalar",), None)
                if self.solver.waiting:
                    self.solver.run()

    def _lean(self) -> None:
        """Beside a matrix a capital is a matrix; other names are vectors right of it and scalars left of it."""
        decided = True
        while decided:
            decided = False
            for known, open_cell, kind, place in self.neighbours:
                if known.kind in ("matrix", "row") and not open_cell.kind:
                    column = known.kind == "row" and kind == "scalar"
                    self.solver.assign(open_cell, fresh("vector" if column else kind), place)
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

    # ---- nodes ----------------------------------------------------------------------------------------------------

    def infer(self, node: Node) -> Cell:
        """The cell of a node; takes in everything below it."""
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
        if name.primes and self.declared(name.name):
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
        if node.name == "I" and not self.declared("I") and node.subscript is None:
            size = Size()
            if node.bold:
                return Cell(("matrix", size, size))
            cell = Cell()
            cell.hint = "identity"
            self.prefer(0, cell, "matrix", node)
            return cell
        call = self.implied(node)
        if call is not None:
            return self.infer(call)
        cell = self.family(self.name_of(node))
        if not cell.kind:
            self._default_of(node, cell)
        if node.subscript is not None and any(part.ranged for part in node.subscript):
            return Cell(("variables",))
        if self.transposes(node) % 2:
            return self._transposed(node, cell)
        return cell

    def implied(self, node: syntax.Name) -> syntax.Call | None:
        """The one application that a bare name of an unknown function stands for, where the text shows it."""
        if node.primes or node.name not in self.survey.calls or self.declared(node.name):
            return None
        return self.survey.implied(node)

    def _default_of(self, node: syntax.Name, cell: Cell) -> None:
        letter = base_letter(node.name)
        small = letter[-1].islower() if not letter.startswith("\\") else letter[1:2].islower()
        if letter == r"\Sigma":
            self.prefer(1, cell, "matrix", node)
        elif node.bold:
            self.prefer(1, cell, "vector" if small or letter in ("X", "Y", "Z") else "matrix", node)

    def _group(self, node: syntax.Group) -> Cell:
        return self.infer(node.body)

    def _sum(self, node: syntax.Sum) -> Cell:
        cell = Cell()
        for _, term in node.terms:
            if not isinstance(term, syntax.Dots):
                self.unify(cell, self.infer(term), term)
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

    def _evaluated(self, node: syntax.Evaluated) -> Cell:
        cell = self.infer(node.body)
        self.unify(self.infer(node.variable), self.infer(node.value), node)
        return cell

    def _prime(self, node: syntax.Prime) -> Cell:
        split = self.survey.unfolded(node)
        if split is not None:
            return self.infer(split)
        return self._transposed(node, self.infer(node.base))

    def _power(self, node: syntax.Power) -> Cell:
        split = self.survey.unfolded(node)
        if split is not None:
            return self.infer(split)
        base = self.infer(node.base)
        if node.mark == "c":
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
        return self._powered(node, base)

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

    # ---- laws and functions ---------------------------------------------------------------------------------------

    def _call(self, node: syntax.Call) -> Cell:
        if node.power is not None:
            self.scalar(node.power, "an exponent is a number")
        kind = self.survey.kind(node)
        if kind == "normal":
            return self._gaussian(node)
        if kind == "law":
            return self._density(node)
        for group in node.slots.groups:
            for item in group:
                self.infer(item)
        if kind == "entropy":
            return Cell(("scalar",))
        cell = self.value(node.head.name + "'" * node.head.primes)
        if not cell.kind and node.head.bold:
            self._default_of(node.head, cell)
        return cell

    def _density(self, node: syntax.Call) -> Cell:
        events = base_letter(node.head.name) == "P"
        for group in node.slots.groups:
            for item in group:
                cell = self.infer(item)
                if events and isinstance(item, syntax.Name) and item.name in EVENT_LETTERS and not cell.kind:
                    self.prefer(2, cell, "event", item)
        return Cell(("scalar",))

    def _assign(self, node: syntax.Assign) -> Cell:
        cell = self.infer(node.variable)
        self.unify(cell, self.infer(node.value), node)
        return cell

    def _setoperation(self, node: syntax.SetOperation) -> Cell:
        for item in node.items:
            if not isinstance(item, syntax.Dots):
                self.assign(self.infer(item), "event", item)
        return Cell(("event",))

    def _braced(self, node: syntax.Braced) -> Cell:
        for item in node.items:
            self.infer(item)
        return Cell(("variables",))

    def gaussian_parts(self, node: syntax.Call) -> tuple[Node | None, Node, Node]:
        r"""Point (None where it is left out), mean and covariance of `\mathcal{N}(…)`."""
        groups = node.slots.groups
        if len(groups) == 1 and len(groups[0]) == 2:
            return None, groups[0][0], groups[0][1]
        if len(groups) == 2 and len(groups[0]) == 1 and len(groups[1]) == 2:
            return groups[0][0], groups[1][0], groups[1][1]
        if len(groups) == 1 and len(groups[0]) == 3:
            return groups[0][0], groups[0][1], groups[0][2]
        raise self.scanner.error(
            node.slots.start, "a Gaussian takes a point, a mean and a covariance", r"\mathcal{N}(x; \mu, \Sigma)"
        )

    def _gaussian(self, node: syntax.Call) -> Cell:
        point_node, mean_node, covariance_node = self.gaussian_parts(node)
        point = self.dummy if point_node is None else self.infer(point_node)
        self.unify(point, self.infer(mean_node), mean_node)
        covariance = self.infer(covariance_node)
        place = self.place(covariance_node)

        def attempt() -> bool:
            match point.kind, covariance.kind:
                case ("vector", "scalar") if not _is_zero(covariance_node):
                    raise sort_error(
                        place, "the covariance of a Gaussian in R^d is a matrix, here it is a number",
                        "write v I for an isotropic covariance; the last slot is no standard deviation",
                    )  # fmt: skip
                case ("scalar", "matrix"):
                    raise sort_error(place, "a Gaussian on the line has a variance, not a matrix")
                case ("scalar", _):
                    self.solver.unify(covariance, Cell(("scalar",)), place)
                case ("vector", _):
                    shape = point.shape
                    assert shape is not None
                    self.solver.unify(covariance, Cell(("matrix", shape[1], shape[1])), place)
                case (_, "scalar"):
                    self.solver.unify(point, Cell(("scalar",)), place)
                case (_, "matrix"):
                    shape = covariance.shape
                    assert shape is not None
                    if not shape[1].unify(shape[2]):
                        raise sort_error(place, "the covariance of a Gaussian is a square matrix")
                    self.solver.unify(point, Cell(("vector", shape[1])), place)
                case _:
                    return False
            return True

        self.solver.defer(attempt, node)
        return Cell(("scalar",))

    def _relative(self, node: syntax.Relative) -> Cell:
        self.infer(node.left)
        self.infer(node.right)
        return Cell(("scalar",))

    def _moment(self, node: syntax.Moment) -> Cell:
        for source in node.sources or ():
            self._source(source)
        for item in node.given:
            self.infer(item)
        bodies = [self.infer(body) for body in node.bodies]
        if node.operator == "E":
            return bodies[0]
        result = Cell()
        place = self.place(node)

        def attempt() -> bool:
            shapes = [cell.shape for cell in bodies]
            if any(shape is None for shape in shapes):
                return False
            sizes = [shape[1] for shape in shapes if shape is not None and shape[0] == "vector"]
            if len(sizes) == len(bodies):
                self.solver.unify(result, Cell(("matrix", sizes[0], sizes[-1])), place)
            else:
                self.solver.unify(result, Cell(("scalar",)), place)
            return True

        self.solver.defer(attempt, node)
        return result

    def _source(self, source: syntax.Source) -> None:
        for item in (*source.variables, *source.given):
            if not (isinstance(item, syntax.Name) and source.law is None and self.survey.is_law(item)):
                self.infer(item)
        if source.law is not None:
            self._follow(source.variables, source.law)

    def _follow(self, variables: list[Node], law: Node) -> None:
        kept, self.dummy = self.dummy, Cell()
        last = self.cells.get(id(variables[-1])) or self.infer(variables[-1])
        if isinstance(law, syntax.Call) and self.survey.kind(law) == "normal" and last.kind != "variables":
            self.unify(self.dummy, last, variables[-1])
        if not isinstance(law, syntax.Name):
            self.infer(law)
        self.dummy = kept

    # ---- binders --------------------------------------------------------------------------------------------------

    def _big(self, node: syntax.Big) -> Cell:
        for bound in (node.lower, node.upper):
            if bound is not None:
                self.scalar(bound, "the limits of a sum are numbers")
        if node.index is not None and node.lower is None:
            self.infer(node.index)
        return self.infer(node.body)

    def _integration(self, node: syntax.Integration) -> Cell:
        for bound in (node.lower, node.upper):
            if bound is not None:
                self.scalar(bound, "the limits of an integral are numbers")
        for variable in node.variables:
            self.infer(variable)
        return self.infer(node.body)

    def velocity(self, node: syntax.Nabla) -> str | None:
        r"""The name `\dot x` of `dx/dt` where x shows no t."""
        if node.style != "d" or not isinstance(node.body, syntax.Name) or not isinstance(node.variable, syntax.Name):
            return None
        from derive.latex.survey import walk

        name = node.body
        inside = [part for part in name.subscript or () for part in (part.lower, part.upper) if part is not None]
        if any(isinstance(item, syntax.Name) and item.name == node.variable.name for part in inside for item in walk(part)):
            return None
        if self.implied(name) is not None:
            return None
        return r"\dot" + ("" if name.name.startswith("\\") else " ") + name.name

    def _nabla(self, node: syntax.Nabla) -> Cell:
        body = self.infer(node.body)
        velocity = self.velocity(node)
        if velocity is not None:
            cell = self.family(velocity)
            self.unify(cell, body, node)
            return cell
        variable = Cell() if node.variable is None else self.infer(node.variable)
        if node.variable is None:
            self.prefer(5, variable, "vector", node)
        if node.divergence:
            return Cell(("scalar",))
        result = Cell()
        place = self.place(node)

        def attempt() -> bool:
            if variable.kind == "scalar":
                self.solver.unify(result, body, place)
            elif (body.kind == "scalar" and variable.kind) or (body.kind == "scalar" and result.kind == "vector"):
                self.solver.unify(result, variable, place)
            elif body.kind == "vector" and variable.kind == "vector":
                rows, columns = body.shape, variable.shape
                assert rows is not None and columns is not None
                self.solver.unify(result, Cell(("matrix", rows[1], columns[1])), place)
            elif body.kind and variable.kind:
                raise sort_error(place, f"the derivative of a {body.kind} in a {variable.kind} is not read")
            else:
                return False
            return True

        self.solver.defer(attempt, node)
        return result

    # ---- statements -----------------------------------------------------------------------------------------------

    def _relations(self, node: syntax.Relations) -> Cell:
        cell = Cell()
        ordered = any(sign.symbol in ("<", ">", r"\le", r"\ge") for sign in node.signs)
        for side in node.sides:
            if side is None:
                continue
            own = self.infer(side)
            if ordered and own.kind not in ("", "scalar"):
                raise sort_error(self.place(side), f"a {own.kind} is compared as if it were a number")
            self.unify(cell, own, side)
        if ordered:
            self.solver.unify(cell, Cell(("scalar",)), self.place(node))
        for sign in node.signs:
            for variable in sign.variables or ():
                self.infer(variable)
        return Cell()

    def _follows(self, node: syntax.Follows) -> Cell:
        for item in (*node.variables, *node.given):
            self.infer(item)
        self._follow(node.variables, node.law)
        return Cell()

    def _perpendicular(self, node: syntax.Perpendicular) -> Cell:
        for item in (*node.left, *node.right, *node.given):
            self.infer(item)
        return Cell()

    def _belongs(self, node: syntax.Belongs) -> Cell:
        shape = self.domain(node)
        for variable in node.variables:
            self.solver.assign(self.infer(variable), shape, self.place(variable))
        return Cell()

    def domain(self, node: syntax.Belongs) -> tuple[Any, ...]:
        """The shape that membership in a set gives."""
        if node.domain != "R":
            for size in node.sizes:
                if not isinstance(size, syntax.Dots):
                    self.scalar(size, "")
            return ("scalar",)
        sizes = [Size(self.size_of(size)) for size in node.sizes]
        match sizes:
            case []:
                return ("scalar",)
            case [size]:
                return ("vector", size)
            case [rows, columns]:
                return ("vector", rows) if columns.value == 1 else ("matrix", rows, columns)
        raise sort_error(self.place(node), "at most two sizes are read")

    def _definite(self, node: syntax.Definite) -> Cell:
        size = Size()
        cell = self.infer(node.argument)
        self.solver.assign(cell, ("matrix", size, size), self.place(node.argument))
        return Cell()


def _leaning(node: Node) -> str:
    """Whether an undeclared factor beside a matrix is rather a vector or a matrix."""
    from derive.latex.survey import walk

    for name in walk(node):
        if isinstance(name, syntax.Name):
            letter = base_letter(name.name)
            capital = letter[1:2].isupper() if letter.startswith("\\") else letter.isupper()
            return "matrix" if capital and letter not in ("X", "Y", "Z") else "vector"
    return "vector"


def _is_zero(node: Node) -> bool:
    return isinstance(node, syntax.Number) and node.text.strip("0.") == ""


__all__ = ["EVENT", "ONE", "VARIABLES", "Integer", "Place", "Sorting", "Symbol", "sort_error"]
