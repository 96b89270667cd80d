"""Whether the checker of certificates refuses every certificate with one thing changed.

    python benchmarks/certificates.py [--count 2000] [--seed 0] [--only NAME]

Writes the certificate of every derivation of the library, makes random single changes (a formula, a rule, a
substitution, a position, a direction, a condition, a hash, the order of steps), and checks each from its JSON alone.
One that is accepted must be right: it says the same in another order, or its theorem was tried in worlds of its own
model and hypotheses and held. Each is listed with its reason; status 1 where one is not right.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import derive
from derive import certificates
from derive.errors import DeriveError
from derive.library import all_names
from derive.rulebook import load_rulebook
from tests.soundness.changes import changed, difference, tried


def main() -> int:
    """Make the changes, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only")
    options = parser.parse_args()
    rules, rng = load_rulebook(), Random(options.seed)
    table: dict[str, Counter[str]] = {}
    whole, wrong = {}, 0
    for name in all_names():
        if options.only in (None, name):
            try:
                whole[name] = json.loads(json.dumps(certificates.certificate(derive.load(name).theorem)))
            except DeriveError as error:
                wrong += 1
                print(f"{name} is not derived: {error}")
    names, began = list(whole), time.perf_counter()
    for number in range(options.count):
        name = rng.choice(names)
        kind, data = changed(whole[name], rng)
        outcome, reason = tried(data, whole[name], rules)
        table.setdefault(kind, Counter())[outcome] += 1
        wrong += outcome == "wrong"
        if outcome != "refused":
            print(f"{number:6} {name:32} {kind:12} {outcome}: {reason}\n{'':7}{difference(whole[name], data)}")
    print(f"{'change':14} {'refused':>8} {'the same':>9} {'right':>6} {'wrong':>6}")
    for kind, counts in sorted(table.items()):
        print(f"{kind:14} {counts['refused']:8} {counts['the same']:9} {counts['right']:6} {counts['wrong']:6}")
    seconds = time.perf_counter() - began
    print(f"{options.count} changes of {len(names)} certificates, {wrong} accepted wrongly, {seconds:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
