"""A result about names alone at other values: the values have to be what the names were, and nothing is caught."""

from __future__ import annotations

import json

import pytest
from sympy import I, Integer, Rational, Sum, Symbol, oo

import derive
from derive import certificates, kernel
from derive.errors import DeriveError, KernelRefusal
from derive.grounds.context import Context
from derive.library import model_of
from derive.rulebook import load_rulebook
from derive.terms import (
    SCALAR,
    Application,
    Expectation,
    Greater,
    Identity,
    Norm,
    Normal,
    Variable,
    alpha_equal,
    free_variables,
    matrix,
    vector,
)

d, n, v, s, r, k = map(Symbol, "dnvsrk")
x, mu, c = (Variable(name, vector(d)) for name in ("x", "\\mu", "c"))
z, m = Variable("z", vector(n)), Variable("m", vector(n))
HERE = (r"z \in \mathbb{R}^n", r"m \in \mathbb{R}^n", r"s > 0", r"r \in \mathbb{R}")


@pytest.fixture(scope="module")
def mean():
    return derive.load("gaussian.mean").theorem


@pytest.fixture(scope="module")
def spread():
    return derive.load("gaussian.squared-norm").theorem


def context(*given):
    return Context.of(model_of([*HERE, *given]))


def average(body, variable, centre, variance):
    return Expectation(body, Normal(variable, centre, variance * Identity(variable.sort.shape[0])))


def cited(theorem, term, mapping, where=None, path=()):
    return kernel.by_result(term, path, theorem, mapping, where or context(), name="lemma")


# ---- what holds ----------------------------------------------------------------------------------------------------


def test_a_mean_in_another_dimension(mean):
    step = cited(mean, average(z, z, m, s), {mu: m, v: s})
    assert step.after == m
    assert not any(isinstance(open_, Greater) for open_ in step.obligations)


def test_a_value_that_is_a_function(mean):
    y = Variable("y", vector(k))
    centre = Application("\\mu_\\phi", vector(n), (), y)
    where = Context.of(model_of([*HERE, r"y \in \mathbb{R}^k"]))
    assert cited(mean, average(z, z, centre, s**2), {mu: centre, v: s**2}, where).after == centre


def test_the_bound_variable_is_renamed_where_a_value_has_its_name(mean):
    free = Variable("x", vector(d))
    where = Context.of(model_of([r"x \in \mathbb{R}^d", r"s > 0"]))
    inner = Variable("u", vector(d))
    step = cited(mean, average(inner, inner, free, s), {mu: free, v: s}, where)
    assert step.after == free  # E[u] = x, and not E[x'] = x' of the variable that is averaged over
    with pytest.raises(KernelRefusal):
        cited(mean, average(free + inner, inner, free, s), {mu: free, v: s}, where)


def test_every_value_at_once_and_not_one_after_the_other(spread):
    """μ := c and c := μ is an exchange."""
    where = Context.of(model_of([r"\mu \in \mathbb{R}^d", r"c \in \mathbb{R}^d", r"v > 0"]))
    point = Variable("y", vector(d))
    step = cited(spread, average(Norm(point - mu) ** 2, point, c, v), {mu: c, c: mu}, where)
    assert alpha_equal(step.after, Norm(c - mu) ** 2 + d * v)


# ---- what is open or refused ---------------------------------------------------------------------------------------


def test_what_was_assumed_of_a_name_is_asked_of_its_value(mean):
    assert Greater(r, 0) in cited(mean, average(z, z, m, r), {mu: m, v: r}).obligations
    assert Greater(r**2, 0) in cited(mean, average(z, z, m, r**2), {mu: m, v: r**2}).obligations
    assert Greater(r, 0) not in cited(mean, average(z, z, m, r), {mu: m, v: r}, context("r > 0")).obligations
    for variance in (-s, Integer(0), Integer(-2), -1 - s**2):
        with pytest.raises(KernelRefusal, match="condition"):
            cited(mean, average(z, z, m, variance), {mu: m, v: variance})


def test_below_a_binder_it_is_asked_for_every_value(mean):
    inner = average(z, z, m, r)
    weight = Variable("w", SCALAR)
    term = Expectation(Norm(inner) ** 2, Normal(r, Integer(0), s))
    del weight
    step = cited(mean, term, {mu: m, v: r}, path=(0, 0, 0))
    assert any(str(open_).endswith("for every r") for open_ in step.obligations)


@pytest.mark.parametrize(
    "mapping",
    [
        {mu: m, v: m},
        {mu: s, v: s},
        {mu: m, v: Variable("\\Sigma", matrix(n))},
        {mu: Variable("\\Sigma", matrix(n)), v: s},
        {mu: m, v: I},
        {mu: m, v: oo},
        {mu: m, v: s, Symbol("q"): s},
        {mu: m, v: s, Variable("x", vector(d), 1): z},
        {mu: m, v: s, d: k},
        {mu: m, v: s, d: Rational(1, 2)},
        {mu: m, v: s, d: Integer(-1)},
        {mu: m, v: s, d: n + 1},
        {mu: Norm(m), v: s},
    ],
)
def test_a_value_of_another_kind_is_refused(mean, mapping):
    with pytest.raises(DeriveError):
        cited(mean, average(z, z, m, s), mapping)


def test_sizes_must_agree(spread):
    other = Variable("y", vector(k))
    where = Context.of(model_of([*HERE, r"y \in \mathbb{R}^k"]))
    with pytest.raises(KernelRefusal, match="sizes"):
        cited(spread, average(Norm(z) ** 2, z, m, s), {mu: m, c: other, v: s}, where)


def test_a_size_is_one_of_a_vector_of_the_model(spread):
    """With zero for both vectors nothing says what d is: a number that is no dimension cannot stand for it."""
    point = Variable("y", vector(r))
    zero = {mu: Integer(0), c: Integer(0), v: s}
    with pytest.raises(KernelRefusal, match="size"):
        cited(spread, average(Norm(point) ** 2, point, Integer(0), s), {**zero, d: r})
    own = average(Norm(z) ** 2, z, Integer(0), s)
    assert cited(spread, own, {**zero, d: n}).after == n * s


def test_a_number_of_terms_is_whole():
    counted = derive.Derivation(
        r"\sum_{i=1}^{n} a", given=[r"n \ge 1", r"a \in \mathbb{R}"]
    ).by("sum-constant").theorem  # fmt: skip
    a, i = Symbol("a"), Symbol("i")
    where = Context.of(model_of([r"k \in \mathbb{N}", r"k \ge 1", r"s > 0"]))
    for value in (s, Rational(3, 2), k / 2, 2 * s):
        with pytest.raises(KernelRefusal, match="whole"):
            cited(counted, Sum(a, (i, 1, value)), {n: value}, where)
    assert cited(counted, Sum(a, (i, 1, k)), {n: k}, where).after == a * k
    assert cited(counted, Sum(s, (i, 1, k + 2)), {n: k + 2, a: s}, where).after == s * (k + 2)
    assert cited(counted, Sum(a, (i, 1, k - 1)), {n: k - 1}, where).obligations
    with pytest.raises(KernelRefusal, match="condition"):
        cited(counted, Sum(a, (i, 1, Integer(0))), {n: Integer(0)}, where)


def test_a_particular_value_that_was_assumed_is_asked_for():
    lemma = derive.Derivation(r"v^2", given=[r"v = 3"]).reaching(r"9").theorem
    with pytest.raises(KernelRefusal, match="condition"):
        cited(lemma, Integer(4), {v: Integer(2)})
    with pytest.raises(KernelRefusal):
        cited(lemma, s**2, {v: s + 1})
    assert cited(lemma, s**2, {v: s}).obligations


def test_a_result_about_laws_or_families_holds_of_its_own_model_only():
    where = Context.of(model_of([r"q(x) = \mathcal{N}(x; 0, I)", r"x \in \mathbb{R}^d"]))
    for name in ("ddpm.posterior", "score.tweedie", "elbo.jensen", "ddim.room"):
        lemma = derive.load(name).theorem
        with pytest.raises(KernelRefusal):
            cited(lemma, lemma.statement.lhs, {}, where)
    family = derive.Derivation(r"\sqrt{b_t^2}", given=[r"b_t > 0"]).reaching(r"b_t").theorem
    with pytest.raises(KernelRefusal):
        cited(family, family.statement.lhs, {}, context())


def test_a_bound_on_a_function_is_said_of_all_its_values():
    """f > 0 everywhere gives √(f(a)²) = f(a); f(x) > 0 at one x does not."""
    everywhere = derive.Derivation(r"\sqrt{f(a)^2}", given=[r"f(x) > 0"]).reaching(r"f(a)").theorem
    model = model_of([r"x \in \mathbb{R}", r"a \in \mathbb{R}", r"f(x) \in \mathbb{R}"])
    point = Greater(Application("f", SCALAR, (), Symbol("x")), 0)
    where = Context.of(model, (point,))
    with pytest.raises(KernelRefusal):
        cited(everywhere, everywhere.statement.lhs, {}, where)


# ---- lines and certificates ----------------------------------------------------------------------------------------


def test_a_line_cites_a_result_at_other_values():
    derivation = derive.Derivation(
        r"\mathbb{E}_{z \sim \mathcal{N}(m, s^2 I)}[\|z\|^2]", given=list(HERE)
    ).by("gaussian.squared-norm", c="0")  # fmt: skip
    assert derivation.current == n * s**2 + Norm(m) ** 2
    text = json.dumps(certificates.certificate(derivation.theorem))
    assert certificates.check(json.loads(text), load_rulebook()).statement == derivation.result
    changed = text.replace('["Greater", ["Symbol", "s"], 0]', '["Greater", ["Symbol", "r"], 0]')
    assert changed != text
    with pytest.raises(DeriveError):
        certificates.check(json.loads(changed), load_rulebook())


def test_a_line_that_names_no_name_of_the_result_says_which_there_are():
    start = derive.Derivation(r"\mathbb{E}_{z \sim \mathcal{N}(m, s I)}[\|z\|^2]", given=list(HERE))
    with pytest.raises(DeriveError, match="no name q") as caught:
        start.by("gaussian.squared-norm", q="0")
    assert "c" in (caught.value.expected or "")


def test_nothing_of_the_result_is_left(mean):
    step = cited(mean, average(z, z, m, s), {mu: m, v: s})
    names = {str(item) for open_ in step.obligations for item in free_variables(open_)}
    assert "v" not in names and "d" not in names
