"""Where the command's words go: colour and width on a terminal, plain unbroken lines in a pipe, ASCII if it must be.

A reader who goes away (`derive rules | head`) is no error: what is left is computed and not written, so that the exit
status still says the truth.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from derive.errors import InputError
from derive.render.ascii import in_ascii, writes_unicode

__all__ = ["Output"]


class Output:
    """Standard output and standard error of one run of the command."""

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self._out = sys.stdout if out is None else out
        self._err = sys.stderr if err is None else err
        for stream in (self._out, self._err):
            # what came in undecodable (a file's name) must not break what goes out
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        self.ascii = not writes_unicode(getattr(self._out, "encoding", None))
        self.terminal = _is_terminal(self._out)
        self.width = max(20, shutil.get_terminal_size((88, 24)).columns) if self.terminal else None
        wanted = bool(os.environ.get("FORCE_COLOR")) or (self.terminal and os.environ.get("TERM") != "dumb")
        self.colour = wanted and not os.environ.get("NO_COLOR")
        self._gone = False

    def line(self, text: str = "") -> None:
        """One line to standard output."""
        self._write(self._out, (in_ascii(text) if self.ascii else text) + "\n")

    def rows(self, rows: Iterable[Any]) -> None:
        """Rows of the layout, in colour where colour is wanted."""
        from derive.render.layout import plain

        if not self.colour:
            for row in rows:
                self.line(plain(row))
            return
        from rich.console import Console

        from derive.render.terminal import print_rows

        buffer = io.StringIO()
        depth = "truecolor" if os.environ.get("COLORTERM") in ("truecolor", "24bit") else "256"
        console = Console(file=buffer, force_terminal=True, color_system=depth, width=self.width or 10_000)  # type: ignore[arg-type]
        print_rows(rows, console)
        text = buffer.getvalue()
        self._write(self._out, in_ascii(text) if self.ascii else text)

    @contextlib.contextmanager
    def paging(self) -> Iterator[None]:
        """What is written within goes through a pager, where it is longer than the terminal is high.

        The pager is `PAGER`, else `less`; none where `PAGER` is empty or `cat`, and none in a pipe.
        """
        command = shlex.split(os.environ.get("PAGER", "less"))
        if not self.terminal or not command or command == ["cat"] or shutil.which(command[0]) is None:
            yield
            return
        stream, self._out = self._out, io.StringIO()
        try:
            yield
        finally:
            text, self._out = self._out.getvalue(), stream
            self._page(text, command)

    def _page(self, text: str, command: list[str]) -> None:
        """The text through the pager, or as it is where it fits the screen or the pager cannot be run."""
        if text.count("\n") < shutil.get_terminal_size((88, 24)).lines:
            self._write(self._out, text)
            return
        environment = {"LESS": "FRX", "LESSCHARSET": "utf-8", **os.environ}
        self.flush()
        try:
            subprocess.run(command, input=text.encode("utf-8", "replace"), env=environment, check=False)
        except OSError:
            self._write(self._out, text)

    def raw(self, text: str) -> None:
        """Text as it is, for files that go to standard output; only what cannot be encoded is escaped."""
        self._write(self._out, text if text.endswith("\n") else text + "\n")

    def json(self, value: Any) -> None:
        """A value as JSON."""
        self._write(self._out, json.dumps(value, ensure_ascii=self.ascii, indent=2) + "\n")

    def error(self, text: str) -> None:
        """A message to standard error."""
        unicode = writes_unicode(getattr(self._err, "encoding", None))
        with contextlib.suppress(OSError, ValueError):
            self._err.write((text if unicode else in_ascii(text)) + "\n")
            self._err.flush()

    def flush(self) -> None:
        """Writes what is still held back; silent when nobody reads any more."""
        self._write(self._out, "")

    def _write(self, stream: TextIO, text: str) -> None:
        if self._gone:
            return
        try:
            stream.write(text)
            if not text or self.terminal:
                stream.flush()
        except BrokenPipeError:
            self._abandon(stream)
        except OSError as error:
            self._abandon(stream)
            raise InputError(f"the output cannot be written: {error.strerror or error}") from None

    def _abandon(self, stream: TextIO) -> None:
        """Nothing more is written. Python flushes the stream once more when it exits: give it somewhere to go."""
        self._gone = True
        with contextlib.suppress(OSError, ValueError, io.UnsupportedOperation):
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, stream.fileno())
            os.close(null)


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False
