"""The kernel's own rules, on terms built by hand: what a step needs, how relations compose, what cannot be forged."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from sympy import Rational, Symbol, exp, log, sqrt

from derive import kernel
from derive.errors import KernelRefusal
from derive.grounds.context import Context, Given
from derive.kernel import Step, Theorem
from derive.models import compile_model
from derive.rulebook import load_rulebook
from derive.terms import (
    Density,
    Equal,
    Expectation,
    Gradient,
    Greater,
    GreaterEqual,
    Identity,
    Law,
    Less,
    LessEqual,
    Norm,
    Normal,
    Proportional,
    Variable,
    vector,
)

sys.path.insert(0, str(Path(__file__).parents[1] / "models"))
from processes import MARGINAL, alpha, alpha_bar, beta, d, ddpm, q, t, x

RULES = load_rulebook()
NOTHING = Context.of(compile_model(()))
a, b, c, mu = (Symbol(name) for name in ("a", "b", "c", "\\mu"))
y = Variable("y", vector(d))
p = Law("p")


def given(*statements):
    return Context.of(compile_model(()), statements)


def test_a_theorem_cannot_be_forged():
    with pytest.raises(KernelRefusal):
        Theorem(Equal(a, b), NOTHING, (), (), frozenset())
    with pytest.raises(KernelRefusal):
        Step(a, b, "=", (), kernel.Justification("algebra"))


def test_algebra_proves_and_refuses():
    step = kernel.by_algebra((a + b) ** 2, (), a**2 + 2 * a * b + b**2, NOTHING)
    assert step.relation == "=" and not step.obligations
    with pytest.raises(KernelRefusal, match="different"):
        kernel.by_algebra(sqrt(a**2), (), a, NOTHING)
    assert not kernel.by_algebra(sqrt(a**2), (), a, given(Greater(a, 0))).obligations


def test_a_division_the_step_introduces_is_an_obligation():
    step = kernel.by_algebra(b, (), a * b / a if False else b * a**1 * a**-1 + 0, NOTHING)
    assert step.after == b  # SymPy cancels while it builds: nothing is divided in the term itself
    step = kernel.by_algebra((a**2 - b**2) / (a - b), (), a + b, NOTHING)
    assert step.obligations


def test_a_chain_has_no_gaps():
    first = kernel.by_algebra((a + b) ** 2, (), a**2 + 2 * a * b + b**2, NOTHING)
    other = kernel.by_algebra((a + c) ** 2, (), a**2 + 2 * a * c + c**2, NOTHING)
    with pytest.raises(KernelRefusal, match="follow"):
        kernel.chain((a + b) ** 2, [first, other], NOTHING)


def test_a_particular_equation_is_not_used_where_its_variable_is_bound():
    context = given(Equal(mu, 1))
    with pytest.raises(KernelRefusal):
        kernel.by_given(Gradient(mu**2, mu), (0, 0), 0, {}, context)
    with pytest.raises(KernelRefusal):
        kernel.by_algebra(Gradient(mu**2, mu), (0,), mu, context)
    with pytest.raises(KernelRefusal):
        kernel.by_algebra(Gradient(mu**2, mu), (), Gradient(mu, mu), context)


def test_a_bound_variable_and_a_name_are_no_values():
    context = given(Equal(mu, 1))
    with pytest.raises(KernelRefusal):
        kernel.by_given(Gradient(mu**2, mu), (1,), 0, {}, context)
    density = Density(p, [mu])
    with pytest.raises(KernelRefusal):
        kernel.by_given(density, (1, 0, 0), 0, {}, context)


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (lambda e: e + a, "<="),
        (lambda e: -e, ">="),
        (lambda e: 3 * e, "<="),
        (lambda e: -2 * e + a, ">="),
        (lambda e: exp(-e), ">="),
        (lambda e: log(e), "<="),
        (lambda e: a * e, None),  # the sign of a is not known
        (lambda e: e**2, None),
        (lambda e: 1 / e, None),
        (lambda e: Norm(e * y), None),
    ],
)
def test_an_inequality_turns_with_its_context(build, expected):
    """log E f ≥ E log f, put into contexts: `jensen-log` read from its smaller side."""
    z = Symbol("z")
    small = Expectation(log(Density(p, [z])), Density(q, [z]))
    term = build(small)
    from derive.terms import occurrences

    path = next(iter(occurrences(term, small)))
    from derive.tactics.rewrite import rule_steps

    if expected is None:
        with pytest.raises(KernelRefusal):
            rule_steps(term, RULES["jensen-log"], NOTHING)
        return
    steps = rule_steps(term, RULES["jensen-log"], NOTHING)
    assert [step.relation for step in steps] == [expected]
    assert steps[0].path[: len(path)] == path


def test_two_senses_do_not_compose():
    z = Symbol("z")
    small = Expectation(log(Density(p, [z])), Density(q, [z]))
    from derive.tactics.rewrite import rule_steps

    term = small - small * 1 + small  # one occurrence left
    up = rule_steps(term, RULES["jensen-log"], NOTHING)
    back = rule_steps(up[-1].after, RULES["jensen-log"], NOTHING, backward=True)
    assert up[0].relation == "<=" and back[0].relation == ">="
    with pytest.raises(KernelRefusal, match="compose"):
        kernel.chain(term, [*up, *back], NOTHING)


def test_proportionality_drops_only_what_does_not_vary():
    context = given(Greater(a, 0))
    term = a * exp(-(Norm(y) ** 2))
    step = kernel.by_proportion(term, exp(-(Norm(y) ** 2)), a, frozenset((y,)), context)
    assert step.relation == "propto" and not step.obligations
    with pytest.raises(KernelRefusal):
        kernel.by_proportion(term, a, exp(-(Norm(y) ** 2)), frozenset((y,)), context)
    open_ = kernel.by_proportion(term, exp(-(Norm(y) ** 2)), a, frozenset((y,)), NOTHING)
    assert open_.obligations == (Greater(a, 0),)


def test_a_law_is_used_within_its_range():
    context = Context.of(ddpm(), [GreaterEqual(t, 1)]).about(Density(q, [x(t)], [x(t - 1)]))
    step = kernel.by_law(Density(q, [x(t)], [x(t - 1)]), (), 0, {}, context)
    assert step.after == Normal(x(t), sqrt(alpha(t)) * x(t - 1), beta(t) * Identity(d))
    loose = kernel.by_law(Density(q, [x(t)], [x(t - 1)]), (), 0, {}, Context.of(ddpm()))
    assert loose.obligations
    with pytest.raises(KernelRefusal):
        kernel.by_law(Density(q, [x(0)], [x(-1)]), (), 0, {t: 0}, context)


def test_a_quantity_of_the_model_stands_for_itself():
    """β_t may not be replaced, though the density on the left does not mention it."""
    context = Context.of(ddpm(), [GreaterEqual(t, 1)])
    with pytest.raises(KernelRefusal, match="stands for itself"):
        kernel.by_law(Density(q, [x(t)], [x(t - 1)]), (), 0, {beta(t): Rational(1, 2)}, context)


def _induction_parts(claim, hypothesis_shift=1, first=1):
    model = ddpm(MARGINAL)
    base_context = Context.of(model).about(x(first))
    start = Density(q, [x(first)], [x(0)])
    base = kernel.by_law(start, (), 0, {t: first}, base_context)
    closed = kernel.by_algebra(base.after, (), Normal(x(first), sqrt(alpha_bar(first)) * x(0),
                               (1 - alpha_bar(first)) * Identity(d)), base_context)  # fmt: skip
    whole = kernel.chain(start, [base, closed], base_context)
    previous = Equal(Density(q, [x(t - hypothesis_shift)], [x(0)]), claim)
    context = Context.of(model, [GreaterEqual(t, first + 1)]).assuming(Given(previous, frozenset()))
    return whole, context


def test_an_induction_needs_its_own_claim_as_hypothesis():
    wrong = Normal(x(t - 1), x(0), Identity(d))
    base, context = _induction_parts(wrong)
    step = kernel.chain(Density(q, [x(t)], [x(0)]), [], context)
    with pytest.raises(KernelRefusal):
        kernel.induction(base, step, t, 1)


def test_normalisation_needs_the_density_of_that_variable():
    context = Context.of(ddpm(), [GreaterEqual(t, 1)]).about(x(t))
    law = kernel.by_law(Density(q, [x(t)], [x(t - 1)]), (), 0, {}, context)
    theorem = kernel.chain(law.before, [law], context)
    with pytest.raises(KernelRefusal, match="proportionality"):
        kernel.normalise(theorem)
    proportional = kernel.by_rule(
        law.after, (), RULES["normal-kernel"],
        {"x": x(t), "\\mu": sqrt(alpha(t)) * x(t - 1), "v": beta(t)}, context,
    )  # fmt: skip
    chained = kernel.chain(law.before, [law, proportional], context)
    assert isinstance(chained.statement, Proportional)
    with pytest.raises(KernelRefusal, match="Gaussian in that variable"):
        kernel.normalise(chained)


def test_contradictory_ranges_prove_nothing():
    context = Context.of(ddpm(), [GreaterEqual(t, 3), LessEqual(t, 2)])
    with pytest.raises(KernelRefusal, match="contradict"):
        kernel.chain(a, [], context)


def test_strict_bounds_hold_below_a_derivative_and_equations_do_not():
    context = given(Greater(mu, 0), Less(a, 0))
    step = kernel.by_algebra(Gradient(log(mu**2), mu), (0,), 2 * log(mu), context)
    assert not step.obligations
