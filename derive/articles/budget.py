"""A time that one claim may take: what is not decided by then is unknown."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["OutOfTime", "within"]


class OutOfTime(BaseException):
    """The time is over. No `Exception`: nothing that mends a failed attempt may take it for one."""


@contextmanager
def within(seconds: float | None) -> Iterator[None]:
    """Raises `OutOfTime` in the body after so many seconds, where the platform and the thread allow it."""
    able = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if seconds is None or not able:
        yield
        return

    def over(_: int, __: FrameType | None) -> None:
        raise OutOfTime

    kept = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, kept)
