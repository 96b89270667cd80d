"""How long `derive show ddpm.posterior` takes, beside `python -c "import sympy"`: medians of alternating runs.

    python benchmarks/startup.py [--runs N] [--limit RATIO] [NAME]

Both are whole processes, started in turns in one run, so that what else the machine does falls on both. Python's own
start-up and the command `derive --version` are measured along with them, for orientation. Exit status 1 if the ratio of
the medians is above the limit.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time

SYMPY = "import sympy"


def seconds(arguments: list[str]) -> float:
    """The wall time of one run of Python with these arguments."""
    begun = time.perf_counter()
    # an installed package is compiled; a checkout is, too, once it has run where Python may write its caches
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(
        [sys.executable, *arguments], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment
    )
    return time.perf_counter() - begun


def main() -> int:
    """Runs the comparison and prints it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", nargs="?", default="ddpm.posterior")
    parser.add_argument("--runs", type=int, default=7, help="runs of each (default 7)")
    parser.add_argument("--limit", type=float, default=4.0, help="the largest ratio that passes (default 4)")
    options = parser.parse_args()
    commands = {
        "python -c pass": ["-c", "pass"],
        "derive --version": ["-m", "derive", "--version"],
        "import sympy": ["-c", SYMPY],
        f"derive show {options.name}": ["-m", "derive", "show", options.name],
    }
    for command in commands.values():
        seconds(command)  # fills the caches of compiled files and of the disk
    times: dict[str, list[float]] = {title: [] for title in commands}
    for _ in range(options.runs):
        for title, command in commands.items():
            times[title].append(seconds(command))
    for title, found in times.items():
        middle = statistics.median(found)
        print(f"{title:<32} {middle * 1000:7.0f} ms   ({min(found) * 1000:.0f} to {max(found) * 1000:.0f})")
    ratio = statistics.median(times[f"derive show {options.name}"]) / statistics.median(times["import sympy"])
    print(f"ratio of medians: {ratio:.2f} (limit {options.limit:g})")
    return 0 if ratio <= options.limit else 1


if __name__ == "__main__":
    raise SystemExit(main())
