r"""A dot over a name is its derivative in the time that is its subscript; where the subscript counts it is a name."""

import pytest

import derive
from derive.latex import read_model_lines
from derive.terms import Gradient, walk

TRUE = [
    (r"\frac{d}{dt}\left(\frac{a_t}{b_t}\right) = \frac{\dot a_t b_t - a_t \dot b_t}{b_t^2}", []),
    (r"\frac{d}{dt} \log a_t = \frac{\dot a_t}{a_t}", ["a_t > 0"]),
    (r"\frac{d x_t}{dt} = x_1 - x_0", [r"x_t = (1 - t) x_0 + t x_1", r"x_0 \in \mathbb{R}^d", r"x_1 \in \mathbb{R}^d"]),
    (r"\dot x_t = \dot a_t y + \dot b_t z",
     [r"x_t = a_t y + b_t z", r"x_t \in \mathbb{R}^d", r"y \in \mathbb{R}^d", r"z \in \mathbb{R}^d"]),
]  # fmt: skip
FALSE = [
    (r"\frac{d}{dt}\left(\frac{a_t}{b_t}\right) = \frac{\dot a_t b_t + a_t \dot b_t}{b_t^2}", []),
    (r"\frac{d x_t}{dt} = x_0 - x_1", [r"x_t = (1 - t) x_0 + t x_1", r"x_0 \in \mathbb{R}^d", r"x_1 \in \mathbb{R}^d"]),
    (r"\dot x_t = a_t y + b_t z",
     [r"x_t = a_t y + b_t z", r"x_t \in \mathbb{R}^d", r"y \in \mathbb{R}^d", r"z \in \mathbb{R}^d"]),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "given"), TRUE)
def test_derivatives_in_a_time_that_is_a_subscript(statement: str, given: list[str]) -> None:
    assert derive.check(statement, given=given).status == "proved"


@pytest.mark.parametrize(("statement", "given"), FALSE)
def test_a_slip_in_a_derivative_is_not_proved(statement: str, given: list[str]) -> None:
    assert derive.check(statement, given=given).status != "proved"


def derivatives(*texts: str) -> int:
    _, readings = read_model_lines([(text, 1) for text in texts])
    return sum(isinstance(node, Gradient) for reading in readings for _, node in walk(reading.term))


def test_a_dot_is_a_derivative_where_the_name_stands_without_it_too() -> None:
    assert derivatives(r"\dot a_t = c", "a_t > 0") == 1
    assert derivatives(r"\ddot a_t = c a_t") == 2
    assert derivatives(r"\dot a = b") == derivatives(r"\dot a_t = b_t") == 0


def test_an_index_that_counts_is_no_time() -> None:
    assert derivatives(r"\dot a_t = a_{t-1}", "a_t > 0") == 0
    assert derivatives(r"\dot a_t = c", r"\sum_{t=1}^{T} a_t = 1") == 0
