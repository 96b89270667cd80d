r"""A name that is differentiated bare is one function throughout: nothing true of it is refused, nothing false proved.

Chains in which nothing says what depends on what are refused: `\frac{dy}{dx} = \frac{dy}{du} \frac{du}{dx}` speaks of y
as a function of x and as another of u.
"""

import pytest

import derive
from derive.errors import ReadError

TRUE = [
    (r"\frac{\partial x^2}{\partial t} = 2 x \frac{\partial x}{\partial t}", []),
    (r"\frac{d(uv)}{dx} = u \frac{dv}{dx} + v \frac{du}{dx}", []),
    (r"\frac{d}{dx} \frac{u}{v} = \frac{v u' - u v'}{v^2}", []),
    (r"\frac{d \alpha^2}{dt} = 2 \alpha \dot\alpha", []),
    (r"\frac{d}{dt} e^{-\lambda} = - e^{-\lambda} \frac{d\lambda}{dt}", []),
    (r"\nabla_\theta (\mathcal{L}_1 + \mathcal{L}_2) = \nabla_\theta \mathcal{L}_1 + \nabla_\theta \mathcal{L}_2", []),
    (r"\frac{\partial}{\partial \theta} \log p(x) = 0", []),
    (r"\frac{\partial}{\partial \mu} \sigma^2 = 0", []),
    (r"\frac{d}{dx} c = 0", []),
    (r"\frac{\partial \ell}{\partial \mu} = x - \mu", [r"\ell = -\frac12 (x - \mu)^2"]),
    (r"\frac{\partial J}{\partial \mu} = 2 \mu + 2 a", [r"J = R + \mu^2", r"R = 2 a \mu"]),
    (r"\nabla_\theta L = 2 \theta", [r"\theta \in \mathbb{R}^k", r"L = \|\theta\|^2"]),
    (r"\mathbb{E}_{q_\phi(z)}[\nabla_\phi \log q_\phi(z)] = 0", [r"\phi \in \mathbb{R}^k", r"q_\phi(z) > 0"]),
]
CONDITIONS = [
    (r"\nabla_\theta \mathcal{L} = 0", []),
    (r"\frac{\partial L}{\partial \theta} = 0", [r"L \in \mathbb{R}"]),
]
"""Nothing says that they hold for every θ, and nobody who writes them means that."""
PARAMETERS = [
    (r"\nabla_\phi \mathbb{E}_{q_\phi(z)}[f(z)] = 0", [r"\phi \in \mathbb{R}^k"]),
    (r"\nabla_\phi \log q_\phi(z) = 0", [r"\phi \in \mathbb{R}^k"]),
    (r"\nabla_\theta f_\theta(x) = 0", [r"\theta \in \mathbb{R}^k"]),
    (r"\nabla_\theta \mu_\theta = 0", [r"\theta \in \mathbb{R}^k", r"\mu_\theta \in \mathbb{R}^d"]),
    (r"\nabla_w \log p_w(y) = 0", []),
    (r"\nabla_\theta y = 0", [r"y = \mathbb{E}_{p_\theta(x)}[f(x)]"]),
    (r"\nabla_\theta (y + \theta) = 1", [r"y = \mathbb{E}_{p_\theta(x)}[f(x)]"]),
    (r"\frac{d}{dw} f_w(x) = 0", ["w > 0"]),
]
"""A subscript in which there is a derivative is what it is in: of any sort, whatever its letter."""
UNDECIDED = [
    (r"\frac{dy}{dx} = 2 x", ["y = x^2"]),
    (r"\frac{dx}{dt} = v", ["x = a + v t"]),
    (r"\frac{d \log\sigma}{dt} = \frac{1}{\sigma} \frac{d\sigma}{dt}", []),
    (r"\frac{d\alpha}{dt} = -\alpha", [r"\alpha = e^{-t}"]),
]
FALSE = [
    (r"\frac{\partial x^2}{\partial t} = x \frac{\partial x}{\partial t}", []),
    (r"\frac{d}{dx} \frac{u}{v} = \frac{v u' + u v'}{v^2}", []),
    (r"\frac{d \alpha^2}{dt} = \alpha \dot\alpha", []),
    (r"\frac{\partial f}{\partial x} = \frac{\partial f}{\partial y}", []),
    (r"\nabla_\theta \log Z = 0", []),
    (r"\nabla_\theta L = 0", [r"L = \mathbb{E}_{p_\theta(x)}[f(x)]"]),
    (r"\frac{\partial \ell}{\partial \mu} = 0", [r"\ell = -\frac12 (x - \mu)^2"]),
    (r"\frac{\partial J}{\partial \mu} = 2 \mu", [r"J = R + \mu^2", r"R = 2 a \mu"]),
]


@pytest.mark.parametrize(("claim", "given"), TRUE)
def test_what_holds_is_proved(claim: str, given: list[str]) -> None:
    assert derive.check(claim, given=given).status == "proved"


@pytest.mark.parametrize(("claim", "given"), UNDECIDED)
def test_what_holds_is_not_refuted(claim: str, given: list[str]) -> None:
    assert derive.check(claim, given=given).status != "refuted"


@pytest.mark.parametrize(("claim", "given"), CONDITIONS)
def test_a_condition_on_a_parameter_is_not_decided(claim: str, given: list[str]) -> None:
    assert derive.check(claim, given=given).status == "unknown"


@pytest.mark.parametrize(("claim", "given"), PARAMETERS)
def test_what_may_depend_on_a_parameter_has_a_derivative_in_it(claim: str, given: list[str]) -> None:
    assert derive.check(claim, given=given).status != "proved"


def test_a_part_of_a_parameter_is_not_taken_for_another_name() -> None:
    with pytest.raises(ReadError, match="depends on a part of"):
        derive.check(r"\frac{\partial}{\partial \theta_1} \log p_\theta(x) = 0")


@pytest.mark.parametrize(("claim", "given"), FALSE)
def test_what_does_not_hold_is_refuted(claim: str, given: list[str]) -> None:
    assert derive.check(claim, given=given).status == "refuted"


@pytest.mark.parametrize(
    "claim",
    [
        r"\frac{dy}{dx} = \frac{dy}{du} \frac{du}{dx}",
        r"\frac{\partial L}{\partial w} = \frac{\partial L}{\partial h} \frac{\partial h}{\partial w}",
        r"\frac{\partial L}{\partial \theta} = \frac{\partial L}{\partial x} \frac{\partial x}{\partial \theta}",
    ],
)
def test_a_chain_that_does_not_say_its_functions_is_refused(claim: str) -> None:
    with pytest.raises(ReadError, match=r"of what . is a function here is not said"):
        derive.check(claim)
