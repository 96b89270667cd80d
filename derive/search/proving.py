"""Proofs by chains of rules: normal forms joined by exact algebra, and a bounded search where that is not enough.

    left = … = normal form = (algebra) = normal form = … = right

Every step is the kernel's; the chain of the right side is a theorem of its own, read backward.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sympy import Add, Basic, Mul, Pow, exp, log

from derive import algebra, kernel
from derive.errors import DeriveError, KernelRefusal
from derive.grounds.conditions import is_regularity
from derive.grounds.context import Context
from derive.grounds.powers import facts_with_powers
from derive.kernel import Step, Theorem, by_algebra, by_proportion, by_result, by_rule
from derive.rulebook import Rulebook
from derive.search.bounds import candidates, dropped
from derive.search.explore import Explorer
from derive.search.generation import Kept, kept_givens
from derive.search.index import kinds_of
from derive.search.named import instance_of_a_rule
from derive.search.normal import Lemmas, Normaliser, speaks_of_laws
from derive.search.orientation import CLOSED, LAWS, NOISE, STRUCTURE
from derive.search.rooted import rooted
from derive.search.unfolded import unfolded
from derive.tactics.rewrite import proposals
from derive.terms import (
    Equal,
    Expectation,
    Gradient,
    GreaterEqual,
    Inverse,
    LessEqual,
    Normal,
    Proportional,
    Relation,
    is_value,
    walk,
)

OTHER_SIDE = "the other side"
"""The name under which the chain of the right side is a lemma of the proof."""

DIFFERENCE = "the difference"
"""The name of the lemma that says by what the sides of an inequality differ."""

INVERSE = "inverse-by-product"
SUMS = ("inverse-of-a-sum-of-inverses", "woodbury")
"""Rules that write the inverse of a sum of inverses by the inverse of another sum."""
_MOST_INVERSES = 4
PRODUCT = "the inverse"
"""The name of the lemma that says of what a side is the inverse."""

STAGES = (STRUCTURE, LAWS, CLOSED, NOISE)
_MOST_CLOSED = 12
MOST_WORK = 400
"""So many places of terms are looked at in the normal forms of a search, from each side."""
_RELATIONS = {Equal: "=", LessEqual: "<=", GreaterEqual: ">=", Proportional: "propto"}
_TURNED = {"=": "=", "<=": ">=", ">=": "<=", "propto": "propto"}


@dataclass
class Attempt:
    """What came of looking for a proof: a theorem, or what one would need beyond the givens."""

    theorem: Theorem | None = None
    missing: tuple[Basic, ...] = ()


@dataclass
class Prover:
    """Looks for a proof of one relation in one context; normal forms that were made are kept."""

    where: Context
    rules: Rulebook
    kept: Kept = field(default_factory=dict)
    lemmas: Lemmas = dict
    work: int = 0
    _forms: dict[tuple[Basic, int], Normaliser] = field(default_factory=dict)

    def normal(self, term: Basic, stage: int) -> Normaliser:
        """The normal form of a term."""
        found = self._forms.get((term, stage))
        if found is None:
            before = self.normal(term, stage - 1) if stage > STRUCTURE else None
            found = Normaliser(term, self.where, self.rules, stage, self.kept, before, self.lemmas).run()
            self._forms[term, stage] = found
            self.work += found.work
        return found

    # ---- equations ----

    def equation(self, lhs: Basic, rhs: Basic) -> Theorem | None:
        """lhs = rhs by normal forms, first of their structure alone, then with the model's laws written out."""
        return self.closed((), lhs, rhs)

    def closed(self, steps: Sequence[Step], reached: Basic, target: Basic) -> Theorem | None:
        """The theorem `start REL target` where steps lead to `reached`, and that is equal to the target."""
        left, right = self.normal(reached, STRUCTURE), self.normal(target, STRUCTURE)
        for stage in STAGES:
            if stage >= CLOSED and not any(self._goes_on(side.term, stage) for side in (left, right)):
                continue
            left, right = self.normal(reached, stage), self.normal(target, stage)
            theorem = self._joined([*steps, *left.steps], left.term, right, steps[0].before if steps else reached)
            if theorem is not None:
                return theorem
            if not (speaks_of_laws(left.term) or speaks_of_laws(right.term)):
                break
        return None

    @staticmethod
    def _goes_on(term: Basic, stage: int) -> bool:
        """Whether a term speaks of what this stage of a normal form is about: Gaussians, in the last one scores too."""
        return _has_gaussian(term) or (stage == NOISE and {Gradient, Expectation} <= kinds_of(term))

    def _joined(self, steps: list[Step], term: Basic, right: Normaliser, start: Basic) -> Theorem | None:
        try:
            link, lemmas = self._link(term, right.term)
            steps = [*steps, *link]
            if not right.steps:
                return kernel.chain(start, steps, self.where, {**self._cited(steps), **lemmas})
            lemma = kernel.chain(right.steps[0].before, right.steps, self.where, self._cited(right.steps))
            steps.append(by_result(right.term, (), lemma, {}, self.where, name=OTHER_SIDE, backward=True))
            return kernel.chain(start, steps, self.where, {**self._cited(steps), **lemmas, OTHER_SIDE: lemma})
        except DeriveError:
            return None

    def _link(self, term: Basic, other: Basic) -> tuple[list[Step], Mapping[str, Theorem]]:
        """The step from one normal form to the other: algebra, or M⁻¹ = B where M B is the identity."""
        if term == other:
            return [], {}
        try:
            return [by_algebra(term, (), other, self.where)], {}
        except DeriveError:
            if not any(Inverse in kinds_of(side) for side in (term, other)):
                raise
        for first, second in ((term, other), (other, term)):
            steps = self._without_sums(first, second)
            if steps and first is term:
                return steps, {}
            if steps:
                found = kernel.chain(other, steps, self.where)
                return [by_result(term, (), found, {}, self.where, name=PRODUCT, backward=True)], {PRODUCT: found}
        raise KernelRefusal("the two normal forms are not shown to be equal")

    def _without_sums(self, term: Basic, other: Basic) -> list[Step]:
        """The steps from a term to another: M⁻¹ = B at sight, or inverses of sums written by other inverses."""
        try:
            if isinstance(term, Inverse):
                return [self._inverted(term, other)]
        except DeriveError:
            pass
        steps: list[Step] = []
        for _ in range(_MOST_INVERSES):
            current = steps[-1].after if steps else term
            step = self._sum_inverted(current)
            if step is None:
                break
            steps.append(step)
            try:
                return [*steps, by_algebra(step.after, (), other, self.where)]
            except DeriveError:
                continue
        return []

    def _sum_inverted(self, term: Basic) -> Step | None:
        """The first inverse of a sum of inverses in a term, by Woodbury's identity."""
        for path, node in walk(term):
            if not isinstance(node, Inverse) or not is_value(term, path):
                continue
            for name in SUMS:
                for place, substitution in proposals(self.rules[name], node, path, False, {}):
                    try:
                        return by_rule(term, place, self.rules[name], substitution, self.where)
                    except DeriveError:
                        continue
        return None

    def _inverted(self, inverse: Basic, other: Basic) -> Step:
        return by_rule(inverse, (), self.rules[INVERSE], {"A": inverse.args[0], "B": other}, self.where)

    def _cited(self, steps: Sequence[Step]) -> Mapping[str, Theorem]:
        """The lemmas, where steps rest on one."""
        return self.lemmas() if any(step.justification.kind == "result" for step in steps) else {}

    # ---- inequalities ----

    def bounded(self, lower: Basic, upper: Basic) -> Theorem | None:
        """upper ≥ lower, where upper = lower + K and a rule says that K is not negative."""
        forms = tuple(self.normal(side, STRUCTURE).term for side in (lower, upper))
        for bound in candidates((lower, upper), forms, self.where):
            whole = Add(lower, bound)
            step = dropped(whole, bound, self.where, self.rules)
            if step is None or step.after != lower or (isinstance(bound, Expectation) and not _settled(step)):
                continue
            equal = self.equation(upper, whole)
            if equal is None:
                continue
            try:
                found = by_result(upper, (), equal, {}, self.where, name=DIFFERENCE)
                return kernel.chain(upper, [found, step], self.where, {DIFFERENCE: equal})
            except DeriveError:
                continue
        return None

    # ---- proportionality ----

    def proportional(self, lhs: Basic, rhs: Basic, variables: frozenset[Basic]) -> Theorem | None:
        """lhs ∝ rhs in some variables: both written out, and a factor between them that does not have the variables."""
        for stage in STAGES:
            left, right = self.normal(lhs, stage), self.normal(rhs, stage)
            facts, _ = facts_with_powers(self.where, left.term, right.term)
            factor = _as_powers(algebra.tidy(Mul(left.term, Pow(right.term, -1)), facts), facts)
            try:
                steps = [*left.steps, by_proportion(left.term, right.term, factor, variables, self.where)]
                if not right.steps:
                    return kernel.chain(lhs, steps, self.where, self._cited(steps))
                lemma = kernel.chain(rhs, right.steps, self.where, self._cited(right.steps))
                steps.append(by_result(right.term, (), lemma, {}, self.where, name=OTHER_SIDE, backward=True))
                return kernel.chain(lhs, steps, self.where, {**self._cited(steps), OTHER_SIDE: lemma})
            except DeriveError:
                continue
        return None

    # ---- search ----

    def searched(self, lhs: Basic, rhs: Basic, relation: str) -> Attempt:
        """`lhs REL rhs` by rules from the left, then from the right; else what one rule would need to give it."""
        opened: list[tuple[Step, Basic]] = []
        self.work = 0
        for source, target, wanted in ((lhs, rhs, relation), (rhs, lhs, _TURNED[relation])):
            explorer = Explorer(self.where, self.rules, frozenset({"=", wanted}))
            for number, state in enumerate(explorer.states(source, target)):
                if number >= _MOST_CLOSED or self.work > MOST_WORK:
                    break
                theorem = self.closed(state.steps, state.term, target)
                if theorem is not None:
                    return Attempt(theorem)
            opened += [(step, target) for step in explorer.open]
        for step, target in opened[:_MOST_CLOSED]:
            if self.work > 2 * MOST_WORK:
                break
            theorem = self.closed((step,), step.after, target)
            if theorem is not None:
                missing = [condition for condition in theorem.obligations if not is_regularity(condition)]
                return Attempt(theorem, tuple(missing))
        return Attempt()


def _as_powers(product: Any, facts: Sequence[Any]) -> Any:
    """A product with e^(c log f + …) written as f^c …, so that powers of one density come together."""
    factors: list[Any] = []
    for factor in Mul.make_args(product):
        for term in algebra.expand(factor.args[0], facts) if isinstance(factor, exp) else ():
            logs = [part for part in Mul.make_args(term) if isinstance(part, log)]
            rest = Mul(*(part for part in Mul.make_args(term) if part not in logs))
            factors.append(Pow(logs[0].args[0], rest) if len(logs) == 1 else exp(term))
        factors += [] if isinstance(factor, exp) else [factor]
    return Mul(*factors)


def _settled(step: Step) -> bool:
    """Whether a step leaves open no more than regularity."""
    return all(map(is_regularity, step.obligations))


def _has_gaussian(term: Basic) -> bool:
    return Normal in kinds_of(term)


def prover_of(statement: Relation, where: Context, rules: Rulebook, lemmas: Lemmas = dict) -> Prover:
    """The prover of a relation, with what was derived of the model before.

    What the claim and the definitions keep right of every bar stays there.
    """
    model = where.model
    return Prover(where, rules, kept_givens((*statement.args[:2], *model.statements)), lemmas)


def shortly(statement: Relation, prover: Prover) -> Attempt:
    """A proof without a search: by one rule that says it, else by normal forms."""
    lhs, rhs = statement.args[0], statement.args[1]
    relation = _RELATIONS.get(type(statement), "")
    named = instance_of_a_rule(lhs, rhs, relation, prover.where, prover.rules)
    if named is not None:
        return Attempt(named)
    found = _by_normal_forms(statement, prover)
    return found if found.theorem is not None else Attempt(unfolded(lhs, rhs, relation, prover))


def _by_normal_forms(statement: Relation, prover: Prover) -> Attempt:
    lhs, rhs = statement.args[0], statement.args[1]
    match statement:
        case Proportional():
            return Attempt(prover.equation(lhs, rhs) or prover.proportional(lhs, rhs, frozenset(statement.variables)))
        case LessEqual():
            return Attempt(prover.bounded(lhs, rhs) or prover.equation(lhs, rhs))
        case GreaterEqual():
            return Attempt(prover.bounded(rhs, lhs) or prover.equation(lhs, rhs))
        case Equal():
            return Attempt(prover.equation(lhs, rhs))
    return Attempt()


def at_length(statement: Relation, prover: Prover) -> Attempt:
    """A proof by a search over rules; else what one rule would need to give it."""
    relation = _RELATIONS.get(type(statement))
    if relation is None:
        return Attempt()
    found = prover.searched(statement.args[0], statement.args[1], relation)
    if found.theorem is None and relation in ("<=", ">="):
        lower, upper = statement.args[:2] if relation == "<=" else statement.args[1::-1]
        found.theorem = rooted(lower, upper, prover.where, lambda low, high: prover.searched(low, high, "<=").theorem)
    return found


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


__all__ = ["Attempt", "Prover", "at_length", "names_of", "prover_of", "shortly"]
