"""Trying several statements in the same worlds: one world is drawn for all of them, and a term that stands in several
of them has its value computed once.

What a world cannot say of one statement it may say of the others; a statement that got fewer worlds than were asked
for is tried alone in others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import flint

from derive.terms import Equal, Independent, Proportional, Statement
from derive.worlds import exact
from derive.worlds.outcomes import NeverExercised, NotExercised, Undefined
from derive.worlds.setting import Setting
from derive.worlds.trial import (
    KINDS,
    Refutation,
    Trial,
    build,
    condition_holds,
    kept_out,
    refute,
    restriction_of,
    satisfied,
    size_of,
    try_statement,
    variants_of,
)
from derive.worlds.truth import free_keys, holds, values_for
from derive.worlds.world import World

Answer = tuple[bool | None, Refutation | None]
_TOGETHER = 2
"""How many worlds are drawn for each that is asked for, before what is missing is tried alone."""


def try_together(
    statements: Sequence[Statement], setting: Setting, *, seed: int | str = 0, total: int = 10,
    kinds: Sequence[str] = KINDS, conditions: Iterable[Statement] = (),
) -> list[Trial]:  # fmt: skip
    """Each statement tried in `total` worlds: as many of each kind, or all of the kinds that can give it a value."""
    asked = tuple(conditions)
    trials = [Trial() for _ in statements]
    for count, again in ((-(-total // len(kinds)), ""), (total, "/more")):
        for kind in kinds:
            wanted = [
                place
                for place, (statement, trial) in enumerate(zip(statements, trials, strict=True))
                if _lacks(trial, total, kind, again) and kept_out(kind, statement, setting, asked) is None
            ]
            _share(kind, [statements[place] for place in wanted], [trials[place] for place in wanted], setting, asked,
                   f"{seed}{again}", count)  # fmt: skip
            for place in wanted:
                _alone(trials[place], statements[place], setting, kind, f"{seed}{again}/alone", count, asked)
    for trial, statement in zip(trials, statements, strict=True):
        for kind in kinds:
            reason = kept_out(kind, statement, setting, asked)
            if reason is not None:
                trial.not_exercised[kind] = Counter((reason,))
    return trials


def _lacks(trial: Trial, total: int, kind: str, again: str) -> bool:
    """Whether a statement needs further worlds of a kind: at first of every kind, later of those that did well."""
    return not trial.refuted and (not again or (0 < sum(trial.tried.values()) < total and bool(trial.tried[kind])))


def _alone(
    trial: Trial, statement: Statement, setting: Setting, kind: str, seed: str, count: int,
    conditions: tuple[Statement, ...],
) -> None:  # fmt: skip
    """Try a statement by itself in as many worlds as it lacks."""
    missing = count - trial.tried[kind]
    if missing > 0 and not trial.refuted:
        _add(trial, try_statement(statement, setting, seed=seed, count=missing, kinds=(kind,), conditions=conditions))


def _add(trial: Trial, found: Trial) -> None:
    for counts, more in (
        (trial.tried, found.tried), (trial.held, found.held), (trial.undefined, found.undefined),
        (trial.satisfied, found.satisfied),
    ):  # fmt: skip
        counts.update(more)
    trial.restrictions |= found.restrictions
    trial.shown = trial.shown or found.shown
    for kind, reasons in found.not_exercised.items():
        if not trial.tried[kind]:
            trial.not_exercised[kind] = reasons


def _share(
    kind: str, statements: Sequence[Statement], trials: Sequence[Trial], setting: Setting,
    conditions: tuple[Statement, ...], seed: int | str, count: int,
) -> None:  # fmt: skip
    """Draw worlds for all statements; in each, every statement that still lacks worlds is looked at."""
    if len(statements) < 2:
        return
    whole = replace(setting, conditions=conditions)
    variants = variants_of(kind, *statements)
    idle = 0
    for number in range(count * _TOGETHER):
        open_ = [
            place for place, trial in enumerate(trials) if trial.tried[kind] < count and not trial.refuted
        ]
        if not open_ or idle > 3:
            return
        done: set[int] = set()
        for degree, mixed in variants:
            left = [place for place in open_ if place not in done]
            try:
                world = build(
                    kind, whole, (*statements, *conditions), f"{seed}/{kind}/{number}", size_of(number, count), degree,
                    mixed,
                )  # fmt: skip
                if not left or not satisfied(world, setting):
                    break
                answers = _answers(world, [statements[place] for place in left], conditions)
            except (NeverExercised, NotExercised, RecursionError):
                continue
            except Undefined:
                break
            for place, answer in zip(left, answers, strict=True):
                if answer is None:
                    continue
                done.add(place)
                _count(trials[place], kind, world, answer, degree)
        idle = 0 if done else idle + 1


def _count(trial: Trial, kind: str, world: World, answer: Answer, degree: int) -> None:
    held, refutation = answer
    trial.satisfied[kind] += 1
    if held is None:
        trial.undefined[kind] += 1
        return
    trial.restrictions |= {*world.restrictions, *((restriction_of(degree),) if degree < 2 else ())}
    trial.tried[kind] += 1
    trial.held[kind] += held
    trial.shown = refutation


def _answers(world: World, statements: Sequence[Statement], conditions: tuple[Statement, ...]) -> list[Answer | None]:
    """For each statement whether it holds at the world's points; None where this world cannot compute it."""
    asked = tuple(c for c in conditions if not isinstance(c, Independent))
    found: list[Answer | None] = [(None, None)] * len(statements)
    exact_only = all(isinstance(statement, (Equal, Proportional)) for statement in statements)
    try:
        with flint.ctx.workprec(exact.PRECISION):
            for values in values_for(world, free_keys(world, statements), "statement", 1 if exact_only else 3):
                world.point = values
                world.memory = None
                if not all(condition_holds(world, condition) for condition in asked):
                    continue
                world.remembering()
                for place, statement in enumerate(statements):
                    found[place] = _at_point(world, statement, found[place])
    finally:
        world.memory = None
    return found


def _at_point(world: World, statement: Statement, before: Answer | None) -> Answer | None:
    if before is None or before[0] is False:
        return before
    try:
        answer = holds(world, statement)
    except (NotExercised, RecursionError):
        return None
    if answer is False:
        remembered, world.memory = world.memory, None
        refutation = refute(world, statement)
        world.memory = remembered
        return False, refutation
    return (True, None) if answer or before[0] else before
