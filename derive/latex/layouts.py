"""How choices and arrays are set: cases, optima, limits, indicators, block matrices, lists, differentials."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Tuple

from derive import terms
from derive.latex.style import ATOM, POWER, PRODUCT, SUM, Path, Piece, Style, Writing, below

# ---- events -------------------------------------------------------------------------------------------------------


def _holds(style: Style, term: Any, path: Path) -> Piece:
    return Piece(style.write(term.statement, below(path, 0)).text, SUM)


def _within(style: Style, term: Any, path: Path) -> Piece:
    point, region = (style.write(arg, below(path, place)) for place, arg in enumerate(term.args))
    return Piece(point.text + style.signs["in"] + region.text, SUM, point.tall)


def _over_index(sign: str) -> Writing:
    def write(style: Style, term: Any, path: Path) -> Piece:
        name, low, high = (style.small(part, below(path, 1, n)).text for n, part in enumerate(term.args[1]))
        head = style.limits(style.signs[sign], f"{name}={low}", high)
        body = style.tight(style.write(term.event, below(path, 0)), POWER)
        return Piece(f"{head} {body.text}", SUM, True)

    return write


def _indicator(style: Style, term: Any, path: Path) -> Piece:
    inside = style.bracketed("[", style.write(term.event, below(path, 0)))
    return Piece(style.signs["one"] + inside.text, ATOM, inside.tall)


# ---- choices ------------------------------------------------------------------------------------------------------


def _cases(style: Style, term: Any, path: Path) -> Piece:
    rows = []
    for place, case in enumerate(term.args):
        value = style.write(case[0], below(path, place, 0)).text
        condition = style.write(case[1], below(path, place, 1)).text if len(case) == 2 else None
        rows.append((value, condition))
    return Piece(style.cases(rows), ATOM, True)


def _optimum(word: str) -> Writing:
    def write(style: Style, term: Any, path: Path) -> Piece:
        names = [style.small(name, below(path, 1, n)).text for n, name in enumerate(term.bound)]
        under = ",".join(names)
        region = term.region
        if isinstance(region, Tuple):
            low, high = (style.small(end, below(path, 2, n)).text for n, end in enumerate(region))
            sign = style.signs["LessEqual"]
            under = f"{low}{sign}{under}{sign}{high}"
        elif region is not None:
            under += style.signs["in"] + style.small(region, below(path, 2)).text
        body = style.write(term.body, below(path, 0))
        return Piece(f"{style.subscript(style.operator(word), under)} {body.text}", SUM, body.tall)

    return write


def _limit(style: Style, term: Any, path: Path) -> Piece:
    under = style.small(term.args[1], below(path, 1)).text + style.signs["to"]
    under += style.small(term.point, below(path, 2)).text
    body = style.write(term.body, below(path, 0))
    return Piece(f"{style.subscript(style.operator('lim'), under)} {body.text}", SUM, body.tall)


# ---- arrays -------------------------------------------------------------------------------------------------------


def _blocks(style: Style, term: Any, path: Path) -> Piece:
    table = [
        [style.write(entry, below(path, i, j)).text for j, entry in enumerate(row)] for i, row in enumerate(term.args)
    ]
    return Piece(style.grid(table), ATOM, True)


def _entry(style: Style, term: Any, path: Path) -> Piece:
    inside = style.bracketed("[", style.write(term.array, below(path, 0)))
    index = ",".join(style.small(part, below(path, n)).text for n, part in enumerate(term.indices, 1))
    return Piece(style.subscript(inside.text, index), ATOM, inside.tall)


def _ones(style: Style, term: Any, path: Path) -> Piece:
    if term.size == sympy.Symbol("d"):
        return Piece(style.signs["one"])
    return Piece(style.subscript(style.signs["one"], style.small(term.size, below(path, 0)).text))


def _diagonal(style: Style, term: Any, path: Path) -> Piece:
    inside = style.bracketed("(", style.write(term.args[0], below(path, 0)))
    return Piece(style.word("diag") + inside.text, ATOM, inside.tall)


def _hadamard(style: Style, term: Any, path: Path) -> Piece:
    parts = [style.tight(style.write(arg, below(path, place)), POWER) for place, arg in enumerate(term.args)]
    return Piece(style.signs["odot"].join(part.text for part in parts), PRODUCT, any(part.tall for part in parts))


def _matrix_power(style: Style, term: Any, path: Path) -> Piece:
    base = style.tight(style.write(term.base, below(path, 0)), ATOM)
    exponent = style.small(term.exponent, below(path, 1)).text
    if term.exponent == sympy.Symbol("T"):
        exponent = f"1 {exponent}"
    return Piece(style.power(base.text, exponent), POWER, base.tall)


def _differential(style: Style, term: Any, path: Path) -> Piece:
    inside = style.write(term.args[0], below(path, 0))
    if not isinstance(term.args[0], (sympy.Symbol, terms.Variable, terms.Application)):
        inside = style.bracketed("(", inside)
    return Piece(style.signs["differential"] + inside.text, POWER, inside.tall)


def _derivative_in(style: Style, term: Any, path: Path) -> Piece:
    body = style.tight(style.write(term.body, below(path, 0)), ATOM)
    expression = style.write(term.expression, below(path, 1))
    if expression.level < POWER:
        expression = style.bracketed("(", expression)
    sign = style.signs["partial"]
    piece = style.fraction(Piece(sign + body.text, POWER), Piece(sign + expression.text, POWER))
    moved = [(name, point) for name, point in zip(term.bound, term.points, strict=True) if name != point]
    if not moved:
        return piece
    where = ", ".join(style.write(name).text + style.signs["Equal"] + style.write(point).text for name, point in moved)
    return style.evaluated(piece, where)


def _family(style: Style, term: Any, path: Path) -> Piece:
    name, low, high = (style.small(part, below(path, 1, n)).text for n, part in enumerate(term.args[1]))
    body = style.bracketed("{", style.write(term.body, below(path, 0)))
    return Piece(style.limits(body.text, f"{name}={low}", high), ATOM, body.tall)


def _listing(style: Style, term: Any, path: Path) -> Piece:
    return style.bracketed("(", *(style.write(arg, below(path, place)) for place, arg in enumerate(term.args)))


def _binomial(style: Style, term: Any, path: Path) -> Piece:
    over, under = (style.write(arg, below(path, place)) for place, arg in enumerate(term.args))
    return Piece(style.chosen(over.text, under.text), ATOM, True)


LAYOUTS: dict[type, Writing] = {
    terms.Holds: _holds,
    terms.Within: _within,
    terms.IntersectionOver: _over_index("bigcap"),
    terms.UnionOver: _over_index("bigcup"),
    terms.Indicator: _indicator,
    terms.Cases: _cases,
    terms.Maximum: _optimum("max"),
    terms.Minimum: _optimum("min"),
    terms.Supremum: _optimum("sup"),
    terms.Infimum: _optimum("inf"),
    terms.ArgMax: _optimum("argmax"),
    terms.ArgMin: _optimum("argmin"),
    terms.Limit: _limit,
    terms.BlockMatrix: _blocks,
    terms.Entry: _entry,
    terms.Ones: _ones,
    terms.Diagonal: _diagonal,
    terms.Hadamard: _hadamard,
    terms.MatrixPower: _matrix_power,
    terms.Differential: _differential,
    terms.DerivativeIn: _derivative_in,
    terms.Family: _family,
    terms.Listing: _listing,
    sympy.binomial: _binomial,
}
