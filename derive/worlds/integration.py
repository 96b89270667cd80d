"""Exact integrals of polynomial × exp(quadratic): over all of R^m, and under a Gaussian with affine or polynomial mean.

∫ P(y) exp(−yᵀAy/2 + bᵀy + c) dy = (2π)^{m/2} det(A)^{-1/2} exp(c + bᵀA⁻¹b/2) E[P(Y)], Y ~ N(A⁻¹b, A⁻¹), and moments by
E[Yᵢ g(Y)] = μᵢ E[g] + Σⱼ Sᵢⱼ E[∂ⱼ g] (Isserlis 1918; Stein 1972). What else occurs under the integral (other
coordinates in P, b, c) stays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flint import fmpq

from derive.worlds import exact, functions, linear
from derive.worlds.exact import ONE, ZERO
from derive.worlds.functions import Dual, ExpPolynomial, Monomial, Polynomial
from derive.worlds.linear import Matrix, Vector
from derive.worlds.outcomes import NotExercised, Undefined

HALF = fmpq(1, 2)
LOG_TWO_PI = exact.LogNumber(ZERO, {2: ONE, exact.PI: ONE})


def over(value: Any, integral: Callable[[ExpPolynomial], Any]) -> Any:
    """An integral of a function applied to every entry of a vector, matrix or dual."""
    if isinstance(value, Vector):
        return Vector(over(entry, integral) for entry in value.entries)
    if isinstance(value, Matrix):
        return Matrix([over(entry, integral) for entry in row] for row in value.rows)
    if isinstance(value, Dual):
        slopes = tuple(over(slope, integral) for slope in value.slopes)
        return Dual(over(value.value, integral), slopes, value.level)
    if isinstance(value, exact.Infinity):
        return value
    return plain(integral(value if isinstance(value, ExpPolynomial) else ExpPolynomial.constant(value)))


def plain(value: Any) -> Any:
    """A number where a function depends on nothing any more."""
    if isinstance(value, ExpPolynomial) and not value.coordinates():
        total: Any = ZERO
        for factor, exponent in value.terms:
            part = factor[()] * exact.exp(exponent[()]) if exponent else factor[()]
            total = part if isinstance(total, fmpq) and total == 0 else total + part
        return total
    return value


def lebesgue(value: Any, coordinates: Sequence[int]) -> Any:
    """∫ over R^m; undefined where the integral does not exist."""
    if not coordinates:
        return value
    return over(value, lambda function: _whole(function, coordinates))


def _whole(function: ExpPolynomial, coordinates: Sequence[int]) -> ExpPolynomial:
    terms = []
    for factor, exponent in function.terms:
        curvature, slope, rest = _split(exponent, coordinates)
        if not curvature.rows or exact.sign(linear.pivots(curvature)[-1]) != 1:
            raise Undefined("an integral that does not exist")
        covariance = linear.inverse(curvature)
        mean = [_combined(row, slope) for row in covariance.rows]
        constant = (LOG_TWO_PI * len(coordinates) - exact.log(linear.determinant(curvature))) * HALF
        total = functions.add(rest, {(): constant})
        for b, m in zip(slope, mean, strict=True):
            if b and m:
                total = functions.add(total, functions.scale(functions.multiply(b, m), HALF))
        terms.append((moment(factor, coordinates, mean, covariance), total))
    return ExpPolynomial(functions.merged(terms))


def _combined(weights: Sequence[Any], polynomials: Sequence[Polynomial]) -> Polynomial:
    total: Polynomial = {}
    for weight, polynomial in zip(weights, polynomials, strict=True):
        if polynomial:
            total = functions.add(total, functions.scale(polynomial, weight))
    return total


def _split(exponent: Polynomial, coordinates: Sequence[int]) -> tuple[Matrix, list[Polynomial], Polynomial]:
    """(A, b, c) with exponent = −yᵀAy/2 + bᵀy + c."""
    places = {coordinate: place for place, coordinate in enumerate(coordinates)}
    size = len(coordinates)
    rows: list[list[Any]] = [[ZERO] * size for _ in range(size)]
    slope: list[Polynomial] = [{} for _ in range(size)]
    rest: Polynomial = {}
    for monomial, value in exponent.items():
        inside = [(places[c], many) for c, many in monomial if c in places]
        outside: Monomial = tuple((c, many) for c, many in monomial if c not in places)
        total = sum(many for _, many in inside)
        if total == 0:
            rest[monomial] = value
        elif total == 1:
            slope[inside[0][0]][outside] = value
        elif total == 2 and not outside:
            first, last = inside[0][0], inside[-1][0]
            if first == last:
                rows[first][first] = value * (-2)
            else:
                rows[first][last] = rows[last][first] = -value
        else:
            raise NotExercised("the exponent of a density is not quadratic in what is integrated")
    return Matrix(rows), slope, rest


def moment(
    polynomial: Polynomial, coordinates: Sequence[int], mean: Sequence[Polynomial], covariance: Matrix
) -> Polynomial:
    """E[P(Y)] for Y ~ N(mean, covariance); the mean may be a polynomial in other coordinates."""
    places = {coordinate: place for place, coordinate in enumerate(coordinates)}
    known: dict[tuple[int, ...], Polynomial] = {}

    def expected(powers: tuple[int, ...]) -> Polynomial:
        if powers in known:
            return known[powers]
        place = next((i for i, many in enumerate(powers) if many), None)
        if place is None:
            return {(): ONE}
        lower = (*powers[:place], powers[place] - 1, *powers[place + 1 :])
        total = functions.multiply(mean[place], expected(lower)) if mean[place] else {}
        for other, many in enumerate(lower):
            weight = covariance.rows[place][other]
            if many and not functions.is_zero(weight):
                smaller = (*lower[:other], many - 1, *lower[other + 1 :])
                total = functions.add(total, functions.scale(expected(smaller), weight * many))
        known[powers] = total
        return total

    result: Polynomial = {}
    for monomial, value in polynomial.items():
        powers = [0] * len(coordinates)
        outside = []
        for coordinate, many in monomial:
            if coordinate in places:
                powers[places[coordinate]] = many
            else:
                outside.append((coordinate, many))
        part = functions.scale(expected(tuple(powers)), value)
        if outside:
            part = functions.multiply({tuple(outside): ONE}, part)
        result = functions.add(result, part)
    return result


def gaussian(value: Any, coordinates: Sequence[int], mean: Sequence[Any], covariance: Matrix,
             density: Callable[[], Any]) -> Any:  # fmt: skip
    """E of a function of the coordinates under N(mean, covariance); `density` is that Gaussian as a function of them.

    Polynomials are averaged by moments, where a singular covariance does no harm; the rest is integrated against the
    density.
    """
    polynomials = [_polynomial(entry) for entry in mean]
    inside = set(coordinates)
    if all(entry is not None for entry in polynomials):

        def averaged(function: ExpPolynomial) -> ExpPolynomial:
            terms = []
            for factor, exponent in function.terms:
                if any(c in inside for monomial in exponent for c, _ in monomial):
                    product = ExpPolynomial([(factor, exponent)]) * density()
                    terms.extend(_whole(product, coordinates).terms)
                else:
                    terms.append((moment(factor, coordinates, polynomials, covariance), exponent))  # type: ignore[arg-type]
            return ExpPolynomial(functions.merged(terms))

        return over(value, averaged)
    return lebesgue(_times(value, density()), coordinates)


def _times(value: Any, factor: Any) -> Any:
    return value * factor


def _polynomial(entry: Any) -> Polynomial | None:
    if isinstance(entry, ExpPolynomial):
        return entry.polynomial
    if isinstance(entry, functions.NUMBERS):
        return {} if functions.is_zero(entry) else {(): entry}
    return None


def _decaying(factor: Polynomial, exponent: Polynomial, coordinate: int, lower: Any, upper: Any) -> ExpPolynomial:
    """∫ p(s) exp(r s + c) ds = exp(r s + c) Σ_k (−1)^k p^(k)(s)/r^{k+1}, taken between the limits."""
    slope = functions.derivative(exponent, coordinate)
    if set(slope) != {()}:
        raise NotExercised("an integral between limits of the exponential of what is not linear")
    rate, parts, sign = slope[()], list[Polynomial](), ONE
    while factor:
        parts.append(functions.scale(factor, exact.divide(sign, rate)))
        factor, sign = functions.derivative(factor, coordinate), exact.divide(-sign, rate)
    total = ExpPolynomial([])
    for limit, way in ((upper, ONE), (lower, -ONE)):
        for part in parts:
            total = total + ExpPolynomial([(_put(part, coordinate, limit), _put(exponent, coordinate, limit))]) * way
    return total


def _put(polynomial: Polynomial, coordinate: int, value: Any) -> Polynomial:
    """The polynomial with a number for a coordinate."""
    result: Polynomial = {}
    for monomial, weight in polynomial.items():
        rest = tuple((c, many) for c, many in monomial if c != coordinate)
        number = exact.power(value, fmpq(dict(monomial).get(coordinate, 0)))
        result = functions.add(result, functions.scale({rest: weight}, number))
    return result


def between(value: Any, coordinate: int, lower: Any, upper: Any) -> Any:
    """∫ from lower to upper of a polynomial, or of one times the exponential of a linear function."""

    def primitive(function: ExpPolynomial) -> Any:
        total: Any = ZERO
        for factor, exponent in function.terms:
            if any(c == coordinate for monomial in exponent for c, _ in monomial):
                total = _decaying(factor, exponent, coordinate, lower, upper) + total
                continue
            for monomial, weight in factor.items():
                many = dict(monomial).get(coordinate, 0)
                rest = tuple((c, power) for c, power in monomial if c != coordinate)
                width = exact.power(upper, fmpq(many + 1)) - exact.power(lower, fmpq(many + 1))
                part = ExpPolynomial([({rest: weight / fmpq(many + 1)}, exponent)])
                total = plain(part) * width + total
        return total

    return over(value, primitive)
