"""Values that still depend on bound coordinates: sums of polynomial × exp(polynomial), and truncated Taylor values.

Under an integral or an expectation a variable is bound, and what is integrated is a function of its coordinates. An
`ExpPolynomial` is such a function, exactly; Gaussian densities, their products and logarithms, and polynomials of the
points all stay in this ring. A `Dual` is a value with its first derivatives along some directions, which is what a
gradient evaluates its body at; duals nest by level for higher derivatives.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flint import arb, fmpq

from derive.worlds import exact
from derive.worlds.exact import ONE, ZERO
from derive.worlds.outcomes import NotExercised, Undefined

Monomial = tuple[tuple[int, int], ...]
"""Coordinates with their powers, sorted by coordinate."""

Polynomial = dict[Monomial, Any]
"""Coefficients of monomials, none of them exactly zero."""

_MOST_TERMS = 20_000
NUMBERS = (int, fmpq, exact.LogNumber, exact.ExpNumber, arb)


# ---- polynomials --------------------------------------------------------------------------------------------------


def add(left: Polynomial, right: Polynomial) -> Polynomial:
    """The sum of two polynomials."""
    result = dict(left)
    for monomial, coefficient in right.items():
        if monomial in result:
            total = result[monomial] + coefficient
            if is_zero(total):
                del result[monomial]
            else:
                result[monomial] = total
        else:
            result[monomial] = coefficient
    return result


def multiply(left: Polynomial, right: Polynomial) -> Polynomial:
    """The product of two polynomials."""
    if len(left) * len(right) > _MOST_TERMS:
        raise NotExercised("a polynomial grows too large")
    result: Polynomial = {}
    for first, a in left.items():
        for second, b in right.items():
            monomial = join(first, second)
            value = a * b
            result[monomial] = result[monomial] + value if monomial in result else value
    return {monomial: value for monomial, value in result.items() if not is_zero(value)}


def scale(polynomial: Polynomial, factor: Any) -> Polynomial:
    """A polynomial times a number."""
    if is_zero(factor):
        return {}
    return {monomial: value * factor for monomial, value in polynomial.items()}


def join(left: Monomial, right: Monomial) -> Monomial:
    """The product of two monomials."""
    if not left or not right:
        return left or right
    powers = dict(left)
    for coordinate, many in right:
        powers[coordinate] = powers.get(coordinate, 0) + many
    return tuple(sorted(powers.items()))


def is_zero(value: Any) -> bool:
    """Whether a coefficient is exactly zero."""
    if isinstance(value, fmpq):
        return value == 0
    return isinstance(value, (int, arb)) and value == 0


def derivative(polynomial: Polynomial, coordinate: int) -> Polynomial:
    """∂/∂c of a polynomial."""
    result: Polynomial = {}
    for monomial, value in polynomial.items():
        for place, (name, many) in enumerate(monomial):
            if name == coordinate:
                rest = ((name, many - 1),) if many > 1 else ()
                result[monomial[:place] + rest + monomial[place + 1 :]] = value * many
    return result


# ---- polynomial × exp(polynomial) ---------------------------------------------------------------------------------


class ExpPolynomial:
    """Σ pₖ exp(eₖ) with polynomials pₖ, eₖ in numbered coordinates."""

    __slots__ = ("terms",)

    def __init__(self, terms: list[tuple[Polynomial, Polynomial]]) -> None:
        self.terms = terms

    @staticmethod
    def coordinate(number: int) -> ExpPolynomial:
        """The coordinate itself."""
        return ExpPolynomial([({((number, 1),): ONE}, {})])

    @staticmethod
    def constant(value: Any) -> ExpPolynomial:
        """A number as a function."""
        return ExpPolynomial([] if is_zero(value) else [({(): value}, {})])

    @property
    def polynomial(self) -> Polynomial | None:
        """The polynomial that this is, or None where an exponential occurs."""
        if not self.terms:
            return {}
        return self.terms[0][0] if len(self.terms) == 1 and not self.terms[0][1] else None

    def coordinates(self) -> frozenset[int]:
        """The coordinates that occur."""
        return frozenset(
            c for pair in self.terms for polynomial in pair for monomial in polynomial for c, _ in monomial
        )

    def _lift(self, other: Any) -> ExpPolynomial | None:
        if isinstance(other, ExpPolynomial):
            return other
        return ExpPolynomial.constant(other) if isinstance(other, NUMBERS) else None

    def __add__(self, other: Any) -> Any:
        lifted = self._lift(other)
        if lifted is None:
            return NotImplemented
        if len(self.terms) == 1 and len(lifted.terms) == 1 and not self.terms[0][1] and not lifted.terms[0][1]:
            total = add(self.terms[0][0], lifted.terms[0][0])
            return ExpPolynomial([(total, {})] if total else [])
        return ExpPolynomial(merged([*self.terms, *lifted.terms]))

    __radd__ = __add__

    def __neg__(self) -> ExpPolynomial:
        return ExpPolynomial([({m: -value for m, value in p.items()}, e) for p, e in self.terms])

    def __sub__(self, other: Any) -> Any:
        lifted = self._lift(other)
        return NotImplemented if lifted is None else self + (-lifted)

    def __rsub__(self, other: Any) -> Any:
        return (-self) + other

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, NUMBERS):
            if is_zero(other):
                return ExpPolynomial([])
            return ExpPolynomial([(scale(p, other), e) for p, e in self.terms])
        if not isinstance(other, ExpPolynomial):
            return NotImplemented
        products = [(multiply(p, q), add(e, f) if e and f else e or f) for p, e in self.terms for q, f in other.terms]
        return ExpPolynomial(merged(products) if len(products) > 1 else [pair for pair in products if pair[0]])

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, NUMBERS):
            return self * exact.divide(ONE, other if not isinstance(other, int) else fmpq(other))
        return self * other._inverse() if isinstance(other, ExpPolynomial) else NotImplemented

    def __rtruediv__(self, other: Any) -> Any:
        return self._inverse() * other if isinstance(other, NUMBERS) else NotImplemented

    def _inverse(self) -> ExpPolynomial:
        if not self.terms:
            raise Undefined("division by zero")
        factor, exponent = self._single("a quotient by a sum of functions is not integrated exactly")
        return ExpPolynomial([({(): exact.divide(ONE, factor)}, {m: -value for m, value in exponent.items()})])

    def _single(self, reason: str) -> tuple[Any, Polynomial]:
        """(c, e) where this is c·exp(e) with a number c."""
        if len(self.terms) == 1:
            (factor, exponent), = self.terms
            if len(factor) == 1 and () in factor:
                return factor[()], exponent
        raise NotExercised(reason)

    def log(self) -> ExpPolynomial:
        """The logarithm, where this is c·exp(e) with c > 0."""
        factor, exponent = self._single("the logarithm of a sum of functions is not integrated exactly")
        return ExpPolynomial([(total, {})] if (total := add(exponent, _constant(exact.log(factor)))) else [])

    def exp(self) -> ExpPolynomial:
        """The exponential of a polynomial."""
        polynomial = self.polynomial
        if polynomial is None:
            raise NotExercised("the exponential of an exponential is not integrated exactly")
        return ExpPolynomial([({(): ONE}, polynomial)])


def _constant(value: Any) -> Polynomial:
    return {} if is_zero(value) else {(): value}


def merged(terms: Iterable[tuple[Polynomial, Polynomial]]) -> list[tuple[Polynomial, Polynomial]]:
    """Terms of the same exponent added up."""
    result: list[tuple[Polynomial, Polynomial]] = []
    for factor, exponent in terms:
        if not factor:
            continue
        for place, (other, known) in enumerate(result):
            if _identical(exponent, known):
                total = add(other, factor)
                if total:
                    result[place] = (total, known)
                else:
                    del result[place]
                break
        else:
            result.append((factor, exponent))
    return result


def _identical(left: Polynomial, right: Polynomial) -> bool:
    return left is right or (
        left.keys() == right.keys() and all(_same_coefficient(value, right[m]) for m, value in left.items())
    )


def _same_coefficient(left: Any, right: Any) -> bool:
    if isinstance(left, exact.LogNumber) and isinstance(right, exact.LogNumber):
        return bool(left.rational == right.rational) and left.logs == right.logs
    if type(left) is not type(right):
        return False
    return bool(left == right) if isinstance(left, (fmpq, arb)) else left is right


# ---- derivatives --------------------------------------------------------------------------------------------------


class Dual:
    """A value and its first derivatives along the directions of one gradient, told from others by its level."""

    __slots__ = ("level", "slopes", "value")

    def __init__(self, value: Any, slopes: tuple[Any, ...], level: int) -> None:
        self.value = value
        self.slopes = slopes
        self.level = level

    def _pair(self, other: Any) -> Dual | None:
        """The other operand as a dual of this level; None where it is of a deeper one."""
        if isinstance(other, Dual):
            if other.level == self.level:
                return other
            if other.level > self.level:
                return None
        return Dual(other, (ZERO,) * len(self.slopes), self.level)

    def __add__(self, other: Any) -> Any:
        if not isinstance(other, Dual):
            return Dual(self.value + other, self.slopes, self.level)
        pair = self._pair(other)
        if pair is None:
            return other + self
        slopes = tuple(a + b for a, b in zip(self.slopes, pair.slopes, strict=True))
        return Dual(self.value + pair.value, slopes, self.level)

    __radd__ = __add__

    def __neg__(self) -> Dual:
        return Dual(-self.value, tuple(-slope for slope in self.slopes), self.level)

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return (-self) + other

    def __mul__(self, other: Any) -> Any:
        if not isinstance(other, Dual):
            return Dual(self.value * other, tuple(slope * other for slope in self.slopes), self.level)
        pair = self._pair(other)
        if pair is None:
            return other * self
        slopes = tuple(a * pair.value + self.value * b for a, b in zip(self.slopes, pair.slopes, strict=True))
        return Dual(self.value * pair.value, slopes, self.level)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, Dual):
            return self * other._inverse()
        return self * exact.divide(ONE, other if not isinstance(other, int) else fmpq(other))

    def __rtruediv__(self, other: Any) -> Any:
        return self._inverse() * other

    def _inverse(self) -> Dual:
        inverse = exact.divide(ONE, self.value)
        return self.chained(inverse, -(inverse * inverse))

    def chained(self, value: Any, slope: Any) -> Dual:
        """The value and slope of a function of this, by the chain rule."""
        return Dual(value, tuple(slope * own for own in self.slopes), self.level)

    def log(self) -> Dual:
        """log, by the chain rule."""
        return self.chained(exact.log(self.value), exact.divide(ONE, self.value))

    def exp(self) -> Dual:
        """exp, by the chain rule."""
        value = exact.exp(self.value)
        return self.chained(value, value)

    def root(self) -> Dual:
        """√, by the chain rule; it has no derivative at zero."""
        value = exact.power(self.value, fmpq(1, 2))
        return self.chained(value, exact.divide(ONE, value * 2))


def primal(value: Any) -> Any:
    """The value without its derivatives, which decides on which side of zero it lies."""
    while isinstance(value, Dual):
        value = value.value
    return value
