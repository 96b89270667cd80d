"""Two rows of units aligned: what is equal, what is new; what came in begins where a term begins."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from difflib import SequenceMatcher

__all__ = ["SIGNS", "Part", "aligned"]

SIGNS = frozenset("+−-=≤≥<>∝·")
"""What a term begins with."""

Part = tuple[str, int, int, int, int]
"""`equal`, `insert`, `delete` or `replace`, and the parts (start, end) of the old and of the new row."""


def aligned(old: Sequence[Hashable], new: Sequence[Hashable], begins: Callable[[int], bool]) -> list[Part]:
    """The parts of the two rows; `begins` says of a place in the new row whether a term begins there.

    Of a − b − c against a − c the units `b −` are as new as `− b`: of such equals the one that begins a term is taken.
    """
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    parts: list[Part] = [(str(tag), a, b, start, end) for tag, a, b, start, end in matcher.get_opcodes()]
    for number, (tag, at, _, start, end) in enumerate(parts):
        if tag != "insert" or begins(start):
            continue
        room = _room(parts, number)
        back = _slides(new, start, end, room)
        slid = next((count for count in range(1, back + 1) if begins(start - count)), 0)
        if slid:
            before = parts[number - 1]
            parts[number - 1] = ("equal", before[1], at - slid, before[3], start - slid)
            parts[number] = ("insert", at - slid, at - slid, start - slid, end - slid)
            parts[number + 1 : number + 2] = _joined(parts, number, at, end, slid)
    return [part for part in parts if part[2] > part[1] or part[4] > part[3]]


def _room(parts: Sequence[Part], number: int) -> int:
    """How many units before a part are equal and may be given up to what follows it, which is equal or nothing."""
    before = parts[number - 1] if number else None
    after = parts[number + 1] if number + 1 < len(parts) else None
    if before is None or before[0] != "equal" or (after is not None and after[0] != "equal"):
        return 0
    return before[4] - before[3]


def _slides(new: Sequence[Hashable], start: int, end: int, room: int) -> int:
    """By how many units the part may move back and read the same."""
    count = 0
    while count < room and new[start - count - 1] == new[end - count - 1]:
        count += 1
    return count


def _joined(parts: Sequence[Part], number: int, at: int, end: int, slid: int) -> list[Part]:
    """What is equal after a part that moved back: longer by as much."""
    _, _, upto, _, last = parts[number + 1] if number + 1 < len(parts) else ("equal", at, at, end, end)
    return [("equal", at - slid, upto, end - slid, last)]
