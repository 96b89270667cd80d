r"""Names with their accents, styles and subscripts: `\bar\alpha_{t-1}`, `\mathbf{x}_{1:T}`, `p_{\text{data}}`."""

from __future__ import annotations

from derive.latex import syntax
from derive.latex.cursor import DEEPEST_EXPONENT, Cursor
from derive.latex.syntax import Node
from derive.latex.tokens import GREEK, Token
from derive.latex.vocabulary import (
    ACCENTS,
    ALPHABETS,
    BOLD,
    PLAIN,
    STARTS,
    TRANSPOSED,
)

_LABELS = {
    r"\max": "max", r"\min": "min", r"\sup": "sup", r"\inf": "inf", r"\star": "*", r"\ast": "*", r"\log": "log",
}  # fmt: skip
"""Macros that are labels where they stand as a subscript."""


class Naming(Cursor):
    """Reads names, subscripts, exponents and the arguments of macros."""

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
        if token.text == r"\Delta" and self.kind == "letter" and self.tokens[self.place + 1].text != "(":
            after = self.take()
            return syntax.Name(start, after.end, f"\\Delta {after.text}")
        if token.kind == "letter" or (token.kind == "macro" and token.text in GREEK):
            return syntax.Name(start, token.end, token.text)
        if token.text in ACCENTS:
            return self._accented(start, token.text)
        if token.text in BOLD or token.text in PLAIN:
            return self._styled(start, token.text)
        if token.text in ALPHABETS:
            alphabet = r"\mathcal" if token.text == r"\cal" else token.text
            word = self._braced_word()
            if word:
                return syntax.Name(start, self.last, f"{alphabet} {word}")
            inner = self._name_argument(token.text)
            return syntax.Name(start, self.last, f"{alphabet} {inner.name}", inner.subscript)
        raise self.error(start, "a name was expected here", "a letter, a Greek letter or a word")

    def _braced_word(self) -> str:
        r"""The letters of `{GP}`, which are one name in an alphabet of their own; empty where there is one letter."""
        place = self.place + 1
        while self.tokens[place].kind == "letter":
            place += 1
        if not self.at("char", "{") or self.tokens[place].text != "}" or place < self.place + 3:
            return ""
        word = "".join(token.text for token in self.tokens[self.place + 1 : place])
        self.place = place + 1
        return word

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

    def _suffix_after(self, name: syntax.Name) -> None:
        """A subscript behind an index that stands raised."""
        raised, name.subscript = name.subscript or (), None
        self._suffix(name)
        name.subscript = (*raised, *(name.subscript or ()))

    # ---- subscripts ------------------------------------------------------------------------------------------------

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
                if self.text in ("<", r"\le", r"\leq", r"\lt") and self.kind in ("char", "macro"):
                    strict = self.take().text in ("<", r"\lt")
                    parts.append(self._before(start, strict))
                    continue
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

    def _before(self, start: int, strict: bool) -> syntax.Subscript:
        """`x_{<i}` as the run x_{1:i-1}."""
        bound = self.expression()
        one = syntax.Number(bound.start, bound.end, "1")
        end = syntax.Sum(bound.start, bound.end, [(1, bound), (-1, one)]) if strict else bound
        self.note(f"the index {self.scanner.text[start : self.last]} is read as from 1 on")
        return syntax.Subscript(start, self.last, one, end, True)

    def _label_or_token(self) -> Node:
        if self.kind == "text":
            return self.atom_name()
        if (self.text in ("*", "+", "-") and self.kind == "char") or self.text in _LABELS:
            token = self.take()
            return syntax.Name(token.start, token.end, _LABELS.get(token.text, token.text), upright=True)
        return self.argument_token()

    def _label_or_expression(self) -> Node:
        token = self.tokens[self.place]
        if token.kind == "text" and self.tokens[self.place + 1].text in ("}", ",", "|", r"\mid"):
            return self.atom_name()
        if token.text in _LABELS and self.tokens[self.place + 1].text in ("}", ",", "|", r"\mid"):
            self.take()
            return syntax.Name(token.start, token.end, _LABELS[token.text], upright=True)
        if token.text in ("*", "+", "-") and self.tokens[self.place + 1].text == "}":
            self.take()
            return syntax.Name(token.start, token.end, token.text, upright=True)
        return self.expression()

    # ---- arguments and exponents -----------------------------------------------------------------------------------

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
                    if self._mark() is None:
                        self.take()
                    self.expect("char", "}")
                    return "-T", None
                if self._is_transpose(0) is None:
                    raise self.unexpected("an exponent")
                body = self.expression()
                self.expect("char", "}")
            return ("T", body) if _is_letter_t(body) else ("", body)
        if self.kind == "text" and self.text and " " not in self.text:
            return "", self.atom_name()
        if self.text in ("+", "-") and self.kind == "char":
            return self.take().text, None
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
        if token.text in (r"\mathsf", r"\mathrm") and [
            t.text for t in self.tokens[self.place + 1 : self.place + 4]
        ] == ["{", "T", "}"]:
            self.place += 4
            return "top"
        if token.kind == "text" and token.text in ("T", "tr"):
            self.take()
            return "top"
        if token.text == r"\complement":
            self.take()
            return "c"
        if token.text in ("*", r"\star", r"\ast"):
            self.take()
            return "*"
        if token.text in ("+", "-") and self.tokens[self.place + 1].text == "}":
            self.take()
            return token.text
        if token.text in (r"\prime", "'"):
            while self.text in (r"\prime", "'"):
                self.take()
            return "'"
        return None


def _is_letter_t(node: Node) -> bool:
    return isinstance(node, syntax.Name) and node.name == "T" and node.subscript is None and not node.primes
