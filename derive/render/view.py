"""What there is to show of a derivation: plain records of text, which the library fills and every renderer prints.

A view holds no terms, only what a person reads: formulas as Unicode and as LaTeX, names of rules, conditions and how
each was met. So renderers know nothing of the engine, and `as_json` of a view is all that `--format json` has to say.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from enum import StrEnum
from typing import Any

from derive.render.boxes import Row

__all__ = [
    "Chosen", "Condition", "DerivationView", "Formula", "Goal", "Grounds", "Justification", "ModelView", "Prose",
    "Settled", "StepView", "WorldsTried", "as_json",
]


@dataclass(frozen=True)
class Formula:
    """One formula: `text` in Unicode on one line, `latex` as a careful author would write it.

    `changed` are the parts of `text`, as (start, end), that differ from the formula before; a renderer highlights them.
    `ascii` is the line for a stream that cannot write Unicode, `boxes` what a page or a wide terminal sets, None where
    nobody could set it; JSON leaves the boxes out.
    """

    text: str
    latex: str
    changed: tuple[tuple[int, int], ...] = ()
    ascii: str = ""
    boxes: Row | None = field(default=None, compare=False, repr=False, metadata={"shown": "only"})


@dataclass(frozen=True)
class Prose:
    """What an author wrote between formulas: `markdown` as in the file, `text` with its formulas in Unicode."""

    text: str
    markdown: str


class Justification(StrEnum):
    """What a line rests on."""

    RULE = "rule"
    TACTIC = "tactic"
    DEFINITION = "definition"
    HYPOTHESIS = "hypothesis"
    RESULT = "result"
    ALGEBRA = "algebra"
    PROPORTION = "proportion"
    INDUCTION = "induction"
    NORMALISATION = "normalisation"


class Settled(StrEnum):
    """What became of a condition: it was discharged, or it stays open as an obligation of the result."""

    DISCHARGED = "discharged"
    ASSUMED = "assumed"


@dataclass(frozen=True)
class Condition:
    """A condition that a step needed, whether it was discharged, and `how` in a few words.

    `routine` ones (an index within its range) are shown on full detail only.
    """

    formula: Formula
    settled: Settled
    how: str = ""
    routine: bool = False


@dataclass(frozen=True)
class Chosen:
    """What stands for one name of a rule where it was used: A := x_t."""

    name: Formula
    value: Formula


@dataclass(frozen=True)
class Grounds:
    """What a line rests on, as it was stated: a rule with its prose and source, a law of the model, a lemma.

    `zh` is the rule's name and sentence in Chinese, where its author gave them.
    """

    name: str
    statement: Formula
    prose: Prose | None = None
    source: str = ""
    conditions: tuple[Prose, ...] = ()
    zh: tuple[str, str] | None = None


@dataclass(frozen=True)
class WorldsTried:
    """How many worlds a step was tried in, and in which kinds; `note` says why not, where there were none.

    `refuted_by` describes a world in which the line does not hold; empty where there is none.
    """

    tried: int
    kinds: tuple[str, ...] = ()
    seed: int | None = None
    note: str = ""
    refuted_by: str = ""


@dataclass(frozen=True)
class StepView:
    """One line of a derivation: `relation after`, with what it rests on.

    `by` is the name a reader sees (`bayes`, `algebra`, a tactic's name where a tactic proposed the steps in `parts`).
    `prose` is what the author wrote before the line. `parts` are the kernel's own steps beneath the line, shown on
    `--detail full`; those of an induction are always shown, the first line of its base and of its step with a `label`.
    """

    relation: str
    after: Formula
    by: str
    kind: Justification
    before: Formula | None = None
    direction: str = ""
    conditions: tuple[Condition, ...] = ()
    worlds: WorldsTried | None = None
    prose: Prose | None = None
    label: Prose | None = None
    parts: tuple[StepView, ...] = ()
    grounds: Grounds | None = None
    chosen: tuple[Chosen, ...] = ()


@dataclass(frozen=True)
class ModelView:
    """The model a derivation was run on: its name and its statements as they were written."""

    name: str
    statements: tuple[Formula, ...] = ()


@dataclass(frozen=True)
class Goal:
    """The published result that the derivation is compared with: `reached` is three-valued, None is not known."""

    statement: Formula
    reached: bool | None
    how: str = ""


@dataclass(frozen=True)
class DerivationView:
    """A whole derivation: what it starts from, its lines, its result, and what remains open.

    `relation` is the relation that the lines compose to, so that `start relation (last line)` is the result; `given`
    are the ranges and hypotheses under which it holds; `unsettled` is what the model claims and nobody has proved.
    """

    name: str
    title: str
    start: Formula
    steps: tuple[StepView, ...]
    result: Formula
    relation: str = "="
    prose: Prose | None = None
    closing: Prose | None = None
    model: ModelView | None = None
    goal: Goal | None = None
    given: tuple[Formula, ...] = ()
    obligations: tuple[Condition, ...] = ()
    unsettled: tuple[Formula, ...] = ()
    rests_on: tuple[str, ...] = ()
    lemmas: tuple[str, ...] = ()
    zh: tuple[str, str] | None = None

    @property
    def shows_goal(self) -> bool:
        """Whether the published result is shown beside the derived one: it is not reached, or in another form."""
        if self.goal is None:
            return False
        return self.goal.reached is not True or self.goal.statement.text != self.result.text


def as_json(view: object) -> Any:
    """The view as what the `json` module can write: records become objects, tuples lists, defaults are left out."""
    if is_dataclass(view) and not isinstance(view, type):
        pairs = [(entry, getattr(view, entry.name)) for entry in fields(view) if not entry.metadata]
        told = [(entry.name, value) for entry, value in pairs if entry.default is MISSING or value != entry.default]
        return {name: as_json(value) for name, value in told}
    if isinstance(view, tuple | list):
        return [as_json(item) for item in view]
    if isinstance(view, StrEnum):
        return str(view)
    return view
