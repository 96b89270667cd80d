"""How many statements of a corpus are decided, and whether any is decided wrongly.

    python benchmarks/corpus.py steps.jsonl [--topic TOPIC] [--id ID]

The file holds a JSON object a line: `statement`, `given` (a list), `label` ("true" or "false"), `topic`, `id`,
`usable`.
Prints a row for each topic, every wrong verdict, and for each undecided statement what was missing.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from pathlib import Path

import derive
from derive.errors import DeriveError


def main() -> int:
    """Run the corpus and print the table; status 1 where a verdict is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--topic")
    parser.add_argument("--id")
    parser.add_argument("--quiet", action="store_true", help="only the table and what is wrong")
    options = parser.parse_args()
    table: dict[str, Counter[str]] = defaultdict(Counter)
    slowest = 0.0
    wrong = 0
    for line in options.corpus.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if options.topic not in (None, row["topic"]) or options.id not in (None, row["id"]):
            continue
        if row.get("usable") is False:
            continue
        began = time.process_time()
        answer = asked(row)
        took = time.process_time() - began  # what is missing, and a counterexample, are looked for after it
        outcome, detail = decided(row, answer)
        slowest = max(slowest, took)
        table[row["topic"]][outcome] += 1
        wrong += outcome == "wrong"
        if outcome != "right" and not (options.quiet and outcome != "wrong"):
            print(f"{row['id']} {outcome:9} {took:5.2f} s  is {row['label']}: {detail}")
    print(f"{'topic':32} {'right':>6} {'wrong':>6} {'open':>6} {'unread':>7}")
    total: Counter[str] = Counter()
    for topic, counts in sorted(table.items()):
        total += counts
        print(f"{topic:32} " + cells(counts))
    print(f"{'all':32} {cells(total)}   slowest {slowest:.2f} s")
    return 1 if wrong else 0


def cells(counts: Counter[str]) -> str:
    """The numbers of one row."""
    return f"{counts['right']:6} {counts['wrong']:6} {counts['open']:6} {counts['unread']:7}"


def asked(row: dict[str, object]) -> derive.Verdict | Exception:
    """The verdict on one statement, or what was raised in its place."""
    try:
        return derive.check(str(row["statement"]), given=list(row["given"]))  # type: ignore[call-overload,no-any-return]
    except Exception as error:  # a defect of ours, which the table must not hide
        return error


def decided(row: dict[str, object], answer: derive.Verdict | Exception) -> tuple[str, str]:
    """How one statement comes out, and why."""
    if isinstance(answer, DeriveError):
        return "unread", str(answer).split("\n")[0]
    if isinstance(answer, Exception):
        return "wrong", f"{type(answer).__name__}: {answer}"
    expected = {"true": "proved", "false": "refuted"}[str(row["label"])]
    if answer.status == expected:
        return "right", ""
    if answer.status == "unknown":
        return "open", f"missing {answer.missing}" if answer.missing else answer.tried
    return "wrong", f"{answer.status} because {answer.because} {answer.counterexample}"


if __name__ == "__main__":
    raise SystemExit(main())
