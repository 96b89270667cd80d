"""The order in which an author writes the terms of a sum, the factors of a product, the variables of a density.

x_t stands before x_{t-1} before x_0, names before compound factors, vectors last. Order is for the eye only: the tree
behind it is the same whatever is written first.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from sympy import Abs, Add, Basic, Integer, Mul, Number, NumberSymbol, Pow, Product, Rational, S, Sum, Symbol, exp, log

from derive.terms import (
    KL,
    Application,
    Density,
    Determinant,
    Differential,
    Divergence,
    Expectation,
    Gradient,
    Identity,
    Inner,
    Integral,
    Inverse,
    MatrixProduct,
    Norm,
    Normal,
    Run,
    Trace,
    Transpose,
    Variable,
    sort_of,
)

Key = tuple[Any, ...]

_GREEK = (
    "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta", "iota", "kappa",
    "lambda", "mu", "nu", "xi", "omicron", "pi", "varpi", "rho", "varrho", "sigma", "varsigma", "tau", "upsilon", "phi",
    "varphi", "chi", "psi", "omega",
)  # fmt: skip
_GREEK_PLACE = {name: place for place, name in enumerate(_GREEK)}
_MACRO = re.compile(r"\\([A-Za-z]+)")
_NOISE = ("epsilon", "varepsilon")


@lru_cache(maxsize=4096)
def name_key(name: str) -> Key:
    """Latin before Greek, small beside capital, plain before accented."""
    for macro in _MACRO.findall(name):
        place = _GREEK_PLACE.get(macro.lower())
        if place is not None:
            return (1, f"{place:02d}", macro[0].isupper(), name)
    bare = _MACRO.sub("", name).strip("{} ") or name
    return (0, bare.lower(), bare[:1].isupper(), name)


@lru_cache(maxsize=4096)
def index_key(index: Basic, falling: bool = False) -> Key:
    """Symbolic indices first and from high to low (t, t-1, t-2), then numbers, rising or falling."""
    if isinstance(index, Integer):
        return (1, "", -int(index) if falling else int(index))
    offset, rest = index.as_coeff_Add() if isinstance(index, Add) else (S.Zero, index)
    if not isinstance(offset, Rational):
        return (0, str(index), 0)
    return (0, str(getattr(rest, "name", rest)), -float(offset))


def _indices_key(indices: tuple[Basic, ...], falling: bool) -> Key:
    return tuple(index_key(index, falling) for index in indices)


def variable_key(item: Any, falling: bool = True) -> Key:
    """For variables left or right of a bar: by name, then from the highest index down."""
    if isinstance(item, Run):
        return (*name_key(item.name), (index_key(item.upper, falling), index_key(item.lower, falling)))
    if isinstance(item, Variable):
        return (*name_key(item.name), _indices_key(item.indices, falling))
    if isinstance(item, Symbol):
        return (*name_key(str(item.name)), ())
    return (2, "", False, str(type(item).__name__), ())


# ---- factors ------------------------------------------------------------------------------------------------------

NUMERIC_ROOT, CONSTANT, ROOT_OF_NAME, NAME, ROOT, SUM, CLOSED, OPEN, VECTOR, LAST = range(10)
"""Ranks of factors, in the order in which they are written."""

_CLOSED_ORDER: dict[type, int] = {
    Determinant: 0, Trace: 1, Abs: 2, Norm: 3, Application: 4, Density: 5, Normal: 6, exp: 7, KL: 8, Expectation: 9,
}  # fmt: skip
_OPEN_ORDER: dict[type, int] = {Inner: 0, Product: 1, Sum: 2, Integral: 3, log: 4, Divergence: 5, Gradient: 6}
_ARRAYS = (MatrixProduct, Transpose, Inverse, Identity)


@lru_cache(maxsize=20_000)
def is_array(term: Basic) -> bool:
    """Whether a factor is a vector or a matrix."""
    if isinstance(term, (Symbol, Number, Pow, Density, log, exp, Inner, Norm)):
        return False
    if isinstance(term, _ARRAYS):
        return True
    return sort_of(term).kind in ("vector", "matrix")


def factor_rank(factor: Any) -> int:
    """Where a factor stands in a product: one of the ranks above."""
    kind = type(factor)
    if kind is Symbol:
        return NAME
    if kind is Differential:
        return LAST
    if kind is Pow:
        base, exponent = factor.args
        if exponent is S.Half or exponent == -S.Half:
            if isinstance(base, Number):
                return NUMERIC_ROOT
            return ROOT_OF_NAME if isinstance(base, (Symbol, Variable)) else ROOT
        inner = factor_rank(base)
        return NAME if inner in (NAME, NUMERIC_ROOT) else CLOSED if inner == OPEN else inner
    if isinstance(factor, (Number, NumberSymbol)):
        return CONSTANT
    if is_array(factor):
        return VECTOR
    if kind is Variable:
        return NAME
    if kind is Add:
        return SUM
    return OPEN if kind in _OPEN_ORDER else CLOSED


@lru_cache(maxsize=20_000)
def factor_key(factor: Any) -> Key:
    """The key by which the factors of a product are sorted."""
    return _ranked(factor_rank(factor), factor)


@lru_cache(maxsize=4096)
def coefficient_key(name: str) -> Key:
    """Names in a product: counts and coefficients (a … n), then Greek parameters, then variables (o … z)."""
    key = name_key(name)
    return (1.5 if key[0] == 0 and key[1] >= "o" and not key[2] else key[0], *key[1:])


def _ranked(rank: int, factor: Any) -> Key:
    base = factor.args[0] if type(factor) is Pow else factor
    if isinstance(base, (Symbol, Variable)):
        return (rank, 0, coefficient_key(str(base.name)), _indices_key(getattr(base, "indices", ()), False), "")
    if isinstance(base, Density):
        targets = min(variable_key(pair[0]) for pair in base.targets)
        return (rank, _CLOSED_ORDER[Density], name_key(base.law.name), (-len(base.givens), targets), "")
    if isinstance(base, Application):
        return (rank, _CLOSED_ORDER[Application], name_key(base.name), _indices_key(base.indices, False), "")
    place = _CLOSED_ORDER.get(type(base), 20) if rank == CLOSED else _OPEN_ORDER.get(type(base), 20)
    return (rank, place, (), (), "")


# ---- terms of a sum -----------------------------------------------------------------------------------------------

_LEADING: dict[type, int] = {log: 0, Expectation: 1, Density: 2, KL: 4}
_NAMES, _NUMBER, _TRAILING = 10, 20, 15


@lru_cache(maxsize=20_000)
def term_key(term: Any) -> Key:
    """The key by which the terms of a sum are sorted, signs apart."""
    if isinstance(term, Number):
        return (_NUMBER, ())
    factors = Mul.make_args(term)
    arrays = [factor for factor in factors if not isinstance(factor, (Symbol, Number, Pow)) and is_array(factor)]
    if arrays:
        return _array_term_key(arrays[0], bare=len(factors) == 1)
    kinds = {type(factor.args[0] if type(factor) is Pow else factor) for factor in factors}
    leading = min((_LEADING[kind] for kind in kinds if kind in _LEADING), default=None)
    if kinds & {Sum, Integral, Product}:
        return (_TRAILING, ())
    monomial = sorted(_monomial_key(factor) for factor in factors if not isinstance(factor, Number))
    return (_NAMES if leading is None else leading, (*monomial, _END))


def leading_key(term: Any) -> Key:
    """Which term of x − μ is to be the positive one where the sign is free: the bare name, Latin before Greek."""
    factors = Mul.make_args(term)
    arrays = [factor for factor in factors if is_array(factor)]
    scaled = sum(factor is not S.NegativeOne for factor in factors) > 1
    return (scaled, _array_term_key(arrays[0], bare=False)) if arrays else (True, term_key(term))


_END: Key = (99,)


def _monomial_key(factor: Any) -> Key:
    """Higher powers of a name come first, and what has no further factor last."""
    if type(factor) is Pow:
        base, exponent = factor.args
        rank = factor_rank(base)
        power = -float(exponent) if isinstance(exponent, Rational) else 0.0
        return (min(rank, NAME) if rank < SUM else rank, _ranked(NAME, base)[1:], power)
    rank = factor_rank(factor)
    return (min(rank, NAME) if rank < SUM else rank, _ranked(NAME, factor)[1:], -1.0)


def _array_term_key(array: Any, bare: bool) -> Key:
    while isinstance(array, (MatrixProduct, Transpose, Inverse)):
        array = array.args[0]
    if isinstance(array, (Variable, Application)):
        key = name_key(array.name)
        noise = any(name in key[-1] for name in _NOISE)
        greek_alone = bare and key[0] == 1 and not noise
        return (_NAMES, (-1 if greek_alone else 1 if noise else 0, key, _indices_key(array.indices, False)))
    return (_NAMES, (0 if type(array) is not Add else 2, (5,), (), 0 if bare else 1))
