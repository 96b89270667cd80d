"""Exact rationals where possible, balls that contain the true value where not.

A `Real` is flint's `fmpq` or `arb`. Each function raises `NotDefined` where the result certainly does not exist over
the reals and `Unsure` where the ball is too wide to tell; a ball never misses the true value.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb, ctx, fmpq, fmpz

Real = Any
"""fmpq or arb."""

MOST_BITS = 4096
"""Exact powers beyond this many bits are balls."""


class NotDefined(Exception):
    """No real value: the logarithm or root of a negative number, a division by zero."""

    def __init__(self, what: str, pole: bool = False) -> None:
        super().__init__(what)
        self.pole = pole


class Unsure(Exception):
    """The ball is too wide to tell."""


class precision:
    """Ball arithmetic with this many bits, in a with statement."""

    __slots__ = ("before", "bits")

    def __init__(self, bits: int) -> None:
        self.bits = bits

    def __enter__(self) -> None:
        self.before = ctx.prec
        ctx.prec = self.bits

    def __exit__(self, *_: object) -> None:
        ctx.prec = self.before


def exact(value: Real) -> bool:
    """Whether a number is an exact rational."""
    return isinstance(value, fmpq)


def ball(value: Real) -> Any:
    """The number as a ball."""
    return value if isinstance(value, arb) else arb(value)


def rational(value: Any) -> Any:
    """A Python or SymPy rational as an exact number."""
    if isinstance(value, (int, Fraction)):
        return fmpq(value.numerator, value.denominator)
    return fmpq(int(value.p), int(value.q))


def sign(value: Real) -> int | None:
    """−1, 0 or 1; None where the ball contains zero and more."""
    if isinstance(value, fmpq):
        return 0 if not value else 1 if value.p > 0 else -1
    if value > 0:
        return 1
    if value < 0:
        return -1
    return 0 if value.is_zero() else None


def add(a: Real, b: Real) -> Real:
    """a + b."""
    return a + b


def mul(a: Real, b: Real) -> Real:
    """a · b; an exact zero times anything that exists is zero."""
    if (isinstance(a, fmpq) and not a) or (isinstance(b, fmpq) and not b):
        return fmpq(0)
    return a * b


def inverse(a: Real) -> Real:
    """1/a."""
    found = sign(a)
    if found == 0:
        raise NotDefined("a division by zero", pole=True)
    if found is None:
        raise Unsure
    return 1 / a


def whole_power(a: Real, n: int) -> Real:
    """aⁿ."""
    if n < 0:
        return inverse(whole_power(a, -n))
    if isinstance(a, fmpq) and (a.height_bits() * n > MOST_BITS):
        a = arb(a)
    return a**n


def fractional_power(a: Real, exponent: Fraction) -> Real:
    """a^(p/q) for a ≥ 0 (a > 0 where p < 0)."""
    found = sign(a)
    if found == -1:
        raise NotDefined("the root of a negative number")
    if found is None:
        raise Unsure
    if found == 0:
        if exponent < 0:
            raise NotDefined("a division by zero", pole=True)
        return fmpq(0)
    root = _exact_root(a, exponent.denominator) if isinstance(a, fmpq) else None
    if root is None:
        root = ball(a).sqrt() if exponent.denominator == 2 else ball(a).root(exponent.denominator)
    return whole_power(root, exponent.numerator)


def _exact_root(a: Any, n: int) -> Any:
    top, bottom = fmpz(a.p).root(n), fmpz(a.q).root(n)
    return fmpq(top, bottom) if top**n == a.p and bottom**n == a.q else None


def power(a: Real, exponent: Real) -> Real:
    """a^exponent for an exponent that varies: whole ones for any base but zero, others for a positive one."""
    if sign(a) == 0:
        raise Unsure  # 0⁰ is a convention, and nothing is to rest on it
    if isinstance(exponent, fmpq):
        if exponent.q == 1 and abs(int(exponent.p)) <= 100_000:
            return whole_power(a, int(exponent.p))
        if exponent.q <= 64 and abs(int(exponent.p)) <= 100_000:
            return fractional_power(a, Fraction(int(exponent.p), int(exponent.q)))
    return exp(mul(exponent, log(a)))


def log(a: Real) -> Real:
    """log a for a > 0."""
    found = sign(a)
    if found is None:
        raise Unsure
    if found <= 0:
        raise NotDefined("the logarithm of a number that is not positive")
    return fmpq(0) if isinstance(a, fmpq) and a == 1 else ball(a).log()


def exp(a: Real) -> Real:
    """exp a."""
    return fmpq(1) if isinstance(a, fmpq) and not a else ball(a).exp()


def absolute(a: Real) -> Real:
    """|a|."""
    return abs(a)


def show(value: Real) -> str:
    """A number for people: p/q where it is exact, else its certain decimals."""
    if isinstance(value, fmpq):
        return str(value)
    return value.str(12, radius=False)  # type: ignore[no-any-return]
