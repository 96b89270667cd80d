"""From terms to normal forms: numbers become values, vectors and matrices combinations of words.

Each subterm is converted once. Beside its value it carries what must hold for it to be defined: factors that may not
be zero, products that may not be negative. What algebra does not look into (densities, expectations, values of unknown
functions, sums of symbolic length) is an opaque atom, and two of them are one where their arguments, normalised in the
same way and with bound variables named by depth, are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flint import fmpq
from sympy import (
    Abs,
    Add,
    Basic,
    Expr,
    Integer,
    Max,
    Min,
    Mul,
    Pow,
    Product,
    Rational,
    S,
    Sum,
    Symbol,
    Tuple,
    binomial,
    cos,
    cosh,
    erf,
    exp,
    gamma,
    log,
    sign,
    sin,
    sinh,
    tan,
    tanh,
)
from sympy.core.symbol import Str

from derive.algebra import angles, arrays, calculus, elementary, roots, special, sums, words
from derive.algebra.arrays import scalar_of
from derive.algebra.field import ONE, ZERO, Field, Undefined, Unsupported, Value
from derive.algebra.needs import NONE, Condition, Conditions, all_nonzero, nonnegative
from derive.algebra.ranges import Ranges
from derive.algebra.signs import nonzero, value_sign
from derive.algebra.words import Alphabet, Linear
from derive.errors import InputError
from derive.terms import (
    Application,
    Density,
    Determinant,
    Entry,
    Identity,
    Inner,
    Integral,
    Inverse,
    MatrixPower,
    MatrixProduct,
    Norm,
    Normal,
    Probability,
    Run,
    Sort,
    Trace,
    Transpose,
    Variable,
    binding,
    canonical,
    free_variables,
    is_scalar,
    sort_of,
)

MOST_DEPTH = 300
"""How deeply terms may be nested."""


Normalised = Value | Linear


class Converter:
    """Terms of one question, over one field."""

    def __init__(self, field: Field, alphabet: Alphabet) -> None:
        self.field = field
        self.alphabet = alphabet
        self.memo: dict[Basic, tuple[Any, Conditions]] = {}
        self.definitions: dict[Any, Expr | Normalised] = {}
        self.opaque_definitions: dict[Any, Basic] = {}
        self.rates: set[Any] = set()  # the keys of derivatives that a given equation is solved for
        self.choices: dict[Any, tuple[Any, ...]] = {}
        self.solved: set[Any] = set()
        self.symmetric: set[Any] = set()
        self.definite: set[Any] = set()
        self.roots: set[int] = set()
        self.products: dict[Any, Value] = {}  # determinants of sums that were met as products
        self.ranges: Ranges | None = None  # where sums are taken apart by their ranges
        self.open: list[Any] = []
        self.spoken: dict[tuple[int, str], bool] = {}  # whether a name occurs in a factor
        self.depth = 0

    def fork(self) -> Converter:
        """A copy for one more question under the same givens."""
        copy = Converter(self.field.fork(), self.alphabet.fork())
        copy.memo = dict(self.memo)
        copy.definitions, copy.opaque_definitions = self.definitions, self.opaque_definitions
        copy.rates = self.rates
        copy.choices, copy.solved, copy.symmetric = self.choices, self.solved, self.symmetric
        copy.definite, copy.products = self.definite, dict(self.products)
        return copy

    def value(self, term: Basic) -> Value:
        """The normal form of a number."""
        found = self(term)[0]
        return found if isinstance(found, Value) else scalar_of(found)

    def __call__(self, term: Basic) -> tuple[Any, Conditions]:
        """The normal form of a term and what it needs to be defined."""
        found = CONSTANTS.get(type(term)) or self.memo.get(term)
        if found is None:
            self.depth += 1
            if self.depth > MOST_DEPTH:
                raise Unsupported("a term nested too deeply")
            try:
                rule = RULES.get(type(term)) or _by_kind(term)
                found = self.memo[term] = rule(self, term)
            finally:
                self.depth -= 1
        return found

    def linear(self, term: Basic) -> tuple[Linear, Conditions]:
        """The normal form of a vector or matrix."""
        value, conditions = self(term)
        if isinstance(value, Value):
            if value.c:
                raise Unsupported("a number where a vector or matrix was expected")
            return {}, conditions
        return value, conditions

    # ---- keys ------------------------------------------------------------------------------------------------------

    def key(self, value: Normalised) -> Any:
        """A hashable form: the same key, the same value (within this field)."""
        if isinstance(value, Value):
            value = self.field.irreducible(value)
            return (value.c, frozenset(value.f.items()))
        return frozenset((word, self.key(coefficient)) for word, coefficient in value.items())

    def argument_key(self, part: Any) -> Any:
        """The key of an argument of an opaque atom; names and sorts stand for themselves."""
        if isinstance(part, (Str, Sort, Run)) or not isinstance(part, Basic):
            return part
        if isinstance(part, Tuple):
            return tuple(map(self.argument_key, part))
        if is_number_or_array(part):
            value, conditions = self(part)
            inside = frozenset(c for c in conditions if self.speaks_of(c) and not self.certain(c))
            key = self.key(value)
            return (key, inside) if inside else key
        if part.args:
            return (type(part).__name__, *map(self.argument_key, part.args))
        return part

    def speaks_of(self, condition: Condition, name: str = "#") -> bool:
        """Whether a name occurs in a condition; "#" in any that is about a bound variable."""
        kind, what = condition
        if kind == "each":
            return name == "#" or self.speaks_of(what[0], name)
        numbers = (what,) if kind == "nonzero" else what[1] | what[2]
        return any(self.mentions(number, name) for number in numbers)

    def certain(self, condition: Condition) -> bool:
        """Whether a condition is met by certificate."""
        kind, what = condition
        return self.certain(what[0]) if kind == "each" else kind == "nonzero" and nonzero(self.field, what)

    def mentions(self, number: int, name: str) -> bool:
        """Whether a name occurs in a factor; bound variables are named #depth.place, and "#" is any of them."""
        found = self.spoken.get((number, name))
        if found is None:
            found = self.spoken[number, name] = self._mentions(number, name)
        return found

    def _mentions(self, number: int, name: str) -> bool:
        field = self.field
        for place, degree in enumerate(field.factors[number].poly.degrees()):
            if not degree:
                continue
            generator = field.generators[place]
            if generator.factor >= 0:
                if self.mentions(generator.factor, name):
                    return True
            elif generator.base is not None:
                if any(self.mentions(inner, name) for inner in generator.base.f):
                    return True
            elif isinstance(generator.term, tuple):
                if self.word_mentions(generator.term, name):
                    return True
            elif name in str(generator.name if generator.term is None else generator.term):
                return True
        return False

    def word_mentions(self, word: words.Word, name: str) -> bool:
        """Whether a name occurs in a word."""
        return any(name in str(self.alphabet.atoms[letter.atom].term) for letter in word)

    @staticmethod
    def names_its_bound(term: Any) -> bool:
        """Whether a canonical binder could rename all it binds; else nothing inside it may be touched."""
        held = binding(term)
        return held is not None and all("#" in str(getattr(point, "name", "")) for point in held.bound)

    # ---- atoms -----------------------------------------------------------------------------------------------------

    def defined(self, key: Any) -> tuple[Any, Conditions] | None:
        """The value of an atom that a given equation defines."""
        meaning = self.definitions.get(key)
        if meaning is None:
            return None
        if key in self.open:
            raise Unsupported("definitions that go round in a circle")
        self.open.append(key)
        try:
            return self(meaning) if isinstance(meaning, Basic) else (meaning, NONE)
        finally:
            self.open.pop()

    def atom(self, term: Any, key: Any, kind: str, sign: str | None = None) -> tuple[Any, Conditions]:
        """The value of a free parameter or opaque term: its definition, or itself."""
        found = self.defined(key)
        if found is not None:
            return found
        if is_scalar(term):
            return self.field.atom(key, kind, sign, term), NONE
        kind_of_sort = sort_of(term).kind
        if kind_of_sort not in ("vector", "matrix"):
            raise Unsupported(f"a {kind_of_sort} where a number, a vector or a matrix was expected")
        letter = self.alphabet.letter(key, kind_of_sort == "vector", term in self.symmetric, term)
        return {(letter,): ONE}, NONE


def is_number_or_array(part: Any) -> bool:
    """Whether a part of an opaque atom has a value that is normalised: events, laws and sets of variables have none."""
    return isinstance(part, Expr) and sort_of(part).kind in ("scalar", "index", "vector", "matrix")


def _free(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    return convert.atom(term, term, "atom")


def _number(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    return Value(fmpq(int(term.p), int(term.q)), {}) if term.p else ZERO, NONE


def _pi(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    return convert.field.atom(term, "atom", "+", term), NONE


def _e(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    return elementary.exponential(convert.field, ONE), NONE


def _add(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    values, conditions, carried = [], NONE, False
    for arg in term.args:
        value, needed = convert(arg)
        values.append(value)
        if needed:
            conditions = conditions | needed
        carried = carried or type(value) is dict
    if not carried:
        return convert.field.add(values), conditions
    kept = [value for value in values if isinstance(value, dict) or value.c]
    if not all(isinstance(value, dict) for value in kept):
        raise Unsupported("a number added to a vector or matrix")
    return words.add(convert.field, kept), conditions


def _mul(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    numbers, conditions, carried = [], NONE, None
    for arg in term.args:
        value, needed = convert(arg)
        if needed:
            conditions = conditions | needed
        if isinstance(value, Value):
            numbers.append(value)
        elif carried is None:
            carried = value
        else:
            raise Unsupported("a commutative product of vectors or matrices")
    number = convert.field.product(numbers)
    return number if carried is None else words.scale(convert.field, number, carried), conditions


def _pow(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    field = convert.field
    below, exponent = term.args
    if isinstance(below, Norm) and isinstance(exponent, Integer) and exponent % 2 == 0:
        vector, conditions = convert.linear(below.args[0])
        square = words.inner(field, convert.alphabet, vector, vector)
        half = int(exponent) // 2
        return field.power(square, half), conditions | (all_nonzero(field, square) if half < 0 else NONE)
    base, conditions = convert(below)
    if isinstance(base, dict):
        base = scalar_of(base)
    if isinstance(exponent, Rational):
        number = int(exponent) if isinstance(exponent, Integer) else Fraction(int(exponent.p), int(exponent.q))
    else:
        value, more = convert(exponent)
        conditions = conditions | more
        if below is S.Exp1:
            return elementary.exponential(field, value), conditions
        found = elementary.power(field, base, value) if value.f else None
        if found is None and value.f:
            return _varying_power(convert, term, base, value), conditions
        if found is not None:
            return found, conditions
        number = elementary.fraction(value.c)
    if isinstance(number, int):
        result = field.power(base, number)
    else:
        squared_norm = isinstance(below, Pow) and isinstance(below.base, Norm)
        result = elementary.root(field, base, number)
        conditions |= NONE if squared_norm else nonnegative(field, base, strict=number < 0)
    return result, conditions | (all_nonzero(field, base) if number < 0 else NONE)


def _varying_power(convert: Converter, term: Any, base: Value, exponent: Value) -> Value:
    """b^(e + n) = bⁿ bᵉ for whole n, where nothing is known of the sign of b: bᵉ is an unknown."""
    field = convert.field
    whole, rest = special.whole_part(field, exponent)
    shown = Pow(term.base, term.exp - whole)
    atom = field.atom(("power", convert.key(base), convert.key(rest)), "function", None, shown)
    return field.mul(atom, field.power(base, whole)) if whole else atom


def _exp(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    value, conditions = convert(term.args[0])
    return elementary.exponential(convert.field, value), conditions


def _log(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    value, conditions = convert(term.args[0])
    if isinstance(value, dict):
        value = scalar_of(value)
    result = elementary.logarithm(convert.field, value)
    return result, conditions | nonnegative(convert.field, value, strict=True) | all_nonzero(convert.field, value)


def _abs(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    value, conditions = convert(term.args[0])
    return elementary.absolute(convert.field, value), conditions


def _extreme(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    """max(a, b) = (a + b + |a − b|)/2 and min(a, b) = (a + b − |a − b|)/2."""
    field, side = convert.field, 1 if isinstance(term, Max) else -1
    parts = [convert(arg) for arg in term.args]
    conditions = NONE.union(*(found for _, found in parts))
    best, *rest = (value if isinstance(value, Value) else scalar_of(value) for value, _ in parts)
    for other in rest:
        gap = elementary.absolute(field, field.add([best, field.scale(other, -1)]))
        best = field.scale(field.add([best, other, field.scale(gap, side)]), fmpq(1, 2))
    return best, conditions


def _hyperbolic(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    """sinh, cosh and tanh by eᵃ and e⁻ᵃ."""
    field = convert.field
    value, conditions = convert(term.args[0])
    up, down = (elementary.exponential(field, field.scale(value, side)) for side in (1, -1))
    s, c = field.add([up, field.scale(down, -1)]), field.add([up, down])
    if isinstance(term, tanh):
        return field.mul(s, field.power(c, -1)), conditions
    return field.scale(s if isinstance(term, sinh) else c, fmpq(1, 2)), conditions


def _sign(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    value, conditions = convert(term.args[0])
    return elementary.signum(convert.field, value), conditions


def _trigonometric(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    value, conditions = convert(term.args[0])
    c, s = angles.cosine_and_sine(convert.field, value)
    if isinstance(term, tan):
        return convert.field.mul(s, convert.field.power(c, -1)), conditions | all_nonzero(convert.field, c)
    return c if isinstance(term, cos) else s, conditions


def _opaque(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    """An atom whose arguments are normalised and whose bound variables are named by depth."""
    sign, shown = None, term
    try:
        binds = binding(term) is not None
    except InputError:  # a sum over several indices at once
        return convert.atom(shown, ("opaque", term), "opaque")
    if binds:
        term = named_by_depth(term)
        if not convert.names_its_bound(term):
            return convert.atom(shown, ("opaque", term), "opaque")
    elif isinstance(term, (Density, Probability)):
        sign = "+0"
    elif isinstance(term, Normal):
        sign = "+" if _nondegenerate(convert, term) else "+0"
    key = (type(term).__name__, *map(convert.argument_key, term.args))
    return convert.atom(shown, key, "opaque", sign)


def _sum_or_product(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    try:
        if binding(term) is not None:
            canonical_term = named_by_depth(term)
            if convert.names_its_bound(canonical_term):
                rule = sums.summation if isinstance(term, Sum) else sums.product
                return rule(convert, term, canonical_term)
    except (InputError, sums.Opaque):
        pass
    return _opaque(convert, term)


def _entry(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    return arrays.entry(convert, term) or _opaque(convert, term)


def _integral(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    named = named_by_depth(term)
    if len(term.limits) == 1 and convert.names_its_bound(named):
        try:
            return calculus.integral(convert, term, named)
        except (calculus.Opaque, Unsupported, Undefined):
            pass
    return _opaque(convert, term)


def named_by_depth(term: Any) -> Any:
    """A binder with its bound variables named #depth.place, outermost first.

    Inside another such binder they are named already, and stay so where an outer one's variable occurs: naming them
    anew from depth 0 would capture it.
    """
    if any("#" in str(getattr(item, "name", "")) for item in free_variables(term)):
        return term
    return canonical(term)


def _nondegenerate(convert: Converter, term: Normal) -> bool:
    variance = term.variance
    if variance is None:
        return term.covariance in convert.symmetric
    return value_sign(convert.field, convert.value(variance)) == "+"


def _refused(convert: Converter, term: Any) -> tuple[Any, Conditions]:
    raise Unsupported(f"{term} is no real number")


def _by_kind(term: Any) -> Callable[[Converter, Any], tuple[Any, Conditions]]:
    if isinstance(term, Rational):
        return _number
    if getattr(term, "is_Function", False) and not getattr(term, "is_Piecewise", False):
        return special.atom_of
    if isinstance(term, Expr) and not term.is_Atom:
        return _opaque
    return _refused


CONSTANTS: dict[type, tuple[Any, Conditions]] = {
    type(number): (Value(fmpq(int(number.p), int(number.q)), {}), NONE)
    for number in (S.Zero, S.One, S.NegativeOne, S.Half)
}

RULES: dict[type, Callable[[Converter, Any], tuple[Any, Conditions]]] = {
    Symbol: _free,
    Variable: _free,
    Integer: _number,
    Rational: _number,
    type(S.Pi): _pi,
    type(S.Exp1): _e,
    Add: _add,
    Mul: _mul,
    Pow: _pow,
    exp: _exp,
    log: _log,
    Abs: _abs,
    cos: _trigonometric,
    sin: _trigonometric,
    tan: _trigonometric,
    sinh: _hyperbolic,
    cosh: _hyperbolic,
    tanh: _hyperbolic,
    sign: _sign,
    erf: special.odd,
    gamma: special.gamma_function,
    binomial: special.choices,
    **dict.fromkeys(special.MADE_OF, special.made_of),
    Max: _extreme,
    Min: _extreme,
    Inner: arrays.inner,
    Norm: arrays.norm,
    Identity: arrays.identity,
    Transpose: arrays.transpose,
    MatrixProduct: arrays.product,
    MatrixPower: roots.matrix_power,
    Inverse: arrays.inverse,
    Trace: arrays.trace,
    Determinant: arrays.determinant,
    Entry: _entry,
    Sum: _sum_or_product,
    Integral: _integral,
    Product: _sum_or_product,
    Application: _opaque,
    Density: _opaque,
    Normal: _opaque,
}
