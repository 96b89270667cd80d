"""Cosines and sines over a basis of angles, by the addition formulas and sin² = 1 − cos².

The angles met first are the basis, each without its whole factor; an angle that is a whole combination of them is
written out, any other is a new one.
"""

from __future__ import annotations

from flint import fmpq

from derive.algebra.elementary import combination, fraction
from derive.algebra.field import ONE, ZERO, Field, Generator, Value

MOST_TURNS = 12


def cosine_and_sine(field: Field, angle: Value) -> tuple[Value, Value]:
    """(cos angle, sin angle)."""
    if not angle.c:
        return ONE, ZERO
    basis = [generator.base for generator in field.generators.values() if generator.kind == "cos" and generator.base]
    found = combination(field, angle, basis) if basis else None
    if found is not None and all(q.q == 1 and abs(q.p) <= MOST_TURNS for q in found):
        c, s = ONE, ZERO
        for base, turns in zip(basis, found, strict=True):
            c, s = _turned(field, (c, s), _pair(field, base), int(fraction(turns)))
        return c, s
    turns = int(angle.c.p) if abs(angle.c.p) <= MOST_TURNS else 1 if angle.c > 0 else -1
    return _turned(field, (ONE, ZERO), _pair(field, field.scale(angle, 1 / fmpq(turns))), turns)


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
