"""The formulas that introductions print: every mistake is found, no other; corrected they are all proved."""

from functools import cache

import derive
from derive.articles.report import Report
from derive.folders import derivations_folder
from derive.terms import Independent


@cache
def report(name: str) -> Report:
    return derive.check_article(derivations_folder() / "articles" / f"{name}.md")


def said(claim) -> str:
    return claim.source + claim.text


def test_the_corrected_text_is_all_proved() -> None:
    found = report("groundwork")
    assert {claim.status for claim in found} == {"proved", "definition", "assumption"}
    assert found.exit_status(strict=True) == 0 and len(found.of("proved")) >= 25


def test_each_mistake_is_found_and_no_other() -> None:
    wrong = report("groundwork-as-printed").wrong
    kinds = [claim.status for claim in wrong]
    assert kinds == ["refuted", "refuted", "refuted", "convention", "refuted", "ill-sorted"]
    marks = ["P(A, B", "X_1 + X_2", r"\mathbb{E}(X)", r"\mathcal{N}", r"2 \sigma_1^2", r"\frac{\Sigma_2}{\Sigma_1}"]
    assert all(mark in said(claim) for mark, claim in zip(marks, wrong, strict=True))
    assert not report("groundwork-as-printed").open


def test_what_is_refuted_has_a_counterexample() -> None:
    for claim in report("groundwork-as-printed").of("refuted"):
        assert claim.verdict.counterexample is not None


def test_the_repairs_are_named() -> None:
    conditional, total, average, _, exponent, sorts = report("groundwork-as-printed").wrong
    assert [type(item) for item in conditional.verdict.missing] == [Independent]
    assert [type(item) for item in total.verdict.missing] == [Independent]
    assert len(average.verdict.suggestions) == 1
    assert exponent.verdict.suggestions and sorts.meant
