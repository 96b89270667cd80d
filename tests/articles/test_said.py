"""What a text says and does not claim, and what goes on from one display to the next."""


import pytest

import derive

FORWARD = r"""
<!-- derive: inline -->
Let $x_0 \in \mathbb{R}^d$, $0 < \beta_t < 1$, $\alpha_t = 1 - \beta_t$ and $\bar\alpha_t = \prod_{s=1}^t \alpha_s$,

$$
q(x_{1:T} \mid x_0) = \prod_{t=1}^{T} q(x_t \mid x_{t-1}), \qquad
q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; \sqrt{1 - \beta_t}\, x_{t-1}, \beta_t \mathbf{I}).
$$
"""


def statuses(text):
    """The verdicts on the claims of a text, in order."""
    return [claim.status for claim in derive.check_article(text) if claim.status not in ("definition", "assumption")]


@pytest.mark.parametrize(
    ("rate", "expected"), [(r"\frac{x_1 - x_t}{1 - t}", "proved"), (r"\frac{x_1 - x_t}{t}", "refuted")]
)
def test_a_display_goes_on_after_prose(rate, expected):
    """`= …` says something of what the display before ends with; a path is defined although its end has a law."""
    text = (
        "<!-- derive: inline -->\n# A path\n\n"
        r"Let $x_0 \in \mathbb{R}^d$, $x_1 \in \mathbb{R}^d$, $x_0 \sim \mathcal{N}(0, I)$ and $0 < t < 1$," "\n\n"
        "$$\nx_t = (1 - t) x_0 + t x_1 .\n$$\n\nThen\n\n"
        "$$\n\\frac{d x_t}{dt} = x_1 - x_0\n$$\n\nor, by the point itself,\n\n"
        f"$$\n= {rate} .\n$$\n"
    )
    assert statuses(text) == ["proved", expected]
    found = [claim for claim in derive.check_article(text) if claim.status == expected][-1]
    assert found.place.line == len(text.splitlines()) - 2


def test_nothing_goes_on_into_another_section():
    """A heading ends what was said."""
    text = "# One\n\n$$\n(a + b)^2 = a^2 + 2 a b + b^2\n$$\n\n# Two\n\n$$\n= a^2\n$$\n"
    assert statuses(text) == ["proved", "skipped"]


@pytest.mark.parametrize(
    ("variance", "expected"),
    [
        (r"\frac{1 - \bar\alpha_{t-1}}{1 - \bar\alpha_t} \beta_t", "proved"),
        (r"\frac{1 - \bar\alpha_t}{1 - \bar\alpha_{t-1}} \beta_t", "refuted"),
    ],
)
def test_a_chain_that_ends_with_names_is_claimed_once_they_are_said(variance, expected):
    """The trap: μ̃_t and β̃_t at the end of a chain as names that anything may define."""
    text = FORWARD + (
        "For $t \\ge 2$\n\n$$\n\\begin{aligned}\n"
        r"q(x_{t-1} \mid x_t, x_0) &= \frac{q(x_t \mid x_{t-1})\, q(x_{t-1} \mid x_0)}{q(x_t \mid x_0)} \\" "\n"
        r"&= \mathcal{N}(x_{t-1}; \tilde\mu_t(x_t, x_0), \tilde\beta_t \mathbf{I})" "\n\\end{aligned}\n$$\n"
        "\nwith\n\n$$\n"
        r"\tilde\mu_t(x_t, x_0) = \frac{\sqrt{\bar\alpha_{t-1}} \beta_t}{1 - \bar\alpha_t} x_0"
        r" + \frac{\sqrt{\alpha_t}(1 - \bar\alpha_{t-1})}{1 - \bar\alpha_t} x_t, \qquad"
        f"\n\\tilde\\beta_t = {variance} .\n$$\n"
    )
    assert statuses(text) == ["proved", expected]


@pytest.mark.parametrize(
    ("scale", "expected"), [(r"\sqrt{1 - \bar\alpha_t}", []), (r"(1 - \bar\alpha_t)", ["refuted"])]
)
def test_a_noise_that_was_mentioned_is_told_afterwards(scale, expected):
    """`where x_t = … ε` after ε was written, and ε_{t−1} with its law beside the line that draws with it."""
    text = FORWARD + (
        "$$\n" r"x_t = \sqrt{\alpha_t}\, x_{t-1} + \sqrt{1 - \alpha_t}\, \epsilon_{t-1}, \quad"
        r" \epsilon_{t-1} \sim \mathcal{N}(0, \mathbf{I})" "\n$$\n\n"
        "$$\n" r"c_t = \|\epsilon\|^2" "\n$$\n\n"
        f"where $x_t = \\sqrt{{\\bar\\alpha_t}}\\, x_0 + {scale}\\, \\epsilon$.\n"
    )
    assert statuses(text) == ["proved", *expected]


def test_positive_densities_and_definite_matrices_are_assumed():
    """`p(x) > 0` of a law that nothing gives is no claim; what is said in prose holds from there on."""
    text = (
        "<!-- derive: inline -->\nLet $p(x, y) > 0$, $\\Sigma \\succ 0$ and $x \\in \\mathbb{R}^d$.\n\n$$\n"
        r"\nabla_x \log p(x \mid y) = \nabla_x \log p(y \mid x) + \nabla_x \log p(x)" "\n$$\n\n$$\n"
        r"\nabla_x x^\top \Sigma x = 2 \Sigma x" "\n$$\n"
    )
    report = derive.check_article(text)
    assert [claim.status for claim in report][:3] == ["assumption"] * 3
    assert statuses(text) == ["proved", "proved"]


@pytest.mark.parametrize(("factor", "expected"), [("w", "proved"), ("(1 + w)", "refuted")])
def test_a_law_up_to_a_factor_is_defined(factor, expected):
    """p_w(x | y) ∝ p(x) p(y | x)^w, though it stands behind what is said of it."""
    text = (
        "<!-- derive: inline -->\nLet $p(x, y) > 0$.\n\n$$\n"
        rf"\nabla_x \log p_w(x \mid y) = \nabla_x \log p(x) + {factor} \nabla_x \log p(y \mid x), \quad"
        "\n" r"p_w(x \mid y) \propto p(x) p(y \mid x)^w" "\n$$\n"
    )
    assert statuses(text) == [expected]


JOINT = r"""
<!-- derive: inline -->
Let $p_\theta(x, z) = p_\theta(x \mid z) p(z)$ with $p(z) > 0$, and let $q_\phi(z \mid x) > 0$ and $\sigma > 0$.
"""


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (r"p_\theta(x) = \int p_\theta(x \mid z) p(z) \,dz", "proved"),
        (r"p_\theta(z \mid x) = \frac{p_\theta(x \mid z) p(z)}{p_\theta(x)}", "proved"),
        (r"p_\theta(x, z) = p_\theta(z \mid x) p(z)", "refuted"),
        (r"\frac{\partial}{\partial \sigma} \mathbb{E}_{\mathcal{N}(z; \mu, \sigma^2)}[z^2] = 2 \sigma", "proved"),
        (r"\frac{\partial}{\partial \sigma} \mathbb{E}_{\mathcal{N}(z; \mu, \sigma^2)}[z^2] = \sigma", "refuted"),
    ],
)
def test_a_joint_whose_prior_has_the_bare_letter(claim, expected):
    """p(z) is p_θ(z) there; that other laws of z are positive keeps nothing from being refuted."""
    found = [status for status in statuses(f"{JOINT}\n$$\n{claim}\n$$\n") if status != "skipped"]
    assert found == [expected]
