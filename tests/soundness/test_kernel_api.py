"""The kernel's functions used against it: other contexts, forged objects, proportions, inductions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import I, Integer, Sum, Symbol, oo, symbols

from derive import kernel
from derive.errors import DerivationError, KernelRefusal
from derive.grounds.context import Context, Given
from derive.models import Line, compile_model
from derive.rulebook import Abstraction, load_rulebook
from derive.terms import SCALAR, Application, Equal, GreaterEqual, Integral, LessEqual, Proportional, Variable

x, y, a, t, n, T = symbols("x y a t n T")
EMPTY = Context.of(compile_model([]))


def f(*arguments):
    return Application("f", SCALAR, (), *arguments)


def s(index):
    return Variable("s", SCALAR, index)


def test_a_step_is_good_in_its_own_context_only():
    """The trap: a step made from x = 1, chained to a theorem that says nothing of x = 1."""
    where = EMPTY.assuming(Given(Equal(x, Integer(1))))
    step = kernel.by_given(x, (), 0, {}, where)
    assert kernel.chain(x, [step], where).statement == Equal(x, 1)
    with pytest.raises(KernelRefusal):
        kernel.chain(x, [step], EMPTY)


def test_a_range_belongs_to_the_step():
    """The trap: a split of a sum made for T ≥ 1, chained where T may be 0."""
    rule = load_rulebook()["sum-split-first"]
    term = Sum(s(t), (t, 1, T))
    ranged = Context.of(compile_model([]), [GreaterEqual(T, 1)], [term])
    open_ = Context.of(compile_model([]), [], [term])
    values = {"m": Integer(1), "n": T, "f": Abstraction((t,), s(t))}
    values = {name: value for name, value in values.items() if name in rule.metavariables}
    step = kernel.by_rule(term, (), rule, values, ranged)
    assert not step.obligations
    assert kernel.by_rule(term, (), rule, values, open_).obligations
    with pytest.raises(KernelRefusal):
        kernel.chain(term, [step], open_)


def test_nothing_is_forged():
    """Steps and theorems are made by the kernel, copies with changes included."""
    step = kernel.by_algebra(x + x, (), 2 * x, EMPTY)
    theorem = kernel.chain(2 * x, [], EMPTY)
    with pytest.raises(KernelRefusal):
        replace(step, after=Integer(3))
    with pytest.raises(KernelRefusal):
        replace(theorem, statement=Equal(x, y))
    with pytest.raises(KernelRefusal):
        kernel.Theorem(Equal(x, y), EMPTY, (), (), frozenset())


def test_a_proportionality_at_other_points():
    """The trap: a x ∝ x in x, at a := x, says that x² ∝ x in x."""
    theorem = kernel.chain(a * x, [kernel.by_proportion(a * x, x, a, frozenset({x}), EMPTY)], EMPTY)
    for term, mapping in ((x * x, {a: x}), (y * y, {a: y, x: y}), (a * a, {x: a})):
        with pytest.raises(KernelRefusal):
            kernel.by_result(term, (), theorem, mapping, EMPTY, name="lemma")
    step = kernel.by_result(a * y, (), theorem, {x: y}, EMPTY, name="lemma")
    assert kernel.chain(a * y, [step], EMPTY).statement == Proportional(a * y, y, (y,))


def test_names_stand_for_real_numbers():
    """The trap: √(x²) = |x| at x := i is 1 = i, and x + 1 at ∞."""
    where = EMPTY.assuming(Given(Equal(f(y), y**2), frozenset({y})))
    theorem = kernel.chain(f(x), [kernel.by_given(f(x), (), 0, {y: x}, where)], where)
    for value in (I, oo, 1 + I):
        with pytest.raises(KernelRefusal):
            kernel.by_result(f(value), (), theorem, {x: value}, where, name="lemma")


def test_a_law_is_a_density():
    """The trap: ∫ p(A, B) dB = p(A) for p := 3 x."""
    rule = load_rulebook()["marginalization"]
    with pytest.raises(DerivationError):
        kernel.by_rule(
            Integral(3 * x, x), (), rule, {"p": Abstraction((x,), 3 * x), "B": (x,), "A": (), "C": ()}, EMPTY
        )


def test_contradictory_ranges_prove_nothing():
    """From T ≥ 1 and T ≤ 0 no theorem is made."""
    where = Context.of(compile_model([]), [GreaterEqual(T, 1), LessEqual(T, 0)], [s(T)])
    with pytest.raises(KernelRefusal):
        kernel.chain(s(T), [], where)


# ---- induction on s_t = s_{t−1} + 1, s_0 = 0 ----------------------------------------------------------------------


MODEL = compile_model([Line(Equal(s(t), s(t - 1) + 1)), Line(Equal(s(Integer(0)), Integer(0)))])


def base_and_step(first=0, claim=None, universal=frozenset(), low=None, extra=()):
    """The base at `first` and the step of an induction on a claim s_t = …, by algebra on the model's recursion."""
    claim = t if claim is None else claim
    where = Context.of(MODEL, [GreaterEqual(t, first + 1 if low is None else low), *extra], [s(t)])
    where = where.assuming(Given(Equal(s(t - 1), claim.subs(t, t - 1)), universal))
    step = kernel.chain(s(t), [kernel.by_algebra(s(t), (), claim, where)], where)
    start = Context.of(MODEL, [], [s(t)])
    value = Integer(first)
    base = kernel.chain(s(value), [kernel.by_algebra(s(value), (), claim.subs(t, first), start)], start)
    return base, step


def test_an_induction():
    """The right one: s_t = t for t ≥ 0."""
    base, step = base_and_step()
    assert kernel.induction(base, step, t, 0).statement == Equal(s(t), t)


def test_an_induction_with_a_wrong_base():
    """The trap: the base at 1, or of another claim, for a claim from 0 on."""
    base, step = base_and_step()
    other, _ = base_and_step(first=1)
    for wrong, first in ((other, 0), (base, 1)):
        with pytest.raises(KernelRefusal):
            kernel.induction(wrong, step, t, first)


def test_an_induction_with_a_wrong_range():
    """The trap: a step that holds from t = 2 on only, beside a base at 0: t = 1 is never reached."""
    base, step = base_and_step(low=2)
    with pytest.raises(KernelRefusal):
        kernel.induction(base, step, t, 0)


def test_an_induction_up_to_a_last_index():
    """A step for t ≤ 5 alone gives no more than t ≤ 5; one for s ≤ t reaches no smaller t."""
    base, step = base_and_step(extra=[LessEqual(t, 5)])
    try:
        limited = kernel.induction(base, step, t, 0)
    except KernelRefusal:
        limited = None
    if limited is not None:
        where = Context.of(MODEL, [], [s(Integer(7))])
        with pytest.raises(KernelRefusal):
            kernel.by_result(s(Integer(7)), (), limited, {t: Integer(7)}, where, name="lemma")
    base, step = base_and_step(extra=[LessEqual(n, t)])
    with pytest.raises(KernelRefusal):
        kernel.induction(base, step, t, 0)


def test_an_induction_with_a_wrong_hypothesis():
    """The trap: a hypothesis universal in t proves itself; one that is universal in s is about another s."""
    for universal in ({t}, {s(t - 1)}, {s(t)}):
        base, step = base_and_step(universal=frozenset(universal))
        with pytest.raises(KernelRefusal):
            kernel.induction(base, step, t, 0)


def test_an_induction_with_a_further_hypothesis():
    """The trap: a step under x = 1, whose conclusion does not say so."""
    where = Context.of(MODEL, [GreaterEqual(t, 1)], [s(t)]).assuming(
        Given(Equal(x, Integer(1))), Given(Equal(s(t - 1), t - 1))
    )
    step = kernel.chain(s(t), [kernel.by_algebra(s(t), (), t, where)], where)
    base, _ = base_and_step()
    with pytest.raises(KernelRefusal):
        kernel.induction(base, step, t, 0)


def test_a_false_induction_step():
    """The trap: s_t = t + 1 has a step and no base, s_t = 2t a base and no step."""
    with pytest.raises(KernelRefusal):
        base_and_step(claim=t + 1)
    with pytest.raises(KernelRefusal):
        base_and_step(claim=2 * t)


def test_symbols_as_numbers_and_indices():
    """The trap: n > 0 read as n ≥ 1 where n is no index."""
    from derive.grounds.conditions import decide
    from derive.terms.statements import Greater

    real = Context.of(compile_model([Line(Greater(n, 0))]), [], [n])
    assert decide(GreaterEqual(n, 1), real).answer is not True
    whole = Context.of(compile_model([Line(Greater(n, 0))]), [], [s(n)])
    assert decide(GreaterEqual(n, 1), whole).answer is True
    assert decide(GreaterEqual(Symbol("m"), 1), whole).answer is not True
