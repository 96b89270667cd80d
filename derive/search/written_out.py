"""Random variables that are given as functions of others, written out in a claim's moments.

Given Y = aX + b, the mean of f(Y) is that of f(aX + b), and what varies is X. Which names of aX + b vary is read as it
would be had the author written it out: those that the text knows to be random. Given m = g(X), the m below a mean over
X varies with it, and so does what is given as a value m(y) of a function that has X beside its argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from sympy import Basic, Integer, Symbol

from derive.grounds.context import Context
from derive.latex import unicode_text
from derive.models import Model
from derive.terms import (
    Application,
    Covariance,
    Density,
    Expectation,
    Gradient,
    Independent,
    Law,
    Run,
    Statement,
    Variable,
    Variance,
    free_variables,
    substitute,
    walk,
)
from derive.terms.binding import AmbiguousIndex
from derive.terms.indices import IndexFacts
from derive.terms.rewriting import mapped
from derive.terms.sorts import is_scalar

Term = TypeVar("Term", bound=Basic)
_MOMENTS = (Expectation, Variance, Covariance)
_DEEPEST = 8
"""So many times one function of random variables is written out in another."""


def in_its_variables(statement: Statement, model: Model) -> tuple[Statement, tuple[str, ...]]:
    """The statement with the functions of random variables written out under its moments, and lines that say so.

    Itself where a law is conditional on such a function, or where one is given twice.
    """
    made = _functions(statement, model)
    if any(_conditions(node) & set(made) for _, node in walk(statement) if isinstance(node, Density)):
        return statement, ()
    facts = Context.of(model, (), (statement,)).about(statement).facts
    writer = _Writer(made, _random(statement, model), _values(model), _of_laws(statement, model), facts)
    try:
        found = writer.written(statement)
    except AmbiguousIndex:
        return statement, ()
    read = tuple(f"{unicode_text(name)} stands for {unicode_text(value)}" for name, value in writer.used.items())
    return found, read


class _Writer:
    """Writes functions of random variables out; `used` are the names that were replaced, in order."""

    def __init__(
        self, made: Mapping[Basic, Basic], random: frozenset[str], values: Mapping[Basic, Basic],
        of_laws: frozenset[tuple[Law, Basic]], facts: IndexFacts,
    ) -> None:  # fmt: skip
        self.made, self.random, self.values, self.of_laws, self.facts = made, random, values, of_laws, facts
        self.used: dict[Basic, Basic] = {}

    def written(self, term: Term) -> Term:
        """The term with every moment of such a function as one of what it is a function of."""
        new: Any = term if isinstance(term, Density) else mapped(term, self.written)
        for _ in range(_DEEPEST):
            if not isinstance(new, _MOMENTS):
                break
            names = [point for point in _targets(new) if point in self.made and self._in_law(new.measure, point)]
            below = self._varied(new)
            if not names and not below:
                break
            new = self._over(new, names) if names else self._below(new, below)
        if isinstance(new, Gradient) and new.point == new.variable:
            new = Gradient(self._put(new.body, self._depending(new.body, {new.variable}, self.made)), new.variable)
        return new  # type: ignore[no-any-return]

    def _varied(self, moment: Any) -> dict[Basic, Basic]:
        """The names and values below a moment that are given by what it is over, each with what it is given as."""
        bound = set(moment.bound)
        found: dict[Basic, Basic] = {}
        for body in moment.args[:-1]:
            found |= self._depending(body, bound, self.values)
        return {name: value for name, value in found.items() if name not in bound}

    def _depending(self, body: Basic, bound: set[Basic], values: Mapping[Basic, Basic]) -> dict[Basic, Basic]:
        found: dict[Basic, Basic] = {}
        free = free_variables(body)
        for _, node in walk(body):
            head, value = next(((h, v) for h, v in values.items() if _is_value(h, node)), (None, None))
            if head is None or value is None or not (free_variables(value) - _arguments(head)) & bound:
                continue
            if isinstance(node, Application):
                found[node] = substitute(value, dict(zip(head.arguments, node.arguments, strict=True)))
            elif node in free:
                found[node] = value
        return found

    def _below(self, moment: Any, values: Mapping[Basic, Basic]) -> Any:
        self.used |= {name: values[name] for name in values}
        return moment.func(*(self._put(body, values) for body in moment.args[:-1]), moment.measure)

    def _put(self, body: Basic, values: Mapping[Basic, Basic]) -> Any:
        """The body with values put in for names, and for values of functions."""
        if isinstance(body, Application) and body in values:
            return values[body]
        names = {name: value for name, value in values.items() if not isinstance(name, Application)}
        if len(names) == len(values) or not body.args or isinstance(body, (Symbol, Variable, Run, Law, Density)):
            return substitute(body, names, self.facts)
        return body.func(*(self._put(arg, values) for arg in body.args))

    def _over(self, moment: Any, names: list[Basic]) -> Any:
        """The moment with some bound variables replaced by what they are functions of."""
        measure: Density = moment.measure
        self.used |= {name: self.made[name] for name in names}
        values = {name: self.made[name] for name in names}
        known = _conditions(measure)
        inside: set[Basic] = set().union(*(free_variables(value) for value in values.values()))
        varying = sorted((item for item in inside if self._varies(item) and item not in known), key=str)
        kept = [pair for pair in measure.targets if pair[0] not in values]
        bodies = [substitute(body, values, self.facts) for body in moment.args[:-1]]
        targets = [*kept, *varying]
        if targets:
            return moment.func(*bodies, Density(measure.law, targets, measure.givens))
        if isinstance(moment, Expectation):
            return bodies[0]
        if all(is_scalar(body) for body in bodies):
            return Integer(0)
        return moment

    def _in_law(self, measure: Density, name: Basic) -> bool:
        """Whether what a name is a function of is in the law that it is averaged over."""
        if not measure.law.name:
            return True
        inside = [item for item in free_variables(self.made[name]) if self._varies(item)]
        return all(item in self.made or (measure.law, item) in self.of_laws for item in inside)

    def _varies(self, item: Basic) -> bool:
        return isinstance(item, (Symbol, Variable, Run)) and (item in self.made or str(item.name) in self.random)


def _functions(statement: Statement, model: Model) -> dict[Basic, Basic]:
    """The names that the model gives as functions of random variables, where it has no law of theirs."""
    random = _random(statement, model)
    laws = {
        variable for part in (*(law.lhs for law in model.laws), *(entry.joint for entry in model.factorizations))
        if isinstance(part, Density) for variable in part.variables
    } | {entry.variable for entry in model.distributed}  # fmt: skip
    made: dict[Basic, Basic] = {}
    for part in (*model.definitions, *model.equations):
        head, value = part.lhs, part.rhs
        if not isinstance(head, (Symbol, Variable)) or head in laws or head in free_variables(value):
            continue
        of = [item for item in free_variables(value) if isinstance(item, (Symbol, Variable, Run))]
        if any(item in made or str(item.name) in random for item in of):
            made[head] = value if head not in made else head
    return {head: value for head, value in made.items() if head != value}


def _of_laws(statement: Statement, model: Model) -> frozenset[tuple[Law, Basic]]:
    """The variables that are spoken of in each law."""
    nodes = [node for part in (statement, *model.statements) for _, node in walk(part) if isinstance(node, Density)]
    return frozenset((node.law, item) for node in nodes for item in (*node.variables, *_conditions(node)))


def _values(model: Model) -> dict[Basic, Basic]:
    """What the model gives for names and for values of functions; nothing of a name that it has a law of."""
    laws = {
        variable for part in (*(law.lhs for law in model.laws), *(entry.joint for entry in model.factorizations))
        if isinstance(part, Density) for variable in part.variables
    }  # fmt: skip
    return {
        part.lhs: part.rhs for part in (*model.definitions, *model.functions, *model.equations)
        if isinstance(part.lhs, (Symbol, Variable, Application)) and part.lhs not in laws
        and part.lhs not in free_variables(part.rhs) and _plain(part.lhs)
    }  # fmt: skip


def _arguments(head: Basic) -> set[Basic]:
    """The arguments of a value of a function, where they are names."""
    own = head.arguments if isinstance(head, Application) else ()
    return {item for item in own if isinstance(item, (Symbol, Variable))}


def _plain(head: Basic) -> bool:
    """Whether a function is given at distinct names, if it is one."""
    return not isinstance(head, Application) or len(_arguments(head)) == len(head.arguments)


def _is_value(head: Basic, node: Basic) -> bool:
    """Whether a term is a name, or a value of a function at its own indices."""
    if not isinstance(head, Application) or not isinstance(node, Application):
        return head == node
    same = head.args[:3] == node.args[:3]
    return same and len(head.args) == len(node.args)


def _random(statement: Statement, model: Model) -> frozenset[str]:
    """The names that are random: by declaration or by default, as targets of a law, or in an independence."""
    found: set[Any] = {entry.variable for entry in model.distributed}
    for part in (statement, *model.statements):
        for _, node in walk(part):
            if isinstance(node, Density):
                found |= {*node.variables, *_conditions(node)}
            elif isinstance(node, Independent):
                found |= {*node.left, *node.right, *node.given}
    names = {str(item.name) for item in found if isinstance(item, (Symbol, Variable, Run))}
    declared, fixed = model.declarations, free_variables(statement)  # what a claim has outside of every moment is fixed
    spoken = {
        str(item.name) for part in (statement, *model.statements) for item in free_variables(part)
        if isinstance(item, (Symbol, Variable)) and item not in fixed
        and declared is not None and declared.is_random(str(item.name))
    }  # fmt: skip
    return frozenset(names | spoken)


def _targets(moment: Any) -> list[Basic]:
    """The variables that a moment is over, where each stands at its own point."""
    measure = moment.measure
    if not isinstance(measure, Density):
        return []
    return [pair[0] for pair in measure.targets if pair[0] == pair[1]]


def _conditions(density: Any) -> set[Basic]:
    return {pair[0] for pair in density.givens}
