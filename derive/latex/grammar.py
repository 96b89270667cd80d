r"""The grammar of statements and displays: from text to a list of syntax trees, one for each statement.

A display is cut at its rows, at top-level commas and gaps, and at words; a row that begins with a relation or an
aligned sign goes on from the row before.
"""

from __future__ import annotations

from derive.errors import ReadError
from derive.latex import syntax
from derive.latex.brackets import mended
from derive.latex.pairs import paired
from derive.latex.reach import extended
from derive.latex.rows import Rows
from derive.latex.spelling import respelled
from derive.latex.syntax import Node
from derive.latex.tokens import Token
from derive.latex.vocabulary import BOLD, DOTS, RELATIONS

_INDEPENDENT = {r"\perp", r"\indep", r"\independent", r"\bot", r"\Perp"}
_DEFINITE = {r"\succ", r"\succeq", r"\prec", r"\preceq"}


class Statements(Rows):
    """Reads a whole text as statements."""

    _last: dict[str, int]

    def display(self) -> list[Node]:
        """Every statement of the text. Raises `ReadError` at the first thing that is outside the grammar."""
        self.tokens = respelled(self.tokens, self.note, self.error)
        self._wrappers()
        self.tokens = mended(self.tokens, _parts, self.note)
        self.tokens = respelled(self.tokens, self.note, self.error)
        self._join_rows()
        self._last = {text: place for place, token in enumerate(self.tokens) for text in (token.text,)}
        pieces: list[Node] = []
        main: Node | None = None
        while True:
            row = self._separators()
            if self.kind == "end":
                return pieces
            self.differentials = False
            drawn = main if isinstance(main, syntax.Follows) and not row and self._at_relation() else None
            piece = self.statement()
            if self.kind == "macro" and self.text in _DEFINITE and isinstance(piece, syntax.Relations):
                pieces.append(piece)
                side = piece.sides[-1]
                assert side is not None
                piece = self._definite(side)
            if self.at("macro", r"\sim") and isinstance(piece, syntax.Relations):
                pieces.append(piece)
                named = [side for side in piece.sides if isinstance(side, syntax.Name)]
                side = named[-1] if named else piece.sides[-1]
                assert side is not None
                piece = self._follows([side], [])
            if self._numbers_a_line(piece, pieces):
                self.note(f"({piece.body.text}) is read as the number of the line")  # type: ignore[union-attr]
                piece = None
            if piece is not None:
                extended(piece, self.note, lambda node: " ".join(self.scanner.text[node.start : node.end].split()))
                paired(piece, self.note, lambda node: " ".join(self.scanner.text[node.start : node.end].split()))
                if isinstance(piece, syntax.Relations) and piece.sides[0] is None:
                    piece.sides[0] = _last_side(main) if drawn is None else _density_of(drawn)
                if row or main is None or (isinstance(piece, syntax.Relations) and piece.sides[0] is _last_side(main)):
                    main = piece
                pieces.append(piece)
                if isinstance(piece, syntax.Follows):
                    pieces[-1:] = self._each(piece)
                elif isinstance(piece, syntax.Belongs):
                    pieces[-1:] = [
                        syntax.Belongs(item.start, piece.end, [item], piece.domain, piece.sizes)
                        for item in piece.variables if not isinstance(item, syntax.Dots)
                    ]  # fmt: skip
            if not (self._at_separator() or (isinstance(piece, syntax.Follows) and self._at_relation())):
                raise self.unexpected("the end of the statement, a relation or an operator")

    def _numbers_a_line(self, piece: Node | None, pieces: list[Node]) -> bool:
        """Whether this is a number in parentheses, alone behind a statement: `a = b, (5)`."""
        if not (isinstance(piece, syntax.Group) and piece.bracket == "(" and isinstance(piece.body, syntax.Number)):
            return False
        return bool(pieces) and self._at_separator()

    def _each(self, follows: syntax.Follows) -> list[Node]:
        r"""`x, y \sim …` as a statement of each variable; `x_1, \dots, x_n \sim …` as one of x_i and the range of i."""
        names = follows.variables
        dots = [place for place, item in enumerate(names) if isinstance(item, syntax.Dots)]
        if not dots and len(names) == 1:
            return [follows]
        law = follows.law
        items = law.slots.groups[0] if isinstance(law, syntax.Call) else []
        if not dots and len(items) > 1 and all(isinstance(item, syntax.Name) for item in items):
            return [follows]
        if dots == [len(names) - 1]:
            self.note("the variables that dots stand for are not read")
            names = names[:-1]
        elif dots:
            return self._generic(follows, names, dots)
        return [syntax.Follows(name.start, follows.end, [name], law, follows.given) for name in names]

    def _generic(self, follows: syntax.Follows, names: list[Node], dots: list[int]) -> list[Node]:
        first, last = names[0], names[-1]
        ends = [
            name.subscript[0].lower
            for name in (first, last)
            if isinstance(name, syntax.Name) and name.subscript is not None and len(name.subscript) == 1
        ]
        if dots != [len(names) - 2] or len(ends) != 2 or ends[0] is None or ends[1] is None:
            raise self.error(names[dots[0]].start, "which variables these dots are is not clear", r"x_1, \dots, x_n")
        assert isinstance(first, syntax.Name)
        taken = {token.text for token in self.tokens}
        letter = next((letter for letter in "ijklmn" if letter not in taken), "i'")
        index = syntax.Name(first.start, first.end, letter)
        part = syntax.Subscript(first.start, first.end, index)
        name = syntax.Name(first.start, first.end, first.name, (part,), first.bold, first.primes, first.upright)
        return [
            syntax.Follows(follows.start, follows.end, [name], follows.law, follows.given),
            syntax.Belongs(first.start, last.end, [index], "{}", [ends[0], syntax.Dots(first.end, first.end), ends[1]]),
        ]

    def _between_differentials(self) -> bool:
        """Whether an equation between differentials begins here: `dx = …`, `\\mathrm{d}x_t = …`."""
        if not self._at_differential():
            return False
        place = self.place
        kept = list(self.scanner.notes)
        self.differentials = True
        self._differential_atom()
        found = self._at_relation()
        self.place, self.differentials = place, found
        self.scanner.notes[:] = kept
        return found

    def statement(self) -> Node | None:
        """One statement or expression."""
        start = self.here
        self._between_differentials()
        if self._independence_ahead():
            return self._perpendicular()
        first: Node | None = None
        if not self._at_relation():
            first = self._named_list() or self._side()
            listed = [first]
            while self.at("char", ",") and self._list_ahead():
                self.take()
                listed.append(self.item() if self.at_dots() else self._side())
            if self.at("macro", r"\in"):
                return self._belongs(listed)
            given: list[Node] = []
            if self.kind == "mid" or self.at("bar", "|"):
                self.take()
                given = self._list()
            if self.at("macro", r"\sim"):
                return self._follows(listed, given)
            if given or len(listed) > 1:
                raise self.unexpected(r"\sim or \in after a list of variables")
            if self.kind == "macro" and self.text in _DEFINITE:
                return self._definite(first)
        return self._assigned(start, first) or self._range(start, first) or self._relations(start, first)

    def _definite(self, side: Node) -> Node:
        r"""`\Sigma \succ 0`; with `\prec`, of what is opposite to it."""
        sign = self.take().text
        if not (self.at("number", "0") or self.text in BOLD):
            raise self.unexpected("0, as in \\Sigma \\succ 0")
        zero = self.factor()
        if not (isinstance(zero, syntax.Number) and zero.text == "0"):
            raise self.error(zero.start, "matrices are compared with 0 only", r"A - B \succ 0")
        if sign.startswith(r"\prec"):
            side = syntax.Sum(side.start, side.end, [(-1, side)])
        return syntax.Definite(side.start, self.last, side, not sign.endswith("eq"))

    def _named_list(self) -> Node | None:
        r"""`\theta^*, \phi^* = \arg\max …`: names that an optimum over several variables gives, as one list."""
        place, depth, commas = self.place, 0, 0
        while True:
            token = self.tokens[place]
            depth += (token.text == "{") - (token.text == "}")
            if depth == 0 and token.text == "," and token.kind == "char":
                commas += 1
            if token.kind in ("end", "row", "gap", "text", "open") or (token.text in RELATIONS and depth == 0):
                break
            place += 1
        if not commas or token.text != "=" or self.tokens[place + 1].text not in (r"\argmax", r"\argmin"):
            return None
        items = [self.expression()]
        while self.at("char", ","):
            self.take()
            items.append(self.expression())
        return syntax.Several(items[0].start, self.last, items)

    def _assigned(self, start: int, first: Node | None) -> Node | None:
        r"""`x \leftarrow f`, the step of an algorithm, as a definition."""
        if not (isinstance(first, (syntax.Name, syntax.Call)) and self.at("macro", r"\leftarrow")):
            return None
        sign = self.take()
        self.note(r"\leftarrow after a name is read as :=")
        side = self._side()
        return syntax.Relations(start, self.last, [first, side], [syntax.Sign(sign.start, sign.end, ":=")])

    def _range(self, start: int, first: Node | None) -> Node | None:
        r"""`i = 1, 2, \dots, n`: an index and its range."""
        if not (isinstance(first, syntax.Name) and self.at("char", "=")):
            return None
        place = self.place
        while self.tokens[place].kind in ("number", "letter") or self.tokens[place].text in ("=", ",", "-", "+"):
            place += 1
        if self.tokens[place].text not in DOTS or self.tokens[place - 1].text != ",":
            return None
        endless = self.tokens[place + 1].text != ","
        self.take()
        items = [self.item()]
        while self.at("char", ","):
            self.take()
            items.append(self.item())
        if endless and isinstance(items[-1], syntax.Dots):
            sign = syntax.Sign(start, start, r"\ge")
            return syntax.Relations(start, self.last, [first, items[0]], [sign])
        return syntax.Belongs(start, self.last, [first], "{}", items)

    # ---- relations ------------------------------------------------------------------------------------------------

    def _relations(self, start: int, first: Node | None) -> Node | None:
        sides: list[Node | None] = [first]
        signs: list[syntax.Sign] = []
        while self._at_relation():
            sign = self._sign()
            if self._empty_side():
                self.note("steps left out as dots are not read")
                continue
            signs.append(sign)
            sides.append(self._side())
        if not signs:
            if first is None:
                return None
            if isinstance(first, syntax.Dots):
                self.note("a row of dots is not read")
                return None
            while isinstance(first, syntax.Group) and isinstance(first.body, (syntax.Happening, syntax.Group)):
                first = first.body
            if isinstance(first, syntax.Happening) and isinstance(first.statement, syntax.Relations):
                return first.statement
            return first
        return syntax.Relations(start, self.last, sides, signs)

    def _side(self) -> Node:
        return self.expression()

    def _empty_side(self) -> bool:
        r"""Whether dots alone stand where a side should (`= \cdots =`); takes them."""
        if self.at_dots():
            after = self.tokens[self.place + 1]
            if after.kind in ("row", "end", "gap") or after.text in RELATIONS:
                self.take()
                while self.kind == "row" and self._relation_after_row():
                    self.take()
                return True
        return False

    def _relation_after_row(self) -> bool:
        place = self.place
        while self.tokens[place].kind == "row" or self.tokens[place].text == "&":
            place += 1
        return self.tokens[place].text in RELATIONS

    def _at_relation(self) -> bool:
        if self.text in RELATIONS and self.kind in ("char", "macro"):
            return True
        return self.at("char", ":") and self.tokens[self.place + 1].text == "="

    def _sign(self) -> syntax.Sign:
        start = self.here
        if not self._at_relation():
            raise self.unexpected("a relation sign")
        token = self.take()
        if token.text in (r"\overset", r"\stackrel", r"\underset"):
            label = self.raw_argument()
            self.expect("char", "{")
            sign = self._sign()
            self.expect("char", "}")
            if "def" in label or "triangle" in label or "Delta" in label:
                return syntax.Sign(start, self.last, ":=")
            return sign
        if token.text == ":":
            self.take()
            return syntax.Sign(start, self.last, ":=")
        symbol = RELATIONS[token.text]
        if symbol == "=" and self.at("char", ":") and self.tokens[self.place + 1].text not in (":", "="):
            self.take()
            return syntax.Sign(start, self.last, "=:")
        variables = None
        if symbol == r"\propto" and self.at("char", "_"):
            self.take()
            if self.at("char", "{"):
                self.take()
                variables = self._list()
                self.expect("char", "}")
            else:
                variables = [self.argument_token()]
        return syntax.Sign(start, self.last, symbol, variables)

    # ---- the other statements -------------------------------------------------------------------------------------

    def _list(self) -> list[Node]:
        items = [self.item()]
        while self.at("char", ","):
            self.take()
            items.append(self.item())
        return items

    def _list_ahead(self) -> bool:
        r"""Whether the comma here separates the variables of one `\in` or `\sim`, not two statements."""
        if not any(self._last.get(text, -1) > self.place for text in (r"\in", r"\sim")):
            return False
        place = self.place + 1
        depth = 0
        while True:
            token = self.tokens[place]
            if token.kind == "open" or token.text == "{":
                depth += 1
            elif token.kind == "close" or token.text == "}":
                depth -= 1
            elif depth == 0:
                if token.text in (r"\in", r"\sim"):
                    return self._only_names_before()
                if token.kind in ("end", "row", "gap", "begin", "text") or token.text in RELATIONS:
                    return False
            if depth < 0 or token.kind == "end":
                return False
            place += 1

    def _only_names_before(self) -> bool:
        """Whether nothing but a list of names stands between the beginning of this statement and the comma here."""
        for token in reversed(self.tokens[: self.place]):
            if token.kind in ("row", "gap", "text", "begin", "end"):
                return True
            if token.text in RELATIONS or token.text in (r"\sim", r"\in"):
                return False
        return True

    def _follows(self, variables: list[Node], given: list[Node]) -> Node:
        self.take()
        law = self.measure_law()
        if any(isinstance(item, syntax.Sum) and _adds_laws(item) for item in variables):
            raise self.error(
                variables[0].start, "laws are added as if they were variables", r"X + Y \sim …, with X \sim …, Y \sim …"
            )
        return syntax.Follows(variables[0].start, self.last, variables, law, given)

    def _belongs(self, variables: list[Node]) -> Node:
        start = variables[0].start
        self.take()
        domain = ""
        sizes: list[Node] = []
        if self.kind == "open" and self.text in ("(", "["):
            sizes, strict = self._interval()
            domain = "".join("(" if end else "[" for end in strict)
        elif self.kind == "open":
            opening = self.take().text
            sizes = self._list()
            domain = "{}" if opening == "{" else ""
            if self.kind != "close" or not domain:
                raise self.unexpected("the end of the set")
            self.take()
        else:
            name = self.atom_name()
            domain = {r"\mathbb R": "R", r"\mathbb N": "N", r"\mathbb Z": "Z"}.get(name.name, "")
            if not domain and (name.name.startswith("\\mathcal") or name.name == r"\Omega") and len(variables) == 1:
                while self.at("char", "_") or self.at("char", "'"):
                    self._suffix(name)
                return syntax.Happening(start, self.last, syntax.Inside(start, self.last, variables[0], name))
            if not domain:
                raise self.error(
                    name.start, "this set is not known",
                    r"\mathbb{R}, \mathbb{R}^d, \mathbb{R}^{m \times n}, \mathbb{N}, an interval or \{1, \dots, T\}",
                )  # fmt: skip
            if self.at("char", "_"):
                self.take()
                self.raw_argument()
                if self.text == ">":
                    self.take()
            if self.at("char", "^"):
                self.take()
                sizes = self.sizes()
        return syntax.Belongs(start, self.last, variables, domain, sizes)

    def _independence_ahead(self) -> bool:
        if not any(self._last.get(text, -1) > self.place for text in _INDEPENDENT):
            return False
        if self._bracketed_independence():
            return True
        depth = 0
        for token in self.tokens[self.place :]:
            if token.kind == "open" or token.text == "{":
                depth += 1
            elif token.kind == "close" or token.text == "}":
                depth -= 1
            elif depth == 0:
                if token.text in _INDEPENDENT:
                    return True
                if token.kind in ("row", "gap", "end", "begin", "text") or token.text in RELATIONS:
                    return False
        return False

    def _bracketed_independence(self) -> bool:
        r"""Whether `(A \perp B \mid C)` stands here."""
        if not self.at("open", "("):
            return False
        depth = 0
        for token in self.tokens[self.place :]:
            depth += (token.kind == "open" or token.text == "{") - (token.kind == "close" or token.text == "}")
            if depth == 1 and token.text in _INDEPENDENT:
                return True
            if depth == 0 or token.kind == "end":
                return False
        return False

    def _perpendicular(self) -> Node:
        start = self.here
        if self._bracketed_independence():
            self.take()
            with self._inside("list"):
                found = self._perpendicular()
                if not self.at("close", ")"):
                    raise self.unexpected(")")
                self.take()
            return found
        left = self._list()
        while self.kind == "macro" and self.text in _INDEPENDENT:
            self.take()
        right = self._list()
        given: list[Node] = []
        if self.kind == "mid" or self.at("bar", "|"):
            self.take()
            given = self._list()
        return syntax.Perpendicular(start, self.last, left, right, given)


def _adds_laws(node: syntax.Sum) -> bool:
    """Whether Gaussians without their points are the terms of a sum."""
    return any(
        isinstance(term, syntax.Call) and term.head.name == r"\mathcal N" and len(term.slots.groups) == 1
        for _, term in node.terms
    )


def _parts(token: Token) -> bool:
    """Whether a token parts statements or the sides of one."""
    return token.text in RELATIONS or token.text in (",", r"\sim", r"\in", ":") or token.kind in ("gap", "row")


def _last_side(piece: Node | None) -> Node | None:
    if isinstance(piece, syntax.Relations):
        return piece.sides[-1]
    return (
        piece
        if isinstance(piece, (syntax.Sum, syntax.Juxtaposition, syntax.Name, syntax.Call, syntax.Fraction))
        else None
    )


def _density_of(drawn: syntax.Follows) -> Node:
    r"""The density that goes on in `z \sim p_0 = \mathcal{N}(0, I)`: p_0(z)."""
    law = drawn.law
    if not isinstance(law, syntax.Name):
        return law
    return syntax.Call(law.start, law.end, law, syntax.Slots(law.start, law.end, [list(drawn.variables)], []))


__all__ = ["ReadError", "Statements"]
