"""Random and damaged LaTeX for the reader and for `check`: no traceback, no hang, no memory without end.

    python benchmarks/fuzz.py [FORMULAS.jsonl] [--count 100000] [--checked 20] [--seed 0]

Every input is read; one in `--checked` is decided by `check` as well. Each has two seconds of the processor's. A file
with a JSON object a line (`latex`, or `statement`) gives further formulas to damage. Status 1 where anything but an
answer or an error of ours came out.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.soundness.garbage import BUDGET, READERS, SEEDS, garbage, survived

MEMORY = 1 << 30


def main() -> int:
    """Throw the inputs, print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("formulas", type=Path, nargs="?")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--checked", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--budget", type=float, default=BUDGET)
    options = parser.parse_args()
    seeds = SEEDS
    if options.formulas:
        rows = [json.loads(line) for line in options.formulas.read_text(encoding="utf-8").splitlines()]
        seeds += tuple(row.get("latex") or row["statement"] for row in rows if row.get("latex") or row.get("statement"))
    rng, began = Random(options.seed), time.process_time()
    table: dict[str, Counter[str]] = {name: Counter() for name in READERS}
    wrong, slowest = 0, 0.0
    for number in range(options.count):
        text = garbage(rng, seeds)
        for name, what in READERS.items():
            if name == "check" and number % options.checked:
                continue
            found = survived(what, text, options.budget)
            table[name][found.what] += 1
            slowest = max(slowest, found.seconds)
            if found.wrong:
                wrong += 1
                print(f"{number} {name} {found.what}: {found.wrong}\n    {text[:300]!r}")
        if (number + 1) % 10_000 == 0:
            print(f"{number + 1} so far, {time.process_time() - began:.0f} s", flush=True)
    for name, counts in table.items():
        print(name, ", ".join(f"{count} {what}" for what, count in counts.most_common()))
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    seconds = time.process_time() - began
    print(f"{options.count} inputs, {wrong} wrong, {seconds:.0f} s, slowest {slowest:.1f} s, {used >> 20} MB at most")
    return 1 if wrong or used > MEMORY else 0


if __name__ == "__main__":
    raise SystemExit(main())
