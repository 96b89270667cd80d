"""The sorts of a syntax tree: one pass that says of every node what it constrains, before any term is built."""

from __future__ import annotations

from typing import Any

from derive.latex import syntax
from derive.latex.block_sorts import BlockSorts
from derive.latex.declarations import EVENT_LETTERS, INDEX_LETTERS, base_letter
from derive.latex.inference import Cell, Size
from derive.latex.shapes import Place, sort_error
from derive.latex.syntax import Node
from derive.latex.trees import is_capital, is_zero, spelled, walk

_NO_COVARIANCE = "the covariance of a Gaussian in R^d is a matrix, here it is a number"
_COVARIANCE_HINT = "write v I for an isotropic covariance; the last slot is no standard deviation"


class Sorting(BlockSorts):
    """Cells for all names and nodes of the trees that are read together."""

    def _call(self, node: syntax.Call) -> Cell:
        if node.power is not None:
            self.scalar(node.power, "an exponent is a number")
        kind = self.survey.kind(node)
        if kind == "normal":
            return self._gaussian(node)
        if kind == "law":
            return self._density(node)
        if kind == "process":
            cell = self.family(node.head.name)
            if not cell.kind:
                self._default_of(node.head, cell)
            return cell
        for group in node.slots.groups:
            for item in group:
                self.infer(unnamed(item))
        if kind == "entropy":
            return Cell(("scalar",))
        if self.diagonal(node):
            self._diagonal_of(node.slots.single)
            size = Size()
            return Cell(("matrix", size, size))
        cell = self.value(node.head.name + "'" * node.head.primes)
        if not cell.kind and node.head.bold:
            self._default_of(node.head, cell)
        return cell

    def _diagonal_of(self, node: Node | None) -> None:
        """What stands on a diagonal is a vector, and so is what is squared there entry by entry."""
        while isinstance(node, syntax.Group):
            node = node.body
        if isinstance(node, syntax.Call) and node.power is not None and self.survey.kind(node) == "function":
            self.prefer(1, self.value(node.head.name + "'" * node.head.primes), "vector", node)
        elif isinstance(node, syntax.Power) and not node.mark:
            self.prefer(1, self.cells[id(node.base)], "vector", node)
        elif isinstance(node, (syntax.Name, syntax.Call)):
            self.prefer(1, self.cells[id(node)], "vector", node)

    def diagonal(self, node: syntax.Call) -> bool:
        r"""Whether a call is `\operatorname{diag}(…)`, the diagonal matrix."""
        head = node.head
        return head.name == "diag" and head.upright and node.slots.single is not None and head.name not in (
            self.declarations.functions
        )

    def _density(self, node: syntax.Call) -> Cell:
        items = [item for group in node.slots.groups for item in group]
        events = base_letter(node.head.name) == "P" and all(
            item.name in EVENT_LETTERS for item in items if isinstance(item, syntax.Name)
        )
        for group in node.slots.groups:
            for item in group:
                cell = self.infer(item)
                if events and isinstance(item, syntax.Name) and item.name in EVENT_LETTERS and not cell.kind:
                    self.prefer(2, cell, "event", item)
        return Cell(("scalar",))

    def _evaluated(self, node: syntax.Evaluated) -> Cell:
        cell = self.infer(node.body)
        for variable, value in zip(node.variables, node.values, strict=True):
            self.unify(self.infer(variable), self.infer(value), node)
        return cell

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
            return groups[0][0], unnamed(groups[1][0]), unnamed(groups[1][1])
        items = [item for group in groups for item in group]
        if len(items) == 3 and len(groups) in (1, 3):
            return items[0], unnamed(items[1]), unnamed(items[2])
        if len(items) == len(groups) == 2 and (self.followed is not None or id(node) in self._unpointed):
            self._unpointed.add(id(node))
            self.scanner.note("the bar between a mean and a covariance is read as a comma")
            return None, items[0], items[1]
        raise self.scanner.error(
            node.slots.start, "a Gaussian takes a point, a mean and a covariance", r"\mathcal{N}(x; \mu, \Sigma)"
        )

    def _gaussian(self, node: syntax.Call) -> Cell:
        point_node, mean_node, covariance_node = self.gaussian_parts(node)
        point = self.dummy if point_node is None else self.infer(point_node)
        self.unify(point, self.infer(mean_node), mean_node)
        covariance = self.infer(covariance_node)
        self._fit_blocks(point_node, mean_node, covariance_node)
        place = self.place(covariance_node)

        def attempt() -> bool:
            match point.kind, covariance.kind:
                case ("vector", "scalar") if not is_zero(covariance_node):
                    raise sort_error(place, _NO_COVARIANCE, _COVARIANCE_HINT)
                case ("scalar", "matrix"):
                    raise sort_error(place, "a Gaussian on the line has a variance, not a matrix")
                case ("scalar", _):
                    self.solver.unify(covariance, Cell(("scalar",)), place)
                case ("vector", "") if _numeric(covariance_node):
                    raise sort_error(place, _NO_COVARIANCE, _COVARIANCE_HINT)
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
            whole = result.shape
            if any(shape is None for shape in shapes) and whole is not None and result.kind == "matrix":
                for cell, size in zip(bodies, (whole[1], whole[2]), strict=False):
                    self.solver.unify(cell, Cell(("vector", size)), place)
                return attempt()
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
        self.followed = variables[-1] if len(variables) == 1 else None
        last = self.cells.get(id(variables[-1])) or self.infer(variables[-1])
        if isinstance(law, syntax.Call) and self.survey.kind(law) == "normal" and last.kind != "variables":
            self.unify(self.dummy, last, variables[-1])
        if not isinstance(law, syntax.Name):
            self.infer(law)
        self.dummy, self.followed = kept, None

    # ---- choices and arrays ---------------------------------------------------------------------------------------

    def _happening(self, node: syntax.Happening) -> Cell:
        self.infer(node.statement)
        return Cell(("event",))

    def _inside(self, node: syntax.Inside) -> Cell:
        self.infer(node.variable)
        return Cell(("event",))

    def _indicated(self, node: syntax.Indicated) -> Cell:
        for item in node.items:
            self.assign(self.infer(item), "event", item)
        return Cell(("scalar",))

    def _onesvector(self, node: syntax.OnesVector) -> Cell:
        said = (*self.survey.ones, *self.survey.shares)  # \mathbf{1} \in \mathbb{R}^K is said of each
        told = node.size or next(iter(said), None)
        return Cell(("vector", Size(None if told is None else self.size_of(told))))

    def _optimum(self, node: syntax.Optimum) -> Cell:
        cells = [self.infer(variable) for variable in node.variables]
        for bound in (node.lower, node.upper):
            if bound is not None:
                self.scalar(bound, "the limits of a range are numbers")
        self.assign(self.infer(node.body), "scalar", node.body)
        if not node.operator.startswith("arg"):
            return Cell(("scalar",))
        return cells[0] if len(cells) == 1 else Cell(("list",))

    def _limitof(self, node: syntax.LimitOf) -> Cell:
        self.unify(self.infer(node.variable), self.infer(node.point), node.point)
        return self.infer(node.body)

    def _caselist(self, node: syntax.CaseList) -> Cell:
        cell = Cell()
        for value, conditions in zip(node.values, node.conditions, strict=True):
            self.unify(cell, self.infer(value), value)
            for condition in conditions:
                self.assign(self.infer(condition), "event", condition)
        return cell

    def _several(self, node: syntax.Several) -> Cell:
        for item in node.items:
            self.infer(item)
        return Cell(("list",))

    def _familyof(self, node: syntax.FamilyOf) -> Cell:
        self.infer(node.body)
        for bound in (node.lower, node.upper):
            self.scalar(bound, "the limits of a family are numbers")
        return Cell(("list",))

    def _differentialof(self, node: syntax.DifferentialOf) -> Cell:
        return self.infer(node.body)

    def _binomial(self, node: syntax.Binomial) -> Cell:
        self.scalar(node.over, "")
        return self.scalar(node.under, "")

    def _elementwise(self, node: syntax.Elementwise) -> Cell:
        cell = Cell()
        for factor in node.factors:
            self.unify(cell, self.infer(factor), factor)
        return cell

    def _entryof(self, node: syntax.EntryOf) -> Cell:
        cell = self.infer(node.base)
        count = sum(len(self.entry_indices(part)) for part in node.indices)
        self.prefer(2, cell, "matrix" if count == 2 else "vector", node.base)
        self.solver.exclude(cell, ("scalar",), self.place(node.base))
        return Cell(("scalar",))

    @staticmethod
    def entry_indices(part: syntax.Subscript) -> list[Node]:
        """The indices in one part of the subscript of an entry: `ij` is two."""
        if isinstance(part.lower, syntax.Juxtaposition):
            return list(part.lower.factors)
        return [] if part.lower is None else [part.lower]

    def _big(self, node: syntax.Big) -> Cell:
        for bound in (node.lower, node.upper):
            if bound is not None:
                self.scalar(bound, "the limits of a sum are numbers")
        if node.index is not None and node.lower is None:
            self.infer(node.index)
        cell = self.infer(node.body)
        if node.operator in ("cap", "cup"):
            self.assign(cell, "event", node.body)
        return cell

    def _integration(self, node: syntax.Integration) -> Cell:
        for bound in (node.lower, node.upper):
            if bound is not None:
                self.scalar(bound, "the limits of an integral are numbers")
        for variable in node.variables:
            self.infer(variable)
        return self.infer(node.body)

    def argument_of(self, body: Node) -> syntax.Name | None:
        r"""The one name that the laws and functions in what a `\nabla` without subscript takes are taken at."""
        found: dict[str, syntax.Name] = {}
        for call in walk(body):
            if isinstance(call, syntax.Call):
                groups = call.slots.groups[:1] if self.survey.kind(call) == "law" else call.slots.groups
                for item in (item for group in groups for item in group):
                    if isinstance(item, syntax.Name) and item.name not in INDEX_LETTERS:
                        found.setdefault(spelled(item), item)
        return next(iter(found.values())) if len(found) == 1 else None

    def velocity(self, node: syntax.Nabla) -> str | None:
        r"""The name `\dot x` of `dx/dt` where x shows no t."""
        if node.style != "d" or not isinstance(node.body, syntax.Name) or not isinstance(node.variable, syntax.Name):
            return None
        name = node.body
        if spelled(name) not in self.survey.velocities or name.name in self.declarations.defined:
            return None
        inside = [end for part in name.subscript or () for end in (part.lower, part.upper) if end is not None]
        if any(
            isinstance(item, syntax.Name) and item.name == node.variable.name for end in inside for item in walk(end)
        ):
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
        variable = Cell()
        for other in node.others:
            self.infer(other)
        named = node.variable or self.argument_of(node.body)
        if named is not None:
            variable = self.infer(named)
        elif node.variable is None:
            self.prefer(5, variable, "vector", node)
        if node.divergence:
            self.prefer(4, body, "vector", node)
            if named is not None:
                self.unify(body, variable, node)
            return Cell(("scalar",))
        result = Cell()
        place = self.place(node)
        if node.across:
            self.solver.exclude(variable, ("scalar",), place)
            self.prefer(4, variable, "vector", node)
        if node.order == 2:
            return self._second(node, body, variable)

        if node.across:
            self.solver.exclude(body, ("scalar",), place)
            self.prefer(4, body, "vector", node)

        def attempt() -> bool:
            if variable.kind == "scalar":
                self.solver.unify(result, body, place)
            elif body.kind == "scalar" and (variable.kind or result.kind in ("vector", "matrix")):
                self.solver.unify(result, variable, place)
            elif result.kind == "matrix" and not (body.kind and variable.kind):
                sizes = result.shape
                assert sizes is not None
                self.solver.unify(body, Cell(("vector", sizes[1])), place)
                self.solver.unify(variable, Cell(("vector", sizes[2])), place)
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

    def _second(self, node: syntax.Nabla, body: Cell, variable: Cell) -> Cell:
        r"""`\nabla^2 f`: the Hessian where a matrix is needed, the Laplacian where a number is."""
        place = self.place(node)
        result = Cell()
        self.solver.assign(body, ("scalar",), place)
        self.solver.exclude(result, ("vector",), place)

        def attempt() -> bool:
            shape = variable.shape
            if shape is None and result.kind == "matrix":
                self.solver.assign(variable, ("vector", Size()), place)
                return attempt()
            if shape is None:
                return False
            if shape[0] == "scalar":
                self.solver.unify(result, Cell(("scalar",)), place)
                return True
            if (result.kind == "matrix" or node.across) and shape[0] == "vector":
                self.solver.unify(result, Cell(("matrix", shape[1], shape[1])), place)
                return True
            return bool(result.kind)

        self.solver.defer(attempt, node)
        return result

    def _relations(self, node: syntax.Relations) -> Cell:
        cell = Cell()
        for side in node.sides:
            if isinstance(side, syntax.Call) and self.survey.kind(side) == "law" and len(side.slots.groups[0]) == 1:
                self.unify(self.dummy, self.infer(side.slots.groups[0][0]), side)
                break
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
        self._fit_blocks(*node.sides)
        self._fit_sides(node.sides)
        for sign in node.signs:
            for variable in sign.variables or ():
                self.infer(variable)
        return Cell()

    def _follows(self, node: syntax.Follows) -> Cell:
        for item in (*node.variables, *node.given):
            self.infer(item)
        only = node.variables[0]
        if isinstance(only, syntax.Call) and self.survey.kind(only) == "law" and len(only.slots.groups[0]) == 1:
            self._follow([only.slots.groups[0][0]], node.law)
            return Cell()
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
            case [length]:
                return ("vector", length)
            case [rows, columns]:
                return ("vector", rows) if columns.value == 1 else ("matrix", rows, columns)
        raise sort_error(self.place(node), "at most two sizes are read")

    def _definite(self, node: syntax.Definite) -> Cell:
        size = Size()
        cell = self.infer(node.argument)
        self.solver.assign(cell, ("matrix", size, size), self.place(node.argument))
        return Cell()


def _numeric(node: Node) -> bool:
    """Whether an undeclared covariance is written as a number is: with small letters that are not bold."""
    names = [item for item in walk(node) if isinstance(item, syntax.Name)]
    return bool(names) and not any(name.bold or is_capital(name) for name in names)


def unnamed(node: Node) -> Node:
    r"""The value where a parameter of a Gaussian is named on the spot: `\mathcal{N}(x; \mu = a, \ldots)`."""
    return node.value if isinstance(node, syntax.Assign) else node


__all__ = ["Place", "Sorting", "sort_error"]
