"""Every fallacy is broken by the world printed beside it: both sides computed here from the table, exactly."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import product

import pytest

from derive.rulebook import World, load_rulebook
from derive.rulebook.clauses import fraction

BOOK = load_rulebook()
Point = dict[str, Fraction]


class Table:
    """A joint law of a world: probabilities, conditionals and averages by summing the table."""

    def __init__(self, world: World, law: str = "p") -> None:
        self.rows = [(dict(where), mass) for where, mass in world.tables[law].items()]

    def __call__(self, *, given: Point | None = None, **event: Fraction) -> Fraction:
        given = given or {}
        return self._mass({**event, **given}) / self._mass(given)

    def _mass(self, event: Point) -> Fraction:
        return sum((m for row, m in self.rows if all(row[k] == v for k, v in event.items())), Fraction(0))

    def average(self, f: Callable[[Point], Fraction]) -> Fraction:
        return sum((mass * f(row) for row, mass in self.rows), Fraction(0))

    def values(self, name: str) -> list[Fraction]:
        return sorted({row[name] for row, _ in self.rows})

    def independent(self, left: str, right: str, given: str | None = None) -> bool:
        for a, b in product(self.values(left), self.values(right)):
            for c in self.values(given) if given else [Fraction(0)]:
                context = {given: c} if given else {}
                if self._mass(context) == 0:
                    continue
                joint = self(given=context, **{left: a, right: b})
                if joint != self(given=context, **{left: a}) * self(given=context, **{right: b}):
                    return False
        return True


def world_of(name: str) -> tuple[World, Point]:
    world = BOOK[name].world
    assert world is not None
    return world, dict(world.point)


def sides(world: World) -> tuple[Fraction | None, Fraction | None]:
    return fraction(world.left), fraction(world.right)


def test_every_fallacy_is_computed_here() -> None:
    assert {rule.name for rule in BOOK.fallacies} == set(DISCRETE) | set(CONTINUOUS)


def transposed() -> None:
    world, at = world_of("transposed-conditional")
    p = Table(world)
    assert p(A=at["A"], given={"B": at["B"]}) == fraction(world.left)
    assert p(B=at["B"], given={"A": at["A"]}) == fraction(world.right)


def markov_forgets() -> None:
    world, at = world_of("markov-forgets-the-past")
    p = Table(world)
    assert p.independent("A", "C", "B")
    assert (p(A=at["A"], given={"C": at["C"]}), p(A=at["A"])) == sides(world)


def independence_conditional() -> None:
    world, at = world_of("independence-gives-conditional-independence")
    p, c = Table(world), {"C": at["C"]}
    assert p.independent("A", "B")
    assert p(A=at["A"], B=at["B"], given=c) == fraction(world.left)
    assert p(A=at["A"], given=c) * p(B=at["B"], given=c) == fraction(world.right)


def conditional_independence() -> None:
    world, at = world_of("conditional-independence-gives-independence")
    p = Table(world)
    assert p.independent("A", "B", "C")
    assert (p(**at), p(A=at["A"]) * p(B=at["B"])) == sides(world)


def pairwise() -> None:
    world, at = world_of("pairwise-gives-joint-independence")
    p = Table(world)
    assert p.independent("A", "B") and p.independent("A", "C") and p.independent("B", "C")
    assert (p(**at), p(A=at["A"]) * p(B=at["B"]) * p(C=at["C"])) == sides(world)


def function_of_mean() -> None:
    world, _ = world_of("expectation-of-a-function")
    assert world.values == (("g(r)", "r^2"),)
    p = Table(world)
    assert (p.average(lambda row: row["A"] ** 2), p.average(lambda row: row["A"]) ** 2) == sides(world)


def forgotten_function() -> None:
    world, _ = world_of("expectation-forgets-the-function")
    assert world.values == (("g(r)", "r^2"),)
    p = Table(world)
    assert (p.average(lambda row: row["A"]), p.average(lambda row: row["A"] ** 2)) == sides(world)


def mean_of_product() -> None:
    world, _ = world_of("expectation-of-a-product")
    p = Table(world)
    assert p.average(lambda row: row["A"] * row["B"]) == fraction(world.left)
    assert p.average(lambda row: row["A"]) * p.average(lambda row: row["B"]) == fraction(world.right)


def uncorrelated() -> None:
    world, at = world_of("uncorrelated-gives-independent")
    p = Table(world)
    a, b = p.average(lambda row: row["A"]), p.average(lambda row: row["B"])
    assert p.average(lambda row: (row["A"] - a) * (row["B"] - b)) == 0
    assert (p(**at), p(A=at["A"]) * p(B=at["B"])) == sides(world)


def variance_of_sum() -> None:
    world, _ = world_of("variance-of-a-sum")
    p = Table(world)

    def variance(f: Callable[[Point], Fraction]) -> Fraction:
        mean = p.average(f)
        return p.average(lambda row: (f(row) - mean) ** 2)

    assert variance(lambda row: row["A"] + row["B"]) == fraction(world.left)
    assert variance(lambda row: row["A"]) + variance(lambda row: row["B"]) == fraction(world.right)


def kl_symmetric() -> None:
    """4 D(p‖q) = 2 log 4/3 and 4 D(q‖p) = log 27/16, by exponentiating."""
    world, _ = world_of("kl-symmetric")
    p, q = Table(world), Table(world, "q")

    def power(first: Table, second: Table, n: int) -> Fraction:
        return math.prod((first(A=a) / second(A=a)) ** int(n * first(A=a)) for a in first.values("A"))  # type: ignore[return-value]

    assert power(p, q, 4) == Fraction(4, 3) ** 2
    assert power(q, p, 4) == Fraction(27, 16)
    assert (world.left, world.right) == (r"\frac12 \log \frac43", r"\frac14 \log \frac{27}{16}")


def elbo() -> None:
    world, at = world_of("elbo-is-the-evidence")
    p, q = Table(world), Table(world, "q")
    bound = math.prod((p(A=at["A"], B=b) / q(B=b)) ** int(2 * q(B=b)) for b in q.values("B"))
    assert p(A=at["A"]) == Fraction(3, 4) and bound == Fraction(1, 2)
    assert (world.left, world.right) == (r"\log \frac34", r"\frac12 \log \frac12")


DISCRETE = {
    "transposed-conditional": transposed,
    "markov-forgets-the-past": markov_forgets,
    "independence-gives-conditional-independence": independence_conditional,
    "conditional-independence-gives-independence": conditional_independence,
    "pairwise-gives-joint-independence": pairwise,
    "expectation-of-a-function": function_of_mean,
    "expectation-forgets-the-function": forgotten_function,
    "expectation-of-a-product": mean_of_product,
    "uncorrelated-gives-independent": uncorrelated,
    "variance-of-a-sum": variance_of_sum,
    "kl-symmetric": kl_symmetric,
    "elbo-is-the-evidence": elbo,
}


@pytest.mark.parametrize("name", sorted(DISCRETE))
def test_a_table_breaks_the_fallacy(name: str) -> None:
    DISCRETE[name]()
    world, _ = world_of(name)
    assert world.left != world.right


CONTINUOUS = {
    # X + Y with Y = X, X ~ N(0, 1): twice X, variance 4; the formula says 1 + 1.
    "sum-of-gaussians-without-independence": (r"\mathcal{N}(z; 0, 4)", r"\mathcal{N}(z; 0, 2)"),
    # E (x + y − z)² for independent N(0,1), N(0,1), N(0,2): 1 + 1 + 2.
    "noise-is-not-pathwise": ("4", "0"),
    # ½ (1 + log 2πv) at v = 1/100; negative, since log(50/π) > 1.
    "differential-entropy-nonnegative": (r"\frac12 \left(1 + \log \frac{\pi}{50}\right)", "0"),
    "log-of-a-sum": (r"\log 2", "0"),
    "root-of-a-square": ("1", "-1"),
}


@pytest.mark.parametrize("name", sorted(CONTINUOUS))
def test_values_break_the_fallacy(name: str) -> None:
    world, _ = world_of(name)
    assert (world.left, world.right) == CONTINUOUS[name]
    assert not world.tables and world.values
