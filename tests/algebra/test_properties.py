"""Random expressions: identities made independently come out equal, perturbed ones never, and no answer contradicts an
evaluation that shares no code with the engine."""

from __future__ import annotations

from typing import Any

import mpmath
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Add, Expr, Integer, Mul, Pow, Rational, S, exp, expand, factor, log, sqrt, symbols, together

from derive.algebra import decide, normal_key, sign, tidy
from derive.terms import Greater, Inner, Less, Norm, Variable, vector

NAMES = symbols("a b c")
a, b, c = NAMES
d = symbols("d")
VECTORS = tuple(Variable(name, vector(d)) for name in "uvw")

rationals = st.builds(Rational, st.integers(-5, 5), st.integers(1, 4))
leaves = st.one_of(st.sampled_from(NAMES), rationals)
polynomials = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Add, inner, inner), st.builds(Mul, inner, inner), st.builds(Pow, inner, st.integers(0, 3))
    ),
    max_leaves=8,
)
denominators = st.sampled_from((a**2 + 1, 1 + a**2 * b**2, b - 2, a - b, a + b + c, c**2 + a**2 + 3, b))
fractions = st.builds(lambda p, q, r, s: p / q + r / s, polynomials, denominators, polynomials, denominators)
nonzero = st.builds(
    lambda q, i, j: q * a**i * b**j, rationals.filter(bool), st.integers(0, 2), st.integers(-1, 2)
)


@given(polynomials)
@settings(max_examples=120)
def test_a_polynomial_is_its_expansion_and_its_factorisation(p: Expr) -> None:
    assert decide(p, expand(p)).status == "equal"
    assert decide(factor(p), p).status == "equal"
    assert normal_key(p) == normal_key(expand(p))


@given(fractions)
@settings(max_examples=80)
def test_a_sum_of_fractions_is_one_fraction(f: Expr) -> None:
    assert decide(f, together(f)).status == "equal"
    assert decide(f, factor(f)).status == "equal"
    assert decide(f, tidy(f)).status == "equal"


@given(fractions, nonzero)
@settings(max_examples=80)
def test_a_perturbed_fraction_is_different(f: Expr, change: Expr) -> None:
    assert decide(f, f + change).status == "different"
    assert decide(together(f) + change, f).status == "different"
    assert normal_key(f) != normal_key(f + change)


combinations = st.lists(rationals, min_size=3, max_size=3).map(
    lambda weights: Add(*(q * v for q, v in zip(weights, VECTORS, strict=True)))
)


@given(combinations, combinations, st.sampled_from(NAMES))
@settings(max_examples=50)
def test_norms_expand_into_inner_products(x: Expr, y: Expr, k: Expr) -> None:
    left = Norm(k * x + y) ** 2
    right = k**2 * Norm(x) ** 2 + 2 * k * Inner(x, y) + Norm(y) ** 2
    assert decide(left, right).status == "equal"
    if x != 0:
        assert decide(left, right + k * Norm(x) ** 2).status == "different"


POSITIVE = (Greater(a, 0), Greater(b, 0), Greater(c, 0))
positives = st.recursive(
    st.one_of(st.sampled_from(NAMES), st.builds(Rational, st.integers(1, 6), st.integers(1, 4))),
    lambda inner: st.one_of(
        st.builds(Add, inner, inner),
        st.builds(Mul, inner, inner),
        st.builds(lambda x: 1 / x, inner),
        st.builds(sqrt, inner),
    ),
    max_leaves=6,
)
halves = st.builds(Rational, st.integers(-3, 3), st.just(2))


@given(positives, positives, halves, halves)
@settings(max_examples=80)
def test_powers_and_logarithms_of_positive_terms_split(p: Expr, q: Expr, m: Expr, n: Expr) -> None:
    assert decide(log(p**m * q**n), m * log(p) + n * log(q), POSITIVE).status == "equal"
    assert decide(exp(m * log(p) + n * log(q)), p**m * q**n, POSITIVE).status == "equal"
    assert decide(Pow(p * q, m), p**m * q**m, POSITIVE).status == "equal"
    assert decide(Pow(p, m, evaluate=False) * Pow(p, n, evaluate=False), p ** (m + n), POSITIVE).status == "equal"
    assert sign(p / q, POSITIVE) == "+"


# ---- rewrites that hold under signs only, judged by an evaluation of our own -----------------------------------------


class Undefined(Exception):
    """No real value."""


def evaluate(term: Any, point: dict[Any, Any]) -> Any:
    """The real value of a term, by its definition."""
    if term in point:
        return point[term]
    if isinstance(term, Rational):
        return mpmath.mpf(int(term.p)) / int(term.q)
    if term is S.Exp1:
        return mpmath.e
    parts = [evaluate(arg, point) for arg in term.args]
    if isinstance(term, Add):
        return mpmath.fsum(parts)
    if isinstance(term, Mul):
        return mpmath.fprod(parts)
    if isinstance(term, Abs):
        return abs(parts[0])
    if isinstance(term, exp):
        return mpmath.exp(parts[0])
    if isinstance(term, log):
        if parts[0] <= 0:
            raise Undefined
        return mpmath.log(parts[0])
    base, power = parts
    if isinstance(term.exp, Integer):
        if base == 0 and power < 0:
            raise Undefined
        return base ** int(term.exp)
    if power == mpmath.floor(power) and base != 0:
        return base ** int(power)
    if base < 0 or (base == 0 and power <= 0):
        raise Undefined
    return base**power


RULES = [
    lambda x, y: (sqrt(x**2), x),
    lambda x, y: (sqrt(x**2), Abs(x)),
    lambda x, y: (sqrt(x * y), sqrt(x) * sqrt(y)),
    lambda x, y: (sqrt(x / y), sqrt(x) / sqrt(y)),
    lambda x, y: (log(x * y), log(x) + log(y)),
    lambda x, y: (log(x**2), 2 * log(x)),
    lambda x, y: (log(x / y), log(x) - log(y)),
    lambda x, y: (exp(x) * exp(y), exp(x + y)),
    lambda x, y: (exp(2 * x), exp(x) ** 2),
    lambda x, y: (Abs(x * y), Abs(x) * Abs(y)),
    lambda x, y: (Abs(x - y), x - y),
    lambda x, y: (sqrt(x**2 - 2 * x * y + y**2), x - y),
    lambda x, y: ((x**2 - y**2) / (x - y), x + y),
    lambda x, y: (1 / (sqrt(x) + sqrt(y)), (sqrt(x) - sqrt(y)) / (x - y)),
    lambda x, y: (Pow(x**3, Rational(1, 3)), x),
    lambda x, y: (sqrt(x**3), x * sqrt(x)),
    lambda x, y: (sqrt(x) * sqrt(x + y), sqrt(x**2 + x * y)),
    lambda x, y: (x**y * x**x, x ** (x + y)),
    lambda x, y: (exp(y * log(x)), x**y),
]
parts = st.sampled_from((a, b, c, a - b, -a, a * b, 1 - a, a + 1, a**2, b / c, 2 * a, a**2 + b**2, -b * c, 2 - a - b))
signs = st.lists(st.sampled_from([fact for x in NAMES for fact in (Greater(x, 0), Less(x, 0), Less(x, 1))]), max_size=4)
wraps = st.sampled_from(
    [lambda t: t, lambda t: t * c + 1, lambda t: exp(t), lambda t: 1 / (t**2 + 1), lambda t: (t - b) ** 2]
)


@given(st.sampled_from(RULES), parts, parts, signs, wraps, st.integers(0, 10**6))
@settings(max_examples=250)
def test_no_answer_contradicts_an_evaluation(
    rule: Any, x: Expr, y: Expr, facts: list[Any], wrap: Any, seed: int
) -> None:
    left, right = map(wrap, rule(x, y))
    with mpmath.workdps(60):
        check_against_evaluation(left, right, facts, seed)


def check_against_evaluation(left: Expr, right: Expr, facts: list[Any], seed: int) -> None:
    answer = decide(left, right, tuple(facts), seed=seed)
    if answer.status == "different":
        assert answer.witness is not None
        point = {name: mpmath.mpf(int(v.p)) / int(v.q) for name, v in answer.witness.items()}
        assert all(holds(fact, point) for fact in facts if fact.free_symbols <= set(point))
        values = [value_or_none(side, point) for side in (left, right)]
        assert values[0] is None or values[1] is None or abs(values[0] - values[1]) > mpmath.mpf(10) ** -12
        assert values != [None, None]
    elif answer.status == "equal":
        generator = mpmath.mpf(seed % 97 + 1) / 101
        for step in range(30):
            point = {n: mpmath.sin(generator * (step + 1) * (i + 2) * 7) * 3 for i, n in enumerate(NAMES)}
            if not all(holds(fact, point) for fact in facts):
                continue
            values = [value_or_none(side, point) for side in (left, right)]
            if None in values:
                assert all(value is None for value in values) or answer.provided
            elif abs(values[0]) < 1e30:
                assert mpmath.almosteq(values[0], values[1], 1e-9, 1e-9)


def holds(fact: Any, point: dict[Any, Any]) -> bool:
    low, high = (fact.rhs, fact.lhs) if isinstance(fact, Greater) else (fact.lhs, fact.rhs)
    return bool(evaluate(low, point) < evaluate(high, point))


def value_or_none(term: Any, point: dict[Any, Any]) -> Any:
    try:
        return evaluate(term, point)
    except Undefined:
        return None
