"""A sum over whole numbers, written out: a theorem for each term, proved alone, and put together once."""

from __future__ import annotations

import json

import pytest
from sympy import Add, Integer, Sum, Symbol

import derive
from derive import certificates, kernel
from derive.errors import DeriveError, KernelRefusal
from derive.grounds.context import Context
from derive.library import model_of
from derive.rulebook import load_rulebook
from derive.terms import Equal, LessEqual, Proportional, substitute

k = Symbol("k")
MODEL = model_of([r"a_k > 0", r"x \in \mathbb{R}^d"])
TERM = derive.read(r"a_k \log \exp(a_k)", model=MODEL)
RULES = load_rulebook()


def term(number):
    return substitute(TERM, {k: Integer(number)})


def proved(number, name="log-exp"):
    """f(k) = a_k², or f(k) ≤ …, at one number."""
    start = term(number)
    derivation = derive.Derivation(start, model=MODEL).by(name)
    return derivation.theorem


def test_the_terms_are_put_together():
    theorem = kernel.added(Sum(TERM, (k, 2, 5)), [proved(number) for number in range(2, 6)])
    squares = Add(*(derive.read(rf"a_{{{number}}}^2", model=MODEL) for number in range(2, 6)))
    assert theorem.statement == Equal(Sum(TERM, (k, 2, 5)), squares)
    assert ("rule", "log-exp") in theorem.rests_on


def test_equations_and_inequalities_add_up_to_an_inequality():
    logarithm = derive.read(r"\log a_k", model=MODEL)
    parts = [
        derive.Derivation(substitute(logarithm, {k: Integer(number)}), model=MODEL).by("log-below-line").theorem
        for number in (1, 2)
    ]
    theorem = kernel.added(Sum(logarithm, (k, 1, 2)), parts)
    assert theorem.statement == LessEqual(Sum(logarithm, (k, 1, 2)), derive.read("a_1 + a_2 - 2", model=MODEL))


def test_its_certificate_is_checked():
    theorem = kernel.added(Sum(TERM, (k, 1, 3)), [proved(number) for number in range(1, 4)])
    data = json.loads(json.dumps(certificates.certificate(theorem)))
    assert certificates.check(data, RULES).statement == theorem.statement
    data["theorem"]["parts"] = data["theorem"]["parts"][:2]
    with pytest.raises(DeriveError):
        certificates.check(data, RULES)


def test_its_certificate_has_a_lemma_once():
    """Each term cites the same result, which holds for every k."""
    lemma = derive.Derivation(TERM, model=MODEL).by("log-exp").theorem
    parts = []
    for number in range(1, 6):
        step = kernel.by_result(term(number), (), lemma, {k: Integer(number)}, lemma.context, name="every")
        parts.append(kernel.chain(term(number), [step], lemma.context, {"every": lemma}))
    data = certificates.certificate(kernel.added(Sum(TERM, (k, 1, 5)), parts))
    assert len(data["theorems"]) == 6 and {part["lemmas"][0][1] for part in data["theorems"][1:]} == {0}
    assert certificates.check(data, RULES).statement.lhs == Sum(TERM, (k, 1, 5))


@pytest.mark.parametrize(
    ("low", "high", "numbers"),
    [
        (2, 5, (2, 3, 4)),  # one is missing
        (2, 4, (2, 3, 4, 5)),
        (2, 4, (2, 4, 3)),  # not the terms of the sum, in their order
        (2, 4, (3, 4, 5)),
        (2, 1, ()),
    ],
)
def test_other_terms_are_refused(low, high, numbers):
    with pytest.raises(KernelRefusal):
        kernel.added(Sum(TERM, (k, low, high)), [proved(number) for number in numbers])


def test_a_range_that_is_not_known_is_refused():
    with pytest.raises(KernelRefusal):
        kernel.added(Sum(TERM, (k, 1, Symbol("T"))), [proved(1)])


def test_two_indices_or_no_sum_are_refused():
    with pytest.raises(KernelRefusal):
        kernel.added(Sum(TERM, (k, 1, 1), (Symbol("l"), 1, 1)), [proved(1)])
    with pytest.raises(KernelRefusal):
        kernel.added(TERM, [proved(1)])


def test_terms_under_other_assumptions_are_refused():
    other = derive.Derivation(term(2), model=MODEL, given=["a_2 = 3"]).by("log-exp").theorem
    with pytest.raises(KernelRefusal, match="assumptions"):
        kernel.added(Sum(TERM, (k, 1, 2)), [proved(1), other])


def test_proportionalities_are_not_added():
    density = derive.read(r"\mathcal{N}(x; a_k x, I)", model=MODEL)
    start = substitute(density, {k: Integer(1)})
    where = Context.of(MODEL, (), (start,))
    x = derive.read("x", model=MODEL)
    step = kernel.by_proportion(2 * start, start, Integer(2), frozenset((x,)), where)
    theorem = kernel.chain(2 * start, [step], where)
    assert isinstance(theorem.statement, Proportional)
    with pytest.raises(KernelRefusal, match="not added"):
        kernel.added(Sum(2 * density, (k, 1, 1)), [theorem])
