r"""The grammar of operators: what `\log`, `\sum`, `\int`, `\nabla`, `\mathbb{E}` take.

`\sum`, `\prod` and `\mathbb{E}` without brackets take the product that follows, `\int` all up to its differential;
`\log` and its kind take a bracket that follows directly, else the factors up to the next operator; `\nabla` takes one
operand.
"""

from __future__ import annotations

from copy import deepcopy

from derive.errors import ReadError
from derive.latex import syntax
from derive.latex.declarations import COEFFICIENTS
from derive.latex.dependence import speaks_of
from derive.latex.naming import Naming
from derive.latex.pairs import chained
from derive.latex.syntax import Node
from derive.latex.tokens import GREEK
from derive.latex.trees import spelled, walk
from derive.latex.vocabulary import (
    ACCENTS,
    ALPHABETS,
    BIG,
    BOLD,
    FUNCTIONS,
    INTEGRALS,
    MOMENTS,
    OPERATORS,
    PLAIN,
    RELATIONS,
    UNIFORM,
    WORD_FUNCTIONS,
)


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


LAW_LETTERS = ("p", "q", "P", r"\pi")
FRACTIONS = (r"\frac", r"\dfrac", r"\tfrac")


def law_like(node: Node) -> bool:
    """Whether a factor is written as a density is."""
    return isinstance(node, syntax.Call) and node.head.name.split()[-1] in LAW_LETTERS


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


class Operators(Naming):
    """Reads fractions, roots, functions and the operators that bind."""

    further: list[syntax.Name] = []  # noqa: RUF012
    in_nabla = False
    inner: tuple[Node, tuple[Node, Node]] | None = None

    def _fraction(self) -> Node:
        start = self.here
        place = self.place
        self.take()
        derivative = self._derivative(start)
        if derivative is not None:
            return derivative
        self.place = place + 1
        top = self.argument()
        bottom = self.argument()
        return syntax.Fraction(start, self.last, top, bottom)

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
        first, *others = variables
        return syntax.Nabla(start, self.last, first, body, style=style, others=others)

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

    def _root(self) -> Node:
        start = self.here
        self.take()
        degree = None
        if self.at("open", "("):
            group = self._bracketed()
            self.note(f"{self.scanner.text[start : self.last]} is read as the root of what stands in brackets")
            return syntax.Root(start, self.last, group)
        if self.at("open", "["):
            self.take()
            with self._inside("list"):
                degree = self.expression()
                self.expect("close", "]")
        return syntax.Root(start, self.last, self.argument(), degree)

    def _named_function(self) -> Node:
        return self._function(FUNCTIONS[self.text])

    def _function(self, name: str) -> Node:
        start = self.here
        self.take()
        base: Node | None = None
        power: tuple[str, Node | None] | None = None
        while (self.at("char", "_") and base is None) or (self.at("char", "^") and power is None):
            if self.take().text == "_":
                base = self.argument()
            else:
                power = self.exponent()
        if base is not None and name != "log":
            raise self.error(base.start, f"a subscript on {name}", f"{name} without one")
        if self.kind == "open" and self.text in ("(", "[", "{"):
            slots = self.slots()
            if len(slots.groups) != 1 or (len(slots.groups[0]) != 1 and name not in ("max", "min")):
                raise self.error(slots.start, f"{name} of a list", f"one argument of {name}")
            arguments = list(slots.groups[0])
            node: Node = syntax.Function(start, self.last, name, arguments, base)
            if power is None and self.at("char", "^"):
                self.note(f"a power after {name}(…) is that of its value")
        elif self.at("char", "{"):
            group = self._brace_group()
            node = syntax.Function(start, self.last, name, [group], base)
        else:
            node = syntax.Function(start, self.last, name, [self._operand()], base)
        if power is not None:
            if power[0]:
                raise self.error(start, f"this exponent does not fit {name}", "a number")
            node = syntax.Power(start, self.last, node, power[1])
        return node

    def _operand(self) -> Node:
        """Factors up to the next operator, for a function written without brackets."""
        start = self.here
        factors = [self.factor()]
        while self._at_factor() and not self._at_operator():
            if self.in_nabla and law_like(factors[-1]) and (self._law_ahead() or self.text in FRACTIONS):
                raise self.error(
                    self.here, "how far the logarithm under this derivative reaches is not clear",
                    r"(\nabla \log p) f, or \nabla \log(p f)",
                )  # fmt: skip
            if self.in_nabla and isinstance(factors[-1], syntax.Power) and factors[-1].mark in ("T", "top"):
                break
            if self.in_nabla and law_like(factors[-1]) and self.kind == "letter" and self.text not in LAW_LETTERS:
                break
            factors.append(self.factor())
            if law_like(factors[-2]) and isinstance(factors[-1], syntax.Call) and not law_like(factors[-1]):
                raise self.error(
                    factors[-1].start, "how far the logarithm reaches is not clear",
                    r"(\log p) f, or \log(p f)",
                )  # fmt: skip
        if isinstance(factors[-1], syntax.Fraction) and (
            (self.kind == "macro" and self.text in (r"\sum", r"\prod", r"\int"))
            or (self.at("macro", r"\cdot") and self.tokens[self.place + 1].text in (r"\frac", r"\dfrac", r"\sum"))
        ):
            raise self.error(
                self.here, "how far this reaches is not clear", r"brackets: \log\left(\frac{a}{b} c\right), or c \log …"
            )
        return self._juxtaposed(start, factors, [False] * len(factors))

    def _law_ahead(self) -> bool:
        """Whether a law's letter and a bracket stand here."""
        if self.kind != "letter" or self.text not in LAW_LETTERS:
            return False
        place = self.place + 1
        if self.tokens[place].text == "_":
            place += 2
            while self.tokens[place - 1].text == "{" and self.tokens[place].text not in ("}", ""):
                place += 1
            place += self.tokens[place].text == "}"
        return self.tokens[place].kind == "open"

    def _at_operator(self) -> bool:
        token = self.tokens[self.place]
        if token.kind == "open" and token.text in "([{":
            return True
        if token.kind == "letter" and token.text == "E":
            return self._moment_ahead(certain=False)
        if token.kind == "text":
            return token.text in MOMENTS or token.text in WORD_FUNCTIONS
        return token.kind == "macro" and token.text in OPERATORS

    # ---- operators that bind ---------------------------------------------------------------------------------------

    def _big(self) -> Node:
        start = self.here
        operator = BIG[self.take().text]
        kept, self.further, self.inner = self.further, [], None
        index, lower, upper, relation = self._bounds(operator)
        further, self.further = self.further, kept
        inner, self.inner = self.inner, None
        at, sign = self.here, self._signs()
        body = self._product()
        if sign < 0:
            body = syntax.Sum(at, self.last, [(-1, body)])
        if inner is not None:
            assert isinstance(inner[0], syntax.Name)
            body = syntax.Big(start, self.last, operator, inner[0], *inner[1], body)
        if further and (lower is not None or upper is not None):
            raise self.error(further[0].start, "several indices with one range are not read", "one sum for each")
        for name in reversed(further):
            body = syntax.Big(start, self.last, operator, name, None, None, body)
        return syntax.Big(start, self.last, operator, index, lower, upper, body, relation)

    def _bounds(self, operator: str) -> tuple[syntax.Name | None, Node | None, Node | None, str]:
        index: Node | None = None
        lower: Node | None = None
        upper: Node | None = None
        relation = "="
        while self.at("char", "_") or self.at("char", "^"):
            if self.take().text == "^":
                upper = self.argument()
                continue
            if not self.at("char", "{"):
                index = self.argument_token()
                continue
            self.take()
            with self._inside("brace"):
                index = self.expression()
                if self.at("char", ","):
                    index = self._index_list(index)
                if self.text in RELATIONS:
                    relation = RELATIONS[self.take().text]
                    lower = self.expression()
                    if self.text in RELATIONS:
                        index, lower, upper, relation = self._chained(index, lower, relation)
                elif self.at("macro", r"\in"):
                    self.take()
                    lower = None
                    while not self.at("char", "}"):
                        if self.kind == "end":
                            raise self.unexpected("}")
                        self.raw_argument() if self.at("char", "{") else self.take()
                self.expect("char", "}")
        if index is not None and not isinstance(index, syntax.Name):
            raise self.error(index.start, f"the index of \\{operator} is a name", "a name such as t in t=1")
        return index, lower, upper, relation

    def _chained(self, first: Node, second: Node, sign: str) -> tuple[Node, Node, Node, str]:
        r"""The index and the range that `1 \le i \le n` gives; of `1 \le i < j \le n` the inner sum is kept."""
        items, signs = [first, second], [sign]
        while self.text in RELATIONS:
            signs.append(RELATIONS[self.take().text])
            items.append(self.expression())
        found = chained(items, signs)
        if found is None or not all(isinstance(item, syntax.Name) for item in found[0]):
            raise self.error(first.start, "this range is not read", r"\sum_{1 \le i < j \le n}")
        indices, ranges = found
        if len(indices) == 2:
            self.inner = indices[1], ranges[1]
        return indices[0], *ranges[0], "="

    def _index_list(self, first: Node) -> Node:
        r"""`\sum_{x, y}`: the names after the first are kept for sums of their own inside."""
        while self.at("char", ","):
            self.take()
            name = self.expression()
            if not isinstance(name, syntax.Name):
                raise self.error(name.start, "the index of a sum is a name", "a name")
            self.further.append(name)
        return first

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

    def _moment_ahead(self, certain: bool) -> bool:
        """Whether the name here is an expectation rather than a letter: a bracket follows, or a subscript and one."""
        after = self.tokens[self.place + 1]
        if certain:
            return True
        if after.kind == "open":
            return after.text in ("[", "(")
        if after.text != "_":
            return False
        place, depth = self.place + 2, 0
        while True:
            token = self.tokens[place]
            if token.kind == "end":
                return False
            if token.text == "{":
                depth += 1
            elif token.text == "}":
                depth -= 1
            place += 1
            if depth == 0:
                break
        token = self.tokens[place]
        return token.kind == "open" or token.text in (r"\log", r"\|", r"\left", "E", r"\mathbb") or token.kind == "bar"

    def _variance_ahead(self) -> bool:
        """Whether `V(X)` is a variance: of a capital X, in a text that has an expectation."""
        bracket, inside = self.tokens[self.place + 1 : self.place + 3]
        random = bracket.text == "(" and inside.kind == "letter" and inside.text in ("X", "Y", "Z")
        return random and any(token.text == "E" for token in self.tokens)

    def _moment(self, operator: str, start: int | None = None, plain: bool = False) -> Node:
        r"""A moment; `plain` for a bare letter E, which with round brackets may be the name of a function."""
        if start is None:
            start = self.here
            self.take()
        sources = None
        if self.at("char", "_"):
            self.take()
            sources = self._sources()
        given: list[Node] = []
        if self.kind == "open" and self.text in ("[", "(", "{"):
            slots = self.slots()
            plain = plain and slots.bracket == "("
            if plain and "|" not in slots.separators:
                bodies = [item for group in slots.groups for item in group]
                return syntax.Moment(start, self.last, operator, sources, bodies, given, slots)
            if len(slots.groups) > 2 or (len(slots.groups) == 2 and slots.separators[0] != "|"):
                raise self.error(slots.start, "this is not the body of an expectation", "E[… | …]")
            bodies = slots.groups[0]
            given = slots.groups[1] if len(slots.groups) == 2 else []
            if operator == "Cov" and len(bodies) == 1:
                operator = "Var"
            if len(bodies) != (2 if operator == "Cov" else 1):
                raise self.error(slots.start, f"{operator} of {len(bodies)} terms", "one term, and two for Cov")
        else:
            bodies = [self._product()]
        return syntax.Moment(start, self.last, operator, sources, bodies, given)

    def _sources(self) -> list[syntax.Source]:
        """The subscript of an expectation: laws, densities, variables, `x ∼ law`, in a list."""
        if not self.at("char", "{"):
            node = self.argument_token()
            return [syntax.Source(node.start, node.end, [node])]
        self.take()
        found: list[syntax.Source] = []
        waiting: list[Node] = []
        start = self.here
        with self._inside("list"):
            while not self.at("char", "}"):
                if self.kind == "end":
                    raise self.unexpected("}")
                if self.at("char", ","):
                    self.take()
                    continue
                if not waiting:
                    start = self.here
                drawn = self.item()
                waiting += drawn.items if isinstance(drawn, syntax.Several) else [drawn]
                if self.kind in ("mid", "bar"):
                    self.take()
                    given = self._given_items()
                    found.append(syntax.Source(start, self.last, waiting, given))
                    waiting = []
                elif self.at("macro", r"\sim"):
                    self.take()
                    found.append(syntax.Source(start, self.last, waiting, [], self.measure_law()))
                    waiting = []
        self.take()
        if waiting:
            found.append(syntax.Source(start, self.last - 1, waiting))
        if not found:
            raise self.error(self.last - 1, "an empty subscript", "a law or variables")
        return found

    def _given_items(self) -> list[Node]:
        items = [self.item()]
        while self.at("char", ",") and not self.at("char", "}"):
            self.take()
            items.append(self.item())
        return items

    def measure_law(self) -> Node:
        r"""What stands after `\sim`: a density, a Gaussian, the name of a law, or `[a, b]`, the uniform law there."""
        start = self.here
        if self.kind == "open" and self.text in ("[", "{"):
            slots = self.slots()
            return syntax.Call(start, self.last, syntax.Name(start, start + 1, UNIFORM), slots)
        found = self.factor()
        if isinstance(found, syntax.Name) and self.kind == "open" and self.text in ("[", "{"):
            return syntax.Call(start, self.last, found, self.slots())
        return found

    def _relative(self, name: syntax.Name) -> Node:
        slots = self.slots()
        if len(slots.groups) == 2 and slots.separators == ["||"] and all(len(group) == 1 for group in slots.groups):
            return syntax.Relative(name.start, self.last, slots.groups[0][0], slots.groups[1][0])
        items = [item for group in slots.groups for item in group]
        if len(items) == 2 and all(isinstance(item, (syntax.Call, syntax.Name)) for item in items):
            shown = self.scanner.text[name.start : self.last]
            self.note(f"{shown} is read as the divergence of the first from the second")
            return syntax.Relative(name.start, self.last, *items)
        raise self.error(slots.start, "a divergence is of two laws", r"D_{KL}(q \| p)")

    # ---- wrappers that say nothing ---------------------------------------------------------------------------------

    def _annotated(self) -> Node:
        r"""`\underbrace{…}_{…}`: what is braced, the label dropped."""
        start = self.here
        self.take()
        body = self.argument()
        while self.at("char", "_") or self.at("char", "^"):
            self.take()
            self.raw_argument()
        return syntax.Group(start, self.last, body, "{")

    def _boxed(self) -> Node:
        start = self.here
        self.take()
        return syntax.Group(start, self.last, self.argument(), "{")

    def _infinity(self) -> Node:
        token = self.take()
        return syntax.Infinity(token.start, token.end)

    def _dots(self) -> Node:
        token = self.take()
        return syntax.Dots(token.start, token.end)
