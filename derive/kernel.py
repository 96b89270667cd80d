"""The kernel: the only place where a step becomes part of a derivation.

A step is `before REL after` at a position, with a justification: a rule of the rulebook, exact algebra, a law that the
model gives, a hypothesis, an earlier result. The kernel does not search: it instantiates, compares and checks
conditions. Steps chain to a `Theorem`; induction on an index, the normalisation of a density and the terms of a sum
make theorems from theorems. Nothing else does: a `Theorem` cannot be built outside this file.

What it relies on: `derive.terms` (substitution), `derive.rulebook` (what a rule says), `derive.algebra` (exact
equality) and `derive.grounds`: `context`, `conditions` (what a model implies at a place), `universal`, `instances`
(statements at other values), `monotone` (what a position does to a relation).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass, field, replace
from typing import Any

from sympy import Add, Basic, Integer, Mul, Sum, Symbol

from derive import algebra
from derive.errors import KernelRefusal
from derive.grounds import universal, wholes
from derive.grounds.conditions import decide
from derive.grounds.context import Context, Discharge, as_relations, is_range
from derive.grounds.implied import not_implied
from derive.grounds.instances import cited
from derive.grounds.monotone import TURNED, compose, lift
from derive.grounds.powers import exactly
from derive.grounds.universal import cancelled, free_points, free_to_vary, instantiate, proportional_in
from derive.models.facts import law_range
from derive.rulebook import Condition, Rule
from derive.terms import (
    Density,
    Disjoint,
    Equal,
    ForEvery,
    GreaterEqual,
    Independent,
    LebesgueMeasure,
    LessEqual,
    Normal,
    PositiveDefinite,
    Proportional,
    Relation,
    Run,
    Variable,
    alpha_equal,
    at,
    context,
    is_scalar,
    is_value,
    mentions,
    put,
    sort_of,
    substitute,
)
from derive.terms.positions import Path
from derive.terms.statements import Greater

_KEY = object()
RELATIONS = {Equal: "=", LessEqual: "<=", GreaterEqual: ">=", Proportional: "propto"}
_CLASSES: dict[str, Any] = {"=": Equal, "<=": LessEqual, ">=": GreaterEqual}


@dataclass(frozen=True)
class Justification:
    """Why a step holds: its kind, the name of what is used, the direction, and the substitution."""

    kind: str  # "rule" | "algebra" | "law" | "given" | "result" | "proportion"
    name: str = ""
    backward: bool = False
    substitution: tuple[tuple[Any, Any], ...] = ()
    reference: str = ""  # the hash of a rule's statement; the number of a law or a hypothesis


@dataclass(frozen=True)
class Step:
    """`before relation after`, made at a path of the whole term; the conditions say how each was discharged."""

    before: Basic
    after: Basic
    relation: str
    path: Path
    justification: Justification
    conditions: tuple[Discharge, ...] = ()
    variables: frozenset[Basic] = frozenset()
    context: Context | None = field(default=None, repr=False, compare=False)
    key: InitVar[object] = None

    def __post_init__(self, key: object) -> None:
        if key is not _KEY:
            raise KernelRefusal("a step is made by the kernel's own rules only")

    @property
    def obligations(self) -> tuple[Basic, ...]:
        """The conditions that are open."""
        return tuple(entry.condition for entry in self.conditions if entry.answer is None)


@dataclass(frozen=True)
class Theorem:
    """A relation that follows from the model and the hypotheses of its context, up to its obligations."""

    statement: Relation
    context: Context
    steps: tuple[Step, ...]
    obligations: tuple[Basic, ...]
    rests_on: frozenset[tuple[str, str]]
    how: str = "chain"
    parts: tuple[Theorem, ...] = ()
    lemmas: tuple[tuple[str, Theorem], ...] = ()
    key: InitVar[object] = None

    def __post_init__(self, key: object) -> None:
        if key is not _KEY:
            raise KernelRefusal("a theorem is made by the kernel's own rules only")


# ---- steps --------------------------------------------------------------------------------------------------------


def by_rule(
    term: Basic, path: Path, rule: Rule, substitution: Mapping[str, Any], where: Context, *, backward: bool = False,
    loosely: bool = False,
) -> Step:  # fmt: skip
    """Rewrite the subterm at a path by an instance of a rule, all of whose conditions are looked at there.

    `loosely` lets the subterm be what the rule says up to exact algebra, not only to the letter.
    """
    if rule.fallacy:
        raise KernelRefusal(f"{rule.name} is a fallacy: {rule.fallacy}")
    universal.real(substitution.values())
    local = where.at(term, path)
    instance = rule.instantiate(substitution, local.facts)
    statement = instance.statement
    if type(statement) not in RELATIONS:
        raise KernelRefusal(f"{rule.name} is no equation and no inequality: nothing can be rewritten by it")
    source, result = (instance.rhs, instance.lhs) if backward else (instance.lhs, instance.rhs)
    conditions = _same(source, at(term, path), f"{rule.name} says nothing of this term", local if loosely else None)
    asked = (_asked(condition, local) for condition in instance.conditions)
    conditions += [*asked, *universal.runs_of(substitution.values(), term, local)]
    reference = rule.hash + (" loosely" if loosely else "")
    justification = Justification("rule", rule.name, backward, _sorted(substitution), reference)
    variables = frozenset(statement.variables) if isinstance(statement, Proportional) else frozenset()
    relation = RELATIONS[type(statement)]
    return _step(term, path, result, relation, backward, justification, conditions, where, variables)


def by_algebra(term: Basic, path: Path, new: Basic, where: Context) -> Step:
    """Replace the subterm at a path by an ordinary expression that exact algebra proves equal to it."""
    local = where.at(term, path)
    old = at(term, path)
    answer, conditions = exactly(old, new, local)
    if answer.status != "equal" or not answer.exact:
        shown = "they are different" if answer.status == "different" else "it is not shown"
        raise KernelRefusal("algebra does not give this line: " + shown)
    justification = Justification("algebra", "algebra", False, (("new", new),))
    return _step(term, path, new, "=", False, justification, conditions, where)


def by_law(term: Basic, path: Path, number: int, mapping: Mapping[Basic, Any], where: Context) -> Step:
    """Replace a density, or a function, by what the model gives for it, at the indices and points that occur."""
    local = where.at(term, path)
    law = where.model.given_densities[number]
    free_to_vary(law.lhs, replace(where, given=()), mapping, where)
    instance = instantiate(law, mapping, local)
    _same(instance.lhs, at(term, path), "the model says nothing of this density")
    conditions = [replace(decide(r, local), kind="range") for r in law_range(where.model, law.lhs, mapping)]
    conditions += cancelled(law, instance, mapping, local)
    name = law.lhs.law.name if isinstance(law.lhs, Density) else law.lhs.name
    justification = Justification("law", str(name), False, _sorted(mapping), str(number))
    return _step(term, path, instance.rhs, "=", False, justification, conditions, where)


def by_given(
    term: Basic, path: Path, number: int, mapping: Mapping[Basic, Any], where: Context, *, backward: bool = False
) -> Step:
    """Rewrite by a hypothesis of the context, at any value of the variables it is universal in."""
    given = where.given[number]
    local = where.at(term, path)
    if given not in local.given:
        raise KernelRefusal("a hypothesis about a variable cannot be used where that variable is bound")
    if not isinstance(given.statement, Equal) or not set(mapping) <= given.universal:
        raise KernelRefusal("the hypothesis does not hold for these values")
    instance = instantiate(given.statement, mapping, local)
    source, result = (instance.rhs, instance.lhs) if backward else (instance.lhs, instance.rhs)
    _same(source, at(term, path), "the hypothesis says nothing of this term")
    justification = Justification("given", "hypothesis", backward, _sorted(mapping), str(number))
    conditions = cancelled(given.statement, instance, mapping, local)
    return _step(term, path, result, "=", backward, justification, conditions, where)


def by_result(
    term: Basic, path: Path, theorem: Theorem, mapping: Mapping[Basic, Any], where: Context, *, name: str,
    backward: bool = False,
) -> Step:  # fmt: skip
    """Rewrite by an earlier theorem at other indices and points, or at other values; its hypotheses are conditions."""
    local = where.at(term, path)
    target = at(term, path)
    instance, conditions = cited(theorem, mapping, target, local, where)
    source, result = (instance.rhs, instance.lhs) if backward else (instance.lhs, instance.rhs)
    _same(source, target, f"{name} says nothing of this term")
    justification = Justification("result", name, backward, _sorted(mapping))
    relation = RELATIONS[type(theorem.statement)]
    variables = proportional_in(theorem.statement, instance, mapping, local)
    return _step(term, path, result, relation, backward, justification, conditions, where, variables)


def by_proportion(term: Basic, new: Basic, factor: Basic, variables: frozenset[Basic], where: Context) -> Step:
    """`term ∝ new` in some variables: term = factor · new by algebra, the factor positive and without them."""
    for variable in variables:
        if not isinstance(variable, (Symbol, Variable, Run)) or mentions(factor, variable, where.facts) is not False:
            raise KernelRefusal("the factor that is dropped depends on the variable of the proportionality")
    answer, conditions = exactly(term, Mul(factor, new), where)
    if answer.status != "equal" or not answer.exact:
        raise KernelRefusal("the two sides are not shown to differ by that factor")
    conditions.append(decide(Greater(factor, 0), where))
    justification = Justification("proportion", "constants", False, (("factor", factor),))
    return _step(term, (), new, "propto", False, justification, conditions, where, variables)


def _step(
    term: Basic, path: Path, result: Basic, relation: str, backward: bool, justification: Justification,
    conditions: Sequence[Discharge], where: Context, variables: frozenset[Basic] = frozenset(),
) -> Step:  # fmt: skip
    if not is_value(term, path):
        raise KernelRefusal("a name or a bound variable stands here, and no value that could be rewritten")
    for entry in conditions:
        if entry.answer is False:
            raise KernelRefusal(
                f"a condition of {justification.name} does not hold here: {entry.condition}", step=entry.condition
            )
    relation = TURNED[relation] if backward else relation
    conditions = [_for_every(entry, context(term, path, where.facts)[1]) for entry in conditions]
    after = put(term, path, result)
    universal.meaningful(after)
    if sort_of(after) != sort_of(term) and not (is_scalar(after) and is_scalar(term)) and after != 0:
        raise KernelRefusal("the step changes the sort of the term")
    lifted = lift(relation, term, after, path, where)
    return Step(term, after, lifted, path, justification, tuple(conditions), variables, where, _KEY)


def _same(source: Basic, target: Basic, message: str, local: Context | None = None) -> list[Discharge]:
    """Nothing, where two terms are the same; with a context, what equality by exact algebra asks for."""
    if alpha_equal(source, target):
        return []
    if local is not None:
        answer = algebra.decide(source, target, local.algebra_facts(source, target))
        if answer.status == "equal" and answer.exact:
            return [decide(condition, local) for condition in answer.provided]
    raise KernelRefusal(message, step=(source, target), expected=str(source), hint=f"here stands {target}")


def _sorted(mapping: Mapping[Any, Any]) -> tuple[tuple[Any, Any], ...]:
    return tuple(sorted(mapping.items(), key=lambda item: str(item[0])))


def _asked(condition: Condition, local: Context) -> Discharge:
    """A rule's condition, for all values of what the rule binds, under the rule's law; shared variables are refused."""
    statement = condition.statement
    if isinstance(statement, Independent) and statement.law is None and condition.law is not None:
        statement = Independent(statement.left, statement.right, statement.given, condition.law)
    found = decide(statement, local.below(condition.bound, condition.facts))
    if isinstance(statement, Disjoint) and found.answer is not True:
        state = "share a variable" if found.answer is False else "may share a variable for some index; state its range"
        raise KernelRefusal(f"sets of variables that the rule keeps apart {state}", step=statement)
    return _for_every(replace(found, kind=condition.kind), condition.bound)


def _for_every(entry: Discharge, bound: Sequence[Basic]) -> Discharge:
    """An open condition about bound variables is open for all their values."""
    spoken = [point for point in bound if mentions(entry.condition, point) is not False]
    if entry.answer is None and spoken:
        return replace(entry, condition=ForEvery(entry.condition, spoken))
    return entry


# ---- theorems -----------------------------------------------------------------------------------------------------


def chain(start: Basic, steps: Sequence[Step], where: Context, results: Mapping[str, Theorem] | None = None) -> Theorem:
    """The theorem `start REL last term` of steps that follow on each other; their relations must compose."""
    if not where.consistent:
        raise KernelRefusal("the index ranges contradict each other, and everything would follow from them")
    relation, variables, current = "=", None, start
    obligations: list[Basic] = []
    rests: set[tuple[str, str]] = set()
    for step in steps:
        if step.context is None or not where.covers(step.context):
            raise KernelRefusal("a step was made under other assumptions")
        if step.before != current:
            raise KernelRefusal("a step does not follow on the one before it")
        relation, variables = compose(relation, variables, step.relation, step.variables)
        current = step.after
        obligations += [condition for condition in step.obligations if condition not in obligations]
        rests.add((step.justification.kind, step.justification.name))
    wholes.counts_with_what_is_stated((start, *(step.after for step in steps)), where)
    for name, theorem in (results or {}).items():  # a condition that was derived before is open no longer
        if theorem.statement in obligations and where.covers(theorem.context):
            obligations.remove(theorem.statement)
            obligations += [condition for condition in theorem.obligations if condition not in obligations]
            rests.add(("result", name))
    statement: Relation
    if relation == "propto":
        statement = Proportional(start, current, variables or ())
    else:
        statement = _CLASSES[relation](start, current)
    used = tuple((name, theorem) for name, theorem in (results or {}).items() if ("result", name) in rests)
    for name, theorem in used:
        rests |= theorem.rests_on
        if theorem.how != "chain" and theorem.statement.lhs == start:
            rests.discard(("result", name))  # this chain's own induction or normalisation, under its name there
    open_ = tuple(not_implied(obligations, where))
    return Theorem(statement, where, tuple(steps), open_, frozenset(rests), "chain", (), used, _KEY)


def normalise(theorem: Theorem) -> Theorem:
    """From p(x | …) ∝ N(x; m, Σ) in x: equality, since both sides integrate to one over x."""
    statement = theorem.statement
    if not isinstance(statement, Proportional):
        raise KernelRefusal("only a proportionality is normalised")
    density, normal = statement.lhs, statement.rhs
    if not isinstance(density, Density) or not isinstance(normal, Normal) or density.points != (normal.point,):
        raise KernelRefusal("a density of one variable and a Gaussian in that variable are needed")
    point = normal.point
    if point not in statement.variables or density.variables != (point,) or isinstance(point, Run):
        raise KernelRefusal("the proportionality is not in the variable of the density")
    if point not in free_points(theorem):
        raise KernelRefusal("a hypothesis fixes the variable that is to be integrated over")
    for part in (normal.mean, normal.covariance, *(pair[1] for pair in density.givens)):
        if mentions(part, point, theorem.context.facts) is not False:
            raise KernelRefusal("the variable of the density stands in its own parameters")
    found = [decide(c, theorem.context) for c in (PositiveDefinite(normal.covariance), LebesgueMeasure((point,)))]
    if any(entry.answer is False for entry in found):
        raise KernelRefusal("the variance is not positive")
    open_ = theorem.obligations + tuple(entry.condition for entry in found if entry.answer is None)
    return Theorem(
        Equal(density, normal), theorem.context, theorem.steps, open_,
        theorem.rests_on | {("normalisation", "normalisation")}, "normalisation", (theorem,), (), _KEY,
    )  # fmt: skip


def induction(base: Theorem, step: Theorem, index: Symbol, first: Any) -> Theorem:
    """P(t) for t ≥ first, from P(first) and from P(t − 1) ⟹ P(t) for t ≥ first + 1.

    The step's context holds P(t − 1) as its last hypothesis, universal in points and not in t; its other hypotheses are
    index ranges. They are ranges of the result too, and none may say more from below of t than t ≥ first + 1.
    """
    claim = step.statement
    if not isinstance(claim, Equal) or not step.context.given:
        raise KernelRefusal("an induction proves an equation from the same equation one index before")
    hypothesis = step.context.given[-1]
    previous = substitute(claim, {index: index - 1})
    _same(hypothesis.statement, previous, "the hypothesis of the step is not the claim one index before")
    fixed = {index.name, *step.context.model.quantities}
    if any(getattr(item, "name", "") in fixed for item in hypothesis.universal):
        raise KernelRefusal("the hypothesis must not be universal in the index, nor in a quantity of the model")
    _same(base.statement, substitute(claim, {index: first}), "the base is not the claim at the first index")
    if base.context.model != step.context.model:
        raise KernelRefusal("base and step speak of different models")
    for given in (*base.context.given, *step.context.given[:-1]):
        if not is_range(given, step.context.indices):
            raise KernelRefusal("an induction takes no hypothesis but index ranges")
    model, begins = step.context.model, GreaterEqual(index, first + 1)
    ranges = [given.statement for given in step.context.given[:-1] if given.statement != begins]
    whole = Context.of(model, (GreaterEqual(index, first), *ranges), (claim,)).about(claim)
    above = whole.facts.known(index - first - 1)
    started = whole.facts.known(first - index)
    for facts, available in ((step.context.facts, above), (base.context.facts, started)):
        for bound in as_relations(facts):
            if available.at_most(bound.lhs, bound.rhs) is not True:
                raise KernelRefusal("the induction's base or step uses more than the range of its index")
    universal.reaches_down(index, first, whole.facts)
    open_ = tuple(dict.fromkeys((*base.obligations, *step.obligations)))
    rests = base.rests_on | step.rests_on | {("induction", f"induction on {index}")}
    return Theorem(claim, whole, step.steps, open_, rests, "induction", (base, step), (), _KEY)


def added(total: Sum, parts: Sequence[Theorem]) -> Theorem:
    """Σ_{k=a}^{b} f(k) REL g_a + … + g_b, from f(k) REL g_k for each k from a to b, every one proved alone."""
    if not isinstance(total, Sum) or len(total.limits) != 1:
        raise KernelRefusal("a sum over one index is written out")
    index, low, high = total.limits[0]
    where, relation = parts[0].context if parts else None, "="
    if where is None or not low.is_Integer or where.facts.equal(high, low + len(parts) - 1) is not True:
        raise KernelRefusal("a sum is written out over whole numbers, with a theorem for each of its terms")
    for number, part in enumerate(parts, int(low)):
        if part.context != where:
            raise KernelRefusal("the terms are proved under different assumptions")
        _same(part.statement.lhs, substitute(total.function, {index: Integer(number)}), "a term is not that of the sum")
        relation, _ = compose(relation, None, RELATIONS[type(part.statement)], frozenset())
    if relation == "propto":
        raise KernelRefusal("proportionalities are not added")
    claim = _CLASSES[relation](total, Add(*(part.statement.rhs for part in parts)))
    open_ = tuple(dict.fromkeys(condition for part in parts for condition in part.obligations))
    return Theorem(claim, where, (), open_, frozenset().union(*(part.rests_on for part in parts)), "sum", tuple(parts),
                   (), _KEY)  # fmt: skip
