"""A module of Python code: the functions that a file of derivations offers, or the parts of one result.

module(offer, load, library)      what ddpm.md declares
module_of(derivation, library)    mean and variance of a Gaussian, the sides of anything else
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Add, Basic, Mul, Symbol

from derive.derivation import Derivation
from derive.errors import InputError
from derive.export.declared import Declared, Offer
from derive.export.libraries import LIBRARIES, Library
from derive.export.naming import python_name
from derive.export.numeric import Numeric, function_name
from derive.export.quantities import Quantities, leaves
from derive.latex import read_term, unicode_text
from derive.models import Model
from derive.terms import (
    Application,
    Equal,
    Expectation,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    Norm,
    Normal,
    Variable,
    is_scalar,
    put,
    sort_of,
    substitute,
    walk,
)

__all__ = ["module", "module_of"]

Load = Callable[[str], Derivation]
WIDTH = 116


@dataclass(frozen=True)
class _Function:
    """A function to be written: its term, its arguments, and what its docstring says."""

    name: str
    arguments: tuple[str, ...]
    term: Any
    says: str
    source: str
    given: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    is_quantity: bool = False


def module(offer: Offer, model: Model, load: Load, to: str = "python") -> str:
    """The module of all functions that a file declares. Raises `InputError` with the line that cannot be kept."""
    quantities = Quantities.of(model, offer.starts)
    functions = []
    for declared in offer.functions:
        try:
            functions.append(_declared(declared, quantities, load))
        except InputError as error:
            raise InputError(f"{declared.name}: {error.message}", file=offer.file, line=declared.line,
                             hint=error.hint) from error  # fmt: skip
    indices = frozenset().union(*(_indices(load(entry.result)) for entry in offer.functions if entry.result))
    quantities = Quantities.of(model, offer.starts, indices)
    return _Module(quantities, LIBRARIES[to]).text(offer.name, functions)


def module_of(derivation: Derivation, to: str = "python", starts: Mapping[str, int] | None = None) -> str:
    """A module of what one result gives: a Gaussian's mean and variance, the other side of anything else."""
    quantities = Quantities.of(derivation.model, starts or _starts(derivation.result), _indices(derivation))
    name = derivation.name.rpartition(".")[2].replace("-", "_") or "result"
    right = derivation.result.rhs
    parts = {"mean": f"{name}_mean", "variance": f"{name}_variance"} if isinstance(right, Normal) else {"right": name}
    functions = []
    for part, called in parts.items():
        if part == "variance" and right.variance is None:
            continue
        term, says = _part(Declared(called, (), part, derivation.name), derivation)
        arguments = _arguments(term, quantities)
        functions.append(_function(called, arguments, term, says, derivation, quantities))
    return _Module(quantities, LIBRARIES[to]).text(derivation.name or name, functions)


def _starts(result: Any) -> dict[str, int]:
    """The arrays of which the element 0 is spoken of: they start there."""
    named = [leaf for leaf in leaves(result) if isinstance(leaf, Variable) and is_scalar(leaf)]
    return {python_name(leaf): 0 for leaf in named if leaf.indices == (0,)}


def _indices(derivation: Derivation) -> frozenset[Symbol]:
    return frozenset(derivation.context.indices)


# ---- what is declared ---------------------------------------------------------------------------------------------


def _declared(declared: Declared, quantities: Quantities, load: Load) -> _Function:
    if declared.latex:
        term = read_term(declared.latex, quantities.model.declarations).term
        if not quantities.defined(term):
            raise InputError(f"the model does not define {declared.latex}")
        name = function_name("value", term.name)
        if name != declared.name:
            raise InputError(f"the code calls this quantity {name}")
        if declared.arguments != (wanted := quantities.arguments(term.name)):
            raise InputError(f"{name} takes {', '.join(wanted)}, in this order")
        return _Function(declared.name, declared.arguments, term, "", f"the model {quantities.model.name}",
                         is_quantity=True)  # fmt: skip
    derivation = load(declared.result)
    term, says = _part(declared, derivation)
    words = Quantities.of(quantities.model, quantities.starts, _indices(derivation))
    term = _renamed(_resolved(term, declared.arguments, derivation, words), dict(declared.renamed), words)
    return _function(declared.name, declared.arguments, term, says, derivation, words)


def _function(
    name: str, arguments: tuple[str, ...], term: Any, says: str, derivation: Derivation, quantities: Quantities
) -> _Function:
    needed = set(_arguments(term, quantities))
    if missing := sorted(needed - set(arguments)):
        raise InputError(f"the formula speaks of {', '.join(missing)}, which is no argument",
                         hint=unicode_text(term))  # fmt: skip
    given = tuple(unicode_text(bound) for bound in _ranges(derivation))
    return _Function(name, arguments, term, says, derivation.name, given, tuple(_required(arguments, derivation)))


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


def _arguments(term: Any, quantities: Quantities) -> tuple[str, ...]:
    """Vectors, then arrays and numbers, then indices: the order in which a call reads well."""
    found = quantities.ingredients(term)
    vectors = [python_name(leaf) for leaf in found if not is_scalar(leaf)]
    numbers = [python_name(leaf) for leaf in found if is_scalar(leaf)]
    indices = {symbol.name for leaf in leaves(term) for symbol in leaf.free_symbols if symbol in quantities.indices}
    if quantities.recursions and not indices:
        indices = {str(i) for i in term.free_symbols & quantities.indices}
    return tuple(dict.fromkeys([*vectors, *sorted(numbers), *sorted(indices, key=lambda i: (i != "t", i))]))


def _part(declared: Declared, derivation: Derivation) -> tuple[Any, str]:
    """The term that a function computes, and the statement it stands in."""
    result = derivation.result
    right = result.rhs
    if declared.part == "given":
        return _said(declared, derivation)
    if declared.part in ("mean", "variance"):
        if not isinstance(right, Normal):
            raise InputError(f"the right side of {derivation.name} is no Gaussian")
        term = right.mean if declared.part == "mean" else right.variance
        if term is None:
            raise InputError(f"the covariance of {derivation.name} is no multiple of the identity")
        return term, f"The {declared.part} of {unicode_text(result.lhs)}"
    if declared.part == "argument":
        return _argument(right, derivation), f"Where {unicode_text(result.lhs)} evaluates its function"
    if declared.part == "weight":
        return _weight(right, derivation), f"What stands before the squared norm in {unicode_text(result.lhs)}"
    term = right if declared.part == "right" else result.lhs
    return term, f"{unicode_text(result.lhs)}, as it was derived"


def _said(declared: Declared, derivation: Derivation) -> tuple[Any, str]:
    """What a hypothesis of the derivation says of a variable."""
    wanted = derivation.read(declared.given)
    for given in derivation.context.given:
        if isinstance(given.statement, Equal) and given.statement.lhs == wanted:
            return given.statement.rhs, f"What {derivation.name} takes {unicode_text(wanted)} to be"
    raise InputError(f"no hypothesis of {derivation.name} gives {declared.given}")


def _argument(right: Any, derivation: Derivation) -> Any:
    """The first argument of the one function that stands outermost."""
    found = {node.args[3] for node in _outermost(right) if len(node.args) > 3}
    if len(found) != 1:
        raise InputError(f"the right side of {derivation.name} does not evaluate one function at one point")
    return found.pop()


def _outermost(term: Any) -> Iterable[Any]:
    if isinstance(term, Application):
        yield term
        return
    for part in getattr(term, "args", ()):
        yield from _outermost(part)


def _weight(right: Any, derivation: Derivation) -> Any:
    """The factor of the one squared norm, with what multiplies the sum it stands in."""
    found = list(_weights(right))
    if len(found) != 1:
        raise InputError(f"the right side of {derivation.name} has not one squared norm")
    return found[0]


def _weights(term: Any) -> Iterable[Any]:
    squared = [factor for factor in Mul.make_args(term) if factor.is_Pow and isinstance(factor.base, Norm)]
    if squared:
        yield Mul(*[factor for factor in Mul.make_args(term) if factor not in squared])
        return
    for factor in Mul.make_args(term):
        if isinstance(factor, Expectation):
            others = [other for other in Mul.make_args(term) if other is not factor]
            yield from (Mul(*others, inner) for inner in _weights(factor.args[0]))
        if isinstance(factor, Add):
            others = [other for other in Mul.make_args(term) if other is not factor]
            yield from (Mul(*others, inner) for part in factor.args for inner in _weights(part))


# ---- the text -----------------------------------------------------------------------------------------------------


@dataclass
class _Module:
    """One module while it is written: the quantities called so far, each with its function."""

    quantities: Quantities
    library: Library
    written: dict[tuple[str, str], str] = field(default_factory=dict)

    def text(self, name: str, functions: Iterable[_Function]) -> str:
        """The module, black-like: opening, support, helpers of quantities, functions."""
        functions = list(functions)
        numeric = Numeric(self.quantities, self.library.name)
        bodies = [self._body(function, numeric) for function in functions if not function.is_quantity]
        for function in functions:
            if function.is_quantity:
                numeric.called["value", function.term.name] = None
        helpers = self._helpers(numeric)
        whole = "\n\n\n".join([*helpers, *bodies])
        support = self.library.supports(set(re.findall(r"\b(_[a-z_]+)\(", whole)))
        parts = [self._opening(name, functions), support, whole]
        return "\n\n\n".join(part for part in parts if part) + "\n"

    def _opening(self, name: str, functions: Iterable[_Function]) -> str:
        names = ", ".join(f'"{function.name}"' for function in functions)
        starts = self.quantities.starts
        first = "".join(f" {array}[0] belongs to step {start}." for array, start in sorted(starts.items()))
        exported = textwrap.fill(f"__all__ = [{names}]", WIDTH, subsequent_indent="    ")
        return f'''"""{name}: functions from derived formulas, written by derive.

Steps count as in the formulas, t = 1, …, T. An array such as beta holds one number for each step: beta[0] belongs to
step 1.{first} A step may be one whole number, or an array of them, one for each entry along the first axis of x_t.
All numbers keep the precision (float32, float64) of what is handed in.
"""

{self.library.opening}

{exported}'''

    def _helpers(self, numeric: Numeric) -> list[str]:
        """The functions of quantities, and of whatever they call, in the order of calling."""
        done: dict[tuple[str, str], str] = {}

        def make(key: tuple[str, str]) -> None:
            if key in done:
                return
            done[key] = ""
            inner = Numeric(self.quantities, self.library.name)
            text = self._quantity(key, inner)
            for called in inner.called:
                make(called)
            del done[key]
            done[key] = text

        for key in list(numeric.called):
            make(key)
        return list(done.values())

    def _quantity(self, key: tuple[str, str], numeric: Numeric) -> str:
        kind, name = key
        words = self.quantities
        head: Any = words.head(name)
        function, arguments = function_name(kind, name), words.arguments(name)
        arrays = list(arguments[: -len(head.indices)])
        if function in arguments:
            raise InputError(f"{function} is the name of a function and of an argument")
        lib = self.library.name
        if kind == "rest":
            says = f"1 − {unicode_text(head)}, every digit of it kept where {unicode_text(head)} is close to 1."
            lines = [f"return 0 - {lib}.expm1({numeric.quantity('log', head).text})"]
        elif name in words.definitions:
            says = f"{unicode_text(words.definitions[name])}."
            lines = [f"return {numeric.write(words.definitions[name].rhs).text}"]
        else:
            says, lines = self._recursion(kind, name, head, numeric, arrays)
        signature = f"def {function}({', '.join(arguments)}):"
        return "\n".join([signature, f'    """{says}"""', *(f"    {line}" for line in lines)])

    def _recursion(self, kind: str, name: str, head: Any, numeric: Numeric, arrays: list[str]) -> tuple[str, list[str]]:
        """The value, or the logarithm, of a recursion's quantity."""
        words, entry = self.quantities, self.quantities.recursions[name]
        (t,) = head.indices
        first, last = int(entry.first), self._last(arrays)
        says = f"{unicode_text(head)} = {unicode_text(entry.step)}, and {entry.base} at {first - 1}"
        if kind == "value" and numeric.is_product(name):
            text = f"{self.library.name}.exp({numeric.quantity('log', head).text})"
            return f"{says}.", [f"return {text}"]
        if kind == "log":
            logarithm = numeric.log_of(words.factor(name))
            steps = f"{self.library.name}.arange({first}, {last} + 1)"
            guard = ['with np.errstate(divide="ignore"):'] if self.library.name == "np" else []
            pad = "    " if guard else ""
            return f"log {unicode_text(head)}: the sum of the logarithms of its factors.", [
                f"every = _steps({t})", f"{t} = {steps}", *guard, f"{pad}logs = {logarithm}",
                f'return _at(_running_sum(logs), every, {first - 1}, "{arrays[0]}")',
            ]  # fmt: skip
        previous = entry.previous()
        before = Symbol("before")
        step = substitute(entry.step, {previous: before})
        written = numeric.write(step).text
        stack = "np.stack" if self.library.name == "np" else "torch.stack"
        zero = self._one_like(arrays[0])
        return f"{says}.", [
            f"values = [{numeric.write(entry.base).at(2)} * {zero}]", f"every = _steps({t})",
            f"for {t} in range({first}, {last} + 1):", "    before = values[-1]", f"    values.append({written})",
            f'return _at({stack}(values), every, {first - 1}, "{arrays[0]}")',
        ]  # fmt: skip

    def _one_like(self, array: str) -> str:
        return f"{self.library.name}.ones_like({self._array(array)}[0])"

    def _array(self, name: str) -> str:
        return f"np.asarray({name})" if self.library.name == "np" else f"torch.as_tensor({name})"

    def _last(self, arrays: list[str]) -> str:
        """The last step for which an array is given."""
        start = self.quantities.start(arrays[0])
        return f"len({arrays[0]})" + (f" - {1 - start}" if start < 1 else f" + {start - 1}" if start > 1 else "")

    def _body(self, function: _Function, numeric: Numeric) -> str:
        """One function with its docstring."""
        vectors = [a for a in function.arguments if a in self._vectors(function.term)]
        steps = [a for a in function.arguments if a in {i.name for i in self.quantities.indices}]
        written = self._expression(function.term, numeric)
        doc = self._docstring(function, vectors, steps)
        lines: list[str] = []
        if vectors:
            names = ", ".join(vectors)
            convert = "np.asarray" if self.library.name == "np" else "torch.as_tensor"
            values = ", ".join(f"{convert}({vector})" for vector in vectors)
            lines.append(f"{names} = {values}")
        convert = "np.asarray" if self.library.name == "np" else "torch.as_tensor"
        for bound in function.required:
            held = re.sub(r"([a-z]+)", lambda found: f"{convert}({found[1]})", bound)
            lines.append(f'_require({held}, "{bound}")')
        if "_axes" in written or "_size" in written:
            ndim = f"np.ndim({steps[0]})" if self.library.name == "np" else f"torch.as_tensor({steps[0]}).dim()"
            lines.append(f"_axes = {ndim if steps else 0}")
            if "_size" in written:
                lines.append(f"_size = int(np.prod({vectors[0]}.shape[_axes:]))" if self.library.name == "np"
                             else f"_size = {vectors[0]}[(0,) * _axes].numel()")  # fmt: skip
        signature = f"def {function.name}({', '.join(function.arguments)}):"
        body = [*doc, *lines, *written.split("\n")]
        return "\n".join([signature, *(f"    {line}".rstrip() for line in body)])

    def _expression(self, term: Any, numeric: Numeric) -> str:
        """`return …`, the terms of a long sum each on a line of its own."""
        whole = numeric.write(term).text
        return f"return {whole}" if len(whole) + 11 <= WIDTH else f"return (\n    {_broken(whole)}\n)"

    def _vectors(self, term: Any) -> set[str]:
        return {python_name(leaf) for leaf in leaves(term) if not is_scalar(leaf)}

    def _docstring(self, function: _Function, vectors: list[str], steps: list[str]) -> list[str]:
        """What it computes, for which steps, from what; shapes; and where it was derived."""
        left = function.says[:1].upper() + function.says[1:]
        rows = [f'"""{left}.', "", f"    {unicode_text(function.term)}", ""]
        bounds = ", ".join(function.given)
        if vectors:
            names = ", ".join(vectors)
            rows.append(f"{names}: arrays of one shape; with several steps, the first axis goes with them.")
        arrays = [a for a in function.arguments if a not in vectors and a not in steps]
        tables = [a for a in arrays if a in self._tables(function.term)]
        if tables:
            rows.append(f"{', '.join(tables)}: shape (T,), one number for each step.")
        if numbers := [a for a in arrays if a not in tables]:
            rows.append(f"{', '.join(numbers)}: a number.")
        if steps:
            ranged = f", derived for {bounds}." if bounds else "."
            rows.append(f"{', '.join(steps)}: a step or an array of steps{ranged}")
        rows += [f"Source: {function.source}.", '"""']
        return rows

    def _tables(self, term: Any) -> set[str]:
        words = self.quantities
        return {python_name(part) for part in words.ingredients(term) if isinstance(part, Variable) and part.indices
                and is_scalar(part) and part.name not in words.random}  # fmt: skip


def _broken(text: str) -> str:
    """A long expression broken before signs that stand in no brackets."""
    depth, start, pieces = 0, 0, []
    for place, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if depth == 0 and character in "+-" and text[place - 1 : place] == " " and text[place + 1 : place + 2] == " ":
            pieces.append(text[start : place - 1])
            start = place
    pieces.append(text[start:])
    return "\n    ".join(pieces)
