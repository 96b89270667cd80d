"""What an article assumes at a place: its model, its givens, its definitions; each from where it is said on.

What is said under a heading holds to the end of that section, what is said before the first heading to the end of the
document. Definitions hold to the end of the document, unless a section says otherwise of the same name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sympy import Basic

from derive.articles.document import Heading
from derive.articles.heads import Head, heads_in, laws_in, overlaps
from derive.articles.reading import Row
from derive.articles.source import Place
from derive.library import load_model
from derive.models import Model, compile_model
from derive.terms import Density, Law, Member, Probability, Relation, Statement, walk
from derive.terms.statements import Greater

__all__ = ["Assumed", "Defined", "Scope"]


@dataclass(frozen=True)
class Assumed:
    """One assumption: its LaTeX, the terms it was read as alone, where it is said, under a heading of which level."""

    text: str
    terms: tuple[Any, ...]
    place: Place | None
    level: int
    order: int = 0

    @property
    def settles(self) -> set[str]:
        """The names that it gives a meaning to: left sides, declared variables, laws."""
        found: set[str] = set()
        for term in self.terms:
            if isinstance(term, Member) or type(term).__name__ == "Distributed":
                found |= {head.name for head in heads_in((term.variable,))} | laws_in(term.args[1:])
            elif isinstance(term, Relation) and isinstance(term.lhs, Density):
                found |= laws_in((term.lhs,))
            elif isinstance(term, Relation):
                found |= {str(term.lhs.name)} if hasattr(term.lhs, "name") else set()
        return found


@dataclass(frozen=True)
class Defined:
    """A definition of the article: the head, the LaTeX and the term of it, and what its right side leaves loose."""

    head: Head
    text: str
    term: Statement
    place: Place
    opening: Any = None
    loose: frozenset[Basic] = frozenset()
    order: int = 0


@dataclass
class Scope:
    """The assumptions and definitions at the place that the check has come to.

    `inline` is the level of the section whose inline formulas are read; None where they are not.
    """

    always: list[Assumed] = field(default_factory=list)
    said: list[Assumed] = field(default_factory=list)
    models: list[tuple[Model, int]] = field(default_factory=list)
    ended: list[Assumed] = field(default_factory=list)
    definitions: list[Defined] = field(default_factory=list)
    level: int = -1
    count: int = 0
    inline: int | None = None

    def enter(self, heading: Heading) -> None:
        """A new section begins: what was said in those that end with it is forgotten."""
        self.ended += [item for item in self.said if item.level >= heading.level]
        self.said = [item for item in self.said if item.level < heading.level]
        self.models = [item for item in self.models if item[1] < heading.level]
        if self.inline is not None and self.inline >= heading.level:
            self.inline = None
        self.level = heading.level

    def assume(self, text: str, terms: Iterable[Any], place: Place | None) -> None:
        """One more assumption, from here on."""
        self.count += 1
        self.said.append(Assumed(text, tuple(terms), place, self.level, self.count))

    def use(self, model: Model) -> None:
        """A model, from here on, in the place of another one."""
        self.models.append((model, self.level))

    def define(self, defined: Defined) -> None:
        """One more definition."""
        self.count += 1
        self.definitions.append(
            Defined(defined.head, defined.text, defined.term, defined.place, defined.opening, defined.loose, self.count)
        )

    @property
    def model(self) -> Model | None:
        """The model in force."""
        return self.models[-1][0] if self.models else None

    @property
    def assumed(self) -> list[Assumed]:
        """The assumptions in force, those of the call first."""
        return [*self.always, *self.said]

    def rows(self) -> list[Row]:
        """What is assumed, line by line: the model, then the givens."""
        model = [] if self.model is None else [(line.text, None) for line in self.model.lines]
        return [*model, *((item.text, item.place) for item in self.assumed)]

    def ended_for(self, terms: Iterable[Any]) -> list[Assumed]:
        """The assumptions of sections that are over about names of some terms, of which nothing is assumed here."""
        spoken = {head.name for head in heads_in(terms)}
        here = {head.name for head in heads_in(self.terms())}
        return [
            item for item in self.ended
            if not any(isinstance(term, Density) for each in item.terms for term in each.args)
            and {head.name for head in heads_in(item.terms)} & (spoken - here)
        ]  # fmt: skip

    def terms(self) -> list[Any]:
        """The statements that are assumed, each as it was read alone."""
        model = [] if self.model is None else list(self.model.statements)
        return [*model, *(term for item in self.assumed for term in item.terms)]

    def definitions_for(self, terms: Iterable[Any]) -> list[Defined]:
        """The definitions that some terms rest on, directly or through others, in the order of the text."""
        spoken = heads_in(terms)
        laws = laws_in(terms)
        found: list[Defined] = []
        settled = {name: item.order for item in self.said for name in item.settles}
        waiting = [item for item in reversed(self.definitions) if settled.get(item.head.name, 0) < item.order]
        again = True
        while again:
            again = False
            for item in list(waiting):
                law = item.head.kind in ("law", "names")
                if (item.head.name in laws) if law else any(overlaps(item.head, head) for head in spoken):
                    found.append(item)
                    waiting.remove(item)
                    spoken |= heads_in((item.term,))
                    laws |= laws_in((item.term,))
                    again = True
        return sorted(found, key=lambda item: item.order)


def relevant(model: Model, link: Any) -> Model:
    """The model without the positivity of densities and events of which neither a claim nor another line speaks.

    What is left out shares no variable or no law with the rest: it can be satisfied beside any world of the rest.
    """
    lines = [(line, _positive_only(line.statement)) for line in model.lines]
    if not any(positive for _, positive in lines):
        return model
    spoken = _variables(link).union(*(_variables(line.statement) for line, positive in lines if not positive))
    others = [link, *(line.statement for line, positive in lines if not positive)]
    named = laws_in(others)
    unnamed = any(isinstance(node, Law) and not node.name for term in others for _, node in walk(term))
    kept = [
        line for line, positive in lines
        if not positive or (_variables(line.statement) & spoken and (unnamed or _of(line.statement, named)))
    ]
    if len(kept) == len(lines):
        return model
    return compile_model(kept, name=model.name, file=model.file, declarations=model.declarations)


def silent_on(model: Model, heads: Iterable[Head]) -> Model:
    """The model without the lines that speak of some names."""
    names = {head.name for head in heads}
    kept = [
        line for line in model.lines
        if not any(
            overlaps(head, other) for other in heads_in((line.statement,)) if other.name in names for head in heads
        )
    ]  # fmt: skip
    if len(kept) == len(model.lines):
        return model
    return compile_model(kept, name=model.name, file=model.file, declarations=model.declarations)


def _positive_only(statement: Any) -> bool:
    return isinstance(statement, Greater) and statement.rhs == 0 and isinstance(statement.lhs, (Density, Probability))


def _of(statement: Any, named: set[str]) -> bool:
    """Whether the law that a line says is positive is one of some, or an event's probability is."""
    return not isinstance(statement.lhs, Density) or str(statement.lhs.law.name) in named


def _variables(term: Any) -> set[str]:
    return {head.name for head in heads_in((term,))}


def model_named(name: str, file: str) -> Model:
    """A model of the library, or of a file: a path is taken from the article's own folder."""
    if "/" in name or name.endswith(".md"):
        beside = Path(file).parent / name if file else Path(name)
        return load_model(beside)
    return load_model(name)
