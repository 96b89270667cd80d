"""One claim of an article: a relation, a law that a variable is said to follow, an equation up to a constant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from derive.articles.constants import constants_in, named_variables, without_dependence
from derive.articles.conventions import deviations, shown_short, with_variances
from derive.articles.heads import Head
from derive.articles.lemmas import Lemma, hypotheses
from derive.articles.reading import Piece
from derive.articles.repairs import of_another_variable
from derive.checking import needed
from derive.deciding.statements import decide_statement
from derive.deciding.suggestions import suggesting
from derive.deciding.suppositions import supposing
from derive.grounds.context import Context
from derive.latex import unicode_text
from derive.models import Model
from derive.random_variables.following import decide_following
from derive.random_variables.listing import over_values
from derive.random_variables.pointing import at_points
from derive.rulebook import Rule, Rulebook
from derive.terms import Definition, Distributed, Equal, IndexFacts, Statement
from derive.verdict import Verdict

__all__ = ["Claimed", "decide_claim"]


@dataclass(frozen=True)
class Claimed:
    """A claim with all that decides it; `known` are the names that occurred in the article before.

    `named` are the rules that its author says it rests on.
    """

    piece: Piece
    link: Any
    opening: Any
    model: Model
    rules: Rulebook
    seed: int
    known: frozenset[Head]
    lemmas: tuple[Lemma, ...] = ()
    named: tuple[Rule, ...] = ()


def decide_claim(claimed: Claimed) -> Verdict:
    """The verdict. Raises an `InputError` for what claims nothing."""
    notes = _notes(claimed.piece)
    link = Equal(claimed.link.lhs, claimed.link.rhs) if isinstance(claimed.link, Definition) else claimed.link
    original = claimed
    link, model, listed = over_values(link, claimed.model)
    link = at_points(link, model)
    claimed = replace(claimed, model=model)
    notes = (*notes, listed) if listed else notes
    if isinstance(link, Distributed):
        return _with_notes(decide_following(link, claimed.model, claimed.rules, partial(_under, claimed)), notes)
    constants = constants_in(link, claimed.known)
    if constants:
        return _with_notes(_up_to_constants(claimed, link, constants), notes)
    bare = deviations(link)
    if not bare:
        return _with_notes(_repaired(_decided(claimed, link), original), notes)
    squared = _decided(claimed, with_variances(link))
    as_deviation = f"{shown_short(bare[0])} is read with a deviation"
    if squared.status == "proved":
        return _with_notes(squared, (*notes, as_deviation))
    plain = _decided(claimed, link)
    if plain.status == "proved":
        return _with_notes(plain, (*notes, f"{shown_short(bare[0])} is read with a variance"))
    if plain.status != squared.status:
        return Verdict("unknown", statement=link, tried="the second slot of the Gaussian read both ways", read_as=notes)
    return _with_notes(squared, (*notes, as_deviation))


def _decided(claimed: Claimed, link: Any) -> Verdict:
    """The verdict on a relation as it stands."""
    requirements: Sequence[Statement] = ()
    if claimed.piece.reading is not None:
        requirements = tuple(needed(replace(claimed.piece.reading, term=link)))
    verdict = decide_statement(
        link, claimed.model, claimed.rules, requirements=requirements, seed=claimed.seed,
        known=hypotheses(claimed.lemmas), named=claimed.named,
    )  # fmt: skip
    verdict = supposing(verdict, claimed.model, claimed.rules, seed=claimed.seed)
    return suggesting(verdict, claimed.model, claimed.rules, seed=claimed.seed)


def _repaired(verdict: Verdict, claimed: Claimed) -> Verdict:
    """The verdict with the repairs of an article's own kind before those of single slips."""
    if verdict.status != "refuted":
        return verdict
    slips = verdict.nearby

    def nearby() -> tuple[Statement, ...]:
        found = []
        for changed in of_another_variable(claimed.link, claimed.model):
            read, model, _ = over_values(changed, claimed.model)
            if _under(claimed, at_points(read, model), model).status == "proved":
                found.append(changed)
        return tuple(found) if found or slips is None else slips()

    return replace(verdict, nearby=nearby)


def _under(claimed: Claimed, link: Any, model: Model) -> Verdict:
    """The verdict on an equation that a claim comes down to."""
    return decide_statement(link, model, claimed.rules, seed=claimed.seed)


def _up_to_constants(claimed: Claimed, link: Any, constants: Sequence[Any]) -> Verdict:
    """The verdict on an equation with `+ C`: that the difference does not depend on the variables that are named."""
    names = ", ".join(unicode_text(item) for item in constants)
    variables = named_variables(link, constants, claimed.opening)
    if not variables:
        return Verdict("unknown", statement=link, tried=f"in which variables {names} is constant is not said")
    said = f"{names} does not depend on {', '.join(unicode_text(item) for item in variables)}"
    verdict = replace(
        _decided(claimed, without_dependence(link, constants, variables, _facts(claimed, link))), nearby=None
    )
    return replace(verdict, statement=link, read_as=(said, *verdict.read_as))


def _facts(claimed: Claimed, link: Any) -> IndexFacts:
    """What is known of the indices of a claim."""
    return Context.of(claimed.model, (), (link,)).about(link).facts


def _notes(piece: Piece) -> tuple[str, ...]:
    found = piece.reading.notes if piece.reading is not None else ()
    return tuple(note for note in found if not note.startswith("the words"))


def _with_notes(verdict: Verdict, notes: Sequence[str]) -> Verdict:
    return replace(verdict, read_as=tuple(dict.fromkeys((*verdict.read_as, *notes)))) if notes else verdict
