"""A rule: one identity or inequality, its conditions, and what a person wants to know of it.

The text is there from the start; the formula is read, with the reader everybody's LaTeX goes through, when it is first
asked for.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from derive.rulebook.clauses import Called, ConditionText, Metavariable, Translation, World

if TYPE_CHECKING:
    from derive.rulebook.instance import Instance
    from derive.rulebook.schema import Schema
    from derive.terms import IndexFacts, Statement

__all__ = ["Rule"]


@dataclass(frozen=True, eq=False)
class Rule:
    """A rule of the rulebook as its file states it.

    `latex` is the formula's text and `formula_line` the line it starts on; `declared` are the metavariables of the
    `let` lines, to which reading adds the customary ones. A rule with a `fallacy` does not hold: its `world` breaks it.
    """

    name: str
    topic: str
    prose: str
    latex: str
    file: str
    line: int
    formula_line: int
    declared: tuple[Metavariable, ...] = ()
    conditions: tuple[ConditionText, ...] = ()
    called: tuple[Called, ...] = ()
    sources: tuple[str, ...] = ()
    fallacy: str = ""
    world: World | None = None
    zh: Translation | None = None

    @property
    def title(self) -> str:
        """The name as words: product rule."""
        return self.name.replace("-", " ")

    @property
    def source(self) -> str:
        return "; ".join(self.sources)

    @cached_property
    def derived_in(self) -> str:
        """The derivation of the library that derives what the rule says, where its prose names one."""
        found = re.search(r"\(Derived in `([a-z0-9.\-]+)`", self.prose)
        return found[1] if found else ""

    def _repr_markdown_(self) -> str:
        """The rule in a notebook: what it says, its formula, when it holds."""
        texts = (self.prose, "; ".join(condition.text for condition in self.conditions))
        prose, conditions = (text.replace("$`", "$").replace("`$", "$") for text in texts)
        when = f"\n\nwhen {conditions}" if conditions else ""
        return f"**{self.name}** — {prose}\n\n$${self.latex.strip()}$${when}"

    @cached_property
    def hash(self) -> str:
        """A hash of what the rule states: its formula, declarations and conditions, and neither prose nor layout."""
        declared = [(m.name, m.kind, m.sort, m.shape, m.chosen, m.family) for m in self.declared]
        stated = [self.latex, *map(repr, sorted(declared)), *(condition.text for condition in self.conditions)]
        if self.fallacy:
            stated.append("fallacy")
        text = "\n".join(" ".join(part.split()) for part in stated)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @cached_property
    def schema(self) -> Schema:
        """The formula and the conditions, read. Raises `RuleError` or `ReadError` with file and line."""
        from derive.rulebook.schema import read_schema

        return read_schema(self)

    @property
    def statement(self) -> Statement:
        """The formula as a statement between terms with metavariables."""
        return self.schema.statement

    @property
    def metavariables(self) -> Mapping[str, Metavariable]:
        """Every metavariable that occurs, by name."""
        return self.schema.metavariables

    def check(self) -> Rule:
        """Read the rule now; returns itself, and raises what reading raises."""
        _ = self.schema
        return self

    @cached_property
    def instance(self) -> Instance:
        """The rule on its own metavariables, for whoever tries it as it stands: sets are single names there."""
        from derive.rulebook.instance import as_it_stands

        return as_it_stands(self)

    def unbound(self, *, backward: bool = False) -> tuple[str, ...]:
        """The metavariables that rewriting in this direction introduces, and which the caller therefore chooses."""
        return self.schema.unbound(backward=backward)

    def instantiate(self, substitution: Mapping[str, Any], facts: IndexFacts | None = None) -> Instance:
        """The rule with terms for its metavariables: both sides, and the conditions it then has.

        `substitution` gives a law (or an `Abstraction` that is its density), a tuple of variables for a set, a
        variable, a term, an event, an `Abstraction` for an expression, a `Family` for variables with an index, and, if
        the caller cares, names for what is bound. `facts` are what is known of indices. Raises `DerivationError` where
        something is missing and `SortError` where something does not fit.
        """
        from derive.rulebook.instance import instantiate
        from derive.terms.binding import NO_FACTS

        return instantiate(self, substitution, NO_FACTS if facts is None else facts)
