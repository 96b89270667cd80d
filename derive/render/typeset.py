r"""An author's own LaTeX as boxes, sign by sign: formulas in prose, in rules, in articles, read by nobody.

Nothing is parsed as mathematics or rearranged. A formula with a macro that is not known gives None: it is then shown
as the LaTeX it is, so that nothing is lost and nothing is guessed.
"""

from __future__ import annotations

import re
from functools import lru_cache

from derive.render.boxes import Accented, Box, Bracketed, Fraction, Glyph, Kind, Limits, Root, Row, Scripts, Table
from derive.render.letters import ACCENTS, letter
from derive.render.transliterate import DROPPED, FRACTIONS, PLAIN, SIGNS, SPACES, WORDS

__all__ = ["typeset"]

LONGEST = 5000
DEEPEST = 40

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|:=|\\.|\s+|\d+(?:\.\d+)?|.", re.DOTALL)
_LARGE = {
    r"\sum",
    r"\prod",
    r"\max",
    r"\min",
    r"\sup",
    r"\inf",
    r"\lim",
    r"\arg",
    r"\operatorname*",
    r"\bigcup",
    r"\bigcap",
}
_ALPHABETS = {r"\mathbb", r"\mathcal", r"\mathscr", r"\mathfrak"}
_BOLD = {r"\mathbf", r"\boldsymbol", r"\bm", r"\pmb", r"\mathsf", r"\mathit", r"\mathtt"}
_TEXT = {r"\text", r"\mbox", r"\textrm", r"\textit", r"\textbf", r"\textsf"}
_MORE_SIGNS = {
    r"\equiv": "≡", r"\ll": "≪", r"\gg": "≫", r"\subset": "⊂", r"\subseteq": "⊆", r"\leftarrow": "←", r"\star": "⋆",
    r"\rightarrow": "→", r"\Rightarrow": "⇒", r"\Leftrightarrow": "⇔", r"\iff": "⇔", r"\odot": "⊙", r"\oplus": "⊕",
    r"\otimes": "⊗", r"\ast": "∗", r"\prime": "′", r"\vdots": "⋮", r"\ddots": "⋱", r"\lVert": "‖", r"\rVert": "‖",
    r"\lvert": "|", r"\rvert": "|", r"\triangleq": "≜", r"\approxeq": "≊", r"\simeq": "≃", r"\cong": "≅",
    r"\indep": "⫫", r"\mp": "∓", r"\dagger": "†", r"\intercal": "⊺", r"\lbrace": "{", r"\rbrace": "}",
    r"\succ": "≻", r"\prec": "≺", r"\notin": "∉", r"\neg": "¬", r"\land": "∧", r"\lor": "∨", r"\hbar": "ℏ",
    r"\iint": "∬", r"\oint": "∮", r"\bigcup": "⋃", r"\bigcap": "⋂", r"\colon": ":", r"\lfloor": "⌊", r"\rfloor": "⌋",
}  # fmt: skip
_DELIMITERS = {
    "(": "(", ")": ")", "[": "[", "]": "]", "|": "|", r"\|": "‖", r"\{": "{", r"\}": "}", ".": "", r"\langle": "⟨",
    r"\rangle": "⟩", r"\vert": "|", r"\Vert": "‖", r"\lVert": "‖", r"\rVert": "‖", r"\lvert": "|", r"\rvert": "|",
    "/": "/", r"\lbrace": "{", r"\rbrace": "}",
}  # fmt: skip
_ENVIRONMENTS = {"aligned", "align", "align*", "gathered", "gather", "gather*", "split", "cases", "array", "matrix",
                 "pmatrix", "bmatrix", "alignat", "alignat*", "eqnarray", "eqnarray*", "equation", "equation*",
                 "multline", "multline*"}  # fmt: skip
_AROUND = {"cases": ("{", ""), "pmatrix": ("(", ")"), "bmatrix": ("[", "]")}
_SILENT = {r"\nonumber", r"\notag", r"\tag", r"\label", r"\hfill", r"\\*"}
_MORE_DROPPED = {
    r"\mathop",
    r"\mathrel",
    r"\mathbin",
    r"\mathord",
    r"\scriptstyle",
    r"\normalsize",
    r"\small",
    r"\large",
}


@lru_cache(maxsize=2048)
def typeset(latex: str) -> Row | None:
    """The boxes of a formula as its author wrote it; None where something in it is not known."""
    if len(latex) > LONGEST:
        return None
    reader = _Reader(_TOKEN.findall(re.sub(r"(?<!\\)%[^\n]*", "", latex)))
    try:
        return reader.table("")
    except _Unknown:
        return None


class _Unknown(Exception):
    """A macro, or a bracket, that this cannot set."""


class _Reader:
    """One pass over the tokens."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0

    def peek(self) -> str:
        """The next token that is no blank; empty at the end."""
        while self.at < len(self.tokens) and self.tokens[self.at].isspace():
            self.at += 1
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def next(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def table(self, environment: str) -> Row:
        r"""Rows and cells up to `\end{environment}` (or the end); no table where there is but one cell."""
        rows: list[list[Row]] = [[]]
        while True:
            cell = self.row({"&", "\\\\", r"\cr", r"\end", ""})
            rows[-1].append(cell)
            token = self.next()
            if token in ("\\\\", r"\cr"):
                if self.peek() == "[":
                    self.optional()
                rows.append([])
            elif token == r"\end":
                if self.word() != environment:
                    raise _Unknown
                break
            elif token == "":
                if environment:
                    raise _Unknown
                break
        rows = [row for row in rows if any(cell.items for cell in row)]
        if len(rows) == 1 and environment not in _AROUND:
            return Row(tuple(item for cell in rows[0] for item in cell.items))
        if not rows:
            return Row()
        left, right = _AROUND.get(environment, ("", ""))
        found = Table(tuple(map(tuple, rows)), aligned=environment not in (*_AROUND, "gathered", "gather", "gather*"))
        return Row((Bracketed(left, Row((found,)), right) if left or right else found,))

    def row(self, ends: set[str]) -> Row:
        """Boxes up to one of the tokens, which is left standing."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise _Unknown
        items: list[Box] = []
        while (token := self.peek()) not in ends:
            if token in ("", "}", r"\right", r"\end") or (token == "&" and "&" not in ends):
                raise _Unknown
            self.at += 1
            if token in ("_", "^"):
                self.attach(items, token)
            elif token == "'":
                self.prime(items)
            else:
                items += self.box(token)
        self.depth -= 1
        return Row(tuple(items))

    def attach(self, items: list[Box], mark: str) -> None:
        """An index or an exponent on the box before it."""
        script = self.argument()
        base = items.pop() if items else Row()
        sub, sup = (script, None) if mark == "_" else (None, script)
        if isinstance(base, Limits):
            known = base.under is not None if mark == "_" else base.over is not None
            if known:
                raise _Unknown
            items.append(Limits(base.sign, sub or base.under, sup or base.over))
        elif isinstance(base, Scripts) and (base.sub is None if mark == "_" else base.sup is None):
            items.append(Scripts(base.base, sub or base.sub, sup or base.sup))
        else:
            items.append(Scripts(base if isinstance(base, Row) else Row((base,)), sub, sup))

    def prime(self, items: list[Box]) -> None:
        base = items.pop() if items else Row()
        items.append(Scripts(base if isinstance(base, Row) else Row((base,)), None, Row((Glyph(Kind.SIGN, "′"),))))

    def argument(self) -> Row:
        """A group, or the next box."""
        token = self.next()
        if token == "{":
            row = self.row({"}"})
            self.at += 1
            return row
        if token in ("", "}", "^", "_", "&", "\\\\"):
            raise _Unknown
        if len(token) > 1 and token[0].isdigit():
            self.at -= 1
            self.tokens[self.at : self.at + 1] = list(token)
            return self.argument()
        return Row(tuple(self.box(token)))

    def word(self) -> str:
        """The plain text of a group."""
        if self.next() != "{":
            raise _Unknown
        depth, start = 1, self.at
        while self.at < len(self.tokens):
            depth += {"{": 1, "}": -1}.get(self.tokens[self.at], 0)
            self.at += 1
            if depth == 0:
                return "".join(self.tokens[start : self.at - 1])
        raise _Unknown

    def optional(self) -> str:
        """What stands in square brackets."""
        start = self.at
        while self.next() != "]":
            if self.at > len(self.tokens):
                raise _Unknown
        return "".join(self.tokens[start + 1 : self.at - 1])

    def box(self, token: str) -> list[Box]:
        """The boxes of one token with its arguments."""
        if token == "{":
            self.at -= 1
            return [self.argument()]
        if token in FRACTIONS or token == r"\cfrac":
            return [Fraction(self.argument(), self.argument())]
        if token == r"\sqrt":
            if self.peek() == "[":
                raise _Unknown
            return [Root(self.argument())]
        if token == r"\left":
            return [self.enclosed()]
        if token == r"\begin":
            return self.environment()
        if token[1:] in ACCENTS and token[0] == "\\":
            return [Accented(self.argument(), ACCENTS[token[1:]])]
        if token in _ALPHABETS:
            return [Glyph(Kind.WORD, letter(f"{token}{{{one}}}")) for one in self.word().strip()]
        if token in _TEXT:
            return [Glyph(Kind.TEXT, re.sub(r"[$\\{}]", "", self.word()))]
        if token in PLAIN or token in _BOLD:
            return self.upright(token)
        if token in (r"\underbrace", r"\overbrace", r"\boxed", r"\phantom"):
            return list(self.argument().items)
        if token in (r"\overset", r"\stackrel", r"\underset"):
            mark, base = self.argument(), self.argument()
            return [Limits(base, mark, None) if token == r"\underset" else Limits(base, None, mark)]
        return self.simple(token)

    def environment(self) -> list[Box]:
        name = self.word()
        if name not in _ENVIRONMENTS:
            raise _Unknown
        if name in ("array", "alignat", "alignat*"):
            self.word()
        return list(self.table(name).items)

    def enclosed(self) -> Box:
        r"""`\left( … \right)`."""
        left = _DELIMITERS.get(self.next())
        inside = self.row({r"\right", r"\middle"})
        while self.peek() == r"\middle":
            self.at += 1
            sign = Glyph(Kind.SIGN, _DELIMITERS.get(self.next(), "|"))
            inside = Row((*inside.items, sign, *self.row({r"\right", r"\middle"}).items))
        self.at += 1
        right = _DELIMITERS.get(self.next())
        if left is None or right is None:
            raise _Unknown
        return Bracketed(left, inside, right)

    def upright(self, token: str) -> list[Box]:
        r"""`\mathrm{KL}`, `\operatorname{tr}`, `\mathbf{x}`."""
        if token in _BOLD or self.peek() != "{":
            return list(self.argument().items)
        text = re.sub(r"[\\,;!{}]", "", self.word()).strip()
        word = Glyph(Kind.WORD, text)
        return [Limits(Row((word,)))] if token in _LARGE else [word]

    def simple(self, token: str) -> list[Box]:
        """A token without arguments."""
        if token in _SILENT:
            if self.peek() == "{":
                self.word()
            return []
        if token in DROPPED or token in _MORE_DROPPED or token.isspace() or token == "~":
            return []
        if token in SPACES:
            return [Glyph(Kind.SPACE, " ")]
        if token in (r"\quad", r"\qquad"):
            return [Glyph(Kind.SPACE, " " * (6 if token == r"\quad" else 12))]
        if token in WORDS:
            word = Glyph(Kind.WORD, WORDS[token])
            return [Limits(Row((word,)))] if token in _LARGE else [word, Glyph(Kind.SPACE, " ")]
        if token in _LARGE:
            return [Limits(Row((Glyph(Kind.SIGN, (SIGNS | _MORE_SIGNS)[token]),)))]
        if token[0].isdigit():
            return [Glyph(Kind.NUMBER, token)]
        found = SIGNS.get(token) or _MORE_SIGNS.get(token)
        if found is not None:
            text = found.strip() or found
            greek = text.isalpha()
            return [Glyph(Kind.NAME if greek else Kind.SIGN, text)]
        if token[0] == "\\":
            raise _Unknown
        if token.isalpha():
            return [Glyph(Kind.NAME, token)]
        return [Glyph(Kind.SIGN, "−" if token == "-" else token)]
