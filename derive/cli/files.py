"""Writing a file whole or not at all: never half of one, never over one that is there, unless that is asked for."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from derive.errors import InputError

__all__ = ["check_folder", "check_target", "write_file", "write_folder"]


def check_target(path: str | Path, force: bool = False) -> os.stat_result | None:
    """What stands at the path now, None if nothing does; raises `InputError` where it cannot be written to."""
    path = Path(path)
    try:
        found = path.stat()
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise InputError("there is no such folder", file=path.parent) from None
        return None
    except (OSError, ValueError) as error:
        raise _failure(path, error) from None
    if stat.S_ISDIR(found.st_mode):
        raise InputError("this is a folder, not a file", file=path)
    if stat.S_ISREG(found.st_mode) and not force:
        raise InputError("there is such a file already", file=path, hint="--force writes over it")
    return found


def write_file(path: str | Path, text: str, force: bool = False) -> None:
    """Writes the text to the path, through a new file beside it that takes its place when it is complete.

    Raises `InputError` where there is such a file already and `force` is not given, and where writing fails.
    """
    path = Path(path)
    found = check_target(path, force)
    try:
        if found is not None and not stat.S_ISREG(found.st_mode):
            # a pipe or a device is written to, not replaced
            path.write_text(text, encoding="utf-8")
        else:
            _replace(path.resolve() if path.is_symlink() else path, text, found)
    except (OSError, ValueError) as error:
        raise _failure(path, error) from None


def check_folder(path: str | Path, force: bool = False) -> None:
    """Raises `InputError` where a folder of files cannot be written: no place for it, or something in it already."""
    path = Path(path)
    try:
        if path.is_dir():
            if any(path.iterdir()) and not force:
                raise InputError("there is something in this folder already", file=path, hint="--force writes into it")
        elif path.exists():
            raise InputError("this is a file, not a folder", file=path)
        elif not path.absolute().parent.is_dir():
            raise InputError("there is no such folder", file=path.absolute().parent)
    except (OSError, ValueError) as error:
        raise _failure(path, error) from None


RECORD = ".derive-files.json"
"""In a folder of files: which of them were written, with the hash of each."""


def write_folder(path: str | Path, files: Mapping[str, str], force: bool = False) -> None:
    """Writes all files into the folder: a new one appears whole or not at all, one that is there file by file.

    What was written into it before and is no longer among the files goes, unless somebody has changed it since; nothing
    else is touched. Raises `InputError` where writing fails.
    """
    path = Path(path)
    check_folder(path, force)
    files = {**files, RECORD: json.dumps({name: _hash(text.encode()) for name, text in files.items()}, indent=1) + "\n"}
    if path.is_dir() and any(path.iterdir()):
        left_over = [found for found in _written_before(path) if found.name not in files]
        for name, text in files.items():
            write_file(path / name, text, force=True)
        try:
            for found in left_over:
                found.unlink()
        except OSError as error:
            raise _failure(path, error) from None
        return
    beside = path.absolute().with_name(f".{path.absolute().name[:50]}.{os.getpid()}.new")
    try:
        beside.mkdir()
        for name, text in files.items():
            write_file(beside / name, text)
        if path.is_dir():
            path.rmdir()
        os.replace(beside, path)
    except InputError as error:  # the new folder beside it is nobody's concern
        error.file = os.fspath(path)
        raise
    except (OSError, ValueError) as error:
        raise _failure(path, error) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _written_before(path: Path) -> Iterator[Path]:
    """The files of a folder that its record names and that are still as they were written."""
    try:
        record = json.loads((path / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return
    for name, digest in record.items() if isinstance(record, dict) else ():
        found = path / name
        if Path(name).name != name or found.is_symlink() or not found.is_file():
            continue
        with contextlib.suppress(OSError):
            if _hash(found.read_bytes()) == digest:
                yield found


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _replace(path: Path, text: str, found: os.stat_result | None) -> None:
    beside = path.with_name(f".{path.name[:50]}.{os.getpid()}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if found is not None:
            os.chmod(beside, stat.S_IMODE(found.st_mode))
        os.replace(beside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def _failure(path: Path, error: OSError | ValueError) -> InputError:
    return InputError(f"the file cannot be written: {getattr(error, 'strerror', None) or error}", file=path)
