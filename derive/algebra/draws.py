"""Streams of random bits that begin at once: the first bits of a seed are made once, a name's are computed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from random import Random
from typing import TypeVar
from zlib import crc32

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


class DrawsOf(Draws):
    """Random choices for one name: the same for the same seed and name, whatever else is drawn before."""

    __slots__ = ()

    def __init__(self, seed: int, name: str) -> None:
        self.place = (seed * _FAR + crc32(name.encode()) * _APART) & _WORD

    def bits(self, count: int) -> int:
        """So many random bits, at most `WIDTH`: the next of a splitmix64 generator (Steele, Lea, Flood 2014)."""
        self.place = state = (self.place + _STEP) & _WORD
        state = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 & _WORD
        state = (state ^ state >> 27) * 0x94D049BB133111EB & _WORD
        return (state ^ state >> 31) >> (64 - count)


_WORD = 2**64 - 1
_STEP, _APART, _FAR = 0x9E3779B97F4A7C15, 0xD1342543DE82EF95, 0xF1357AEA2E62A9C5
"""Odd numbers whose multiples are far apart."""
