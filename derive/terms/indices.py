"""Order of indices under facts such as 2 ≤ t ≤ T: three-valued comparison of linear expressions over the integers.

A comparison is answered only where the facts imply it: the facts together with the negation are shown infeasible by
eliminating the symbols one after the other (Fourier–Motzkin; over the integers a < b is a + 1 ≤ b).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sympy import Add, Expr, Integer, Mul, Rational, Symbol

_Linear = tuple[tuple[tuple[Symbol, Fraction], ...], Fraction]
_MOST_ROWS = 200


def linear(expr: Any) -> tuple[dict[Any, Fraction], Fraction] | None:
    """(coefficients, constant) of a linear expression in symbols; None for anything else."""
    coefficients: dict[Any, Fraction] = {}
    constant = Fraction(0)
    for term in Add.make_args(expr):
        number, rest = term.as_coeff_Mul() if isinstance(term, Mul) else (Integer(1), term)
        if isinstance(rest, (Integer, Rational)):
            number, rest = number * rest, None
        if not isinstance(number, Rational):
            return None
        value = Fraction(int(number.p), int(number.q))
        if rest is None:
            constant += value
        elif isinstance(rest, Symbol):
            coefficients[rest] = coefficients.get(rest, Fraction(0)) + value
        elif isinstance(rest, Add):
            inner = linear(rest)
            if inner is None:
                return None
            for symbol, coefficient in inner[0].items():
                coefficients[symbol] = coefficients.get(symbol, Fraction(0)) + value * coefficient
            constant += value * inner[1]
        else:
            return None
    return {symbol: c for symbol, c in coefficients.items() if c}, constant


def whole(expr: Any, indices: frozenset[Any]) -> bool:
    """Whether an expression is a whole number by its form: a sum of whole multiples of indices."""
    row = linear(expr)
    return row is not None and _integral(row) and set(row[0]) <= indices


def _frozen(row: tuple[dict[Any, Fraction], Fraction]) -> _Linear:
    return tuple(sorted(row[0].items(), key=lambda item: item[0].name)), row[1]


@dataclass(frozen=True)
class IndexFacts:
    """What is known of indices: a set of linear expressions that are ≥ 0."""

    rows: frozenset[_Linear] = frozenset()

    def __hash__(self) -> int:
        return hash(self.rows)

    def known(self, *nonnegative: Expr) -> IndexFacts:
        """These facts and that each given expression is ≥ 0 (anything that is not linear is left out)."""
        return _extended(self, nonnegative)

    def between(self, index: Expr, lower: Expr, upper: Expr) -> IndexFacts:
        """These facts and lower ≤ index ≤ upper."""
        return self.known(index - lower, upper - index)

    def without(self, symbol: Symbol) -> IndexFacts:
        """The facts that do not speak of `symbol`, for a binder that takes its name."""
        return IndexFacts(frozenset(row for row in self.rows if all(name != symbol for name, _ in row[0])))

    def nonnegative(self, expr: Any) -> bool | None:
        """Whether expr ≥ 0: True, False, or None where the facts leave it open."""
        return _nonnegative(self, expr)

    def at_most(self, left: Any, right: Any) -> bool | None:
        """Whether left ≤ right."""
        return True if left is right else _nonnegative(self, right - left)

    def equal(self, left: Any, right: Any) -> bool | None:
        """Whether two indices are the same number."""
        difference = linear(left - right)
        if difference is None:
            return True if left == right else None
        if not difference[0]:
            return difference[1] == 0
        below, above = self.at_most(left, right), self.at_most(right, left)
        if below and above:
            return True
        return False if below is False or above is False else None

    def inside(self, index: Any, lower: Any, upper: Any) -> bool | None:
        """Whether lower ≤ index ≤ upper."""
        answers = (self.at_most(lower, index), self.at_most(index, upper))
        if False in answers:
            return False
        return None if None in answers else True

    def reduced(self) -> IndexFacts:
        """The same facts without those that follow from the others."""
        kept = sorted((row for row in self.rows if row[0]), key=lambda row: (-len(row[0]), str(row)))
        for row in tuple(kept):
            others = IndexFacts(frozenset(other for other in kept if other != row))
            if others._refutes(_frozen((_negated(dict(row[0])), -row[1] - 1))):
                kept.remove(row)
        return IndexFacts(frozenset(kept))

    @property
    def consistent(self) -> bool:
        """False only where the facts are shown to contradict each other."""
        return not _infeasible(self.rows)

    def _refutes(self, row: _Linear) -> bool:
        return _infeasible(self.rows | {row})


@lru_cache(maxsize=20_000)
def _extended(facts: IndexFacts, nonnegative: tuple[Expr, ...]) -> IndexFacts:
    rows = [linear(expr) for expr in nonnegative]
    more = {_frozen(row) for row in rows if row is not None} - facts.rows
    return IndexFacts(facts.rows | more) if more else facts


@lru_cache(maxsize=50_000)
def _nonnegative(facts: IndexFacts, expr: Any) -> bool | None:
    row = linear(expr)
    if row is None:
        return None
    if not row[0]:
        return row[1] >= 0
    if not _integral(row):
        return None
    if facts._refutes(_frozen((_negated(row[0]), -row[1] - 1))):
        return True
    return False if facts._refutes(_frozen(row)) else None


def _integral(row: tuple[dict[Any, Fraction], Fraction]) -> bool:
    return row[1].denominator == 1 and all(value.denominator == 1 for value in row[0].values())


def _negated(coefficients: dict[Any, Fraction]) -> dict[Any, Fraction]:
    return {symbol: -value for symbol, value in coefficients.items()}


@lru_cache(maxsize=20_000)
def _infeasible(rows: frozenset[_Linear]) -> bool:
    """Whether no rational point satisfies all rows ≥ 0 (False also where the search grows too large)."""
    work = [(dict(coefficients), constant) for coefficients, constant in rows]
    while True:
        if any(not coefficients and constant < 0 for coefficients, constant in work):
            return True
        symbols: dict[Any, int] = {}
        for coefficients, _ in work:
            for symbol in coefficients:
                symbols[symbol] = symbols.get(symbol, 0) + 1
        if not symbols:
            return False
        chosen = min(symbols, key=lambda symbol: (symbols[symbol], str(symbol)))
        upper = [row for row in work if row[0].get(chosen, 0) < 0]
        lower = [row for row in work if row[0].get(chosen, 0) > 0]
        rest = [row for row in work if chosen not in row[0]]
        work = rest + [_combine(up, low, chosen) for up in upper for low in lower]
        if len(work) > _MOST_ROWS:
            return False


def _combine(
    up: tuple[dict[Any, Fraction], Fraction], low: tuple[dict[Any, Fraction], Fraction], symbol: Any
) -> tuple[dict[Any, Fraction], Fraction]:
    weight_up, weight_low = low[0][symbol], -up[0][symbol]
    result: dict[Any, Fraction] = {}
    for row, weight in ((up, weight_up), (low, weight_low)):
        for name, value in row[0].items():
            if name != symbol:
                result[name] = result.get(name, Fraction(0)) + weight * value
    return {name: value for name, value in result.items() if value}, weight_up * up[1] + weight_low * low[1]


def orders(statement: Any, indices: Iterable[Symbol]) -> bool:
    """Whether a statement is a relation between linear expressions in some indices, and speaks of nothing else.

    p(x_{1:T}) > 0 does not, although T is the one free symbol in it.
    """
    from derive.terms import statements as forms

    if not isinstance(statement, forms.Relation):
        return False
    rows = [linear(side) for side in statement.args[:2]]
    spoken = [row[0] for row in rows if row is not None]
    return len(spoken) == 2 and any(spoken) and {name for row in spoken for name in row} <= set(indices)


def facts_of(statements: Iterable[Any], indices: Iterable[Symbol]) -> IndexFacts:
    """The index facts among relations between linear integer expressions in these index symbols.

    A strict a < b becomes a + 1 ≤ b, which is true of integers only: a relation that speaks of anything but the given
    index symbols and integers is left out.
    """
    from derive.terms import statements as forms

    names = set(indices)
    facts = IndexFacts()
    for statement in statements:
        if not isinstance(statement, forms.Relation):
            continue
        row = linear(statement.rhs - statement.lhs)
        if row is None or not _integral(row) or not set(row[0]) <= names:
            continue
        difference = statement.rhs - statement.lhs
        match statement:
            case forms.LessEqual():
                facts = facts.known(difference)
            case forms.GreaterEqual():
                facts = facts.known(-difference)
            case forms.Less():
                facts = facts.known(difference - 1)
            case forms.Greater():
                facts = facts.known(-difference - 1)
            case forms.Equal():
                facts = facts.known(difference, -difference)
    return facts
