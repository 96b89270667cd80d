"""Trying statements in worlds: a model's statements as a setting, a line of a derivation as a claim about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from sympy import Basic, S, Symbol

from derive.derivation import Derivation, Line
from derive.grounds.context import Context, as_relations
from derive.models import Model
from derive.models.model import indices_in
from derive.models.normalised import normaliser
from derive.terms import (
    EVENT,
    Application,
    Density,
    Distributed,
    Equal,
    Greater,
    GreaterEqual,
    Independent,
    Law,
    Less,
    LessEqual,
    Normal,
    Probability,
    Run,
    Sort,
    Statement,
    Variable,
    free_variables,
    sort_of,
    walk,
)
from derive.worlds import Refutation, Setting, Trial, try_statement, worlds
from derive.worlds.stated import gaussians, named
from derive.worlds.together import try_together
from derive.worlds.trial import KINDS


def setting_of(model: Model, given: Iterable[Statement] = (), indices: frozenset[Symbol] = frozenset()) -> Setting:
    """The setting that a model describes, with further assumptions."""
    factorizations = [
        statement
        for statement in model.statements
        if isinstance(statement, Equal) and any(entry.joint == statement.lhs for entry in model.factorizations)
    ]
    forgotten = {statement: found for statement in factorizations if (found := _forgets(statement)) is not None}
    factorizations = [statement for statement in factorizations if statement not in forgotten]
    definitions = [*model.definitions, *model.functions]
    for statement in model.statements:
        parts = getattr(statement, "links", (statement,))
        definitions += [
            part for part in parts
            if isinstance(part, Equal) and any(_heads(part, recursion) for recursion in model.recursions)
        ]  # fmt: skip
    variances = [Greater(law.rhs.variance, 0) for law in model.laws if _free_variance(model, law)]
    kernels = (*model.laws, *(claim for claim in model.claims if _names_parameters(model, claim)))
    drawn, apart = gaussians(model.equations, (*kernels, *_followed(model)))
    kernels = (*kernels, *drawn)
    called = _called(model, drawn, definitions)
    definitions += called.values()
    heads = [getattr(part, "lhs", None) for part in (*definitions, *model.equations)]
    definitions += (made for law in model.laws if (made := normaliser(law, map(_name_of, heads))) is not None)
    independences = (*model.independences, *forgotten.values(), *apart)
    bounds = (*model.bounds, *model.restricted)
    assumptions = (*bounds, *variances, *independences, *model.equations, *model.distributed, *given)
    solved = {part for part, named in called.items() if isinstance(named.args[0], Application)}  # said of every value
    kept = tuple(part for part in assumptions if part not in definitions and part not in solved)
    return Setting(
        tuple(factorizations), kernels, tuple(dict.fromkeys(definitions)), kept, model.indices | indices,
        times=model.times,
    )  # fmt: skip


def _name_of(head: object) -> str:
    return str(getattr(head, "name", ""))


def _followed(model: Model) -> list[Equal]:
    """The laws of variables that are said to follow one, of whatever law of the model they are."""
    laws = {Law(""), *(node.law for part in model.equations for _, node in walk(part) if isinstance(node, Density))}
    variables = [entry.variable for entry in model.distributed if isinstance(entry.variable, (Symbol, Variable))]
    return [Equal(Density(law, [variable]), S.One) for law in laws for variable in variables]


def _called(model: Model, drawn: Sequence[Equal], known: Sequence[Statement]) -> dict[Statement, Statement]:
    """Where the model gives a name to a quantity of a law, and what the name is, unless something else says so."""
    taken = {str(getattr(part.args[0], "name", "")) for part in known}
    taken |= {str(node.name) for law in drawn for _, node in walk(law.rhs) if isinstance(node, (Symbol, Variable))}
    found: dict[Statement, Statement] = {}
    for part in model.equations:
        solved = named(part)
        if solved is not None and str(solved.lhs.name) not in taken:
            found[part] = solved
            if not isinstance(solved.lhs, Application):
                taken.add(str(solved.lhs.name))
    return found


def _names_parameters(model: Model, claim: Statement) -> bool:
    """Whether a Gaussian beside the kernel that determines it names its mean or variance: they are determined too."""
    if not (isinstance(claim, Equal) and isinstance(claim.rhs, Normal)):
        return False
    given = {part.lhs.name for part in model.definitions if hasattr(part.lhs, "name")}
    given |= {recursion.head.name for recursion in model.recursions}
    points = {pair[1] for pair in claim.lhs.givens} if isinstance(claim.lhs, Density) else set()
    bare = (part for part in (claim.rhs.mean, claim.rhs.variance) if part not in points)  # N(x_t; x_0, …) names no mean
    return any(isinstance(part, (Symbol, Variable, Application)) and part.name not in given for part in bare)


def _forgets(statement: Equal) -> Independent | None:
    """q(x_t | x_{t−1}, x_0) = q(x_t | x_{t−1}) says x_t ⊥ x_0 | x_{t−1} at every t; None of other statements."""
    long, short = statement.lhs, statement.rhs
    if not (isinstance(long, Density) and isinstance(short, Density) and long.law == short.law):
        return None
    natural = all(pair[0] == pair[1] for side in (long, short) for pair in (*side.targets, *side.givens))
    known, kept = ({pair[0] for pair in side.givens} for side in (long, short))
    if not natural or long.targets != short.targets or not kept < known or any(isinstance(v, Run) for v in known):
        return None
    return Independent(long.variables, known - kept, kept, long.law)


def _heads(part: Equal, recursion: object) -> bool:
    """Whether an equation is a recursion's own: its step, or its base."""
    head = recursion.head  # type: ignore[attr-defined]
    return getattr(part.lhs, "name", None) == head.name and type(part.lhs) is type(head)


def _free_variance(model: Model, law: Equal) -> bool:
    """Whether a law gives a Gaussian whose variance is a bare name: the law says that it is positive."""
    names = isinstance(law.rhs, Normal) and isinstance(law.rhs.variance, (Symbol, Variable))
    named = {definition.lhs for definition in model.definitions}
    return bool(names) and law.rhs.variance not in named and law not in model.claims


def try_line(line: Line, context: Context, *, seed: int = 0, count: int = 5) -> Trial:
    """A line of a derivation tried in worlds that satisfy the context, whatever justified it."""
    return try_claim(line.statement, context, seed=seed, count=count)


def try_claim(
    statement: Statement, context: Context, *, seed: int = 0, count: int = 5, kinds: Sequence[str] = KINDS,
    given_laws: bool = False,
) -> Trial:  # fmt: skip
    """A statement tried in worlds that satisfy the context.

    One that only names laws is tried for any laws of the declared structure, which a line of a derivation mostly holds
    for; with `given_laws` a refutation is one for the laws that the model gives.
    """
    given = [given.statement for given in context.given]
    at_point: list[Statement] = [entry for entry in given if isinstance(entry, Equal)]  # at the statement's indices
    universal = [entry for entry in given if entry not in at_point]
    setting = setting_of(context.model, (*universal, *as_relations(context.facts)), context.indices)
    setting = relevant(setting, (statement, *given))
    if _measured(statement):
        setting = replace(setting, measure="lebesgue")
    known = _of_known_points(setting, (statement, *given))
    setting = replace(setting, assumptions=tuple(part for part in setting.assumptions if part not in known))
    at_point += [*known, *_wider(statement, context.model)]
    if _of_any_laws(statement):
        trial = try_statement(
            statement, setting.without_kernels(), seed=seed, count=count, kinds=kinds, conditions=at_point
        )
        if setting.kernels:
            trial.satisfied.clear()  # these worlds need not have the laws that are given
        if not setting.kernels or not (given_laws and trial.refuted):
            return trial
    return try_statement(statement, setting, seed=seed, count=count, kinds=kinds, conditions=at_point)


def _of_known_points(setting: Setting, statements: Iterable[Statement]) -> list[Statement]:
    """The bounds on what laws are given and none is of, the σ > 0 of p(x; σ): the claim is about such a σ."""
    densities = [node for part in (*setting.statements, *statements) for _, node in walk(part)
                 if isinstance(node, Density)]  # fmt: skip
    drawn = {pair[0] for node in densities for pair in node.targets}
    known = {pair[0] for node in densities for pair in node.givens if pair[0] == pair[1]} - drawn
    bounds = (part for part in setting.assumptions if isinstance(part, (Less, LessEqual, Greater, GreaterEqual)))
    return [part for part in bounds if part.free_symbols and free_variables(part) <= known]


def refuted_claim(claim: Equal, model: Model, *, count: int = 3) -> Refutation | None:
    """A world of the rest of a model in which what the model claims besides is false."""
    if _names_parameters(model, claim):
        return None
    context = Context.of(model, (), (claim,)).about(claim)
    return try_claim(claim, context, count=count, given_laws=True).refutation


@lru_cache(maxsize=64)
def contradicted(model: Model) -> bool:
    """Whether a model claims what the rest of it refutes: then there is no world of it."""
    return any(refuted_claim(claim, model) is not None for claim in model.claims)


def try_lines(lines: Sequence[Line], context: Context, *, seed: int = 0, total: int = 10) -> list[Trial]:
    """Each line tried as `try_line` tries it, in worlds that lines of one kind share.

    Each gets `total` worlds: half of them of either kind, or all of the one kind that gives it a value.
    """
    found: dict[int, Trial] = {}
    groups: dict[tuple[bool, bool], list[int]] = {}
    for place, line in enumerate(lines):
        groups.setdefault((_of_any_laws(line.statement), _measured(line.statement)), []).append(place)
    given = [given.statement for given in context.given]
    at_point = [entry for entry in given if isinstance(entry, Equal)]
    universal = [entry for entry in given if entry not in at_point]
    whole = setting_of(context.model, (*universal, *as_relations(context.facts)), context.indices)
    for (any_laws, measured), places in groups.items():
        statements = [lines[place].statement for place in places]
        setting = relevant(whole, (*statements, *given))
        if measured:
            setting = replace(setting, measure="lebesgue")
        if any_laws:
            setting = setting.without_kernels()
        trials = try_together(statements, setting, seed=seed, total=total, conditions=at_point)
        found |= dict(zip(places, trials, strict=True))
    return [found[place] for place in range(len(lines))]


def _wider(statement: Statement, model: Model) -> list[Statement]:
    """The bounds on a statement's laws over more variables or events than it names: a world must know those too."""
    meant = (statement, *_given_for(statement, model))
    densities = [node for part in meant for _, node in walk(part) if isinstance(node, Density)]
    spoken = {(node.law, pair[0]) for node in densities for pair in (*node.targets, *node.givens)}
    found = []
    for bound in model.bounds:
        joint = bound.args[0] if isinstance(bound, Greater) and bound.args[1] == 0 else None
        if not isinstance(joint, Density) or not any(node.law == joint.law for node in densities):
            continue
        if not {(joint.law, pair[0]) for pair in (*joint.targets, *joint.givens)} <= spoken:
            found.append(bound)
    events = _events(statement)
    return [*found, *(bound for bound in model.bounds if events and not _events(bound) <= events)]


def _given_for(statement: Statement, model: Model) -> list[Statement]:
    """What the model gives for the names and functions of a statement, and for theirs."""
    given = [part for part in (*model.definitions, *model.functions, *model.equations) if hasattr(part.lhs, "name")]
    names, found = _of_names(statement), list[Statement]()
    for _ in given:
        new = [part for part in given if part not in found and part.lhs.name in names]
        if not new:
            break
        found += new
        names = names.union(*map(_of_names, new))
    return found


def _of_names(statement: Statement) -> set[str]:
    kinds = (Application, Symbol, Variable)
    return {str(node.name) for _, node in walk(statement) if isinstance(node, kinds)}


def _events(statement: Statement) -> set[Basic]:
    """The events with a name of the probabilities of a statement."""
    probabilities = [node for _, node in walk(statement) if isinstance(node, Probability)]
    return {part for node in probabilities for _, part in walk(node)
            if isinstance(part, (Symbol, Variable)) and sort_of(part) == EVENT}  # fmt: skip


def _of_any_laws(statement: Statement) -> bool:
    """Whether a statement names densities by their laws only: it is tried for any laws of the declared structure."""
    nodes = [node for _, node in walk(statement)]
    special = (Normal, Application)
    densities = [node for node in nodes if isinstance(node, Density)]
    points = {item for node in densities for pair in (*node.targets, *node.givens) for item in pair}
    scalars = any(isinstance(node, Variable) and node.sort.kind in ("scalar", "matrix") for node in nodes)
    labels = indices_in((statement,)).union(*(node.free_symbols for node in nodes if isinstance(node, (Law, Sort))))
    named = any(isinstance(node, Symbol) and node not in points | labels for node in nodes)
    return not scalars and not named and not any(isinstance(node, special) for node in nodes)


def relevant(setting: Setting, statements: Iterable[Statement]) -> Setting:
    """The setting without the laws that say nothing of the laws and quantities of these statements."""
    named = _named(statements)
    if "law" in named:  # the unnamed law may be any of them
        return setting
    drawn = (entry for entry in setting.assumptions if isinstance(entry, Distributed))
    spent = {entry for entry in drawn if isinstance(entry.density, Density)}  # X ∼ p, and no law that p could be of
    setting = replace(setting, assumptions=tuple(entry for entry in setting.assumptions if entry not in spent))
    equations = (*setting.factorizations, *setting.kernels)
    while True:
        touched = [_named((equation,)) for equation in equations if _named((equation,)) & named]
        reached = named.union(*touched)
        if reached == named:
            break
        named = reached
    kept = [equation for equation in equations if _named((equation,)) & named]
    return replace(
        setting,
        factorizations=tuple(equation for equation in setting.factorizations if equation in kept),
        kernels=tuple(equation for equation in setting.kernels if equation in kept),
    )


def _named(statements: Iterable[Basic]) -> frozenset[str]:
    """The laws and the quantities that statements name; points of R^d and indices are shared by all laws."""
    found: set[str] = set()
    for statement in statements:
        for _, node in walk(statement):
            if isinstance(node, Law):
                found.add(f"law {node.name}" if node.name else "law")
            elif isinstance(node, Application) or (
                isinstance(node, Variable) and node.sort.kind in ("scalar", "matrix")
            ):
                found.add(str(node.name))
    return frozenset(found)


def consistent(statement: Statement, context: Context, *, seed: int = 0, count: int = 8) -> bool:
    """Whether some world for a statement satisfies the model and the hypotheses of a context."""
    given = [given.statement for given in context.given]
    at_point = [entry for entry in given if isinstance(entry, Equal)]  # hypotheses at the statement's own indices
    universal = [entry for entry in given if entry not in at_point]
    setting = setting_of(context.model, (*universal, *as_relations(context.facts)), context.indices)
    laws = [part for part in context.model.assumptions if any(isinstance(node, Density) for _, node in walk(part))]
    spoken = (statement, *(laws or (Equal(S.Zero, S.Zero),)))
    return any(True for about in spoken for _ in worlds(setting, about, seed=seed, count=count))


def _measured(statement: Statement) -> bool:
    """Whether a statement speaks of points of R^d: a table of few values says of it what it says of any density."""
    return any(
        (isinstance(node, Variable) and node.sort.kind == "vector")
        or (isinstance(node, Run) and node.element_sort.kind == "vector")
        for _, node in walk(statement)
    )


def try_derivation(derivation: Derivation, *, seed: int = 0, count: int = 5) -> tuple[Trial, ...]:
    """Every line of a derivation, tried."""
    return tuple(try_line(line, derivation.context, seed=seed + place, count=count)
                 for place, line in enumerate(derivation.lines))  # fmt: skip
