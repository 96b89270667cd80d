"""Many steps of a Gaussian chain at once: q(x_t | x_0) in closed form, proved by induction over the steps.

The closed form is what a claim states, or what the model's own names suggest: with a kernel
N(x_t; a_t x_{t-1}, v_t I), a product of the a_t, or its root, is the mean's factor m_t; 1 − m_t², or a telescoped sum
of the v_t, the variance. A wrong guess is refused by the kernel.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Add, S, Symbol, sqrt

from derive import algebra
from derive.deciding.strides import strides
from derive.errors import DeriveError
from derive.grounds.context import Context
from derive.kernel import Theorem, by_result, chain
from derive.latex import latex
from derive.models import Model
from derive.models.model import renamed_onto
from derive.rulebook import Rulebook
from derive.running import by_induction
from derive.tactics.tidy import put_variance
from derive.terms import Density, Equal, GreaterEqual, Normal, Relation, Run, Variable, substitute, walk
from derive.terms.quadratics import coefficient

Marginals = tuple[tuple[str, Theorem], ...]
_INDICES = ("k", "n", "m", "j", "r", "l", "i", "u", "v", "w")


def marginals(model: Model, rules: Rulebook, claim: Relation) -> Marginals:
    """The theorems q(x_t | x_0) = N(x_t; m_t x_0, V_t I) for t ≥ 1, for each Gaussian chain of a model, by name; and
    those about the few steps at once that a claim speaks of.
    """
    found: list[tuple[str, Theorem]] = []
    for stated in model.laws:
        kernel, index = _at_fresh_index(stated, model)
        start = _from_the_start(kernel, index, model)
        if start is None:
            continue
        found += strides(kernel, index, model, rules, claim)
        found += _between_two_times(kernel, index, model, rules, claim)
        for closed in _closed_forms(kernel, start, index, model, claim):
            theorem = _proved(closed, kernel, index, model, rules)
            if theorem is not None:
                found.append((f"marginal of {latex(start.law)}", theorem))
                break
    return tuple(found)


def _at_fresh_index(kernel: Equal, model: Model) -> tuple[Any, Symbol]:
    """The kernel at an index of which the model says nothing, so that it counts from the chain's first step."""
    spoken = {str(symbol) for statement in (*model.statements, kernel) for symbol in statement.free_symbols}
    fresh = next(Symbol(name) for name in _INDICES if name not in spoken)
    target = kernel.lhs.targets[0][1] if isinstance(kernel.lhs, Density) and kernel.lhs.targets else None
    if isinstance(target, Variable) and len(target.indices) == 1 and isinstance(target.indices[0], Symbol):
        return substitute(kernel, {target.indices[0]: fresh}), fresh
    return kernel, fresh


def _from_the_start(kernel: Equal, index: Symbol, model: Model) -> Density | None:
    """q(x_t | x_0), where a kernel q(x_t | x_{t-1}) is that of a declared chain that starts at x_0."""
    lhs, rhs = kernel.lhs, kernel.rhs
    if not isinstance(lhs, Density) or not isinstance(rhs, Normal) or rhs.variance is None:
        return None
    factorization = model.factorization(lhs.law)
    if len(lhs.targets) != 1 or len(lhs.givens) != 1 or factorization is None:
        return None
    point, before = lhs.targets[0][1], lhs.givens[0][1]
    if not isinstance(point, Variable) or index not in point.indices or before != _at(point, index, index - 1):
        return None
    first = _at(point, index, S.Zero)
    runs = [pair[1] for pair in factorization.joint.targets if isinstance(pair[1], Run)]
    if first not in [pair[1] for pair in factorization.joint.givens] and not any(run.lower == 0 for run in runs):
        return None
    return Density(lhs.law, [point], [first])


def _at(term: Any, index: Symbol, value: Any) -> Any:
    return substitute(term, {index: value})


def _closed_forms(kernel: Equal, start: Density, index: Symbol, model: Model, claim: Relation) -> Iterator[Equal]:
    """What a claim says of q(x_t | x_0), then what the model's names suggest."""
    if isinstance(claim, Equal):
        for lhs, rhs in ((claim.lhs, claim.rhs), (claim.rhs, claim.lhs)):
            shift = renamed_onto(lhs, start) if isinstance(lhs, Density) and isinstance(rhs, Normal) else None
            if shift is not None:
                yield Equal(start, substitute(rhs, shift))
    point, root = start.targets[0][1], start.givens[0][1]
    parts = coefficient(kernel.rhs.mean, kernel.lhs.givens[0][1])
    if parts is None or parts[1] != 0:
        return
    slope, spread = parts[0], kernel.rhs.variance
    for factor in _factors(slope, point.indices[0], index, model):
        for variance in _variances(factor, slope, spread, index, model):
            shape = Normal(point, factor * root, S.Zero)
            yield Equal(start, Normal(point, factor * root, put_variance(shape, variance)))


def _factors(slope: Any, place: Any, index: Symbol, model: Model) -> Iterator[Any]:
    """m_t with m_t = a_t m_{t-1}, of the products that the model names; from a later start, quotients of them."""
    if slope == 1:
        yield S.One
    for recursion in model.recursions:
        head = _at(recursion.head, recursion.index, place)
        if place != index:
            head = head / _at(head, index, S.Zero)
        for factor in (sqrt(head), head):
            if _equal(factor, slope * _at(factor, index, index - 1), index, model):
                yield factor


def _variances(factor: Any, slope: Any, spread: Any, index: Symbol, model: Model) -> Iterator[Any]:
    """V_t with V_t = a_t² V_{t-1} + v_t: 1 − m_t², or what a difference of neighbours adds up to."""
    candidates = [1 - factor**2]
    for term in Add.make_args(spread):
        candidates.append(term - _at(term, index, S.Zero))
    candidates += [_at(entry.head, entry.index, index) for entry in model.recursions]
    for variance in candidates:
        if _equal(variance, slope**2 * _at(variance, index, index - 1) + spread, index, model):
            yield variance


def _equal(left: Any, right: Any, index: Symbol, model: Model) -> bool:
    where = Context.of(model, (GreaterEqual(index, 1),), (Equal(left, right),)).about(Equal(left, right))
    try:
        return algebra.decide(left, right, where.algebra_facts(left, right)).status == "equal"
    except DeriveError:
        return False


def _between_two_times(
    kernel: Equal, index: Symbol, model: Model, rules: Rulebook, claim: Relation
) -> Iterator[tuple[str, Theorem]]:
    """q(x_t | x_s) for each two times s < t that a claim speaks of: that of x_{s+k}, by induction over k ≥ 1."""
    for density in dict.fromkeys(node for _, node in walk(claim) if _is_between(node, kernel.lhs)):
        (_, point), (_, root) = density.targets[0], density.givens[0]
        late, early = point.indices[0], root.indices[0]
        if Context.of(model, (), (claim,)).about(density).facts.at_most(early + 1, late) is not True:
            continue
        step = substitute(kernel, {index: early + index})
        start = Density(density.law, [step.lhs.targets[0][1]], [root])
        named = substitute(claim, {late: early + index}) if isinstance(claim, Equal) else claim
        for closed in _closed_forms(step, start, index, model, named):
            theorem = _proved(closed, step, index, model, rules)
            if theorem is None:
                continue
            where = Context.of(model, (), (claim,)).about(density)
            name = f"steps from {latex(root)}"
            try:
                there = by_result(density, (), theorem, {index: late - early}, where, name=name)
                yield f"marginal of {latex(density)}", chain(density, [there], where, {name: theorem})
            except DeriveError:
                continue
            break


def _is_between(node: Any, kernel: Density) -> bool:
    """Whether a density is that of a state given an earlier one, at two times that are names."""
    if not (isinstance(node, Density) and node.law == kernel.law and len(node.targets) == len(node.givens) == 1):
        return False
    points = [node.targets[0], node.givens[0]]
    family = kernel.variables[0]
    return all(
        variable == point and isinstance(point, Variable) and point.name == family.name
        and len(point.indices) == 1 and isinstance(point.indices[0], Symbol)
        for variable, point in points
    )


def _proved(closed: Equal, kernel: Equal, index: Symbol, model: Model, rules: Rulebook) -> Theorem | None:
    point, before = kernel.lhs.targets[0][1], kernel.lhs.givens[0][1]
    step = (
        f"by marginalization with B := {latex(before)}", f"by product-rule with A := {latex(point)}",
        "by drop-conditioning", "by law", "by hypothesis", "by linear-gaussian-marginal",
    )  # fmt: skip
    try:
        return by_induction(closed, index, 1, ("by law",), step, model, rules)
    except DeriveError:
        return None
