"""Normal forms: a term rewritten by oriented rules, every one a kernel step, until none applies.

The rules and their directions are those of `orientation`. A step is taken only where nothing but regularity is left
open; what else it would have asked for is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from sympy import Add, Basic, Mul, Pow, Product, Sum, Symbol, log

from derive import algebra
from derive.clock import tick
from derive.errors import DeriveError
from derive.grounds.conditions import is_regularity
from derive.grounds.context import Context, Given
from derive.kernel import Step, Theorem, by_algebra, by_law, by_result, by_rule
from derive.models import Model
from derive.rulebook import Rulebook
from derive.search.affine_points import AFFINE_POINTS
from derive.search.choices import CHAINS, CHOICES, Chain
from derive.search.fields import FIELDS
from derive.search.gaussian_means import GAUSSIAN_MEANS
from derive.search.generation import Kept, last_generated, mixed, quotient, screened, through_a_state, within_a_joint
from derive.search.grouping import at_their_points, grouped
from derive.search.independent import INDEPENDENT
from derive.search.matrix_slopes import MATRIX_SLOPES
from derive.search.orientation import LAWS, NOISE, ORIENTED, Oriented
from derive.search.scores import SCORES
from derive.search.squared_sums import SQUARED_SUMS, factor_of_a_sum, squared_sum
from derive.search.stacked import posterior, stacked
from derive.search.standard_noise import standard_noise
from derive.tactics.rewrite import density_match, proposals, rule_steps
from derive.terms import (
    KL,
    AmbiguousIndex,
    Application,
    Covariance,
    CrossEntropy,
    Density,
    DerivativeIn,
    Divergence,
    Entropy,
    Equal,
    Expectation,
    Gradient,
    Integral,
    Normal,
    Probability,
    Variable,
    Variance,
    at,
    binding,
    is_value,
    mentions,
)
from derive.terms.positions import Path

Lemmas = Callable[[], Mapping[str, Theorem]]
"""Densities in closed form that were derived of the model before, by name; asked for where a density is met."""

MOST_STEPS = 160
MOST_WORK = 3000
"""So many steps are made, and so many places looked at, for one normal form."""
_MOST_TRIES = 12
_HEADS = (KL, Covariance, CrossEntropy, Density, DerivativeIn, Divergence, Entropy, Expectation, Gradient, Integral,
          Normal, Probability, Variance)  # fmt: skip

_CHOICES = {
    **CHOICES, **AFFINE_POINTS, **FIELDS, **GAUSSIAN_MEANS, **INDEPENDENT, **MATRIX_SLOPES, **SCORES, **SQUARED_SUMS,
}  # fmt: skip
BY_HEAD: dict[str, tuple[Oriented, ...]] = {}
for _entry in ORIENTED:
    BY_HEAD[_entry.head] = (*BY_HEAD.get(_entry.head, ()), _entry)


@lru_cache(maxsize=50_000)
def speaks_of_laws(term: Basic) -> bool:
    """Whether a density, a probability, or an operator that binds stands in a term."""
    if isinstance(term, (*_HEADS, Product)):
        return True
    if isinstance(term, (Symbol, Variable, Application)):
        return False
    return any(speaks_of_laws(arg) for arg in term.args)


class Normaliser:
    """Brings one term to its normal form; `steps` holds the kernel steps, `missing` what a step would have needed."""

    def __init__(
        self, term: Basic, where: Context, rules: Rulebook, stage: int, kept: Kept, before: Normaliser | None = None,
        lemmas: Lemmas = dict,
    ) -> None:  # fmt: skip
        self.where, self.rules, self.stage, self.kept = where, rules, stage, kept
        self.term: Basic = term if before is None else before.term
        self.steps: list[Step] = [] if before is None else list(before.steps)
        self.missing: list[Basic] = [] if before is None else list(before.missing)
        self.lemmas = lemmas
        self.named = named_by_laws(where.model)
        self.work = 0
        self._done: set[Any] = set()
        self._seen: set[Basic] = {self.term}
        self._expanded: set[Basic] = set()
        self._unfolded: set[Basic] = set()

    def run(self) -> Normaliser:
        """Rewrite until nothing applies, or the budget is used up."""
        while len(self.steps) < MOST_STEPS and self.work < MOST_WORK and self._visit((), self.term, self.where):
            pass
        return self

    # ---- walking ----

    def _visit(self, path: Path, node: Basic, local: Context) -> bool:
        """Make the first step that applies at a node or below it; whether one was made."""
        self.work += 1
        tick()
        key = (node, local.hidden, local.facts.rows, _is_measure(self.term, path), _in_logarithm(self.term, path))
        if key in self._done:
            return False
        if is_value(self.term, path):
            if self._unfold(path, node, local) or self._valued(path, node):
                return True
            if not speaks_of_laws(node) and not self._spoken_for(node):
                self._done.add(key)
                return False
            if self._rules(path, node, local, first=True):
                return True
        binds = isinstance(node, Basic) and _binds(node)
        for place, part in enumerate(node.args):
            if isinstance(part, Basic) and part.args:
                inner = self.where.at(self.term, (*path, place)) if binds else local
                if self._visit((*path, place), part, inner):
                    return True
            elif isinstance(part, Basic) and is_value(self.term, (*path, place)):
                inner = self.where.at(self.term, (*path, place)) if binds else local
                if self._unfold((*path, place), part, inner) or self._valued((*path, place), part):
                    return True
        if is_value(self.term, path) and (
            self._expand(path, node, local) or self._rules(path, node, local, first=False)
        ):
            return True
        self._done.add(key)
        return False

    def _spoken_for(self, node: Basic) -> bool:
        """Whether a name in a term is given by something that speaks of laws."""
        return any(self._meaning(name, self.where) is not None or self._is_named(name) for name in _names(node))

    # ---- moves ----

    def _rules(self, path: Path, node: Basic, local: Context, *, first: bool) -> bool:
        if isinstance(node, Density) and not first and self._law(path, node):
            return True
        if isinstance(node, (Gradient, Expectation)) and not first and self._chained(path, node, local):
            return True
        if self.stage >= NOISE and isinstance(node, Expectation) and not first and self._over_noise(path):
            return True
        for entry in BY_HEAD.get(type(node).__name__, ()):
            later = not first and isinstance(node, Integral)
            if (entry.first == first or later) and entry.stage <= self.stage:
                if first and isinstance(node, Integral) and self._another_name(node.body):
                    continue
                if self._oriented(entry, path, node, local):
                    return True
        return False

    def _oriented(self, entry: Oriented, path: Path, node: Basic, local: Context) -> bool:
        if entry.rule not in self.rules:
            return False
        if isinstance(node, log) and not speaks_of_laws(node):
            return False
        rule = self.rules[entry.rule]
        for number, (place, substitution) in enumerate(self._proposed(entry, rule, path, node, local)):
            if number >= _MOST_TRIES:
                break
            made = partial(by_rule, self.term, place, rule, substitution, self.where, backward=entry.backward)
            if self._take(lambda: [made(loosely=entry.loosely)]):  # noqa: B023
                return True
        return False

    def _proposed(
        self, entry: Oriented, rule: Any, path: Path, node: Any, local: Context
    ) -> Iterator[tuple[Path, dict[str, Any]]]:
        measured = _is_measure(self.term, path)
        if entry.choice == "screened":
            found: Iterator[dict[str, Any]] = screened(node, local)
        elif entry.choice == "quotient":
            found = iter(()) if measured else quotient(node, local, self.kept)
        elif entry.choice == "last-generated":
            found = iter(()) if measured else last_generated(node, local)
        elif entry.choice == "squared-sum-below":
            yield from (((*path, 0), found) for found in squared_sum(node.body, local))
            return
        elif entry.choice == "factor-of-a-sum":
            yield from (((*path, 0), found) for found in factor_of_a_sum(node.body))
            return
        elif entry.choice == "posterior":
            if posterior(node):
                yield from proposals(rule, node, path, entry.backward, {})
            return
        elif entry.choice == "through-a-state":
            found = through_a_state(node, local)
        elif entry.choice == "within-a-joint":
            found = iter(()) if measured else within_a_joint(node, local)
        elif entry.choice in ("stacked", "stacked-second"):
            found = stacked(node, self.term, second=entry.choice != "stacked")
        elif entry.choice == "mixed":
            found = iter(()) if measured else mixed(node, local)
        elif entry.head == "Normal" and (measured or _in_logarithm(self.term, path)):
            return
        elif entry.choice == "latent" and any(True for part in _names(node) for _ in self._derived(part)):
            return  # it has a closed form
        elif entry.choice:
            found = _CHOICES[entry.choice](node, local)
        elif rule.unbound(backward=entry.backward):
            return
        else:
            yield from proposals(rule, node, path, entry.backward, {})
            return
        try:
            for substitution in found:
                yield path, substitution
        except AmbiguousIndex:  # nothing is proposed where an open index would decide
            return

    def _take(self, make: Any) -> bool:
        """Take the steps that `make` gives where only regularity stays open."""
        try:
            steps: Sequence[Step] = make()
        except DeriveError:
            return False
        if not steps or steps[-1].after in self._seen:
            return False
        opened = [condition for step in steps for condition in step.obligations if not is_regularity(condition)]
        if opened:
            self.missing += [condition for condition in opened if condition not in self.missing]
            return False
        self.steps += steps
        self.term = steps[-1].after
        self._seen.add(self.term)
        return True

    def _another_name(self, body: Basic) -> bool:
        """Whether a density is given as a density of another law, which is put in before anything else."""
        laws = (law for law in self.where.model.laws if isinstance(law.rhs, Density))
        return isinstance(body, Density) and any(density_match(law.lhs, body, self.where) is not None for law in laws)

    def _law(self, path: Path, node: Density) -> bool:
        measured = _is_measure(self.term, path)
        for number, law in enumerate(self.where.model.given_densities):
            gaussian = isinstance(law.rhs, Normal)
            if law in self.where.model.namings:
                continue
            if (gaussian and self.stage < LAWS) or (measured and not gaussian) or _of_itself(law):
                continue
            mapping = density_match(law.lhs, node, self.where)
            if mapping is not None and self._take(
                lambda: [by_law(self.term, path, number, mapping, self.where)]  # noqa: B023
            ):
                return True
        return self.stage >= LAWS and self._lemma(path, node)

    def _lemma(self, path: Path, node: Density) -> bool:
        """Replace a density by what was derived for it before."""
        for name, theorem, mapping in self._derived(node):
            if self._take(lambda: [by_result(self.term, path, theorem, mapping, self.where, name=name)]):  # noqa: B023
                return True
        return False

    def _is_named(self, node: Basic) -> bool:
        """Whether a law gives a quantity its name, which the rest of the model determines."""
        return bool(self.named) and isinstance(node, (Symbol, Variable, Application)) and str(node.name) in self.named

    def _names_a_law(self, term: Basic) -> bool:
        """Whether a term has the name of a law's mean or spread: σ_t² = β̃_t is said of what the law determines."""
        return any(map(self._is_named, _names(term)))

    def _valued(self, path: Path, node: Basic) -> bool:
        """Replace a quantity that a law names by what the rest of the model makes it."""
        return self._is_named(node) and self._lemma(path, node)

    def _derived(self, node: Basic) -> Iterator[tuple[str, Theorem, dict[Basic, Any]]]:
        """What was derived for a density before, at the indices and points that turn it into this one."""
        for name, theorem in self.lemmas().items():
            known = replace(self.where, indices=self.where.indices | theorem.context.indices)
            mapping = density_match(theorem.statement.lhs, node, known)
            if mapping is not None:
                yield name, theorem, mapping

    def _chained(self, path: Path, node: Any, local: Context) -> bool:
        """The gradient of an expectation whose law depends on the variable; the mean of such a law's score."""
        fitting = (chain for chain in CHAINS if chain.fits(node, local))
        return any(self._take(lambda: self._run(chain, node, local)) for chain in fitting)  # noqa: B023

    def _over_noise(self, path: Path) -> bool:
        """A mean over a Gaussian, or over what a Gaussian law generates, as one over standard noise."""
        return any(self._take(lambda: steps) for steps in standard_noise(self.term, path, self.where, self.rules))  # noqa: B023

    def _run(self, chain: Chain, node: Basic, local: Context) -> list[Step]:
        """The rules of a chain one after the other, wherever the term stands: it is followed by what it becomes."""
        steps: list[Step] = []
        for name, backward, below in chain.steps:
            target, whole = at(node, below), steps[-1].after if steps else self.term
            alone = rule_steps(node, self.rules[name], local, backward=backward, only=target)
            steps += rule_steps(whole, self.rules[name], self.where, backward=backward, only=target)
            node = alone[-1].after
        return steps

    def _expand(self, path: Path, node: Any, local: Context) -> bool:
        """Multiply out the body of a linear operator, one term for each way in which it depends on what is bound."""
        if isinstance(node, log):
            return self._split_logarithm(path, node, local)
        if not isinstance(node, (Divergence, Expectation, Integral, Gradient)) or node.body in self._expanded:
            return False
        self._expanded.add(node.body)
        inside = self.where.at(self.term, (*path, 0))
        terms = algebra.expand(node.body, inside.algebra_facts(node.body))
        new = at_their_points(grouped(terms, node.bound, inside))
        self._expanded.add(new)
        if new == node.body:
            return False
        return self._take(lambda: [by_algebra(self.term, (*path, 0), new, self.where)])

    def _split_logarithm(self, path: Path, node: Any, local: Context) -> bool:
        """log(p/q) as log p − log q, where both are positive."""
        if not isinstance(node.args[0], (Mul, Pow)) or not speaks_of_laws(node) or node in self._expanded:
            return False
        self._expanded.add(node)
        new = Add(*algebra.expand(node, local.algebra_facts(node)))
        return new != node and self._take(lambda: [by_algebra(self.term, path, new, self.where)])

    def _unfold(self, path: Path, node: Basic, local: Context) -> bool:
        """Replace a name by what it is given as, where that speaks of laws."""
        meaning = self._meaning(node, local, self._counted(path, node))
        if meaning is None:
            return False
        return self._take(lambda: [by_algebra(self.term, path, meaning, self.where)])

    def _counted(self, path: Path, node: Basic) -> bool:
        """Whether a mean stands below a sum over an index of its: algebra looks there at no single term."""
        if not isinstance(node, (Expectation, Variance, Covariance)):
            return False
        above = (at(self.term, path[:length]) for length in range(len(path)))
        return any(
            limit[0] in node.free_symbols for part in above if isinstance(part, (Sum, Product)) for limit in part.limits
        )  # fmt: skip

    def _meaning(self, node: Basic, local: Context, counted: bool = False) -> Basic | None:
        kinds = (Symbol, Variable, Application, Expectation, Variance, Covariance, Entropy, KL, Gradient, Pow)
        if not isinstance(node, kinds):
            return None
        model = self.where.model
        if not (model.definitions or model.functions or model.equations):
            return None
        spoken = local.hidden or self.named or _given_by_laws(local.model, local.given)
        if not spoken and not any(map(speaks_of_laws, node.args)):
            return None
        varies = any(mentions(node, point) is not False for point in local.hidden)
        plain = isinstance(node, (Symbol, Variable, Application))
        for fact in local.algebra_facts(node):
            if not isinstance(fact, Equal):
                continue
            for name, value in ((fact.lhs, fact.rhs), (fact.rhs, fact.lhs))[: 2 if plain else 1]:
                wanted = name == node and (
                    varies or counted or isinstance(node, Gradient) or speaks_of_laws(value)
                    or (not self._is_named(node) and self._names_a_law(value))
                )
                if wanted and not any(part == node for part in _names(value)):
                    return value
        return None


@lru_cache(maxsize=256)
def _given_by_laws(model: Model, given: tuple[Given, ...]) -> bool:
    """Whether something is given as what speaks of laws: else a name that does not has no such meaning."""
    ties = [*model.definitions, *model.functions, *model.equations, *(hypothesis.statement for hypothesis in given)]
    sides = [side for tie in ties if isinstance(tie, Equal) for side in tie.args]
    return any(map(speaks_of_laws, (*sides, *(recursion.step for recursion in model.recursions))))


@lru_cache(maxsize=512)
def named_by_laws(model: Model) -> frozenset[str]:
    """The names that stand bare as the mean, the variance or the covariance of a Gaussian that is given."""
    parts = [
        part for law in (*model.laws, *model.namings) if isinstance(law.rhs, Normal)
        for part in (law.rhs.mean, law.rhs.variance, law.rhs.covariance)
    ]  # fmt: skip
    return frozenset(str(part.name) for part in parts if isinstance(part, (Symbol, Variable, Application)))


def _names(term: Basic) -> Iterator[Basic]:
    """Every subterm that might be given by an equation."""
    stack = [term]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(arg for arg in node.args if isinstance(arg, Basic))


def _binds(node: Basic) -> bool:
    try:
        return binding(node) is not None
    except DeriveError:
        return False


def _of_itself(law: Equal) -> bool:
    """Whether a law is given as an integral of its own conditionals alone, which every law is."""
    laws = {part.law for part in _names(law.rhs) if isinstance(part, Density)}
    return isinstance(law.rhs, Integral) and laws == {law.lhs.law}


def _in_logarithm(term: Basic, path: Path) -> bool:
    return bool(path) and isinstance(at(term, path[:-1]), log)


def _is_measure(term: Basic, path: Path) -> bool:
    """Whether the measure of an expectation or moment stands at a path."""
    if not path:
        return False
    parent = at(term, path[:-1])
    return isinstance(parent, (Expectation, Variance, Covariance)) and path[-1] == len(parent.args) - 1
