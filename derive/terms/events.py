"""Events and their probability: intersection, union, complement, X ≤ a, X ∈ A, P(A | B), and the indicator 1[A]."""

from __future__ import annotations

from typing import Any

from sympy import Basic, Expr, Symbol, Tuple, default_sort_key

from derive.errors import SortError
from derive.terms.names import Law, sympify_term
from derive.terms.printing import Printed
from derive.terms.sorts import EVENT, SCALAR, Sort, sort_of
from derive.terms.statements import Statement


class _Event(Printed, Expr):
    is_commutative = True

    @property
    def sort(self) -> Sort:
        return EVENT


def _events(items: tuple[Any, ...], kind: type[Expr]) -> list[Basic]:
    flat: list[Basic] = []
    for item in map(sympify_term, items):
        if sort_of(item) != EVENT:
            raise SortError(f"an event was expected, not a {sort_of(item)}")
        for part in item.args if isinstance(item, kind) else (item,):
            if part not in flat:
                flat.append(part)
    return sorted(flat, key=default_sort_key)


class Intersection(_Event):
    """A ∩ B: both happen."""

    def __new__(cls, *events: Any) -> Expr:
        flat = _events(events, cls)
        return flat[0] if len(flat) == 1 else Expr.__new__(cls, *flat)


class Union(_Event):
    """A ∪ B: at least one happens."""

    def __new__(cls, *events: Any) -> Expr:
        flat = _events(events, cls)
        return flat[0] if len(flat) == 1 else Expr.__new__(cls, *flat)


class Complement(_Event):
    """Aᶜ: A does not happen."""

    def __new__(cls, event: Any) -> Expr:
        if isinstance(event, Complement):
            return event.args[0]
        if sort_of(event) != EVENT:
            raise SortError(f"an event was expected, not a {sort_of(event)}")
        return Expr.__new__(cls, event)


class Equals(_Event):
    """The event X = a that a variable takes a value, or that two random quantities agree."""

    def __new__(cls, left: Any, right: Any) -> Expr:
        return Expr.__new__(cls, sympify_term(left), sympify_term(right))


class Holds(_Event):
    """The event that a relation between random quantities holds: X ≤ a, |X − μ| > ε, a ≤ X ≤ b."""

    def __new__(cls, statement: Any) -> Holds:
        if not isinstance(statement, Statement):
            raise SortError("a relation was expected, such as X > a")
        return Expr.__new__(cls, statement)

    @property
    def statement(self) -> Statement:
        return self.args[0]  # type: ignore[return-value]


class Within(_Event):
    r"""`X \in A`: a random quantity lies in a set that has only a name."""

    def __new__(cls, point: Any, region: Basic) -> Within:
        return Expr.__new__(cls, sympify_term(point), region)

    @property
    def point(self) -> Expr:
        return self.args[0]

    @property
    def region(self) -> Basic:
        return self.args[1]


class _OverIndex(_Event):
    """Events with an index that runs between two limits, which it binds."""

    def __new__(cls, event: Any, limits: Any) -> _OverIndex:
        if sort_of(event) != EVENT:
            raise SortError(f"an event was expected, not a {sort_of(event)}")
        return Expr.__new__(cls, event, Tuple(*limits))

    @property
    def event(self) -> Expr:
        return self.args[0]

    @property
    def limits(self) -> tuple[Tuple, ...]:
        return (self.args[1],)

    @property
    def bound(self) -> tuple[Basic, ...]:
        return (self.args[1][0],)


class IntersectionOver(_OverIndex):
    r"""`\bigcap_{i=1}^{n} A_i`: all of them happen."""


class UnionOver(_OverIndex):
    r"""`\bigcup_{i=1}^{n} A_i`: one of them at least happens."""


class Indicator(Printed, Expr):
    r"""`\mathbf{1}[A]`: 1 where the event happens, else 0."""

    is_commutative = True

    def __new__(cls, event: Any) -> Indicator:
        if sort_of(event) != EVENT:
            raise SortError(f"an indicator is of an event, not of a {sort_of(event)}")
        return Expr.__new__(cls, event)

    @property
    def event(self) -> Expr:
        return self.args[0]

    @property
    def sort(self) -> Sort:
        return SCALAR


class Probability(Printed, Expr):
    r"""`P(A \mid B)`: the probability of an event, given another."""

    is_commutative = True

    def __new__(cls, event: Any, given: Any = None, law: Any = None) -> Probability:
        if isinstance(event, Law):  # the order of `args`, in which SymPy builds a node again
            law, event, given = event, given, law
        law = Law("P") if law is None else law
        parts = [event] if given is None or given == Symbol("") else [event, given]
        for part in parts:
            if sort_of(part) != EVENT:
                raise SortError(f"a probability is of an event, not of a {sort_of(part)}")
        return Expr.__new__(cls, law, *parts)

    @property
    def law(self) -> Law:
        return self.args[0]  # type: ignore[no-any-return]

    @property
    def event(self) -> Expr:
        return self.args[1]

    @property
    def given(self) -> Expr | None:
        return self.args[2] if len(self.args) > 2 else None

    @property
    def sort(self) -> Sort:
        return SCALAR
