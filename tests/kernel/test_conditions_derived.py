"""A condition that an earlier result states is open no longer; anything that is not quite that stays open."""

from __future__ import annotations

import pytest

import derive
from derive import certificates, kernel
from derive.errors import KernelRefusal
from derive.grounds.context import Context
from derive.library import model_of
from derive.rulebook import load_rulebook
from derive.terms import AlmostEverywhere, Equal, LessEqual

DISTANCE = "foundations.kl-zero-distance"


@pytest.fixture(scope="module")
def equal():
    return derive.load("foundations.kl-zero-only")


def test_the_condition_is_discharged_and_rested_on(equal):
    asked = equal.results[DISTANCE].statement
    assert isinstance(asked, LessEqual) and asked in equal.lines[-1].obligations
    assert asked not in equal.obligations
    assert ("result", DISTANCE) in equal.rests_on
    assert any(isinstance(condition, AlmostEverywhere) for condition in equal.obligations)


def test_what_the_result_leaves_open_comes_with_it(equal):
    earlier = equal.results[DISTANCE]
    assert earlier.obligations and set(earlier.obligations) <= set(equal.obligations)


def test_without_the_result_it_is_open(equal):
    bare = kernel.chain(equal.start, equal.chain, equal.context)
    assert equal.results[DISTANCE].statement in bare.obligations


def test_a_result_under_another_hypothesis_discharges_nothing(equal):
    """Of D = 0 everything follows; where that is not given, nothing does."""
    fewer = tuple(given for given in equal.context.given if not isinstance(given.statement, Equal))
    context = Context(equal.context.model, fewer, equal.context.facts, equal.context.indices)
    last = equal.chain[-1]
    steps = [
        kernel.by_algebra(equal.start, (), equal.lines[0].after, context),
        kernel.by_rule(last.before, last.path, equal.rules["zero-mean-square"], dict(last.justification.substitution),
                       context, loosely=last.justification.reference.endswith("loosely")),
    ]  # fmt: skip
    theorem = kernel.chain(equal.start, steps, context, equal.results)
    assert equal.results[DISTANCE].statement in theorem.obligations


def test_the_certificate_says_the_same(equal):
    again = certificates.check(certificates.certificate(equal.theorem), load_rulebook())
    assert again.statement == equal.result and again.obligations == equal.obligations


def test_a_certificate_without_the_lemma_is_refused(equal):
    data = certificates.certificate(equal.theorem)
    data["theorem"]["lemmas"] = []
    with pytest.raises(KernelRefusal, match="obligations"):
        certificates.check(data, load_rulebook())


def test_a_point_that_the_model_fixes_is_not_integrated_over():
    """From x = m, p(x | y) ∝ anything: that is no statement about the density."""
    lines = (r"x \in \mathbb{R}^d", r"m \in \mathbb{R}^d", r"y \in \mathbb{R}^d", "p(y) > 0",
             r"p(x, y) = (2 \pi)^{-d} \exp\left(-\frac12 \|x - m\|^2 - \frac12 \|y\|^2\right)")  # fmt: skip

    def shape(*more):
        begun = derive.Derivation(r"p(x \mid y)", model=model_of((*lines, *more)))
        begun = begun.by("conditional-definition", A="x", B="y").by("law").by("drop-constants", variable="x")
        return begun.by("gaussian-from-squares")

    assert shape().by("normalise").obligations == ()
    with pytest.raises(KernelRefusal, match="fixes the variable"):
        shape("x = m").by("normalise")
