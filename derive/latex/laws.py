r"""What is built of laws: densities, Gaussians, divergences, entropies, and what an expectation binds.

A bare law under an expectation is resolved by what the declarations say of it, else by how the text uses it; what was
chosen is noted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import Basic, S, Symbol, Tuple, default_sort_key, log

from derive.errors import SortError
from derive.latex import syntax
from derive.latex.declarations import EVENT_LETTERS, base_letter
from derive.latex.survey import spelled
from derive.latex.syntax import Node
from derive.terms import (
    KL,
    SCALAR,
    Covariance,
    CrossEntropy,
    Density,
    Entropy,
    Equals,
    Expectation,
    Intersection,
    Label,
    Law,
    Normal,
    Probability,
    Run,
    Variable,
    Variance,
    free_variables,
    sort_of,
)

if TYPE_CHECKING:
    from derive.latex.building import Building


class Laws:
    """The part of `Building` that is about laws."""

    # ---- densities ------------------------------------------------------------------------------------------------

    def law(self: Building, head: syntax.Name) -> Law:
        """The law of a name with its indices."""
        indices = self.indices(head)
        if any(isinstance(index, tuple) for index in indices):
            raise self.error(head, "a range as the index of a law", "one index")
        return Law(head.name + "'" * head.primes, *indices)

    def density(self: Building, node: syntax.Call) -> Any:
        """A density, or the probability of events."""
        law = self.law(node.head)
        groups = node.slots.groups
        if not groups[0] and len(groups) > 1:
            raise self.error(node.slots, "a density of nothing", "variables left of the bar")
        items = [item for group in groups for item in group]
        if any(self._eventful(item) for item in items):
            return self._probability(node, law)
        targets = self.slots(node, groups[0], 0)
        givens = [pair for number, group in enumerate(groups[1:], 1) for pair in self.slots(node, group, number)]
        return Density(law, targets, givens)

    def _eventful(self: Building, item: Node) -> bool:
        return not isinstance(item, (syntax.Dots, syntax.Assign)) and self.sorting.kind(item) == "event"

    def _probability(self: Building, node: syntax.Call, law: Law) -> Any:
        groups = node.slots.groups
        if len(groups) > 2:
            raise self.error(node.slots, "a probability has one bar at most", "P(A | B)")
        parts = []
        for group in groups:
            events = [
                Equals(self.build(item.variable), self.build(item.value)) if isinstance(item, syntax.Assign) else self.build(item)
                for item in group
            ]
            parts.append(events[0] if len(events) == 1 else Intersection(*events))
        return Probability(parts[0], parts[1] if len(parts) > 1 else None, law)

    def slots(self: Building, call: syntax.Call, items: list[Node], group: int) -> list[Any]:
        """Variables, and (variable, point) pairs, of one side of a density's bar."""
        built: list[Any] = []
        for place, item in enumerate(items):
            if isinstance(item, syntax.Dots):
                built.append(None)
            elif isinstance(item, syntax.Assign):
                built.append((self._variable(item.variable), self.build(item.value)))
            else:
                built.append(self._slot(call, item, group, place))
        if None in built:
            return self.listed(items)
        return built

    def _variable(self: Building, node: Node) -> Any:
        term = self.build(node)
        if not isinstance(term, (Symbol, Variable, Run)):
            raise self.error(node, "a density is over variables", "a variable, or x = value")
        return term

    def _slot(self: Building, call: syntax.Call, item: Node, group: int, place: int) -> Any:
        term = self.build(item)
        inner = item
        while isinstance(inner, syntax.Group):
            inner = inner.body
        if isinstance(inner, syntax.Name) and isinstance(term, (Symbol, Variable, Run)):
            return term
        names = self._slot_names(call, group, place)
        if len(names) == 1:
            self.note(f"{self.shown(call)}: {self.shown(item)} is read as the value of {names[0]}")
            return (names[0], term)
        raise self.error(
            item, "which variable of the law takes this value is not clear", f"{self.shown(call.head)}(x = …)"
        )

    def _slot_names(self: Building, call: syntax.Call, group: int, place: int) -> list[Any]:
        """The variables that other densities of this law, with as many slots, have at one place."""
        others = [item for number, items in enumerate(call.slots.groups) for item in items]
        taken = {spelled(item) for item in others}
        shape = [len(items) for items in call.slots.groups]
        found: dict[str, Any] = {}
        for other in self.survey.calls.get(call.head.name, ()):
            if other is call or [len(items) for items in other.slots.groups] != shape:
                continue
            if spelled(other.head) != spelled(call.head):
                continue
            item = other.slots.groups[group][place]
            if isinstance(item, syntax.Name) and spelled(item) not in taken:
                found.setdefault(spelled(item), item)
        names = [self.build(item) for item in found.values()]
        law = self.law(call.head)
        for density in self.declarations.joints:
            if density.law == law and [len(density.targets), len(density.givens)][: len(shape)] == shape and shape[group] == 1:
                name = (density.targets if group == 0 else density.givens)[0][0]
                if name not in names:
                    names.append(name)
        return names

    def gaussian(self: Building, node: syntax.Call, point: Any = None) -> Normal:
        r"""The Gaussian density at its point, at `point` or at the dummy `\cdot` where none is written."""
        point_node, mean, covariance = self.sorting_parts(node)
        if point_node is not None:
            point = self.build(point_node)
        built = [self.build(mean), self.build(covariance)]
        if point is None:
            sort = SCALAR
            for value in built[:1] if built[0] != 0 else built[1:]:
                sort = sort_of(value)
                if sort.kind == "matrix":
                    from derive.terms import vector

                    sort = vector(sort.shape[0])
            point = self._dummy(SCALAR if sort.kind == "index" else sort)
        return Normal(point, *built)

    def sorting_parts(self: Building, node: syntax.Call) -> tuple[Node | None, Node, Node]:
        kept, self.sorting.scanner = getattr(self.sorting, "scanner", None), self.scanner
        try:
            return self.sorting.gaussian_parts(node)
        finally:
            if kept is not None:
                self.sorting.scanner = kept

    # ---- divergences and entropies --------------------------------------------------------------------------------

    def _relative(self: Building, node: syntax.Relative) -> Any:
        left, bound = self.measure(node.left)
        right, _ = self.measure(node.right, like=left)
        return KL(left, right, bound)

    def entropy(self: Building, node: syntax.Call) -> Any:
        """H(p), H(p, q), and H_q(X | Y) as the expectation that it is."""
        items = node.slots.groups[0]
        if node.head.subscript is not None:
            head = node.head.subscript[0].lower
            if isinstance(head, syntax.Name) and self.survey.is_law(head):
                law = self.law(head)
                variables = self._names(items)
                givens = self._names([item for group in node.slots.groups[1:] for item in group])
                if not givens:
                    return Entropy(Density(law, variables), variables)
                self.note(f"{self.shown(node)} is read as the expectation of −log of the conditional density")
                return Expectation(-log(Density(law, variables, givens)), Density(law, [*variables, *givens]))
            raise self.error(node, "this entropy is not read", "H(q), H(q, p) or H_q(X)")
        first, bound = self.measure(items[0])
        if len(items) == 1:
            return Entropy(first, bound)
        if len(items) > 2:
            raise self.error(node.slots, "an entropy of more than two laws", "H(q) or H(q, p)")
        return CrossEntropy(first, self.measure(items[1], like=first)[0], bound)

    def measure(self: Building, node: Node, like: Any = None) -> tuple[Any, tuple[Basic, ...]]:
        """A density and the points it is over; a bare law is taken as the declarations or the text show it."""
        inner = node
        while isinstance(inner, syntax.Group):
            inner = inner.body
        if isinstance(inner, syntax.Name) and self.survey.is_law(inner):
            term: Any = self.bare_law(inner, like)
        else:
            term = self.build(inner)
        if isinstance(term, Density):
            points = term.points
        elif isinstance(term, Normal):
            points = (term.point,)
        elif like is None:
            raise self.error(node, "a density was expected here", "q(x), \\mathcal{N}(…) or the name of a law")
        else:
            points = ()
        for point in points:
            if like is None and not isinstance(point, (Symbol, Variable, Run)):
                raise self.error(node, "a divergence is over variables", "a density at variables")
        return term, points

    def bare_law(self: Building, node: syntax.Name, like: Any = None) -> Any:
        """The density that the bare name of a law stands for."""
        law = self.law(node)
        if isinstance(like, (Density, Normal)):
            points = like.points if isinstance(like, Density) else (like.point,)
            for form in self.forms(law):
                if set(form.variables) == set(points):
                    return form
            return Density(law, points)
        form = self.joint_of(law)
        if form is None:
            dummy = Symbol(r"\cdot")
            form = Density(law, [dummy])
            self.note(f"{self.shown(node)}: over what the law is is not said; it is read as a law of one number")
        else:
            self.note(f"{self.shown(node)} is read as {written(form)}")
        return form

    def forms(self: Building, law: Law) -> list[Density]:
        """The densities of a law: those declared, then those the text writes, the first first."""
        found = [density for density in self.declarations.joints if density.law == law]
        for call in self.survey.calls.get(law.name, ()):
            if self.survey.kind(call) != "law" or any(
                not isinstance(item, (syntax.Name, syntax.Dots)) for group in call.slots.groups for item in group
            ):
                continue
            if call is not None and self.law(call.head) == law:
                marks = len(self.requirements), len(self.spans)
                density = self.build(call)
                del self.requirements[marks[0] :], self.spans[marks[1] :]
                if isinstance(density, Density) and density not in found:
                    found.append(density)
        return found

    def joint_of(self: Building, law: Law, bodies: list[Any] | None = None) -> Density | None:
        """What a bare law is over: the declared joint, else a density with a run, else what the text shows of it."""
        declared = [density for density in self.declarations.joints if density.law == law]
        forms = declared or self.forms(law)
        if not forms:
            return None
        runs = [form for form in forms if any(isinstance(item, Run) for item in form.variables)]
        if runs or len(declared) > 0:
            return (runs or declared)[0]
        families = {str(item.name) for form in forms for item in form.variables}
        given = {pair[0] for form in forms for pair in form.givens}
        if len(forms) == 1 and not any(str(item.name) in families for item in given):
            return forms[0]
        free = given.union(*(form.variables for form in forms)) if bodies is None else _free(bodies)
        members = {item for item in free if isinstance(item, (Symbol, Variable, Run)) and str(item.name) in families}
        if not members:
            return forms[0] if len(forms) == 1 else None
        outside = {item for item in given if str(item.name) not in families}
        targets = {item for form in forms for item in form.variables}
        chain = _chain(members, targets)
        return Density(law, *chain) if chain is not None else Density(law, _sorted(members), _sorted(outside))

    # ---- expectations ---------------------------------------------------------------------------------------------

    def _moment(self: Building, node: syntax.Moment) -> Any:
        sources = node.sources
        measures: list[Any] = []
        waiting: list[syntax.Source] = []
        for source in sources or ():
            found = self._sourced(source)
            if found is None:
                waiting.append(source)
            else:
                measures.extend(found)
        depth = len(self.context)
        for measure in measures:
            self.context.extend(Tuple(point) for point in _points(measure))
        given = [self._variable(item) for item in node.given]
        mark = len(self.requirements)
        bodies = [self.build(body) for body in node.bodies]
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
        term: Any = kind(*bodies, measures[-1])
        for measure in reversed(measures[:-1]):
            term = Expectation(term, measure)
        self.require("exists", term, node)
        return term

    def _sourced(self: Building, source: syntax.Source) -> list[Any] | None:
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
        for item in source.variables:
            if isinstance(item, syntax.Call) and self.survey.kind(item) in ("law", "normal"):
                found.append(self.measure(item)[0])
            else:
                names.append(item)
        if names:
            found.insert(0, Density(Law(""), self._names(names)))
        return found

    def _names(self: Building, items: list[Node]) -> list[Any]:
        terms = self.listed(items)
        for item, term in zip(items, terms, strict=False):
            if not isinstance(term, (Symbol, Variable, Run)):
                raise self.error(item, "a variable was expected here", "a variable")
        return terms

    def _followed(self: Building, source: syntax.Source) -> list[Any]:
        names = self._names(source.variables)
        law = source.law
        assert law is not None
        if isinstance(law, syntax.Name):
            return [Density(self.law(law), names)]
        if not isinstance(law, syntax.Call) or self.survey.kind(law) not in ("law", "normal"):
            raise self.error(law, "this law is not read", r"a density, \mathcal{N}(…) or the name of a law")
        if self.survey.kind(law) == "normal":
            measure: Any = self.gaussian(law, names[-1])
            if measure.point != names[-1]:
                raise self.error(law, "the Gaussian is at another point than the variable before \\sim")
            if len(names) > 1:
                self.note(f"{self.shown(source)}: only {self.shown(source.variables[-1])} is read as Gaussian")
                return [Density(Law(""), names[:-1]), measure]
            return [measure]
        measure = self.build(law)
        if isinstance(measure, Density) and any(str(getattr(point, "name", "")) == r"\cdot" for point in measure.points):
            measure = Density(measure.law, names, measure.givens)
        return [measure]

    def _unsaid(self: Building, node: syntax.Moment, source: syntax.Source | None, bodies: list[Any], given: list[Any]) -> Any:
        """The measure where the subscript is a bare law, a label, or is left out."""
        if source is not None and isinstance(source.variables[0], syntax.Name):
            law = self.law(source.variables[0])
            form = self.joint_of(law, bodies)
            if form is not None and not given:
                self.note(f"{self.shown(source.variables[0])} under the expectation is read as {written(form)}")
                return form
        elif source is not None:
            law = Law("", self.index(source.variables[0]))
        else:
            law = Law("")
        names = self._random(bodies, given)
        if not names:
            raise self.error(node, "over what this expectation is is not clear", r"\mathbb{E}_{q(x)}[…]")
        form = Density(law, names, given)
        if source is not None:
            self.note(f"{self.shown(node)}: the expectation is read as over {', '.join(written(n) for n in form.variables)}")
        return form

    def _random(self: Building, bodies: list[Any], given: list[Any]) -> list[Any]:
        """The random names of the bodies that are not given."""
        free: set[Any] = set().union(*(free_variables(body) for body in bodies))
        known = {item for item in free if isinstance(item, (Variable, Symbol, Run)) and item not in given}
        names = [item for item in known if self.declarations.is_random(str(item.name)) or str(item.name) in self._followed_names()]
        if not names and len(bodies) == 1 and isinstance(bodies[0], (Variable, Symbol)):
            names = [bodies[0]]
        return _sorted(names)

    def _followed_names(self: Building) -> set[str]:
        return {
            item.name for follows in self.survey.followed for item in follows.variables if isinstance(item, syntax.Name)
        }


def _points(measure: Any) -> tuple[Any, ...]:
    if isinstance(measure, Density):
        return measure.points
    return (measure.point,) if isinstance(measure, Normal) else ()


def _conditioned(measure: Any, given: list[Any]) -> Any:
    if not isinstance(measure, Density):
        raise SortError("a condition beside a Gaussian measure")
    return Density(measure.law, measure.targets, [*measure.givens, *given])


def _free(bodies: list[Any]) -> set[Any]:
    return set().union(*(free_variables(body) for body in bodies))


def _sorted(items: Any) -> list[Any]:
    return sorted(items, key=default_sort_key)


def _chain(members: set[Any], targets: set[Any]) -> tuple[list[Any], list[Any]] | None:
    """x_{1:T} given x_0, or x_{0:T} where x_0 is generated too, for members of one family that reach up to T."""
    end = Symbol("T")
    families: set[tuple[str, Any]] = set()
    for item in members:
        if isinstance(item, Run):
            families.add((item.name, item.element_sort))
        elif isinstance(item, Variable) and len(item.indices) == 1:
            families.add((item.name, item.sort))
        else:
            return None
    highest = [item.upper if isinstance(item, Run) else item.indices[0] for item in members]
    if len(families) != 1 or end not in highest:
        return None
    name, sort = families.pop()
    start = Variable(name, sort, S.Zero)
    if start in targets:
        return [Run(name, sort, 0, end)], []
    return [Run(name, sort, 1, end)], [start]


def written(term: Any) -> str:
    """A term for a note."""
    from derive.latex import unicode_text

    try:
        return unicode_text(term)
    except ImportError:
        return str(term)


__all__ = ["EVENT_LETTERS", "Label", "Laws", "base_letter", "written"]
