"""What verifying the library costs, step by step: finding it, checking its certificate, trying it in worlds.

    python benchmarks/verify.py [NAME ...] [--worlds 200]

Prints a row for each derivation: kernel steps, then milliseconds a step for deriving and for checking the certificate
from its JSON, and microseconds for each world a line was tried in; the slowest last.
"""

from __future__ import annotations

import argparse
import time

from derive.library import all_names
from derive.verification import verify_derivation


def main() -> int:
    """Verify, one derivation after the other in this process, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--worlds", type=int, default=200)
    options = parser.parse_args()
    begun = time.perf_counter()
    found = [verify_derivation(name, worlds=options.worlds) for name in options.names or all_names()]
    print(f"{'':42}{'steps':>6}{'derive':>10}{'check':>10}{'worlds':>9}{'a world':>11}{'seconds':>9}")
    for entry in sorted(found, key=lambda entry: sum(entry.seconds.values())):
        steps, spent = max(1, entry.steps), entry.seconds
        derived, checked, tried = (spent.get(part, 0.0) for part in ("derive", "check", "worlds"))
        print(
            f"{entry.name:42}{entry.steps:>6}{1e3 * derived / steps:>7.1f} ms{1e3 * checked / steps:>7.1f} ms"
            f"{entry.worlds:>9}{1e6 * tried / max(1, entry.worlds):>8.0f} us{sum(spent.values()):>9.2f}"
        )
    steps, worlds = sum(entry.steps for entry in found), sum(entry.worlds for entry in found)
    total = time.perf_counter() - begun
    print(f"\n{len(found)} derivations, {steps} steps, {worlds:,} worlds in {total:.1f} s: "
          f"{1e3 * total / max(1, steps):.0f} ms a step")  # fmt: skip
    return 0 if all(entry.holds for entry in found) else 1


if __name__ == "__main__":
    raise SystemExit(main())
