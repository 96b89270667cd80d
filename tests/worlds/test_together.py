"""Statements tried in shared worlds fare as they do alone: nothing false gets by, and nothing is remembered wrongly."""

from __future__ import annotations

import pytest

import derive
from derive.latex import read_statement
from derive.library import model_of
from derive.terms import Equal
from derive.trials import setting_of, try_lines
from derive.worlds.together import try_together

GIVEN = [r"p(x, y) > 0", r"q(x) > 0"]
TRUE = [
    r"p(x, y) = p(x \mid y)\, p(y)",
    r"\mathbb{E}_{p(x)}[\log p(x)] = \int p(x) \log p(x) \,dx",
    r"p(x) = \int p(x, y) \,dy",
]
FALSE = [
    r"p(x, y) = p(x)\, p(y)",
    r"p(x \mid y) = p(y \mid x)",
    r"\mathbb{E}_{p(x)}[\log q(x)] = \mathbb{E}_{p(x)}[\log p(x)]",
]


def _read(texts):
    model = model_of(GIVEN)
    return [read_statement(text, model.declarations).term for text in texts], setting_of(model)


def test_what_holds_alone_holds_together():
    statements, setting = _read(TRUE)
    for trial in try_together(statements, setting, total=20):
        assert not trial.refuted and sum(trial.held.values()) >= 20


@pytest.mark.parametrize("place", range(len(FALSE)))
def test_a_false_statement_among_true_ones_is_refuted(place):
    statements, setting = _read([*TRUE, FALSE[place]])
    trials = try_together(statements, setting, total=20)
    assert [trial.refuted for trial in trials] == [False] * len(TRUE) + [True]


def test_the_refutation_shows_both_values():
    statements, setting = _read([TRUE[0], FALSE[0]])
    refutation = try_together(statements, setting, total=20)[1].refutation
    assert refutation is not None and refutation.left != refutation.right and refutation.description


def test_lines_of_a_derivation_get_as_many_worlds_as_are_asked_for():
    derivation = derive.load("elbo.vae")
    for trial in try_lines(derivation.lines, derivation.context, total=10):
        assert not trial.refuted and 10 <= sum(trial.tried.values()) <= 12


def test_a_changed_line_is_refuted_among_the_others():
    """The second line of a derivation with its two terms exchanged with the first's last: one equation is false."""
    derivation = derive.load("foundations.bayes")
    first, second = derivation.lines
    wrong = Equal(first.before, second.after * 2)
    statements = [first.statement, wrong, second.statement]
    trials = try_together(statements, setting_of(derivation.model), total=10)
    assert [trial.refuted for trial in trials] == [False, True, False]
