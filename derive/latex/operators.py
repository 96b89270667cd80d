r"""The grammar of operators: fractions and roots, what `\log`, `\sum`, `\mathbb{E}` take.

`\sum`, `\prod` and `\mathbb{E}` without brackets take the product that follows; `\log` and its kind take a bracket that
follows directly, else the factors up to the next operator. Derivatives and integrals are in `calculus.py`.
"""

from __future__ import annotations

from derive.latex import syntax
from derive.latex.calculus import Calculus
from derive.latex.pairs import chained
from derive.latex.syntax import Node
from derive.latex.vocabulary import (
    BIG,
    FUNCTIONS,
    MOMENTS,
    OPERATORS,
    RELATIONS,
    UNIFORM,
    WORD_FUNCTIONS,
)

LAW_LETTERS = ("p", "q", "P", r"\pi")
FRACTIONS = (r"\frac", r"\dfrac", r"\tfrac")


def law_like(node: Node) -> bool:
    """Whether a factor is written as a density is."""
    return isinstance(node, syntax.Call) and node.head.name.split()[-1] in LAW_LETTERS


class Operators(Calculus):
    """Reads fractions, roots, functions and the operators that bind."""

    further: list[syntax.Name] = []  # noqa: RUF012
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
