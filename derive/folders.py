"""Where the library's two folders are: inside the installed package, or beside our own pyproject.toml in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from derive.errors import Fault, InputError, LimitExceeded, NotFound

__all__ = ["LARGEST_FILE", "derivations_folder", "read_text", "rules_folder"]

LARGEST_FILE = 4_000_000
"""No file longer than this many bytes is read."""


def rules_folder() -> Path:
    """The folder of the rulebook's Markdown files."""
    return _folder("rules")


def derivations_folder() -> Path:
    """The folder of the library's models and derivations."""
    return _folder("derivations")


@cache
def _folder(name: str) -> Path:
    package = Path(__file__).resolve().parent
    inside = package / name
    if inside.is_dir():
        return inside
    project = package.parent / "pyproject.toml"
    beside = package.parent / name
    if beside.is_dir() and project.is_file() and 'name = "derive-math"' in project.read_text(encoding="utf-8"):
        return beside
    raise Fault(f"the folder {name}/ is missing from the installation", hint="install derive-math again")


def read_text(path: str | Path) -> str:
    """The text of a file of the user's: UTF-8, of bounded size, line breaks as newlines.

    Raises `NotFound` where there is no such file and `InputError` where it is no text or cannot be read.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise InputError("this is a folder, not a file", file=path)
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound("there is no such file", file=path) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"the file cannot be read: {reason}", file=path) from None
    if len(data) > LARGEST_FILE:
        raise LimitExceeded(f"the file is longer than {LARGEST_FILE:,} bytes", file=path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError("this is no UTF-8 text", file=path, line=line) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
