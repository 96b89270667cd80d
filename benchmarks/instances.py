"""Whether what a rule says at hostile values holds in worlds: names that it binds, points, sets that meet, constants.

    python benchmarks/instances.py [--seconds 120] [--seed 0]

Draws random values for the metavariables of random rules, most of them made of the same three names, lets the kernel
make a step of the instance, and tries each step that leaves no more open than existence in worlds of its own. A world
that refutes one shows that a rule's condition or the renaming of what it binds lets something through; status 1 then.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from random import Random
from typing import Any

from sympy import Integer, Symbol, symbols

from derive import kernel
from derive.errors import DeriveError
from derive.grounds.conditions import is_regularity
from derive.grounds.context import Context
from derive.kernel import Theorem
from derive.models import compile_model
from derive.rulebook import Abstraction, Rule, load_rulebook
from derive.terms import SCALAR, Application, Density, Expectation, Greater, Integral, Law, walk
from derive.terms.binding import NO_FACTS
from derive.trials import try_claim

A, N, T = symbols("a n t")
NAMES = symbols("x y z")
LAWS = (Law("p"), Law("p"), Law("q"))


def applied(name: str, *arguments: Any) -> Any:
    """The value of an unknown function."""
    return Application(name, SCALAR, (), *arguments)


def term(rng: Random) -> Any:
    """A number, made of the names, of unknown functions of them and of averages that bind them."""
    x, y = rng.sample(NAMES, 2)
    p = rng.choice(LAWS)
    return rng.choice([
        x, y, A, -A, A**2, Integer(0), Integer(1), Integer(-1), x + y, x * y, applied("f", x), applied("f", x, y),
        Density(p, [x]), Density(p, [x], [y]), Expectation(applied("f", x, y), Density(p, [y], [x])),
        Integral(applied("f", x) * Density(p, [x]), x),
    ])  # fmt: skip


def point(rng: Random) -> Any:
    """A variable, mostly standing for itself, or at a point of its own."""
    name = rng.choice(NAMES)
    return name if rng.random() < 0.75 else (name, rng.choice([*NAMES, Integer(1), NAMES[0] + NAMES[1], 2 * NAMES[0]]))


def values_of(rule: Rule, rng: Random) -> Mapping[str, Any] | None:
    """Random values for a rule's metavariables; None where it is about events or families."""
    values: dict[str, Any] = {}
    kinds = rule.schema.metavariables
    for name, metavariable in kinds.items():
        match metavariable.kind:
            case "law":
                values[name] = rng.choice(LAWS)
            case "variables":
                chosen = [point(rng) for _ in range(rng.choice([0, 1, 1, 1, 2]))]
                values[name] = tuple({str(item): item for item in chosen}.values())
            case "variable" if not metavariable.family:
                values[name] = point(rng)
            case "index":
                values[name] = rng.choice([Integer(1), Integer(2), N, N + 1, T])
            case "term":
                values[name] = term(rng)
            case "expression":
                continue
            case _:
                return None
        if name in rule.schema.renamable and rng.random() < 0.7:
            del values[name]
    for name in (name for name, metavariable in kinds.items() if metavariable.kind == "expression"):
        node = next(node for _, node in walk(rule.statement) if getattr(node, "name", "") == name)
        count = sum(len(values.get(str(getattr(part, "name", "")), (0,))) if kinds.get(str(getattr(part, "name", "")))
                    and kinds[str(part.name)].kind == "variables" else 1 for part in node.arguments)  # fmt: skip
        own = [Symbol(f"w{number}") for number in range(count)]
        bodies = [applied(name if name.isalpha() else "h", *own), applied("h", *own, NAMES[0]), term(rng), *own[:1]]
        values[name] = Abstraction(tuple(own), rng.choice(bodies))
    return values


def made(rule: Rule, rng: Random) -> Theorem | None:
    """What the kernel makes of a rule at random values; None where it refuses, or leaves a condition open."""
    try:
        values = values_of(rule, rng)
        instance = None if values is None else rule.instantiate(values, NO_FACTS)
        if values is None or instance is None or instance.lhs is None:
            return None
        given = [Greater(A, 0)] if rng.random() < 0.3 else []
        where = Context.of(compile_model([]), given, [instance.lhs, instance.rhs]).about(instance.lhs, instance.rhs)
        step = kernel.by_rule(instance.lhs, (), rule, values, where)
        theorem = kernel.chain(instance.lhs, [step], where)
    except (DeriveError, AttributeError, TypeError, StopIteration):
        return None
    return theorem if all(map(is_regularity, theorem.obligations)) else None


def main() -> int:
    """Try instances until the time is over; print those that a world refutes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng, rules = Random(options.seed), [rule for rule in load_rulebook() if not rule.fallacy]
    ends, tried, refuted = time.monotonic() + options.seconds, dict.fromkeys((rule.name for rule in rules), 0), 0
    while time.monotonic() < ends:
        rule = rng.choice(rules)
        theorem = made(rule, rng) if tried[rule.name] < 200 else None
        if theorem is None:
            continue
        tried[rule.name] += 1
        trial = try_claim(theorem.statement, theorem.context, count=6, seed=sum(tried.values()))
        if trial.refutation is not None:
            refuted += 1
            print(f"{rule.name}: {theorem.statement}\n{trial.refutation}\n", flush=True)
    used = sum(count > 0 for count in tried.values())
    print(f"{sum(tried.values())} instances of {used} rules tried in worlds, {refuted} refuted")
    return 1 if refuted else 0


if __name__ == "__main__":
    sys.exit(main())
