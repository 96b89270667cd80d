"""A size or an index that is given its value: d = 3, T = 2, t = 1; no world may have another."""

import pytest

from tests.soundness.claims import status

VECTORS = [r"x \in \mathbb{R}^d", r"y \in \mathbb{R}^d"]
MATRICES = [r"A \in \mathbb{R}^{d \times d}", r"B \in \mathbb{R}^{d \times d}"]
COUPLED = r"x_t = \sqrt{\bar\alpha_t}\, x_0 + \sqrt{1 - \bar\alpha_t}\, \epsilon"


@pytest.mark.parametrize(
    ("claim", "given", "expected"),
    [
        (r"\mathrm{tr}(I_d) = 3", ["d = 3"], True),
        (r"\det(2 A) = 8 \det A", [*MATRICES, "d = 3"], True),
        (r"\det(2 A) = 4 \det A", [*MATRICES, "d = 3"], False),
        (r"A B = B A", [*MATRICES, "d = 1"], True),
        (r"A B = B A", [*MATRICES, "d = 2"], False),
        (r"(x^\top y)^2 = \|x\|^2 \|y\|^2", [*VECTORS, "d = 1"], True),
        (r"\nabla_x \cdot x = 2", [*VECTORS, "d = 2"], True),
        (r"\nabla_x \cdot x = 2", [*VECTORS, "d = 3"], False),
        (r"\mathcal{N}(x; 0, I) = (2 \pi)^{-1} \exp(-\frac{1}{2} \|x\|^2)", [*VECTORS, "d = 2"], True),
        (r"\mathbb{E}_{x \sim \mathcal{N}(0, I)}[\|x\|^2] = 3", [*VECTORS, "d = 3"], True),
        (r"\|x\|^2 = x_1^2 + x_2^2", [*VECTORS, "d = 2"], True),
        (r"\|x\|^2 = x_1^2 - x_2^2", [*VECTORS, "d = 2"], False),
        (r"\sum_{t=1}^{T} a_t = a_1 + a_2 + a_3", ["T = 3"], True),
        (r"\sum_{t=1}^{T} a_t = a_1 + a_2", ["T = 3"], False),
        (r"\frac{1}{n} \sum_{i=1}^{n} x_i = \frac{x_1 + x_2}{2}", ["n = 2"], True),
        (r"a_t = b_t", ["a_1 = b_1", "t = 1"], True),
        (r"a_t = b_t", ["a_1 = b_1", "t = 2"], False),
    ],
)
def test_what_is_given_of_a_size(claim, given, expected):
    """The trap: a world in which d is 1, T is 3 or t is 2 refutes what is true at the values that are given."""
    found = status(claim, *given)
    assert found != "refuted" if expected else found == "refuted"


@pytest.mark.parametrize(
    ("claim", "given", "expected"),
    [
        (r"\bar\alpha_t = \alpha_1", ["t = 1"], "proved"),
        (r"\bar\alpha_t = \alpha_1", ["t = 2"], "refuted"),
        (r"q(x_{1:T} \mid x_0) = q(x_1 \mid x_0)\, q(x_2 \mid x_1)", ["T = 2"], "proved"),
        (r"q(x_{1:T} \mid x_0) = q(x_1 \mid x_0)\, q(x_2 \mid x_1)", ["T = 3"], "refuted"),
        (r"q(x_t \mid x_0) = q(x_t \mid x_{t-1})", ["t = 1"], "proved"),
        (r"q(x_t \mid x_0) = q(x_t \mid x_{t-1})", ["t = 2"], "refuted"),
        (r"x_t = \sqrt{\alpha_1}\, x_0 + \sqrt{1 - \alpha_1}\, \epsilon", [COUPLED, "t = 1"], "proved"),
        (r"x_t = \sqrt{\alpha_1}\, x_0 + \sqrt{1 - \alpha_1}\, \epsilon", [COUPLED, "t = 2"], "refuted"),
        (r"\alpha_t + \beta_t = 2", ["t = 1", "t = 2"], "unknown"),
        (r"\alpha_t + \beta_t = 1", ["t = 1", r"t \ge 2"], "unknown"),
    ],
)
def test_what_is_given_of_an_index(claim, given, expected):
    """The model's own t stands for every value: only the claim's is given."""
    assert status(claim, *given, chained=True) == expected


def test_a_sum_that_may_be_empty():
    """The trap: a sum up to T is over something, even where its author says T ≥ 0."""
    claim = r"\sum_{t=1}^{T} a_t = a_1 + \sum_{t=2}^{T} a_t"
    assert status(claim) == status(claim, r"T \ge 1") == "proved"
    assert status(claim, r"T \ge 0") == "refuted"
