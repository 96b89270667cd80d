"""The command `derive`: reads its arguments, runs one command, turns every outcome into an exit status.

    0   everything that was asked holds
    1   something does not hold
    2   the input cannot be used (and this beats 1)
    3   derive's own fault

Nothing heavy is imported here: each command imports what it needs when it runs.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

from derive.cli.output import Output
from derive.errors import DeriveError, Fault

__all__ = ["main"]

INTERRUPTED = 130

COLLECT_AFTER = 200_000
"""A command lives for seconds and makes few cycles: Python looks for them every so many objects, not every 700."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command with these arguments (those of the process if None) and returns the exit status."""
    from derive.cli.parser import parse

    gc.set_threshold(COLLECT_AFTER, 20, 20)
    given = list(sys.argv[1:] if arguments is None else arguments)
    out = Output()
    try:
        chosen = parse(given, out)
        if isinstance(chosen, int):
            return chosen
        status = chosen.command.run(chosen, out)
        out.flush()
        return status
    except KeyboardInterrupt:
        return INTERRUPTED
    except Fault as error:
        return _fault(error, given, out)
    except DeriveError as error:
        if "--debug" in given:
            _traceback(out)
        out.error(f"derive: {error.render()}")
        return error.exit_status
    except Exception as error:  # the last line of defence: no traceback reaches a user unasked
        return _fault(error, given, out)


def _fault(error: Exception, given: Sequence[str], out: Output) -> int:
    """Says that this is our mistake, and how to report it."""
    message = error.render() if isinstance(error, DeriveError) else f"{type(error).__name__}: {str(error)[:500]}"
    if "--debug" in given:
        _traceback(out)
    out.error(f"derive: internal error: {message}")
    out.error("This is a mistake in derive, not in your input. Please report it, with the command you ran and what the")
    out.error("same command prints with --debug; CONTRIBUTING.md says where.")
    return Fault.exit_status


def _traceback(out: Output) -> None:
    import traceback

    out.error(traceback.format_exc().rstrip())
