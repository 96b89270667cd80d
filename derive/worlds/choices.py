"""Events at a point, indicators, values by cases, and the greatest or least of a function over a variable.

Over a variable of a finite law an optimum is the greatest of finitely many numbers. Elsewhere it is exact where the
function, or its logarithm, is a polynomial of degree two in the variable that bends the right way everywhere; where it
does not, or where bounds are assumed of the variable, nothing is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flint import fmpq

from derive.terms import (
    ArgMax,
    ArgMin,
    Complement,
    Equal,
    Equals,
    Holds,
    Infimum,
    Intersection,
    IntersectionOver,
    Minimum,
    Union,
    UnionOver,
    Variable,
)
from derive.worlds import exact, functions, linear
from derive.worlds.exact import ONE, ZERO
from derive.worlds.functions import ExpPolynomial, Polynomial
from derive.worlds.linear import Matrix, Vector
from derive.worlds.outcomes import NotExercised, Undefined
from derive.worlds.setting import kind_of, number_of, sort_at

if TYPE_CHECKING:
    from derive.worlds.world import World

Env = dict[Any, Any]
HALF = fmpq(1, 2)
_LONGEST = 64


def happens(world: World, event: Any, env: Env) -> bool:
    """Whether an event happens at a point."""
    if isinstance(event, Intersection):
        return all(happens(world, part, env) for part in event.args)
    if isinstance(event, Union):
        return any(happens(world, part, env) for part in event.args)
    if isinstance(event, Complement):
        return not happens(world, event.args[0], env)
    if isinstance(event, (IntersectionOver, UnionOver)):
        index, lower, upper = event.limits[0]
        low, high = number_of(lower, world.scope(env)), number_of(upper, world.scope(env))
        if high - low > _LONGEST:
            raise NotExercised("too many events")
        answers = (happens(world, event.event, {**env, index.name: n}) for n in range(low, high + 1))
        return all(answers) if isinstance(event, IntersectionOver) else any(answers)
    if isinstance(event, Equals):
        return _true(world, Equal(*event.args), env)
    if isinstance(event, Holds):
        return _true(world, event.statement, env)
    if isinstance(event, Variable):
        key = world.key(event, env)
        if isinstance(env.get(key), bool):
            return bool(env[key])
    raise NotExercised("an event of which it is not said whether it happens")


def _true(world: World, statement: Any, env: Env) -> bool:
    from derive.worlds.truth import holds  # which knows the kinds of worlds

    answer = holds(world, statement, env)
    if answer is None:
        raise Undefined("an event about what has no value")
    return answer


def indicator(world: World, term: Any, env: Env) -> Any:
    """1 where the event happens, else 0."""
    return ONE if happens(world, term.event, env) else ZERO


def cases(world: World, term: Any, env: Env) -> Any:
    """The value of the first case whose event happens."""
    for case in term.cases:
        if len(case) == 1 or happens(world, case[1], env):
            return world.value(case[0], env)
    raise Undefined("no case applies")


def optimum(world: World, term: Any, env: Env) -> Any:
    """The greatest or least value, or where it is taken."""
    if term.region is not None or len(term.bound) != 1:
        raise NotExercised("an optimum over a named set, or over several variables")
    ((key, sort),) = world.bind(term, term.bound, env)
    least = isinstance(term, (Minimum, Infimum, ArgMin))
    where = isinstance(term, (ArgMax, ArgMin))
    if key in getattr(world, "sorts", {}) and hasattr(world, "support"):
        points = world.support(key, sort)
        return _first(world, term.body, key, points, env, least, where)
    if world.parameters.is_bounded(key[0]):
        raise NotExercised("an optimum over a variable with bounds")
    return _peak(world, term, key, sort_at(term.bound[0]), env, least, where)


def _first(world: World, body: Any, key: Any, points: list[Any], env: Env, least: bool, where: bool) -> Any:
    best = None
    for point in points:
        value = world.number(body, {**env, key: point})
        if best is not None:
            better = exact.at_most(value, best[1]) if least else exact.at_most(best[1], value)
            same = exact.same(value, best[1])
            if better is None or same is None:
                raise NotExercised("which of two values is larger is not decided")
            if same and where:
                raise NotExercised("an optimum that is taken at two points")
            if not better or same:
                continue
        best = point, value
    assert best is not None
    return best[0 if where else 1]


def _peak(world: World, term: Any, key: Any, sort: Any, env: Env, least: bool, where: bool) -> Any:
    """The optimum of a polynomial of degree two, or of the exponential of one, in all of R^d."""
    size = number_of(sort.shape[0], world.scope(env)) if kind_of(sort) == "vector" else 1
    if kind_of(sort) not in ("vector", "scalar"):
        raise NotExercised("an optimum over what is no number and no vector")
    places = range(-1, -size - 1, -1)  # no other binder counts downwards
    entries = [ExpPolynomial.coordinate(place) for place in places]
    body = world.number(term.body, {**env, key: Vector(entries) if kind_of(sort) == "vector" else entries[0]})
    if not isinstance(body, ExpPolynomial):
        raise NotExercised("an optimum of what does not depend on the variable")
    polynomial, outer = body.polynomial, None
    if polynomial is None:
        if len(body.terms) != 1 or set(body.terms[0][0]) != {()} or exact.sign(body.terms[0][0][()]) != 1:
            raise NotExercised("an optimum that is not computed")
        outer, polynomial = body.terms[0]
    point = _vertex(polynomial, list(places), least)
    if where:
        return Vector(point) if kind_of(sort) == "vector" else point[0]
    value = _at(polynomial, dict(zip(places, point, strict=True)))
    return value if outer is None else exact.exp(value) * outer[()]


def _vertex(polynomial: Polynomial, places: list[int], least: bool) -> list[Any]:
    if any(c not in places for monomial in polynomial for c, _ in monomial) or any(
        sum(many for _, many in monomial) > 2 for monomial in polynomial
    ):
        raise NotExercised("an optimum that is not computed")
    slopes = [functions.derivative(polynomial, place) for place in places]
    bend = Matrix([functions.derivative(slope, place).get((), ZERO) for place in places] for slope in slopes)
    if not linear.positive_definite(bend if least else bend * fmpq(-1)):
        raise NotExercised("a function that does not bend the right way everywhere")
    offset = Vector(-slope.get((), ZERO) for slope in slopes)
    return list(linear.product(linear.inverse(bend), offset).entries)


def _at(polynomial: Polynomial, point: dict[int, Any]) -> Any:
    total: Any = ZERO
    for monomial, value in polynomial.items():
        for place, many in monomial:
            value = value * exact.power(point[place], fmpq(many))
        total = total + value
    return total


