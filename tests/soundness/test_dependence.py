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
]
UNDECIDED = [
    (r"\frac{dx}{dt} = v", ["x = a + v t"]),
    (r"\frac{d \log\sigma}{dt} = \frac{1}{\sigma} \frac{d\sigma}{dt}", []),
    (r"\frac{dy}{dx} = 2 x", ["y = x^2"]),
    (r"\frac{d\alpha}{dt} = -\alpha", [r"\alpha = e^{-t}"]),
    (r"\frac{d\ell}{d\mu} = x - \mu", [r"\ell = -\frac12 (x - \mu)^2"]),
]
FALSE = [
    (r"\frac{\partial x^2}{\partial t} = x \frac{\partial x}{\partial t}", []),
    (r"\frac{d}{dx} \frac{u}{v} = \frac{v u' + u v'}{v^2}", []),
    (r"\frac{d \alpha^2}{dt} = \alpha \dot\alpha", []),
    (r"\frac{\partial f}{\partial x} = \frac{\partial f}{\partial y}", []),
    (r"\nabla_\theta \log Z = 0", []),
    (r"\nabla_\theta \mathcal{L} = 0", []),
]


@pytest.mark.parametrize(("claim", "given"), TRUE)
def test_what_holds_is_proved(claim: str, given: list[str]) -> None:
    assert derive.check(claim, given=given).status == "proved"


@pytest.mark.parametrize(("claim", "given"), UNDECIDED)
def test_what_holds_is_not_refuted(claim: str, given: list[str]) -> None:
    assert derive.check(claim, given=given).status != "refuted"


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
