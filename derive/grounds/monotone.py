"""What a position does to a relation: which contexts keep an inequality or a proportionality, and which turn it.

Each context declares its monotonicity and the sign it needs; where neither is known the step is refused.
"""

from __future__ import annotations

from typing import Any

from sympy import Add, Basic, Mul, Pow, Rational, Sum, exp, log

from derive import algebra
from derive.errors import KernelRefusal
from derive.grounds.context import Context
from derive.terms import Expectation, Integral, at
from derive.terms.positions import Path

TURNED = {"=": "=", "<=": ">=", ">=": "<=", "propto": "propto"}


def lift(
    relation: str, term: Basic, after: Basic, path: Path, where: Context
) -> str:
    """The relation between the whole terms, from the one between the parts at a path; refused where there is none."""
    if relation == "=":
        return relation
    for depth in range(len(path) - 1, -1, -1):
        parent, step = at(term, path[:depth]), path[depth]
        local = where.at(term, path[:depth])
        if relation == "propto":
            _keeps_proportion(parent, step)
        else:
            relation = _through(relation, parent, at(after, path[:depth]), step, local)
    return relation


def compose(
    relation: str, variables: frozenset[Basic] | None, next_: str, others: frozenset[Basic]
) -> tuple[str, frozenset[Basic] | None]:
    """The relation of a chain with one more link, and the variables that all its proportionalities are in."""
    if next_ == "=":
        return relation, variables
    if next_ == "propto":
        if relation not in ("=", "propto"):
            raise KernelRefusal("an inequality and a proportionality do not compose")
        return "propto", others if variables is None else variables & others
    if relation in ("=", next_):
        return next_, variables
    raise KernelRefusal("the relations of this chain do not compose")


def _keeps_proportion(parent: Basic, step: Any) -> None:
    """∝ passes through products and constant powers."""
    if isinstance(parent, Mul) or (isinstance(parent, Pow) and step == 0 and parent.exp.is_number):
        return
    raise KernelRefusal(f"a proportionality does not pass through a {type(parent).__name__}")


def _through(relation: str, parent: Basic, changed: Basic, step: Any, local: Context) -> str:
    """Monotonicity of each context, with the sign it needs."""
    if isinstance(parent, (Add, exp, log)):
        return relation
    if isinstance(parent, Mul):
        picked = step if isinstance(step, tuple) else (step,)
        rest = Mul(*(arg for place, arg in enumerate(parent.args) if place not in picked))
        sign = algebra.sign(rest, local.algebra_facts(rest))
        if sign in ("+", "+0", "0"):
            return relation
        if sign in ("-", "-0"):
            return TURNED[relation]
        raise KernelRefusal("the sign of the factor beside an inequality is not known")
    if isinstance(parent, Integral) and any(len(limit) == 3 for limit in parent.limits):
        raise KernelRefusal("whether an integral's limits are in order is not known")
    if isinstance(parent, (Expectation, Integral, Sum)) and step == 0:
        return relation
    if isinstance(parent, Pow) and step == 0 and parent.exp == -1 and isinstance(changed, Pow):
        signs = {algebra.sign(side, local.algebra_facts(side)) for side in (parent.base, changed.base)}
        if signs in ({"+"}, {"-"}):
            return TURNED[relation]
        raise KernelRefusal("an inequality turns in a denominator only where both sides have one known sign")
    if isinstance(parent, Pow) and step == 0 and parent.exp == Rational(1, 2) and isinstance(changed, Pow):
        smaller = parent.base if relation == "<=" else changed.base  # where this is not negative, the larger is not
        if algebra.sign(smaller, local.algebra_facts(smaller)) in ("+", "+0", "0"):
            return relation
        raise KernelRefusal("an inequality goes below a root only where neither side is negative")
    raise KernelRefusal(f"whether an inequality keeps its sense inside a {type(parent).__name__} is not known")
