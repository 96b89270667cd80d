"""Cases, optima, limits, indicators, arrays by their parts: sorts, what they bind, and that nothing is captured."""

import json

import pytest
from sympy import Rational, Symbol, oo

from derive.errors import SortError
from derive.terms import (
    EVENT,
    LIST,
    SCALAR,
    ArgMax,
    BlockMatrix,
    Cases,
    DerivativeIn,
    Diagonal,
    Differential,
    Entry,
    Equals,
    Family,
    Greater,
    Hadamard,
    Holds,
    Identity,
    Indicator,
    IntersectionOver,
    Label,
    Limit,
    Listing,
    MatrixPower,
    Maximum,
    Ones,
    Run,
    UnionOver,
    Variable,
    Within,
    alpha_equal,
    free_variables,
    from_json,
    matrix,
    sort_of,
    substitute,
    to_json,
    vector,
)

x, y, a, i, j, n, d, t = (Symbol(name) for name in ("x", "y", "a", "i", "j", "n", "d", "t"))
theta = Symbol(r"\theta")
A = Variable("A", matrix(d))
u, v = (Variable(name, vector(d)) for name in ("u", "v"))
E_i = Variable("E", EVENT, i)

EVERY = [
    Maximum(x * y, [x]), ArgMax(x * y, [x], Label("A")), Limit(x / n, n, oo), Cases((x, Holds(Greater(x, 0))), (0,)),
    Indicator(Equals(x, a)), Indicator(Within(x, Label("A"))), IntersectionOver(E_i, (i, 1, n)),
    BlockMatrix((A, 0), (0, A)), BlockMatrix((x,), (y,)), Entry(A, i, j), Ones(d), Hadamard(u, v),
    MatrixPower(A, Rational(1, 2)), Diagonal(u), Differential(x), DerivativeIn(x**4 * y, x**2, [x]), Listing(x, A),
    Family(Variable("b", SCALAR, i), (i, 1, n)),
]  # fmt: skip


@pytest.mark.parametrize("term", EVERY, ids=lambda term: type(term).__name__)
def test_they_come_back_from_json(term):
    assert from_json(json.loads(json.dumps(to_json(term)))) == term


@pytest.mark.parametrize(
    ("term", "sort"),
    [
        (Maximum(x, [x]), SCALAR), (ArgMax(y, [u]), vector(d)), (ArgMax(y, [x, y]), LIST), (Hadamard(u, v), vector(d)),
        (BlockMatrix((A, 0), (0, A)), matrix(2 * d)), (BlockMatrix((u,), (v,)), vector(2 * d)), (Ones(n), vector(n)),
        (BlockMatrix((x,), (y,)), vector(2)), (BlockMatrix((x, y)), matrix(1, 2)), (Entry(A, i, j), SCALAR),
        (BlockMatrix((Family(Variable("x", SCALAR, i), (i, 1, n)),)), vector(n)), (Differential(u), vector(d)),
        (MatrixPower(A, n), matrix(d)), (Diagonal(u), matrix(d)),
        (Cases((u, Equals(x, 1)), (0,)), vector(d)), (Indicator(Equals(x, a)), SCALAR),
        (Holds(Greater(x, a)), EVENT), (DerivativeIn(y, x**2, [x]), SCALAR),
    ],
)  # fmt: skip
def test_their_sorts(term, sort):
    assert sort_of(term) == sort


@pytest.mark.parametrize(
    "build",
    [
        lambda: Maximum(u, [x]), lambda: Cases((u, Equals(x, 1)), (x,)), lambda: Cases((x,), (y,)),
        lambda: Indicator(x), lambda: BlockMatrix((x, y), (x,)), lambda: BlockMatrix((A, u), (x, y)),
        lambda: Entry(u, i, j), lambda: Hadamard(u, x), lambda: MatrixPower(u, 2), lambda: Diagonal(A),
        lambda: DerivativeIn(y, x**2, [2 * x]),
        lambda: Cases((x, y)),
        lambda: UnionOver(x, (i, 1, n)), lambda: Maximum(x, [x + 1]), lambda: Holds(x),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(build):
    with pytest.raises(SortError):
        build()


def test_what_they_rewrite_is_true():
    assert Hadamard(2 * u, v) == 2 * Hadamard(v, u)
    assert Hadamard(x, y) == x * y
    assert Hadamard(u, 0) == 0
    assert MatrixPower(A, 1) == A
    assert MatrixPower(A, 0) == Identity(d)


def test_nothing_is_captured():
    assert alpha_equal(substitute(Maximum(x * y, [x]), {y: x}), Maximum(a * x, [a]))
    assert alpha_equal(substitute(Limit(n * a, n, a), {a: n}), Limit(j * n, j, n))
    moved = substitute(UnionOver(E_i, (i, 1, n)), {n: i + 1})
    assert alpha_equal(moved, UnionOver(Variable("E", EVENT, j), (j, 1, i + 1)))
    family = Family(Variable("b", SCALAR, i) * a, (i, 1, n))
    assert alpha_equal(substitute(family, {a: i}), Family(Variable("b", SCALAR, j) * i, (j, 1, n)))
    assert alpha_equal(substitute(DerivativeIn(x**2 * y, x**2, [x]), {y: x}), DerivativeIn(a**2 * x, a**2, [a], [x]))


def test_bound_variables_are_not_replaced_and_not_free():
    assert substitute(Maximum(x * y, [x]), {x: 3}) == Maximum(x * y, [x])
    assert free_variables(Maximum(x * y, [x])) == {y}
    assert free_variables(UnionOver(E_i, (i, 1, n))) == {n, Run("E", EVENT, 1, n)}
    assert free_variables(Limit(x / n, n, a)) == {x, a}


def test_a_derivative_in_an_expression_keeps_its_body_where_it_is_taken_at_a_point():
    """d(x⁴)/d(x²) at x = 2 is no derivative of the number 16."""
    taken = substitute(DerivativeIn(x**4, x**2, [x]), {x: 2})
    assert (taken.body, taken.expression, taken.points) == (x**4, x**2, (2,))
    assert taken != substitute(DerivativeIn(4 * x**2, x**2, [x]), {x: 2})


def test_optima_are_equal_up_to_the_name_of_what_they_are_over():
    assert alpha_equal(ArgMax(x * theta, [x]), ArgMax(y * theta, [y]))
    assert not alpha_equal(Maximum(x, [x]), Maximum(x, [x], Label("A")))
