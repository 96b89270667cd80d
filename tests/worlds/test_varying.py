"""A law that is differentiated in its parameter is any smooth family: what holds of all stands."""

import pytest
from sympy import Symbol, log

import derive
from derive.latex import read
from derive.terms import Density, Expectation, Gradient, Law
from derive.worlds import Setting
from derive.worlds.finite import FiniteWorld
from derive.worlds.parameters import Parameters

ONE = [r"p_\theta(x) > 0"]
TWO = [r"p_\theta(x, z) > 0"]
TRUE = [
    (r"\mathbb{E}_{p_\theta(x)}[\nabla_\theta \log p_\theta(x)] = 0", ONE),
    (r"\nabla_\theta \log p_\theta(x, z) = \nabla_\theta \log p_\theta(x | z) + \nabla_\theta \log p_\theta(z)", TWO),
    (r"\nabla_\theta D_{KL}(p(x) \| p_\theta(x)) = -\mathbb{E}_{p(x)}[\nabla_\theta \log p_\theta(x)]", ONE),
    (
        r"\mathbb{E}_{p_\theta(x)}[(\frac{\partial}{\partial\theta} \log p_\theta(x))^2]"
        r" = -\mathbb{E}_{p_\theta(x)}[\frac{\partial^2}{\partial\theta^2} \log p_\theta(x)]",
        ONE,
    ),
]
FALSE = [
    (r"\mathbb{E}_{p_\theta(x)}[\nabla_\theta \log p_\theta(x)] = 1", ONE),
    (r"\nabla_\theta \log p_\theta(x, z) = \nabla_\theta \log p_\theta(x \mid z)", TWO),
    (r"\nabla_\theta \mathbb{E}_{p_\theta(x)}[f(x)] = \mathbb{E}_{p_\theta(x)}[\nabla_\theta f(x)]", ONE),
    (
        r"\nabla_\theta \mathbb{E}_{p_\theta(x)}[f(x)] = -\mathbb{E}_{p_\theta(x)}[f(x) \nabla_\theta\log p_\theta(x)]",
        [r"p_\theta(x) > 0", r"\theta \in \mathbb{R}^k", r"x \in \mathbb{R}^d"],
    ),
    (r"\nabla_\theta D_{KL}(p(x) \| p_\theta(x)) = \mathbb{E}_{p(x)}[\nabla_\theta \log p_\theta(x)]", ONE),
    (r"\nabla_\theta L(\theta) = 0", [r"L(\theta) = \mathbb{E}_{p_\theta(x)}[f(x)]"]),
]
OPEN = [
    (r"\frac{\partial}{\partial t} p_t(x) = 0", []),
    (r"\nabla_\theta p_\theta(x) = 0", [r"p_\theta(x) = p_\theta(-x)"]),
]
"""A process has one law for all its times, and of a law of which more is given not any family will do."""


@pytest.mark.parametrize(("claim", "given"), TRUE)
def test_what_holds_of_every_family_is_proved(claim: str, given: list[str]) -> None:
    assert derive.check(claim, given=given).status == "proved"


@pytest.mark.parametrize(("claim", "given"), FALSE)
def test_what_some_family_breaks_is_refuted(claim: str, given: list[str]) -> None:
    assert derive.check(claim, given=given).status == "refuted"


@pytest.mark.parametrize(("claim", "given"), OPEN)
def test_other_laws_are_no_free_families(claim: str, given: list[str]) -> None:
    assert derive.check(claim, given=given).status == "unknown"


@pytest.mark.parametrize("seed", range(6))
def test_slopes_are_those_of_the_family(seed: int) -> None:
    """∂ log q(z) = ∂q(z) / q(z), and Σ ∂q(z) = 0, in the numbers that the world shows."""
    theta, z = Symbol(r"\theta"), Symbol("z")
    q = Density(Law("q", theta), [z])
    score, whole = Gradient(log(q), theta), Gradient(Expectation(z, q), theta)
    statement = read(r"\nabla_\theta \mathbb{E}_{q_\theta(z)}[z] = \nabla_\theta \log q_\theta(z)").term
    world = FiniteWorld(Parameters(Setting(), (statement,), str(seed), 1, "finite"), (statement,))
    moved = world.value(whole)
    ((_, rates),) = world.rates.items()
    (table,) = [table for _, table in world.describe_laws()]
    values = world.support(("z", ()), world.sorts["z", ()])
    assert sum(rates.cells.values()) == 0
    assert moved == sum(values[cell[0]] * slope for cell, slope in rates.cells.items())
    for cell, mass in table.cells.items():
        if mass:
            world.point["z", ()] = values[cell[0]]
            assert world.value(score) == rates.cells[cell] / mass
