"""Densities: of a named law, and the Gaussian.

A density is a set of (variable, point) pairs: q(x_{t-1} | x_t) taken at x_t = a keeps the name x_t and the point a
apart, so that a change of the point never changes which law is meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Add, Basic, Expr, Mul, S, Symbol, Tuple, default_sort_key

from derive.errors import SortError
from derive.terms.linear import Identity
from derive.terms.names import Law, Run, Variable, interned, sympify_term
from derive.terms.printing import Printed
from derive.terms.sorts import SCALAR, Sort, is_scalar, matrix, sort_of


def _pair(item: Any) -> tuple[Basic, Basic]:
    if isinstance(item, (tuple, Tuple)) and len(item) == 2:
        return item[0], sympify_term(item[1])
    return item, item


_SHORT = 8
"""A run of a known length up to this is written as its variables."""


def _tidy(items: Iterable[Any]) -> list[tuple[Basic, Basic]]:
    """Drop empty runs, take short ones apart into their variables, join a natural neighbour to its run."""
    natural: list[Basic] = []
    placed: list[tuple[Basic, Basic]] = []
    for variable, point in (single for item in items for single in _singles(*_pair(item))):
        if variable == point:
            if variable not in natural:
                natural.append(variable)
        elif (variable, point) not in placed:
            placed.append((variable, point))
    joined = _join(natural)
    return [(variable, variable) for variable in joined] + placed


def _singles(variable: Basic, point: Basic) -> list[tuple[Basic, Basic]]:
    if not isinstance(variable, (Variable, Symbol, Run)):
        raise SortError(f"a density is over variables, not over a {type(variable).__name__}")
    if not isinstance(variable, Run):
        return [(variable, point)]
    if not isinstance(point, Run):
        raise SortError("the point of a run of variables is a run")
    last = variable.upper - variable.lower
    if not last.is_Integer or not -1 <= last < _SHORT:
        return [(variable, point)]
    return [(variable.at(variable.lower + step), point.at(point.lower + step)) for step in range(int(last) + 1)]


def _join(variables: list[Basic]) -> list[Basic]:
    """Join x_0 and x_{1:T} to x_{0:T}; both are well-formed only where the union is that run."""
    pieces = list(variables)
    changed = True
    while changed:
        changed = False
        for first in pieces:
            if not isinstance(first, Run):
                continue
            for other in pieces:
                if other is first:
                    continue
                merged = _merge(first, other)
                if merged is not None:
                    pieces = [piece for piece in pieces if piece is not first and piece is not other] + [merged]
                    changed = True
                    break
            if changed:
                break
    return pieces


def _merge(run: Run, other: Basic) -> Run | None:
    if isinstance(other, Run) and (other.name, other.element_sort) == (run.name, run.element_sort):
        if run.upper + 1 == other.lower:
            return Run(run.name, run.element_sort, run.lower, other.upper)
        return None
    if isinstance(other, Variable) and other == run.at(other.indices[-1] if other.indices else 0):
        if other.indices[0] + 1 == run.lower:
            return Run(run.name, run.element_sort, other.indices[0], run.upper)
        if run.upper + 1 == other.indices[0]:
            return Run(run.name, run.element_sort, run.lower, other.indices[0])
    return None


class Density(Printed, Expr):
    r"""`q(x_{t-1} \mid x_t, x_0)`: the conditional density (or mass) of the law q.

    Targets and givens are variables, runs, or (variable, point) pairs; stored sorted. With no target it is 1.
    """

    is_commutative = True

    def __new__(cls, law: Law, targets: Iterable[Any], givens: Iterable[Any] = ()) -> Expr:
        before, after = _tidy(targets), _tidy(givens)
        if not before:
            return S.One
        return interned(
            cls,
            law,
            Tuple(*sorted((Tuple(*pair) for pair in before), key=default_sort_key)),
            Tuple(*sorted((Tuple(*pair) for pair in after), key=default_sort_key)),
        )

    @property
    def law(self) -> Law:
        return self.args[0]  # type: ignore[no-any-return]

    @property
    def targets(self) -> Tuple:
        return self.args[1]

    @property
    def givens(self) -> Tuple:
        return self.args[2]

    @property
    def variables(self) -> tuple[Basic, ...]:
        """The variables left of the bar, by name."""
        return tuple(pair[0] for pair in self.targets)

    @property
    def points(self) -> tuple[Basic, ...]:
        """The points at which the variables left of the bar are taken."""
        return tuple(pair[1] for pair in self.targets)

    @property
    def sort(self) -> Sort:
        return SCALAR


class Normal(Printed, Expr):
    r"""`\mathcal{N}(x; \mu, \Sigma)`: the Gaussian density at x with mean μ and covariance Σ.

    In R^d the covariance is a d × d matrix (v I where it is isotropic); on the line it is the variance.
    """

    is_commutative = True

    def __new__(cls, point: Any, mean: Any, covariance: Any) -> Normal:
        point, mean, covariance = map(sympify_term, (point, mean, covariance))
        sort = sort_of(point)
        if mean != 0 and not (sort_of(mean) == sort or (is_scalar(mean) and is_scalar(point))):
            raise SortError(f"a Gaussian at a {sort} has a mean of the same sort, not a {sort_of(mean)}")
        if is_scalar(point):
            if not is_scalar(covariance):
                raise SortError("a Gaussian on the line has a variance, not a matrix")
        elif sort.kind != "vector":
            raise SortError(f"a Gaussian is a density at a point, not at a {sort}")
        elif covariance != 0 and sort_of(covariance) != matrix(sort.shape[0]):
            raise SortError(f"the covariance of a Gaussian at a {sort} is a {matrix(sort.shape[0])}")
        return Expr.__new__(cls, point, mean, covariance)

    @property
    def point(self) -> Expr:
        return self.args[0]

    @property
    def mean(self) -> Expr:
        return self.args[1]

    @property
    def covariance(self) -> Expr:
        return self.args[2]

    @property
    def dimension(self) -> Expr:
        """d, and 1 on the line."""
        sort = sort_of(self.point)
        return sort.shape[0] if sort.kind == "vector" else S.One

    @property
    def variance(self) -> Expr | None:
        """v where the covariance is v I (or the scalar v); None for a general covariance."""
        if is_scalar(self.point):
            return self.covariance
        terms = Add.make_args(self.covariance)
        parts = []
        for term in terms:
            factors = Mul.make_args(term)
            if sum(isinstance(factor, Identity) for factor in factors) != 1:
                return None
            parts.append(Mul(*(factor for factor in factors if not isinstance(factor, Identity))))
        return Add(*parts)

    @property
    def sort(self) -> Sort:
        return SCALAR
