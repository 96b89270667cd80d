r"""Brackets and bars: lists of arguments, groups, |x| and ‖x‖, `\langle x, y \rangle`."""

from __future__ import annotations

from abc import abstractmethod
from copy import deepcopy

from derive.latex import syntax
from derive.latex.choosing import Choosing, event_of
from derive.latex.syntax import Node
from derive.latex.tokens import Token
from derive.latex.vocabulary import CASES, MATRICES

_PARTNER = {"(": ")", "[": "]", "{": "}", "|": "|", "||": "||", "<": ">", ".": "."}


class Groups(Choosing):
    """Reads brackets of every kind, and tells bars that open from those that close."""

    def _brace_group(self) -> Node:
        start = self.here
        self.take()
        with self._inside("brace"):
            if self.at("char", "}"):
                raise self.error(start, "an empty group", "an expression")
            body = self.expression()
            self.expect("char", "}")
        if isinstance(body, syntax.Name) and self.kind == "char" and self.text == "_" and body.subscript is None:
            return self.decorated(body)
        if isinstance(body, syntax.Name):
            return self.decorated(body)
        return syntax.Group(start, self.last, body, "{")

    def _bracketed(self) -> Node:
        start = self.here
        if self.text in ("|", "||"):
            return self._bars(self.text)
        if self.text in MATRICES:
            return self._blocks()
        if self.text in CASES:
            return self._cases()
        if self._asterisks():
            return syntax.Name(start, self.last, f"({'*' * self._stars})")
        slots = self.slots()
        body = slots.single
        if slots.bracket == "<" and len(slots.groups) == 1 and len(slots.groups[0]) == 2:
            return syntax.Angle(start, self.last, *slots.groups[0])
        if slots.bracket == "<" and body is not None:
            raise self.error(
                start, "⟨…⟩ around one thing is an expectation for some and a quadratic variation for others",
                r"\mathbb{E}[…], or round brackets",
            )  # fmt: skip
        if slots.bracket == "." and body is not None and self.at("char", "_"):
            return self._evaluated(start, body)
        if isinstance(body, syntax.Assign):
            body = event_of(body)
        if slots.bracket == "{" and len(slots.groups) == 1 and self.at("char", "_"):
            return self._family(start, slots)
        if body is None or isinstance(body, syntax.Dots):
            if slots.bracket == "{" and len(slots.groups) == 1:
                return syntax.Braced(start, self.last, slots.groups[0])
            if slots.bracket in ("(", "[") and len(slots.groups) == 1 and len(slots.groups[0]) > 1:
                return syntax.Several(start, self.last, slots.groups[0])
            raise self.error(start, "a list in brackets with nothing that takes it", "one expression in these brackets")
        if slots.bracket == "[" and self.at("char", "_"):
            pushed = self.tokens[self.place + 1].text == "*" or self.tokens[self.place + 2].text == "*"
            self.take()
            entry = syntax.EntryOf(start, self.last, body, self.subscript())
            if pushed and self._value_ahead():
                raise self.error(start, "the push-forward of a law is not read", "the density, p_0(f(x)) |…|")
            return entry
        return syntax.Group(start, self.last, body, slots.bracket)

    def _value_ahead(self) -> bool:
        """Whether a name with brackets behind it stands here."""
        if self.kind != "letter":
            return False
        kept, notes = self.place, list(self.scanner.notes)
        name = self.atom_name()
        while self.at("char", "_"):
            self._suffix(name)
        valued = self.at("open", "(")
        self.place, self.scanner.notes[:] = kept, notes
        return valued

    def _family(self, start: int, slots: syntax.Slots) -> Node:
        r"""The `_{t=1}^{T}` after `\{a_t\}`."""
        body = slots.single
        if body is None or isinstance(body, (syntax.Assign, syntax.Dots)):
            raise self.error(start, "this family is not read", r"\{a_t\}_{t=1}^{T}")
        index, lower, upper, relation = self._bounds("family")
        if isinstance(body, syntax.Happening):
            self.note(f"{self.scanner.text[start : self.last]} is read as what stands in it, for every index")
            return syntax.Group(start, self.last, body, "{")
        if index is None or lower is None or upper is None or relation != "=":
            raise self.error(start, "a family without its range", r"\{a_t\}_{t=1}^{T}")
        return syntax.FamilyOf(start, self.last, body, index, lower, upper)

    def _evaluated(self, start: int, body: Node) -> Node:
        r"""The `_{x = a}` after `\left. … \right|`, and after a bar alone."""
        self.take()
        self.expect("char", "{")
        variables: list[Node] = []
        values: list[Node] = []
        with self._inside("list"):
            while not self.at("char", "}"):
                where = self.item()
                if not isinstance(where, syntax.Assign):
                    alone = not variables and self.at("char", "}") and isinstance(body, syntax.Nabla)
                    if not alone or not isinstance(body, syntax.Nabla) or body.variable is None:
                        raise self.unexpected("the point, such as x = a")
                    where = syntax.Assign(where.start, where.end, deepcopy(body.variable), where)
                variables.append(where.variable)
                values.append(where.value)
                if self.at("char", ","):
                    self.take()
            self.take()
        return syntax.Evaluated(start, self.last, body, variables, values)

    def _evaluation_ahead(self) -> bool:
        """Whether a bar with a point below it stands here, and no bar that it could close is open."""
        if not (self.kind in ("bar", "mid") and self.text == "|"):
            return False
        if self.tokens[self.place + 1].text != "_" or self.tokens[self.place + 2].text != "{":
            return False
        depth, place = 0, self.place + 2
        while True:
            token = self.tokens[place]
            depth += (token.text == "{" or token.kind == "open") - (token.text == "}" or token.kind == "close")
            if depth == 1 and token.text == "=":
                return True
            place += 1
            if depth == 0 or token.kind == "end":
                return False

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
                    if self.at("char", ","):
                        self.take()
                elif self.at("char", ","):
                    if not groups[-1]:
                        raise self.unexpected("an expression")
                    self.take()
                    if self.kind == "close":
                        raise self.unexpected("an expression")
                    if self.kind == "mid" and self.tokens[self.place + 1].text == ",":
                        continue
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
            place = self.place
            self.take()
            assigned = self.expression()
            if not self._at_comparison():
                return syntax.Assign(start, self.last, value, assigned)
            self.place = place
        if self._at_comparison():
            return self._compared(value)
        if self.at("macro", r"\in"):
            return self._contained(value)
        return value

    # ---- bars ------------------------------------------------------------------------------------------------------

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

    @abstractmethod
    def decorated(self, name: syntax.Name) -> Node:
        """A name with what follows it directly."""
