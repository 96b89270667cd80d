"""Naming what came out: C_t for the constant, β̃_t for the variance. A new name, defined by a term, assumes nothing."""

from __future__ import annotations

from typing import Any

from sympy import Add, Basic, Mul, Symbol

from derive.errors import DerivationError
from derive.latex import latex
from derive.models import Line, Model
from derive.models.model import indices_in
from derive.terms import (
    Application,
    Definition,
    Identity,
    IndexFacts,
    Law,
    Normal,
    Run,
    Variable,
    alpha_equal,
    free_variables,
    is_scalar,
    mentions,
)
from derive.terms.positions import Path, walk


def part_called(term: Basic, what: str, point: Basic, facts: IndexFacts) -> tuple[Path, Basic]:
    """The place and the value of what is named: a Gaussian's variance, or the terms of a sum without a variable."""
    for path, node in walk(term):
        if what == "variance" and isinstance(node, Normal) and node.point == point and node.variance is not None:
            if is_scalar(point):
                return (*path, 2), node.variance
            factors = Mul.make_args(node.covariance)
            if node.covariance.is_Mul:
                picked = tuple(place for place, arg in enumerate(factors) if not isinstance(arg, Identity))
                return (*path, 2, picked if len(picked) > 1 else picked[0]), node.variance
        if what == "terms without" and isinstance(node, Add) and is_scalar(node):
            picked = tuple(place for place, arg in enumerate(node.args) if mentions(arg, point, facts) is False)
            if picked and len(picked) < len(node.args):
                return (*path, picked if len(picked) > 1 else picked[0]), Add(*(node.args[place] for place in picked))
    raise DerivationError(f"there is no {what} {point} in this term", expected="the variance of a Gaussian's point, "
                          "or a sum in which some terms mention the variable and some do not")  # fmt: skip


def naming(model: Model, head: Any, value: Basic, used: tuple[Basic, ...]) -> Model:
    """The model with one more definition, head = value, for every index; the model itself where it says so already.

    Raises `DerivationError` where the name is not new, or where the value depends on more than the head shows.
    """
    definition = Definition(head, value)
    if any(alpha_equal(line.statement, definition) for line in model.lines):
        return model
    if not isinstance(head, (Symbol, Variable)) or not is_scalar(head):
        raise DerivationError("a number is given a name", expected=r"a name such as C_t")
    spoken = (*used, *(line.statement for line in model.lines))
    if any(head.name in _names(term) for term in spoken):
        raise DerivationError(f"{head} is not a new name", hint="it stands in the model or in this line")
    if any(isinstance(item, (Variable, Run)) and not is_scalar(item) for item in free_variables(value)):
        raise DerivationError("what is named depends on a point, which its name would not show")
    open_ = indices_in((value,)) - model.sizes
    if not {symbol for symbol in open_ if symbol in value.free_symbols} <= head.free_symbols:
        raise DerivationError("what is named depends on an index that its name does not show")
    named = model.with_lines([Line(definition, rf"{latex(head)} = {latex(value)}")])
    if len(named.definitions) <= len(model.definitions):
        raise DerivationError("this name cannot be defined by that term")
    return named


def _names(term: Basic) -> frozenset[str]:
    """The names that a term uses, of quantities, laws and functions."""
    own = frozenset((str(term.name),)) if isinstance(term, (Symbol, Variable, Run, Application, Law)) else frozenset()
    return own.union(*(_names(arg) for arg in term.args if isinstance(arg, Basic))) if term.args else own
