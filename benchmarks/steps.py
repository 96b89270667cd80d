"""Exact algebra beside SymPy's `simplify` and `equals`, on realistic steps and on families that grow.

    python benchmarks/steps.py [--limit SECONDS] [--families]

Every step of `tests/algebra/steps.py` is asked twice: as it is published, and false by one slip. For each procedure the
table says how many pairs it decided rightly, wrongly or not at all, and its time: median, 95th percentile, total. All
are asked in the same run, each pair once, one after the other as the lines of a text; what a procedure keeps from
earlier lines (SymPy its cache, we the givens) it may use.

SymPy gets what it can use: symbols that carry the signs that are given, definitions put in, vectors as two coordinates,
d = 2. "derive" is `derive.algebra.decide` with the terms and givens as they stand; "derive.equal" is asked of the same
expressions as SymPy, with what their symbols cannot carry as givens. That `simplify(a - b)` is not 0 counts as right
where the pair is false, and as undecided where it is true.
Times are of this process's own work. What takes longer than the limit is undecided, and counts with the limit.
"""

from __future__ import annotations

import argparse
import gc
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from time import process_time
from types import FrameType
from typing import Any

import sympy
from sympy import Basic, Expr, Symbol, exp, log, sqrt, symbols
from sympy.core.cache import clear_cache

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import derive
from derive.algebra import decide, sign
from derive.algebra.decide import _normal_key, _satisfiable, _sign
from derive.algebra.givens import template
from derive.algebra.mentioned import mentioned
from derive.algebra.polynomials import _factors_of
from derive.algebra.sampling import known
from derive.terms import (
    Definition,
    Equal,
    Greater,
    GreaterEqual,
    Identity,
    Inner,
    Less,
    LessEqual,
    Norm,
    Unequal,
    Variable,
    is_scalar,
)
from tests.algebra.steps import STEPS

SIZE = 2
"""How many coordinates a vector has when SymPy is asked."""


class TookTooLong(Exception):
    """The limit is reached."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise `TookTooLong` after so many seconds."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# ---- what SymPy is asked --------------------------------------------------------------------------------------------


class Plain:
    """A step's terms over SymPy's own symbols; a vector is a list of coordinates."""

    def __init__(self, given: tuple[Any, ...]) -> None:
        self.given = given
        pairs = [(side, other) for s in given if isinstance(s, (Equal, Definition))
                 for side, other in ((s.lhs, s.rhs),) if isinstance(side, (Symbol, Variable))]  # fmt: skip
        self.meaning = dict(pairs)
        self.signs = {"+": {"positive": True}, "-": {"negative": True}, "+0": {"nonnegative": True}}

    def __call__(self, term: Basic) -> Any:
        """The term; a list for a vector."""
        if term in self.meaning:
            return self(self.meaning[term])
        if isinstance(term, (Symbol, Variable)):
            name = str(term)
            if not is_scalar(term):
                return [Symbol(f"{name}_{place}", real=True) for place in range(SIZE)]
            return Symbol(name, **self.signs.get(sign(term, self.given) or "", {"real": True}))
        if isinstance(term, Norm):
            return sqrt(sum(entry**2 for entry in self(term.args[0])))
        if isinstance(term, Inner):
            return sum(a * b for a, b in zip(self(term.args[0]), self(term.args[1]), strict=True))
        if isinstance(term, Identity):
            return 1
        if not term.args:
            return term
        parts = [self(arg) for arg in term.args]
        if isinstance(term, sympy.Add) and any(isinstance(part, list) for part in parts):
            return [sympy.Add(*column) for column in zip(*parts, strict=True)]
        vector = next((part for part in parts if isinstance(part, list)), None)
        if isinstance(term, sympy.Mul) and vector is not None:
            factor = sympy.Mul(*(part for part in parts if part is not vector))
            return [factor * entry for entry in vector]
        return term.func(*parts)


    def facts(self) -> list[Any]:
        """What is given beyond signs of single names, over the same symbols: SymPy's symbols cannot carry it."""
        relations = [s for s in self.given if isinstance(s, (Equal, Greater, GreaterEqual, Less, LessEqual, Unequal))]
        others = [s for s in relations if s.lhs not in self.meaning and not {s.lhs, s.rhs} & {sympy.S.Zero}]
        return [type(s)(self(s.lhs), self(s.rhs)) for s in others if is_scalar(s.lhs)]


def coordinates(term: Any) -> list[Any]:
    """A number as one coordinate."""
    return term if isinstance(term, list) else [term]


def simplified(left: Any, right: Any, true: bool) -> str:
    """What `simplify(a − b) == 0` says."""
    pairs = zip(coordinates(left), coordinates(right), strict=True)
    zero = all(sympy.simplify(a - b) == 0 for a, b in pairs)
    if zero:
        return "right" if true else "wrong"
    return "undecided" if true else "right"


def equals(left: Any, right: Any, true: bool) -> str:
    """What `a.equals(b)` says."""
    answers = [sympy.sympify(a).equals(b) for a, b in zip(coordinates(left), coordinates(right), strict=True)]
    found = False if False in answers else None if None in answers else True
    return "undecided" if found is None else "right" if found is true else "wrong"


def decided(left: Any, right: Any, given: tuple[Any, ...], true: bool) -> str:
    """What our own decision procedure says."""
    status = decide(left, right, given).status
    return "undecided" if status == "unknown" else "right" if (status == "equal") is true else "wrong"


def called_equal(left: Any, right: Any, facts: list[Any], true: bool) -> str:
    """What `derive.equal(a, b)` says, for each coordinate."""
    pairs = zip(coordinates(left), coordinates(right), strict=True)
    answers = {derive.equal(a, b, given=facts).status for a, b in pairs}
    found = "refuted" if "refuted" in answers else "unknown" if "unknown" in answers else "proved"
    return "undecided" if found == "unknown" else "right" if (found == "proved") is true else "wrong"


def asked(procedure: str, left: Any, right: Any, given: tuple[Any, ...], true: bool) -> Callable[[], str]:
    """The question to a procedure, with its terms ready."""
    if procedure == "decide":
        return lambda: decided(left, right, given, true)
    plain = Plain(given)
    a, b = plain(left), plain(right)
    if procedure == "derive.equal":
        facts = plain.facts()
        return lambda: called_equal(a, b, facts, true)
    return lambda: simplified(a, b, true) if procedure == "simplify" else equals(a, b, true)


# ---- the table ------------------------------------------------------------------------------------------------------


def emptied() -> None:
    """Nothing is remembered from the last question."""
    clear_cache()
    for cached in (template, known, mentioned, _factors_of, _sign, _normal_key, _satisfiable):
        cached.cache_clear()
    gc.collect()


def timed(question: Callable[[], str], limit: float) -> tuple[str, float]:
    """The answer and its milliseconds; undecided where it took too long or gave up."""
    began = ended = 0.0
    try:
        with limited(limit):
            began = process_time()
            try:
                answer = question()
            finally:
                ended = process_time()
    except TookTooLong:
        return "undecided", limit * 1000
    except (ValueError, TypeError, ArithmeticError, NotImplementedError, AttributeError, RecursionError):
        answer = "undecided"
    return answer, (ended - began) * 1000


def row(name: str, answers: Counter[str], times: list[float]) -> str:
    """One procedure's line of the table."""
    counts = "  ".join(f"{answers[kind]:5d}" for kind in ("right", "wrong", "undecided"))
    slow = quantiles(times, n=20)[-1]
    return f"{name:24s} {counts}  {median(times):9.2f} {slow:9.2f} {sum(times):10.1f}"


def table(limit: float) -> None:
    """Every procedure on every pair."""
    pairs = [(step, other, other is step.right) for step in STEPS for other in (step.right, step.slip)]
    for step in STEPS[:20]:  # modules are loaded and code is warm before anything is measured
        for procedure in ("decide", "derive.equal", "simplify"):
            timed(asked(procedure, step.left, step.right, step.given, True), limit)
    emptied()
    names = {"decide": "derive", "derive.equal": "derive.equal", "simplify": "simplify(a - b) == 0", "equals": "equals"}
    times: dict[str, list[float]] = {name: [] for name in names.values()}
    answers: dict[str, Counter[str]] = {name: Counter() for name in times}
    for procedure, name in names.items():
        for step, other, true in pairs:
            question = asked(procedure, step.left, other, step.given, true)
            answer, spent = timed(question, limit)
            answers[name][answer] += 1
            times[name].append(spent)
            if answer == "wrong" or (answer == "undecided" and "derive" in name):
                print(f"{name}: {answer}: {step.name}, {'as published' if true else 'with its slip'}")
    print(f"{len(pairs)} pairs, {len(STEPS)} of them true")
    print(f"{'':24s} {'right':>5}  {'wrong':>5}  {'undec':>5}  {'median ms':>9} {'95% ms':>9} {'total ms':>10}")
    for name in times:
        print(row(name, answers[name], times[name]))
    ours, theirs = median(times["derive"]), median(times["simplify(a - b) == 0"])
    public = median(times["derive.equal"])
    print(f"median of simplify over derive: {theirs / ours:.0f} times; over derive.equal: {theirs / public:.0f} times")


# ---- families that grow ---------------------------------------------------------------------------------------------


def gaussians(n: int) -> tuple[Expr, Expr, tuple[Any, ...]]:
    """∏ exp(−(x − μ_i)²/(2v_i)): the exponent's squares gathered into one, and the rest."""
    x = Symbol("x")
    m, v = symbols(f"m1:{n + 1}"), symbols(f"v1:{n + 1}")
    precision = sum(1 / b for b in v)
    mean = sum(a / b for a, b in zip(m, v, strict=True)) / precision
    left = sum((x - a) ** 2 / b for a, b in zip(m, v, strict=True))
    rest = sum(a**2 / b for a, b in zip(m, v, strict=True)) - precision * mean**2
    return left, precision * (x - mean) ** 2 + rest, tuple(Greater(b, 0) for b in v)


def square(n: int) -> tuple[Expr, Expr, tuple[Any, ...]]:
    """(x_1 + … + x_n)² as squares and products."""
    x = symbols(f"x1:{n + 1}")
    right = sum(a**2 for a in x) + 2 * sum(x[i] * x[j] for i in range(n) for j in range(i))
    return sum(x) ** 2, right, ()


def logarithms(n: int) -> tuple[Expr, Expr, tuple[Any, ...]]:
    """log ∏ v_i^i as a sum."""
    v = symbols(f"v1:{n + 1}")
    left = log(sympy.Mul(*(b ** (i + 1) for i, b in enumerate(v))))
    return left, sum((i + 1) * log(b) for i, b in enumerate(v)), tuple(Greater(b, 0) for b in v)


def exponentials(n: int) -> tuple[Expr, Expr, tuple[Any, ...]]:
    """∏ exp(−x_i²/2) as one exponential."""
    x = symbols(f"x1:{n + 1}")
    return sympy.Mul(*(exp(-(a**2) / 2) for a in x)), exp(-sum(a**2 for a in x) / 2), ()




def noised(n: int) -> tuple[Expr, Expr, tuple[Any, ...]]:
    """1 − ∏α_i as Σ (1 − α_i) ∏_{j>i} α_j: the variance after n steps of the forward process."""
    a = symbols(f"a1:{n + 1}")
    return 1 - sympy.Mul(*a), sum((1 - a[i]) * sympy.Mul(*a[i + 1 :]) for i in range(n)), ()


FAMILIES: dict[str, Callable[[int], tuple[Expr, Expr, tuple[Any, ...]]]] = {
    "n Gaussian factors": gaussians,
    "square of n variables": square,
    "logarithm of n factors": logarithms,
    "n exponentials": exponentials,
    "n noising steps": noised,
}


def families(limit: float) -> None:
    """Milliseconds for n = 1 … 32, true and false; simplify until it takes too long."""
    sizes = [1, 2, 4, 8, 16, 32, 64]
    print(f"\n{'':28s}" + "".join(f"{f'n = {n}':>12s}" for n in sizes))
    for name, family in FAMILIES.items():
        lines: dict[str, list[str]] = {"derive": [], "derive, one slip": [], "simplify": []}
        lost = False
        for n in sizes:
            left, right, given = family(n)
            for label, other in (("derive", right), ("derive, one slip", right + Symbol("x1" if n > 1 else "x"))):
                emptied()
                status, spent = timed(lambda a=left, b=other, g=given: decide(a, b, g).status, limit)  # type: ignore[misc]
                expected = "equal" if label == "derive" else "different"
                lines[label].append(f"{spent:.1f}" if status == expected else status)
            if lost:
                lines["simplify"].append("")
                continue
            emptied()
            answer, spent = timed(lambda a=left, b=right: simplified(a, b, True), limit)  # type: ignore[misc]
            lost = spent >= limit * 1000
            lines["simplify"].append(f"{spent:.1f}" if answer == "right" else f"> {limit:.0f} s" if lost else "not 0")
        print(name)
        for label, cells in lines.items():
            print(f"  {label:26s}" + "".join(f"{cell:>12s}" for cell in cells))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=float, default=10.0, help="seconds for one question")
    parser.add_argument("--families", action="store_true", help="only the families that grow")
    options = parser.parse_args()
    if not options.families:
        table(options.limit)
    families(options.limit)


if __name__ == "__main__":
    main()
