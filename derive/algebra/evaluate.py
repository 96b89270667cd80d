"""The number a term is at a point, by the definition of its nodes, in exact rationals and balls.

It shares nothing with the normal form: variables are looked up by name and evaluated index, sums of indexed terms are
added up, vectors are lists of coordinates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from math import factorial as factorial_of
from typing import Any

from flint import arb, fmpq
from sympy import (
    Abs,
    Add,
    Basic,
    Integer,
    Max,
    Min,
    Mul,
    Pow,
    Product,
    Rational,
    S,
    Sum,
    Symbol,
    Tuple,
    cos,
    cosh,
    erf,
    exp,
    gamma,
    log,
    sign,
    sin,
    sinh,
    tan,
    tanh,
)

from derive import balls
from derive.algebra import grids
from derive.algebra.grids import Grid
from derive.algebra.special import MADE_OF
from derive.balls import NotDefined, Real, Unsure
from derive.clock import tick
from derive.terms import (
    Application,
    Density,
    Determinant,
    Identity,
    Inner,
    Inverse,
    Label,
    MatrixPower,
    MatrixProduct,
    Norm,
    Trace,
    Transpose,
    Variable,
    sort_of,
)

MOST_SUMMANDS = 64


class CannotEvaluate(Exception):
    """A term without a value at any point: a density, an expectation, the value of an unknown function."""


class NotHere(CannotEvaluate):
    """A term without a value at this point, perhaps with one at others: an index that is no whole number."""


class Point:
    """Values of the free parameters; `draw` gives the value of a variable asked for the first time."""

    def __init__(
        self, draw: Callable[[Any, str, tuple[Any, ...]], Any], definitions: dict[Any, Basic], sizes: dict[Any, int]
    ) -> None:
        self.draw = draw
        self.definitions = definitions
        self.values: dict[Any, Any] = {name: fmpq(n) for name, n in sizes.items()}
        self.keys: dict[Any, Any] = {}
        self.bound: dict[Any, int] = {}
        self.memo: dict[int, tuple[Any, Basic]] = {}  # by the node itself, which is kept
        self.defined: dict[Any, Any] = {}
        self.meanings: dict[Any, Basic] = {}
        self.busy: set[Any] = set()
        self.shown: dict[Any, Any] = {}
        self.used: set[Any] = set()
        for atom, meaning in definitions.items():
            if self.meanings.setdefault(self.key(atom), meaning) != meaning:
                raise NotHere("two definitions of one variable at this point")

    def key(self, atom: Any) -> Any:
        """A variable by its name and evaluated indices; anything else as it is."""
        if not isinstance(atom, Variable) or len(atom.args) == 2:
            return atom
        if self.bound:
            return (atom.name, atom.sort, tuple(map(self.index, atom.indices)))
        found = self.keys.get(atom)
        if found is None:
            found = self.keys[atom] = (atom.name, atom.sort, tuple(map(self.index, atom.indices)))
        return found

    def index(self, term: Any) -> Any:
        """An index at this point: labels and names that are no numbers here stand for themselves."""
        if isinstance(term, (Label, Integer)):
            return term
        if isinstance(term, Symbol):
            if term in self.bound:
                return Integer(self.bound[term])
            value = self.values.get(term)
            self.used.add(term)
            return Integer(int(value.p)) if value is not None and balls.exact(value) and value.q == 1 else term
        value = self(term)
        if balls.exact(value) and value.q == 1:
            return Integer(int(value.p))
        raise NotHere(f"the index {term} is no whole number")

    def __call__(self, term: Basic) -> Any:
        """The value: a Real, or a list of them for a vector."""
        found = CONSTANTS.get(type(term))
        if found is not None:
            return found
        if self.bound:
            return _rule(term)(self, term)
        known = self.memo.get(id(term))
        if known is not None:
            return known[0]
        rule = RULES.get(type(term)) or _rule(term)
        found = rule(self, term)
        self.memo[id(term)] = found, term
        return found

    def size(self, term: Any) -> int:
        """A dimension at this point."""
        value = self(term)
        if balls.exact(value) and value.q == 1 and value > 0:
            return int(value.p)
        raise NotHere("a dimension that is no positive whole number")


def _rule(term: Any) -> Callable[[Point, Any], Any]:
    return RULES.get(type(term)) or (_number if isinstance(term, Rational) else _none)


def _none(point: Point, term: Any) -> Any:
    raise CannotEvaluate(f"{type(term).__name__} has no value at a point")


def _number(point: Point, term: Any) -> Real:
    return balls.rational(term)


def _atom(point: Point, term: Any) -> Any:
    if point.bound and term in point.bound:
        return fmpq(point.bound[term])
    key = point.key(term)
    meaning = point.meanings.get(key) if point.meanings else None
    if meaning is not None:
        if key in point.busy:
            raise CannotEvaluate("definitions that go round in a circle")
        point.busy.add(key)
        held, point.bound = point.bound, {}
        try:
            found = point.defined[term] = point(meaning)
            return found
        finally:
            point.busy.discard(key)
            point.bound = held
    found = point.values.get(key)
    point.used.add(key)
    if found is None:
        sort = sort_of(term)
        shape = tuple(map(point.size, sort.shape))
        found = point.values[key] = point.draw(term, sort.kind, shape)
        point.shown[key] = term if not point.bound else None
    return found


def _opaque(point: Point, term: Any) -> Any:
    meaning = point.definitions.get(term)
    if meaning is None or point.bound:
        raise CannotEvaluate(f"the value of {type(term).__name__} is not free to choose")
    found = point.defined[term] = point(meaning)
    return found


def _add(point: Point, term: Any) -> Any:
    first, *rest = term.args
    total = point(first)
    for arg in rest:
        part = point(arg)
        if type(part) in _ARRAYS or type(total) in _ARRAYS:
            return _added([point(arg) for arg in term.args])
        total = total + part
    return total


_ARRAYS = (list, Grid)


def _added(parts: list[Any]) -> Any:
    if not all(isinstance(part, type(parts[0])) for part in parts):
        raise CannotEvaluate("a number added to a vector or matrix")
    _fit(parts)
    return grids.total(parts) if isinstance(parts[0], Grid) else [_total(column) for column in zip(*parts, strict=True)]


def _total(parts: Any) -> Real:
    total = fmpq(0)
    for part in parts:
        total = total + part
    return total


def _mul(point: Point, term: Any) -> Any:
    exact, ball, carried = _ONE, None, None
    for arg in term.args:
        part = point(arg)
        kind = type(part)
        if kind is fmpq:
            exact = exact * part
        elif kind in _ARRAYS:
            if carried is not None:
                raise CannotEvaluate("a commutative product of vectors or matrices")
            carried = part
        else:
            ball = part if ball is None else ball * part
    number = exact if ball is None else balls.mul(exact, ball)
    if carried is None:
        return number
    if isinstance(carried, Grid):
        return grids.scaled(number, carried)
    return [balls.mul(number, entry) for entry in carried]


_ONE: Real = fmpq(1)
HALF = Fraction(1, 2)


def _pow(point: Point, term: Any) -> Real:
    base, exponent = term.args
    if isinstance(exponent, Integer):
        return balls.whole_power(point(base), int(exponent.p))
    if base is S.Exp1:
        return balls.exp(point(exponent))
    if isinstance(exponent, Rational):
        return balls.fractional_power(point(base), _fraction(exponent))
    return balls.power(point(base), point(exponent))


@lru_cache(maxsize=256)
def _fraction(number: Rational) -> Fraction:
    return Fraction(int(number.p), int(number.q))


def _norm(point: Point, term: Any) -> Real:
    vector = _vector(point, term.args[0])
    return balls.fractional_power(_dot(vector, vector), HALF)


def _inner(point: Point, term: Any) -> Real:
    return _dot(_vector(point, term.args[0]), _vector(point, term.args[1]))


def _vector(point: Point, term: Any) -> list[Real]:
    found = point(term)
    if not isinstance(found, list):
        raise CannotEvaluate("a number where a vector was expected")
    return found


def _dot(left: list[Real], right: list[Real]) -> Real:
    if left is right:
        return _total([entry * entry if balls.exact(entry) else entry**2 for entry in left])
    _fit((left, right))
    return _total([balls.mul(a, b) for a, b in zip(left, right, strict=True)])


def _fit(parts: Sequence[Any]) -> None:
    """Raise where vectors or matrices have different sizes at this point."""
    if len(set(map(grids.shape, parts))) > 1:
        raise NotHere("vectors or matrices whose sizes differ at this point")


def _grid(point: Point, term: Any) -> Grid:
    found = point(term)
    if isinstance(found, list):
        return grids.column(found)
    if not isinstance(found, Grid):
        raise CannotEvaluate("a number where a vector or matrix was expected")
    return found


def _matrix_product(point: Point, term: Any) -> Any:
    result = _grid(point, term.args[0])
    for arg in term.args[1:]:
        factor = _grid(point, arg)
        if grids.shape(result)[1] != grids.shape(factor)[0]:
            raise NotHere("a product of matrices whose sizes do not fit at this point")
        result = grids.product(result, factor)
    kind = sort_of(term).kind
    if kind == "vector":
        return [row[0] for row in result.rows]
    return result if kind == "matrix" else result.rows[0][0]


def _matrix_power(point: Point, term: Any) -> Grid:
    """A whole power of a matrix."""
    if not isinstance(term.exponent, Integer) or abs(int(term.exponent)) > MOST_SUMMANDS:
        raise CannotEvaluate("a power of a matrix that is not whole")
    grid, times = _grid(point, term.base), int(term.exponent)
    grid = grids.inverse(grid) if times < 0 else grid
    result = grid
    for _ in range(abs(times) - 1):
        result = grids.product(result, grid)
    return result


def _of_grid(function: Callable[[Grid], Any]) -> Callable[[Point, Any], Any]:
    return lambda point, term: function(_grid(point, term.args[0]))


def _range(point: Point, term: Any, place: int = -1) -> list[Any]:
    """The values of the body, the last limit outermost."""
    index, low, high = _limits(term.limits[place])
    first, last = point(low), point(high)
    if not (balls.exact(first) and balls.exact(last) and first.q == 1 and last.q == 1):
        raise NotHere("a sum between limits that are no whole numbers")
    if not -1 <= int(last.p) - int(first.p) < MOST_SUMMANDS:
        raise NotHere("a long sum, or a range that ends before it begins")
    values: list[Any] = []
    held = point.bound
    for k in range(int(first.p), int(last.p) + 1):
        tick()
        point.bound = {**held, index: k}
        try:
            values += _range(point, term, place - 1) if len(term.limits) > -place else [point(term.function)]
        finally:
            point.bound = held
    if len(values) > MOST_SUMMANDS**2:
        raise NotHere("a long sum")
    return values


def _limits(limit: Any) -> Any:
    if len(limit) != 3:
        raise CannotEvaluate("a sum with an index and two limits was expected")
    return limit


def _sum(point: Point, term: Any) -> Any:
    values = _range(point, term)
    _fit(values)
    if values and isinstance(values[0], Grid):
        return grids.total(values)
    if values and isinstance(values[0], list):
        return [_total(column) for column in zip(*values, strict=True)]
    return _total(values)


def _product(point: Point, term: Any) -> Any:
    number: Real = fmpq(1)
    for part in _range(point, term):
        if isinstance(part, (list, Grid)):
            raise CannotEvaluate("a product over an index of vectors or matrices")
        number = balls.mul(number, part)
    return number


def _extreme(point: Point, term: Any) -> Real:
    """The largest or smallest of numbers that can be told apart, or are equal."""
    best, *rest = (point(arg) for arg in term.args)
    for value in rest:
        side = balls.sign(value - best)
        if side is None:
            raise Unsure
        if (side > 0) == isinstance(term, Max):
            best = value
    return best


def _signum(point: Point, term: Any) -> Real:
    side = balls.sign(point(term.args[0]))
    if side is None:
        raise Unsure
    return fmpq(side)


def _by_ball(function: Callable[[Any], Any], at_zero: int) -> Callable[[Point, Any], Real]:
    def rule(point: Point, term: Any) -> Real:
        value = point(term.args[0])
        if balls.exact(value) and not value:
            return fmpq(at_zero)
        return function(balls.ball(value))

    return rule


def _made_of(point: Point, term: Any) -> Real:
    return point(MADE_OF[type(term)](*term.args))


def _gamma(point: Point, term: Any) -> Real:
    value = point(term.args[0])
    if balls.sign(value) != 1:
        raise NotHere("the gamma function of a number that is not positive")
    if balls.exact(value) and value.q == 1 and value <= MOST_SUMMANDS:
        return fmpq(factorial_of(int(value.p) - 1))
    return balls.ball(value).gamma()


CONSTANTS: dict[type, Real] = {
    type(S.Zero): fmpq(0), type(S.One): fmpq(1), type(S.NegativeOne): fmpq(-1), type(S.Half): fmpq(1, 2),
}  # fmt: skip

RULES: dict[type, Callable[[Point, Any], Any]] = {
    Symbol: _atom,
    Variable: _atom,
    Integer: _number,
    Rational: _number,
    type(S.Pi): lambda point, term: arb.pi(),
    type(S.Exp1): lambda point, term: arb(1).exp(),
    Application: _opaque,
    Density: _opaque,
    Add: _add,
    Mul: _mul,
    Pow: _pow,
    exp: lambda point, term: balls.exp(point(term.args[0])),
    log: lambda point, term: balls.log(point(term.args[0])),
    Abs: lambda point, term: balls.absolute(point(term.args[0])),
    Max: _extreme,
    Min: _extreme,
    sign: _signum,
    Norm: _norm,
    Inner: _inner,
    Identity: lambda point, term: grids.identity(point.size(term.args[0])),
    Transpose: _of_grid(grids.transposed),
    Inverse: _of_grid(grids.inverse),
    Trace: _of_grid(grids.trace),
    Determinant: _of_grid(grids.determinant),
    MatrixProduct: _matrix_product,
    MatrixPower: _matrix_power,
    Sum: _sum,
    Product: _product,
    cos: _by_ball(lambda a: a.cos(), 1),
    sin: _by_ball(lambda a: a.sin(), 0),
    tan: _by_ball(lambda a: a.tan(), 0),
    cosh: _by_ball(lambda a: a.cosh(), 1),
    **dict.fromkeys(MADE_OF, _made_of),
    erf: _by_ball(lambda a: a.erf(), 0),
    gamma: _gamma,
    sinh: _by_ball(lambda a: a.sinh(), 0),
    tanh: _by_ball(lambda a: a.tanh(), 0),
}

__all__ = ["CannotEvaluate", "NotDefined", "Point", "Tuple"]
