"""What a formula needs to be defined, as far as its stated conditions do not plainly say it.

`2 v ≠ 0` is no condition of its own beside `v > 0`. Only the shape of the term is looked at: products, powers and sums
of what is positive, and positive definite matrices; whatever is less plain stays a condition.
"""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Abs, Add, Basic, Integer, Mul, Pow, Product, Symbol, exp

from derive.terms import (
    Determinant,
    Greater,
    GreaterEqual,
    Identity,
    Inverse,
    LessEqual,
    MatrixProduct,
    Normal,
    PositiveDefinite,
    Statement,
    Transpose,
    Unequal,
    split_scalar,
)

__all__ = ["Known"]


class Known:
    """The signs that stated conditions give: of numbers, and of matrices. The sizes of vectors are positive."""

    def __init__(self, conditions: Iterable[Statement], sizes: Iterable[Symbol]) -> None:
        self._positive: set[Basic] = set(sizes)
        self._nonzero: set[Basic] = set()
        self._nonnegative: set[Basic] = set()
        self._definite: set[Basic] = set()
        for condition in conditions:
            match condition:
                case Greater() if condition.rhs == 0:
                    self._positive.add(condition.lhs)
                case Unequal() if condition.rhs == 0:
                    self._nonzero.add(condition.lhs)
                case GreaterEqual() if condition.rhs == 0:
                    self._nonnegative.add(condition.lhs)
                case LessEqual() if isinstance(condition.lhs, Integer) and condition.lhs >= 1:
                    self._positive.add(condition.rhs)
                case PositiveDefinite():
                    self._definite.add(condition.args[0])

    def implies(self, requirement: Basic) -> bool:
        """Whether what is required plainly follows."""
        match requirement:
            case Greater() if requirement.rhs == 0:
                return self.positive(requirement.lhs)
            case Unequal() if requirement.rhs == 0:
                return self.nonzero(requirement.lhs)
            case GreaterEqual() if requirement.rhs == 0:
                return self.nonnegative(requirement.lhs)
        return False

    def positive(self, term: Basic) -> bool:
        """Whether a number is plainly positive."""
        if term in self._positive or term.is_positive:  # type: ignore[attr-defined]
            return True
        match term:
            case Mul():
                return all(self.positive(part) for part in term.args)
            case Add():
                return any(map(self.positive, term.args)) and all(map(self.nonnegative, term.args))
            case Pow():
                return self.positive(term.base) or (_even(term.exp) and self.nonzero(term.base))
            case exp():
                return True
            case Abs():
                return self.nonzero(term.args[0])
            case Product():
                return self.positive(term.function)
            case Normal():
                return self.definite(term.covariance) or self.positive(term.covariance)
            case Determinant():
                return self.definite(term.args[0])
        return False

    def nonzero(self, term: Basic) -> bool:
        """Whether a number is plainly different from zero."""
        if term in self._nonzero or self.positive(term):
            return True
        if term.is_number:  # type: ignore[attr-defined]
            return bool(term.is_zero is False)  # type: ignore[attr-defined]
        match term:
            case Mul():
                return all(self.nonzero(part) for part in term.args)
            case Pow():
                return self.nonzero(term.base)
        return False

    def nonnegative(self, term: Basic) -> bool:
        """Whether a number is plainly not negative."""
        if term in self._nonnegative or self.positive(term):
            return True
        match term:
            case Mul() | Add():
                return all(self.nonnegative(part) for part in term.args)
            case Pow():
                return _even(term.exp) or self.nonnegative(term.base)
            case Abs():
                return True
        return False

    def definite(self, term: Basic) -> bool:
        """Whether a matrix is plainly symmetric positive definite."""
        if term in self._definite or isinstance(term, Identity):
            return True
        match term:
            case Inverse():
                return self.definite(term.args[0])
            case Add():
                return any(map(self.definite, term.args)) and all(map(self.semidefinite, term.args))
            case Mul():
                scalar, base = split_scalar(term)
                return base != term and self.definite(base) and self.positive(scalar)
        return False

    def semidefinite(self, term: Basic) -> bool:
        """Whether a matrix is plainly symmetric and not negative: also Mᵀ A M with A definite."""
        if isinstance(term, MatrixProduct) and len(term.args) == 3:
            left, middle, right = term.args
            return bool(Transpose(left) == right and self.definite(middle))
        return self.definite(term)


def _even(exponent: Basic) -> bool:
    return isinstance(exponent, Integer) and int(exponent) % 2 == 0
