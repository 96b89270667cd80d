r"""`X ~ N(m, v)` as a claim: proved where the laws are one, refuted by a mean or a variance, on the line and in R^d."""

import pytest

import derive

LINE = [
    r"X \sim \mathcal{N}(\mu_1, \sigma_1^2)", r"Y \sim \mathcal{N}(\mu_2, \sigma_2^2)",
    r"\sigma_1 > 0", r"\sigma_2 > 0",
]  # fmt: skip
SPACE = [
    r"\epsilon_1 \in \mathbb{R}^d", r"\epsilon_2 \in \mathbb{R}^d",
    r"\epsilon_1 \sim \mathcal{N}(0, I)", r"\epsilon_2 \sim \mathcal{N}(0, I)", "a > 0", "b > 0",
]  # fmt: skip
APART = [*SPACE, r"\epsilon_1 \perp \epsilon_2"]
NOISED = [*SPACE, "0 < a < 1", r"x_0 \in \mathbb{R}^d", r"y = \sqrt{a} x_0 + \sqrt{1 - a} \epsilon_1"]

TRUE = [
    (r"2 X + 1 \sim \mathcal{N}(2 \mu_1 + 1, 4 \sigma_1^2)", LINE),
    (r"X + Y \sim \mathcal{N}(\mu_1 + \mu_2, \sigma_1^2 + \sigma_2^2)", [*LINE, r"X \perp Y"]),
    (r"\sqrt{a} \epsilon_1 + \sqrt{b} \epsilon_2 \sim \mathcal{N}(0, (a + b) I)", APART),
    (r"y \sim \mathcal{N}(\sqrt{a} x_0, (1 - a) I)", NOISED),
]
FALSE = [
    (r"2 X + 1 \sim \mathcal{N}(2 \mu_1 + 1, 2 \sigma_1^2)", LINE),
    (r"X + Y \sim \mathcal{N}(\mu_1 + \mu_2, \sigma_1^2 + \sigma_2^2)", LINE),  # they may depend on each other
    (r"X - Y \sim \mathcal{N}(\mu_1 - \mu_2, \sigma_1^2 - \sigma_2^2)", [*LINE, r"X \perp Y", r"\sigma_2 < \sigma_1"]),
    (r"\sqrt{a} \epsilon_1 + \sqrt{b} \epsilon_2 \sim \mathcal{N}(0, (a + b) I)", SPACE),
    (r"y \sim \mathcal{N}(\sqrt{a} x_0, \sqrt{1 - a} I)", NOISED),
    (r"y \sim \mathcal{N}(a x_0, (1 - a) I)", NOISED),
    (r"X^2 \sim \mathcal{N}(\mu_1^2, \sigma_1^4)", LINE),
]


@pytest.mark.parametrize(("statement", "given"), TRUE)
def test_a_law_that_is_the_one_stated_is_proved(statement: str, given: list[str]) -> None:
    assert derive.check(statement, given=given).status == "proved"


@pytest.mark.parametrize(("statement", "given"), FALSE)
def test_another_law_is_refuted_by_a_mean_or_a_variance(statement: str, given: list[str]) -> None:
    verdict = derive.check(statement, given=given)
    assert verdict.status == "refuted"
    assert verdict.counterexample is not None


def test_of_a_variable_without_a_law_nothing_is_known() -> None:
    assert derive.check(r"Z \sim \mathcal{N}(0, 1)").status == "unknown"


def test_a_mean_over_a_list_of_values() -> None:
    given = [r"P(X = x_i) = p_i", "Y = g(X)"]
    assert derive.check(r"\mathbb{E}[Y] = \sum_{i=1}^{n} g(x_i) p_i", given=given).status == "proved"
    assert derive.check(r"\mathbb{E}[X] = \sum_{i=1}^{n} g(x_i) p_i", given=given).status == "refuted"


def test_a_mean_by_the_density_of_its_variable() -> None:
    given = [r"X \sim f", "Y = g(X)"]
    assert derive.check(r"\mathbb{E}[Y] = \int g(x) f(x) \, dx", given=given).status == "proved"
    assert derive.check(r"\mathbb{E}[X] = \int g(x) f(x) \, dx", given=given).status != "proved"
