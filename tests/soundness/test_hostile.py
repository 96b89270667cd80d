"""Steps that nobody finds by search and a hostile certificate may hold: each would prove what is false."""

from __future__ import annotations

import json

import pytest
from sympy import I, Integer, Rational, Sum, Symbol, asin, log, oo, sqrt, symbols

from derive import certificates, kernel
from derive.errors import DeriveError, KernelRefusal
from derive.grounds.context import Context, Given
from derive.models import Line, compile_model
from derive.rulebook import Abstraction, load_rulebook
from derive.terms import (
    SCALAR,
    Application,
    Density,
    Equal,
    Expectation,
    Greater,
    GreaterEqual,
    Identity,
    Inner,
    Law,
    Norm,
    Normal,
    Ones,
    Run,
    Trace,
    Variable,
    matrix,
    squared_norm,
    to_json,
    vector,
)

RULES = load_rulebook()
a, b, d, k, n, t, x, y, z = symbols("a b d k n t x y z")
half, one, two = Rational(1, 2), Integer(1), Integer(2)
p, q = Law("p"), Law("q")
u, v = (Variable(name, vector(d)) for name in "uv")


def f(*arguments):
    return Application("f", SCALAR, (), *arguments)


def s(index):
    return Variable("s", SCALAR, index)


def run(low, high):
    return Run("s", SCALAR, low, high)


def context(*given, terms=(), model=(), universal=()):
    """A context with these hypotheses, the first of them universal in some names."""
    made = Context.of(compile_model([Line(statement) for statement in model]), given[bool(universal):], terms)
    return made.assuming(Given(given[0], frozenset(universal))) if universal else made


def algebra(start, *lines, where=None):
    """A chain by algebra; the round trip through JSON is part of it."""
    where = where or context(terms=(start,))
    steps, current = [], start
    for line in lines:
        steps.append(kernel.by_algebra(current, (), line, where))
        current = line
    return checked(kernel.chain(start, steps, where))


def by_rule(start, name, values, where=None, path=()):
    where = where or context(terms=(start,))
    return checked(kernel.chain(start, [kernel.by_rule(start, path, RULES[name], values, where)], where))


def written(theorem):
    """The certificate, as a file would hold it."""
    return json.loads(json.dumps(certificates.certificate(theorem)))


def checked(theorem):
    return certificates.check(written(theorem), RULES)


def square_is_positive(start, value):
    """start = value² ≥ 0, where SymPy works the square out while it builds."""
    return by_rule(start, "square-nonnegative", {"x": value})


# ---- numbers and sizes that are none -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", [I, sqrt(-1 - a**2), log(Integer(-1)), (-1) ** half * a, asin(2), (-1) ** b, oo, I * u]
)
def test_a_square_of_what_is_no_real_number(value):
    """The trap: −1 = i² ≥ 0, and ((−1)^b)² = (−1)^{2b}, which is −1 for b = ½."""
    with pytest.raises(DeriveError):
        square_is_positive(squared_norm(value), value)


def test_a_square_of_a_whole_power():
    """(−1)^{2n} ≥ 0 for a whole n."""
    start = s(n) * 0 + ((-1) ** n) ** 2
    where = context(terms=(s(n),))
    step = kernel.by_rule(start, (), RULES["square-nonnegative"], {"x": (-1) ** n}, where)
    assert not step.obligations


@pytest.mark.parametrize("size", [a, Integer(-1), half, Integer(0)])
def test_a_vector_of_a_ones(size):
    """The trap: a = ‖𝟏‖² ≥ 0 for a vector of a ones, and of −1."""
    where = context(terms=(size,))
    with pytest.raises(DeriveError):
        ones = Ones(size)
        steps = [
            kernel.by_algebra(size, (), squared_norm(ones), where),
            kernel.by_rule(squared_norm(ones), (), RULES["square-nonnegative"], {"x": ones}, where),
        ]
        checked(kernel.chain(size, steps, where))


def test_a_size_that_is_stated():
    """‖𝟏‖² = n for n ones: the statement itself says that n is a size."""
    assert algebra(squared_norm(Ones(n)), n).statement == Equal(squared_norm(Ones(n)), n)
    assert Trace(Identity(n)) == n


def test_sums_over_no_whole_number_of_terms():
    """The trap: a/2 = Σ_{k=1}^{1/2} a, and a n = Σ_{k=1}^n a where n is any number."""
    with pytest.raises(KernelRefusal):
        algebra(Sum(a, (k, 1, half)), a / 2)
    where = context(Greater(n, 0), terms=(a * n,))
    with pytest.raises(KernelRefusal):
        algebra(a * n, Sum(a, (k, 1, n)), a * n, where=where)


# ---- positions -----------------------------------------------------------------------------------------------------


def test_a_path_ends_at_a_set_of_terms():
    """The trap: x + 2 y z = x, where the path goes on into the part that the set picks."""
    term = x + 2 * y * z
    where = context(terms=(term,))
    for path in (((0, 1), 0), ((0, 0),), ((-1, 1),), ((),), (-1,)):
        with pytest.raises(DeriveError):
            kernel.by_algebra(term, path, x, where)
    good = written(kernel.chain(term, [kernel.by_algebra(term, (0,), x, where)], where))
    for path in ([True], ["0"], [0.0], [[True]], [None]):
        good["theorem"]["steps"][0]["path"] = path
        with pytest.raises(DeriveError):
            certificates.check(good, RULES)


# ---- sets of variables ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("high", [n, Integer(5)])
def test_runs_that_go_backwards(high):
    """The trap: x_{1:5} and x_{6:2} are x_{1:2} together, so that a mean over x_1, x_2 would be one over all five."""
    first, rest = run(one, high), run(high + 1, two)
    where = context(GreaterEqual(n, 5), terms=(first,))
    start = Expectation(f(first), Density(p, [s(one), s(two)]))
    values = {"p": p, "A": (first,), "B": (rest,), "C": (), "f": Abstraction((first,), f(first))}
    with pytest.raises(DeriveError):
        by_rule(start, "drop-variables", values, where)


def test_a_variable_at_two_points():
    """The trap: ∫∫ p(x, x = y) dx dy = 1."""
    from derive.terms import Integral

    start = Integral(Density(p, [x, (x, y)]), x, y)
    with pytest.raises(DeriveError):
        by_rule(start, "normalization", {"p": p, "A": ((x, x), (x, y)), "C": ()})


# ---- statements at other values ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("of", "at"), [(u, x), (u, Variable("w", vector(n))), (u, Variable("A", matrix(d))), (x, u)])
def test_a_hypothesis_about_another_sort(of, at):
    """The trap: f(u) = f(u) + … for every u of R^d, used for a number, a matrix, a vector of another size."""
    known = Equal(f(of), 3)
    where = context(known, terms=(f(at),), universal=(of,))
    with pytest.raises(KernelRefusal):
        kernel.by_given(f(at), (), 0, {of: at}, where)


def test_a_theorem_about_another_size():
    """The trap: (uᵀv)² = ‖u‖² ‖v‖² on the line, used in R^n."""
    known = Equal(Inner(u, v) ** 2, Norm(u) ** 2 * Norm(v) ** 2)
    other = {u: Variable("a", vector(n)), v: Variable("b", vector(n))}
    start = Inner(other[u], other[v]) ** 2
    where = context(known, Equal(d, 1), terms=(start, u), universal=(u, v))
    place = next(number for number, given in enumerate(where.given) if given.universal)
    with pytest.raises(KernelRefusal):
        kernel.by_given(start, (), place, other, where)


def test_an_index_is_whole():
    """The trap: s_t = t for t = 0, 1, 2, …, used at ½."""
    model = compile_model([Line(Equal(s(t), s(t - 1) + 1)), Line(Equal(s(Integer(0)), Integer(0)))])
    where = Context.of(model, [GreaterEqual(t, 1)], [s(t)]).assuming(Given(Equal(s(t - 1), t - 1)))
    step = kernel.chain(s(t), [kernel.by_algebra(s(t), (), t, where)], where)
    start = Context.of(model, [], [s(t)])
    base = kernel.chain(s(Integer(0)), [kernel.by_algebra(s(Integer(0)), (), Integer(0), start)], start)
    theorem = kernel.induction(base, step, t, 0)
    here = Context.of(model, [], [s(half)])
    assert kernel.by_result(s(Integer(3)), (), theorem, {t: Integer(3)}, here, name="lemma").after == 3
    with pytest.raises(KernelRefusal):
        kernel.by_result(s(half), (), theorem, {t: half}, here, name="lemma")


def test_roots_of_negative_numbers_in_earlier_results():
    """The trap: x² ≥ 0 for every x, at x := √(−1 − a²), and f(x) = x² there."""
    where = context(terms=(x,))
    theorem = kernel.chain(x**2, [kernel.by_rule(x**2, (), RULES["square-nonnegative"], {"x": x}, where)], where)
    with pytest.raises(KernelRefusal):
        kernel.by_result(-1 - a**2, (), theorem, {x: sqrt(-1 - a**2)}, context(terms=(a,)), name="lemma")
    step = kernel.by_result((1 + a**2), (), theorem, {x: sqrt(1 + a**2)}, context(terms=(a,)), name="lemma")
    assert step.relation == ">=" and not step.obligations


def test_a_point_is_not_caught_below_a_binder():
    """The trap: ∇_y E_{p(y)}[f(y, θ)] at θ = y, whose y would stand below the mean over y on the other side."""
    w, v_ = symbols("w v")
    values = {"\\theta": y, "A": (y,), "C": (), "p": p, "f": Abstraction((w, v_), f(w, v_))}
    from derive.terms import Gradient, free_variables
    from derive.terms.binding import NO_FACTS

    made = RULES["gradient-inside"].instantiate(values, NO_FACTS)
    assert isinstance(made.lhs, Gradient) and y in free_variables(made.lhs) and y in free_variables(made.rhs)
    vectors = RULES["change-of-variables"].instantiate({"a": -one, "b": 0, "f": Abstraction((w,), f(w, x))}, NO_FACTS)
    assert x.name not in {item.name for item in vectors.lhs.bound}  # a vector x beside the number x reads like it


# ---- proportions ---------------------------------------------------------------------------------------------------


def test_a_proportion_in_what_is_no_variable():
    """The trap: x y ∝ y in e^x, of which x is said not to depend."""
    where = context(Greater(x, 0), terms=(x,))
    for wrong in (f(x), x + 1, 2**x):
        with pytest.raises(KernelRefusal):
            kernel.by_proportion(x * y, y, x, frozenset({wrong}), where)


def test_normalising_needs_a_continuous_variable():
    """The trap: p(x) = a N(x; 0, 1) on the whole numbers, hence p(x) = N(x; 0, 1)."""
    density, normal = Density(p, [x]), Normal(x, 0, 1)
    where = context(Greater(a, 0), terms=(density,), model=(Equal(density, a * normal),))
    law = kernel.by_law(density, (), 0, {}, where)
    dropped = kernel.by_proportion(law.after, normal, a, frozenset({x}), where)
    theorem = kernel.normalise(kernel.chain(density, [law, dropped], where))
    assert theorem.obligations


# ---- what stands in a file -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("term", [I, oo, Sum(x, (x, 1, 3)) * 0 + sqrt(-2), Ones(half), Identity(Integer(0))])
def test_terms_that_mean_nothing(term):
    """In a model, in a hypothesis, as what a theorem begins with."""
    where = context(Equal(x, 1), terms=(x,), model=(Equal(y, two),))
    data = written(kernel.chain(x, [kernel.by_given(x, (), 0, {}, where)], where))
    wrong = to_json(Norm(term) if isinstance(term, Ones) else term)
    for place in (data["models"][0]["statements"][0][0], data["theorem"]["given"][0][0], data["theorem"]["statement"]):
        kept = place[2]
        place[2] = wrong
        with pytest.raises(DeriveError):
            certificates.check(data, RULES)
        place[2] = kept
    assert certificates.check(data, RULES)


def test_a_name_is_no_number():
    """The trap: 1 = 0, said of a symbol that is called 1."""
    for name in ("1", "0 ", "x = 1", "+", "_"):
        one_ = Symbol(name)
        where = context(Equal(one_, 0), terms=(one_,))
        with pytest.raises(DeriveError):
            checked(kernel.chain(one_, [kernel.by_given(one_, (), 0, {}, where)], where))


def test_a_report_says_what_a_certificate_assumes(tmp_path):
    """f(3) = 9 beside the hypothesis that makes it so, for every x; 4 beside the model's a = 3; u ∈ R^d."""
    from derive.verification import verify_certificate

    where = context(Equal(f(x), x**2), terms=(f(x), u), universal=(x,), model=(Equal(a, Integer(3)),))
    start = f(Integer(3)) + a + Norm(u)
    steps = [kernel.by_given(start, (start.args.index(f(Integer(3))),), 0, {x: Integer(3)}, where)]
    steps.append(kernel.by_algebra(steps[0].after, (), 12 + Norm(u), where))
    file = tmp_path / "found.json"
    file.write_text(json.dumps(written(kernel.chain(start, steps, where))), encoding="utf-8")
    found = verify_certificate(str(file))
    assert found.holds and found.given == ["f(x) = x² for every x"]
    assert found.model == ["a = 3", "u ∈ ℝᵈ"]


def test_a_name_is_of_one_sort():
    """The trap: b ≠ 0 for a number b, read as said of the vector b."""
    vector_b = Variable("b", vector(d))
    for given in (Equal(b, 1), Greater(b, 0)):
        where = context(given, terms=(Norm(vector_b), b))
        with pytest.raises(DeriveError):
            checked(kernel.chain(Norm(vector_b), [], where))
    assert checked(kernel.chain(Norm(vector_b), [], context(Greater(a, 0), terms=(vector_b, a))))
