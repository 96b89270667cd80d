"""`derive check`: which lines of an article hold, which do not, and what was meant; the same for one statement."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from derive.cli.arguments import add_given, add_model, add_rules
from derive.cli.parser import latex
from derive.errors import DeriveError, Fault, InputError

if TYPE_CHECKING:
    from derive.cli.output import Output
    from derive.cli.targets import Target

SUMMARY = "decide whether statements hold: those of an article, or one"
EXAMPLE = r"""
derive check paper.tex notes.md
derive check notes.md --model ddpm --given 't \ge 2' --watch
derive check 'q(x_t \mid x_{t-1}, x_0) = q(x_t \mid x_{t-1})' --model ddpm
derive check --given 'a > 0' --given 'b > 0' '\log\frac{a}{b} = \log a - \log b'
echo 'a = b' | derive check -

What an article assumes it says itself, for the section in which it stands:
  Markdown   model: ddpm           <!-- derive: given t \ge 2 -->           a fence ```model, a statement a line
  LaTeX      % derive: model ddpm      % derive: given t \ge 2
`derive: skip` in a comment passes over the display that follows. Formulas within a line of prose are not read, unless
`derive: inline` in a comment says so, to the end of its section: those that bound a name (0 < \beta_t < 1) or say where
it lies are then assumed, the others are definitions and claims like those of a display. The report shows each.

A line may say what it rests on, \by{bayes} at its end (derive export --to sty): that rule is tried first, and the
report says where the line holds by other means, or where no rule has that name.
"""
TAKES_LATEX = True

TIMEOUT = 2.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to check, what it may assume, how to report it."""
    parser.add_argument(
        "what", type=latex, nargs="+", metavar="FILE|STATEMENT",
        help="articles (.md, .tex), folders of them, or one statement in LaTeX; - reads standard input",
    )  # fmt: skip
    add_given(parser)
    add_model(parser)
    add_rules(parser)
    parser.add_argument("--follow", action="store_true", help=r"check the files of \input and \include too")
    parser.add_argument("--strict", action="store_true", help="exit status 1 also where the answer is unknown")
    parser.add_argument(
        "--detail", choices=("normal", "full"), default="normal", help="full shows each line of a proof found by search"
    )
    parser.add_argument(
        "--format", choices=("text", "json", "github", "sarif"), default="text",
        help="text (default), json, github (annotations of a workflow), sarif (2.1.0)",
    )  # fmt: skip
    parser.add_argument("--watch", action="store_true", help="check again whenever a file is saved")
    parser.add_argument("--jobs", type=_count, default=0, metavar="N", help="processes (default: one a core)")
    parser.add_argument(
        "--timeout", type=_seconds, default=TIMEOUT, metavar="SECONDS",
        help=f"time for one claim, of the processor (default {TIMEOUT:g}); what is not decided by then is unknown",
    )  # fmt: skip


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:9]) <= 256:
        raise argparse.ArgumentTypeError(f"{text[:40]} is no number from 1 to 256")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text[:40])
    except ValueError:
        seconds = -1.0
    if not 0 < seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"{text[:40]} is no number of seconds")
    return seconds


def run(options: argparse.Namespace, out: Output) -> int:
    """Checks what is named; 1 where something does not hold, 2 where something cannot be used (which beats 1)."""
    from derive.cli.targets import targets_of

    targets = targets_of(options.what)
    files = [target.text for target in targets if target.kind == "file"]
    if options.watch:
        return _watched(options, out, files)
    return _all(options, out, targets)


def _watched(options: argparse.Namespace, out: Output, files: Sequence[str]) -> int:
    """Again and again, on a clean screen where there is one."""
    from derive.cli.targets import targets_of
    from derive.cli.watching import watch

    if len(files) < len(options.what) and not any(os.path.isdir(word) for word in options.what):
        raise InputError("only files are watched", expected="articles, such as notes.md")

    def check() -> int:
        if out.terminal:
            out.raw("\x1b[2J\x1b[H")
        try:
            status = _all(options, out, targets_of(options.what))
        except DeriveError as error:
            if isinstance(error, Fault):
                raise
            out.error(f"derive: {error.render()}")
            status = error.exit_status
        out.flush()
        return status

    try:
        return watch([*files, *(word for word in (options.model, *options.rules) if word and "/" in word)], check)
    except KeyboardInterrupt:
        return 0


def _all(options: argparse.Namespace, out: Output, targets: Sequence[Target]) -> int:
    if len(targets) == 1 and targets[0].kind == "statement" and options.format in ("text", "json"):
        return _statement(options, out, targets[0].text)
    from derive.cli.checks import Asked

    asked = [
        Asked(
            target.text if target.kind == "file" else "<stdin>" if target.kind == "text" else "",
            None if target.kind == "file" else target.text if target.kind == "text" else _as_article(target.text),
            options.model, tuple(options.given), tuple(options.rules), options.follow, options.timeout, options.strict,
        )
        for target in targets
    ]  # fmt: skip
    return _report(options, out, _reports(options, out, asked))


def _as_article(statement: str) -> str:
    """A bare statement among files, as a document of one display."""
    return f"$${statement}$$"


def _reports(options: argparse.Namespace, out: Output, asked: Sequence[Any]) -> list[Any]:
    """The views of all reports: one article here, several over processes, with a bar where somebody watches."""
    if len(asked) == 1 and not options.jobs:
        from derive.cli.checks import checked

        return [checked(asked[0])]
    from derive.cli.workers import check_all

    jobs = options.jobs or min(len(asked), os.cpu_count() or 1)
    import derive.articles.checking as _  # noqa: F401  # once, before the processes part ways

    with _Bar(len(asked), out) as advance:
        return check_all(asked, jobs, lambda _, view: advance(view.file))


class _Bar:
    """A progress bar on standard error, where that is a terminal."""

    def __init__(self, total: int, out: Output) -> None:
        self.total = total
        self.wanted = total > 1 and sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self.progress: Any = None

    def __enter__(self) -> Any:
        if not self.wanted:
            return lambda file: None
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self.progress = Progress(
            TextColumn("checking", style="bold"), BarColumn(bar_width=30), MofNCompleteColumn(),
            TextColumn("{task.description}", markup=False), console=Console(stderr=True), transient=True,
        )  # fmt: skip
        self.progress.start()
        task = self.progress.add_task("", total=self.total)
        return lambda file: self.progress.update(task, advance=1, description=file)

    def __exit__(self, *_: object) -> None:
        if self.progress is not None:
            self.progress.stop()


def _report(options: argparse.Namespace, out: Output, reports: Sequence[Any]) -> int:
    """Prints the reports in the format that is asked for; the exit status of them together."""
    from derive.render.layout import Page
    from derive.render.reports.view import summary_of

    summary = summary_of(reports)
    if options.format == "text":
        from derive.render.reports.text import report_rows, summary_rows

        page = Page(out.width, out.ascii)
        for report in reports:
            out.rows(report_rows(report, page, full=options.detail == "full"))
        out.rows(summary_rows(reports, summary, page))
    else:
        from derive.render.reports import machine

        match options.format:
            case "json":
                out.json(machine.reports_json(reports, summary))
            case "sarif":
                out.json(machine.sarif(reports))
            case "github":
                for line in machine.workflow_commands(reports):
                    out.line(line)
    if any(report.exit_status == Fault.exit_status for report in reports):
        out.error("derive: a mistake in derive, not in your input. Please report it; CONTRIBUTING.md says where.")
    return max((report.exit_status for report in reports), default=0)


def _statement(options: argparse.Namespace, out: Output, text: str) -> int:
    """One statement: its verdict."""
    import derive
    from derive.render.layout import Page
    from derive.render.verdicts import verdict_rows, verdict_view
    from derive.render.view import as_json

    keywords = {"rules": options.rules} if options.rules else {}
    verdict = derive.check(text, model=options.model, given=options.given, timeout=options.timeout, **keywords)
    view = verdict_view(verdict, text)
    if options.format == "json":
        out.json(as_json(view))
    else:
        out.rows(verdict_rows(view, Page(out.width, out.ascii), full=options.detail == "full"))
    return 1 if verdict.status == "refuted" or (options.strict and verdict.status == "unknown") else 0
