r"""One term as one Python expression that keeps its digits.

A product ᾱ_t of factors 1 − β_s is the exponential of a sum of log1p(−β_s), and 1 − ᾱ_t is −expm1 of that sum: near
the start of a schedule ᾱ_t is so close to 1 that the difference of the two would lose every digit.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import sympy
from sympy import Add, Basic, Integer, Mul, Pow, Rational, S, Symbol

from derive.errors import InputError
from derive.export.naming import python_name, spelled
from derive.export.quantities import Quantities, leaves
from derive.latex import unicode_text
from derive.latex.order import factor_key, term_key
from derive.terms import Application, Inner, Norm, Variable, is_scalar, sort_of

__all__ = ["Code", "Numeric", "cannot"]

SUM, PRODUCT, POWER, ATOM = range(4)


class Code(NamedTuple):
    """Python's text of an expression, and how tightly it holds together."""

    text: str
    level: int = ATOM

    def at(self, level: int) -> str:
        """The text, in parentheses where it holds together less tightly."""
        return self.text if self.level >= level else f"({self.text})"


def cannot(term: Basic) -> InputError:
    """That a term is not a number that a program could compute from its arguments."""
    return InputError(
        f"this cannot be written as code: {unicode_text(term)}",
        hint="an expectation, a density or a sum of unknown functions has no value to compute",
    )


class Numeric:
    """Writes terms in the names of one library (`np` or `torch`); remembers which quantities it called."""

    def __init__(self, quantities: Quantities, library: str) -> None:
        self.quantities, self.library = quantities, library
        self.called: dict[tuple[str, str], None] = {}
        self._functions: dict[type, Callable[[Any], Code]] = {
            sympy.log: self._log,
            sympy.exp: lambda term: self._call("exp", term.args[0]),
            sympy.sin: lambda term: self._call("sin", term.args[0]),
            sympy.cos: lambda term: self._call("cos", term.args[0]),
            sympy.tan: lambda term: self._call("tan", term.args[0]),
            sympy.tanh: lambda term: self._call("tanh", term.args[0]),
            sympy.Abs: lambda term: self._call("abs", term.args[0]),
            Add: self._sum,
            Mul: self._product,
            Pow: self._power,
            Norm: lambda term: Code(f"{self.library}.sqrt({self._squared(term)})"),
            Inner: self._inner,
        }

    def write(self, term: Any) -> Code:
        """The expression for a scalar or a vector. Raises `InputError` for what is no number to compute."""
        if isinstance(term, Rational):
            return self._number(term)
        if term == sympy.pi:
            return Code(f"{self.library}.pi")
        if isinstance(term, (Symbol, Variable, Application)):
            return self._leaf(term)
        found = self._functions.get(type(term))
        if found is None:
            raise cannot(term)
        return found(term)

    # ---- leaves ----

    def _number(self, number: Any) -> Code:
        if number.is_Integer:
            return Code(str(number), ATOM if number >= 0 else PRODUCT)
        return Code(f"{number.p} / {number.q}", PRODUCT)

    def _leaf(self, leaf: Any) -> Code:
        words = self.quantities
        if words.defined(leaf):
            return self.quantity("value", leaf)
        if words.is_array(leaf):
            name = python_name(words.array(leaf))
            return Code(f'_at({name}, {self.index(leaf.indices[0])}, {words.start(name)}, "{name}")')
        if isinstance(leaf, Symbol) and words.is_size(leaf):
            return Code("_size")
        return Code(python_name(leaf))

    def index(self, index: Any) -> str:
        """An index as a Python expression: `t - 1`."""
        for symbol in index.free_symbols:
            if symbol not in self.quantities.indices:
                raise cannot(index)
        return str(index)

    def quantity(self, kind: str, leaf: Any) -> Code:
        """A call of the function that computes a quantity, its logarithm, or one minus it."""
        self.called[kind, leaf.name] = None
        words = self.quantities
        arrays = [python_name(part) for part in words.ingredients(words.head(leaf.name))]
        inside = ", ".join([*arrays, *map(self.index, leaf.indices)])
        return Code(f"{function_name(kind, leaf.name)}({inside})")

    # ---- logarithms ----

    def log_of(self, term: Any) -> str | None:
        """The logarithm of a product of what is known by its logarithm; None for anything else."""
        if term == 1:
            return "0.0"
        if isinstance(term, Mul):
            parts = [self.log_of(factor) for factor in sorted(term.args, key=factor_key)]
            if any(part is None for part in parts):
                return None
            return _summed([part for part in parts if part is not None])
        if isinstance(term, Pow) and isinstance(term.exp, Rational):
            inside = self.log_of(term.base)
            if inside is None:
                return None
            if term.exp == -1:
                return f"-{inside}" if _CALL.fullmatch(inside) else f"-({inside})"
            return f"{self._number(term.exp).at(ATOM)} * ({inside})"
        if not isinstance(term, Variable) or not self.quantities.defined(term):
            return None
        if self.is_product(term.name):
            return self.quantity("log", term).text
        if term.name in self.quantities.definitions:
            return self._log_of_rest(self.quantities.value(term))
        return None

    def is_product(self, name: str) -> bool:
        """Whether the quantity is a product whose factors are known by their logarithms."""
        if name not in self.quantities.recursions:
            return False
        factor = self.quantities.factor(name)
        return factor is not None and self.log_of(factor) is not None

    def _log_of_rest(self, value: Any) -> str | None:
        """log(1 − β) as log1p(−β), for an array β; of a product, by its factors."""
        if isinstance(value, Add) and len(value.args) == 2 and S.One in value.args:
            other = next(arg for arg in value.args if arg != 1)
            if all(self.quantities.is_array(leaf) or leaf in self.quantities.indices for leaf in leaves(other)):
                return f"{self.library}.log1p({self.write(other).text})"
        return self.log_of(value) if not isinstance(value, Add) else None

    def _log(self, term: Any) -> Code:
        known = self.log_of(term.args[0])
        return Code(known, SUM) if known is not None else self._call("log", term.args[0])

    def _call(self, name: str, argument: Any) -> Code:
        return Code(f"{self.library}.{name}({self.write(argument).text})")

    # ---- sums, products, powers ----

    def _sum(self, term: Any) -> Code:
        """A sum, each difference of two things known by their logarithms taken without cancellation."""
        rest = sorted(term.args, key=term_key)
        parts: list[str] = []
        for negative in [arg for arg in rest if _is_negative(arg) and self.log_of(-arg) is not None]:
            fits = (arg for arg in rest if not _is_negative(arg) and self.log_of(arg) is not None)
            positive = next(fits, None)
            if positive is not None:
                rest = [arg for arg in rest if arg not in (positive, negative)]
                parts.append(self._difference(positive, -negative))
        text = " + ".join(parts)
        for arg in sorted(rest, key=_is_negative):
            negative = _is_negative(arg)
            piece = self.write(-arg if negative else arg).at(PRODUCT if negative else SUM)
            sign = " - " if negative else " + "
            text = text + sign + piece if text else ("-" + piece if negative else piece)
        single = ATOM if text.startswith("_one_minus") else PRODUCT
        return Code(text, SUM if rest or len(parts) > 1 else single)

    def _difference(self, positive: Any, negative: Any) -> str:
        """u − w as u (1 − w/u), with 1 − exp(l) as −expm1(l)."""
        if positive == 1 and isinstance(negative, Variable) and self.is_product(negative.name):
            return self.quantity("rest", negative).text
        below, above = self.log_of(positive), self.log_of(negative)
        apart = below if below and _CALL.fullmatch(below) else f"({below})"
        inside = above if positive == 1 else f"{above} - {apart}"
        gap = f"-{self.library}.expm1({inside})"
        return gap if positive == 1 else f"{self.write(positive).at(PRODUCT)} * {gap}"

    def _product(self, term: Any) -> Code:
        vectors = [factor for factor in term.args if not is_scalar(factor)]
        scalars = [factor for factor in term.args if is_scalar(factor)]
        if len(vectors) > 1:
            raise cannot(term)
        scaled = self._ratio(scalars)
        if not vectors:
            return scaled
        body = self.write(vectors[0])
        if scaled.text == "-1":
            return Code("-" + body.at(POWER), PRODUCT)
        if not any(True for factor in scalars for _ in leaves(factor)):
            return Code(f"{scaled.at(PRODUCT)} * {body.at(POWER)}", PRODUCT)
        return Code(f"_like({scaled.text}, {self.shaped(vectors[0])}) * {body.at(POWER)}", PRODUCT)

    def shaped(self, vector: Any) -> str:
        """An argument that has the shape of a vector."""
        for leaf in leaves(vector):
            if not is_scalar(leaf) and sort_of(leaf).kind == "vector":
                return python_name(leaf)
        raise cannot(vector)

    def _ratio(self, factors: list[Any]) -> Code:
        """The factors as a fraction: what has a negative power stands below the line."""
        number = Mul(*[factor for factor in factors if isinstance(factor, Rational)])
        above, below = [], []
        for factor in sorted((f for f in factors if not isinstance(f, Rational)), key=factor_key):
            if isinstance(factor, Pow) and factor.exp.could_extract_minus_sign():
                below.append(self.write(Pow(factor.base, -factor.exp)))
            else:
                above.append(self.write(factor))
        sign = "-" if number < 0 else ""
        top, bottom = abs(number.p), number.q
        upper = [*([str(top)] if top != 1 or not above else []), *(code.at(POWER) for code in above)]
        lower = [*([str(bottom)] if bottom != 1 else []), *(code.at(POWER) for code in below)]
        text = sign + " * ".join(upper)
        if lower:
            text += " / " + (lower[0] if len(lower) == 1 else f"({' * '.join(lower)})")
        return Code(text, PRODUCT)

    def _power(self, term: Any) -> Code:
        base, exponent = term.base, term.exp
        if isinstance(base, Norm) and exponent == 2:
            return Code(self._squared(base))
        if not is_scalar(base):
            raise cannot(term)
        if exponent == S.Half:
            return Code(f"{self._root(base)}")
        if isinstance(exponent, Rational) and exponent < 0:
            return Code(f"1 / {self.write(Pow(base, -exponent)).at(POWER)}", PRODUCT)
        if isinstance(exponent, Rational) and exponent.q == 2:
            return Code(f"{self._root(base)}**{exponent.p}", POWER)
        return Code(f"{self.write(base).at(ATOM)}**{self.write(exponent).at(ATOM)}", POWER)

    def _root(self, base: Any) -> str:
        """A square root; of a difference through a guard, since rounding may leave −10⁻²⁰ where there is 0."""
        sums = [factor for factor in Mul.make_args(base) if isinstance(factor, Add)]
        guarded = any(self.write(factor).level == SUM for factor in sums)
        name = "_root" if guarded else f"{self.library}.sqrt"
        return f"{name}({self.write(base).text})"

    # ---- vectors ----

    def _squared(self, norm: Any) -> str:
        return f"_squared_norm({self.write(norm.args[0]).text}, _axes)"

    def _inner(self, term: Any) -> Code:
        left, right = (self.write(arg) for arg in term.args)
        return Code(f"_inner({left.text}, {right.text}, _axes)")


def function_name(kind: str, name: str) -> str:
    """alpha_bar, _log_alpha_bar, _one_minus_alpha_bar."""
    return {"value": "", "log": "_log_", "rest": "_one_minus_"}[kind] + spelled(name)


_CALL = re.compile(r"[\w.]+\([^()]*\)")


def _summed(parts: list[str]) -> str:
    """The parts between signs, those with a minus last."""
    ordered = sorted((part for part in parts if part != "0.0"), key=lambda part: part.startswith("-"))
    return (" + ".join(ordered) or "0.0").replace(" + -", " - ")


def _is_negative(term: Any) -> bool:
    """Whether the term carries a minus that can be seen."""
    number = term if isinstance(term, Rational) else term.args[0] if isinstance(term, Mul) and term.args else Integer(1)
    return isinstance(number, Rational) and bool(number < 0)
