"""What is suggested says something else each time, looks like what is written, and is no triviality."""

import pytest

import derive
from derive.latex import latex

SPREAD = (r"\sigma > 0",)
BETWEEN = r"D_{KL}(\mathcal{N}(\mu_1, \sigma^2 I) \,\|\, \mathcal{N}(\mu_2, \sigma^2 I))"
PAIR = (r"\mu_1 \in \mathbb{R}^d", r"\mu_2 \in \mathbb{R}^d", r"\sigma > 0")


def suggested(wrong, *given):
    """What is suggested, as LaTeX; and the statement as it was read."""
    verdict = derive.check(wrong, given=given)
    assert verdict.status == "refuted"
    return [latex(found) for found in verdict.suggestions]


@pytest.mark.parametrize(
    ("wrong", "meant", "given"),
    [
        (
            rf"{BETWEEN} = \frac{{\|\mu_1 - \mu_2\|^2}}{{\sigma^2}}",
            rf"{BETWEEN} = \frac{{\|\mu_1 - \mu_2\|^2}}{{2 \sigma^2}}",
            PAIR,
        ),
        (
            r"D_{KL}(\mathcal{N}(a, b^2) \,\|\, \mathcal{N}(0, 1)) = a^2 + b^2 - 1 - \log b^2",
            r"D_{KL}(\mathcal{N}(a, b^2) \,\|\, \mathcal{N}(0, 1)) = \frac{1}{2}(a^2 + b^2 - 1 - \log b^2)",
            (r"b > 0",),
        ),
        (r"\mathrm{Var}[a X + b] = a \mathrm{Var}[X]", r"\mathrm{Var}[a X + b] = a^2 \mathrm{Var}[X]", ()),
        (r"\|x - y\|^2 = \|x\|^2 - x^\top y + \|y\|^2", r"\|x - y\|^2 = \|x\|^2 - 2 x^\top y + \|y\|^2",
         (r"x \in \mathbb{R}^d", r"y \in \mathbb{R}^d")),
        (r"-\log \mathbb{E}_{p(x)}[f(x)] \ge -\mathbb{E}_{p(x)}[\log f(x)]",
         r"-\log \mathbb{E}_{p(x)}[f(x)] \le -\mathbb{E}_{p(x)}[\log f(x)]", (r"f(x) > 0",)),
    ],
)  # fmt: skip
def test_one_of_those_that_say_the_same(wrong, meant, given):
    """2 KL = x beside KL = x/2, KL(p ‖ p) = 0, x ≤ x: none is told beside what was meant."""
    assert suggested(wrong, *given) == [latex(derive.check(meant, given=given).statement)]


@pytest.mark.parametrize(
    ("wrong", "meant", "given"),
    [
        (r"p(x \mid y) = \frac{p(y \mid x)\, p(y)}{p(x)}", r"p(x \mid y) = \frac{p(y \mid x)\, p(x)}{p(y)}", ()),
        (r"P(A \mid B) = \frac{P(B \mid A) P(B)}{P(A)}", r"P(A \mid B) = \frac{P(B \mid A) P(A)}{P(B)}",
         ("P(A) > 0", "P(B) > 0")),
        (r"\mathbb{E}[X] = \mathbb{E}[\mathbb{E}[Y \mid X]]", r"\mathbb{E}[Y] = \mathbb{E}[\mathbb{E}[Y \mid X]]", ()),
        (r"\log \frac{a}{b} = \log a + \log b", r"\log \frac{a}{b} = \log a - \log b", ("a > 0", "b > 0")),
    ],
)  # fmt: skip
def test_what_was_meant_is_among_them(wrong, meant, given):
    """Two densities in each other's place, another variable throughout a side."""
    assert latex(derive.check(meant, given=given).statement) in suggested(wrong, *given)


def test_a_kept_side_comes_first():
    """log(a/b) = log a − log b is nearer to log(a/b) = log a + log b than log(a b) = log a + log b is."""
    first, second = suggested(r"\log \frac{a}{b} = \log a + \log b", "a > 0", "b > 0")
    assert r"\frac{a}{b}" in first and r"\frac{a}{b}" not in second


@pytest.mark.parametrize(
    ("claim", "given", "provided"),
    [
        (r"\frac{d}{dt} \log \alpha_t^2 = \frac{2}{\alpha_t} \frac{d \alpha_t}{dt}", [r"\alpha_t > 0"], False),
        (r"\frac{\partial}{\partial \sigma} \log \sigma^2 = \frac{2}{\sigma}", SPREAD, False),
        (r"\nabla_x \log p(x \mid y) = \nabla_x \log p(x) + \nabla_x \log p(y \mid x)", ["p(x, y) > 0"], False),
        (r"\nabla_x \log p(x \mid y) = \nabla_x \log p(x) + \nabla_x \log p(y \mid x)", [], True),
    ],
)
def test_what_a_derivative_needs_is_said_of_its_point(claim, given, provided):
    """Not "α_t² > 0 for every t" where α_t > 0 is given; of several densities the joint one."""
    verdict = derive.check(claim, given=given)
    signs = [condition for condition in verdict.provided if "exists" not in str(condition)]
    assert verdict.status == "proved"
    assert [str(condition) for condition in signs] == (["p(x, y) > 0"] if provided else [])
