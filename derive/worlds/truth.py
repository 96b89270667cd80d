"""Whether a statement holds in a world, at a point: True, False, or None where a side has no value.

False is certain: the two sides' exact values differ, or balls around them do not meet. True of an equation between
values that are not exact says that they agree to many digits.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from math import prod
from typing import Any

import flint
from flint import fmpq
from sympy import Basic, Symbol

from derive.terms import (
    AlmostEverywhere,
    AlmostSurely,
    Application,
    Chain,
    Concave,
    Convex,
    CountingMeasure,
    Definition,
    Density,
    Distributed,
    Equal,
    Exchanges,
    Exists,
    ForEvery,
    Greater,
    GreaterEqual,
    Independent,
    Law,
    LebesgueMeasure,
    Less,
    LessEqual,
    Member,
    Normal,
    PositiveDefinite,
    PositiveSemidefinite,
    Proportional,
    Relation,
    Restricted,
    Sort,
    Statement,
    Unequal,
    Variable,
    free_variables,
    sort_of,
)
from derive.worlds import exact, linear
from derive.worlds.exact import ZERO
from derive.worlds.finite import FiniteWorld
from derive.worlds.functions import Dual, ExpPolynomial
from derive.worlds.gaussian import GaussianWorld
from derive.worlds.givens import givens_of
from derive.worlds.linear import Matrix, Vector
from derive.worlds.meaning import Env
from derive.worlds.outcomes import NotExercised, Undefined
from derive.worlds.parameters import COORDINATES
from derive.worlds.setting import Key, kind_of
from derive.worlds.world import NOTHING, World

_MOST_POINTS = 24
_ALL_POINTS = 4096
_SAMPLES = 2


def holds(world: World, statement: Statement, env: Env = NOTHING) -> bool | None:
    """Whether a statement is true at the world's point; None where it has no value there.

    Raises `NotExercised` where this kind of world cannot compute it.
    """
    with flint.ctx.workprec(exact.PRECISION):
        try:
            return _holds(world, statement, env)
        except Undefined:
            return None


def _holds(world: World, statement: Statement, env: Env) -> bool | None:
    if isinstance(statement, Chain):
        return _all(_holds_or_none(world, link, env) for link in statement.links)
    if isinstance(statement, Restricted):
        within = _all(_holds(world, part, env) for part in statement.ranges)
        return _all(_holds_or_none(world, link.statement, env) for link in statement.links) if within else True
    if isinstance(statement, Proportional):
        return _proportional(world, statement, env)
    if isinstance(statement, Relation):
        compare = _COMPARISONS.get(type(statement))
        if compare is None:
            raise NotExercised(f"{type(statement).__name__} is no claim that a world decides")
        return compare(world.value(statement.lhs, env), world.value(statement.rhs, env))
    if isinstance(statement, Independent):
        return _independent(world, statement, env)
    if isinstance(statement, Member):
        return True
    if isinstance(statement, (PositiveDefinite, PositiveSemidefinite)):
        value = world.value(statement.args[0], env)
        return _definite(value, isinstance(statement, PositiveDefinite))
    if isinstance(statement, Distributed):
        return _distributed(world, statement, env)
    meaning = _CONDITIONS.get(type(statement))
    if meaning is not None:
        return meaning(world, statement, env)
    raise NotExercised(f"{type(statement).__name__} is no claim that a world decides")


def _holds_or_none(world: World, statement: Statement, env: Env) -> bool | None:
    try:
        return _holds(world, statement, env)
    except Undefined:
        return None


def _all(answers: Iterable[bool | None]) -> bool | None:
    found = list(answers)
    if False in found:
        return False
    return None if None in found or not found else True


# ---- comparison ---------------------------------------------------------------------------------------------------


def equal(left: Any, right: Any) -> bool | None:
    """Whether two values are equal; zero equals the zero vector and the zero matrix."""
    if isinstance(left, (Vector, Matrix)) or isinstance(right, (Vector, Matrix)):
        return _equal_entries(left, right)
    for value in (left, right):
        if isinstance(value, (Dual, ExpPolynomial)):
            raise NotExercised("a value still depends on what is bound")
    return _decided(exact.same(left, right))


def _equal_entries(left: Any, right: Any) -> bool | None:
    first, second = _entries(left), _entries(right)
    if first is None:
        first = [ZERO] * len(second or ())
    if second is None:
        second = [ZERO] * len(first)
    if len(first) != len(second):
        raise Undefined("vectors or matrices of different sizes")
    return _all(_decided(exact.same(a, b)) for a, b in zip(first, second, strict=True))


def _entries(value: Any) -> list[Any] | None:
    if isinstance(value, Vector):
        return list(value.entries)
    if isinstance(value, Matrix):
        return [entry for row in value.rows for entry in row]
    if isinstance(value, fmpq) and value == 0:
        return None
    raise NotExercised("a vector is compared with a number")


def _decided(answer: bool | None) -> bool:
    if answer is None:
        raise NotExercised("two values are not told apart at this precision")
    return answer


def _at_most(left: Any, right: Any) -> bool | None:
    if isinstance(left, (Vector, Matrix)) or isinstance(right, (Vector, Matrix)):
        raise NotExercised("vectors are compared by size")
    return _decided(exact.at_most(left, right))


def _less(left: Any, right: Any) -> bool | None:
    """l < r; a difference that cannot be told from zero says nothing."""
    if exact.at_most(left, right) is False:
        return False
    if isinstance(left, exact.Infinity) or isinstance(right, exact.Infinity):
        return left != right
    side = exact.sign(right - left)
    if side is None:
        raise NotExercised("two values are not told apart at this precision")
    return side > 0


_COMPARISONS: dict[type, Callable[[Any, Any], bool | None]] = {
    Equal: equal,
    Definition: equal,
    LessEqual: _at_most,
    GreaterEqual: lambda left, right: _at_most(right, left),
    Less: _less,
    Greater: lambda left, right: _less(right, left),
    Unequal: lambda left, right: None if (same := equal(left, right)) is None else not same,
}


def _definite(value: Any, strictly: bool) -> bool:
    if isinstance(value, Vector):
        raise Undefined("a vector is not positive definite")
    table = value if isinstance(value, Matrix) else Matrix([[value]])
    if not linear.symmetric(table):
        return False
    if strictly:
        return linear.positive_definite(table)
    return all(
        (exact.sign(linear.determinant(Matrix([[table.rows[i][j] for j in chosen] for i in chosen]))) or 0) >= 0
        for size in range(1, len(table.rows) + 1)
        for chosen in itertools.combinations(range(len(table.rows)), size)
    )


# ---- points -------------------------------------------------------------------------------------------------------


def values_for(
    world: World, keys: list[tuple[Key, Sort]], purpose: str, samples: int = _SAMPLES, everywhere: bool = False
) -> Iterator[dict[Key, Any]]:
    """Values for some variables: all of them in a finite world where they are few, random ones otherwise.

    With `everywhere` a finite world gives all of them, or raises `NotExercised` where they are too many.
    """
    if not keys:
        yield {}
        return
    rng = world.parameters.rng("point", purpose)
    if isinstance(world, FiniteWorld):
        supports = [world.support(key, sort) for key, sort in keys]
        count = prod(map(len, supports))
        if everywhere and count > _ALL_POINTS:
            raise NotExercised("an assumption is about too many values to try them all")
        if count <= _MOST_POINTS or everywhere:
            for values in itertools.product(*supports):
                yield {key: value for (key, _), value in zip(keys, values, strict=True)}
        else:
            for _ in range(_MOST_POINTS // 2):
                yield {key: rng.choice(support) for (key, _), support in zip(keys, supports, strict=True)}
        return
    for _ in range(samples):
        yield {key: _random_value(world, sort, rng) for key, sort in keys}


def _random_value(world: World, sort: Sort, rng: Any) -> Any:
    size = world.size(sort)  # type: ignore[attr-defined]
    entries = [rng.choice(COORDINATES) + (fmpq(rng.randint(0, 3), 4) if world.parameters.size else ZERO)
               for _ in range(size)]  # fmt: skip
    return Vector(entries) if sort.kind == "vector" else entries[0]


def free_keys(world: World, terms: Iterable[Basic], env: Env = NOTHING) -> list[tuple[Key, Sort]]:
    """The variables of laws that are free in some terms, indices evaluated."""
    found: dict[Key, Sort] = {}
    names = world.parameters.point_names
    for term in terms:
        for item in free_variables(term):
            if getattr(item, "name", None) not in names and kind_of(sort_of(item)) != "variables":
                continue
            try:
                keys = world.expand(item, env)
            except (Undefined, NotExercised):
                continue
            for key, _ in keys:
                if key in world.sorts:
                    found[key] = world.sorts[key]
    return sorted(found.items(), key=lambda pair: str(pair[0]))


def points(world: World, terms: Iterable[Basic], purpose: str = "") -> Iterator[dict[Key, Any]]:
    """Values for the variables of laws that are free in some terms; all of them where a purpose is named."""
    return values_for(world, free_keys(world, terms), purpose, everywhere=bool(purpose))


# ---- conditions of rules ------------------------------------------------------------------------------------------


def _for_every(world: World, statement: ForEvery, env: Env) -> bool | None:
    keys = [pair for item in statement.bound for pair in world.expand(item, env)]
    answers = []
    for values in values_for(world, keys, "every", everywhere=True):
        answers.append(_holds_or_none(world, statement.statement, {**env, **values}))
    if False in answers:
        return False
    certain(world, statement.statement)
    return True if True in answers else None


def certain(world: World, statement: Statement) -> None:
    """Raise `NotExercised` where a statement that held at sampled points is not known to hold at all of them.

    In a finite world all points are tried. Elsewhere a statement is certain when the world was built to satisfy it, or
    when it says that a density is positive, or not negative, which Gaussian ones are everywhere.
    """
    if isinstance(statement, (ForEvery, AlmostSurely)):
        certain(world, statement.statement)
        return
    if isinstance(world, FiniteWorld) or isinstance(statement, (Independent, *_CONDITIONS)):
        return
    givens = givens_of(world.setting)
    if statement in givens.kernels or statement in givens.definitions:
        return
    if isinstance(statement, Equal) and any(isinstance(side, Density) for side in statement.args):
        return  # densities of Gaussian laws are analytic: two that agree at random points agree
    if isinstance(statement, Equal):
        if Equal(statement.rhs, statement.lhs) in givens.definitions:
            return
        if any(coupling.head == statement.lhs for coupling in givens.couplings):
            return
        if any(getattr(side, "law", None) in pair for side in statement.args for pair in givens.twins):
            return
    if isinstance(statement, Relation):
        heads = [side for side in statement.args if isinstance(side, Application)]
        if any(world.parameters.function_bounds(head.name, len(head.arguments)) for head in heads):
            return
        if any(head.name in world.parameters.hints.shapes for head in heads):
            return
        positive = (Greater, GreaterEqual, Unequal)
        if isinstance(statement, positive) and statement.rhs == 0 and isinstance(statement.lhs, (Density, Normal)):
            return
    raise NotExercised("that an assumption holds everywhere is not certain in this kind of world")


def _almost_surely(world: World, statement: AlmostSurely, env: Env) -> bool | None:
    """Whether a statement holds wherever the measure has positive density; outside finite worlds, at sampled points."""
    measure = statement.measure
    if not isinstance(measure, Density):
        raise NotExercised("almost surely under what is no law")
    if not isinstance(world, FiniteWorld) and isinstance(statement.statement, Equal):
        certain(world, statement.statement)
        return True
    answers = []
    keys = [pair for item in statement.bound for pair in world.expand(item, env)]
    for values in values_for(world, keys, "surely", everywhere=True):
        inner = {**env, **values}
        if exact.sign(world.value(measure, inner)) == 1:
            answers.append(_holds_or_none(world, statement.statement, inner))
    if False in answers:
        return False
    certain(world, statement.statement)
    return None if None in answers else True


def _exists(world: World, statement: Exists, env: Env) -> bool | None:
    """Whether a term has a finite value."""
    value = world.value(statement.term, env)
    return not isinstance(value, exact.Infinity)


def _exchanges(world: World, statement: Exchanges, env: Env) -> bool | None:
    """Sums, and Gaussian integrals of polynomials times exponentials, exchange with derivatives where they exist."""
    world.value(statement.term, env)
    return True


def _curved(world: World, statement: Any, env: Env) -> bool | None:
    """A body that the world made convex or concave by construction."""
    name = getattr(statement.body, "name", None)
    if name in world.parameters.hints.shapes:
        return True
    raise NotExercised("whether a function is convex is not decided")


_CONDITIONS: dict[type, Callable[[World, Any, Env], bool | None]] = {
    ForEvery: _for_every,
    AlmostSurely: _almost_surely,
    Exists: _exists,
    Exchanges: _exchanges,
    Convex: _curved,
    Concave: _curved,
    CountingMeasure: lambda world, statement, env: world.kind == "finite",
    LebesgueMeasure: lambda world, statement, env: world.kind != "finite",
    AlmostEverywhere: lambda world, statement, env: True,
}


# ---- statements about whole functions -----------------------------------------------------------------------------


def _proportional(world: World, statement: Proportional, env: Env) -> bool | None:
    """One c > 0 with l = c·r at every value of the named variables."""
    keys = [pair for item in statement.variables for pair in world.expand(item, env)]
    if not keys:
        raise NotExercised("a proportionality that names no variable")
    seen: list[tuple[Any, Any]] = []
    for values in values_for(world, keys, "proportional", 4):
        try:
            inner = {**env, **values}
            seen.append((world.value(statement.lhs, inner), world.value(statement.rhs, inner)))
        except Undefined:
            continue
    if len(seen) < 2:
        return None
    pivot = next((pair for pair in seen if exact.sign(pair[1]) != 0), None)
    if pivot is None:
        return _all(equal(left, ZERO) for left, _ in seen)
    constant = exact.divide(pivot[0], pivot[1])
    if exact.sign(constant) in (0, -1):
        return False
    return _all(equal(left * pivot[1], right * pivot[0]) for left, right in seen)


def _independent(world: World, statement: Independent, env: Env) -> bool | None:
    """p(a, b, c) p(c) = p(a, c) p(b, c) at every value, for the one law that is spoken of."""
    laws = list(world.mentions.laws)  # type: ignore[attr-defined]
    if statement.law is not None:
        laws = [world.law_key(statement.law, env)]
    if len(laws) != 1:
        raise NotExercised("an independence does not say under which law")
    groups = [[pair for item in group for pair in world.expand(item, env)]
              for group in (statement.left, statement.right, statement.given)]  # fmt: skip
    names = {key for group in groups for key, _ in group}
    if len(names) != sum(map(len, groups)):
        raise Undefined("a variable is independent of itself")
    left, right, given = ([key for key, _ in group] for group in groups)
    known: dict[Any, Any] = {}

    def mass(keys: tuple[Key, ...], at: dict[Key, Any]) -> Any:
        """The density of some variables, computed once for each of the values that stand for points."""
        place = (keys, tuple([id(at[key]) for key in keys]))
        if place not in known:
            known[place] = world.density(laws[0], [(key, at[key]) for key in keys], []) if keys else fmpq(1)
        return known[place]

    everything, here, there = (*left, *right, *given), (*left, *given), (*right, *given)
    seen = list(values_for(world, [pair for group in groups for pair in group], "independent", everywhere=True))
    unsure = False
    for at in seen:
        answer = equal(mass(everything, at) * mass(tuple(given), at), mass(here, at) * mass(there, at))
        if answer is False:
            return False
        unsure = unsure or answer is None
    return None if unsure or not seen else True


def _distributed(world: World, statement: Distributed, env: Env) -> bool | None:
    """x ~ N(μ, Σ) says that the density of x is that Gaussian."""
    if not isinstance(statement.density, (Normal, Density)):
        raise NotExercised("a law is named in words")
    if not isinstance(statement.variable, (Symbol, Variable)):
        return _gaussian_image(world, statement, env)
    own = Density(Law(""), [statement.variable])
    return equal(world.value(own, env), world.value(statement.density, env))


def _gaussian_image(world: World, statement: Distributed, env: Env) -> bool | None:
    """Whether an affine function of Gaussian variables has the law that is claimed: the same mean and covariance."""
    if not isinstance(world, GaussianWorld) or not isinstance(statement.density, Normal):
        raise NotExercised("the law of a function of variables")
    mean, covariance = world.image(free_keys(world, (statement.variable,)), statement.variable, env)
    claimed = statement.density
    return _all((equal(mean, world.value(claimed.mean, env)), equal(covariance, world.value(claimed.covariance, env))))
