r"""Expectations and what they bind: `\mathbb{E}_{q(x \mid y)}`, `\mathbb{E}_{x \sim q}`, `\mathbb{E}[x \mid y]`.

A bare law under an expectation is resolved by the declarations, else by the text; what was chosen is noted.
"""

from __future__ import annotations

from typing import Any

from sympy import Symbol, Tuple

from derive.errors import SortError
from derive.latex import syntax
from derive.latex.declarations import INDEX_LETTERS, RANDOM_NAMES
from derive.latex.indexing import written
from derive.latex.laws import Laws, ordered
from derive.latex.sorting import unnamed
from derive.latex.survey import timelike
from derive.latex.syntax import Node
from derive.latex.trees import walk
from derive.latex.vocabulary import UNIFORM
from derive.terms import (
    EVENT,
    FAMILIES,
    Covariance,
    Density,
    Expectation,
    Law,
    Normal,
    Run,
    Variable,
    Variance,
    free_variables,
)

_PARAMETERS = frozenset((r"\theta", r"\vartheta", r"\phi", r"\varphi", r"\psi"))
_UNIFORM = frozenset((UNIFORM, "U", "Uniform", "Unif", "unif", "uniform"))


class Moments(Laws):
    """Builds expectations, variances and covariances."""

    def _moment(self, node: syntax.Moment) -> Any:
        sources = node.sources
        measures: list[Any] = []
        waiting: list[syntax.Source] = []
        for source in sources or ():
            found = None if self._parameterised(source, node.bodies) else self._sourced(source)
            if found is None:
                waiting.append(source)
            else:
                measures.extend(found)
        depth = len(self.context)
        for measure in measures:
            self.context.extend(Tuple(point) for point in _points(measure))
        given = [self._given(item) for item in node.given]
        mark = len(self.requirements)
        kept = self.density_like
        if waiting and isinstance(waiting[0].variables[0], syntax.Name):
            self.density_like = self._law_of(waiting[0].variables[0], node.bodies) or kept
        bodies = [self.build(body) for body in node.bodies]
        self.density_like = kept
        inner = len(self.context)
        del self.context[depth:]
        if sources is None or waiting:
            chosen = self._unsaid(node, waiting[0] if waiting else None, bodies, given)
            measures.append(chosen)
            bound = tuple(Tuple(point) for point in _points(chosen))
            self.requirements[mark:] = [
                item._replace(context=(*item.context[:inner], *bound, *item.context[inner:]))
                for item in self.requirements[mark:]
            ]
        elif given:
            measures = [_conditioned(measure, given) for measure in measures]
        kind = {"E": Expectation, "Var": Variance, "Cov": Covariance}[node.operator]
        if node.operator != "E" and len(measures) > 1:
            raise self.error(node, f"{node.operator} under several measures", "one measure")
        measures = _nested(measures)
        term: Any = kind(*bodies, measures[-1])
        for measure in reversed(measures[:-1]):
            term = Expectation(term, measure)
        self.require("exists", term, node)
        return term

    def _parameterised(self, source: syntax.Source, bodies: list[Node]) -> bool:
        r"""Whether `E_\theta[X]` is taken under the law with the parameter θ: no θ stands in it, and a capital does."""
        only = source.variables[0]
        if len(source.variables) > 1 or source.given or source.law is not None or not isinstance(only, syntax.Name):
            return False
        if only.name not in _PARAMETERS:
            return False
        nodes = [node for body in bodies for node in walk(body)]
        laws = {id(node.head) for node in nodes if isinstance(node, syntax.Call) and self.survey.kind(node) == "law"}
        names = [node for node in nodes if isinstance(node, syntax.Name) and id(node) not in laws]
        below = [part.lower for name in names for part in name.subscript or () if part.lower is not None]
        within = [item for node in below for item in walk(node) if isinstance(item, syntax.Name)]
        random = any(name.name in RANDOM_NAMES and name.name.isupper() for name in names)
        return random and all(name.name != only.name for name in (*names, *within))

    def _law_of(self, name: syntax.Name, bodies: list[Node]) -> tuple[Any, ...] | None:
        r"""For `E_q[\log p/q]`, where laws stand bare in the body: the density of q that they are taken at."""
        bare = any(
            isinstance(item, syntax.Name) and item.subscript is None and self.survey.is_law(item)
            for body in bodies for item in walk(body) if not isinstance(item, syntax.Call)
        )  # fmt: skip
        calls = any(isinstance(item, syntax.Call) for body in bodies for item in walk(body))
        if not bare or calls or not self.survey.is_law(name):
            return None
        return (self.joint_of(self.law(name)) or Density(self.law(name), [Symbol(r"\cdot")]),)

    def _given(self, node: Node) -> Any:
        """A condition of an expectation: a variable, or a variable and its value."""
        if isinstance(node, syntax.Assign):
            return self._variable(node.variable), self.build(node.value)
        return self._variable(node)

    def _sourced(self, source: syntax.Source) -> list[Any] | None:
        """The measures of one part of a subscript, outermost first; None for a bare law or label."""
        if source.law is not None:
            return self._followed(source)
        if source.given:
            return [Density(Law(""), self._names(source.variables), self._names(source.given))]
        if len(source.variables) == 1:
            only = source.variables[0]
            if (isinstance(only, syntax.Name) and self.survey.is_law(only)) or isinstance(only, syntax.Number):
                return None
            if isinstance(only, syntax.Call) and self.survey.kind(only) in ("law", "normal"):
                return [self.measure(only)[0]]
        found: list[Any] = []
        names: list[Node] = []
        for item in _factors_of(source.variables):
            if isinstance(item, syntax.Call) and self.survey.kind(item) in ("law", "normal"):
                found.append(self.measure(item)[0])
            else:
                names.append(item)
        if names:
            found.insert(0, Density(Law(""), self._names(names)))
        return found

    def _followed(self, source: syntax.Source) -> list[Any]:
        law = source.law
        assert law is not None
        names = self._names(source.variables)
        if isinstance(law, syntax.Call) and law.head.name in FAMILIES and law.head.subscript is None:
            uniform = law.head.name in _UNIFORM
            own = Law(UNIFORM, *self._ends(law)) if uniform else Law(law.head.name, *self._parameters(law))
            return [*self._before_last(source, names), Density(own, names[-1:])]
        if isinstance(law, syntax.Name):
            early = [timelike(item) for item in source.variables]
            if early[0] and not early[-1]:
                last = early.index(False)
                return [Density(Law(""), names[:last]), self._drawn(law, names[last:])]
            return [self._drawn(law, names)]
        if not isinstance(law, syntax.Call) or self.survey.kind(law) not in ("law", "normal"):
            raise self.error(law, "this law is not read", r"a density, \mathcal{N}(…) or the name of a law")
        if self.survey.kind(law) == "normal":
            measure: Any = self.gaussian(law, names[-1])
            if measure.point != names[-1]:
                raise self.error(law, "the Gaussian is at another point than the variable before \\sim")
            return [*self._before_last(source, names), measure]
        measure = self.build(law)
        if isinstance(measure, Density) and any(
            str(getattr(point, "name", "")) == r"\cdot" for point in measure.points
        ):
            measure = Density(measure.law, names, measure.givens)
        others = [name for name in names if name not in _points(measure)]
        if others and len(others) < len(names):
            return [Density(Law(""), others), measure]
        return [measure]

    def _drawn(self, law: syntax.Name, names: list[Any]) -> Density:
        """The density of a bare law at variables drawn from it: that which the text writes over just these."""
        forms = [form for form in self.forms(self.law(law)) if set(form.variables) == set(names)]
        if len(forms) == 1 and forms[0].givens:
            self.note(f"{self.shown(law)} is read as {written(forms[0])}")
            return forms[0]
        return Density(self.law(law), names)

    def _before_last(self, source: syntax.Source, names: list[Any]) -> list[Any]:
        """The measure of the variables before the last, which alone follows the law: in `x, t ∼ U(0, 1)` that of x."""
        if len(names) < 2:
            return []
        self.note(f"{self.shown(source)}: only {self.shown(source.variables[-1])} is read as following this law")
        return [Density(Law(""), names[:-1])]

    def _parameters(self, law: syntax.Call) -> list[Any]:
        r"""The parameters of a law of a known family, as `\mathrm{Cat}(p)`; a name before them is not read."""
        built = []
        for item in (item for group in law.slots.groups for item in group):
            if isinstance(item, syntax.Dots):
                raise self.error(item, "dots among the parameters of a law are not read", "all of them")
            if isinstance(item, syntax.Assign):
                self.note(f"{self.shown(item)}: the value is read, the name is not")
            built.append(self.build(unnamed(item)))
        return built

    def _ends(self, law: syntax.Call) -> list[Any]:
        r"""The ends of the range of a uniform law: `[a, b]`, `(a, b)`, `(\{1, \dots, T\})`."""
        items = [item for group in law.slots.groups for item in group]
        if len(items) == 1 and isinstance(items[0], syntax.Braced):
            items = items[0].items
        ends = [item for item in items if not isinstance(item, syntax.Dots)]
        if len(ends) < 2 or (len(ends) > 2 and len(ends) == len(items)):
            raise self.error(law, "the range of this uniform law is not clear", r"\mathcal{U}(a, b)")
        return [self.build(ends[0]), self.build(ends[-1])]

    def _unsaid(self, node: syntax.Moment, source: syntax.Source | None, bodies: list[Any], given: list[Any]) -> Any:
        """The measure where the subscript is a bare law, a label, or is left out."""
        if source is not None and self._parameterised(source, node.bodies):
            law = Law(self.survey.law_letter(), self.index(source.variables[0]))
        elif source is not None and isinstance(source.variables[0], syntax.Name):
            law = self.law(source.variables[0])
            taken = self._law_of(source.variables[0], node.bodies)
            if taken is not None and not given:
                self.note(f"{self.shown(source.variables[0])} under the expectation is read as {written(taken[0])}")
                return taken[0]
            form = self.joint_of(law, bodies)
            if form is not None and not given:
                self.note(f"{self.shown(source.variables[0])} under the expectation is read as {written(form)}")
                return form
        elif source is not None:
            law = Law("", self.index(source.variables[0]))
        else:
            law = Law("")
        names = self._random(bodies, [item[0] if isinstance(item, tuple) else item for item in given])
        if not names:
            raise self.error(node, "over what this expectation is is not clear", r"\mathbb{E}_{q(x)}[…]")
        form = Density(law, names, given)
        if source is not None:
            self.note(
                f"{self.shown(node)}: the expectation is read as over {', '.join(written(n) for n in form.variables)}"
            )
        return form

    def _random(self, bodies: list[Any], given: list[Any]) -> list[Any]:
        """The random names of the bodies that are not given."""
        free: set[Any] = set().union(*(free_variables(body) for body in bodies))
        known = {item for item in free if isinstance(item, (Variable, Symbol, Run)) and item not in given}
        random = self._followed_names() | self.survey.averaged
        names = [item for item in known if self.declarations.is_random(str(item.name)) or str(item.name) in random]
        if not names and len(bodies) == 1 and isinstance(bodies[0], (Variable, Symbol)):
            names = [bodies[0]]
        if not names:
            names = [item for item in known if isinstance(item, Variable) and item.sort == EVENT]
        if not names:
            names = [item for item in known if str(item.name).startswith((r"\hat", r"\tilde", r"\bar"))]
        alone = [item for item in known if str(item.name) not in INDEX_LETTERS]
        return ordered(names or (alone if len(alone) == 1 else []))

    def _followed_names(self) -> set[str]:
        return {
            item.name for follows in self.survey.followed for item in follows.variables if isinstance(item, syntax.Name)
        }


def _points(measure: Any) -> tuple[Any, ...]:
    if isinstance(measure, Density):
        return measure.points
    return (measure.point,) if isinstance(measure, Normal) else ()


def _factors_of(items: list[Node]) -> list[Node]:
    """The densities of a product under an expectation, one by one."""
    flat: list[Node] = []
    for item in items:
        calls = isinstance(item, syntax.Juxtaposition) and all(isinstance(part, syntax.Call) for part in item.factors)
        flat.extend(item.factors if calls and isinstance(item, syntax.Juxtaposition) else [item])
    return flat


def _nested(measures: list[Any]) -> list[Any]:
    """Measures in an order in which what one is given stands outside it; as written where that leaves a choice."""
    if len(measures) < 2:
        return measures
    waiting, placed = list(measures), []
    while waiting:
        bound = {point for measure in waiting for point in _points(measure)}
        ready = next((m for m in waiting if not (_mentioned(m) & (bound - set(_points(m))))), waiting[0])
        placed.append(ready)
        waiting.remove(ready)
    return placed


def _mentioned(measure: Any) -> set[Any]:
    if isinstance(measure, Density):
        return {item for pair in measure.givens for item in free_variables(pair[1])}
    return set(free_variables(measure.mean) | free_variables(measure.covariance))


def _conditioned(measure: Any, given: list[Any]) -> Any:
    if not isinstance(measure, Density):
        raise SortError("a condition beside a Gaussian measure")
    return Density(measure.law, measure.targets, [*measure.givens, *given])
