"""True statements with a slip in them, and whether a slip that changed the meaning is ever called proved."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import NamedTuple

import derive
from derive.checking import ROOM, TIMEOUT, _read_claim
from derive.clock import within
from derive.deciding import statements
from derive.deciding.statements import decide_statement
from derive.errors import DeriveError, Fault
from derive.grounds.context import Context
from derive.latex import latex
from derive.library import all_names
from derive.models import Line, Model, compile_model
from derive.rulebook import load_rulebook
from derive.slips import Slip, slips
from derive.terms import Chain, Independent, PositiveDefinite, Relation, Statement
from derive.trials import try_claim
from derive.worlds import Trial

ANSWERING = ROOM * TIMEOUT
"""The time that `check` gives itself."""
WORLDS = 10
"""Worlds of each kind in which a slip that is called proved is tried, with seeds of their own."""


class True_(NamedTuple):
    """A statement that is true under a model, and where it is from."""

    name: str
    statement: Statement
    model: Model


class Judged(NamedTuple):
    """What `check` says of a slip, what is wrong with that, how long it took; whether the prover was asked alone."""

    status: str
    wrong: str
    seconds: float
    alone: bool = False


def library_steps(names: list[str] | None = None) -> Iterator[True_]:
    """before REL after of every line of the library's derivations."""
    for name in all_names() if names is None else names:
        try:
            found = derive.load(name)
            model = found.context.model
            given = [Line(entry.statement, latex(entry.statement)) for entry in found.context.given]
            whole = compile_model([*model.lines, *given], name=model.name, declarations=model.declarations)
        except DeriveError:  # no derivation, or a hypothesis that no model states
            continue
        for number, line in enumerate(found.lines):
            yield True_(f"{name}:{number + 1}", line.statement, whole)


def rule_instances() -> Iterator[True_]:
    """Every rule on its own metavariables, under its conditions."""
    for rule in load_rulebook():
        if rule.fallacy or not isinstance(rule.statement, (Relation, Independent)):
            continue
        try:
            instance = rule.instance
            given = [condition.statement for condition in instance.conditions]
            model = compile_model([Line(g) for g in given if isinstance(g, (Relation, Independent, PositiveDefinite))])
        except DeriveError:
            continue
        yield True_(f"rule {rule.name}", instance.statement, model)


def corpus_steps(path: Path) -> Iterator[True_]:
    """The true statements of a file with a JSON object a line: `statement`, `given`, `label`, `id`."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["label"] != "true" or row.get("usable") is False:
            continue
        try:
            claim, model = _read_claim(row["statement"], None, row["given"])
        except DeriveError:
            continue
        yield True_(row["id"], claim.term, model)


def slipped(statement: Statement, rng: Random) -> Slip | None:
    """A random slip of a random kind; of a chain, in one of its links."""
    return next(several(statement, rng), None)


def several(statement: Statement, rng: Random) -> Iterator[Slip]:
    """The slips of a statement, or of one link of a chain, in random order, each kind as often as the others."""
    if isinstance(statement, Chain):
        statement = rng.choice(statement.links)
    if not isinstance(statement, (Relation, Independent)):
        return
    found: dict[str, list[Slip]] = {}
    for slip in slips(statement):
        found.setdefault(slip.name, []).append(slip)
    while found:
        name = rng.choice(sorted(found))
        kind = found[name]
        yield kind.pop(rng.randrange(len(kind)))
        if not kind:
            del found[name]


@contextmanager
def worldless() -> Iterator[None]:
    """No world says anything of the claim, so that a proof is all that decides."""
    kept, statements.tried = statements.tried, lambda *_: Trial()
    try:
        yield
    finally:
        statements.tried = kept


def judged(slip: Statement, model: Model, seed: int = 0, *, alone: bool = False) -> Judged:
    """What is said of a statement with a slip: wrong where it is proved and a world refutes it, or where we break.

    `alone` puts what worlds refute to algebra and normal forms too, with no world to contradict them.
    """
    began = time.process_time()
    try:
        with within(ANSWERING):
            found = decide_statement(slip, model, load_rulebook(), seed=seed)
    except Fault as error:
        return Judged("fault", str(error), time.process_time() - began)
    except DeriveError as error:
        return Judged(type(error).__name__, "", time.process_time() - began)
    except Exception as error:  # a defect of ours, which no table may hide
        return Judged("broken", f"{type(error).__name__}: {error}", time.process_time() - began)
    seconds = time.process_time() - began
    if found.status == "refuted" and alone:
        try:
            with within(ANSWERING), worldless():
                again = decide_statement(slip, model, load_rulebook(), seed=seed, brief=True)
        except DeriveError:
            return Judged("refuted", "", seconds, True)
        wrong = f"proved alone because {again.because}" if again.status == "proved" else ""
        return Judged("refuted", wrong, seconds, True)
    if found.status != "proved":
        return Judged(found.status, "", seconds)
    context = Context.of(model, (), (slip,)).about(slip)
    tried = try_claim(slip, context, seed=seed + 1000, count=WORLDS, given_laws=True)
    wrong = "" if tried.refutation is None else f"because {found.because}: {tried.refutation}"
    return Judged("proved", wrong, seconds)
