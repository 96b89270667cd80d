"""A world: a number for every term, by the definition of its node and nothing else.

`World` evaluates what is common to all worlds: arithmetic, sums and products over an index, vectors and matrices,
definitions, unknown functions, derivatives. What a law is, and therefore a density, an expectation, an integral, a
divergence, is said by its kinds, `FiniteWorld` and `GaussianWorld`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, ClassVar

from flint import fmpq
from sympy import Basic, Product, Sum, Symbol, log

from derive.clock import tick
from derive.terms import (
    FAMILIES,
    KL,
    SCALAR,
    Application,
    CrossEntropy,
    Density,
    Entropy,
    Expectation,
    Integral,
    Law,
    Normal,
    Run,
    Sort,
    Variable,
)
from derive.terms.binding import binding, free_variables
from derive.worlds.exact import ONE, ZERO
from derive.worlds.flows import flows_of
from derive.worlds.functions import Dual
from derive.worlds.givens import bare_names, givens_of, renamings
from derive.worlds.linear import Matrix, Vector, zero_vector
from derive.worlds.meaning import Env, meaning_of
from derive.worlds.outcomes import NeverExercised, NotExercised, Undefined
from derive.worlds.parameters import Parameters
from derive.worlds.setting import Key, key_of, kind_of, number_of, run_keys, sort_at, walk
from derive.worlds.unknowns import Shape, flattened, shape_text, shaped
from derive.worlds.varying import TIMES, Moves, differences, parameter_of

NOTHING: Env = {}
_DEEPEST = 60


_REMEMBERED = (log, Sum, Product, Density, Expectation, Integral, KL, CrossEntropy, Entropy)


class World:
    """Values for terms. `value` raises `Undefined` or `NotExercised`; `point` holds the values of free variables."""

    kind: ClassVar[str] = ""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self.setting = parameters.setting
        self.seed = parameters.seed
        self.indices: dict[str, Any] = parameters.indices
        self.point: dict[Key, Any] = {}
        self.sets: dict[Key, list[tuple[Key, Sort]]] = {}
        self.aliases: dict[Key, Key] = {}
        self.restrictions: set[str] = set()
        self.renamed: dict[Key, Key] = {}
        for head, name in renamings(self.setting):
            self.renamed[key_of(head, self.indices)] = key_of(name, self.indices)
        self.used: dict[Key, Any] = {}
        self.sorts: dict[Key, Sort] = {}
        self.shaped: dict[tuple[Key, tuple[str, ...]], tuple[Shape, int, Any]] = {}
        self._bounding: set[Key] = set()
        self._known: dict[Key, Any] = {}
        self.memory: dict[Any, Any] | None = None
        self.level = 0
        self.moves: Moves = {}
        self._depth = 0
        parameters.evaluate = self.value
        for law, twin in givens_of(self.setting).twins:
            self.aliases[key_of(twin, self.indices)] = key_of(law, self.indices)
        for law, bare in bare_names(self.setting):
            self.aliases[key_of(bare, self.indices)] = key_of(law, self.indices)

    # ---- entry ----------------------------------------------------------------------------------------------------

    def forget(self) -> None:
        """Compute everything anew, so that what is used is noted."""
        self.used.clear()
        self._known.clear()
        if self.memory is not None:
            self.memory.clear()

    def value(self, term: Basic, env: Env = NOTHING) -> Any:
        """The value of a term: a number, a vector, a matrix, or a function of what is bound around it."""
        key = None if self.memory is None else self._remembered_as(term, env)
        if key is not None and key in self.memory:  # type: ignore[operator]
            return self.memory[key]  # type: ignore[index]
        tick()
        try:
            found = meaning_of(term.__class__)(self, term, env)
        except ZeroDivisionError:
            raise Undefined("division by zero") from None
        if key is not None:
            self.memory[key] = found  # type: ignore[index]
        return found

    def remembering(self) -> None:
        """Begin anew to remember the values of terms, for as long as `point` stays as it is."""
        self.memory = {}

    def _remembered_as(self, term: Basic, env: Env) -> Any:
        """A term with the values of all that is bound around it; None where its value is not remembered."""
        if not isinstance(term, _REMEMBERED) or self.level:
            return None
        if not env:
            return term, ()
        return (term, tuple(env.items())) if self.kind == "finite" else None

    def number(self, term: Basic, env: Env = NOTHING) -> Any:
        """The value of a term that is a scalar."""
        value = self.value(term, env)
        if isinstance(value, (Vector, Matrix)):
            raise NotExercised("a vector or matrix stands where a number was expected")
        return value

    # ---- names ----------------------------------------------------------------------------------------------------

    def scope(self, env: Env) -> Any:
        """The values of index symbols here: those of the world, and what is bound by sums."""
        return {**self.indices, **env} if env else self.indices

    def key(self, item: Basic, env: Env) -> Key:
        """The key of a variable, function or parameter, its indices evaluated."""
        return key_of(item, self.scope(env))

    def law_key(self, law: Law, env: Env) -> Key:
        """The key of a law; the unnamed law is the one law that the statement names, where there is just one."""
        if law.name in FAMILIES:
            raise NeverExercised(f"the law {law.name} has a meaning of its own that is not computed")
        key = key_of(law, self.scope(env))
        known = self.aliases.get(key, key)
        if self.moves and (parameter := parameter_of(key, self.moves)) is not None:
            if known != key or self.moves[parameter] is None:
                raise NotExercised("the derivative of a law in its parameter, at another value of that")
            self.may_vary(key)
        return known

    def expand(self, item: Basic, env: Env) -> list[tuple[Key, Sort]]:
        """The single variables that a variable, a run or a set of variables stands for."""
        if isinstance(item, Run):
            return [(key, item.element_sort) for key in run_keys(item, self.scope(env))]
        sort = sort_at(item)
        key = self.key(item, env)
        if kind_of(sort) == "variables":
            return self.members(key)
        return [(self.renamed.get(key, key) if self.renamed else key, sort)]

    def members(self, key: Key) -> list[tuple[Key, Sort]]:
        """The variables of a set."""
        if key not in self.sets:
            size = self.parameters.rng("set", key).choice(self.parameters.set_sizes)
            self.sets[key] = [((f"{key[0]}{place + 1}" if size > 1 else key[0], key[1]), SCALAR)
                              for place in range(size)]  # fmt: skip
        return self.sets[key]

    def pairs(self, items: Iterable[Any], env: Env) -> list[tuple[Key, Any]]:
        """The variables of a density with the values at which they are taken."""
        result: list[tuple[Key, Any]] = []
        for variable, point in items:
            keys = self.expand(variable, env)
            if variable == point:
                result.extend((key, self.lookup(key, sort, env)) for key, sort in keys)
            elif isinstance(point, Run) or (isinstance(point, Variable) and kind_of(point.sort) == "variables"):
                points = self.expand(point, env)
                if len(points) != len(keys):
                    raise Undefined("a run of variables is taken at a run of another length")
                result.extend(
                    (key, self.lookup(at, sort, env)) for (key, _), (at, sort) in zip(keys, points, strict=True)
                )
            elif len(keys) == 1:
                result.append((keys[0][0], self.shaped_like(keys[0][1], self.value(point, env))))
            else:
                raise NotExercised("one value stands for a whole set of variables")
        return result

    def shaped_like(self, sort: Sort, value: Any) -> Any:
        """The value, where zero stands for a vector as that vector."""
        if kind_of(sort) == "vector" and isinstance(value, fmpq) and value == 0:
            return zero_vector(number_of(sort.shape[0], self.indices))
        return value

    def lookup(self, key: Key, sort: Sort, env: Env) -> Any:
        """The value of a variable or parameter: bound, defined, a point of the world, or a parameter of it."""
        if key in env:
            return env[key]
        if key in self._known and not self.level:
            return self._known[key]
        defined = self.defined(key, env)
        if defined is not None:
            return defined
        self.must_not_vary(key, env)
        if key in self.point:
            value = self.used[key] = self.point[key]
            return value
        if kind_of(sort) == "variables":
            raise NotExercised("a set of variables stands where a value was expected")
        value = self.named(key, env)
        if value is None:
            value = self.free_value(key, sort)
        self.used[key] = value
        return value

    def must_not_vary(self, key: Key, env: Env) -> None:
        """Raise `NotExercised` for the member x_t of a family that nothing defines, where t is bound as a number is."""
        if any(isinstance(index, str) and (index, ()) in env for index in key[1]):
            raise NotExercised(f"{key[0]} may depend on its subscript in any way")

    def named(self, key: Key, env: Env, arguments: Sequence[Any] | None = None) -> Any:
        """The value of a quantity that a law determines under a name, or None."""
        return None

    def free_value(self, key: Key, sort: Sort) -> Any:
        """The value of a parameter, or of a variable that no law generates."""
        return self.parameters.value(key, sort)

    def defined(self, key: Key, env: Env) -> Any:
        """The value that a definition gives to a name, or None where none does."""
        found = self.parameters.definition(key)
        if found is None:
            return None
        body, indices = found
        inner: Env = {name: value for name, value in env.items() if isinstance(name, tuple)}
        plain = not inner
        inner.update(indices)
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotExercised("a definition runs in a circle or too deep")
        try:
            value = self.value(body, inner)
        finally:
            self._depth -= 1
        if plain and not self.parameters.mentions_points(body):
            self._known[key] = value
            self.used[key] = value
        return value

    def law_variables(self, law: Key) -> dict[Key, Sort]:
        """The variables that statements mention of a law."""
        return {}

    # ---- what kinds of worlds say ----------------------------------------------------------------------------------

    def density(self, law: Key, targets: list[tuple[Key, Any]], givens: list[tuple[Key, Any]]) -> Any:
        """The conditional density or mass of a law's variables at values."""
        raise NotExercised("this world has no laws")

    def bound_density(self, term: Density, env: Env) -> Any:
        """The value of a density node."""
        targets, givens = self.pairs(term.targets, env), self.pairs(term.givens, env)
        targets, givens, outcome = self.consistent(targets, givens)
        if outcome is not None:
            return outcome
        return self.density(self.law_key(term.law, env), targets, givens) if targets else ONE

    def consistent(
        self, targets: list[tuple[Key, Any]], givens: list[tuple[Key, Any]]
    ) -> tuple[list[tuple[Key, Any]], list[tuple[Key, Any]], Any]:
        """A variable that stands twice has no density; where values are counted it must take one value only."""
        keys = [key for key, _ in (*targets, *givens)]
        if len(set(keys)) == len(keys):
            return targets, givens, None
        if self.setting.measure != "counting" or self.kind == "gaussian":
            raise Undefined("a variable stands twice in a density")
        known: dict[Key, Any] = {}
        for key, value in givens:
            if key in known and known[key] != value:
                raise Undefined("what is given contradicts itself")
            known[key] = value
        given = list(known.items())
        wanted: dict[Key, Any] = {}
        for key, value in targets:
            if (key in known and known[key] != value) or (key in wanted and wanted[key] != value):
                return [], given, ZERO
            if key not in known:
                wanted[key] = value
        return list(wanted.items()), given, None

    def integrate(self, bound: list[tuple[Key, Sort]], body: Callable[[Env], Any], env: Env) -> Any:
        """∫ body over all values of the bound variables."""
        raise NotExercised("this world has no integral")

    def integrate_between(self, key: Key, lower: Any, upper: Any, body: Callable[[Env], Any], env: Env) -> Any:
        """∫ from lower to upper."""
        raise NotExercised("an integral between limits is not computed by this kind of world")

    def expect(
        self, law: Key, bound: list[tuple[Key, Key, Sort]], givens: list[tuple[Key, Any]],
        body: Callable[[Env], Any], env: Env,
    ) -> Any:  # fmt: skip
        """E of the body; `bound` pairs the law's variables with the names under which the body knows them."""
        raise NotExercised("this world has no laws")

    def expect_normal(
        self, key: Key, sort: Sort, mean: Any, covariance: Any, body: Callable[[Env], Any], env: Env
    ) -> Any:
        """E of the body over a Gaussian."""
        raise NeverExercised("a Gaussian expectation is not computed by this kind of world")

    def divergence(self, p: Callable[[Env], Any], q: Callable[[Env], Any] | None, bound: list[tuple[Key, Sort]],
                   env: Env, relative: bool) -> Any:  # fmt: skip
        """∫ p log(p/q) where relative, −∫ p log q otherwise (q is p where None)."""
        raise NotExercised("this world has no divergences")

    def probability(self, law: Key, event: Basic, given: Basic | None, env: Env) -> Any:
        """The probability of an event."""
        raise NeverExercised("events are exercised in finite worlds")

    def allow_normal(self, term: Normal, env: Env) -> None:
        """Raise `NotExercised` where a Gaussian density makes no sense at this point in this kind of world."""

    # ---- unknown functions -----------------------------------------------------------------------------------------

    def unknown(self, key: Key, term: Application, arguments: list[Any]) -> Any:
        """The value of an unknown function: of the shape and within the bounds that are assumed."""
        determined = self.named(key, {}, arguments)
        if determined is not None:
            return determined
        labels, points = self.split(term, arguments)
        shape = self.parameters.hints.shapes.get(key[0])
        if shape is not None and kind_of(term.sort) == "scalar" and self.shapes_itself(shape):
            peak = None if shape.peak is None else self.value(shape.peak)
            self.shaped.setdefault((key, labels), (shape, len(points), peak))
            return shaped(shape, points, peak, self.parameters.rng("shape", key, labels))
        low, high = self._interval(key, term, arguments)
        if low is not None or high is not None:
            return self.bounded_function(key, labels, points, low, high)
        return self.function(key, term.sort, labels, points)

    def shapes_itself(self, shape: Shape) -> bool:
        """Whether functions of a shape have to be built so in this kind of world."""
        return shape.kind not in ("decaying", "exponential")

    def function(self, key: Key, sort: Sort, labels: tuple[str, ...], points: list[Any]) -> Any:
        """The value of an unknown function without bounds."""
        raise NotExercised("this world has no functions")

    def bounded_function(self, key: Key, labels: tuple[str, ...], points: list[Any], low: Any, high: Any) -> Any:
        """The value of an unknown function between bounds; None where there is none."""
        raise NotExercised("this world has no functions")

    def split(self, term: Application, arguments: list[Any]) -> tuple[tuple[str, ...], list[Any]]:
        """The arguments that are indices, as labels, and the coordinates of the others."""
        if len(term.arguments) != len(arguments):
            return (), flattened(arguments)
        labels, points = [], []
        for place, (argument, value) in enumerate(zip(term.arguments, arguments, strict=True)):
            if self.parameters.labels(argument) and (term.name, place) not in self.parameters.measured:
                labels.append(str(value))
            else:
                points.append(value)
        return tuple(labels), flattened(points)

    def _interval(self, key: Key, term: Application, arguments: list[Any]) -> tuple[Any, Any]:
        """The bounds assumed of a function at its arguments, those that run in a circle left out."""
        low: Any = None
        high: Any = None
        if key in self._bounding:
            return low, high
        self._bounding.add(key)
        try:
            for head, _, other, upper, *_ in self.parameters.function_bounds(key[0], len(term.arguments)):
                env = self._argument_values(head, arguments)
                if env is None:
                    continue
                try:
                    bound = self.value(other, env)
                except (NotExercised, Undefined):
                    continue
                low, high = (low, bound) if upper else (bound, high)
        finally:
            self._bounding.discard(key)
        return low, high

    def _argument_values(self, head: Application, arguments: list[Any], known: Env = NOTHING) -> Env | None:
        rest = list(arguments)
        env: Env = dict(known)
        for argument in head.arguments:
            if isinstance(argument, Symbol) and argument in self.parameters.index_names:
                value = rest.pop(0)
                env[argument.name] = int(value.p) if isinstance(value, fmpq) else value
                continue
            if not isinstance(argument, (Symbol, Variable, Run)):
                return None
            for at, _ in self.expand(argument, env):
                env[at] = rest.pop(0)
        return env

    def describe_functions(self) -> list[tuple[tuple[Key, str], str]]:
        """The unknown functions as they were used: name and arguments, and the value or formula."""
        return [
            ((key, ", ".join([*(f"u{place + 1}" for place in range(count)), *labels])),
             shape_text(shape, count, peak, self.parameters.rng("shape", key, labels)))
            for (key, labels), (shape, count, peak) in self.shaped.items()
        ]  # fmt: skip

    # ---- binders --------------------------------------------------------------------------------------------------

    def bind(self, term: Basic, items: Iterable[Basic], env: Env) -> list[tuple[Key, Sort]]:
        """The keys that a binder binds. Undefined where two coincide, or one is another variable free in the body."""
        keys = [pair for item in items for pair in self.expand(item, env)]
        names = {key for key, _ in keys}
        if len(names) != len(keys):
            raise Undefined("two bound variables are one variable at these indices")
        for suspect in _suspects(term):
            if self.key(suspect, env) in names:
                raise Undefined("a bound variable is a free variable of the body at these indices")
        return keys

    def expectation(self, bodies: Sequence[Basic], term: Any, env: Env) -> Callable[[Callable[[Env], Any]], Any]:
        """What computes the expectation of a function of the bound variables, under the measure of `term`."""
        measure = term.measure
        if isinstance(measure, Normal):
            ((key, sort),) = self.bind(term, (measure.point,), env)
            mean, covariance = self.value(measure.mean, env), self.value(measure.covariance, env)
            return lambda body: self.expect_normal(key, sort, mean, covariance, body, env)
        points = self.bind(term, measure.points, env)
        variables = [pair for item in measure.variables for pair in self.expand(item, env)]
        if len(variables) != len(points):
            raise Undefined("a run of variables is taken at a run of another length")
        bound = [(variable, point, sort) for (variable, sort), (point, _) in zip(variables, points, strict=True)]
        givens = self.pairs(measure.givens, env)
        if len({key for key, _, _ in bound} | {key for key, _ in givens}) != len(bound) + len(givens):
            raise Undefined("a variable stands twice in a density")
        law = self.law_key(measure.law, env)
        inside = {**env, **dict(givens)} if self.parameters.defines(key for key, _ in givens) else env
        return lambda body: self.expect(law, bound, givens, body, inside)

    def gradient(self, term: Any, env: Env) -> tuple[Any, Sort]:
        """The body at a point with its slopes along every coordinate of the variable."""
        (key, sort), = self.bind(term, (term.variable,), env)
        point = self.value(term.point, env)
        self.level += 1
        level, moves = self.level, self.moves
        try:
            at: Any
            if isinstance(point, Vector):
                size = len(point.entries)
                at = Vector(
                    Dual(entry, tuple(ONE if i == place else ZERO for i in range(size)), level)
                    for place, entry in enumerate(point.entries)
                )
            elif isinstance(point, Matrix):
                rows, columns = point.shape
                at = Matrix(
                    [
                        Dual(point.rows[i][j], tuple(ONE if k == i * columns + j else ZERO
                                                     for k in range(rows * columns)), level)
                        for j in range(columns)
                    ]
                    for i in range(rows)
                )  # fmt: skip
            else:
                at = Dual(point, (ONE,), level)
            self._move(term, flattened([point]), level)
            return self.value(term.body, {**env, key: at}), sort
        finally:
            self.level -= 1
            self.moves = moves

    def _move(self, term: Any, point: list[Any], level: int) -> None:
        """Let the laws that have what is differentiated in for a parameter vary with it."""
        name, variable = str(term.variable.name), term.variable
        laws = [node for node in walk(term.body) if isinstance(node, Law) and variable in node.indices]
        counted = variable in self.parameters.index_names or name in TIMES
        flowing = name not in self.moves and all(law in flows_of(self.setting) for law in laws)
        counted = counted and not (flowing and variable not in self.parameters.index_names)
        if any(counted or name not in key_of(law, self.indices)[1] for law in laws):
            raise NotExercised("the derivative of a law in its index: a world has the law at one index only")
        if isinstance(variable, Variable) and variable.indices:
            return
        here = term.point == variable
        self.moves = {**self.moves, name: differences(point, level, self.moves.get(name)) if here else None}

    def may_vary(self, law: Key) -> None:
        """Raise `NotExercised` where a law is no family in its parameters."""
        raise NotExercised("the derivative of a law in its parameter is not computed in this kind of world")

    def slopes(self, value: Any, count: int, level: int) -> tuple[Any, ...]:
        """The slopes of a value at a level; zero where it does not depend on the variable."""
        if isinstance(value, Dual) and value.level == level:
            return value.slopes
        return (ZERO,) * count


@lru_cache(maxsize=20_000)
def _suspects(term: Basic) -> tuple[Basic, ...]:
    """Indexed variables free in a binder's body that bear the name of a bound one, under another index."""
    found = binding(term)
    if found is None:
        return ()
    names = {point.name for point in found.bound if isinstance(point, Variable) and point.indices}
    if not names:
        return ()
    free = frozenset().union(*(free_variables(part) for part in found.inside))
    return tuple(
        item for item in free
        if isinstance(item, Variable) and item.name in names and item not in found.bound
    )  # fmt: skip
