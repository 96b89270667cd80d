"""How statements are set: relations, chains, what follows a law, independence, memberships, and sentences in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Basic, Tuple

from derive import terms
from derive.latex import order
from derive.latex.style import ATOM, POWER, SUM, Path, Piece, Style, Writing, below


def gaussian(style: Style, head: str, mean: Piece, covariance: Piece) -> Piece:
    r"""`\mathcal{N}(…)` of a mean and a covariance, after the head."""
    tall = mean.tall or covariance.tall
    inside = f"{head}{mean.text}, {covariance.text}"
    return Piece(style.signs["normal"] + style.enclose("(", inside, tall), ATOM, tall)


def related(style: Style, left: Piece, sign: str, right: Piece) -> Piece:
    """Two sides and the sign between them."""
    spaced = style.signs["Equal"] if sign == "=" else sign
    return Piece(left.text + spaced + right.text, SUM, left.tall or right.tall)


def _relation(style: Style, term: Any, path: Path) -> Piece:
    left, right = (style.write(arg, below(path, place)) for place, arg in enumerate(term.args[:2]))
    return related(style, left, _relation_sign(style, term, path), right)


def _relation_sign(style: Style, term: Any, path: Path) -> str:
    sign = style.signs[type(term).__name__]
    if isinstance(term, terms.Proportional) and set(term.variables) != proportional_variables(term.lhs):
        names = style.listed(style.write(item, below(path, 2, place)) for place, item in enumerate(term.variables))
        return f" {style.subscript(sign.strip(), names.text)} "
    return sign


def proportional_variables(lhs: Any) -> set[Basic]:
    """The variables in which p(x | y) ∝ … is meant where none are named: those left of the bar."""
    return set(lhs.variables) if isinstance(lhs, terms.Density) else set()


def _chain(style: Style, term: Any, path: Path) -> Piece:
    text, tall = "", False
    for place, link in enumerate(term.links):
        here = below(path, place)
        if place and isinstance(link, terms.Definition) and link.rhs == term.links[place - 1].rhs:
            left = style.write(link.lhs, below(here, 0))
            text += style.marked(Piece(style.signs["Named"] + left.text), here).text
            tall = tall or left.tall
        elif place and link.lhs == term.links[place - 1].rhs:
            right = style.write(link.rhs, below(here, 1))
            text += style.marked(Piece(_relation_sign(style, link, here).rstrip() + " " + right.text), here).text
            tall = tall or right.tall
        else:
            piece = style.write(link, here)
            text += (", " if place else "") + piece.text
            tall = tall or piece.tall
    return Piece(text, SUM, tall)


def _distributed(style: Style, term: Any, path: Path) -> Piece:
    variable, density = term.variable, term.density
    left = style.write(variable, below(path, 0))
    if isinstance(density, terms.Normal) and density.point == variable:
        mean, covariance = (style.write(density.args[place], below(path, 1, place)) for place in (1, 2))
        right = style.marked(gaussian(style, "", mean, covariance), below(path, 1))
    elif of_family(density) and density.points == (variable,):
        right = style.marked(family_member(style, density.law), below(path, 1))
    else:
        right = style.write(density, below(path, 1))
    return Piece(left.text + style.signs["sim"] + right.text, SUM, left.tall or right.tall)


def of_family(density: Any) -> bool:
    """Whether a law is one of a family with its parameters, such as Bernoulli(p), at the variables themselves."""
    if not isinstance(density, terms.Density) or density.givens or density.variables != density.points:
        return False
    return density.law.name in terms.FAMILIES and bool(density.law.indices)


def family_member(style: Style, law: Any) -> Piece:
    """`\\mathrm{Cat}(p)`: a family and its parameters."""
    inside = style.bracketed("(", *(style.write(parameter) for parameter in law.indices))
    return Piece(style.name(law.name) + inside.text, ATOM, inside.tall)


def _independent(style: Style, term: Any, path: Path) -> Piece:
    pair = sorted((0, 1), key=lambda place: min(map(order.variable_key, term.args[place]), default=()))
    left, right, given = (_set(style, term.args[place], below(path, place)) for place in (*pair, 2))
    text = left + style.signs["perp"] + right
    text += style.signs["mid"] + given if given else ""
    if term.law is not None:
        text += style.prose(" under ") + style.write(term.law, below(path, 3)).text
    return Piece(text, SUM)


def _set(style: Style, items: Iterable[Any], path: Path) -> str:
    rows = sorted(enumerate(items), key=lambda row: order.variable_key(row[1]))
    return ", ".join(style.write(item, below(path, place)).text for place, item in rows)


def _member(style: Style, term: Any, path: Path) -> Piece:
    variable = style.write(term.variable, below(path, 0)).text
    return Piece(variable + style.signs["in"] + style.write(term.domain, below(path, 1)).text, SUM)


def _sort(style: Style, term: Any, path: Path) -> Piece:
    if term.kind in ("scalar", "index"):
        return Piece(style.signs["reals" if term.kind == "scalar" else "naturals"])
    if not term.shape:
        return Piece(style.word(term.kind))
    sizes = [style.small(size, below(path, place)).text for place, size in enumerate(term.shape, 1)]
    return Piece(style.power(style.signs["reals"], style.signs["times"].join(sizes)), POWER)


def _definite(sign: str) -> Writing:
    def write(style: Style, term: Any, path: Path) -> Piece:
        return Piece(style.write(term.args[0], below(path, 0)).text + style.signs[sign] + "0", SUM)

    return write


def _worded(*words: str) -> Writing:
    """The arguments in order, each followed by its words; words before the first argument stand in front."""
    front, *behind = words

    def write(style: Style, term: Any, path: Path) -> Piece:
        text, tall = style.prose(front) if front else "", False
        for place, (arg, following) in enumerate(zip(term.args, behind, strict=True)):
            if isinstance(arg, Tuple):
                text += _set(style, arg, below(path, place))
            else:
                piece = style.write(arg, below(path, place))
                text, tall = text + piece.text, tall or piece.tall
            text += style.prose(following) if following else ""
        return Piece(text, SUM, tall)

    return write


SENTENCES: dict[type, Writing] = {
    terms.Sort: _sort,
    terms.Relation: _relation,
    terms.Chain: _chain,
    terms.Distributed: _distributed,
    terms.Independent: _independent,
    terms.Member: _member,
    terms.PositiveDefinite: _definite("succ"),
    terms.PositiveSemidefinite: _definite("succeq"),
    terms.Exists: _worded("", " exists"),
    terms.Exchanges: _worded("", " exchanges"),
    terms.Convex: _worded("", " convex in ", ""),
    terms.Concave: _worded("", " concave in ", ""),
    terms.ForEvery: _worded("", " for every ", ""),
    terms.Restricted: _worded("", " for ", ""),
    terms.AlmostSurely: _worded("", " almost surely under ", ""),
    terms.CountingMeasure: _worded("counting measure on ", ""),
    terms.LebesgueMeasure: _worded("Lebesgue measure on ", ""),
    terms.AlmostEverywhere: _worded("almost everywhere in ", ""),
    terms.Disjoint: _worded("", " and ", " have nothing in common"),
}
"""How each kind of statement is set."""
