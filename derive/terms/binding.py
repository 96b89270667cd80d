"""Free and bound variables: one table says what each node binds.

A variable is bound by its name *and* index: x_t under an expectation over
x_{1:T} is bound where t lies in 1 … T, which may be known, known not to be, or open. Where an answer would depend on
an open index `AmbiguousIndex` is raised; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from sympy import Basic, Product, S, Sum, Symbol, Tuple

from derive.errors import InputError
from derive.terms.arrays import DerivativeIn, Family
from derive.terms.choices import Limit, _Optimum
from derive.terms.densities import Density, Normal
from derive.terms.events import IntersectionOver, UnionOver
from derive.terms.indices import IndexFacts
from derive.terms.names import Label, Run, Variable
from derive.terms.operators import (
    KL,
    Covariance,
    CrossEntropy,
    Divergence,
    Entropy,
    Expectation,
    Gradient,
    Integral,
    Variance,
)
from derive.terms.regularity import AlmostSurely, Concave, Convex, ForEvery

NO_FACTS = IndexFacts()
INDEXED = (Sum, Product, IntersectionOver, UnionOver, Family)
"""What binds an index that runs between two limits."""


class AmbiguousIndex(InputError):
    """Whether two indices agree decides the answer, and the facts leave it open."""


class Binding(NamedTuple):
    """What a node binds: the bound points, the subterms they are bound in, the others, and how to build it again."""

    bound: tuple[Basic, ...]
    inside: tuple[Basic, ...]
    outside: tuple[Basic, ...]
    rebuild: Callable[[tuple[Basic, ...], tuple[Basic, ...], tuple[Basic, ...]], Basic]


_plain: set[type] = set()
"""The classes of which it was seen that their nodes bind nothing."""


def binding(term: Basic) -> Binding | None:
    """The binding of a node, or None where it binds nothing."""
    if type(term) in _plain:
        return None
    match term:
        case Sum() | Product():
            return _summation(term)
        case Expectation() | Variance() | Covariance() | AlmostSurely():
            return _measured(term)
        case Integral():
            return _integral(term)
        case KL() | CrossEntropy() | Entropy():
            kind: Any = type(term)
            return Binding(
                term.bound, term.args[:-1], (), lambda bound, inside, _: kind(*inside, Tuple(*bound))
            )
        case Gradient() | Divergence():
            kind = type(term)
            return Binding(
                term.bound, (term.body,), (term.point,), lambda bound, inside, outside: kind(*inside, *bound, *outside)
            )
        case Convex() | Concave():
            kind = type(term)
            return Binding(term.bound, (term.body,), (), lambda bound, inside, _: kind(*inside, *bound))
        case IntersectionOver() | UnionOver() | Family():
            kind = type(term)
            index, lower, upper = term.limits[0]
            return Binding(
                (index,), (term.args[0],), (lower, upper),
                lambda bound, inside, outside: kind(inside[0], (bound[0], *outside)),
            )  # fmt: skip
        case _Optimum():
            kind = type(term)
            return Binding(
                term.bound, (term.body,), term.args[2:],
                lambda bound, inside, outside: kind(inside[0], bound, *outside),
            )  # fmt: skip
        case DerivativeIn():
            return Binding(
                term.bound, (term.body, term.expression), term.points,
                lambda bound, inside, outside: DerivativeIn(inside[0], inside[1], bound, outside),
            )  # fmt: skip
        case Limit():
            return Binding(
                term.bound, (term.body,), (term.point,),
                lambda bound, inside, outside: Limit(inside[0], bound[0], outside[0]),
            )  # fmt: skip
        case ForEvery():
            return Binding(term.bound, (term.statement,), (), lambda bound, inside, _: ForEvery(inside[0], bound))
    _plain.add(type(term))
    return None


def _summation(term: Any) -> Binding:
    """SymPy writes a sum of sums as one sum with several limits, the innermost first; we bind the outermost."""
    kind = type(term)
    if len(term.limits[-1]) != 3:
        raise InputError("a sum or product with an index and two limits was expected")
    index, lower, upper = term.limits[-1]
    body = term.function if len(term.limits) == 1 else kind(term.function, *term.limits[:-1])
    return Binding(
        (index,), (body,), (lower, upper),
        lambda bound, inside, outside: kind(inside[0], Tuple(bound[0], *outside)),
    )  # fmt: skip


def _measured(term: Any) -> Binding:
    kind = type(term)
    measure = term.measure
    bodies = term.args[:-1]
    if isinstance(measure, Normal):
        return Binding(
            (measure.point,), bodies, (measure.mean, measure.covariance),
            lambda bound, inside, outside: kind(*inside, Normal(bound[0], *outside)),
        )  # fmt: skip
    names = measure.variables

    def rebuild(bound: tuple[Basic, ...], inside: tuple[Basic, ...], outside: tuple[Basic, ...]) -> Basic:
        law, givens, variables = outside[0], outside[1], outside[2]
        return kind(*inside, Density(law, zip(variables, bound, strict=True), givens))

    return Binding(term.bound, bodies, (measure.law, measure.givens, Names(*names)), rebuild)


class Names(Tuple):
    """Variables as names of a law, whose indices may change but which stand for no value."""


def _integral(term: Integral) -> Binding:
    shapes = [len(limit) for limit in term.limits]
    bounds = tuple(bound for limit in term.limits for bound in limit[1:])

    def rebuild(bound: tuple[Basic, ...], inside: tuple[Basic, ...], outside: tuple[Basic, ...]) -> Basic:
        rest = iter(outside)
        limits = [
            Tuple(variable) if shape == 1 else Tuple(variable, next(rest), next(rest))
            for variable, shape in zip(bound, shapes, strict=True)
        ]
        return Integral(inside[0], *limits)

    return Binding(term.bound, (term.body,), bounds, rebuild)


def under(term: Basic, facts: IndexFacts) -> IndexFacts:
    """The index facts that hold inside a node: a sum's index runs between its limits."""
    if isinstance(term, INDEXED):
        index, lower, upper = term.limits[-1]
        return facts.without(index).between(index, lower, upper)
    return facts


# ---- membership ---------------------------------------------------------------------------------------------------


def coincide(left: Basic, right: Basic, facts: IndexFacts = NO_FACTS) -> bool | None:
    """Whether two variables are the same variable; None where that depends on open indices."""
    if left == right:
        return True
    if isinstance(left, Run) or isinstance(right, Run):
        return overlap(left, right, facts)
    if not (isinstance(left, Variable) and isinstance(right, Variable)):
        return False
    if left.name != right.name or len(left.indices) != len(right.indices):
        return False
    answers = [_equal(a, b, facts) for a, b in zip(left.indices, right.indices, strict=True)]
    if False in answers:
        return False
    return None if None in answers else True


def _equal(left: Basic, right: Basic, facts: IndexFacts) -> bool | None:
    """Whether two indices are the same: of two words, whether they are one word; a word is no number."""
    apart = _worded(left, right)
    return facts.equal(left, right) if apart is None else apart


def _worded(left: Basic, right: Basic) -> bool | None:
    """Whether two indices are one, where one of them is a word and the other a word or a number; None of others."""
    if isinstance(left, Label) and isinstance(right, Label):
        return bool(left == right)
    words = isinstance(left, Label) or isinstance(right, Label)
    return False if words and (left.is_number or right.is_number) else None


def overlap(left: Basic, right: Basic, facts: IndexFacts = NO_FACTS) -> bool | None:
    """Whether two variables or runs share a variable."""
    first, second = _range(left), _range(right)
    if first is None or second is None:
        return coincide(left, right, facts) if not isinstance(left, Run) and not isinstance(right, Run) else False
    if first[0] != second[0]:
        return False
    (_, low_a, high_a), (_, low_b, high_b) = first, second
    worded = _worded(low_a, low_b)
    if worded is not None:
        return worded  # two words name two variables
    if facts.at_most(low_b, high_a) is False or facts.at_most(low_a, high_b) is False:
        return False
    nonempty = facts.at_most(low_a, high_a) and facts.at_most(low_b, high_b)
    meeting = facts.at_most(low_b, high_a) and facts.at_most(low_a, high_b)
    return True if nonempty and meeting else None


def contained(item: Basic, container: Basic, facts: IndexFacts = NO_FACTS) -> bool | None:
    """Whether all of a variable or run lies in another variable or run."""
    if item == container:
        return True
    first, second = _range(item), _range(container)
    if first is None or second is None:
        return coincide(item, container, facts) if not isinstance(container, Run) else False
    if first[0] != second[0]:
        return False
    (_, low_a, high_a), (_, low_b, high_b) = first, second
    answers = (facts.at_most(low_b, low_a), facts.at_most(high_a, high_b))
    if answers == (True, True):
        return True
    return False if overlap(item, container, facts) is False else None


def _range(item: Basic) -> tuple[tuple[str, int], Any, Any] | None:
    if isinstance(item, Run):
        return (item.name, 1), item.lower, item.upper
    if isinstance(item, Variable) and len(item.indices) == 1:
        return (item.name, 1), item.indices[0], item.indices[0]
    return None


# ---- free variables -----------------------------------------------------------------------------------------------


def free_variables(term: Basic, facts: IndexFacts = NO_FACTS) -> frozenset[Basic]:
    """The symbols, variables and runs free in a term.

    What a sum over t leaves of x_t is the run over its range. A variable whose being bound is open counts as free.
    """
    return _free(term, facts)


@lru_cache(maxsize=50_000)
def _free(term: Basic, facts: IndexFacts) -> frozenset[Basic]:
    if isinstance(term, Symbol):
        return frozenset((term,))
    if isinstance(term, (Variable, Run)):
        return frozenset((term,)).union(*(_free(part, facts) for part in term.args[1:]))
    bound = binding(term)
    if bound is None:
        if isinstance(term, Density):
            return frozenset().union(
                _free(term.law, facts),
                *(_indices_of(pair[0], facts) | _free(pair[1], facts) for pair in (*term.targets, *term.givens)),
            )
        if not term.args:
            return frozenset()
        return frozenset().union(*(_free(arg, facts) for arg in term.args))
    outer: frozenset[Basic] = frozenset().union(
        *(
            frozenset().union(*(_indices_of(name, facts) for name in part.args))
            if isinstance(part, Names)
            else _free_givens(part, facts)
            for part in bound.outside
        ),
        *(_indices_of(point, facts) for point in bound.bound if not isinstance(point, Symbol)),
    )
    inner_facts = under(term, facts)
    inside: frozenset[Basic] = frozenset().union(*(_free(part, inner_facts) for part in bound.inside))
    if isinstance(term, INDEXED):
        inside = _spread(inside, term.limits[-1])
        return outer | inside
    return outer | without(inside, bound.bound, facts)


def without(items: Iterable[Basic], bound: Iterable[Basic], facts: IndexFacts = NO_FACTS) -> frozenset[Basic]:
    """What is left of variables and runs once others are bound: of x_{0:T} without x_{1:T} it is x_0.

    Where the indices leave open what is bound, the whole stays.
    """
    left = list(items)
    for point in bound:
        left = [piece for item in left for piece in _cut(item, point, facts)]
    return frozenset(left)


def _cut(item: Basic, point: Basic, facts: IndexFacts) -> list[Basic]:
    if contained(item, point, facts):
        return []
    first, second = _range(item), _range(point)
    if not isinstance(item, Run) or first is None or second is None or first[0] != second[0]:
        return [item]
    (_, low, high), (_, start, end) = first, second
    facts = facts.known(high - low + 1, end - start + 1)  # both runs are well-formed
    if facts.at_most(start, high + 1) is not True or facts.at_most(low, end + 1) is not True:
        return [item]
    pieces: list[Basic] = []
    if facts.at_most(start, low) is not True:
        pieces.append(Run(item.name, item.element_sort, low, start - 1))
    if facts.at_most(high, end) is not True:
        pieces.append(Run(item.name, item.element_sort, end + 1, high))
    if any(facts.at_most(piece.lower, piece.upper + 1) is not True for piece in pieces):  # type: ignore[attr-defined]
        return [item]
    return [
        piece.at(piece.lower) if facts.equal(piece.lower, piece.upper) else piece  # type: ignore[attr-defined]
        for piece in pieces
    ]


def _free_givens(part: Basic, facts: IndexFacts) -> frozenset[Basic]:
    if isinstance(part, Tuple) and part.args and all(isinstance(pair, Tuple) and len(pair) == 2 for pair in part):
        return frozenset().union(*(_indices_of(pair[0], facts) | _free(pair[1], facts) for pair in part))
    return _free(part, facts)


def _indices_of(variable: Basic, facts: IndexFacts) -> frozenset[Basic]:
    return frozenset().union(*(_free(part, facts) for part in variable.args[1:])) if variable.args else frozenset()


def _spread(items: Iterable[Basic], limits: Any) -> frozenset[Basic]:
    """What leaves a sum over an index: x_{t+k} becomes the run over the shifted range."""
    index, lower, upper = limits
    result: set[Basic] = set()
    for item in items:
        if item == index:
            continue
        if isinstance(item, Variable) and index in item.free_symbols:
            if len(item.indices) == 1 and index not in (item.indices[0] - index).free_symbols:
                shift = item.indices[0] - index
                result.add(Run(item.name, item.sort, lower + shift, upper + shift))
            else:
                result.add(Run(item.name, item.sort, S.NegativeInfinity, S.Infinity))
        elif isinstance(item, Run) and index in item.free_symbols:
            ends = []
            for end, towards in ((item.lower, lower), (item.upper, upper)):
                free = index in end.free_symbols
                shift = end - index
                whole = S.NegativeInfinity if towards is lower else S.Infinity
                ends.append(end if not free else whole if index in shift.free_symbols else towards + shift)
            result.add(Run(item.name, item.element_sort, *ends))
        else:
            result.add(item)
    return frozenset(result)


def bound_variables(term: Basic) -> frozenset[Basic]:
    """All points that some node of the term binds."""
    result: set[Basic] = set()
    for node in _nodes(term):
        bound = binding(node)
        if bound is not None:
            result.update(bound.bound)
    return frozenset(result)


def mentions(term: Basic, variable: Basic, facts: IndexFacts = NO_FACTS) -> bool | None:
    """Whether a variable or run occurs free in a term: True, False, or None where an open index decides."""
    answers = [overlap(item, variable, facts) for item in free_variables(term, facts) if item != variable]
    if variable in free_variables(term, facts) or True in answers:
        return True
    return None if None in answers else False


def _nodes(term: Basic) -> Iterable[Basic]:
    stack = [term]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(node.args)
