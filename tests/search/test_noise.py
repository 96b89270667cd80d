r"""A point that is written with its noise beside a law of that point: both hold in one world, and in one proof."""

import pytest

import derive

POINT = [
    r"x_t \in \mathbb{R}^d", r"\epsilon \in \mathbb{R}^d", "0 < a_t < 1",
    r"x_t = \sqrt{a_t} x_0 + \sqrt{1 - a_t} \epsilon",
]  # fmt: skip
KERNEL = r"q(x_t \mid x_0) = \mathcal{N}(x_t; \sqrt{a_t} x_0, (1 - a_t) I)"
NOISE = r"\epsilon \sim \mathcal{N}(0, I)"

TRUE = [
    r"\nabla_{x_t} \log q(x_t \mid x_0) = -\frac{\epsilon}{\sqrt{1 - a_t}}",
    r"\mathbb{E}[\epsilon \mid x_t] = -\sqrt{1 - a_t} \nabla_{x_t} \log q(x_t)",
    r"\mathbb{E}[x_0 \mid x_t] = \frac{x_t - \sqrt{1 - a_t} \mathbb{E}[\epsilon \mid x_t]}{\sqrt{a_t}}",
    r"\mathbb{E}_{q(x_t \mid x_0)}[\|\epsilon\|^2] = d",
    r"\mathbb{E}_{q(x_0), \epsilon}[\|x_t\|^2] = a_t \mathbb{E}_{q(x_0)}[\|x_0\|^2] + d (1 - a_t)",
]
TRUE_OR_OPEN = [
    r"\mathbb{E}_{x_0 \sim q(x_0), \epsilon \sim \mathcal{N}(0, I)}[f(x_t)]"
    r" = \mathbb{E}_{q(x_0) q(x_t \mid x_0)}[f(x_t)]",
    r"\mathbb{E}_{x_0, \epsilon}[\|x_t - \sqrt{a_t} x_0\|^2] = d (1 - a_t)",
    r"\mathbb{E}_{q(x_t \mid x_0)}[\|\epsilon - g(x_t)\|^2]"
    r" = \mathbb{E}_{\epsilon \sim \mathcal{N}(0, I)}[\|\epsilon - g(\sqrt{a_t} x_0 + \sqrt{1 - a_t} \epsilon)\|^2]",
]
FALSE = [
    r"\nabla_{x_t} \log q(x_t \mid x_0) = -\frac{\epsilon}{1 - a_t}",
    r"\mathbb{E}[\epsilon \mid x_t] = -(1 - a_t) \nabla_{x_t} \log q(x_t)",
    r"\mathbb{E}[\epsilon \mid x_t] = 0",
    r"\mathbb{E}_{q(x_t \mid x_0)}[\|\epsilon\|^2] = 1",
    r"\nabla_{x_t} \|\epsilon\|^2 = 0",  # at a fixed x_0 it varies with x_t
    r"\mathbb{E}_{q(x_t \mid x_0)}[\|\epsilon\|^2] = \|\epsilon\|^2",  # below the mean over x_t its noise varies
]


@pytest.mark.parametrize("given", [[*POINT, KERNEL], [*POINT, KERNEL, NOISE]], ids=["law", "law and noise"])
@pytest.mark.parametrize("statement", TRUE)
def test_what_holds_of_a_point_and_its_noise_is_proved(statement: str, given: list[str]) -> None:
    if NOISE not in given and r"\epsilon}" in statement:
        given = [*given, NOISE]  # the mean over a noise is one over its law
    assert derive.check(statement, given=given).status == "proved"


@pytest.mark.parametrize("statement", TRUE_OR_OPEN)
def test_what_holds_is_never_refuted(statement: str) -> None:
    given = [*POINT, KERNEL, NOISE, r"g(x_t) \in \mathbb{R}^d"]
    assert derive.check(statement, given=given).status != "refuted"


@pytest.mark.parametrize("statement", FALSE)
def test_what_does_not_hold_is_refuted_in_a_world_of_that_law(statement: str) -> None:
    verdict = derive.check(statement, given=[*POINT, KERNEL, NOISE])
    assert verdict.status == "refuted"


def test_a_noise_whose_law_does_not_fit_is_no_world() -> None:
    """With ε ~ N(0, 4 I) the point has another law than the kernel: from what contradicts itself nothing follows."""
    given = [*POINT, KERNEL, r"\epsilon \sim \mathcal{N}(0, 4 I)"]
    for statement in TRUE[:2]:
        assert derive.check(statement, given=given).status == "unknown"
