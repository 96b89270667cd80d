"""What each node means: one table from classes of terms to the evaluation of their definitions.

Nothing here rewrites: a sum is added up, an inner product is Σ aᵢ bᵢ, a variance is E[(f − E f)²]. Where a meaning
depends on what a law is, it asks the world.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sympy
from flint import fmpq
from sympy import Basic, Product, Sum, Symbol

from derive.terms import (
    KL,
    SCALAR,
    Application,
    ArgMax,
    ArgMin,
    BlockMatrix,
    Cases,
    Complement,
    Covariance,
    CrossEntropy,
    Density,
    DerivativeIn,
    Determinant,
    Diagonal,
    Differential,
    Divergence,
    Entropy,
    Entry,
    Equals,
    Expectation,
    Family,
    Gradient,
    Hadamard,
    Holds,
    Identity,
    Indicator,
    Infimum,
    Inner,
    Integral,
    Intersection,
    IntersectionOver,
    Inverse,
    Label,
    Law,
    Limit,
    Listing,
    MatrixPower,
    MatrixProduct,
    Maximum,
    Minimum,
    Norm,
    Normal,
    Ones,
    Probability,
    Run,
    Sort,
    Supremum,
    Trace,
    Transpose,
    Union,
    UnionOver,
    Variable,
    Variance,
    Within,
    fixed,
    is_scalar,
    sort_of,
)
from derive.worlds import arrays, choices, exact, linear
from derive.worlds.exact import ONE, ZERO
from derive.worlds.functions import Dual, ExpPolynomial, primal
from derive.worlds.givens import is_whole_law
from derive.worlds.linear import Matrix, Vector
from derive.worlds.outcomes import NeverExercised, NotExercised, Undefined
from derive.worlds.setting import key_of, kind_of, number_of, sort_at, walk

if TYPE_CHECKING:
    from derive.worlds.world import World

Env = dict[Any, Any]
"""What is bound here: index names (text) to integers, keys of variables to values."""

HALF = fmpq(1, 2)
_LONGEST_SUM = 64


# ---- arithmetic ---------------------------------------------------------------------------------------------------


def _rational(world: World, term: Any, env: Env) -> Any:
    return fmpq(int(term.p), int(term.q))


def _symbol(world: World, term: Symbol, env: Env) -> Any:
    name = term.name
    number = env.get(name, world.indices.get(name))
    if isinstance(number, int):
        return fmpq(number)
    if isinstance(number, str) and number != name:  # σ_t at s: the t of what defines it is s
        if number not in world.parameters.times:
            raise NotExercised(f"the index {number} is no number")
        name = number
    return world.lookup((name, ()), SCALAR, env)


def _variable(world: World, term: Variable, env: Env) -> Any:
    sort = sort_at(term)
    if kind_of(sort) == "event":
        raise NotExercised("an event stands where a number was expected")
    return world.lookup(world.key(term, env), sort, env)


def _add(world: World, term: Basic, env: Env) -> Any:
    total: Any = ZERO
    for arg in term.args:
        value = world.value(arg, env)
        total = value if isinstance(total, fmpq) and total == 0 else total + value
    return total


def _mul(world: World, term: Basic, env: Env) -> Any:
    factor: Any = ONE
    body: Any = None
    for arg in term.args:
        value = world.value(arg, env)
        if isinstance(value, (Vector, Matrix)):
            if body is not None:
                raise NotExercised("vectors or matrices are multiplied as if they were numbers")
            body = value
        else:
            factor = factor * value
    return factor if body is None else body * factor


def _pow(world: World, term: Any, env: Env) -> Any:
    if isinstance(term.base, Norm) and term.exp.is_Integer and term.exp % 2 == 0:
        return exact.power(_squared_norm(world, term.base, env), fmpq(int(term.exp) // 2))
    base, exponent = world.number(term.base, env), world.number(term.exp, env)
    if isinstance(base, Dual) and exponent == HALF:
        return base.root()
    return exact.power(base, exponent)


def _log(world: World, term: Basic, env: Env) -> Any:
    return exact.log(world.number(term.args[0], env))


def _exp(world: World, term: Basic, env: Env) -> Any:
    return exact.exp(world.number(term.args[0], env))


def _abs(world: World, term: Basic, env: Env) -> Any:
    return absolute(world.number(term.args[0], env))


def absolute(value: Any) -> Any:
    """|x|; a derivative takes the side of zero that x is on."""
    if not isinstance(value, Dual):
        return exact.absolute(value)
    side = exact.sign(primal(value))
    if side is None or side == 0:
        raise Undefined("|x| has no derivative at zero")
    return value if side > 0 else -value


def _sign(world: World, term: Basic, env: Env) -> Any:
    side = exact.sign(world.number(term.args[0], env))
    if side is None:
        raise NotExercised("the sign of a value is not decided")
    return fmpq(side)


def _extreme(world: World, term: Basic, env: Env) -> Any:
    values = [world.number(arg, env) for arg in term.args]
    largest = isinstance(term, sympy.Max)
    best = values[0]
    for value in values[1:]:
        lower = exact.at_most(best, value)
        if lower is None:
            raise NotExercised("which of two values is larger is not decided")
        best = value if lower == largest else best
    return best


def _factorial(world: World, term: Basic, env: Env) -> Any:
    value = world.number(term.args[0], env)
    if not isinstance(value, fmpq) or value.q != 1 or not 0 <= value <= 200:
        raise Undefined("a factorial of what is no natural number")
    return fmpq(int(sympy.factorial(int(value.p))))


def _analytic(name: str) -> Callable[[World, Basic, Env], Any]:
    def meaning(world: World, term: Basic, env: Env) -> Any:
        value = world.number(term.args[0], env)
        if isinstance(value, ExpPolynomial):
            raise NotExercised(f"{name} of a function is not integrated exactly")
        return _analytic_value(name, value)

    return meaning


def _analytic_value(name: str, value: Any) -> Any:
    if isinstance(value, Dual):
        return value.chained(_analytic_value(name, value.value), _slope_of(name, value.value))
    return getattr(exact.ball(value), name)()


def _slope_of(name: str, value: Any) -> Any:
    if name in ("sin", "sinh"):
        return _analytic_value("cos" if name == "sin" else "cosh", value)
    if name in ("cos", "cosh"):
        return -_analytic_value("sin", value) if name == "cos" else _analytic_value("sinh", value)
    tangent = _analytic_value(name, value)
    return ONE + tangent * tangent if name == "tan" else ONE - tangent * tangent


def _pi(world: World, term: Basic, env: Env) -> Any:
    return exact.ExpNumber(ONE, exact.LogNumber(ZERO, {exact.PI: ONE}))


def _e(world: World, term: Basic, env: Env) -> Any:
    return exact.exp(ONE)


def _infinite(world: World, term: Basic, env: Env) -> Any:
    return exact.POSITIVE_INFINITY if term == sympy.oo else exact.NEGATIVE_INFINITY


def _sum(world: World, term: Any, env: Env) -> Any:
    total: Any = ZERO
    for inner in ranged(world, term, env):
        value = world.value(term.function, inner)
        total = value if isinstance(total, fmpq) and total == 0 else total + value
    return total


def _product(world: World, term: Any, env: Env) -> Any:
    total: Any = ONE
    for inner in ranged(world, term, env):
        total = total * world.number(term.function, inner)
    return total


def ranged(world: World, term: Any, env: Env, place: int | None = None) -> Iterable[Env]:
    """The values of the indices, the last limit outermost; a range whose end lies below its start is empty."""
    place = len(term.limits) - 1 if place is None else place
    if len(term.limits[place]) != 3:
        raise NotExercised("a sum without limits")
    index, lower, upper = term.limits[place]
    low, high = number_of(lower, world.scope(env)), number_of(upper, world.scope(env))
    if high - low > _LONGEST_SUM:
        raise NotExercised("a sum is too long to compute")
    for number in range(low, high + 1):
        inner = {**env, index.name: number}
        if place == 0:
            yield inner
        else:
            yield from ranged(world, term, inner, place - 1)


# ---- vectors and matrices -----------------------------------------------------------------------------------------


def _identity(world: World, term: Identity, env: Env) -> Any:
    return linear.identity(number_of(term.size, world.scope(env)))


def _vector(value: Any, size: int | None = None) -> Vector:
    if isinstance(value, Vector):
        return value
    raise NotExercised("a vector was expected")


def _inner(world: World, term: Basic, env: Env) -> Any:
    left, right = (world.value(arg, env) for arg in term.args)
    if _is_zero(left) or _is_zero(right):
        return ZERO
    return linear.dot(_vector(left).entries, _vector(right).entries)


def _squared_norm(world: World, term: Basic, env: Env) -> Any:
    value = world.value(term.args[0], env)
    return ZERO if _is_zero(value) else linear.dot(_vector(value).entries, _vector(value).entries)


def _norm(world: World, term: Basic, env: Env) -> Any:
    square = _squared_norm(world, term, env)
    return square.root() if isinstance(square, Dual) else exact.power(square, HALF)


def _is_zero(value: Any) -> bool:
    return isinstance(value, fmpq) and value == 0


def _matrix(value: Any) -> Matrix:
    if isinstance(value, Matrix):
        return value
    raise NotExercised("a matrix was expected")


def _transpose(world: World, term: Basic, env: Env) -> Any:
    return linear.transpose(world.value(term.args[0], env))


def _inverse(world: World, term: Basic, env: Env) -> Any:
    return linear.inverse(_matrix(world.value(term.args[0], env)))


def _trace(world: World, term: Basic, env: Env) -> Any:
    value = world.value(term.args[0], env)
    return ZERO if _is_zero(value) else linear.trace(_matrix(value))


def _determinant(world: World, term: Basic, env: Env) -> Any:
    return linear.determinant(_matrix(world.value(term.args[0], env)))


def _matrix_product(world: World, term: Basic, env: Env) -> Any:
    values = [world.value(arg, env) for arg in term.args]
    if any(_is_zero(value) for value in values):
        return ZERO
    result = values[-1]
    for value in reversed(values[:-1]):
        if isinstance(result, Vector) and isinstance(value, Vector):
            raise NotExercised("a product of two columns")
        result = linear.product(_column(value), result if isinstance(result, Vector) else _matrix(result))
    if isinstance(result, Vector) and len(result.entries) == 1 and sort_of(term) == SCALAR:
        return result.entries[0]
    return result


def _column(value: Any) -> Matrix:
    return Matrix([[entry] for entry in value.entries]) if isinstance(value, Vector) else _matrix(value)


# ---- laws ---------------------------------------------------------------------------------------------------------


def _density(world: World, term: Density, env: Env) -> Any:
    return world.bound_density(term, env)


def _normal(world: World, term: Normal, env: Env) -> Any:
    world.allow_normal(term, env)
    return normal_density(*(world.value(arg, env) for arg in term.args))


LOG_TWO_PI = exact.LogNumber(ZERO, {2: ONE, exact.PI: ONE})


def normal_density(point: Any, mean: Any, covariance: Any) -> Any:
    """(2π)^{-n/2} det(Σ)^{-1/2} exp(−(x−μ)ᵀ Σ⁻¹ (x−μ)/2); undefined where Σ is not positive definite."""
    if not isinstance(point, Vector):
        difference = [point - mean]
        table = Matrix([[covariance]])
    else:
        difference = list((point - mean).entries) if isinstance(mean, Vector) else list(point.entries)
        if not isinstance(mean, Vector) and not _is_zero(mean):
            raise NotExercised("a Gaussian's mean was expected to be a vector")
        if not isinstance(covariance, Matrix):
            raise Undefined("a covariance is not positive definite")
        table = covariance
    if any(isinstance(entry, ExpPolynomial) for row in table.rows for entry in row):
        raise NotExercised("a Gaussian whose covariance depends on what is integrated")
    if not linear.positive_definite(table):
        raise Undefined("a covariance is not positive definite")
    return gaussian_density(difference, linear.inverse(table), exact.log(linear.determinant(table)))


def gaussian_density(difference: Sequence[Any], precision: Matrix, log_determinant: Any) -> Any:
    """The Gaussian density from x − μ, Σ⁻¹ and log det Σ."""
    square = linear.dot(difference, linear.product(precision, Vector(difference)).entries)
    return exact.exp((square + LOG_TWO_PI * len(difference) + log_determinant) * (-HALF))


def _expectation(world: World, term: Expectation, env: Env) -> Any:
    return world.expectation((term.body,), term, env)(lambda inner: world.value(term.body, inner))


def _variance(world: World, term: Variance, env: Env) -> Any:
    expect = world.expectation((term.body,), term, env)
    mean = expect(lambda inner: world.value(term.body, inner))
    return expect(lambda inner: _outer(*[world.value(term.body, inner) - mean] * 2))


def _covariance(world: World, term: Covariance, env: Env) -> Any:
    expect = world.expectation((term.left, term.right), term, env)
    left = expect(lambda inner: world.value(term.left, inner))
    right = expect(lambda inner: world.value(term.right, inner))
    return expect(lambda inner: _outer(world.value(term.left, inner) - left, world.value(term.right, inner) - right))


def _outer(left: Any, right: Any) -> Any:
    if isinstance(left, Vector) and isinstance(right, Vector):
        return Matrix([a * b for b in right.entries] for a in left.entries)
    return right * left if isinstance(right, Vector) else left * right


def _integral(world: World, term: Integral, env: Env) -> Any:
    world.bind(term, term.bound, env)
    body: Callable[[Env], Any] = lambda inner: world.value(term.body, inner)  # noqa: E731
    for limit in term.limits:
        if len(limit) == 3:
            body = _limited(world, limit, body, env)
    whole = [pair for limit in term.limits if len(limit) == 1 for pair in world.expand(limit[0], env)]
    return world.integrate(whole, body, env) if whole else body(env)


def _limited(world: World, limit: Any, body: Callable[[Env], Any], outside: Env) -> Callable[[Env], Any]:
    key = world.key(limit[0], outside)

    def integrated(env: Env) -> Any:
        lower, upper = world.number(limit[1], env), world.number(limit[2], env)
        return world.integrate_between(key, lower, upper, body, env)

    return integrated


def _kl(world: World, term: KL, env: Env) -> Any:
    bound = world.bind(term, term.bound, env)
    return world.divergence(
        lambda inner: world.number(term.p, inner), lambda inner: world.number(term.q, inner), bound, env, True
    )


def _cross_entropy(world: World, term: CrossEntropy, env: Env) -> Any:
    bound = world.bind(term, term.bound, env)
    return world.divergence(
        lambda inner: world.number(term.p, inner), lambda inner: world.number(term.q, inner), bound, env, False
    )


def _entropy(world: World, term: Entropy, env: Env) -> Any:
    bound = world.bind(term, term.bound, env)
    return world.divergence(lambda inner: world.number(term.p, inner), None, bound, env, False)


def _gradient(world: World, term: Gradient, env: Env) -> Any:
    level = world.level + 1
    value, sort = world.gradient(term, env)
    size = _size_of(world, sort, env)
    if isinstance(value, Vector):
        if sort.kind == "vector":
            return Matrix(world.slopes(entry, size, level) for entry in value.entries)
        return Vector(world.slopes(entry, 1, level)[0] for entry in value.entries)
    if isinstance(value, Matrix):
        if sort.kind != "scalar":
            raise NotExercised("the derivative of a matrix in a vector")
        return Matrix([world.slopes(entry, 1, level)[0] for entry in row] for row in value.rows)
    slopes = world.slopes(value, size, level)
    if sort.kind == "vector":
        return Vector(slopes)
    if sort.kind == "matrix":
        columns = number_of(sort.shape[1], world.scope(env))
        return Matrix(slopes[place : place + columns] for place in range(0, size, columns))
    return slopes[0]


def _derivative_in(world: World, term: DerivativeIn, env: Env) -> Any:
    """The rate of the body over that of the expression, in the one number that they are functions of."""
    if len(term.bound) != 1 or not is_scalar(term.bound[0]) or not is_scalar(term.body):
        raise NotExercised("a derivative in an expression of several numbers is not computed in worlds")
    rates = [_gradient(world, Gradient(part, term.bound[0], term.points[0]), env)
             for part in (term.body, term.expression)]  # fmt: skip
    return exact.divide(*rates)


def _divergence(world: World, term: Divergence, env: Env) -> Any:
    level = world.level + 1
    value, _ = world.gradient(term, env)
    if not isinstance(value, Vector):
        if _is_zero(value):
            return ZERO
        return world.slopes(value, 1, level)[0]
    size = len(value.entries)
    total: Any = ZERO
    for place, entry in enumerate(value.entries):
        total = total + world.slopes(entry, size, level)[place]
    return total


def _size_of(world: World, sort: Sort, env: Env) -> int:
    size = 1
    for part in sort.shape:
        size *= number_of(part, world.scope(env))
    return size


def _probability(world: World, term: Probability, env: Env) -> Any:
    return world.probability(world.law_key(term.law, env), term.event, term.given, env)


def _application(world: World, term: Application, env: Env) -> Any:
    key = world.key(term, env)
    arguments: list[Any] = []
    found = world.parameters.function(key, len(term.arguments))
    for argument in term.arguments:
        if found is not None and _by_itself(argument):
            arguments.append(argument)
        elif isinstance(argument, Run) or (isinstance(argument, Variable) and kind_of(argument.sort) == "variables"):
            arguments.extend(world.lookup(at, sort, env) for at, sort in world.expand(argument, env))
        else:
            arguments.append(world.value(argument, env))
    if found is None:
        if fixed(term.name) or Label(r"\|") in term.arguments:
            raise NeverExercised(f"{term.name} has a meaning of its own that is not computed")
        world.must_not_vary(key, env)
        return world.unknown(key, term, arguments)
    head, body, indices = found
    inner: Env = {name: value for name, value in env.items() if isinstance(name, tuple)} | dict(indices)
    others = {own for own, given in zip(head.arguments, term.arguments, strict=True) if own != given}
    if any(isinstance(node, Law) and others & set(node.indices) for node in walk(body)):
        raise NotExercised("a law at another value of its parameter: a world has it at one value only")
    pairs = list(zip(head.arguments, arguments, strict=True))
    for parameter, value in sorted(pairs, key=lambda pair: not isinstance(pair[0], Symbol)):  # the t of x_t first
        if isinstance(parameter, Symbol):
            inner[(parameter.name, ())] = value
            if isinstance(value, fmpq) and value.q == 1 and parameter in world.parameters.index_names:
                inner[parameter.name] = int(value)
        elif isinstance(parameter, Variable):
            inner[key_of(parameter, {**world.indices, **inner})] = value
        elif (parameter if _by_itself(parameter) else world.value(parameter, inner)) != value:
            raise NotExercised("a function is defined at other arguments")
    return world.value(body, inner)


def _by_itself(argument: Basic) -> bool:
    """Whether an argument stands for itself: a mark, or a law."""
    return isinstance(argument, Label) or is_whole_law(argument)


def _event(world: World, term: Basic, env: Env) -> Any:
    raise NotExercised("an event stands where a number was expected")


def _not_computed(world: World, term: Basic, env: Env) -> Any:
    raise NotExercised(f"a {type(term).__name__} is not computed in worlds")


_MEANINGS: dict[type, Callable[[Any, Any, Env], Any]] = {
    sympy.Rational: _rational, sympy.Symbol: _symbol, Variable: _variable, sympy.Add: _add, sympy.Mul: _mul,
    sympy.Pow: _pow, sympy.log: _log, sympy.exp: _exp, sympy.Abs: _abs, sympy.sign: _sign, sympy.Max: _extreme,
    sympy.Min: _extreme, sympy.factorial: _factorial, sympy.cos: _analytic("cos"), sympy.sin: _analytic("sin"),
    sympy.tan: _analytic("tan"), sympy.cosh: _analytic("cosh"), sympy.sinh: _analytic("sinh"),
    sympy.tanh: _analytic("tanh"), type(sympy.pi): _pi, type(sympy.E): _e, type(sympy.oo): _infinite,
    type(-sympy.oo): _infinite, Sum: _sum, Product: _product, Identity: _identity, Inner: _inner, Norm: _norm,
    Transpose: _transpose, Inverse: _inverse, Trace: _trace, Determinant: _determinant,
    MatrixProduct: _matrix_product, Density: _density, Normal: _normal, Expectation: _expectation,
    Variance: _variance, Covariance: _covariance, Integral: _integral, KL: _kl, CrossEntropy: _cross_entropy,
    Entropy: _entropy, Gradient: _gradient, Divergence: _divergence, Probability: _probability,
    Application: _application, Intersection: _event, Union: _event, Complement: _event, Equals: _event,
    Holds: _event, Within: _event, IntersectionOver: _event, UnionOver: _event, Indicator: choices.indicator,
    Cases: choices.cases, Maximum: choices.optimum, Minimum: choices.optimum, Supremum: choices.optimum,
    Infimum: choices.optimum, ArgMax: choices.optimum, ArgMin: choices.optimum, Limit: _not_computed,
    BlockMatrix: arrays.block_matrix, Entry: arrays.entry, Ones: arrays.ones, Hadamard: arrays.hadamard,
    Diagonal: arrays.diagonal,
    MatrixPower: arrays.matrix_power, Differential: _not_computed, DerivativeIn: _derivative_in,
    Listing: _not_computed, Family: _not_computed,
}  # fmt: skip


@lru_cache(maxsize=256)
def meaning_of(kind: Any) -> Callable[[Any, Any, Env], Any]:
    """The meaning of a node by its class, its nearest ancestor in the table."""
    for ancestor in kind.__mro__:
        if ancestor in _MEANINGS:
            return _MEANINGS[ancestor]
    raise NotExercised(f"a {kind.__name__} has no value in a world")
