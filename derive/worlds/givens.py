"""What a world makes of assumptions: densities by formula, couplings, twin laws, definitions, bounds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sympy import Basic, Mul, Pow, S, Symbol, exp, log, sqrt

from derive.terms import (
    KL,
    SCALAR,
    AlmostSurely,
    Application,
    Definition,
    Density,
    Distributed,
    Equal,
    Integral,
    Label,
    Law,
    Relation,
    Restricted,
    Run,
    Variable,
    free_variables,
)
from derive.terms.noise import is_curve, with_a_noise
from derive.worlds.setting import Setting, unwrapped, walk
from derive.worlds.solved import Solution, on_a_circle, same_kind, solutions


@dataclass(frozen=True)
class Coupling:
    """A variable of a law that is a function of others with probability one."""

    law: Law
    head: Basic
    body: Basic


@dataclass(frozen=True)
class Givens:
    """The assumptions of a setting, sorted by what a world makes of them.

    `kernels` give densities by a formula, `couplings` make a variable a function of others, `twins` are laws that are
    one law, `definitions` give values to names; `bounds` are relations that values have to satisfy. A definition is
    `particular` where it writes a point with a noise that has no index: it is meant at the statement's own indices.
    `fixed` are the kernels of conditions, which speak of the statement's own indices too. `solved` are the bounds that
    are solved for a function's value.
    """

    kernels: tuple[Equal, ...]
    couplings: tuple[Coupling, ...]
    twins: tuple[tuple[Law, Law], ...]
    definitions: tuple[Equal, ...]
    bounds: tuple[Relation | Restricted, ...]
    particular: frozenset[Equal] = frozenset()
    fixed: frozenset[Basic] = frozenset()
    solved: tuple[Solution, ...] = ()


@lru_cache(maxsize=256)
def givens_of(setting: Setting) -> Givens:
    """The assumptions of a setting, sorted; an equation for a bare name defines it where nothing else does."""
    given = [Equal(s.lhs, s.rhs) for s in setting.kernels if isinstance(s, Relation)]
    mixed = {kernel: found for kernel in given if (found := _mixed_over(kernel.lhs, kernel.rhs, setting)) is not None}
    kernels = [kernel for kernel in given if kernel not in mixed]
    definitions = [Equal(s.lhs, s.rhs) for s in setting.definitions if isinstance(s, (Equal, Definition))]
    defined: set[Any] = {_signature(statement.lhs) for statement in definitions}
    couplings: list[Coupling] = []
    twins: list[tuple[Law, Law]] = list(mixed.values())
    bounds: list[Relation | Restricted] = []
    fixed: set[Basic] = set()
    for place, statement in enumerate((*setting.assumptions, *setting.conditions)):
        conditional = place >= len(setting.assumptions)
        measure = statement.measure if isinstance(statement, AlmostSurely) else None
        for part in unwrapped(statement):
            if isinstance(part, Distributed):
                if isinstance(part.variable, (Symbol, Variable)):
                    kernels.append(Equal(Density(Law(""), [part.variable]), part.density))
                continue
            if isinstance(part, Restricted):
                bounds.append(part)
            if not isinstance(part, Relation):
                continue
            if isinstance(part, Equal):
                left, right = part.lhs, part.rhs
                if isinstance(left, Density) and isinstance(right, Density) and left.law != right.law:
                    twins.append((left.law, right.law))
                    continue
                if isinstance(left, KL) and right == 0 and isinstance(left.p, Density) and isinstance(left.q, Density):
                    twins.append((left.p.law, left.q.law))
                    continue
                if isinstance(left, Density) and isinstance(right, Application):
                    definitions.append(Equal(right, left))
                    continue
                if isinstance(left, Density) and all(
                    node.law != left.law for node in walk(right) if isinstance(node, Density)
                ):
                    kernels.append(part)
                    if conditional:
                        fixed.add(part)
                    continue
                if isinstance(measure, Density) and isinstance(left, (Symbol, Variable)):
                    couplings.append(Coupling(measure.law, left, right))
                    continue
                if isinstance(left, (Symbol, Variable, Application)) and _may_define(left, right, defined) and (
                    not _in_a_circle(left, right, definitions)
                ):
                    definitions.append(part)
                    defined.add(_signature(left))
                    continue
                inside = left.args[0] if isinstance(left, log) else None
                named = isinstance(inside, Application) or (isinstance(inside, (Symbol, Variable)) and not conditional)
                if named and _may_define(inside, right, defined):  # log a = b
                    definitions.append(Equal(inside, exp(right)))
                    defined.add(_signature(inside))
                square = isinstance(left, Pow) and left.exp == 2 and (
                    isinstance(left.base, (Application, Symbol)) or
                    (isinstance(left.base, Variable) and left.base.sort == SCALAR)
                )  # fmt: skip
                here = conditional and isinstance(left.base if square else left, Variable)  # said of this index alone
                if square and not here and _may_define(left.base, right, defined):
                    definitions.append(Equal(left.base, sqrt(right)))
                    defined.add(_signature(left.base))
            bounds.append(part)
    solved = tuple(_solved(bounds, definitions, defined, setting))
    definitions += (solution.meaning for solution in solved)
    particular = frozenset(
        part for part in definitions
        if with_a_noise(part) and not is_curve(part)
    )  # fmt: skip
    return Givens(
        tuple(kernels), tuple(couplings), tuple(twins), tuple(definitions), tuple(bounds), particular,
        frozenset(fixed), tuple(solution for solution in solved if isinstance(solution.meaning.lhs, Application)),
    )  # fmt: skip


def _solved(
    bounds: Iterable[Relation | Restricted], known: Sequence[Equal], defined: set[Any], setting: Setting
) -> Iterator[Solution]:
    """What the equations that are left say of function values and vectors that nothing defines yet."""
    definitions = list(known)
    random = {pair[0] for pair in _random(setting)}
    random |= {node for law in setting.kernels for node in walk(law)}  # a law is made of what its formula speaks of
    spoken = {str(getattr(node, "name", "")) for statement in setting.statements for node in walk(statement)}
    for part in bounds:
        meanings = on_a_circle(part, spoken) if isinstance(part, Equal) else ()
        if meanings and not any(_signature(meaning.lhs) in defined for meaning in meanings):
            for meaning in meanings:
                definitions.append(meaning)
                defined.add(_signature(meaning.lhs))
                yield Solution(part, meaning, S.One)
            continue
        for solution in solutions(part, random) if isinstance(part, Equal) else ():
            head: Any = solution.meaning.lhs
            if _signature(head) not in defined and not _leads_back(head, solution.meaning.rhs, definitions):
                definitions.append(solution.meaning)
                defined.add(_signature(head))
                yield solution
                break


def _leads_back(head: Any, body: Basic, definitions: Sequence[Equal]) -> bool:
    """Whether a name would be defined by itself, through other definitions."""
    waiting, seen = [body], list[Basic]()
    while waiting:
        for node in walk(waiting.pop()):
            if same_kind(node, head):
                return True
            if node not in seen and isinstance(node, (Application, Symbol, Variable)):
                seen.append(node)
                waiting += [known.rhs for known in definitions if same_kind(node, known.lhs)]
    return False


def is_whole_law(argument: Basic) -> bool:
    """Whether an argument is a law and no value of its density: the q of L(q, θ)."""
    return isinstance(argument, Density) and all(str(getattr(p, "name", "")) == r"\cdot" for p in argument.points)


def _signature(head: Any) -> Any:
    """What a name is defined as: H(X) and H(X | Y) are two functions, σ_t, σ_{t|s} and σ_q three quantities."""
    if isinstance(head, Application):
        return head.name, len(head.arguments)
    if isinstance(head, Variable):
        return head.name, *(str(index) if isinstance(index, Label) else "" for index in head.indices)
    return getattr(head, "name", None)


def _mixed_over(left: Basic, right: Basic, setting: Setting) -> tuple[Law, Law] | None:
    """q and p of q(y) = ∫ q(y | x) p(x) dx: in these worlds p is what q says of x, where nothing else is said of p."""
    if not (isinstance(left, Density) and isinstance(right, Integral)) or left.givens or len(right.bound) != 1:
        return None
    parts = [part for part in Mul.make_args(right.body) if isinstance(part, Density)]
    own = [part for part in parts if part.law == left.law and part.targets == left.targets]
    others = [part for part in parts if part.law != left.law]
    if len(parts) != len(Mul.make_args(right.body)) or len(own) != 1 or len(others) != 1:
        return None
    (prior,) = others
    latent = right.bound[0]
    if prior.points != (latent,) or prior.givens or [pair[1] for pair in own[0].givens] != [latent]:
        return None
    spoken = [node for statement in setting.statements for node in walk(statement) if isinstance(node, Density)]
    alone = all(node.variables == prior.variables and not node.givens for node in spoken if node.law == prior.law)
    return (left.law, prior.law) if alone else None


def _may_define(head: Any, body: Basic, defined: set[Any]) -> bool:
    """Whether an equation gives a fresh name a value: distinct arguments, and no such name in the body."""
    if _signature(head) in defined:
        return False
    if isinstance(head, Application):
        arguments = head.arguments
        if len(set(arguments)) != len(arguments) or not all(
            isinstance(a, (Symbol, Variable, Label)) or is_whole_law(a) for a in arguments
        ):
            return False
    own = [node for node in walk(body) if getattr(node, "name", None) == head.name and not isinstance(node, Law)]
    return not own or (isinstance(head, Variable) and bool(head.indices) and head not in own)


def _in_a_circle(head: Any, body: Basic, definitions: list[Equal]) -> bool:
    """Whether a number without index would be defined by itself, through other definitions."""
    spoken, seen = [body], set[Basic]()
    while spoken and isinstance(head, Symbol):
        for node in walk(spoken.pop()):
            if node == head:
                return True
            if isinstance(node, Symbol) and node not in seen:
                seen.add(node)
                spoken += [known.rhs for known in definitions if known.lhs == node]
    return False


@lru_cache(maxsize=256)
def bare_names(setting: Setting) -> tuple[tuple[Law, Law], ...]:
    """Laws with the bare letter that their factorization uses for them: p(x_T) in that of p_θ is p_θ(x_T)."""
    return tuple(
        (statement.args[0].law, node.law)
        for statement in setting.factorizations if isinstance(statement.args[0], Density)
        for node in walk(statement.args[1])
        if isinstance(node, Density) and node.law != statement.args[0].law
        and node.law.name == statement.args[0].law.name and not node.law.indices
    )  # fmt: skip


@lru_cache(maxsize=256)
def renamings(setting: Setting) -> tuple[tuple[Basic, Basic], ...]:
    """Variables of densities that are another variable by a further name: x = x_0."""
    random = {pair[0] for pair in _random(setting)}
    return tuple(
        (statement.lhs, statement.rhs)
        for statement in givens_of(setting).definitions
        if isinstance(statement.lhs, (Symbol, Variable)) and isinstance(statement.rhs, (Symbol, Variable))
        and statement.rhs in random
    )  # fmt: skip


def _random(setting: Setting) -> Iterator[Any]:
    """The variables of densities, each with its point."""
    for statement in setting.statements:
        for node in walk(statement):
            if isinstance(node, Density):
                yield from (*node.targets, *node.givens)


@lru_cache(maxsize=256)
def lengths(setting: Setting) -> frozenset[Basic]:
    """The indices of a factorization itself, such as its last step T: one number in a world, where t is any."""
    return frozenset(
        item for statement in setting.factorizations for item in free_variables(statement)
        if isinstance(item, Symbol) and any(item in node.upper.free_symbols | node.lower.free_symbols
                                            for node in walk(statement.args[0]) if isinstance(node, Run))
    )  # fmt: skip
