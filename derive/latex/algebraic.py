r"""From sums, products, powers and functions to terms, numbers kept within bounds.

A column beside a column is an inner product, the square of a vector its squared norm, `|A|` of a matrix its
determinant.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sympy
from sympy import Expr, Integer, Rational, S, Symbol

from derive.errors import LimitExceeded
from derive.latex import syntax
from derive.latex.declarations import INDEX_LETTERS, base_letter
from derive.latex.dotted import between, widened
from derive.latex.indexing import Indexing, written
from derive.latex.sorting import sort_error
from derive.latex.syntax import Node
from derive.terms import (
    SCALAR,
    Complement,
    Determinant,
    Diagonal,
    Greater,
    GreaterEqual,
    Hadamard,
    Inner,
    Inverse,
    MatrixPower,
    MatrixProduct,
    Norm,
    Trace,
    Transpose,
    Unequal,
    sort_of,
    squared_norm,
)

MOST_EXPONENT = 10_000
MOST_BITS = 20_000
MOST_ARGUMENTS = 20
MOST_LOGARITHMS = 3
"""Logarithms of each other that are taken of a number: what SymPy does with them doubles with each."""


class Algebraic(Indexing):
    """Builds sums, products, powers, functions, matrices and events."""

    def _sum(self, node: syntax.Sum) -> Expr:
        if any(isinstance(term, syntax.Dots) for _, term in node.terms):
            return self._dotted_sum(node)
        terms = [sign * self.build(term) for sign, term in node.terms]
        total = sympy.Add(*terms)
        for term in terms:
            if term != 0:
                sort_of(term)
        if total != 0:
            sort_of(total)
        return total

    def _dotted_sum(self, node: syntax.Sum) -> Expr:
        place = next(i for i, (_, term) in enumerate(node.terms) if isinstance(term, syntax.Dots))
        if not 0 < place < len(node.terms) - 1 or any(isinstance(t, syntax.Dots) for _, t in node.terms[place + 1 :]):
            raise self.error(node, "dots at the end of a sum", "a first and a last term around the dots")
        built = [None if i == place else sign * self.build(term) for i, (sign, term) in enumerate(node.terms)]
        index = self._fresh_index()
        rest = [term for i, term in enumerate(built) if i not in (place - 1, place, place + 1)]
        pattern = between(built[place - 1], built[place + 1], index)
        (body, lower, upper), rest = widened(pattern, index, rest)
        self.note(f"{self.shown(node)}: the dots are read as a sum from {written(lower)} to {written(upper)}")
        return sympy.Add(*rest, sympy.Sum(body, (index, lower, upper)))

    def _fresh_index(self) -> Symbol:
        taken = self.survey.used | self.survey.bound | self.survey.indexed | self.chosen
        name = next((name for name in ("s", "i", "j", "k", "r", "m", "l") if name not in taken), "s'")
        while name in self.chosen:
            name += "'"
        self.chosen.add(name)
        return Symbol(name)

    def _juxtaposition(self, node: syntax.Juxtaposition) -> Expr:
        places = [i for i, factor in enumerate(node.factors) if isinstance(factor, syntax.Dots)]
        if not places:
            diagonal = self._diagonal_covariance(node)
            if diagonal is not None:
                return diagonal
            return self.product([self.build(factor) for factor in node.factors], node, node.dotted)
        if len(places) > 1 or not 0 < places[0] < len(node.factors) - 1:
            raise self.error(node, "these dots show no pattern", "one run of dots between a first and a last factor")
        place = places[0]
        built = [None if i == place else self.build(factor) for i, factor in enumerate(node.factors)]
        index = self._fresh_index()
        pattern = between(built[place - 1], built[place + 1], index)
        if sort_of(pattern[0]) != SCALAR:
            raise self.error(node, "a product of vectors or matrices with dots is not read")
        rest = [term for i, term in enumerate(built) if i not in (place - 1, place, place + 1)]
        (body, lower, upper), rest = widened(pattern, index, rest)
        self.note(f"{self.shown(node)}: the dots are read as a product from {written(lower)} to {written(upper)}")
        return self.product([*rest, sympy.Product(body, (index, lower, upper))], node)

    def _squared_entries(self, node: Node | None) -> Any:
        """The entries squared of a vector that is written with the exponent 2; None for anything else."""
        while isinstance(node, syntax.Group):
            node = node.body
        exponent = node.power if isinstance(node, syntax.Call) else getattr(node, "exponent", None)
        if not (isinstance(exponent, syntax.Number) and exponent.text == "2"):
            return None
        if isinstance(node, syntax.Call):
            whole: Node = replace(node, power=None)
            self.sorting.cells[id(whole)] = self.sorting.value(node.head.name + "'" * node.head.primes)
        else:
            assert isinstance(node, syntax.Power)
            whole = node.base
        if self.sorting.kind(whole) != "vector":
            return None
        base = self.build(whole)
        return Hadamard(base, base)

    def _diagonal_covariance(self, node: syntax.Juxtaposition) -> Any:
        r"""`\boldsymbol\sigma^2 I` of a vector σ, the diagonal matrix of its squares; None for another product."""
        last = node.factors[-1]
        if len(node.factors) != 2 or not (isinstance(last, syntax.Name) and last.name == "I"):
            return None
        squared = self._squared_entries(node.factors[0])
        if squared is None:
            return None
        self.note(f"{self.shown(node)} is read as the diagonal matrix of the squares")
        self.build(last)
        return Diagonal(squared)

    def column(self, node: syntax.Several) -> Any:
        """A list transposed, as a column."""
        raise NotImplementedError

    def product(self, factors: list[Any], node: Node, dotted: list[bool] | None = None) -> Expr:
        """The product in order: numbers commute; a column beside a column is their inner product."""
        return sympy.Mul(*self.multiplied(factors, node, dotted))

    def multiplied(self, factors: list[Any], node: Node, dotted: list[bool] | None = None) -> list[Any]:
        """The factors of a product, those that are no numbers drawn into one."""
        scalars: list[Expr] = []
        run: list[Expr] = []
        inner = False
        for place, factor in enumerate(factors):
            if factor == 0 or sort_of(factor).kind in ("scalar", "index"):
                scalars.append(factor)
                continue
            if inner:
                raise sort_error(
                    self.place(node), "more than two vectors are multiplied", r"write x^\top y for inner products"
                )
            if run:
                left = run[0] if len(run) == 1 else MatrixProduct(*run)
                if left != 0 and sort_of(left).kind == sort_of(factor).kind == "vector":
                    scalars.append(Inner(left, factor))
                    inner = True
                    if dotted is None or not dotted[place]:
                        self.note(f"{self.shown(node)}: the product of two vectors is read as their inner product")
                    run = []
                    continue
            run.append(factor)
            total = MatrixProduct(*run) if len(run) > 1 else factor
            if total == 0 or sort_of(total).kind == "scalar":
                scalars.append(total)
                run = []
        if run:
            scalars.append(run[0] if len(run) == 1 else MatrixProduct(*run))
        self._bounded_product(scalars, node)
        return scalars

    def _factors(self, node: Node) -> list[Any]:
        """The factors that a node is written as; SymPy would multiply the 2 of 2(a + b) into the sum."""
        if isinstance(node, syntax.Juxtaposition) and not any(isinstance(part, syntax.Dots) for part in node.factors):
            return self.multiplied([self.build(factor) for factor in node.factors], node, node.dotted)
        return [self.build(node)]

    def _bounded_product(self, factors: Iterable[Any], node: Node) -> None:
        bits = 0
        for factor in factors:
            if isinstance(factor, Rational):
                bits += int(abs(factor.p)).bit_length() + int(factor.q).bit_length()
        if bits > 4 * MOST_BITS:
            raise self._too_large(node)

    def _too_large(self, node: Node) -> LimitExceeded:
        return LimitExceeded.at(
            self.scanner.text, node.start, "a number too large to be worked out", file=self.scanner.file,
            first_line=self.scanner.line, expected=f"exponents up to {MOST_EXPONENT:,}",
        )  # fmt: skip

    def _fraction(self, node: syntax.Fraction) -> Expr:
        above, below = self._factors(node.numerator), self._factors(node.denominator)
        self.nonzero(sympy.Mul(*below), node.denominator)
        return sympy.Mul(*above, *(self.power(factor, S.NegativeOne, node) for factor in below))

    def power(self, base: Any, exponent: Any, node: Node) -> Any:
        """base^exponent, refused where a number would become too large to write down."""
        if isinstance(exponent, Rational):
            size = abs(int(exponent.p)) // max(1, int(exponent.q))
            if size > MOST_EXPONENT:
                raise self._too_large(node)
            if size > 1:
                bits = sum(
                    int(abs(number.p)).bit_length() + int(number.q).bit_length()
                    for number in base.atoms(Rational)
                    if abs(number) != 1
                )
                if bits * size > MOST_BITS:
                    raise self._too_large(node)
        elif base.is_number and exponent.is_number and not isinstance(exponent, (Integer, Rational)):
            value = abs(exponent.evalf(5)) if not exponent.has(sympy.oo) else S.Zero
            if value.is_comparable and value > MOST_EXPONENT:
                raise self._too_large(node)
        return sympy.Pow(base, exponent)

    def _power(self, node: syntax.Power) -> Any:
        if self.sorting.complements(node):
            return Complement(self.build(node.base))
        e = isinstance(node.base, syntax.Name) and node.base.name == "e" and node.base.subscript is None
        if e and not node.mark and node.exponent is not None and not self.sorting.declared("e"):
            return self.exponential(self.build(node.exponent), node)
        if isinstance(node.base, syntax.Several) and node.mark in ("top", "T"):
            return self.column(node.base)
        base = self.build(node.base)
        kind = "scalar" if base == 0 else sort_of(base).kind
        if kind == "list":
            raise self.error(node, "a list has no powers", "a vector or a number")
        if node.mark == "T" and kind == "scalar" and _capital(node.base):
            raise self.error(node, "whether this T is a transpose or a power is not clear", r"^\top for a transpose")
        if node.mark == "top" or (node.mark == "T" and kind in ("vector", "matrix")):
            return Transpose(base)
        if node.mark == "-T":
            return Inverse(Transpose(base)) if kind == "matrix" else self.power(base, S.NegativeOne, node)
        if node.mark == "*" or node.exponent is None:
            raise self.error(node, "this mark is read on names only", "a number or an expression as exponent")
        exponent = self.build(node.exponent)
        if kind == "vector":
            if isinstance(exponent, Integer) and exponent > 0 and exponent % 2 == 0:
                return self.power(squared_norm(base), exponent / 2, node)
            raise sort_error(self.place(node), "a vector has only even whole powers, those of its norm")
        if kind == "matrix":
            return self._matrix_power(base, exponent, node)
        if kind == "event":
            raise sort_error(self.place(node), "an event has no powers", r"A^c is the complement")
        if exponent.is_number:
            if exponent.is_negative or (exponent.is_zero is None and not exponent.is_positive):
                self.nonzero(base, node.base)
            if isinstance(exponent, Rational) and not exponent.is_integer and int(exponent.q) % 2 == 0:
                self._nonnegative(base, node.base)
        elif not base.is_positive:
            self.require("positive", Greater(base, S.Zero), node.base) if not _whole(exponent) else None
        return self.power(base, exponent, node)

    def _matrix_power(self, base: Expr, exponent: Expr, node: syntax.Power) -> Expr:
        if exponent == -1:
            self.require("nonzero", Unequal(Determinant(base), S.Zero), node)
            return Inverse(base)
        if isinstance(exponent, Integer) and 0 < exponent <= 20:
            return MatrixProduct(*[base] * int(exponent)) if exponent > 1 else base
        if isinstance(exponent, Integer) and -20 <= exponent < -1:
            self.require("nonzero", Unequal(Determinant(base), S.Zero), node)
            return MatrixProduct(*[Inverse(base)] * int(-exponent))
        return MatrixPower(base, exponent)

    def _prime(self, node: syntax.Prime) -> Any:
        base = self.build(node.base)
        if sort_of(base).kind not in ("vector", "matrix"):
            raise self.error(
                node, "a prime after brackets is the transpose of a vector or matrix", "a vector or matrix"
            )
        return Transpose(base)

    def _factorial(self, node: syntax.Factorial) -> Expr:
        base = self.build(node.base)
        if base.is_number and not (isinstance(base, Integer) and base <= 1000):
            raise self._too_large(node)
        return sympy.factorial(base)

    def _nonnegative(self, term: Expr, node: Node) -> None:
        if not (term.is_number and term.is_nonnegative):
            self.require("nonnegative", GreaterEqual(term, S.Zero), node)

    def _root(self, node: syntax.Root) -> Expr:
        radicand = self.build(node.radicand)
        degree = S(2) if node.degree is None else self.build(node.degree)
        if not (isinstance(degree, Integer) and 1 <= degree <= 1000):
            raise self.error(node, "the degree of a root is a small whole number", r"\sqrt[3]{x}")
        if degree % 2 == 0:
            self._nonnegative(radicand, node.radicand)
        return self.power(radicand, Rational(1, degree), node)

    def exponential(self, exponent: Expr, node: Node) -> Expr:
        """e^exponent, numbers bounded."""
        if exponent.is_number and isinstance(exponent, Rational) and abs(exponent) > MOST_EXPONENT:
            raise self._too_large(node)
        return sympy.exp(exponent)

    def _function(self, node: syntax.Function) -> Any:
        if len(node.arguments) > MOST_ARGUMENTS:
            raise self.error(node, f"{node.name} of more than {MOST_ARGUMENTS} terms")
        arguments = [self.build(argument) for argument in node.arguments]
        first = arguments[0]
        match node.name:
            case "log":
                if first.is_number and _logarithms(first) >= MOST_LOGARITHMS:
                    raise self._too_large(node)
                if not (first.is_number and first.is_positive):
                    self.require("positive", Greater(first, S.Zero), node.arguments[0])
                value = sympy.log(first)
                if node.base is None:
                    return value
                base = self.build(node.base)
                self.require("positive", Greater(base, S.Zero), node.base)
                return value / sympy.log(base)
            case "exp":
                return self.exponential(first, node)
            case "tr":
                return Trace(first)
            case "det":
                return Determinant(first)
            case "max":
                return sympy.Max(*arguments)
            case "min":
                return sympy.Min(*arguments)
        return getattr(sympy, node.name)(first)

    def _bars(self, node: syntax.Bars) -> Any:
        body = self.build(node.body)
        if node.double:
            return Norm(body)
        kind = "scalar" if body == 0 else sort_of(body).kind
        if kind == "matrix":
            return Determinant(body)
        if kind == "vector":
            self.note(f"{self.shown(node)} is read as the norm")
            return Norm(body)
        if kind == "event":
            raise sort_error(self.place(node), "an event between bars")
        return sympy.Abs(body)

    def _angle(self, node: syntax.Angle) -> Any:
        return Inner(self.build(node.left), self.build(node.right))

    def _braced(self, node: syntax.Braced) -> Any:
        raise self.error(node, "a set stands only beside \\perp", "an expression")

    def _assign(self, node: syntax.Assign) -> Any:
        raise self.error(node, "an equation inside brackets is read in densities only", "an expression")


def _capital(node: Node) -> bool:
    return isinstance(node, syntax.Name) and base_letter(node.name).isupper()


def _whole(exponent: Expr) -> bool:
    """Whether an exponent is shown to be a whole number: a sum of index letters and integers."""
    return all(
        isinstance(atom, Integer) or (isinstance(atom, Symbol) and atom.name in INDEX_LETTERS | {"d"})
        for atom in exponent.atoms()
    ) and not exponent.has(sympy.Pow)


def _logarithms(term: Any) -> int:
    """How many logarithms stand in each other in a term."""
    return int(isinstance(term, sympy.log)) + max(map(_logarithms, term.args), default=0)
