r"""From a syntax tree whose sorts are known to a term, and what must be non-zero, positive or exist on the way.

Requirements are collected from the tree as it is written, before SymPy cancels anything: `\frac{x}{x}` asks for x ≠ 0
though the term is 1.
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy import S, Symbol, Tuple

from derive.latex import syntax
from derive.latex.composing import Composing
from derive.latex.declarations import INDEX_LETTERS, RANDOM_NAMES, base_letter
from derive.latex.indexing import written
from derive.latex.pairs import ORDERED
from derive.latex.requirements import Requirement
from derive.latex.sorting import sort_error
from derive.latex.syntax import Node
from derive.latex.trees import walk as tree_walk
from derive.terms import (
    INDEX,
    SCALAR,
    Application,
    Density,
    DerivativeIn,
    Divergence,
    Equals,
    Gradient,
    Indicator,
    Integral,
    IntersectionOver,
    Label,
    Law,
    Run,
    Statement,
    UnionOver,
    Variable,
    free_variables,
    is_scalar,
    sort_of,
    walk,
)


class Building(Composing):
    """Builds the terms of one text."""

    def _big(self, node: syntax.Big) -> Any:
        operator = "\\" + node.operator.replace("cap", "bigcap").replace("cup", "bigcup")
        if node.index is None:
            self._only_index(node, operator)
        assert node.index is not None
        if node.lower is None and not (node.index.subscript is None and self._is_index(node.index)):
            return self._over_values(node, operator)
        index = Symbol(node.index.name + "'" * node.index.primes)
        if node.index.subscript is not None:
            raise self.error(node.index, f"the index of {operator} has no subscript itself", "a plain letter")
        lower, upper = self._range(node, operator)
        self.context.append(Tuple(index, lower, upper))
        body = self.build(node.body)
        self.context.pop()
        if node.relation == r"\ne" and node.lower is not None:
            body = body * (1 - Indicator(Equals(index, self.build(node.lower))))
        if node.operator == "sum":
            return sympy.Sum(body, (index, lower, upper))
        if node.operator in ("cap", "cup"):
            return (IntersectionOver if node.operator == "cap" else UnionOver)(body, (index, lower, upper))
        self._reach(node, index)
        if sort_of(body) not in (SCALAR, INDEX):
            raise sort_error(self.place(node), "a product over an index is of numbers")
        return sympy.Product(body, (index, lower, upper))

    def _reach(self, node: syntax.Big, index: Symbol) -> None:
        r"""Refuse `\prod_t a_t b`: whether b stands inside makes a difference."""
        body = node.body
        if not isinstance(body, syntax.Juxtaposition):
            return
        last = body.factors[-1]
        if index not in free_variables(self.build(last)):
            raise self.error(
                last, r"whether this factor belongs to the \prod is not clear", "brackets, or the factor before it"
            )

    def _is_index(self, name: syntax.Name) -> bool:
        return name.name in INDEX_LETTERS and name.name not in self.survey.declared

    def _only_index(self, node: syntax.Big, operator: str) -> None:
        r"""`\sum x_i`: the one index letter in what is summed that nothing else binds."""
        bound = {str(limit[0]) for limit in self.context if len(limit) == 3}
        found = {
            end.name
            for name in tree_walk(node.body)
            if isinstance(name, syntax.Name)
            for part in name.subscript or ()
            for end in (part.lower,)
            if isinstance(end, syntax.Name) and end.name in INDEX_LETTERS and not end.upright
        } - bound
        if len(found) != 1 or node.upper is not None:
            raise self.error(node, f"{operator} without its index and range", f"{operator}_{{t=1}}^{{T}}")
        node.index = syntax.Name(node.start, node.start, found.pop())
        self.note(f"{self.shown(node)}: the sum is read as over {node.index.name}")

    def _unsaid_range(self, node: syntax.Big, operator: str) -> tuple[Any, Any]:
        r"""`\sum_i`: from 1 to the one count that the text speaks of, else to any n."""
        assert node.index is not None
        index = node.index.name
        ranges = self.survey.ranges.get(index, {})
        if len(ranges) == 1:
            lower, upper = next(iter(ranges.values()))
            found = self.build(lower), self.build(upper)
        else:
            used = (self.survey.used | self.survey.bound | self.survey.indexed) - {index}
            counts: list[str] = [name for name in ("n", "N", "m", "M", "K", "J", "d", "k") if name in used]
            if index == "t" and "T" in used:
                counts = ["T"]
            free = next((name for name in ("n", "N", "m", "M", "K") if name not in used and name != index), "n'")
            found = sympy.S.One, Symbol(counts[0] if len(counts) == 1 else free)
        self.note(f"{operator} over all {index} is read as from {written(found[0])} to {written(found[1])}")
        return found

    def _range(self, node: syntax.Big, operator: str) -> tuple[Any, Any]:
        if node.lower is None and node.upper is None:
            return self._unsaid_range(node, operator)
        if node.lower is None:
            assert node.upper is not None
            self.note(f"{operator} over {self.shown(node.index or node)} is read as from 1 on")
            return sympy.S.One, self.build(node.upper)
        lower = self.build(node.lower)
        if node.relation in ORDERED and node.upper is None:
            return S.One, lower - 1 if node.relation == "<" else lower
        if node.relation == r"\ne" and node.upper is None and node.operator == "sum":
            return self._unsaid_range(node, operator)
        if node.relation == ">":
            lower = lower + 1
        elif node.relation not in ("=", r"\ge"):
            raise self.error(node, f"this range of {operator} is not read", f"{operator}_{{t=1}}^{{T}}")
        if node.upper is not None:
            return lower, self.build(node.upper)
        if node.relation == "=":
            raise self.error(node, f"{operator} without its upper limit", f"{operator}_{{t=1}}^{{T}}")
        if "T" in self.survey.used | self.survey.bound | self.survey.indexed:
            self.note(f"{operator} over all {self.shown(node.index or node)} goes up to T")
            return lower, Symbol("T")
        return lower, S.Infinity

    def _over_values(self, node: syntax.Big, operator: str) -> Any:
        r"""`\sum_x f(x)`: over all values of a variable."""
        name = node.index
        assert name is not None
        if node.operator != "sum" or node.upper is not None:
            raise self.error(node, f"{operator} without its range", f"{operator}_{{i=1}}^{{n}}")
        variable = self.build(name)
        self.note(f"{operator} over {self.shown(name)} is read as the sum over all its values")
        return self._integrated(node.body, [Tuple(variable)], node)

    def _integration(self, node: syntax.Integration) -> Any:
        limits = []
        for place, variable in enumerate(node.variables):
            bound = self.build(variable)
            if not isinstance(bound, (Symbol, Variable, Run)):
                raise self.error(variable, "an integral is over variables", "a variable after d")
            if node.lower is not None and place == 0:
                assert node.upper is not None
                limits.append(Tuple(bound, self.build(node.lower), self.build(node.upper)))
            else:
                limits.append(Tuple(bound))
        return self._integrated(node.body, limits, node)

    def _integrated(self, body: Node, limits: list[Tuple], node: Node) -> Any:
        self.context.extend(Tuple(limit[0]) for limit in limits)
        kept = self.density_like
        if len(limits) == 1 and str(getattr(limits[0][0], "name", "")) in RANDOM_NAMES:
            self.density_like = (Density(Law(""), [limits[0][0]]),)
        built = self.build(body)
        self.density_like = kept
        del self.context[len(self.context) - len(limits) :]
        term = Integral(built, *limits)
        self.require("exists", term, node)
        return term

    def _nabla(self, node: syntax.Nabla) -> Any:
        velocity = self.sorting.velocity(node)
        if velocity is not None:
            sort = self.sorting.sort(self.sorting.family(velocity))
            assert isinstance(node.body, syntax.Name)
            indices = self.indices(node.body)
            self.note(f"{self.shown(node)} is read as a name of its own, {velocity}")
            return Symbol(velocity) if sort == SCALAR and not indices else Variable(velocity, sort, *indices)
        variable = None if node.variable is None else self.build(node.variable)
        if node.variable is None:
            taken = self._at_its_argument(node)
            if taken is not None:
                return taken
            named = self.sorting.argument_of(node.body)
            if named is not None:
                variable = self.build(named)
                self.note(f"{self.shown(node)}: the derivative is read as that in {written(variable)}")
        if variable is not None and not isinstance(variable, (Symbol, Variable)):
            return self._in_expression(node, variable)
        if variable is None:
            variable = self._place_of(node)
        self.context.append(Tuple(variable))
        kept = self.density_like
        if node.style == "nabla" and str(variable.name) in RANDOM_NAMES:
            self.density_like = (Density(Law(""), [variable]),)
            self.differentiated = variable
        body = self.build(node.body)
        self.density_like = kept
        self.context.pop()
        variable = self._member_for(variable, body, node)
        term: Any = body
        for other in reversed(node.others):
            term = self._gradient(term, self.build(other), node)
        term = Divergence(term, variable) if node.divergence else self._gradient(term, variable, node)
        if node.order == 2:
            term = self._second(node, term, variable)
        self.require("exists", term, node)
        return term

    def _at_its_argument(self, node: syntax.Nabla) -> Any:
        r"""`\nabla f(\mu + \sigma \epsilon)`, the gradient of f where f is taken; None where that is at a name."""
        call = node.body
        if node.style != "nabla" or node.order != 1 or node.others or not isinstance(call, syntax.Call):
            return None
        inside = call.slots.single
        while isinstance(inside, syntax.Group):
            inside = inside.body
        if call.power is not None or isinstance(inside, (syntax.Name, type(None))):
            return None
        value = self.build(call)
        if self.survey.kind(call) != "function" or not isinstance(value, Application) or len(value.arguments) != 1:
            return None
        (point,) = value.arguments
        if isinstance(point, (Symbol, Variable)) or sort_of(point).kind not in ("scalar", "vector"):
            return None
        own: Any = Symbol("u") if is_scalar(point) else Variable("u", sort_of(point))
        self.note(f"{self.shown(node)} is read as the derivative of {call.head.name} there")
        body = Application(value.name, sort_of(value), value.indices, own)
        term: Any = (Divergence if node.divergence else Gradient)(body, own, point)
        self.require("exists", term, node)
        return term

    def _member_for(self, variable: Any, body: Any, node: syntax.Nabla) -> Any:
        r"""x_t for the x of `\nabla_x \log p(x_t)`, where no x is spoken of but x_t."""
        if node.style != "nabla" or node.variable is None or (isinstance(variable, Variable) and variable.indices):
            return variable
        free, name = free_variables(body), str(getattr(variable, "name", ""))
        family = [item for item in free if isinstance(item, Variable) and item.indices and item.name == name]
        family = [item for item in family if sort_of(item) == sort_of(variable)]
        if variable in free or not family:
            return variable
        drawn = [slot[0] for _, part in walk(body) if isinstance(part, Density) for slot in part.args[1]]
        if len(family) > 1:
            family = [item for item in family if item in drawn]
        if len(family) != 1:
            raise self.error(node.variable, "which of these the derivative is in is not clear", r"\nabla_{x_t}")
        self.note(f"{self.shown(node)}: the derivative is read as that in {written(family[0])}")
        return family[0]

    def _gradient(self, body: Any, variable: Any, node: Node) -> Any:
        if not isinstance(variable, (Symbol, Variable)):
            raise self.error(node, "a derivative is with respect to a variable", "a name")
        return Gradient(body, variable)

    def _second(self, node: syntax.Nabla, first: Any, variable: Any) -> Any:
        """The second derivative: a number on the line, else the Hessian or the Laplacian as the place asks."""
        if sort_of(variable) in (SCALAR, INDEX):
            return Gradient(first, variable)
        match self.sorting.cells[id(node)].kind:
            case "matrix":
                return Gradient(first, variable)
            case "scalar":
                return Divergence(first, variable)
        raise self.error(
            node, r"\nabla^2 can be the Hessian and the Laplacian", r"\nabla \nabla^\top f, or \nabla \cdot \nabla f"
        )

    def _in_expression(self, node: syntax.Nabla, expression: Any) -> Any:
        r"""`\partial f / \partial \sigma^2`: the derivative in an expression, seen as a function of its variables."""
        if node.divergence or node.order > 1 or node.others or node.variable is None:
            raise self.error(node.variable or node, "a derivative is with respect to a variable", "a name")
        names = [item for item in _arguments_of(expression) if str(getattr(item, "name", "")) != r"\cdot"]
        if not names:
            raise self.error(node.variable, "a derivative is with respect to a variable", "a name")
        self.context.extend(Tuple(name) for name in names)
        body = self.build(node.body)
        del self.context[len(self.context) - len(names) :]
        term = DerivativeIn(body, expression, names)
        self.require("exists", term, node)
        return term

    differentiated: Any = None

    def _place_of(self, node: syntax.Nabla) -> Any:
        r"""The variable of a `\nabla` without subscript: the one vector in what it takes, else the one before."""
        marks = len(self.requirements), len(self.spans), list(self.scanner.notes)
        body = self.build(node.body)
        del self.requirements[marks[0] :], self.spans[marks[1] :]
        self.scanner.notes[:] = marks[2]
        vectors = [item for item in free_variables(body) if isinstance(item, Variable) and item.sort.kind == "vector"]
        vectors = [item for item in vectors if base_letter(str(item.name)) in RANDOM_NAMES]  # a field is no place
        if not vectors and self.differentiated is not None:
            vectors = [self.differentiated]
        if len(vectors) != 1:
            raise self.error(node, r"which variable this \nabla is in is not clear", r"\nabla_x")
        self.note(f"{self.shown(node)}: the derivative is read as that in {written(vectors[0])}")
        return vectors[0]

    def statement(self, node: Node) -> Statement | Any:
        """The statement or term of a tree."""
        from derive.latex.stating import state

        return state(self, node)


def _arguments_of(term: Any) -> list[Any]:
    """The variables of an expression, the indices of its names left out."""
    if isinstance(term, (Symbol, Variable)):
        return [term]
    if isinstance(term, (Label, Run)):
        return []
    found: list[Any] = []
    for arg in term.args:
        found += [item for item in _arguments_of(arg) if item not in found]
    return found


__all__ = ["Building", "Requirement"]
