r"""The grammar of expressions: sums, products, powers, and names with what follows them.

Where a text can be read two ways it is refused with a request for brackets.
"""

from __future__ import annotations

from derive.latex import syntax
from derive.latex.cursor import DEEPEST_FRACTION
from derive.latex.names import Names
from derive.latex.operators import law_like
from derive.latex.syntax import Node
from derive.latex.tokens import GREEK
from derive.latex.vocabulary import (
    REFUSED,
    RELATIONS,
    STARTS,
    TOWERS,
)


class Expressions(Names):
    """Reads expressions from tokens."""

    def expression(self) -> Node:
        """A sum of products, or events joined by intersections and unions."""
        self._deeper()
        start = self.here
        node = self._sum()
        if self.kind == "macro" and self.text in (r"\cap", r"\cup"):
            node = self._joined(start, node)
        self.depth -= 1
        return node

    def _joined(self, start: int, first: Node) -> Node:
        operator = self.text
        items = [first]
        while self.kind == "macro" and self.text in (r"\cap", r"\cup"):
            if self.text != operator:
                raise self.error(self.here, r"\cap and \cup side by side", "brackets that say which comes first")
            self.take()
            items.append(self._sum())
        items = [item.body if isinstance(item, syntax.Group) and isinstance(item.body, syntax.Happening) else item
                 for item in items]  # fmt: skip
        return syntax.SetOperation(start, self.last, operator, items)

    def _sum(self) -> Node:
        start = self.here
        terms: list[tuple[int, Node]] = []
        sign = self._signs()
        terms.append((sign or 1, self._product()))
        while self.at("char", "+") or self.at("char", "-") or self._signed_brace():
            sign = self._signs() or 1
            terms.append((sign, self._product()))
        if len(terms) == 1 and terms[0][0] == 1:
            return terms[0][1]
        return syntax.Sum(start, self.last, terms)

    def _signed_brace(self) -> bool:
        r"""Whether a term with its sign inside a brace stands here: `\underbrace{- \log p}_{L_0}`."""
        if not (self.kind == "macro" and self.text in (r"\underbrace", r"\overbrace")):
            return False
        after = self.tokens[self.place + 2]
        return self.tokens[self.place + 1].text == "{" and after.kind == "char" and after.text in ("+", "-")

    def _signs(self) -> int:
        """The product of the signs here, 0 where there is none."""
        sign, start = 0, self.here
        while self.kind == "char" and self.text in "+-":
            if sign:
                self.note(f"{self.scanner.text[start : self.here + 1]} is read as one sign")
            sign = (sign or 1) * (-1 if self.take().text == "-" else 1)
        return sign

    def _product(self) -> Node:
        start = self.here
        factors: list[Node] = [self.factor()]
        dotted = [False]
        while True:
            if (self.kind == "macro" and self.text in (r"\cdot", r"\times", r"\ast")) or self.at("char", "*"):
                self.take()
                if self.integrals and self._at_differential():
                    return self._juxtaposed(start, factors, dotted)
                negative = self._signs() < 0
                factors.append(self.factor())
                dotted.append(True)
                if negative:
                    last = factors[-1]
                    factors[-1] = syntax.Group(
                        last.start, last.end, syntax.Sum(last.start, last.end, [(-1, last)]), "{"
                    )
            elif self.at("char", "/"):
                self.take()
                bottom = self.factor()
                top = self._juxtaposed(start, factors, dotted)
                if law_like(bottom) and isinstance(factors[-1], syntax.Function) and _unbracketed(factors[-1]):
                    raise self.error(
                        bottom.start, f"how far the {factors[-1].name} before this / reaches is not clear",
                        r"\log \frac{p}{q}, or \frac{\log p}{q}",
                    )  # fmt: skip
                factors = [syntax.Fraction(start, self.last, top, bottom)]
                dotted = [False]
                if self._at_factor() and not isinstance(bottom, syntax.Group):
                    raise self.error(
                        self.here, "a/b c can be read as (a/b) c and as a/(b c)", r"brackets, or \frac{a}{b} c"
                    )
            elif self.kind == "macro" and self.text == r"\odot":
                self.take()
                left = self._juxtaposed(start, factors, dotted)
                right = self._beside()
                parts = left.factors if isinstance(left, syntax.Elementwise) else [left]
                factors, dotted = [syntax.Elementwise(start, self.last, [*parts, right])], [False]
            elif self._evaluation_ahead() and self.bars[-1:] != ["|"]:
                self.take()
                factors[-1] = self._evaluated(factors[-1].start, factors[-1])
            elif self._at_factor():
                factors.append(self.factor())
                dotted.append(False)
            else:
                return self._juxtaposed(start, factors, dotted)

    def _beside(self) -> Node:
        """Factors side by side, up to the next sign between them."""
        start = self.here
        factors = [self.factor()]
        while self._at_factor():
            factors.append(self.factor())
        return self._juxtaposed(start, factors, [False] * len(factors))

    def _juxtaposed(self, start: int, factors: list[Node], dotted: list[bool]) -> Node:
        if len(factors) == 1:
            return factors[0]
        return syntax.Juxtaposition(start, self.last, factors, dotted)

    def _at_factor(self) -> bool:
        """Whether another factor begins here."""
        token = self.tokens[self.place]
        if token.kind in ("letter", "number"):
            return not (self.integrals and self._at_differential())
        if token.kind == "text":
            if self.integrals and self._at_differential():
                return False
            words = token.text
            return bool(words) and " " not in words and words.isascii() and not self._separating_text()
        if token.kind == "open":
            return True
        if token.kind == "bar":
            return not self._evaluation_ahead() and not self._bar_closes()
        if token.kind == "mid":
            return token.text == "||" and self._mids_ahead() % 2 == 0
        if token.kind == "macro":
            if (self.integrals and self._at_differential()) or self._signed_brace():
                return False
            return token.text in STARTS or token.text in GREEK
        return token.kind == "char" and token.text == "{"

    def _separating_text(self) -> bool:
        return False

    # ---- factors ---------------------------------------------------------------------------------------------------

    def factor(self) -> Node:
        """An atom with its powers, primes and factorials."""
        self._deeper()
        start = self.here
        base = self.atom()
        base.end = max(base.end, self.last)
        while self.kind == "char":
            text = self.text
            if text == "^":
                base = self._power(start, base)
            elif text == "'":
                self.take()
                base = syntax.Prime(start, self.last, base)
            elif text == "!":
                self.take()
                base = syntax.Factorial(start, self.last, base)
            elif text == "_" and isinstance(base, syntax.Power) and _double(base.base):
                self.take()
                degree = self.argument()
                if not (isinstance(degree, syntax.Number) and degree.text == "2"):
                    raise self.error(degree.start, "only the Euclidean norm is read", "_2 or no subscript")
            elif text == "_" and isinstance(base, syntax.Root | syntax.Group):
                base = self._stray_subscript(base)
            else:
                break
        self.depth -= 1
        return base

    def _power(self, start: int, base: Node) -> Node:
        self.take()
        if isinstance(base, syntax.Power) and base.exponent is not None and not base.mark:
            raise self.error(self.here, "two exponents on one base", "brackets around the first power")
        mark, exponent = self.exponent()
        named = isinstance(exponent, syntax.Name) and exponent.subscript is None and not mark
        if named and isinstance(base, syntax.DifferentialOf) and isinstance(base.body, syntax.Name):
            assert isinstance(exponent, syntax.Name)
            base.body.name += f"^{{\\mathrm{{{exponent.name}}}}}"
            return base
        if mark == "'":
            if isinstance(base, syntax.Name):
                base.primes += 1
                return base
            return syntax.Prime(start, self.last, base)
        return syntax.Power(start, self.last, base, exponent, mark)

    def _stray_subscript(self, base: Node) -> Node:
        r"""`\sqrt{\bar\alpha}_t`: the subscript of the one name inside that lacks it."""
        names = [name for name in _names(base) if name.subscript is None]
        start = self.here
        if len(names) != 1:
            raise self.error(start, "a subscript on something that is no name", "a subscript on a name")
        self.take()
        names[0].subscript = self.subscript()
        self.note(f"{self.scanner.text[base.start : self.last]}: the subscript is read as that of {names[0].name}")
        base.end = self.last
        return base

    def atom(self) -> Node:
        """A number, a name (called or not), a bracket, or an operator with what it takes."""
        self._deeper()
        tower = self.text in TOWERS
        self.towers += tower
        if self.towers > DEEPEST_FRACTION:
            raise self._too_deep(self.here, DEEPEST_FRACTION)
        node = self._atom()
        self.depth -= 1
        self.towers -= tower
        return node

    def _atom(self) -> Node:
        token = self.tokens[self.place]
        if self.differentials and not self.integrals and self._at_differential():
            return self._differential_atom()
        match token.kind:
            case "number":
                after = self.tokens[self.place + 1]
                if token.text == "1" and after == after._replace(kind="open", text="{") and self._indicator_ahead():
                    return self._indicator(1)
                if token.text == "1" and after.text == "_" and after.kind == "char":
                    return self._indicator(1)
                self.take()
                return syntax.Number(token.start, token.end, token.text)
            case "letter" | "text":
                return self._named()
            case "open":
                return self._bracketed()
            case "bar":
                return self._bars(token.text)
            case "mid" if token.text == "||":
                return self._norm_of_mids()
            case "macro":
                width = self._at_ones()
                if width:
                    return self._indicator(width)
                reader = STARTS.get(token.text)
                if reader is not None:
                    result: Node = getattr(self, reader)()
                    return result
                if token.text in GREEK:
                    return self._named()
                if token.text in REFUSED:
                    raise self.error(token.start, REFUSED[token.text])
                if token.text in (r"\cdot", r"\times", r"\odot", r"\cap", r"\cup", *RELATIONS):
                    raise self.error(token.start, f"nothing stands before {token.text}", "an expression")
                if "arrow" in token.text or token.text == r"\to":
                    raise self.error(token.start, "an arrow does not stand inside an expression", "an expression")
                raise self.error(
                    token.start, f"{token.text} is not a macro derive knows", "a macro of mathematical notation",
                    _parted(token.text),
                )  # fmt: skip
            case "char" if token.text == "{":
                return self._brace_group()
        raise self.unexpected("an expression")

    def _mids_ahead(self) -> int:
        r"""How many `\mid\mid` follow up to the end of the surrounding brackets, this one counted."""
        depth, count = 0, 0
        for token in self.tokens[self.place :]:
            depth += (token.kind == "open" or token.text == "{") - (token.kind == "close" or token.text == "}")
            if depth < 0 or token.kind in ("row", "end", "gap"):
                break
            count += depth == 0 and token.kind == "mid" and token.text == "||"
        return count

    def _norm_of_mids(self) -> Node:
        r"""`\mid\mid x \mid\mid` as ‖x‖."""
        place = self.place + 1
        while self.tokens[place].kind != "end" and not (
            self.tokens[place].kind == "mid" and self.tokens[place].text == "||"
        ):
            place += 1
        if self.tokens[place].kind == "end":
            raise self.unexpected("an expression")
        for at in (self.place, place):
            self.tokens[at] = self.tokens[at]._replace(kind="bar")
        return self._bars("||")

    # ---- sizes -----------------------------------------------------------------------------------------------------

    def sizes(self) -> list[Node]:
        r"""The sizes after `\mathbb{R}^`: `d`, `{m \times n}`."""
        if not self.at("char", "{"):
            return [self.argument_token()]
        self.take()
        with self._inside("brace"):
            found = [self._size()]
            while self.kind == "macro" and self.text == r"\times":
                self.take()
                found.append(self._size())
            self.expect("char", "}")
        return found

    def _size(self) -> Node:
        start = self.here
        factors = [self.factor()]
        while self._at_factor():
            factors.append(self.factor())
        return self._juxtaposed(start, factors, [False] * len(factors))


def _parted(macro: str) -> str | None:
    r"""What may be meant by a macro that begins like a known one: `\log p` by `\logp`."""
    known = [name for name in (*STARTS, *GREEK) if len(name) > 3 and macro.startswith(name)]
    if not known:
        return None
    longest = max(known, key=len)
    return f"{longest} {macro[len(longest):]} with a space between them?"


def _unbracketed(node: syntax.Function) -> bool:
    """Whether a function takes a density without brackets: `\\log p(x)`."""
    return len(node.arguments) == 1 and law_like(node.arguments[0])


def _double(node: Node) -> bool:
    return isinstance(node, syntax.Bars) and node.double


def _names(node: Node) -> list[syntax.Name]:
    """The names in a tree, those of subscripts left out."""
    match node:
        case syntax.Name():
            return [node]
        case syntax.Root():
            return _names(node.radicand)
        case syntax.Group() | syntax.Power() | syntax.Prime():
            return _names(node.body if isinstance(node, syntax.Group) else node.base)
        case syntax.Sum():
            return [name for _, term in node.terms for name in _names(term)]
        case syntax.Juxtaposition():
            return [name for factor in node.factors for name in _names(factor)]
        case syntax.Fraction():
            return _names(node.numerator) + _names(node.denominator)
    return []
