r"""Other values of one parameter: in p(x | θ′) beside p(x | θ), θ′ is a value of θ and no further variable.

So are θ^{(t)}, θ_t, θ^{old} and θ̂ where they stand only right of the bars of a law, and x′ where the law has x and
never both of them at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sympy import Basic, Symbol

from derive.latex.declarations import base_letter
from derive.terms import Density, Expectation, Integral, Law, Variable, free_variables, substitute, walk
from derive.terms.rewriting import mapped

Term = TypeVar("Term", bound=Basic)
PARAMETERS = frozenset((r"\theta", r"\Theta", r"\phi", r"\psi", r"\lambda", r"\eta", r"\vartheta", r"\omega"))
_MARK = re.compile(r"[\^_]\{.*\}$")


def as_values(statements: Sequence[Any]) -> tuple[list[Any], tuple[str, ...]]:
    """The statements with densities at other values of their variables, and lines that say so."""
    densities = {node for part in statements for _, node in walk(part) if isinstance(node, Density)}
    meant: dict[tuple[Law, Basic], Basic] = {}
    for law in {node.law for node in densities}:
        meant |= {(law, name): variable for name, variable in _of_law([n for n in densities if n.law == law]).items()}
    if not meant:
        return list(statements), ()
    shown = sorted({(str(name), str(variable)) for (_, name), variable in meant.items()})
    notes = tuple(f"{name} is read as a value of {variable}" for name, variable in shown if name != variable)
    return [_replaced(part, meant) for part in statements], notes


def _of_law(densities: Iterable[Density]) -> dict[Basic, Basic]:
    """The variables of one law that are other values of one of them, each with that one."""
    densities = list(densities)
    letters: dict[str, set[Basic]] = {}
    for density in densities:
        for variable in (*density.variables, *(pair[0] for pair in density.givens)):
            if isinstance(variable, (Symbol, Variable)):
                letters.setdefault(_letter(variable), set()).add(variable)
    found: dict[Basic, Basic] = {}
    for letter, names in letters.items():
        together = any(len(names & _variables(density)) > 1 for density in densities)
        if len(names) < 2 or together:
            continue
        targets = {variable for density in densities for variable in density.variables} & names
        plain = {name for name in names if _spelled(name) == letter}
        primed = all(name in plain or _is_primed(name) for name in names)
        if primed and len(plain) == 1:
            found |= dict.fromkeys(names - plain, *plain)
        elif letter in PARAMETERS and not targets:
            one = next(iter(plain), Symbol(letter))
            found |= {name: one for name in names if _sort(name) == _sort(one)}
    return found


def _variables(density: Density) -> set[Basic]:
    return {*density.variables, *(pair[0] for pair in density.givens)}


def _letter(variable: Any) -> str:
    return base_letter(_MARK.sub("", str(variable.name)))


def _spelled(variable: Any) -> str:
    """The name of a variable that has no index."""
    return "" if getattr(variable, "indices", ()) else str(variable.name)


def _is_primed(variable: Any) -> bool:
    return _spelled(variable).rstrip("'") == _letter(variable)


def _sort(variable: Any) -> Any:
    """The sort of a vector or matrix; a number is one whether it has an index or not."""
    return variable.sort if isinstance(variable, Variable) and variable.sort.kind != "scalar" else None


def _replaced(term: Term, meant: dict[tuple[Law, Basic], Basic]) -> Term:
    if isinstance(term, Density):
        sides = [[(meant.get((term.law, pair[0]), pair[0]), pair[1]) for pair in side]
                 for side in (term.targets, term.givens)]  # fmt: skip
        return Density(term.law, *sides)  # type: ignore[return-value]
    changed = mapped(term, lambda part: _replaced(part, meant))
    return term if changed is term else _renamed(changed, meant)  # type: ignore[no-any-return]


def _renamed(term: Any, meant: dict[tuple[Law, Basic], Basic]) -> Any:
    """∫ p(x′) dx′ as ∫ p(x) dx, where x is not spoken of inside: what is bound may have any name."""
    if not isinstance(term, (Integral, Expectation)):
        return term
    names = {name: variable for (_, name), variable in meant.items() if name in term.bound}
    if not names or any(variable in free_variables(part) for variable in names.values() for part in term.args):
        return term
    if isinstance(term, Integral):
        if any(len(limit) != 1 for limit in term.limits):
            return term
        return Integral(substitute(term.body, names), *(names.get(point, point) for point in term.bound))
    if not isinstance(term.measure, Density):
        return term
    targets = [(pair[0], names.get(pair[1], pair[1])) for pair in term.measure.targets]
    return Expectation(substitute(term.body, names), Density(term.measure.law, targets, term.measure.givens))
