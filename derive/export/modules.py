"""A module of Python code: the functions that a file of derivations offers, or the parts of one result.

module(offer, load, library)      what ddpm.md declares
module_of(derivation, library)    mean and variance of a Gaussian, the sides of anything else
"""

from __future__ import annotations

from collections.abc import Mapping

from derive.derivation import Derivation
from derive.errors import InputError
from derive.export.declared import Declared, Offer
from derive.export.functions import Load, arguments_of, declared_function, function_of, indices_of, starts_of
from derive.export.libraries import LIBRARIES
from derive.export.parts import part_of
from derive.export.quantities import Quantities
from derive.export.written import ModuleText
from derive.models import Model
from derive.terms import Normal

__all__ = ["module", "module_of"]


def module(offer: Offer, model: Model, load: Load, to: str = "python") -> str:
    """The module of all functions that a file declares. Raises `InputError` with the line that cannot be kept."""
    quantities = Quantities.of(model, offer.starts)
    functions = []
    for declared in offer.functions:
        try:
            functions.append(declared_function(declared, quantities, load))
        except InputError as error:
            raise InputError(f"{declared.name}: {error.message}", file=offer.file, line=declared.line,
                             hint=error.hint) from error  # fmt: skip
    indices = frozenset().union(*(indices_of(load(entry.result)) for entry in offer.functions if entry.result))
    quantities = Quantities.of(model, offer.starts, indices)
    return ModuleText(quantities, LIBRARIES[to]).text(offer.name, functions)


def module_of(derivation: Derivation, to: str = "python", starts: Mapping[str, int] | None = None) -> str:
    """A module of what one result gives: a Gaussian's mean and variance, the other side of anything else."""
    quantities = Quantities.of(derivation.model, starts or starts_of(derivation.result), indices_of(derivation))
    name = derivation.name.rpartition(".")[2].replace("-", "_") or "result"
    right = derivation.result.rhs
    parts = {"mean": f"{name}_mean", "variance": f"{name}_variance"} if isinstance(right, Normal) else {"right": name}
    functions = []
    for part, called in parts.items():
        if part == "variance" and right.variance is None:
            continue
        term, says = part_of(Declared(called, (), part, derivation.name), derivation)
        arguments = arguments_of(term, quantities)
        functions.append(function_of(called, arguments, term, says, derivation, quantities))
    return ModuleText(quantities, LIBRARIES[to]).text(derivation.name or name, functions)
