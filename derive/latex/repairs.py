r"""Repairs of damaged notation: a bracket or brace too few or too many, a stray bold face.

What may have been meant is tried: a bracket put in or left out wherever that makes the brackets of the text fit, a
name's bold face ignored. Where all that can be read comes to one reading the text is read so, and noted; where there
are two, both are shown and neither is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from derive.errors import DeriveError, LimitExceeded, ReadError, SortError
from derive.latex import syntax
from derive.latex.syntax import Node
from derive.latex.tokens import Token
from derive.latex.trees import walk

MOST_TOKENS = 140
MOST_TRIED = 32
_PARTNERS = {"(": ")", "[": "]", "{": "}"}
_OPENERS = {closer: opener for opener, closer in _PARTNERS.items()}
_UNFINISHED = frozenset("+-=,;:^_/&*{") | {r"\cdot", r"\times", r"\frac", r"\sqrt", r"\log", r"\exp"}
_TAKE_ARGUMENTS = frozenset(
    (r"\frac", r"\sqrt", r"\mathbf", r"\boldsymbol", r"\bar", r"\tilde", r"\hat", r"\mathbb")
)


class Repair(NamedTuple):
    """What is changed: the tokens of one text (by its number), or a name that is not bold; and how to say so."""

    note: str
    text: int = 0
    tokens: Callable[[list[Token]], list[Token]] | None = None
    plain: str = ""


def repaired(read: Callable[[Repair | None], Any], scanned: Callable[[], list[Any]], same: Callable[[Any], Any]) -> Any:
    """What `read` gives, after a repair where that fails and there is only one. Raises what `read` raised, else."""
    try:
        return read(None)
    except LimitExceeded:
        raise
    except (ReadError, SortError) as error:
        found: dict[Any, tuple[Any, Repair]] = {}
        for tried, repair in enumerate(_repairs(error, scanned)):
            if tried >= MOST_TRIED:
                raise error from None
            try:
                result = read(repair)
            except DeriveError:
                continue
            found.setdefault(same(result), (result, repair))
            if len(found) > 1:
                break
        if not found:
            raise
        if len(found) > 1:
            first, second = (repair.note for _, repair in found.values())
            shown = [same(result) for result, _ in found.values()]
            error.expected = " or ".join(_written(terms) for terms in shown)
            error.hint = f"this can be mended in two ways: {first}; {second}"
            raise error from None
        return next(iter(found.values()))[0]


def _written(terms: Any) -> str:
    from derive.latex import latex

    return ", ".join(latex(term) for term in terms)


def _repairs(error: DeriveError, scanned: Callable[[], list[Any]]) -> Iterator[Repair]:
    try:
        texts = scanned()
    except DeriveError:
        return
    for number, (tokens, text, trees) in enumerate(texts):
        if len(tokens) <= MOST_TOKENS and trees is None:
            yield from _brackets(tokens, text, number)
    if isinstance(error, SortError):
        yield from _bold([tree for _, _, trees in texts for tree in trees or ()])


# ---- brackets -----------------------------------------------------------------------------------------------------


def _kind(token: Token) -> tuple[str, bool] | None:
    """The bracket that a token is, a brace as "{{", and whether it opens."""
    if token.kind == "open" and token.text in _PARTNERS:
        return token.text, True
    if token.kind == "close" and token.text in _OPENERS:
        return _OPENERS[token.text], False
    if token.kind == "char" and token.text in "{}":
        return "{{", token.text == "{"
    return None


def _loose(tokens: list[Token]) -> tuple[list[int], list[int]]:
    """The places of brackets that are never closed, and of those that close nothing."""
    stack: list[tuple[int, str]] = []
    closing: list[int] = []
    for place, token in enumerate(tokens):
        found = _kind(token)
        if found is None:
            continue
        if found[1]:
            stack.append((place, found[0]))
        elif stack and stack[-1][1] == found[0]:
            stack.pop()
        else:
            closing.append(place)
    return [place for place, _ in stack], closing


def _brackets(tokens: list[Token], text: str, number: int) -> Iterator[Repair]:
    opened, closing = _loose(tokens)
    counts: dict[str, int] = {}
    for place in (*opened, *closing):
        found = _kind(tokens[place])
        assert found is not None
        counts[found[0]] = counts.get(found[0], 0) + (1 if found[1] else -1)
    wrong = [(kind, count) for kind, count in counts.items() if count]
    if len(wrong) != 1 or abs(wrong[0][1]) != 1:
        return
    kind, count = wrong[0]
    shown = "{" if kind == "{{" else kind
    missing = count > 0
    put = _PARTNERS[shown] if missing else shown
    for place in range(1, len(tokens)):
        if tokens[place - 1].kind == "end" or not _boundary(tokens, place, missing):
            continue
        new = _token(kind, put, not missing, tokens[place].start)
        if _loose([*tokens[:place], new, *tokens[place:]]) == ([], []):
            where = text[tokens[place].start : tokens[place].end] or "the end"
            yield Repair(f"a {put} is put before “{where}”", number, _inserted(place, new))
    for place, token in enumerate(tokens):
        called = missing and place > 0 and _named(tokens[place - 1])
        if called or _kind(token) != (kind, missing):
            continue
        if _loose(tokens[:place] + tokens[place + 1 :]) == ([], []):
            yield Repair(f"a {shown if missing else _PARTNERS[shown]} is left out", number, _left_out(place))


def _token(kind: str, text: str, opens: bool, start: int) -> Token:
    if kind == "{{":
        return Token("char", text, start, start)
    return Token("open" if opens else "close", text, start, start)


def _boundary(tokens: list[Token], place: int, closes: bool) -> bool:
    """Whether a bracket can stand before the token at a place: behind an operand where it closes, before one else."""
    before, after = tokens[place - 1], tokens[place]
    if after.text in ("_", "^", "'"):
        return False
    if closes:
        if after.kind == "open" and _named(before):
            return False
        alone = place > 2 and tokens[place - 2].kind == "open" and not _named(tokens[place - 3])
        return not alone and before.kind not in ("open", "row", "gap", "begin") and before.text not in _UNFINISHED
    if before.text in ("_", "^") or before.kind in ("letter", "text") or before.text in _TAKE_ARGUMENTS:
        return False
    return after.kind not in ("close", "end", "row", "gap") and after.text not in "}=,+-"


def _named(token: Token) -> bool:
    """Whether what takes arguments may end here."""
    return token.kind in ("letter", "text", "macro") or token.text == "}"


def _inserted(place: int, token: Token) -> Callable[[list[Token]], list[Token]]:
    return lambda tokens: [*tokens[:place], token, *tokens[place:]]


def _left_out(place: int) -> Callable[[list[Token]], list[Token]]:
    return lambda tokens: tokens[:place] + tokens[place + 1 :]


# ---- faces --------------------------------------------------------------------------------------------------------


def _bold(trees: list[Node]) -> Iterator[Repair]:
    names = {node.name for tree in trees for node in walk(tree) if isinstance(node, syntax.Name) and node.bold}
    for name in sorted(names):
        yield Repair(f"the bold face of {name} is read as saying nothing", plain=name)


def faced(trees: list[Node]) -> set[str]:
    """The small names that are set in bold, which are vectors if anything is."""
    return {
        node.name
        for tree in trees
        for node in walk(tree)
        if isinstance(node, syntax.Name) and node.bold and node.name.rpartition("\\")[2][:1].islower()
    }


def unbold(tree: Node, name: str) -> None:
    """Take the bold face off a name, wherever it stands in a tree."""
    for node in walk(tree):
        if isinstance(node, syntax.Name) and node.name == name:
            node.bold = False
