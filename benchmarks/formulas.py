r"""How many formulas of a corpus are read: `python benchmarks/formulas.py formulas.jsonl [--steps steps.jsonl]`.

A corpus file has one JSON object a line: `id` and `latex`, a display formula as published. A file of steps has
`statement` and `given`, lists of statements that are read jointly. Printed are the counts and, for each text that is
not read, the reason; `--terms` prints how each was understood, `--seconds` the slowest ones.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from typing import Any

from derive.errors import DeriveError
from derive.latex import Declarations, Reading, read_display, read_model_lines, unicode_text


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("formulas", nargs="?", help="a file of formulas")
    parser.add_argument("--steps", help="a file of derivation steps with what is given")
    parser.add_argument("--terms", action="store_true", help="print how each formula was understood")
    parser.add_argument("--seconds", action="store_true", help="print the slowest formulas")
    options = parser.parse_args()
    if options.formulas:
        _count(options.formulas, "formulas", lambda row: read_display(row["latex"]), options)
    if options.steps:
        _count(options.steps, "steps", _step, options)
    return 0


def _step(row: dict[str, Any]) -> list[Reading]:
    lines = [*row["given"], row["statement"]]
    return read_model_lines(list(zip(lines, range(1, len(lines) + 1), strict=True)), Declarations())[1]


def _count(path: str, what: str, read: Callable[[dict[str, Any]], list[Reading]], options: argparse.Namespace) -> None:
    with open(path, encoding="utf-8") as source:
        rows = [json.loads(line) for line in source if line.strip()]
    done, times = 0, []
    for row in rows:
        start = time.perf_counter()
        try:
            readings = read(row)
        except DeriveError as error:
            print(f"{row['id']}: {error}\n")
            continue
        finally:
            times.append((time.perf_counter() - start, row["id"]))
        done += 1
        if options.terms:
            print(row["id"])
            for reading in readings:
                print("   ", unicode_text(reading.term))
            for note in sorted({note for reading in readings for note in reading.notes}):
                print("      note:", note)
    print(f"{done} of {len(rows)} {what} read ({100 * done / max(1, len(rows)):.0f} %)")
    if options.seconds:
        for seconds, name in sorted(times, reverse=True)[:10]:
            print(f"  {name}: {1000 * seconds:.1f} ms")


if __name__ == "__main__":
    sys.exit(main())
