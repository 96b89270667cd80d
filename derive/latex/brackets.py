r"""Brackets, set right before the grammar sees them: damage with one reading is mended and noted.

Braces that only group may cut through parentheses (`{-\tfrac12 ( x } + y)`): they are dropped. A parenthesis that is
closed just behind the brace around it (`\sqrt{2(1-x})`) is closed inside. Boxes and colours around whole statements
and an author's macros for brackets are taken away.
"""

from __future__ import annotations

from collections.abc import Callable

from derive.latex.tokens import GREEK, Token

_TAKES_ARGUMENTS = frozenset(
    (
        r"\sqrt \frac \tfrac \dfrac \cfrac ^ _ \underbrace \overbrace \overset \stackrel \underset \mathbf "
        r"\boldsymbol \bm \mathrm \mathcal \mathbb \bar \tilde \hat \dot \overline \widetilde \widehat \vec \boxed "
        r"\nabla \mathscr \mathfrak \mathsf "
    ).split()
)
_NAMED_BRACKETS = {
    r"\brac": ("[", "]"), r"\paren": ("(", ")"), r"\brak": ("[", "]"), r"\norm": ("||", "||"), r"\abs": ("|", "|"),
    r"\inner": ("(", ")"),
}  # fmt: skip
_BOXES = (r"\boxed", r"\color", r"\mathop")


def mended(tokens: list[Token], separates: Callable[[Token], bool], note: Callable[[str], None]) -> list[Token]:
    """The tokens with interleaved brackets set right; what is not damaged stays as it is."""
    tokens = _signed(_boxes(_named(tokens), separates))
    return _interleaved(tokens, note)


def partner(tokens: list[Token], place: int) -> int | None:
    """Where the brace that opens at `place` closes."""
    depth = 0
    for index in range(place, len(tokens)):
        token = tokens[index]
        if token.kind == "char" and token.text in "{}":
            depth += 1 if token.text == "{" else -1
            if depth == 0:
                return index
    return None


def _brace(token: Token, text: str) -> bool:
    return token.kind == "char" and token.text == text


def _named(tokens: list[Token]) -> list[Token]:
    r"""`\brac{x}` as [x]."""
    if not any(token.text in _NAMED_BRACKETS for token in tokens):
        return tokens
    result = list(tokens)
    dropped = set()
    for place, token in enumerate(tokens):
        if token.kind == "macro" and token.text in _NAMED_BRACKETS and _brace(tokens[place + 1], "{"):
            end = partner(tokens, place + 1)
            if end is not None:
                left, right = _NAMED_BRACKETS[token.text]
                dropped.add(place)
                result[place + 1] = tokens[place + 1]._replace(kind="open", text=left)
                result[end] = tokens[end]._replace(kind="close", text=right)
    return [token for place, token in enumerate(result) if place not in dropped]


def _boxes(tokens: list[Token], separates: Callable[[Token], bool]) -> list[Token]:
    r"""`\boxed{a = b}` as a = b; a box around a term alone stays a group. `\mathop{…}` is what it holds."""
    dropped: set[int] = set()
    for place, token in enumerate(tokens):
        if token.kind != "macro" or token.text not in _BOXES:
            continue
        dropped.add(place)
        if not _brace(tokens[place + 1], "{"):
            continue
        end = partner(tokens, place + 1)
        if end is not None and (token.text == r"\mathop" or _separated(tokens[place + 2 : end], separates)):
            dropped.update((place + 1, end))
    return [token for place, token in enumerate(tokens) if place not in dropped]


def _signed(tokens: list[Token]) -> list[Token]:
    r"""`a {- b}` as a − b: a brace that only groups is not seen, and its first sign stands behind an operand."""
    dropped: set[int] = set()
    for place, token in enumerate(tokens):
        if not (place and _brace(token, "{") and tokens[place + 1].text in ("+", "-") and _ends(tokens[place - 1])):
            continue
        end = partner(tokens, place)
        if end is not None and _grouping(tokens, place):
            dropped.update((place, end))
    return [token for place, token in enumerate(tokens) if place not in dropped]


def _ends(token: Token) -> bool:
    """Whether an operand may end with a token."""
    return token.kind in ("letter", "number", "close") or token.text in ("}", "'") or (
        token.kind == "macro" and token.text in GREEK
    )


def _separated(tokens: list[Token], separates: Callable[[Token], bool]) -> bool:
    depth = 0
    for token in tokens:
        if token.kind == "open" or _brace(token, "{"):
            depth += 1
        elif token.kind == "close" or _brace(token, "}"):
            depth -= 1
        elif depth == 0 and separates(token):
            return True
    return False


def _interleaved(tokens: list[Token], note: Callable[[str], None]) -> list[Token]:
    """Drop grouping braces that cut through parentheses, and close a parenthesis inside the brace it is opened in."""
    result: list[Token | None] = list(tokens)
    stack: list[int] = []
    loose = 0
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.kind == "open" or _brace(token, "{"):
            stack.append(place)
        elif _brace(token, "}"):
            if stack and _brace(tokens[stack[-1]], "{"):
                stack.pop()
            else:
                opened = next((i for i in range(len(stack) - 1, -1, -1) if _brace(tokens[stack[i]], "{")), None)
                if opened is None:
                    if not loose:
                        return tokens
                    loose -= 1
                    result[place] = None
                elif _grouping(tokens, stack[opened]):
                    note("braces that cut through brackets are left out")
                    result[stack[opened]] = result[place] = None
                    del stack[opened]
                elif opened == len(stack) - 2 and tokens[place + 1].kind == "close":
                    note("a bracket closed behind its brace is closed inside it")
                    result[place], result[place + 1] = tokens[place + 1], token
                    del stack[opened:]
                    place += 2
                    continue
                else:
                    return tokens
        elif token.kind == "close":
            if stack and tokens[stack[-1]].kind == "open":
                stack.pop()
            else:
                opened = next((i for i in range(len(stack) - 1, -1, -1) if tokens[stack[i]].kind == "open"), None)
                if opened is None or not all(_grouping(tokens, index) for index in stack[opened + 1 :]):
                    return tokens
                note("braces that cut through brackets are left out")
                for index in stack[opened + 1 :]:
                    result[index] = None
                    loose += 1
                del stack[opened:]
        place += 1
    return [token for token in result if token is not None]


def _grouping(tokens: list[Token], place: int) -> bool:
    """Whether the brace here only groups, being no argument."""
    if place == 0:
        return True
    before = tokens[place - 1]
    if before.text in _TAKES_ARGUMENTS:
        return False
    if _brace(before, "}"):
        depth = 0
        for index in range(place - 1, -1, -1):
            if _brace(tokens[index], "}"):
                depth += 1
            elif _brace(tokens[index], "{"):
                depth -= 1
                if depth == 0:
                    return not (index and tokens[index - 1].text in (r"\frac", r"\tfrac", r"\dfrac", r"\cfrac"))
    return True
