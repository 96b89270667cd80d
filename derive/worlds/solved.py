"""An equation solved for a value of an unknown function, or a vector, in it that nothing else defines.

x_t = a x̂_0 + b ε_θ(x_t, t), where x_t is given already, says what ε_θ is: ε_θ(x_t, t) = (x_t − a x̂_0) / b. A world in
which it is that satisfies the equation wherever b is not zero; that it does is checked like everything that is assumed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Add, Basic, Mul, Pow, S, Symbol

from derive.terms import SCALAR, Application, Equal, Variable, is_scalar
from derive.worlds.setting import walk

__all__ = ["Solution", "on_a_circle", "same_kind", "solutions"]


@dataclass(frozen=True)
class Solution:
    """What an equation makes of a name, wherever `scale` is not zero."""

    equation: Equal
    meaning: Equal
    scale: Any


def solutions(equation: Equal, random: Collection[Basic]) -> Iterator[Solution]:
    """The equation solved for each of its function values, then for each of its vectors, none of which is random."""
    for wanted in (_is_value, _is_vector):
        for side, other in ((equation.lhs, equation.rhs), (equation.rhs, equation.lhs)):
            for head in dict.fromkeys(node for node in walk(side) if wanted(node) and node not in random):
                found = None if _spoken(other, head) else _undone(side, head, other, S.One)
                if found is not None:
                    yield Solution(equation, Equal(head, found[0]), found[1])


def on_a_circle(equation: Equal, taken: Collection[str]) -> tuple[Equal, ...]:
    """a(t)² + b(t)² = 1 as a = 2u/(1 + u²) and b = (u² − 1)/(1 + u²) with a function u that is larger than 1."""
    squares = [part.base for part in Add.make_args(equation.lhs) if isinstance(part, Pow) and part.exp == 2]
    if equation.rhs != 1 or len(squares) != 2 or len(Add.make_args(equation.lhs)) != 2:
        return ()
    first, second = squares
    if not (_is_value(first) and _is_value(second)) or same_kind(first, second):
        return ()
    if first.arguments != second.arguments or first.indices or second.indices:
        return ()
    name = next(f"u{place or ''}" for place in range(len(taken) + 1) if f"u{place or ''}" not in taken)
    larger = 2 + Application(name, SCALAR, (), *first.arguments) ** 2
    below = Pow(1 + larger**2, -1)
    return Equal(first, 2 * larger * below), Equal(second, (larger**2 - 1) * below)


def _undone(term: Basic, head: Any, value: Any, scale: Any) -> tuple[Any, Any] | None:
    """What a name is where a term in which it stands once, below sums and scalar factors alone, has a value; and by
    what was divided.
    """
    if term == head:
        return value, scale
    if not isinstance(term, (Add, Mul)):
        return None
    own = [part for part in term.args if _spoken(part, head)]
    rest = [part for part in term.args if part not in own]
    if len(own) != 1:
        return None
    if isinstance(term, Add):
        return _undone(own[0], head, Add(value, *(Mul(-1, part) for part in rest)), scale)
    if not all(map(is_scalar, rest)):
        return None
    return _undone(own[0], head, Mul(value, Pow(Mul(*rest), -1)), Mul(scale, *rest))


def _is_value(item: Basic) -> bool:
    """Whether a term is the value of a function at arguments that may be any."""
    if not isinstance(item, Application):
        return False
    arguments = item.arguments
    return len(set(arguments)) == len(arguments) and all(isinstance(entry, (Symbol, Variable)) for entry in arguments)


def _is_vector(item: Basic) -> bool:
    return isinstance(item, Variable) and item.sort.kind == "vector" and not any(
        index.free_symbols for index in item.indices
    )  # fmt: skip


def _spoken(term: Basic, head: Basic) -> bool:
    """Whether a term has a name of this kind at whatever indices: ε_θ(x_t, t) is a function's, ε is another name."""
    return any(same_kind(node, head) for node in walk(term))


def same_kind(one: Basic, other: Basic) -> bool:
    """Whether two terms are values of one function, or members of one family of variables."""
    named = isinstance(one, (Application, Symbol, Variable)) and isinstance(one, Application) == isinstance(
        other, Application
    )
    return named and one.name == other.name  # type: ignore[attr-defined]
