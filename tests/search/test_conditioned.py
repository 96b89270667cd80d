"""A claim is about the points at which its sides are defined: p(x | y) where p(y) > 0, and nothing more than that."""

import pytest

import derive
from derive.latex import unicode_text

BAYES = [
    (r"p(x, y) = p(x \mid y) p(y)", {"p(y) > 0"}),
    (r"p(x) p(y \mid x) = p(y) p(x \mid y)", {"p(x) > 0", "p(y) > 0"}),
    (r"p(x \mid y) = \frac{p(y \mid x) p(x)}{p(y)}", {"p(x) > 0", "p(y) > 0"}),
    (r"p(x \mid y) \propto p(x, y)", {"p(y) > 0"}),
    (r"p(x, y, z) = p(x \mid y, z) p(y \mid z) p(z)", {"p(y, z) > 0"}),
]


@pytest.mark.parametrize(("statement", "provided"), BAYES)
def test_what_a_claim_conditions_on_is_positive(statement: str, provided: set[str]) -> None:
    verdict = derive.check(statement)
    assert verdict.status == "proved"
    assert {unicode_text(condition) for condition in verdict.provided} == provided


def test_the_gradient_of_a_conditional_is_taken_where_it_is_defined() -> None:
    statement = r"\nabla_x \log q(x \mid y) = \nabla_x \log q(x) + \nabla_x \log q(y \mid x)"
    assert derive.check(statement, given=[r"x \in \mathbb{R}^d", r"y \in \mathbb{R}^d"]).status == "proved"


NOT_PROVED = [
    # q(x) > 0 at one point says nothing of the points that an average is taken over
    r"q(a \mid x)\, \mathbb{E}_{q(x)}\left[\frac{p(x)}{q(x)}\right] = q(a \mid x)",
    r"p(y \mid x) \int \frac{p(x, z)}{p(x \mid z)} \, dz = p(y \mid x)",
    r"p(x \mid y) = p(x)",
    r"p(x \mid y) = p(y \mid x)",
    r"p(x \mid y) = \frac{p(y \mid x) p(y)}{p(x)}",
    # a logarithm is no ground to take something for positive where the other side has none
    r"p(x \mid y, z) = p(x \mid y)",
]


@pytest.mark.parametrize("statement", NOT_PROVED)
def test_nothing_more_is_taken_for_positive(statement: str) -> None:
    assert derive.check(statement).status != "proved"


def test_no_variable_stands_on_both_sides_of_a_bar() -> None:
    verdict = derive.check(
        r"q(x_{t-1} \mid x_t, x_0) = \frac{q(x_t \mid x_{t-1}) q(x_{t-1} \mid x_0)}{q(x_t \mid x_0)}", model="ddpm"
    )
    assert verdict.status == "proved"
    assert any("t ≥ 2" in note for note in verdict.read_as)


def test_a_sum_over_steps_reaches_its_first_index() -> None:
    """At t = 1 the posterior is no density: a term of a sum is not read as if its index were larger."""
    statement = (
        r"\sum_{t=1}^{T} \mathbb{E}_{q(x_t \mid x_0)} D_{KL}(q(x_{t-1} \mid x_t, x_0) \| p_\theta(x_{t-1} \mid x_t))"
        r" = \sum_{t=2}^{T} \mathbb{E}_{q(x_t \mid x_0)} D_{KL}(q(x_{t-1} \mid x_t, x_0) \| p_\theta(x_{t-1} \mid x_t))"
    )
    assert derive.check(statement, model="ddpm").status != "proved"


def test_a_family_that_is_written_to_its_end_has_a_member() -> None:
    assert derive.check(r"\prod_{t=1}^{T} a_t = a_1 \prod_{t=2}^{T} a_t").status == "proved"
    assert derive.check(r"\sum_{t=2}^{T} (a_t - a_{t-1}) = a_T - a_1").status == "proved"
    assert derive.check(r"\sum_{t=2}^{T} a_t = \sum_{t=1}^{T} a_t").status == "refuted"
    assert derive.check(r"\sum_{t=1}^{T} a_t = a_1 + a_2 + \sum_{t=3}^{T} a_t").status != "proved"


NAMED = [
    (r"p(x, y) = p(x \mid y) p(y)", "product-rule"),
    (r"p(x \mid y) = \frac{p(y \mid x) p(x)}{p(y)}", "bayes"),
    (r"p(x \mid y) \propto p(y \mid x) p(x)", "bayes-proportional"),
    (r"p(x) = \mathbb{E}_{p(z)}[p(x \mid z)]", "total-probability-expectation"),
]


@pytest.mark.parametrize(("statement", "rule"), NAMED)
def test_what_one_rule_says_is_called_by_its_name(statement: str, rule: str) -> None:
    assert derive.check(statement).because == (rule,)


def test_what_is_missing_is_an_assumption_and_no_other_claim() -> None:
    verdict = derive.check(
        r"\nabla_\theta \mathbb{E}_{q_\theta(x)}[f(x)] = \mathbb{E}_{q_\theta(x)}[\nabla_\theta f(x)]"
    )
    assert verdict.status != "proved"
    assert not any("≤" in unicode_text(condition) for condition in verdict.missing)


def test_a_proportionality_of_gaussians_is_one_in_their_point() -> None:
    given = [r"s > 0", r"r > 0"]
    product = r"\mathcal{N}(x; a, s) \mathcal{N}(x; b, r) \propto "
    for mean, status in (("a r + b s", "proved"), ("a s + b r", "refuted")):
        merged = rf"\mathcal{{N}}\left(x; \frac{{{mean}}}{{s + r}}, \frac{{s r}}{{s + r}}\right)"
        assert derive.check(product + merged, given=given).status == status


def test_a_world_has_a_law_at_one_index_only() -> None:
    """The heat equation is true of N(x; 0, t): no world may take its left side for zero."""
    given = [r"p_t(x) = \mathcal{N}(x; 0, t)", "t > 0"]
    heat = r"\frac{\partial}{\partial t} p_t(x) = \frac12 \frac{\partial^2}{\partial x^2} p_t(x)"
    assert derive.check(heat, given=given).status == "proved"
    assert derive.check(r"\frac{\partial}{\partial t} p_t(x) = 0", given=given).status != "proved"
