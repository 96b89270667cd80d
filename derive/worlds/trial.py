"""Trying a statement in many worlds, and the world that refutes it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Any

import flint
from sympy import Add, Basic, Mul, Product, S, Sum, Symbol, Tuple, exp

from derive.terms import (
    SCALAR,
    Application,
    Chain,
    CountingMeasure,
    Density,
    Distributed,
    Entry,
    Equal,
    Expectation,
    GreaterEqual,
    Independent,
    Integral,
    Label,
    Law,
    LebesgueMeasure,
    Normal,
    PositiveSemidefinite,
    Proportional,
    Relation,
    Run,
    Statement,
    Variable,
    orders,
    sort_of,
)
from derive.terms.noise import meant_here, noise_of
from derive.worlds import exact
from derive.worlds.finite import FiniteWorld
from derive.worlds.flows import flows_by_construction
from derive.worlds.gaussian import GaussianWorld
from derive.worlds.givens import givens_of
from derive.worlds.meaning import ranged
from derive.worlds.measures import either_safe, lebesgue_safe
from derive.worlds.normalised import has_an_integral, is_normaliser
from derive.worlds.outcomes import NeverExercised, NotExercised, Undefined
from derive.worlds.parameters import Parameters, arguments_of
from derive.worlds.setting import Key, Setting, in_order, index_value, survey, unwrapped, walk
from derive.worlds.simplest import Simplest
from derive.worlds.structure import speaks_of_itself
from derive.worlds.truth import certain, free_keys, holds, points, values_for
from derive.worlds.world import World

NOWHERE = Setting()
KINDS = ("finite", "gaussian")
_ATTEMPTS = 5
_MOST_FREE = 3
_HOPELESS = 4
"""So many worlds in a row that cannot compute a statement, and none that can: the kind does not exercise it."""


@dataclass(frozen=True)
class Refutation:
    """A world in which a statement is false: its kind and seed, both sides' values, and what redoes the sum."""

    statement: Statement
    kind: str
    seed: str
    left: str
    right: str
    description: str

    def __str__(self) -> str:
        return self.description


@dataclass
class Trial:
    """How a statement fared: worlds of each kind that were tried, that held, that gave it no value, and why not.

    `satisfied` counts the worlds that meet all assumptions, whether or not the statement has a value there. The world
    that refutes, `refutation`, is made simple when somebody asks for it.
    """

    tried: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    undefined: Counter[str] = field(default_factory=Counter)
    satisfied: Counter[str] = field(default_factory=Counter)
    not_exercised: dict[str, Counter[str]] = field(default_factory=dict)
    restrictions: set[str] = field(default_factory=set)
    shown: Refutation | Callable[[], Refutation] | None = None

    @property
    def refuted(self) -> bool:
        """Whether some world makes the statement false."""
        return self.shown is not None

    @property
    def refutation(self) -> Refutation | None:
        """The world that makes the statement false, if one was met."""
        if callable(self.shown):
            self.shown = self.shown()
        return self.shown

    def __getstate__(self) -> dict[str, Any]:
        """What is carried to another process: the refutation itself."""
        return {**self.__dict__, "shown": self.refutation}

    @property
    def exercised(self) -> bool:
        """Whether some world gave both sides a value."""
        return bool(sum(self.tried.values()))


def build(kind: str, setting: Setting, statements: tuple[Basic, ...], seed: str, size: int, degree: int = 2,
          mixed: bool = True, preset: Mapping[Key, Any] | None = None) -> World:  # fmt: skip
    """The world of a kind for a seed. Raises `NotExercised` or `Undefined` where the setting cannot be met.

    Parameters in `preset` have these values; whether they are allowed is for `satisfied` to say.
    """
    parameters = Parameters(setting, statements, seed, size, kind)
    parameters.preset(preset or {})
    if kind == "finite":
        return FiniteWorld(parameters, statements)
    return GaussianWorld(parameters, statements, degree, mixed)


def worlds(
    setting: Setting, statement: Statement, *, seed: int | str = 0, count: int = 5, kinds: Sequence[str] = KINDS
) -> Iterator[World]:
    """Random worlds that satisfy a setting, small ones first; each kind gets `count`."""
    statements = (statement,)
    for kind in kinds:
        made = 0
        for number in range(count * _ATTEMPTS):
            if made >= count:
                break
            try:
                world = build(kind, setting, statements, f"{seed}/{kind}/{number}", size_of(number, count))
                if satisfied(world, setting):
                    made += 1
                    yield world
            except (NotExercised, Undefined, RecursionError):
                continue


def size_of(number: int, count: int) -> int:
    """How large the world of a number is: a fifth of them small, two fifths middling, two fifths large."""
    return 0 if number * 5 < count else 1 if number * 5 < 3 * count else 2


def satisfied(world: World, setting: Setting) -> bool:
    """Whether a world meets the assumptions that are not met by construction, for all indices and values."""
    for entry in getattr(world, "surplus", ()):
        if _met(world, entry.kernel, entry.env) is False:
            return False
    made = set(givens_of(world.setting).definitions)
    for statement in setting.assumptions:
        if isinstance(statement, Distributed) and not _as_drawn(world, statement):
            return False
        if isinstance(statement, Independent) and not _independent_as_built(world, statement):
            return False
        if isinstance(statement, (Independent, Distributed)) or is_normaliser(world, statement):
            continue
        if _about_indices(world, statement):
            fixed = all(symbol.name in world.indices for symbol in statement.free_symbols)
            if fixed and holds(world, statement) is False:
                return False
            continue
        plain = all(isinstance(getattr(part, "lhs", None), Symbol) for part in unwrapped(statement))
        if all(world.parameters.met_by_drawing(part) or (part in made and not plain) for part in unwrapped(statement)):
            continue
        if not _known_everywhere(world, statement):
            raise NotExercised("an assumption about a function is not known to hold wherever the function is used")
        here = meant_here(statement) and all(
            symbol.name in world.indices for symbol in statement.free_symbols if symbol in world.parameters.index_names
        )
        envs = [{}] if here else index_values(world, statement, {})
        answers = [_met(world, statement, env, setting) for env in envs]
        if False in answers:
            return False
        if answers and True not in answers and _of_known_laws(world, statement):
            raise NotExercised("an assumption has no value in this world")
    return all(_is_law(world, kernel) for kernel in givens_of(world.setting).kernels)


def _independent_as_built(world: World, statement: Independent) -> bool:
    """Whether an independence holds that the world's structure was to give it: several kernels of one variable may
    leave it no room. X_i ⊥ X_j is said of any two, not of one, and here of those that there are."""
    known = {key for variables in world.mentions.laws.values() for key in variables}  # type: ignore[attr-defined]
    try:
        for env in index_values(world, statement, {}):
            sides = ({key for item in side for key, _ in world.expand(item, env)}
                     for side in (statement.left, statement.right))  # fmt: skip
            left, right = sides
            if left & right or (known and not left | right <= known):
                continue
            if _met(world, statement, env) is False:
                return False
        return True
    except NotExercised:
        return True


def _as_drawn(world: World, statement: Distributed) -> bool:
    """Whether a noise in which a point is written has the law that it is drawn from, where the point's law makes it."""
    written = (noise_of(equation) for equation in givens_of(world.setting).particular)
    if not any(equation is not None and equation.lhs == statement.variable for equation in written):
        return True
    ((key, _),) = world.expand(statement.variable, {})
    known = world.mentions.laws  # type: ignore[attr-defined]
    laws = [law for law in known if key in known[law] and not law[1]]
    owns = [Equal(Density(Law(law[0]), [statement.variable]), statement.density) for law in laws]
    return not any(_met(world, own, env) is False for own in owns for env in index_values(world, own, {}))


def _known_everywhere(world: World, statement: Statement) -> bool:
    """Whether what is given of an unknown function at some arguments is looked at wherever that function is used.

    f(x + y) = f(x) + f(y) may be meant for all numbers: a table that has these values at one x and y says nothing of
    f(0). What was built into the function, or is said and used at one and the same arguments, is looked at.
    """
    for part in unwrapped(statement):
        if part in givens_of(world.setting).definitions:
            continue
        for name, tuples in arguments_of((part,), NOWHERE).items():
            heads = [head for head, _ in world.parameters.definitions_of(name) if isinstance(head, Application)]
            if any(not isinstance(item, Label) for head in heads for item in head.arguments):
                continue  # it is known everywhere
            used = world.parameters.arguments.get(name, tuples)
            built = any(world.parameters.function_bounds(name, len(arguments)) for arguments in tuples)
            values = {
                argument for arguments in used for argument in arguments if not world.parameters.labels(argument)
            }
            tried = all(getattr(argument, "name", "") in world.parameters.point_names for argument in values)
            if len({_measured_part(world, arguments) for arguments in used}) > 1 and not (
                built or (tried and isinstance(world, FiniteWorld)) or _shape(world, name) not in ("", "stationary")
            ):
                return False
    return True


def _shape(world: World, name: str) -> str:
    shape = world.parameters.hints.shapes.get(name)
    return "" if shape is None else shape.kind


def _measured_part(world: World, arguments: tuple[Basic, ...]) -> tuple[Basic, ...]:
    return tuple(argument for argument in arguments if not world.parameters.labels(argument))


def _is_law(world: World, kernel: Equal) -> bool:
    """Whether a density given by a formula is one in this world: not negative, and with integral one."""
    if not isinstance(kernel.lhs, Density):
        return True
    if isinstance(kernel.rhs, Normal):
        return _has_variance(world, kernel)
    if speaks_of_itself(world, kernel):
        return _agrees(world, kernel)
    if has_an_integral(world, kernel):
        return True
    whole = Equal(Integral(kernel.lhs, *(Tuple(pair[1]) for pair in kernel.lhs.targets)), S.One)
    for env in index_values(world, kernel, {}):
        if not _never_negative(world, kernel.rhs, env) and _met(world, GreaterEqual(kernel.rhs, S.Zero), env) is False:
            return False
        try:
            if _met(world, whole, env) is False:
                return False
        except NotExercised:
            if not all(isinstance(part, _OF_LAWS) for part in Mul.make_args(kernel.rhs)):
                raise
    return True


def _has_variance(world: World, kernel: Equal) -> bool:
    """Whether a Gaussian that is given has a covariance, at some index at least: of N(x; 0, −1) there is no world."""
    answers = []
    for env in index_values(world, kernel, {}):
        try:
            answers.append(holds(world, PositiveSemidefinite(kernel.rhs.covariance), env))
        except NotExercised:
            return True
    return False not in answers or True in answers


def _agrees(world: World, kernel: Equal) -> bool:
    """Whether densities of one law, of which one is given by the others, have these values at every point."""
    answers = [
        holds(world, kernel, {**env, **values})
        for env in index_values(world, kernel, {}) for values in points(world, (kernel,), "assumption")
    ]  # fmt: skip
    if False not in answers and True not in answers:
        raise NotExercised("a density that is given by others of its law has no value in this world")
    return False not in answers


_OF_LAWS = (Density, Normal, Integral, Expectation, Product)


def _never_negative(world: World, term: Any, env: dict[Any, Any]) -> bool:
    """Whether a formula is a sum of products of densities, exponentials and numbers that are not negative here."""
    if isinstance(term, exp):
        return True
    laws = any(isinstance(node, (*_OF_LAWS, exp)) for node in walk(term))
    if laws and isinstance(term, (Add, Mul)):
        return all(_never_negative(world, part, env) for part in term.args)
    if isinstance(term, Sum) and len(term.limits) == 1:
        try:
            return all(_never_negative(world, term.function, inner) for inner in ranged(world, term, env))
        except NotExercised:
            return False
    if isinstance(term, _OF_LAWS):
        return True
    if sort_of(term) == SCALAR and not world.parameters.mentions_points(term):
        try:
            return exact.sign(world.value(term, env)) in (0, 1)
        except (NotExercised, Undefined):
            return False
    return False


def _of_known_laws(world: World, statement: Statement) -> bool:
    """Whether an assumption restricts laws that this world has."""
    named = {node.law for node in walk(statement) if isinstance(node, Density) and not node.law.indices}
    mentioned = getattr(world, "mentions", None)
    return mentioned is not None and any(world.law_key(law, {}) in mentioned.laws for law in named)


def _beyond(world: World, setting: Setting, env: dict[Any, Any]) -> bool:
    """Whether some index has a value that the assumptions exclude: there a line need not make sense."""
    given = set(env)
    return any(names <= given and holds(world, part, env) is False for part, names in _ranged_by(setting.assumptions))


@lru_cache(maxsize=256)
def _ranged_by(assumptions: tuple[Statement, ...]) -> tuple[tuple[Relation, frozenset[str]], ...]:
    """The relations among assumptions, with the names that they speak of."""
    parts = [part for statement in assumptions for part in unwrapped(statement)]
    found = [(part, frozenset(map(str, part.free_symbols))) for part in parts if isinstance(part, Relation)]
    return tuple((part, names) for part, names in found if names)


def _met(world: World, statement: Statement, env: dict[Any, Any], setting: Setting | None = None) -> bool | None:
    """Whether an assumption holds at every point at which it has a value; None where it has none anywhere."""
    seen: bool | None = None
    try:
        for values in points(world, (statement,), "assumption"):
            answer = holds(world, statement, {**env, **values})
            senseless = env and (_ranges(statement) or (setting is not None and _beyond(world, setting, env)))
            if answer is False or (answer is None and not values and not senseless):
                return False
            seen = seen or answer
            if values:
                certain(world, statement)
    except NotExercised:
        return _by_construction(world, statement)
    return seen


def _ranges(statement: Statement) -> bool:
    """Whether a statement may make no sense at some indices: it has sums or laws over ranges of them, or entries."""
    return any(isinstance(node, (Sum, Product, Run, Density, Entry)) for node in walk(statement))


def _by_construction(world: World, statement: Statement) -> bool:
    """Whether an assumption that cannot be computed was made true: a definition, a density by formula, a coupling."""
    givens = givens_of(world.setting)
    parts_of = unwrapped(statement)
    made = {*givens.kernels, *givens.definitions}
    solved = {solution.equation: solution.scale for solution in givens.solved}
    if all(
        part in made or (part in solved and world.value(solved[part]) != 0)
        or (world.kind == "gaussian" and flows_by_construction(part, world.setting))
        for part in parts_of
    ):  # fmt: skip
        return True
    raise NotExercised("an assumption cannot be checked in this kind of world")


def _about_indices(world: World, statement: Statement) -> bool:
    return orders(statement, world.parameters.index_names | world.parameters.dimensions)


@lru_cache(maxsize=1024)
def counts_of(statement: Statement) -> frozenset[Any]:
    """The names of an equation that are limits of its sums and products and no index or argument of anything."""
    if not isinstance(statement, Equal):
        return frozenset()
    limits, used = set[Any](), set[Any]()
    for node in walk(statement):
        if isinstance(node, (Sum, Product)):
            limits.update(*(part.free_symbols for limit in node.limits for part in limit[1:]))
        elif isinstance(node, (Variable, Law, Application)):
            used.update(*(index.free_symbols for index in node.indices))
            if isinstance(node, Application):
                used.update(*(argument.free_symbols for argument in node.arguments))
        elif isinstance(node, Run):
            used |= node.lower.free_symbols | node.upper.free_symbols
    return frozenset(limits - used)


def index_values(world: World, statement: Statement, fixed: dict[str, Any]) -> Iterator[dict[Any, Any]]:
    """Small numbers for the free indices of a statement that holds for all of them: bare subscripts count from 1.

    A number of terms, the n of Σ_{i=1}^n x_i = n μ, is one number in a world and no index.
    """
    counts = counts_of(statement)
    free = [
        s for s in statement.free_symbols
        if s in world.parameters.index_names and s.name not in fixed and not (s in counts and s.name in world.indices)
    ]  # fmt: skip
    if not free:
        yield {}
        return
    largest = max([1, *(n for n in world.indices.values() if isinstance(n, int))])
    if len(free) > _MOST_FREE:
        raise NotExercised("an assumption has too many free indices")
    subscripts = survey(statement).subscripts
    numbered: Iterable[int] = range(largest + 2)
    if len(free) > 1 and world.parameters.only is not None:
        alone = {index_value(index, world.indices) for index in world.parameters.only}
        numbered = sorted(number for number in alone if isinstance(number, int))
    for numbers in itertools.product(numbered, repeat=len(free)):
        env = {symbol.name: number for symbol, number in zip(free, numbers, strict=True)}
        scope = {**world.indices, **env}
        if not in_order(world.setting, env):
            continue
        values = [(index in free, index_value(index, scope)) for index in subscripts]
        if all(not isinstance(value, int) or value >= int(bare) for bare, value in values):
            yield env


def try_statement(
    statement: Statement, setting: Setting | None = None, *, seed: int | str = 0, count: int = 5,
    kinds: Sequence[str] = KINDS, conditions: Iterable[Statement] = (),
) -> Trial:  # fmt: skip
    """Try a statement in `count` worlds of each kind that can give both sides a value; stop at the first refutation.

    The setting's assumptions hold in each world for all values. `conditions` are asked for at the point where the
    statement is tried only; what they say of indices, parameters and independence is met by construction.
    """
    setting = setting or Setting()
    asked = tuple(conditions)
    setting_with = replace(setting, conditions=asked)
    trial = Trial()
    for kind in kinds:
        reasons: Counter[str] = Counter()
        reason = kept_out(kind, statement, setting, asked)
        if reason is not None:
            reasons[reason] += 1
        else:
            _try_kind(statement, setting, setting_with, asked, kind, seed, count, trial, reasons)
        if reasons and not trial.tried[kind]:
            trial.not_exercised[kind] = reasons
        if trial.refuted:
            break
    return trial


def kept_out(kind: str, statement: Statement, setting: Setting, asked: tuple[Statement, ...]) -> str | None:
    """Why worlds of a kind say nothing of a statement, whatever world it is."""
    if kind == "finite":
        if any(isinstance(condition, LebesgueMeasure) for condition in asked):
            return "values are measured here"
        if setting.measure == "lebesgue" and not lebesgue_safe(statement):
            return "values of measured variables enter by more than densities and unknown functions"
        coupled = _coupled(replace(setting, conditions=asked))
        if setting.measure == "both" and not either_safe(statement, coupled):
            return "what is said differs between values that are counted and values that are measured"
    elif setting.measure == "counting" or any(isinstance(condition, CountingMeasure) for condition in asked):
        return "values are counted here"
    return None


def _coupled(setting: Setting) -> frozenset[str]:
    """The names of variables that are functions of others."""
    givens = givens_of(setting)
    points = [equation.lhs for equation in givens.particular]
    noises = [turned.lhs for equation in givens.particular if (turned := noise_of(equation)) is not None]
    heads = (*(c.head for c in givens.couplings), *points, *noises)
    return frozenset(str(getattr(head, "name", "")) for head in heads)


def variants_of(kind: str, *statements: Statement) -> list[tuple[int, bool]]:
    """The degree of unknown functions, and whether there are mixtures, of the worlds of a kind; the richest first."""
    variants = [(2, True)]
    if kind == "gaussian":
        variants += [(2, False), (1, False)]
        if any(isinstance(node, Application) for statement in statements for node in walk(statement)):
            variants.append((0, False))
    return variants


def restriction_of(degree: int) -> str:
    """What is said of worlds whose unknown functions are of a low degree."""
    return f"unknown functions are {'affine' if degree else 'constant'} here"


def _try_kind(
    statement: Statement, setting: Setting, setting_with: Setting, conditions: tuple[Statement, ...], kind: str,
    seed: int | str, count: int, trial: Trial, reasons: Counter[str],
) -> None:  # fmt: skip
    variants = variants_of(kind, statement)
    failures = 0
    for number in range(count * _ATTEMPTS):
        if trial.tried[kind] >= count or failures >= (3 * count + 6 if trial.tried[kind] else _HOPELESS):
            return
        size = size_of(number, count)
        answer: bool | None = None
        for degree, mixed in variants:
            try:
                world = build(
                    kind, setting_with, (statement, *conditions), f"{seed}/{kind}/{number}", size, degree, mixed
                )
                if not satisfied(world, setting):
                    break
                trial.satisfied[kind] += 1
                answer = decide(world, statement, conditions)
            except NeverExercised as reason:
                reasons[str(reason)] += 1
                return
            except NotExercised as reason:
                reasons[str(reason)] += 1
                continue
            except RecursionError:
                reasons["what is given runs in a circle"] += 1
                continue
            except Undefined:
                break
            if degree < 2 and answer is not None:
                trial.restrictions.add(restriction_of(degree))
            trial.restrictions |= world.restrictions
            if answer is False:
                again = partial(
                    _satisfying, setting, setting_with, (statement, *conditions), kind, f"{seed}/{kind}/{number}", size
                )
                trial.shown = partial(_simplest, world, statement, Simplest(statement, conditions, again, degree))
            break
        else:
            failures += 1
        if answer is None:
            trial.undefined[kind] += 1
            continue
        trial.tried[kind] += 1
        if not answer:
            return
        trial.held[kind] += 1


def _simplest(world: World, statement: Statement, simplest: Simplest) -> Refutation:
    """The refutation by the simplest world that is found from one that refutes at its point."""
    with flint.ctx.workprec(exact.PRECISION):
        return refute(simplest(world), statement)


def _satisfying(
    setting: Setting, setting_with: Setting, statements: tuple[Statement, ...], kind: str, seed: str, size: int,
    degree: int, preset: Mapping[Key, Any],
) -> World:  # fmt: skip
    """A world with some parameters as they are said to be. Raises `Undefined` where it breaks an assumption."""
    world = build(kind, setting_with, statements, seed, size, degree, False, preset)
    if not satisfied(world, setting):
        raise Undefined("what is assumed does not hold")
    return world


def decide(world: World, statement: Statement, conditions: Iterable[Statement] = ()) -> bool | None:
    """Whether a statement holds at the points of a world where its conditions do; the world stays at one where not."""
    conditions = tuple(c for c in conditions if not isinstance(c, Independent))
    seen: bool | None = None
    free = free_keys(world, (statement,))
    with flint.ctx.workprec(exact.PRECISION):
        samples = 1 if isinstance(statement, (Equal, Proportional)) else 3
        for values in values_for(world, free, "statement", samples):
            world.point = values
            if not all(condition_holds(world, condition) for condition in conditions):
                continue
            answer = holds(world, statement)
            if answer is False:
                return False
            if answer:
                seen = True
    return seen


def condition_holds(world: World, condition: Statement) -> bool:
    """Whether a condition holds for all values of the indices and variables that the statement leaves open.

    Where an index has no value it makes no sense of the condition, and is passed over; a variable has to give one.
    """
    if _about_indices(world, condition) and all(s.name in world.indices for s in condition.free_symbols):
        return True
    for env in index_values(world, condition, world.indices):
        rest = [(key, sort) for key, sort in free_keys(world, (condition,), env) if key not in world.point]
        for values in values_for(world, rest, "condition", everywhere=True):
            answer = holds(world, condition, {**env, **values})
            if answer is False or (answer is None and not env):
                return False
            if rest:
                certain(world, condition)
    return True


def refute(world: World, statement: Statement) -> Refutation:
    """The refutation by a world's present point."""
    from derive.worlds.description import describe

    world.forget()
    failing = statement
    if isinstance(statement, Chain):
        failing = next(link for link in statement.links if holds(world, link) is False)
    left = right = ""
    if isinstance(failing, Relation):
        left, right = (_shown(world, side) for side in (failing.lhs, failing.rhs))
        if isinstance(failing, Proportional):
            left, right = f"{left} (here)", f"{right} (here)"
    return Refutation(failing, world.kind, world.seed, left, right, describe(world, failing))


def _shown(world: World, term: Basic) -> str:
    try:
        return exact.show(world.value(term))
    except (Undefined, NotExercised) as reason:
        return f"no value ({reason})"

