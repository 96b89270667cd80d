"""The certified sign of a term: of its normal form, or, where that is multiplied out too far to show it, of its parts.

‖x − y‖² is ⟨x, x⟩ − 2⟨x, y⟩ + ⟨y, y⟩ in normal form, and a square as it is written.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs, Add, Basic, Integer, Mul, Pow

from derive.algebra.normal import Converter
from derive.algebra.signs import NEGATED, Sign, value_sign
from derive.terms import Norm


def term_sign(convert: Converter, term: Basic) -> Sign:
    """"+", "-", "0", "+0", "-0", or None, wherever the term is defined."""
    if any(_of_range(condition) for condition in convert(term)[1]):
        return None  # of Σ_{k=2}^{n} 1 as n − 1 nothing is said where n < 1
    found = value_sign(convert.field, convert.value(term))
    return found if found is not None else _of_parts(convert, term)


def _of_range(condition: Any) -> bool:
    kind, what = condition
    return bool(kind == "range" or (kind == "each" and _of_range(what[0])))


def _of_parts(convert: Converter, term: Any) -> Sign:
    if isinstance(term, (Norm, Abs)):
        return "+0"
    if isinstance(term, Pow) and isinstance(term.exp, Integer):
        base = term_sign(convert, term.base)
        if int(term.exp) % 2:
            return base if int(term.exp) > 0 or base is None or base == "0" else base[0]
        return "+" if base in ("+", "-") or int(term.exp) < 0 else "+0"
    if isinstance(term, Mul):
        result: Sign = "+"
        for arg in term.args:
            result = _times(result, term_sign(convert, arg))
        return result
    if isinstance(term, Add):
        signs = {term_sign(convert, arg) for arg in term.args} - {"0"}
        for one in ("+", "-"):
            if signs <= {one, one + "0"}:
                return one if one in signs else one + "0"
    return None


def _times(a: Sign, b: Sign) -> Sign:
    if a is None or b is None:
        return None
    if "0" in (a, b):
        return "0"
    sign = b if a[0] == "+" else NEGATED[b]
    assert sign is not None
    return sign[0] if len(a) == len(b) == 1 else sign[0] + "0"
