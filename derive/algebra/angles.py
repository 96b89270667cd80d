"""Cosines and sines over a basis of angles, by the addition formulas and sin² = 1 − cos².

The angles met first are the basis, each without its whole factor; an angle that is a whole combination of them is
written out, one that is a combination with fractions asks for a basis of smaller angles, any other is a new one. The
multiples of π/12 in an angle have cosines and sines in roots of 2 and 3.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from flint import fmpq
from sympy import S

from derive.algebra import elementary
from derive.algebra.elementary import combination, fraction
from derive.algebra.field import ONE, ZERO, Field, Generator, NeedsSize, Value

MOST_TURNS = 24
SMALLEST = 12
"""Angles are not divided by more than this."""


def cosine_and_sine(field: Field, angle: Value) -> tuple[Value, Value]:
    """(cos angle, sin angle)."""
    twelfths, angle = _without_pi(field, angle)
    start = _constant(field, twelfths)
    if not angle.c:
        return start
    basis = [generator.base for generator in field.generators.values() if generator.kind == "cos" and generator.base]
    found = combination(field, angle, basis) if basis else None
    if found is not None and all(abs(q.p) <= MOST_TURNS for q in found):
        finer = field.unit * lcm(*(int(q.q) for q in found))
        if field.unit < finer <= SMALLEST:
            raise NeedsSize(field.size, field.degree, finer)
        if finer == field.unit:
            for base, turns in zip(basis, found, strict=True):
                start = _turned(field, start, _pair(field, base), int(fraction(turns)))
            return start
    turns = int(angle.c.p) if abs(angle.c.p) <= MOST_TURNS // field.unit else 1 if angle.c > 0 else -1
    turns *= field.unit
    return _turned(field, start, _pair(field, field.scale(angle, 1 / fmpq(turns))), turns)


def _without_pi(field: Field, angle: Value) -> tuple[int, Value]:
    """(n, rest) with angle = n π/12 + rest; n is 0 where no such multiple of π stands in the angle as a term."""
    place = field.index.get(("atom", S.Pi))
    if place is None or not angle.c or any(exponent < 0 for exponent in angle.f.values()):
        return 0, angle
    poly, over = field.numerator(angle)
    alone = tuple(int(k == place) for k in range(field.size))
    twelfths = fmpq(int(poly[alone])) * over.c * 12
    if not twelfths or twelfths.q != 1:
        return 0, angle
    pi = Value(fmpq(1), {field.generator_factor(place): 1})
    return int(twelfths.p), field.add([angle, field.scale(pi, -twelfths / 12)])


def _constant(field: Field, twelfths: int) -> tuple[Value, Value]:
    """Cosine and sine of n π/12."""
    if not twelfths:
        return ONE, ZERO
    turn, step = divmod(twelfths, 6)
    c, s = (_cosine(field, part) for part in (step, 6 - step))
    for _ in range(turn % 4):
        c, s = field.scale(s, -1), c
    return c, s


def _cosine(field: Field, step: int) -> Value:
    """cos(n π/12) for n from 0 to 6: (√p + √q)/4, or ½√p."""
    if step in (1, 5):
        six, two = (_root(field, number) for number in (6, 2))
        return field.scale(field.add([six, field.scale(two, 1 if step == 1 else -1)]), fmpq(1, 4))
    return field.scale(_root(field, {0: 4, 2: 3, 3: 2, 4: 1, 6: 0}[step]), fmpq(1, 2))


def _root(field: Field, number: int) -> Value:
    return elementary.root(field, field.number(number), Fraction(1, 2))


def _pair(field: Field, angle: Value) -> tuple[Value, Value]:
    key = (angle.c, frozenset(angle.f.items()))
    known = ("cos", key) in field.index
    c = field.generator(("cos", key), Generator("cos", None, None, base=angle))
    s = field.generator(("sin", key), Generator("sin", None, None, base=angle))
    if not known:
        field.relations.insert(0, (s, 2, field.gens[s] ** 2 + field.gens[c] ** 2 - 1))
    return tuple(Value(fmpq(1), {field.generator_factor(place): 1}) for place in (c, s))  # type: ignore[return-value]


def _turned(
    field: Field, start: tuple[Value, Value], step: tuple[Value, Value], times: int
) -> tuple[Value, Value]:
    """The angle plus `times` steps: cos(a + b) = cos a cos b − sin a sin b, sin(a + b) = sin a cos b + cos a sin b."""
    (c, s), (p, q) = start, step
    if times < 0:
        q, times = field.scale(q, -1), -times
    for _ in range(times):
        c, s = (
            field.add([field.mul(c, p), field.scale(field.mul(s, q), -1)]),
            field.add([field.mul(s, p), field.mul(c, q)]),
        )
    return c, s
