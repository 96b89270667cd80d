"""A stream of random bits that begins at once: the first bits of a seed are made once for all questions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from random import Random
from typing import TypeVar

Item = TypeVar("Item")

WIDTH = 16
_MADE_AT_ONCE = 256


@lru_cache(maxsize=16)
def _stream(seed: int) -> tuple[list[int], Random]:
    """What was made of a seed's stream, and what makes more of it."""
    return [], Random(seed)


class Draws:
    """Random choices, the same for the same seed."""

    __slots__ = ("made", "place", "source")

    def __init__(self, seed: int) -> None:
        self.made, self.source = _stream(seed)
        self.place = 0

    def bits(self, count: int) -> int:
        """So many random bits, at most `WIDTH`."""
        place = self.place
        self.place = place + 1
        if place >= len(self.made):
            self.made += [self.source.getrandbits(WIDTH) for _ in range(_MADE_AT_ONCE)]
        return self.made[place] >> (WIDTH - count)

    def below(self, limit: int) -> int:
        """A whole number from 0 to limit − 1."""
        return self.bits(WIDTH) * limit >> WIDTH

    def choice(self, items: Sequence[Item]) -> Item:
        """One of some items."""
        return items[self.below(len(items))]
