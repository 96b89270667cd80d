"""Particular equations and bound variables; what a position does to a relation."""

from __future__ import annotations

import itertools
import random

import pytest
from sympy import Abs, Add, Integer, Mul, Sum, Symbol, Tuple, log, symbols

from derive import kernel
from derive.errors import KernelRefusal
from derive.grounds.context import Context, Given
from derive.models import Line, compile_model
from derive.rulebook import load_rulebook
from derive.terms import (
    Density,
    Equal,
    Expectation,
    Gradient,
    GreaterEqual,
    Integral,
    Law,
    LessEqual,
    Proportional,
    alpha_equal,
    substitute,
)
from derive.terms.statements import Greater
from tests.soundness.claims import status

x, y, z, a, b, k, n, mu = symbols("x y z a b k n mu")
q = Density(Law("q"), [x])


def under(*givens):
    """A context in which the statements are hypotheses."""
    return Context.of(compile_model([])).assuming(*(Given(given) for given in givens))


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"\frac{\partial}{\partial \mu} \mu^2 = 0", [r"\mu = 1"]),
        (r"\mathbb{E}_{q(x)}[x] = 1", [r"x = 1"]),
        (r"\sum_{k=1}^{n} k = n", [r"k = 1"]),
        (r"\int q(x)\, x \,dx = 2", [r"x = 2"]),
        (r"\left.\frac{\partial}{\partial x} |x| \right|_{x = -1} = 1", [r"x > 0"]),
    ],
)
def test_particular_givens_below_a_binder(claim, given):
    """The trap: from μ = 1, ∂μ²/∂μ = 0."""
    assert status(claim, *given) == "refuted"


@pytest.mark.parametrize(
    ("term", "path"),
    [
        (Gradient(x**2, x), (0, 0)),
        (Expectation(x * y, q), (0, 0)),
        (Integral(q * x, x), (0, 1)),
        (Sum(x * k, (x, 1, 3)), (0, 1)),
    ],
)
def test_the_kernel_refuses_them(term, path):
    """A hypothesis about a variable is not there where that variable is bound."""
    from derive.terms import at

    where = under(Equal(x, Integer(1)))
    assert where.at(term, path).given == ()
    if at(term, path) == x:
        with pytest.raises(KernelRefusal):
            kernel.by_given(term, path, 0, {}, where)
    with pytest.raises(KernelRefusal):
        kernel.by_algebra(term, path, Integer(1), where)


def test_a_derivative_at_another_point():
    """The trap: |x| is x for x > 0, and its derivative at −1 is −1."""
    model = compile_model([Line(Greater(x, 0))])
    where = Context.of(model)
    assert kernel.by_algebra(Gradient(Abs(x), x), (0,), x, where).after == Gradient(x, x)
    with pytest.raises(KernelRefusal):
        kernel.by_algebra(Gradient(Abs(x), x, Integer(-1)), (0,), x, where)


def step_up(term, path):
    """log E_q[exp f] ≥ E_q[f], as a step at a position of a term."""
    rule = load_rulebook()["jensen-log"]
    from derive.rulebook import Abstraction

    values = {"p": Law("q"), "A": (x,), "C": (), "f": Abstraction((x,), x**2 + 1)}
    return kernel.by_rule(term, path, rule, values, Context.of(compile_model([])), backward=True)


def test_an_inequality_at_a_position():
    """It keeps its sense in sums, turns below a minus, and is refused beside a factor of unknown sign."""
    left = log(Expectation(x**2 + 1, q))
    assert step_up(left, ()).relation == ">="
    assert step_up(Add(left, y), _at(Add(left, y), left)).relation == ">="
    assert step_up(Mul(-2, left), _at(Mul(-2, left), left)).relation == "<="
    for term in (Mul(y, left), 1 / left, left**2, Abs(left), Gradient(Mul(y, left), y)):
        with pytest.raises(KernelRefusal):
            step_up(term, _at(term, left))
    wrong = Integral(Mul(left, y**2), Tuple(y, Integer(1), Integer(0)))
    with pytest.raises(KernelRefusal):
        step_up(wrong, _at(wrong, left))


def _at(term, wanted):
    from derive.terms.positions import occurrences

    return next(iter(occurrences(term, wanted)))


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"\frac{1}{a} \le \frac{1}{b}", [r"b \le a"]),
        (r"a c \le b c", [r"a \le b"]),
        (r"a^2 \le b^2", [r"a \le b"]),
        (r"-a \le -b", [r"a \le b"]),
        (r"|a| \le |b|", [r"a \le b"]),
        (r"a - c \le b - d", [r"a \le b", r"c \le d"]),
    ],
)
def test_inequalities_that_turn(claim, given):
    """Denominators, factors, squares, differences."""
    assert status(claim, *given) == "refuted"


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"\frac{1}{a} \le \frac{1}{b}", [r"b \le a", r"b > 0"]),
        (r"a c \le b c", [r"a \le b", r"c \ge 0"]),
        (r"-b \le -a", [r"a \le b"]),
    ],
)
def test_and_where_they_do_not(claim, given):
    """The same with the sign that is needed."""
    assert status(claim, *given) != "refuted"


def test_a_proportionality_keeps_its_variables():
    """∝ drops factors without the variable only; a chain is in the variables that all its steps share."""
    where = under()
    with pytest.raises(KernelRefusal):
        kernel.by_proportion(x * y, y, x, frozenset({x}), where)
    first = kernel.by_proportion(2 * x * y, x * y, Integer(2), frozenset({x, y}), where)
    second = kernel.by_proportion(x * y, x, y, frozenset({x}), where)
    found = kernel.chain(2 * x * y, [first, second], where)
    assert found.statement == Proportional(2 * x * y, x, (x,))
    assert Greater(y, 0) in found.obligations
    with pytest.raises(KernelRefusal):
        kernel.normalise(found)


def test_relations_compose():
    """A ≤ after a ≥ is no relation, nor is ∝ after ≤."""
    left = log(Expectation(x**2 + 1, q))
    up = step_up(left, ())
    down = step_up(Mul(-1, left), _at(Mul(-1, left), left))
    where = Context.of(compile_model([]))
    assert isinstance(kernel.chain(left, [up], where).statement, GreaterEqual)
    assert isinstance(kernel.chain(-left, [down], where).statement, LessEqual)
    half = kernel.by_proportion(up.after, up.after / 2, Integer(2), frozenset({y}), where)
    with pytest.raises(KernelRefusal):
        kernel.chain(left, [up, half], where)


def test_substitution_against_numbers():
    """Random nests of sums: substituting and then summing is summing with the value put in."""
    rng = random.Random(3)
    names = [Symbol(name) for name in "ijk"]
    free = [Symbol(name) for name in "uv"]

    def drawn(depth, bound):
        if depth == 0:
            return rng.choice([*bound, *free, *names]) * rng.randint(1, 3) + rng.choice([*bound, *free])
        index = rng.choice(names)
        return Sum(drawn(depth - 1, [*bound, index]) * rng.choice([*free, *names]), (index, 1, rng.randint(1, 3)))

    for _ in range(60):
        term, key = drawn(rng.randint(1, 3), []), rng.choice([*free, *names])
        value = rng.choice([*free, *names]) + rng.randint(0, 2)
        moved = substitute(term, {key: value})
        for numbers in itertools.product((1, 2), repeat=2):
            point = {name: rng.randint(1, 4) for name in names} | dict(zip(free, numbers, strict=True))
            assert _sum(moved, point) == _sum(term, {**point, key: _sum(value, point)}), (term, key, value)
        assert alpha_equal(term, substitute(term, {key: key}))


def _sum(term, point):
    """The value of a sum, a product or a number, by its definition."""
    if isinstance(term, Sum):
        index, low, high = term.limits[-1]
        body = term.function if len(term.limits) == 1 else Sum(term.function, *term.limits[:-1])
        numbers = range(_sum(low, point), _sum(high, point) + 1)
        return sum(_sum(body, {**point, index: number}) for number in numbers)
    if isinstance(term, Symbol):
        return point[term]
    if term.is_Integer:
        return int(term)
    values = [_sum(argument, point) for argument in term.args]
    if isinstance(term, Add):
        return sum(values)
    if isinstance(term, Mul):
        result = 1
        for value in values:
            result *= value
        return result
    return values[0] ** values[1]


def test_an_integral_with_limits_is_no_pattern_for_one_without():
    """What is said of d/dt of an integral from 0 to t is not tried on an integral over a variable."""
    mean = r"\int \mathcal{N}(x; \mu, v I) \mu \,dx"
    slope = r"v \nabla_\mu \int \mathcal{N}(x; \mu, v I) \,dx"
    given = (r"v > 0", r"x \in \mathbb{R}^d", r"\mu \in \mathbb{R}^d")
    assert status(rf"{mean.replace('v I', '(1 - v) I')} + {slope} = {mean} + v \nabla_\mu 1", *given) != "proved"
