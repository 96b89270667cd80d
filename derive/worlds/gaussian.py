"""Gaussian worlds: each law a random linear-Gaussian model with the structure that is declared, its roots mixtures.

Every factor generates its targets as an affine map of its givens plus Gaussian noise: by the declared kernel, or at
random. The joint law is then a mixture of Gaussians known exactly; marginals and conditionals are linear algebra, and
expectations and integrals are those of polynomials times exponentials of quadratics. A kernel whose mean is no affine
function has no Gaussian joint; densities and expectations along its own factors are still exact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import Any, ClassVar

from flint import fmpq
from sympy import Basic

from derive.terms import Normal, Sort, sort_of
from derive.worlds import exact, integration, linear
from derive.worlds.exact import ONE, ZERO
from derive.worlds.functions import ExpPolynomial, primal
from derive.worlds.joint import Component, Joint
from derive.worlds.linear import Matrix, Vector
from derive.worlds.meaning import Env, gaussian_density
from derive.worlds.mentions import Mentions
from derive.worlds.naming import naming, surplus_of
from derive.worlds.outcomes import NeverExercised, NotExercised, Undefined
from derive.worlds.parameters import COORDINATES, Parameters, definite
from derive.worlds.setting import Key, kind_of, number_of
from derive.worlds.structure import Factor, declared_density, factors_of
from derive.worlds.unknowns import (
    Coefficients,
    Shape,
    affine_part,
    flattened,
    polynomial_at,
    polynomial_text,
    polynomials,
)
from derive.worlds.world import World

_LARGEST_JOINT = 24
_TIED = 0.7
"""How often a variable with a declared density is tied to others as far as that density allows."""

_SLOPES = [fmpq(1), fmpq(-1), fmpq(1, 2), fmpq(2), fmpq(0), fmpq(-1, 2)]


class GaussianWorld(World):
    """Laws as linear-Gaussian models; points and parameters are rational."""

    kind: ClassVar[str] = "gaussian"

    def __init__(
        self, parameters: Parameters, statements: Sequence[Basic], affine: bool = False, mixed: bool = True
    ) -> None:
        super().__init__(parameters)
        rng = parameters.rng("gaussian")
        self.affine = affine
        self.mixed = mixed and parameters.size > 0 and rng.random() < 0.5
        self._joints: dict[Key, Joint] = {}
        self._coordinate = 0
        self._polynomials: dict[tuple[Any, ...], list[Coefficients]] = {}
        self.mentions = Mentions(self, statements)
        self.surplus = surplus_of(self, tuple(statements))
        for entry in self.surplus:
            self.unused.add(entry.kernel)
            self.mentions.read(entry.kernel.lhs, entry.env)
        self.sorts = self.mentions.sorts
        parameters.point_names = frozenset(key[0] for key in self.sorts)

    # ---- quantities that the law determines -------------------------------------------------------------------------

    def named(self, key: Key, env: Env, arguments: Sequence[Any] | None = None) -> Any:
        """The mean or covariance that a declared density gives a name to, from the joint law; None where none does."""
        for role, term, entry in naming(self.surplus, key):
            joint = self.joint(entry.law)
            targets, givens = (
                tuple(pair for item in items for pair in self.expand(item[0], entry.env))
                for items in (entry.kernel.lhs.targets, entry.kernel.lhs.givens)
            )
            if any(name in joint.curved for name, _ in (*targets, *givens)) or len(joint.components) > 1:
                raise NotExercised("a quantity that a law determines is not known exactly")
            (part,) = joint.conditional(tuple(name for name, _ in targets), tuple(name for name, _ in givens))
            if role == "covariance":
                return self._isotropic(part.covariance, term)
            inner = dict(env)
            if arguments is not None:
                bound = self._argument_values(term, list(arguments), entry.env)
                if bound is None:
                    raise NotExercised("a named mean at other arguments than variables")
                inner.update(bound)
            mean = part.mean(_flattened([(name, self.lookup(name, sort, inner)) for name, sort in givens]))
            return Vector(mean) if kind_of(targets[0][1]) == "vector" else mean[0]
        return None

    def _isotropic(self, covariance: Matrix, term: Any) -> Any:
        """The matrix itself, or the variance v of v·I."""
        if kind_of(sort_of(term)) == "matrix":
            return covariance
        variance = covariance.rows[0][0]
        for i, row in enumerate(covariance.rows):
            for j, entry in enumerate(row):
                if exact.same(entry, variance if i == j else ZERO) is not True:
                    raise NotExercised("a variance is named where the law has a general covariance")
        return variance

    # ---- the joint law ---------------------------------------------------------------------------------------------

    def size(self, sort: Sort) -> int:
        """The number of coordinates of a variable."""
        if kind_of(sort) == "event":
            raise NeverExercised("events are exercised in finite worlds")
        if kind_of(sort) == "vector":
            return number_of(sort.shape[0], self.indices)
        if kind_of(sort) != "scalar":
            raise NotExercised(f"a {sort} is no variable of a Gaussian law")
        return 1

    def joint(self, law: Key) -> Joint:
        """The joint law, built factor by factor when it is first asked for."""
        if law not in self._joints:
            mentioned = self.mentions.laws.get(law)
            if mentioned is None:
                raise Undefined(f"nothing is known of the law {law[0]}")
            rng = self.parameters.rng("law", law)
            joint = Joint()
            joint.factors, joint.sorts = factors_of(self, law, mentioned, rng)
            for factor in joint.factors:
                self._generate(joint, factor, rng)
            self._joints[law] = joint
        return self._joints[law]

    def _generate(self, joint: Joint, factor: Factor, rng: Random) -> None:
        """Add a factor's targets to the joint; a curved factor, and all that follows it, stays out of it."""
        if any(given in joint.curved for given in factor.givens):
            joint.curved.update(factor.targets)
            return
        widths = [self.size(joint.sorts[key]) for key in factor.targets]
        size = sum(widths)
        count = len(joint.components[0].mean)
        if count + size > _LARGEST_JOINT:
            raise NotExercised("the joint law has too many coordinates")
        given = joint.coordinates(factor.givens)
        if factor.coupling is not None or factor.kernel is not None:
            found = self._affine(joint, factor, given)
            if found is None:
                joint.curved.update(factor.targets)
                return
            gains, offset, noise = found
            if factor.loose and len(joint.components) == 1 and rng.random() < _TIED:
                gains, offset, noise = self._tied(joint, factor, gains, offset, noise, rng)
            joint.extend(size, gains, offset, noise)
        elif not given and self.mixed and len(joint.components) == 1 and not joint.components[0].mean:
            self._split(joint)
            joint.extend(size, {}, [ZERO] * size, Matrix([ZERO] * size for _ in range(size)))
            for part in joint.components:
                self._scatter(part, size, rng)
        else:
            gains = {place: [rng.choice(_SLOPES) for _ in range(size)] for place in given}
            offset = [rng.choice(COORDINATES) for _ in range(size)]
            joint.extend(size, gains, offset, definite(size, rng))
        for key, width in zip(factor.targets, widths, strict=True):
            joint.places[key] = count, count + width
            count += width

    def _tied(
        self, joint: Joint, factor: Factor, gains: dict[int, list[Any]], offset: list[Any], noise: Matrix, rng: Random
    ) -> tuple[dict[int, list[Any]], list[Any], Matrix]:
        """The factor with its noise correlated to what the loose variables are beyond the givens.

        The residual R of one loose coordinate after regression on the givens is independent of them, so that targets
        + g (R) with noise reduced by g Var(R) gᵀ have the declared density given the givens, and depend on more.
        """
        rest = joint.conditional(factor.loose, factor.givens)[0]
        choices = [i for i, row in enumerate(rest.covariance.rows) if exact.sign(row[i]) == 1]
        if not choices:
            return gains, offset, noise
        chosen = rng.choice(choices)
        place = joint.coordinates(factor.loose)[chosen]
        spread = rest.covariance.rows[chosen][chosen]
        weights = [rng.choice([ONE, -ONE, fmpq(1, 2)]) for _ in offset]
        for _ in range(12):
            left = Matrix(
                [entry - a * b * spread for entry, b in zip(row, weights, strict=True)]
                for row, a in zip(noise.rows, weights, strict=True)
            )
            if linear.positive_definite(left):
                break
            weights = [weight / 2 for weight in weights]
        else:
            return gains, offset, noise
        known = joint.coordinates(factor.givens)
        result = {key: list(column) for key, column in gains.items()}
        result[place] = [a + b for a, b in zip(result.get(place, [ZERO] * len(weights)), weights, strict=True)]
        for on, slope in zip(known, rest.gain[chosen], strict=True):
            column = result.get(on, [ZERO] * len(weights))
            result[on] = [a - weight * slope for a, weight in zip(column, weights, strict=True)]
        moved = [o - weight * rest.offset[chosen] for o, weight in zip(offset, weights, strict=True)]
        return result, moved, left

    def _split(self, joint: Joint) -> None:
        """Two components where there was one."""
        if len(joint.components) > 1:
            return
        part = joint.components[0]
        weight = self.parameters.rng("weight").choice([fmpq(1, 2), fmpq(1, 3), fmpq(1, 4)])
        joint.components = [
            Component(share, list(part.mean), [list(row) for row in part.covariance])
            for share in (weight, ONE - weight)
        ]

    def _scatter(self, part: Component, size: int, rng: Random) -> None:
        noise = definite(size, rng)
        for i in range(size):
            part.mean[-size + i] = rng.choice(COORDINATES)
            for j in range(size):
                part.covariance[-size + i][-size + j] = noise.rows[i][j]

    def _affine(
        self, joint: Joint, factor: Factor, given: list[int]
    ) -> tuple[dict[int, list[Any]], list[Any], Matrix] | None:
        """The affine map and noise of a declared kernel, or None where its mean is not affine."""
        mean, covariance, names = self._kernel(joint, factor)
        if any(isinstance(entry, ExpPolynomial) for row in covariance.rows for entry in row):
            return None
        if factor.coupling is None and not linear.positive_definite(covariance):
            raise Undefined("a covariance is not positive definite")
        gains: dict[int, list[Any]] = {place: [ZERO] * len(mean) for place in given}
        offset: list[Any] = [ZERO] * len(mean)
        for row, entry in enumerate(mean):
            if not isinstance(entry, ExpPolynomial):
                offset[row] = entry
                continue
            polynomial = entry.polynomial
            if polynomial is None:
                return None
            for monomial, weight in polynomial.items():
                if not monomial:
                    offset[row] = weight
                elif len(monomial) == 1 and monomial[0][1] == 1:
                    gains[names[monomial[0][0]]][row] = weight
                else:
                    return None
        return gains, offset, covariance

    def _kernel(self, joint: Joint, factor: Factor) -> tuple[list[Any], Matrix, dict[int, int]]:
        """Mean and covariance of a kernel as functions of its givens, and which coordinate stands for which place."""
        env: Env = {}
        names: dict[int, int] = {}
        for key in factor.givens:
            value, own = self.symbolic(joint.sorts[key])
            env[key] = value
            names.update(zip(own, range(*joint.places.get(key, (0, 0))), strict=False))
        mean, covariance = self._normal(joint, factor, env)
        return mean, covariance, names

    def _normal(self, joint: Joint, factor: Factor, env: Env) -> tuple[list[Any], Matrix]:
        size = self.size(joint.sorts[factor.targets[0]])
        if factor.coupling is not None:
            return flat(self.value(factor.coupling.body, env), size), Matrix([ZERO] * size for _ in range(size))
        assert factor.kernel is not None
        body = factor.kernel.rhs
        inner: Env = {**dict(factor.indices), **env}
        if not isinstance(body, Normal):
            raise NotExercised("a density is declared by a formula that is no Gaussian")
        if len(factor.targets) != 1 or self.key(body.point, inner) != factor.targets[0]:
            raise NotExercised("a kernel is a Gaussian at another point than its variable")
        mean = flat(self.value(body.mean, inner), size)
        covariance = self.value(body.covariance, inner)
        return mean, covariance if isinstance(covariance, Matrix) else Matrix([[covariance]])

    def symbolic(self, sort: Sort) -> tuple[Any, list[int]]:
        """A variable as a function of fresh coordinates."""
        size = self.size(sort)
        own = list(range(self._coordinate, self._coordinate + size))
        self._coordinate += size
        entries = [ExpPolynomial.coordinate(place) for place in own]
        return (Vector(entries) if sort.kind == "vector" else entries[0]), own

    # ---- meaning of laws -------------------------------------------------------------------------------------------

    def density(self, law: Key, targets: list[tuple[Key, Any]], givens: list[tuple[Key, Any]]) -> Any:
        declared = declared_density(self, law, targets, givens)
        if declared is not None:
            return self.value(*declared)
        joint = self._checked(law, targets, givens)
        if any(key in joint.curved for key, _ in (*targets, *givens)):
            return self._by_factors(joint, targets, givens)
        wanted, point = _flattened(targets), _flattened(givens)
        parts = joint.conditional(tuple(key for key, _ in targets), tuple(key for key, _ in givens))
        if len(parts) == 1:
            return parts[0].density(wanted, point)
        top: Any = ZERO
        bottom: Any = ZERO
        for part in parts:
            weight = part.evidence(point) if givens else part.weight
            top = part.density(wanted, point) * weight + top
            bottom = weight + bottom
        return exact.divide(top, bottom)

    def _checked(self, law: Key, targets: Sequence[tuple[Key, Any]], givens: Sequence[tuple[Key, Any]]) -> Joint:
        joint = self.joint(law)
        for key, _ in (*targets, *givens):
            if key not in joint.places and key not in joint.curved:
                raise Undefined(f"{key[0]} is no variable of this law")
        return joint

    def _by_factors(self, joint: Joint, targets: list[tuple[Key, Any]], givens: list[tuple[Key, Any]]) -> Any:
        """The density as the product of the factors that generate the targets, from what is given."""
        point = dict((*targets, *givens))
        total: Any = ONE
        for factor in plan(joint.factors, {key for key, _ in targets}, {key for key, _ in givens}):
            mean, covariance = self._at(joint, factor, point)
            value = _flattened([(key, point[key]) for key in factor.targets])
            difference = [v - m for v, m in zip(value, mean, strict=True)]
            if any(isinstance(entry, ExpPolynomial) for row in covariance.rows for entry in row):
                raise NotExercised("a Gaussian whose covariance depends on what is integrated")
            if not linear.positive_definite(covariance):
                raise Undefined("a covariance is not positive definite")
            total = total * gaussian_density(
                difference, linear.inverse(covariance), exact.log(linear.determinant(covariance))
            )
        return total

    def _at(self, joint: Joint, factor: Factor, point: dict[Key, Any]) -> tuple[list[Any], Matrix]:
        """Mean and covariance of a factor at a point of its givens."""
        if factor.kernel is not None:
            return self._normal(joint, factor, {key: point[key] for key in factor.givens})
        if any(key in joint.curved for key in (*factor.targets, *factor.givens)):
            raise NotExercised("a law beyond a curved kernel is not known exactly")
        parts = joint.conditional(factor.targets, factor.givens)
        if len(parts) > 1:
            raise NotExercised("a mixture is not written as one Gaussian")
        return parts[0].mean(_flattened([(key, point[key]) for key in factor.givens])), parts[0].covariance

    def expect(
        self, law: Key, bound: list[tuple[Key, Key, Sort]], givens: list[tuple[Key, Any]],
        body: Callable[[Env], Any], env: Env,
    ) -> Any:  # fmt: skip
        if not bound:
            return body(env)
        values = [(variable, point, *self.symbolic(sort)) for variable, point, sort in bound]
        inner = {**env, **{point: value for _, point, value, _ in values}}
        targets = [(variable, value) for variable, _, value, _ in values]
        coordinates = [place for *_, own in values for place in own]
        if declared_density(self, law, targets, givens) is not None:
            return integration.lebesgue(body(inner) * self.density(law, targets, givens), coordinates)
        joint = self._checked(law, targets, givens)
        if any(key in joint.curved for key, _ in (*targets, *givens)):
            return self._expect_by_factors(joint, values, givens, body(inner))
        point = _flattened(givens)
        parts = joint.conditional(tuple(key for key, _ in targets), tuple(key for key, _ in givens))
        weights: list[Any] = [ONE]
        if len(parts) > 1:
            weights = [part.evidence(point) if givens else part.weight for part in parts]
            total = weights[0] + weights[1]
            weights = [exact.divide(weight, total) for weight in weights]
        integrand = body(inner)
        wanted = _flattened(targets)
        result: Any = None
        for part, weight in zip(parts, weights, strict=True):
            value = integration.gaussian(
                integrand, coordinates, part.mean(point), part.covariance, partial(part.density, wanted, point)
            )
            result = value * weight if result is None else result + value * weight
        return result

    def _expect_by_factors(self, joint: Joint, values: Sequence[tuple[Key, Key, Any, list[int]]],
                           givens: list[tuple[Key, Any]], integrand: Any) -> Any:  # fmt: skip
        point = {variable: value for variable, _, value, _ in values} | dict(givens)
        own = {variable: places for variable, _, _, places in values}
        factors = plan(joint.factors, set(own), {key for key, _ in givens})
        for factor in reversed(factors):
            mean, covariance = self._at(joint, factor, point)
            coordinates = [place for key in factor.targets for place in own[key]]
            wanted = _flattened([(key, point[key]) for key in factor.targets])

            def density(mean: list[Any] = mean, covariance: Matrix = covariance, wanted: list[Any] = wanted) -> Any:
                difference = [v - m for v, m in zip(wanted, mean, strict=True)]
                return gaussian_density(difference, linear.inverse(covariance),
                                        exact.log(linear.determinant(covariance)))  # fmt: skip

            integrand = integration.gaussian(integrand, coordinates, mean, covariance, density)
        return integrand

    def expect_normal(
        self, key: Key, sort: Sort, mean: Any, covariance: Any, body: Callable[[Env], Any], env: Env
    ) -> Any:
        value, own = self.symbolic(sort)
        table = covariance if isinstance(covariance, Matrix) else Matrix([[covariance]])
        entries = flat(mean, len(own))
        if not linear.positive_definite(table):
            raise Undefined("a covariance is not positive definite")

        def density() -> Any:
            difference = [v - m for v, m in zip(_flattened([(key, value)]), entries, strict=True)]
            return gaussian_density(difference, linear.inverse(table), exact.log(linear.determinant(table)))

        integrand = body({**env, key: value})
        if any(primal(entry) is not entry for row in table.rows for entry in row):
            return integration.lebesgue(integrand * density(), own)
        return integration.gaussian(integrand, own, entries, table, density)

    def integrate(self, bound: list[tuple[Key, Sort]], body: Callable[[Env], Any], env: Env) -> Any:
        inner, coordinates = self._bound(bound, env)
        return integration.lebesgue(body(inner), coordinates)

    def _bound(self, bound: list[tuple[Key, Sort]], env: Env) -> tuple[Env, list[int]]:
        inner, coordinates = dict(env), []
        for key, sort in bound:
            inner[key], own = self.symbolic(sort)
            coordinates.extend(own)
        return inner, coordinates

    def integrate_between(self, key: Key, lower: Any, upper: Any, body: Callable[[Env], Any], env: Env) -> Any:
        coordinate = self._coordinate
        self._coordinate += 1
        value = body({**env, key: ExpPolynomial.coordinate(coordinate)})
        return integration.between(value, coordinate, lower, upper)

    def divergence(self, p: Callable[[Env], Any], q: Callable[[Env], Any] | None, bound: list[tuple[Key, Sort]],
                   env: Env, relative: bool) -> Any:  # fmt: skip
        inner, coordinates = self._bound(bound, env)
        weight = p(inner)
        other = exact.log(weight if q is None else q(inner))
        body = exact.log(weight) - other if relative else -other
        return integration.lebesgue(body * weight, coordinates)

    def image(self, keys: Sequence[tuple[Key, Sort]], term: Basic, env: Env) -> tuple[Any, Any]:
        """Mean and covariance of an affine function of variables of one law, which is Gaussian with them."""
        laws = [law for law, known in self.mentions.laws.items() if all(key in known for key, _ in keys)]
        if len(laws) != 1 or len(self.joint(laws[0]).components) > 1:
            raise NotExercised("the law of a function of variables")
        bound = [(key, key, sort) for key, sort in keys]

        def affine(inner: Env) -> Any:
            value = self.value(term, inner)
            for entry in flattened([value]):
                polynomial = entry.polynomial if isinstance(entry, ExpPolynomial) else {}
                if polynomial is None or any(sum(many for _, many in powers) > 1 for powers in polynomial):
                    raise NotExercised("the law of a function that is not affine")
            return value

        mean = self.expect(laws[0], bound, [], affine, env)

        def spread(inner: Env) -> Any:
            difference = self.value(term, inner) - mean
            if isinstance(difference, Vector):
                return Matrix([a * b for b in difference.entries] for a in difference.entries)
            return difference * difference

        return mean, self.expect(laws[0], bound, [], spread, env)

    # ---- functions ------------------------------------------------------------------------------------------------

    def shapes_itself(self, shape: Shape) -> bool:
        return True

    def function(self, key: Key, sort: Sort, labels: tuple[str, ...], points: list[Any]) -> Any:
        size = 1
        for part in sort.shape:
            size *= number_of(part, self.indices)
        if sort.kind == "matrix" and key[0] in self.parameters.hints.definite:
            self.restrictions.add(f"{key[0]} is constant here")
            rows = number_of(sort.shape[0], self.indices)
            return definite(rows, self.parameters.rng("definite", key, labels))
        tables = self._coefficients(key, labels, size, len(points))
        entries = [polynomial_at(table, points) for table in tables]
        if sort.kind == "matrix":
            columns = number_of(sort.shape[1], self.indices)
            return Matrix(entries[place : place + columns] for place in range(0, size, columns))
        return Vector(entries) if sort.kind == "vector" else entries[0]

    def _coefficients(self, key: Key, labels: tuple[str, ...], size: int, count: int) -> list[Coefficients]:
        place = key, labels, size, count
        if place not in self._polynomials:
            rng = self.parameters.rng("function", key, labels)
            self._polynomials[place] = polynomials(size, count, self.affine, rng)
        return self._polynomials[place]

    def bounded_function(self, key: Key, labels: tuple[str, ...], points: list[Any], low: Any, high: Any) -> Any:
        """A function above a bound is a square more than it; between two bounds it is a constant."""
        if (low is not None and high is not None) or not points:
            self.restrictions.add(f"{key[0]} is constant here")
            return self.parameters.bounded(low, high, self.parameters.rng("bounded", key, labels))
        root = polynomial_at(affine_part(self._coefficients(key, labels, 1, len(points))[0]), points)
        return root * root + low + ONE if low is not None else -(root * root) + high - ONE

    def describe_laws(self) -> list[tuple[str, Joint]]:
        """The joint laws that were used."""
        return [(law[0], joint) for law, joint in self._joints.items()]

    def describe_functions(self) -> list[tuple[tuple[Key, str], str]]:
        """The polynomials that were used, in their arguments' coordinates u1, u2, …"""
        found = super().describe_functions()
        for (key, labels, size, count), tables in self._polynomials.items():
            names = ", ".join([*(f"u{place + 1}" for place in range(count)), *labels])
            texts = [polynomial_text(table) for table in tables]
            found.append(((key, names), texts[0] if size == 1 else f"({', '.join(texts)})"))
        return found

def plan(factors: Sequence[Factor], targets: set[Key], givens: set[Key]) -> list[Factor]:
    """The factors that generate exactly the targets, where what is given is none of their descendants.

    Then p(targets | givens) is their product: everything that is left out is integrated to 1, and each factor does not
    depend on what is given beyond its own givens (the local Markov property of a directed factorization).
    """
    chosen = [factor for factor in factors if set(factor.targets) <= targets]
    if {key for factor in chosen for key in factor.targets} != targets:
        raise NotExercised("this conditional of a law with curved kernels is not known exactly")
    if any(not set(factor.givens) <= targets | givens for factor in chosen):
        raise NotExercised("this conditional of a law with curved kernels is not known exactly")
    below = set(targets)
    for factor in factors:
        if set(factor.givens) & below:
            below.update(factor.targets)
    if below & givens:
        raise NotExercised("this conditional of a law with curved kernels is not known exactly")
    return chosen


def flat(value: Any, size: int) -> list[Any]:
    """The coordinates of a vector or number; zero fills any size."""
    if isinstance(value, Vector):
        return list(value.entries)
    if isinstance(value, fmpq) and value == 0:
        return [ZERO] * size
    return [value]


def _flattened(pairs: Sequence[tuple[Key, Any]]) -> list[Any]:
    result: list[Any] = []
    for _, value in pairs:
        result.extend(value.entries if isinstance(value, Vector) else [value])
    return result
