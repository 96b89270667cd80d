"""Instances of rules: built here by hand from the nodes, and compared with what the rules give."""

from __future__ import annotations

import math

import pytest
from sympy import Basic, Product, S, Sum, Symbol, exp, log

from derive.errors import DerivationError, SortError
from derive.rulebook import Abstraction, Condition, Family, load_rulebook
from derive.terms import (
    Density,
    Disjoint,
    Equal,
    Exists,
    Expectation,
    Greater,
    Identity,
    Independent,
    IndexFacts,
    Inner,
    Integral,
    Law,
    LessEqual,
    Norm,
    Normal,
    PositiveDefinite,
    Run,
    Unequal,
    Variable,
    alpha_equal,
    free_variables,
    vector,
)

BOOK = load_rulebook()
d, t, T, n = Symbol("d"), Symbol("t"), Symbol("T"), Symbol("n")
a, v, w = Symbol("a"), Symbol("v"), Symbol("w")
q, p = Law("q"), Law("p")
SECOND = IndexFacts().known(t - 2)


def x(index: object) -> Variable:
    return Variable("x", vector(d), index)


def vec(name: str) -> Variable:
    return Variable(name, vector(d))


def stated(conditions: tuple[Condition, ...], kind: str = "when") -> list[object]:
    return [condition.statement for condition in conditions if condition.kind == kind]


def test_bayes_with_any_context() -> None:
    made = BOOK["bayes"].instantiate({"p": q, "A": (x(t - 1),), "B": (x(t),), "C": (x(0),)}, SECOND)
    assert made.lhs == Density(q, [x(t - 1)], [x(t), x(0)])
    assert made.rhs == (
        Density(q, [x(t)], [x(t - 1), x(0)]) * Density(q, [x(t - 1)], [x(0)]) / Density(q, [x(t)], [x(0)])
    )
    assert made.relation == "="
    evidence, prior = Density(q, [x(t)], [x(0)]), Density(q, [x(t - 1)], [x(0)])
    assert stated(made.conditions) == [Greater(evidence, 0), Greater(prior, 0)]
    assert not stated(made.conditions, "disjoint")


def test_without_a_range_the_variables_may_coincide_and_that_is_a_condition() -> None:
    made = BOOK["bayes"].instantiate({"p": q, "A": (x(t - 1),), "B": (x(t),), "C": (x(0),)})
    found = stated(made.conditions, "disjoint")
    assert Disjoint([x(t - 1)], [x(0)]) in found and Disjoint([x(t)], [x(0)]) in found
    assert Disjoint([x(t - 1)], [x(t)]) not in found


def test_an_empty_context_is_no_context() -> None:
    made = BOOK["product-rule"].instantiate({"p": p, "A": (vec("x"),), "B": (vec("y"),), "C": ()})
    assert made.statement == Equal(
        Density(p, [vec("x"), vec("y")]), Density(p, [vec("x")], [vec("y")]) * Density(p, [vec("y")])
    )


def test_a_density_is_taken_at_the_points_given() -> None:
    made = BOOK["product-rule"].instantiate({"p": p, "A": ((vec("x"), vec("u")),), "B": (vec("y"),), "C": ()})
    assert made.rhs == Density(p, [(vec("x"), vec("u"))], [vec("y")]) * Density(p, [vec("y")])


def test_the_chain_rule_over_a_run_with_the_range_of_its_index() -> None:
    made = BOOK["chain-rule"].instantiate({"p": q, "x": Family("x", vector(d)), "m": 1, "n": T, "C": (x(0),)})
    s = Symbol("s")
    assert made.lhs == Density(q, [Run("x", vector(d), 1, T)], [x(0)])
    assert alpha_equal(
        made.rhs, Product(Density(q, [x(s)], [Run("x", vector(d), 1, s - 1), x(0)]), (s, 1, T))
    )


def test_a_condition_on_a_bound_index_comes_with_its_range() -> None:
    made = BOOK["forward-factorization"].instantiate({"p": q, "x": Family("x", vector(d)), "m": 0, "n": T})
    (markov,) = [c for c in made.conditions if isinstance(c.statement, Independent)]
    (index,) = markov.bound
    assert markov.statement == Independent([x(index)], [Run("x", vector(d), 0, index - 2)], [x(index - 1)])
    assert markov.facts == (LessEqual(S.One, index), LessEqual(index, T))
    assert markov.law == q


def test_a_linear_gaussian_in_every_dimension_and_on_the_line() -> None:
    rule = BOOK["linear-gaussian-marginal"]
    given = {"x": vec("x"), "a": a, "b": 0, "v": v, "m": vec("m"), "w": w, "y": vec("y")}
    made = rule.instantiate(given)
    assert made.lhs == Integral(
        Normal(vec("x"), a * vec("y"), v * Identity(d)) * Normal(vec("y"), vec("m"), w * Identity(d)), vec("y")
    )
    assert made.rhs == Normal(vec("x"), a * vec("m"), (a**2 * w + v) * Identity(d))
    line = rule.instantiate({"x": Symbol("x"), "a": a, "b": 0, "v": v, "m": Symbol("m"), "w": w, "y": Symbol("y")})
    assert line.rhs == Normal(Symbol("x"), a * Symbol("m"), a**2 * w + v)


def test_on_the_line_a_gaussian_has_the_textbook_formula() -> None:
    """PRML eq. (1.46), at a point, since the root may be written in several ways."""
    made = BOOK["normal-density"].instantiate({"x": Symbol("x"), r"\mu": Symbol("m"), "v": v})
    assert made.lhs == Normal(Symbol("x"), Symbol("m"), v)
    number = made.rhs.subs({Symbol("x"): 3, Symbol("m"): 1, v: 2})
    assert float(number) == pytest.approx(math.exp(-1) / math.sqrt(4 * math.pi))


def test_sizes_must_agree() -> None:
    with pytest.raises(SortError, match="sizes do not fit"):
        BOOK["normal-density"].instantiate({"x": vec("x"), r"\mu": Variable("m", vector(n)), "v": v})


def test_a_sort_must_fit() -> None:
    with pytest.raises(SortError):
        BOOK["normal-density"].instantiate({"x": vec("x"), r"\mu": vec("m"), "v": vec("v")})


def test_no_logarithm_of_a_vector_and_no_product_of_vectors() -> None:
    whole = Abstraction((vec("x"),), vec("x"))
    with pytest.raises(SortError):
        BOOK["jensen-log"].instantiate({"p": p, "A": (vec("x"),), "C": (), "f": whole})
    with pytest.raises(SortError):
        BOOK["expectation-product"].instantiate(
            {"p": p, "A": (vec("x"),), "B": (vec("y"),), "C": (), "f": whole, "g": Abstraction((vec("y"),), vec("y"))}
        )


def test_an_expectation_of_vectors_is_linear_too() -> None:
    made = BOOK["expectation-constant-factor"].instantiate(
        {"p": p, "A": (vec("x"),), "C": (), "a": a, "f": Abstraction((vec("x"),), vec("x"))}
    )
    assert made.rhs == a * Expectation(vec("x"), Density(p, [vec("x")]))


def test_nothing_is_captured_by_an_integral() -> None:
    """∫ x f(x′) dx′ = x ∫ f: the constant named like the variable of integration keeps its meaning."""
    y = Symbol("y")
    made = BOOK["integral-constant-factor"].instantiate(
        {"a": y, "A": (y,), "f": Abstraction((y,), y**2)}
    )
    assert isinstance(made.lhs, Integral)
    (inner,) = made.lhs.bound
    assert inner != y and made.lhs.body == y * inner**2
    assert alpha_equal(made.rhs, y * Integral(y**2, y))


def test_nothing_is_captured_by_a_sum() -> None:
    k = Symbol("k")
    made = BOOK["sum-constant-factor"].instantiate(
        {"m": 1, "n": n, "c": k, "f": Abstraction((k,), k**2), "k": k}
    )
    assert alpha_equal(made.rhs, k * Sum(Symbol("j") ** 2, (Symbol("j"), 1, n)))
    assert k in free_variables(made.lhs)


def test_a_split_keeps_its_range() -> None:
    k = Symbol("k")
    made = BOOK["sum-split-last"].instantiate({"m": 1, "n": T, "f": Abstraction((k,), log(k))})
    assert alpha_equal(made.rhs, Sum(log(k), (k, 1, T - 1)) + log(T))
    assert stated(made.conditions) == [LessEqual(1, T)]


def test_a_density_may_stand_for_a_law() -> None:
    gaussian = Abstraction((vec("x"),), Normal(vec("x"), vec("m"), v * Identity(d)))
    made = BOOK["expectation-definition"].instantiate(
        {"p": gaussian, "A": (vec("x"),), "f": Abstraction((vec("x"),), Norm(vec("x")) ** 2)}
    )
    normal = Normal(vec("x"), vec("m"), v * Identity(d))
    assert made.lhs == Expectation(Norm(vec("x")) ** 2, normal)
    assert made.rhs == Integral(normal * Norm(vec("x")) ** 2, vec("x"))
    assert stated(made.conditions) == [Exists(made.rhs)]
    assert stated(made.conditions, "defined") == [PositiveDefinite(v * Identity(d))]


@pytest.mark.parametrize(
    "body",
    [
        5 * Norm(vec("x")) ** 2,
        2 * Normal(vec("x"), vec("m"), Identity(d)),
        Normal(vec("m"), vec("x"), Identity(d)),
        Normal(vec("x"), vec("x") / 2, Identity(d)),
        Density(p, [vec("m")], [vec("x")]),
    ],
)
def test_what_is_no_density_by_its_form_stands_for_no_law(body: Basic) -> None:
    """∫ 5‖x‖² dx is not 1, and as a function of its mean a Gaussian is a density by luck only."""
    with pytest.raises(DerivationError, match="cannot stand for p"):
        BOOK["normalization"].instantiate({"p": Abstraction((vec("x"),), body), "A": (vec("x"),)})


def test_a_proportionality_refuses_constants_that_vary() -> None:
    rule = BOOK["gaussian-from-quadratic"]
    good = rule.instantiate({"x": vec("x"), "a": a, "b": vec("b"), "c": Symbol("c")})
    assert good.lhs == exp(-a / 2 * Norm(vec("x")) ** 2 + Inner(vec("b"), vec("x")) + Symbol("c"))
    with pytest.raises(DerivationError, match="may depend on it"):
        rule.instantiate({"x": vec("x"), "a": a, "b": vec("b"), "c": Norm(vec("x")) ** 4})


def test_what_is_missing_or_unknown_is_named() -> None:
    with pytest.raises(DerivationError, match="needs B"):
        BOOK["product-rule"].instantiate({"p": p, "A": (vec("x"),), "C": ()})
    with pytest.raises(DerivationError, match="has no 'Z'"):
        BOOK["product-rule"].instantiate({"p": p, "A": (), "B": (), "C": (), "Z": ()})
    with pytest.raises(DerivationError, match="cannot stand for p"):
        BOOK["product-rule"].instantiate({"p": Symbol("x"), "A": (), "B": (), "C": ()})


def test_what_the_formula_divides_by_is_a_condition() -> None:
    """The denominator a of the vertex form, collected from the text, is what its `when` says already."""
    made = BOOK["vertex-form"].instantiate({"x": vec("x"), "a": a, "b": vec("b"), "c": 0})
    assert stated(made.conditions) == [Unequal(a, 0)]
    assert not stated(made.conditions, "defined")
