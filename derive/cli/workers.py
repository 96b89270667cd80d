"""Many articles over several processes: a process for each, so that one that hangs or dies is its own affair.

A worker tells of each claim when it is decided. One that has told nothing for longer than a claim may take is ended,
reported with what it had found, and not waited for.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any

from derive.cli.checks import Asked, checked
from derive.clock import SLACK

__all__ = ["GRACE", "check_all"]

GRACE = 5.0
"""Seconds beyond the time for a claim (read, decided, mended: three times) after which a silent worker is ended."""


@dataclass
class _Running:
    """A worker: which article it is on, when it last told something, what it has told."""

    number: int
    process: Any
    end: Connection
    heard: float
    claims: list[Any] = field(default_factory=list)


def check_all(
    asked: Sequence[Asked], jobs: int, told: Callable[[int, Any], None] | None = None, grace: float = GRACE
) -> list[Any]:
    """The views of the reports on some articles, in their order; `told` is called with each when it is there."""
    context = multiprocessing.get_context()
    waiting = list(reversed(list(enumerate(asked))))
    running: list[_Running] = []
    results: dict[int, Any] = {}

    def done(number: int, view: Any) -> None:
        results[number] = view
        if told is not None:
            told(number, view)

    try:
        while waiting or running:
            while waiting and len(running) < max(1, jobs):
                number, item = waiting.pop()
                here, there = context.Pipe(duplex=False)
                process = context.Process(target=_work, args=(item, there), daemon=True)
                process.start()
                there.close()
                running.append(_Running(number, process, here, time.monotonic()))
            wait([worker.end for worker in running], timeout=0.5)
            for worker in list(running):
                view = _listen(worker, asked[worker.number], grace)
                if view is not None:
                    _end(worker)
                    running.remove(worker)
                    done(worker.number, view)
    finally:
        for worker in running:
            _end(worker)
    return [results[number] for number in range(len(asked))]


def _listen(worker: _Running, asked: Asked, grace: float) -> Any:
    """The view of a worker's report if it is there, or if none will come; else None."""
    from derive.render.reports.view import failed

    try:
        while worker.end.poll():
            kind, value = worker.end.recv()
            worker.heard = time.monotonic()
            if kind == "report":
                return value
            worker.claims.append(value)
    except (EOFError, OSError):
        return failed(asked.file, "internal error: the process that checked this file came to an end", 3, worker.claims)
    if asked.timeout is not None and time.monotonic() - worker.heard > 3 * SLACK * asked.timeout + grace:
        message = f"given up: one claim took longer than {asked.timeout:g} seconds; what follows it is not checked"
        return failed(asked.file, message, 1 if asked.strict else 0, worker.claims)
    return None


def _end(worker: _Running) -> None:
    if worker.process.is_alive():
        worker.process.terminate()
        worker.process.join(1)
        if worker.process.is_alive():
            worker.process.kill()
    worker.process.join(1)
    worker.end.close()


def _work(asked: Asked, end: Connection) -> None:
    """The body of a worker."""
    try:
        view = checked(asked, lambda claim: end.send(("claim", claim)))
        end.send(("report", view))
    except (BrokenPipeError, KeyboardInterrupt):
        return
    finally:
        end.close()
