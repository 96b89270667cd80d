"""Whether a statement holds: by exact algebra, by a rule, or refuted by a point or a world; else unknown.

A verdict is *proved* only where nothing is left open but that the claim's own two sides are defined and a short list of
regularity conditions, and where the givens are shown to be consistent by a world that satisfies them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from sympy import Basic, Symbol

from derive.clock import OutOfTime, part
from derive.deciding.at_sight import at_sight, open_range
from derive.deciding.determined import by_their_names, determined, unnamed
from derive.deciding.fixed import holds_fixed
from derive.deciding.looking import INCONSISTENT, MET, nowhere_defined, of_two_laws, tried, unmet
from derive.deciding.marginals import marginals
from derive.deciding.meant import as_meant
from derive.errors import InputError
from derive.grounds.conditions import decide, is_regularity
from derive.grounds.context import Context, Given
from derive.kernel import Theorem
from derive.models import Line, Model
from derive.models.normalised import is_one
from derive.rulebook import Rule, Rulebook
from derive.search.conditioned import Conditioned, conditioned_on
from derive.search.given_sizes import at_given_sizes, note_on
from derive.search.hinted import by_names
from derive.search.information import spoken_of
from derive.search.proving import Attempt, Prover, at_length, names_of, prover_of, shortly
from derive.search.restated import restated, solved
from derive.search.unnamed import has_its_laws
from derive.terms import (
    Application,
    Chain,
    Density,
    Equal,
    Exists,
    Expectation,
    ForEvery,
    Gradient,
    GreaterEqual,
    Independent,
    Integral,
    LessEqual,
    Member,
    Probability,
    Proportional,
    Relation,
    Statement,
    substitute,
)
from derive.terms.definedness import needs
from derive.terms.noise import elsewhere
from derive.terms.positions import walk
from derive.terms.statements import Greater, Less, Unequal
from derive.verdict import Verdict

if TYPE_CHECKING:
    from derive.worlds import Trial

_Answer = TypeVar("_Answer")

TRIED = "exact algebra, normal forms, chains of the rulebook's rules, random worlds"
LATE = "the time was over"
NOWHERE = "the sides are defined for no value that is given"
_GLANCE = 5
"""So many worlds are looked at before a search."""
_DECIDING = 0.95
"""What part of the time is for deciding; the rest is for seeing what the sides need."""
_SIGHT, _LOOK, _SHORT, _LONG = 0.3, 0.4, 0.5, 0.7
"""What part of the time that is left goes to algebra, the first worlds, normal forms, a search; worlds have the rest.

A claim whose proof is not found in its part of the time may still be refuted in the parts that follow.
"""


def decide_statement(
    statement: Statement, model: Model, rules: Rulebook, *, requirements: Sequence[Statement] = (), seed: int = 0,
    worlds: int = 40, known: Sequence[Given] = (), brief: bool = False, named: Sequence[Rule] = (),
) -> Verdict:  # fmt: skip
    """The verdict on a statement under a model; a chain is proved where every link is, refuted where one is.

    `brief` leaves the search out: what algebra, a few worlds and normal forms do not decide is unknown. `named` are
    rules that are tried before all else. `known` are statements that follow from the model where the statement's free
    names stand for what they stand for there: lines of the same text that were proved before. Where a time is set
    (`derive.clock`), what is not decided by then is unknown; the links of a chain share it, what one does not need is
    left to those after it.
    """
    if isinstance(statement, Chain):
        links = []
        for number, link in enumerate(statement.links):
            with part(1 / (len(statement.links) - number)):
                links.append(decide_statement(link, model, rules, requirements=requirements, seed=seed, worlds=worlds))
        return _joined(statement, tuple(links))
    try:
        return _one(statement, model, rules, requirements, seed, worlds, known, brief, named)
    except OutOfTime:
        return Verdict("unknown", statement=statement, tried=f"{LATE} before anything was decided")


def _one(
    statement: Statement, model: Model, rules: Rulebook, requirements: Sequence[Statement], seed: int, worlds: int,
    known: Sequence[Given], brief: bool, named: Sequence[Rule],
) -> Verdict:  # fmt: skip
    """The verdict on a statement that is no chain."""
    statement, model, values = at_given_sizes(statement, model)
    requirements = [substitute(part, values) for part in requirements]
    if not isinstance(statement, Relation):
        if isinstance(statement, Independent):
            return _independence(statement, model, seed, worlds)
        raise InputError(
            "this statement declares something and claims nothing", expected="a relation between two terms"
        )
    if any(is_one(node) for _, node in walk(statement)):
        raise InputError("this name is the normaliser's of a density that is given with ∝", expected="another name")
    statement, context, read = as_meant(statement, model)
    read = (*note_on(values), *read)
    if not context.consistent or of_two_laws(model):
        return Verdict("unknown", statement=statement, tried=INCONSISTENT)
    context = context.assuming(*known)
    with part(_DECIDING):
        found = _decided(statement, context, rules, seed, worlds, brief=brief, named=named)
    if model.claims and found.status != "unknown" and _contradicted(model):
        return Verdict("unknown", statement=statement, tried=INCONSISTENT, read_as=read)
    open_ = _open(found.provided, requirements, context)
    if found.status == "proved" and any(_excluded(condition, context) for condition in open_):
        return Verdict("unknown", statement=statement, tried=NOWHERE, read_as=read)
    return replace(found, statement=statement, provided=open_, read_as=read)


def _contradicted(model: Model) -> bool:
    from derive.trials import contradicted

    return contradicted(model)


def _decided(
    statement: Relation, context: Context, rules: Rulebook, seed: int, worlds: int, *, brief: bool,
    named: Sequence[Rule] = (),
) -> Verdict:  # fmt: skip
    """What is named, then the cheapest: algebra, a few worlds, normal forms, a search over the rules, more worlds."""
    late: list[str] = []
    assumed = conditioned_on(statement, context.model)
    defined = context.assuming(*assumed.given)
    prover = prover_of(statement, defined, rules, cache(lambda: _lemmas(statement, context.model, rules)))
    drawn = has_its_laws(statement, context.model) and not spoken_of(statement, context.model)
    certain = not any(elsewhere(part, statement) for part in (*context.model.definitions, *context.model.equations))
    certain = certain and not _sought(statement, context.model)
    look = cache(lambda: tried(statement, context, seed, _GLANCE))

    def in_time(share: float, name: str, answer: Callable[[], _Answer]) -> _Answer | None:
        try:
            with part(share):
                return answer()
        except OutOfTime:
            late.append(name)
            return None

    def proved(found: Verdict | None) -> bool:
        return found is not None and found.status == "proved"

    def by_hint() -> Verdict | None:
        return _chained(by_names(statement, prover, named), statement, defined, assumed)

    hinted = in_time(_SIGHT, "the rules that are named", by_hint) if named else None
    found = hinted if proved(hinted) else in_time(_SIGHT, "exact algebra", lambda: at_sight(statement, context))
    if found is not None and found.status == "refuted":
        if certain:
            return found
        found = None
    if drawn and certain and not proved(found):
        refuted = _refuted(in_time(_LOOK, "a few worlds", look))
        if refuted is not None:
            return refuted

    def as_called() -> Verdict | None:
        names = by_their_names(context.model, statement)
        by_name = prover_of(statement, defined, rules, lambda: names)
        return _chained(shortly(statement, by_name), statement, defined, assumed) if names else None

    called = ((_SIGHT, "what is named", as_called),) if context.model.namings else ()
    attempts: tuple[tuple[float, str, Callable[[], Verdict | None]], ...] = (
        *called,
        (_SHORT, "normal forms", lambda: _chained(shortly(statement, prover), statement, defined, assumed)),
        (_SHORT, "what is given", lambda: _by_what_is_given(statement, prover, defined, assumed)),
        (_LONG, "search", lambda: _chained(at_length(statement, prover), statement, defined, assumed)),
    )
    for share, name, attempt in attempts:
        if proved(found) or (brief and name == "search"):
            break
        further = in_time(share, name, attempt)
        found = found if further is None else further
    if found is not None and proved(found):
        missed = in_time(1, "worlds for the assumptions", lambda: unmet(statement, context, seed, look, drawn=drawn))
        if missed == MET and _of_numbers(statement) and nowhere_defined(look()):
            return Verdict("unknown", tried=NOWHERE)
        return found if missed == MET else Verdict("unknown", tried=missed or f"{INCONSISTENT}: {LATE}")
    if brief:
        return Verdict("unknown", tried=_told("exact algebra and normal forms", late)) if found is None else found
    if drawn and certain:
        refuted = _refuted(in_time(1, "random worlds", lambda: tried(statement, context, seed, worlds)))
        if refuted is not None:
            return refuted
    found = Verdict("unknown") if found is None else found
    return found if found.needs else replace(found, tried=_told(TRIED, late))


def _lemmas(statement: Relation, model: Model, rules: Rulebook) -> dict[str, Theorem]:
    """What is derived of the model before: the closed forms of its chains, and what its laws name."""
    chains = cache(lambda some: dict(marginals(some, rules, statement)))
    return {**chains(unnamed(model)), **determined(model, rules, statement, chains)}


def _sought(statement: Relation, model: Model) -> bool:
    """Whether a claim is ∂L/∂θ = 0 for an L of which nothing is said: a condition on θ, not said of every θ."""
    slope, value = statement.args[:2]
    if not (isinstance(statement, Equal) and isinstance(slope, Gradient) and value == 0):
        return False
    if not isinstance(slope.body, Application):
        return False
    said = (part for part in model.statements if not isinstance(part, Member))
    return all(str(getattr(part.args[0], "name", "")) != slope.body.name for part in said)


def _by_what_is_given(
    statement: Relation, prover: Prover, context: Context, assumed: Conditioned
) -> Verdict | None:
    """A proof from the givens in normal form, each of which is a theorem of the givens as they stand."""
    lemmas = list(restated(statement, prover))
    each = list(solved(prover))
    if not (lemmas or each):
        return None
    within = context.assuming(*(given for lemma in lemmas for given in lemma.given))
    if each:
        within = replace(within, model=within.model.with_lines([Line(lemma.theorem.statement) for lemma in each]))
        lemmas += each
    informed = Prover(within, prover.rules, prover.kept, prover.lemmas)
    found = _chained(shortly(statement, informed), statement, within, assumed)
    if found is None or found.status != "proved":
        return None
    names = dict.fromkeys((*(name for lemma in lemmas for name in names_of(lemma.theorem)), *found.because))
    open_ = dict.fromkeys((*found.provided, *(condition for lemma in lemmas for condition in lemma.open)))
    return replace(found, because=tuple(names), provided=tuple(open_))


def _told(tried: str, late: Sequence[str]) -> str:
    """What was tried, and in which parts of it the time was over."""
    return f"{tried}; {LATE} in: {', '.join(late)}" if late else tried


def _joined(statement: Chain, links: tuple[Verdict, ...]) -> Verdict:
    states = [link.status for link in links]
    status = "refuted" if "refuted" in states else "unknown" if "unknown" in states else "proved"
    wrong = next((link for link in links if link.status == status and status != "proved"), None)
    return Verdict(
        status, tuple(dict.fromkeys(name for link in links for name in link.because)),
        tuple(dict.fromkeys(condition for link in links for condition in link.provided)), (),
        None if wrong is None else wrong.shown, () if wrong is None else wrong.needs, links, statement,
        "" if wrong is None else wrong.tried,
    )  # fmt: skip


def _open(provided: Iterable[Statement], requirements: Sequence[Statement], context: Context) -> tuple[Statement, ...]:
    """What the sides need to be defined and the context does not give."""
    wanted = dict.fromkeys(map(_without_a_factor, (*provided, *requirements)))
    kept = [condition for condition in wanted if decide(condition, context).answer is not True]
    positive = {part.args[0] for part in kept if isinstance(part, Greater) and isinstance(part.args[0], Density)}
    return tuple(part for part in kept if not _follows(part, positive))


def _without_a_factor(condition: Statement) -> Statement:
    """That the derivative of f exists, for that of −2 f."""
    inner = condition.args[0]
    if not (isinstance(condition, Exists) and isinstance(inner, Gradient)):
        return condition
    number, rest = inner.body.as_coeff_Mul()
    return condition if number in (0, 1) else Exists(Gradient(rest, inner.variable, inner.point))


# ---- proofs -------------------------------------------------------------------------------------------------------


def _chained(
    attempt: Attempt, statement: Relation, context: Context, assumed: Conditioned
) -> Verdict | None:
    """The verdict of an attempt at a proof, where it came to a theorem that says as much as the claim.

    `assumed` are the hypotheses of the context that say where the claim is defined.
    """
    theorem = attempt.theorem
    if theorem is None:
        return None
    proved, claimed = theorem.statement.args[:2], statement.args[:2]
    if not context.covers(theorem.context) or proved not in (claimed, claimed[::-1]):
        return None
    turned = proved != claimed
    if not _implies(theorem, statement, turned) or holds_fixed(theorem, context.model):
        return None
    found, used = _by_theorem(theorem, statement, context), assumed.used(theorem)
    return replace(found, provided=(*used, *found.provided))


def _excluded(condition: Statement, context: Context) -> bool:
    """Whether what a side needs to be defined is false by what is given."""
    if decide(condition, context).answer is False:
        return True
    opposite: Statement | None = None
    if isinstance(condition, Unequal):
        opposite = Equal(*condition.args[:2])
    elif isinstance(condition, Greater):
        opposite = LessEqual(*condition.args[:2])
    return opposite is not None and decide(opposite, context).answer is True


def _of_numbers(statement: Statement) -> bool:
    """Whether a claim speaks of no density and no event, which a world may well leave without a value at a point."""
    return not any(isinstance(node, (Density, Probability)) for _, node in walk(statement))


def _follows(condition: Statement, positive: Collection[Basic]) -> bool:
    """Whether a condition follows from some densities being positive: p(y) ≠ 0, p(x) > 0, that p(x | y) is defined."""
    inner = condition.args[0]
    if isinstance(condition, Exists) and isinstance(inner, Density):
        return Density(inner.law, inner.givens) in positive
    if not isinstance(condition, (Unequal, Greater)) or condition.args[1] != 0:
        return False
    if isinstance(inner, Density) and any(_within(inner, other) for other in positive):
        return True
    return isinstance(condition, Unequal) and inner in positive


def _within(part: Density, whole: Basic) -> bool:
    """Whether a density is a marginal or a conditional of another, a joint one, at the same point."""
    spoken = {*part.targets, *part.givens}
    joint = isinstance(whole, Density) and not whole.givens and whole.law == part.law
    return joint and part != whole and spoken <= set(whole.targets)


def _by_theorem(theorem: Theorem, statement: Relation, context: Context) -> Verdict:
    """The verdict that a theorem about the two sides gives: its open conditions are regularity, or the sides' own."""
    own = needs(statement.args[0]) | needs(statement.args[1])
    missing = tuple(
        condition for condition in theorem.obligations
        if not is_regularity(condition) and (condition not in own or open_range(condition, context))
    )  # fmt: skip
    kept = tuple(condition for condition in theorem.obligations if condition not in missing)
    if any(_is_another_claim(condition) for condition in missing):
        return Verdict("unknown")
    return Verdict("unknown" if missing else "proved", names_of(theorem), kept, needs=missing, proof=theorem)


def _is_another_claim(condition: Basic) -> bool:
    """Whether a condition is no assumption that an author makes, but one more relation between averages to show."""
    everywhere = isinstance(condition, ForEvery)
    while isinstance(condition, ForEvery):
        condition = condition.statement
    if not isinstance(condition, Relation):
        return False
    highest = everywhere and not any(side.is_number for side in condition.args[:2])  # that a function is highest here
    return highest or any(isinstance(node, (Expectation, Integral)) for _, node in walk(condition))


_STRENGTH: Mapping[str, tuple[type, ...]] = {
    "=": (Equal, LessEqual, GreaterEqual),
    "<=": (LessEqual,),
    ">=": (GreaterEqual,),
}
_SYMBOL = {Equal: "=", LessEqual: "<=", GreaterEqual: ">="}
_TURNED = {"=": "=", "<=": ">=", ">=": "<="}


def _implies(theorem: Theorem, statement: Relation, turned: bool) -> bool:
    proved = theorem.statement
    if isinstance(proved, Proportional):
        return isinstance(statement, Proportional) and set(statement.variables) <= set(proved.variables)
    symbol = _SYMBOL[type(proved)]
    if turned:
        symbol = _TURNED[symbol]
    if isinstance(statement, Proportional):
        return symbol == "="
    return type(statement) in _STRENGTH[symbol]


# ---- worlds -------------------------------------------------------------------------------------------------------


def _refuted(trial: Trial | None) -> Verdict | None:
    """The verdict where a world refutes."""
    return Verdict("refuted", shown=lambda: trial.refutation) if trial is not None and trial.refuted else None


def _independence(statement: Independent, model: Model, seed: int, worlds: int) -> Verdict:
    laws = {node.law for part in model.statements for _, node in walk(part) if isinstance(node, Density)}
    if statement.law is None and len(laws) == 1:
        statement = Independent(statement.left, statement.right, statement.given, *laws)
    context = Context.of(model, (), (statement,)).about(*statement.left, *statement.right, *statement.given)
    proved = decide(statement, context).answer is True
    drawn = has_its_laws(statement, model)
    found = Verdict("unknown")
    if proved:
        missed = unmet(statement, context, seed, lambda: tried(statement, context, seed, _GLANCE), drawn=drawn)
        by = (decide(statement, context).how,)
        found = Verdict("proved", by) if missed == MET else Verdict("unknown", tried=missed)
    elif drawn and (statement.law is not None or not laws):  # else it is not said under which law
        refuted = _refuted(tried(statement, context, seed, worlds))
        found = found if refuted is None else refuted
    return replace(found, statement=statement)


def symbol_assumptions(*terms: Basic) -> list[Statement]:
    """What a user's SymPy symbols carry (`positive=True`, …), as statements about the same symbols."""
    found: list[Statement] = []
    for symbol in sorted(set().union(*(term.free_symbols for term in terms)), key=str):
        if not isinstance(symbol, Symbol):
            continue
        if symbol.is_positive:
            found.append(Greater(symbol, 0))
        elif symbol.is_negative:
            found.append(Less(symbol, 0))
        elif symbol.is_nonnegative:
            found.append(GreaterEqual(symbol, 0))
        elif symbol.is_nonpositive:
            found.append(LessEqual(symbol, 0))
        elif symbol.is_nonzero and symbol.is_real:
            found.append(Unequal(symbol, 0))
    return found
