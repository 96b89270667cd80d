r"""Gathering independent Gaussians: E[h(a X + c Y + b)] over both is E[h(z)] over the one Gaussian that the sum is.

A tactic: it says which rule is used where and with what, the kernel looks at every step. Scaling and moving is
`affine-image-expectation`, merging two is `sum-of-gaussians-expectation`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Add, Basic, Integer, Symbol

from derive import kernel
from derive.errors import DeriveError, KernelRefusal
from derive.grounds.context import Context
from derive.kernel import Step, Theorem, by_algebra
from derive.rulebook import Rule, Rulebook
from derive.tactics.rewrite import rule_steps
from derive.terms import Expectation, Identity, Normal, Variable, is_scalar, substitute
from derive.terms.linear import split_scalar

__all__ = ["gathered"]


def gathered(term: Any, target: Any, where: Context, rules: Rulebook) -> Theorem | None:
    """The theorem `term = target`, both averages of one function; None where it does not come out so."""
    try:
        return _Gathering(term, where, rules).reaching(target)
    except (DeriveError, _NotLinear):
        return None


class _NotLinear(Exception):
    """The expression is no sum of multiples of the variables, or a covariance no multiple of I."""


class _Gathering:
    """One term on its way: `steps` so far, `term` where they lead."""

    def __init__(self, term: Any, where: Context, rules: Rulebook) -> None:
        self.start = self.term = term
        self.where = where
        self.steps: list[Step] = []
        self.affine = _named(rules, "affine-image-expectation")
        self.merging = _named(rules, "sum-of-gaussians-expectation")
        self.count = 0

    def reaching(self, target: Any) -> Theorem:
        depth = 0
        inner = self.term
        while isinstance(inner, Expectation) and isinstance(inner.measure, Normal):
            depth, inner = depth + 1, inner.body
        self._scale(depth - 1)
        for level in range(depth - 2, -1, -1):
            self._scale(level)
            self._merge(level)
        self._move()
        if self.term != target:
            self._take([by_algebra(self.term, (), target, self.where)])
        return kernel.chain(self.start, self.steps, self.where)

    def _at(self, level: int) -> Any:
        found = self.term
        for _ in range(level):
            found = found.body
        return found

    def _scale(self, level: int) -> None:
        """E_{X}[f(a X)] becomes E_{y}[f(y)] with the image's Gaussian."""
        here = self._at(level)
        variable, argument = here.measure.point, _argument(here)
        factor = _coefficient(argument, variable)
        if factor != 1:
            self._image(here, factor, 0)

    def _move(self) -> None:
        """E_{y}[h(y + b)] becomes E_{z}[h(z)]."""
        rest = Add(_argument(self.term), -self.term.measure.point)
        if rest != 0:
            self._image(self.term, 1, rest)

    def _image(self, here: Any, factor: Any, shift: Any) -> None:
        variable, point = here.measure.point, self._fresh(here.measure.point)
        image = _with(here.body, _argument(here), Add(_argument(here), -factor * variable, -shift, point))
        self._apply(self.affine, here, {
            "x": variable, "y": point, "a": _number(factor), "b": _number(shift), r"\mu": here.measure.mean,
            "v": _variance(here.measure), "f": image,
        })  # fmt: skip

    def _merge(self, level: int) -> None:
        """E_{x}[E_{y}[f(x + y)]] becomes E_{z}[f(z)]."""
        outer = self._at(level)
        first, second, point = outer.measure.point, outer.body.measure.point, self._fresh(outer.measure.point)
        argument = _argument(outer)
        body = _with(outer.body.body, argument, Add(argument, -first, -second, point))
        self._apply(self.merging, outer, {
            "x": first, "y": second, "z": point, r"\mu": outer.measure.mean, r"\nu": outer.body.measure.mean,
            "v": _variance(outer.measure), "w": _variance(outer.body.measure), "f": body,
        })  # fmt: skip

    def _apply(self, rule: Rule, here: Any, chosen: Mapping[str, Any]) -> None:
        self._take(rule_steps(self.term, rule, self.where, only=here, chosen=chosen))

    def _take(self, steps: list[Step]) -> None:
        self.steps += steps
        self.term = steps[-1].after

    def _fresh(self, like: Any) -> Any:
        self.count += 1
        name = f"u{self.count}"
        return Symbol(name) if is_scalar(like) else Variable(name, like.sort)


def _named(rules: Rulebook, name: str) -> Rule:
    found = next((rule for rule in rules.identities if rule.name == name), None)
    if found is None:
        raise KernelRefusal(f"there is no rule {name}")
    return found


def _argument(term: Any) -> Any:
    """What the unknown function is applied to, under all expectations."""
    while isinstance(term, Expectation):
        term = term.body
    return term.args[3]


def _with(term: Any, old: Basic, new: Basic) -> Any:
    """The average of the function with another argument."""
    if isinstance(term, Expectation):
        return Expectation(_with(term.body, old, new), term.measure)
    return term.func(*term.args[:3], new)


def _coefficient(argument: Any, variable: Any) -> Any:
    """a, where the argument is a·variable plus what does not depend on the variable."""
    rest = substitute(argument, {variable: 0})
    for factor in _factors(argument, variable):
        if Add(argument, -rest, -factor * variable) == 0:
            return factor
    raise _NotLinear


def _factors(argument: Any, variable: Any) -> list[Any]:
    found = []
    for part in Add.make_args(argument.expand()):
        if part == variable:
            found.append(1)
        elif variable in getattr(part, "args", ()):
            found.append(part.func(*(item for item in part.args if item != variable)))
    return [*found, Add(*found)]


def _number(value: Any) -> Any:
    return Integer(value) if isinstance(value, int) else value


def _variance(law: Any) -> Any:
    if is_scalar(law.point):
        return law.covariance
    scalar, matrix = split_scalar(law.covariance)
    if not isinstance(matrix, Identity):
        raise _NotLinear
    return scalar
