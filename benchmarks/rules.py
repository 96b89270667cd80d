"""Every rule of the rulebook in random worlds that satisfy its conditions, and without each condition.

    python benchmarks/rules.py [--count 200] [--rule NAME]

Prints a row for each rule: how many worlds of each kind gave both sides a value and agreed; then, by name, what was
refuted, which conditions no world was found to break (those that only make things defined apart), and what no world
could exercise. Status 1 where a rule is refuted.
"""

from __future__ import annotations

import argparse
import time

from derive.rule_trials import try_rule
from derive.rulebook import load_rulebook


def main() -> int:
    """Try the rulebook and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200, help="worlds of each kind for a rule as it stands")
    parser.add_argument("--rule", help="this rule only")
    options = parser.parse_args()
    refuted, unbroken, defining, idle, standing = [], [], [], [], []
    began = time.perf_counter()
    mattered = 0
    for rule in load_rulebook():
        if options.rule not in (None, rule.name):
            continue
        found = try_rule(rule, count=options.count)
        held = ", ".join(f"{kind} {number}" for kind, number in sorted(found.trial.held.items())) or "none"
        print(f"{rule.name:44} {'fallacy, ' if rule.fallacy else ''}held in: {held}", flush=True)
        if rule.fallacy:
            if not found.trial.refuted:
                standing.append(rule.name)
            continue
        if found.trial.refuted:
            refuted.append(rule.name)
        if not found.trial.exercised:
            idle.append(rule.name)
        for dropped in found.dropped:
            if dropped.refutation is not None:
                mattered += 1
            else:
                (defining if dropped.defines else unbroken).append(f"{rule.name}: {dropped.text}")
    print(f"\n{time.perf_counter() - began:.0f} s; {mattered} conditions shown to matter by a world without them")
    for title, names in (
        ("rules refuted", refuted),
        ("fallacies that no random world breaks (their own world does)", standing),
        ("rules that no world exercises", idle),
        ("conditions that no world was found to break", unbroken),
        ("conditions that only make things defined", defining),
    ):
        print(f"\n{title}: {len(names)}")
        for name in names:
            print(f"    {name}")
    return 1 if refuted else 0


if __name__ == "__main__":
    raise SystemExit(main())
