r"""The grammar of what chooses: `\max_x`, `\lim`, indicators, cases, block matrices, and relations that are events.

An optimum or a limit takes the whole sum that follows: what of it does not depend on the variable may stand inside or
outside, and what does can only be meant inside.
"""

from __future__ import annotations

from abc import abstractmethod

from derive.latex import syntax
from derive.latex.operators import Operators
from derive.latex.syntax import Node
from derive.latex.vocabulary import COMPARISONS, DOTS, ONES, UNDER

_CONDITION_WORDS = {"if", "for", "when", "where", "whenever", "in case", "and", "with", "as", "while", "on"}
_OTHERWISE = {"otherwise", "else", "o.w", "o/w", "elsewhere", "otherwise,", "ow", "in other cases", "other"}


class Choosing(Operators):
    """Reads optima, limits, indicators, cases and matrices."""

    # ---- optima and limits ----------------------------------------------------------------------------------------

    def _under(self) -> Node:
        token = self.tokens[self.place]
        word = UNDER[token.text]
        if not word:
            raise self.error(token.start, f"{token.text} is not read", r"\lim, \sup or \inf")
        if word in ("max", "min") and not self._subscript_ahead():
            return self._function(word)
        start = self.here
        self.take()
        if not self.at("char", "_"):
            raise self.unexpected(f"what stands under {word}")
        self.take()
        if word == "lim":
            return self._limit(start)
        return self._optimum(start, word)

    def _subscript_ahead(self) -> bool:
        return self.tokens[self.place + 1].text == "_" and self.tokens[self.place + 1].kind == "char"

    def _optimum(self, start: int, word: str) -> Node:
        variables: list[Node] = []
        found = syntax.Optimum(start, start, word, variables, syntax.Node(start, start))
        if not self.at("char", "{"):
            variables.append(self.argument_token())
        else:
            self.take()
            with self._inside("list"):
                while not self.at("char", "}"):
                    if self.at("char", ",") or self.kind == "gap":
                        self.take()
                        continue
                    if self.kind == "end":
                        raise self.unexpected("}")
                    self._under_item(found)
                self.take()
        if not variables:
            raise self.error(start, f"{word} over nothing", f"{word}_{{x}}")
        for variable in variables:
            if not isinstance(variable, syntax.Name):
                raise self.error(variable.start, f"{word} is over names", "a name")
        found.body = self._sum()
        found.end = self.last
        return found

    def _under_item(self, found: syntax.Optimum) -> None:
        r"""`x`, `x \in A` or `1 \le i \le n` under an operator."""
        first = self.expression()
        if self.at("macro", r"\in"):
            self.take()
            found.variables.append(first)
            self._region(found)
        elif self.text in COMPARISONS and self.kind in ("char", "macro"):
            chain, sides = [COMPARISONS[self.take().text]], [first, self.expression()]
            while self.text in COMPARISONS and self.kind in ("char", "macro"):
                chain.append(COMPARISONS[self.take().text])
                sides.append(self.expression())
            if chain != [r"\le", r"\le"] or found.lower is not None:
                raise self.error(first.start, "this restriction is not read", r"1 \le i \le n or x \in A")
            found.lower, found.upper = sides[0], sides[2]
            found.variables.append(sides[1])
        elif self.at("char", ":") or self.kind in ("mid", "bar"):
            raise self.error(self.here, "a restriction by a condition is not read", r"x \in A")
        else:
            found.variables.append(first)

    def _region(self, found: syntax.Optimum) -> None:
        if found.region is not None or found.lower is not None:
            raise self.error(self.here, "two restrictions of one optimum are not read", "one set")
        if self.kind == "open" and self.text == "{":
            slots = self.slots()
            items = slots.groups[0]
            if len(slots.groups) == 1 and len(items) >= 3 and isinstance(items[-2], syntax.Dots):
                found.lower, found.upper = items[0], items[-1]
                return
            raise self.error(slots.start, "this set is not read here", r"\{1, \dots, n\} or the name of a set")
        name = self.atom_name()
        while self.at("char", "_") or self.at("char", "'"):
            self._suffix(name)
        if self.at("char", "^"):
            self.take()
            self.sizes()
        if name.name not in (r"\mathbb R",):
            found.region = name

    def _limit(self, start: int) -> Node:
        self.expect("char", "{")
        with self._inside("list"):
            variable = self.expression()
            if self.text not in (r"\to", r"\rightarrow", r"\longrightarrow"):
                raise self.unexpected(r"\to")
            self.take()
            point = self.expression()
            self.expect("char", "}")
        body = self._sum()
        return syntax.LimitOf(start, self.last, variable, point, body)

    # ---- events written as relations ------------------------------------------------------------------------------

    def _at_comparison(self) -> bool:
        return self.kind in ("char", "macro") and self.text in COMPARISONS

    def _compared(self, first: Node) -> Node:
        """The event `first REL …` that goes on at the cursor."""
        sides: list[Node | None] = [first]
        signs: list[syntax.Sign] = []
        while self._at_comparison():
            token = self.take()
            signs.append(syntax.Sign(token.start, token.end, COMPARISONS[token.text]))
            sides.append(self.expression())
        relations = syntax.Relations(first.start, self.last, sides, signs)
        return syntax.Happening(first.start, self.last, relations)

    def _contained(self, first: Node) -> Node:
        r"""The event `first \in …` that goes on at the cursor."""
        self.take()
        if self.kind == "open" and self.text in ("(", "["):
            ends, strict = self._interval()
            signs = [syntax.Sign(first.start, first.end, "<" if s else r"\le") for s in strict]
            relations = syntax.Relations(first.start, self.last, [ends[0], first, ends[1]], signs)
            return syntax.Happening(first.start, self.last, relations)
        if self.kind == "open":
            raise self.error(self.here, "this set is not read here", "an interval or the name of a set")
        region = self.atom_name()
        while self.at("char", "_") or self.at("char", "'"):
            self._suffix(region)
        if self.at("char", "^"):
            raise self.error(self.here, "this set is not read here", "an interval or the name of a set")
        return syntax.Happening(first.start, self.last, syntax.Inside(first.start, self.last, first, region))

    def _interval(self) -> tuple[list[Node], tuple[bool, bool]]:
        """The ends of an interval, and which of them do not belong to it."""
        opening = self.take()
        with self._inside("list"):
            ends = [self.expression()]
            self.expect("char", ",")
            ends.append(self.expression())
            if self.kind != "close" or self.text not in (")", "]"):
                raise self.unexpected("the end of the interval")
        closing = self.take()
        return ends, (opening.text == "(", closing.text == ")")

    def _negated(self) -> Node:
        r"""`\neg A`: the complement of an event."""
        start = self.here
        self.take()
        base = self.atom()
        return syntax.Power(start, self.last, base, None, "c")

    # ---- indicators -----------------------------------------------------------------------------------------------

    def _at_ones(self) -> int:
        r"""How many tokens `\mathbf{1}` and the like take here; 0 where nothing such stands."""
        if self.kind != "macro" or self.text not in ONES:
            return 0
        texts = [token.text for token in self.tokens[self.place + 1 : self.place + 4]]
        if texts == ["{", "1", "}"]:
            return 4
        return 2 if texts[0] == "1" else 0

    def _indicator(self, width: int) -> Node:
        r"""`\mathbf{1}[x > a]`, `\mathbf{1}_A`, `\mathbf{1}_A(x)`; `\mathbf{1}` alone is the vector of ones."""
        start = self.here
        self.place += width
        if self.kind == "open" and self.text in ("[", "(", "{"):
            return self._indicated(start)
        if not self.at("char", "_"):
            return syntax.OnesVector(start, self.last)
        self.take()
        if not self.at("char", "{"):
            item = self.argument_token()
        else:
            self.take()
            with self._inside("list"):
                item = self._happening_item()
                items = [item]
                while self.at("char", ","):
                    self.take()
                    items.append(self._happening_item())
                self.expect("char", "}")
            if len(items) > 1 or not isinstance(item, syntax.Name):
                return syntax.Indicated(start, self.last, [_unwrapped(item) for item in items])
        if isinstance(item, syntax.Number) or (isinstance(item, syntax.Name) and self._sized(item)):
            return syntax.OnesVector(start, self.last, item)
        if isinstance(item, syntax.Name) and self.at("open", "("):
            slots = self.slots()
            if slots.single is None:
                raise self.error(slots.start, "the indicator of a set takes one argument", "1_A(x)")
            inside = syntax.Inside(start, self.last, slots.single, item)
            return syntax.Indicated(start, self.last, [syntax.Happening(start, self.last, inside)])
        return syntax.Indicated(start, self.last, [item])

    @staticmethod
    def _sized(name: syntax.Name) -> bool:
        return name.name in ("n", "d", "m", "k", "K", "N", "D", "T", "M", "L") and name.subscript is None

    def _indicated(self, start: int) -> Node:
        slots = self.slots()
        if len(slots.groups) != 1 or not slots.groups[0]:
            raise self.error(slots.start, "an indicator is of an event", r"\mathbf{1}[x > a]")
        return syntax.Indicated(start, self.last, [_unwrapped(item) for item in slots.groups[0]])

    def _happening_item(self) -> Node:
        item = self.item()
        return event_of(item)

    def _indicator_ahead(self) -> bool:
        """Whether the bracket after the cursor's token holds a relation, as in `I(x > a)` and `1{y = k}`."""
        place, depth = self.place + 1, 0
        while True:
            token = self.tokens[place]
            depth += (token.kind == "open" or token.text == "{") - (token.kind == "close" or token.text == "}")
            if depth == 1 and token.kind in ("char", "macro") and (token.text in COMPARISONS or token.text == r"\in"):
                return True
            place += 1
            if depth == 0 or token.kind == "end":
                return False

    # ---- cases and matrices ---------------------------------------------------------------------------------------

    def _cases(self) -> Node:
        start = self.here
        self.take()
        values: list[Node] = []
        conditions: list[list[Node]] = []
        with self._inside("list"):
            while self.kind != "close":
                if self.kind == "newrow":
                    self.take()
                    continue
                if self.kind == "end":
                    raise self.error(start, "these cases are never ended", r"\end{cases}")
                values.append(self.expression())
                while self.at("char", ",") or self.kind == "newcell":
                    self.take()
                conditions.append(self._condition())
            self.take()
        for place, condition in enumerate(conditions):
            if not condition and place < len(conditions) - 1:
                raise self.error(values[place].start, "a case without a condition before the last one", "its condition")
        if not values:
            raise self.error(start, "no case stands here", "a value and its condition")
        return syntax.CaseList(start, self.last, values, conditions)

    def _condition(self) -> list[Node]:
        """What stands beside a value: events, all of which are to happen; none for "otherwise"."""
        found: list[Node] = []
        while self.kind not in ("newrow", "close", "end"):
            if self.kind == "text":
                words = self.text.strip(" ,.;:").lower()
                if words in _OTHERWISE:
                    self.take()
                    continue
                if words and words not in _CONDITION_WORDS:
                    raise self.error(self.here, f"the condition “{self.text}” is not read", "a relation, or otherwise")
                self.take()
            elif self.kind == "newcell" or self.text in (",", ".", ";", ":", r"\land", r"\wedge", r"\forall"):
                self.take()
            else:
                found.append(self._happening_item())
                if isinstance(found[-1], syntax.Name):
                    raise self.error(found[-1].start, "this condition is not read", "a relation, or otherwise")
        return found

    def _blocks(self) -> Node:
        opening = self.take()
        rows: list[list[Node]] = [[]]
        with self._inside("list"):
            while self.kind != "close":
                if self.kind == "newrow":
                    self.take()
                    if self.kind != "close":
                        rows.append([])
                elif self.kind == "newcell":
                    self.take()
                    if not rows[-1] or self.kind in ("newcell", "newrow", "close"):
                        raise self.unexpected("an entry of the matrix")
                elif self.kind == "macro" and self.text in DOTS:
                    raise self.error(self.here, "dots in a matrix are not read", "all its entries")
                elif self.kind == "end":
                    raise self.error(opening.start, "this matrix is never ended", f"\\end{{{opening.text}}}")
                else:
                    rows[-1].append(self.expression())
                    if self.kind not in ("newcell", "newrow", "close"):
                        raise self.unexpected("& or the end of the row")
            self.take()
        if any(len(row) != len(rows[0]) for row in rows) or not rows[0]:
            raise self.error(opening.start, "the rows of this matrix differ in length", "as many entries in each row")
        blocks = syntax.Blocks(opening.start, self.last, rows)
        if opening.text == "vmatrix":
            return syntax.Bars(opening.start, self.last, blocks, False)
        if opening.text == "Vmatrix":
            raise self.error(opening.start, "the norm of a matrix is not read", "a vector")
        return blocks

    def _binomial(self) -> Node:
        start = self.here
        self.take()
        over = self.argument()
        return syntax.Binomial(start, self.last, over, self.argument())

    @abstractmethod
    def sizes(self) -> list[Node]:
        r"""The sizes after `\mathbb{R}^`."""

    @abstractmethod
    def _sum(self) -> Node:
        """Terms with their signs."""


def event_of(item: Node) -> Node:
    """An item as an event: `x = a` too."""
    if isinstance(item, syntax.Assign):
        sign = syntax.Sign(item.start, item.end, "=")
        relations = syntax.Relations(item.start, item.end, [item.variable, item.value], [sign])
        return syntax.Happening(item.start, item.end, relations)
    return item


def _unwrapped(item: Node) -> Node:
    r"""The event in `\{…\}` and `(…)`."""
    item = event_of(item)
    while isinstance(item, syntax.Group) and isinstance(item.body, (syntax.Happening, syntax.Group)):
        item = item.body
    return item
