r"""One spelling for what is written in several ways, before the grammar sees it.

`\underset{\theta}{\arg\max}` and `\operatorname*{argmax}_\theta` become one operator with a subscript;
`\overset{\text{iid}}{\sim}` becomes `\sim`; matrices and cases become brackets with rows and cells of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby

from derive.errors import ReadError
from derive.latex.brackets import partner
from derive.latex.tokens import Token
from derive.latex.vocabulary import CASES, MATRICES, RELATIONS, UNDER

_ARGUMENTS = re.compile(r"arg[ -]?(max|min|sup|inf)", re.IGNORECASE)
_OVER = (r"\overset", r"\stackrel", r"\underset")
_RAISED_ACCENTS = {
    "-": r"\bar", r"\_": r"\bar", r"\sim": r"\tilde", "~": r"\tilde", r"\wedge": r"\hat", "^": r"\hat", ".": r"\dot",
    r"\cdot": r"\dot", r"\rightarrow": r"\vec", r"\to": r"\vec", "‾": r"\bar", "¯": r"\bar", "~̲": r"\tilde",
}  # fmt: skip
"""What stands over a name as an accent: `\\stackrel{-}{\\alpha}`."""
Note = Callable[[str], None]
Error = Callable[..., ReadError]


def respelled(tokens: list[Token], note: Note, error: Error) -> list[Token]:
    """The tokens with one spelling for each operator. Raises `ReadError` for what only looks like a relation."""
    if any(token.kind == "begin" for token in tokens):
        tokens = _arrays(tokens, error)
    tokens = _lowered(_divided(_stacked(_arguments(tokens))), note)
    if any(token.text in _OVER for token in tokens):
        tokens = _labelled(tokens, note, error)
    return _wordy_groups(tokens)


def _is(token: Token, text: str) -> bool:
    return token.kind == "char" and token.text == text


# ---- operators ----------------------------------------------------------------------------------------------------


def _arguments(tokens: list[Token]) -> list[Token]:
    r"""`\arg\max`, `\operatorname{argmax}` and the like as the one macro `\argmax`."""
    result: list[Token] = []
    for place, token in enumerate(tokens):
        if token.kind == "text" and (found := _ARGUMENTS.fullmatch(token.text)):
            result.append(token._replace(kind="macro", text=r"\arg" + found[1].lower()))
        elif token.kind == "text" and token.text in ("max", "min", "sup", "inf", "lim"):
            result.append(token._replace(kind="macro", text="\\" + token.text))
        elif token.kind == "macro" and token.text in UNDER and result and result[-1].text == r"\arg":
            before = result.pop()
            result.append(Token("macro", r"\arg" + token.text[1:], before.start, token.end))
        elif token.text == r"\arg" and not (tokens[place + 1].text in UNDER or tokens[place + 1].kind == "text"):
            result.append(token._replace(kind="text", text="arg"))
        else:
            result.append(token)
    for place, token in enumerate(result):
        if token.text == r"\arg" and result[place + 1].text in UNDER:
            result[place : place + 2] = [
                Token("macro", r"\arg" + result[place + 1].text[1:], token.start, result[place + 1].end)
            ]
    return result


def _stacked(tokens: list[Token]) -> list[Token]:
    r"""`\substack{a \\ b}` as `a, b`."""
    if not any(token.text == r"\substack" for token in tokens):
        return tokens
    result = list(tokens)
    dropped: set[int] = set()
    for place, token in enumerate(tokens):
        end = partner(tokens, place + 1) if token.text == r"\substack" and _is(tokens[place + 1], "{") else None
        if end is not None:
            dropped.update((place, place + 1, end))
            for at in range(place, end):
                if tokens[at].kind == "row":
                    result[at] = tokens[at]._replace(kind="char", text=",")
    return [token for place, token in enumerate(result) if place not in dropped]


def _lowered(tokens: list[Token], note: Note) -> list[Token]:
    r"""`\mathbb{E}{q(z)}[f]` and `D{\text{KL}}(q, p)` with the `_` that was lost."""
    result: list[Token] = []
    for place, token in enumerate(tokens):
        if _is(token, "{") and place and tokens[place - 1].text == r"\nabla":
            end = partner(tokens, place)
            if end is not None and tokens[end + 1].text in (r"\log", r"\ln", "p", "q"):
                note(r"a brace behind \nabla is read as its subscript")
                result.append(token._replace(text="_"))
        if _is(token, "{") and place and tokens[place - 1].text in ("}", "D", "E"):
            end = partner(tokens, place)
            before = [item.text for item in tokens[max(0, place - 4) : place]]
            inside = tokens[place + 1 : end] if end is not None else []
            expected = before == [r"\mathbb", "{", "E", "}"] and inside[:1] != []
            relative = before[-1:] == ["D"] and [item.text for item in inside] == ["KL"]
            opened = end is not None and end + 1 < len(tokens) and tokens[end + 1].kind == "open"
            if opened and (expected or relative):
                note("a brace behind E or D is read as its subscript")
                result.append(token._replace(text="_"))
        result.append(token)
    return result


def _divided(tokens: list[Token]) -> list[Token]:
    r"""`{a \over b}` as `{\frac{a}{b}}`: what stands between the nearest brackets is divided."""
    place = next((at for at, token in enumerate(tokens) if token.kind == "macro" and token.text == r"\over"), None)
    while place is not None:
        first, last = _enclosed(tokens, place)
        here = tokens[place]
        left, right = (here._replace(kind="char", text=brace) for brace in "{}")
        tokens = [
            *tokens[:first], here._replace(text=r"\frac"), left, *tokens[first:place], right,
            left, *tokens[place + 1 : last], right, *tokens[last:],
        ]  # fmt: skip
        place = next((at for at, token in enumerate(tokens) if token.kind == "macro" and token.text == r"\over"), None)
    return tokens


def _enclosed(tokens: list[Token], place: int) -> tuple[int, int]:
    """From where to where the brackets around a token reach; a relation, a gap or the end of a row ends it as well."""
    ends = []
    for step in (-1, 1):
        depth, at = 0, place
        while 0 <= at + step < len(tokens):
            token = tokens[at + step]
            opens = token.kind == "open" or _is(token, "{")
            closes = token.kind == "close" or _is(token, "}")
            if depth == 0 and (opens if step < 0 else closes):
                break
            parts = token.text in RELATIONS or token.kind in ("row", "gap", "end") or token.text in (",", "&")
            if depth == 0 and parts:
                break
            depth += (closes - opens) * -step
            at += step
        ends.append(at)
    return ends[0], ends[1] + 1


def _labelled(tokens: list[Token], note: Note, error: Error) -> list[Token]:
    r"""`\underset{x}{\max}` as `\max_{x}`, `\overset{\text{iid}}{\sim}` as `\sim`; other relations stay as they are."""
    result: list[Token] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        groups = _two_groups(tokens, place) if token.kind == "macro" and token.text in _OVER else None
        if groups is None:
            result.append(token)
            place += 1
            continue
        label, inside, end = groups
        first = inside[0] if inside else token
        words = "".join(item.text for item in label)
        accent = _RAISED_ACCENTS.get(words) if token.text != r"\underset" else None
        if accent is not None and first.text not in RELATIONS:
            result += [token._replace(text=accent), *_braced(inside, token)]
        elif token.text == r"\underset" and (first.text in UNDER or _expectation(inside)):
            result += [*inside, token._replace(kind="char", text="_"), *_braced(label, token)]
        elif first.text == r"\sim":
            if words:
                note(f"that it is meant “{words}” is not read")
            result += inside
        elif first.text in RELATIONS or first.text in (":", r"\triangleq"):
            if words in ("d", r"\mathrm{d}", "D", "law", r"\mathcal{D}", r"\mathcal{L}", "dist"):
                raise error(token.start, "equality in distribution is not read", "an equality of values or densities")
            if token.text == r"\underset":
                note(f"what stands under {first.text} is not read")
                result += inside
                place = end
                continue
            result.append(token)
            place += 1
            continue
        else:
            raise error(token.start, f"what stands at {token.text} is no relation and no operator", "an expression")
        place = end
    return result


def _two_groups(tokens: list[Token], place: int) -> tuple[list[Token], list[Token], int] | None:
    groups = []
    place += 1
    for _ in range(2):
        if place >= len(tokens):
            return None
        if not _is(tokens[place], "{"):
            if tokens[place].kind == "end":
                return None
            groups.append([tokens[place]])
            place += 1
            continue
        end = partner(tokens, place)
        if end is None:
            return None
        groups.append(tokens[place + 1 : end])
        place = end + 1
    return groups[0], groups[1], place


def _expectation(inside: list[Token]) -> bool:
    return [token.text for token in inside] in ([r"\mathbb", "{", "E", "}"], [r"\mathbb", "E"], ["E"])


def _braced(tokens: list[Token], at: Token) -> list[Token]:
    return [at._replace(kind="char", text="{"), *tokens, at._replace(kind="char", text="}")]


def _wordy_groups(tokens: list[Token]) -> list[Token]:
    r"""`{\text{by symmetry}}` without its braces."""
    if not any(token.kind == "text" and " " in token.text for token in tokens):
        return tokens
    result: list[Token] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        before = result[-1].text if result else ""
        if (
            _is(token, "{") and tokens[place + 1].kind == "text" and _is(tokens[place + 2], "}")
            and (not tokens[place + 1].text or " " in tokens[place + 1].text) and before not in ("_", "^")
            and not before.startswith("\\") and before != "}"
        ):  # fmt: skip
            result.append(tokens[place + 1])
            place += 3
            continue
        result.append(token)
        place += 1
    return result


# ---- matrices and cases -------------------------------------------------------------------------------------------


def _arrays(tokens: list[Token], error: Error) -> list[Token]:
    """Environments with rows and cells as brackets; those that only align statements stay environments."""
    result: list[Token] = []
    stack: list[tuple[str, bool, str]] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.kind == "begin":
            end = _end_of(tokens, place)
            name = token.text
            arrayed = name in MATRICES or name in CASES
            inside = tokens[place + 1 : end] if end is not None else []
            alone = not any(_is(item, "&") or item.kind == "text" for item in inside)
            if name in CASES and end is not None and _gapped(inside):
                tokens = [*tokens[: place + 1], *_parted(inside), *tokens[end:]]
                inside, alone = tokens[place + 1 : end], False
            system = name in CASES and alone
            if name == "array" and alone and _all_related(inside) and end is not None and _braced_left(
                result, tokens[end + 1]
            ):
                result.pop()
                tokens = [*tokens[: end + 1], *tokens[end + 2 :]]
                arrayed, name = False, "aligned"
            elif (name == "array" and _aligns(inside)) or (system and any(_states(item) for item in inside)):
                arrayed = False
                name = "aligned"
            elif name == "array" and end is not None and _braced_left(result, tokens[end + 1]):
                result.pop()
                name = "cases"
                tokens = [*tokens[: end + 1], *tokens[end + 2 :]]
            stack.append((name, arrayed, token.text))
            result.append(token._replace(kind="open" if arrayed else "begin", text=name))
        elif token.kind == "end" and token.text and stack:
            name, arrayed, begun = stack.pop()
            if begun != token.text:
                raise error(token.start, f"\\end{{{token.text}}} without its \\begin", f"\\end{{{begun}}}")
            result.append(token._replace(kind="close" if arrayed else "end", text=name if arrayed else token.text))
            if not arrayed and name == "aligned" and token.text != "aligned":
                result[-1] = token._replace(text=name)
        elif stack and stack[-1][1] and token.kind == "row":
            result.append(token._replace(kind="newrow"))
        elif stack and stack[-1][1] and _is(token, "&"):
            result.append(token._replace(kind="newcell"))
        elif not (stack and stack[-1][1] and token.kind == "gap"):
            result.append(token)
        place += 1
    return result


def _states(token: Token) -> bool:
    return token.text in RELATIONS or token.text in (r"\sim", r"\in")


def _gapped(tokens: list[Token]) -> bool:
    r"""Whether every row of cases has its value and its condition parted by a gap alone: `a \quad x > 0`."""
    rows = [list(group) for ended, group in groupby(tokens, lambda token: token.kind == "row") if not ended]
    return bool(rows) and all(
        not any(_is(token, "&") for token in row) and [token.kind for token in row].count("gap") == 1 for row in rows
    )


def _parted(tokens: list[Token]) -> list[Token]:
    return [token._replace(kind="char", text="&") if token.kind == "gap" else token for token in tokens]


def _all_related(tokens: list[Token]) -> bool:
    """Whether every row states a relation."""
    rows = [list(group) for ended, group in groupby(tokens, lambda token: token.kind == "row") if not ended]
    return bool(rows) and all(any(token.text in RELATIONS for token in row) for row in rows)


def _end_of(tokens: list[Token], place: int) -> int | None:
    depth = 0
    for at in range(place, len(tokens)):
        depth += (tokens[at].kind == "begin") - (tokens[at].kind == "end" and bool(tokens[at].text))
        if depth == 0:
            return at
    return None


def _aligns(tokens: list[Token]) -> bool:
    """Whether an array lays out statements: a cell of it is a relation sign alone, or begins with one."""
    before = "row"
    for token in tokens:
        if before in ("row", "&") and token.text in RELATIONS and token.kind in ("char", "macro"):
            return True
        before = "row" if token.kind == "row" else token.text
    return False


def _braced_left(result: list[Token], after: Token) -> bool:
    r"""Whether an array stands in `\left\{ … \right.`, which makes it cases."""
    return bool(result) and (result[-1].kind, result[-1].text) == ("open", "{") and after.text == "."
