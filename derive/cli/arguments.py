"""Arguments that several commands share, so that they mean and say the same everywhere."""

from __future__ import annotations

import argparse
import sys

from derive.cli.parser import latex
from derive.errors import InputError, LimitExceeded

__all__ = [
    "LONGEST_INPUT", "add_format", "add_given", "add_lang", "add_model", "add_rules", "statement_text", "world_count",
]  # fmt: skip

LONGEST_INPUT = 1_000_000
"""No more than this many characters are read from standard input."""


def add_model(parser: argparse.ArgumentParser) -> None:
    """`--model`: a library name, or a path when it has a `/` or ends in .md."""
    parser.add_argument(
        "--model", metavar="NAME|FILE", help="the model: a library name, or a file (with a / or ending in .md)"
    )


def add_given(parser: argparse.ArgumentParser) -> None:
    """`--given`: one more assumption."""
    parser.add_argument(
        "--given", metavar="LATEX", action="append", default=[], type=latex, help="an assumption; may be repeated"
    )


def add_rules(parser: argparse.ArgumentParser) -> None:
    """`--rules`: rules of one's own."""
    parser.add_argument("--rules", metavar="FILE", action="append", default=[], help="a Markdown file with more rules")


def add_format(parser: argparse.ArgumentParser) -> None:
    """`--format`: for people or for programs."""
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text (default) or json")


def add_lang(parser: argparse.ArgumentParser) -> None:
    """`--lang`: names and explanations in Chinese beside English."""
    parser.add_argument(
        "--lang", choices=("en", "zh"), default="en", help="zh: names and explanations in Chinese beside English"
    )


def world_count(text: str) -> int:
    """The type of `--worlds`."""
    if not text.isdecimal() or not 1 <= int(text[:9]) <= 100_000:
        raise argparse.ArgumentTypeError(f"{text[:40]} is no number from 1 to 100000")
    return int(text)


def statement_text(argument: str) -> str:
    """The LaTeX of an argument; of standard input where the argument is `-`."""
    if argument != "-":
        return argument
    if sys.stdin is None:
        raise InputError("there is no standard input to read")
    try:
        text = sys.stdin.read(LONGEST_INPUT + 1)
    except UnicodeDecodeError:
        raise InputError("standard input is no UTF-8 text") from None
    if len(text) > LONGEST_INPUT:
        raise LimitExceeded(f"the input is longer than {LONGEST_INPUT:,} characters", file="<stdin>")
    return text
