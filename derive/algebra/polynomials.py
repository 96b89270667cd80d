"""Integer polynomials in many variables: contexts, quotients, factors."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flint import Ordering, fmpz, fmpz_mpoly_ctx
from flint.utils.flint_exceptions import DomainError

SHORT = 60
"""A quotient of polynomials with at most so many terms is found by a division with remainder, which fails sooner."""

MOST_BITS = 200_000
"""Numbers longer than this are not worked with."""


class TooLarge(Exception):
    """A polynomial would exceed the budget; the modular test may still decide."""


def divided(poly: Any, by: Any) -> Any:
    """The quotient of primitive polynomials, or None where there is none."""
    if len(poly) <= SHORT:
        quotient, rest = divmod(poly, by)
        return quotient if rest.is_zero() else None
    try:
        return poly / by
    except DomainError:
        return None


def as_generator(poly: Any) -> int | None:
    """The place of the generator that this polynomial is, or None."""
    if len(poly) != 1:
        return None
    monomial = poly.monomial(0)
    if sum(monomial) != 1:
        return None
    return list(monomial).index(1)


def irreducible_at_sight(poly: Any) -> bool:
    """Whether some variable occurs linearly, with a coefficient prime to the rest: then nothing divides it."""
    for place, degree in enumerate(poly.degrees()):
        if degree == 1:
            slope = poly.derivative(place)
            if slope.is_constant():
                return True
            rest = poly - slope * gens(len(poly.degrees()))[place]
            return bool(slope.gcd(rest).is_constant())
    return False


@lru_cache(maxsize=64)
def context(size: int) -> Any:
    return fmpz_mpoly_ctx.get([f"g{place}" for place in range(size)], Ordering.lex)


@lru_cache(maxsize=64)
def gens(size: int) -> tuple[Any, ...]:
    return tuple(context(size).gens())


def factorised(poly: Any) -> tuple[Any, list[tuple[Any, int]]]:
    return _factors_of(poly.context().nvars(), str(poly), _Shown(poly))


class _Shown:
    """A polynomial handed past a cache whose key is its text."""

    def __init__(self, poly: Any) -> None:
        self.poly = poly

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Shown)


@lru_cache(maxsize=4096)
def _factors_of(size: int, text: str, shown: _Shown) -> tuple[Any, list[tuple[Any, int]]]:
    constant, pairs = shown.poly.factor()
    return constant, [(poly, int(multiplicity)) for poly, multiplicity in pairs]


def prime_powers(n: int) -> list[tuple[int, int]]:
    """n > 0 as prime powers; a cofactor too large to be split stands for itself."""
    if n == 1:
        return []
    if n.bit_length() > MOST_BITS:
        raise TooLarge("a number is too large")
    if n.bit_length() <= 96:
        return [(int(p), int(e)) for p, e in fmpz(n).factor()]
    return [(int(p), int(e)) for p, e in fmpz(n).factor_smooth(20)]
