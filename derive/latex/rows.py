r"""Where statements begin and end in a display: rows, alignment marks, commas, gaps, arrows and words between them.

A row that begins with a relation or an aligned sign goes on from the row before; environments that only lay out are
taken away.
"""

from __future__ import annotations

from derive.latex.expressions import Expressions
from derive.latex.tokens import Token
from derive.latex.vocabulary import RELATIONS

_CONNECTIVES = {
    r"\iff", r"\implies", r"\Rightarrow", r"\Leftrightarrow", r"\Longrightarrow", r"\leftarrow", r"\rightarrow",
    r"\Leftarrow", r"\Longleftrightarrow", r"\therefore", r"\because", r"\wedge", r"\land", r"\to", r"\forall",
    r"\longrightarrow", r"\Longleftarrow",
}  # fmt: skip
_ENVIRONMENTS = frozenset(
    (
        "align align* aligned alignat alignat* alignedat equation equation* gather gather* gathered split multline "
        "multline* eqnarray eqnarray* displaymath math flalign flalign* subequations IEEEeqnarray IEEEeqnarray* "
        "dmath dmath*"
    ).split()
)
_OPERATING = (*RELATIONS, "+", r"\cdot", r"\times", "/")
_PROSE = {
    "where", "and", "with", "for", "if", "so", "then", "hence", "thus", "since", "because", "or", "as", "let",
    "when", "i.e", "therefore", "iff", "by", "from", "that", "also", "but", "otherwise", "such", "all", "any",
    "using", "given", "else", "is", "are", "we", "have", "get", "note", "recall", "define", "assume", "denote", "s.t",
    "every", "each", "of", "at", "while", "on", "in", "let's", "so-called", "i.i.d", "iid", "w.r.t", "cf", "e.g",
}  # fmt: skip


class Rows(Expressions):
    """Tells what parts the statements of a display from what stands within one."""

    def _wrappers(self) -> None:
        """Environments that only lay out are taken away; their rows stay."""
        kept = []
        stack = []
        for token in self.tokens:
            if token.kind == "begin":
                if token.text not in _ENVIRONMENTS:
                    raise self.error(token.start, *_refused(token.text))
                stack.append(token)
            elif token.kind == "end" and token.text:
                if not stack or stack[-1].text != token.text:
                    raise self.error(token.start, f"\\end{{{token.text}}} without its \\begin")
                stack.pop()
            else:
                kept.append(token)
        if stack:
            raise self.error(stack[-1].start, f"\\begin{{{stack[-1].text}}} is never ended")
        self.tokens = kept

    def _join_rows(self) -> None:
        """Take away the row ends and alignment marks that do not separate statements, and comments beside rows."""
        tokens = []
        depth = 0
        comment = False
        for place, token in enumerate(self.tokens):
            if token.kind == "open" or token.text == "{":
                depth += 1
            elif token.kind == "close" or token.text == "}":
                depth = max(0, depth - 1)
            if token.kind == "row":
                comment = False
                if depth == 0 and not self._continues(place):
                    tokens.append(token)
                continue
            if token.text == "&" and token.kind == "char":
                if self.tokens[place + 1].text == "&" and self.tokens[place + 2].kind == "text":
                    comment = True
                continue
            if not comment or token.kind == "end":
                tokens.append(token)
        padding = tokens[-1:]
        self.tokens = [
            token
            for before, token, after in zip(padding + tokens, tokens, tokens[1:] + padding, strict=False)
            if not (token.kind == "gap" and (_joins(before) or _joins(after)))
        ]

    def _continues(self, place: int) -> bool:
        """Whether the row after this row end goes on with the statement before it."""
        before = self.tokens[place - 1] if place else None
        if self._remark_before(place):
            return False
        if before is not None and (before.text in RELATIONS or before.text in ("+", "-", r"\cdot", r"\times")):
            return True
        aligned = False
        place += 1
        while self.tokens[place].kind in ("row", "gap") or self.tokens[place].text == "&":
            aligned = aligned or self.tokens[place].text == "&"
            place += 1
        first = self.tokens[place]
        if first.text in RELATIONS or (first.text == ":" and self.tokens[place + 1].text == "="):
            return True
        ended = before is not None and before.text in (",", ".", ";")
        if ended or first.kind not in ("char", "macro"):
            return False
        if first.text in ("+", r"\cdot", r"\times"):
            return True
        if first.text == "-":
            return aligned or not self._relation_in_row(place)
        return False

    def _remark_before(self, place: int) -> bool:
        """Whether the row that ends here holds a second statement, after a comma, a gap or an arrow."""
        depth, after, parted = 0, False, False
        while place > 0 and self.tokens[place - 1].kind != "row":
            place -= 1
            token = self.tokens[place]
            if token.kind == "close" or token.text == "}":
                depth += 1
            elif token.kind == "open" or token.text == "{":
                depth -= 1
            if depth < 0:
                return False
            if depth == 0 and self._parting(place):
                parted = parted or after
            elif token.text not in (".", ";", "&", ","):
                if parted:
                    return True
                after = True
        return False

    def _parting(self, place: int) -> bool:
        """Whether the token here parts statements: a comma, an arrow, a gap that is not beside an operator."""
        token = self.tokens[place]
        if token.kind == "gap":
            return not (_joins(self.tokens[place - 1]) or _joins(self.tokens[place + 1]))
        return token.text == "," or (token.kind == "macro" and token.text in _CONNECTIVES)

    def _relation_in_row(self, place: int) -> bool:
        depth = 0
        while self.tokens[place].kind not in ("row", "end"):
            token = self.tokens[place]
            if token.kind == "open" or token.text == "{":
                depth += 1
            elif token.kind == "close" or token.text == "}":
                depth -= 1
            elif depth == 0 and token.text in RELATIONS:
                return True
            place += 1
        return False

    def _at_separator(self) -> bool:
        if self.kind in ("row", "gap", "end"):
            return True
        if self.kind == "macro" and self.text in _CONNECTIVES:
            return True
        if self.at("char", ":"):
            return self.tokens[self.place + 1].kind in ("text", "gap")
        return (self.kind == "char" and self.text in (",", ".", ";")) or self.kind == "text"

    def _separators(self) -> bool:
        """Step over what stands between statements; whether a row ended there."""
        row = False
        while self.kind != "end":
            if self.kind == "text" and not self._separating_text():
                return row
            if not self._at_separator():
                return row
            token = self.take()
            row = row or token.kind == "row"
            if token.kind == "text" and token.text:
                self.note(f"the words “{token.text}” are not read")
            if token.text == r"\leftarrow":
                self.note(r"what stands after \leftarrow is a statement of its own")
        return row

    def _names_something(self, words: str) -> bool:
        r"""Whether words stand where a name would: beside a relation or an operator, as `\text{total loss} = …`."""
        if not words.replace(" ", "").replace("-", "").isalnum() or not words.isascii():
            return False
        if any(word.lower() in _PROSE for word in words.split()):
            return False
        before, after = self.tokens[self.place - 1] if self.place else None, self.tokens[self.place + 1]
        first = before is None or before.kind in ("row", "gap")
        behind = before is not None and before.text in _OPERATING
        closed = after.text in _OPERATING or after.text == "-" or after.kind in ("row", "end", "close", "gap")
        return (first and after.text in RELATIONS) or (behind and closed)

    def _separating_text(self) -> bool:
        r"""Whether the words here are prose between statements rather than a name such as \text{ELBO}."""
        words = self.text
        if " " in words and self._names_something(words):
            return False
        if " " in words or not words or not words.isascii() or not words.replace("-", "").isalnum():
            return True
        return words.lower() in _PROSE


def _joins(token: Token) -> bool:
    """Whether a gap beside this token is no gap between statements."""
    return token.text in RELATIONS or token.text in ("+", "-", "/", r"\cdot", r"\times", r"\sim", r"\in", ":")


def _refused(name: str) -> tuple[str, str]:
    return f"the environment {name} is not read", "align, aligned, equation, gather or split"
