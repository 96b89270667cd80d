"""Dropping constants: what does not depend on the chosen variable, left out under ∝."""

from __future__ import annotations

from sympy import Add, Basic, Mul, Pow, exp

from derive.errors import KernelRefusal
from derive.grounds.context import Context
from derive.kernel import Step, by_proportion
from derive.terms import mentions


def drop_constants(term: Basic, variable: Basic, where: Context) -> list[Step]:
    """term ∝ its factors that depend on the variable; one exponential is written for all exponents that do."""
    kept: list[Basic] = []
    exponents: list[Basic] = []
    dropped: list[Basic] = []
    for factor in Mul.make_args(term):
        if mentions(factor, variable, where.facts) is False:
            dropped.append(factor)
            continue
        base, power = factor.as_base_exp() if isinstance(factor, Pow) else (factor, 1)
        if isinstance(base, exp):
            for part in Add.make_args(Mul(power, base.args[0])):
                (dropped if mentions(part, variable, where.facts) is False else exponents).append(
                    exp(part) if mentions(part, variable, where.facts) is False else part
                )
        else:
            kept.append(factor)
    new = Mul(*kept, exp(Add(*exponents))) if exponents else Mul(*kept)
    if not dropped or new == term:
        raise KernelRefusal(f"no factor of this term is free of {variable}")
    return [by_proportion(term, new, Mul(*dropped), frozenset((variable,)), where)]
