r"""From a syntax tree whose sorts are known to a term, and what must be non-zero, positive or exist on the way.

Requirements are collected from the tree as it is written, before SymPy cancels anything: `\frac{x}{x}` asks for x ≠ 0
though the term is 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import sympy
from sympy import Basic, Expr, Integer, Rational, S, Symbol, Tuple

from derive.errors import LimitExceeded, ReadError, SortError
from derive.latex import syntax
from derive.latex.declarations import INDEX_LETTERS, WORD_INDICES, Declarations, base_letter
from derive.latex.dotted import Undecided, between, dotted_run
from derive.latex.laws import Laws, written
from derive.latex.sorting import Place, Sorting, sort_error
from derive.latex.survey import METHODS, Survey
from derive.latex.syntax import Node
from derive.latex.tokens import GREEK, Scanner
from derive.terms import (
    INDEX,
    SCALAR,
    Application,
    Complement,
    Determinant,
    Divergence,
    Gradient,
    Greater,
    GreaterEqual,
    Identity,
    Inner,
    Integral,
    Intersection,
    Inverse,
    Label,
    Law,
    MatrixProduct,
    Norm,
    Run,
    Sort,
    Statement,
    Trace,
    Transpose,
    Unequal,
    Union,
    Variable,
    free_variables,
    sort_of,
    squared_norm,
)

MOST_EXPONENT = 10_000
MOST_BITS = 20_000
MOST_ARGUMENTS = 20


class Requirement(NamedTuple):
    """What a formula needs to be defined: `condition` below the binders of `context`.

    `kind` is "nonzero", "positive", "nonnegative" (then `condition` is a statement) or "exists" (then it is the
    expectation, integral or derivative itself). `context` lists, outermost first, what is bound there: `Tuple(x)`, or
    `Tuple(t, lower, upper)` for the index of a sum or product.
    """

    kind: str
    condition: Basic
    context: tuple[Tuple, ...]
    start: int
    end: int


class Building(Laws):
    """Builds the terms of one text, whose names have the sorts of `sorting`."""

    def __init__(self, scanner: Scanner, sorting: Sorting, survey: Survey, declarations: Declarations) -> None:
        self.scanner = scanner
        self.sorting = sorting
        self.survey = survey
        self.declarations = declarations
        self.requirements: list[Requirement] = []
        self.spans: list[tuple[int, int, Any]] = []
        self.context: list[Tuple] = []

    # ---- the table ------------------------------------------------------------------------------------------------

    def build(self, node: Node) -> Any:
        """The term of a node. Raises `ReadError`, `SortError` or `LimitExceeded` with the place in the text."""
        try:
            term = getattr(self, METHODS[type(node)])(node)
        except SortError as error:
            if error.line is not None:
                raise
            raise sort_error(self.place(node), error.message) from None
        except Undecided as error:
            raise self.error(node, str(error), error.expected) from None
        except (TypeError, ValueError, AttributeError) as error:
            raise self.error(node, f"this cannot be read as a term ({error})") from error
        self.spans.append((node.start, node.end, term))
        return term

    def place(self, node: Node) -> Place:
        return self.scanner, node

    def error(self, node: Node, message: str, expected: str | None = None, hint: str | None = None) -> ReadError:
        return self.scanner.error(node.start, message, expected, hint)

    def note(self, message: str) -> None:
        self.scanner.note(message)

    def shown(self, node: Node) -> str:
        """The text of a node, on one line."""
        return " ".join(self.scanner.text[node.start : node.end].split())

    def require(self, kind: str, condition: Basic, node: Node) -> None:
        self.requirements.append(Requirement(kind, condition, tuple(self.context), node.start, node.end))

    def nonzero(self, term: Expr, node: Node) -> None:
        """Record that a term must not vanish. Raises where it is the number zero."""
        if term == 0:
            raise self.error(node, "a division by zero")
        if not term.is_number or term.is_zero is None:
            self.require("nonzero", Unequal(term, S.Zero), node)

    # ---- numbers and names ----------------------------------------------------------------------------------------

    def _number(self, node: syntax.Number) -> Expr:
        if "." not in node.text:
            return Integer(int(node.text))
        whole, _, digits = node.text.partition(".")
        return Rational(int((whole or "0") + digits), 10 ** len(digits))

    def _infinity(self, node: syntax.Infinity) -> Expr:
        return S.Infinity

    def _dots(self, node: syntax.Dots) -> Expr:
        raise self.error(node, "dots are read only between two terms that show the pattern")

    def _name(self, node: syntax.Name) -> Any:
        if node.name == r"\cdot":
            return self._dummy(self.sorting.sort(self.sorting.cells[id(node)]))
        if node.name == "I" and node.subscript is None and not self.sorting.declared("I"):
            cell = self.sorting.cells.get(id(node))
            if cell is not None and cell.kind == "matrix":
                sort = self.sorting.sort(cell)
                if sort.shape[0] != sort.shape[1]:
                    raise sort_error(self.place(node), f"the identity stands where a {sort} is needed")
                return Identity(sort.shape[0])
        implied = self.sorting.implied(node)
        if implied is not None:
            term = self.build(implied)
            self.note(f"{self.shown(node)} is read as {self.shown(implied)}")
            return term
        name = self.sorting.name_of(node)
        if name == r"\pi" and node.subscript is None and not self.sorting.declared(name):
            return sympy.pi
        if name == "e" and False:
            return sympy.E
        cell = self.sorting.family(name)
        sort = self.sorting.sort(cell)
        indices = self.indices(node)
        if len(indices) == 1 and isinstance(indices[0], tuple):
            lower, upper = indices[0]
            return Run(name, sort, lower, upper)
        if any(isinstance(index, tuple) for index in indices):
            raise self.error(node, "a range among several indices", "one range such as x_{1:T}")
        if sort == SCALAR and not indices:
            return Symbol(name)
        term: Any = Variable(name, sort, *indices)
        for _ in range(self.sorting.transposes(node)):
            term = Transpose(term)
        return term

    def _dummy(self, sort: Sort) -> Any:
        return Symbol(r"\cdot") if sort == SCALAR else Variable(r"\cdot", sort)

    def indices(self, node: syntax.Name) -> list[Any]:
        """The indices of a name: expressions, labels, and pairs for ranges."""
        found: list[Any] = []
        for part in node.subscript or ():
            if part.lower is None:
                found.append(Label(r"\mid"))
            elif part.ranged:
                assert part.upper is not None
                found.append((self.index(part.lower), self.index(part.upper)))
            else:
                found.extend(self._index_items(part.lower))
        return found

    def _index_items(self, node: Node) -> list[Any]:
        """One index, or several letters in a row: indices where all are index letters, else a word."""
        if isinstance(node, syntax.Juxtaposition) and all(_plain_letter(factor) for factor in node.factors):
            letters = [factor.name for factor in node.factors if isinstance(factor, syntax.Name)]
            if all(letter in WORD_INDICES or letter in self.survey.bound for letter in letters):
                return [Symbol(letter) for letter in letters]
            if all(letter.isascii() and letter.isalpha() for letter in letters):
                return [Label("".join(letters))]
        if isinstance(node, syntax.Name) and node.subscript is None:
            return [self._single_index(node)]
        return [self.index(node)]

    def _single_index(self, node: syntax.Name) -> Any:
        name = node.name + "'" * node.primes
        if node.upright:
            return Label(name)
        if name in self.survey.bound or node.name in INDEX_LETTERS or self.declarations.sorts.get(name) == INDEX:
            return Symbol(name)
        if base_letter(node.name) in GREEK and base_letter(node.name)[1:2].islower():
            return Symbol(name)
        return Label(name)

    def index(self, node: Node) -> Any:
        """An index expression: whole numbers, index letters, +, − and whole multiples."""
        match node:
            case syntax.Name() if node.subscript is None:
                return Symbol(node.name + "'" * node.primes)
            case syntax.Number():
                return self._number(node)
            case syntax.Infinity():
                return S.Infinity
            case syntax.Sum():
                return sympy.Add(*(sign * self.index(term) for sign, term in node.terms))
            case syntax.Group():
                return self.index(node.body)
            case syntax.Juxtaposition():
                return sympy.Mul(*(self.index(factor) for factor in node.factors))
            case syntax.Fraction():
                return self.index(node.numerator) / self.index(node.denominator)
            case syntax.Call(power=None) if node.slots.single is not None:
                return self.index(node.head) * self.index(node.slots.single)
        raise self.error(node, "this is no index", "a letter, a number or a sum of such")

    def _group(self, node: syntax.Group) -> Any:
        return self.build(node.body)

    # ---- arithmetic -----------------------------------------------------------------------------------------------

    def _sum(self, node: syntax.Sum) -> Expr:
        if any(isinstance(term, syntax.Dots) for _, term in node.terms):
            return self._dotted_sum(node)
        terms = [sign * self.build(term) for sign, term in node.terms]
        total = sympy.Add(*terms)
        for term in terms:
            if term != 0:
                sort_of(term)
        return total

    def _dotted_sum(self, node: syntax.Sum) -> Expr:
        place = next(i for i, (_, term) in enumerate(node.terms) if isinstance(term, syntax.Dots))
        if not 0 < place < len(node.terms) - 1 or any(isinstance(t, syntax.Dots) for _, t in node.terms[place + 1 :]):
            raise self.error(node, "dots at the end of a sum", "a first and a last term around the dots")
        built = [None if i == place else sign * self.build(term) for i, (sign, term) in enumerate(node.terms)]
        index = self._fresh_index()
        body, lower, upper = between(built[place - 1], built[place + 1], index)
        self.note(f"{self.shown(node)}: the dots are read as a sum from {written(lower)} to {written(upper)}")
        rest = [term for i, term in enumerate(built) if i not in (place - 1, place, place + 1)]
        return sympy.Add(*rest, sympy.Sum(body, (index, lower, upper)))

    def _fresh_index(self) -> Symbol:
        taken = self.survey.used | self.survey.bound
        for name in ("s", "i", "j", "k", "r", "m", "l"):
            if name not in taken:
                return Symbol(name)
        return Symbol("s'")

    def _juxtaposition(self, node: syntax.Juxtaposition) -> Expr:
        places = [i for i, factor in enumerate(node.factors) if isinstance(factor, syntax.Dots)]
        if not places:
            return self.product([self.build(factor) for factor in node.factors], node, node.dotted)
        if len(places) > 1 or not 0 < places[0] < len(node.factors) - 1:
            raise self.error(node, "these dots show no pattern", "one run of dots between a first and a last factor")
        place = places[0]
        built = [None if i == place else self.build(factor) for i, factor in enumerate(node.factors)]
        index = self._fresh_index()
        body, lower, upper = between(built[place - 1], built[place + 1], index)
        if sort_of(body) != SCALAR:
            raise self.error(node, "a product of vectors or matrices with dots is not read")
        self.note(f"{self.shown(node)}: the dots are read as a product from {written(lower)} to {written(upper)}")
        rest = [term for i, term in enumerate(built) if i not in (place - 1, place, place + 1)]
        return self.product([*rest, sympy.Product(body, (index, lower, upper))], node)

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
                raise self.error(node, "more than two vectors are multiplied", "x^\\top y for inner products, brackets")
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
        split = self.survey.unfolded(node)
        if split is not None:
            return self.build(split)
        if node.mark == "c":
            return Complement(self.build(node.base))
        if isinstance(node.base, syntax.Name) and node.base.name == "e" and node.base.subscript is None:
            if not node.mark and node.exponent is not None and not self.sorting.declared("e"):
                return self.exponential(self.build(node.exponent), node)
        base = self.build(node.base)
        kind = "scalar" if base == 0 else sort_of(base).kind
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
        raise sort_error(self.place(node), "of a matrix only small whole powers are read")

    def _prime(self, node: syntax.Prime) -> Any:
        split = self.survey.unfolded(node)
        if split is not None:
            return self.build(split)
        base = self.build(node.base)
        if sort_of(base).kind not in ("vector", "matrix"):
            raise self.error(node, "a prime after brackets is the transpose of a vector or matrix", "a vector or matrix")
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

    def _evaluated(self, node: syntax.Evaluated) -> Any:
        body, variable, value = self.build(node.body), self.build(node.variable), self.build(node.value)
        if not isinstance(body, (Gradient, Divergence)) or not body.variable == body.point == variable:
            raise self.error(node, "only a derivative is taken at another point", r"\left. \nabla_x f(x) \right|_{x = a}")
        return type(body)(body.body, variable, value)

    def _setoperation(self, node: syntax.SetOperation) -> Any:
        kind = Intersection if node.operator == r"\cap" else Union
        if any(isinstance(item, syntax.Dots) for item in node.items):
            raise self.error(node, "a family of events with dots is not read", "the events one by one")
        return kind(*(self.build(item) for item in node.items))

    def _braced(self, node: syntax.Braced) -> Any:
        raise self.error(node, "a set stands only beside \\perp", "an expression")

    def _assign(self, node: syntax.Assign) -> Any:
        raise self.error(node, "an equation inside brackets is read in densities only", "an expression")

    # ---- calls ----------------------------------------------------------------------------------------------------

    def _call(self, node: syntax.Call) -> Any:
        match self.survey.kind(node):
            case "law":
                value = self.density(node)
            case "normal":
                value = self.gaussian(node)
            case "entropy":
                value = self.entropy(node)
            case _:
                value = self.application(node)
        return value if node.power is None else self.power(value, self.build(node.power), node)

    def application(self, node: syntax.Call) -> Expr:
        """The value of an unknown function at the arguments written."""
        head = node.head
        name = head.name + "'" * head.primes
        arguments = self.listed([item for group in node.slots.groups for item in group])
        indices = self.indices(head)
        if any(isinstance(index, tuple) for index in indices):
            raise self.error(head, "a range as the index of a function", "one index")
        return Application(name, self.sorting.sort(self.sorting.value(name)), indices, *arguments)

    def listed(self, items: list[Node]) -> list[Any]:
        r"""The terms of a list; `x_1, \dots, x_n` is the run."""
        built = [None if isinstance(item, syntax.Dots) else self.build(item) for item in items]
        while None in built:
            place = built.index(None)
            if not 0 < place < len(built) - 1 or built[place - 1] is None or built[place + 1] is None:
                raise self.error(items[min(place, len(items) - 1)], "dots without a first and a last one around them")
            built[place - 1 : place + 2] = [dotted_run(built[place - 1], built[place + 1])]
        return built

    # ---- binders --------------------------------------------------------------------------------------------------

    def _big(self, node: syntax.Big) -> Any:
        operator = r"\sum" if node.operator == "sum" else r"\prod"
        if node.index is None:
            raise self.error(node, f"{operator} without its index and range", f"{operator}_{{t=1}}^{{T}}")
        if node.lower is None:
            return self._over_values(node, operator)
        index = Symbol(node.index.name + "'" * node.index.primes)
        if node.index.subscript is not None:
            raise self.error(node.index, f"the index of {operator} has no subscript itself", "a plain letter")
        lower, upper = self._range(node, operator)
        self.context.append(Tuple(index, lower, upper))
        body = self.build(node.body)
        self.context.pop()
        if node.operator == "sum":
            return sympy.Sum(body, (index, lower, upper))
        self._reach(node, index)
        if sort_of(body) not in (SCALAR, INDEX):
            raise sort_error(self.place(node), "a product over an index is of numbers")
        return sympy.Product(body, (index, lower, upper))

    def _reach(self, node: syntax.Big, index: Symbol) -> None:
        r"""Refuse `\prod_t a_t b`: whether b stands inside makes a difference."""
        body = node.body
        if not isinstance(body, syntax.Juxtaposition):
            return
        last = body.factors[-1]
        if index not in free_variables(self.build(last)):
            raise self.error(
                last, r"whether this factor belongs to the \prod is not clear", "brackets, or the factor before it"
            )

    def _range(self, node: syntax.Big, operator: str) -> tuple[Any, Any]:
        assert node.lower is not None
        lower = self.build(node.lower)
        if node.relation == ">":
            lower = lower + 1
        elif node.relation not in ("=", r"\ge"):
            raise self.error(node, f"this range of {operator} is not read", f"{operator}_{{t=1}}^{{T}}")
        if node.upper is not None:
            return lower, self.build(node.upper)
        if node.relation == "=":
            raise self.error(node, f"{operator} without its upper limit", f"{operator}_{{t=1}}^{{T}}")
        if "T" in self.survey.used or "T" in self.survey.bound:
            self.note(f"{operator} over all {self.shown(node.index or node)} goes up to T")
            return lower, Symbol("T")
        return lower, S.Infinity

    def _over_values(self, node: syntax.Big, operator: str) -> Any:
        r"""`\sum_x f(x)`: over all values of a variable."""
        name = node.index
        assert name is not None
        if node.operator == "prod" or node.upper is not None:
            raise self.error(node, f"{operator} without its range", f"{operator}_{{i=1}}^{{n}}")
        if name.name in INDEX_LETTERS and name.subscript is None and name.name not in self.survey.declared:
            raise self.error(node, r"\sum over an index without its range", r"\sum_{i=1}^{n}")
        variable = self.build(name)
        self.note(f"{operator} over {self.shown(name)} is read as the sum over all its values")
        return self._integrated(node.body, [Tuple(variable)], node)

    def _integration(self, node: syntax.Integration) -> Any:
        limits = []
        for place, variable in enumerate(node.variables):
            bound = self.build(variable)
            if not isinstance(bound, (Symbol, Variable, Run)):
                raise self.error(variable, "an integral is over variables", "a variable after d")
            if node.lower is not None and place == 0:
                assert node.upper is not None
                limits.append(Tuple(bound, self.build(node.lower), self.build(node.upper)))
            else:
                limits.append(Tuple(bound))
        return self._integrated(node.body, limits, node)

    def _integrated(self, body: Node, limits: list[Tuple], node: Node) -> Any:
        self.context.extend(Tuple(limit[0]) for limit in limits)
        built = self.build(body)
        del self.context[len(self.context) - len(limits) :]
        term = Integral(built, *limits)
        self.require("exists", term, node)
        return term

    def _nabla(self, node: syntax.Nabla) -> Any:
        velocity = self.sorting.velocity(node)
        if velocity is not None:
            sort = self.sorting.sort(self.sorting.family(velocity))
            assert isinstance(node.body, syntax.Name)
            indices = self.indices(node.body)
            self.note(f"{self.shown(node)} is read as a name of its own, {velocity}")
            return Symbol(velocity) if sort == SCALAR and not indices else Variable(velocity, sort, *indices)
        variable = None if node.variable is None else self.build(node.variable)
        if variable is not None and not isinstance(variable, (Symbol, Variable)):
            raise self.error(node.variable or node, "a derivative is with respect to a variable", "a name")
        self.context.append(Tuple(variable) if variable is not None else Tuple())
        body = self.build(node.body)
        self.context.pop()
        if variable is None:
            variable = self._place_of(body, node)
        term = Divergence(body, variable) if node.divergence else Gradient(body, variable)
        self.require("exists", term, node)
        return term

    def _place_of(self, body: Any, node: syntax.Nabla) -> Any:
        r"""The variable of a `\nabla` without subscript: the one vector in what it takes."""
        vectors = [item for item in free_variables(body) if isinstance(item, Variable) and item.sort.kind == "vector"]
        if len(vectors) != 1:
            raise self.error(node, r"which variable this \nabla is in is not clear", r"\nabla_x")
        self.note(f"{self.shown(node)}: the derivative is read as that in {written(vectors[0])}")
        return vectors[0]

    # ---- statements are built by the reader -----------------------------------------------------------------------

    def statement(self, node: Node) -> Statement | Any:
        """The statement or term of a tree."""
        from derive.latex.stating import state

        return state(self, node)


def _plain_letter(node: Node) -> bool:
    return isinstance(node, syntax.Name) and node.subscript is None and not node.primes and len(node.name) == 1


def _capital(node: Node) -> bool:
    return isinstance(node, syntax.Name) and base_letter(node.name).isupper()


def _whole(exponent: Expr) -> bool:
    """Whether an exponent is shown to be a whole number: a sum of index letters and integers."""
    return all(
        isinstance(atom, Integer) or (isinstance(atom, Symbol) and atom.name in INDEX_LETTERS | {"d"})
        for atom in exponent.atoms()
    ) and not exponent.has(sympy.Pow)


__all__ = ["Building", "Law", "Requirement"]
