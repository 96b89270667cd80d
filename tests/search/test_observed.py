r"""A Gaussian that is observed with noise, on the line: what has a Gaussian law is measured, as a point of R^d is."""

import pytest

import derive

GIVEN = ["v > 0", "w > 0", r"p(z) = \mathcal{N}(z; m, v)", r"p(x \mid z) = \mathcal{N}(x; a z, w)"]
CASES = [
    (r"p(x) = \mathcal{N}(x; a m, a^2 v + w)", "proved"),
    (r"p(x) = \mathcal{N}(x; a m, a v + w)", "refuted"),
    (r"p(x) = \mathcal{N}(x; m, a^2 v + w)", "refuted"),
    (r"p(z \mid x) = \mathcal{N}\left(z; \frac{w m + a v x}{a^2 v + w}, \frac{v w}{a^2 v + w}\right)", "proved"),
    (r"p(z \mid x) = \mathcal{N}\left(z; \frac{w m + v x}{a^2 v + w}, \frac{v w}{a^2 v + w}\right)", "refuted"),
]


@pytest.mark.parametrize(("statement", "status"), CASES)
def test_a_gaussian_observed_with_noise(statement: str, status: str) -> None:
    assert derive.check(statement, given=GIVEN).status == status


def test_of_a_law_that_is_not_given_nothing_is_measured() -> None:
    """Entropy is not negative where values are counted; of a density that is all that is known."""
    assert derive.check(r"H(q(z)) \ge 0").status != "proved"
    assert derive.check(r"H(p(z)) \ge 0", given=[r"p(z) = \mathcal{N}(z; 0, v)", "v > 0"]).status == "refuted"
