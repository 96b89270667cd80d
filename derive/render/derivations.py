"""From a derivation of the library to its view: every term written, every condition with what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from derive.derivation import Derivation, Line
from derive.errors import DeriveError
from derive.grounds.context import Context, Discharge, as_relations, is_range
from derive.kernel import Step
from derive.latex import latex, unicode_text
from derive.latex.unicode import ascii_text
from derive.models import Model
from derive.render.boxes import Glyph, Kind, Row, changed_boxes
from derive.render.changes import changed_parts
from derive.render.prose import spoken
from derive.render.setting import boxes_of, name_box
from derive.render.transliterate import in_unicode
from derive.render.typeset import typeset
from derive.render.view import (
    Chosen,
    Condition,
    DerivationView,
    Formula,
    Goal,
    Grounds,
    Justification,
    ModelView,
    Prose,
    Settled,
    StepView,
    WorldsTried,
)
from derive.rulebook import Abstraction, Family
from derive.terms import Member
from derive.terms.ranges import as_written, is_among
from derive.worlds import Trial

__all__ = ["Trier", "authored", "formula", "glancing", "prose", "trier", "view_of"]

WORLDS = 6
"""In how many worlds a line is tried while it is shown: half of them of either kind, where both give it a value."""

_ROUTINE = {"range", "disjoint"}
"""Kinds of conditions that, where they hold, are shown on full detail only."""

_HOW = {"sign": "certified by its sign", "d-separation": "d-separated in the model"}
_SIGNS = {"=": "=", "<=": "≤", ">=": "≥", "propto": "∝"}
_KINDS = {kind.value: kind for kind in Justification} | {
    "law": Justification.DEFINITION,
    "given": Justification.HYPOTHESIS,
}


Trier = Callable[[Sequence[Line], Context], Sequence[Trial]]
"""What tries lines in worlds that satisfy a context."""


def trier(count: int, seed: int = 0) -> Trier:
    """Tries each line in so many worlds, which the lines share."""
    from derive.trials import try_lines

    return lambda lines, context: try_lines(lines, context, seed=seed, total=count)


def glancing() -> Trier:
    """What tries a line while it is shown: in a few worlds."""
    return trier(WORLDS)


def view_of(derivation: Derivation, tried: Trier | None = None, *, whole: bool = True) -> DerivationView:
    """The derivation as it is shown, each line with the worlds it was tried in; `whole` adds the kernel's own steps."""
    return DerivationView(
        name=derivation.name,
        title=derivation.title if derivation.title != derivation.name.rpartition(".")[2] else "",
        start=formula(derivation.start),
        steps=tuple(_lines(derivation, tried, whole)),
        result=formula(derivation.result),
        relation=_SIGNS[_relation(derivation)],
        prose=prose(derivation.prose),
        closing=prose(derivation.closing),
        model=_model(derivation.model),
        goal=_goal(derivation),
        given=tuple(formula(statement) for statement in _given(derivation.context)),
        obligations=tuple(
            Condition(formula(condition), Settled.ASSUMED) for condition in derivation.obligations
        ),
        unsettled=tuple(map(formula, derivation.unsettled)),
        rests_on=tuple(dict.fromkeys(_rests(derivation))),
        zh=derivation.zh,
        lemmas=tuple(sorted({name for kind, name in derivation.rests_on if kind == "result" and "." in name})),
    )


def _given(context: Context) -> list[Any]:
    """The index ranges and the hypotheses of a result, as people write them."""
    ranges = as_relations(context.facts)
    stated = [given.statement for given in context.given if not is_range(given, context.indices)]
    facts = [fact for fact in stated if not isinstance(fact, Member) and not is_among(fact, ranges)]
    return [*as_written(ranges, whole=True), *as_written(facts)]


def formula(term: Any, before: Any = None) -> Formula:
    """A term as it is shown, with what is new in it against the term before."""
    text, written, plain, boxes = _written(term)
    if before is None:
        return Formula(text, written, (), plain, boxes)
    earlier, _, _, old = _written(before)
    return Formula(text, written, changed_parts(earlier, text), plain, changed_boxes(old, boxes))


@lru_cache(maxsize=4096)
def _written(term: Any) -> tuple[str, str, str, Row]:
    """A term in Unicode, in LaTeX, in ASCII and as boxes."""
    return unicode_text(term), latex(term), ascii_text(term), boxes_of(term)


def prose(markdown: str) -> Prose | None:
    """What an author wrote, None where that is nothing."""
    return Prose(spoken(markdown, in_unicode), markdown) if markdown.strip() else None


def _lines(derivation: Derivation, tried: Trier | None, whole: bool) -> Iterator[StepView]:
    plain = [line for line in derivation.lines if not line.parts]  # an induction's lines are tried in its parts
    trials = iter(tried(plain, derivation.context) if tried is not None else ())
    for line in derivation.lines:
        yield StepView(
            relation=_SIGNS[line.relation],
            after=formula(line.after, line.before),
            by=line.by,
            kind=_KINDS.get(line.kind, Justification.TACTIC),
            before=formula(line.before),
            direction=line.direction,
            conditions=tuple(_conditions((entry for step in line.steps for entry in step.conditions), derivation)),
            worlds=None if tried is None or line.parts else _worlds(next(trials)),
            prose=prose(line.prose),
            parts=(*_inductive_parts(line, tried, whole), *(_kernel_steps(line, derivation) if whole else ())),
            grounds=_grounds(line, derivation),
            chosen=tuple(_chosen(line.steps[0])) if whole and len(line.steps) == 1 else (),
        )


def _inductive_parts(line: Line, tried: Trier | None, whole: bool) -> Iterator[StepView]:
    """The base and the step of an induction: the lines of each, the first with its label and what it starts from."""
    for label, part in line.parts:
        for number, view in enumerate(_lines(part, tried, whole)):
            yield replace(view, label=_label(label, part)) if number == 0 else view


def _label(label: str, part: Derivation) -> Prose:
    """`step, given …`: what the part may use."""
    stated = [entry.statement for entry in part.context.given]
    ranged = [entry for entry in stated if is_among(entry, as_relations(part.context.facts))]
    others = [entry for entry in stated if entry not in ranged]
    given = [formula(statement) for statement in (*as_written(ranged, whole=True), *others)]
    said = f"{label}, given " if given else label
    return Prose(said + ", ".join(f.text for f in given), said + ", ".join(f"$`{f.latex}`$" for f in given))


def _grounds(line: Line, derivation: Derivation) -> Grounds | None:
    """What justifies a line, as it was stated; None for exact algebra and for lines with several grounds."""
    whys = {step.justification.kind: step.justification for step in line.steps}
    rules = [step.justification for step in line.steps if step.justification.kind == "rule"]
    if rules and all(why.name == line.by for why in rules):
        whys = {"rule": rules[0]}
    elif len({(step.justification.kind, step.justification.name) for step in line.steps}) != 1:
        return None
    ((kind, why),) = whys.items()
    if kind == "rule":
        rule = derivation.rules[why.name]
        zh = None if rule.zh is None else (rule.zh.name, rule.zh.sentence)
        conditions = tuple(Prose(spoken(c.text, in_unicode), c.text) for c in rule.conditions)
        return Grounds(rule.name, authored(rule.latex), prose(rule.prose), rule.source, conditions, zh)
    if kind == "result" and why.name in derivation.results and not line.parts and line.by != "normalise":
        return Grounds(why.name, formula(derivation.results[why.name].statement), zh=_title_in_chinese(why.name))
    if kind == "law" and len(line.steps) == 1:
        return Grounds("the model", formula(derivation.model.given_densities[int(why.reference)]))
    if kind == "given" and len(line.steps) == 1:
        return Grounds("a hypothesis", formula(line.steps[0].context.given[int(why.reference)].statement))  # type: ignore[union-attr]
    return None


def _title_in_chinese(name: str) -> tuple[str, str] | None:
    """Title and sentence of a derivation of the library in Chinese; None for a line of one's own."""
    from derive.library import script_of

    try:
        return script_of(name).zh
    except DeriveError:
        return None


def _chosen(step: Step) -> Iterator[Chosen]:
    """What stands for the names of a rule, or for the indices of a law."""
    if step.justification.kind in ("algebra", "proportion"):
        return
    for key, value in step.justification.substitution:
        name = Formula(in_unicode(key), key, boxes=name_box(key)) if isinstance(key, str) else formula(key)
        yield Chosen(name, _value(value))


def _value(value: Any) -> Formula:
    """A value that a rule's name was given: a term, a set of variables, a function, variables with an index."""
    if isinstance(value, tuple):
        points = [entry[0] if isinstance(entry, tuple) else entry for entry in value]
        parts = [formula(point) for point in points]
        if not parts:
            return Formula("nothing", r"\varnothing", ascii="nothing", boxes=typeset(r"\varnothing"))
        commas = [part.boxes.items for part in parts if part.boxes is not None]
        boxes = tuple(box for number, items in enumerate(commas) for box in (*(_COMMA if number else ()), *items))
        return Formula(
            ", ".join(part.text for part in parts), ", ".join(part.latex for part in parts),
            ascii=", ".join(part.ascii for part in parts), boxes=Row(boxes),
        )  # fmt: skip
    if isinstance(value, Abstraction):
        return formula(value.body)
    if isinstance(value, Family):
        return Formula(in_unicode(value.name), value.name, boxes=name_box(value.name))
    return formula(value)


_COMMA = (Glyph(Kind.SIGN, ","), Glyph(Kind.SPACE, " "))


def authored(latex_text: str) -> Formula:
    """A formula in its author's own words, which nobody has to understand."""
    return Formula(in_unicode(latex_text), latex_text.strip(), boxes=typeset(latex_text))


def _kernel_steps(line: Line, derivation: Derivation) -> Iterator[StepView]:
    """The kernel's own steps of a line that took several."""
    if len(line.steps) < 2:
        return
    for step in line.steps:
        yield StepView(
            relation=_SIGNS[step.relation],
            after=formula(step.after, step.before),
            by=_name(step),
            kind=_KINDS.get(step.justification.kind, Justification.TACTIC),
            before=formula(step.before),
            direction="backward" if step.justification.backward else "",
            conditions=tuple(_conditions(step.conditions, derivation)),
            chosen=tuple(_chosen(step)),
        )


def _name(step: Step) -> str:
    return step.justification.name or step.justification.kind


def _conditions(entries: Iterable[Discharge], derivation: Derivation) -> Iterator[Condition]:
    """Each condition once, as often as it was needed; what is true of any indices goes without saying."""
    seen = set()
    derived = {theorem.statement: name for name, theorem in derivation.results.items()}
    for entry in entries:
        if entry.condition in seen or _goes_without_saying(entry):
            continue
        seen.add(entry.condition)
        if entry.answer is None and entry.condition in derived and entry.condition not in derivation.obligations:
            entry = replace(entry, answer=True, how=derived[entry.condition])
        settled = Settled.DISCHARGED if entry.answer is True else Settled.ASSUMED
        routine = entry.answer is True and (entry.kind in _ROUTINE or entry.how == "index range")
        yield Condition(formula(entry.condition), settled, _HOW.get(entry.how, entry.how), routine)


def _goes_without_saying(entry: Discharge) -> bool:
    """Bare truth, and that nothing is independent of nothing, which stands for `the names are distinct`."""
    from sympy import true

    from derive.terms import Independent

    condition = entry.condition
    empty = isinstance(condition, Independent) and not condition.left and not condition.right
    return entry.answer is True and (condition == true or empty)


def _worlds(trial: Trial) -> WorldsTried:
    """In how many worlds a line was tried, or why in none."""
    kinds = tuple(kind for kind, count in sorted(trial.tried.items()) if count)
    reasons = [f"{kind}: {next(iter(why))}" for kind, why in sorted(trial.not_exercised.items()) if why]
    notes = [*sorted(trial.restrictions), *([] if kinds else reasons)]
    refuted = str(trial.refutation) if trial.refutation is not None else ""
    return WorldsTried(sum(trial.tried.values()), kinds, None, "; ".join(notes), refuted)


def _relation(derivation: Derivation) -> str:
    from derive.kernel import RELATIONS

    return RELATIONS[type(derivation.result)]


def _model(model: Model) -> ModelView | None:
    if not model.lines:
        return None
    return ModelView(model.name or "given", tuple(_statement(line) for line in model.lines))


def _statement(line: Any) -> Formula:
    """A statement of the model, in its author's own words."""
    return authored(line.text)


def _goal(derivation: Derivation) -> Goal | None:
    if derivation.goal is None:
        return None
    return Goal(formula(derivation.goal), derivation.goal_reached, "algebra" if derivation.goal_reached else "")


def _rests(derivation: Derivation) -> Iterator[str]:
    """What the result rests on, each thing in a word or two; not a line of its own, which has no dot in its name."""
    for kind, name in derivation.rests_on:
        if kind != "result" or "." in name:
            said = {"law": f"the law {in_unicode(name)}", "given": "hypotheses", "proportion": "dropping constants"}
            yield said.get(kind, name or kind)

