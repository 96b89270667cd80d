"""The functions of a module before they are text: each with its term, its arguments, what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sympy import Basic, Symbol

from derive.derivation import Derivation
from derive.errors import InputError
from derive.export.declared import Declared
from derive.export.naming import python_name
from derive.export.numeric import function_name
from derive.export.parts import part_of
from derive.export.quantities import Quantities, leaves
from derive.latex import read_term, unicode_text
from derive.terms import (
    Equal,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    Variable,
    is_scalar,
    put,
    sort_of,
    substitute,
    walk,
)
from derive.terms.ranges import as_written

__all__ = ["Function", "Load", "arguments_of", "declared_function", "function_of", "indices_of", "starts_of"]

Load = Callable[[str], Derivation]
"""What gives a derivation by its name."""


@dataclass(frozen=True)
class Function:
    """A function to be written: its term, its arguments, and what its docstring says."""

    name: str
    arguments: tuple[str, ...]
    term: Any
    says: str
    source: str
    given: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    is_quantity: bool = False


def declared_function(declared: Declared, quantities: Quantities, load: Load) -> Function:
    if declared.latex:
        term = read_term(declared.latex, quantities.model.declarations).term
        if not quantities.defined(term):
            raise InputError(f"the model does not define {declared.latex}")
        name = function_name("value", term.name)
        if name != declared.name:
            raise InputError(f"the code calls this quantity {name}")
        if declared.arguments != (wanted := quantities.arguments(term.name)):
            raise InputError(f"{name} takes {', '.join(wanted)}, in this order")
        return Function(declared.name, declared.arguments, term, "", f"the model {quantities.model.name}",
                         is_quantity=True)  # fmt: skip
    derivation = load(declared.result)
    term, says = part_of(declared, derivation)
    words = Quantities.of(quantities.model, quantities.starts, indices_of(derivation))
    term = _renamed(_resolved(term, declared.arguments, derivation, words), dict(declared.renamed), words)
    return function_of(declared.name, declared.arguments, term, says, derivation, words)


def function_of(
    name: str, arguments: tuple[str, ...], term: Any, says: str, derivation: Derivation, quantities: Quantities
) -> Function:
    needed = set(arguments_of(term, quantities))
    if missing := sorted(needed - set(arguments)):
        raise InputError(f"the formula speaks of {', '.join(missing)}, which is no argument",
                         hint=unicode_text(term))  # fmt: skip
    given = tuple(map(unicode_text, as_written(_ranges(derivation))))
    return Function(name, arguments, term, says, derivation.name, given, tuple(_required(arguments, derivation)))


def _resolved(term: Any, arguments: tuple[str, ...], derivation: Derivation, quantities: Quantities) -> Any:
    """The term with what is no argument replaced by what a hypothesis says of it: σ by η √…"""
    for leaf in quantities.ingredients(term):
        if python_name(leaf) in arguments:
            continue
        said = [
            g.statement.rhs
            for g in derivation.context.given
            if isinstance(g.statement, Equal) and g.statement.lhs == leaf
        ]
        term = substitute(term, {leaf: said[0]}) if said else term
    return term


def _renamed(term: Any, names: Mapping[str, str], quantities: Quantities) -> Any:
    """The term with other names for what is handed in."""
    for leaf in quantities.ingredients(term):
        new = names.get(python_name(leaf))
        if new is None:
            continue
        other = Variable(new, sort_of(leaf))
        paths = [path for path, node in walk(term) if node == leaf]
        for path in paths:
            term = put(term, path, other)
    return term


def _required(arguments: tuple[str, ...], derivation: Derivation) -> Iterable[str]:
    """What two steps that are handed in must satisfy, in Python: `s < t`."""
    signs = {Less: "<", LessEqual: "<=", Greater: ">", GreaterEqual: ">="}
    for bound in _ranges(derivation):
        names = {str(symbol) for symbol in bound.free_symbols}
        if len(names) > 1 and names <= set(arguments) and type(bound) in signs:
            yield f"{bound.args[0]} {signs[type(bound)]} {bound.args[1]}"


def _ranges(derivation: Derivation) -> list[Basic]:
    return [entry.statement for entry in derivation.context.given if not isinstance(entry.statement, Equal)]


def arguments_of(term: Any, quantities: Quantities) -> tuple[str, ...]:
    """Vectors, then arrays and numbers, then indices: the order in which a call reads well."""
    found = quantities.ingredients(term)
    vectors = [python_name(leaf) for leaf in found if not is_scalar(leaf)]
    numbers = [python_name(leaf) for leaf in found if is_scalar(leaf)]
    indices = {symbol.name for leaf in leaves(term) for symbol in leaf.free_symbols if symbol in quantities.indices}
    if quantities.recursions and not indices:
        indices = {str(i) for i in term.free_symbols & quantities.indices}
    return tuple(dict.fromkeys([*vectors, *sorted(numbers), *sorted(indices, key=lambda i: (i != "t", i))]))


def starts_of(result: Any) -> dict[str, int]:
    """The arrays of which the element 0 is spoken of: they start there."""
    named = [leaf for leaf in leaves(result) if isinstance(leaf, Variable) and is_scalar(leaf)]
    return {python_name(leaf): 0 for leaf in named if leaf.indices == (0,)}


def indices_of(derivation: Derivation) -> frozenset[Symbol]:
    return frozenset(derivation.context.indices)
