"""The text of a module of functions: its opening, the quantities they call, each function with its docstring."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sympy import Symbol

from derive.errors import InputError
from derive.export.functions import Function
from derive.export.libraries import Library
from derive.export.naming import python_name
from derive.export.numeric import Numeric, function_name
from derive.export.quantities import Quantities, leaves
from derive.latex import unicode_text
from derive.terms import Variable, is_scalar, substitute

__all__ = ["ModuleText"]

WIDTH = 116


@dataclass
class ModuleText:
    """One module while it is written: the quantities called so far, each with its function."""

    quantities: Quantities
    library: Library
    written: dict[tuple[str, str], str] = field(default_factory=dict)

    def text(self, name: str, functions: Iterable[Function]) -> str:
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

    def _opening(self, name: str, functions: Iterable[Function]) -> str:
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

    def _body(self, function: Function, numeric: Numeric) -> str:
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

    def _docstring(self, function: Function, vectors: list[str], steps: list[str]) -> list[str]:
        """What it computes, for which steps, from what; shapes; and where it was derived."""
        rows = [f'"""{function.says}.', "", f"    {unicode_text(function.term)}", ""]
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
