r"""The grammar of expressions: sums, products, powers, and names with what follows them.

Where a text can be read two ways it is refused with a request for brackets.
"""

from __future__ import annotations

from derive.latex import syntax
from derive.latex.cursor import DEEPEST_FRACTION
from derive.latex.groups import Groups
from derive.latex.operators import law_like
from derive.latex.syntax import Node
from derive.latex.tokens import GREEK
from derive.latex.vocabulary import (
    BOLD,
    MOMENTS,
    REFUSED,
    RELATIONS,
    STARTS,
    SUPERSCRIPTS,
    TOWERS,
    WORD_FUNCTIONS,
)

LAPLACED = ("p", "q", "u", "f", r"\rho", r"\log", r"\phi", r"\varphi", r"\psi", r"\mathbf", "(", "[")


class Expressions(Groups):
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

    # ---- names and what follows them -------------------------------------------------------------------------------

    def _refuse_differential(self) -> None:
        """Refuse an upright d before a name outside an integral: it is no dimension."""
        token = self.tokens[self.place]
        if token.kind == "text" and token.text == "d" and not self.integrals and self._at_differential():
            raise self.error(token.start, "a differential outside an integral is not read", "an integral")

    def _named(self) -> Node:
        """A name and what follows it directly: subscripts, primes, brackets."""
        self._refuse_differential()
        token = self.tokens[self.place]
        if token.kind == "text":
            if token.text in WORD_FUNCTIONS and self.tokens[self.place + 1].kind in (
                "open",
                "char",
                "letter",
                "macro",
                "bar",
            ):
                return self._function(WORD_FUNCTIONS[token.text])
            if token.text in MOMENTS and self._moment_ahead(certain=token.text != "V"):
                return self._moment(MOMENTS[token.text])
        if token.kind == "letter" and token.text == "E" and self._moment_ahead(certain=False):
            return self._moment("E", plain=True)
        if token.kind == "letter" and token.text == "V" and self._variance_ahead():
            return self._moment("Var")
        opened = self.tokens[self.place + 1].kind == "open"
        if token.kind == "letter" and token.text == "I" and opened and self._indicator_ahead():
            return self._indicator(1)
        if token.text == r"\Delta" and self.tokens[self.place + 1].text in LAPLACED and self._speaks_of_nabla():
            self.take()
            body = self.factor()
            shown = self.scanner.text[token.start : self.last]
            self.note(f"{shown} is read as the Laplacian, since the text has a \\nabla")
            return syntax.Nabla(token.start, self.last, None, body, order=2)
        self._refuse_laplacian()
        return self.decorated(self.atom_name())

    def _refuse_laplacian(self) -> None:
        r"""Refuse `\Delta p(x)`: the Laplacian of p, or a number Δ times p."""
        texts = self.tokens[self.place : self.place + 3]
        if texts[0].text == r"\Delta" and texts[1].kind == "letter":
            place = self.place + 2
            if self.tokens[place].text == "_":
                place += 2
                while self.tokens[place - 1].text == "{" and self.tokens[place].text != "}":
                    place += 1
                    if self.tokens[place].kind == "end":
                        return
                place += self.tokens[place].text == "}"
            if self.tokens[place].kind == "open" and self.tokens[place].text == "(":
                raise self.error(
                    texts[0].start, r"this \Delta can be the Laplacian of what follows, and a number times it",
                    r"\nabla \cdot \nabla f, or \Delta \cdot f",
                )  # fmt: skip

    def _speaks_of_nabla(self) -> bool:
        return any(token.text == r"\nabla" for token in self.tokens)

    def _differential_atom(self) -> Node:
        r"""`dx`, `\mathrm{d}w_t`, `dx(t)` in an equation between differentials."""
        start = self.here
        if self.take().text == r"\mathrm":
            self.place += 3
        body = self.decorated(self.atom_name())
        return syntax.DifferentialOf(start, self.last, body)

    def _style(self) -> Node:
        r"""`\mathbf{x}_t`, and `\mathbf{…}` around a whole expression, where the style says nothing."""
        place = self.place
        token = self.take()
        if self.at("char", "{"):
            after = self.tokens[self.place + 1]
            if after.kind == "number" and self.tokens[self.place + 2].text == "}":
                if after.text == "0":
                    self.place += 3
                    return syntax.Number(token.start, self.last, "0")
                raise self.error(after.start, "a bold digit other than 0 is not read", "a number or a name")
            self.take()
            with self._inside("brace"):
                body = self.expression()
                self.expect("char", "}")
            if not isinstance(body, syntax.Name):
                if not isinstance(body, syntax.Call):
                    self.note(f"{token.text} around an expression says nothing")
                return syntax.Group(token.start, self.last, body, "{")
            self.place = place
            return self._named_after_style()
        if self.kind == "number":
            if self.text == "0":
                self.take()
                return syntax.Number(token.start, self.last, "0")
            raise self.error(self.here, "a bold digit other than 0 is not read", "a number or a name")
        self.place = place
        return self._named_after_style()

    def _named_after_style(self) -> Node:
        name = self.atom_name()
        if name.name in MOMENTS and name.upright and self._moment_ahead(certain=True):
            return self._moment(MOMENTS[name.name], name.start)
        return self.decorated(name)

    def _alphabet(self) -> Node:
        place = self.place
        token = self.tokens[place]
        name = self.atom_name()
        letter = name.name.split()[-1]
        if token.text == r"\mathbb":
            if letter == "E" or (letter == "V" and self._opens_ahead()):
                return self._moment(MOMENTS[letter], token.start)
            if letter == "P":
                name.name = "P"
            elif letter == "I" and self.kind == "open" and self.text in ("[", "(", "{"):
                return self._indicator(0)
            elif letter == "I":
                name.name, name.bold = "I", True
                self.note(r"\mathbb{I} is read as the identity")
            elif letter in ("R", "N", "Z"):
                raise self.error(token.start, f"\\mathbb{{{letter}}} is not read here", "an expression")
        return self.decorated(name)

    def _probability(self) -> Node:
        r"""`\Pr` is the law P."""
        token = self.take()
        return self.decorated(syntax.Name(token.start, token.end, "P"))

    def _opens_ahead(self) -> bool:
        return self.kind == "open" or self.at("char", "_")

    def decorated(self, name: syntax.Name) -> Node:
        """The name with its subscript, power and primes in any order, and the brackets that follow directly."""
        power: tuple[str, Node | None] | None = None
        raised: tuple[syntax.Subscript, ...] = ()
        while True:
            if self.at("char", "_") or self.at("char", "'"):
                self._suffix(name)
            elif self._index_raised() and name.name != "e":
                raised = self._raised_index(name)
            elif self.at("char", "^") and power is None:
                place = self.place
                self.take()
                power = self.exponent()
                if power[0] == "'":
                    name.primes += 1
                    power = None
                elif power[0] in ("*", "+", "-"):
                    name.name += "^" + power[0]
                    power = None
                elif (numbered := _numbered_power(power[1])) and not power[0]:
                    raised, power = numbered[0], ("", numbered[1])
                    self.note(f"{self.scanner.text[name.start : self.last]}: what stands in parentheses is an index")
                    name.name += r"^{(\cdot)}"
                    name.end = self.last
                    name.subscript = (*raised, *(name.subscript or ()))
                    if self.at("char", "_"):
                        self._suffix_after(name)
                    return syntax.Power(name.start, self.last, name, numbered[1])
                elif (word := _superscript_word(power[1])) and not power[0]:
                    name.name += f"^{{\\mathrm{{{word}}}}}"
                    power = None
                elif self._inverse_function(name, power):
                    name.name += "^{-1}"
                    power = None
                elif not (self.at("char", "_") or self.kind == "open" or self.at("char", "'")):
                    self.place = place
                    break
            else:
                break
        name.end = self.last
        if raised:
            name.subscript = (*raised, *(name.subscript or ()))
        if self.at("char", "^"):
            return self._done(name)
        if power is None:
            return self._done(name)
        if self.kind == "open" and self.text in ("(", "[") and not power[0] and isinstance(power[1], syntax.Number):
            return self._called(name, power[1])
        label = power[1]
        plain = isinstance(label, syntax.Name) and label.subscript is None and not label.primes and not power[0]
        if plain and self.at("open", "(") and self._lists_ahead():
            assert isinstance(label, syntax.Name)
            name.name += f"^{{\\mathrm{{{label.name}}}}}"
            return self._called(name, None)
        return syntax.Power(name.start, self.last, name, power[1], power[0])

    def _inverse_function(self, name: syntax.Name, power: tuple[str, Node | None]) -> bool:
        """Whether `g^{-1}(y)` is the inverse function of g rather than one over g."""
        if power[0] or not (isinstance(power[1], syntax.Sum) and len(power[1].terms) == 1):
            return False
        opening = self.place
        if self.at("char", "_"):
            opening += 2
            while self.tokens[opening - 1].text == "{" and self.tokens[opening].text not in ("}", ""):
                opening += 1
            opening += self.tokens[opening].text == "}"
        if (self.tokens[opening].kind, self.tokens[opening].text) != ("open", "("):
            return False
        sign, one = power[1].terms[0]
        if sign != -1 or not (isinstance(one, syntax.Number) and one.text == "1"):
            return False
        inside = [token.text for token in self.tokens[opening + 1 : opening + 3]]
        return name.name in ("f", "g", "h", "F", "G", "T", r"\phi", r"\psi", r"\Phi") and inside[1:] in (
            [")"], ["_"], ["("]
        )

    def _index_raised(self) -> bool:
        """Whether a superscript in parentheses stands here, the index of a sample or a step: `x^{(i)}`."""
        texts = [token.text for token in self.tokens[self.place : self.place + 3]]
        if texts != ["^", "{", "("]:
            return False
        depth, place = 0, self.place + 2
        while True:
            token = self.tokens[place]
            depth += (token.kind == "open") - (token.kind == "close")
            place += 1
            if depth == 0 or token.kind == "end":
                return self.tokens[place].text == "}"

    def _raised_index(self, name: syntax.Name) -> tuple[syntax.Subscript, ...]:
        """The index in `x^{(i)}`; the name keeps the mark `^{(\\cdot)}`, so that it is not that of `x_i`."""
        start = self.here
        self.place += 3
        name.name += r"^{(\cdot)}"
        found: list[syntax.Subscript] = []
        with self._inside("list"):
            while self.kind != "close":
                if self.at("char", ",") or self.at("macro", r"\cdot"):
                    self.take()
                    continue
                lower = self._label_or_expression()
                found.append(syntax.Subscript(lower.start, self.last, lower))
            self.take()
        self.expect("char", "}")
        if found:
            text = self.scanner.text
            self.note(f"{text[name.start : self.last]}: {text[start + 1 : self.last]} is an index")
        return tuple(found)

    def _done(self, name: syntax.Name) -> Node:
        name.end = self.last
        if _is_divergence(name) and (self.kind in ("open", "bar")):
            return self._relative(name)
        if self.kind == "open" and self.text in ("(", "["):
            return self._called(name, None)
        return name

    def _lists_ahead(self) -> bool:
        """Whether a list, or one name alone, stands in the brackets here: what a function takes."""
        place, depth = self.place, 0
        while True:
            token = self.tokens[place]
            depth += (token.kind == "open" or token.text == "{") - (token.kind == "close" or token.text == "}")
            if depth == 0 or token.kind == "end":
                break
            if depth == 1 and (token.text in (",", ";") or token.kind in ("mid", "bar")):
                return True
            place += 1
        kept, notes = self.place, list(self.scanner.notes)
        self.place += 1
        alone = self.kind == "letter" or self.text in GREEK or self.text in BOLD
        if alone:
            name = self.atom_name()
            while self.at("char", "_"):
                self._suffix(name)
            alone = self.at("close", ")")
        self.place, self.scanner.notes[:] = kept, notes
        return alone

    def _called(self, name: syntax.Name, power: Node | None) -> Node:
        worded = name.upright and len(name.name) > 1
        if self.text == "[" and name.name not in ("H", "I", "P") and not worded:
            return name if power is None else syntax.Power(name.start, self.last, name, power)
        slots = self.slots()
        letter = name.name.rpartition(" ")[2]
        two = slots.separators == ["||"] and all(len(group) == 1 for group in slots.groups)
        if letter == "D" and name.subscript is None and power is None and two:
            shown = self.scanner.text[name.start : self.last]
            self.note(f"{shown} is read as the Kullback–Leibler divergence")
            return syntax.Relative(name.start, self.last, slots.groups[0][0], slots.groups[1][0])
        return syntax.Call(name.start, self.last, name, slots, power)

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


def _is_divergence(name: syntax.Name) -> bool:
    """D with the subscript KL, or the word KL."""
    if name.name in ("KL", r"\mathbb KL"):
        return True
    if name.name not in ("D", r"\mathcal D", r"\mathbb D") or name.subscript is None or len(name.subscript) != 1:
        return False
    label = name.subscript[0].lower
    if isinstance(label, syntax.Name):
        return label.name == "KL"
    return (
        isinstance(label, syntax.Juxtaposition)
        and all(isinstance(factor, syntax.Name) for factor in label.factors)
        and [factor.name for factor in label.factors if isinstance(factor, syntax.Name)] == ["K", "L"]
    )


def _numbered_power(node: Node | None) -> tuple[tuple[syntax.Subscript, ...], Node] | None:
    r"""The index and the power of `\sigma^{2(i)}`."""
    if not (isinstance(node, syntax.Juxtaposition) and len(node.factors) == 2):
        return None
    number, group = node.factors
    if not (isinstance(number, syntax.Number) and isinstance(group, syntax.Group) and group.bracket == "("):
        return None
    if not isinstance(group.body, syntax.Name):
        return None
    return (syntax.Subscript(group.start, group.end, group.body),), number


def _double(node: Node) -> bool:
    return isinstance(node, syntax.Bars) and node.double


def _superscript_word(node: Node | None) -> str:
    r"""The word of `\mu^{\text{new}}` and `\theta^{old}`; empty for an exponent."""
    if isinstance(node, syntax.Name) and node.upright and node.subscript is None:
        return node.name if len(node.name) > 1 or node.name not in "THcde" else ""
    if isinstance(node, syntax.Juxtaposition) and all(
        isinstance(factor, syntax.Name) and len(factor.name) == 1 and factor.subscript is None
        for factor in node.factors
    ):
        word = "".join(factor.name for factor in node.factors if isinstance(factor, syntax.Name))
        return word if word in SUPERSCRIPTS else ""
    return ""


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
