"""`derive.equal` on SymPy's expressions: what symbols carry is given, and no value they exclude refutes."""

from __future__ import annotations

import pytest
from sympy import Abs, Product, Rational, Sum, Symbol, cos, exp, log, pi, sin, sqrt, symbols

import derive
from derive.checking import Line, compile_model, decide_statement, load_rulebook
from derive.errors import InputError
from derive.terms import SCALAR, Application, Equal, Greater, Less, Unequal, Variable
from tests.algebra.steps import STEPS

x, y, k, t = symbols("x y k t")
p, q = symbols("p q", positive=True)
n = Symbol("n", integer=True)


def test_what_symbols_carry_is_given() -> None:
    assert derive.equal(log(p * q), log(p) + log(q)).status == "proved"
    assert derive.equal(sqrt(x**2), Abs(x)).status == "proved"
    assert derive.equal(sqrt((p - q) ** 2), p - q).status == "refuted"
    assert derive.equal(sqrt((p - q) ** 2), p - q, given=[Less(q, p)]).status == "proved"


def test_a_refutation_shows_a_point_and_both_sides() -> None:
    found = derive.equal((p + q) ** 2, p**2 + q**2)
    assert found.status == "refuted"
    point = {name: Rational(value) for name, value in found.counterexample["point"].items()}
    left, right = (Rational(found.counterexample[side]) for side in ("lhs", "rhs"))
    assert (point["p"] + point["q"]) ** 2 == left != right == point["p"] ** 2 + point["q"] ** 2


def test_what_one_side_needs_is_told() -> None:
    found = derive.equal((x**2 - 1) / (x - 1), x + 1)
    assert found.status == "proved" and found.provided == (Unequal(x - 1, 0),)


def test_contradictory_givens_prove_nothing() -> None:
    assert derive.equal(x, x + 0 * y, given=[Less(x, 0), Greater(x, 0)]).status != "refuted"
    assert derive.equal(2 * x, x + x + (y - y), given=[Less(x, 0), Greater(x, 0)]).status == "unknown"


def test_a_whole_number_is_not_refuted_by_a_half() -> None:
    vanishing = sin(pi * n / 2) ** 2 * cos(pi * n / 2) ** 2
    assert derive.equal(vanishing, 0).status == "unknown"
    assert derive.equal(n**2, n).status == "refuted"
    assert derive.equal((n + 1) ** 2, n**2 + 2 * n + 1).status == "proved"
    summed = Sum(sin(pi * n) * Variable("a", SCALAR, k), (k, 1, t))
    assert derive.equal(summed, 0).status != "refuted"


def test_symbols_that_are_no_real_numbers_are_refused() -> None:
    for symbol in (Symbol("z", imaginary=True), Symbol("A", commutative=False)):
        with pytest.raises(InputError):
            derive.equal(symbol, symbol + 1)


def test_of_functions_and_indexed_names_nothing_is_refuted_by_a_point() -> None:
    f = Application("f", SCALAR, (), x)
    assert derive.equal(f + f, 2 * f).status == "proved"
    alpha, abar, before = (Variable(name, SCALAR, i) for name, i in (("\\alpha", t), ("A", t), ("A", t - 1)))
    running = Equal(abar, Product(Variable("\\alpha", SCALAR, k), (k, 1, t)))
    assert derive.equal(abar, alpha * before, given=[running]).status != "refuted"


def test_the_quick_way_agrees_with_the_long_way() -> None:
    numbers = [step for step in STEPS if not any(getattr(name, "indices", ()) for name in step.left.free_symbols)]
    for step in numbers[::9]:
        for other, status in ((step.right, "proved"), (step.slip, "refuted")):
            assert derive.equal(step.left, other, given=step.given).status == status, step.name
            model = compile_model(tuple(map(Line, step.given)))
            full = decide_statement(Equal(step.left, other), model, load_rulebook(), worlds=5)
            assert full.status in (status, "unknown"), step.name


def test_constants_are_told_apart_however_close() -> None:
    near = exp(pi * sqrt(163))
    assert derive.equal(near, 640320**3 + 744).status == "refuted"
