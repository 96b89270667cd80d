"""H(X), H(X | Y) and I(X; Y) of random variables, where a text gives these letters no other meaning.

H(X) is the entropy of the law of X, H(X | Y) the mean of −log p(X | Y), I(X; Y) the divergence of the joint law from
the product of the marginals; given Z, its mean over Z.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from sympy import Basic, Mul, Symbol, log

from derive.latex import unicode_text
from derive.models import Model
from derive.search.unnamed import UNNAMED, values_by_letter
from derive.terms import KL, Application, Density, Entropy, Expectation, Label, Law, Statement, Variable, walk
from derive.terms.rewriting import rewritten

__all__ = ["as_information", "spoken_of"]

BAR = Label(r"\mid")
NAMES = {"H": "the entropy", "I": "the mutual information"}
"""The letters, and what they stand for."""


def as_information(statement: Statement, model: Model) -> tuple[Statement, tuple[str, ...]]:
    """The statement with the entropies and informations of random variables as such, and lines that say so."""
    nodes = spoken_of(statement, model)
    values = values_by_letter(statement, model) if nodes else {}
    meant: dict[Basic, Basic] = {}
    read: list[str] = []
    for node in nodes:
        spoken = [item for item in node.arguments if item != BAR]
        laws = {values[item][0] if item in values else UNNAMED for item in spoken}
        if len(laws) > 1 or len(set(spoken)) < len(spoken):
            continue
        (law,) = laws
        own = [values[item][1] if item in values else item for item in node.arguments]
        found = _meaning(node.name, law, own)
        if found is not None:
            meant[node] = found
            read.append(f"{NAMES[node.name]} of {', '.join(map(unicode_text, spoken))}: {unicode_text(found)}")
    return (rewritten(statement, partial(_meant, meant=meant)), tuple(read)) if meant else (statement, ())


def spoken_of(statement: Statement, model: Model) -> list[Application]:
    """The values H(…) and I(…) at random variables, where the model gives these letters no meaning.

    What is left of them in a claim as it is read is no function that a world may choose.
    """
    nodes = {node for _, node in walk(statement) if isinstance(node, Application) and node.name in NAMES}
    if not nodes:
        return []
    given = {node.name for part in model.statements for _, node in walk(part) if isinstance(node, Application)}
    drawn = {entry.variable for entry in model.distributed}
    return [
        node for node in sorted(nodes, key=str)
        if node.name not in given and not node.indices
        and all(item == BAR or _is_random(item, drawn) for item in node.arguments)
    ]  # fmt: skip


def _meaning(name: str, law: Law, variables: list[Any]) -> Basic | None:
    """What a value of H or I is under a law."""
    known: list[Any] = []
    if BAR in variables:
        bar = variables.index(BAR)
        variables, known = variables[:bar], variables[bar + 1 :]
    joint = Density(law, variables, known)
    if name == "H":
        return Expectation(-log(joint), Density(law, [*variables, *known])) if known else Entropy(joint, variables)
    if len(variables) != 2:
        return None
    shared = KL(joint, Mul(*(Density(law, [item], known) for item in variables)), variables)
    return Expectation(shared, Density(law, known)) if known else shared


def _is_random(item: Basic, drawn: set[Any]) -> bool:
    if not isinstance(item, (Symbol, Variable)):
        return False
    sort = getattr(getattr(item, "sort", None), "kind", "scalar")
    return item in drawn or (str(item.name)[:1].isupper() and sort in ("scalar", "vector"))


def _meant(term: Any, meant: dict[Basic, Basic]) -> Any:
    return meant.get(term, term if isinstance(term, Density) else None)
