"""Differentiation: gradients of sums, multiples, powers, logarithms and exponentials, until none is left to take.

What a derivative is stands in the rulebook; this file only chooses which rule to use where.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Add, Basic, Mul, Pow, Sum, exp, log

from derive.errors import DeriveError, KernelRefusal
from derive.grounds.context import Context
from derive.kernel import Step, by_algebra
from derive.rulebook import Rulebook
from derive.tactics.rewrite import rule_steps
from derive.terms import Gradient, Inner, Norm, alpha_equal, is_scalar, mentions, squared_norm
from derive.terms.positions import Path, walk
from derive.terms.quadratics import quadratic

Move = tuple[str, dict[str, Any]]
_MOST_MOVES = 200


def differentiate(term: Basic, where: Context, rules: Rulebook, variable: Basic | None = None) -> list[Step]:
    """The steps that take every derivative of a term; with a variable, only those in it."""
    steps: list[Step] = []
    stuck: set[Basic] = set()
    refused: DeriveError | None = None
    while len(steps) < _MOST_MOVES:
        standing = [
            (path, node)
            for path, node in walk(term)
            if isinstance(node, Gradient) and node not in stuck and variable in (None, node.variable)
        ]
        if not standing:
            break
        path, node = standing[-1]  # innermost first: a second derivative waits for the first
        try:
            found = _taken(term, path, node, where, rules)
        except DeriveError as error:
            refused = refused or error
            stuck.add(node)
            continue
        steps += found
        term = found[-1].after
    if not steps:
        raise refused or KernelRefusal("there is no derivative in this term")
    return steps


def _taken(term: Basic, path: Path, node: Gradient, where: Context, rules: Rulebook) -> list[Step]:
    refused: DeriveError | None = None
    for name, chosen in _moves(node, where.at(term, path)):
        try:
            return rule_steps(term, rules[name], where, only=node, chosen=chosen)
        except DeriveError as error:
            refused = refused or error
    expanded = _expanded(node, where.at(term, path))
    if expanded is None:
        raise refused or KernelRefusal("no rule takes this derivative", hint=str(node))
    return [by_algebra(term, (*path, 0), expanded, where)]


def _moves(node: Gradient, local: Context) -> Iterator[Move]:
    """The rules that may take a derivative, by the form of what is differentiated."""
    body, variable = node.body, node.variable
    below = local.facts
    if mentions(body, variable, below) is False:
        yield "gradient-of-a-constant", {}
        return
    match body:
        case Add():
            first = next((part for part in body.args if mentions(part, variable, below) is False), body.args[0])
            yield "gradient-of-a-sum", {"f": first, "g": Add(*(part for part in body.args if part != first))}
        case Mul():
            still = [f for f in body.args if is_scalar(f) and mentions(f, variable, below) is False]
            if still:
                yield "gradient-of-a-multiple", {"a": Mul(*still), "f": Mul(*(f for f in body.args if f not in still))}
            else:
                yield "gradient-of-a-product", {"f": body.args[0], "g": Mul(*body.args[1:])}
        case Sum():
            yield "gradient-of-a-sum-over-index", {}
        case log():
            yield "gradient-of-a-logarithm", {}
        case exp():
            yield "gradient-of-an-exponential", {}
        case Inner():
            yield "gradient-of-an-inner-product", {}
            yield "gradient-of-a-quadratic-form", {}
        case Pow() if isinstance(body.base, Norm):
            yield "gradient-of-a-squared-norm", {}
        case Pow():
            yield "gradient-of-a-square", {}
            yield "gradient-of-a-power", {"f": body.base, "n": body.exp}
        case _ if alpha_equal(body, variable):
            yield "derivative-of-the-variable", {}


def _expanded(node: Gradient, local: Context) -> Basic | None:
    """A quadratic in the variable, multiplied out."""
    parts = quadratic(node.body, node.variable, local.facts)
    if parts is None:
        return None
    square, line, rest = parts
    whole: Basic = Add(Mul(square, squared_norm(node.variable)), Inner(line, node.variable), rest)
    return None if whole == node.body else whole
