"""`--watch`: the files are checked again whenever one of them is saved, until the user stops it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence

__all__ = ["stamp", "watch"]

PAUSE = 0.4
"""Seconds between two looks at the files."""


def stamp(files: Iterable[str]) -> tuple[tuple[str, int, int], ...]:
    """What tells one state of some files from another: when each was written, and how long it is."""
    found = []
    for file in files:
        try:
            status = os.stat(file)
            found.append((file, status.st_mtime_ns, status.st_size))
        except OSError:
            found.append((file, 0, -1))
    return tuple(found)


def watch(
    files: Sequence[str], check: Callable[[], int], *, rounds: int | None = None, pause: float = PAUSE,
    sleep: Callable[[float], None] = time.sleep,
) -> int:  # fmt: skip
    """Checks, and checks again after every change, at most `rounds` times; the exit status of the last check."""
    done = 0
    while True:
        seen = stamp(files)
        status = check()
        done += 1
        if rounds is not None and done >= rounds:
            return status
        try:
            while stamp(files) == seen:
                sleep(pause)
        except KeyboardInterrupt:
            return status
