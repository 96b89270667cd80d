"""Weights that are shares of a positive whole, as an E step makes them, add up to one; so do they below a bound."""

import pytest

import derive

WEIGHTS = [r"K \ge 1", r"a_{nk} > 0", r"\gamma_{nk} = \frac{a_{nk}}{\sum_{j=1}^K a_{nj}}"]
BOUND = [
    r"q(z \mid x) > 0", r"p(x, z) > 0",
    r"L(x) = \mathbb{E}_{q(z \mid x)}[\log p(x \mid z)] - D_{KL}(q(z \mid x) \| p(z))",
]  # fmt: skip


@pytest.mark.parametrize(("claim", "given", "status"), [
    (r"\sum_{k=1}^K \gamma_{nk} = 1", WEIGHTS, "proved"),
    (r"\sum_{k=1}^K \gamma_{nk} = K", WEIGHTS, "refuted"),
    (r"L(x) = \log p(x) - D_{KL}(q(z \mid x) \| p(z \mid x))", BOUND, "proved"),
    (r"L(x) \le \log p(x)", BOUND, "proved"),
    (r"L(x) = \log p(x) - D_{KL}(p(z \mid x) \| q(z \mid x))", BOUND, "refuted"),
])  # fmt: skip
def test_weights_and_bounds(claim: str, given: list[str], status: str) -> None:
    assert derive.check(claim, given=given).status == status
