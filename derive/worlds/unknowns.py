"""Unknown functions: random polynomials of degree 2 or more, and the shapes that conditions ask for.

An affine function would confirm E f(X) = f(E X), so the polynomials have squares and products. Where a condition says
that a function is convex, has a maximum at a point, or stays within bounds, and where a formula integrates it over all
of space or takes its logarithm, the function is built so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from flint import fmpq
from sympy import Basic, log

from derive.terms import (
    Application,
    Concave,
    Convex,
    Density,
    Equal,
    ForEvery,
    Gradient,
    Integral,
    LessEqual,
    Normal,
)
from derive.worlds import exact
from derive.worlds.exact import ONE, ZERO
from derive.worlds.functions import ExpPolynomial, Polynomial
from derive.worlds.linear import Matrix, Vector
from derive.worlds.setting import unwrapped, walk

Coefficients = dict[tuple[int, ...], fmpq]
"""The coefficients of a polynomial by the places of the arguments that are multiplied."""

_SMALL = [fmpq(n) for n in (1, -1, 2, 1, -1)]
_HALF = fmpq(1, 2)


@dataclass(frozen=True)
class Shape:
    """What a function has to be: convex, concave, stationary or peaked at a point, decaying, or an exponential."""

    kind: str
    peak: Basic | None = None


def shapes_in(givens: Sequence[Basic]) -> dict[str, Shape]:
    """The shapes that givens ask of unknown functions, by name."""
    curved: dict[str, str] = {}
    for statement in givens:
        if isinstance(statement, (Convex, Concave)) and isinstance(statement.body, Application):
            curved[statement.body.name] = "convex" if isinstance(statement, Convex) else "concave"
    found = {name: Shape(kind) for name, kind in curved.items()}
    for statement in givens:
        for part in unwrapped(statement):
            peak = _peak(part, isinstance(statement, ForEvery))
            if peak is not None:
                name, point, kind = peak
                if kind == "stationary" and name in curved:
                    kind = "peak" if curved[name] == "concave" else "valley"
                found[name] = Shape(kind, point)
    return found


def domains_in(statements: Sequence[Basic]) -> dict[str, Shape]:
    """The shapes without which formulas have no value: integrable over all of space, positive under a logarithm."""
    found: dict[str, Shape] = {}
    for statement in statements:
        for node in walk(statement):
            if isinstance(node, Integral):
                between = all(len(limit) == 3 for limit in node.limits)  # there any function has an integral
                if not between and not any(isinstance(inner, (Density, Normal)) for inner in walk(node.body)):
                    for inner in walk(node.body):
                        if isinstance(inner, Application):
                            found.setdefault(inner.name, Shape("decaying"))
            elif isinstance(node, log) and isinstance(node.args[0], Application):
                found[node.args[0].name] = Shape("exponential")  # which decays too
    return found


def _peak(part: Basic, universal: bool) -> tuple[str, Basic, str] | None:
    """The function, the point, and whether it is largest or only stationary there."""
    if universal and isinstance(part, LessEqual):
        left, right = part.args
        if isinstance(left, Application) and isinstance(right, Application) and left.name == right.name:
            return right.name, right.arguments[0], "peak"
    if isinstance(part, Equal) and isinstance(part.lhs, Gradient) and part.rhs == 0:
        body = part.lhs.body
        if isinstance(body, Application) and len(body.arguments) == 1:
            return body.name, part.lhs.point, "stationary"
    return None


def shaped(shape: Shape, points: Sequence[Any], peak: Any, rng: Random) -> Any:
    """The value of a random function of a shape."""
    centre = flattened([peak]) if peak is not None else [fmpq(rng.randint(-1, 2)) for _ in points]
    weights = [fmpq(rng.randint(1, 3)) * _HALF for _ in points]
    if shape.kind == "stationary":
        weights = [weight * rng.choice((1, -1)) for weight in weights]
    slopes = [fmpq(rng.randint(-2, 2)) * _HALF for _ in points]
    height = fmpq(rng.randint(-1, 2))
    square: Any = ZERO
    slope: Any = ZERO
    for value, middle, weight, tilt in zip(points, centre, weights, slopes, strict=True):
        square = (value - middle) * (value - middle) * weight + square
        slope = value * tilt + slope
    if shape.kind == "convex":
        return square + slope + height
    if shape.kind == "concave":
        return -square + slope + height
    if shape.kind in ("peak", "stationary"):
        return -square + height
    if shape.kind == "valley":
        return square + height
    if shape.kind == "decaying":
        return exact.exp(-square) * (slope + (height + ONE / 3)) if points else height
    return exact.exp(slope - square) * fmpq(rng.randint(1, 3))


def shape_text(shape: Shape, count: int, peak: Any, rng: Random) -> str:
    """The formula of a random function of a shape, in the coordinates u1, u2, … of its arguments."""
    value = shaped(shape, [ExpPolynomial.coordinate(place) for place in range(count)], peak, rng)
    if not isinstance(value, ExpPolynomial):
        return exact.show(value)
    parts = []
    for factor, exponent in value.terms:
        text = _powers_text(factor)
        parts.append(f"({text})·exp({_powers_text(exponent)})" if exponent else text)
    return " + ".join(parts) or "0"


def _powers_text(polynomial: Polynomial) -> str:
    parts = []
    for monomial, weight in sorted(polynomial.items()):
        name = "·".join(f"u{place + 1}" if many == 1 else f"u{place + 1}^{many}" for place, many in monomial)
        parts.append(f"{exact.show(weight)}·{name}" if name else exact.show(weight))
    return " + ".join(parts) or "0"


def polynomials(size: int, count: int, degree: int, rng: Random) -> list[Coefficients]:
    """Random polynomials of degree 2, 1 or 0 in `count` unknowns, one for each entry of the value."""
    tables = []
    for _ in range(size):
        table: Coefficients = {(): fmpq(rng.randint(-2, 2))}
        for i in range(count):
            table[(i,)] = rng.choice(_SMALL)
            if degree > 1:
                table[(i, i)] = rng.choice(_SMALL) if i == 0 or rng.random() < 0.5 else ZERO
                if i and rng.random() < 0.6:
                    table[(rng.randrange(i), i)] = rng.choice(_SMALL)
        tables.append({powers: value for powers, value in table.items() if value != 0 and len(powers) <= degree})
    return tables


def polynomial_at(table: Coefficients, points: Sequence[Any]) -> Any:
    """The value of a polynomial."""
    total: Any = ZERO
    for powers, weight in table.items():
        part: Any = weight
        for place in powers:
            part = points[place] * part
        total = part + total
    return total


def affine_part(table: Coefficients) -> Coefficients:
    """The terms of degree 0 and 1."""
    return {powers: value for powers, value in table.items() if len(powers) < 2}


def polynomial_text(table: Coefficients) -> str:
    """A polynomial in u1, u2, … for a person."""
    parts = []
    for powers, weight in sorted(table.items()):
        name = "·".join(f"u{place + 1}" for place in powers)
        parts.append(f"{weight}·{name}" if name else str(weight))
    return " + ".join(parts) or "0"


def flattened(values: Sequence[Any]) -> list[Any]:
    """The coordinates of numbers, vectors and matrices."""
    result: list[Any] = []
    for value in values:
        if isinstance(value, Vector):
            result.extend(value.entries)
        elif isinstance(value, Matrix):
            result.extend(entry for row in value.rows for entry in row)
        else:
            result.append(value)
    return result
