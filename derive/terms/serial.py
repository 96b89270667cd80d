"""Terms as JSON values and back: the structure itself, so that reading needs no grammar and runs nobody's code.

A node is `[class name, argument, …]`; text stands for `Str`, a whole number for `Integer`. Only the classes of the
table below can be named.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import sympy
from sympy import Basic, Expr, Integer, Rational, Symbol
from sympy.core.symbol import Str

from derive.errors import InputError
from derive.terms import arrays, choices, densities, events, linear, names, operators, regularity, sorts, statements

_OURS = (
    sorts.Sort, names.Label, names.Variable, names.Run, names.Law, names.Application, densities.Density,
    densities.Normal, linear.Identity, linear.Inner, linear.Norm, linear.Transpose, linear.Inverse, linear.Trace,
    linear.Determinant, linear.MatrixProduct, operators.Expectation, operators.Variance, operators.Covariance,
    operators.Integral, operators.KL, operators.CrossEntropy, operators.Entropy, operators.Gradient,
    operators.Divergence, events.Intersection, events.Union, events.Complement, events.Equals, events.Probability,
    events.Holds, events.Within, events.IntersectionOver, events.UnionOver, events.Indicator, choices.Cases,
    choices.Maximum, choices.Minimum, choices.Supremum, choices.Infimum, choices.ArgMax, choices.ArgMin, choices.Limit,
    arrays.BlockMatrix, arrays.Entry, arrays.Ones, arrays.Hadamard, arrays.MatrixPower, arrays.Differential,
    arrays.DerivativeIn, arrays.Diagonal, arrays.Listing, arrays.Family,
    statements.Equal, statements.LessEqual, statements.GreaterEqual, statements.Less, statements.Greater,
    statements.Unequal, statements.Approximate, statements.Scaled, statements.Definition, statements.Proportional,
    statements.Distributed, statements.Independent, statements.Member, statements.PositiveDefinite,
    statements.PositiveSemidefinite, statements.Chain, statements.Restricted, regularity.Exists,
    regularity.Exchanges, regularity.Convex,
    regularity.Concave, regularity.ForEvery, regularity.AlmostSurely, regularity.CountingMeasure,
    regularity.LebesgueMeasure, regularity.AlmostEverywhere, regularity.Disjoint,
)  # fmt: skip
_SYMPY = (
    sympy.Add, sympy.Mul, sympy.Pow, sympy.log, sympy.exp, sympy.cos, sympy.sin, sympy.tan, sympy.cosh, sympy.sinh,
    sympy.tanh, sympy.Abs, sympy.sign, sympy.Max, sympy.Min, sympy.Tuple, sympy.factorial,
    sympy.binomial, sympy.atan, sympy.asin, sympy.acos,
)  # fmt: skip
CLASSES: dict[str, Any] = {cls.__name__: cls for cls in (*_SYMPY, *_OURS)}
_OF_NUMBERS = frozenset(_SYMPY) - {sympy.Tuple}
CLASSES |= {"Sum": sympy.Sum, "Product": sympy.Product}
_SORTED = frozenset({names.Variable, names.Run, names.Application})
_SORTS = frozenset({"scalar", "vector", "matrix", "index", "event", "law", "variables", "list", "statement"})
_CONSTANTS: dict[str, Basic] = {
    "pi": sympy.pi, "E": sympy.E, "oo": sympy.oo, "-oo": -sympy.oo, "i": sympy.I,
}  # fmt: skip
_NAMES = {value: name for name, value in _CONSTANTS.items()}
DEEPEST = 300
"""Levels of nesting that are read: well inside what Python's own stack allows."""


def to_json(term: Basic) -> Any:
    """The JSON value of a term."""
    if term in _NAMES:
        return ["constant", _NAMES[term]]
    if isinstance(term, Integer):
        return int(term)
    if isinstance(term, Rational):
        return ["Rational", int(term.p), int(term.q)]
    if isinstance(term, Symbol):
        return ["Symbol", str(term.name)]
    if isinstance(term, Str):
        return str(term.name)
    name = type(term).__name__
    if CLASSES.get(name) is not type(term):
        raise InputError(f"a {name} cannot be written to a certificate")
    return [name, *map(to_json, term.args)]


def reader() -> Callable[[Any], Any]:
    """A `from_json` for all terms of one file: equal nodes are built once, however many stand between them."""
    return partial(from_json, known={})


def from_json(value: Any, depth: int = 0, known: dict[Any, Any] | None = None) -> Any:
    """The term of a JSON value; `InputError` for anything that `to_json` does not write."""
    if depth > DEEPEST:
        raise InputError("a term in the certificate is nested too deeply")
    match value:
        case bool() | None | float():
            raise InputError(f"{value!r} is no term")
        case int():
            return Integer(value)
        case str():
            return Str(value)
        case ["constant", str(name)] if name in _CONSTANTS:
            return _CONSTANTS[name]
        case ["Rational", int(p), int(q)] if q != 0:
            return Rational(p, q)
        case ["Symbol", str(name)]:
            return Symbol(name)
        case [str(name), *args] if name in CLASSES:
            parts = tuple(from_json(arg, depth + 1, known) for arg in args)
            if CLASSES[name] in _OF_NUMBERS and not all(isinstance(part, Expr) for part in parts):
                raise InputError(f"a {name} of what is no number, vector or matrix is no term")
            if known is None:
                return _node(name, *parts)
            node = known.get((name, parts))
            if node is None:
                node = known[name, parts] = _node(name, *parts)
            return node
    raise InputError("a value in the certificate is no term")


def _node(name: str, *parts: Any) -> Any:
    """The node of a class with these arguments."""
    if CLASSES[name] in _SORTED and not (len(parts) > 1 and isinstance(parts[1], sorts.Sort)):
        raise InputError(f"a {name} has a sort")
    if CLASSES[name] is sorts.Sort and not (parts and str(parts[0]) in _SORTS):
        raise InputError("there is no sort of this name")
    try:
        return CLASSES[name](*parts)
    except (TypeError, ValueError, AttributeError, IndexError) as error:
        raise InputError(f"a {name} with these arguments is no term") from error
