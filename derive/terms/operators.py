"""Operators that bind: expectation, variance, integral, divergences of laws, gradients.

What each binds: an expectation the points left of the bar of its measure; an integral its variables; KL, entropy and
cross entropy the variables they name; a gradient the variable of differentiation (its point stays free).
"""

from __future__ import annotations

from typing import Any

from sympy import Basic, Expr, Symbol, Tuple

from derive.errors import SortError
from derive.terms.densities import Density, Normal
from derive.terms.names import Run, Variable, sympify_term
from derive.terms.printing import Printed
from derive.terms.sorts import SCALAR, Sort, is_scalar, matrix, sort_of


class _Operator(Printed, Expr):
    is_commutative = True


def _bound_points(measure: Basic) -> tuple[Basic, ...]:
    if isinstance(measure, Density):
        points = measure.points
    elif isinstance(measure, Normal):
        points = (measure.point,)
    else:
        raise SortError(f"an expectation is against a density, not against a {type(measure).__name__}")
    for point in points:
        if not isinstance(point, (Variable, Symbol, Run)):
            raise SortError("the points that an expectation binds are variables")
    return points


class Expectation(_Operator):
    """E over a density: the integral of the body against the measure; binds the measure's points."""

    def __new__(cls, body: Any, measure: Basic) -> Expectation:
        _bound_points(measure)
        return Expr.__new__(cls, sympify_term(body), measure)

    @property
    def body(self) -> Expr:
        return self.args[0]

    @property
    def measure(self) -> Density | Normal:
        return self.args[1]

    @property
    def bound(self) -> tuple[Basic, ...]:
        return _bound_points(self.args[1])

    @property
    def sort(self) -> Sort:
        return sort_of(self.args[0])


class Variance(_Operator):
    """Var(f) under a measure: E[(f − E f)²]; of a vector, its covariance matrix."""

    def __new__(cls, body: Any, measure: Basic) -> Variance:
        _bound_points(measure)
        return Expr.__new__(cls, sympify_term(body), measure)

    @property
    def body(self) -> Expr:
        return self.args[0]

    @property
    def measure(self) -> Density | Normal:
        return self.args[1]

    @property
    def bound(self) -> tuple[Basic, ...]:
        return _bound_points(self.args[1])

    @property
    def sort(self) -> Sort:
        sort = sort_of(self.args[0])
        return matrix(sort.shape[0]) if sort.kind == "vector" else SCALAR


class Covariance(_Operator):
    """Cov(f, g) under a measure: E[(f − E f)(g − E g)ᵀ]."""

    def __new__(cls, left: Any, right: Any, measure: Basic) -> Covariance:
        _bound_points(measure)
        return Expr.__new__(cls, sympify_term(left), sympify_term(right), measure)

    @property
    def left(self) -> Expr:
        return self.args[0]

    @property
    def right(self) -> Expr:
        return self.args[1]

    @property
    def measure(self) -> Density | Normal:
        return self.args[2]

    @property
    def bound(self) -> tuple[Basic, ...]:
        return _bound_points(self.args[2])

    @property
    def sort(self) -> Sort:
        left, right = sort_of(self.args[0]), sort_of(self.args[1])
        if left.kind == "vector" and right.kind == "vector":
            return matrix(left.shape[0], right.shape[0])
        return SCALAR


class Integral(_Operator):
    """∫ f dx: over all of the variable's space, or from a to b; a sum where the variable is discrete."""

    def __new__(cls, body: Any, *limits: Any) -> Integral:
        tidy = [limit if isinstance(limit, Tuple) else Tuple(limit) for limit in limits]
        for limit in tidy:
            if len(limit) not in (1, 3) or not isinstance(limit[0], (Variable, Symbol, Run)):
                raise SortError("an integral is over variables, with no limits or with two")
        return Expr.__new__(cls, sympify_term(body), *tidy)

    @property
    def body(self) -> Expr:
        return self.args[0]

    @property
    def limits(self) -> tuple[Tuple, ...]:
        return tuple(self.args[1:])

    @property
    def bound(self) -> tuple[Basic, ...]:
        return tuple(limit[0] for limit in self.args[1:])

    @property
    def sort(self) -> Sort:
        return sort_of(self.args[0])


def _variables(items: Any) -> Tuple:
    variables = items if isinstance(items, Tuple) else Tuple(*items)
    for variable in variables:
        if not isinstance(variable, (Variable, Symbol, Run)):
            raise SortError("a divergence is over variables")
    return variables


class KL(_Operator):
    """D_KL(p ‖ q) = ∫ p log(p/q) over the named variables, which it binds in both densities."""

    def __new__(cls, p: Any, q: Any, variables: Any) -> KL:
        return Expr.__new__(cls, sympify_term(p), sympify_term(q), _variables(variables))

    @property
    def p(self) -> Expr:
        return self.args[0]

    @property
    def q(self) -> Expr:
        return self.args[1]

    @property
    def bound(self) -> tuple[Basic, ...]:
        return tuple(self.args[2])

    @property
    def sort(self) -> Sort:
        return SCALAR


class CrossEntropy(_Operator):
    """H(p, q) = −∫ p log q over the named variables."""

    def __new__(cls, p: Any, q: Any, variables: Any) -> CrossEntropy:
        return Expr.__new__(cls, sympify_term(p), sympify_term(q), _variables(variables))

    @property
    def p(self) -> Expr:
        return self.args[0]

    @property
    def q(self) -> Expr:
        return self.args[1]

    @property
    def bound(self) -> tuple[Basic, ...]:
        return tuple(self.args[2])

    @property
    def sort(self) -> Sort:
        return SCALAR


class Entropy(_Operator):
    """H(p) = −∫ p log p over the named variables."""

    def __new__(cls, p: Any, variables: Any) -> Entropy:
        return Expr.__new__(cls, sympify_term(p), _variables(variables))

    @property
    def p(self) -> Expr:
        return self.args[0]

    @property
    def bound(self) -> tuple[Basic, ...]:
        return tuple(self.args[1])

    @property
    def sort(self) -> Sort:
        return SCALAR


class Gradient(_Operator):
    """∇_x f at a point: the derivative in a scalar, the gradient in a vector, the Jacobian of a vector's values."""

    def __new__(cls, body: Any, variable: Any, point: Any = None) -> Gradient:
        if not isinstance(variable, (Variable, Symbol)):
            raise SortError("a derivative is with respect to a variable")
        return Expr.__new__(cls, sympify_term(body), variable, variable if point is None else sympify_term(point))

    @property
    def body(self) -> Expr:
        return self.args[0]

    @property
    def variable(self) -> Expr:
        return self.args[1]

    @property
    def point(self) -> Expr:
        return self.args[2]

    @property
    def bound(self) -> tuple[Basic, ...]:
        return (self.args[1],)

    @property
    def sort(self) -> Sort:
        body, variable = sort_of(self.args[0]), sort_of(self.args[1])
        if is_scalar(self.args[1]):
            return body
        if is_scalar(self.args[0]):
            return variable
        if body.kind == variable.kind == "vector":
            return matrix(body.shape[0], variable.shape[0])
        raise SortError(f"the derivative of a {body} in a {variable}")


class Divergence(_Operator):
    """∇·f at a point, the trace of the Jacobian of a vector field."""

    def __new__(cls, body: Any, variable: Any, point: Any = None) -> Divergence:
        body = sympify_term(body)
        if body != 0 and sort_of(body) != sort_of(variable):
            raise SortError(f"the divergence of a {sort_of(body)} over a {sort_of(variable)}")
        return Expr.__new__(cls, body, variable, variable if point is None else sympify_term(point))

    @property
    def body(self) -> Expr:
        return self.args[0]

    @property
    def variable(self) -> Expr:
        return self.args[1]

    @property
    def point(self) -> Expr:
        return self.args[2]

    @property
    def bound(self) -> tuple[Basic, ...]:
        return (self.args[1],)

    @property
    def sort(self) -> Sort:
        return SCALAR


