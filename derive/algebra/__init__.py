"""Algebra: when two ordinary expressions are equal. Three answers, each with what shows it.

    decide(lhs, rhs, given)     equal with a proof, different with a point, or unknown
    sign(expr, given)           a certified sign, or None
    normal_key(expr, given)     equal keys prove equality
    tidy(expr, given)           an equal form as a careful author would write it
"""

from derive.algebra.answer import Answer
from derive.algebra.decide import decide, normal_key, positive, sign
from derive.algebra.tidy import tidy

__all__ = ["Answer", "decide", "normal_key", "positive", "sign", "tidy"]
