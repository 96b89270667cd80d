"""Events by what their intersections weigh, information by its definition, and values of a parameter."""

from __future__ import annotations

import pytest

import derive

EVENTS = (r"P(A) > 0", r"P(B) > 0", r"P(B \cap C) > 0", r"P(B^c) > 0")
INFORMATION = (
    r"I(X; Y) = D_{KL}(p(x, y) \,\|\, p(x) p(y))", r"H(X) = -\mathbb{E}_{p(x)}[\log p(x)]",
    r"H(X \mid Y) = -\mathbb{E}_{p(x, y)}[\log p(x \mid y)]", r"p(x, y, z) > 0",
)  # fmt: skip
SURROGATE = (r"Q(\theta, \theta') = \sum_z p(z \mid x, \theta') \log p(x, z \mid \theta)", r"p(x, z \mid \theta) > 0")
GAIN = r"\log p(x \mid \theta) - \log p(x \mid \theta')"
TEST = (
    r"P(A) = \pi", r"P(B \mid A) = s", r"P(B \mid A^c) = f", r"P(A) > 0", r"P(A^c) > 0", r"P(B) > 0",
)  # fmt: skip
CASES = [
    (EVENTS, r"P(A \cup B \cup C) = P(A) + P(B) + P(C) - P(A \cap B) - P(A \cap C) - P(B \cap C) + P(A \cap B \cap C)",
     "proved"),
    (EVENTS, r"P(A \cup B \cup C) = P(A) + P(B) + P(C) - P(A \cap B \cap C)", "refuted"),
    (EVENTS, r"P(A \mid B \cap C) = \frac{P(B \mid A \cap C)\, P(A \mid C)}{P(B \mid C)}", "proved"),
    (EVENTS, r"P(A \mid B \cap C) = \frac{P(B \mid A \cap C)\, P(A)}{P(B \mid C)}", "refuted"),
    (EVENTS, r"P(A \mid B) + P(A \mid B^c) = 1", "refuted"),
    (EVENTS, r"P(A \cap B) \ge P(A) + P(B) - 1", "proved"),
    (EVENTS, r"P(A \cap B) \le P(A) + P(B) - 1", "refuted"),
    (EVENTS, r"P(A \mid B) \le 1", "proved"),
    ((r"A \perp B",), r"P(A^c \cap B^c) = P(A^c)\, P(B^c)", "proved"),
    ((r"A \perp B",), r"P(A \cup B) = P(A) + P(B)", "refuted"),
    ((r"A \perp B \mid C",), r"P(A^c \cap B^c) = P(A^c)\, P(B^c)", "not proved"),
    (TEST, r"P(A \mid B) = \frac{s \pi}{s \pi + f (1 - \pi)}", "proved"),
    (TEST, r"P(A \mid B) = \frac{s \pi}{s \pi + f \pi}", "refuted"),
    ((), r"P(A \cap \neg B) = P(A) - P(A \cap B)", "proved"),
    ((), r"P(\lnot A) = P(A)", "refuted"),
    (INFORMATION, r"I(X; Y) = H(X) - H(X \mid Y)", "proved"),
    (INFORMATION, r"I(X; Y) = H(X \mid Y) - H(X)", "refuted"),
    (INFORMATION, r"I(X; Y) \ge 0", "proved"),
    (INFORMATION, r"H(X \mid Y) \le H(X)", "proved"),
    (INFORMATION, r"H(X \mid Y) \ge H(X)", "refuted"),
    (SURROGATE, rf"{GAIN} \ge Q(\theta, \theta') - Q(\theta', \theta')", "proved"),
    (SURROGATE, rf"{GAIN} \le Q(\theta, \theta') - Q(\theta', \theta')", "refuted"),
    (SURROGATE[1:], r"\log p(x \mid \theta) = \sum_z p(z \mid x, \theta^{(k)}) \log \frac{p(x, z \mid \theta)}"
                    r"{p(z \mid x, \theta)}", "proved"),
    (SURROGATE[1:], r"p(x \mid \theta') = p(x \mid \theta)", "refuted"),
    ((r"p(x) > 0",), r"\int p(x') \,dx' = 1", "proved"),
    ((r"p(x, y, z) > 0", r"X \perp Z \mid Y"), r"I(X; Z) \le I(X; Y)", "not refuted"),
    ((r"p(x, y, z) > 0", r"X \perp Z \mid Y"), r"p(x, z \mid y) = p(x \mid y) p(z \mid y)", "proved"),
    ((r"p(x, y) > 0", r"X \perp Y"), r"H(X, Y) = H(X) + H(Y)", "proved"),
    ((r"p(x, y) > 0",), r"H(X, Y) = H(X) + H(Y)", "refuted"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "statement", "status"), CASES)
def test_what_holds_is_proved_and_a_slip_refuted(given, statement, status):
    found = derive.check(statement, given=list(given)).status
    assert found != status.removeprefix("not ") if status.startswith("not ") else found == status


def test_two_variables_of_one_law_are_not_two_values():
    """Where a law knows x and x' together they are two variables: nothing is said of one at the other's value."""
    verdict = derive.check(r"p(x') = p(x)", given=[r"p(x, x') > 0"])
    assert verdict.status == "refuted"
    assert not any("is read as a value" in line for line in verdict.read_as)
