"""Joint Gaussian laws and mixtures of them: marginals and conditionals by linear algebra."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from derive.terms import Sort
from derive.worlds import exact, linear
from derive.worlds.exact import ONE, ZERO
from derive.worlds.linear import Matrix
from derive.worlds.meaning import gaussian_density
from derive.worlds.outcomes import Undefined
from derive.worlds.setting import Key
from derive.worlds.structure import Factor


@dataclass
class Component:
    """One Gaussian of a mixture: its weight, mean and covariance over all coordinates of the joint."""

    weight: fmpq
    mean: list[Any]
    covariance: list[list[Any]]


@dataclass
class Conditional:
    """Targets given a point, in one component: mean = offset + gain · point, and the covariance that is left."""

    weight: fmpq
    gain: list[list[Any]]
    offset: list[Any]
    covariance: Matrix
    given_mean: list[Any]
    given_precision: Matrix | None
    given_log_determinant: Any
    _inverse: tuple[Matrix, Any] | None = None

    def mean(self, point: Sequence[Any]) -> list[Any]:
        """The mean of the targets at a point of the givens."""
        result = []
        for offset, row in zip(self.offset, self.gain, strict=True):
            total = offset
            for weight, value in zip(row, point, strict=True):
                if not (isinstance(weight, fmpq) and weight == 0):
                    total = value * weight + total
            result.append(total)
        return result

    def density(self, value: Sequence[Any], point: Sequence[Any]) -> Any:
        """The Gaussian density of the targets at a value."""
        if self._inverse is None:
            if exact.sign(linear.pivots(self.covariance)[-1]) != 1:
                raise Undefined("a law without a density")
            self._inverse = linear.inverse(self.covariance), exact.log(linear.determinant(self.covariance))
        return gaussian_density([v - m for v, m in zip(value, self.mean(point), strict=True)], *self._inverse)

    def evidence(self, point: Sequence[Any]) -> Any:
        """The density of the givens at a point, in this component."""
        assert self.given_precision is not None
        difference = [v - m for v, m in zip(point, self.given_mean, strict=True)]
        return gaussian_density(difference, self.given_precision, self.given_log_determinant) * self.weight


class Joint:
    """The joint law of some variables: where each one's coordinates stand, and the components of the mixture."""

    def __init__(self) -> None:
        self.places: dict[Key, tuple[int, int]] = {}
        self.sorts: dict[Key, Sort] = {}
        self.components = [Component(ONE, [], [])]
        self.factors: list[Factor] = []
        self.curved: set[Key] = set()
        self._conditionals: dict[tuple[tuple[Key, ...], tuple[Key, ...]], list[Conditional]] = {}

    def conditional(self, targets: tuple[Key, ...], givens: tuple[Key, ...]) -> list[Conditional]:
        """Targets given givens, component by component, by linear algebra."""
        if (targets, givens) not in self._conditionals:
            self._conditionals[targets, givens] = [self._condition(part, targets, givens) for part in self.components]
        return self._conditionals[targets, givens]

    def coordinates(self, keys: Sequence[Key]) -> list[int]:
        """The numbers of the coordinates of some variables."""
        return [place for key in keys for place in range(*self.places[key])]

    def _condition(self, part: Component, targets: tuple[Key, ...], givens: tuple[Key, ...]) -> Conditional:
        to, on = self.coordinates(targets), self.coordinates(givens)
        own = [[part.covariance[i][j] for j in to] for i in to]
        mean = [part.mean[i] for i in to]
        if not on:
            return Conditional(part.weight, [[] for _ in to], mean, Matrix(own), [], None, None)
        cross = Matrix([part.covariance[i][j] for j in on] for i in to)
        around = Matrix([part.covariance[i][j] for j in on] for i in on)
        given_mean = [part.mean[i] for i in on]
        precision = linear.inverse(around)
        gain = linear.product(cross, precision)
        left = linear.product(gain, linear.transpose(cross))
        offset = [m - linear.dot(row, given_mean) for m, row in zip(mean, gain.rows, strict=True)]
        covariance = Matrix([a - b for a, b in zip(x, y, strict=True)] for x, y in zip(own, left.rows, strict=True))
        log_determinant = exact.log(linear.determinant(around)) if len(self.components) > 1 else ZERO
        return Conditional(part.weight, [list(row) for row in gain.rows], offset, covariance, given_mean, precision,
                           log_determinant)  # fmt: skip

    def extend(self, size: int, gains: dict[int, list[Any]], offset: list[Any], noise: Matrix) -> None:
        """Add variables: offset + Σ gains[c]·coordinate c + noise, in every component."""
        for part in self.components:
            count = len(part.mean)
            mean = list(offset)
            for place, column in gains.items():
                mean = [m + weight * part.mean[place] for m, weight in zip(mean, column, strict=True)]
            cross = [[ZERO] * count for _ in range(size)]
            for place, column in gains.items():
                row = part.covariance[place]
                for i, weight in enumerate(column):
                    if not (isinstance(weight, fmpq) and weight == 0):
                        cross[i] = [c + weight * value for c, value in zip(cross[i], row, strict=True)]
            corner = [list(row) for row in noise.rows]
            for place, column in gains.items():
                for i in range(size):
                    for j, weight in enumerate(column):
                        corner[i][j] = corner[i][j] + cross[i][place] * weight
            for i in range(count):
                part.covariance[i].extend(cross[j][i] for j in range(size))
            part.covariance.extend([*cross[j], *corner[j]] for j in range(size))
            part.mean.extend(mean)
