"""What a careless simplifier believes: none of it may come out as equal."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Abs, Integer, Mul, Pow, Product, Rational, S, Sum, cos, exp, log, pi, sin, sqrt, symbols

from derive.algebra import decide, satisfiable
from derive.terms import (
    SCALAR,
    Application,
    Density,
    Determinant,
    Equal,
    Expectation,
    Greater,
    GreaterEqual,
    Inner,
    Integral,
    Inverse,
    Law,
    Less,
    MatrixProduct,
    Norm,
    Normal,
    Proportional,
    Trace,
    Transpose,
    Unequal,
    Variable,
    matrix,
    vector,
)

a, b, c, k, n, t, T, d, x, y, z = symbols("a b c k n t T d x y z")
half = Rational(1, 2)
u, v, w = (Variable(name, vector(d)) for name in "uvw")
A, B, C = (Variable(name, matrix(d)) for name in "ABC")
q = Law("q")

NEVER_EQUAL: list[tuple[str, Any, Any, tuple[Any, ...]]] = [
    ("root of a square", sqrt(x**2), x, ()),
    ("root of the square of a difference", sqrt((a - b) ** 2), a - b, ()),
    ("root of an expanded square", sqrt(a**2 - 2 * a * b + b**2), a - b, ()),
    ("log of a product", log(a * b), log(a) + log(b), ()),
    ("log of a quotient", log(a / b), log(a) - log(b), ()),
    ("log of a square", log(x**2), 2 * log(x), ()),
    ("root of a product", sqrt(a * b), sqrt(a) * sqrt(b), ()),
    ("root of a quotient", sqrt(a / b), sqrt(a) / sqrt(b), ()),
    ("power of a power", Pow(x**a, b), x ** (a * b), ()),
    ("root of a negated square", sqrt(-(x**2)), x, ()),
    ("sum of roots", sqrt(a + b), sqrt(a) + sqrt(b), (Greater(a, 0), Greater(b, 0))),
    ("log of a sum", log(a + b), log(a) + log(b), (Greater(a, 0), Greater(b, 0))),
    ("exponential of a product", exp(a * b), exp(a) * exp(b), ()),
    ("exponential of a square", exp(a**2), exp(a) ** 2, ()),
    ("power of a sum", (a + b) ** n, a**n + b**n, (Greater(a, 0), Greater(b, 0))),
    ("absolute value of a sum", Abs(a + b), Abs(a) + Abs(b), ()),
    ("triangle inequality is none", Norm(u + v), Norm(u) + Norm(v), ()),
    ("Cauchy-Schwarz is none", Inner(u, v) ** 2, Norm(u) ** 2 * Norm(v) ** 2, ()),
    ("inner products do not associate", Inner(u, v) * w, Inner(u, w) * v, ()),
    ("scaled norm", Norm(a * u), a * Norm(u), ()),
    ("matrices do not commute", MatrixProduct(A, B), MatrixProduct(B, A), ()),
    ("inverse of a product in the wrong order", Inverse(MatrixProduct(A, B)),
     MatrixProduct(Inverse(A), Inverse(B)), ()),
    ("transpose of a product in the wrong order", Transpose(MatrixProduct(A, B)),
     MatrixProduct(Transpose(A), Transpose(B)), ()),
    ("trace of a product", Trace(MatrixProduct(A, B)), Trace(A) * Trace(B), ()),
    ("trace is cyclic only", Trace(MatrixProduct(A, B, C)), Trace(MatrixProduct(B, A, C)), ()),
    ("no symmetry", Transpose(A), A, ()),
    ("inverse of a sum", Inverse(A + B), Inverse(A) + Inverse(B), ()),
    ("determinant of a sum", Determinant(A + B), Determinant(A) + Determinant(B), ()),
    ("the sign of one root", sqrt(1 - a**2), b, (Equal(a**2 + b**2, 1),)),
    ("one value of many", x**2, x, (GreaterEqual(x, 0),)),
    ("close by, not equal", exp(pi * sqrt(163)), S(640320) ** 3 + 744, ()),
    ("a root only nearly rational", sqrt(2), Rational(665857, 470832), ()),
    ("both are undefined", 1 / ((x + 1) ** 2 - x**2 - 2 * x - 1), S.One, ()),
    ("Jensen is none", Expectation(log(x), Density(q, [x])), log(Expectation(x, Density(q, [x]))), ()),
    ("expectation of a square", Expectation(x**2, Density(q, [x])), Expectation(x, Density(q, [x])) ** 2, ()),
    ("conditional and joint", Density(q, [x], [y]), Density(q, [x, y]), ()),
    ("two laws", Density(q, [x]), Density(Law("p"), [x]), ()),
    ("a density at two points", Density(q, [(x, y)]), Density(q, [x]), ()),
    ("density of a sum", Normal(x, a + b, c), Normal(x, a, c) * Normal(x, b, c), ()),
    ("deviation for variance", Normal(x, a, c**2), Normal(x, a, c), ()),
    ("a particular equation under a binder", Integral(Application("f", SCALAR, (), x), x),
     Integral(Application("f", SCALAR, (), y), x), (Equal(x, y),)),
    ("a definition of the summed index", Sum(Variable("a", SCALAR, t), (t, 1, T)), T * c,
     (Equal(Variable("a", SCALAR, t), c),)),
    ("index for index", Variable("a", SCALAR, t), Variable("a", SCALAR, t - 1), ()),
    ("a function of two points", Application("f", SCALAR, (), x + y),
     Application("f", SCALAR, (), x) + Application("f", SCALAR, (), y), ()),
    ("cosine of a sum", cos(x + y), cos(x) + cos(y), ()),
    ("sine of a sum", sin(x + y), sin(x) + sin(y), ()),
    ("half an angle", sin(x / 2) ** 2, (1 + cos(x)) / 2, ()),
    ("root of 1 − cos²", sqrt(1 - cos(x) ** 2), sin(x), ()),
    ("divided by what may vanish, given the rest", (x**2 - x) / (x - 1) - x + b, Integer(0), ()),
]  # fmt: skip


@pytest.mark.parametrize(("name", "left", "right", "given"), NEVER_EQUAL, ids=[trap[0] for trap in NEVER_EQUAL])
def test_trap_is_not_equal(name: str, left: Any, right: Any, given: tuple[Any, ...]) -> None:
    assert decide(left, right, given).status != "equal"
    assert decide(right, left, given).status != "equal"
    assert decide(left - right, S.Zero, given).status != "equal"


WITH_SIGNS: list[tuple[Any, Any, tuple[Any, ...]]] = [
    (sqrt(x**2), x, (GreaterEqual(x, 0),)),
    (sqrt(x**2), -x, (Less(x, 0),)),
    (sqrt(x**2), Abs(x), ()),
    (sqrt((a - b) ** 2), a - b, (Greater(a, b),)),
    (sqrt((a - b) ** 2), b - a, (Less(a, b),)),
    (log(a * b), log(a) + log(b), (Greater(a, 0), Greater(b, 0))),
    (log(a * b), log(-a) + log(-b), (Less(a, 0), Less(b, 0))),
    (log(x**2), 2 * log(x), (Greater(x, 0),)),
    (log(x**2), 2 * log(Abs(x)), ()),
    (sqrt(a * b), sqrt(a) * sqrt(b), (GreaterEqual(a, 0), GreaterEqual(b, 0))),
    (Pow(x**a, b), x ** (a * b), (Greater(x, 0),)),
    (log((1 - a) * (1 + a)), log(1 - a) + log(1 + a), (Less(-1, a), Less(a, 1))),
    (sqrt(1 - 2 * a * b + a**2 * b**2), 1 - a * b, (Less(0, a), Less(a, 1), Less(0, b), Less(b, 1))),
    (Abs(a) ** 2, a**2, ()),
    (Abs(a * b), Abs(a) * Abs(b), ()),
]


@pytest.mark.parametrize(("left", "right", "given"), WITH_SIGNS)
def test_what_the_signs_allow_is_equal(left: Any, right: Any, given: tuple[Any, ...]) -> None:
    assert decide(left, right, given).status == "equal"


def test_over_opaque_atoms_nothing_is_called_different() -> None:
    joint, product = Density(q, [x, y]), Density(q, [x], [y]) * Density(q, [y])
    assert decide(joint, product).status == "unknown"
    f = Application("f", SCALAR, (), x)
    assert decide(f, 2 * f).status == "unknown"
    assert decide(f + x, f + 2 * x).status == "unknown"


def test_undefined_on_one_side_alone_is_shown() -> None:
    answer = decide(log(a * b), log(a) + log(b))
    assert answer.status == "different"
    assert "undefined" in (answer.lhs, answer.rhs)
    assert answer.witness is not None and answer.witness[a] < 0 and answer.witness[b] < 0


def test_a_division_by_zero_on_one_side_is_a_condition_and_no_refutation() -> None:
    answer = decide((x**2 - 1) / (x - 1), x + 1)
    assert answer.status == "equal"
    assert answer.provided == (Unequal(x - 1, 0),)
    given = (Unequal(x, 1),)
    assert decide((x**2 - 1) / (x - 1), x + 1, given).provided == ()


def test_conditions_that_both_sides_need_are_not_listed() -> None:
    assert decide((x**2 - 1) / (x - 1) / y, (x + 1) / y).provided == (Unequal(x - 1, 0),)
    assert decide((sqrt(x) - 1) * (sqrt(x) + 1), x - 1).provided == (GreaterEqual(x, 0),)
    assert decide((log(x) + 1) ** 2 - log(x) ** 2 - 2 * log(x), S.One).provided == (Greater(x, 0),)


def test_both_sides_undefined_everywhere_prove_nothing() -> None:
    zero = Mul(x, y, evaluate=False) - x * y + (x + y) ** 2 - x**2 - y**2 - 2 * x * y
    assert decide(1 / zero, 2 / zero).status == "unknown"


def test_the_witness_satisfies_every_given() -> None:
    given = (Less(0, a), Less(a, b), Less(b, 1), Equal(c, 1 - b), Greater(a + b, 1))
    answer = decide(a * c, a * b, given)
    assert answer.status == "different" and answer.witness is not None
    point = answer.witness
    assert 0 < point[a] < point[b] < 1 and point[a] + point[b] > 1
    assert point[c] == 1 - point[b]
    assert answer.lhs == str(point[a] * point[c]) and answer.rhs == str(point[a] * point[b])


def test_no_witness_where_a_given_has_no_meaning() -> None:
    root = decide(Abs(a) * b, a * b, (Equal(c, sqrt(a)),))
    assert root.status == "unknown"
    gaussian = Equal(Density(q, [x], [y]), Normal(x, y, a))
    assert decide(Abs(a) * b, a * b, (gaussian,)).status == "unknown"
    assert decide(Abs(a) * b, b, (gaussian,)).status == "different"
    assert decide(Abs(a) * b, b, (Proportional(a, b, (x,)),)).status == "unknown"


def test_parameters_that_laws_determine_are_not_drawn_freely() -> None:
    """p(x|z) follows from p(x) and p(z|x): its variance is theirs, and no point with another one is a witness."""
    p = Law("p")
    prior, likelihood = Equal(Density(p, [x]), Normal(x, 0, a)), Equal(Density(p, [z], [x]), Normal(z, x, b))
    posterior = Equal(Density(p, [x], [z]), Normal(x, k * z, c))
    given = (Greater(a, 0), Greater(b, 0), prior, likelihood, posterior)
    assert decide(c, a * b / (a + b), given).status == "unknown"
    assert decide(a, 2 * a, given[:3]).status == "different"


def test_nothing_rests_on_zero_to_the_power_zero() -> None:
    answer = decide(log(x**y), y * log(x), (GreaterEqual(x, 0), GreaterEqual(y, 0)))
    assert answer.status != "equal"
    assert answer.witness is None or answer.witness[x] != 0


def test_satisfiable_givens_have_a_point() -> None:
    assert satisfiable((Less(0, a), Less(a, b), Less(b, 1), Equal(c, 1 - b))) is True
    assert satisfiable((Equal(a**2 + b**2, 1), Greater(a, 0))) is True
    assert satisfiable(()) is True
    assert satisfiable((Less(a, 0), Greater(a, 0))) is None
    assert satisfiable((Equal(a, 1), Equal(a, 2))) is None
    assert satisfiable((Equal(b, sqrt(a)), Less(a, 0))) is None


def test_a_running_product_beside_its_recursion() -> None:
    """abar_t = ∏ alpha_s and abar_t = alpha_t abar_{t-1}: the second is solved for the earlier one."""
    alpha, abar, before = (Variable(n, SCALAR, i) for n, i in (("\\alpha", t), ("A", t), ("A", t - 1)))
    running = Product(Variable("\\alpha", SCALAR, n), (n, 1, t))
    given = (Equal(abar, running), Equal(abar, alpha * before), Greater(alpha, 0))
    assert decide(abar / alpha, before, given).status == "equal"
    assert decide(running / alpha, before, given).status == "equal"
    assert decide(abar / alpha, before + 1, given).status == "different"


def test_contradictory_givens_have_no_witness() -> None:
    assert decide(a, b, (Less(a, 0), Greater(a, 0))).status == "unknown"


def test_a_claim_true_on_the_line_only_is_refuted_in_the_plane() -> None:
    answer = decide(Inner(u, v) ** 2, Norm(u) ** 2 * Norm(v) ** 2)
    assert answer.status == "different" and answer.witness is not None
    assert answer.witness[d] >= 2


def test_infinities_and_imaginary_numbers_are_not_decided() -> None:
    for strange in (S.Infinity, S.NaN, S.ImaginaryUnit, sqrt(-1) * x):
        assert decide(strange, strange + 1).status == "unknown"


def test_definitions_in_a_circle_prove_nothing() -> None:
    given = (Equal(a, b + 1), Equal(b, a + 1))
    assert decide(a, b, given).status != "equal"


def test_nested_and_huge_terms_come_back() -> None:
    deep: Any = x
    for _ in range(2000):
        deep = sqrt(1 + deep, evaluate=False)
    assert decide(deep, deep + 1).status == "unknown"
    assert decide((x + y + z + 1) ** 400, (x + y + z) ** 400).status in ("different", "unknown")
    assert decide(Pow(10, 10) ** Integer(500) * x, x).status == "different"
    fermat = x**9000 - y**9000
    assert decide(1 / fermat + 1, (fermat + 1) / fermat).status == "equal"
    assert decide(1 / fermat, 2).status == "different"


def test_a_root_of_a_product_is_defined_where_a_factor_is_zero() -> None:
    """√(ab) is 0 at a = 0 whatever b is, and √a √b has no value there for b < 0: that b ≥ 0 is told."""
    answer = decide(sqrt(a * b), sqrt(a) * sqrt(b), (GreaterEqual(a, 0),))
    assert answer.status == "equal" and GreaterEqual(b, 0) in answer.provided
    assert decide(sqrt(a * b), sqrt(a) * sqrt(b), (Greater(a, 0),)).provided == ()
    assert decide(log(a * b), log(a) + log(b), (GreaterEqual(a, 0),)).provided == ()
