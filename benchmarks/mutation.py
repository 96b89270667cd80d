"""Whether a true statement with one slip in it, which changed its meaning, is ever called proved.

    python benchmarks/mutation.py [CORPUS.jsonl] [--count 2000] [--seed 0] [--only NAME] [--alone 10]

Takes every line of the library's derivations, every rule, and the true statements of a corpus (a JSON object a line:
`statement`, `given`, `label`, `id`), makes single slips in each of them, at random, and decides them as `check` does.
What is called proved is tried in many worlds of its own: where one refutes it, the verdict is wrong. Of what worlds
refute, one in `--alone` is put to algebra and normal forms alone, which must not prove it either. What no world
refutes is listed with --show (it means the same, or says less). Status 1 where a verdict is wrong, or something
broke. Seconds are the processor's.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from itertools import islice
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.soundness.mutants import corpus_steps, judged, library_steps, rule_instances, several

BUDGET = 2.0


def main() -> int:
    """Make the slips, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--alone", type=int, default=10)
    parser.add_argument("--only", help="statements whose name begins so")
    parser.add_argument("--show", action="store_true", help="list what is called proved")
    options = parser.parse_args()
    rng = Random(options.seed)
    true = [*library_steps(), *rule_instances(), *(corpus_steps(options.corpus) if options.corpus else ())]
    true = [entry for entry in true if entry.name.startswith(options.only or "")]
    print(f"{len(true)} true statements")
    table: dict[str, Counter[str]] = {}
    wrong = late = number = alone = 0
    slowest = 0.0
    began = time.process_time()
    true.sort(key=lambda entry: (len(entry.statement.atoms()), len(str(entry.statement))))  # the short ones first
    each = -(-3 * options.count // (2 * len(true)))  # some statements have few slips
    mutants = ((entry, slip) for entry in true for slip in islice(several(entry.statement, rng), each))
    for entry, slip in mutants:
        if number >= options.count:
            break
        number += 1
        found = judged(slip.statement, entry.model, number, alone=number % options.alone == 0)
        alone += found.alone
        slowest, late = max(slowest, found.seconds), late + (found.seconds > BUDGET)
        row = table.setdefault(slip.name, Counter())
        status = found.status if found.status in ("proved", "refuted", "unknown") else "error"
        row[status] += 1
        if found.wrong:
            wrong += 1
            row["wrong"] += 1
            print(f"{number} WRONG {entry.name} ({slip.name}) {found.status}: {slip.statement}\n    {found.wrong}")
        elif found.status == "proved" and options.show:
            print(f"{number} proved {entry.name} ({slip.name}): {slip.statement}   from   {entry.statement}")
        if found.seconds > BUDGET:
            print(f"{number} slow {found.seconds:.1f} s {entry.name} ({slip.name}): {slip.statement}")
        if number % 1000 == 0:
            total = sum(table.values(), Counter())
            print(f"{number} so far: {dict(total)}, {time.process_time() - began:.0f} s", flush=True)
    kinds = ("refuted", "unknown", "proved", "error", "wrong")
    print(f"{'slip':28}" + "".join(f"{kind:>9}" for kind in kinds))
    total: Counter[str] = Counter()
    for name, counts in sorted(table.items()):
        total += counts
        print(f"{name:28}" + "".join(f"{counts[kind]:9}" for kind in kinds))
    print(f"{'all':28}" + "".join(f"{total[kind]:9}" for kind in kinds))
    print(f"{number} mutants of {len(true)} statements, {alone} of the refuted put to the prover alone")
    print(f"{time.process_time() - began:.0f} s, slowest {slowest:.1f} s, {late} above {BUDGET:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
