"""The derived loss against its definition in finite worlds, and the loss of chains of many steps written out.

    python benchmarks/loss.py [--count 200] [--steps 10 100 1000 10000]

First: for T = 1, 2, 3, 4 the value of the derived bound and of E_q[log q(x_{1:T} | x_0) − log p_θ(x_{0:T})] by
definition, in so many random finite worlds for each T. Then, for chains with a given number of steps: the bound is
taken at that T, its sum over t is written out, each term is proved alone in the mean of the network, and the terms are
put together once; the certificate is written and checked from its JSON alone. Time of both, size of the certificate,
memory at its peak, and what one step more costs. Status 1 where a world disagrees or the cost of a step grows.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass

from sympy import Integer, Sum, Symbol

import derive
from derive import certificates, kernel
from derive.grounds.context import Context
from derive.kernel import Theorem
from derive.rulebook import load_rulebook
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


@dataclass(frozen=True)
class Row:
    """What a chain of so many steps took: seconds of work to derive and to check, MB of memory and of certificate."""

    number: int
    derived: float
    checked: float
    memory: float
    size: float

    @property
    def costs(self) -> tuple[float, ...]:
        return self.derived, self.checked, self.memory, self.size


def measured(number: int) -> Row:
    """A chain of so many steps, in a process of its own."""
    program = [sys.executable, __file__, "--once", str(number)]
    done = subprocess.run(program, check=True, capture_output=True, text=True)
    return Row(number, *map(float, done.stdout.split()))


def once(number: int) -> None:
    """Derive and write out, check the certificate's text, and print what it took."""
    theorem = written_out(number)
    assert theorem.statement.rhs.args
    derived = time.process_time()
    text = json.dumps(certificates.certificate(theorem))
    again = certificates.check(json.loads(text), load_rulebook())
    assert again.statement == theorem.statement and again.obligations == theorem.obligations
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(derived, time.process_time() - derived, memory, len(text) / 1e6)


def many_steps(numbers: list[int]) -> bool:
    """A row for each chain, with what a step more costs against the chain before; whether that stays what it is."""
    rows: list[Row] = []
    slopes: list[tuple[float, ...]] = []
    for number in sorted(numbers):
        row = measured(number)
        rows.append(row)
        print(f"T = {number:>6,}: derived in {row.derived:7.1f} s, checked in {row.checked:7.1f} s, "
              f"{row.memory:6.0f} MB, certificate {row.size:6.1f} MB", end="")  # fmt: skip
        if len(rows) > 1:
            before = rows[-2]
            more = number - before.number
            slope = tuple((after - earlier) / more for earlier, after in zip(before.costs, row.costs, strict=True))
            slopes.append(slope)
            print(f"   a step more: {1000 * slope[0]:.1f} ms, {1000 * slope[1]:.1f} ms, {1024 * slope[2]:.1f} kB, "
                  f"{1000 * slope[3]:.1f} kB", end="")  # fmt: skip
        print(flush=True)
    grown = [max(column) > MOST_GROWTH * min(column) for column in zip(*slopes, strict=True)] if slopes else []
    return not any(grown)


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
