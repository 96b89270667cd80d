"""Index ranges, coinciding indices, recursions."""

from __future__ import annotations

import itertools
import random

import pytest
from sympy import Integer, Symbol

from derive.terms import IndexFacts
from tests.soundness.claims import status

RECURSION = [
    (r"\bar\alpha_t = \alpha_t \bar\alpha_{t-1}", []),
    (r"\bar\alpha_{t+1} = \alpha_{t+1} \bar\alpha_t", []),
    (r"\frac{\bar\alpha_t}{\bar\alpha_{t-1}} = \alpha_t", []),
    (r"\bar\alpha_t = \alpha_t \bar\alpha_{t-1}", [r"t \ge 1"]),
    (r"\bar\alpha_2 = \alpha_2 \alpha_1", []),
    (r"\bar\alpha_t \le 1", [r"t \ge 0"]),
    (r"\bar\alpha_t < \bar\alpha_{t-1}", [r"t \ge 1"]),
]


@pytest.mark.parametrize(("claim", "given"), RECURSION)
def test_a_recursion_is_not_refuted_by_free_numbers(claim, given):
    """The trap: ᾱ_t and ᾱ_{t−1} drawn as two numbers refute ᾱ_t = α_t ᾱ_{t−1}."""
    assert status(claim, *given, chained=True) != "refuted"


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"\bar\alpha_t = \alpha_t", []),
        (r"\bar\alpha_{t+1} = \alpha_t \bar\alpha_t", []),
        (r"\bar\alpha_3 = \alpha_2 \alpha_1", []),
        (r"\bar\alpha_{t-1} < 1", [r"t \ge 1"]),
        (r"\frac{1 - \bar\alpha_{t-1}}{1 - \bar\alpha_t} \beta_t > 0", [r"t \ge 1"]),
        (r"\beta_t < \beta_{t+1}", []),
        (r"\bar\alpha_t > \bar\alpha_{t-1}", [r"t \ge 1"]),
    ],
)
def test_false_statements_of_a_recursion(claim, given):
    """At t = 1, ᾱ_{t−1} = ᾱ_0 = 1, and the posterior's variance is 0."""
    assert status(claim, *given, chained=True) == "refuted"


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"\bar\alpha_{t-1} < 1", [r"t \ge 2"]),
        (r"\frac{1 - \bar\alpha_{t-1}}{1 - \bar\alpha_t} \beta_t > 0", [r"t \ge 2"]),
        (r"\bar\alpha_t < \bar\alpha_{t-1}", [r"t \ge 1"]),
    ],
)
def test_the_same_in_their_range(claim, given):
    """And from t = 2 on they are true."""
    assert status(claim, *given, chained=True) == "proved"


def test_index_coincidence_in_a_posterior():
    """The trap: at t = 1, x_{t−1} is x_0, and q(x_t | x_{t−1}, x_0) conditions on one variable twice."""
    claim = r"q(x_t \mid x_{t-1}, x_0) = q(x_t \mid x_{t-1})"
    assert status(claim, chained=True) == "unknown"
    assert status(claim, r"t \ge 2", chained=True) == "proved"
    assert status(r"q(x_{t-1} \mid x_t) = q(x_{t-1} \mid x_t, x_0)", r"t \ge 2", chained=True) == "refuted"
    assert status(r"q(x_t \mid x_{t-1}, x_{t+1}) = q(x_t \mid x_{t-1})", r"t \ge 2", chained=True) == "refuted"


@pytest.mark.parametrize(
    ("claim", "given", "expected"),
    [
        (r"\sigma_1 < \sigma_3", [r"\sigma_{t-1} < \sigma_t"], "proved"),
        (r"\sigma_s < \sigma_t", [r"\sigma_{t-1} < \sigma_t", r"s < t"], "proved"),
        (r"\sigma_s < \sigma_t", [r"\sigma_{t-1} < \sigma_t", r"s \le t"], "refuted"),
        (r"\sigma_s < \sigma_t", [r"\sigma_{t-1} < \sigma_t"], "refuted"),
        (r"\sigma_1 < \sigma_T", [r"\sigma_{t-1} < \sigma_t", r"T \ge 1"], "refuted"),
        (r"\sigma_1 < \sigma_3", [r"\sigma_{t-1} < \sigma_t + 1"], "refuted"),
        (r"\sigma_{t-1} < \sigma_t", [r"\sigma_1 < \sigma_2"], "refuted"),
        (r"\sigma_3 < \sigma_1", [r"\sigma_{t-1} < \sigma_t"], "refuted"),
        (r"\sigma_3 = \sigma_1 + |\sigma_3 - \sigma_1|", [r"\sigma_t > \sigma_{t-1} + 1"], "proved"),
    ],
)
def test_monotone_chains(claim, given, expected):
    """The trap: σ_{t−1} < σ_t says nothing of equal indices, nor does one link say it of all."""
    assert status(claim, *given) == expected


def test_real_numbers_are_no_indices():
    """The trap: t > 0 gives t ≥ 1 for whole numbers only."""
    assert status(r"t \ge 1", r"t > 0") == "refuted"
    assert status(r"t \ge 1", r"t > 0", r"a_t > 0") == "proved"
    assert status(r"n (n - 1) \ge 0") == "refuted"


@pytest.mark.parametrize(
    ("claim", "given", "expected"),
    [
        (r"(t - s)^2 = |t - s| (t - s)", [r"s \le t", "a_t > a_s"], True),
        (r"x_s = x_t", [r"x_t \in \mathbb{R}^d", r"s \le t", r"t \le s"], True),
        (r"a_s = a_t", [r"s \le t", r"t \le s"], True),
        (r"a_t = a_1", [r"0 \le t", r"t \le 2", r"t \ne 2", r"t \ne 0"], True),
        (r"a_s = a_t", [r"s \le t", r"t \le s + 1"], False),
        (r"a_t = a_1", [r"0 \le t", r"t \le T", r"t \ne 0"], False),
    ],
)
def test_a_point_has_its_indices_in_their_range(claim, given, expected):
    """The trap: a point with s = 2 and t = 1 refutes what is true for s ≤ t."""
    found = status(claim, *given)
    assert found != "refuted" if expected else found == "refuted"


def test_index_facts_against_all_small_numbers():
    """Random ranges: what the facts say of an expression is true of every small assignment that satisfies them."""
    symbols = [Symbol(name) for name in "stT"]
    rng = random.Random(5)

    def drawn():
        return sum((rng.randint(-2, 2) * symbol for symbol in symbols), Integer(rng.randint(-3, 3)))

    said = 0
    for _ in range(120):
        rows = [drawn() for _ in range(rng.randint(1, 4))]
        facts, asked = IndexFacts().known(*rows), drawn()
        values = [{**dict(zip(symbols, numbers, strict=True))} for numbers in itertools.product(range(-3, 6), repeat=3)]
        answer = facts.nonnegative(asked)
        said += answer is not None
        if answer is not None:
            points = [v for v in values if all(_at(row, v) >= 0 for row in rows)]
            assert all((_at(asked, v) >= 0) is answer for v in points), (rows, asked)
    assert said > 8


def _at(expression, values):
    constant, terms = expression.as_coeff_Add()
    found = int(constant)
    for term in terms.as_coefficients_dict().items():
        found += int(term[1]) * values.get(term[0], 0)
    return found


@pytest.mark.parametrize(
    ("claim", "given", "expected"),
    [
        (r"\sum_{t=1}^{T} a_t = T", [r"a_t = 1"], True),
        (r"\sum_{t=1}^{T} a_t = a T", [r"a_t = a"], True),
        (r"\prod_{t=1}^{T} a_t = 1", [r"a_t = 1"], True),
        (r"\sum_{s=1}^{T} a_s > 0", [r"a_t > 0", r"T \ge 1"], True),
        (r"\sum_{s=1}^{T} a_s = 2 \sum_{s=1}^{T} b_s", [r"a_t = 2 b_t"], True),
        (r"1 - \sum_{i=1}^{n} \pi_i = 0", [r"\sum_{i=1}^{n} \pi_i = 1"], True),
        (r"\sum_{t=1}^{T} a_t = T + 1", [r"a_t = 1"], False),
        (r"\sum_{s=1}^{T} a_s > 1", [r"a_t > 0", r"T \ge 1"], False),
    ],
)
def test_what_is_given_of_a_family_is_given_in_its_sums(claim, given, expected):
    """The trap: a_t = 1 at one t, beside which the other terms of the sum are free."""
    found = status(claim, *given)
    assert found != "refuted" if expected else found == "refuted"


@pytest.mark.parametrize(
    ("claim", "expected"),
    [(r"a_t > 0", "proved"), (r"a_3 > 0", "proved"), (r"\sqrt{a_t^2} = a_t", "proved"), (r"a_1 > 0", "refuted")],
)
@pytest.mark.parametrize("line", [r"a_t > 0, \quad t \ge 2", r"a_t > 0 \text{ for } t \ge 2"])
def test_a_bound_with_the_range_of_its_index_in_one_line_holds_in_that_range(claim, expected, line):
    """As two lines it says a_t > 0 for every t, and something of the t of the claim."""
    assert status(claim, line) == expected
    assert status(r"a_1 > 0", r"a_t > 0", r"t \ge 2") == "proved"
