"""The derived loss against its definition in finite worlds, and the loss of chains of many steps written out.

    python benchmarks/loss.py [--count 200] [--steps 10 100 1000 10000]

First: for T = 1, 2, 3, 4 the value of the derived bound and of E_q[log q(x_{1:T} | x_0) − log p_θ(x_{0:T})] by
definition, in so many random finite worlds for each T. Then, for chains with a given number of steps: the bound is
taken at that T, its sum over t is written out, each term is proved alone in the mean of the network, and the terms are
put together once; time, memory at its peak, and both for one step more. Status 1 where a world disagrees or the time
for a step grows.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time

from sympy import Integer, Sum, Symbol

import derive
from derive import kernel
from derive.context import Context
from derive.kernel import Theorem
from derive.tactics.rewrite import result_steps
from derive.terms import Equal, GreaterEqual, LessEqual, substitute, walk
from derive.trials import try_claim

DEFINITION = r"\mathbb{E}_{q(x_{1:T} \mid x_0)}[\log q(x_{1:T} \mid x_0) - \log p_\theta(x_{0:T})]"
MOST_GROWTH = 3.0
"""By how much the time for one more step may differ between short chains and long ones."""


def in_worlds(count: int) -> bool:
    """The bound's value and its definition's, in finite worlds with T = 1, 2, 3, 4."""
    agreed = True
    loss = derive.load("ddpm.loss")
    claim = Equal(loss.read(DEFINITION), loss.result.rhs)
    steps = Symbol("T")
    for size in range(1, 5):
        began = time.perf_counter()
        fixed = (GreaterEqual(steps, Integer(size)), LessEqual(steps, Integer(size)))
        context = Context.of(loss.model, fixed, (claim,)).about(claim)
        trial = try_claim(claim, context, seed=size, count=count, kinds=("finite",))
        held = trial.held["finite"]
        agreed &= trial.refutation is None and held >= count
        print(f"T = {size}: equal in {held} of {trial.tried['finite']} finite worlds"
              f"    {time.perf_counter() - began:6.1f} s", flush=True)  # fmt: skip
        if trial.refutation is not None:
            print(trial.refutation)
    return agreed


# ---- many steps ----------------------------------------------------------------------------------------------------


def written_out(number: int) -> Theorem:
    """The bound for every T at one T, with a squared error for each step."""
    loss, mean = derive.load("ddpm.loss"), derive.load("ddpm.mean")
    steps = Symbol("T")
    held = (GreaterEqual(steps, Integer(number)), LessEqual(steps, Integer(number)))
    where = Context.of(mean.model, held, (loss.start,)).about(loss.start)
    (total,) = [node for _, node in walk(loss.result.rhs) if isinstance(node, Sum)]
    (path,) = [path for path, node in walk(total.function) if node == mean.start]
    parts = []
    for place in range(2, number + 1):
        at_place = {total.limits[0][0]: Integer(place)}
        term = substitute(total.function, at_place)
        step = kernel.by_result(term, path, mean.theorem, at_place, where, name="ddpm.mean")
        parts.append(kernel.chain(term, [step], where, {"ddpm.mean": mean.theorem}))
    results = {"ddpm.loss": loss.theorem, "terms": kernel.added(total, parts)}
    chain = result_steps(loss.start, loss.theorem, where, name="ddpm.loss")
    chain += result_steps(chain[-1].after, results["terms"], where, name="terms", only=total)
    return kernel.chain(loss.start, chain, where, results)


def measured(number: int) -> tuple[float, float]:
    """Seconds and the peak of memory in MB for a chain of so many steps, in a process of its own."""
    program = [sys.executable, __file__, "--once", str(number)]
    done = subprocess.run(program, check=True, capture_output=True, text=True)
    seconds, memory = done.stdout.split()
    return float(seconds), float(memory)


def once(number: int) -> None:
    """Derive and write out, and print seconds of work and MB."""
    theorem = written_out(number)
    assert theorem.statement.rhs.args
    print(time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def many_steps(numbers: list[int]) -> bool:
    """A row for each chain, with what a step more costs against the chain before; whether that stays what it is."""
    rows: list[tuple[int, float, float]] = []
    slopes = []
    for number in sorted(numbers):
        rows.append((number, *measured(number)))
        print(f"T = {number:>6,}: {rows[-1][1]:8.1f} s, {rows[-1][2]:8.0f} MB", end="")
        if len(rows) > 1:
            (few, before, less), (many, after, more) = rows[-2:]
            slopes.append((after - before) / (many - few))
            print(f"   a step more: {1000 * slopes[-1]:6.1f} ms, {1024 * (more - less) / (many - few):6.1f} kB", end="")
        print(flush=True)
    return len(slopes) < 2 or max(slopes) <= MOST_GROWTH * min(slopes)


def main() -> int:
    """Both parts, and the status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200, help="finite worlds for each T (0: none)")
    parser.add_argument("--steps", type=int, nargs="*", default=[10, 100, 1000, 10_000], help="lengths of chains")
    parser.add_argument("--once", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.once is not None:
        once(options.once)
        return 0
    agreed = in_worlds(options.count) if options.count else True
    return 0 if many_steps(options.steps) and agreed else 1


if __name__ == "__main__":
    raise SystemExit(main())
