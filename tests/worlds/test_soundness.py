"""The traps: what must not be refuted though it is true, and what must be though a careless world would pass it."""

import ast
from pathlib import Path

import pytest
import sympy
from flint import fmpq
from sympy import Integer, Product, Sum, Symbol, log, sqrt, symbols

import derive
import derive.terms
import derive.worlds
from derive.terms import (
    KL,
    SCALAR,
    VARIABLES,
    Application,
    Density,
    Entropy,
    Expectation,
    Gradient,
    Identity,
    Independent,
    Inner,
    Integral,
    Law,
    Norm,
    Normal,
    Run,
    Variable,
    vector,
)
from derive.terms.regularity import AlmostSurely, ForEvery
from derive.terms.statements import Equal, Greater, GreaterEqual, Less, LessEqual, Proportional
from derive.worlds import NotExercised, Setting, Undefined, holds, lebesgue_safe, try_statement, worlds
from derive.worlds.meaning import meaning_of
from derive.worlds.trial import build

d, t, T, k, n, r = symbols("d t T k n r")
a, b, c, u = symbols("a b c u")
R = vector(d)
p, q = Law("p"), Law("q")
x = lambda index: Variable("x", R, index)  # noqa: E731
X = lambda index: Variable("X", SCALAR, index)  # noqa: E731
A, B, C = (Variable(name, VARIABLES) for name in "ABC")


def world_at(kind, term, setting=None, **indices):
    """A world with these indices, and random points."""
    equations = [Equal(Symbol(name), value) for name, value in indices.items()]
    chosen = (setting or Setting()).assuming(*equations)
    return build(kind, chosen, (term,), "seed", 1)


# ---- binders and indices ------------------------------------------------------------------------------------------


def test_a_bound_variable_that_is_a_free_one_at_some_index_has_no_value():
    """E over x_{t-1} of f(x_{t-1}, x_0) captures x_0 at t = 1."""
    body = Application("f", SCALAR, (), X(t - 1), X(0))
    term = Expectation(body, Density(q, [X(t - 1)]))
    for kind in ("finite", "gaussian"):
        with pytest.raises(Undefined, match="free variable of the body"):
            world_at(kind, term, t=1).value(term)
        assert world_at(kind, term, t=2).value(term) is not None


def test_two_bound_variables_that_coincide_have_no_value():
    term = Integral(Density(q, [X(t - 1), X(0)]), X(t - 1), X(0))
    with pytest.raises(Undefined):
        world_at("gaussian", term, t=1).value(term)
    assert world_at("gaussian", term, t=2).value(term) == 1


def test_a_variable_given_itself_has_no_lebesgue_density():
    term = Density(q, [X(t - 1)], [X(t), X(0)])
    with pytest.raises(Undefined, match="twice"):
        world_at("gaussian", term, t=1).value(term)
    counted = world_at("finite", term, Setting(measure="counting"), t=1)
    values = {("X", (0,)): fmpq(0), ("X", (1,)): fmpq(1)}
    counted.point = values
    assert counted.value(term) == 1  # q(x_0 | x_1, x_0) at one and the same x_0


def test_empty_ranges():
    f = Application("f", SCALAR, (), k)
    for kind in ("finite", "gaussian"):
        assert world_at(kind, Sum(f, (k, 2, T)), T=1).value(Sum(f, (k, 2, T))) == 0
        assert world_at(kind, Product(f, (k, 2, T)), T=1).value(Product(f, (k, 2, T))) == 1
        run = Run("X", SCALAR, 2, T)
        assert world_at(kind, Density(q, [run]), T=1).value(Density(q, [run])) == 1
        with pytest.raises(Undefined):
            world_at(kind, Density(q, [Run("X", SCALAR, 3, T)]), T=1).value(Density(q, [Run("X", SCALAR, 3, T)]))


def test_a_split_needs_its_range():
    f = Application("f", SCALAR, (), k)
    split = Equal(Sum(f, (k, 1, T)), f_at(1) + Sum(f, (k, 2, T)))
    assert try_statement(split, Setting(assumptions=(GreaterEqual(T, 1),)), count=20).held["finite"] == 20
    assert try_statement(split, Setting(assumptions=(GreaterEqual(T, 0),)), count=40).refuted


def f_at(index):
    return Application("f", SCALAR, (), Integer(index))


def test_indices_vary_and_keep_their_order():
    seen = set()
    claim = Equal(Density(q, [X(t)], [X(t - 1)]), 0)
    setting = Setting(assumptions=(GreaterEqual(t, 2), LessEqual(t, T)), indices=frozenset((t, T)))
    for world in worlds(setting, claim, count=40, kinds=("finite",)):
        seen.add((world.indices["t"], world.indices.get("T")))
    assert any(t0 >= 3 for t0, _ in seen) and (2, 2) in seen and any(t0 == T0 >= 3 for t0, T0 in seen)
    assert all(2 <= t0 <= T0 for t0, T0 in seen)


def test_a_factorization_reaches_the_variables_that_are_spoken_of():
    factorization = Equal(
        Density(q, [Run("X", SCALAR, 1, T)], [X(0)]), Product(Density(q, [X(t)], [X(t - 1)]), (t, 1, T))
    )
    markov = Equal(Density(q, [X(t)], [X(t - 1), X(0)]), Density(q, [X(t)], [X(t - 1)]))
    setting = Setting(factorizations=(factorization,), assumptions=(GreaterEqual(t, 2),))
    trial = try_statement(markov, setting, count=20)
    assert trial.held["finite"] == 20 and trial.held["gaussian"] == 20
    backward = Equal(Density(q, [X(t - 1)], [X(t), X(0)]), Density(q, [X(t - 1)], [X(t)]))
    assert try_statement(backward, setting, count=20).refuted


# ---- measures -----------------------------------------------------------------------------------------------------


def test_counted_values_say_nothing_of_densities_on_the_line():
    below_one = LessEqual(Density(p, [u]), 1)
    entropy = GreaterEqual(Entropy(Density(p, [u]), [u]), 0)
    for claim in (below_one, entropy):
        assert try_statement(claim, Setting(measure="counting"), count=60).held["finite"] == 60
        assert try_statement(claim, Setting(measure="lebesgue"), count=60).refuted
    thinner = Equal(Density(p, [Symbol("y")]), Density(p, [(u, (Symbol("y") - b) / a)]) / sympy.Abs(a))
    coupling = AlmostSurely(Equal(Symbol("y"), a * u + b), Density(p, [u, Symbol("y")]))
    setting = Setting(assumptions=(coupling, Greater(a, 0)))
    assert not try_statement(thinner, setting, count=20).refuted
    assert try_statement(thinner, Setting((), (), (), (coupling, Greater(a, 0)), measure="counting"), count=20).refuted


@pytest.mark.parametrize(
    "claim, safe",
    [
        (Equal(Density(p, [u], [c]), Density(p, [u])), True),
        (Equal(Expectation(Application("f", SCALAR, (), u), Density(p, [u])), 1), True),
        (Equal(Expectation(u, Density(p, [u])), 0), False),
        (Equal(Integral(Density(p, [u]), u), 1), True),
        (Equal(Integral(Application("f", SCALAR, (), u), u), 1), False),
        (Equal(Density(p, [(u, 2 * u)]), 1), False),
        (Equal(KL(Density(p, [u]), Density(q, [u]), [u]), 0), True),
        (Equal(Density(p, [u]), Normal(u, 0, 1)), False),
    ],
)
def test_where_a_finite_world_may_break_a_claim_about_densities(claim, safe):
    assert lebesgue_safe(claim) is safe


def test_a_gaussian_density_of_counted_values_is_not_exercised():
    claim = Equal(KL(Normal(u, 0, a), Normal(u, 0, b), [u]), log(b / a) / 2 - Integer(1) / 2 + a / (2 * b))
    trial = try_statement(claim, Setting(assumptions=(Greater(a, 0), Greater(b, 0))), count=10)
    assert not trial.refuted and trial.held["gaussian"] == 10 and "finite" in trial.not_exercised


# ---- what is assumed ----------------------------------------------------------------------------------------------


def test_nothing_is_assumed_that_is_not_given():
    chain = Equal(Density(p, [A], [B, C]), Density(p, [A], [B]))
    assert try_statement(chain, count=40).refuted
    assert not try_statement(chain, Setting(assumptions=(Independent([A], [C], [B]),)), count=40).refuted


def test_a_claim_does_not_build_the_world_that_is_to_try_it():
    y, z = Variable("y", R), Variable("z", R)
    f = lambda point: Application("f", SCALAR, (), point)  # noqa: E731
    stationary = Equal(Gradient(f(y), y), 0)
    assert try_statement(stationary, count=20).refuted
    largest = ForEvery(LessEqual(f(z), f(y)), [z])
    assert try_statement(stationary, conditions=[largest], count=20).held["gaussian"] == 20


def test_contradictory_givens_have_no_world():
    setting = Setting(assumptions=(Greater(a, 1), Less(a, 0)))
    trial = try_statement(Equal(a, 5), setting, count=20)
    assert not trial.exercised and not trial.refuted


def test_equations_between_parameters_are_solved():
    alpha, beta = (lambda i: Variable(r"\alpha", SCALAR, i)), (lambda i: Variable(r"\beta", SCALAR, i))
    setting = Setting(assumptions=(
        Greater(alpha(t), 0), Greater(beta(t), 0), Equal(alpha(t) ** 2 + beta(t) ** 2, 1), GreaterEqual(t, 2),
    ))  # fmt: skip
    assert try_statement(Equal(1 - alpha(t - 1) ** 2, beta(t - 1) ** 2), setting, count=30).held["finite"] == 30
    assert try_statement(Equal(1 - alpha(t) ** 2, beta(t - 1) ** 2), setting, count=30).refuted
    assert try_statement(Equal(sqrt(1 - alpha(t) ** 2), -beta(t)), setting, count=30).refuted


def test_a_recursion_is_evaluated_to_its_base():
    """m_t = a_t m_{t−1}, m_0 = 1 is ∏ a_s; a base that is missing gives no value."""
    m, g, s = (lambda i: Variable("m", SCALAR, i)), (lambda i: Variable("a", SCALAR, i)), Symbol("s")
    definitions = (Equal(m(t), g(t) * m(t - 1)), Equal(m(0), Integer(1)))
    claim = Equal(m(t), Product(g(s), (s, 1, t)))
    assert try_statement(claim, Setting(definitions=definitions), count=20).held["gaussian"] == 20
    assert try_statement(Equal(m(t), Product(g(s), (s, 2, t))), Setting(definitions=definitions), count=20).refuted


def test_scalars_may_be_negative_unless_said():
    assert try_statement(Equal(sqrt(a**2), a), count=40).refuted
    assert not try_statement(Equal(sqrt(a**2), a), Setting(assumptions=(GreaterEqual(a, 0),)), count=40).refuted


def test_infinite_and_undefined_values_do_not_refute():
    bound = GreaterEqual(KL(Density(p, [A]), Density(q, [A]), [A]), 0)
    trial = try_statement(bound, count=60, kinds=("finite",))
    assert trial.held["finite"] == 60
    difference = Equal(KL(Density(p, [A]), Density(q, [A]), [A]) - KL(Density(p, [A]), Density(q, [A]), [A]), 0)
    assert not try_statement(difference, count=30).refuted


def test_proportionality_needs_a_constant():
    normal = Normal(x(1), x(0), Identity(d))
    kernel = sympy.exp(-(Norm(x(1) - x(0)) ** 2) / 2)
    assert not try_statement(Proportional(kernel, normal, [x(1)]), count=15).refuted
    assert try_statement(Proportional(kernel * (1 + Norm(x(0)) ** 2), normal, [x(0)]), count=15).refuted
    assert try_statement(Proportional(-kernel, normal, [x(1)]), count=15).refuted


def test_vectors_are_not_numbers():
    y, z, w = (Variable(name, R) for name in "yzw")
    assert try_statement(Equal(Inner(y, z) * w, Inner(y, w) * z), count=30).refuted


# ---- the table ----------------------------------------------------------------------------------------------------


def test_every_node_of_a_term_has_a_meaning():
    nodes = [
        value for value in vars(derive.terms).values()
        if isinstance(value, type) and issubclass(value, sympy.Expr)
    ]  # fmt: skip
    without = {"Label", "Run"}
    for node in nodes:
        if node.__name__ in without:
            with pytest.raises(NotExercised):
                meaning_of(node)
        else:
            assert meaning_of(node) is not None


def test_what_the_worlds_import():
    allowed = {"derive.terms", "derive.errors", "derive.clock", "derive.worlds", "derive.models"}
    folder = Path(derive.worlds.__file__).parent
    for file in folder.glob("*.py"):
        may = allowed | {"derive.latex"} if file.name == "description.py" else allowed  # which only prints
        for node in ast.walk(ast.parse(file.read_text())):
            names = [node.module] if isinstance(node, ast.ImportFrom) else (
                [alias.name for alias in node.names] if isinstance(node, ast.Import) else [])  # fmt: skip
            for name in names:
                if name and name.startswith("derive"):
                    assert any(name == root or name.startswith(root + ".") for root in may), (file.name, name)


def test_values_are_only_floats_for_the_eye():
    """No float enters an evaluation: the only decimals are those that are printed."""
    for file in Path(derive.worlds.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "float", file.name


def test_the_same_seed_gives_the_same_worlds():
    claim = Equal(Density(p, [A], [B]), Density(p, [B], [A]))
    first, second = (
        [str(try_statement(claim, seed=seed, count=5, kinds=(kind,)).refutation) for kind in ("finite", "gaussian")]
        for seed in (3, 3)
    )
    assert first == second
    assert first[1] != str(try_statement(claim, seed=4, count=5, kinds=("gaussian",)).refutation)


def test_a_statement_with_a_free_index_holds_for_each():
    world = world_at("finite", Equal(Density(q, [X(t)]), 0), t=2)
    assert holds(world, Equal(t, 2)) is True
    assert holds(world, Less(t, 2)) is False


def test_a_decreasing_family_has_worlds():
    abar = lambda i: Variable(r"\bar\alpha", SCALAR, i)  # noqa: E731
    given = (Less(0, abar(t)), Less(abar(t), 1), Less(abar(t), abar(t - 1)), GreaterEqual(t, 2))
    setting = Setting(assumptions=given)
    assert try_statement(Less(abar(t), abar(t - 2)), setting, count=20).held["gaussian"] == 20
    assert try_statement(Less(abar(t - 1), abar(t)), setting, count=20).refuted


def test_a_given_density_is_never_mixed_with_another_law():
    """A hypothesis about one index, beside kernels that nobody gives, must not refute what holds for every law."""
    factorization = Equal(
        Density(q, [Run("X", SCALAR, 1, T)], [X(0)]), Product(Density(q, [X(t)], [X(t - 1)]), (t, 1, T))
    )
    hypothesis = Equal(Density(q, [X(t - 1)], [X(0)]), Normal(X(t - 1), a * X(0), b))
    marginal = Equal(
        Density(q, [X(t)], [X(0)]), Integral(Density(q, [X(t), X(t - 1)], [X(0)]), X(t - 1))
    )  # fmt: skip
    setting = Setting((factorization,), assumptions=(Greater(b, 0), GreaterEqual(t, 2), LessEqual(t, T)))
    assert not try_statement(marginal, setting.assuming(hypothesis), count=20).refuted
    assert not try_statement(marginal, setting, conditions=[hypothesis], count=20).refuted
    free = setting.assuming(hypothesis).without_kernels()
    assert hypothesis not in free.assumptions
    assert try_statement(marginal, free, count=10).held["finite"] == 10


def test_a_variable_at_an_unsaid_index_is_no_second_variable() -> None:
    """q(z_t | z_s) for any s, asked at z_t alone: a z_s beside z_2 might be z_2 itself, and refutes nothing."""
    given = [
        r"q(z_s \mid x) = \mathcal{N}(z_s; a_s x, v_s I)",
        r"q(z_t \mid z_s) = \mathcal{N}(z_t; c_{t,s} z_s, w_{t,s} I)",
        r"c_{t,s} = \frac{a_t}{a_s}", r"w_{t,s} = v_t - c_{t,s}^2 v_s", r"z_t \perp x \mid z_s", r"a_t > 0", r"v_t > 0",
        r"x \in \mathbb{R}^d", r"z_t \in \mathbb{R}^d",
    ]  # fmt: skip
    claim = r"q(z_t \mid x) = \mathcal{N}(z_t; a_t x, v_t I)"
    assert derive.check(claim, given=given).status != "refuted"
    assert derive.check(claim, given=[*given, "s < t"]).status != "refuted"
