"""How each kind of node is set: one table from node type to a function, shared by every style.

A function gets the style, the term and the term's path (None where nobody asked for paths) and returns a piece.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy
from sympy import Basic, Tuple
from sympy.core.symbol import Str

from derive import terms
from derive.latex import order
from derive.latex.arithmetic import product_of, write_number, write_power, write_product, write_sum, write_unsigned
from derive.latex.declarations import RANDOM_NAMES
from derive.latex.layouts import LAYOUTS
from derive.latex.sentences import SENTENCES, family_member, gaussian, of_family, related
from derive.latex.style import (
    ATOM,
    NEGATIVE,
    OPEN,
    POWER,
    PRODUCT,
    SUM,
    Path,
    Piece,
    Style,
    Writing,
    below,
    unmarked,
)

# ---- names --------------------------------------------------------------------------------------------------------


def _symbol(style: Style, term: Any, path: Path) -> Piece:
    return Piece(style.name(str(term.name)))


def _label(style: Style, term: Any, path: Path) -> Piece:
    return Piece(style.label(term.name))


def _variable(style: Style, term: Any, path: Path) -> Piece:
    return Piece(_indexed(style, term.name, term.indices, path, 2))


def _run(style: Style, term: Any, path: Path) -> Piece:
    ends = [style.small(end, below(path, place)).text for place, end in ((2, term.lower), (3, term.upper))]
    return Piece(style.indexed(style.name(term.name), ":".join(ends)))


def _law(style: Style, term: Any, path: Path) -> Piece:
    return Piece(_indexed(style, term.name, term.indices, path, 1))


def _application(style: Style, term: Any, path: Path) -> Piece:
    head = _indexed(style, term.name, term.indices, below(path, 2), 0)
    arguments = [style.write(arg, below(path, place)) for place, arg in enumerate(term.args[3:], 3)]
    bars = [arg in (_BAR, _BARS) for arg in term.args[3:]]
    sign = style.signs["parallel" if _BARS in term.args[3:] else "mid"]
    text = _barred(sign, [piece.text for piece in arguments], bars, ", ")
    inside = style.bracketed("(", Piece(text, SUM, any(piece.tall for piece in arguments)))
    return Piece(head + inside.text, ATOM, inside.tall)


_RAISED = r"^{(\cdot)}"
_BAR = terms.Label(r"\mid")
_BARS = terms.Label(r"\|")


def _barred(sign: str, parts: Sequence[str], bars: Sequence[bool], comma: str) -> str:
    """The parts between commas, and a bar where a part is the bar."""
    text = ""
    for place, (part, bar) in enumerate(zip(parts, bars, strict=True)):
        if bar:
            text += sign
        else:
            text += (comma if place and not bars[place - 1] else "") + part
    return text


def _indexed(style: Style, name: str, indices: Sequence[Basic], path: Path, first: int) -> str:
    base = style.name(name)
    if not indices:
        return base
    if name.endswith(_RAISED):
        raised = style.small(indices[0], below(path, first)).text
        head = style.numbered(style.name(name.removesuffix(_RAISED)), raised)
        rest = [style.small(index, below(path, place)).text for place, index in enumerate(indices[1:], first + 1)]
        return style.indexed(head, ",".join(rest)) if rest else head
    parts = [style.small(index, below(path, place)).text for place, index in enumerate(indices, first)]
    if _BAR in indices:
        return style.indexed(base, _barred("|", parts, [index == _BAR for index in indices], ","))
    return style.indexed(base, ",".join(parts))


# ---- densities ----------------------------------------------------------------------------------------------------


def _density(style: Style, term: Any, path: Path) -> Piece:
    law = style.write(term.law, below(path, 0)).text
    inside = _conditioned(style, _pairs(style, term, path, 1), _pairs(style, term, path, 2))
    return Piece(law + style.enclose("(", inside.text, inside.tall), ATOM, inside.tall)


def _pairs(style: Style, term: Any, path: Path, side: int) -> list[Piece]:
    """The variables on one side of the bar in the order they are written, x_t or x_t = a."""
    rows = sorted(enumerate(term.args[side]), key=lambda row: order.variable_key(row[1][0]))
    return [style.marked(_pair(style, pair[0], pair[1], below(path, side, place)), below(path, side, place))
            for place, pair in rows]  # fmt: skip


def _pair(style: Style, variable: Basic, point: Basic, path: Path) -> Piece:
    if variable == point:
        return style.write(point, below(path, 1))
    return related(style, style.write(variable, below(path, 0)), "=", style.write(point, below(path, 1)))


def _conditioned(style: Style, before: Sequence[Piece], after: Sequence[Piece]) -> Piece:
    text = ", ".join(piece.text for piece in before)
    if after:
        text += style.signs["mid"] + ", ".join(piece.text for piece in after)
    return Piece(text, SUM, any(piece.tall for piece in (*before, *after)))


def _normal(style: Style, term: Any, path: Path) -> Piece:
    point, mean, covariance = (style.write(arg, below(path, place)) for place, arg in enumerate(term.args))
    named = term.point != sympy.Symbol("\\cdot")
    return gaussian(style, point.text + "; " if named else "", mean, covariance)


# ---- operators ----------------------------------------------------------------------------------------------------


def _moment(head: str) -> Writing:
    def write(style: Style, term: Any, path: Path) -> Piece:
        last = len(term.args) - 1
        body = style.listed(style.write(arg, below(path, place)) for place, arg in enumerate(term.args[:last]))
        measure = term.measure
        sign = style.signs[head]
        if isinstance(measure, terms.Density) and not measure.law.name:
            if assumed_bound(term) == set(measure.variables) and measure.variables == measure.points:
                body = _conditioned(style, [body], _pairs(style, measure, below(path, last), 2))
            else:
                inside = _conditioned(
                    style, _pairs(style, measure, below(path, last), 1), _pairs(style, measure, below(path, last), 2)
                )
                sign = style.subscript(sign, inside.text)
        else:
            sign = style.subscript(sign, _measure(style, measure, below(path, last)))
        return Piece(sign + style.enclose("[", body.text, body.tall), POWER, body.tall)

    return write


def _measure(style: Style, measure: Any, path: Path) -> str:
    """What stands under an expectation: q(x | y), or ε ∼ N(0, I)."""
    if of_family(measure):
        points = ", ".join(piece.text for piece in _pairs(style, measure, path, 1))
        return style.marked(Piece(points + style.signs["sim"] + family_member(style, measure.law).text), path).text
    if isinstance(measure, terms.Density):
        return style.write(measure, path).text
    point = style.write(measure.point, below(path, 0)).text
    mean, covariance = (style.write(measure.args[place], below(path, place)) for place in (1, 2))
    law = gaussian(style, "", mean, covariance)
    return style.marked(Piece(point + style.signs["sim"] + law.text), path).text


def assumed_bound(term: Any) -> set[Basic]:
    """What E[f | y] without a measure is read to bind: what is random in f and does not stand right of the bar.

    Any variable of f counts as random, since a model may say so; of the plain symbols those that are by default.
    """
    givens = {pair[0] for pair in term.measure.givens}
    bodies = term.args[:-1]
    if len(bodies) == 1 and isinstance(bodies[0], (terms.Variable, sympy.Symbol)):
        return {bodies[0]} - givens
    found = {
        item
        for body in bodies
        for item in terms.free_variables(body)
        if isinstance(item, (terms.Variable, terms.Run))
        or (isinstance(item, sympy.Symbol) and str(item.name) in RANDOM_NAMES)
    }
    return found - givens if all(str(item.name) in RANDOM_NAMES for item in found) else set()


def _divergence_of_laws(head: str) -> Writing:
    def write(style: Style, term: Any, path: Path) -> Piece:
        laws = [style.write(arg, below(path, place)) for place, arg in enumerate(term.args[:-1])]
        separator = style.signs["parallel"] if head == "KL" else ", "
        inside = style.bracketed("(", *laws, separator=separator)
        return Piece(style.signs[head] + inside.text, POWER, inside.tall)

    return write


def _integral(style: Style, term: Any, path: Path) -> Piece:
    body = style.tight(style.write(term.body, below(path, 0)), PRODUCT)
    if _ends_like_a_differential(term.body):
        body = style.bracketed("(", body)
    bounds, variables = [], []
    for place, limit in enumerate(term.limits, 1):
        ends = [style.small(end, below(path, place, n)).text for n, end in enumerate(limit[1:], 1)]
        bounds.append((ends[0], ends[1]) if ends else ("", ""))
        variables.append(style.write(limit[0], below(path, place, 0)).text)
    return style.integral(bounds, body.text, variables)


def _ends_like_a_differential(body: Any) -> bool:
    r"""Whether the body is an integral itself or shows the dimension d, so that `\, dx` after it would be misread."""
    match body:
        case terms.Integral():
            return True
        case sympy.Symbol():
            return str(body.name) == "d"
        case sympy.Pow():
            return _ends_like_a_differential(body.base)
        case sympy.Mul():
            return any(map(_ends_like_a_differential, body.args))
        case sympy.Sum() | sympy.Product() | sympy.log() | sympy.cos() | sympy.sin() | terms.Gradient():
            return _ends_like_a_differential(body.args[0])
    return False


def _gradient(style: Style, term: Any, path: Path) -> Piece:
    variable = style.write(term.variable, below(path, 1)).text
    if terms.is_scalar(term.variable):
        head = style.partial(variable)
    else:
        head = style.subscript(style.signs["nabla"], variable)
    return _at_point(style, _prefixed(style, head, term.body, below(path, 0)), variable, term, path)


def _divergence(style: Style, term: Any, path: Path) -> Piece:
    variable = style.write(term.variable, below(path, 1)).text
    head = style.subscript(style.signs["nabla"], variable) + style.signs["dot"]
    return _at_point(style, _prefixed(style, head, term.body, below(path, 0)), variable, term, path)


def _at_point(style: Style, piece: Piece, variable: str, term: Any, path: Path) -> Piece:
    if term.point == term.variable:
        return piece
    equals = variable + style.signs["Equal"] + style.write(term.point, below(path, 2)).text
    return style.evaluated(piece, equals)


def _series(head: str) -> Writing:
    """A sum or product; where SymPy has drawn several into one, the last limits are those of the outermost."""

    def write(style: Style, term: Any, path: Path) -> Piece:
        if any(len(limit) != 3 for limit in term.limits):
            return _named_call(style, term, path)
        signs = []
        for place, (index, lower, upper) in enumerate(term.limits, 1):
            name, first, over = (
                style.small(part, below(path, place, n)).text for n, part in enumerate((index, lower, upper))
            )
            under = f"{name}={first}"
            signs.append(style.marked(Piece(style.limits(style.signs[head], under, over)), below(path, place)).text)
        body = style.tight(style.write(term.function, below(path, 0)), PRODUCT)
        if head == "prod" and _reaches_unclearly(term.function, term.limits[0][0]):
            body = style.bracketed("(", body)
        return Piece(" ".join([*reversed(signs), body.text]), OPEN, True)

    return write


def _reaches_unclearly(body: Any, index: Any) -> bool:
    r"""Whether it could be doubted that the last factor after `\prod` belongs to it: it does not speak of the index."""
    several = isinstance(body, (sympy.Mul, terms.Inner))
    return several and any(index not in terms.free_variables(factor) for factor in body.args)


# ---- functions ----------------------------------------------------------------------------------------------------


def _prefixed(style: Style, head: str, body: Any, path: Path) -> Piece:
    """`\\log x`: parentheses only where what follows would not be taken for the argument as a whole."""
    piece = style.write(body, path)
    if type(body) is sympy.Pow and piece.level == POWER and not isinstance(body.base, (sympy.Symbol, terms.Variable)):
        root_or_fraction = body.exp is sympy.S.Half or style.closed(piece)
        if not root_or_fraction:
            piece = style.bracketed("(", piece)
            return Piece(head + piece.text, OPEN, piece.tall)
    if piece.level >= OPEN and not piece.text.startswith("{"):
        return Piece(f"{head} {piece.text}", OPEN, piece.tall)
    piece = style.bracketed("(", piece)
    return Piece(head + piece.text, OPEN, piece.tall)


def _prefix(name: str) -> Writing:
    def write(style: Style, term: Any, path: Path) -> Piece:
        if len(term.args) != 1:
            return _named_call(style, term, path)
        return _prefixed(style, style.word(name), term.args[0], below(path, 0))

    return write


def _call(name: str) -> Writing:
    def write(style: Style, term: Any, path: Path) -> Piece:
        inside = style.bracketed("(", *(style.write(arg, below(path, place)) for place, arg in enumerate(term.args)))
        return Piece(style.word(name) + inside.text, ATOM, inside.tall)

    return write


def _named_call(style: Style, term: Any, path: Path) -> Piece:
    """A node that no row of the table knows: its class and its arguments, which no reader reads."""
    if not term.args:
        return Piece(style.word(str(term)))
    return _call(type(term).__name__)(style, term, path)


def _between(kind: str) -> Writing:
    def write(style: Style, term: Any, path: Path) -> Piece:
        inside = style.write(term.args[0], below(path, 0))
        if kind == "|" and "|" in (unmarked(inside.text)[:1], unmarked(inside.text)[-1:]):
            inside = style.bracketed("(", inside)
        return style.bracketed(kind, inside)

    return write


def _absolute(style: Style, term: Any, path: Path) -> Piece:
    """|a|; of a determinant with its name, since bars within bars are not read."""
    if isinstance(term.args[0], terms.Determinant):
        inner = style.marked(_call("det")(style, term.args[0], below(path, 0)), below(path, 0))
        return Piece(style.enclose("|", inner.text, inner.tall), ATOM, inner.tall)
    return _between("|")(style, term, path)


def _norm(style: Style, term: Any, path: Path) -> Piece:
    return style.bracketed("‖", write_unsigned(style, term.args[0], below(path, 0)))


def _factorial(style: Style, term: Any, path: Path) -> Piece:
    piece = style.tight(style.write(term.args[0], below(path, 0)), ATOM)
    return Piece(piece.text + "!", POWER, piece.tall)


def _constant(sign: str) -> Writing:
    return lambda style, term, path: Piece(style.signs[sign])


def _minus_infinity(style: Style, term: Any, path: Path) -> Piece:
    return Piece(style.signs["-"] + style.signs["infinity"], NEGATIVE)


def _euler(style: Style, term: Any, path: Path) -> Piece:
    return Piece(style.word("exp") + "(1)")


# ---- vectors and matrices -----------------------------------------------------------------------------------------


def _identity(style: Style, term: Any, path: Path) -> Piece:
    if term.size == sympy.Symbol("d"):
        return Piece("I")
    return Piece(style.indexed("I", style.small(term.size, below(path, 0)).text))


def _inner(style: Style, term: Any, path: Path) -> Piece:
    rows = list(enumerate(term.args))
    compound = [isinstance(arg, terms.MatrixProduct) for arg in term.args]
    if all(compound):
        return style.bracketed("⟨", *(style.write(arg, below(path, place)) for place, arg in rows))
    rows.sort(key=lambda row: (compound[row[0]], order.term_key(row[1])))
    (place, left), (other, right) = rows
    row = _transposed(style, left, below(path, place))
    column = style.tight(style.write(right, below(path, other)), POWER if not compound[other] else PRODUCT)
    return Piece(f"{row.text} {column.text}", PRODUCT, row.tall or column.tall)


def _transposed(style: Style, term: Any, path: Path) -> Piece:
    return _marked_above(style, term, path, style.signs["top"])


def _marked_above(style: Style, term: Any, path: Path, sign: str) -> Piece:
    piece = style.tight(style.write(term, path), ATOM)
    text = style.protected(term.name, piece.text) if isinstance(term, terms.Variable) else piece.text
    return Piece(style.power(text, sign), POWER, piece.tall)


def _above(sign: str) -> Writing:
    return lambda style, term, path: _marked_above(style, term.args[0], below(path, 0), style.signs[sign])


def _matrix_product(style: Style, term: Any, path: Path) -> Piece:
    pieces = [style.tight(style.write(arg, below(path, place)), POWER) for place, arg in enumerate(term.args)]
    return product_of(style, pieces)


# ---- events -------------------------------------------------------------------------------------------------------


def _joined(sign: str) -> Writing:
    def write(style: Style, term: Any, path: Path) -> Piece:
        rows = list(enumerate(term.args))
        if sign != "Equal":
            rows.sort(key=lambda row: _event_key(row[1]))
        parts = [style.tight(style.write(arg, below(path, place)), POWER) for place, arg in rows]
        return Piece(style.signs[sign].join(part.text for part in parts), SUM, any(part.tall for part in parts))

    return write


def _event_key(event: Any) -> Any:
    return order.variable_key(event.args[0] if isinstance(event, terms.Complement) else event, falling=False)


def _probability(style: Style, term: Any, path: Path) -> Piece:
    law = style.write(term.law, below(path, 0)).text
    events = [style.write(arg, below(path, place)) for place, arg in enumerate(term.args[1:], 1)]
    inside = _conditioned(style, events[:1], events[1:])
    return Piece(law + style.enclose("(", inside.text, inside.tall), ATOM, inside.tall)


def _tuple(style: Style, term: Any, path: Path) -> Piece:
    return style.bracketed("(", *(style.write(arg, below(path, place)) for place, arg in enumerate(term.args)))


def _text(style: Style, term: Any, path: Path) -> Piece:
    return Piece(style.name(str(term.name)))


# ---- the table ----------------------------------------------------------------------------------------------------

TABLE: dict[type, Writing] = {
    # SymPy's own
    sympy.Symbol: _symbol,
    sympy.Rational: write_number,
    sympy.Float: _named_call,
    sympy.Add: write_sum,
    sympy.Mul: write_product,
    sympy.Pow: write_power,
    sympy.Sum: _series("sum"),
    sympy.Product: _series("prod"),
    sympy.log: _prefix("log"),
    sympy.cos: _prefix("cos"),
    sympy.sin: _prefix("sin"),
    sympy.tan: _prefix("tan"),
    sympy.cosh: _prefix("cosh"),
    sympy.sinh: _prefix("sinh"),
    sympy.tanh: _prefix("tanh"),
    sympy.atan: _prefix("arctan"),
    sympy.asin: _prefix("arcsin"),
    sympy.acos: _prefix("arccos"),
    sympy.exp: _call("exp"),
    sympy.Max: _call("max"),
    sympy.Min: _call("min"),
    sympy.sign: _call("sign"),
    sympy.Abs: _absolute,
    sympy.factorial: _factorial,
    type(sympy.pi): _constant("pi"),
    type(sympy.E): _euler,
    type(sympy.I): _constant("i"),
    type(sympy.oo): _constant("infinity"),
    type(-sympy.oo): _minus_infinity,
    Tuple: _tuple,
    Str: _text,
    # names
    terms.Label: _label,
    terms.Variable: _variable,
    terms.Run: _run,
    terms.Law: _law,
    terms.Application: _application,
    # densities and operators
    terms.Density: _density,
    terms.Normal: _normal,
    terms.Expectation: _moment("E"),
    terms.Variance: _moment("Var"),
    terms.Covariance: _moment("Cov"),
    terms.KL: _divergence_of_laws("KL"),
    terms.CrossEntropy: _divergence_of_laws("H"),
    terms.Entropy: _divergence_of_laws("H"),
    terms.Integral: _integral,
    terms.Gradient: _gradient,
    terms.Divergence: _divergence,
    # vectors and matrices
    terms.Identity: _identity,
    terms.Inner: _inner,
    terms.Norm: _norm,
    terms.MatrixProduct: _matrix_product,
    terms.Transpose: _above("top"),
    terms.Inverse: _above("inverse"),
    terms.Trace: _call("tr"),
    terms.Determinant: _between("|"),
    # events
    terms.Intersection: _joined("cap"),
    terms.Union: _joined("cup"),
    terms.Complement: _above("complement"),
    terms.Equals: _joined("Equal"),
    terms.Probability: _probability,
    **LAYOUTS,
    **SENTENCES,
}

_resolved: dict[type, Writing] = {}


def writing(kind: type) -> Writing:
    """The row of the table for a node type, or for the nearest class it descends from."""
    found = _resolved.get(kind)
    if found is None:
        found = next((TABLE[base] for base in kind.__mro__ if base in TABLE), _named_call)
        _resolved[kind] = found
    return found
