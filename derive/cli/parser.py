"""The command's arguments: one table of commands, each a module with its own arguments, help and example.

LaTeX may begin with a minus. `derive read '-\\log x'` is no option, and argparse would take it for one: such words are
marked before it sees them, and unmarked where they are used.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn, Protocol

from derive import __version__
from derive.errors import InputError

if TYPE_CHECKING:
    from derive.cli.output import Output

__all__ = ["COMMANDS", "Command", "build", "latex", "parse"]

COMMANDS = ("list", "show", "rules", "read", "check", "verify", "export", "completion")

DESCRIPTION = "LaTeX in, checked derivation out: probability, derived one named step at a time."

EPILOG = """\
examples:
  derive list                          what the library holds
  derive show ddpm.posterior           a derivation, step by step
  derive rules bayes                   a rule, and how it was tried
  derive read 'q(x_t \\mid x_{t-1})'    how a formula is understood

exit status: 0 holds, 1 something does not hold, 2 bad input, 3 derive's own fault
"""

_MARK = "\x00"


class Command(Protocol):
    """What each command's module offers."""

    SUMMARY: str
    EXAMPLE: str
    TAKES_LATEX: bool

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Adds the command's own arguments."""

    def run(self, options: argparse.Namespace, out: Output) -> int:
        """Runs the command; returns the exit status."""


class _Parser(argparse.ArgumentParser):
    """argparse, its complaints as errors of ours."""

    def error(self, message: str) -> NoReturn:
        raise InputError(message.replace(_MARK, ""), hint=f"{self.prog} --help shows how it is used")


def latex(text: str) -> str:
    """The type of an argument that may be LaTeX: the text, without the mark that brought it past argparse."""
    return text.removeprefix(_MARK)


def build() -> argparse.ArgumentParser:
    """The parser, with every command in it."""
    parser = _Parser(
        prog="derive",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"derive {__version__}")
    parser.add_argument("--debug", action="store_true", help="show a traceback when something goes wrong")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    for name in COMMANDS:
        command = _module(name)
        child = commands.add_parser(
            name,
            help=command.SUMMARY,
            description=command.SUMMARY[0].upper() + command.SUMMARY[1:] + ".",
            epilog=f"example:\n{_indented(command.EXAMPLE)}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        command.arguments(child)
        child.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        child.set_defaults(command=command)
    return parser


def parse(given: Sequence[str], out: Output) -> argparse.Namespace | int:
    """The arguments understood; or an exit status where printing help or the version was all there was to do."""
    if list(given) == ["--version"]:
        out.line(f"derive {__version__}")
        return 0
    parser = build()
    if not given:
        out.raw(parser.format_help())
        return 0
    try:
        options = parser.parse_args(_marked(given))
    except SystemExit as done:
        return int(done.code or 0)
    if not hasattr(options, "command"):
        parser.error("a command is missing")
    return options


def _marked(given: Sequence[str]) -> list[str]:
    """The arguments with LaTeX that begins with a minus marked as no option."""
    name = next((word for word in given if not word.startswith("-")), None)
    if name not in COMMANDS or not _module(name).TAKES_LATEX:
        return list(given)
    words, literal = [], False
    for word in given:
        literal = literal or word == "--"
        option = word in ("-", "-h") or word.startswith("--") or not word.startswith("-")
        words.append(word if literal or option else _MARK + word)
    return words


def _module(name: str) -> Command:
    return import_module(f"derive.cli.commands.{name}")  # type: ignore[return-value]


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.strip().splitlines())
