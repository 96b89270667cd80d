"""What a model's statements are compiled into, and what they say at particular indices."""

from __future__ import annotations

import pytest
from sympy import Symbol, sqrt

from derive.errors import ModelError
from derive.grounds.conditions import decide, positive_density
from derive.grounds.context import Context
from derive.models import Line, compile_model
from derive.models.facts import instances
from derive.terms import SCALAR, Density, Equal, Greater, Identity, Less, LessEqual, Normal, Variable
from derive.terms.statements import GreaterEqual, Independent, PositiveDefinite
from tests.models.processes import (
    FACTORIZATION,
    KERNEL,
    MARGINAL,
    alpha,
    alpha_bar,
    beta,
    d,
    ddpm,
    q,
    t,
    x,
)


def test_each_statement_finds_its_place():
    model = ddpm(MARGINAL)
    assert model.laws == (KERNEL,)
    assert model.claims == (MARGINAL,)
    assert [entry.joint for entry in model.factorizations] == [FACTORIZATION.lhs]
    assert [recursion.head for recursion in model.recursions] == [alpha_bar(t)]
    assert [definition.lhs for definition in model.definitions] == [alpha(t)]
    assert "\\beta" in model.quantities and "x" not in model.quantities


def test_two_kernels_for_one_law_contradict_each_other():
    other = Equal(KERNEL.lhs, Normal(x(t), x(t - 1), beta(t) * Identity(d)))
    with pytest.raises(ModelError, match="two different densities"):
        ddpm(other)


def test_one_kernel_given_twice_at_another_index_is_one():
    gaussian = Normal(x(t + 1), sqrt(alpha(t + 1)) * x(t), beta(t + 1) * Identity(d))
    again = Equal(Density(q, [x(t + 1)], [x(t)]), gaussian)
    assert ddpm(again).laws == (KERNEL,)


def test_a_product_is_unrolled_only_where_its_range_reaches():
    model = ddpm()
    wanted = Equal(alpha_bar(t), alpha(t) * alpha_bar(t - 1))
    terms = (alpha_bar(t), alpha_bar(t - 1))
    assert wanted in instances(model, terms, Context.of(model, [GreaterEqual(t, 1)]).facts)
    assert wanted not in instances(model, terms, model.facts)


@pytest.mark.parametrize(
    ("condition", "start", "expected"),
    [
        (Greater(1 - alpha_bar(t), 0), 1, True),
        (Greater(1 - alpha_bar(t - 1), 0), 1, None),  # at t = 1 it is zero
        (Greater(1 - alpha_bar(t - 1), 0), 2, True),
        (Less(alpha_bar(t), alpha_bar(t - 1)), 1, True),
        (Greater(alpha_bar(t), 0), 0, True),
        (Greater(beta(t) - 1, 0), 1, False),
        (LessEqual(2, t), 1, None),
        (LessEqual(1, t), 1, True),
        (LessEqual(t, 0), 1, False),
        (PositiveDefinite(beta(t) * Identity(d)), 1, True),
        (Greater(Density(q, [x(t)], [x(0)]), 0), 1, True),
        (Greater(Density(q, [x(t - 1)], [x(0)]), 0), 1, None),
        (Greater(Density(q, [x(0)], [x(t)]), 0), 1, None),  # needs q(x_0) > 0, of which nothing is said
        (Independent([x(t)], [x(0)], [x(t - 1)], q), 2, True),
        (Independent([x(t)], [x(0)], [x(t - 1)], q), 1, None),
        (Independent([x(t)], [x(t - 2)], (), q), 2, None),
    ],
)
def test_conditions_are_three_valued(condition, start, expected):
    context = Context.of(ddpm(), [GreaterEqual(t, start)]).about(x(t))
    assert decide(condition, context).answer is expected


@pytest.mark.parametrize(
    ("first", "gap", "expected"),
    [(0, 1, True), (1, 1, True), (0, 0, None), (-1, 1, None)],  # at s = t they are equal; ᾱ_{−1} is nothing
)
def test_a_product_of_factors_below_one_falls(first, gap, expected):
    """ᾱ_t < ᾱ_s for 0 ≤ s < t, however far apart."""
    s = Symbol("s")
    context = Context.of(ddpm(), [GreaterEqual(s, first), LessEqual(s + gap, t)], (x(t), x(s)))
    assert decide(Less(alpha_bar(t), alpha_bar(s)), context).answer is expected
    assert decide(Less(alpha_bar(s), alpha_bar(t)), context).answer is not True


def test_a_particular_equation_does_not_reach_below_a_binder():
    """From μ = 1 nothing follows under ∂/∂μ."""
    from derive.terms import Gradient

    mu = Symbol("\\mu")
    context = Context.of(compile_model(()), [Equal(mu, 1)])
    assert context.given
    assert not context.at(Gradient(mu**2, mu), (0,)).given


def test_positivity_needs_every_kernel_to_spread():
    rigid = Equal(KERNEL.lhs, Normal(x(t), x(t - 1), Variable("w", SCALAR, t) * Identity(d)))
    model = compile_model([Line(FACTORIZATION), Line(rigid)])
    assert positive_density(Density(q, [x(t)], [x(0)]), Context.of(model, [GreaterEqual(t, 1)])) is None
