"""What proved and refuted may rest on: nothing open but definedness, a world for every refutation, all values."""

from __future__ import annotations

import pytest

from derive.latex import latex
from tests.soundness.claims import status, verdict


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"p(x \mid y, z) = p(x \mid z)", []),
        (r"p(x, y) = p(x)\, p(y)", []),
        (r"\mathrm{Var}_{q(x, y)}[x + y] = \mathrm{Var}_{q(x)}[x] + \mathrm{Var}_{q(y)}[y]", []),
        (r"\mathbb{E}_{q(x, y)}[x y] = \mathbb{E}_{q(x)}[x]\, \mathbb{E}_{q(y)}[y]", []),
        (r"q(x, y) = q(x)\, q(y)", [r"q(x, y) = \frac{1}{Z} q(x)\, q(y)"]),
        (r"a = b", [r"a c = b c"]),
        (r"\sum_{k=2}^{n} a_k = a_2 + \sum_{k=3}^{n} a_k", []),
        (r"\frac{a}{a + b} + \frac{b}{a + b} = 2 - 1 + c", []),
    ],
)
def test_an_open_condition_is_no_proof(claim, given):
    """The trap: "proved, provided that it is true": an open independence, equation, range or division."""
    assert status(claim, *given) != "proved"


def test_what_proved_leaves_open_is_that_its_own_sides_are_defined():
    """(x² − 1)/(x − 1) = x + 1 is proved, and says x ≠ 1."""
    found = verdict(r"\frac{x^2 - 1}{x - 1} = x + 1")
    assert found.status == "proved" and len(found.provided) == 1 and not found.missing


def test_what_is_missing_is_named():
    """At t = 1 what is given stands there twice: t ≥ 2 is named, nothing is proved without it, and it is with it."""
    claim = r"q(x_t \mid x_{t-1}, x_0) = q(x_t \mid x_{t-1})"
    found = verdict(claim, chained=True)
    assert found.status == "unknown" and [latex(part) for part in found.missing] == [r"t \ge 2"]
    assert status(claim, r"t \ge 2", chained=True) == "proved"


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"q(x, y) = q(x \mid y)\, q(y)", []),
        (r"q(x, y) = q(y \mid x)\, q(x)", []),
        (r"\int q(x, y) \,dy = q(x)", []),
        (r"f(x) = g(x)", [r"f(x) = x^2", r"g(x) = x^2"]),
        (r"\mathbb{E}_{q(x)}[\mathbb{E}_{q(y \mid x)}[f(y)]] = \mathbb{E}_{q(y)}[f(y)]", []),
        (r"q(x) = p(x)", [r"\log q(x) = \log p(x)"]),
        (r"q(x) = p(x)", [r"D_{KL}(q(x) \,\|\, p(x)) = 0"]),
        (r"q(x) = p(x)", [r"2 q(x) = 2 p(x)"]),
        (r"q(x) = p(x)", [r"q(x) \le p(x)"]),
        (r"q(x \mid y) = q(x)", [r"q(y \mid x) = q(y)"]),
        (r"q(x, z \mid y) = q(x \mid y)\, q(z \mid y)", [r"q(x, y, z) = \frac{q(x, y)\, q(y, z)}{q(y)}"]),
        (r"q(x, y) = q(x)\, q(y)", [r"q(x, y) = \frac{1}{Z} q(x)\, q(y)"]),
        (r"q(x, y) = \frac{1}{2} q(x)\, q(y)", [r"q(x, y) = \frac{1}{2} q(x)\, q(y)"]),
        (r"P(A \cap B) = P(A)\, P(B)", [r"P(A \mid B) = P(A \mid B^c)"]),
        (r"P(A) = 0", [r"P(A \cup B) = P(B)", r"P(A \cap B) = 0"]),
        (r"\mathbb{E}_{q(x)}[x^2] = 1", [r"\mathbb{E}_{q(x)}[x] = 0", r"\mathrm{Var}_{q(x)}[x] = 1"]),
    ],
)
def test_different_atoms_may_have_one_value(claim, given):
    """The trap: two densities, two unknown functions drawn as free numbers, or laws that do not satisfy the givens."""
    assert status(claim, *given) != "refuted"


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"f(0) = 0", [r"f(x + y) = f(x) + f(y)"]),
        (r"f(x) = f(0)", [r"\frac{\partial f(x)}{\partial x} = 0"]),
        (r"f(2) = 2 f(1)", [r"f(x + y) = f(x) + f(y)"]),
        (r"f(-x) = f(x)", [r"f(y) = f(-y)"]),
        (r"f(x) \le g(x)", [r"f(y) + 1 \le g(y)"]),
        (r"f(0) = 0", [r"x = 0", r"f(x) = 0"]),
    ],
)
def test_a_functional_equation_is_looked_at_wherever_the_function_is_used(claim, given):
    """The trap: a table of values that satisfies f(x + y) = f(x) + f(y) at one x and y, and has f(0) = 3."""
    assert status(claim, *given) != "refuted"


def test_a_number_is_a_point():
    """The trap: f(0) as a name of its own, unrelated to f(x) at x = 0."""
    assert status(r"f(x) = f(0)", r"x = 0") == "proved"
    assert status(r"f(x) = f(0)") == "refuted"


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"x^2 = x", []),
        (r"x^2 = 1", [r"x > 0"]),
        (r"\sin x = 0", []),
        (r"e^x = 1 + x", []),
        (r"x \le x^2", []),
        (r"\log(1 + x) = x", [r"x > -1"]),
        (r"(a + b)^2 = a^2 + b^2", []),
        (r"\frac{1}{a + b} = \frac{1}{a} + \frac{1}{b}", [r"a > 0", r"b > 0"]),
        (r"\bar\alpha_t = \alpha_t", [r"\bar\alpha_t = \prod_{s=1}^{t} \alpha_s"]),
        (r"\mathbb{E}_{q(x)}[f(x)^2] = \mathbb{E}_{q(x)}[f(x)]^2", []),
        (r"\|x + y\| = \|x\| + \|y\|", [r"x \in \mathbb{R}^d", r"y \in \mathbb{R}^d"]),
    ],
)
def test_true_of_some_values_only(claim, given):
    """The trap: x² = x at 0 and 1, ᾱ_t = α_t at t = 1, E f² = (E f)² for a constant."""
    assert status(claim, *given) == "refuted"
