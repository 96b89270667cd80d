"""Algebra: when two ordinary expressions are equal. Three answers, each with what shows it.

    decide(lhs, rhs, given)     equal with a proof, different with a point, or unknown
    sign(expr, given)           a certified sign, or None
    normal_key(expr, given)     equal keys prove equality
    only_numbers(terms)         whether their names are free parameters, and nothing else is in them
    satisfiable(given)          True where a point satisfies the givens, else None
    tidy(expr, given)           an equal form as a careful author would write it
    expand(expr, given)         the terms of the expression multiplied out
"""

from derive.algebra.answer import Answer
from derive.algebra.decide import decide, normal_key, only_numbers, positive, satisfiable, sign
from derive.algebra.expand import expand
from derive.algebra.tidy import tidy

__all__ = ["Answer", "decide", "expand", "normal_key", "only_numbers", "positive", "satisfiable", "sign", "tidy"]
