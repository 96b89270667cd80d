r"""What is built of laws: densities, Gaussians, divergences, entropies.

A bare law is resolved by what the declarations say of it, else by how the text uses it; what was chosen is noted.
"""

from __future__ import annotations

from typing import Any

from sympy import Basic, Expr, S, Symbol, default_sort_key, log

from derive.latex import syntax
from derive.latex.algebraic import Algebraic
from derive.latex.dotted import dotted_run
from derive.latex.indexing import written
from derive.latex.sorting import unnamed
from derive.latex.syntax import Node
from derive.latex.tokens import GREEK
from derive.latex.trees import spelled, walk
from derive.terms import (
    KL,
    SCALAR,
    Application,
    CrossEntropy,
    Density,
    Diagonal,
    Entropy,
    Equals,
    Expectation,
    Gradient,
    Intersection,
    Label,
    Law,
    Normal,
    Probability,
    Run,
    Sort,
    Variable,
    free_variables,
    is_scalar,
    sort_of,
)


class Laws(Algebraic):
    """Builds what is about laws, and calls of every kind."""

    def law(self, head: syntax.Name, slots: syntax.Slots | None = None) -> Law:
        """The law of a name with its indices."""
        indices = self.parameters(head, slots)
        if any(isinstance(index, tuple) for index in indices):
            raise self.error(head, "a range as the index of a law", "one index")
        return Law(head.name + "'" * head.primes, *indices)

    def parameters(self, head: syntax.Name, slots: syntax.Slots | None = None) -> list[Any]:
        r"""The indices of a law or function, in which it may be differentiated: the \phi of `q_\phi(z)` is what
        `\nabla_\phi` is in, be it a vector; were it another name, the derivative would vanish.
        """
        found: list[Any] = []
        taken = {item.name for item in walk(slots) if isinstance(item, syntax.Name)} if slots is not None else set()
        for index in self.indices(head):
            name = index.name if isinstance(index, (Label, Symbol)) else ""
            at = self.survey.differentiated.get(name)
            if name in taken or (at is None and self.declarations.sorts.get(name, SCALAR).kind == "scalar"):
                found.append(index)
            elif at is not None and at.subscript is not None:
                if isinstance(index, Symbol) and index.name in GREEK:
                    message = f"whether {head.name} depends on a part of {index.name} is not said"
                    raise self.error(head, message, rf"its arguments, such as {head.name}(\theta)")
                found.append(index)
            else:
                sort = self.sorting.sort(self.sorting.family(name))
                array = isinstance(sort, Sort) and sort.kind in ("vector", "matrix")
                parameter = at is not None or isinstance(index, Symbol)
                found.append(Variable(name, sort) if array and parameter else Symbol(name) if parameter else index)
        return found

    def _call(self, node: syntax.Call) -> Any:
        match self.survey.kind(node):
            case "process":
                return self.process(node)
            case "law":
                value = self.density(node)
            case "normal":
                value = self.gaussian(node)
            case "entropy":
                value = self.entropy(node)
            case _:
                value = self.application(node)
        return value if node.power is None else self.power(value, self.build(node.power), node)

    def process(self, node: syntax.Call) -> Any:
        """`x(t)`, a random point at a time, as x_t."""
        assert node.slots.single is not None
        name = node.head.name + "'" * node.head.primes
        variable = Variable(name, self.sorting.sort(self.sorting.family(node.head.name)), self.index(node.slots.single))
        self.note(f"{self.shown(node)} is read as {written(variable)}")
        return variable if node.power is None else self.power(variable, self.build(node.power), node)

    def application(self, node: syntax.Call) -> Expr:
        """The value of an unknown function at the arguments written."""
        head = node.head
        name = head.name + "'" * head.primes
        groups = [[unnamed(item) for item in group] for group in node.slots.groups]
        if groups != node.slots.groups:
            self.note(f"{self.shown(node)}: the values are read, the names of the parameters are not")
        dummies = {
            id(item): Density(self.law(item), [Symbol(r"\cdot")]) for group in groups for item in group
            if isinstance(item, syntax.Name) and self.survey.is_law(item) and self.survey.implied(item) is not None
        }  # fmt: skip
        self.standing.update(dummies)
        arguments = self.listed(groups[0])
        for separator, group in zip(node.slots.separators, groups[1:], strict=True):
            arguments += [Label(r"\|" if separator == "||" else r"\mid")] if separator != ";" else []
            arguments += self.listed(group)
        indices = self.parameters(head, node.slots)
        if any(isinstance(index, tuple) for index in indices):
            raise self.error(head, "a range as the index of a function", "one index")
        if self.sorting.diagonal(node) and not indices and len(arguments) == 1:
            squared = self._squared_entries(node.slots.single)
            if squared is not None or sort_of(arguments[0]).kind == "vector":
                return Diagonal(arguments[0] if squared is None else squared)
        if head.primes and len(arguments) == 1 and self._is_derivative(head) and is_scalar(arguments[0]):
            return self._derivative(node, indices, arguments[0])
        return Application(name, self.sorting.sort(self.sorting.value(name)), indices, *arguments)

    def _is_derivative(self, head: syntax.Name) -> bool:
        """Whether f′ is the derivative of f: where the text has f at a value too."""
        return any(not call.head.primes for call in self.survey.calls.get(head.name, ()))

    def _derivative(self, node: syntax.Call, indices: list[Any], point: Any) -> Any:
        """f′(a), the derivative of f at a; f″ twice so."""
        name = node.head.name
        variable = point if isinstance(point, Symbol) else Symbol("u")
        value: Any = Application(name, self.sorting.sort(self.sorting.value(name)), indices, variable)
        for _ in range(node.head.primes - 1):
            value = Gradient(value, variable)
        self.note(f"{self.shown(node)} is read as the derivative of {name}")
        return Gradient(value, variable, point)

    def density(self, node: syntax.Call) -> Any:
        """A density, or the probability of events."""
        law = self.law(node.head, node.slots)
        groups = node.slots.groups
        if not groups[0] and len(groups) > 1:
            raise self.error(node.slots, "a density of nothing", "variables left of the bar")
        items = [item for group in groups for item in group]
        if any(self._eventful(item) for item in items):
            return self._probability(node, law)
        targets = self.slots(node, groups[0], 0)
        givens = [pair for number, group in enumerate(groups[1:], 1) for pair in self.slots(node, group, number)]
        return Density(law, targets, givens)

    def _eventful(self, item: Node) -> bool:
        return not isinstance(item, (syntax.Dots, syntax.Assign)) and self.sorting.kind(item) == "event"

    def _probability(self, node: syntax.Call, law: Law) -> Any:
        groups = node.slots.groups
        if len(groups) > 2:
            raise self.error(node.slots, "a probability has one bar at most", "P(A | B)")
        parts = []
        for group in groups:
            events = [
                Equals(self.build(item.variable), self.build(item.value))
                if isinstance(item, syntax.Assign)
                else self.build(item)
                for item in group
            ]
            parts.append(events[0] if len(events) == 1 else Intersection(*events))
        return Probability(parts[0], parts[1] if len(parts) > 1 else None, law)

    def slots(self, call: syntax.Call, items: list[Node], group: int) -> list[Any]:
        """Variables, and (variable, point) pairs, of one side of a density's bar."""
        built: list[Any] = []
        for place, item in enumerate(items):
            if isinstance(item, syntax.Dots):
                built.append(None)
            elif isinstance(item, syntax.Assign):
                built.append((self._variable(item.variable), self.build(item.value)))
            else:
                built.append(self._slot(call, item, group, place))
        while None in built:
            place = built.index(None)
            around = built[place - 1 : place] + built[place + 1 : place + 2]
            if len(around) < 2 or any(item is None or isinstance(item, tuple) for item in around):
                raise self.error(items[place], "dots without a first and a last variable around them")
            built[place - 1 : place + 2] = [dotted_run(*around)]
        return built

    def _variable(self, node: Node) -> Any:
        term = self.build(node)
        if not isinstance(term, (Symbol, Variable, Run)):
            raise self.error(node, "a density is over variables", "a variable, or x = value")
        return term

    def _slot(self, call: syntax.Call, item: Node, group: int, place: int) -> Any:
        inner = item
        while isinstance(inner, syntax.Group):
            inner = inner.body
        if isinstance(inner, syntax.Name) and inner.subscript is None and self.survey.implied(inner) is not None:
            return self._value_named(inner, self.sorting.sort(self.sorting.value(inner.name + "'" * inner.primes)))
        term = self.build(item)
        named = isinstance(inner, syntax.Name) or (
            isinstance(inner, syntax.Call) and self.survey.kind(inner) == "process"
        )
        if named and isinstance(term, (Symbol, Variable, Run)):
            return term
        names = self._slot_names(call, group, place)
        if len(names) == 1:
            own = written(names[0])
            if sort_of(term).kind == "matrix" and sort_of(names[0]).kind != "matrix":
                raise self.error(item, f"a matrix is no value of {own}", "a value of the sort of the variable")
            self.note(f"{self.shown(call)}: {self.shown(item)} is read as the value of {own}")
            return (names[0], term)
        labels = [index for index in self.law(call.head).indices if isinstance(index, Label)]
        if len(labels) == 1 and len(labels[0].name) == 1 and labels[0].name.isupper() and len(call.slots.groups) == 1:
            sort = sort_of(term)
            name = labels[0].name.lower()
            variable = Symbol(name) if sort.kind in ("scalar", "index") else Variable(name, sort)
            self.note(f"{self.shown(call)}: {self.shown(item)} is read as the value of {name}")
            return (variable, term)
        if isinstance(term, Application) and isinstance(inner, syntax.Call) and not inner.head.subscript:
            own = self._value_named(inner.head, sort_of(term))
            if sum(isinstance(other, syntax.Call) and other.head.name == inner.head.name
                   for items in call.slots.groups for other in items) == 1:  # fmt: skip
                self.note(f"{self.shown(call)}: {self.shown(item)} is read as the value of {written(own)}")
                return (own, term)
        raise self.error(
            item, "which variable of the law takes this value is not clear", f"{self.shown(call.head)}(x = …)"
        )

    def _value_named(self, head: syntax.Name, sort: Any) -> Any:
        """The variable that bears a function's name, where a law speaks of the function's value: `p(y \\mid f)`."""
        name = head.name + "'" * head.primes
        return Symbol(name) if sort.kind in ("scalar", "index") else Variable(name, sort)

    def _slot_names(self, call: syntax.Call, group: int, place: int) -> list[Any]:
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
        if not found and shape == [1]:
            found = {
                spelled(single): single for other in self.survey.calls.get(call.head.name, ())
                if isinstance(single := other.slots.single, syntax.Name) and self.survey.implied(single) is None
            }  # fmt: skip
        names = [self.build(item) for item in found.values()]
        law = self.law(call.head)
        for density in self.declarations.joints:
            if (
                density.law == law
                and [len(density.targets), len(density.givens)][: len(shape)] == shape
                and shape[group] == 1
            ):
                name = (density.targets if group == 0 else density.givens)[0][0]
                if name not in names:
                    names.append(name)
        return names

    def gaussian(self, node: syntax.Call, point: Any = None) -> Normal:
        r"""The Gaussian density at its point, at `point` or at the dummy `\cdot` where none is written."""
        point_node, mean, covariance = self.sorting_parts(node)
        for item in node.slots.groups[-1]:
            if isinstance(item, syntax.Assign):
                self.note(f"{self.shown(item)}: the value is read, the name is not")
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

    def sorting_parts(self, node: syntax.Call) -> tuple[Node | None, Node, Node]:
        kept, self.sorting.scanner = getattr(self.sorting, "scanner", None), self.scanner
        try:
            return self.sorting.gaussian_parts(node)
        finally:
            if kept is not None:
                self.sorting.scanner = kept

    def _relative(self, node: syntax.Relative) -> Any:
        left, bound = self.measure(node.left)
        right, _ = self.measure(node.right, like=left)
        return KL(left, right, bound)

    def entropy(self, node: syntax.Call) -> Any:
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
        if not items:
            raise self.error(node.slots, "the entropy of nothing", "H(q)")
        first, bound = self.measure(items[0])
        if len(items) == 1:
            return Entropy(first, bound)
        if len(items) > 2:
            raise self.error(node.slots, "an entropy of more than two laws", "H(q) or H(q, p)")
        return CrossEntropy(first, self.measure(items[1], like=first)[0], bound)

    density_like: tuple[Any, ...] | None = None

    def _name(self, node: syntax.Name) -> Any:
        """A name; inside a law that is put together of others, as (p + q)/2, a law is the density it stands for."""
        if id(node) in self.standing:
            return self.standing[id(node)]
        if self.density_like is not None and self.survey.is_law(node):
            like = self.density_like[0]
            if isinstance(like, Density) and not like.law.name:
                density = Density(self.law(node), like.points)
                self.note(f"{self.shown(node)} is read as {written(density)}")
                return density
            if node.subscript is None:
                return self.bare_law(node, *self.density_like)
        return super()._name(node)

    def measure(self, node: Node, like: Any = None) -> tuple[Any, tuple[Basic, ...]]:
        """A density and the points it is over; a bare law is taken as the declarations or the text show it."""
        inner = node
        while isinstance(inner, syntax.Group):
            inner = inner.body
        if isinstance(inner, syntax.Name) and self.survey.is_law(inner):
            term: Any = self.bare_law(inner, like)
        else:
            kept, self.density_like = self.density_like, (like,)
            term = self.build(inner)
            self.density_like = kept
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

    def bare_law(self, node: syntax.Name, like: Any = None) -> Any:
        """The density that the bare name of a law stands for."""
        law = self.law(node)
        if isinstance(like, (Density, Normal)):
            points = like.points if isinstance(like, Density) else (like.point,)
            for form in self.forms(law):
                if set(form.variables) == set(points):
                    return form
            return Density(law, points)
        joint = self.joint_of(law)
        if joint is None:
            self.note(f"{self.shown(node)}: over what the law is is not said; it is read as a law of one number")
            return Density(law, [Symbol(r"\cdot")])
        self.note(f"{self.shown(node)} is read as {written(joint)}")
        return joint

    def forms(self, law: Law) -> list[Density]:
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

    def joint_of(self, law: Law, bodies: list[Any] | None = None) -> Density | None:
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
        targets = {item for form in forms for item in form.variables}
        roots = {item for item in given - targets if isinstance(item, Variable) and item.indices == (S.Zero,)}
        outside = {item for item in given if str(item.name) not in families} | (roots & members)
        chain = _chain(members, targets)
        if chain is None and members <= roots:
            root = min(members, key=default_sort_key)
            return Density(law, [Run(root.name, root.sort, 1, Symbol("T"))], [root])
        if chain is None:
            members -= roots
        return Density(law, *chain) if chain is not None else Density(law, ordered(members), ordered(outside - members))

    def _names(self, items: list[Node]) -> list[Any]:
        terms = self.listed(items)
        for item, term in zip(items, terms, strict=False):
            if not isinstance(term, (Symbol, Variable, Run)):
                raise self.error(item, "a variable was expected here", "a variable")
        return terms


def _free(bodies: list[Any]) -> set[Any]:
    return set().union(*(free_variables(body) for body in bodies))


def ordered(items: Any) -> list[Any]:
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
