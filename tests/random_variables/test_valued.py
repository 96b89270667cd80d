r"""A law by the probabilities of its values, P(X = 1) = π and P(X = 0) = 1 − π: means and variances are sums."""

import pytest

import derive

COIN = (r"P(X = 1) = \pi", r"P(X = 0) = 1 - \pi", r"0 < \pi < 1", r"s \in \mathbb{R}")
SIGN = ("P(X = 1) = 1/2", "P(X = -1) = 1/2")
CASES = [
    (COIN, r"\mathbb{E}[X] = \pi", "proved"),
    (COIN, r"\mathbb{E}[X^2] = \pi^2", "refuted"),
    (COIN, r"\mathrm{Var}(X) = \pi (1 - \pi)", "proved"),
    (COIN, r"\mathrm{Var}(X) = \pi (1 + \pi)", "refuted"),
    (COIN, r"\mathbb{E}[e^{s X}] = 1 - \pi + \pi e^s", "proved"),
    (COIN, r"P(X = 1) + P(X = 0) = 1", "proved"),
    (SIGN, r"\mathbb{E}[X] = 0", "proved"),
    (SIGN, r"\mathrm{Var}(X) = \frac{1}{2}", "refuted"),
    (COIN[:1], r"\mathbb{E}[X] = \pi", "not proved"),  # what else X may be is not said
    (("P(X = 1) = 1/2", "P(X = 0) = 1/3"), r"\mathbb{E}[X] = \frac{1}{2}", "not proved"),
    (("P(X = 1) = 3/2", "P(X = 0) = -1/2"), r"\mathbb{E}[X] = \frac{3}{2}", "not proved"),
    ((*COIN, "P(X = 1) = a"), r"\mathbb{E}[X] = \pi", "not proved"),
    (COIN, r"\mathbb{E}[X Y] = \pi\, \mathbb{E}[Y]", "not proved"),
]


@pytest.mark.parametrize(("given", "statement", "status"), CASES)
def test_what_holds_is_proved_and_a_slip_refuted(given, statement, status):
    try:
        found = derive.check(statement, given=list(given)).status
    except derive.DeriveError:
        found = "refused"
    assert found != "proved" if status == "not proved" else found == status


def test_a_pi_that_is_bounded_by_one_is_a_name():
    """0 < π < 1 says nothing of the number; elsewhere π is the number."""
    assert derive.check(r"\pi (1 - \pi) \le \frac{1}{4}", given=[r"0 < \pi < 1"]).status == "proved"
    assert derive.check(r"\pi > 3").status == "proved"
