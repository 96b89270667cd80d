"""Rewriting by what a line names: a rule, the model's laws, a hypothesis, an earlier result.

A line rewrites every place where it applies, once; with `at` only there. The places are those of the term as it stood
before the line, so that a line never feeds on what it has written itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations, islice
from typing import Any

from sympy import Add, Basic, Mul, Symbol

from derive.errors import DeriveError, KernelRefusal
from derive.grounds.conditions import is_regularity
from derive.grounds.context import Context
from derive.kernel import Step, Theorem, by_given, by_law, by_result, by_rule
from derive.models.facts import matches
from derive.rulebook import Abstraction, Rule
from derive.search.match import Matcher
from derive.tactics.instances import values_of
from derive.terms import Application, Density, Equal, Relation, Run, Variable, alpha_equal, at, is_scalar, substitute
from derive.terms.binding import NO_FACTS, free_variables
from derive.terms.indices import IndexFacts, linear
from derive.terms.positions import Path, walk

Attempt = Callable[[Basic, Path], Step]
_MOST_TRIES = 200
_MOST_PARTS = 6


def everywhere(term: Basic, attempt: Attempt, only: Basic | None = None) -> list[Step]:
    """The steps of `attempt` at each place of the term, outermost first; raises the most telling refusal if none.

    Where the conditions hold at some places and are open at others, only the former are rewritten: what a condition
    leaves open is assumed only where nothing else can be meant.
    """
    refusals: list[DeriveError] = []
    times = Counter(node for _, node in walk(term))
    for settled in (True, False):
        steps: list[Step] = []
        current = term
        standing = _standing(term)
        for wanted in [node for node in standing if only is None or alpha_equal(node, only)]:
            for _ in range(times[wanted]):  # a term may stand at several places
                path = standing.get(wanted)
                if path is None:
                    break
                try:
                    step = attempt(current, path)
                except DeriveError as refusal:
                    refusals.append(refusal)
                    break
                if step.after == current or not (_settled(step) or not settled):
                    break
                steps.append(step)
                current = step.after
                standing = _standing(current)
        if steps:
            return steps
    if refusals:
        raise max(refusals, key=_telling)
    raise KernelRefusal("this applies nowhere in the term", hint=str(term))


def _settled(step: Step) -> bool:
    """Whether nothing but the existence of what is written is left open."""
    return all(is_regularity(condition) for condition in step.obligations)


def _standing(term: Basic) -> dict[Basic, Path]:
    """Every subterm with the first path at which it stands, outermost first."""
    found: dict[Basic, Path] = {}
    for path, node in walk(term):
        found.setdefault(node, path)
    return found


def _telling(refusal: DeriveError) -> int:
    """A condition that fails says more than a form that does not match, and a value that does not fit says least."""
    if not isinstance(refusal, KernelRefusal):
        return 0
    return 2 if "condition" in refusal.message or "apart" in refusal.message else 1


def rule_steps(
    term: Basic, rule: Rule, where: Context, *, backward: bool = False, only: Basic | None = None,
    chosen: Mapping[str, Any] | None = None,
) -> list[Step]:  # fmt: skip
    """The steps of a line `by RULE [backward] [at …] [with …]`."""
    if not isinstance(rule.statement, Relation):
        raise KernelRefusal(f"{rule.name} is no equation and no inequality: nothing can be rewritten by it")

    spelled = _all_chosen(rule, chosen or {})

    def attempt(current: Basic, path: Path) -> Step:
        refused: DeriveError | None = None
        target = at(current, path)
        best: Step | None = None
        for number, (place, substitution) in enumerate(
            proposals(rule, target, path, backward, chosen or {}, where.at(current, path).facts)
        ):
            if number >= _MOST_TRIES:
                break
            try:
                loosely = spelled or _on_the_line(rule, substitution)
                step = by_rule(current, place, rule, substitution, where, backward=backward, loosely=loosely)
            except DeriveError as error:
                refused = error if refused is None or _telling(error) >= _telling(refused) else refused
                continue
            if step.after == current:
                continue
            if _settled(step):
                return step
            best = best or step
        if best is not None:
            return best
        raise refused or KernelRefusal(f"{rule.name} does not match here")

    return everywhere(term, attempt, only)


def proposals(
    rule: Rule, target: Basic, path: Path, backward: bool, chosen: Mapping[str, Any], facts: IndexFacts = NO_FACTS
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Places and substitutions at which one side of a rule may agree with a term or with part of its terms."""
    statement: Any = rule.statement
    pattern = statement.rhs if backward else statement.lhs
    if _all_chosen(rule, chosen):
        spelled = _as_functions(rule, chosen)
        yield path, dict(spelled)
        if isinstance(pattern, (Add, Mul)) and isinstance(target, type(pattern)):
            yield from (((*path, some), dict(spelled)) for some in _parts(len(target.args)))
        return
    matcher = Matcher(rule.metavariables, facts)
    if isinstance(pattern, (Add, Mul)) and isinstance(target, type(pattern)):
        for found, rest in matcher.partial(pattern, target, chosen):
            if not rest:
                yield path, found
            else:
                picked = tuple(place for place in range(len(target.args)) if place not in rest)
                if len(picked) > 1:
                    yield (*path, picked), found
                elif picked:
                    yield (*path, picked[0]), found
        return
    for found in matcher.match(pattern, target, chosen):
        yield path, found


def _on_the_line(rule: Rule, substitution: Mapping[str, Any]) -> bool:
    """Whether a rule about vectors is used on numbers: ‖x − y‖² is then (x − y)² or (y − x)²."""
    return any(
        rule.metavariables[name].sort == "vector" and isinstance(value, Basic) and value != 0 and is_scalar(value)
        for name, value in substitution.items()
        if name in rule.metavariables
    )


def _as_functions(rule: Rule, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Values of f(x), written in terms of what x stands for, as functions of it."""
    found = dict(chosen)
    for _, node in walk(rule.statement):
        name = node.name if isinstance(node, Application) else ""
        if isinstance(node, Application) and isinstance(found.get(name), Basic):
            values = [chosen.get(str(getattr(argument, "name", ""))) for argument in node.arguments]
            points = [point for value in values for point in (value if isinstance(value, tuple) else (value,))]
            if all(isinstance(point, (Variable, Symbol, Run)) for point in points):
                found[name] = Abstraction(tuple(points), found[name])
    return found


def _parts(size: int) -> Iterator[tuple[int, ...]]:
    """Some of the terms of a sum or the factors of a product, two at least, and not all of them."""
    for count in range(2, size if size <= _MOST_PARTS else 0):
        yield from combinations(range(size), count)


def _all_chosen(rule: Rule, chosen: Mapping[str, Any]) -> bool:
    """Whether every metavariable has a value: then nothing is matched, and forms need to agree up to algebra only."""
    return bool(chosen) and set(rule.metavariables) <= {*chosen, *rule.schema.renamable}


def law_steps(term: Basic, where: Context, only: Basic | None = None) -> list[Step]:
    """The steps of a line `by law`: densities that the model gives, replaced by what it gives."""

    def attempt(current: Basic, path: Path) -> Step:
        target = at(current, path)
        for number, law in enumerate(where.model.given_densities):
            mapping = density_match(law.lhs, target, where) if isinstance(law.lhs, Density) else None
            if mapping is not None:
                return by_law(current, path, number, mapping, where)
        raise KernelRefusal("the model gives no law for a density of this term")

    return everywhere(term, attempt, only)


def definition_steps(term: Basic, where: Context, only: Basic | None = None) -> list[Step]:
    """The steps of a line `by definition`: functions that the model defines, replaced by what it says they are."""

    def attempt(current: Basic, path: Path) -> Step:
        target = at(current, path)
        for number, law in enumerate(where.model.given_densities):
            if isinstance(law.lhs, Application) and isinstance(target, Application):
                mapping = function_match(law.lhs, target)
                if mapping is not None:
                    return by_law(current, path, number, mapping, where)
        raise KernelRefusal("the model defines no function of this term")

    return everywhere(term, attempt, only)


def function_match(pattern: Application, target: Application) -> dict[Basic, Any] | None:
    """The indices and then the points that turn the head of a definition into a value of the function."""
    found = matches(pattern, target)
    if found is None:
        return None
    shift = {key: value for key, value in found.items() if key in _own_indices(pattern) and key != value}
    points = {substitute(key, shift): value for key, value in found.items() if key not in _own_indices(pattern)}
    return {key: value for key, value in {**shift, **points}.items() if key != value}


def _own_indices(head: Application) -> frozenset[Basic]:
    """The indices of a head: its own, those of its arguments, and the arguments that are indices."""
    inside = [index for item in head.arguments for index in getattr(item, "indices", ())]
    found = frozenset(symbol for index in (*head.indices, *inside) for symbol in index.free_symbols)
    return found | {item for item in head.arguments if isinstance(item, Symbol) and not item.name.startswith("\\")}


def hypothesis_steps(term: Basic, where: Context, only: Basic | None = None) -> list[Step]:
    """The steps of a line `by hypothesis`."""

    def attempt(current: Basic, path: Path) -> Step:
        target = at(current, path)
        for number, given in enumerate(where.given):
            if isinstance(given.statement, Equal):
                mapping = density_match(given.statement.lhs, target, where)
                if mapping is not None and set(mapping) <= given.universal:
                    return by_given(current, path, number, mapping, where)
        raise KernelRefusal("no hypothesis says anything of this term")

    return everywhere(term, attempt, only)


def result_steps(
    term: Basic, theorem: Theorem, where: Context, *, name: str, backward: bool = False, only: Basic | None = None,
    chosen: Mapping[str, Any] | None = None,
) -> list[Step]:  # fmt: skip
    """The steps of a line `by NAME [with …]` of an earlier result."""
    source = theorem.statement.rhs if backward else theorem.statement.lhs

    def attempt(current: Basic, path: Path) -> Step:
        target = at(current, path)
        mapping = None if chosen else density_match(source, target, where)
        if mapping is not None:
            return by_result(current, path, theorem, mapping, where, name=name, backward=backward)
        refused, best = KernelRefusal(f"{name} says nothing of this term"), None
        facts = where.at(current, path).facts
        for place, values in islice(values_of(theorem, source, target, path, chosen or {}, facts), _MOST_TRIES):
            try:
                step = by_result(current, place, theorem, values, where, name=name, backward=backward)
            except KernelRefusal as refusal:
                refused = refusal
                continue
            if _settled(step):
                return step
            best = best or step
        if best is None:
            raise refused
        return best

    return everywhere(term, attempt, only)


def density_match(pattern: Basic, target: Basic, where: Context) -> dict[Basic, Any] | None:
    """The indices and points that turn one density into another; of other terms, the index at which they agree."""
    if not isinstance(pattern, Density):
        return _at_an_index(pattern, target, where)
    if not isinstance(target, Density) or pattern.law != target.law:
        return None
    if len(pattern.targets) != len(target.targets) or len(pattern.givens) != len(target.givens):
        return None
    for shift in _index_shifts(pattern, target, where):
        moved = substitute(pattern, shift, where.facts)
        mapping = _points(moved, target)
        if mapping is not None:
            return {key: value for key, value in {**shift, **mapping}.items() if key != value}
    return None


def _at_an_index(pattern: Basic, target: Basic, where: Context) -> dict[Basic, Any] | None:
    """The value of an index at which a term is another one: what is said of every t, at t = 7."""
    if alpha_equal(pattern, target):
        return {}
    if type(pattern) is not type(target):
        return None
    tried = set()
    others = [item for item in free_variables(target) if isinstance(item, Variable) and len(item.indices) == 1]
    for variable in sorted(free_variables(pattern), key=str):
        if not isinstance(variable, Variable) or len(variable.indices) != 1:
            continue
        (index,) = variable.indices
        for symbol in sorted((index.free_symbols & where.indices) - where.model.sizes, key=str):
            for other in sorted((item for item in others if item.name == variable.name), key=str):
                value = other.indices[0] - (index - symbol)
                if (symbol, value) in tried or linear(value) is None or symbol in (index - symbol).free_symbols:
                    continue
                tried.add((symbol, value))
                if value != symbol and alpha_equal(substitute(pattern, {symbol: value}, where.facts), target):
                    return {symbol: value}
    return None


def _index_shifts(pattern: Density, target: Density, where: Context) -> Iterator[dict[Basic, Any]]:
    mine = [pair[0] for pair in (*pattern.targets, *pattern.givens)]
    other = [pair[0] for pair in (*target.targets, *target.givens)]
    symbols = {
        symbol
        for variable in mine
        for index in getattr(variable, "indices", ())
        for symbol in index.free_symbols
        if isinstance(symbol, Symbol) and symbol in where.indices
    }
    if not symbols:
        yield {}
        return
    symbol = sorted(symbols, key=str)[0]
    seen = set()
    for variable in mine:
        for candidate in other:
            if not (isinstance(variable, Variable) and isinstance(candidate, Variable)):
                continue
            if variable.name != candidate.name or len(variable.indices) != 1 or len(candidate.indices) != 1:
                continue
            offset = variable.indices[0] - symbol
            if symbol in offset.free_symbols or linear(candidate.indices[0]) is None:
                continue
            value = candidate.indices[0] - offset
            if value not in seen:
                seen.add(value)
                yield {symbol: value}


def _points(moved: Any, target: Density) -> dict[Basic, Any] | None:
    mapping: dict[Basic, Any] = {}
    for mine, other in ((moved.targets, target.targets), (moved.givens, target.givens)):
        places = {pair[0]: pair[1] for pair in other}
        for variable, point in mine:
            if variable not in places:
                return None
            if places[variable] != point and not isinstance(point, (Variable, Symbol)):
                return None
            if places[variable] != point:
                mapping[point] = places[variable]
    return mapping
