"""Sums, products, powers as an author sets them: signs and fractions taken apart again, roots for powers one half.

SymPy keeps x − y as x + (−1)·y and a/b as a·b⁻¹, and multiplies a rational number into a sum. Here the minus goes
before the term, negative powers go below the line, and a rational factor of all terms goes in front of the bracket.
"""

from __future__ import annotations

from math import gcd, lcm
from typing import Any, NamedTuple

from sympy import Add, Integer, Mul, Pow, Product, Rational, S, Sum, Symbol, exp, log

from derive.latex import order
from derive.latex.style import ATOM, NEGATIVE, POWER, PRODUCT, SUM, Path, Piece, Style, below
from derive.terms import (
    KL,
    Covariance,
    CrossEntropy,
    Divergence,
    Entropy,
    Expectation,
    Gradient,
    Integral,
    Variable,
    Variance,
)

_BESIDE_THE_LINE = {
    exp, log, Sum, Product, Integral, Expectation, Variance, Covariance, KL, CrossEntropy, Entropy, Gradient,
    Divergence,
}  # fmt: skip
"""What is written after a fraction rather than above its line."""


# ---- sums ---------------------------------------------------------------------------------------------------------


def write_sum(style: Style, term: Any, path: Path) -> Piece:
    """A sum that stands alone, with the rational factor of all its terms in front."""
    factor = _common_factor(style, term)
    if factor == 1:
        return _terms(style, term, path, factor)
    inside = style.bracketed("(", _terms(style, term, path, factor))
    p, q = abs(int(factor.p)), int(factor.q)
    if style.script and q != 1:
        over = inside if p == 1 else product_of(style, [Piece(str(p)), inside])
        piece = style.fraction(over, Piece(str(q)))
    else:
        number = Piece(str(p)) if q == 1 else style.fraction(Piece(str(p)), Piece(str(q)))
        piece = inside if p == q == 1 else product_of(style, [number, inside], fraction_first=True)
    return _negated(style, piece) if factor.p < 0 else piece


def write_factor(style: Style, term: Any, path: Path) -> Piece:
    """A factor of a product: as it stands, since a number in front of a sum in it would be multiplied in again."""
    if type(term) is Add:
        return style.marked(_terms(style, term, path, S.One), path)
    return style.write(term, path)


def write_unsigned(style: Style, term: Any, path: Path) -> Piece:
    """A term whose sign does not matter (inside a norm), the way round in which its first term is positive."""
    if type(term) is not Add:
        return style.write(term, path)
    first = min(term.args, key=order.leading_key)
    return style.marked(_terms(style, term, path, S.NegativeOne if _coefficient(first).p < 0 else S.One), path)


def _terms(style: Style, term: Any, path: Path, factor: Rational) -> Piece:
    """The terms in natural order, each divided by the factor; a positive one first where there is one."""
    rows = []
    for place, arg in enumerate(term.args):
        coefficient = _coefficient(arg)
        rows.append((order.term_key(arg), (coefficient.p < 0) != (factor.p < 0), place, arg))
    rows.sort(key=lambda row: row[0])
    if rows[0][1] and not all(row[1] for row in rows):
        number = rows.pop() if isinstance(rows[-1][3], Rational) and not all(row[1] for row in rows[:-1]) else None
        rows.sort(key=lambda row: row[1])
        rows += [number] if number else []
    plus, minus = style.signs["+"], style.signs["-"]
    gap = "" if style.script else " "
    text, tall = "", False
    for _, negative, place, arg in rows:
        here = below(path, place)
        piece = style.tight(_magnitude(style, arg, here, abs(factor)), PRODUCT)
        tall = tall or piece.tall
        sign = minus if negative else plus
        if not text:
            text = style.marked(piece._replace(text=minus + piece.text) if negative else piece, here).text
        elif negative:
            text += gap + style.marked(piece._replace(text=sign + gap + piece.text), here).text
        else:
            text += gap + sign + gap + style.marked(piece, here).text
    return Piece(text, SUM, tall)


def _coefficient(term: Any) -> Any:
    """The rational number in front of a term."""
    if type(term) is Mul:
        term = term.args[0]
    return term if isinstance(term, Rational) else S.One


def _common_factor(style: Style, term: Any) -> Any:
    """The rational number to take out of a sum: 1 unless all terms have one in common, or share a denominator."""
    coefficients = [_coefficient(arg) for arg in term.args]
    if any(c is S.One or c is S.NegativeOne for c in coefficients):
        return S.One
    over, under = gcd(*(int(c.p) for c in coefficients)), {int(c.q) for c in coefficients}
    if len(under) > 1 or (under == {1} and (over == 1 or style.script)) or _has_numeric_power(term):
        return S.One
    factor = Rational(over, lcm(*under))
    return -factor if all(c.p < 0 for c in coefficients) else factor


def _has_numeric_power(term: Any) -> bool:
    """Whether some 2ˣ stands in the sum, into which SymPy merges numbers."""
    return any(
        type(factor) is Pow and isinstance(factor.base, Rational) and factor.exp is not S.Half
        for arg in term.args
        for factor in Mul.make_args(arg)
    )


def _negated(style: Style, piece: Piece) -> Piece:
    return Piece(style.signs["-"] + style.tight(piece, PRODUCT).text, NEGATIVE, piece.tall)


# ---- products -----------------------------------------------------------------------------------------------------


class _Factor(NamedTuple):
    """base ** exponent with a positive exponent (None for the base alone), and the factor it comes from."""

    factor: Any
    base: Any
    exponent: Any
    path: Path


class _Root(NamedTuple):
    """One root over several radicands, as SymPy splits √(2πv)."""

    radicands: tuple[_Factor, ...]


def write_product(style: Style, term: Any, path: Path) -> Piece:
    """A product or a quotient."""
    piece = _magnitude(style, term, path, S.One)
    return _negated(style, piece) if _coefficient(term).p < 0 else piece


def write_number(style: Style, term: Any, path: Path) -> Piece:
    """An integer or a fraction of integers."""
    p, q = abs(int(term.p)), int(term.q)
    piece = Piece(str(p)) if q == 1 else style.fraction(Piece(str(p)), Piece(str(q)))
    return _negated(style, piece) if term.p < 0 else piece


def write_power(style: Style, term: Any, path: Path) -> Piece:
    """A power; a root for one half, a fraction for a negative exponent."""
    if _inverted(term.exp) is not None:
        return _magnitude(style, term, path, S.One)
    return _raised(style, term.base, term.exp, path)


def _magnitude(style: Style, term: Any, path: Path, factor: Any) -> Piece:
    """A term without its sign, its coefficient divided by a positive number."""
    if isinstance(term, Rational):
        return write_number(style, abs(term) / factor, None)
    over: list[Any] = []
    under: list[Any] = []
    p = q = 1
    for place, arg in enumerate(term.args) if type(term) is Mul else ((None, term),):
        here = path if place is None else below(path, place)
        if isinstance(arg, Rational):
            p, q = abs(int(arg.p)), int(arg.q)
        elif type(arg) is Pow:
            inverted = _inverted(arg.exp)
            side = over if inverted is None else under
            side.append(_Factor(arg, arg.base, arg.exp if inverted is None else inverted, here))
        else:
            over.append(_Factor(arg, arg, None, here))
    if factor != 1:
        number = Rational(p, q) / factor
        p, q = int(number.p), int(number.q)
    if len(over) == 1 and not under and p == q == 1:
        return _set(style, over[0], place is not None)
    ranked_over = sorted(((order.factor_key(item.factor), item) for item in over), key=lambda pair: pair[0])
    ranked_under = sorted(((order.factor_key(item.factor), item) for item in under), key=lambda pair: pair[0])
    q = _gather_roots(q, ranked_over, ranked_under)
    if not ranked_under and q == 1:
        pieces = [Piece(str(p))] if p != 1 else []
        return product_of(style, pieces + [_set(style, item) for _, item in ranked_over])
    return _quotient(style, p, q, ranked_over, ranked_under)


def _inverted(exponent: Any) -> Any:
    """−e for an exponent e that is written with a minus, else None."""
    if isinstance(exponent, Rational):
        return -exponent if exponent.p < 0 else None
    if type(exponent) is Mul and isinstance(exponent.args[0], Rational) and exponent.args[0].p < 0:
        return -exponent
    return None


def _quotient(style: Style, p: int, q: int, over: list[Any], under: list[Any]) -> Piece:
    inside: list[Any] = []
    outside: list[Any] = []
    for key, item in over:
        rank = key[0]
        if style.script:
            inside.append((key, item))
        elif rank == order.VECTOR or (isinstance(item, _Factor) and type(item.base) in _BESIDE_THE_LINE):
            outside.append((key, item))
        elif under or rank <= order.ROOT:
            inside.append((key, item))
        else:
            outside.append((key, item))
    if p == q == 1 and len(under) == 1 and under[0][0][0] == order.SUM and under[0][1].exponent == 1:
        sums = [pair for pair in inside if pair[0][0] == order.SUM and pair[1].exponent is None]
        names = [pair for pair in inside if pair[0][0] == order.NAME]
        if len(sums) == 1 and len(sums) + len(names) == len(inside):
            inside, outside = sums, names + outside
    above = [Piece(str(p))] if p != 1 else []
    if not inside and not above and under and len(outside) == 1:
        alone = outside[0][1]
        if isinstance(alone.base, Variable) or type(alone.base) is Add:
            piece = _set(style, alone)
            if not piece.tall and order.sort_of(alone.base).kind == "vector":
                above, outside = [piece], []
    above += [_set(style, item) for _, item in inside]
    beneath = ([Piece(str(q))] if q != 1 else []) + [_set(style, item) for _, item in under]
    line = style.fraction(product_of(style, above or [Piece("1")]), product_of(style, beneath))
    return product_of(style, [line] + [_set(style, item) for _, item in outside], fraction_first=True)


def product_of(style: Style, pieces: list[Piece], fraction_first: bool = False) -> Piece:
    """Factors beside each other; only the last may reach to the right."""
    if len(pieces) == 1:
        return pieces[0]
    tight = [style.tight(piece, POWER) for piece in pieces[:-1]] + [style.tight(pieces[-1], PRODUCT)]
    if fraction_first:
        tight[0] = pieces[0]
    return Piece(style.juxtapose(tight), PRODUCT, any(piece.tall for piece in tight))




def _set(style: Style, item: Any, own: bool = True) -> Piece:
    """The piece of one factor; marked by its own path unless that is the path of the whole."""
    if isinstance(item, _Root):
        radicands = [
            style.marked(style.write(part.base, below(part.path, 0)), part.path if own else None)
            for part in item.radicands
        ]
        return style.root(product_of(style, radicands))
    if item.exponent is None:
        return write_factor(style, item.base, item.path) if own else style.write(item.base, item.path)
    piece = _raised(style, item.base, item.exponent, item.path)
    return style.marked(piece, item.path) if own else piece


def _raised(style: Style, base: Any, exponent: Any, path: Path) -> Piece:
    below_base = below(path, 0)
    if exponent is S.One:
        return write_factor(style, base, below_base)
    if exponent is S.Half:
        return style.root(style.write(base, below_base))
    foot = style.tight(write_factor(style, base, below_base), ATOM)
    name = str(base.name) if isinstance(base, (Symbol, Variable)) else ""
    return Piece(style.raised(name, foot.text, style.small(exponent, below(path, 1)).text), POWER, foot.tall)


# ---- roots --------------------------------------------------------------------------------------------------------


def _gather_roots(q: int, over: list[Any], under: list[Any]) -> int:
    """Undo how SymPy splits roots: √2·√π·√v becomes √(2πv), and √2/2 becomes 1/√2. Returns the new denominator."""
    number = next((pair for pair in over if pair[0][0] == order.NUMERIC_ROOT and _is_root(pair[1], Integer)), None)
    if number is not None and q % int(number[1].base) == 0:
        q //= int(number[1].base)
        over.remove(number)
        under.insert(0, number)
    _join_roots(over)
    _join_roots(under)
    return q


def _is_root(item: Any, kind: Any) -> bool:
    return item.exponent is S.Half and isinstance(item.base, kind)


def _join_roots(side: list[Any]) -> None:
    numbers = [pair for pair in side if _is_root(pair[1], (Integer, type(S.Pi)))]
    if not numbers:
        return
    names = [pair for pair in side if _is_root(pair[1], (Symbol, Variable)) or _is_power_under_root(pair[1])]
    joined = numbers + (names if len(names) == 1 else [])
    if len(joined) == 1:
        return
    for pair in joined:
        side.remove(pair)
    key = (order.ROOT, 0, (), (), "")
    place = next((n for n, pair in enumerate(side) if pair[0] > key), len(side))
    side.insert(place, (key, _Root(tuple(item for _, item in joined))))


def _is_power_under_root(item: Any) -> bool:
    """√(σ²), which SymPy keeps since σ may be negative."""
    if not _is_root(item, Pow):
        return False
    power = item.base
    return isinstance(power.base, (Symbol, Variable)) and isinstance(power.exp, Integer) and power.exp > 0


