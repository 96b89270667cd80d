"""Arrays written by their parts: block matrices, entries, the vector of ones, products entry by entry, matrix powers.

Also lists of several things, `(\\mu, \\Sigma)` and `\\{\\beta_t\\}_{t=1}^{T}`, and the differential of a process.
"""

from __future__ import annotations

from typing import Any

from sympy import Add, Basic, Expr, Mul, S, Symbol, Tuple, default_sort_key

from derive.errors import SortError
from derive.terms.linear import Identity, split_scalar
from derive.terms.names import Variable, sympify_term
from derive.terms.printing import Printed
from derive.terms.sorts import LIST, SCALAR, Sort, is_scalar, matrix, sort_of, vector


class _Array(Printed, Expr):
    is_commutative = True


def _sizes(entry: Any) -> tuple[Any, Any] | None:
    """Rows and columns of an entry; None for a zero, which fits anywhere."""
    if entry == 0:
        return None
    sort = sort_of(entry)
    match sort.kind:
        case "scalar" | "index":
            return S.One, S.One
        case "vector":
            return sort.shape[0], S.One
        case "matrix":
            return sort.shape
    if isinstance(entry, Family):
        _, lower, upper = entry.limits[0]
        inner = _sizes(entry.body)
        return None if inner is None else (Mul(inner[0], upper - lower + 1), inner[1])
    raise SortError(f"a {sort} in a block matrix")


class BlockMatrix(_Array):
    """A matrix, or a column, put together from blocks, row by row; a zero block fits where it stands."""

    def __new__(cls, *rows: Any) -> BlockMatrix:
        table = [Tuple(*(sympify_term(entry) for entry in row)) for row in rows]
        if not table or not table[0] or any(len(row) != len(table[0]) for row in table):
            raise SortError("the rows of a matrix have the same number of entries")
        term = Expr.__new__(cls, *table)
        term._measured()
        return term

    def _measured(self) -> tuple[Any, Any]:
        heights: list[Any] = [None] * len(self.args)
        widths: list[Any] = [None] * len(self.args[0])
        for i, row in enumerate(self.args):
            for j, entry in enumerate(row):
                sizes = _sizes(entry)
                if sizes is None:
                    continue
                if heights[i] not in (None, sizes[0]) or widths[j] not in (None, sizes[1]):
                    raise SortError("the blocks of this matrix do not fit beside each other")
                heights[i], widths[j] = sizes
        for open_sizes, others in ((heights, widths), (widths, heights)):
            for place, size in enumerate(open_sizes):
                if size is None:
                    square = len(heights) == len(widths) and others[place] is not None
                    open_sizes[place] = others[place] if square else S.One
        return Add(*heights), Add(*widths)

    @property
    def rows(self) -> tuple[Tuple, ...]:
        return tuple(self.args)

    @property
    def sort(self) -> Sort:
        height, width = self._measured()
        return vector(height) if len(self.args[0]) == 1 and width == 1 else matrix(height, width)


class Entry(_Array):
    """A_{ij}, the entry of a matrix; x_i, that of a vector."""

    def __new__(cls, array: Any, *indices: Any) -> Entry:
        wanted = {"vector": 1, "matrix": 2}.get(sort_of(array).kind)
        if wanted != len(indices):
            raise SortError(f"an entry of a {sort_of(array)} with {len(indices)} indices")
        return Expr.__new__(cls, array, *map(sympify_term, indices))

    @property
    def array(self) -> Expr:
        return self.args[0]

    @property
    def indices(self) -> tuple[Expr, ...]:
        return tuple(self.args[1:])

    @property
    def sort(self) -> Sort:
        return SCALAR


def entry_of(array: Any, *indices: Any) -> Expr:
    """The entry of an array by those of what it is made of: (a x + y ⊙ z)_i = a x_i + y_i z_i."""
    if isinstance(array, Add):
        return Add(*(entry_of(part, *indices) for part in array.args))
    scalar, base = split_scalar(array)
    if scalar != 1:
        return Mul(scalar, entry_of(base, *indices))
    if isinstance(base, Hadamard):
        return Mul(*(entry_of(part, *indices) for part in base.args))
    if isinstance(base, Ones):
        return S.One
    return Entry(base, *indices)


class Ones(_Array):
    """The vector of ones."""

    def __new__(cls, size: Any) -> Ones:
        return Expr.__new__(cls, sympify_term(size))

    @property
    def size(self) -> Expr:
        return self.args[0]

    @property
    def sort(self) -> Sort:
        return vector(self.args[0])


class Diagonal(_Array):
    """The diagonal matrix of a vector."""

    def __new__(cls, argument: Any) -> Diagonal:
        argument = sympify_term(argument)
        if sort_of(argument).kind != "vector":
            raise SortError(f"the diagonal matrix of a {sort_of(argument)}: a vector was expected")
        return Expr.__new__(cls, argument)

    @property
    def sort(self) -> Sort:
        return matrix(sort_of(self.args[0]).shape[0])


class Hadamard(_Array):
    r"""`x \odot y`: the product entry by entry; commutative, numbers in front, the product on the line."""

    def __new__(cls, *factors: Any) -> Expr:
        terms = [sympify_term(factor) for factor in factors]
        if any(term == 0 for term in terms):
            return S.Zero
        if all(is_scalar(term) for term in terms):
            return Mul(*terms)
        if len({sort_of(term) for term in terms}) > 1:
            raise SortError("a product entry by entry is of arrays of one size")
        parts = [split_scalar(term) for term in terms]
        flat: list[Expr] = []
        for _, base in parts:
            flat.extend(base.args if isinstance(base, Hadamard) else (base,))
        scalar = Mul(*(part[0] for part in parts))
        product = flat[0] if len(flat) == 1 else Expr.__new__(cls, *sorted(flat, key=default_sort_key))
        return Mul(scalar, product)

    @property
    def sort(self) -> Sort:
        return sort_of(self.args[0])


class MatrixPower(_Array):
    r"""`\Sigma^{1/2}`, `A^n`: a power of a square matrix that is not written out as a product."""

    def __new__(cls, base: Any, exponent: Any) -> Expr:
        base, exponent = sympify_term(base), sympify_term(exponent)
        sort = sort_of(base)
        if sort.kind != "matrix" or sort.shape[0] != sort.shape[1]:
            raise SortError(f"a power of a {sort}: a square matrix was expected")
        if not is_scalar(exponent):
            raise SortError("the exponent of a matrix is a number")
        if exponent == 1 or isinstance(base, Identity):
            return base
        if exponent == 0:
            return Identity(sort.shape[0])
        return Expr.__new__(cls, base, exponent)

    @property
    def base(self) -> Expr:
        return self.args[0]

    @property
    def exponent(self) -> Expr:
        return self.args[1]

    @property
    def sort(self) -> Sort:
        return sort_of(self.args[0])


class Differential(_Array):
    """dx of a process or a time, in an equation between differentials."""

    def __new__(cls, term: Any) -> Differential:
        return Expr.__new__(cls, sympify_term(term))

    @property
    def sort(self) -> Sort:
        return sort_of(self.args[0])


class DerivativeIn(_Array):
    r"""`\partial f / \partial e`: how f changes with an expression that is no variable; read, not worked out.

    Body and expression are seen as functions of the variables of the expression, which are bound; the points at which
    they are taken stand beside them.
    """

    def __new__(cls, body: Any, expression: Any, variables: Any, points: Any = None) -> DerivativeIn:
        body, expression, bound = sympify_term(body), sympify_term(expression), Tuple(*variables)
        if not is_scalar(body) and not is_scalar(expression):
            raise SortError("a derivative of an array with respect to an array")
        if not all(isinstance(variable, (Symbol, Variable)) for variable in bound):
            raise SortError("an expression is seen as a function of its variables")
        return Expr.__new__(cls, body, expression, bound, bound if points is None else Tuple(*points))

    @property
    def body(self) -> Expr:
        return self.args[0]

    @property
    def expression(self) -> Expr:
        return self.args[1]

    @property
    def bound(self) -> tuple[Basic, ...]:
        return tuple(self.args[2])

    @property
    def points(self) -> tuple[Basic, ...]:
        return tuple(self.args[3])

    @property
    def sort(self) -> Sort:
        return sort_of(self.args[0]) if is_scalar(self.args[1]) else sort_of(self.args[1])


# ---- lists --------------------------------------------------------------------------------------------------------


class Listing(Printed, Expr):
    """Several things in order, as the parameters (μ, Σ)."""

    is_commutative = True

    def __new__(cls, *items: Any) -> Listing:
        return Expr.__new__(cls, *map(sympify_term, items))

    @property
    def sort(self) -> Sort:
        return LIST


class Family(Printed, Expr):
    r"""`\{\beta_t\}_{t=1}^{T}`, `\sigma_1^2, \dots, \sigma_d^2`: a term for every value of an index, which is bound."""

    is_commutative = True

    def __new__(cls, body: Any, limits: Any) -> Family:
        return Expr.__new__(cls, sympify_term(body), Tuple(*limits))

    @property
    def body(self) -> Expr:
        return self.args[0]

    @property
    def limits(self) -> tuple[Tuple, ...]:
        return (self.args[1],)

    @property
    def bound(self) -> tuple[Basic, ...]:
        return (self.args[1][0],)

    @property
    def sort(self) -> Sort:
        return LIST


__all__ = ["BlockMatrix", "DerivativeIn", "Diagonal", "Differential", "Entry", "Family", "Hadamard", "Listing",
           "MatrixPower", "Ones"]  # fmt: skip
