"""How a rule was tried, in a few rows: worlds of each kind, and what becomes of it without each condition."""

from __future__ import annotations

from collections.abc import Iterator

from derive.render.prose import spoken
from derive.render.rules import TrialView
from derive.render.transliterate import in_unicode
from derive.rule_trials import RuleTrial, try_rule
from derive.rulebook import Rule

__all__ = ["trial_view"]


def trial_view(rule: Rule, count: int) -> TrialView:
    """The rule tried in so many worlds of each kind, as rows."""
    tried = try_rule(rule, count=count)
    refuted = tried.trial.refutation is not None
    if rule.fallacy:
        holds = None if not refuted else True  # a fallacy is as it should be when a world breaks it
    else:
        holds = False if refuted else True if tried.trial.exercised else None
    return TrialView(tuple(_rows(rule, tried)), holds)


def _rows(rule: Rule, tried: RuleTrial) -> Iterator[str]:
    trial = tried.trial
    if trial.refutation is not None:
        kind = trial.refutation.kind
        if rule.fallacy:
            yield f"a random {kind} world breaks it too (seed {trial.refutation.seed})"
        else:
            yield f"false in a {kind} world:"
            yield from trial.refutation.description.splitlines()
        return
    for kind, count in sorted(trial.held.items()):
        yield f"holds in {count} random {kind} worlds"
    for kind, reasons in sorted(trial.not_exercised.items()):
        yield f"no {kind} world: {next(iter(reasons))}"
    if not trial.exercised:
        yield "no world exercises it"
    elif rule.fallacy:
        yield "no random world broke it; the world above does"
    for condition in tried.dropped:
        said = spoken(condition.text, in_unicode)
        if condition.refutation is None:
            kept = "it only makes the formula defined" if condition.defines else "no world was found that breaks it"
            yield f"without {said}: {kept}"
        else:
            world = condition.refutation
            sides = f" ({world.left} against {world.right})" if world.left else ""
            yield f"without {said}: false in a {world.kind} world{sides}"
