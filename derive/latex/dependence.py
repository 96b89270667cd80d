r"""What a name depends on that is differentiated bare: with `\frac{\partial \ell}{\partial \mu}`, ℓ is ℓ(μ) throughout.

A bare name below a derivative shows nothing of what it is differentiated in; were it read as a constant, the derivative
would vanish. So it is read as a function of the variables that it is differentiated in, wherever it stands in the texts
that are read together: else `\frac{\partial \log\sigma}{\partial t} = \frac1\sigma \frac{\partial\sigma}{\partial t}`
would relate two different σ. A name that an equation says what it is, L = Σ (x_i − μ)², is a function of what stands
there, wherever something is differentiated in it. Beside it `\ell'` and, in time, `\dot\ell` are its derivatives. Where
a name is differentiated and differentiated in as well, as in the chain rule, what it is a function of is not said, and
the text is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from derive.latex import syntax
from derive.latex.declarations import COEFFICIENTS, RANDOM_NAMES, Declarations, base_letter
from derive.latex.syntax import Node
from derive.latex.tokens import GREEK, Scanner
from derive.latex.trees import children, replaced, spelled, walk

_TIMES = frozenset(("t", "s", r"\tau"))
_SIZES = frozenset("NKT")


class Dependence(NamedTuple):
    """A name, where it is first differentiated, and the variables that it is differentiated in."""

    scanner: Scanner
    name: syntax.Name
    variables: dict[str, Node]


def dependences(parsed: Sequence[tuple[Scanner, Node]], declarations: Declarations) -> dict[str, Dependence]:
    """The names that are differentiated bare, as they are spelled. Raises `ReadError` where a chain is left unsaid."""
    found: dict[str, Dependence] = {}
    if not any(isinstance(node, syntax.Nabla) for _, tree in parsed for node in walk(tree)):
        return found
    called = {node.head.name for _, tree in parsed for node in walk(tree) if isinstance(node, syntax.Call)}
    known = called | set(declarations.sorts) | set(declarations.functions) | declarations.laws
    known |= {name for _, tree in parsed for node in walk(tree) for name in _settled(node)}
    velocities = set(moving(tree for _, tree in parsed))
    defined = _defined(tree for _, tree in parsed)
    drawn = {name for _, tree in parsed for node in walk(tree) for name in _drawn(node)}
    taken = drawn | called | set(declarations.functions) | declarations.laws
    derived = {
        spelled(name) for _, tree in parsed for node in walk(tree) if isinstance(node, syntax.Name)
        for name, order, _ in (_underived(node),) if order
    }  # fmt: skip
    places: set[str] = set()
    for scanner, tree in parsed:
        for node, claimed in _derivatives(tree):
            variables = {spelled(item): item for item in (node.variable, *node.others) if item is not None}
            places.update(item.name for item in variables.values() if isinstance(item, syntax.Name))
            for name in _made_of(node, defined, taken):
                found.setdefault(spelled(name), Dependence(scanner, name, {})).variables.update(variables)
            for name in _bare(node, claimed, derived):
                key = spelled(name)
                if name.name not in known and key not in velocities:
                    found.setdefault(key, Dependence(scanner, name, {})).variables.update(variables)
    for scanner, name, variables in found.values():
        if name.name in places or (len(variables) > 1 and any(other in found for other in variables)):
            shown = name.name.strip()
            message = f"of what {shown} is a function here is not said"
            raise scanner.error(name.start, message, rf"its arguments, such as {shown}(\theta)")
    return found


def with_derivatives(tree: Node, found: Mapping[str, Dependence]) -> Node:
    r"""The tree with `\ell'` and `\dot\ell` as the derivatives that they are, for the names of `found`."""
    derivatives: dict[int, Node] = {}
    for node in walk(tree) if found else ():
        if isinstance(node, syntax.Name):
            name, order, dotted = _underived(node)
            dependence = found.get(spelled(name)) if order else None
            variables = list(dependence.variables.values()) if dependence is not None else []
            if len(variables) == 1 and (not dotted or getattr(variables[0], "name", "") in _TIMES):
                derivative: Node = name
                for _ in range(order):
                    derivative = syntax.Nabla(node.start, node.end, variables[0], derivative, style="partial")
                derivatives[id(node)] = derivative
    result: Node = replaced(tree, derivatives)
    return result


def _underived(name: syntax.Name) -> tuple[syntax.Name, int, bool]:
    """A name without its primes or dots, how many there are, and whether they are dots."""
    for accent, order in ((r"\ddot", 2), (r"\dot", 1)):
        if name.name.startswith((accent + " ", accent + "\\")) and not name.primes:
            return replace(name, name=name.name[len(accent) :].strip()), order, True
    return replace(name, primes=0), name.primes, False


def moving(trees: Iterable[Node]) -> Iterator[str]:
    r"""Points x of which the text has `dx/dt` and no other derivative in t: that is a velocity, a name of its own."""
    everything = [node for tree in trees for node in walk(tree)]
    settled = {name for node in everything for name in _settled(node)}
    nodes = [node for node in everything if isinstance(node, syntax.Nabla)]
    for node in nodes:
        name, variable = node.body, node.variable
        if node.style != "d" or not isinstance(name, syntax.Name) or not isinstance(variable, syntax.Name):
            continue
        point = base_letter(name.name) in RANDOM_NAMES or name.bold
        if point and name.name not in settled and variable.name in _TIMES:
            others = [other for other in nodes if other.variable is not None and other is not node]
            same = [other for other in others if spelled(other.variable) == spelled(variable)]
            if all(isinstance(other.body, syntax.Name) for other in same):
                yield spelled(name)


def _settled(node: Node) -> Iterator[str]:
    """The names that a statement says something of: equal to something, in a set, drawn from a law, bound."""
    match node:
        case syntax.Relations():
            yield from (side.name for side in node.sides if isinstance(side, syntax.Name))
        case syntax.Belongs() | syntax.Follows():
            whole = isinstance(node, syntax.Belongs) and not node.sizes  # L ∈ R says nothing of what L is made of
            names = (item.name for item in node.variables if isinstance(item, syntax.Name))
            yield from (name for name in names if not (whole and _of_a_whole(name)))
        case syntax.Definite(argument=syntax.Name() as name):
            yield name.name
        case syntax.Integration():
            yield from (item.name for item in node.variables)
        case syntax.Big(index=syntax.Name() as name):
            yield name.name


def _drawn(node: Node) -> Iterator[str]:
    """The names that are random or bound: what they are made of is another matter than what they are a function of."""
    match node:
        case syntax.Follows():
            yield from (item.name for item in node.variables if isinstance(item, syntax.Name))
        case syntax.Integration() | syntax.Big(index=syntax.Name()):
            yield from _settled(node)


def _defined(trees: Iterable[Node]) -> dict[str, list[Node]]:
    """What equations say of bare names, by how these are spelled."""
    found: dict[str, list[Node]] = {}
    for tree in trees:
        if isinstance(tree, syntax.Relations) and isinstance(tree.sides[0], syntax.Name):
            others = [side for side in tree.sides[1:] if side is not None and not isinstance(side, syntax.Nabla)]
            found.setdefault(spelled(tree.sides[0]), []).extend(others)
    return found


def _made_of(node: syntax.Nabla, defined: Mapping[str, list[Node]], taken: set[str]) -> Iterator[syntax.Name]:
    """The names below a derivative that equations say are made of what it is in, and the names that these are made of.

    A point, x = μ + σ ε, is none: it is moved together with its noise.
    """
    variables = [item for item in (node.variable, *node.others) if isinstance(item, syntax.Name)]
    waiting, seen = [node.body], set[str]()
    while waiting:
        for name in walk(waiting.pop()):
            if not isinstance(name, syntax.Name) or spelled(name) not in defined or spelled(name) in seen:
                continue
            seen.add(spelled(name))
            point = base_letter(name.name) in RANDOM_NAMES or name.bold
            itself = any(speaks_of(name, variable) for variable in variables)  # p_ω with its index is a family of it
            if not point and not itself and name.name not in taken and _reaches(name, variables, defined, set()):
                yield name
                waiting += defined[spelled(name)]


def _reaches(
    name: syntax.Name, variables: Sequence[syntax.Name], defined: Mapping[str, list[Node]], seen: set[str]
) -> bool:
    """Whether what a name is made of speaks of one of some variables."""
    if spelled(name) in seen:
        return False
    seen.add(spelled(name))
    sides = defined.get(spelled(name), [])
    if any(speaks_of(side, variable) for side in sides for variable in variables):
        return True
    inside = [item for side in sides for item in walk(side) if isinstance(item, syntax.Name)]
    return any(_reaches(item, variables, defined, seen) for item in inside)


def _derivatives(tree: Node) -> Iterator[tuple[syntax.Nabla, bool]]:
    """The derivatives of a tree, and whether each is one side of an equation that says that it vanishes."""
    vanishing: set[int] = set()
    if isinstance(tree, syntax.Relations):
        sides = [side for side in tree.sides if side is not None]
        if len(sides) == 2 and any(isinstance(side, syntax.Number) and side.text == "0" for side in sides):
            vanishing = {id(side) for side in sides}
    yield from ((node, id(node) in vanishing) for node in walk(tree) if isinstance(node, syntax.Nabla))


def _bare(node: syntax.Nabla, vanishes: bool, derived: set[str]) -> list[syntax.Name]:
    """The names below a derivative that it can only be meant of; `derived` are those of which the text has others."""
    body = node.body
    while isinstance(body, syntax.Group):
        body = body.body
    within = [item for variable in (node.variable, *node.others) if variable is not None for item in walk(variable)]
    variables = [item for item in within if isinstance(item, syntax.Name)]
    if not node.variable or any(speaks_of(body, variable) for variable in variables):
        return []
    if isinstance(body, syntax.Name):
        constant = vanishes and (body.name in COEFFICIENTS or body.name == "C")
        return [] if constant or body.upright else [body]
    names = {spelled(item): item for item in _outside_calls(body)}
    if derived & set(names):
        return [item for key, item in names.items() if key in derived]
    whole = [item for item in names.values() if _of_a_whole(item.name)]
    if not any(item.name in GREEK for item in variables):
        whole = [item for item in whole if item.name != "Z"]
    if whole:
        return whole
    alone = node.style != "nabla" and len(names) == 1 and not vanishes
    return list(names.values()) if alone else []


def speaks_of(body: Node, variable: syntax.Name) -> bool:
    """Whether a variable stands in what is differentiated: as a name, in a subscript, with an index of its own."""
    for node in walk(body):
        if isinstance(node, syntax.Name):
            below = [end for part in node.subscript or () for end in (part.lower, part.upper) if end is not None]
            inside = [item.name for end in below for item in walk(end) if isinstance(item, syntax.Name)]
            if variable.name in (node.name, *inside):
                return True
    return False


def _outside_calls(node: Node) -> Iterator[syntax.Name]:
    match node:
        case syntax.Name():
            if not node.upright and node.name not in ("e", r"\pi", "I"):
                yield node
        case syntax.Call() | syntax.Moment() | syntax.Nabla() | syntax.Relative():
            return
        case syntax.Power():
            yield from _outside_calls(node.base)
        case _:
            for child in children(node):
                yield from _outside_calls(child)


def _of_a_whole(name: str) -> bool:
    """Whether a name is a capital, as losses and bounds are written, and not one of the usual sizes; or ℓ."""
    letter = base_letter(name)
    return (letter[-1:].isupper() and letter not in _SIZES) or letter == r"\ell"
