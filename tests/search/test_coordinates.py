"""Sums over the entries of vectors, and Gaussians with diagonal covariances: Kingma & Welling (2014), appendix B."""

import pytest

import derive

VECTORS = [r"\mu \in \mathbb{R}^J", r"\sigma \in \mathbb{R}^J"]
GIVEN = [*VECTORS, r"\sigma_j > 0"]
ENCODER = r"D_{KL}(\mathcal{N}(\mu, \operatorname{diag}(\sigma^2)) \| \mathcal{N}(0, I))"
TRUE = [
    (ENCODER + r" = -\frac12 \sum_{j=1}^J (1 + \log\sigma_j^2 - \mu_j^2 - \sigma_j^2)", GIVEN),
    (
        r"D_{KL}(\mathcal{N}(\mu, \operatorname{diag}(\sigma^2)) \| \mathcal{N}(m, \operatorname{diag}(s^2)))"
        r" = \frac12 \sum_{j=1}^J \left(\log\frac{s_j^2}{\sigma_j^2} "
        r"+ \frac{\sigma_j^2 + (\mu_j - m_j)^2}{s_j^2} - 1\right)",
        [*GIVEN, r"m \in \mathbb{R}^J", r"s \in \mathbb{R}^J", "s_j > 0"],
    ),
    (r"\|\mu\|^2 = \sum_{j=1}^J \mu_j^2", VECTORS),
    (r"\mu^\top \sigma = \sum_{j=1}^J \mu_j \sigma_j", VECTORS),
    (r"\operatorname{tr}(\operatorname{diag}(\sigma^2)) = \sum_{j=1}^J \sigma_j^2", VECTORS),
    (r"\det(\operatorname{diag}(\sigma^2)) = \prod_{j=1}^J \sigma_j^2", VECTORS),
]
NOISE = [r"z = \mu + \sigma \odot \epsilon", r"\epsilon \sim \mathcal{N}(0, I)", *VECTORS, r"z \in \mathbb{R}^J"]
TRUE += [(r"\mathbb{E}[z] = \mu", NOISE)]
FALSE = [
    (r"\mathbb{E}[z] = \mu + \sigma", NOISE),
    (ENCODER + r" = \frac12 \sum_{j=1}^J (1 + \log\sigma_j^2 - \mu_j^2 - \sigma_j^2)", GIVEN),
    (ENCODER + r" = -\frac12 \sum_{j=1}^J (1 + \log\sigma_j - \mu_j^2 - \sigma_j^2)", GIVEN),
    (r"\|\mu\|^2 = \sum_{j=1}^J \mu_j", VECTORS),
    (r"\mu^\top \sigma = \sum_{j=2}^J \mu_j \sigma_j", VECTORS),
    (r"\operatorname{tr}(\operatorname{diag}(\sigma^2)) = \prod_{j=1}^J \sigma_j^2", VECTORS),
]


@pytest.mark.parametrize(("claim", "given"), TRUE)
def test_what_holds_is_proved(claim: str, given: list[str]) -> None:
    assert derive.check(claim, given=given).status == "proved"


@pytest.mark.parametrize(("claim", "given"), FALSE)
def test_what_does_not_hold_is_refuted(claim: str, given: list[str]) -> None:
    assert derive.check(claim, given=given).status == "refuted"
