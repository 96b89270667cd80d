"""Random variables that are given as functions of others: their moments, what varies in them, and whose law it is."""

from __future__ import annotations

import pytest

import derive

LINE = (r"Y = a X + b", r"X \in \mathbb{R}", r"a \in \mathbb{R}", r"b \in \mathbb{R}")
NOISE = (r"z = \mu + \sigma \epsilon", r"\epsilon \sim \mathcal{N}(0, 1)", r"\sigma > 0", r"\mu \in \mathbb{R}")
POINT = (r"x \in \mathbb{R}^d", r"\mu \in \mathbb{R}^d", r"x = \mu + \sigma \epsilon",
         r"\epsilon \sim \mathcal{N}(0, I)", r"\sigma > 0")  # fmt: skip
TWO = (r"X \sim \mathcal{N}(m, v)", r"Y \sim \mathcal{N}(k, w)", r"X \perp Y", r"Z = X - Y", r"v > 0", r"w > 0")
DRAWN = (r"X \sim p(x)", r"Y = g(X)")
CASES = [
    (LINE, r"\mathbb{E}[Y] = a\, \mathbb{E}[X] + b", "proved"),
    (LINE, r"\mathrm{Var}(Y) = a^2\, \mathrm{Var}(X)", "proved"),
    (LINE, r"\mathrm{Cov}(X, Y) = a\, \mathrm{Var}(X)", "proved"),
    (LINE, r"\mathrm{Var}(Y) = a\, \mathrm{Var}(X)", "refuted"),
    (LINE, r"\mathrm{Var}(Y) = a^2\, \mathrm{Var}(X) + b", "refuted"),
    (LINE, r"\mathbb{E}[Y \mid X] = a X + b", "proved"),
    (NOISE, r"\mathbb{E}[z^2] = \mu^2 + \sigma^2", "proved"),
    (NOISE, r"\mathrm{Var}(z) = \sigma", "refuted"),
    (POINT, r"\mathrm{Cov}(x) = \sigma^2 I", "proved"),
    (POINT, r"\mathbb{E}[\|x\|^2] = \|\mu\|^2 + d \sigma^2", "proved"),
    (POINT, r"\mathbb{E}[\|x\|^2] = \|\mu\|^2 + \sigma^2", "refuted"),
    (TWO, r"\mathrm{Var}(Z) = v + w", "proved"),
    (TWO, r"\mathrm{Var}(Z) = v - w", "refuted"),
    (TWO[:2] + TWO[3:], r"\mathrm{Var}(Z) = v + w", "not proved"),
    (DRAWN, r"\mathbb{E}[Y] = \int g(x)\, p(x) \,dx", "proved"),
    (DRAWN, r"\mathbb{E}[Y] = \int x\, p(x) \,dx", "refuted"),
    ((r"X \sim p",), r"\mathbb{E}[X^2] = \int x\, p(x) \,dx", "refuted"),
    ((r"y = g(x)",), r"\mathbb{E}_{p(y)}[f(y)] = \mathbb{E}_{p(x)}[f(g(x))]", "proved"),
    ((r"y = g(x)",), r"\mathbb{E}_{p(y)}[y] = g(\mathbb{E}_{p(x)}[x])", "refuted"),
    ((r"y = g(x)",), r"\mathbb{E}_{q(y)}[f(y)] = \mathbb{E}_{p(x)}[f(g(x))]", "not proved"),
    ((r"y = w x + b", r"w \in \mathbb{R}"), r"\mathrm{Var}(y) = w^2\, \mathrm{Var}(x)", "proved"),
    ((r"w \in \mathbb{R}",), r"\mathbb{E}[w X] = w\, \mathbb{E}[X]", "proved"),
]


@pytest.mark.parametrize(("given", "statement", "status"), CASES)
def test_moments_of_what_is_given_as_a_function(given, statement, status):
    """By the laws of what it is a function of; and a slip is refuted by a small world of those."""
    found = derive.check(statement, given=list(given)).status
    assert found != "proved" if status == "not proved" else found == status


def test_what_a_value_of_a_function_has_beside_its_argument_varies_below_a_mean():
    """h(y) = y - e is another number for each e that the mean is over."""
    given = [r"h(y) = y - \epsilon", r"\epsilon \sim \mathcal{N}(0, 1)", r"y \in \mathbb{R}"]
    held = derive.check(r"\mathbb{E}_{\epsilon}[h(y)^2] = y^2 + 1", given=given)
    assert held.status == "proved"
    assert held.read_as
    assert derive.check(r"\mathbb{E}_{\epsilon}[h(y)^2] = y^2", given=given).status == "refuted"


PRIMES = [
    (r"\frac{d}{dx} f(x)^2 = 2 f(x)\, f'(x)", (), "proved"),
    (r"f'(x) = \frac{d}{dx} f(x)", (), "proved"),
    (r"\frac{d}{dx} f(x)^2 = f(x)\, f'(x)", (), "refuted"),
    (r"\sigma'(x) = \sigma(x) (1 - \sigma(x))", (r"\sigma(x) = \frac{1}{1 + e^{-x}}",), "proved"),
    (r"\sigma'(x) = \sigma(x) (1 + \sigma(x))", (r"\sigma(x) = \frac{1}{1 + e^{-x}}",), "refuted"),
    (r"\nabla_\mu \mathbb{E}_{x \sim \mathcal{N}(\mu, s^2)}[f(x)] = \mathbb{E}_{x \sim \mathcal{N}(\mu, s^2)}[f'(x)]",
     (r"s > 0",), "proved"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "given", "status"), PRIMES)
def test_a_prime_on_a_function_that_is_there_without_it_is_its_derivative(statement, given, status):
    """f' beside f is no further function."""
    verdict = derive.check(statement, given=list(given))
    assert verdict.status == status
    assert any("is read as the derivative of" in line for line in verdict.read_as)
