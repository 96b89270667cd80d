"""Matching a rule's side against a term: the substitutions under which the two may be the same.

Sums and products match up to order; a metavariable left over in one takes the neutral element, and a whole sum or
product may match a part of a longer one. Sets of variables in a density are split in every way that fits what is
bound already. A match is a proposal: the kernel instantiates the rule and compares.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sympy import Abs, Add, Basic, Mul, Pow, Product, S, Sum, Symbol, Tuple

from derive.rulebook import Abstraction, Family, Metavariable
from derive.terms import (
    VARIABLES,
    Application,
    Covariance,
    Density,
    Expectation,
    Inner,
    Integral,
    Intersection,
    Law,
    Norm,
    Normal,
    Run,
    Union,
    Variable,
    Variance,
    alpha_equal,
    binding,
    free_variables,
    is_scalar,
    sort_of,
    substitute,
)
from derive.terms.binding import NO_FACTS
from derive.terms.indices import IndexFacts, linear
from derive.terms.quadratics import coefficient

Found = Mapping[str, Any]
_MOST = 64


class Matcher:
    """Matches terms against one rule's patterns; `metavariables` says what a name stands for.

    `facts` are what is known of indices: that x_0 is not x_t.
    """

    def __init__(self, metavariables: Mapping[str, Metavariable], facts: IndexFacts = NO_FACTS) -> None:
        self.metavariables, self.facts = metavariables, facts

    def match(self, pattern: Basic, target: Basic, found: Found) -> Iterator[dict[str, Any]]:
        """Every extension of `found` under which pattern and target may agree."""
        kind = self._kind(pattern)
        if kind is not None:
            yield from self._metavariable(pattern, target, found, kind)
        elif isinstance(pattern, Application) and pattern.name in self.metavariables:
            yield from self._expression(pattern, target, found)
        elif isinstance(pattern, Density):
            yield from self._density(pattern, target, found)
        elif isinstance(pattern, Normal):
            yield from self._normal(pattern, target, found)
        elif isinstance(pattern, (Add, Mul)):
            yield from self._unordered(pattern, target, found, whole=True)
        elif isinstance(pattern, Norm) and isinstance(target, Norm):
            for side in (target.args[0], -target.args[0]):
                yield from self.match(pattern.args[0], side, found)
        elif isinstance(pattern, Inner) and isinstance(target, Inner):
            for sides in (target.args, target.args[::-1]):
                yield from self._all(pattern.args, sides, found)
        elif isinstance(pattern, (Pow, Norm)) and _on_the_line(pattern, target) is not None:
            inside, value = _on_the_line(pattern, target)  # type: ignore[misc]
            for side in (value, -value):
                yield from self.match(inside, side, found)
        elif binding(pattern) is not None:
            yield from self._binder(pattern, target, found)
        elif self._plain(pattern):
            if alpha_equal(pattern, target):
                yield dict(found)
        elif isinstance(pattern, (Intersection, Union)):
            yield from self._events(pattern, target, found)
        elif type(pattern) is type(target) and len(pattern.args) == len(target.args):
            yield from self._all(pattern.args, target.args, found)

    # ---- names ----

    def _kind(self, pattern: Basic) -> str | None:
        if isinstance(pattern, (Symbol, Variable, Law)):
            entry = self.metavariables.get(pattern.name)
            return None if entry is None else entry.kind
        return None

    def _plain(self, pattern: Basic) -> bool:
        """Whether no metavariable stands in a pattern."""
        if isinstance(pattern, (Symbol, Variable, Law, Application, Run)) and pattern.name in self.metavariables:
            return False
        return all(self._plain(arg) for arg in pattern.args)

    def _metavariable(self, pattern: Any, target: Basic, found: Found, kind: str) -> Iterator[dict[str, Any]]:
        name = pattern.name
        if kind == "law":
            if isinstance(target, Law):
                yield from self._bind(name, target, found)
            return
        if getattr(pattern, "indices", ()) or self.metavariables[name].family:
            yield from self._family(pattern, target, found)
            return
        if kind == "index":
            if linear(target) is not None:
                yield from self._bind(name, target, found)
        elif kind == "variable":
            if isinstance(target, (Variable, Symbol)):
                yield from self._bind(name, target, found)
        elif self._fits(pattern, target):
            yield from self._bind(name, target, found)

    def _fits(self, pattern: Any, target: Basic) -> bool:
        wanted = self.metavariables[pattern.name].sort
        if target == 0:
            return True
        if isinstance(target, (Law, Tuple)):
            return False
        if is_scalar(target):
            return wanted in ("scalar", "vector", "matrix", "index")
        return bool(sort_of(target).kind == wanted)

    def _bind(self, name: str, value: Any, found: Found) -> Iterator[dict[str, Any]]:
        known = found.get(name)
        if known is None:
            yield {**found, name: value}
        elif known == value or (isinstance(known, Basic) and isinstance(value, Basic) and alpha_equal(known, value)):
            yield dict(found)

    def _family(self, pattern: Any, target: Basic, found: Found) -> Iterator[dict[str, Any]]:
        if not isinstance(target, Variable) or len(target.indices) != 1:
            return
        for extended in self._bind(pattern.name, Family(target.name, target.sort), found):
            yield from self._index(pattern.indices[0], target.indices[0], extended)

    def _index(self, pattern: Any, target: Any, found: Found) -> Iterator[dict[str, Any]]:
        """A pattern t + 1 at an index e gives t := e − 1."""
        row = linear(pattern)
        if row is None:
            return
        unknown = [s for s in row[0] if s.name in self.metavariables and s.name not in found]
        known = {s: found[s.name] for s in row[0] if s.name in found}
        if not unknown:
            if substitute(pattern, known) == target:
                yield dict(found)
        elif len(unknown) == 1 and row[0][unknown[0]] == 1:
            rest = substitute(pattern - unknown[0], known)
            yield {**found, unknown[0].name: target - rest}

    # ---- expressions f(x) ----

    def _expression(self, pattern: Application, target: Basic, found: Found) -> Iterator[dict[str, Any]]:
        name = pattern.name
        known = found.get(name)
        arguments = [value for argument in pattern.arguments for value in self._values(argument, found)]
        if isinstance(known, Basic):
            # a value written in terms of what the arguments stand for here
            if all(isinstance(argument, (Variable, Symbol, Run)) for argument in arguments):
                known = Abstraction(tuple(arguments), known)
                if alpha_equal(known(arguments, NO_FACTS), target):
                    yield {**found, name: known}
            return
        if known is not None:
            if None not in arguments and alpha_equal(known(arguments, NO_FACTS), target):
                yield dict(found)
            return
        if any(not isinstance(argument, (Variable, Symbol, Run)) for argument in arguments):
            return
        if len(set(arguments)) == len(arguments):
            yield {**found, name: Abstraction(tuple(arguments), target)}

    def _values(self, argument: Basic, found: Found) -> list[Any]:
        """The points that an argument of f stands for: those of a set of variables, or one."""
        if getattr(argument, "sort", None) == VARIABLES and not isinstance(argument, Run):
            known = found.get(argument.name)  # type: ignore[attr-defined]
            return [None] if known is None else [_as_pair(piece)[1] for piece in known]
        return [self._value(argument, found)]

    def _value(self, argument: Basic, found: Found) -> Any:
        """What an argument of f stands for, where all its metavariables are bound."""
        mapping: dict[Basic, Any] = {}
        for item in free_variables(argument):
            name = str(getattr(item, "name", ""))
            if name in self.metavariables:
                value = found.get(name)
                if value is None:
                    return None
                if isinstance(value, Family):
                    index = self._value(item.indices[0], found)  # type: ignore[attr-defined]
                    value = None if index is None else Variable(value.name, value.sort, index)
                if not isinstance(value, Basic):
                    return None
                mapping[item] = value
        return substitute(argument, mapping)

    # ---- densities ----

    def _density(self, pattern: Density, target: Basic, found: Found) -> Iterator[dict[str, Any]]:
        if not isinstance(target, (Density, Normal)):
            return
        if isinstance(target, Density):
            for extended in self.match(pattern.law, target.law, found):
                for left in self._sets(tuple(pattern.targets), tuple(target.targets), extended):
                    yield from self._sets(tuple(pattern.givens), tuple(target.givens), left)
        yield from self._as_a_function(pattern, target, found)

    def _as_a_function(self, pattern: Density, target: Any, found: Found) -> Iterator[dict[str, Any]]:
        """A law of the pattern as the function that its density is: p(x_T) for a q(A | C), where C adds nothing."""
        name = pattern.law.name
        if name not in self.metavariables or found.get(name) is not None:
            return
        found = self._of_its_point(pattern, target, found)
        points = [value for pair in pattern.targets for value in self._values(pair[0], found)]
        if points and all(isinstance(point, (Variable, Symbol, Run)) for point in points):
            yield {**found, name: Abstraction(tuple(points), target)}

    def _of_its_point(self, pattern: Density, target: Any, found: Found) -> Found:
        """A Gaussian for p(A | C): A is its point, unless it is known already, and nothing is given."""
        sets = [pair[0] for pair in (*pattern.targets, *pattern.givens)]
        open_ = [item for item in sets if getattr(item, "sort", None) == VARIABLES and item.name not in found]
        if not isinstance(target, Normal) or len(pattern.targets) != 1 or _is_run(pattern.targets[0][0]):
            return found
        values: dict[str, Any] = {item.name: () for item in open_}
        if pattern.targets[0][0] in open_ and isinstance(target.point, (Variable, Symbol)):
            values[pattern.targets[0][0].name] = (target.point,)
        return {**found, **values}

    def _sets(self, patterns: Sequence[Any], targets: Sequence[Any], found: Found) -> Iterator[dict[str, Any]]:
        """Split the pairs of a density among the sets and variables of a pattern."""
        sets = [pair[0] for pair in patterns if getattr(pair[0], "sort", None) == VARIABLES and not _is_run(pair[0])]
        singles = [pair[0] for pair in patterns if pair[0] not in sets]
        pairs = [tuple(pair) for pair in targets]
        for extended, rest in self._singles(singles, pairs, found):
            bound = [item for item in sets if item.name in extended]
            open_ = [item for item in sets if item.name not in extended]
            taken: list[Any] = []
            for item in bound:
                taken += [_as_pair(piece) for piece in extended[item.name]]
            remaining = [pair for pair in rest if pair not in taken]
            if open_ and len(remaining) != len(rest) - len(taken):
                continue  # with every set named, a run may be split as the sets say: that is for the kernel to compare
            if not open_:
                if not remaining or not singles:
                    yield extended
                continue
            for choice in itertools.islice(itertools.product(range(len(open_)), repeat=len(remaining)), _MOST):
                parts: dict[str, list[Any]] = {item.name: [] for item in open_}
                for pair, place in zip(remaining, choice, strict=True):
                    parts[open_[place].name].append(_plain_pair(pair))
                yield {**extended, **{name: tuple(pieces) for name, pieces in parts.items()}}

    def _singles(
        self, patterns: Sequence[Any], pairs: list[Any], found: Found
    ) -> Iterator[tuple[dict[str, Any], list[Any]]]:
        if not patterns:
            yield dict(found), pairs
            return
        first, rest = patterns[0], patterns[1:]
        for pair in pairs:
            if isinstance(first, Run):
                matched = self._run(first, pair[0], found)
            else:
                matched = self.match(first, pair[0], found) if pair[0] == pair[1] else iter(())
            for extended in matched:
                yield from self._singles(rest, [other for other in pairs if other is not pair], extended)

    def _run(self, pattern: Run, target: Basic, found: Found) -> Iterator[dict[str, Any]]:
        if isinstance(target, Variable) and len(target.indices) == 1:
            target = Run(target.name, target.sort, target.indices[0], target.indices[0])
        if not isinstance(target, Run):
            return
        for extended in self._bind(pattern.name, Family(target.name, target.element_sort), found):
            for lower in self._index(pattern.lower, target.lower, extended):
                yield from self._index(pattern.upper, target.upper, lower)

    def _normal(self, pattern: Normal, target: Basic, found: Found) -> Iterator[dict[str, Any]]:
        if not isinstance(target, Normal):
            return
        for point in self.match(pattern.point, target.point, found):
            for mean in self._argument(pattern.mean, target.mean, point):
                variance = pattern.variance
                if variance is not None and not is_scalar(pattern.covariance):
                    own = target.variance
                    if own is not None:
                        yield from self._argument(variance, own, mean)
                else:
                    yield from self._argument(pattern.covariance, target.covariance, mean)

    def _argument(self, pattern: Basic, target: Basic, found: Found) -> Iterator[dict[str, Any]]:
        """A mean such as a y + b, by its coefficient in y where y is bound; anything else structurally."""
        affine = self._affine(pattern, target, found)
        if affine is not None:
            yield affine
        yield from self.match(pattern, target, found)

    def _affine(self, pattern: Basic, target: Basic, found: Found) -> dict[str, Any] | None:
        shape = self._affine_shape(pattern, found)
        if shape is None:
            return None
        slope, variable, offset = shape
        parts = coefficient(target, variable, self.facts)
        if parts is None:
            return None
        wanted = {slope: parts[0], offset: parts[1]}
        result = dict(found)
        for name, value in wanted.items():
            if name is None:
                continue
            extended = next(self._bind(name, value, result), None)
            if extended is None:
                return None
            result = extended
        return result

    def _affine_shape(self, pattern: Basic, found: Found) -> tuple[str | None, Any, str | None] | None:
        """(a, y, b) of a pattern a y + b with a, b metavariables and y a variable that is bound already."""
        slope = variable = offset = None
        for term in Add.make_args(pattern):
            factors = Mul.make_args(term)
            names = [self._kind(factor) for factor in factors]
            if len(factors) == 2 and "variable" in names and "term" in names:
                own = factors[names.index("variable")]
                slope, variable = factors[names.index("term")].name, found.get(own.name)
            elif len(factors) == 1 and names == ["term"] and self.metavariables[term.name].sort == "vector":
                offset = term.name
            else:
                return None
        return None if variable is None or slope is None else (slope, variable, offset)

    # ---- structures ----

    def _all(self, patterns: Sequence[Basic], targets: Sequence[Basic], found: Found) -> Iterator[dict[str, Any]]:
        if len(patterns) != len(targets):  # an integral with limits and one without
            return
        if not patterns:
            yield dict(found)
            return
        for extended in self.match(patterns[0], targets[0], found):
            yield from self._all(patterns[1:], targets[1:], extended)

    def _events(self, pattern: Basic, target: Basic, found: Found) -> Iterator[dict[str, Any]]:
        """A ∩ B and A ∪ B with the events of the target shared out among A and B, in any order."""
        if type(pattern) is not type(target):
            return
        choices = itertools.product(range(len(pattern.args)), repeat=len(target.args))
        for choice in itertools.islice(choices, 8 * _MOST):
            groups = [[t for t, place in zip(target.args, choice, strict=True) if place == p]
                      for p in range(len(pattern.args))]  # fmt: skip
            if all(groups):
                yield from self._all(pattern.args, [type(target)(*group) for group in groups], found)

    def _binder(self, pattern: Basic, target: Basic, found: Found) -> Iterator[dict[str, Any]]:
        if type(pattern) is not type(target):
            return
        mine, other = binding(pattern), binding(self._in_letters(pattern, target, found))
        assert mine is not None and other is not None
        if isinstance(pattern, Integral):
            heads = self._sets([Tuple(v, v) for v in mine.bound], [Tuple(v, v) for v in other.bound], found)
            if any(len(limit) != 1 for limit in (*pattern.limits, *target.limits)):  # type: ignore[attr-defined]
                heads = self._all(mine.bound, other.bound, found)
        elif isinstance(pattern, (Expectation, Variance, Covariance)):
            heads = self.match(pattern.measure, target.measure, found)  # type: ignore[attr-defined]
        elif any(getattr(item, "sort", None) == VARIABLES and not isinstance(item, Run) for item in mine.bound):
            heads = self._sets([Tuple(v, v) for v in mine.bound], [Tuple(v, v) for v in other.bound], found)
        elif len(mine.bound) == len(other.bound):
            heads = self._all(mine.bound, other.bound, found)
        else:
            return
        for head in heads:
            if isinstance(pattern, (Expectation, Variance, Covariance)):
                yield from self._all(mine.inside, other.inside, head)
                continue
            for outside in self._all(mine.outside, other.outside, head):
                yield from self._all(mine.inside, other.inside, outside)

    def _in_letters(self, pattern: Basic, target: Basic, found: Found) -> Basic:
        """A sum or product over the index that the pattern's has already: Σ_s f(s) as Σ_k f(k)."""
        held, own = binding(target), binding(pattern)
        if not isinstance(pattern, (Sum, Product)) or held is None or own is None or len(held.bound) != 1:
            return target
        index = found.get(str(own.bound[0].name)) if len(own.bound) == 1 else None
        if not isinstance(index, Symbol) or index == held.bound[0] or index in target.free_symbols:
            return target
        inside = tuple(substitute(part, {held.bound[0]: index}) for part in held.inside)
        return held.rebuild((index,), inside, held.outside)

    def _unordered(self, pattern: Any, target: Basic, found: Found, *, whole: bool) -> Iterator[dict[str, Any]]:
        for extended, rest in self.partial(pattern, target, found):
            if not rest or not whole:
                yield extended

    def partial(self, pattern: Any, target: Basic, found: Found) -> Iterator[tuple[dict[str, Any], tuple[int, ...]]]:
        """Matches of a sum or product with part of a target, and the places of the arguments left over."""
        kind = type(pattern)
        targets = kind.make_args(target)
        neutral = S.Zero if kind is Add else S.One
        rigid = [arg for arg in pattern.args if not self._absorbs(arg)]
        flexible = [arg for arg in pattern.args if self._absorbs(arg)]
        rigid.sort(key=self._freedom)
        if len(targets) > len(pattern.args) and len(rigid) == len(pattern.args) and all(map(self._simple, rigid)):
            yield from self._grouped(rigid, targets, found, kind)
            return
        for extended, used in self._place(rigid, targets, found, ()):
            left = [place for place in range(len(targets)) if place not in used]
            yield from self._absorb(flexible, targets, left, extended, kind, neutral)

    def _simple(self, arg: Basic) -> bool:
        """f(x) with a name that is not bound yet: it may stand for several terms together."""
        return isinstance(arg, Application) and arg.name in self.metavariables and self._freedom(arg)[0] == 1

    def _grouped(
        self, patterns: list[Any], targets: Sequence[Basic], found: Found, kind: Any
    ) -> Iterator[tuple[dict[str, Any], tuple[int, ...]]]:
        """Split the terms of a sum or product among expressions f(x), g(x); those that have a value take theirs."""
        for choice in itertools.islice(itertools.product(range(len(patterns)), repeat=len(targets)), 8 * _MOST):
            groups = [[t for t, place in zip(targets, choice, strict=True) if place == p] for p in range(len(patterns))]
            if all(groups):
                yield from (
                    (extended, ()) for extended in self._all(patterns, [kind(*group) for group in groups], found)
                )

    def _absorb(
        self, flexible: list[Any], targets: Sequence[Basic], left: list[int], found: Found, kind: Any, neutral: Basic
    ) -> Iterator[tuple[dict[str, Any], tuple[int, ...]]]:
        """Give what is left of a sum or product to the metavariables that can take several terms at once."""
        known = [item for item in flexible if item.name in found]
        unknown = [item for item in flexible if item.name not in found]
        for item in known:
            parts = kind.make_args(found[item.name]) if found[item.name] != neutral else ()
            for part in parts:
                place = next((p for p in left if targets[p] == part), None)
                if place is None:
                    return
                left = [p for p in left if p != place]
        if not unknown:
            yield dict(found), tuple(left)
            return
        choices = itertools.islice(itertools.product(range(len(unknown)), repeat=len(left)), _MOST)
        for choice in choices:
            groups: list[list[Basic]] = [[] for _ in unknown]
            for place, group in zip(left, choice, strict=True):
                groups[group].append(targets[place])
            values = [kind(*group) if group else neutral for group in groups]
            if all(self._fits(item, value) for item, value in zip(unknown, values, strict=True)):
                yield {**found, **{item.name: value for item, value in zip(unknown, values, strict=True)}}, ()

    def _absorbs(self, arg: Basic) -> bool:
        return self._kind(arg) == "term" and not getattr(arg, "indices", ())

    def _freedom(self, arg: Basic) -> tuple[int, int]:
        """Rigid patterns first, then f(x), then f(x − 1), which needs f."""
        if isinstance(arg, Application):
            return (1, 0) if all(isinstance(a, (Symbol, Variable)) for a in arg.arguments) else (2, 0)
        inner = [part for part in Mul.make_args(arg) if isinstance(part, Application)]
        return (2, 1) if inner else (0, -len(list(_size(arg))))

    def _place(
        self, patterns: list[Any], targets: Sequence[Basic], found: Found, used: tuple[int, ...]
    ) -> Iterator[tuple[dict[str, Any], tuple[int, ...]]]:
        if not patterns:
            yield dict(found), used
            return
        for place, target in enumerate(targets):
            if place in used:
                continue
            for extended in self.match(patterns[0], target, found):
                yield from self._place(patterns[1:], targets, extended, (*used, place))


def _on_the_line(pattern: Any, target: Any) -> tuple[Basic, Any] | None:
    """(u, s) where the pattern is ‖u‖² or ‖u‖ and the target s² or |s|: a distance on the line."""
    if isinstance(pattern, Pow):
        squares = pattern.exp == 2 and isinstance(target, Pow) and target.exp == 2
        if squares and isinstance(pattern.base, Norm) and not isinstance(target.base, Norm):
            return pattern.base.args[0], target.base
        return None
    return (pattern.args[0], target.args[0]) if isinstance(target, Abs) else None


def _size(term: Basic) -> Iterator[Basic]:
    yield term
    for arg in term.args:
        yield from _size(arg)


def _is_run(item: Basic) -> bool:
    return isinstance(item, Run)


def _as_pair(piece: Any) -> tuple[Basic, Basic]:
    return (piece[0], piece[1]) if isinstance(piece, (tuple, Tuple)) and len(piece) == 2 else (piece, piece)


def _plain_pair(pair: tuple[Basic, Basic]) -> Any:
    return pair[0] if pair[0] == pair[1] else pair
