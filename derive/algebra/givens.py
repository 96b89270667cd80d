"""What is given: definitions are put in, other equations become relations, inequalities become certified signs.

An equation with an atom on one side defines that atom, in an order in which no definition goes round in a circle. Any
other equation between numbers is solved for an atom that it holds linearly (with a coefficient certified non-zero) or
as a square (with a given sign); else its polynomial joins the relations that values are reduced by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Any, TypeVar

from flint import fmpq
from sympy import Basic, Integer, Mul, Pow, Rational, Symbol, exp, log

from derive.algebra import elementary, solving, words
from derive.algebra.express import generator_term, poly_term, value_term
from derive.algebra.field import Field, NeedsSize, Undefined, Unsupported, Value
from derive.algebra.normal import Converter, named_by_depth
from derive.algebra.polynomials import TooLarge
from derive.algebra.signs import factor_sign, nonzero
from derive.algebra.words import Alphabet
from derive.terms import (
    Application,
    Chain,
    Definition,
    Density,
    Equal,
    Expectation,
    Gradient,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    PositiveDefinite,
    PositiveSemidefinite,
    Relation,
    Transpose,
    Unequal,
    Variable,
    binding,
    is_scalar,
)

Result = TypeVar("Result")

SIZE = 16
"""How many generators a first field has; a question that needs more is asked again over a larger one."""

MOST_GENERATORS = 800
MOST_DEGREE = 120

FREE = ("atom", "opaque", "gram")
"""Generators that no relation ties to others: a bound may be put on them."""

STRICT = {Less: True, Greater: True, LessEqual: False, GreaterEqual: False}


def links(given: Iterable[Any]) -> tuple[Any, ...]:
    """The givens with chains a < b < c opened into their links."""
    found: list[Any] = []
    for statement in given:
        if isinstance(statement, Chain):
            found.extend(statement.links)
        else:
            found.append(statement)
    return tuple(found)


@lru_cache(maxsize=256)
def template(given: tuple[Any, ...], size: int, degree: int, unit: int = 1) -> Converter:
    """A converter that knows the givens; each question works on a fork of it."""
    convert = Converter(Field(size, degree, unit), Alphabet())
    statements = links(given)
    for statement in statements:
        if isinstance(statement, (PositiveDefinite, PositiveSemidefinite)):
            convert.symmetric.add(statement.args[0])
            if isinstance(statement, PositiveDefinite):
                convert.definite.add(statement.args[0])
        elif isinstance(statement, Equal):
            for side, other in ((statement.lhs, statement.rhs), (statement.rhs, statement.lhs)):
                if isinstance(side, Transpose) and side.args[0] == other:
                    convert.symmetric.add(other)
    inequalities = [s for s in statements if type(s) in STRICT or isinstance(s, Unequal)]
    pending = _define(convert, [s for s in statements if isinstance(s, (Equal, Definition))])
    told = [statement for statement in inequalities if _bound_atom(convert, statement)]
    rest = [statement for statement in inequalities if statement not in told]
    if rest:
        _learn(convert, rest)
    if pending:
        reduced: list[Relation] = []
        for statement in sorted(pending, key=lambda equation: 0 not in equation.args):
            _relate(convert, statement)  # an equation to zero first: it leaves every letter of the others
            _forget(convert)
            if statement not in convert.solved:
                reduced.append(statement)
                continue
            for earlier in reduced:  # in which a name has a value now
                _relate(convert, earlier)
                _forget(convert)
        _learn(convert, inequalities)
    return convert


def _forget(convert: Converter) -> None:
    """Signs and values are found anew: more is known now."""
    convert.memo.clear()
    for made in convert.field.factors:
        if made.kind == "poly":
            made.sign = False


def _is_atom(term: Any) -> bool:
    if isinstance(term, (Gradient, Expectation)):
        return not is_scalar(term)  # a number of that kind is reduced by, a vector is not
    return isinstance(term, (Symbol, Variable, Application, Density))


def _define(convert: Converter, equations: list[Relation]) -> list[Relation]:
    """Put definitions in; hand back the equations that define nothing."""
    meaning: dict[Any, Any] = {}
    pending = []
    for equation in equations:
        for atom, value in ((equation.lhs, equation.rhs), (equation.rhs, equation.lhs)):
            if isinstance(atom, log):  # log a = b says what a is
                atom, value = atom.args[0], exp(value)
            if _is_atom(atom) and atom not in meaning and not solving.reaches(value, atom, meaning):
                meaning[atom] = value
                convert.solved.add(equation)
                break
        else:
            pending.append(equation)
    for atom, value in meaning.items():
        if isinstance(atom, (Symbol, Variable)):
            convert.definitions[atom] = value
        else:
            convert.opaque_definitions[atom] = value
    _name_opaque(convert)
    _forget(convert)
    return pending


def _name_opaque(convert: Converter) -> None:
    """Definitions of values of functions, under the keys that their arguments have by what is known now."""
    for key in [key for key in convert.definitions if not isinstance(key, Basic) and key not in convert.rates]:
        del convert.definitions[key]
    for atom, value in convert.opaque_definitions.items():
        term = named_by_depth(atom) if binding(atom) is not None else atom
        convert.definitions[(type(atom).__name__, *map(convert.argument_key, term.args))] = value


def _bound_atom(convert: Converter, statement: Any) -> bool:
    """A bound of a free atom by a number, at once, since other facts are converted with it; whether it is one."""
    strict = STRICT.get(type(statement))
    if strict is None:
        return False
    low, high = statement.lhs, statement.rhs
    if isinstance(statement, (Greater, GreaterEqual)):
        low, high = high, low
    for atom, number, below in ((high, low, True), (low, high, False)):
        free = isinstance(atom, (Symbol, Variable)) and is_scalar(atom) and atom not in convert.definitions
        if free and isinstance(number, Rational):
            (factor,) = convert.field.atom(atom, "atom", None, atom).f
            place = convert.field.factors[factor].generator
            p, q = int(number.p), int(number.q)
            _bound(convert.field, place, Fraction(p, q), strict, below)
            _side_of(convert.field, place, p, q, strict, below)
            return True
    return False


def _side_of(field: Field, place: int, p: int, q: int, strict: bool, below: bool) -> None:
    """That q · g − p is positive, or negative, for a generator g."""
    poly = field.gens[place] * q - p
    number = field.factor(poly) if p else field.generator_factor(place)
    field.factors[number].parts = (1, ((number, 1),))
    if strict:
        field.nonzero.add(number)
    if field.known.get(number) not in ("+", "-"):
        field.known[number] = ("+" if below else "-") + ("" if strict else "0")
    if p:
        _note(field, poly if below else -poly, strict)


def _note(field: Field, poly: Any, strict: bool) -> None:
    """A fact, that a polynomial is positive or not negative, kept once."""
    same = next((k for k, (other, _) in enumerate(field.facts) if other == poly), None)
    if same is None:
        field.facts.append((poly, strict))
    elif strict:
        field.facts[same] = (poly, True)


def _bound(field: Field, place: int, number: Fraction, strict: bool, below: bool) -> None:
    low, low_strict, high, high_strict = field.bounds.get(place, (None, False, None, False))
    if below and (low is None or number > low or (number == low and strict)):
        low, low_strict = number, strict
    elif not below and (high is None or number < high or (number == high and strict)):
        high, high_strict = number, strict
    field.bounds[place] = (low, low_strict, high, high_strict)


def _learn(convert: Converter, inequalities: list[Any]) -> None:
    """Signs of polynomials from inequalities, until nothing new comes out."""
    for _ in range(3):
        _forget(convert)
        before = (dict(convert.field.known), set(convert.field.nonzero), dict(convert.field.bounds))
        for statement in inequalities:
            try:
                left, right = convert(statement.lhs)[0], convert(statement.rhs)[0]
                if not (isinstance(left, Value) and isinstance(right, Value)):
                    continue
                if isinstance(statement, (Greater, GreaterEqual)):
                    left, right = right, left
                difference = convert.field.add([right, convert.field.scale(left, -1)])
            except (Unsupported, Undefined, TooLarge):
                continue
            if isinstance(statement, Unequal):
                convert.field.nonzero.update(n for n, e in convert.field.irreducible(difference).f.items() if e > 0)
            else:
                _fact(convert.field, difference, STRICT[type(statement)])
        if before == (convert.field.known, convert.field.nonzero, convert.field.bounds):
            break
    _forget(convert)
    _name_opaque(convert)
    _forget(convert)


def _fact(field: Field, value: Value, strict: bool) -> None:
    """value > 0 (or ≥ 0): what it says of its factors."""
    if not value.c:
        return
    value, positive = field.irreducible(value), value.c > 0
    positive = value.c > 0
    open_ = []
    for number, exponent in value.f.items():
        if strict:
            field.nonzero.add(number)
        if type(exponent) is Fraction or exponent % 2 == 0:
            continue
        sign = factor_sign(field, number)
        if sign in ("+", "-") or (sign in ("+0", "-0") and strict):
            positive = positive == (sign[0] == "+")
        else:
            open_.append(number)
    if len(open_) != 1:
        return
    (number,) = open_
    sign = ("+" if positive else "-") + ("" if strict else "0")
    if field.known.get(number) not in ("+", "-"):
        field.known[number] = sign
    poly = field.factors[number].poly
    poly = poly if positive else -poly
    if len(poly) > 1:
        _note(field, poly, strict)
    used = [place for place, degree in enumerate(poly.degrees()) if degree]
    if len(used) == 1 and int(poly.degrees()[used[0]]) == 1 and field.generators[used[0]].kind in FREE:
        slope = poly.derivative(used[0])
        a = int(slope.leading_coefficient())
        rest = poly - slope * field.gens[used[0]]
        b = 0 if rest.is_zero() else int(rest.leading_coefficient())
        _bound(field, used[0], Fraction(-b, a), strict, a > 0)


def _relate(convert: Converter, equation: Relation) -> None:
    """Use an equation that defines no atom: solve it, or reduce by it."""
    field = convert.field
    try:
        left, right = convert(equation.lhs)[0], convert(equation.rhs)[0]
        if not (isinstance(left, Value) and isinstance(right, Value)):
            if _solve_array(convert, left, right):
                convert.solved.add(equation)
            return
        difference = field.add([left, field.scale(right, -1)])
        if not difference.c:
            return
        poly, _ = field.numerator(difference)
        poly = _without_what_is_nonzero(field, poly)
        if poly.is_constant():
            return
        if _solve(convert, poly, _squared(equation)):
            convert.solved.add(equation)
        else:
            if _branches(convert, poly):
                convert.solved.add(equation)
            _reduce_by(field, poly)
    except (Unsupported, Undefined, TooLarge):
        return


def _without_what_is_nonzero(field: Field, poly: Any) -> Any:
    """The polynomial without the factors that are certainly not zero: p a = p b says that a = b where p > 0."""
    if poly.is_constant():
        return poly
    poly = poly / poly.content()
    factors = field.irreducible(field.value(poly, fmpq(1), {})).f
    if len(factors) < 2:
        return poly
    zero = [number for number in factors if not nonzero(field, number)]
    if not zero or len(zero) == len(factors):
        return poly
    rest = field.factors[zero[0]].poly
    for number in zero[1:]:
        rest = rest * field.factors[number].poly
    return rest


def _solve_array(convert: Converter, left: Any, right: Any) -> bool:
    """Solve an equation between vectors or matrices; zero may stand for either."""
    sides = [{} if isinstance(side, Value) and not side.c else side for side in (left, right)]
    if any(isinstance(side, Value) for side in sides):
        return False
    minus = words.scale(convert.field, convert.field.number(-1), sides[1])
    return solving.solve(convert, words.add(convert.field, [sides[0], minus]))


def _squared(equation: Relation) -> Any:
    """The a of an equation a² = b: it is for this name that its author solved it."""
    for side in equation.args:
        if isinstance(side, Pow) and side.exp == 2 and isinstance(side.base, (Symbol, Variable)):
            return side.base
    return None


def _solve(convert: Converter, poly: Any, first: Any = None) -> bool:
    """Solve an equation for a name: for `first` before the others."""
    field = convert.field
    degrees = [int(degree) for degree in poly.degrees()]
    atoms = [p for p, d in enumerate(degrees) if d and field.generators[p].kind == "atom" and isinstance(
        field.generators[p].name, (Symbol, Variable))]  # fmt: skip
    others = [generator_term(convert, p) for p, d in enumerate(degrees) if d and field.generators[p].kind != "atom"]
    atoms = [p for p in atoms if not any(term.has(field.generators[p].name) for term in others)]
    atoms.sort(key=lambda place: field.generators[place].name != first)
    for place in atoms:
        solved = _linear_in(convert, poly, place) if degrees[place] == 1 else None
        if solved is not None:
            convert.definitions[field.generators[place].name] = solved
            return True
    for place in _rates(convert, degrees):
        solved = _linear_in(convert, poly, place)
        if solved is not None:
            key = field.generators[place].name
            convert.rates.add(key)
            convert.definitions[key] = value_term(convert, solved)  # of names that get their values later
            return True
    for place in atoms:
        if degrees[place] != 2:
            continue
        (factor,) = (field.generator_factor(place),)
        sign = factor_sign(field, factor)
        second = poly.derivative(place).derivative(place) / 2
        rest = poly - second * field.gens[place] ** 2
        if sign is None or int(rest.degrees()[place]) or not _certainly_nonzero(field, second):
            continue
        square = field.mul(field.value(-rest, fmpq(1), {}), field.power(field.value(second, fmpq(1), {}), -1))
        _fact(field, square, len(sign) == 1)
        for made in field.factors:
            if made.kind == "poly":
                made.sign = False
        length = elementary.root(field, square, Fraction(1, 2))
        convert.definitions[field.generators[place].name] = length if sign[0] == "+" else field.scale(length, -1)
        return True
    return False


def _linear_in(convert: Converter, poly: Any, place: int) -> Value | None:
    """What c g + rest = 0 makes of a generator g, where c is certainly not zero."""
    field = convert.field
    slope = poly.derivative(place)
    if not _certainly_nonzero(field, slope):
        return None
    rest = poly - slope * field.gens[place]
    return field.mul(field.value(-rest, fmpq(1), {}), field.power(field.value(slope, fmpq(1), {}), -1))


def _rates(convert: Converter, degrees: list[int]) -> list[int]:
    """The derivatives of numbers that a polynomial holds linearly, and that stand in nothing else of it."""
    spoken = [(p, generator_term(convert, p)) for p, d in enumerate(degrees) if d]
    return [
        place for place, term in spoken
        if isinstance(term, Gradient) and is_scalar(term) and degrees[place] == 1
        and not any(other.has(term) for p, other in spoken if p != place)
    ]  # fmt: skip


def _branches(convert: Converter, poly: Any) -> bool:
    """The two roots of an equation quadratic in an atom of unknown sign: points are drawn from either."""
    field = convert.field
    places = [place for place, degree in enumerate(poly.degrees()) if degree]
    if any(field.generators[place].kind != "atom" for place in places):
        return False
    for place in places:
        name = field.generators[place].name
        second = poly.derivative(place).derivative(place) / 2
        rest = poly - second * field.gens[place] ** 2
        if int(poly.degrees()[place]) != 2 or int(rest.degrees()[place]) or not _certainly_nonzero(field, second):
            continue
        if name in convert.choices or not isinstance(name, (Symbol, Variable)):
            continue
        square = Mul(Integer(-1), poly_term(convert, rest), Pow(poly_term(convert, second), -1))
        convert.choices[name] = (Pow(square, Rational(1, 2)), Mul(Integer(-1), Pow(square, Rational(1, 2))))
        return True
    return False


def _certainly_nonzero(field: Field, poly: Any) -> bool:
    if poly.is_constant():
        return True
    value = field.irreducible(field.value(poly, fmpq(1), {}))
    return all(nonzero(field, number) for number in value.f)


def _reduce_by(field: Field, poly: Any) -> None:
    leading = poly.monomial(0)
    place = next(k for k, exponent in enumerate(leading) if exponent)
    field.relations.append((place, int(leading[place]), poly))


def reader(given: Sequence[Any]) -> Converter:
    """The converter that knows the givens, to be read and not to be asked."""
    return within(given, lambda convert: convert, fork=False)


def within(given: Sequence[Any], question: Callable[[Converter], Result], fork: bool = True) -> Result:
    """The question's answer over a field that is large enough for it."""
    size, degree, unit = SIZE, 2, 1
    while True:
        try:
            convert = template(tuple(given), size, degree, unit)
            return question(convert.fork() if fork else convert)
        except NeedsSize as needs:
            size, degree, unit = max(size, needs.size), lcm(degree, needs.degree), lcm(unit, needs.unit)
            if size > MOST_GENERATORS or degree > MOST_DEGREE:
                raise TooLarge("too many generators, or roots of too high a degree") from None
