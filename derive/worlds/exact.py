r"""Exact numbers: rationals, q + Σ cᵢ log bᵢ, r·exp(q + Σ cᵢ log bᵢ), balls where nothing exact is left, and ±∞.

Rationals are FLINT's. `LogNumber` is a rational combination of logarithms of natural numbers and of π; it is zero
only when its rational part is zero and the product of the bases to their powers is 1 (a rational power of e is
irrational, Lindemann), which is decided over a coprime basis without factoring. `ExpNumber` is a rational times the
exponential of a `LogNumber`: square roots, Gaussian densities. Anything else becomes a ball of `PRECISION` bits,
which certainly contains the value.
"""

from __future__ import annotations

from functools import lru_cache
from math import gcd, isqrt
from typing import Any

import flint
from flint import arb, fmpq, fmpz

from derive.worlds.outcomes import NotExercised, Undefined

PRECISION = 160
"""Bits of a ball."""

AGREEMENT = arb(2) ** -60
"""Two balls that overlap agree when they are known to within this much of their size."""

PI = 0
"""The base that stands for π in a `LogNumber`."""

ZERO, ONE = fmpq(0), fmpq(1)
_SMALL = 10**9
_LARGEST_POWER = 512


class LogNumber:
    """q + Σ cᵢ log bᵢ with rational q, cᵢ ≠ 0 and bases bᵢ ≥ 2 (or π)."""

    __slots__ = ("logs", "rational")

    def __init__(self, rational: fmpq, logs: dict[int, fmpq]) -> None:
        self.rational = rational
        self.logs = logs

    def __add__(self, other: Any) -> Any:
        if isinstance(other, (int, fmpq)):
            return LogNumber(self.rational + other, self.logs)
        if isinstance(other, LogNumber):
            logs = dict(self.logs)
            for base, coefficient in other.logs.items():
                total = logs.get(base, ZERO) + coefficient
                if total == 0:
                    del logs[base]
                else:
                    logs[base] = total
            return _log_number(self.rational + other.rational, logs)
        return _with_balls(self, other, lambda a, b: a + b)

    __radd__ = __add__

    def __neg__(self) -> LogNumber:
        return LogNumber(-self.rational, {base: -c for base, c in self.logs.items()})

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return (-self) + other

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, (int, fmpq)):
            if other == 0:
                return ZERO
            return LogNumber(self.rational * other, {base: c * other for base, c in self.logs.items()})
        return _with_balls(self, other, lambda a, b: a * b)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, (int, fmpq)):
            if other == 0:
                raise Undefined("division by zero")
            return self * (ONE / other)
        return _with_balls(self, other, _divide_balls)

    def __rtruediv__(self, other: Any) -> Any:
        return _with_balls(other, self, _divide_balls)

    def ball(self) -> arb:
        """A ball around the value."""
        total = arb(self.rational)
        for base, coefficient in self.logs.items():
            total += _log_of(base) * coefficient
        return total

    def __repr__(self) -> str:
        return show(self)


class ExpNumber:
    """c·exp(L) with a rational c ≠ 0 and a `LogNumber` L that is not rational, or has a rational part."""

    __slots__ = ("coefficient", "exponent")

    def __init__(self, coefficient: fmpq, exponent: LogNumber) -> None:
        self.coefficient = coefficient
        self.exponent = exponent

    def __neg__(self) -> ExpNumber:
        return ExpNumber(-self.coefficient, self.exponent)

    def __add__(self, other: Any) -> Any:
        if isinstance(other, (int, fmpq)) and other == 0:
            return self
        if isinstance(other, ExpNumber):
            ratio = other / self
            if isinstance(ratio, fmpq):
                return self * (ONE + ratio)
        return _with_balls(self, other, lambda a, b: a + b)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return (-self) + other

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, (int, fmpq)):
            return ZERO if other == 0 else ExpNumber(self.coefficient * other, self.exponent)
        if isinstance(other, ExpNumber):
            return _exp_number(self.coefficient * other.coefficient, self.exponent + other.exponent)
        return _with_balls(self, other, lambda a, b: a * b)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, (int, fmpq)):
            if other == 0:
                raise Undefined("division by zero")
            return ExpNumber(self.coefficient / other, self.exponent)
        if isinstance(other, ExpNumber):
            return _exp_number(self.coefficient / other.coefficient, self.exponent - other.exponent)
        return _with_balls(self, other, _divide_balls)

    def __rtruediv__(self, other: Any) -> Any:
        if isinstance(other, (int, fmpq)):
            return ZERO if other == 0 else _exp_number(fmpq(other) / self.coefficient, -self.exponent)
        return _with_balls(other, self, _divide_balls)

    def ball(self) -> arb:
        """A ball around the value."""
        return arb(self.coefficient) * self.exponent.ball().exp()

    def __repr__(self) -> str:
        return show(self)


class Infinity:
    """+∞ or −∞: the value of a divergence, or of log 0. ∞ − ∞, 0·∞ and ∞/∞ are undefined."""

    __slots__ = ("positive",)

    def __init__(self, positive: bool) -> None:
        self.positive = positive

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Infinity) and other.positive == self.positive

    def __hash__(self) -> int:
        return hash(("infinity", self.positive))

    def __neg__(self) -> Infinity:
        return NEGATIVE_INFINITY if self.positive else POSITIVE_INFINITY

    def __add__(self, other: Any) -> Infinity:
        if isinstance(other, Infinity) and other.positive != self.positive:
            raise Undefined("∞ − ∞")
        return self

    __radd__ = __add__

    def __sub__(self, other: Any) -> Infinity:
        return self + (-other)

    def __rsub__(self, other: Any) -> Infinity:
        return (-self) + other

    def __mul__(self, other: Any) -> Infinity:
        if isinstance(other, Infinity):
            return POSITIVE_INFINITY if other.positive == self.positive else NEGATIVE_INFINITY
        side = sign(other)
        if side == 0 or side is None:
            raise Undefined("0·∞")
        return self if side > 0 else -self

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Infinity:
        if isinstance(other, Infinity):
            raise Undefined("∞/∞")
        return self * other

    def __rtruediv__(self, other: Any) -> Any:
        raise Undefined("division by ∞")

    def __repr__(self) -> str:
        return "∞" if self.positive else "−∞"


POSITIVE_INFINITY, NEGATIVE_INFINITY = Infinity(True), Infinity(False)



# ---- construction -------------------------------------------------------------------------------------------------


def _log_number(rational: fmpq, logs: dict[int, fmpq]) -> Any:
    return LogNumber(rational, logs) if logs else rational


def _exp_number(coefficient: fmpq, exponent: Any) -> Any:
    """c·exp(L) with whole powers of the bases taken into c; a rational where nothing else is left."""
    if isinstance(exponent, fmpq):
        if exponent == 0:
            return coefficient
        return ExpNumber(coefficient, LogNumber(exponent, {}))
    logs: dict[int, fmpq] = {}
    for base, power in exponent.logs.items():
        whole = int(power.floor()) if base != PI else 0
        if whole and abs(whole) * base.bit_length() > 1 << 16:
            whole = 0
        if whole:
            coefficient = coefficient * (fmpq(base) ** whole)
            power = power - whole
        if power != 0:
            logs[base] = power
    if not logs and exponent.rational == 0:
        return coefficient
    return ExpNumber(coefficient, LogNumber(exponent.rational, logs))


@lru_cache(maxsize=4096)
def _bases(number: int) -> tuple[tuple[int, int], ...]:
    """A natural number as powers of bases: primes where it is small, itself (or its root) where it is not."""
    if number == 1:
        return ()
    if number < _SMALL:
        return tuple((int(prime), int(power)) for prime, power in fmpz(number).factor())
    root, power = number, 1
    while (half := isqrt(root)) * half == root:
        root, power = half, 2 * power
    return tuple((base, many * power) for base, many in _bases(root)) if root < _SMALL else ((root, power),)


@lru_cache(maxsize=1024)
def _log_of(base: int) -> arb:
    with flint.ctx.workprec(PRECISION + 40):
        return arb.pi().log() if base == PI else arb(base).log()


def ball(value: Any) -> arb:
    """A ball that contains the value of a finite number."""
    if isinstance(value, (LogNumber, ExpNumber)):
        return value.ball()
    if isinstance(value, arb):
        return value
    if isinstance(value, (fmpq, int)):
        return arb(value)
    raise NotExercised(f"a {type(value).__name__} has no ball")


def _with_balls(left: Any, right: Any, combine: Any) -> Any:
    if isinstance(left, (int, fmpq, LogNumber, ExpNumber, arb)) and isinstance(
        right, (int, fmpq, LogNumber, ExpNumber, arb)
    ):
        return combine(ball(left), ball(right))
    return NotImplemented


def _divide_balls(left: arb, right: arb) -> arb:
    if 0 in right:
        if right == 0:
            raise Undefined("division by zero")
        raise NotExercised("a divisor cannot be told from zero")
    return left / right


# ---- functions ----------------------------------------------------------------------------------------------------


def divide(left: Any, right: Any) -> Any:
    """left/right; division by zero is undefined."""
    if isinstance(right, fmpq):
        if right == 0:
            raise Undefined("division by zero")
        return left / right
    if isinstance(right, arb):
        return left * _divide_balls(arb(1), right)
    return left / right


def log(value: Any) -> Any:
    """log of a number; −∞ at zero, undefined below."""
    if isinstance(value, fmpq):
        if value > 0:
            logs: dict[int, fmpq] = {}
            for number, way in ((int(value.p), 1), (int(value.q), -1)):
                for base, power in _bases(number):
                    logs[base] = logs.get(base, ZERO) + way * power
            return _log_number(ZERO, {base: c for base, c in logs.items() if c != 0})
        if value == 0:
            return NEGATIVE_INFINITY
        raise Undefined("the logarithm of a negative number")
    if isinstance(value, ExpNumber):
        return value.exponent + log(value.coefficient)
    if isinstance(value, Infinity):
        if value.positive:
            return value
        raise Undefined("the logarithm of −∞")
    if isinstance(value, (LogNumber, arb)):
        around = ball(value)
        if around > 0:
            return around.log()
        if around < 0:
            raise Undefined("the logarithm of a negative number")
        raise NotExercised("the argument of a logarithm cannot be told from zero")
    return value.log()


def exp(value: Any) -> Any:
    """exp of a number."""
    if isinstance(value, (fmpq, LogNumber)):
        return _exp_number(ONE, value)
    if isinstance(value, Infinity):
        return value if value.positive else ZERO
    if isinstance(value, (arb, ExpNumber)):
        return ball(value).exp()
    return value.exp()


def power(base: Any, exponent: Any) -> Any:
    """base to an exponent: whole exponents always, others of positive bases; 0 to a negative power is undefined."""
    if isinstance(exponent, fmpq) and exponent.q == 1:
        return _whole_power(base, int(exponent.p))
    if isinstance(base, Infinity) or isinstance(exponent, Infinity):
        raise Undefined("a power of ∞")
    if isinstance(base, fmpq):
        if base == 0:
            if sign(exponent) == 1:
                return ZERO
            raise Undefined("zero to a power that is not positive")
        if base < 0:
            raise Undefined("a root of a negative number")
        if isinstance(exponent, fmpq):
            root = _root(base, int(exponent.q))
            if root is not None:
                return root ** int(exponent.p)
            return exp(log(base) * exponent)
    elif isinstance(base, (ExpNumber, LogNumber, arb)):
        side = sign(base)
        if side is None:
            raise NotExercised("the base of a power cannot be told from zero")
        if side < 0:
            raise Undefined("a root of a negative number")
        if isinstance(base, arb) and exponent == fmpq(1, 2):
            return base.sqrt()
    return exp(log(base) * exponent)


def _root(value: fmpq, degree: int) -> fmpq | None:
    """The rational root of a positive rational, or None."""
    if degree > 64:
        return None
    parts = []
    for number in (int(value.p), int(value.q)):
        root = isqrt(number) if degree == 2 else int(fmpz(number).root(degree))
        if root**degree != number:
            return None
        parts.append(root)
    return fmpq(*parts)


def _whole_power(base: Any, exponent: int) -> Any:
    if exponent == 0:
        return ONE
    if abs(exponent) > _LARGEST_POWER:
        raise NotExercised("an exponent is too large to compute with")
    if exponent < 0:
        return divide(ONE, _whole_power(base, -exponent))
    if isinstance(base, fmpq):
        return base**exponent
    if isinstance(base, ExpNumber):
        return _exp_number(base.coefficient**exponent, base.exponent * exponent)
    result = base
    for bit in bin(exponent)[3:]:
        result = result * result
        if bit == "1":
            result = result * base
    return result


def absolute(value: Any) -> Any:
    """|x| of a number."""
    side = sign(value)
    if side is None:
        return abs(ball(value))
    return -value if side < 0 else value


# ---- comparison ---------------------------------------------------------------------------------------------------


def sign(value: Any) -> int | None:
    """−1, 0 or 1; None where a ball contains zero and nothing exact decides."""
    if isinstance(value, (int, fmpq)):
        return (value > 0) - (value < 0)
    if isinstance(value, Infinity):
        return 1 if value.positive else -1
    if isinstance(value, ExpNumber):
        return sign(value.coefficient)
    if isinstance(value, LogNumber):
        if _log_is_zero(value):
            return 0
        for bits in (PRECISION, 4 * PRECISION, 16 * PRECISION):
            with flint.ctx.workprec(bits):
                total = arb(value.rational)
                for base, coefficient in value.logs.items():
                    total += (arb.pi() if base == PI else arb(base)).log() * coefficient
                if total > 0:
                    return 1
                if total < 0:
                    return -1
        return None
    if isinstance(value, arb):
        if value > 0:
            return 1
        if value < 0:
            return -1
        return 0 if value == 0 else None
    raise NotExercised(f"the sign of a {type(value).__name__} is not decided")


def _log_is_zero(value: LogNumber) -> bool:
    """Whether the product of the bases to their powers is 1, exactly; logarithms with e or π left over are not zero."""
    if value.rational != 0 or PI in value.logs:
        return False
    numbers = list(value.logs)
    exponents = [value.logs[base] for base in numbers]
    basis: list[int] = []
    for number in numbers:
        _refine(basis, number)
    for element in basis:
        total = ZERO
        for number, exponent in zip(numbers, exponents, strict=True):
            count = 0
            while number % element == 0:
                number //= element
                count += 1
            total += exponent * count
        if total != 0:
            return False
    return True


def _refine(basis: list[int], number: int) -> None:
    """Add a number to a coprime basis: every element divides out of it completely (Bach, Driscoll, Shallit 1993)."""
    pending = [number]
    while pending:
        new = pending.pop()
        if new == 1:
            continue
        for place, old in enumerate(basis):
            common = gcd(new, old)
            if common == 1:
                continue
            if new == old:
                break
            del basis[place]
            pending.extend((common, old // common, new // common))
            break
        else:
            basis.append(new)


def same(left: Any, right: Any) -> bool | None:
    """Whether two numbers are equal: decided exactly, or refuted by balls apart, or agreeing to many digits.

    None where a ball is too wide to say anything.
    """
    if isinstance(left, Infinity) or isinstance(right, Infinity):
        return left == right if type(left) is type(right) else False
    difference = left - right
    side = sign(difference)
    if side is not None:
        return side == 0
    return True if _narrow(difference, left, right) else None


def at_most(left: Any, right: Any) -> bool | None:
    """Whether left ≤ right; overlapping balls that agree to many digits count as equal."""
    if isinstance(left, Infinity) or isinstance(right, Infinity):
        if left == right:
            return True
        return not left.positive if isinstance(left, Infinity) else bool(right.positive)
    difference = right - left
    side = sign(difference)
    if side is not None:
        return side >= 0
    return True if _narrow(difference, left, right) else None


def _narrow(difference: Any, left: Any, right: Any) -> bool:
    size = max(abs(ball(left)).upper(), abs(ball(right)).upper(), arb(1))
    return bool(ball(difference).rad() < AGREEMENT * size)


# ---- showing ------------------------------------------------------------------------------------------------------


def show(value: Any) -> str:
    """A number for a person: exact where it is short, with a decimal where it is not rational."""
    if isinstance(value, (int, fmpq)):
        return str(value)
    if isinstance(value, Infinity):
        return repr(value)
    if isinstance(value, LogNumber):
        return f"{_show_log(value)} ≈ {_decimal(value)}"
    if isinstance(value, ExpNumber):
        return f"{_show_exp(value)} ≈ {_decimal(value)}"
    if isinstance(value, arb):
        return f"≈ {_decimal(value)}"
    return str(value)


def _decimal(value: Any) -> str:
    return str(ball(value).str(8, radius=False))


def _show_log(value: LogNumber) -> str:
    parts = [] if value.rational == 0 else [str(value.rational)]
    for base, coefficient in sorted(value.logs.items()):
        name = "log π" if base == PI else f"log {base}"
        factor = "" if abs(coefficient) == 1 else f"{abs(coefficient)}·"
        parts.append(("−" if coefficient < 0 else "+" if parts else "") + factor + name)
    return " ".join(part[0] + " " + part[1:] if place and part[0] in "+−" else part for place, part in enumerate(parts))


def _show_exp(value: ExpNumber) -> str:
    parts = [] if value.coefficient == 1 else [str(value.coefficient)]
    for base, exponent in sorted(value.exponent.logs.items()):
        name = "π" if base == PI else str(base)
        if exponent == 1:
            parts.append(name)
        elif exponent == fmpq(1, 2):
            parts.append(f"√{name}")
        else:
            parts.append(f"{name}^({exponent})")
    if value.exponent.rational != 0:
        parts.append(f"e^({value.exponent.rational})")
    return "·".join(parts) or "1"
