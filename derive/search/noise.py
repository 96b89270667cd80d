"""A point and the noise in which it is written, where one of them varies: x_t under E_ε, ε under E_{q(x_t | x_0)}.

Given x_t = √a x_0 + √b ε, an x_t below a binder of ε is no constant, nor is an ε below a binder of x_t, be it a mean or
a derivative. It is written out, ε as (x_t − √a x_0)/√b, so that what is proved and what worlds compute is one and the
same. An x_0 that a binder above it takes is that x_0 then: under E_{x_0, ε} the point varies with both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sympy import Basic, Symbol

from derive.latex import unicode_text
from derive.models import Model
from derive.terms import (
    Density,
    Expectation,
    Law,
    Run,
    Statement,
    Variable,
    binding,
    free_variables,
)
from derive.terms.noise import noise_of


def with_its_noise(statement: Statement, model: Model) -> tuple[Statement, tuple[str, ...]]:
    """The statement with each written out below the binders of the other, and lines that say so."""
    writer = _Writer()
    for equation in (*model.equations, *model.definitions):
        head: Any = equation.lhs
        if isinstance(head, Variable) and head.sort.kind == "vector" and head.indices:
            turned = noise_of(equation)
            if turned is not None:
                writer.others[head] = turned.lhs, equation.rhs
                writer.others.setdefault(turned.lhs, (head, turned.rhs))
    if not writer.others:
        return statement, ()
    found = writer.written(statement, frozenset())
    return found, tuple(f"{unicode_text(name)} is {unicode_text(value)} where it varies" for name, value in writer.used)


@dataclass
class _Writer:
    """Writes points and noises out. `others` says for each which other one it varies with, and what it is then."""

    others: dict[Basic, tuple[Basic, Basic]] = field(default_factory=dict)
    used: dict[tuple[Basic, Basic], None] = field(default_factory=dict)

    def written(self, term: Any, bound: frozenset[Basic]) -> Any:
        """The term as it stands below binders of these points."""
        if term in self.others:
            other, value = self.others[term]
            if term in bound or other not in bound:
                return term
            self.used[term, value] = None
            return value
        if not getattr(term, "args", ()) or isinstance(term, (Symbol, Variable, Run, Law)):
            return term
        if isinstance(term, Density):
            targets, givens = (
                [(name, self.written(point, bound)) for name, point in side] for side in (term.targets, term.givens)
            )
            return Density(term.law, targets, givens)
        if isinstance(term, Expectation) and isinstance(term.measure, Density):
            averaged = self._averaged(term, term.measure, bound)
            if averaged is not None:
                return averaged
        held = binding(term)
        if held is None:
            return term.func(*(self.written(arg, bound) for arg in term.args))
        inside = tuple(self.written(part, bound.union(held.bound)) for part in held.inside)
        return held.rebuild(held.bound, inside, tuple(self.written(part, bound) for part in held.outside))

    def _averaged(self, term: Expectation, measure: Density, bound: frozenset[Basic]) -> Any:
        """E[f(ε) | x_t] as the mean over the x_0 that x_t leaves open; None where that is not what is averaged."""
        targets, givens = (dict(map(tuple, side)) for side in (measure.targets, measure.givens))
        for noise in targets:
            point, value = self.others.get(noise, (None, None))
            if point not in givens or point in targets or value is None or givens[point] != point:
                continue
            self.used[noise, value] = None
            open_ = {
                item: item for item in free_variables(value)
                if isinstance(item, Variable) and item.sort.kind == "vector" and item not in givens
            }  # fmt: skip
            names = {**{name: at for name, at in targets.items() if name != noise}, **open_}
            body = _Writer({noise: (point, value)}).written(term.body, frozenset((point,)))
            joint = Density(measure.law, list(names.items()), list(givens.items()))
            return self.written(Expectation(body, joint) if names else body, bound)
        return None
