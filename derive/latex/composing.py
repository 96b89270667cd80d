"""From the trees of choices and arrays to terms: indicators, cases, optima, limits, block matrices, lists."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import sympy
from sympy import Symbol, Tuple

from derive.latex import syntax
from derive.latex.dotted import Undecided, between
from derive.latex.moments import Moments
from derive.latex.stating import RELATIONS
from derive.latex.syntax import Node
from derive.terms import (
    AmbiguousIndex,
    ArgMax,
    ArgMin,
    BlockMatrix,
    Cases,
    Chain,
    Density,
    Differential,
    Divergence,
    Entry,
    Equals,
    Family,
    Gradient,
    Hadamard,
    Holds,
    Indicator,
    Infimum,
    Intersection,
    IntersectionOver,
    Label,
    Law,
    Limit,
    Listing,
    Maximum,
    Minimum,
    Ones,
    Run,
    Supremum,
    Union,
    UnionOver,
    Variable,
    Within,
    free_variables,
    substitute,
    walk,
)

_OPTIMA: dict[str, Any] = {
    "max": Maximum, "min": Minimum, "sup": Supremum, "inf": Infimum, "argmax": ArgMax, "argmin": ArgMin,
}  # fmt: skip


class Composing(Moments):
    """Builds what is chosen and what is put together."""

    # ---- events ---------------------------------------------------------------------------------------------------

    def _happening(self, node: syntax.Happening) -> Any:
        statement = node.statement
        if isinstance(statement, syntax.Inside):
            return self.build(statement)
        assert isinstance(statement, syntax.Relations)
        sides = [self.build(side) for side in statement.sides if side is not None]
        symbols = [sign.symbol for sign in statement.signs]
        if symbols == ["="]:
            return Equals(*sides)
        links = [RELATIONS[symbol](*pair) for symbol, pair in zip(symbols, pairwise(sides), strict=True)]
        return Holds(links[0] if len(links) == 1 else Chain(*links))

    def _inside(self, node: syntax.Inside) -> Any:
        return Within(self.build(node.variable), self._region(node.region))

    def _region(self, name: syntax.Name) -> Any:
        if name.subscript is not None:
            raise self.error(name, "a set with an index is not read here", "the name of a set")
        return Label(name.name + "'" * name.primes)

    def _indicated(self, node: syntax.Indicated) -> Any:
        events = [self.build(item) for item in node.items]
        return Indicator(events[0] if len(events) == 1 else Intersection(*events))

    def _setoperation(self, node: syntax.SetOperation) -> Any:
        kind, over = (Intersection, IntersectionOver) if node.operator == r"\cap" else (Union, UnionOver)
        places = [place for place, item in enumerate(node.items) if isinstance(item, syntax.Dots)]
        if not places:
            return kind(*(self.build(item) for item in node.items))
        place = places[0]
        if len(places) > 1 or not 0 < place < len(node.items) - 1:
            raise self.error(node, "these dots show no pattern", "one run of dots between a first and a last event")
        built = [None if isinstance(item, syntax.Dots) else self.build(item) for item in node.items]
        index = self._fresh_index()
        body, lower, upper = between(built[place - 1], built[place + 1], index)
        before = built[: place - 1]
        while before and before[-1] == _at(body, index, lower - 1):
            before.pop()
            lower = lower - 1
        return kind(*before, over(body, (index, lower, upper)), *built[place + 2 :])

    # ---- choices --------------------------------------------------------------------------------------------------

    def _optimum(self, node: syntax.Optimum) -> Any:
        for item in node.variables:
            implied = self.sorting.implied(item) if isinstance(item, syntax.Name) else None
            if implied is not None and self.survey.kind(implied) != "law":
                raise self.error(item, f"{node.operator} over functions is not read", "over variables")
        variables = [self.build(variable) for variable in node.variables]
        for variable, item in zip(variables, node.variables, strict=True):
            if isinstance(variable, Density):
                raise self.error(item, f"{node.operator} over laws is not read", "over variables")
            if not isinstance(variable, (Symbol, Variable)):
                raise self.error(item, f"{node.operator} is over variables", "a name")
        region: Any = None
        if node.region is not None:
            region = self._region(node.region)
        elif node.lower is not None and node.upper is not None:
            region = Tuple(self.build(node.lower), self.build(node.upper))
        self.context.extend(Tuple(variable) for variable in variables)
        body = self.build(node.body)
        del self.context[len(self.context) - len(variables) :]
        names = {str(variable.name) for variable in variables}
        if any(isinstance(item, Law) and item.name in names for _, item in walk(body)):
            raise self.error(node, f"{node.operator} over laws is not read", "over variables")
        return _OPTIMA[node.operator](body, variables, region)

    def _limitof(self, node: syntax.LimitOf) -> Any:
        variable = self.build(node.variable)
        if not isinstance(variable, (Symbol, Variable)):
            raise self.error(node.variable, "a limit is in a variable", "a name")
        point = self.build(node.point)
        self.context.append(Tuple(variable))
        body = self.build(node.body)
        self.context.pop()
        return Limit(body, variable, point)

    def _caselist(self, node: syntax.CaseList) -> Any:
        rows = []
        for value, conditions in zip(node.values, node.conditions, strict=True):
            mark = len(self.requirements)
            built = self.build(value)
            del self.requirements[mark:]  # a value is asked for only where its case is the one
            events = [self.build(condition) for condition in conditions]
            rows.append((built, events[0] if len(events) == 1 else Intersection(*events)) if events else (built,))
        return Cases(*rows)

    # ---- arrays ---------------------------------------------------------------------------------------------------

    def _blocks(self, node: syntax.Blocks) -> Any:
        return BlockMatrix(*([self.build(entry) for entry in row] for row in node.rows))

    def _entryof(self, node: syntax.EntryOf) -> Any:
        parts = [item for part in node.indices for item in self.sorting.entry_indices(part)]
        return Entry(self.build(node.base), *(self.index(part) for part in parts))

    def _onesvector(self, node: syntax.OnesVector) -> Any:
        return Ones(self.sorting.sort(self.sorting.cells[id(node)]).shape[0])

    def _elementwise(self, node: syntax.Elementwise) -> Any:
        return Hadamard(*(self.build(factor) for factor in node.factors))

    def _binomial(self, node: syntax.Binomial) -> Any:
        over, under = self.build(node.over), self.build(node.under)
        for value in (over, under):
            if value.is_number and not (value.is_Integer and abs(value) <= 1000):
                raise self._too_large(node)
        return sympy.binomial(over, under)

    def _several(self, node: syntax.Several) -> Any:
        return Listing(*self.listed(node.items))

    def column(self, node: syntax.Several) -> Any:
        """`(a, b)` transposed, as a column."""
        rows: list[list[Any]] = []
        for item in self.listed(node.items):
            if isinstance(item, Run):
                while rows and rows[-1] == [item.at(item.lower - 1)]:
                    rows.pop()
                    item = Run(item.name, item.element_sort, item.lower - 1, item.upper)
                index = self._fresh_index()
                item = Family(item.at(index), (index, item.lower, item.upper))
            rows.append([item])
        return BlockMatrix(*rows)

    def _familyof(self, node: syntax.FamilyOf) -> Any:
        index = Symbol(node.index.name + "'" * node.index.primes)
        lower, upper = self.build(node.lower), self.build(node.upper)
        self.context.append(Tuple(index, lower, upper))
        body = self.build(node.body)
        self.context.pop()
        return Family(body, (index, lower, upper))

    def _differentialof(self, node: syntax.DifferentialOf) -> Any:
        return Differential(self.build(node.body))

    def _evaluated(self, node: syntax.Evaluated) -> Any:
        body = self.build(node.body)
        pairs = {
            self.build(variable): self.build(value)
            for variable, value in zip(node.variables, node.values, strict=True)
        }
        for variable, item in zip(pairs, node.variables, strict=False):
            if not isinstance(variable, (Symbol, Variable)):
                raise self.error(item, "the value of a variable was expected", r"\left. f(x) \right|_{x = a}")
        if isinstance(body, (Gradient, Divergence)) and body.variable == body.point and list(pairs) == [body.variable]:
            return type(body)(body.body, body.variable, pairs[body.variable])
        try:
            return substitute(body, pairs)
        except AmbiguousIndex as error:
            raise self.error(node, f"what stands at this point is not clear: {error.message}") from None

    def listed(self, items: list[Node]) -> list[Any]:
        """The terms of a list; dots between terms that differ by an index are a family."""
        places = [place for place, item in enumerate(items) if isinstance(item, syntax.Dots)]
        try:
            return super().listed(items)
        except Undecided:
            if len(places) != 1 or not 0 < places[0] < len(items) - 1:
                raise
        place = places[0]
        built = [None if isinstance(item, syntax.Dots) else self.build(item) for item in items]
        index = self._fresh_index()
        body, lower, upper = between(built[place - 1], built[place + 1], index)
        before = built[: place - 1]
        while before and before[-1] == _at(body, index, lower - 1):
            before.pop()
            lower = lower - 1
        return [*before, Family(body, (index, lower, upper)), *built[place + 2 :]]


def _at(body: Any, index: Symbol, value: Any) -> Any:
    return substitute(body, {index: value}) if index in free_variables(body) or index in body.free_symbols else body


__all__ = ["Composing"]
