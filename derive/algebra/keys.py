"""Keys without history: two terms with one key are equal under the givens the keys were made with.

Inside one question, factors and generators are numbers; here they are spelt out by the terms they stand for, with the
sign of every polynomial fixed by its smallest monomial, so that keys made at different times may be compared.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Basic, Symbol, Tuple
from sympy.core.symbol import Str

from derive.algebra.elementary import rational
from derive.algebra.field import Exponent, Value
from derive.algebra.normal import Converter, Normalised, is_number_or_array, named_by_depth
from derive.algebra.words import Letter
from derive.errors import InputError
from derive.terms import Run, Sort, Variable, binding


def public_key(convert: Converter, value: Normalised) -> Any:
    """The key of a normal form."""
    if not isinstance(value, Value):
        return frozenset(
            (tuple(_letter(convert, letter) for letter in word), public_key(convert, coefficient))
            for word, coefficient in value.items()
        )
    field = convert.field
    value = field.irreducible(value)
    c, powers, exponents = value.c, dict[Any, Exponent](), list[Value]()
    for number, exponent in value.f.items():
        made = field.factors[number]
        generator = field.generators.get(made.generator)
        if generator is not None and generator.kind == "exp":
            assert generator.base is not None
            exponents.append(field.scale(generator.base, rational(exponent)))
            continue
        if type(exponent) is Fraction:
            powers[_poly(convert, made.poly)] = exponent
        else:
            key, flipped = _oriented(convert, made.poly)
            powers[key] = exponent
            c = -c if flipped and exponent % 2 else c
    total = field.add(exponents)
    return (int(c.p), int(c.q), frozenset(powers.items()), public_key(convert, total) if total.c else None)


def _poly(convert: Converter, poly: Any, sign: int = 1) -> Any:
    return frozenset(
        (_monomial(convert, monomial), sign * int(coefficient))
        for monomial, coefficient in zip(poly.monoms(), poly.coeffs(), strict=True)
    )


def _oriented(convert: Converter, poly: Any) -> tuple[Any, bool]:
    key = _poly(convert, poly)
    flipped = min(key, key=lambda entry: _ordered(entry[0]))[1] < 0
    return (_poly(convert, poly, -1) if flipped else key), flipped


def _ordered(key: Any) -> str:
    if isinstance(key, frozenset):
        return "{" + ",".join(sorted(map(_ordered, key))) + "}"
    if isinstance(key, tuple):
        return "(" + ",".join(map(_ordered, key)) + ")"
    return repr(key)


def _monomial(convert: Converter, monomial: Any) -> Any:
    field = convert.field
    powers, exponents = list[tuple[Any, Exponent]](), list[Value]()
    for place, exponent in enumerate(monomial):
        if not exponent:
            continue
        generator = field.generators[place]
        over = field.generators.get(field.factors[generator.factor].generator) if generator.kind == "root" else None
        if generator.kind == "exp":
            assert generator.base is not None
            exponents.append(field.scale(generator.base, int(exponent)))
        elif over is not None and over.kind == "exp":
            assert over.base is not None
            exponents.append(field.scale(over.base, rational(Fraction(int(exponent), field.degree))))
        elif generator.kind == "root":
            powers.append((_poly(convert, field.factors[generator.factor].poly), Fraction(int(exponent), field.degree)))
        else:
            powers.append((_generator(convert, place), int(exponent)))
    total = field.add(exponents)
    return frozenset(powers), public_key(convert, total) if total.c else None


def _generator(convert: Converter, place: int) -> Any:
    generator = convert.field.generators[place]
    if generator.kind == "log":
        return ("log", _poly(convert, convert.field.factors[generator.factor].poly))
    if generator.kind == "abs":
        return ("abs", _oriented(convert, convert.field.factors[generator.factor].poly)[0])
    if generator.kind == "sign":
        return ("sign", _poly(convert, convert.field.factors[generator.factor].poly))
    if generator.kind in ("cos", "sin"):
        assert generator.base is not None
        return (generator.kind, public_key(convert, generator.base))
    if isinstance(generator.term, tuple):
        kind, word = generator.name[0], generator.term
        turns = [word] if kind == "inner" else [word[k:] + word[:k] for k in range(len(word))]
        turns += [convert.alphabet.transposed(turn) for turn in turns]
        return (kind, min((tuple(_letter(convert, letter) for letter in turn) for turn in turns), key=_ordered))
    return term_key(convert, generator.term if generator.term is not None else generator.name)


def _letter(convert: Converter, letter: Letter) -> Any:
    return term_key(convert, convert.alphabet.atoms[letter.atom].term), letter.transposed, letter.inverted


def term_key(convert: Converter, term: Any) -> Any:
    """The key of an atom: its kind, and the keys of its arguments."""
    if isinstance(term, (Symbol, Variable)) or not getattr(term, "args", ()):
        return term
    try:
        binds = binding(term) is not None
    except InputError:
        return ("as it stands", term)
    if binds:
        term = named_by_depth(term)
        if not convert.names_its_bound(term):
            return ("as it stands", term)
    return (type(term).__name__, *(_argument(convert, part) for part in term.args))


def _argument(convert: Converter, part: Any) -> Any:
    if isinstance(part, (Str, Sort, Run)) or not isinstance(part, Basic):
        return part
    if isinstance(part, Tuple):
        return tuple(_argument(convert, item) for item in part)
    if is_number_or_array(part):
        value, conditions = convert(part)
        return public_key(convert, value), frozenset(
            _condition(convert, condition) for condition in conditions
            if convert.speaks_of(condition) and not convert.certain(condition)
        )
    if part.args:
        return (type(part).__name__, *(_argument(convert, item) for item in part.args))
    return part


def _condition(convert: Converter, condition: Any) -> Any:
    kind, what = condition
    if kind == "each":
        return kind, _condition(convert, what[0])
    sign, *groups = (0, (what,)) if kind == "nonzero" else what
    return kind, sign, *(
        tuple(sorted(_ordered(_poly(convert, convert.field.factors[n].poly)) for n in numbers)) for numbers in groups
    )
