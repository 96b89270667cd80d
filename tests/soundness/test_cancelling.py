"""What SymPy cancels while it builds is still asked for."""

from __future__ import annotations

import pytest
from sympy import S, Symbol, symbols

from derive import kernel
from derive.errors import KernelRefusal
from derive.grounds.context import Context, Given
from derive.models import compile_model
from derive.rulebook import load_rulebook
from derive.terms import SCALAR, Application, Density, Equal, Expectation, Integral, Law, Unequal
from derive.terms.binding import NO_FACTS
from derive.terms.definedness import lost, lost_by_substitution, needs
from tests.soundness.claims import status, verdict

x, y, z, t = symbols("x y z t")
q, p = Density(Law("q"), [x]), Density(Law("p"), [x])
EMPTY = Context.of(compile_model([]))


def test_a_quotient_by_a_density_that_may_vanish():
    """The trap: E_q[p/q] = ∫ q (p/q) = ∫ p, where it is the integral over q > 0 only."""
    claim = r"\mathbb{E}_{q(x)}\left[\frac{p(x)}{q(x)}\right] = \int p(x) \,dx"
    assert status(claim) == "refuted"
    assert status(claim, r"q(x) > 0") == "proved"


def test_the_kernel_carries_what_a_rule_cancels():
    """The same in the kernel: the definition of the expectation asks for q ≠ 0 at every x."""
    rule = load_rulebook()["expectation-definition"]
    from derive.rulebook import Abstraction

    values = {"p": Law("q"), "A": (x,), "C": (), "f": Abstraction((x,), p / q)}
    step = kernel.by_rule(Expectation(p / q, q), (), rule, values, EMPTY)
    assert any(Unequal(q, 0) in (c, *getattr(c, "args", ())) for c in step.obligations)


@pytest.mark.parametrize(
    "claim",
    [
        r"0 \cdot \mathbb{E}_{q(x)}[f(x)] = 0",
        r"\mathbb{E}_{q(x)}[f(x)] - \mathbb{E}_{q(x)}[f(x)] = 0",
        r"\frac{x}{x} = 1",
        r"\frac{q(x)}{q(x)} = 1",
        r"\int \frac{p(x)}{q(x)} q(x) \,dx = 1",
        r"\log x - \log x = 0",
        r"\sqrt{x} \sqrt{x} = x",
    ],
)
def test_what_a_claim_needs_is_said(claim):
    """The trap: E − E is 0 for SymPy before anybody asks whether E converges."""
    found = verdict(claim)
    assert found.status == "proved"
    assert found.provided


def test_a_universal_statement_at_coinciding_points():
    """The trap: f(y, z) = (x − z)/(x − y) for all y, z, at z = y, is 1 only where x ≠ y."""
    f = Application("f", SCALAR, (), y, z)
    where = EMPTY.assuming(Given(Equal(f, (x - z) / (x - y)), frozenset({y, z})))
    step = kernel.by_given(Application("f", SCALAR, (), y, y), (), 0, {z: y}, where)
    assert step.after == 1 and step.obligations == (Unequal(x - y, 0),)
    with pytest.raises(KernelRefusal):
        kernel.by_given(Application("f", SCALAR, (), x, z), (), 0, {y: x}, where)


def test_nothing_is_divided_by_zero():
    """The trap: 1/(t − 1) at t = 1, or 0/0, as a term like any other."""
    f = Application("f", SCALAR, (), t)
    where = EMPTY.assuming(Given(Equal(f, 1 / (t - 1)), frozenset({t})))
    with pytest.raises(KernelRefusal):
        kernel.by_given(Application("f", SCALAR, (), S.One), (), 0, {t: S.One}, where)


def test_needs_are_those_of_the_text():
    """Denominators, logarithms, roots, integrals: what is lost is what the parts need and the whole does not."""
    assert lost([q, p / q], q * (p / q)) == {Unequal(q, 0)}
    assert lost([x, 1 / (x * y)], x * (1 / (x * y))) == {Unequal(x, 0)}
    assert not lost([x, y], x * y) and not lost([1 / x, y], y / x)
    integral = Integral(p, x)
    assert lost([S.Zero, integral], S.Zero * integral) == needs(integral)
    assert lost_by_substitution(1 / (x - y), S.One, {x: y + 1}, NO_FACTS) == set()
    assert not needs(Symbol("a") ** 2 + 1)


@pytest.mark.parametrize(
    "claim",
    [
        r"\sum_{k=2}^{n} 1 = n - 1",
        r"\sum_{k=2}^{n} a = (n - 1) a",
        r"\sum_{k=m}^{n} 1 = n - m + 1",
        r"\sum_{k=2}^{n} 1 \le n - 1",
        r"\prod_{k=3}^{n} 2 = 2^{n-2}",
    ],
)
def test_the_number_of_terms_of_a_range(claim):
    """The trap: Σ_{k=2}^{n} 1 = n − 1 is −1 at n = 0, where the sum is empty and 0."""
    assert status(claim) == "refuted"


def test_a_range_in_order_has_its_number_of_terms():
    """The other way: with the range stated the same equations are true."""
    assert status(r"\sum_{k=2}^{n} 1 = n - 1", r"n \ge 1") == "proved"
    assert status(r"\sum_{k=m}^{n} 1 = n - m + 1", r"m \le n") == "proved"
    found = verdict(r"\sum_{k=1}^{n} 1 = n")
    assert found.status == "proved" and [str(need) for need in found.provided] == ["n ≥ 0"]
