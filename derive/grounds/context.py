"""What may be used at a place of a term: the model, the hypotheses, and the index ranges of the sums above it.

Below a binder no hypothesis about its variable is left, and no particular equation of the model: from μ = 1 nothing
follows under ∂/∂μ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import product
from typing import Any

from sympy import Add, Basic, Mul, Pow, Product, Sum, Symbol

from derive import algebra
from derive.grounds.definite import definite, determinants, stated, with_parts
from derive.models import Model, Recursion
from derive.models.facts import equations, instances, matches
from derive.models.model import indices_in
from derive.models.products import as_products
from derive.terms import (
    Application,
    Density,
    Divergence,
    Entry,
    Equal,
    Expectation,
    Gradient,
    IndexFacts,
    Integral,
    Normal,
    Ones,
    Relation,
    Run,
    Statement,
    Variable,
    canonical,
    context,
    differentiated,
    entry_of,
    facts_of,
    free_variables,
    is_scalar,
    mentions,
    orders,
    squared_norm,
    substitute,
    walk,
)
from derive.terms.binding import NO_FACTS
from derive.terms.statements import Greater, GreaterEqual, Less, LessEqual, Unequal
from derive.terms.times import times_in


@dataclass(frozen=True)
class Given:
    """A hypothesis: a statement, and the variables for every value of which it is assumed."""

    statement: Statement
    universal: frozenset[Basic] = frozenset()


@dataclass(frozen=True)
class Discharge:
    """A condition with its answer and the ground of it; `answer` None means that it was assumed.

    `kind` says what it is for: "when" a rule states it, "defined" where a formula needs it to make sense, "disjoint"
    for variables that must differ, "range" for an index.
    """

    condition: Basic
    answer: bool | None
    how: str
    kind: str = "when"


@dataclass(frozen=True)
class Context:
    """What may be used: a model, hypotheses, and what is known of indices at the place where a step is made.

    `hidden` are the variables bound there, of which no particular equation or bound may be used; `smooth` those of
    them in which only a derivative is taken: strict bounds hold in a neighbourhood, and so below the derivative too.
    """

    model: Model
    given: tuple[Given, ...] = ()
    facts: IndexFacts = NO_FACTS
    indices: frozenset[Symbol] = frozenset()
    hidden: frozenset[Basic] = frozenset()
    smooth: frozenset[Basic] = frozenset()

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.model, self.given, self.facts, self.indices, self.hidden, self.smooth))

    def __getstate__(self) -> dict[str, Any]:
        """What is carried to another process: not the hash, which is another one there."""
        return {name: value for name, value in self.__dict__.items() if name != "_hash"}

    @staticmethod
    def of(model: Model, statements: Iterable[Statement] = (), terms: Iterable[Basic] = ()) -> Context:
        """The context of a model with further hypotheses, for statements about these terms.

        A symbol is an index only where it is used as one, in the model, a hypothesis or a term: t ≥ 2 is then a range
        of whole numbers. Of any other symbol it is a bound on a real number.
        """
        statements, terms = tuple(statements), tuple(terms)
        times = model.times | times_in((*statements, *terms))
        indices = (model.indices | indices_in((*statements, *terms))) - times
        facts = IndexFacts(model.facts.rows | facts_of((*model.bounds, *statements), indices).rows)
        return Context(model, tuple(Given(statement) for statement in statements), facts, indices)

    def at(self, term: Basic, path: tuple[Any, ...]) -> Context:
        """The context below the binders on a path: no hypothesis about a variable that is bound there."""
        facts, bound = context(term, path, self.facts)
        return self._hiding(bound, facts, differentiated(term, path)) if bound else replace(self, facts=facts)

    def below(self, bound: Iterable[Basic], ranges: Iterable[Relation]) -> Context:
        """The context for all values of some points, for which these index ranges hold."""
        bound = tuple(bound)
        facts = self.facts
        for point in bound:
            if isinstance(point, Symbol):
                facts = facts.without(point)
        for relation in ranges:
            facts = facts.known(relation.rhs - relation.lhs)
        return self._hiding(bound, facts)

    def _hiding(
        self, bound: tuple[Basic, ...], facts: IndexFacts, smooth: frozenset[Basic] = frozenset()
    ) -> Context:
        hidden = frozenset(variable for variable in bound if variable not in self.indices)
        below = replace(self, facts=facts, hidden=self.hidden | hidden, smooth=(self.smooth - hidden) | smooth)
        kept = tuple(given for given in self.given if _usable(given.statement, below, given.universal))
        return replace(below, given=kept)

    def assuming(self, *given: Given) -> Context:
        """The context with further hypotheses."""
        return replace(self, given=(*self.given, *given))

    def covers(self, other: Context) -> bool:
        """Whether all that may be used in another context may be used here."""
        return (
            self.model.includes(other.model) and set(other.given) <= set(self.given)
            and other.facts.rows <= self.facts.rows and other.indices <= self.indices and self.hidden == other.hidden
        )  # fmt: skip

    def about(self, *terms: Basic) -> Context:
        """The context where these terms are defined: a variable of a law's run has its index within that run.

        One that a density binds has it too, where that density stands under no sum or product, which may be empty.
        """
        facts = self.facts
        densities = frozenset[Density]().union(*map(densities_of, terms))
        bound = {pair[0] for density in densities for pair in (*density.targets, *density.givens)}
        for item in frozenset(bound).union(*map(free_variables, terms)):
            for row in _ranges(self.model, item):
                facts = facts.known(*row)
        return replace(self, facts=facts)

    @property
    def consistent(self) -> bool:
        """False only where the index ranges contradict each other."""
        return self.facts.consistent

    def algebra_facts(self, *terms: Basic) -> tuple[Statement, ...]:
        """What exact algebra may use about the scalars in these terms."""
        return _algebra_facts(self, terms)


@lru_cache(maxsize=4096)
def densities_of(term: Basic) -> frozenset[Density]:
    """The densities of a term that it cannot be without."""
    if isinstance(term, Density):
        return frozenset((term,))
    if isinstance(term, (Sum, Product)):
        return frozenset()
    return frozenset[Density]().union(*map(densities_of, term.args))


def apart(density: Density, facts: IndexFacts) -> Iterable[Any]:
    """What keeps a variable left of the bar from being one right of it, where its index may meet the other's one way.

    q(x_{t−1} | x_t, x_0) is no density at t = 1. x_0 is the first of its family where nothing else is known.
    """
    for left, _ in density.targets:
        for right, _ in density.givens:
            if not (isinstance(left, Variable) and isinstance(right, Variable) and left.name == right.name):
                continue
            if len(left.indices) == len(right.indices) == 1:
                here, there = left.indices[0], right.indices[0]
                if facts.at_most(there, here) is True or (there == 0 and facts.at_most(here, there) is None):
                    yield here - there - 1
                elif facts.at_most(here, there) is True or (here == 0 and facts.at_most(there, here) is None):
                    yield there - here - 1


def _ranges(model: Model, item: Basic) -> Iterable[tuple[Basic, Basic]]:
    """index − lower and upper − index, for a variable of a family that a factorization's joint and roots make up."""
    if not isinstance(item, Variable) or len(item.indices) != 1:
        return
    for entry in model.factorizations:
        ends: list[tuple[Any, Any]] = []
        for piece in (*entry.joint.variables, *(pair[0] for pair in entry.joint.givens)):
            if getattr(piece, "name", None) != item.name:
                continue
            ends.append((piece.lower, piece.upper) if isinstance(piece, Run) else (piece.indices[0], piece.indices[0]))
        for lowest, _ in ends:
            for _, highest in ends:
                below = all(model.facts.at_most(lowest, low) is True for low, _ in ends)
                above = all(model.facts.at_most(high, highest) is True for _, high in ends)
                if below and above:
                    yield item.indices[0] - lowest, highest - item.indices[0]


@lru_cache(maxsize=4096)
def _algebra_facts(where: Context, terms: tuple[Basic, ...]) -> tuple[Statement, ...]:
    scalar_givens = tuple(
        given.statement
        for given in where.given
        if isinstance(given.statement, Relation) and not isinstance(given.statement.lhs, Density)
        and (isinstance(given.statement, Equal) or is_scalar(given.statement.lhs))
    )  # fmt: skip
    spoken = (*terms, *equations(where.model, terms))  # what an equation brings in has bounds of its own
    ties = equations(where.model, (*spoken, *instances(where.model, spoken, where.facts)))
    ties += as_products(where.model, (*terms, *scalar_givens), where.facts)
    known = list(instances(where.model, (*spoken, *ties, *scalar_givens), where.facts))
    known += _below_sums(where, (*spoken, *ties, *scalar_givens))
    known += [statement for statement in (*scalar_givens, *ties) if statement not in known]
    names = {side for fact in known for side in _recursive_heads(where.model, fact)}
    names |= {name for term in terms for name in free_variables(term) if isinstance(name, Variable) and is_scalar(name)}
    for name in sorted(names, key=str):
        known += [sign for sign in recursive_signs(where, name) if sign not in known]
    known += [order for order in recursive_order(where, names) if order not in known]
    known += [sign for sign in _signs_without_loss(terms, known) if sign not in known]
    known += [length for length in _lengths_of_ones((*terms, *known)) if length not in known]
    facts = tuple(known)
    known += determinants((*terms, *facts), definite_matrices(where), lambda number: algebra.sign(number, facts) == "+")
    said = {given.statement: given.universal for given in where.given if given.universal}
    nothing = frozenset[Basic]()
    usable = [fact for fact in known if _usable(fact, where, _arguments(fact, where.model) | said.get(fact, nothing))]
    return (*usable, *(bound for bound in _of_entries(where.model, terms) if bound not in usable))


def _of_entries(model: Model, terms: tuple[Basic, ...]) -> Iterable[Statement]:
    """What is given of each entry of a vector, σ_j > 0, of the entries that terms speak of."""
    given = [bound for bound in model.bounds if isinstance(bound.args[0], Entry) and bound.args[1].is_number]
    nodes = (node for term in terms for _, node in walk(term) if isinstance(node, Entry)) if given else ()
    spoken = dict.fromkeys(part for node in nodes for _, part in walk(entry_of(*node.args)) if isinstance(part, Entry))
    for bound, entry in product(given, spoken):
        head: Any = bound.args[0]
        if head.array == entry.array and all(isinstance(index, Symbol) for index in head.indices):
            yield substitute(bound, dict(zip(head.indices, entry.indices, strict=True)))


def _below_sums(where: Context, terms: Iterable[Basic]) -> list[Statement]:
    """What is given of every member of a family, said of the member that a sum or product over its index speaks of."""
    bodies = sorted({body for term in terms for body in _summed(term)}, key=str)
    if not bodies:
        return []
    known = instances(where.model, bodies, where.facts)
    return [fact for fact in known if any("#" in str(symbol) for symbol in fact.free_symbols)]


@lru_cache(maxsize=4096)
def _summed(term: Basic) -> frozenset[Basic]:
    """The bodies of the sums and products in a term, their indices named as algebra names them."""
    if isinstance(term, (Sum, Product)):
        named = term if any("#" in str(symbol) for symbol in term.free_symbols) else canonical(term)
        return frozenset((named.function,)) | _summed(named.function)
    if isinstance(term, (Symbol, Variable)) or not term.args:
        return frozenset()
    return frozenset[Basic]().union(*map(_summed, term.args))


def _lengths_of_ones(terms: Iterable[Basic]) -> list[Equal]:
    """𝟏ᵀ𝟏 = K, for each vector of K ones that is spoken of."""
    found = {node for term in terms for node in _ones_in(term)}
    return [Equal(squared_norm(ones), ones.size) for ones in sorted(found, key=str)]


@lru_cache(maxsize=4096)
def _ones_in(term: Basic) -> frozenset[Any]:
    if isinstance(term, Ones):
        return frozenset((term,))
    if isinstance(term, (Symbol, Variable)) or not term.args:
        return frozenset()
    return frozenset[Any]().union(*map(_ones_in, term.args))


def _signs_without_loss(terms: tuple[Basic, ...], known: Sequence[Statement]) -> list[Statement]:
    """a ≥ 0 where a² is given and nothing speaks of a but by its square: what holds of |a| then holds of a."""
    found: list[Statement] = []
    for fact in known:
        square = fact.lhs if isinstance(fact, Equal) else None
        name = square.base if isinstance(square, Pow) and square.exp == 2 else None
        if isinstance(name, (Symbol, Variable)) and is_scalar(name) and not any(
            _odd(part, name) for part in (*terms, *known)
        ):
            found.append(GreaterEqual(name, 0))
    return found


def _odd(term: Basic, name: Any) -> bool:
    """Whether a name stands in a term other than in an even power of it."""
    if term == name:
        return True
    if isinstance(term, Pow) and term.base == name and term.exp.is_Integer and int(term.exp) % 2 == 0:
        return False
    if isinstance(term, (Symbol, Variable)) or not term.args:
        return name in getattr(term, "args", ())
    return any(_odd(part, name) for part in term.args)


def definite_matrices(where: Context) -> frozenset[Basic]:
    """The matrices that the model or a hypothesis says are positive definite, at this place.

    So is the covariance of a Gaussian that is given as a density.
    """
    bound = where.hidden - where.smooth
    known = stated((*where.model.bounds, *(given.statement for given in where.given)))
    known = with_parts((*known, *_covariances(where.model)))
    found = _defined_definite(where.model, known)
    return frozenset(item for item in found if all(mentions(item, point) is False for point in bound))


@lru_cache(maxsize=1024)
def _defined_definite(model: Model, known: frozenset[Basic]) -> frozenset[Basic]:
    """The matrices that are known to be positive definite, and the names that stand for what is made of them."""
    named = [
        part for part in (*model.definitions, *model.equations)
        if isinstance(part.lhs, (Symbol, Variable)) and not is_scalar(part.lhs)
    ]  # fmt: skip
    found = known
    for part in named:
        if definite(part.rhs, found, lambda number: algebra.sign(number, model.bounds) == "+"):
            found |= {part.lhs}
    return found


def _covariances(model: Model) -> list[Basic]:
    return [law.rhs.covariance for law in (*model.laws, *model.namings) if isinstance(law.rhs, Normal)]


def _usable(fact: Statement, where: Context, universal: frozenset[Basic] = frozenset()) -> bool:
    """Whether a fact may be used where some variables are bound."""
    spoken = [variable for variable in where.hidden - universal if mentions(fact, variable) is not False]
    return all(variable in where.smooth for variable in spoken) and (
        not spoken or isinstance(fact, (Less, Greater, Unequal))
    )


def _arguments(fact: Statement, model: Model) -> frozenset[Basic]:
    """What a definition holds for all values of: the arguments of ℓ(μ, σ) = …, the subscript t of x_t = … ."""
    if not isinstance(fact, Equal):
        return frozenset()
    if isinstance(fact.lhs, Variable):
        return _subscripts(fact, model) | _at_all_times(fact, model)
    if not isinstance(fact.lhs, Application):
        return _at_all_times(fact, model)
    defining = [part for part in (*model.definitions, *model.functions) if matches(part.lhs, fact.lhs) is not None]
    if not defining:
        return _subscripts(fact, model)
    own = {item for part in defining for item in free_variables(part.rhs) - free_variables(part.lhs)}
    spoken = frozenset().union(*(free_variables(place) for place in (*fact.lhs.arguments, *fact.lhs.indices)))
    return frozenset(item for item in spoken - own if isinstance(item, (Symbol, Variable)))


@lru_cache(maxsize=1024)
def _at_all_times(fact: Equal, model: Model) -> frozenset[Basic]:
    """The times at every one of which a constraint on schedules is given: the t of α(t)² + σ(t)² = 1.

    It is none where a derivative or a law stands in it, which may be said of one t, nor where t is given a value.
    """
    nodes = [node for _, node in walk(fact)]
    if fact not in model.equations or any(map(_is_of_one_time, nodes)):
        return frozenset()
    given = (*model.definitions, *model.equations)
    fixed = {side for part in given for side in part.args if isinstance(side, Symbol)}
    named = [node for node in nodes if isinstance(node, (Application, Variable))]
    spoken = {item for node in named for item in (*node.indices, *getattr(node, "arguments", ()))}
    return frozenset(time for time in model.times if time in spoken and time not in fixed)


def _is_of_one_time(node: Basic) -> bool:
    if isinstance(node, Integral):
        return any(len(limit) == 1 for limit in node.limits)
    return isinstance(node, (Density, Divergence, Expectation, Gradient))


def _subscripts(fact: Equal, model: Model) -> frozenset[Basic]:
    """The free subscripts of what an equation of the model gives: a free subscript stands for every value."""
    for equation in (*model.definitions, *model.equations):
        head = equation.lhs
        named = isinstance(head, Variable) or (
            isinstance(head, Application) and not set(head.indices) & set(head.arguments)
        )
        if named and all(isinstance(index, Symbol) for index in head.indices):
            mapping = matches(head, fact.lhs)
            if mapping is not None and substitute(equation, mapping) == fact:
                return frozenset(index for index in fact.lhs.indices if isinstance(index, Symbol))
    return frozenset()


def _recursive_heads(model: Model, fact: Statement) -> Iterable[Basic]:
    for side in getattr(fact, "args", ()):
        for name in free_variables(side):
            if isinstance(name, Variable) and is_scalar(name):
                yield name


# ---- signs of recursively defined quantities ----------------------------------------------------------------------


def recursive_signs(where: Context, name: Basic) -> list[Statement]:
    """0 < f_t, f_t < 1 and the like for a recursion f_t = step(f_{t−1}), by induction on t from its base."""
    if not isinstance(name, Variable):
        return []
    result: list[Statement] = []
    for recursion in where.model.recursions:
        if matches(recursion.head, name) is None or recursion.base is None:
            continue
        index = name.indices[0]
        started = where.facts.at_most(recursion.first, index)
        grounded = where.facts.at_most(recursion.first - 1, index)
        for weak, strict in _induced(where.model, recursion):
            bound = weak if started is not True else strict
            if grounded is True and bound is not None:
                result.append(substitute(bound, {recursion.head: name}))
    return result


def recursive_order(where: Context, names: Iterable[Basic]) -> list[Statement]:
    """f_j < f_i for i < j, where each step of a recursion makes a positive number smaller; f_i < f_j, where larger."""
    result: list[Statement] = []
    for recursion in where.model.recursions:
        members = sorted((name for name in names if matches(recursion.head, name) is not None), key=str)
        if len(members) < 2 or recursion.base is None or _direction(where.model, recursion) is None:
            continue
        for low in members:
            for high in members:
                first, second = low.indices[0], high.indices[0]  # type: ignore[attr-defined]
                later = where.facts.at_most(first + 1, second) is True
                if later and where.facts.at_most(recursion.first - 1, first) is True:
                    falls = _direction(where.model, recursion) == "-"
                    result.append(Less(high, low) if falls else Less(low, high))
    return result


@lru_cache(maxsize=512)
def _direction(model: Model, recursion: Recursion) -> str | None:
    """The sign of f_t − f_{t−1} for every t from the first, where all f are positive; None where it is not known."""
    if not any(strict == weak == Greater(recursion.head, 0) for weak, strict in _induced(model, recursion)):
        return None
    known = instances(model, (recursion.step,), model.facts.known(recursion.index - recursion.first))
    usable = [fact for fact in known if recursion.head not in fact.free_symbols]
    sign = algebra.sign(recursion.step - recursion.previous(), (*usable, Greater(recursion.previous(), 0)))
    return sign if sign in ("+", "-") else None


@lru_cache(maxsize=512)
def _induced(model: Model, recursion: Recursion) -> tuple[tuple[Statement | None, Statement | None], ...]:
    """For each bound (0 below, 1 above): what holds at the base and after, and what holds after the base.

    The base satisfies the weak bound; where f_{t−1} satisfies it, the step gives f_t the weak or the strict one.
    """
    head, previous, base = recursion.head, recursion.previous(), recursion.base
    assert base is not None
    found: list[tuple[Statement | None, Statement | None]] = []
    hypotheses: list[Statement] = []
    for gap, weak, strict in (
        (lambda f: f, GreaterEqual(head, 0), Greater(head, 0)),
        (lambda f: 1 - f, LessEqual(head, 1), Less(head, 1)),
    ):
        known = instances(model, (recursion.step,), model.facts.known(recursion.index - recursion.first))
        usable = [fact for fact in known if head not in fact.free_symbols]
        for stronger in (strict, weak):
            at_base = algebra.sign(gap(base), usable)
            if at_base not in (("+",) if stronger is strict else ("+", "+0", "0")):
                continue
            assumed = substitute(stronger, {head: previous})
            after = algebra.sign(gap(recursion.step), (*usable, *hypotheses, assumed))
            if stronger is strict and after == "+":
                found.append((strict, strict))
            elif stronger is weak and after in ("+", "+0"):
                found.append((weak, strict if after == "+" else weak))
            else:
                continue
            hypotheses.append(assumed)
            break
    return tuple(found)


# ---- hypotheses ---------------------------------------------------------------------------------------------------


def is_range(given: Given, indices: frozenset[Symbol]) -> bool:
    """Whether a hypothesis is a bare index range, which the index facts hold already."""
    return orders(given.statement, indices) and not isinstance(given.statement, Unequal)


def as_relations(facts: IndexFacts) -> list[LessEqual]:
    """Index facts as statements: t ≥ 2, t ≤ T; those that follow from others are left out."""
    found = []
    for coefficients, constant in sorted(facts.reduced().rows, key=str):
        above = Add(*(Mul(int(weight), symbol) for symbol, weight in coefficients if weight > 0))
        below = Add(*(Mul(int(-weight), symbol) for symbol, weight in coefficients if weight < 0))
        found.append(LessEqual(below + max(0, -int(constant)), above + max(0, int(constant))))
    return found
