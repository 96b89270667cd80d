r"""From a syntax tree whose sorts are known to a term, and what must be non-zero, positive or exist on the way.

Requirements are collected from the tree as it is written, before SymPy cancels anything: `\frac{x}{x}` asks for x ≠ 0
though the term is 1.
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy import S, Symbol, Tuple

from derive.latex import syntax
from derive.latex.declarations import INDEX_LETTERS
from derive.latex.indexing import written
from derive.latex.moments import Moments
from derive.latex.requirements import Requirement
from derive.latex.sorting import sort_error
from derive.latex.syntax import Node
from derive.terms import (
    INDEX,
    SCALAR,
    Divergence,
    Gradient,
    Integral,
    Run,
    Statement,
    Variable,
    free_variables,
    sort_of,
)


class Building(Moments):
    """Builds the terms of one text."""

    def _big(self, node: syntax.Big) -> Any:
        operator = r"\sum" if node.operator == "sum" else r"\prod"
        if node.index is None:
            raise self.error(node, f"{operator} without its index and range", f"{operator}_{{t=1}}^{{T}}")
        if node.lower is None:
            return self._over_values(node, operator)
        index = Symbol(node.index.name + "'" * node.index.primes)
        if node.index.subscript is not None:
            raise self.error(node.index, f"the index of {operator} has no subscript itself", "a plain letter")
        lower, upper = self._range(node, operator)
        self.context.append(Tuple(index, lower, upper))
        body = self.build(node.body)
        self.context.pop()
        if node.operator == "sum":
            return sympy.Sum(body, (index, lower, upper))
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

    def _range(self, node: syntax.Big, operator: str) -> tuple[Any, Any]:
        assert node.lower is not None
        lower = self.build(node.lower)
        if node.relation == ">":
            lower = lower + 1
        elif node.relation not in ("=", r"\ge"):
            raise self.error(node, f"this range of {operator} is not read", f"{operator}_{{t=1}}^{{T}}")
        if node.upper is not None:
            return lower, self.build(node.upper)
        if node.relation == "=":
            raise self.error(node, f"{operator} without its upper limit", f"{operator}_{{t=1}}^{{T}}")
        if "T" in self.survey.used or "T" in self.survey.bound:
            self.note(f"{operator} over all {self.shown(node.index or node)} goes up to T")
            return lower, Symbol("T")
        return lower, S.Infinity

    def _over_values(self, node: syntax.Big, operator: str) -> Any:
        r"""`\sum_x f(x)`: over all values of a variable."""
        name = node.index
        assert name is not None
        if node.operator == "prod" or node.upper is not None:
            raise self.error(node, f"{operator} without its range", f"{operator}_{{i=1}}^{{n}}")
        if name.name in INDEX_LETTERS and name.subscript is None and name.name not in self.survey.declared:
            raise self.error(node, r"\sum over an index without its range", r"\sum_{i=1}^{n}")
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
        built = self.build(body)
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
            named = self.sorting.argument_of(node.body)
            if named is not None:
                variable = self.build(named)
                self.note(f"{self.shown(node)}: the derivative is read as that in {written(variable)}")
        if variable is not None and not isinstance(variable, (Symbol, Variable)):
            raise self.error(node.variable or node, "a derivative is with respect to a variable", "a name")
        self.context.append(Tuple(variable) if variable is not None else Tuple())
        body = self.build(node.body)
        self.context.pop()
        if variable is None:
            variable = self._place_of(body, node)
        term = Divergence(body, variable) if node.divergence else Gradient(body, variable)
        self.require("exists", term, node)
        return term

    def _place_of(self, body: Any, node: syntax.Nabla) -> Any:
        r"""The variable of a `\nabla` without subscript: the one vector in what it takes."""
        vectors = [item for item in free_variables(body) if isinstance(item, Variable) and item.sort.kind == "vector"]
        if len(vectors) != 1:
            raise self.error(node, r"which variable this \nabla is in is not clear", r"\nabla_x")
        self.note(f"{self.shown(node)}: the derivative is read as that in {written(vectors[0])}")
        return vectors[0]

    def statement(self, node: Node) -> Statement | Any:
        """The statement or term of a tree."""
        from derive.latex.stating import state

        return state(self, node)


__all__ = ["Building", "Requirement"]
