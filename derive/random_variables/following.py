r"""`a X + b \sim \mathcal{N}(m, v)`: that an expression of random variables follows a law.

Two laws are one where they give every function the same expectation: the claim is decided as the equation
E[h(expression)] = E_{y ∼ N(m, v)}[h(y)] for an unknown function h. Where a mean or a variance differs, the world that
shows it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from sympy import Add, Basic, Mul, Pow, Symbol

from derive.grounds.conditions import decide, is_regularity
from derive.grounds.context import Context
from derive.models import Line, Model
from derive.random_variables.gathering import gathered
from derive.rulebook import Rulebook
from derive.terms import (
    SCALAR,
    Application,
    Density,
    Distributed,
    Equal,
    Expectation,
    Independent,
    Law,
    Normal,
    Trace,
    Variable,
    Variance,
    free_variables,
    is_scalar,
    sort_of,
    squared_norm,
    substitute,
    walk,
)
from derive.terms.statements import Greater, Unequal
from derive.verdict import Verdict

__all__ = ["decide_following"]

Decide = Callable[[Any, Model], Verdict]
_DEEPEST = 10


def decide_following(
    link: Distributed, model: Model, rules: Rulebook, decided: Decide, *, settled: bool = False
) -> Verdict:  # fmt: skip
    """The verdict on `expression ~ law`; `decided` decides an equation under a model.

    `settled` says that the model knows of its laws that they have densities.
    """
    law = link.density
    if not isinstance(law, Normal):
        return Verdict("unknown", statement=link, tried="only Gaussian laws of expressions are decided")
    expression = _written_out(link.variable, model)
    sources = _sources(expression, model)
    if not sources:
        return Verdict("unknown", statement=link, tried="which law its variables have is not said")
    spread = [] if settled else _spread((law, *sources.values()), model)
    if spread:
        known = model.with_lines([Line(item) for item in spread])
        verdict = decide_following(link, known, rules, decided, settled=True)
        return replace(verdict, provided=(*verdict.provided, *spread)) if verdict.status == "proved" else verdict
    found = _moments(link, expression, law, sources, model, decided)
    joined = len(sources) == 1 or _independent(sources, model)
    if found is None and joined:
        claim = _same_averages(expression, law, sources, model)
        proved = _by_gathering(claim, model, rules)
        consistent = decided(Equal(law.mean, law.mean), model)
        if proved is not None and consistent.status != "proved":
            return replace(consistent, statement=link)
        verdict = decided(claim, model) if proved is None else proved
        kept = () if verdict.status == "proved" else verdict.provided
        return replace(verdict, statement=link, provided=kept, shown=verdict.shown, nearby=None)
    if joined:
        return found if found is not None else Verdict("unknown", statement=link)
    wanted = _independences(sources)
    freed = model.with_lines([Line(item) for item in wanted])
    would = _moments(link, expression, law, sources, freed, decided) is None
    would = would and _by_gathering(_same_averages(expression, law, sources, freed), freed, rules) is not None
    missing = wanted if would else ()
    if found is not None:
        return replace(found, needs=missing)
    return Verdict(
        "unknown", statement=link, needs=missing, tried="how its variables depend on each other is not said"
    )


def _by_gathering(claim: Equal, model: Model, rules: Rulebook) -> Verdict | None:
    """The proof of a claim about averages that gathers the Gaussians into one."""
    context = Context.of(model, (), (claim,)).about(claim)
    theorem = gathered(claim.lhs, claim.rhs, context, rules) if context.consistent else None
    if theorem is None or any(not is_regularity(condition) for condition in theorem.obligations):
        return None
    names = dict.fromkeys(name for _, name in sorted(theorem.rests_on))
    return Verdict("proved", tuple(names), statement=claim, proof=theorem)


def _written_out(expression: Any, model: Model) -> Any:
    """The expression with the names that the model gives in terms of others written out, down to what has a law."""
    drawn = {item.variable for item in model.distributed}
    for _ in range(_DEEPEST):
        mapping = {
            item.lhs: item.rhs for item in (*model.equations, *model.definitions)
            if isinstance(item.lhs, (Symbol, Variable)) and item.lhs in free_variables(expression)
            and item.lhs not in drawn and item.lhs not in free_variables(item.rhs)
        }  # fmt: skip
        if not mapping:
            return expression
        expression = substitute(expression, mapping)
    return expression


def _spread(laws: Iterable[Any], model: Model) -> list[Any]:
    """That variances are not zero, where the model leaves it open: only then do the laws that are spoken of have
    densities, and what is said of them is said for those.
    """
    found: dict[Any, None] = {}
    for law in laws:
        variance = law.variance if isinstance(law, Normal) else None
        if variance is None or decide(Greater(variance, 0), Context.of(model, (), (variance,))).answer is not None:
            continue
        for factor in Mul.make_args(variance):
            even = isinstance(factor, Pow) and factor.exp.is_Integer and factor.exp % 2 == 0
            needed = Unequal(factor.base, 0) if even else Greater(factor, 0)
            if not isinstance(factor, Add) and not decide(needed, Context.of(model, (), (factor,))).answer:
                found[needed] = None
    return list(found)


def _sources(expression: Any, model: Model) -> dict[Any, Normal]:
    """The random variables of an expression with the Gaussian of each, as far as the model states one."""
    spoken = free_variables(expression)
    return {
        item.variable: item.density for item in model.distributed
        if item.variable in spoken and isinstance(item.density, Normal)
    }  # fmt: skip


def _moments(
    link: Distributed, expression: Any, law: Normal, sources: Iterable[Any], model: Model, decided: Decide
) -> Verdict | None:
    """The refutation of a claim by a mean or a variance, in R^d by the trace of the covariance, if there is one."""
    joint = Density(Law(""), tuple((variable, variable) for variable in sources), ())
    spread: Any = Variance(expression, joint)
    if not is_scalar(law.point):
        spread = Expectation(squared_norm(Add(expression, Mul(-1, law.mean))), joint)
    equations = {
        "mean": Equal(Expectation(expression, joint), law.mean),
        "variance": Equal(spread, Trace(law.covariance)),
    }
    for what, equation in equations.items():
        verdict = decided(equation, model)
        if verdict.status == "refuted":
            return replace(
                verdict, statement=link, read_as=(*verdict.read_as, f"the {what}s of both are compared"), nearby=None
            )
    return None


def _same_averages(expression: Any, law: Normal, sources: dict[Any, Normal], model: Model) -> Equal:
    """E[h(expression)] = E_{y ∼ law}[h(y)]."""
    taken = {str(getattr(node, "name", "")) for part in (expression, law, *model.statements) for _, node in walk(part)}
    point = _fresh("y", taken, sort_of(law.point))
    function = next(name for name in ("h", "g", "f", r"\phi", "h'", "h''") if name not in taken)
    body: Any = Application(function, SCALAR, (), expression)
    for variable, density in reversed(list(sources.items())):
        body = Expectation(body, Normal(variable, density.mean, density.covariance))
    other = Expectation(Application(function, SCALAR, (), point), Normal(point, law.mean, law.covariance))
    return Equal(body, other)


def _fresh(name: str, taken: Iterable[str], sort: Any) -> Any:
    taken = set(taken)
    while name in taken:
        name += "'"
    return Symbol(name) if sort == SCALAR else Variable(name, sort)


def _independences(sources: Iterable[Basic]) -> tuple[Independent, ...]:
    """That each variable is independent of those before it together."""
    items = list(sources)
    return tuple(Independent(items[:place], (items[place],)) for place in range(1, len(items)))


def _independent(sources: Iterable[Basic], model: Model) -> bool:
    items = list(sources)
    context = Context.of(model, (), tuple(items)).about(*items)
    return all(decide(statement, context).answer is True for statement in _independences(items))
