"""What statements speak of: the variables of each law, sums over indices written out."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from sympy import Basic, Product, Sum, Symbol

from derive.terms import (
    EVENT,
    Density,
    Distributed,
    Equals,
    Holds,
    Independent,
    IntersectionOver,
    Law,
    Normal,
    Probability,
    Sort,
    UnionOver,
    Variable,
    free_variables,
    sort_of,
)
from derive.worlds.givens import givens_of
from derive.worlds.meaning import Env
from derive.worlds.outcomes import NeverExercised, NotExercised, Undefined
from derive.worlds.setting import Key, kind_of, number_of, walk
from derive.worlds.world import World

_LONGEST = 16


def _is_random(item: Basic) -> bool:
    """Whether a name in an event is a random quantity: a vector, or a capital letter; the others are numbers."""
    name = str(getattr(item, "name", ""))
    return isinstance(item, (Symbol, Variable)) and (sort_of(item).kind == "vector" or name[:1].isupper())


class Mentions:
    """The variables that statements speak of, law by law, with their sorts; events count as variables."""

    def __init__(self, world: World, statements: Iterable[Basic]) -> None:
        self.world = world
        self.laws: dict[Key, dict[Key, Sort]] = {}
        self._definitions: set[Basic] = set()
        self._independent: list[tuple[Key, Sort]] = []
        for statement in statements:
            self.read(statement, {})
        for kernel in givens_of(world.setting).kernels:
            if isinstance(kernel.rhs, Normal):
                continue
            if world.law_key(kernel.lhs.law, {}) in self.laws:
                self.read(kernel.rhs, {})
            if world.kind == "gaussian" and not kernel.lhs.givens and not self._at_indices(kernel.lhs):
                self.read(kernel.lhs, {})  # one variable's density is known from that of all together
        self._name_the_unnamed()
        self._couple()
        if self._independent and not self.laws:
            self.add(("", ()), self._independent)
        elif len(self.laws) == 1:
            self.add(next(iter(self.laws)), self._independent)

    def _at_indices(self, density: Basic) -> bool:
        return bool(density.free_symbols & self.world.parameters.index_names)

    def _name_the_unnamed(self) -> None:
        """E[·] without a law, and P of events, are the one named law over their variables; else they are one law."""
        for key in [("", ()), ("P", ())]:
            if key not in self.laws:
                continue
            variables = set(self.laws[key])
            others = [law for law, known in self.laws.items() if law != key and law[0] not in ("", "P")
                      and (not variables or variables & set(known))]  # fmt: skip
            if len(others) > 1:
                others = [law for law in others if not self._by_formula(law)]
                if len(others) != 1:
                    raise NeverExercised("which law an expectation is under is not said")
            if not others and key == ("P", ()) and ("", ()) in self.laws:
                others = [("", ())]
            if others:
                self.world.aliases[key] = others[0]
                self.add(others[0], self.laws.pop(key).items())

    def _by_formula(self, law: Key) -> bool:
        """Whether a law is given by a formula in others, so that it is no law of its own."""
        return any(
            not isinstance(kernel.rhs, Normal) and self.world.law_key(kernel.lhs.law, {}) == law
            for kernel in givens_of(self.world.setting).kernels
        )

    def _couple(self) -> None:
        """A law that knows x_t = √a x_0 + √b ε knows x_0 and ε too."""
        for statement in givens_of(self.world.setting).particular:
            ((head, _),) = self.world.expand(statement.args[0], {})
            body = [
                (key, sort) for item in free_variables(statement.args[1]) if isinstance(item, Variable)
                for key, sort in self.world.expand(item, {}) if kind_of(sort) == "vector"
            ]  # fmt: skip
            knowing = [known for known in self.laws.values() if head in known]
            for known in knowing:
                if len(knowing) == 1 or any(key in known for key, _ in body):
                    known.update(body)

    @property
    def sorts(self) -> dict[Key, Sort]:
        """The sorts of all variables of laws."""
        return {key: sort for variables in self.laws.values() for key, sort in variables.items()}

    def add(self, law: Key, variables: Iterable[tuple[Key, Sort]]) -> None:
        """Variables of a law."""
        known = self.laws.setdefault(law, {})
        for key, sort in variables:
            if kind_of(sort) != "matrix":
                known.setdefault(key, sort)

    def read(self, term: Basic, env: Env) -> None:
        """Everything that a term mentions."""
        if isinstance(term, Density):
            law = self.world.law_key(term.law, env)
            for pair in (*term.targets, *term.givens):
                self._expanded(law, pair[0], env)
                if pair[1] != pair[0]:
                    self.read(pair[1], env)
            return
        if isinstance(term, Probability):
            law = self.world.law_key(term.law, env)
            self.add(law, [])
            for event in term.args[1:]:
                self._event(law, event, env)
            return
        if isinstance(term, Distributed):
            for kernel in givens_of(self.world.setting).kernels:
                if not kernel.lhs.law.name and kernel.lhs.variables[0] in free_variables(term.variable):
                    self._expanded(("", ()), kernel.lhs.variables[0], env)
        if isinstance(term, Independent):
            for item in (*term.left, *term.right, *term.given):
                with suppress(Undefined, NotExercised):
                    variables = self.world.expand(item, env)
                    if term.law is None:
                        self._independent.extend(variables)
                    else:
                        self.add(self.world.law_key(term.law, env), variables)
            return
        if isinstance(term, (Sum, Product)) and len(term.limits[-1]) == 3:
            index, lower, upper = term.limits[-1]
            body = term.function if len(term.limits) == 1 else type(term)(term.function, *term.limits[:-1])
            scope = self.world.scope(env)
            try:
                low, high = number_of(lower, scope), number_of(upper, scope)
            except NotExercised:
                return
            for number in range(low, min(high, low + _LONGEST) + 1):
                self.read(body, {**env, index.name: number})
            return
        name = getattr(term, "name", None)
        if name is not None and not isinstance(term, Law):
            self._defined(str(name))
        for arg in term.args:
            if arg.args or hasattr(arg, "name"):
                self.read(arg, env)

    def _expanded(self, law: Key, variable: Basic, env: Env) -> None:
        with suppress(Undefined, NotExercised):
            self.add(law, self.world.expand(variable, env))

    def _event(self, law: Key, event: Basic, env: Env) -> None:
        if isinstance(event, Variable) and event.sort == EVENT:
            self.add(law, [(self.world.key(event, env), EVENT)])
        elif isinstance(event, Equals):
            for side in event.args:
                for item in side.free_symbols:
                    if isinstance(item, Variable) or (item.is_Symbol and side == item and side == event.args[0]):
                        self.add(law, [(self.world.key(item, env), sort_of(item))])
        elif isinstance(event, (IntersectionOver, UnionOver)):
            index, lower, upper = event.limits[0]
            scope = self.world.scope(env)
            for number in range(number_of(lower, scope), min(number_of(upper, scope), _LONGEST) + 1):
                self._event(law, event.event, {**env, index.name: number})
        elif isinstance(event, Holds):
            for item in free_variables(event.statement):
                if _is_random(item):
                    self.add(law, [(self.world.key(item, env), sort_of(item))])
        else:
            for part in event.args:
                self._event(law, part, env)

    def _defined(self, name: str) -> None:
        for _, body in self.world.parameters.definitions_of(name):
            if body not in self._definitions:
                self._definitions.add(body)
                if any(isinstance(node, (Density, Probability)) for node in walk(body)):
                    free = [index for index in self.world.parameters.index_names if index in body.free_symbols]
                    self._read_all(body, free)

    def _read_all(self, body: Basic, free: list[Any]) -> None:
        """A definition's body, for every value of the indices that the statement leaves open."""
        unknown = [index for index in free if index.name not in self.world.indices]
        numbers = range(1, max([2, *(v for v in self.world.indices.values() if isinstance(v, int))]) + 1)
        envs: list[Env] = [{}]
        for index in unknown[:2]:
            envs = [{**env, index.name: number} for env in envs for number in numbers]
        for env in envs:
            self.read(body, env)
