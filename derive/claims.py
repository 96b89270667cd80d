"""What a model claims of its own laws, proved or refuted before anything is derived on it.

A model may state what the rest of it determines already, q(x_t | x_0) beside the chain's kernel. Nothing may rest on
such a statement until it is proved, and of a model that states a wrong one there is no world.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from derive import algebra
from derive.deciding.marginals import marginals
from derive.errors import KernelRefusal
from derive.grounds.context import Context
from derive.latex import unicode_text
from derive.models import Model
from derive.models.model import links_of, renamed_onto
from derive.rulebook import load_rulebook
from derive.terms import Equal, alpha_equal, substitute
from derive.trials import refuted_claim
from derive.worlds import Refutation

__all__ = ["Settled", "require_claims", "settled"]


@dataclass(frozen=True)
class Settled:
    """A claim of a model with what became of it: "proved", "refuted" by a world, or "unknown"."""

    claim: Equal
    status: str
    refutation: Refutation | None = None


@lru_cache(maxsize=64)
def settled(model: Model) -> tuple[Settled, ...]:
    """Each claim of a model: by induction over a Gaussian chain, by a world that refutes it, or as any statement."""
    return tuple(_settle(claim, model) for claim in model.claims)


def require_claims(model: Model) -> tuple[Equal, ...]:
    """The claims of the model that are neither proved nor refuted: nothing rests on them, and a page says so.

    Raises `KernelRefusal`, with the world, where a claim is refuted.
    """
    for entry in settled(model):
        if entry.status == "refuted":
            place = next((line for line in model.lines if entry.claim in links_of(line.statement)), None)
            refusal = KernelRefusal(
                f"the model states {unicode_text(entry.claim)}, which the rest of it refutes", step=entry.claim,
                hint=str(entry.refutation) if entry.refutation is not None else None,
            )  # fmt: skip
            raise refusal if place is None else refusal.located(model.file, place.line, place.text)
    return tuple(
        entry.claim for entry in settled(model) if entry.status == "unknown" and entry.claim not in model.namings
    )


def _settle(claim: Equal, model: Model) -> Settled:
    refutation = refuted_claim(claim, model)
    if refutation is not None:
        return Settled(claim, "refuted", refutation)
    if any(_is(theorem.statement, claim, model) for _, theorem in marginals(model, load_rulebook(), claim)):
        return Settled(claim, "proved")
    from derive.deciding.statements import decide_statement

    found = decide_statement(claim, model, load_rulebook(), brief=True)
    counterexample = found.counterexample if isinstance(found.counterexample, Refutation) else None
    return Settled(claim, found.status, counterexample)


def _is(theorem: Equal, claim: Equal, model: Model) -> bool:
    """Whether a theorem about every index says what is claimed, up to exact algebra."""
    shift = renamed_onto(theorem.lhs, claim.lhs)
    if shift is None:
        return False
    there = substitute(theorem, shift)
    if alpha_equal(there, claim):
        return True
    where = Context.of(model, (), (there, claim)).about(there, claim)
    answer = algebra.decide(there.rhs, claim.rhs, where.algebra_facts(there.rhs, claim.rhs))
    return alpha_equal(there.lhs, claim.lhs) and answer.status == "equal" and answer.exact and not answer.provided
