"""Single slips: the statements that differ from one in what a hand gets wrong once.

An index t for t − 1, α for ᾱ, a lost square, root, sign, ½ or logarithm, a quotient upside down, the arguments of a
divergence swapped, another conditioning, ≤ for ≥, a dropped term. Each kind goes both ways (what one hand drops
another puts in), so that the neighbours of a wrong statement hold the right one where a single slip made it wrong.

Nothing here says whether a slip changes what a statement means: `a + b` with its terms swapped is no slip, `x` for
`|x|` is one that may leave it true. That is for whoever decides the changed statement.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sympy import Abs, Add, Basic, Integer, Mul, Pow, Product, Rational, S, Sum, Symbol, Tuple, exp, log, sqrt

from derive.errors import DeriveError
from derive.terms import (
    EVENT,
    KL,
    Application,
    Chain,
    Complement,
    Covariance,
    CrossEntropy,
    Density,
    Divergence,
    Entropy,
    Equal,
    Expectation,
    Gradient,
    Greater,
    GreaterEqual,
    Identity,
    Independent,
    Inner,
    Integral,
    Intersection,
    Inverse,
    Law,
    Less,
    LessEqual,
    MatrixProduct,
    Norm,
    Normal,
    Probability,
    Proportional,
    Relation,
    Run,
    Transpose,
    Union,
    Variable,
    Variance,
    at,
    free_variables,
    is_scalar,
    is_value,
    put,
    sort_of,
    walk,
)
from derive.terms.positions import Path


class Slip(NamedTuple):
    """The kind of slip, and the statement with it."""

    name: str
    statement: Basic


class Known(NamedTuple):
    """The names that a hand may take for one another: those of the statement, and others that it knows."""

    names: tuple[Basic, ...]
    indices: frozenset[Symbol]
    points: tuple[Basic, ...]
    laws: tuple[Law, ...]
    factors: tuple[Basic, ...]


Change = Iterator[Basic]
"""What may stand in a node's place."""


def slips(statement: Basic, names: Iterable[Basic] = ()) -> Iterator[Slip]:
    """The statements one slip away, kind by kind, the commonest first; no two are the same, none is the statement.

    `names` are symbols, variables or applications that a hand may take for those of the statement (a model's); the
    statement's own are known. What is no formula any more (its sorts do not fit) is left out.
    """
    known = _known(statement, tuple(names))
    places = [(path, node) for path, node in walk(statement) if _stands(statement, path)]
    seen = {statement}
    for name, change in _KINDS:
        for path, node in places:
            for made in _made(statement, path, node, change, known):
                if made not in seen:
                    seen.add(made)
                    yield Slip(name, made)


def _made(statement: Basic, path: Path, node: Basic, change: Callable[[Any, Known], Change], known: Known) -> Change:
    """The statement with each change of a node; what cannot be built is none."""
    changes = change(node, known)
    while True:
        try:
            new = next(changes)
            if new == node or not _fits(node, new):
                continue
            made = put(statement, path, new)
        except StopIteration:
            return
        except (DeriveError, TypeError, ValueError, ZeroDivisionError):
            continue  # a slip after which it is no formula
        if not made.has(S.ComplexInfinity, S.NaN):
            yield made


def _fits(old: Basic, new: Basic) -> bool:
    """Whether one term may stand where the other does."""
    if isinstance(old, Relation):
        return isinstance(new, Relation)
    return new == 0 or sort_of(old) == sort_of(new) or (is_scalar(old) and is_scalar(new))


def _stands(statement: Basic, path: Path) -> bool:
    """Whether a statement or a value stands at a path, the measure of an expectation included."""
    node = statement
    for place, step in enumerate(path):
        if not isinstance(node, (Chain, Relation)):
            return is_value(node, path[place:]) and not _named(node, path[place:])
        if step > 1:  # the variables of a proportionality
            return False
        node = node.args[step]
    return True


def _named(term: Basic, path: Path) -> bool:
    """Whether a path leads to a density's variable that is its own point, and no value put in its place."""
    for place, step in enumerate(path):
        if isinstance(term, Density) and step and len(path) > place + 2:
            pair = at(term, path[place : place + 2])
            if pair.args[0] == pair.args[1]:
                return True
        term = at(term, (step,))
    return False


def _known(statement: Basic, names: tuple[Basic, ...]) -> Known:
    found: dict[Basic, None] = {}
    points: dict[Basic, None] = {}
    laws: dict[Law, None] = {}
    indices: set[Symbol] = set()
    for term in (statement, *names):
        for _, node in walk(term):
            if isinstance(node, (Symbol, Variable, Application)):
                found[node] = None
            if isinstance(node, Law):
                laws[node] = None
            if isinstance(node, (Variable, Application)):  # the σ of a law q_σ is a quantity, and may lose its square
                indices |= _symbols(node.indices)
            elif isinstance(node, Run):
                indices |= _symbols((node.lower, node.upper))
            elif isinstance(node, Density):
                points.update(dict.fromkeys(pair[0] for pair in (*node.targets, *node.givens)))
    kept = tuple(name for name in found if name not in indices)
    free = free_variables(statement)
    factors = [
        name for name in kept
        if name in free and name not in points and not isinstance(name, Application) and is_scalar(name)
    ]  # fmt: skip
    return Known(kept, frozenset(indices), tuple(points), tuple(laws), tuple(factors))


def _symbols(indices: Iterable[Basic]) -> set[Symbol]:
    return {symbol for index in indices for symbol in index.free_symbols if isinstance(symbol, Symbol)}


# ---- indices and names --------------------------------------------------------------------------------------------


def _indices(node: Basic, known: Known) -> Change:
    """t for t − 1 or t + 1, for another index, for the first; of a variable, a function, an argument, a density."""
    if isinstance(node, (Variable, Application, Law)):
        where = 2 if not isinstance(node, Law) else 1
        old = node.indices
        for place, index in enumerate(old):
            for other in _other_indices(index, known):
                new = (*old[:place], other, *old[place + 1 :])
                if isinstance(node, Application):
                    yield Application(node.name, node.sort, new, *node.arguments)
                else:
                    yield node.func(*node.args[:where], *new)
    elif isinstance(node, Symbol) and node in known.indices:
        yield from _other_indices(node, known)
    elif isinstance(node, Density):
        for side in (1, 2):
            for place, (variable, point) in enumerate(node.args[side]):
                for other in _indices(variable, known) if isinstance(variable, (Variable, Run)) else ():
                    if variable == point or isinstance(variable, Variable):
                        yield _density(node, side, place, Tuple(other, other if variable == point else point))
    elif isinstance(node, Run):
        for low, high in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            yield Run(node.name, node.element_sort, node.lower + low, node.upper + high)


def _other_indices(index: Basic, known: Known) -> Change:
    yield index - 1
    yield index + 1
    for symbol in sorted(known.indices, key=str):
        yield symbol
        yield symbol - 1
    yield S.Zero
    yield S.One


def _density(node: Density, side: int, place: int, *pairs: Basic) -> Any:
    sides = [list(node.targets), list(node.givens)]
    sides[side - 1][place : place + 1] = pairs
    return Density(node.law, *sides)


_MARK = re.compile(r"\\(?:bar|tilde|hat|widehat|widetilde|overline)\s*(?P<inner>.*)")


def _bare(name: str) -> str:
    """A name without its bars, tildes and hats, so that α is found under ᾱ."""
    match = _MARK.match(name)
    return name if match is None else match["inner"].removeprefix("{").removesuffix("}").strip()


def _marks(node: Basic, known: Known) -> Change:
    """α for ᾱ, μ for μ̃: a name for one that differs by its mark only; a mark that is lost."""
    if not isinstance(node, (Symbol, Variable, Application)):
        return
    for other in _alike(node, known):
        if _bare(other) == _bare(node.name):
            yield _renamed(node, other)
    if _bare(node.name) != node.name:
        yield _renamed(node, _bare(node.name))


def _names(node: Basic, known: Known) -> Change:
    """One name for another of the same sort with as many indices; one law for another."""
    if isinstance(node, (Symbol, Variable, Application)) and node not in known.indices:
        for other in _alike(node, known):
            yield _renamed(node, other)
    elif isinstance(node, Density):
        for side in (1, 2):
            for place, (variable, point) in enumerate(node.args[side]):
                for other in known.points if variable == point else ():
                    if sort_of(other) == sort_of(variable):
                        yield _density(node, side, place, other)
        for law in known.laws:
            if law != node.law:
                yield Density(law, node.targets, node.givens)


def _throughout(node: Basic, known: Known) -> Change:
    """One name for another, or one index for another, at all places of a statement, or of one side."""
    if not isinstance(node, Relation) or isinstance(node, Independent):
        return
    for old in known.names:
        if not isinstance(old, (Symbol, Variable, Application)):
            continue
        places = [sum(1 for _, part in walk(side) if part == old) for side in node.args[:2]]
        for new in (*_marks(old, known), *_indices(old, known)):
            if sum(places) > 1 and all(places):
                yield node.func(*(_written(side, old, new) for side in node.args))
            for side in (0, 1):
                if places[side] > 1:
                    yield put(node, (side,), _written(node.args[side], old, new))
        for name in _alike(old, known) if old in known.points else ():
            for side in (0, 1):
                if places[side] > 1:
                    yield put(node, (side,), _written(node.args[side], old, _renamed(old, name)))


def _written(term: Basic, old: Basic, new: Basic) -> Any:
    """A term with one name written for another wherever it stands, binders and the names of points included."""
    if term == old:
        return new
    return term.func(*(_written(part, old, new) for part in term.args)) if term.args else term


def _alike(node: Any, known: Known) -> Iterator[str]:
    for other in known.names:
        if (
            type(other) is type(node) and other.name != node.name and sort_of(other) == sort_of(node)
            and len(getattr(other, "indices", ())) == len(getattr(node, "indices", ()))
            and (node in known.points or other not in known.points)
        ):  # fmt: skip
            yield other.name


def _renamed(node: Any, name: str) -> Basic:
    if isinstance(node, Symbol):
        return Symbol(name)
    if isinstance(node, Variable):
        return Variable(name, node.sort, *node.indices)
    return Application(name, node.sort, node.indices, *node.arguments)


# ---- signs, numbers, powers ---------------------------------------------------------------------------------------


def _signs(node: Basic, known: Known) -> Change:
    """A sign: of one term of a sum, of a side, of what stands in an exponential or a power."""
    if isinstance(node, Add):
        for place, term in enumerate(node.args):
            yield Add(*node.args[:place], -term, *node.args[place + 1 :])
    elif isinstance(node, Relation) and not isinstance(node, Independent):
        for place in (0, 1):
            yield put(node, (place,), -node.args[place])
    elif isinstance(node, exp):
        yield exp(-node.args[0])
    elif isinstance(node, Expectation):
        yield -node
    elif isinstance(node, Pow) and not node.exp.is_number:
        yield Pow(node.base, -node.exp)


_FACTORS = (Rational(1, 2), Integer(2))


def _coefficients(node: Basic, known: Known) -> Change:
    """A lost ½ or 2, or one too many; a number that is off by one."""
    if isinstance(node, Add):
        for place, term in enumerate(node.args):
            for factor in _FACTORS:
                yield Add(*node.args[:place], factor * term, *node.args[place + 1 :])
    elif isinstance(node, Mul) or (is_a_name(node) and is_scalar(node)):
        for factor in _FACTORS:
            yield factor * node
    elif isinstance(node, Integer) and node not in (0, -1):
        yield node + 1
        yield node - 1
    elif isinstance(node, Relation) and not isinstance(node, Independent):
        for place in (0, 1):
            for factor in _FACTORS:
                yield put(node, (place,), factor * node.args[place])
    if isinstance(node, Mul) and node.args[0].is_Rational and abs(node.args[0]) != 1:
        yield Mul(*node.args[1:])


def is_a_name(node: Basic) -> bool:
    """Whether a node is a name: of a number, a point, or a function's value."""
    return isinstance(node, (Symbol, Variable, Application, Norm))


def _powers(node: Basic, known: Known) -> Change:
    """A lost square or root, or one too many."""
    if isinstance(node, Pow) and node.exp.is_Rational:
        for factor in _FACTORS:
            yield Pow(node.base, node.exp * factor)
    elif (is_a_name(node) or isinstance(node, (Add, Expectation))) and is_scalar(node) and node not in known.indices:
        yield node**2
        yield sqrt(node)
    elif isinstance(node, Mul) and is_scalar(node):
        yield sqrt(node)
        under = [part for part in node.args if _is_divided_by(part)]
        if len(under) > 1 or (under and node.args[0].is_Rational):
            number, _ = node.as_coeff_Mul()
            below = Mul(Integer(number.q), *(1 / part for part in under))
            above = Mul(Integer(number.p), *(part for part in node.args if part not in under and not part.is_Rational))
            yield above * Pow(below, Rational(-1, 2))
            yield above * Pow(below, -2)
    elif isinstance(node, Relation) and not isinstance(node, Independent):
        for place in (0, 1):
            if is_scalar(node.args[place]):
                yield put(node, (place,), sqrt(node.args[place]))
                yield put(node, (place,), node.args[place] ** 2)
    elif isinstance(node, Abs):
        yield node.args[0]


def _is_divided_by(part: Basic) -> bool:
    return isinstance(part, Pow) and part.exp.is_Rational and bool(part.exp < 0)


def _logarithms(node: Basic, known: Known) -> Change:
    """A lost logarithm or exponential, or one too many."""
    if isinstance(node, (log, exp)):
        yield node.args[0]
    elif isinstance(node, Expectation) and is_scalar(node.body):
        yield node.func(log(node.body), node.measure)
        yield log(node)
    elif isinstance(node, (Density, Normal)):
        yield log(node)
    elif isinstance(node, Relation) and not isinstance(node, Independent):
        for place in (0, 1):
            if is_scalar(node.args[place]):
                yield put(node, (place,), log(node.args[place]))
    elif isinstance(node, Add):
        for place, term in enumerate(node.args):
            if isinstance(term, (Mul, Pow, Symbol, Variable)) and is_scalar(term):
                number, rest = term.as_coeff_Mul()
                yield Add(*node.args[:place], number * log(rest), *node.args[place + 1 :])


def _quotients(node: Basic, known: Known) -> Change:
    """A quotient upside down; a factor below that belongs above, or above that belongs below."""
    if isinstance(node, Mul):
        scalars = [factor for factor in node.args if is_scalar(factor) and not factor.is_number]
        rest = [factor for factor in node.args if factor not in scalars]
        if any(isinstance(factor, Pow) and factor.exp.could_extract_minus_sign() for factor in scalars):
            yield Mul(*rest, *(1 / factor for factor in scalars))
        for place, factor in enumerate(node.args):
            if factor in scalars:
                yield Mul(*node.args[:place], 1 / factor, *node.args[place + 1 :])
    elif isinstance(node, Pow) and node.exp.is_Rational and node.exp < 0:
        yield 1 / node


def _complements(node: Basic, known: Known) -> Change:
    """x for 1 − x."""
    one_less = isinstance(node, Add) and S.One in node.args and len(node.args) == 2
    power = isinstance(node, Pow) and not node.exp.could_extract_minus_sign()
    if one_less or ((is_a_name(node) or power or isinstance(node, Probability)) and is_scalar(node)):
        yield 1 - node


# ---- what is dropped and put in -----------------------------------------------------------------------------------


def _dropped(node: Basic, known: Known) -> Change:
    """A dropped term of a sum."""
    if isinstance(node, Add):
        for place in range(len(node.args)):
            yield Add(*node.args[:place], *node.args[place + 1 :])


def _factors(node: Basic, known: Known) -> Change:
    """A dropped factor."""
    if isinstance(node, Mul):
        for place in range(len(node.args)):
            yield Mul(*node.args[:place], *node.args[place + 1 :])
    elif isinstance(node, MatrixProduct):
        for place in range(len(node.args)):
            yield MatrixProduct(*node.args[:place], *node.args[place + 1 :])


def _put_in(node: Basic, known: Known) -> Change:
    """A factor or a term too many, of those the statement speaks of."""
    terms = node.args if isinstance(node, Relation) and not isinstance(node, Independent) else ()
    for place, side in enumerate(terms[:2]):
        for number in (1, -1) if is_scalar(side) else ():
            yield put(node, (place,), side + number)
        for name in known.factors:
            for factor in (name, 1 / name, sqrt(name), 1 / sqrt(name)):
                yield put(node, (place,), side * factor)
    if isinstance(node, Add):
        for place, term in enumerate(node.args):
            for name in known.factors:
                for factor in (name, 1 / name, sqrt(name), 1 / sqrt(name)):
                    yield Add(*node.args[:place], term * factor, *node.args[place + 1 :])


# ---- laws, divergences, expectations ------------------------------------------------------------------------------


def _swapped(node: Basic, known: Known) -> Change:
    """The arguments of a divergence or a cross entropy, the factors of a product of matrices, in the other order."""
    if isinstance(node, (KL, CrossEntropy)):
        yield node.func(node.q, node.p, node.args[2])
    elif isinstance(node, MatrixProduct):
        for place in range(len(node.args) - 1):
            rest = list(node.args)
            rest[place : place + 2] = reversed(rest[place : place + 2])
            yield MatrixProduct(*rest)
    elif isinstance(node, Normal):
        yield Normal(node.point, node.covariance, node.mean)


def _exchanged(node: Basic, known: Known) -> Change:
    """Two densities, probabilities or members of one family, each in the other's place throughout a side."""
    sides = node.args[:2] if isinstance(node, Relation) and not isinstance(node, Independent) else ()
    for place, side in enumerate(sides):
        parts = dict.fromkeys(part for _, part in walk(side) if isinstance(part, (Density, Probability, Variable)))
        for one, other in itertools.combinations(parts, 2):
            alike = type(one) is type(other) and sort_of(one) == sort_of(other)
            if alike and (not isinstance(one, Variable) or one.name == other.name):
                yield put(node, (place,), _with(side, {one: other, other: one}))


def _with(term: Basic, instead: Mapping[Basic, Basic]) -> Any:
    """A term with others in the place of some of its parts, all at once."""
    if term in instead:
        return instead[term]
    return term.func(*(_with(part, instead) for part in term.args)) if term.args else term


def _conditioning(node: Basic, known: Known) -> Change:
    """p(A | B) for p(B | A), p(A, B) or p(A); a variable too many behind the bar; the same of events."""
    if isinstance(node, Density):
        if node.givens:
            yield Density(node.law, node.givens, node.targets)
            yield Density(node.law, [*node.targets, *node.givens])
        for place in range(len(node.givens)):
            kept = [pair for other, pair in enumerate(node.givens) if other != place]
            yield Density(node.law, node.targets, kept)
            yield Density(node.law, [*node.targets, node.givens[place]], kept)
        for place in range(len(node.targets) if len(node.targets) > 1 else 0):
            kept = [pair for other, pair in enumerate(node.targets) if other != place]
            yield Density(node.law, kept, node.givens)
            yield Density(node.law, kept, [*node.givens, node.targets[place]])
        held = {pair[0] for pair in (*node.targets, *node.givens)}
        for point in known.points:
            if point not in held:
                yield Density(node.law, node.targets, [*node.givens, point])
    elif isinstance(node, Probability):
        if node.given is not None:
            yield Probability(node.given, node.event, node.law)
            yield Probability(node.event, None, node.law)
            yield Probability(Intersection(node.event, node.given), None, node.law)
            yield Probability(node.event, Complement(node.given), node.law)
        yield Probability(Complement(node.event), node.given, node.law)
    elif isinstance(node, (Union, Intersection)):
        yield (Intersection if isinstance(node, Union) else Union)(*node.args)
    elif isinstance(node, Independent):
        for place in range(len(node.given)):
            fewer = (*node.given[:place], *node.given[place + 1 :])
            yield Independent(node.left, node.right, fewer, node.law)
        for first, second in ((node.left, node.right), (node.right, node.left)):
            if len(node.given) == 1:
                yield Independent(first, node.given, second, node.law)
    elif getattr(node, "sort", None) == EVENT and isinstance(node, (Symbol, Variable)):
        yield Complement(node)


def _moments(node: Basic, known: Known) -> Change:
    """The mean of a function for the function of the mean, E[f²] for Var(f), f for E[f]."""
    if isinstance(node, Expectation):
        yield node.body
        if isinstance(node.body, (log, exp)):
            yield node.body.func(node.func(node.body.args[0], node.measure))
        elif isinstance(node.body, Pow) and node.body.exp.is_number:
            yield Pow(node.func(node.body.base, node.measure), node.body.exp)
    elif isinstance(node, (log, exp)) and isinstance(node.args[0], Expectation):
        inner = node.args[0]
        yield Expectation(node.func(inner.body), inner.measure)
    elif isinstance(node, Pow) and isinstance(node.base, Expectation) and node.exp.is_number:
        yield Expectation(Pow(node.base.body, node.exp), node.base.measure)
    elif isinstance(node, Variance) and is_scalar(node.body):
        yield Expectation(node.body**2, node.measure)
    elif isinstance(node, Covariance) and is_scalar(node.left) and is_scalar(node.right):
        yield Expectation(node.left * node.right, node.measure)
    elif isinstance(node, Entropy):
        yield -node


def _operators(node: Basic, known: Known) -> Change:
    """A lost transpose, inverse, derivative, integral or inner product; a range that is off by one."""
    if isinstance(node, (Transpose, Inverse)) or (isinstance(node, (Gradient, Integral)) and is_scalar(node.args[0])):
        yield node.args[0]
    elif isinstance(node, (Sum, Product)):
        index, lower, upper = node.limits[-1]
        for low, high in ((lower + 1, upper), (lower - 1, upper), (lower, upper - 1), (lower, upper + 1)):
            yield node.func(node.function, *node.limits[:-1], Tuple(index, low, high))
        yield (Product if isinstance(node, Sum) else Sum)(node.function, *node.limits)
        yield node.function
    elif isinstance(node, (Gradient, Divergence)):
        yield node.body
    elif isinstance(node, Inner):
        yield Norm(node.args[0]) * Norm(node.args[1])
    elif not isinstance(node, Identity) and getattr(node, "sort", None) is not None and node.sort.kind == "matrix":
        yield Transpose(node)
        yield Inverse(node)


_TURNED: dict[type, type] = {
    LessEqual: GreaterEqual, GreaterEqual: LessEqual, Less: Greater, Greater: Less, Proportional: Equal,
}  # fmt: skip


def _relations(node: Basic, known: Known) -> Change:
    """≤ for ≥, = for ∝."""
    if type(node) in _TURNED:
        yield _TURNED[type(node)](node.args[0], node.args[1])
    elif isinstance(node, Equal):
        free = [point for point in known.points if point in free_variables(node) and not isinstance(point, Run)]
        if free:
            yield Proportional(node.lhs, node.rhs, free)


_KINDS: tuple[tuple[str, Callable[[Any, Known], Change]], ...] = (
    ("a sign", _signs),
    ("a factor of two", _coefficients),
    ("a square or a root", _powers),
    ("another mark", _marks),
    ("another index", _indices),
    ("another name or index throughout", _throughout),
    ("arguments swapped", _swapped),
    ("two parts exchanged", _exchanged),
    ("upside down", _quotients),
    ("the conditioning", _conditioning),
    ("the relation", _relations),
    ("a logarithm", _logarithms),
    ("one minus", _complements),
    ("a moment", _moments),
    ("an operator", _operators),
    ("a term dropped", _dropped),
    ("a factor dropped", _factors),
    ("another name", _names),
    ("a factor or a term put in", _put_in),
)
"""Every kind of slip, the commonest first."""

KINDS = tuple(name for name, _ in _KINDS)
