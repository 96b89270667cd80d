"""How long a question may take: what is not decided by then is unknown.

The clock counts the processor time of its thread, so that a busy machine does not change an answer; time on the wall
counts too, `SLACK` times as slow. Loops that may run long call `tick`. Where the platform has such a timer, the main
thread is interrupted as well, a moment later, for what no loop of ours sees.
"""

from __future__ import annotations

import gc
import signal
import sys
import threading
import time
from types import FrameType, TracebackType
from typing import Any

__all__ = ["SLACK", "OutOfTime", "part", "paused", "remaining", "tick", "within"]

SLACK = 15.0
"""So many seconds on the wall may pass for one of the processor's."""
_GRACE = 0.02
"""So much later than a `tick` the interrupt comes, in seconds."""
_EVERY = 0.02
"""So often it is looked whether the time is over; more than once, since an interrupt in a destructor is lost."""


class OutOfTime(BaseException):
    """The time is over. No `Exception`: nothing that mends a failed attempt may take it for one."""


class _Deadline:
    """When the time is over. `due` is the moment on the wall before which it cannot be: that is cheaper to ask."""

    __slots__ = ("cpu", "due", "outer", "wall")

    def __init__(self, seconds: float, outer: _Deadline | None) -> None:
        now = time.monotonic()
        self.cpu, self.wall, self.due = time.thread_time() + seconds, now + SLACK * seconds, now + seconds
        self.outer = outer
        if outer is not None:
            self.cpu, self.wall = min(self.cpu, outer.cpu), min(self.wall, outer.wall)
            self.due = min(self.due, outer.due)

    def left(self) -> float:
        """The seconds that are left, of the processor's time."""
        now = time.monotonic()
        left = min(self.cpu - time.thread_time(), (self.wall - now) / SLACK)
        self.due = now + left
        return left

    def moved(self, cpu: float, wall: float) -> None:
        """The same time later, for this deadline and those around it."""
        self.cpu, self.wall, self.due = self.cpu + cpu, self.wall + wall, self.due + cpu
        if self.outer is not None:
            self.outer.moved(cpu, wall)


class _Present(threading.local):
    deadline: _Deadline | None = None


_present = _Present()


class within:  # read as a word: with within(2.0)
    """`with within(seconds)`: raises `OutOfTime` in the body after so many seconds; of nested ones the earliest counts.

    None bounds nothing.
    """

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        self._before: _Deadline | None = None
        self._handler: Any = None
        self._armed = False

    def __enter__(self) -> within:
        before = self._before = _present.deadline
        if self.seconds is None:
            return self
        _present.deadline = _Deadline(self.seconds, before)
        if before is None and _interrupts():
            self._handler = signal.signal(signal.SIGVTALRM, _look)
            self._armed = True
            signal.setitimer(signal.ITIMER_VIRTUAL, _EVERY, _EVERY)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _present.deadline = self._before
        if self._armed:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, self._handler)


class paused:  # read as a word: with paused()
    """`with paused()`: what is made once for all questions, such as the rulebook's index, takes no time of this one."""

    def __enter__(self) -> paused:
        self._kept, _present.deadline = _present.deadline, None
        self._cpu, self._wall = time.thread_time(), time.monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._kept is not None:
            self._kept.moved(time.thread_time() - self._cpu, time.monotonic() - self._wall)
        _present.deadline = self._kept


def remaining() -> float | None:
    """The seconds that are left of the time; None where none is set."""
    return None if _present.deadline is None else max(0.0, _present.deadline.left())


def part(share: float) -> within:
    """`with part(1/2)`: within a share of the time that is left; nothing bounds it where no time is set."""
    left = remaining()
    return within(None if left is None else share * left)


def tick() -> None:
    """Raises `OutOfTime` where the time is over."""
    deadline = _present.deadline
    if deadline is not None and time.monotonic() >= deadline.due and deadline.left() < 0:
        raise OutOfTime


def _interrupts() -> bool:
    """Whether this thread is interrupted by a timer that nobody else uses."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        return False
    return signal.getitimer(signal.ITIMER_VIRTUAL)[0] == 0


def _look(_: int, frame: FrameType | None) -> None:
    """Raises `OutOfTime` in the main thread where the time is over, but not while a module is imported."""
    if _present.deadline is None or _present.deadline.left() > -_GRACE or _undisturbed(frame):
        return
    raise OutOfTime


def _undisturbed(frame: FrameType | None) -> bool:
    """Whether a half-done piece of work would stay behind (a module half imported, a clock half set), or an error would
    be lost: what the collection of garbage calls cannot raise.
    """
    if frame is not None and frame.f_code.co_filename == __file__:
        return True
    called = {getattr(callback, "__code__", None) for callback in (*gc.callbacks, sys.unraisablehook)}
    while frame is not None:
        code = frame.f_code
        if code.co_filename == "<frozen importlib._bootstrap>" or code in called or code.co_name == "__del__":
            return True
        frame = frame.f_back
    return False
