"""From the tree of a statement to the statement."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sympy import Integer, Mul, Symbol

from derive.latex import syntax
from derive.latex.indexing import written
from derive.latex.sorting import sort_error
from derive.latex.syntax import Node
from derive.terms import (
    FAMILIES,
    INDEX,
    SCALAR,
    VARIABLES,
    Application,
    Approximate,
    Chain,
    Definition,
    Density,
    Distributed,
    Equal,
    Greater,
    GreaterEqual,
    Independent,
    Less,
    LessEqual,
    Member,
    Normal,
    PositiveDefinite,
    PositiveSemidefinite,
    Proportional,
    Run,
    Scaled,
    Unequal,
    Variable,
    sort_of,
)

if TYPE_CHECKING:
    from derive.latex.building import Building

RELATIONS: dict[str, Any] = {
    "=": Equal, r"\le": LessEqual, r"\ge": GreaterEqual, "<": Less, ">": Greater, r"\ne": Unequal,
    r"\approx": Approximate, ":=": Definition,
}  # fmt: skip


def state(building: Building, node: Node) -> Any:
    """The statement of a tree, or its term where it states nothing."""
    match node:
        case syntax.Relations():
            return _chain(building, node)
        case syntax.Follows():
            return _distributed(building, node)
        case syntax.Perpendicular():
            return _independent(building, node)
        case syntax.Belongs():
            return _member(building, node)
        case syntax.Definite():
            kind = PositiveDefinite if node.strict else PositiveSemidefinite
            return kind(building.build(node.argument))
    term = building.build(node)
    sort_of(term)
    return term


def _chain(building: Building, node: syntax.Relations) -> Any:
    """A relation, or the chain of several; a line that begins with its sign has its links from there on."""
    sides = _pointed([None if side is None else building.build(side) for side in node.sides])
    links = []
    for place, sign in enumerate(node.signs):
        left, right = sides[place], sides[place + 1]
        if left is None:
            continue
        links.append(_link(building, sign, left, right, node, sides[max(0, place - 20) : place + 1]))
    if not links:
        return sides[-1]
    return links[0] if len(links) == 1 else Chain(*links)


def _pointed(sides: list[Any]) -> list[Any]:
    """Gaussians without a point that are equated with a density: at the point of the density."""
    points = {side.points for side in sides if isinstance(side, Density) and len(side.points) == 1}
    if len(points) != 1:
        return sides
    point = points.pop()[0]
    return [Normal(point, side.mean, side.covariance) if _open(side, point) else side for side in sides]


def _open(side: Any, point: Any) -> bool:
    """Whether a side is a Gaussian without a point, of the sort of this one."""
    if not (isinstance(side, Normal) and str(getattr(side.point, "name", "")) == r"\cdot"):
        return False
    return isinstance(point, (Symbol, Variable)) and sort_of(side.point) == sort_of(point)


def _link(
    building: Building, sign: syntax.Sign, left: Any, right: Any, node: syntax.Relations, before: list[Any]
) -> Any:
    match sign.symbol:
        case r"\propto":
            variables = _variables(building, sign, before)
            return Scaled(left, right) if variables is None else Proportional(left, right, variables)
        case r"\equiv":
            fresh = isinstance(left, (Symbol, Variable)) or type(left).__name__ == "Application"
            return Definition(left, right) if fresh else Equal(left, right)
        case "=:":
            return Definition(right, left)
    return RELATIONS[sign.symbol](left, right)


def _variables(building: Building, sign: syntax.Sign, before: list[Any]) -> list[Any] | None:
    r"""The variables of a `\propto`: those named, else those left of the bar of a density before, or of its Gaussians.

    None if that is unsaid.
    """
    if sign.variables is not None:
        return building._names(sign.variables)
    for side in reversed(before):
        if isinstance(side, Density):
            return list(side.variables)
        points = {factor.point for factor in Mul.make_args(side) if isinstance(factor, Normal)}
        if len(points) == 1 and all(isinstance(point, (Symbol, Variable)) for point in points):
            return list(points)
    building.note(r"in which variables this \propto is meant is not said; it claims nothing that is decided")
    return None


def _distributed(building: Building, node: syntax.Follows) -> Any:
    if node.given:
        return _conditionally(building, node)
    if len(node.variables) == 1 and isinstance(node.variables[0], syntax.Several):
        node.variables = list(node.variables[0].items)
    if len(node.variables) != 1:
        return _jointly(building, node)
    source = syntax.Source(node.start, node.end, node.variables, [], node.law)
    variable = building.build(node.variables[0])
    law = node.law
    if isinstance(variable, Density) and len(variable.points) == 1:
        building.note(r"\sim after a density is read as =")
        if isinstance(law, syntax.Call) and building.survey.kind(law) == "normal":
            return Equal(variable, building.gaussian(law, variable.points[0]))
        return Equal(variable, building.measure(law, like=variable)[0])
    if isinstance(law, syntax.Call) and building.survey.kind(law) == "normal" and not isinstance(variable, Symbol):
        return Distributed(variable, building.gaussian(law, variable))
    measures = building._followed(source)
    return Distributed(variable, measures[-1])


def _jointly(building: Building, node: syntax.Follows) -> Any:
    r"""`x, y \sim p(x, y)` as the density alone: that something is drawn from it claims nothing."""
    source = syntax.Source(node.start, node.end, node.variables, [], node.law)
    measures = building._followed(source)
    if len(measures) != 1 or not isinstance(measures[0], Density):
        raise building.error(node, "one variable at a time is read before \\sim", r"x \sim …")
    building.note(f"{building.shown(node)} is read as the density {written(measures[0])}")
    return measures[0]


def _conditionally(building: Building, node: syntax.Follows) -> Any:
    r"""`x \mid y \sim \mathcal{N}(\mu, \Sigma)` as p(x | y) = N(x; μ, Σ), in the one law of the text, else in p."""
    head = syntax.Name(node.start, node.start, building.survey.law_letter())
    slots = syntax.Slots(node.start, node.end, [list(node.variables), list(node.given)], ["|"])
    density = building.density(syntax.Call(node.start, node.end, head, slots))
    law = node.law
    if isinstance(law, syntax.Call) and building.survey.kind(law) == "normal" and len(density.points) == 1:
        result = Equal(density, building.gaussian(law, density.points[0]))
    elif isinstance(law, syntax.Call) and building.survey.kind(law) == "law":
        result = Equal(density, building.measure(law, like=density)[0])
    elif isinstance(law, syntax.Call) and law.head.name in FAMILIES and law.head.subscript is None:
        value = Application(law.head.name, SCALAR, (), *density.points, *building._parameters(law))
        result = Equal(density, value)
    else:
        raise building.error(law, "this law is not read", r"a density, \mathcal{N}(…) or the name of a law")
    building.note(f"{building.shown(node)} is read as {written(result)}")
    return result


def _independent(building: Building, node: syntax.Perpendicular) -> Independent:
    return Independent(*(_set(building, items) for items in (node.left, node.right, node.given)))


def _set(building: Building, items: list[Node]) -> list[Any]:
    flat: list[Node] = []
    for item in items:
        while isinstance(item, syntax.Group):
            item = item.body
        flat.extend(item.items if isinstance(item, syntax.Braced) else [item])
    return building._names(flat)


def _member(building: Building, node: syntax.Belongs) -> Any:
    if len(node.variables) != 1:
        raise building.error(node, "one variable at a time is read before \\in", r"x \in \mathbb{R}^d")
    variable = building.build(node.variables[0])
    match node.domain:
        case "R":
            sizes = [building.build(size) for size in node.sizes]
            sort = building.sorting.sort(building.sorting.cells[id(node.variables[0])])
            if not sizes and sort.kind not in ("scalar", "index"):
                raise sort_error(building.place(node), f"a {sort} is said to be a number")
            return Member(variable, SCALAR if not sizes else sort)
        case "N" | "Z":
            if node.sizes:
                raise building.error(node, "vectors of whole numbers are not read", r"n \in \mathbb{N}")
            return Member(variable, INDEX)
        case "{}":
            return _finite(building, node, variable)
    if len(node.sizes) != 2:
        raise building.error(node, "an interval has two ends", "[a, b]")
    lower, upper = map(building.build, node.sizes)
    below, above = (Less if end == "(" else LessEqual for end in node.domain)
    return Chain(below(lower, variable), above(variable, upper))


def _finite(building: Building, node: syntax.Belongs, variable: Any) -> Any:
    r"""`t \in \{1, \dots, T\}` as 1 ≤ t ≤ T."""
    dots = [place for place, item in enumerate(node.sizes) if isinstance(item, syntax.Dots)]
    if len(dots) != 1 or not 0 < dots[0] == len(node.sizes) - 2:
        raise building.error(node, "this set is not read", r"\{1, \dots, T\}")
    first = [building.build(item) for item in node.sizes[: dots[0]]]
    if any(later - earlier != 1 for earlier, later in pairwise(first)):
        raise building.error(node, "this set is no range of whole numbers", r"\{1, \dots, T\}")
    return Chain(LessEqual(first[0], variable), LessEqual(variable, building.build(node.sizes[-1])))


__all__ = ["VARIABLES", "Integer", "Run", "state"]
