"""What worlds say of a claim: one that refutes it, and whether any satisfies what is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from derive import algebra
from derive.errors import Fault
from derive.grounds.context import Context
from derive.models import Model, compile_model
from derive.models.facts import index_symbols_of
from derive.terms import Density, PositiveDefinite, PositiveSemidefinite, Relation, Statement, alpha_equal
from derive.terms.positions import walk
from derive.terms.schedules import as_functions, schedules_in

if TYPE_CHECKING:
    from derive.worlds import Trial

__all__ = ["INCONSISTENT", "MET", "nowhere_defined", "of_two_laws", "tried", "unmet"]

INCONSISTENT = "the assumptions are not shown consistent"
UNDRAWN = "no world is made in which a random variable is the function of others that is given"
MET = ""


def tried(statement: Statement, context: Context, seed: int, count: int) -> Trial:
    """The statement in so many worlds of each kind; a refutation is one for the laws that the model gives."""
    from derive.trials import try_claim

    moving = schedules_in(statement)
    if moving and not moving & {str(name.name) for name in _variables_of_laws(context.model)}:
        lines = [replace(line, statement=as_functions(line.statement, moving)) for line in context.model.lines]
        statement = as_functions(statement, moving)
        model = compile_model(lines, name=context.model.name, times=context.model.times)
        context = Context.of(model, (), (statement,)).about(statement).assuming(*context.given)
    return try_claim(statement, context, seed=seed, count=count, given_laws=True)


def _variables_of_laws(model: Model) -> Iterable[Any]:
    """The names that some law of the model is a law of."""
    drawn = (item.variable for item in model.distributed)
    densities = (node for part in model.statements for _, node in walk(part) if isinstance(node, Density))
    names = (*drawn, *(name for node in densities for name in node.variables))
    return (name for name in names if hasattr(name, "name"))


def unmet(statement: Statement, context: Context, seed: int, look: Callable[[], Trial], *, drawn: bool) -> str:
    """Why a claim that is proved may follow from nothing: no world is known that satisfies the givens; else `MET`."""
    if not drawn:
        return UNDRAWN
    trial = look()
    if trial.refuted:
        raise Fault(f"a world refutes what was proved: {statement}")
    return MET if trial.satisfied.total() or _consistent(statement, context, seed) else INCONSISTENT


def nowhere_defined(trial: Trial) -> bool:
    """Whether no world that satisfies the givens gives both sides a value, for no other reason than the givens."""
    return bool(trial.satisfied.total()) and not trial.exercised and not trial.not_exercised


def of_two_laws(model: Model) -> bool:
    """Whether two laws are given for one variable by formula, X ~ N(0, 1) and X ~ N(1, 1): no world has both."""
    laws: dict[Any, Any] = {}
    drawn = [item for item in model.distributed if not isinstance(item.density, Density)]
    return any(not alpha_equal(laws.setdefault(item.variable, item.density), item.density) for item in drawn)


def _consistent(statement: Statement, context: Context, seed: int) -> bool:
    """Whether some point satisfies the givens, where they are relations between numbers, or some world all of them."""
    from derive.trials import consistent

    assumed = context.model.assumptions
    values = (Relation, PositiveDefinite, PositiveSemidefinite)
    numbers = all(isinstance(part, values) and not index_symbols_of(part) and not _of_laws(part) for part in assumed)
    return (numbers and algebra.satisfiable(assumed, seed=seed) is True) or consistent(statement, context, seed=seed)


def _of_laws(statement: Statement) -> bool:
    return any(isinstance(node, Density) for _, node in walk(statement))
