"""One article checked from its file to the view of its report; what goes wrong with it is part of the view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from derive.errors import DeriveError, Fault

__all__ = ["Asked", "checked"]


@dataclass(frozen=True)
class Asked:
    """What to check and under what: `text` is the article itself where it came from standard input."""

    file: str
    text: str | None = None
    model: str | None = None
    given: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    follow: bool = False
    timeout: float | None = None
    strict: bool = False


def checked(asked: Asked, tell: Callable[[Any], None] | None = None) -> Any:
    """The view of the report on an article; `tell` is called with the view of each claim when it is decided."""
    from derive.articles.checking import Checker
    from derive.articles.report import Report
    from derive.articles.scan import scan, scan_file
    from derive.articles.source import Source
    from derive.render.reports.view import claim_view, failed, report_view

    claims: list[Any] = []
    try:
        if asked.text is None:
            document = scan_file(asked.file, follow=asked.follow)
        else:
            document = scan(Source(asked.text, asked.file), follow=asked.follow)
        checker = Checker(document, model=asked.model, given=asked.given, rules=asked.rules, timeout=asked.timeout)
        for claim in checker.claims():
            claims.append(claim)
            if tell is not None:
                tell(claim_view(claim))
    except DeriveError as error:
        message = f"internal error: {error.message}" if isinstance(error, Fault) else error.render()
        return failed(asked.file, message, error.exit_status, [claim_view(claim) for claim in claims])
    except Exception as error:  # one article's mishap is not the next one's; it is reported as ours
        message = f"internal error: {type(error).__name__}: {str(error)[:500]}"
        return failed(asked.file, message, Fault.exit_status, [claim_view(claim) for claim in claims])
    report = Report(asked.file, tuple(claims), checker.title, tuple(checker.assumed), tuple(checker.faults))
    return replace(report_view(report), exit_status=report.exit_status(strict=asked.strict))
