r"""The grammar of calculus: what `\nabla`, `\frac{\partial}{\partial x}` and `\int` take, and where they end.

`\nabla` takes one operand and the numbers before it, a derivative written as an operator the factors that follow,
`\int` all up to its differential.
"""

from __future__ import annotations

from copy import deepcopy

from derive.errors import ReadError
from derive.latex import syntax
from derive.latex.declarations import COEFFICIENTS
from derive.latex.dependence import speaks_of
from derive.latex.naming import Naming
from derive.latex.syntax import Node
from derive.latex.tokens import GREEK
from derive.latex.trees import spelled, walk
from derive.latex.vocabulary import ACCENTS, ALPHABETS, BOLD, INTEGRALS, PLAIN


def _without_transpose(body: Node) -> tuple[Node, syntax.Power | None]:
    r"""`\nabla f(x)^\top` is the gradient transposed, and so is `\nabla \log p(x)^\top`."""
    if isinstance(body, syntax.Power) and body.mark in ("T", "top") and isinstance(body.base, syntax.Call):
        return body.base, body
    if isinstance(body, syntax.Function) and len(body.arguments) == 1:
        inside, mark = _without_transpose(body.arguments[0])
        if mark is not None:
            body.arguments = [inside]
            return body, mark
    return body, None


def _precedes(first: syntax.Name, run: syntax.Name) -> bool:
    """Whether a run of variables may begin with this one: x_1 before x_{2:T}."""
    if first.name != run.name or first.subscript is None or run.subscript is None or len(first.subscript) != 1:
        return False
    before, lower = first.subscript[0].lower, run.subscript[0].lower
    if not (isinstance(before, syntax.Number) and isinstance(lower, syntax.Number)):
        return False
    if int(before.text) + 1 != int(lower.text):
        return False
    run.subscript[0].lower = before
    return True


def _whole(lower: Node, variables: list[syntax.Name]) -> bool:
    r"""Whether what stands alone under `\int` is the variable or the set of all its values: `\mathbb{R}^d`, 𝒳."""
    if not isinstance(lower, syntax.Name):
        return False
    if any(lower.name == variable.name for variable in variables) or lower.name == r"\Omega":
        return True
    letters = {variable.name.rpartition(" ")[2].lstrip("\\")[:1].upper() for variable in variables}
    return lower.name == r"\mathbb R" or (lower.name.startswith("\\") and lower.name.split()[-1] in letters)


def _is_coefficient(node: Node) -> bool:
    """Whether this is a number, or is made of numbers and of small letters that stand for one."""
    match node:
        case syntax.Number():
            return True
        case syntax.Name():
            return node.name in COEFFICIENTS and not node.bold and not node.primes
        case syntax.Group():
            return _is_coefficient(node.body)
        case syntax.Fraction():
            return _is_coefficient(node.numerator) and _is_coefficient(node.denominator)
        case syntax.Power(mark=""):
            return _is_coefficient(node.base)
        case syntax.Juxtaposition():
            return all(map(_is_coefficient, node.factors))
    return False


def _upright(variable: Node) -> Node:
    r"""x, where x^\top stands below a derivative: ∂f/∂x^⊤ has a row for each part of f and a column for each of x."""
    transposed = isinstance(variable, syntax.Power) and variable.mark in ("top", "T")
    return variable.base if transposed else variable  # type: ignore[attr-defined]


class Calculus(Naming):
    """Reads derivatives, gradients and integrals."""

    in_nabla = False

    def _derivative(self, start: int) -> Node | None:
        r"""`\frac{\partial f}{\partial x}` and `\frac{d}{dt} f`, or None for an ordinary fraction."""
        if not self.at("char", "{"):
            return None
        self.take()
        mark = self._derivative_mark()
        order = self._derivative_order() if mark else 1
        if not mark or self._denominator_mark() != mark:
            return None
        body = None
        with self._inside("brace"):
            if not self.at("char", "}"):
                body = self.expression()
            self.expect("char", "}")
            self.expect("char", "{")
            variables = self._derivative_variables(mark, order)
            self.expect("char", "}")
        if body is None:
            if not self._at_factor():
                raise self.unexpected("the function that is differentiated")
            body = self._operated(variables)
        elif self.at("open", "(") and order == 1:
            body, point = self._derivative_at(body, variables[0])
            if point is not None:
                style = "partial" if mark == r"\partial" else "d"
                taken = syntax.Nabla(start, self.last, variables[0], body, style=style)
                return syntax.Evaluated(start, self.last, taken, [deepcopy(variables[0])], [point])
        style = "partial" if mark == r"\partial" else "d"
        first, *others = map(_upright, variables)
        across = any(_upright(variable) is not variable for variable in variables)
        if across and len(others) == 1 and spelled(first) == spelled(others[0]):
            return syntax.Nabla(start, self.last, first, body, style=style, order=2, across=True)
        return syntax.Nabla(start, self.last, first, body, style=style, others=others, across=across)

    def _operated(self, variables: list[Node]) -> Node:
        r"""What `\frac{\partial}{\partial x}` takes: the factors that follow, up to a sign or another derivative.

        Refused is `\frac{d}{dx} f(x) \cdot g(x)`, which can be read two ways, and one derivative behind another.
        """
        start = self.here
        names = [item for variable in variables for item in walk(variable) if isinstance(item, syntax.Name)]
        factors = [self.factor()]
        while True:
            dot = self.kind == "macro" and self.text in (r"\cdot", r"\times")
            place, notes = self.place, list(self.scanner.notes)
            self.place += dot
            if not self._at_factor() or self.at("macro", r"\nabla"):
                self.place = place
                break
            factor = self.factor()
            spoken = any(speaks_of(node, name) for node in factors for name in names)
            if isinstance(factor, syntax.Nabla) and not dot:
                raise self._unclear(factor)
            if dot and spoken:
                if not isinstance(factor, syntax.Nabla) and any(speaks_of(factor, name) for name in names):
                    raise self._unclear(factor)
                self.place, self.scanner.notes[:] = place, notes
                break
            factors.append(factor)
        return self._juxtaposed(start, factors, [False] * len(factors))

    def _unclear(self, node: Node) -> ReadError:
        return self.error(node.start, "how far the derivative reaches is not clear", "brackets around what it takes")

    def _derivative_at(self, body: Node, variable: Node) -> tuple[Node, Node | None]:
        r"""What is differentiated in `\frac{\partial f}{\partial x}(x)`, and where it is taken if elsewhere.

        Brackets around a sum are a factor: `\frac{\partial f}{\partial x}(y - x)`.
        """
        inverse = isinstance(body, syntax.Power) and isinstance(body.base, syntax.Name)
        if not isinstance(body, syntax.Name) and not inverse:
            return body, None
        place, notes, at = self.place, list(self.scanner.notes), self.here
        slots = self.slots()
        point = slots.single
        if len(slots.groups) != 1 or (point is not None and not isinstance(point, (syntax.Name, syntax.Call))):
            self.place, self.scanner.notes[:] = place, notes
            return body, None
        if not isinstance(body, syntax.Name):
            raise self.error(at, "a derivative and its point are read for a name alone", "the point in the fraction")
        wanted = spelled(variable)
        given = [spelled(item) for item in slots.groups[0]]
        within = {spelled(item.lower) for item in body.subscript or () if item.lower is not None}
        if wanted in given or wanted in within:
            return syntax.Call(body.start, self.last, body, slots), None
        if point is None:
            raise self.error(at, "which of these the derivative is in is not clear", "f(x, t) inside the fraction")
        return body, point

    def _derivative_order(self) -> int:
        r"""The 2 of `\partial^2`; 1 where none is written."""
        if not self.at("char", "^"):
            return 1
        self.take()
        degree = self.argument()
        if not (isinstance(degree, syntax.Number) and degree.text in ("1", "2", "3", "4")):
            raise self.error(degree.start, "the order of a derivative is a small number", "2")
        return int(degree.text)

    def _derivative_variables(self, mark: str, order: int) -> list[Node]:
        r"""What stands below a derivative: `\partial x`, `\partial x^2`, `\partial x \, \partial y`."""
        start = self.here
        if order == 1:
            self._derivative_mark()
            return [self.expression()]
        found: list[Node] = []
        while not self.at("char", "}"):
            if self._derivative_mark() != mark:
                raise self.unexpected(mark)
            variable = self.factor()
            times = 1
            if isinstance(variable, syntax.Power) and isinstance(variable.exponent, syntax.Number):
                times = int(variable.exponent.text) if variable.exponent.text in ("2", "3", "4") else 1
                variable = variable.base
            found += [variable] * times
        if len(found) != order:
            raise self.error(start, f"{order} derivatives above and {len(found)} below", "as many below as above")
        return found

    def _derivative_mark(self) -> str:
        token = self.tokens[self.place]
        if token.text == r"\partial" or (token.text == "d" and token.kind in ("letter", "text")):
            self.take()
            return token.text
        if token.text == r"\mathrm" and [t.text for t in self.tokens[self.place + 1 : self.place + 4]] == [
            "{",
            "d",
            "}",
        ]:
            self.place += 4
            return "d"
        return ""

    def _denominator_mark(self) -> str:
        """The mark with which the next brace group begins, where something follows it there; the cursor stays."""
        place, depth, index = self.place, 1, self.place
        while depth:
            token = self.tokens[index]
            if token.kind == "end":
                return ""
            if token.kind == "char" and token.text in "{}":
                depth += 1 if token.text == "{" else -1
            index += 1
        if self.tokens[index].text != "{":
            return ""
        self.place = index + 1
        mark = self._derivative_mark()
        followed = bool(mark) and not self.at("char", "}")
        self.place = place
        return mark if followed else ""

    def _integral(self) -> Node:
        start = self.here
        signs = INTEGRALS[self.take().text]
        lower: Node | None = None
        upper: Node | None = None
        while self.at("char", "_") or self.at("char", "^"):
            if self.take().text == "_":
                lower = self._region_or_limit()
            else:
                upper = self.argument()
        kept, self.integrals = self.integrals, 1
        first = self._differentials()
        place, notes = self.place, list(self.scanner.notes)
        body = self.expression()
        variables = first or self._differentials()
        self.integrals = kept
        shared = isinstance(body, syntax.Integration) and len(body.variables) > 1
        if not variables and not shared and isinstance(lower, syntax.Name) and upper is None and signs == 1:
            self.place, self.scanner.notes[:] = place, notes
            body, variables = self._product(), [lower]
            self.note(f"{self.scanner.text[start : self.last]} is read as the integral over {lower.name}")
            return syntax.Integration(start, self.last, body, variables)
        if not variables and isinstance(body, syntax.Integration) and len(body.variables) > 1:
            variables = [body.variables.pop()]
        if not variables:
            raise self.unexpected("the differential of the integral, such as dx")
        if len(variables) < signs:
            raise self.error(start, "fewer differentials than integral signs", f"{signs} of them")
        if lower is not None and upper is None:
            if not _whole(lower, variables):
                if not isinstance(lower, syntax.Name) or len(variables) > 1 or lower.subscript is not None:
                    raise self.error(lower.start, "this region of an integral is not read", "a set that has a name")
                inside = syntax.Inside(lower.start, lower.end, variables[0], lower)
                part = syntax.Indicated(lower.start, lower.end, [inside])
                body = syntax.Juxtaposition(body.start, body.end, [part, syntax.Group(body.start, body.end, body, "{")],
                                            [False, False])  # fmt: skip
            lower = None
        return syntax.Integration(start, self.last, body, variables, lower, upper)

    def _region_or_limit(self) -> Node:
        r"""What stands under `\int`: a limit, a variable, or the set of all values, as a name."""
        start, place = self.here, self.place
        braced = self.at("char", "{")
        self.place += braced
        if self.at("macro", r"\partial"):
            raise self.error(self.here, "an integral over a boundary is not read", r"\int f \, dx, or \int_a^b f \, dx")
        if braced and self.tokens[self.place + 1].text == r"\in":
            self.place += 2
        if self.text == r"\mathbb" or (self.kind == "macro" and self.text in ALPHABETS) or self.at("macro", r"\Omega"):
            name = self.atom_name()
            while self.at("char", "_"):
                self._suffix(name)
            if self.at("char", "^"):
                self.take()
                self.sizes()
            if not braced or self.at("char", "}"):
                self.place += braced
                return syntax.Name(start, self.last, name.name, upright=True)
        self.place = place
        return self.argument()

    def _differentials(self) -> list[syntax.Name]:
        found: list[syntax.Name] = []
        dotted = -1
        while self._at_differential():
            if self.take().text == r"\mathrm":
                self.place += 3
            name = self.atom_name()
            raised: tuple[syntax.Subscript, ...] = ()
            while self.at("char", "_") or self.at("char", "'") or self._index_raised():
                if self.at("char", "^"):
                    raised = self._raised_index(name)
                else:
                    self._suffix(name)
            if raised:
                name.subscript = (*raised, *(name.subscript or ()))
            found.append(name)
            if self.at_dots() and self._differential_after_dots():
                self.take()
                dotted = len(found)
            elif dotted == len(found) - 1 > 0:
                found[-2:] = [self._run_of(found[-2], name)]
                while len(found) > 1 and _precedes(found[-2], found[-1]):
                    del found[-2]
        return found

    def _differential_after_dots(self) -> bool:
        self.place += 1
        ahead = self._at_differential()
        self.place -= 1
        return ahead

    def _run_of(self, first: syntax.Name, last: syntax.Name) -> syntax.Name:
        r"""`dx_1 \cdots dx_T` as `dx_{1:T}`."""
        ends = [name.subscript[0] for name in (first, last) if name.subscript is not None and len(name.subscript) == 1]
        if first.name != last.name or len(ends) != 2 or any(end.lower is None or end.ranged for end in ends):
            raise self.error(first.start, "these differentials show no pattern", r"dx_1 \cdots dx_T, or dx_{1:T}")
        part = syntax.Subscript(first.start, last.end, ends[0].lower, ends[1].lower, True)
        return syntax.Name(first.start, last.end, first.name, (part,), first.bold, first.primes)

    def _at_differential(self) -> bool:
        r"""Whether `d` and a name stand here: `dx`, `\mathrm{d}x`."""
        token, after = self.tokens[self.place], self.tokens[self.place + 1]
        if token.text == r"\mathrm":
            brace, letter, end = self.tokens[self.place + 1 : self.place + 4]
            return brace.text == "{" and letter.text == "d" and end.text == "}"
        if token.text != "d" or token.kind not in ("letter", "text"):
            return False
        if after.kind in ("letter", "text"):
            return True
        return after.kind == "macro" and (
            after.text in GREEK
            or after.text in ACCENTS
            or after.text in BOLD
            or after.text in PLAIN
            or after.text in ALPHABETS
        )

    def _nabla(self) -> Node:
        start = self.here
        self.take()
        variable: Node | None = None
        order = 1
        while self.at("char", "_") or self.at("char", "^"):
            if self.take().text == "_":
                variable = self.argument()
                continue
            mark, degree = self.exponent()
            if mark:
                raise self.error(start, r"a transposed \nabla is not read", r"\nabla")
            if not (isinstance(degree, syntax.Number) and degree.text == "2"):
                raise self.error(start, r"this power of \nabla is not read", r"\nabla or \nabla^2")
            order = 2
        divergence = False
        if self.kind == "macro" and self.text == r"\cdot":
            self.take()
            divergence = True
        kept, self.in_nabla = self.in_nabla, True
        body = self._differentiated()
        self.in_nabla = kept
        body, turned = _without_transpose(body)
        found = syntax.Nabla(start, self.last, variable, body, divergence, order=order)
        return syntax.Power(start, self.last, found, turned.exponent, turned.mark) if turned is not None else found

    def _differentiated(self) -> Node:
        r"""What a `\nabla` takes: a factor with the numbers before it, and all of a form such as `x^\top A x`."""
        start = self.here
        factors = [self.factor()]
        while _is_coefficient(factors[-1]):
            dot = self.at("macro", r"\cdot")
            self.place += dot
            if not self._at_factor():
                self.place -= dot
                break
            factors.append(self.factor())
        last = factors[-1]
        if isinstance(last, syntax.Power) and last.mark in ("T", "top") and isinstance(last.base, syntax.Name):
            while self._at_factor():
                factors.append(self.factor())
        return self._juxtaposed(start, factors, [False] * len(factors))

    def _partial(self) -> Node:
        start = self.here
        self.take()
        if self.at("char", "_"):
            self.take()
            variable = self.argument()
            body = self._differentiated()
            return syntax.Nabla(start, self.last, variable, body, style="partial")
        body = self.factor()
        self.expect("char", "/")
        self.expect("macro", r"\partial")
        return syntax.Nabla(start, self.last, self.factor(), body, style="partial")
