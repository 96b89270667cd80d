"""`derive.check` and `derive.equal`: a verdict on a statement in LaTeX, and on two expressions of SymPy's."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sympy import Basic, Mul, Symbol, exp, pi

from derive import algebra
from derive.clock import OutOfTime, within
from derive.deciding.at_sight import witness_of
from derive.deciding.statements import LATE, decide_statement, symbol_assumptions
from derive.deciding.suggestions import suggesting
from derive.deciding.suppositions import supposing
from derive.errors import InputError
from derive.latex import Reading, latex, read_model_lines
from derive.latex.other_values import as_values
from derive.library import load_model
from derive.models import Line, Model, compile_model
from derive.random_variables.following import decide_following
from derive.random_variables.listing import over_values
from derive.random_variables.pointing import at_points
from derive.random_variables.valued import over_its_values
from derive.rulebook import Rulebook, load_rulebook
from derive.terms import (
    Distributed,
    Equal,
    Exists,
    ForEvery,
    Gradient,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    Relation,
    Statement,
    Unequal,
    mentions,
    substitute,
    sympify_term,
    walk,
)
from derive.terms.binding import binding
from derive.terms.standard import standard_functions, written_out
from derive.terms.times import times_in
from derive.verdict import Verdict

Path = str | os.PathLike[str]
TIMEOUT = 2.0
"""Seconds for a question, where no other time is asked for."""
ROOM = 0.95
"""What part of the time is for the answer; the rest is for handing it over."""


def check(
    statement: str | Statement, *, model: Path | Model | None = None, given: Sequence[str] = (),
    rules: Iterable[Path] | None = None, seed: int = 0, timeout: float | None = TIMEOUT,
) -> Verdict:  # fmt: skip
    """Whether a statement holds under a model and further givens, each a line of LaTeX.

    Every symbol stands for a real number, every free index for each value for which the statement makes sense. A chain
    a = b ≤ c has a verdict for each link in `.links`. What is not decided after `timeout` seconds of the processor's
    time is unknown, and `.tried` says so; None sets no bound. Looking for what is missing, or for a suggestion, when it
    is asked for, takes as long again at most. Raises an `InputError` for what cannot be read.
    """
    try:
        with within(None if timeout is None else ROOM * timeout):
            return _checked(statement, model, given, rules, seed, timeout)
    except OutOfTime:
        return Verdict("unknown", tried=f"{LATE} before the statement was read")


def _checked(
    statement: str | Statement, model: Path | Model | None, given: Sequence[str], rules: Iterable[Path] | None,
    seed: int, timeout: float | None,
) -> Verdict:  # fmt: skip
    chosen = model if isinstance(model, Model) else load_model(model) if model is not None else None
    if isinstance(statement, str):
        claim, compiled = _read_claim(statement, chosen, given)
        requirements = tuple(needed(claim))
        found: Any = claim.term
        if not isinstance(found, Statement):
            raise InputError("this is a term; a statement was expected", source=statement, expected="a relation, a = b")
        found, notes = _with_the_number_e(found, claim.notes, compiled)
    else:
        _, compiled = _read_claim(None, chosen, given)
        found, requirements, notes = statement, (), ()
    book = load_rulebook().extended(*(rules or ()))
    found, compiled, valued = over_its_values(found, compiled)
    notes = (*notes, *valued)
    found, compiled, listed = over_values(found, compiled)
    found, notes = at_points(found, compiled), (*notes, listed) if listed else notes
    if isinstance(found, Distributed):
        return _read_as(decide_following(found, compiled, book, partial(_equation, rules=book, seed=seed)), notes)
    verdict = decide_statement(found, compiled, book, requirements=requirements, seed=seed)
    verdict = supposing(verdict, compiled, book, seed=seed, timeout=timeout)
    return _read_as(suggesting(verdict, compiled, book, seed=seed, timeout=timeout), notes)


def _equation(link: Statement, model: Model, *, rules: Rulebook, seed: int) -> Verdict:
    """The verdict on an equation that a claim about a law comes down to."""
    return decide_statement(link, model, rules, seed=seed)


def _with_the_number_e(claim: Statement, notes: Sequence[str], model: Model) -> tuple[Any, Sequence[str]]:
    """The claim with Euler's number for an e that stands beside π, where nothing is given of an e."""
    e = Symbol("e")
    beside = any(isinstance(node, Mul) and {e, pi} <= set(node.args) for _, node in walk(claim))
    if not beside or any(e in statement.free_symbols for statement in model.statements):
        return claim, notes
    return substitute(claim, {e: exp(1)}), (*notes, "e is Euler's number")


def needed(claim: Reading) -> Iterable[Statement]:
    """What the claim's text needs to be defined; that an integral exists is said where SymPy cancelled it."""
    kept = {node for side in getattr(claim.term, "args", ()) for _, node in walk(side)}
    near = _differentiated(kept)
    for need in claim.requirements:
        if need.kind == "exists" and need.condition in kept:
            continue
        condition = Exists(need.condition) if need.kind == "exists" else need.condition
        bound = [limits[0] for limits in need.context if len(limits) == 1]
        spoken = [point for point in dict.fromkeys(bound) if mentions(condition, point) is not False]
        if isinstance(condition, (Exists, Relation)):
            yield ForEvery(condition, spoken) if set(spoken) - near else condition


def _differentiated(nodes: Iterable[Any]) -> set[Any]:
    """The variables that only derivatives bind, each at itself: what they need near a point is said of the point."""
    near: set[Any] = set()
    others: set[Any] = set()
    for node in nodes:
        found = binding(node)
        at_itself = isinstance(node, Gradient) and node.point == node.variable
        (near if at_itself else others).update(found.bound if found is not None else ())
    return near - others


def _read_claim(text: str | None, model: Model | None, given: Sequence[str]) -> tuple[Any, Model]:
    """The claim and the model, their lines read together: names have one meaning in all of them."""
    before = [(line.text, line.line or 1) for line in model.lines] if model is not None else []
    rows = [*before, *((line, 1) for line in given)]
    joint = rows if text is None else [*rows, (text, 1)]
    declarations, readings = read_model_lines(joint, assumed=len(before), given=len(given))
    if len(readings) != len(joint):  # a line of several statements
        counts = [len(read_model_lines([row], assumed=int(n < len(before)))[1]) for n, row in enumerate(joint)]
        if text is not None and counts[-1] != 1:
            expected = "one relation, or a chain a = b ≤ c"
            raise InputError("these are several statements; one is checked at a time", source=text, expected=expected)
        rows = [row for row, count in zip(rows, counts, strict=False) for _ in range(count)]
    readings = _in_standard_functions(_at_values(readings), len(readings) - int(text is not None))
    claim: Reading | None = None
    if text is not None:
        *readings, claim = readings
    lines = [Line(reading.term, row, line) for reading, (row, line) in zip(readings, rows, strict=True)]
    name = model.name if model is not None else ""
    times = times_in(() if claim is None else (claim.term,))
    return claim, compile_model(lines, name=name, declarations=declarations, times=times)


def _at_values(readings: Sequence[Reading]) -> list[Reading]:
    """The readings with θ′ beside θ as another value of it."""
    needs = [[need.condition for need in reading.requirements] for reading in readings]
    terms, notes = as_values([*(reading.term for reading in readings), *(need for part in needs for need in part)])
    if not notes:
        return list(readings)
    rest = iter(terms[len(readings) :])
    return [
        replace(
            reading, term=term, notes=(*reading.notes, *notes),
            requirements=tuple(need._replace(condition=next(rest)) for need in reading.requirements),
        )
        for reading, term in zip(readings, terms, strict=False)
    ]  # fmt: skip


def _in_standard_functions(readings: Sequence[Reading], given: int) -> list[Reading]:
    """The readings with sigmoid(x) as 1/(1 + e^(−x)), where none of the first of them, which are given, says more."""
    terms = [reading.term for reading in readings]
    names = standard_functions(terms, terms[:given])
    if not names:
        return list(readings)
    note = f"{', '.join(sorted(names))} as usual"
    return [
        replace(
            reading, term=written_out(reading.term, names), notes=(*reading.notes, note),
            requirements=tuple(
                need._replace(condition=written_out(need.condition, names)) for need in reading.requirements
            ),
        )
        for reading in readings
    ]  # fmt: skip


def _read_as(verdict: Verdict, notes: Sequence[str]) -> Verdict:
    return replace(verdict, read_as=(*notes, *verdict.read_as)) if notes else verdict


def equal(
    a: Any, b: Any, *, given: Sequence[Any] = (), seed: int = 0, timeout: float | None = TIMEOUT
) -> Verdict:
    """Whether two expressions are equal for all real values of their symbols that satisfy the givens.

    `a` and `b` are SymPy expressions, or LaTeX; `given` holds statements, or LaTeX. What the symbols themselves carry
    (`positive=True`, …) counts as given. `timeout` is as in `check`.
    """
    if isinstance(a, str) or isinstance(b, str):
        left, right = (side if isinstance(side, str) else latex(side) for side in (a, b))
        texts = [item if isinstance(item, str) else latex(item) for item in given]
        return check(f"{left} = {right}", given=texts, seed=seed, timeout=timeout)
    lhs, rhs = sympify_term(a), sympify_term(b)
    symbols = lhs.free_symbols | rhs.free_symbols
    for symbol in symbols:
        if isinstance(symbol, Symbol) and (symbol.is_extended_real is False or not symbol.is_commutative):
            raise InputError(f"{symbol} is no real number", expected="symbols that stand for real numbers")
    statements = [*symbol_assumptions(*symbols), *(item for item in given if not isinstance(item, str))]
    texts = [item for item in given if isinstance(item, str)]
    if not texts:
        found = _by_algebra(lhs, rhs, tuple(statements), seed)
        if found is not None:
            return found
    _, model = _read_claim(None, None, texts)
    whole = compile_model((*model.lines, *map(Line, statements)))
    with within(None if timeout is None else ROOM * timeout):
        found = decide_statement(Equal(lhs, rhs), whole, load_rulebook(), seed=seed)
    if found.status == "refuted" and any(map(_restricted, symbols)):
        return Verdict("unknown", statement=found.statement, tried=RESTRICTED)
    return found


RESTRICTED = "no values were found that the symbols may take"
_NUMBERS = (Equal, Less, LessEqual, Greater, GreaterEqual, Unequal)
_SIGNS = {"commutative", "complex", "finite", "hermitian", "infinite", "real", "extended_real", "imaginary",
          "antihermitian", "positive", "negative", "nonpositive", "nonnegative", "zero", "nonzero", "extended_positive",
          "extended_negative", "extended_nonpositive", "extended_nonnegative", "extended_nonzero"}  # fmt: skip
"""What a symbol may carry that its statements say, or that every real number is."""


def _restricted(symbol: Any) -> bool:
    """Whether a symbol carries more than signs: that it is whole, even, rational, …"""
    return isinstance(symbol, Symbol) and not _SIGNS.issuperset(symbol.assumptions0)


def _by_algebra(lhs: Basic, rhs: Basic, given: tuple[Any, ...], seed: int) -> Verdict | None:
    """The verdict of algebra alone, where every name is a free parameter: then nothing else has a say."""
    if not all(isinstance(statement, _NUMBERS) for statement in given):
        return None
    if not algebra.only_numbers((lhs, rhs, *(side for statement in given for side in statement.args))):
        return None
    answer = algebra.decide(lhs, rhs, given, seed=seed)
    if answer.status == "equal" and answer.exact and algebra.satisfiable(given, seed=seed) is True:
        return Verdict("proved", ("algebra",), answer.provided, statement=Equal(lhs, rhs))
    if answer.status == "different":
        restricted = any(map(_restricted, lhs.free_symbols | rhs.free_symbols))
        point = (answer.witness or {}) if restricted else {}
        if all(_allows(symbol, value) for symbol, value in point.items()):
            return Verdict("refuted", shown=partial(witness_of, answer), statement=Equal(lhs, rhs))
        return Verdict("unknown", statement=Equal(lhs, rhs), tried=RESTRICTED)
    return None


def _allows(symbol: Any, value: Any) -> bool:
    """Whether a value has every property that a symbol carries."""
    return not _restricted(symbol) or all(
        getattr(value, f"is_{name}") is known for name, known in symbol.assumptions0.items()
    )
