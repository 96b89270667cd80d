"""A term multiplied out: a sum of products, without definitions being put in.

What a linear operator needs of its body. The terms are proposals, like those of `tidy`: that their sum is the term is
for `decide` to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from flint import fmpq
from sympy import Add, Basic, Mul, S

from derive.algebra.express import value_term, word_term
from derive.algebra.field import Undefined, Unsupported, Value
from derive.algebra.givens import within
from derive.algebra.normal import Converter
from derive.algebra.polynomials import TooLarge
from derive.terms import Equal, Identity, sort_of, sympify_term

MOST_TERMS = 80
"""A term that has more terms than this is left as it stands."""


def expand(expr: Basic, given: Sequence[Any] = ()) -> tuple[Any, ...]:
    """The terms of the multiplied-out expression; the expression alone where algebra cannot read it."""
    kept = tuple(statement for statement in given if not isinstance(statement, Equal))
    return _expand(sympify_term(expr), kept)


@lru_cache(maxsize=4096)
def _expand(expr: Basic, given: tuple[Any, ...]) -> tuple[Any, ...]:
    try:
        terms = within(given, lambda convert: _terms(convert, expr))
    except (Unsupported, TooLarge, Undefined, RecursionError):
        return (expr,)
    broken = len(terms) > MOST_TERMS or any(term.has(S.ImaginaryUnit, S.ComplexInfinity, S.NaN) for term in terms)
    return (expr,) if broken else terms


def _terms(convert: Converter, expr: Basic) -> tuple[Any, ...]:
    value, _ = convert(expr)
    if isinstance(value, Value):
        return tuple(_monomials(convert, value))
    found = []
    for word, coefficient in value.items():
        base = word_term(convert, word) if word else Identity(sort_of(expr).shape[0])
        found += [Mul(part, base) for part in _monomials(convert, coefficient)]
    return tuple(found)


def _monomials(convert: Converter, value: Value) -> list[Any]:
    """The monomials of a value's numerator, each over the denominators."""
    if not value.c:
        return []
    field = convert.field
    poly, rest = field.numerator(field.irreducible(value))
    if len(poly) > MOST_TERMS:
        return [value_term(convert, value)]
    below = value_term(convert, rest)
    terms: list[Any] = []
    for monomial, coefficient in zip(poly.monoms(), poly.coeffs(), strict=True):
        single = field.value(field.ctx.from_dict({monomial: 1}), fmpq(int(coefficient)), {})
        term = Mul(value_term(convert, single), below)
        terms.extend(Add.make_args(term))
    return terms
