r"""What an author may have meant that is more than one slip of notation: another random variable, a lost determinant.

Each repair is only a candidate: it is suggested where it is proved, like any claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from sympy import Symbol

from derive.models import Model
from derive.terms import Density, Expectation, Variable, Variance, free_variables, substitute
from derive.terms.rewriting import rewritten

__all__ = ["of_another_variable", "with_determinants"]

_FRACTION = re.compile(r"\\log\s*(?:\\left\s*)?[(\[{]?\s*\\[dt]?frac\s*\{")
_PLAIN = re.compile(
    r"(?P<open>\\log\s*(?:\\left\s*)?[(\[|]?\s*)(?P<name>\\(?:Sigma|Lambda|Gamma)\s*(?:_\{[^{}]*\}|_[^\s{}])?)"
)


def of_another_variable(link: Any, model: Model) -> Iterator[Any]:
    """E[X] = … as E[Y] = …, where the text has `Y = g(X)`."""
    for item in model.definitions:
        if not isinstance(item.lhs, (Symbol, Variable)):
            continue
        for source in sorted((v for v in free_variables(item.rhs) if isinstance(v, (Symbol, Variable))), key=str):
            changed = rewritten(link, partial(_swapped, source=source, image=item.lhs))
            if changed != link:
                yield changed


def _swapped(term: Any, source: Any, image: Any) -> Any:
    """A moment of the one variable `source`, under no named law, as that of its image; None for what is none."""
    if isinstance(term, (Expectation, Variance)) and isinstance(term.measure, Density):
        names = [variable for variable, _ in term.measure.targets]
        if not str(term.measure.law.name) and names == [source]:
            return type(term)(substitute(term.body, {source: image}), Density(term.measure.law, ((image, image),), ()))
    return None


def with_determinants(text: str) -> Iterator[str]:
    r"""`\log \frac{\Sigma_2}{\Sigma_1}` as the logarithm of the ratio of determinants, `\log \Sigma` as that of one."""
    for found in _FRACTION.finditer(text):
        first = _group(text, found.end() - 1)
        second = None if first is None else _group(text, first)
        if first is not None and second is not None and text[first] == "{":
            numerator, denominator = text[found.end() : first - 1], text[first + 1 : second - 1]
            yield f"{text[: found.end()]}\\det {numerator}}}{{\\det {denominator}}}{text[second:]}"
    for found in _PLAIN.finditer(text):
        yield f"{text[: found.start('name')]}\\det {text[found.start('name') :]}"


def _group(text: str, start: int) -> int | None:
    """Where the brace group that begins at a place ends."""
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == "{") - (text[at] == "}")
        if depth == 0:
            return at + 1
    return None
