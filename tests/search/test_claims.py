"""Textbook statements: none is decided wrongly, and what the search is for is decided.

Every sixth statement is tried here.
"""

import pytest

import derive
from derive.rulebook import load_rulebook
from derive.search.orientation import ORIENTED, SETTLED
from tests.search.claims import CLAIMS, Claim

SAMPLE = CLAIMS[::6]

OPEN = {
    # an equation about a bound index is not used below its sum
    r"\mathbb{E}\left[\frac1n \sum_{i=1}^n X_i\right] = \mu",
    # no world is made for a variance that is given by its square beside a chain
    r"1 - \bar\alpha_{t-1} - \sigma_t^2 = \frac{\alpha_t (1 - \bar\alpha_{t-1})}{1 - \bar\alpha_t}",
}
"""What is not decided yet: a statement that is left open must be named."""


@pytest.mark.parametrize("claim", SAMPLE, ids=lambda claim: f"{claim.topic}: {claim.statement[:60]}")
def test_a_statement_is_decided_as_it_is(claim: Claim) -> None:
    verdict = derive.check(claim.statement, given=list(claim.given))
    assert verdict.status in ("unknown", "proved" if claim.holds else "refuted")
    if verdict.status == "unknown":
        assert claim.statement in OPEN, f"{verdict.missing} {verdict.tried}"


def test_a_proof_is_shown_rule_by_rule() -> None:
    given = [r"q(z \mid x) > 0", r"p(x, z) > 0"]
    verdict = derive.check(
        r"\log p(x) - D_{KL}(q(z \mid x) \| p(z \mid x))"
        r" = \mathbb{E}_{q(z \mid x)}[\log p(x, z)] - \mathbb{E}_{q(z \mid x)}[\log q(z \mid x)]", given=given,
    )  # fmt: skip
    assert verdict.status == "proved"
    assert {"kl-cross-entropy", "expectation-sum", "conditional-definition"} <= set(verdict.because)
    assert verdict.proof.statement.lhs == verdict.statement.lhs
    assert verdict.proof.steps
    assert all(step.justification.kind in ("rule", "algebra", "law", "result") for step in verdict.proof.steps)


def test_the_same_question_has_the_same_answer() -> None:
    statement = r"\mathrm{Var}(X - Y) = \mathrm{Var}(X) + \mathrm{Var}(Y)"
    first, second = (derive.check(statement, given=[r"X \perp Y"]) for _ in range(2))
    assert (first.status, first.because, first.provided) == (second.status, second.because, second.provided)


def test_what_a_step_would_need_is_missing_and_not_assumed() -> None:
    verdict = derive.check(r"p(x, y) = p(x)\, p(y)", given=[r"p(x, y, z) > 0"])
    assert verdict.status != "proved"
    assert not verdict.missing or "⊥" in str(verdict.missing[0])


def test_an_expectation_that_names_no_law_says_under_which_it_is_read() -> None:
    given = [r"x_t \in \mathbb{R}^d", r"0 < a < 1", r"q(x_t \mid x_0) = \mathcal{N}(x_t; a x_0, (1 - a) I)"]
    verdict = derive.check(r"\mathbb{E}[x_t \mid x_0] = a x_0", given=given)
    assert verdict.status == "proved"
    assert any("names none is q" in line for line in verdict.read_as)


def test_every_oriented_rule_is_in_the_rulebook() -> None:
    book = load_rulebook()
    assert {entry.rule for entry in ORIENTED} | SETTLED <= set(book.names)
