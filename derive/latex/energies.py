r"""What `E(x)` is, an expectation or the value of a function such as an energy: the texts read together say it.

It is an expectation where what stands in it is random: a capital, a name that something is drawn for, something given
(`E(Y \mid X)`), what is integrated on another side. It is the value of a function where it is taken of several things,
stands in an exponent or in an expectation, is differentiated in its argument, is equated with what speaks of its
argument, or stands beside the density of the same point, `E_\theta(x)` beside `p_\theta(x)`. `E(g(x))` of anything but
names is an expectation. What says neither can be read both ways and is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.latex import syntax
from derive.latex.declarations import LAW_LETTERS, RANDOM_NAMES, Declarations, base_letter
from derive.latex.syntax import Node
from derive.latex.tokens import Scanner
from derive.latex.trees import children, replaced, spelled, walk

Trees = Sequence[tuple[Scanner, Node]]

_RANDOM = frozenset("ABCQRSTUVWXYZ")
_CONSTANTS = frozenset("abck")


def told(parsed: Trees, declarations: Declarations) -> list[tuple[Scanner, Node]]:
    """The trees, each `E(…)` that is a function's value as the call that it is.

    Raises `ReadError` where an `E(…)` can be read both ways.
    """
    moments = [
        (scanner, node) for scanner, tree in parsed for node in walk(tree)
        if isinstance(node, syntax.Moment) and _undecided(node)
    ]  # fmt: skip
    if not moments or "E" in declarations.laws:
        return list(parsed)
    trees = [tree for _, tree in parsed]
    drawn = {item.name for tree in trees for node in walk(tree) for item in _drawn(node)} | declarations.random
    values = {id(node) for tree in trees for node in _values(tree, [node for _, node in moments])}
    integrated = {id(node) for tree in trees for node in _integrated(tree)}
    calls: dict[int, Node] = {}
    groups: dict[str, list[tuple[Scanner, syntax.Moment]]] = {}
    for scanner, node in moments:
        if len(node.bodies) > 1:
            calls[id(node)] = _call(node)
        groups.setdefault(spelled(node.sources), []).append((scanner, node))
    for group in groups.values():
        nodes = [node for _, node in group if len(node.bodies) == 1]
        random = [node for node in nodes if _is_random(node, drawn) or id(node) in integrated]
        function = "E" in declarations.functions or any(
            id(node) in values for _, node in group if node not in random
        )
        if not random and function:
            calls.update({id(node): _call(node) for node in nodes})
        elif function or (not random and all(_of_names(node) for node in nodes)):
            scanner, node = next(item for item in group if item[1] not in random)
            shown = scanner.text[node.start : node.end]
            raise scanner.error(
                node.start, f"{shown} can be an expectation and the value of a function",
                rf"\mathbb{{E}}[…], or what E is beside it: {shown} \in \mathbb{{R}}",
            )  # fmt: skip
    return [(scanner, replaced(tree, calls)) for scanner, tree in parsed]


def _undecided(node: syntax.Moment) -> bool:
    """Whether this is a plain `E(…)`, below which stands no law and nothing random."""
    if node.slots is None:
        return False
    below = [item for source in node.sources or () for item in source.variables]
    return all(isinstance(item, syntax.Name) and _labels(item) for item in below)


def _labels(name: syntax.Name) -> bool:
    return base_letter(name.name) not in LAW_LETTERS | RANDOM_NAMES


def _is_random(moment: syntax.Moment, drawn: set[str]) -> bool:
    names = [item for body in moment.bodies for item in walk(body) if isinstance(item, syntax.Name)]
    return bool(moment.given) or any(base_letter(name.name) in _RANDOM or name.name in drawn for name in names)


def _of_names(moment: syntax.Moment) -> bool:
    return all(isinstance(body, syntax.Name | syntax.Number) for body in moment.bodies)


def _drawn(node: Node) -> list[syntax.Name]:
    if isinstance(node, syntax.Follows):
        return [item for item in node.variables if isinstance(item, syntax.Name)]
    return []


def _values(tree: Node, everywhere: Sequence[syntax.Moment]) -> Iterator[syntax.Moment]:
    """The moments that are values of a function, for where they stand."""
    for node in walk(tree):
        match node:
            case syntax.Moment() if len(node.bodies) > 1:
                yield node
            case syntax.Function(name="exp"):
                yield from _below(node)
            case syntax.Power(base=syntax.Name(name="e"), exponent=syntax.Node() as exponent):
                yield from _below(exponent)
            case syntax.Nabla(variable=None):
                yield from _below(node.body)
            case syntax.Nabla(variable=syntax.Name() as variable):
                yield from (item for item in _below(node.body) if spelled(variable) in map(spelled, item.bodies))
            case syntax.Moment(given=[]):
                yield from (item for body in node.bodies for item in _below(body))
            case syntax.Call() if node.head.name in LAW_LETTERS and node.head.subscript is not None:
                points = {spelled(item) for item in node.slots.groups[0]}
                below = [item.lower for item in node.head.subscript]
                beside = (item for item in everywhere if _subscript(item) == spelled(below))
                yield from (item for item in beside if _points(item) <= points)
            case syntax.Relations():
                yield from _equated(node)
            case syntax.Belongs():
                yield from (item for item in node.variables if isinstance(item, syntax.Moment) and item.slots)


def _subscript(moment: syntax.Moment) -> str:
    return spelled([item for source in moment.sources or () for item in source.variables])


def _points(moment: syntax.Moment) -> set[str]:
    return {spelled(item) for item in moment.bodies}


def _below(node: Node) -> Iterator[syntax.Moment]:
    return (item for item in walk(node) if isinstance(item, syntax.Moment) and item.slots is not None)


def _equated(node: syntax.Relations) -> Iterator[syntax.Moment]:
    r"""The `E(w)` of `E(w) = \tfrac12 w^2`: another side speaks of w, and not below a sign that binds it."""
    for place, side in enumerate(node.sides):
        if isinstance(side, syntax.Moment) and side.slots is not None and _of_names(side):
            others = [other for at, other in enumerate(node.sides) if at != place and other is not None]
            spoken = {name for other in others for name in _free(other)}
            wanted = {item.name for item in side.bodies if isinstance(item, syntax.Name)} - _CONSTANTS
            if wanted & spoken:
                yield side


def _integrated(tree: Node) -> Iterator[syntax.Moment]:
    r"""The `E(x)` of `E(x) = \int x p(x) dx`: what stands in it is summed or integrated on another side."""
    for node in walk(tree):
        if isinstance(node, syntax.Relations):
            bound = {name for side in node.sides if side is not None for item in walk(side) for name in _bound(item)}
            for side in node.sides:
                for moment in _below(side) if side is not None else ():
                    inside = [item for body in moment.bodies for item in walk(body)]
                    if any(isinstance(item, syntax.Name) and item.name in bound for item in inside):
                        yield moment


def _bound(node: Node) -> set[str]:
    if isinstance(node, syntax.Integration):
        return {variable.name for variable in node.variables}
    if isinstance(node, syntax.Big) and node.index is not None:
        return {node.index.name}
    return set()


def _free(node: Node) -> set[str]:
    """The names of a tree that nothing in it binds and that stand in no moment."""
    if isinstance(node, syntax.Moment):
        return set()
    if isinstance(node, syntax.Name):
        return {node.name}
    inside: set[str] = set()
    for child in children(node):
        inside |= _free(child)
    return inside - _bound(node)


def _call(moment: syntax.Moment) -> syntax.Call:
    below = [item for source in moment.sources or () for item in source.variables]
    subscript = tuple(syntax.Subscript(item.start, item.end, item) for item in below)
    assert moment.slots is not None
    head = syntax.Name(moment.start, moment.slots.start, "E", subscript or None)
    return syntax.Call(moment.start, moment.end, head, moment.slots)
