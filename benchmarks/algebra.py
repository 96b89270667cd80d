"""How long exact algebra takes on realistic steps, and what it answers: true steps, and the same false by one slip.

    python benchmarks/algebra.py [ROUNDS]

Times are of this process's own work, so that a busy machine does not change them.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from derive.algebra import Answer, decide
from tests.algebra.steps import STEPS, Step


def main() -> None:
    """Print a line for the true steps and one for the slips."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    questions: dict[str, Callable[[Step], Answer]] = {
        "true": lambda step: decide(step.left, step.right, step.given),
        "slip": lambda step: decide(step.left, step.slip, step.given),
    }
    for name, question in questions.items():
        answers: Counter[str] = Counter()
        times = []
        for step in STEPS:
            answers[question(step).status] += 1  # the first time the givens are taken in
            began = process_time()
            for _ in range(rounds):
                question(step)
            times.append((process_time() - began) / rounds * 1000)
        counts = ", ".join(f"{count} {status}" for status, count in sorted(answers.items()))
        slow = quantiles(times, n=20)[-1]
        print(f"{name}: {counts}; median {median(times):.2f} ms, 95% {slow:.2f} ms, most {max(times):.2f} ms")


if __name__ == "__main__":
    main()
