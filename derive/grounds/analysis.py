"""Whether averages under a Gaussian exist, derivatives exist, and the two exchange, read off the form of a formula.

∫ g(x) N(x; m, Σ) dx exists where g grows no faster than a power of ‖x‖. ∇_θ of what is made of θ by sums, products,
powers, exponentials and logarithms exists where these are defined at θ. ∇_θ ∫ g(x) N(x; m(θ), v(θ) I) dx is the
integral of the derivative, since a power of ‖x‖ times one Gaussian bounds it for all θ near by. All else is left open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sympy import Add, Basic, Mul, Pow, S, Sum, Symbol, cos, exp, log, sin

from derive import algebra
from derive.grounds.context import Context
from derive.terms import (
    KL,
    Application,
    Density,
    Determinant,
    Exists,
    Expectation,
    Gradient,
    Identity,
    Inner,
    Integral,
    Inverse,
    MatrixProduct,
    Norm,
    Normal,
    PositiveDefinite,
    Run,
    Trace,
    Transpose,
    Variable,
    mentions,
    squared_norm,
    substitute,
)
from derive.terms.definedness import needs
from derive.terms.families import fixed
from derive.terms.quadratics import quadratic
from derive.terms.statements import Greater, Statement, Unequal

__all__ = ["Holds", "differentiable", "exchangeable", "finite", "free", "integrable", "tame", "without_factor"]

Holds = Callable[[Statement, Context], bool]
"""Whether a condition is known to hold at a place."""

_POLYNOMIAL = (Add, Mul, Norm, Inner, MatrixProduct, Transpose, Trace, cos, sin)
_SMOOTH = (Add, Mul, Inner, MatrixProduct, Transpose, Trace, exp, cos, sin)
_TOTAL = (*_SMOOTH, Pow, log, Norm, Determinant)


# ---- integrals -----------------------------------------------------------------------------------------------------


def integrable(term: Any, where: Context, holds: Holds) -> str:
    """On what ground an average, a divergence or an integral exists; empty where that is left open."""
    if isinstance(term, Expectation) and _constant(term, where, holds):
        return "the mean of a constant"
    if len(term.bound) != 1 or isinstance(term.bound[0], Run):
        return ""
    point, local = term.bound[0], where.at(term, (0,))
    match term:
        case Expectation():
            found = _proper(term.measure, where, holds) and tame(term.body, point, local, holds)
        case KL():
            found = all(_bell(side, point, local, holds) for side in (term.p, term.q))
        case _ if len(term.limits[0]) != 1:
            return ""
        case _:
            factors = Mul.make_args(term.body)
            bells = [factor for factor in factors if _bell(factor, point, local, holds)]
            found = bool(bells) and all(part in bells or tame(part, point, local, holds) for part in factors)
            if not found and _falling(term.body, point, local):
                return "the exponential of a falling quadratic"
    return "a power of the point at most, under a Gaussian" if found else ""


def without_factor(term: Any, where: Context, holds: Holds) -> Any:
    """E[f] for E[c f] and ∫ f for ∫ c f, c a number other than zero: the one exists where the other does."""
    local = where.at(term, (0,))
    factors = Mul.make_args(term.body)
    numbers = [
        factor for factor in factors
        if all(free(factor, point, local) for point in term.bound)
        and finite(factor, where, holds) and holds(Unequal(factor, 0), where)
    ]  # fmt: skip
    if not numbers or len(numbers) == len(factors):
        return term
    return term.func(Mul(*(factor for factor in factors if factor not in numbers)), *term.args[1:])


def _constant(term: Expectation, where: Context, holds: Holds) -> bool:
    """Whether an average is one of a constant that is defined, under a law that is."""
    local = where.at(term, (0,))
    if not (all(free(term.body, point, local) for point in term.bound) and finite(term.body, where, holds)):
        return False
    measure = term.measure
    if isinstance(measure, Density):
        return not measure.givens or holds(Exists(measure), where)
    return _proper(measure, where, holds)


def _proper(measure: Any, where: Context, holds: Holds) -> bool:
    """Whether a measure is a Gaussian whose mean and covariance are defined, and the covariance positive definite."""
    return isinstance(measure, Normal) and holds(PositiveDefinite(measure.covariance), where) and all(
        finite(part, where, holds) for part in (measure.mean, measure.covariance)
    )  # fmt: skip


def _bell(factor: Any, point: Basic, local: Context, holds: Holds) -> bool:
    """Whether a factor is a Gaussian in the point, or its derivative in a parameter, a polynomial times it."""
    if isinstance(factor, Normal):
        own = factor.point == point and free(factor.mean, point, local) and free(factor.covariance, point, local)
        return own and _proper(factor, local, holds)
    if isinstance(factor, MatrixProduct):  # a fixed matrix times such a derivative
        bells = [part for part in factor.args if _bell(part, point, local, holds)]
        others = [part for part in factor.args if part not in bells]
        return len(bells) == 1 and all(free(part, point, local) and finite(part, local, holds) for part in others)
    if isinstance(factor, Gradient) and isinstance(factor.body, Normal) and factor.variable != point:
        at_point = substitute(factor.body, {factor.variable: factor.point}, local.facts)
        return _bell(at_point, point, local, holds) and differentiable(factor, local, holds)
    return False


def _falling(body: Basic, point: Any, local: Context) -> bool:
    """Whether a body is c exp(−a/2 ‖x‖² + bᵀx + r) with a > 0."""
    exponent: Any = S.Zero
    for factor in Mul.make_args(body):
        if isinstance(factor, exp):
            exponent += factor.args[0]
        elif not free(factor, point, local):
            return False
    parts = quadratic(exponent, point, local.facts)
    if parts is None:
        return False
    again = parts[0] * squared_norm(point) + Inner(parts[1], point) + parts[2]
    facts = local.algebra_facts(exponent, again)
    return algebra.decide(exponent, again, facts).status == "equal" and algebra.sign(parts[0], facts) == "-"


def tame(term: Any, point: Basic, local: Context, holds: Holds) -> bool:
    """Whether a term is defined at every value of a point, continuous in it, and bounded by a power of its norm."""
    if free(term, point, local):
        return finite(term, local, holds)
    if isinstance(term, _POLYNOMIAL):
        return all(tame(part, point, local, holds) for part in term.args)
    match term:
        case Symbol() | Variable():
            return bool(term == point)
        case Pow():
            return bool(term.exp.is_Integer and term.exp > 0) and tame(term.base, point, local, holds)
        case Normal():  # bounded, whatever its point and its mean are
            known = free(term.covariance, point, local) and holds(PositiveDefinite(term.covariance), local)
            sides = (term.point, term.mean, term.covariance)
            return known and all(tame(side, point, local, holds) for side in sides)
        case log():
            return all(_tame_log(factor, point, local, holds) for factor in Mul.make_args(term.args[0]))
        case Sum():
            ends = len(term.limits) == 1 and all(free(end, point, local) for end in term.limits[0][1:])
            return ends and tame(term.function, point, local.at(term, (0,)), holds)
    return False


def _tame_log(factor: Any, point: Basic, local: Context, holds: Holds) -> bool:
    """Whether the logarithm of a factor is tame: of a positive number, or of a power of a Gaussian, a quadratic."""
    if free(factor, point, local):
        return finite(factor, local, holds) and holds(Greater(factor, 0), local)
    base, power = factor.as_base_exp()
    return isinstance(base, Normal) and bool(power.is_Rational) and tame(base, point, local, holds)


def finite(term: Any, local: Context, holds: Holds) -> bool:
    """Whether a term has a finite value: it is made of names by operations that are defined here."""
    return _made_of_names(term, local, holds) and all(holds(need, local) for need in needs(term))


def _made_of_names(term: Any, local: Context, holds: Holds) -> bool:
    if isinstance(term, _TOTAL):
        return all(_made_of_names(part, local, holds) for part in term.args)
    match term:
        case Symbol() | Variable() | Identity():
            return True
        case Application():
            return not fixed(str(term.name))
        case Inverse():
            return holds(PositiveDefinite(term.args[0]), local) and _made_of_names(term.args[0], local, holds)
        case Normal():
            known = holds(PositiveDefinite(term.covariance), local)
            return known and all(_made_of_names(part, local, holds) for part in term.args)
        case Sum():
            return len(term.limits) == 1 and _made_of_names(term.function, local.at(term, (0,)), holds)
        case KL():
            return holds(Exists(term), local)
    return bool(term.is_Rational) or term in (S.Pi, S.Exp1)


def free(term: Basic, point: Basic, local: Context) -> bool:
    return mentions(term, point, local.facts) is False


# ---- derivatives ---------------------------------------------------------------------------------------------------


def differentiable(term: Gradient, where: Context, holds: Holds) -> bool:
    """Whether a derivative exists at its point: the body is a quadratic, or smooth there."""
    if term.point == term.variable and quadratic(term.body, term.variable, where.at(term, (0,)).facts) is not None:
        return True
    return _smooth(term.body, term, where, holds)


def _smooth(term: Any, within: Gradient, where: Context, holds: Holds) -> bool:
    """Whether a part of a derivative's body is smooth at the derivative's point."""
    variable = within.variable

    def here(part: Any) -> Any:
        return substitute(part, {variable: within.point}, where.facts)

    def all_smooth(parts: Iterable[Any]) -> bool:
        return all(_smooth(part, within, where, holds) for part in parts)

    if free(term, variable, where):
        return finite(term, where, holds)
    if isinstance(term, _SMOOTH):
        return all_smooth(term.args)
    match term:
        case Symbol() | Variable():
            return bool(term == variable) and finite(within.point, where, holds)
        case log():
            return all_smooth(term.args) and holds(Greater(here(term.args[0]), 0), where)
        case Pow() if isinstance(term.base, Norm):
            return bool(term.exp.is_Integer and term.exp > 0 and term.exp % 2 == 0) and all_smooth(term.base.args)
        case Pow():
            if not (free(term.exp, variable, where) and all_smooth((term.base, term.exp))):
                return False
            if term.exp.is_Integer:
                return bool(term.exp > 0) or holds(Unequal(here(term.base), 0), where)
            return holds(Greater(here(term.base), 0), where)
        case Normal():
            spread = term.covariance if term.variance is None else term.variance
            if term.variance is None and not free(spread, variable, where):
                return False
            known = holds(PositiveDefinite(here(term.covariance)), where)
            return known and all_smooth((term.point, term.mean, spread))
        case Sum():
            ends = len(term.limits) == 1 and all(free(end, variable, where) for end in term.limits[0][1:])
            return ends and within.point == variable and _smooth(term.function, within, where.at(term, (0,)), holds)
    return False


def exchangeable(term: Gradient, where: Context, holds: Holds) -> bool:
    """Whether ∇_θ ∫ g(x) N(x; m(θ), v(θ) I) dx, g without θ and tame, may be taken inside the integral."""
    whole, variable = term.body, term.variable
    if not isinstance(whole, Integral) or len(whole.bound) != 1 or len(whole.limits[0]) != 1:
        return False
    here = substitute(whole, {variable: term.point}, where.facts)
    point, local = here.bound[0], where.at(here, (0,))
    varying = [factor for factor in Mul.make_args(whole.body) if not free(factor, variable, where)]
    if len(varying) != 1 or not isinstance(varying[0], Normal) or varying[0].point != whole.bound[0]:
        return False
    mean, spread = varying[0].mean, varying[0].variance
    if spread is None:
        spread = varying[0].covariance
        if not free(spread, variable, where):
            return False
    if any(not free(part, whole.bound[0], where) for part in (mean, spread)):
        return False
    factors = Mul.make_args(here.body)
    bells = [factor for factor in factors if _bell(factor, point, local, holds)]
    smooth = all(_smooth(part, term, where, holds) for part in (mean, spread))
    return smooth and bool(bells) and all(part in bells or tame(part, point, local, holds) for part in factors)
