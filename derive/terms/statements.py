"""Statements: terms with a relation between them, and what a model may say of its variables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Basic, Symbol, Tuple, default_sort_key

from derive.errors import SortError
from derive.terms.names import Run, Variable, sympify_term
from derive.terms.printing import Printed
from derive.terms.sorts import STATEMENT, Sort


class Statement(Printed, Basic):
    """Anything that is true or false of a world."""

    @property
    def sort(self) -> Sort:
        return STATEMENT


class Relation(Statement):
    """Two terms and what is claimed between them; `symbol` is how it is written in LaTeX."""

    symbol = ""

    def __new__(cls, lhs: Any, rhs: Any) -> Relation:
        return Basic.__new__(cls, sympify_term(lhs), sympify_term(rhs))

    @property
    def lhs(self) -> Any:
        return self.args[0]

    @property
    def rhs(self) -> Any:
        return self.args[1]


class Equal(Relation):
    """l = r for all values that satisfy the givens."""

    symbol = "="


class LessEqual(Relation):
    """l ≤ r."""

    symbol = r"\le"


class GreaterEqual(Relation):
    """l ≥ r."""

    symbol = r"\ge"


class Less(Relation):
    """l < r."""

    symbol = "<"


class Greater(Relation):
    """l > r."""

    symbol = ">"


class Unequal(Relation):
    """l ≠ r."""

    symbol = r"\ne"


class Approximate(Relation):
    """l ≈ r: read, never a claim that is decided."""

    symbol = r"\approx"


class Definition(Relation):
    """l := r: the left side is a new name."""

    symbol = ":="


class Proportional(Relation):
    """l ∝ r as functions of the named variables: l = c·r with c > 0 independent of them."""

    symbol = r"\propto"

    def __new__(cls, lhs: Any, rhs: Any, variables: Iterable[Any] = ()) -> Proportional:
        named = sorted(set(variables), key=default_sort_key)
        if not all(isinstance(item, (Symbol, Variable, Run)) for item in named):
            raise SortError("a proportionality is in variables")
        return Basic.__new__(cls, sympify_term(lhs), sympify_term(rhs), Tuple(*named))

    @property
    def variables(self) -> tuple[Basic, ...]:
        return tuple(self.args[2])


class Scaled(Approximate):
    """l ∝ r where it is not said in which variables: read, never a claim that is decided."""

    symbol = r"\propto"


class Distributed(Statement):
    r"""`x \sim …`: the variable and its law, a density at that variable."""

    symbol = r"\sim"

    def __new__(cls, variable: Any, density: Any) -> Distributed:
        return Basic.__new__(cls, variable, density)

    @property
    def variable(self) -> Any:
        return self.args[0]

    @property
    def density(self) -> Any:
        return self.args[1]


def _set(items: Any) -> Tuple:
    members = items if isinstance(items, (tuple, list, set, frozenset, Tuple)) else (items,)
    return Tuple(*sorted(set(members), key=default_sort_key))


class Independent(Statement):
    r"""`A \perp B \mid C`: the sets of variables A and B are independent given C, under a law where one is named."""

    symbol = r"\perp"

    def __new__(cls, left: Any, right: Any, given: Any = (), law: Any = None) -> Independent:
        pair = sorted((_set(left), _set(right)), key=default_sort_key)
        return Basic.__new__(cls, *pair, _set(given), *(() if law is None else (law,)))

    @property
    def left(self) -> tuple[Basic, ...]:
        return tuple(self.args[0])

    @property
    def right(self) -> tuple[Basic, ...]:
        return tuple(self.args[1])

    @property
    def given(self) -> tuple[Basic, ...]:
        return tuple(self.args[2])

    @property
    def law(self) -> Any:
        return self.args[3] if len(self.args) > 3 else None


class Member(Statement):
    r"""`x \in \mathbb{R}^d`: a variable and its sort (a name is an INDEX for `n \in \mathbb{N}`)."""

    symbol = r"\in"

    def __new__(cls, variable: Any, sort: Sort) -> Member:
        return Basic.__new__(cls, variable, sort)

    @property
    def variable(self) -> Any:
        return self.args[0]

    @property
    def domain(self) -> Sort:
        return self.args[1]  # type: ignore[no-any-return]


class PositiveDefinite(Statement):
    r"""`\Sigma \succ 0`: a symmetric positive definite matrix."""

    def __new__(cls, argument: Any) -> PositiveDefinite:
        return Basic.__new__(cls, argument)


class PositiveSemidefinite(Statement):
    r"""`\Sigma \succeq 0`: a symmetric positive semidefinite matrix."""

    def __new__(cls, argument: Any) -> PositiveSemidefinite:
        return Basic.__new__(cls, argument)


class Restricted(Statement):
    """l ≤ r for t ≥ 2: a bound on the members of a family whose index lies within these ranges, and on no others."""

    def __new__(cls, statement: Statement, ranges: Any) -> Restricted:
        within = ranges if isinstance(ranges, (tuple, list, Tuple)) else (ranges,)
        return Basic.__new__(cls, statement, Tuple(*within))

    @property
    def statement(self) -> Any:
        return self.args[0]

    @property
    def ranges(self) -> tuple[Relation, ...]:
        return tuple(self.args[1])

    @property
    def links(self) -> tuple[Restricted, ...]:
        """The bound for each relation of a chain a < b ≤ c, alone."""
        parts = self.statement.links if isinstance(self.statement, Chain) else (self.statement,)
        return tuple(Restricted(part, self.ranges) for part in parts)


class Chain(Statement):
    """a = b ≤ c: the relations between neighbours, in order, together one statement."""

    def __new__(cls, *links: Relation) -> Chain:
        return Basic.__new__(cls, *(links[0] if len(links) == 1 and isinstance(links[0], Tuple) else links))

    @property
    def links(self) -> tuple[Relation, ...]:
        return tuple(self.args)
