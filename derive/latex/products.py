r"""Products written like calls: once it is known that `\alpha_t (1 - x)^2` is no function's value, it is a product.

The exponent then belongs to the bracket alone. Where an operator without brackets takes such a product, how far it
reaches is not clear and is asked for.
"""

from __future__ import annotations

from typing import Any

from derive.latex import syntax
from derive.latex.declarations import base_letter
from derive.latex.survey import Survey, index_letter
from derive.latex.syntax import Node
from derive.latex.tokens import Scanner
from derive.latex.trees import FIELDS, is_capital, walk


def settled(tree: Node, survey: Survey, scanner: Scanner) -> Node:
    """The tree with every call that is a product written as one. Raises `ReadError` where it can be read two ways."""
    return _settled(tree, survey, scanner)


def _settled(node: Any, survey: Survey, scanner: Scanner) -> Any:
    if isinstance(node, syntax.Name):
        return node
    if isinstance(node, syntax.Power) and isinstance(node.base, syntax.Name) and not node.mark:
        name, exponent = node.base, node.exponent
        if name.name in survey.superscripted and exponent is not None and index_letter(exponent):
            scanner.note(f"{scanner.text[node.start : node.end]}: the superscript is read as an index")
            part = syntax.Subscript(exponent.start, exponent.end, exponent)
            name.name += r"^{(\cdot)}"
            name.subscript = (part, *(name.subscript or ()))
            name.end = node.end
            return name
    if isinstance(node, syntax.Power) and node.mark == "T" and not survey.timed and is_capital(node.base):
        node.mark, node.exponent = "top", None
    if isinstance(node, syntax.Juxtaposition) and not survey.timed:
        for place, factor in enumerate(node.factors):
            if _transposes(factor, place + 1 == len(node.factors)):
                assert isinstance(factor, syntax.Power)
                factor.mark, factor.exponent = "top", None
    if isinstance(node, (syntax.Power, syntax.Prime, syntax.Factorial)):
        inner = node.base
        if isinstance(inner, syntax.Call) and survey.kind(inner) == "product":
            factors = _factors(inner, survey, scanner)
            node.base = factors[-1]
            node.start = factors[-1].start
            if isinstance(node, syntax.Power) and node.exponent is not None:
                node.exponent = _settled(node.exponent, survey, scanner)
            return syntax.Juxtaposition(inner.start, node.end, [*factors[:-1], node], [False] * len(factors))
    if isinstance(node, syntax.Call) and survey.kind(node) == "normal":
        _identities(node, scanner)
        _entrywise(node, scanner)
    if isinstance(node, syntax.Call) and survey.kind(node) == "product":
        factors = _factors(node, survey, scanner)
        return syntax.Juxtaposition(node.start, node.end, factors, [False] * len(factors))
    if isinstance(node, (syntax.Function, syntax.Nabla)):
        _ask(node, survey, scanner)
    for part_name in FIELDS[type(node)]:
        value = getattr(node, part_name)
        if isinstance(value, Node):
            setattr(node, part_name, _settled(value, survey, scanner))
        elif isinstance(value, list):
            setattr(node, part_name, _settled_list(value, survey, scanner))
    if isinstance(node, syntax.Juxtaposition):
        _flatten(node)
    return node


def _identities(gaussian: syntax.Call, scanner: Scanner) -> None:
    r"""The `\mathcal{I}` in a covariance `\beta\, \mathcal{I}` is the identity, in an alphabet of its own."""
    items = gaussian.slots.groups[-1]
    for node in walk(items[-1]) if items else ():
        if isinstance(node, syntax.Name) and node.name == r"\mathcal I" and node.subscript is None:
            node.name, node.bold = "I", True
            scanner.note(f"{scanner.text[node.start : node.end]} is read as the identity")


def _entrywise(gaussian: syntax.Call, scanner: Scanner) -> None:
    r"""The covariance `\boldsymbol\sigma^2` or `\boldsymbol\sigma^2 I` of a vector σ: the diagonal of its squares."""
    items = gaussian.slots.groups[-1]
    if not items:
        return
    covariance = items[-1]
    square = covariance
    if isinstance(square, syntax.Juxtaposition) and len(square.factors) == 2:
        first, second = square.factors
        square = first if isinstance(second, syntax.Name) and second.name == "I" else covariance
    if not (isinstance(square, syntax.Power) and isinstance(square.base, syntax.Name) and square.base.bold):
        return
    two = isinstance(square.exponent, syntax.Number) and square.exponent.text == "2"
    if not two or square.mark or is_capital(square.base):
        return
    head = syntax.Name(covariance.start, covariance.end, "diag", upright=True)
    slots = syntax.Slots(covariance.start, covariance.end, [[square]], [])
    items[-1] = syntax.Call(covariance.start, covariance.end, head, slots)
    scanner.note(f"{scanner.text[covariance.start : covariance.end]} is read as the diagonal matrix of the squares")


def _transposes(factor: Node, last: bool) -> bool:
    r"""Whether the T of a factor is a transpose: `w^T x`, `(x - \mu)(y - \nu)^T`, in texts that have no number T."""
    if not (isinstance(factor, syntax.Power) and factor.mark == "T"):
        return False
    base = factor.base
    if isinstance(base, syntax.Group) and isinstance(base.body, syntax.Sum):
        return not any(isinstance(term, syntax.Number) for _, term in base.body.terms)
    letter = base_letter(base.name) if isinstance(base, syntax.Name) else ""
    return not last and len(letter) == 1 and letter.islower() and letter not in "eipq"


def _settled_list(values: list[Any], survey: Survey, scanner: Scanner) -> list[Any]:
    settled_values: list[Any] = []
    for value in values:
        if isinstance(value, Node):
            settled_values.append(_settled(value, survey, scanner))
        elif isinstance(value, list):
            settled_values.append(_settled_list(value, survey, scanner))
        elif isinstance(value, tuple):
            settled_values.append(tuple(_settled(v, survey, scanner) if isinstance(v, Node) else v for v in value))
        else:
            settled_values.append(value)
    return settled_values


def _factors(call: syntax.Call, survey: Survey, scanner: Scanner) -> list[Node]:
    """The name (with the power between it and the bracket) and the bracket."""
    body = call.slots.single
    assert body is not None
    head: Node = call.head
    if call.power is not None:
        head = syntax.Power(head.start, call.power.end, head, call.power)
    body = _settled(body, survey, scanner)
    return [head, syntax.Group(call.slots.start, call.slots.end, body, call.slots.bracket)]


def _ask(node: syntax.Function | syntax.Nabla, survey: Survey, scanner: Scanner) -> None:
    r"""Refuse `\log \sigma (x)` and `\nabla_x \alpha (x)` for a σ and an α that are no functions."""
    if isinstance(node, syntax.Nabla):
        taken: Node = node.body
        name = r"\nabla"
    else:
        taken = node.arguments[0]
        name = "\\" + node.name
    if isinstance(taken, syntax.Juxtaposition):
        taken = taken.factors[-1]
    if isinstance(taken, (syntax.Power, syntax.Prime, syntax.Factorial)):
        taken = taken.base
    bare = scanner.text[node.start : node.end].rstrip().endswith((")", "]", "}"))
    if isinstance(taken, syntax.Call) and survey.kind(taken) == "product" and bare and _open(node, taken, scanner):
        raise scanner.error(
            taken.slots.start, f"how far {name} reaches is not clear", f"brackets around what {name} takes"
        )


def _open(node: Node, taken: syntax.Call, scanner: Scanner) -> bool:
    """Whether the operator takes the call without brackets of its own around it."""
    between = scanner.text[node.start : taken.start]
    return not any(bracket in between.rpartition("\\")[2] for bracket in "([{")


def _flatten(node: syntax.Juxtaposition) -> None:
    """A product among the factors of a product is written out, so that sorts are inferred over all its factors."""
    factors: list[Node] = []
    dotted: list[bool] = []
    for factor, dot in zip(node.factors, node.dotted, strict=True):
        if isinstance(factor, syntax.Juxtaposition):
            factors.extend(factor.factors)
            dotted.extend([dot, *factor.dotted[1:]])
        else:
            factors.append(factor)
            dotted.append(dot)
    node.factors, node.dotted = factors, dotted
