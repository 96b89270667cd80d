r"""Conventions that a text may choose: whether `\mathcal{N}(\mu, \sigma)` gives a deviation or a variance.

derive reads the second slot of a Gaussian as its (co)variance. A letter σ that stands there alone is a deviation by its
name: in an article it is read so, the reading is said, and a text that writes both is told where it switched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Basic, Pow, Symbol

from derive.articles.source import Place
from derive.latex import unicode_text
from derive.latex.declarations import base_letter
from derive.terms import Density, Identity, Normal, Variable, walk
from derive.terms.rewriting import mapped, rewritten

__all__ = ["Conventions", "at_point", "deviations", "gives_variance", "shown_short", "with_variances"]

_POINT = Symbol(r"\cdot")
_DEVIATIONS = (r"\sigma", "s", r"\varsigma")


def _is_deviation(term: Any) -> bool:
    return isinstance(term, (Symbol, Variable)) and base_letter(str(term.name)) in _DEVIATIONS


def _bare(covariance: Any) -> Any:
    """The σ of `σ` and of `σ I`, or None."""
    if _is_deviation(covariance):
        return covariance
    if isinstance(covariance, Basic) and len(covariance.args) == 2 and not isinstance(covariance, Pow):
        named = [part for part in covariance.args if not isinstance(part, Identity)]
        if len(named) == 1 and _is_deviation(named[0]):
            return named[0]
    return None


def deviations(term: Basic) -> list[Any]:
    """The Gaussians of a term whose second slot is a letter for a deviation, alone."""
    return [node for _, node in walk(term) if isinstance(node, Normal) and _bare(node.covariance) is not None]


def gives_variance(term: Basic) -> Any:
    """A Gaussian of a term whose second slot is the square of a letter for a deviation, or None."""
    for _, node in walk(term):
        if isinstance(node, Normal):
            for _, part in walk(node.covariance):
                if isinstance(part, Pow) and part.exp == 2 and _is_deviation(part.base):
                    return node
    return None


def with_variances(term: Any) -> Any:
    """The term with each lonely deviation in a Gaussian's second slot squared."""
    if isinstance(term, Normal) and (deviation := _bare(term.covariance)) is not None:
        square = _squared(term.covariance, deviation)
        return Normal(term.point, with_variances(term.mean), square)
    return mapped(term, with_variances)


def _squared(covariance: Any, deviation: Any) -> Any:
    if covariance == deviation:
        return Pow(deviation, 2)
    return covariance.func(*(Pow(part, 2) if part == deviation else part for part in covariance.args))


def at_point(link: Any, opening: Any) -> Any:
    """A Gaussian without a point, in a chain that a density at a point opens, as the density at that point."""
    if not isinstance(opening, Density) or len(opening.targets) != 1:
        return link
    point = opening.targets[0][1]

    def pointed(term: Any) -> Any:
        if isinstance(term, Normal) and term.point == _POINT:
            return Normal(point, term.mean, term.covariance)
        return term if isinstance(term, Density) else None

    return rewritten(link, pointed)


def shown_short(gaussian: Any) -> str:
    """A Gaussian on one line."""
    return unicode_text(gaussian)


@dataclass
class Conventions:
    """What the text's Gaussians were seen to give as their second slot, and where first."""

    variance: tuple[Any, Place] | None = None
    deviation: tuple[Any, Place] | None = None
    told: bool = False

    def switched(self, link: Any, place: Place) -> tuple[Place, str] | None:
        """Where a text gives a variance here and a deviation there, and what to say of it; told once."""
        if not isinstance(link, Basic):
            return None
        variance, bare = gives_variance(link), deviations(link)
        if variance is not None and self.variance is None:
            self.variance = (variance, place)
        if bare and self.deviation is None:
            self.deviation = (bare[0], place)
        if self.told or self.variance is None or self.deviation is None:
            return None
        self.told = True
        (first, at_first), (second, at_second) = self.variance, self.deviation
        here, there = (at_second, at_first) if at_second == place else (at_first, at_second)
        what = ("a deviation", "a variance") if here == at_second else ("a variance", "a deviation")
        shown_here, shown_there = (second, first) if here == at_second else (first, second)
        return here, (
            f"the second slot of {shown_short(shown_here)} is {what[0]} here and {what[1]} on line {there.line}, "
            f"{shown_short(shown_there)}: one convention, or a word where it changes"
        )
