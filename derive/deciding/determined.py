"""What a law names is determined by the rest: μ̃ and β̃ of a posterior that is stated as N(x; μ̃, β̃ I) beside its chain.

The posterior's closed form is a likelihood times a prior, regrouped; a theorem says that the density is that Gaussian,
and the mean and the covariance of the one density are those of both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sympy import Basic, Mul, Pow, Symbol

from derive import kernel
from derive.errors import DeriveError
from derive.grounds.context import Context
from derive.kernel import Step, Theorem, by_law, by_result, by_rule
from derive.latex import latex
from derive.models import Model
from derive.models.facts import matches
from derive.models.model import renamed_onto
from derive.rulebook import Rulebook
from derive.search.orientation import LAWS
from derive.search.proving import Prover, prover_of
from derive.tactics.rewrite import proposals
from derive.terms import (
    Application,
    Density,
    Equal,
    Expectation,
    Normal,
    Relation,
    Run,
    Trace,
    Variable,
    Variance,
    sort_of,
    substitute,
    walk,
)
from derive.terms.noise import noise_of
from derive.terms.positions import Path

Found = dict[str, Theorem]
Pair = tuple[Any, Any]
PRODUCTS = ("linear-gaussian-conditional", "linear-gaussian-conditional-general")


def determined(
    model: Model, rules: Rulebook, claim: Relation, chains: Callable[[Model], Mapping[str, Theorem]]
) -> Found:
    """The closed forms of the posteriors whose mean or covariance a claim names, and of those names; each by name.

    So are those under which a claim takes a mean or a variance. `chains` gives what is derived of the chains of a
    model.
    """
    found: Found = {}
    for density in _measures(claim):
        closed = None if _given(density, model) else _closed(density, unnamed(model), rules, chains)
        if closed is not None:
            found[f"closed form of {latex(density)}"] = closed
    spoken = _named(claim)
    for tie in (*model.equations, *model.definitions):
        spoken |= _named(tie) if spoken & _named(tie) else set()
    for law in (*model.laws, *model.namings):
        names = [name for name in _bare(law.rhs) if name.name in spoken]
        if not names or not isinstance(law.lhs, Density) or len(law.lhs.targets) != 1:
            continue
        rest = unnamed(model) if law in model.namings else model.without(law)
        closed = None if rest is None else _closed(law.lhs, rest, rules, chains)
        if closed is None:
            continue
        label = f"closed form of {latex(law.lhs)}"
        found[label] = closed
        for name in names:
            meaning = _meaning(name, law, closed, label, model, rules)
            if meaning is not None:
                found[f"value of {latex(name)}"] = meaning
    return found


def by_their_names(model: Model, claim: Relation) -> Found:
    """The laws that a claim's own names name, each as a theorem: what they are is left to the names."""
    spoken, found = _named(claim), Found()
    for law in model.namings:
        if not any(name.name in spoken for name in _bare(law.rhs)):
            continue
        where = Context.of(model, (), (law,)).about(law.lhs)
        try:
            step = by_law(law.lhs, (), model.given_densities.index(law), {}, where)
            found[f"name of {latex(law.lhs)}"] = kernel.chain(law.lhs, [step], where)
        except DeriveError:
            continue
    return found


def _measures(claim: Relation) -> list[Density]:
    """The conditional laws of one variable under which a claim takes means and variances."""
    measures = (node.measure for _, node in walk(claim) if isinstance(node, (Expectation, Variance)))
    fitting = (part for part in measures if isinstance(part, Density) and part.givens and len(part.targets) == 1)
    return list(dict.fromkeys(part for part in fitting if part.points == part.variables))


def _given(density: Density, model: Model) -> bool:
    """Whether the model gives a density as it stands, or gives no Gaussian of its law."""
    laws = [law for law in model.laws if law.lhs.law == density.law]
    alone = not any(isinstance(law.rhs, Normal) for law in laws)
    return alone or any(renamed_onto(law.lhs, density) is not None for law in laws)


def naming(claim: Relation, model: Model) -> list[Density]:
    """The densities whose mean or variance a claim names, at its indices: the names mean something where those do."""
    found = []
    for law in (*model.laws, *model.namings):
        for part in _bare(law.rhs):
            for _, node in walk(claim):
                mapping = matches(part, node) if isinstance(node, type(part)) else None
                if mapping is not None:
                    found.append(substitute(law.lhs, mapping))
    return [density for density in dict.fromkeys(found) if isinstance(density, Density)]


def _named(claim: Basic) -> set[str]:
    return {str(node.name) for _, node in walk(claim) if isinstance(node, (Symbol, Variable, Application))}


def _bare(normal: Any) -> list[Any]:
    """The mean and the covariance, or its variance, of a Gaussian where they are names."""
    if not isinstance(normal, Normal):
        return []
    spread = normal.variance if normal.variance is not None else normal.covariance
    return [part for part in (normal.mean, spread) if isinstance(part, (Symbol, Variable, Application))]


def unnamed(model: Model) -> Model:
    """The model without the lines that only name what the rest of it determines, or write a point with its noise.

    What is derived of its laws holds at every point.
    """
    written = [item for item in model.equations if noise_of(item) is not None and isinstance(item.lhs, Variable)]
    return model.without(*model.namings, *written) or model


def _closed(
    density: Density, rest: Model, rules: Rulebook, chains: Callable[[Model], Mapping[str, Theorem]]
) -> Theorem | None:
    """p(y | x, C) as one Gaussian: as its normal form, or from p(x | y, C) and p(y | C)."""
    known = Equal(density, density)
    where = Context.of(rest, (), (known,)).about(density)
    prover = prover_of(known, where, rules, lambda: chains(rest))
    target = tuple(density.targets[0])
    whole = prover.normal(density, LAWS).term
    if isinstance(whole, Normal) and whole.point == target[1]:
        return prover.equation(density, whole)
    for seen, others in _split(density):
        try:
            steps = _turned(density, target, seen, others, rules, where)
        except DeriveError:
            continue
        for guess in _guesses(density, target, seen, others, prover, rules, where):
            theorem = prover.closed(steps, steps[-1].after, guess)
            if theorem is not None:
                return theorem
    return None


def _turned(
    density: Density, target: Pair, seen: Pair, others: list[Pair], rules: Rulebook, where: Context
) -> list[Step]:
    """p(y | x, C) = p(x, y | C) / p(x | C) = p(x | y, C) p(y | C) / p(x | C)."""
    sets = {"p": density.law, "A": (target,), "B": (seen,), "C": tuple(others)}
    first = by_rule(density, (), rules["conditional-definition"], sets, where)
    joint = Density(density.law, [target, seen], others)
    sets = {**sets, "A": (seen,), "B": (target,)}
    return [first, by_rule(first.after, _path_of(first.after, joint), rules["product-rule"], sets, where)]


def _guesses(
    density: Density, target: Pair, seen: Pair, others: list[Pair], prover: Prover, rules: Rulebook, where: Context
) -> Iterator[Normal]:
    """The Gaussian that a likelihood and a prior give."""
    likelihood = Density(density.law, [seen], [target, *others])
    prior = Density(density.law, [target], others)
    forms = [prover.normal(part, LAWS).term for part in (likelihood, prior)]
    if not all(isinstance(form, Normal) for form in forms) or forms[1].point != target[1]:
        return
    product = Mul(*forms)
    for name in PRODUCTS:
        for path, substitution in proposals(rules[name], product, (), False, {}):
            try:
                step = by_rule(product, path, rules[name], substitution, where)
            except DeriveError:
                continue
            yield from (part for part in Mul.make_args(step.after) if getattr(part, "point", None) == target[1])
            break


def _split(density: Density) -> Iterator[tuple[Pair, list[Pair]]]:
    """What was observed last, and what was known before: x_t of x_t, x_0; y_t of y_{1:t}."""
    givens = [tuple(pair) for pair in density.givens]
    for pair in givens:
        others = [other for other in givens if other != pair]
        if isinstance(pair[0], Run):
            if pair[0] == pair[1]:
                last = Variable(pair[0].name, pair[0].element_sort, pair[0].upper)
                before = Run(pair[0].name, pair[0].element_sort, pair[0].lower, pair[0].upper - 1)
                yield (last, last), [*others, (before, before)]
        else:
            yield pair, others


# ---- the value of a name --------------------------------------------------------------------------------------------


def _meaning(name: Any, law: Equal, closed: Theorem, label: str, model: Model, rules: Rulebook) -> Theorem | None:
    """name = value, where one density is N(x; …name…) by what is given and N(x; …value…) by a theorem."""
    density, point = law.lhs, law.lhs.targets[0][1]
    mean = name == law.rhs.mean
    moment: Any = Expectation(point, density) if mean else Variance(point, density)
    if not mean and name != law.rhs.covariance:  # of v I the trace, one d-th of it
        moment = Mul(Pow(sort_of(point).shape[0], -1), Trace(moment))
    rule = rules["gaussian-mean" if mean else "gaussian-covariance"]
    where = Context.of(model, (), (Equal(moment, moment),)).about(moment)
    place = _path_of(moment, density)
    number = model.given_densities.index(law)
    first, second = "the moment as it is named", "the moment"
    try:
        named = kernel.chain(moment, _taken(by_law(moment, place, number, {}, where), rule, where), where)
        steps = _taken(by_result(moment, place, closed, {}, where, name=label), rule, where)
        valued = kernel.chain(moment, steps, where, {label: closed})
        back = by_result(name, (), named, {}, where, name=first, backward=True)
        on = by_result(back.after, (), valued, {}, where, name=second)
        return kernel.chain(name, [back, on], where, {first: named, second: valued})
    except DeriveError:
        return None


def _taken(step: Step, rule: Any, where: Context) -> list[Step]:
    """The step, and the moment of the Gaussian that it led to."""
    for path, node in walk(step.after):
        if isinstance(node, (Expectation, Variance)):
            for place, substitution in proposals(rule, node, path, False, {}):
                return [step, by_rule(step.after, place, rule, substitution, where)]
    return [step]


def _path_of(term: Basic, part: Basic) -> Path:
    return next((path for path, node in walk(term) if node == part), ())


__all__ = ["determined", "naming", "unnamed"]
