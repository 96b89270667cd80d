r"""`x_t = \sqrt{\bar\alpha_t}\, x_0 + \sqrt{1 - \bar\alpha_t}\, \epsilon`: a draw of a variable written with its noise.

It defines nothing about x_t, since a law says what x_t is, and it does not hold of every x_t and ε. It says how ε goes
with x_t, and may say so where the right side has the law that x_t has: that is the claim. Several noises on one line
are independent of each other, as they are of what else stands there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sympy import Add, Mul, Pow, Rational, Symbol

from derive.articles.heads import Head, determined, heads_in, overlaps
from derive.models.model import links_of, renamed_onto
from derive.terms import (
    Definition,
    Density,
    Distributed,
    Equal,
    Identity,
    Law,
    Normal,
    Statement,
    Variable,
    free_variables,
    is_scalar,
    sort_of,
    substitute,
)
from derive.terms.linear import split_scalar

__all__ = ["Drawn", "claimed_densities", "claimed_law", "drawn", "mended", "noise_heads", "standard"]


class Drawn(NamedTuple):
    """The equation `written = member` with its noises; `declared` where the text says what law they have."""

    written: Variable
    member: Any
    noises: tuple[Variable, ...]
    declared: bool

    @property
    def heads(self) -> set[Head]:
        """The noises' names."""
        names = {item.name for item in self.noises}
        return {head for head in heads_in(self.noises) if head.name in names}

    @property
    def equation(self) -> Equal:
        """What the line says of x_t and its noise."""
        return Equal(self.written, self.member)


def drawn(link: Any, opening: Any, stated: Iterable[Any], known: Iterable[Head]) -> Drawn | None:
    """The draw that a link of a chain is, which begins with `opening`; None where it is no such equation.

    `stated` is what the text has said so far, `known` the names that occurred, but for noises. A noise is drawn from a
    Gaussian of its own, or is a vector of which nothing was said.
    """
    if not isinstance(link, Equal) or not isinstance(opening, Variable):
        return None
    parts = [part for statement in stated for part in links_of(statement)]
    made = determined(part for part in parts if isinstance(getattr(part, "lhs", None), Density))
    if not any(overlaps(head, other) for head in heads_in((opening,)) for other in made):
        return None
    spoken = free_variables(link.rhs)
    if opening in spoken:
        return None
    gaussian = {head for part in parts if isinstance(part, Distributed) and isinstance(part.density, Normal)
                for head in heads_in((part.variable,))}  # fmt: skip
    fresh = [item for item in sorted(spoken, key=str) if isinstance(item, Variable) and item.sort == opening.sort]
    declared = tuple(item for item in fresh if _among(item, gaussian) and not _among(item, made))
    other = tuple(item for item in fresh if not _among(item, (*known, *made, *gaussian)))
    noises = declared or other
    if (declared and other) or not noises:
        return None
    if set(noises) <= free_variables(link.lhs):  # the same noise on both sides: an equation like any other
        return None
    return Drawn(opening, link.rhs, noises, bool(declared))


def noise_heads(law: Distributed) -> set[Head]:
    """The name of what follows a law."""
    name = str(getattr(law.variable, "name", ""))
    return {head for head in heads_in((law.variable,)) if head.name == name}


def _among(item: Variable, heads: Iterable[Head]) -> bool:
    return any(overlaps(head, other) for head in heads_in((item,)) if head.name == item.name for other in heads)


def claimed_law(found: Drawn, known: Iterable[Any]) -> Distributed | None:
    """What the equation claims: that its right side follows the Gaussian of x_t given what else stands there.

    That Gaussian is one of the laws that are `known`, stated or proved.
    """
    given = _points(found)
    for statement in (part for item in known for part in links_of(item)):
        if not isinstance(statement, (Equal, Definition)) or not isinstance(statement.lhs, Density):
            continue
        if not isinstance(statement.rhs, Normal) or len(statement.lhs.targets) != 1:
            continue
        wanted = _density(statement.lhs.law, found.written, given)
        renamed = renamed_onto(statement.lhs, wanted)
        if renamed is not None:
            law: Any = substitute(statement.rhs, renamed) if renamed else statement.rhs
            return Distributed(found.member, Normal(found.written, law.mean, law.covariance))
    return None


def claimed_densities(found: Drawn, stated: Iterable[Any]) -> Iterator[Equal]:
    """The same claim as an equation of densities, under each of the laws that make x_t, with standard noises."""
    parts = _parts(found.member)
    if parts is None:
        return
    scales = [parts.pop(noise, None) for noise in found.noises]
    rest = Add(*(Mul(scale, base) for base, scale in parts.items()))
    if any(scale is None or set(found.noises) & free_variables(scale) for scale in scales):
        return
    if set(found.noises) & free_variables(rest):
        return
    variance: Any = Add(*(Pow(scale, 2) for scale in scales))
    sort = sort_of(found.written)
    covariance = variance if is_scalar(found.written) else Mul(variance, Identity(sort.shape[0]))
    said = [part for statement in stated for part in links_of(statement)]
    densities = [part.lhs for part in said if isinstance(getattr(part, "lhs", None), Density)]
    laws = dict.fromkeys(item.law for item in densities if _among(found.written, heads_in(item.variables)))
    for law in laws:
        yield Equal(_density(law, found.written, _points(found)), Normal(found.written, rest, covariance))


def mended(found: Drawn, density: Statement) -> Statement:
    """The draw that an equation of densities says, with the noise of this one; the equation where it is no draw."""
    law: Any = getattr(density, "rhs", None)
    if len(found.noises) != 1 or not isinstance(law, Normal):
        return density
    scale, base = (law.covariance, None) if is_scalar(found.written) else split_scalar(law.covariance)
    if base is not None and not isinstance(base, Identity):
        return density
    return Equal(found.written, Add(law.mean, Mul(Pow(scale, Rational(1, 2)), found.noises[0])))


def standard(noises: Sequence[Variable]) -> tuple[Distributed, ...]:
    """That noises are standard Gaussians."""
    return tuple(
        Distributed(item, Normal(item, 0, 1 if is_scalar(item) else Identity(sort_of(item).shape[0])))
        for item in noises
    )  # fmt: skip


def _density(law: Law, point: Variable, given: Iterable[Any]) -> Density:
    return Density(law, ((point, point),), tuple((item, item) for item in given))


def _parts(term: Any) -> dict[Any, Any] | None:
    """The term as a linear combination: what stands with each vector (or, on the line, with each name)."""
    found: dict[Any, Any] = {}
    waiting: list[tuple[Any, Any]] = [(Rational(1), term)]
    scalar = is_scalar(term)
    while waiting:
        scale, node = waiting.pop()
        for part in Add.make_args(node):
            if scalar:
                names = [factor for factor in Mul.make_args(part) if isinstance(factor, Variable)]
                factor, base = (part, Rational(1)) if len(names) != 1 else (part / names[0], names[0])
            else:
                factor, base = split_scalar(part)
            if isinstance(base, Add) and base != node:
                waiting.append((Mul(scale, factor), base))
            elif isinstance(base, Mul):
                return None
            else:
                found[base] = Add(found.get(base, 0), Mul(scale, factor))
    return found


def _points(found: Drawn) -> list[Any]:
    """What else stands on the right: the variables that are no scalars, and those that a law may make."""
    return sorted((
        item for item in free_variables(found.member)
        if isinstance(item, Variable) and not isinstance(item, Symbol) and item not in found.noises
        and item.sort.kind == "vector"
    ), key=str)  # fmt: skip
