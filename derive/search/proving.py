"""Proofs of equations: both sides brought to one normal form, and the two chains joined by exact algebra.

    left = … = normal form = (algebra) = normal form = … = right

Every step is the kernel's; the chain of the right side is a theorem of its own, read backward.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Basic

from derive import kernel
from derive.context import Context
from derive.errors import DeriveError
from derive.kernel import Step, Theorem, by_algebra, by_result
from derive.rulebook import Rulebook
from derive.search.generation import kept_givens
from derive.search.normal import Normaliser, speaks_of_laws
from derive.search.orientation import LAWS, STRUCTURE
from derive.terms import alpha_equal

OTHER_SIDE = "the other side"
"""The name under which the chain of the right side is a lemma of the proof."""


@dataclass
class Attempt:
    """What came of looking for a proof: the theorem, or what a step would have needed."""

    theorem: Theorem | None
    missing: tuple[Basic, ...] = ()


def normal_forms(sides: Sequence[Basic], where: Context, rules: Rulebook, stage: int) -> list[Normaliser]:
    """The sides of one claim, normalised with the same variables kept right of every bar."""
    model = where.model
    spoken = (*sides, *(part for part in (*model.definitions, *model.equations)))
    kept = kept_givens(tuple(spoken))
    return [Normaliser(side, where, rules, stage, kept).run() for side in sides]


def equation(lhs: Basic, rhs: Basic, where: Context, rules: Rulebook) -> Attempt:
    """lhs = rhs by normal forms, first of their structure alone, then with the laws of the model written out."""
    missing: dict[Basic, None] = {}
    for stage in (STRUCTURE, LAWS):
        left, right = normal_forms((lhs, rhs), where, rules, stage)
        if not left.steps and not right.steps and not speaks_of_laws(lhs) and not speaks_of_laws(rhs):
            break
        theorem = joined(left, right, where)
        if theorem is not None:
            return Attempt(theorem)
        missing.update(dict.fromkeys((*left.missing, *right.missing)))
    return Attempt(None, tuple(missing))


def joined(left: Normaliser, right: Normaliser, where: Context) -> Theorem | None:
    """The theorem that the two terms are equal, where algebra finds their normal forms equal."""
    try:
        steps = [*left.steps, *bridge(left.term, right.term, where)]
        start = left.steps[0].before if left.steps else left.term
        if not right.steps:
            return kernel.chain(start, steps, where)
        lemma = kernel.chain(right.steps[0].before, right.steps, where)
        steps.append(by_result(right.term, (), lemma, {}, where, name=OTHER_SIDE, backward=True))
        return kernel.chain(start, steps, where, {OTHER_SIDE: lemma})
    except DeriveError:
        return None


def bridge(left: Basic, right: Basic, where: Context) -> list[Step]:
    """The step of exact algebra between two terms, or none where they are the same to the letter."""
    if left == right:
        return []
    return [by_algebra(left, (), right, where)]


def names_of(theorem: Theorem) -> tuple[str, ...]:
    """The rules of a proof in order, those of the other side after those of this one."""
    found: dict[str, None] = {}
    lemmas: dict[str, Any] = dict(theorem.lemmas)
    for step in theorem.steps:
        match step.justification.kind:
            case "law":
                found["law"] = None
            case "given":
                found["hypothesis"] = None
            case "result" if step.justification.name in lemmas:
                found.update(dict.fromkeys(reversed(names_of(lemmas[step.justification.name]))))
            case _:
                found[step.justification.name] = None
    return tuple(found)


__all__ = ["Attempt", "alpha_equal", "bridge", "equation", "joined", "names_of", "normal_forms"]
