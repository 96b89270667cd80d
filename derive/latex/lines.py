r"""Where a formula in LaTeX may be parted for a line to break: before relations and signs, after commas and factors.

A document leaves it to TeX to choose (`breakable`); where nobody breaks lines, as on GitHub, `rows` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto

__all__ = ["WIDE", "breakable", "opened", "related", "rows"]

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[A-Za-z0-9]|\s+|.", re.DOTALL)
_BREAK_BEFORE = {
    "=", "+", "-", "<", ">", r"\le", r"\ge", r"\leq", r"\geq", r"\propto", r"\sim", r"\ne", r"\approx", r"\cdot",
    r"\pm",
}
_NO_BREAK_AFTER = {r"\mid", r"\vert", r"\parallel", r"\|", r"\perp", r"\in", r"\to"}
_OPENING, _CLOSING = {"(", "[", r"\{", r"\langle", r"\lVert"}, {")", "]", r"\}", r"\rangle", r"\rVert"}
_FACTORS = {r"\exp", r"\log", r"\frac", r"\mathcal", r"\mathbb", r"\sum", r"\prod", r"\int", r"\det"}
_NO_OPERAND = {"", ",", ";", "^", "_"} | _OPENING | _BREAK_BEFORE
_TALL = re.compile(r"\\(?:d?frac|(sum|prod|int))(?![A-Za-z])")


def breakable(latex: str) -> str:
    r"""The formula with places to break marked: before signs, after commas, dearer the deeper in brackets.

    Inside braces TeX cannot break, so nothing is marked there. `\left(`…`\right)` would forbid breaks inside: they
    become brackets of a fixed size.
    """
    return "".join(_marked(*piece) for piece in _pieces(_TOKEN.findall(_sized(opened(latex)))))


def _marked(token: str, place: _Place, cost: int) -> str:
    """A token with TeX's price for a break beside it."""
    match place:
        case _Place.SIGN:
            return rf"\penalty{cost} {token}\nobreak "
        case _Place.FACTOR:
            return rf"\penalty{cost}{token}"
        case _Place.BAR:
            return rf"{token}\nobreak "
        case _Place.AFTER:
            return rf"{token}\penalty{cost} "
    return token


def rows(latex: str, wide: int) -> list[str]:
    r"""The formula in rows of about so many letters; a row that goes on is a little narrower. One row where it fits."""
    if _width(_TOKEN.findall(latex)) <= wide:
        return [latex]
    pieces = list(_pieces(_TOKEN.findall(_sized(opened(latex)))))
    starts = [(0, 0)]
    for number, (_, place, cost) in enumerate(pieces):
        if place in (_Place.SIGN, _Place.FACTOR) and number:
            starts.append((number, cost))
        elif place is _Place.AFTER:
            starts.append((number + 1, cost))
    ends = [*(number for number, _ in starts), len(pieces)]
    best: list[tuple[float, int]] = [(0.0, 0)]  # what the rows before a start cost, and where the last of them begins
    for end in range(1, len(ends)):
        price = starts[end][1] if end < len(starts) else 0
        chosen = []
        for begun in range(end):
            length = _width([token for token, _, _ in pieces[ends[begun] : ends[end]]])
            left = (wide if begun == 0 else wide - _INDENT) - length
            short = left * _SHORT if left > 0 and end < len(starts) else 0
            chosen.append((best[begun][0] + price + _ROW + short + max(0, -left) * _OVER, begun))
        best.append(min(chosen))
    found: list[str] = []
    end = len(ends) - 1
    while end:
        begun = best[end][1]
        found.append("".join(token for token, _, _ in pieces[ends[begun] : ends[end]]).strip())
        end = begun
    return found[::-1]


WIDE = 76
"""About how many letters a row has room for on a page, in a notebook, on GitHub."""


def related(relation: str, latex: str, beside: str = "") -> list[str]:
    r"""A relation and what stands after it as rows of an `aligned`, with what is said beside the first of them."""
    first, *more = rows(latex, WIDE)
    return [f"&{relation} {first}{beside}", *(rf"&\quad {{}} {row}" for row in more)]


_INDENT = 4
_ROW, _SHORT, _OVER = 150, 2, 1000
"""What one more row costs, each letter by which one is short, each without room; beside the prices of breaks."""


class _Place(Enum):
    """Where beside a token a line may break: before a sign or a factor, after a comma; never after a bar."""

    NONE = auto()
    SIGN = auto()
    FACTOR = auto()
    AFTER = auto()
    BAR = auto()


def _pieces(tokens: list[str]) -> Iterator[tuple[str, _Place, int]]:
    """Each token, where beside it a line may break, and what that costs."""
    braces = brackets = 0
    previous = ""
    for token in tokens:
        if token == "{":
            braces += 1
        elif token == "}":
            braces -= 1
        elif braces == 0 and token in _OPENING:
            brackets += 1
        elif braces == 0 and token in _CLOSING:
            brackets = max(0, brackets - 1)
        place, cost = _Place.NONE, 0
        if braces == 0 and token in _BREAK_BEFORE and previous not in _NO_OPERAND:
            place, cost = _Place.SIGN, 50
        elif braces == 0 and token in _FACTORS and previous not in _NO_OPERAND and previous not in _NO_BREAK_AFTER:
            place, cost = _Place.FACTOR, 300
        elif braces == 0 and token in _NO_BREAK_AFTER:
            place = _Place.BAR
        elif braces == 0 and token in (",", ";") and previous != "\\":
            place, cost = _Place.AFTER, 100
        elif braces == 0 and token == r"\,":
            place, cost = _Place.AFTER, 200
        yield token, place, min(cost + 150 * brackets, 900)
        if not token.isspace():
            previous = token


WIDEST = 45
"""A fraction of more letters than this is written so that its longer part can break."""

_PREFIXES = {r"\log", r"\exp", r"\cos", r"\sin", r"\tanh", r"\sqrt", "^", "_"}


def opened(latex: str) -> str:
    r"""The formula with fractions that are wider than a line as 1 over what is below, times what was above.

    What an author does with `\frac{a long sum}{2 v}`: `\frac{1}{2 v}\left(a long sum\right)` may break.
    """
    tokens = _TOKEN.findall(latex)
    out: list[str] = []
    place = braces = 0
    previous = ""
    while place < len(tokens):
        token = tokens[place]
        braces += (token == "{") - (token == "}")
        if token == r"\frac" and braces == 0 and previous not in _PREFIXES:
            over, after = _group(tokens, place + 1)
            under, end = _group(tokens, after)
            if over and under and _width(over) > WIDEST and _width(under) <= WIDEST:
                inside = opened("".join(over))
                single = inside.startswith((r"\left", r"\|")) and not _is_sum(over)
                out.append(rf"\frac{{1}}{{{''.join(under)}}} " + (inside if single else rf"\left({inside}\right)"))
                place, previous = end, "}"
                continue
        out.append(token)
        previous = previous if token.isspace() else token
        place += 1
    return "".join(out)


def _group(tokens: list[str], place: int) -> tuple[list[str], int]:
    """The tokens of the group that opens here, and where they end; nothing where none opens."""
    if place >= len(tokens) or tokens[place] != "{":
        return [], place
    depth = 0
    for end in range(place, len(tokens)):
        depth += (tokens[end] == "{") - (tokens[end] == "}")
        if depth == 0:
            return tokens[place + 1 : end], end + 1
    return [], place


_BREADTHS = {
    **dict.fromkeys((r"\left", r"\right", r"\bar", r"\tilde", r"\hat", r"\mathrm", r"\mathbb", r"\text"), 0.0),
    **dict.fromkeys("{}", 0.0),
    **dict.fromkeys(("+", "-", r"\pm", r"\mid", r"\times", r"\cdot"), 2.1),
    **dict.fromkeys(("(", ")", "[", "]", "|", r"\|", ",", ";", r"\,", "."), 0.8),
    **dict.fromkeys((r"\bigl", r"\bigr", r"\Bigl", r"\Bigr"), 0.2), r"\biggl": 0.5, r"\biggr": 0.5,
    **dict.fromkeys((r"\log", r"\exp", r"\sin", r"\cos", r"\det"), 3.0), r"\sum": 2.8, r"\prod": 2.6, r"\quad": 2.0,
    r"\mathcal": 0.4,
}  # fmt: skip
"""How wide what is no letter is, in letters: a sign with the room around it, a bracket, the name of a function."""


def _width(tokens: list[str]) -> float:
    """About how many letters wide a formula is: a fraction as its wider half, what is raised or lowered as smaller."""
    found, place = 0.0, 0
    while place < len(tokens):
        token = tokens[place]
        if token == r"\frac":
            over, after = _group(tokens, place + 1)
            under, place = _group(tokens, after)
            found += max(_width(over), _width(under)) + 0.6
            continue
        if token in ("^", "_"):
            script, end = _group(tokens, place + 1)
            place = end if script else place + 2
            below = _SMALL * _width(script or tokens[place - 1 : place])
            if place < len(tokens) and tokens[place] in ("^", "_"):  # both stand above each other
                other, end = _group(tokens, place + 1)
                above = other or tokens[place + 1 : place + 2]
                below, place = max(below, _SMALL * _width(above)), (end if other else place + 2)
            found += below
            continue
        found += _BREADTHS.get(token, 2.7 if token in _BREAK_BEFORE else 0.0 if token.isspace() else 1.0)
        place += 1
    return found


_SMALL = 0.75


def _is_sum(tokens: list[str]) -> bool:
    """Whether a sign stands outside all brackets."""
    depth = 0
    for token in tokens:
        depth += token in ("{", "(", "[", r"\left") or token in _OPENING
        depth -= token in ("}", ")", "]", r"\right") or token in _CLOSING
        if depth <= 0 and token in ("+", "-"):
            return True
    return False


_SIZES = (r"\big", r"\Big", r"\bigg")
"""The sizes of brackets around what is as high as a line, around a fraction, around a sum with its limits."""


def _sized(latex: str) -> str:
    r"""`\left` and `\right` outside braces as brackets of a fixed size, as tall as what is inside."""
    pieces = re.split(r"(\\left(?![A-Za-z])|\\right(?![A-Za-z]))", latex)
    if len(pieces) == 1:
        return latex
    stack: list[int] = []
    tall: dict[int, int] = {}
    pair: dict[int, int] = {}
    for number, piece in enumerate(pieces):
        if piece == r"\left":
            stack.append(number)
            tall[number] = 0
        elif piece == r"\right" and stack:
            opened = stack.pop()
            pair[number] = opened
            if stack:
                tall[stack[-1]] = max(tall[stack[-1]], tall[opened])
        elif stack:
            tall[stack[-1]] = max(tall[stack[-1]], *(2 if sign[1] else 1 for sign in _TALL.finditer(piece)), 0)
    if stack or any(piece == r"\right" and number not in pair for number, piece in enumerate(pieces)):
        return latex
    depth = 0
    for number, piece in enumerate(pieces):
        if piece == r"\left" and depth == 0:
            pieces[number] = _SIZES[tall[number]] + "l"
        elif piece == r"\right" and depth == 0:
            pieces[number] = _SIZES[tall[pair[number]]] + "r"
        elif piece not in (r"\left", r"\right"):
            depth += _braces(piece)
    return "".join(pieces)


def _braces(piece: str) -> int:
    bare = re.sub(r"\\[{}]", "", piece)
    return bare.count("{") - bare.count("}")
