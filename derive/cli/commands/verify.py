"""`derive verify`: runs derivations again, checks their certificates from JSON, and tries each line in many worlds."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from derive.cli.arguments import add_format, add_model, add_rules, world_count

if TYPE_CHECKING:
    from derive.cli.output import Output
    from derive.verification import Verified

SUMMARY = "run the library's derivations again, or check certificates"
EXAMPLE = """
derive verify
derive verify ddpm.posterior --worlds 1000
derive verify ./my-derivation.md ./posterior.json --format json
"""
TAKES_LATEX = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """The derivations, and in how many worlds their lines are tried."""
    parser.add_argument(
        "names", nargs="*", metavar="NAME|FILE", help="derivations, or certificates (.json); default: the library"
    )
    parser.add_argument("--worlds", type=world_count, default=200, metavar="N", help="worlds a line (default 200)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="the seed worlds are drawn from (default 0)")
    parser.add_argument(
        "--jobs", type=world_count, default=None, metavar="N", help="so many at a time (default: one a processor)"
    )
    add_model(parser)
    add_rules(parser)
    add_format(parser)


def run(options: argparse.Namespace, out: Output) -> int:
    """Verifies each derivation and prints a table; 1 if one does not hold, 2 if one cannot be read."""
    from derive.cli.contents import derivations

    names = options.names or [entry.name for entry in derivations()]
    found: list[Verified] = []
    table = _Table(names)
    at_once = options.format != "json" and not _watched(len(names), out)
    with _progress(len(names), out) as step:
        for entry in _verified(names, options):
            found.append(entry)
            step(entry.name)
            if at_once:
                out.rows(table.rows(entry))
                out.flush()
    if options.format == "json":
        out.json([_record(entry) for entry in found])
    else:
        if not at_once:
            out.rows(row for entry in found for row in table.rows(entry))
        out.rows(_grounds(found, out.width))
        out.rows(_summary(found, out.width))
    return max((entry.status for entry in found), default=0)


def verify(name: str, settings: dict[str, Any]) -> Verified:
    """One derivation or certificate."""
    from derive.verification import verify_certificate, verify_derivation

    if name.endswith(".json"):
        return verify_certificate(name, rules=settings["rules"])
    return verify_derivation(name, **settings)


def _verified(names: Sequence[str], options: argparse.Namespace) -> Iterator[Verified]:
    """The results in the order of the names, several computed at a time where there is more than one processor."""
    import os

    settings = {word: getattr(options, word) for word in ("model", "rules", "worlds", "seed")}
    jobs = min(options.jobs or os.cpu_count() or 1, len(names))
    if jobs < 2:
        for name in names:
            yield verify(name, settings)
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(jobs) as pool:
        waiting = [pool.submit(verify, name, settings) for name in names]
        for future in waiting:
            yield future.result()


def _watched(total: int, out: Output) -> bool:
    """Whether a person waits for several results; else each is written as soon as it is there."""
    import sys

    return out.terminal and sys.stderr.isatty() and total > 1


@contextmanager
def _progress(total: int, out: Output) -> Iterator[Callable[[str], None]]:
    """A progress bar on standard error while a person is watching, and nothing otherwise."""
    if not _watched(total, out):
        yield lambda name: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=Console(stderr=True, no_color=not out.colour), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda name: bar.update(task, advance=1, description=name)


# ---- what is printed ----------------------------------------------------------------------------------------------


def _record(entry: Verified) -> dict[str, Any]:
    record = asdict(entry)
    record["parts_seconds"] = record.pop("seconds")
    record["seconds"] = round(sum(entry.seconds.values()), 3)
    del record["status"]
    return record


class _Table:
    """A row for each result: kernel steps, rules used, worlds tried, obligations left open, seconds."""

    def __init__(self, names: Sequence[str]) -> None:
        self.wide = max([10, *map(len, names)])
        self.begun = False

    def rows(self, entry: Verified) -> Iterator[Any]:
        """The row of a result, after the titles where it is the first that has any numbers."""
        from derive.render.layout import Role

        if entry.steps and not self.begun:
            self.begun = True
            titles = f"{'steps':>6}{'rules':>7}{'worlds':>8}{'open':>6}{'seconds':>9}"
            yield ((f"  {'':<{self.wide}}{titles}", Role.HEADING),)
        mark = ("✓ ", Role.GOOD) if entry.holds else ("✗ ", Role.BAD)
        row = [mark, (f"{entry.name:<{self.wide}}", Role.RULE)]
        if entry.steps:
            worlds = str(entry.worlds) if entry.lines else "-"
            seconds = sum(entry.seconds.values())
            row.append((f"{entry.steps:>6}{len(entry.rules):>7}{worlds:>8}", Role.NOTE))
            row.append((f"{len(entry.assumes):>6}", Role.OPEN if entry.assumes else Role.NOTE))
            row.append((f"{seconds:>9.2f}", Role.NOTE))
        yield tuple(row)
        for line in entry.error.splitlines():
            yield ((f"    {line}", Role.BAD),)


def _grounds(found: Sequence[Verified], width: int | None) -> Iterator[Any]:
    """What each result rests on, and what it assumes."""
    from textwrap import wrap

    from derive.render.layout import Role

    for entry in found:
        if not entry.rests_on:
            continue
        yield ()
        yield ((entry.name, Role.RULE),)
        for word, items, role in (
            ("proves", [entry.statement], Role.GOOD),
            ("given", entry.given if not entry.lines else [], Role.NOTE),
            ("model", entry.model, Role.NOTE),
            ("rests on", entry.rests_on, Role.NOTE),
            ("assumes", entry.assumes, Role.OPEN),
            ("its model claims", entry.claims, Role.NOTE),
            ("no world exercises", list(dict.fromkeys(entry.not_exercised)), Role.OPEN),
        ):
            text = f"{word} {', '.join(items)}"
            lines = wrap(text, max(40, width - 4), break_long_words=False) if width else [text]
            for place, line in enumerate(lines if items else []):
                yield ((("  " if place == 0 else "    ") + line, role),)


def _summary(found: Sequence[Verified], width: int | None) -> Iterator[Any]:
    from derive.render.layout import Page, Role

    good = sum(entry.holds for entry in found)
    rules = {name for entry in found for name in entry.rules}
    steps, worlds = sum(entry.steps for entry in found), sum(entry.worlds for entry in found)
    checked = sum(entry.certificate for entry in found)
    seconds = sum(sum(entry.seconds.values()) for entry in found)
    yield ()
    text = (
        f"{good} of {len(found)} hold; {checked} certificates checked from their JSON alone; {steps} steps by "
        f"{len(rules)} rules; {worlds:,} worlds; {seconds:.1f} s of work"
    )
    yield from Page(width).prose(text, role=Role.GOOD if good == len(found) else Role.BAD)
