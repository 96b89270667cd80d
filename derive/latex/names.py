r"""The grammar of names: a letter in its style, with the subscript, the power and the brackets that follow it directly.

What follows a name decides what it is: `g^{-1}(y)` is the inverse function, `x^{(i)}` has an index, `\mu^{new}` is a
name of its own, `E[` is an expectation.
"""

from __future__ import annotations

from derive.latex import syntax
from derive.latex.groups import Groups
from derive.latex.syntax import Node
from derive.latex.tokens import GREEK
from derive.latex.vocabulary import (
    BOLD,
    MOMENTS,
    SUPERSCRIPTS,
    WORD_FUNCTIONS,
)

LAPLACED = ("p", "q", "u", "f", r"\rho", r"\log", r"\phi", r"\varphi", r"\psi", r"\mathbf", "(", "[")


class Names(Groups):
    """Reads names, and says what a name is by what follows it."""

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
