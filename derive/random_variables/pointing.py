r"""Points of a law that is stated by its variable: after `X \sim f`, `f(x)` is the density of X at the point x.

A text that says so writes `\int x f(x) \,dx`, whatever the point is called. It is read so where f is the law of that
one variable, and where x is not itself a variable of which the text states a law.
"""

from __future__ import annotations

from typing import Any

from sympy import Symbol

from derive.models import Model
from derive.terms import Application, Density, Law, Variable
from derive.terms.rewriting import mapped

__all__ = ["at_points"]


def at_points(term: Any, model: Model) -> Any:
    """The term with the densities of such laws at their points."""
    variables = _variables(model)
    return _at_points(term, variables) if variables else term


def _variables(model: Model) -> dict[str, Any]:
    """The one variable of each law that is only stated by `X \\sim f`."""
    found: dict[str, set[Any]] = {}
    for item in model.distributed:
        law = item.density
        if isinstance(law, Density) and not law.givens and law.variables == (item.variable,):
            found.setdefault(str(law.law.name), set()).add(item.variable)
    stated = {str(law.lhs.law.name) for law in model.laws} | {str(entry.law.name) for entry in model.factorizations}
    return {name: next(iter(items)) for name, items in found.items() if len(items) == 1 and name not in stated}


def _at_points(term: Any, variables: dict[str, Any]) -> Any:
    if isinstance(term, Density):
        variable = variables.get(str(term.law.name))
        if variable is None or len(term.targets) != 1 or term.givens:
            return term
        named, point = term.targets[0]
        same_family = getattr(named, "sort", None) == getattr(variable, "sort", None)
        return Density(term.law, ((variable, point),), ()) if named != variable and same_family else term
    if isinstance(term, Application) and str(term.name) in variables and len(term.args) == 4 and not term.indices:
        variable, point = variables[str(term.name)], term.args[3]
        if isinstance(point, (Symbol, Variable)) and getattr(point, "sort", None) == getattr(variable, "sort", None):
            return Density(Law(str(term.name)), ((variable, point),), ())
    return mapped(term, lambda part: _at_points(part, variables))
