"""Bounds between means, of sizes and of what is given as positive; turned round they are refuted."""

import pytest

import derive

POSITIVE = ["X > 0"]
TRUE = [
    (r"\mathbb{E}[X] \ge 0", POSITIVE),
    (r"\mathbb{E}[1/X] \ge 1/\mathbb{E}[X]", POSITIVE),
    (r"\mathbb{E}[\sqrt{X}] \le \sqrt{\mathbb{E}[X]}", [r"X \ge 0"]),
    (r"\mathbb{E}[X \log X] \ge \mathbb{E}[X] \log \mathbb{E}[X]", POSITIVE),
    (r"\mathbb{E}_{q(x)}[1/x] \ge 1/\mathbb{E}_{q(x)}[x]", ["x > 0"]),
    (r"\mathbb{E}[(X - Y)^2] \ge 0", []),
    (r"\mathbb{E}[X - Y] \ge 0", ["X > Y"]),
    (r"|\operatorname{Cov}(X, Y)| \le \sqrt{\operatorname{Var}(X) \operatorname{Var}(Y)}", []),
    (r"|\mathbb{E}[X Y]| \le \sqrt{\mathbb{E}[X^2] \mathbb{E}[Y^2]}", []),
]
FALSE = [
    (r"\mathbb{E}[1/X] \le 1/\mathbb{E}[X]", POSITIVE),
    (r"|\mathbb{E}[X Y]| \ge \sqrt{\mathbb{E}[X^2] \mathbb{E}[Y^2]}", []),
    (r"|\operatorname{Cov}(X, Y)| \le \operatorname{Var}(X) \operatorname{Var}(Y)", []),
]
OPEN = [
    (r"\mathbb{E}_{q(x)}[x] \ge 1", ["x > 1", r"q(x) = \mathcal{N}(x; m, 1)"]),
    (r"\mathbb{E}[1/X] \ge 1/\mathbb{E}[X]", []),
    (r"\mathbb{E}[1/Y] \ge 1/\mathbb{E}[Y]", POSITIVE),
]
"""A bound on the point of a Gaussian is none on its values; nothing is taken for positive that is not given so."""


@pytest.mark.parametrize(("claim", "given"), TRUE)
def test_what_holds_is_proved(claim: str, given: list[str]) -> None:
    assert derive.check(claim, given=given).status == "proved"


@pytest.mark.parametrize(("claim", "given"), FALSE)
def test_what_does_not_hold_is_refuted(claim: str, given: list[str]) -> None:
    assert derive.check(claim, given=given).status == "refuted"


@pytest.mark.parametrize(("claim", "given"), OPEN)
def test_nothing_is_proved_of_what_may_be_negative(claim: str, given: list[str]) -> None:
    assert derive.check(claim, given=given).status != "proved"
