r"""The grammar of expressions: sums, products, powers, brackets, operators that bind.

What an operator takes: `\sum`, `\prod` and `\mathbb{E}` without brackets take the product that follows, `\int` all up
to its differential; `\log` and its kind take a bracket that follows directly, else the factors up to the next
operator; `\nabla` takes one operand. Where a text can be read two ways it is refused with a request for brackets.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from derive.errors import LimitExceeded, ReadError
from derive.latex import syntax
from derive.latex.syntax import Node
from derive.latex.tokens import GREEK, Scanner, Token

DEEPEST = 200
DEEPEST_EXPONENT = 8
MOST_BARS = 2_000
DEEPEST_FRACTION = 50
"""Fractions, roots and functions in each other: what SymPy asks of such towers grows with their height cubed."""

RELATIONS = {
    "=": "=", "<": "<", ">": ">", r"\le": r"\le", r"\leq": r"\le", r"\leqslant": r"\le", r"\ge": r"\ge", r"\geq": r"\ge",
    r"\geqslant": r"\ge", r"\ne": r"\ne", r"\neq": r"\ne", r"\propto": r"\propto", r"\approx": r"\approx", r"\simeq": r"\approx",
    r"\coloneqq": ":=", r"\triangleq": ":=", r"\equiv": r"\equiv", r"\lt": "<", r"\gt": ">", r"\gets": ":=", r"\coloneq": ":=",
    r"\eqqcolon": "=:", r"\overset": "overset", r"\stackrel": "overset",
}  # fmt: skip

ACCENTS = {
    r"\bar": r"\bar", r"\overline": r"\bar", r"\tilde": r"\tilde", r"\widetilde": r"\tilde", r"\hat": r"\hat",
    r"\widehat": r"\hat", r"\dot": r"\dot", r"\ddot": r"\ddot", r"\vec": "", r"\check": r"\check", r"\breve": r"\breve",
    r"\acute": r"\acute", r"\mathring": r"\mathring", r"\underline": r"\underline",
}  # fmt: skip
BOLD = {r"\mathbf", r"\boldsymbol", r"\bm", r"\bf", r"\pmb", r"\symbf", r"\mathbfit"}
PLAIN = {r"\mathrm", r"\mathsf", r"\mathit", r"\mathnormal", r"\mathtt", r"\mathop", r"\rm", r"\operatorname"}
ALPHABETS = {r"\mathcal", r"\mathscr", r"\mathfrak", r"\mathbb", r"\cal"}
DOTS = {r"\dots", r"\ldots", r"\cdots", r"\dotsb", r"\dotsc", r"\dotsm", r"\dotsi", r"\vdots", r"\ddots", r"\hdots"}
FUNCTIONS = {
    r"\log": "log", r"\ln": "log", r"\exp": "exp", r"\sin": "sin", r"\cos": "cos", r"\tan": "tan", r"\sinh": "sinh",
    r"\cosh": "cosh", r"\tanh": "tanh", r"\det": "det", r"\tr": "tr", r"\Tr": "tr", r"\max": "max", r"\min": "min", r"\sign": "sign",
}  # fmt: skip
WORD_FUNCTIONS = {
    "tr": "tr", "Tr": "tr", "trace": "tr", "det": "det", "log": "log", "ln": "log", "exp": "exp", "sign": "sign", "sgn": "sign",
    "cos": "cos", "sin": "sin",
}  # fmt: skip
MOMENTS = {"Var": "Var", "Cov": "Cov", "E": "E", "V": "Var"}
BIG = {r"\sum": "sum", r"\prod": "prod"}
INTEGRALS = {r"\int": 1, r"\iint": 2, r"\iiint": 3}
TRANSPOSED = {r"\top", r"\intercal", r"\mathsf T", r"\mathrm T", r"\dagger"}
_PARTNER = {"(": ")", "[": "]", "{": "}", "|": "|", "||": "||", "<": ">", ".": "."}
_OPERATORS = {*FUNCTIONS, *BIG, *INTEGRALS, r"\nabla", r"\partial", r"\mathbb"}


_TOWERS = frozenset((r"\frac", r"\tfrac", r"\dfrac", r"\cfrac", r"\sqrt", *FUNCTIONS))


class Expressions:
    """A cursor over the tokens of a text, and the methods that read expressions from it."""

    def __init__(self, scanner: Scanner) -> None:
        self.scanner = scanner
        self.tokens: list[Token] = scanner.tokens
        self.place = 0
        self.depth = 0
        self.bars: list[str] = []
        self.integrals = 0
        self.raised = 0
        self.towers = 0
        self._measure_nesting()

    # ---- the cursor -----------------------------------------------------------------------------------------------

    @property
    def kind(self) -> str:
        return self.tokens[self.place].kind

    @property
    def text(self) -> str:
        return self.tokens[self.place].text

    @property
    def here(self) -> int:
        return self.tokens[self.place].start

    @property
    def last(self) -> int:
        """Where the token before the cursor ends."""
        return self.tokens[self.place - 1].end if self.place else 0

    def at(self, kind: str, text: str) -> bool:
        token = self.tokens[self.place]
        return token.kind == kind and token.text == text

    def at_dots(self) -> bool:
        token = self.tokens[self.place]
        return token.kind == "macro" and token.text in DOTS

    def take(self) -> Token:
        token = self.tokens[self.place]
        if token.kind != "end":
            self.place += 1
        return token

    def expect(self, kind: str, text: str) -> Token:
        if not self.at(kind, text):
            raise self.unexpected(text)
        return self.take()

    def note(self, message: str) -> None:
        self.scanner.note(message)

    def error(self, place: int, message: str, expected: str | None = None, hint: str | None = None) -> ReadError:
        return self.scanner.error(place, message, expected, hint)

    def unexpected(self, expected: str) -> ReadError:
        token = self.tokens[self.place]
        if token.kind == "end":
            return self.error(token.start, "the formula ends too early", expected)
        shown = self.scanner.text[token.start : token.end]
        if token.kind == "macro":
            return self.error(token.start, f"{shown} is not known here", expected)
        return self.error(token.start, f"“{shown}” does not fit here", expected)

    def _deeper(self) -> None:
        """Count a level of nesting; the caller counts it back when it is done (after an error nothing goes on)."""
        self.depth += 1
        if self.depth > 3 * DEEPEST + 9:
            raise self._too_deep(self.here)

    @contextmanager
    def _inside(self, closer: str) -> Iterator[None]:
        """Within brackets a bar may close them; differentials of an integral outside do not end anything here."""
        kept, self.integrals = self.integrals, 0
        self.bars.append(closer)
        try:
            yield
        finally:
            self.bars.pop()
            self.integrals = kept

    def _too_deep(self, place: int, deepest: int = DEEPEST) -> LimitExceeded:
        return LimitExceeded.at(
            self.scanner.text, place, f"more than {deepest} levels of nesting", file=self.scanner.file,
            first_line=self.scanner.line,
        )  # fmt: skip

    def _measure_nesting(self) -> None:
        depth = 0
        bars = [token for token in self.tokens if token.kind == "bar"]
        if len(bars) > MOST_BARS:
            raise LimitExceeded.at(
                self.scanner.text, bars[MOST_BARS].start, f"more than {MOST_BARS:,} bars", file=self.scanner.file,
                first_line=self.scanner.line,
            )  # fmt: skip
        for token in self.tokens:
            if token.kind == "open" or (token.text == "{" and token.kind == "char"):
                depth += 1
                if depth > DEEPEST:
                    raise self._too_deep(token.start)
            elif token.kind == "close" or (token.text == "}" and token.kind == "char"):
                depth -= 1

    # ---- sums and products ----------------------------------------------------------------------------------------

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
        return syntax.SetOperation(start, self.last, operator, items)

    def _sum(self) -> Node:
        start = self.here
        terms: list[tuple[int, Node]] = []
        sign = self._signs()
        terms.append((sign or 1, self._product()))
        while self.at("char", "+") or self.at("char", "-"):
            sign = self._signs() or 1
            terms.append((sign, self._product()))
        if len(terms) == 1 and terms[0][0] == 1:
            return terms[0][1]
        return syntax.Sum(start, self.last, terms)

    def _signs(self) -> int:
        """The product of the signs here, 0 where there is none."""
        sign = 0
        while self.kind == "char" and self.text in "+-":
            sign = (sign or 1) * (-1 if self.take().text == "-" else 1)
        return sign

    def _product(self) -> Node:
        start = self.here
        factors: list[Node] = [self.factor()]
        dotted = [False]
        while True:
            if (self.kind == "macro" and self.text in (r"\cdot", r"\times", r"\ast")) or self.at("char", "*"):
                self.take()
                negative = self._signs() < 0
                factors.append(self.factor())
                dotted.append(True)
                if negative:
                    last = factors[-1]
                    factors[-1] = syntax.Group(last.start, last.end, syntax.Sum(last.start, last.end, [(-1, last)]), "{")
            elif self.at("char", "/"):
                self.take()
                bottom = self.factor()
                top = self._juxtaposed(start, factors, dotted)
                factors = [syntax.Fraction(start, self.last, top, bottom)]
                dotted = [False]
                if self._at_factor() and not isinstance(bottom, syntax.Group):
                    raise self.error(
                        self.here, "a/b c can be read as (a/b) c and as a/(b c)", r"brackets, or \frac{a}{b} c"
                    )
            elif self._at_factor():
                factors.append(self.factor())
                dotted.append(False)
            else:
                return self._juxtaposed(start, factors, dotted)

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
            return not self._bar_closes()
        if token.kind == "macro":
            if self.integrals and self._at_differential():
                return False
            return token.text in STARTS or token.text in GREEK
        return token.kind == "char" and token.text == "{"

    def _separating_text(self) -> bool:
        return False

    def _bar_closes(self) -> bool:
        """Whether a bar after an operand closes or separates here, rather than opening a new pair."""
        innermost = self.bars[-1] if self.bars else ""
        if innermost == "|" and self.text == "||" and self.scanner.text[self.here] == "|":
            token = self.tokens[self.place]
            middle = token.start + 1
            self.tokens[self.place : self.place + 1] = [
                Token("bar", "|", token.start, middle), Token("bar", "|", middle, token.end)
            ]  # fmt: skip
        if innermost == self.text:
            return True
        return self._bars_ahead() % 2 == 1

    def _bars_ahead(self) -> int:
        """How many bars of this kind follow up to the end of the surrounding brackets, this one counted."""
        text, depth, count = self.text, 0, 0
        for token in self.tokens[self.place :]:
            if token.kind == "open" or token.text == "{":
                depth += 1
            elif token.kind == "close" or token.text == "}":
                depth -= 1
                if depth < 0:
                    break
            elif depth == 0 and token.kind == "bar" and token.text == text:
                count += 1
            elif token.kind in ("row", "end", "gap") or (token.kind == "mid" and depth == 0):
                break
        return count

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
            after.text in GREEK or after.text in ACCENTS or after.text in BOLD or after.text in PLAIN or after.text in ALPHABETS
        )

    # ---- factors --------------------------------------------------------------------------------------------------

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
        if mark == "'":
            if isinstance(base, syntax.Name):
                base.primes += 1
                return base
            return syntax.Prime(start, self.last, base)
        return syntax.Power(start, self.last, base, exponent, mark)

    def exponent(self) -> tuple[str, Node | None]:
        r"""What stands after `^`: a mark such as `\top`, or an exponent. Exponents in exponents are bounded."""
        self.raised += 1
        if self.raised > DEEPEST_EXPONENT:
            raise self._too_deep(self.here, DEEPEST_EXPONENT)
        result = self._exponent()
        self.raised -= 1
        return result

    def _exponent(self) -> tuple[str, Node | None]:
        braced = self.at("char", "{")
        place = self.place
        if braced:
            self.take()
        mark = self._mark()
        if mark is not None and (not braced or self.at("char", "}")):
            if braced:
                self.take()
            return mark, None
        self.place = place
        if braced:
            self.take()
            with self._inside("brace"):
                if self.at("char", "-") and self._is_transpose(1):
                    self.place += 1
                    self._mark()
                    self.expect("char", "}")
                    return "-T", None
                if self._is_transpose(0) is None:
                    raise self.unexpected("an exponent")
                body = self.expression()
                self.expect("char", "}")
            return ("T", body) if _is_letter_t(body) else ("", body)
        body = self.argument_token()
        return ("T", body) if _is_letter_t(body) else ("", body)

    def _is_transpose(self, ahead: int) -> bool:
        token = self.tokens[self.place + ahead]
        return token.text in TRANSPOSED or (token.text == "T" and self.tokens[self.place + ahead + 1].text == "}")

    def _mark(self) -> str | None:
        token = self.tokens[self.place]
        if token.kind == "macro" and token.text in TRANSPOSED:
            self.take()
            return "top"
        if token.text in (r"\mathsf", r"\mathrm", r"\mathbf", r"\text") and self.tokens[self.place + 1].text == "T":
            self.take()
            self.take()
            return "top"
        if token.text in (r"\mathsf", r"\mathrm") and [t.text for t in self.tokens[self.place + 1 : self.place + 4]] == ["{", "T", "}"]:
            self.place += 4
            return "top"
        if token.kind == "text" and token.text == "T":
            self.take()
            return "top"
        if token.text in (r"\complement", "c"):
            if self.tokens[self.place + 1].text in ("}",) or token.text == r"\complement" or self.tokens[self.place - 1].text == "^":
                self.take()
                return "c"
        if token.text in ("*", r"\star", r"\ast"):
            self.take()
            return "*"
        if token.text in (r"\prime", "'"):
            while self.text in (r"\prime", "'"):
                self.take()
            return "'"
        if token.text == r"\circ":
            return None
        return None

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

    def argument(self) -> Node:
        """The argument of a macro: a brace group, or the next token alone."""
        if not self.at("char", "{"):
            return self.argument_token()
        self.take()
        with self._inside("brace"):
            body = self.expression()
            self.expect("char", "}")
        return body

    def argument_token(self) -> Node:
        """One token as an argument: of `12` the digit 1 alone."""
        token = self.tokens[self.place]
        if token.kind == "number":
            if len(token.text) > 1:
                self.tokens[self.place : self.place + 1] = [
                    Token("number", token.text[0], token.start, token.start + 1),
                    Token("number", token.text[1:], token.start + 1, token.end),
                ]
            token = self.take()
            return syntax.Number(token.start, token.end, token.text)
        if token.kind == "letter":
            self.take()
            return syntax.Name(token.start, token.end, token.text)
        if token.kind == "macro" and (token.text in GREEK):
            self.take()
            return syntax.Name(token.start, token.end, token.text)
        if token.kind == "macro" and token.text in STARTS:
            return self.atom()
        raise self.unexpected("an argument")

    def raw_argument(self) -> str:
        """The text of an argument that is not read."""
        if not self.at("char", "{"):
            token = self.take()
            return token.text
        start, depth = self.here, 0
        while True:
            token = self.take()
            if token.kind == "end":
                raise self.error(start, "this brace is never closed", "}")
            if token.kind == "char" and token.text in "{}":
                depth += 1 if token.text == "{" else -1
                if depth == 0:
                    return self.scanner.text[start + 1 : token.start]

    # ---- atoms ----------------------------------------------------------------------------------------------------

    def atom(self) -> Node:
        """A number, a name (called or not), a bracket, or an operator with what it takes."""
        self._deeper()
        tower = self.text in _TOWERS
        self.towers += tower
        if self.towers > DEEPEST_FRACTION:
            raise self._too_deep(self.here, DEEPEST_FRACTION)
        node = self._atom()
        self.depth -= 1
        self.towers -= tower
        return node

    def _atom(self) -> Node:
        token = self.tokens[self.place]
        match token.kind:
            case "number":
                self.take()
                return syntax.Number(token.start, token.end, token.text)
            case "letter" | "text":
                return self._named()
            case "open":
                return self._bracketed()
            case "bar":
                return self._bars(token.text)
            case "macro":
                reader = STARTS.get(token.text)
                if reader is not None:
                    result: Node = getattr(self, reader)()
                    return result
                if token.text in GREEK:
                    return self._named()
                raise self.error(
                    token.start, f"{token.text} is not a macro derive knows", "a macro of mathematical notation"
                )
            case "char" if token.text == "{":
                return self._brace_group()
        raise self.unexpected("an expression")

    def _brace_group(self) -> Node:
        start = self.here
        self.take()
        with self._inside("brace"):
            if self.at("char", "}"):
                raise self.error(start, "an empty group", "an expression")
            body = self.expression()
            self.expect("char", "}")
        if isinstance(body, syntax.Name) and self.kind == "char" and self.text == "_" and body.subscript is None:
            return self._decorated(body)
        if isinstance(body, syntax.Name):
            return self._decorated(body)
        return syntax.Group(start, self.last, body, "{")

    def _bracketed(self) -> Node:
        start = self.here
        if self.text in ("|", "||"):
            return self._bars(self.text)
        if self._asterisks():
            return syntax.Name(start, self.last, f"({'*' * self._stars})")
        slots = self.slots()
        body = slots.single
        if slots.bracket == "<" and len(slots.groups) == 1 and len(slots.groups[0]) == 2:
            return syntax.Angle(start, self.last, *slots.groups[0])
        if slots.bracket == "." and body is not None and self.at("char", "_"):
            return self._evaluated(start, body)
        if body is None or isinstance(body, syntax.Assign | syntax.Dots):
            if slots.bracket == "{" and len(slots.groups) == 1:
                return syntax.Braced(start, self.last, slots.groups[0])
            raise self.error(start, "a list in brackets with nothing that takes it", "one expression in these brackets")
        return syntax.Group(start, self.last, body, slots.bracket)

    def _evaluated(self, start: int, body: Node) -> Node:
        r"""The `_{x = a}` after `\left. … \right|`."""
        self.take()
        self.expect("char", "{")
        with self._inside("brace"):
            where = self.item()
            if not isinstance(where, syntax.Assign):
                raise self.unexpected("the point, such as x = a")
            self.expect("char", "}")
        return syntax.Evaluated(start, self.last, body, where.variable, where.value)

    _stars = 0

    def _asterisks(self) -> bool:
        """`(**)`: the name that an author gives to a line."""
        place = self.place + 1
        while self.tokens[place].text == "*":
            place += 1
        stars = place - self.place - 1
        if not stars and self.tokens[place].kind == "text" and self.tokens[place].text:
            shown = self.tokens[place].text.replace("\\", "")
            stars = len(shown) if set(shown) == {"*"} else 0
            place += 1
        if not stars or self.tokens[place].kind != "close":
            return False
        self._stars = stars
        self.place = place + 1
        return True

    def slots(self) -> syntax.Slots:
        r"""Brackets with items between `,`, and groups between `;`, `|`, `\mid`, `\|`."""
        opening = self.take()
        start = opening.start
        closer = _PARTNER.get(opening.text, "")
        groups: list[list[Node]] = [[]]
        separators: list[str] = []
        with self._inside("list"):
            while True:
                if self.kind == "close":
                    break
                if self.kind in ("end", "row"):
                    raise self.error(start, "this bracket is never closed", closer)
                if self.kind == "bar" or self.kind == "mid" or self.at("char", ";"):
                    if self.kind == "bar" and not groups[-1]:
                        groups[-1].append(self.item())
                        continue
                    separators.append(self._separator())
                    groups.append([])
                elif self.at("char", ","):
                    if not groups[-1]:
                        raise self.unexpected("an expression")
                    self.take()
                    if self.kind == "close":
                        raise self.unexpected("an expression")
                    groups[-1].append(self.item())
                elif not groups[-1]:
                    groups[-1].append(self.item())
                else:
                    raise self.unexpected(f"a comma, a bar or {closer}")
        end = self.take()
        if end.text not in (closer, ".") and opening.text != ".":
            raise self.error(end.start, f"“{end.text}” closes a “{opening.text}”", closer)
        return syntax.Slots(start, self.last, groups, separators, opening.text)

    def _separator(self) -> str:
        token = self.take()
        return ";" if token.kind == "char" else token.text

    def item(self) -> Node:
        """What stands between commas: an expression, dots, or `x = a`."""
        if self.at_dots():
            token = self.take()
            return syntax.Dots(token.start, token.end)
        start = self.here
        if self.at("macro", r"\cdot") and self.tokens[self.place + 1].kind in ("bar", "mid", "close", "char"):
            self.take()
            return syntax.Name(start, self.last, r"\cdot")
        value = self.expression()
        if self.at("char", "="):
            self.take()
            assigned = self.expression()
            return syntax.Assign(start, self.last, value, assigned)
        return value

    def _bars(self, text: str) -> Node:
        """|x| and ‖x‖."""
        start = self.here
        self.take()
        double = text == "||"
        with self._inside(text):
            body = self.expression()
            if not (self.kind in ("bar", "close", "open") and self.text == text):
                raise self.unexpected("the bar that closes the one at the left")
            self.take()
        if double and self.at("char", "_"):
            self.take()
            degree = self.argument()
            if not (isinstance(degree, syntax.Number) and degree.text == "2"):
                raise self.error(degree.start, "only the Euclidean norm is read", "_2 or no subscript")
        return syntax.Bars(start, self.last, body, double)

    # ---- names ----------------------------------------------------------------------------------------------------

    def _named(self) -> Node:
        """A name and what follows it directly: subscripts, primes, brackets."""
        token = self.tokens[self.place]
        if token.kind == "text":
            if token.text in WORD_FUNCTIONS and self.tokens[self.place + 1].kind in ("open", "char", "letter", "macro", "bar"):
                return self._function(WORD_FUNCTIONS[token.text])
            if token.text in MOMENTS and self._moment_ahead(certain=token.text != "V"):
                return self._moment(MOMENTS[token.text])
        if token.kind == "letter" and token.text == "E" and self._moment_ahead(certain=False):
            return self._moment("E")
        return self._decorated(self.atom_name())

    def atom_name(self) -> syntax.Name:
        """A name with its accents and style, its subscript not yet read (unless it stands inside the accent)."""
        self._deeper()
        name = self._atom_name()
        self.depth -= 1
        return name

    def _atom_name(self) -> syntax.Name:
        token = self.take()
        start = token.start
        if token.kind == "text":
            if not token.text or (" " in token.text and not token.text.replace(" ", "").isalnum()):
                raise self.error(start, "these words are no name", "a name")
            return syntax.Name(start, token.end, token.text, upright=True)
        if token.kind == "letter" or (token.kind == "macro" and token.text in GREEK):
            return syntax.Name(start, token.end, token.text)
        if token.text in ACCENTS:
            return self._accented(start, token.text)
        if token.text in BOLD or token.text in PLAIN:
            return self._styled(start, token.text)
        if token.text in ALPHABETS:
            inner = self._name_argument(token.text)
            return syntax.Name(start, self.last, f"{token.text.replace('cal', 'cal')} {inner.name}".replace(r"\cal ", r"\mathcal "),
                               inner.subscript)  # fmt: skip
        raise self.error(start, "a name was expected here", "a letter, a Greek letter or a word")

    def _accented(self, start: int, macro: str) -> syntax.Name:
        inner = self._name_argument(macro)
        accent = ACCENTS[macro]
        if not accent:
            inner.bold = True
            return inner
        glue = "" if inner.name.startswith("\\") else " "
        if len(inner.name) > 1 and not inner.name.startswith("\\"):
            raise self.error(start, f"{macro} over more than one letter", "an accent over one name")
        if inner.subscript is not None:
            shown = self.scanner.text[start : self.last]
            self.note(f"{shown}: the subscript is read as that of {accent}{glue}{inner.name}")
        return syntax.Name(start, self.last, accent + glue + inner.name, inner.subscript, inner.bold, inner.primes)

    def _styled(self, start: int, macro: str) -> syntax.Name:
        inner = self._name_argument(macro)
        inner.start, inner.end = start, self.last
        if macro in BOLD:
            inner.bold = True
        else:
            inner.upright = True
        return inner

    def _name_argument(self, macro: str) -> syntax.Name:
        """The name that an accent or a style is put on, with a subscript where the braces hold it."""
        if not self.at("char", "{"):
            return self.atom_name()
        start = self.here
        self.take()
        inner = self.atom_name()
        while self.at("char", "_") or self.at("char", "'"):
            self._suffix(inner)
        if not self.at("char", "}"):
            raise self.error(start, f"{macro} on more than one name", "one name in these braces")
        self.take()
        return inner

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
        return self._decorated(name)

    def _alphabet(self) -> Node:
        place = self.place
        token = self.tokens[place]
        if self.tokens[place + 1].text == "1" or (self.tokens[place + 1].text == "{" and self.tokens[place + 2].text == "1"):
            raise self.error(token.start, "an indicator is not read", "an expression")
        name = self.atom_name()
        letter = name.name.split()[-1]
        if token.text == r"\mathbb":
            if letter == "E" or (letter == "V" and self._opens_ahead()):
                return self._moment(MOMENTS[letter], token.start)
            if letter == "P":
                name.name = "P"
            elif letter in ("R", "N", "Z", "I"):
                raise self.error(token.start, f"\\mathbb{{{letter}}} is not read here", "an expression")
        return self._decorated(name)

    def _opens_ahead(self) -> bool:
        return self.kind == "open" or self.at("char", "_")

    def _decorated(self, name: syntax.Name) -> Node:
        """The name with its subscript, power and primes in any order, and the brackets that follow directly."""
        power: tuple[str, Node | None] | None = None
        while True:
            if self.at("char", "_") or self.at("char", "'"):
                self._suffix(name)
            elif self.at("char", "^") and power is None:
                place = self.place
                self.take()
                power = self.exponent()
                if power[0] == "'":
                    name.primes += 1
                    power = None
                elif power[0] == "*":
                    name.name += "^*"
                    power = None
                elif not (self.at("char", "_") or self.kind == "open" or self.at("char", "'")):
                    self.place = place
                    return self._done(name)
            else:
                break
        name.end = self.last
        if power is None:
            return self._done(name)
        if self.kind == "open" and self.text in ("(", "[") and not power[0] and isinstance(power[1], syntax.Number):
            return self._called(name, power[1])
        return syntax.Power(name.start, self.last, name, power[1], power[0])

    def _done(self, name: syntax.Name) -> Node:
        name.end = self.last
        if _is_divergence(name) and (self.kind in ("open", "bar")):
            return self._relative(name)
        if self.kind == "open" and self.text in ("(", "["):
            return self._called(name, None)
        return name

    def _called(self, name: syntax.Name, power: Node | None) -> Node:
        if self.text == "[" and not _is_letter_of(name, "HI"):
            return name if power is None else syntax.Power(name.start, self.last, name, power)
        slots = self.slots()
        return syntax.Call(name.start, self.last, name, slots, power)

    def _suffix(self, name: syntax.Name) -> None:
        if self.at("char", "'"):
            self.take()
            name.primes += 1
            return
        self.take()
        if name.subscript is not None:
            raise self.error(self.here, "two subscripts on one name", "one subscript")
        name.subscript = self.subscript()
        name.end = self.last

    def subscript(self) -> tuple[syntax.Subscript, ...]:
        r"""What stands after `_`: items between commas, a range `1:T`, the bar of `t|t-1`."""
        if not self.at("char", "{"):
            node = self._label_or_token()
            return (syntax.Subscript(node.start, node.end, node),)
        self.take()
        parts: list[syntax.Subscript] = []
        with self._inside("list"):
            while not self.at("char", "}"):
                start = self.here
                if self.kind in ("mid", "bar"):
                    self.take()
                    parts.append(syntax.Subscript(start, self.last, None))
                    continue
                if self.at("char", ",") or self.at("char", ";"):
                    if not parts:
                        raise self.unexpected("an index")
                    self.take()
                    continue
                if self.kind == "end":
                    raise self.unexpected("}")
                lower = self._label_or_expression()
                if self.at("char", ":"):
                    self.take()
                    upper = self.expression()
                    parts.append(syntax.Subscript(start, self.last, lower, upper, True))
                else:
                    parts.append(syntax.Subscript(start, self.last, lower))
        self.take()
        if not parts:
            raise self.error(self.last - 1, "an empty subscript", "an index")
        return tuple(parts)

    def _label_or_token(self) -> Node:
        if self.kind == "text":
            return self.atom_name()
        if self.text in ("*", "+", "-") and self.kind == "char":
            token = self.take()
            return syntax.Name(token.start, token.end, token.text, upright=True)
        return self.argument_token()

    def _label_or_expression(self) -> Node:
        token = self.tokens[self.place]
        if token.kind == "text" and self.tokens[self.place + 1].text in ("}", ",", "|", r"\mid"):
            return self.atom_name()
        if token.text in ("*", "+", "-") and self.tokens[self.place + 1].text == "}":
            self.take()
            return syntax.Name(token.start, token.end, token.text, upright=True)
        return self.expression()

    # ---- fractions, roots, functions ------------------------------------------------------------------------------

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
        if not mark or self._denominator_mark() != mark:
            return None
        body = None
        with self._inside("brace"):
            if not self.at("char", "}"):
                body = self.expression()
            self.expect("char", "}")
            self.expect("char", "{")
            self._derivative_mark()
            variable = self.expression()
            self.expect("char", "}")
        if isinstance(variable, syntax.Power):
            raise self.error(variable.start, "higher derivatives are not read", "one variable")
        if body is None:
            if not self._at_factor():
                raise self.unexpected("the function that is differentiated")
            body = self.factor()
            if self._at_factor() and not self.at("macro", r"\nabla"):
                raise self.error(self.here, "how far the derivative reaches is not clear", "brackets around what it takes")
        style = "partial" if mark == r"\partial" else "d"
        return syntax.Nabla(start, self.last, variable, body, style=style)

    def _derivative_mark(self) -> str:
        token = self.tokens[self.place]
        if token.text == r"\partial" or (token.text == "d" and token.kind in ("letter", "text")):
            self.take()
            return token.text
        if token.text == r"\mathrm" and [t.text for t in self.tokens[self.place + 1 : self.place + 4]] == ["{", "d", "}"]:
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
            factors.append(self.factor())
        return self._juxtaposed(start, factors, [False] * len(factors))

    def _at_operator(self) -> bool:
        token = self.tokens[self.place]
        if token.kind == "open" and token.text in "([{":
            return True
        if token.kind == "letter" and token.text == "E":
            return self._moment_ahead(certain=False)
        if token.kind == "text":
            return token.text in MOMENTS or token.text in WORD_FUNCTIONS
        return token.kind == "macro" and token.text in _OPERATORS

    # ---- operators that bind --------------------------------------------------------------------------------------

    def _big(self) -> Node:
        start = self.here
        operator = BIG[self.take().text]
        index, lower, upper, relation = self._bounds(operator)
        body = self._product()
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
                if self.text in RELATIONS:
                    relation = RELATIONS[self.take().text]
                    lower = self.expression()
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

    def _integral(self) -> Node:
        start = self.here
        signs = INTEGRALS[self.take().text]
        lower: Node | None = None
        upper: Node | None = None
        while self.at("char", "_") or self.at("char", "^"):
            if self.take().text == "_":
                lower = self.argument()
            else:
                upper = self.argument()
        kept, self.integrals = self.integrals, 1
        first = self._differentials()
        body = self.expression()
        variables = first or self._differentials()
        self.integrals = kept
        if not variables:
            raise self.unexpected("the differential of the integral, such as dx")
        if len(variables) < signs:
            raise self.error(start, "fewer differentials than integral signs", f"{signs} of them")
        if lower is not None and upper is None:
            self.note(r"the region under \int is not read: the integral is over all values")
            lower = None
        return syntax.Integration(start, self.last, body, variables, lower, upper)

    def _differentials(self) -> list[syntax.Name]:
        found: list[syntax.Name] = []
        while self._at_differential():
            if self.take().text == r"\mathrm":
                self.place += 3
            name = self.atom_name()
            while self.at("char", "_") or self.at("char", "'"):
                self._suffix(name)
            found.append(name)
        return found

    def _nabla(self) -> Node:
        start = self.here
        self.take()
        variable: Node | None = None
        if self.at("char", "_"):
            self.take()
            variable = self.argument()
        if self.at("char", "^"):
            raise self.error(self.here, r"\nabla^2 is not read", r"\nabla")
        divergence = False
        if self.kind == "macro" and self.text == r"\cdot":
            self.take()
            divergence = True
        return syntax.Nabla(start, self.last, variable, self.factor(), divergence)

    def _partial(self) -> Node:
        start = self.here
        self.take()
        if self.at("char", "_"):
            self.take()
            variable = self.argument()
            return syntax.Nabla(start, self.last, variable, self.factor(), style="partial")
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
            return after.text == "["
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

    def _moment(self, operator: str, start: int | None = None) -> Node:
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
            if len(slots.groups) > 2 or (len(slots.groups) == 2 and slots.separators[0] != "|"):
                raise self.error(slots.start, "this is not the body of an expectation", "E[… | …]")
            bodies = slots.groups[0]
            given = slots.groups[1] if len(slots.groups) == 2 else []
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
                waiting.append(self.item())
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
        return found

    def _given_items(self) -> list[Node]:
        items = [self.item()]
        while self.at("char", ",") and not self.at("char", "}"):
            self.take()
            items.append(self.item())
        return items

    def measure_law(self) -> Node:
        r"""What stands after `\sim`: a density, a Gaussian, or the name of a law."""
        return self.factor()

    def _relative(self, name: syntax.Name) -> Node:
        slots = self.slots()
        if len(slots.groups) == 2 and slots.separators == ["||"] and all(len(group) == 1 for group in slots.groups):
            return syntax.Relative(name.start, self.last, slots.groups[0][0], slots.groups[1][0])
        raise self.error(slots.start, "a divergence is of two laws", r"D_{KL}(q \| p)")

    # ---- wrappers that say nothing --------------------------------------------------------------------------------

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


STARTS: dict[str, str] = {
    **dict.fromkeys(ACCENTS, "_named"), **dict.fromkeys(BOLD, "_style"), **dict.fromkeys(PLAIN, "_style"),
    **dict.fromkeys(ALPHABETS, "_alphabet"), **dict.fromkeys(FUNCTIONS, "_named_function"), **dict.fromkeys(BIG, "_big"),
    **dict.fromkeys(INTEGRALS, "_integral"), **dict.fromkeys(DOTS, "_dots"),
    **dict.fromkeys((r"\frac", r"\tfrac", r"\dfrac", r"\cfrac"), "_fraction"), r"\sqrt": "_root", r"\nabla": "_nabla",
    r"\partial": "_partial", r"\infty": "_infinity", r"\boxed": "_boxed", r"\fbox": "_boxed", r"\ensuremath": "_boxed",
    **dict.fromkeys((r"\underbrace", r"\overbrace", r"\underset"), "_annotated"),
}  # fmt: skip


def _is_letter_t(node: Node) -> bool:
    return isinstance(node, syntax.Name) and node.name == "T" and node.subscript is None and not node.primes


def _is_letter_of(name: syntax.Name, letters: str) -> bool:
    return name.name in tuple(letters)


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
