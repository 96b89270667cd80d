"""Verifying: a derivation run anew, its certificate checked from JSON alone, each of its lines tried in many worlds.

Three things that share nothing but the terms: the engine that finds the steps, the small checker that makes each step
again from what the JSON says, and the worlds, which know no rule.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sympy import Symbol

from derive.derivation import Derivation
from derive.errors import DeriveError, InputError, KernelRefusal
from derive.grounds.context import as_relations
from derive.kernel import Theorem
from derive.latex import unicode_text
from derive.terms import Member, Variable, facts_of, walk

__all__ = ["Verified", "verify_certificate", "verify_derivation"]


@dataclass
class Verified:
    """What came out for one derivation or certificate; `status` is the exit status it asks for.

    `given` are the hypotheses and index ranges of its statement; `model` says what a certificate's own model states,
    and where the vectors and matrices live of which it states nothing.
    """

    name: str
    holds: bool = False
    statement: str = ""
    given: list[str] = field(default_factory=list)
    model: list[str] = field(default_factory=list)
    lines: int = 0
    steps: int = 0
    worlds: int = 0
    not_exercised: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    rests_on: list[str] = field(default_factory=list)
    assumes: list[str] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    goal: bool | None = None
    certificate: bool = False
    seconds: dict[str, float] = field(default_factory=dict)
    error: str = ""
    status: int = 0


def verify_derivation(
    name: str, *, model: Any = None, rules: Iterable[str] = (), worlds: int = 200, seed: int = 0
) -> Verified:
    """A derivation of the library, or of a file, run anew; never raises a `DeriveError`, but says it in `.error`."""
    from derive.claims import settled
    from derive.latex import unicode_text
    from derive.library import load

    found = Verified(name)
    clock = _Clock(found)
    try:
        derivation = load(name, model=model, rules=tuple(rules))
        theorem = derivation.theorem
        clock("derive")
        found.statement, found.given = unicode_text(theorem.statement), _hypotheses(theorem)
        found.lines, found.steps = sum(1 for _ in _leaves(derivation)), count_steps(theorem)
        found.rests_on, found.rules = _ground(theorem, derivation.rules)
        found.assumes = [unicode_text(condition) for condition in theorem.obligations]
        found.claims = [f"{unicode_text(entry.claim)} ({entry.status})" for entry in settled(derivation.model)]
        found.goal = None if derivation.goal is None else derivation.goal_reached is True
        _check_again(theorem, name, tuple(rules))
        found.certificate = True
        clock("check")
        broken = _try(derivation, found, worlds, seed)
        clock("worlds")
    except DeriveError as error:
        return _failed(found, error)
    found.holds = found.goal is not False and not broken
    if broken:
        found.error = "refuted in a world: " + ", ".join(broken)
    elif not found.holds:
        found.error = "the goal is not reached"
    found.status = 0 if found.holds else 1
    return found


def verify_certificate(path: str, *, rules: Iterable[str] = ()) -> Verified:
    """A certificate checked by the kernel, with nothing but the rulebook beside it."""
    from derive.certificates import check
    from derive.folders import read_text
    from derive.latex import unicode_text

    found = Verified(path)
    clock = _Clock(found)
    try:
        text = read_text(path)
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InputError(f"this is no JSON: {error}", file=path) from None
        book = _book(tuple(rules))
        try:
            theorem = check(data, book)
        except DeriveError as error:
            raise error.located(path) from None
    except DeriveError as error:
        return _failed(found, error)
    clock("check")
    found.holds = found.certificate = True
    found.statement, found.steps = unicode_text(theorem.statement), count_steps(theorem)
    found.given, found.model = _hypotheses(theorem), [*_stated(theorem), *_homes(theorem)]
    found.rests_on, found.rules = _ground(theorem, book)
    found.assumes = [unicode_text(condition) for condition in theorem.obligations]
    return found


def _hypotheses(theorem: Theorem) -> list[str]:
    """What a theorem's statement holds under beside its model: hypotheses, with what they hold for, and ranges."""
    about = theorem.context
    told = []
    for entry in about.given:
        every = ", ".join(sorted(map(unicode_text, entry.universal)))
        told.append(unicode_text(entry.statement) + (f" for every {every}" if every else ""))
    spoken = {item for entry in (theorem.statement, *(given.statement for given in about.given))
              for item in entry.free_symbols}  # fmt: skip
    ranges = facts_of([entry.statement for entry in about.given], about.indices)
    further = [
        bound for bound in as_relations(about.facts)
        if bound.free_symbols & spoken and ranges.at_most(bound.lhs, bound.rhs) is not True
    ]  # fmt: skip
    return list(dict.fromkeys([*told, *map(unicode_text, further)]))


def _stated(theorem: Theorem) -> list[str]:
    return [unicode_text(line.statement) for line in theorem.context.model.lines]


def _homes(theorem: Theorem) -> list[str]:
    """x ∈ R^d, for each vector and matrix of a theorem of which its model does not say so."""
    about = theorem.context
    terms = (theorem.statement, *(entry.statement for entry in about.given), *about.model.statements)
    declared = {(entry.variable.name, entry.domain) for entry in about.model.statements
                if isinstance(entry, Member) and isinstance(entry.variable, Variable)}  # fmt: skip
    names = {node for term in terms for _, node in walk(term) if isinstance(node, Variable) and node.sort.shape}
    undeclared = [name for name in sorted(names, key=str) if (name.name, name.sort) not in declared]
    return [unicode_text(Member(name, name.sort)) for name in undeclared]


def count_steps(theorem: Theorem) -> int:
    """The kernel's steps in a theorem and in what it is made of; earlier results that it cites count by themselves."""
    inside = sum(count_steps(lemma) for name, lemma in theorem.lemmas if "." not in name)
    return inside + (sum(map(count_steps, theorem.parts)) if theorem.parts else len(theorem.steps))


class _Clock:
    """Writes down how long each part took."""

    def __init__(self, found: Verified) -> None:
        self.found, self.begun = found, time.perf_counter()

    def __call__(self, part: str) -> None:
        now = time.perf_counter()
        self.found.seconds[part] = round(now - self.begun, 3)
        self.begun = now


def _failed(found: Verified, error: DeriveError) -> Verified:
    found.holds, found.error = False, error.render()
    found.status = error.exit_status if isinstance(error, InputError) else 1
    return found


def _book(rules: tuple[str, ...]) -> Any:
    from derive.rulebook import load_rulebook

    return load_rulebook().extended(*rules) if rules else load_rulebook()


def _ground(theorem: Theorem, book: Any) -> tuple[list[str], list[str]]:
    """All that a theorem rests on, by name, a rule with where the library derives it; and the rules alone."""
    ordered = sorted(theorem.rests_on)
    rules = [name for kind, name in ordered if kind == "rule"]
    others = [
        f"the law {unicode_text(Symbol(name))}" if kind == "law" else "hypotheses" if kind == "given" else name or kind
        for kind, name in ordered
        if kind != "rule"
    ]
    derived = {name: book[name].derived_in for name in rules}
    return [*others, *(f"{name} (derived in {derived[name]})" if derived[name] else name for name in rules)], rules


def _check_again(theorem: Theorem, name: str, rules: tuple[str, ...]) -> None:
    """Write the certificate and check it from its JSON alone; raises `KernelRefusal` where something else comes out."""
    from derive.certificates import certificate, check

    text = json.dumps(certificate(theorem, name))
    again = check(json.loads(text), _book(rules))
    if again.statement != theorem.statement or set(again.obligations) != set(theorem.obligations):
        raise KernelRefusal("the certificate proves another statement than the derivation")


def _leaves(derivation: Derivation) -> Iterator[tuple[Derivation, Any]]:
    """Every line with the derivation whose context it is in; those of an induction in place of the induction."""
    for line in derivation.lines:
        if line.parts:
            for _, part in line.parts:
                yield from _leaves(part)
        else:
            yield derivation, line


def _try(derivation: Derivation, found: Verified, worlds: int, seed: int) -> list[str]:
    """The lines that a world refutes; each is tried in `worlds` worlds, of both kinds where both give it a value."""
    from derive.trials import try_lines

    broken = []
    groups: dict[int, tuple[Derivation, list[Any]]] = {}
    for owner, line in _leaves(derivation):
        groups.setdefault(id(owner), (owner, []))[1].append(line)
    for owner, lines in groups.values():
        for line, trial in zip(lines, try_lines(lines, owner.context, seed=seed, total=worlds), strict=True):
            found.worlds += sum(trial.tried.values())
            if trial.refuted:
                broken.append(line.by)
            elif not trial.exercised:
                found.not_exercised.append(line.by)
    return broken
