"""Random well-sorted formulas over names such as papers use, and the declarations that go with a formula."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from sympy import Abs, Integer, Product, Rational, Sum, Symbol, Tuple, cos, exp, log, pi, sqrt

from derive.latex import Declarations
from derive.terms import (
    EVENT,
    INDEX,
    KL,
    SCALAR,
    Application,
    Chain,
    Complement,
    Covariance,
    CrossEntropy,
    Definition,
    Density,
    Determinant,
    Distributed,
    Divergence,
    Entropy,
    Equal,
    Expectation,
    Gradient,
    Greater,
    Identity,
    Independent,
    Inner,
    Integral,
    Intersection,
    Inverse,
    Label,
    Law,
    Less,
    LessEqual,
    MatrixProduct,
    Member,
    Norm,
    Normal,
    PositiveDefinite,
    Probability,
    Proportional,
    Run,
    Trace,
    Transpose,
    Unequal,
    Union,
    Variable,
    Variance,
    matrix,
    squared_norm,
    vector,
    walk,
)

d, t, s, T, n = (Symbol(name) for name in ("d", "t", "s", "T", "n"))
theta = Symbol("\\theta")
R = vector(d)
INDEX_NAMES = {t, s, T, n, Symbol("i")}

# ---- names --------------------------------------------------------------------------------------------------------

indices = st.sampled_from((t, t - 1, t + 1, T, s, Integer(0), Integer(1), Integer(2), T - t, 2 * t - 1))
constants = st.sampled_from(
    [Symbol(name) for name in ("a", "b", "c", "v", "\\sigma", "\\lambda", "m'", "\\hat c", "SNR", "d", "N")]
)
sequences = st.builds(
    lambda name, index: Variable(name, SCALAR, index),
    st.sampled_from(("\\alpha", "\\bar\\alpha", "\\beta", "\\tilde\\beta")), indices,
)  # fmt: skip
numbers = st.sampled_from([Integer(k) for k in (1, 2, 3, 7)] + [Rational(1, 2), Rational(-3, 4), Integer(-1), pi])
vectors = st.one_of(
    st.builds(lambda index: Variable("x", R, index), indices),
    st.sampled_from([Variable(name, R) for name in ("y", "z", "\\epsilon", "\\nu", "\\bar y")]),
    st.sampled_from([Variable("\\mu", R, index) for index in (Label("q"), Label("data"), Label("t"), theta)]),
)
matrices = st.sampled_from([Variable(name, matrix(d)) for name in ("A", "B", "\\Sigma")] + [Identity(d)])
events = st.sampled_from([Variable(name, EVENT) for name in ("E", "F", "G")])
laws = st.sampled_from([Law("q"), Law("p"), Law("p", theta), Law("p", t)])
runs = st.sampled_from([Run("x", R, 1, T), Run("x", R, 0, t), Run("x", R, t + 1, T)])

# ---- formulas of each sort ----------------------------------------------------------------------------------------


def _disjoint(items: Any) -> bool:
    return len({str((item[0] if isinstance(item, tuple) else item).name) for item in items}) == len(items)


pieces = st.one_of(vectors, vectors, runs)


@st.composite
def densities(draw: Any, placed: Any = None) -> Any:
    """A density; with `placed`, some of its variables are taken at points."""
    single = vectors if placed is None else st.one_of(vectors, st.tuples(vectors, placed))
    items = st.one_of(single, single, runs)
    before = draw(st.lists(items, min_size=1, max_size=2).filter(_disjoint))
    return Density(draw(laws), before, draw(st.lists(items, max_size=2).filter(_disjoint)))


def gaussians(scalars: Any, vector_terms: Any) -> Any:
    def build(point: Any, mean: Any, scale: Any, covariance: Any) -> Any:
        return Normal(point, mean, scale * covariance)

    return st.builds(build, vectors, st.one_of(vector_terms, st.just(Integer(0))), constants, matrices)


@st.composite
def moments(draw: Any, scalars: Any, vector_terms: Any) -> Any:
    """An expectation or variance under a density, a Gaussian, or a law that has no name."""
    measure = draw(st.one_of(densities(), gaussians(scalars, vector_terms), unnamed))
    return draw(st.sampled_from((Expectation, Expectation, Variance)))(draw(scalars), measure)


@st.composite
def unnamed_densities(draw: Any) -> Any:
    """A density of the law of E[x | y]."""
    before = draw(st.lists(pieces, min_size=1, max_size=2).filter(_disjoint))
    return Density(Law(""), before, draw(st.lists(pieces, max_size=1)))


unnamed = unnamed_densities()


@st.composite
def divergences(draw: Any) -> Any:
    left = draw(densities())
    right = Density(draw(laws), left.variables, draw(st.lists(vectors, max_size=1)))
    kind = draw(st.sampled_from((KL, CrossEntropy, Entropy)))
    return kind(left, left.points) if kind is Entropy else kind(left, right, left.points)


def _scalars_from(scalars: Any, vector_terms: Any) -> Any:
    serial = st.sampled_from((Sum, Product))
    return st.one_of(
        st.builds(lambda x, y: x + y, scalars, scalars),
        st.builds(lambda x, y: x - y, scalars, scalars),
        st.builds(lambda x, y: x * y, scalars, scalars),
        st.builds(lambda x, y: x * y, scalars, scalars),
        st.builds(_quotient, scalars, scalars),
        st.builds(_powered, scalars, st.sampled_from((2, 3, -1, -2, Rational(3, 2), -d / 2, t, s - t, T, Symbol("c")))),
        st.builds(lambda x: sqrt(-x if x.is_negative else x), scalars),
        st.builds(_log, scalars),
        st.builds(exp, scalars),
        st.builds(cos, constants),
        st.builds(Abs, constants),
        st.builds(lambda x: Abs(x) ** 2, sequences),
        st.builds(Application, st.just("f"), st.just(SCALAR), st.just(()), vector_terms, constants),
        densities(),
        densities(vector_terms),
        gaussians(scalars, vector_terms),
        moments(scalars, vector_terms),
        divergences(),
        st.builds(Inner, vector_terms, vector_terms),
        st.builds(Norm, vector_terms),
        st.builds(squared_norm, vector_terms),
        st.builds(lambda m, x, y: Inner(x, MatrixProduct(m, y)), matrices, vector_terms, vector_terms),
        st.builds(lambda a, b: Trace(MatrixProduct(a, b)), matrices, matrices),
        st.builds(lambda m: log(Determinant(m)), matrices),
        st.builds(lambda kind, body, low: kind(body, (t, low, T)), serial, scalars, st.sampled_from((1, 2, s))),
        st.builds(lambda body, over: Integral(body, Tuple(over)), scalars, pieces),
        st.builds(lambda body, over: Gradient(body, over), scalars, st.sampled_from([Symbol("a"), Symbol("\\sigma")])),
        st.builds(Divergence, vector_terms, vectors),
        st.builds(Divergence, vector_terms, vectors, vector_terms),
        st.builds(lambda body, low, high: Integral(body, Tuple(Symbol("a"), low, high)), scalars, constants, scalars),
    )


def _quotient(above: Any, below: Any) -> Any:
    return above / below if below != 0 else above


def _powered(base: Any, exponent: Any) -> Any:
    return base**exponent if base != 0 and base.is_number is False else base


def _log(term: Any) -> Any:
    return log(term) if term.is_number is False else term


def _vectors_from(scalars: Any, vector_terms: Any) -> Any:
    return st.one_of(
        vectors,
        st.builds(lambda x, y: x + y, vector_terms, vector_terms),
        st.builds(lambda c, x: c * x, scalars, vector_terms),
        st.builds(MatrixProduct, matrices, vector_terms),
        st.builds(lambda m, x: MatrixProduct(Inverse(m), x), matrices, vector_terms),
        st.builds(Gradient, scalars.filter(lambda body: not body.is_number), vectors),
        st.builds(Gradient, scalars.filter(lambda body: not body.is_number), vectors, vector_terms),
        st.builds(lambda x, i: Application("g", R, (theta,), x, i), vector_terms, st.sampled_from((t, s))),
        st.builds(lambda x, measure: Expectation(x, measure), vector_terms, densities()),
    )


def _grown(depth: int) -> tuple[Any, Any]:
    """Scalars and vectors of at most this depth."""
    scalars: Any = st.one_of(constants, sequences, numbers, constants)
    vector_terms: Any = vectors
    for _ in range(depth):
        scalars, vector_terms = (
            st.one_of(constants, sequences, numbers, _scalars_from(scalars, vector_terms)),
            _vectors_from(scalars, vector_terms),
        )
    return scalars, vector_terms


scalars, vector_terms = _grown(3)
matrix_terms = st.one_of(
    matrices,
    st.builds(lambda a, b: a + b, matrices, matrices),
    st.builds(lambda c, m: c * m, constants, matrices),
    st.builds(MatrixProduct, matrices, matrices),
    st.builds(lambda m: Transpose(Inverse(m)), matrices),
    st.builds(lambda m: Inverse(Transpose(m)), matrices),
    st.builds(lambda x, y: MatrixProduct(x, Transpose(y)), vectors, vectors),
    st.builds(lambda x, measure: Covariance(x, x, measure), vectors, densities()),
)
event_terms = st.recursive(
    events,
    lambda inner: st.one_of(
        st.builds(Intersection, inner, inner), st.builds(Union, inner, inner), st.builds(Complement, inner)
    ),
    max_leaves=4,
)
probabilities = st.builds(Probability, event_terms, st.one_of(st.none(), event_terms))

# ---- statements ---------------------------------------------------------------------------------------------------

relations = st.sampled_from((Equal, LessEqual, Less, Greater, Unequal, Definition))
sides = st.one_of(scalars, scalars)
statements = st.one_of(
    st.builds(lambda relation, left, right: relation(left, right), relations, sides, sides),
    st.builds(Equal, vector_terms, vector_terms),
    st.builds(lambda a, b, c: Chain(Equal(a, b), LessEqual(b, c)), sides, sides, sides),
    st.builds(lambda left, right: Proportional(left, right, left.variables), densities(), sides),
    st.builds(Proportional, sides, sides, st.lists(vectors, min_size=1, max_size=2)),
    st.builds(Proportional, densities(vector_terms), sides, st.lists(vectors, min_size=1, max_size=2)),
    st.builds(lambda x, m, c: Distributed(x, Normal(x, m, c)), vectors, vectors, matrices),
    st.builds(lambda x, law, y: Distributed(x, Density(law, [x], [y])), vectors, laws, st.just(Variable("w", R))),
    st.builds(
        lambda items, given: Independent(items[:1], items[1:], given),
        st.lists(vectors, min_size=2, max_size=3).filter(_disjoint), st.lists(st.just(Variable("w", R)), max_size=1),
    ),
    st.builds(Member, vectors, st.just(R)),
    st.builds(Member, constants.filter(lambda c: c != d), st.just(SCALAR)),
    st.builds(Member, st.just(T), st.just(INDEX)),
    st.builds(PositiveDefinite, matrices.filter(lambda m: not isinstance(m, Identity))),
)  # fmt: skip

formulas = st.one_of(scalars, scalars, vector_terms, matrix_terms, probabilities, statements)


def declarations_for(term: Any) -> Declarations:
    """Declarations under which the names of a term are what they are in it."""
    known = Declarations()
    for _, node in walk(term):
        match node:
            case Variable():
                known = known.declare(node.name, node.sort)
            case Run():
                known = known.declare(node.name, node.element_sort)
            case Application():
                known = known.function(node.name, node.sort)
            case Law() if node.name:
                known = known.law(node.name)
            case Symbol():
                known = known.declare(str(node.name), INDEX if node in INDEX_NAMES else SCALAR)
    return known
