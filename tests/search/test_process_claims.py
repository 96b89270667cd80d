"""Processes in continuous time, scores, matrices: every statement is decided as it is."""

import pytest

import derive
from tests.search.claims import Claim
from tests.search.process_claims import CLAIMS


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: f"{claim.topic}: {claim.statement[:60]}")
def test_a_statement_is_decided_as_it_is(claim: Claim) -> None:
    verdict = derive.check(claim.statement, given=list(claim.given))
    assert verdict.status == ("proved" if claim.holds else "refuted"), verdict.tried


def test_of_a_family_that_nothing_gives_no_derivative_is_known() -> None:
    verdict = derive.check(r"\frac{d x_t}{dt} = 0", given=[r"x_t \in \mathbb{R}^d", r"t \in [0, 1]"])
    assert verdict.status == "unknown"
