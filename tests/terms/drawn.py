"""Random well-sorted terms in which names are bound, shadowed and shifted in every way the nodes allow."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from sympy import Integer, Product, Sum, Symbol, Tuple

from derive.terms import (
    KL,
    SCALAR,
    Application,
    CrossEntropy,
    Density,
    Entropy,
    Expectation,
    Gradient,
    Integral,
    Law,
    Normal,
    Run,
    Variable,
    Variance,
)

A, B, Z, S, T = (Symbol(name) for name in ("a", "b", "z", "s", "t"))
INDICES = (T, T, T, T - 1, S, Integer(1), Integer(2), Integer(0))

variables = st.builds(
    lambda name, index: Variable(name, SCALAR, index), st.sampled_from("xxxy"), st.sampled_from(INDICES)
)
runs = st.builds(
    lambda name, ends: Run(name, SCALAR, *ends), st.sampled_from("xxxy"), st.sampled_from(((1, 3), (0, 2), (2, 3)))
)
points = st.one_of(variables, st.sampled_from((Z, A)))
laws = st.sampled_from((Law("q"), Law("p", Symbol("\\theta")), Law("p", T)))
leaves = st.one_of(variables, st.sampled_from((A, B, Z, Integer(1), Integer(2))))


@st.composite
def measures(draw: Any, terms: Any) -> Any:
    """A density whose points left of the bar are variables (one a run at times), or a Gaussian."""
    if draw(st.booleans()):
        return Normal(draw(points), draw(terms), draw(terms))
    targets = draw(st.lists(st.one_of(points, runs), min_size=1, max_size=2).filter(_disjoint))
    givens = draw(_conditions(terms))
    named = draw(st.booleans()) and not isinstance(targets[0], Run)
    return Density(draw(laws), [(Variable("w", SCALAR, T), targets[0]) if named else targets[0], *targets[1:]], givens)


def _disjoint(items: Any) -> bool:
    return len({str((item[0] if isinstance(item, tuple) else item).name) for item in items}) == len(items)


def _conditions(terms: Any) -> Any:
    return st.lists(st.one_of(variables, st.tuples(variables, terms)), max_size=2).filter(_disjoint)


@st.composite
def densities(draw: Any, terms: Any) -> Any:
    """A density with points anywhere."""
    pieces = st.one_of(variables, runs, st.tuples(variables, terms))
    targets = draw(st.lists(pieces, min_size=1, max_size=2).filter(_disjoint))
    return Density(draw(laws), targets, draw(_conditions(terms)))


def _binders(terms: Any) -> Any:
    limits = st.sampled_from(((1, 3), (2, 3), (0, 1)))
    serial = st.sampled_from((Sum, Product))
    variable_sets = st.lists(st.one_of(points, runs), min_size=1, max_size=2).filter(_disjoint)
    return st.one_of(
        st.builds(lambda node, body, ends: node(body, (T, *ends)), serial, terms, limits),
        st.builds(Expectation, terms, measures(terms)),
        st.builds(Variance, terms, measures(terms)),
        st.builds(lambda body, chosen: Integral(body, *(Tuple(item) for item in chosen)), terms, variable_sets),
        st.builds(lambda body, *limit: Integral(body, Tuple(*limit)), terms, points, leaves, leaves),
        st.builds(KL, densities(terms), densities(terms), variable_sets),
        st.builds(CrossEntropy, densities(terms), densities(terms), variable_sets),
        st.builds(Entropy, densities(terms), variable_sets),
        st.builds(Gradient, terms, points, terms),
    )


def _larger(terms: Any) -> Any:
    return st.one_of(
        st.builds(lambda x, y: x + y, terms, terms),
        st.builds(lambda x, y: x * y, terms, terms),
        st.builds(lambda x: x**2, terms),
        st.builds(lambda args: Application("f", SCALAR, (T,), *args), st.lists(terms, min_size=1, max_size=2)),
        densities(terms),
        _binders(terms),
        _binders(terms),
    )


terms = st.recursive(leaves, _larger, max_leaves=7)
