"""A report for programs: JSON, annotations for GitHub's checks, and SARIF 2.1.0."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from derive import __version__
from derive.render.reports.view import ClaimView, ReportView, Summary
from derive.render.view import as_json

__all__ = ["reports_json", "sarif", "workflow_commands"]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

_RULES = {
    "refuted": ("error", "A relation that a counterexample refutes."),
    "ill-sorted": ("error", "A formula whose sorts do not fit: it has no meaning as it stands."),
    "convention": ("error", "A convention that is switched within one text."),
    "trouble": ("error", "Something that is told to derive and cannot be used."),
    "failed": ("error", "A document that could not be checked to its end."),
    "unknown": ("note", "A relation that was neither proved nor refuted."),
    "unread": ("note", "A formula that could not be read."),
}


def reports_json(reports: Sequence[ReportView], summary: Summary) -> dict[str, Any]:
    """All that was found, as what the `json` module can write."""
    return {
        "derive": __version__,
        "files": [as_json(report) for report in reports],
        "summary": {**dict(sorted(summary.counts.items())), "claims": summary.claims, "wrong": summary.wrong},
    }


def _told(report: ReportView) -> Iterator[tuple[str, ClaimView | None, str]]:
    """What deserves a remark: its kind, its claim, the message."""
    for claim in report.claims:
        if claim.status in _RULES:
            yield claim.status, claim, _message(claim)
    if report.error:
        yield "failed", None, report.error


def _message(claim: ClaimView) -> str:
    lines = []
    if claim.formula is not None:
        lines.append(claim.formula.text)
    if claim.reason:
        lines.append(claim.reason + (f" (expected: {claim.expected})" if claim.expected else ""))
    lines += [claim.annotation] if claim.annotation else []
    verdict = claim.verdict
    if verdict is not None:
        lines += [f"counterexample: {verdict.counterexample[0]}"] if verdict.counterexample else []
        lines += verdict.counterexample[1:]
        lines += [f"true if {formula.text}" for formula in verdict.missing]
        lines += [f"meant: {formula.text}" for formula in verdict.suggestion]
        lines += [f"tried: {verdict.tried}"] if claim.status == "unknown" and verdict.tried else []
    lines += [f"meant: {formula.text}" for formula in claim.meant]
    return "\n".join(lines) or claim.latex


_ESCAPES = {"%": "%25", "\r": "%0D", "\n": "%0A"}


def _escaped(text: str, also: str = "") -> str:
    found = "".join(_ESCAPES.get(char, char) for char in text)
    return "".join({":": "%3A", ",": "%2C"}[char] if char in also else char for char in found)


def workflow_commands(reports: Iterable[ReportView]) -> Iterator[str]:
    """Workflow commands, one a line, that GitHub shows beside the lines of the file."""
    levels = {"error": "error", "note": "notice"}
    for report in reports:
        for kind, claim, message in _told(report):
            where = [f"file={_escaped(report.file, ':,')}"] if report.file else []
            if claim is not None:
                where = [f"file={_escaped(claim.file, ':,')}"] if claim.file else []
                where += [f"line={claim.line}", f"endLine={claim.end_line}"]
                if claim.line == claim.end_line:
                    where += [f"col={claim.column}", f"endColumn={max(claim.column, claim.end_column)}"]
            where.append(f"title={_escaped(f'derive: {kind}', ':,')}")
            yield f"::{levels[_RULES[kind][0]]} {','.join(where)}::{_escaped(message)}"


def sarif(reports: Sequence[ReportView]) -> dict[str, Any]:
    """The log of one run, as SARIF 2.1.0."""
    rules = list(_RULES)
    results = [
        _result(kind, rules.index(kind), report, claim, message)
        for report in reports
        for kind, claim, message in _told(report)
    ]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "derive",
                        "semanticVersion": __version__,
                        "rules": [
                            {
                                "id": kind,
                                "shortDescription": {"text": text},
                                "defaultConfiguration": {"level": level},
                            }
                            for kind, (level, text) in _RULES.items()
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "artifacts": [{"location": {"uri": _uri(report.file)}} for report in reports if report.file],
                "results": results,
            }
        ],
    }


def _result(kind: str, index: int, report: ReportView, claim: ClaimView | None, message: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "ruleId": kind, "ruleIndex": index, "level": _RULES[kind][0], "message": {"text": message},
    }  # fmt: skip
    file = report.file if claim is None else claim.file
    if file:
        region = {"startLine": 1} if claim is None else _region(claim)
        place = {"artifactLocation": {"uri": _uri(file)}, "region": region}
        found["locations"] = [{"physicalLocation": place}]
    return found


def _region(claim: ClaimView) -> dict[str, int]:
    """Lines and columns from 1; the end column is that after the last character."""
    region = {"startLine": claim.line, "startColumn": claim.column}
    if (claim.end_line, claim.end_column) > (claim.line, claim.column):
        region |= {"endLine": claim.end_line, "endColumn": claim.end_column}
    return region


def _uri(file: str) -> str:
    """A path as a relative reference, or as a file's address where it is absolute."""
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
