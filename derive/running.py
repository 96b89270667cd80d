"""Running a script: each line read under the model, proposed by a tactic or a rule, and accepted by the kernel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sympy import Basic, Integer, S, Symbol

from derive import algebra, kernel
from derive.derivation import Derivation
from derive.errors import DerivationError, DeriveError, KernelRefusal, ReadError
from derive.grounds.context import Context, Given, is_range
from derive.kernel import Theorem
from derive.latex import read_statement, read_term
from derive.models import Line as ModelLine
from derive.models import Model, read_lines
from derive.models.model import as_equation, renamed_onto
from derive.rulebook import Rulebook
from derive.scripts import Command, Script
from derive.scripts import command as command_of
from derive.tactics.tidy import put_variance
from derive.terms import (
    SCALAR,
    AlmostSurely,
    Chain,
    Definition,
    Density,
    Equal,
    GreaterEqual,
    LessEqual,
    Member,
    Normal,
    Relation,
    Statement,
    Variable,
    alpha_equal,
    free_variables,
    substitute,
)
from derive.terms.quadratics import coefficient

_SIGNS = {"=": "=", "<=": "≤", ">=": "≥", "propto": "∝"}
Lemma = Callable[[str, Model], tuple[Derivation, Model]]


def run_script(script: Script, model: Model, rules: Rulebook, lemma: Lemma) -> Derivation:
    """The derivation of a script on a model; `lemma` gives earlier results by name, and the model with their names.

    Raises `DerivationError` for a script that cannot be run and `KernelRefusal` for a line that does not hold, both
    with file and line.
    """
    results: dict[str, Theorem] = {}
    model = with_definitions(model, script.given, script.file)
    for name in dict.fromkeys((*script.lemmas, *_cited(script.commands, rules))):
        earlier, model = lemma(name, model)
        results[name] = earlier.theorem
    runner = _Runner(script, model, rules)
    assert script.start is not None
    start = runner.term(*script.start)
    given = tuple(
        part for text, line in script.given for part in runner.statements(text, line)
        if not defines(part) and not (part in model.laws and not part.rhs.has(Density))
    )
    given += tuple(
        AlmostSurely(runner.statement(text, line), runner.term(measure, line)) for text, measure, line in script.surely
    )
    context = Context.of(model, given, (start,)).about(start)
    derivation = Derivation(
        start, context=context, rules=rules, results=results, name=script.name, title=script.title, prose=script.prose,
        closing=script.closing, file=script.file, zh=script.zh,
    )  # fmt: skip
    for command in script.commands:
        derivation = runner.line(derivation, command)
    goal = model.goal(script.name)
    if script.goal is not None:
        goal = runner.statement(*script.goal)
    return derivation.compared(goal if isinstance(goal, Relation) else None)


def defines(statement: Statement) -> bool:
    """Whether a `given` says what a name means: a definition, or the space that a value lies in."""
    return isinstance(statement, (Definition, Member))


def with_definitions(model: Model, given: Iterable[tuple[str, int]], file: str | None = None) -> Model:
    """The model with the definitions that stand among what is given besides, each with its line."""
    new: list[tuple[ModelLine, tuple[str, int]]] = []
    for text, line in given:
        statement = read_statement(text, model.declarations, file=file, line=line).term
        known = (line.statement for line in model.lines)
        if defines(statement) and not any(alpha_equal(entry, as_equation(statement)) for entry in known):
            new.append((ModelLine(statement, text.replace(":=", "="), line), (text, line)))
    if not new:
        return model
    rows = [(known.text, known.line or 1) for known in model.lines]
    declarations, readings = read_lines([*rows, *(row for _, row in new)], file)
    read = readings[len(rows):]
    lines = [replace(entry, statement=found.statement) for (entry, _), found in zip(new, read, strict=True)]
    found = model.with_lines(lines)
    if len(found.definitions) + len(found.functions) < len(model.definitions) + len(model.functions) + sum(
        isinstance(line.statement, Definition) for line in lines
    ):
        raise DerivationError("a definition gives a new name, or a function of points that it names, a meaning",
                              file=file, line=lines[0].line, source=lines[0].text)  # fmt: skip
    return replace(found, declarations=declarations)


def _cited(commands: Sequence[Command], rules: Rulebook) -> list[str]:
    found: list[str] = []
    for command in commands:
        if command.kind == "by" and "." in command.text and command.text not in rules:
            found.append(command.text)
        found += _cited((*command.base, *command.step), rules)
    return list(dict.fromkeys(found))


class _Runner:
    """The lines of one script, read under one model."""

    def __init__(self, script: Script, model: Model, rules: Rulebook) -> None:
        self.script, self.model, self.rules = script, model, rules

    # ---- reading ----

    def term(self, text: str, line: int) -> Any:
        return read_term(text, self.model.declarations, file=self.script.file, line=line).term

    def statement(self, text: str, line: int) -> Any:
        return read_statement(text, self.model.declarations, file=self.script.file, line=line).term

    def statements(self, text: str, line: int) -> tuple[Statement, ...]:
        found = self.statement(text, line)
        return found.links if isinstance(found, Chain) else (found,)

    # ---- lines ----

    def line(self, derivation: Derivation, command: Command) -> Derivation:
        """The derivation with one more line of the script."""
        try:
            if command.kind == "by":
                return self._by(derivation, command)
            if command.kind == "check":
                return self._check(derivation, command)
            if command.kind == "call":
                return self._call(derivation, command)
            if command.kind == "together":
                return self._together(derivation, command)
            return self._induction(derivation, command)
        except DeriveError as error:
            raise error.located(self.script.file, command.line, self._source(command)) from None

    def _source(self, command: Command) -> str:
        if command.kind == "induction":
            return f"induction {command.variable} from {command.text}"
        return f"{command.relation or command.kind} {command.text}"

    def _by(self, derivation: Derivation, command: Command) -> Derivation:
        try:
            return derivation.by(
                command.text, backward=command.backward, at=command.at or None, variable=command.variable or None,
                chosen=dict(command.chosen), prose=command.prose, place=command.line,
            )  # fmt: skip
        except ReadError as error:
            error.file, error.line = self.script.file, command.line
            raise

    def _call(self, derivation: Derivation, command: Command) -> Derivation:
        head = self.term(command.text, command.line)
        point = self.term(command.at, command.line)
        return derivation.calling(head, command.variable, point, prose=command.prose, place=command.line)

    def _together(self, derivation: Derivation, command: Command) -> Derivation:
        inner = derivation
        for each in command.base:
            inner = self.line(inner, each)
        return derivation.gathered(inner, command.text, prose=command.prose, place=command.line)

    def _check(self, derivation: Derivation, command: Command) -> Derivation:
        """A formula that is checked against what came out, and that the derivation goes on from."""
        if command.relation != "=":
            last = derivation.lines[-1].relation if derivation.lines else "="
            if last != command.relation:
                raise KernelRefusal(f"the line before gives {_SIGNS[last]}, not {_SIGNS[command.relation]}")
        term = self.term(command.text, command.line)
        return derivation.reaching(term, prose=command.prose, place=command.line)

    # ---- induction ----

    def _induction(self, derivation: Derivation, command: Command) -> Derivation:
        index, first = Symbol(command.variable), Integer(int(command.text))
        claim = self._claim(derivation.start)
        if claim is None:
            claim = self._recursion(derivation, command, index, first)
        base, step = self._base_and_step(derivation, command, index, first, claim)
        theorem = kernel.induction(base.theorem, step.theorem, index, first)
        start = derivation.start
        whole = replace(derivation, context=Context.of(self.model, _givens(derivation), (start,)).about(start))
        return whole.inductively(theorem, index, (("base", base), ("step", step)), command.prose, command.line)

    def _claim(self, start: Basic) -> Equal | None:
        """What the script's goal or the model itself states of the start, which is then a claim to prove."""
        if self.script.goal is not None:
            goal = self.statement(*self.script.goal)
            if isinstance(goal, Equal) and alpha_equal(goal.lhs, start):
                return goal
        if not isinstance(start, Density):
            return None
        for claim in self.model.claims:
            shift = renamed_onto(claim.lhs, start)
            if shift is not None:
                return substitute(claim, shift)  # type: ignore[no-any-return]
        return None

    def _base_and_step(
        self, derivation: Derivation, command: Command, index: Symbol, first: Any, claim: Equal, *, close: bool = True
    ) -> tuple[Derivation, Derivation]:
        base_claim = substitute(claim, {index: first})
        ranges = [given.statement for given in derivation.context.given if is_range(given, derivation.context.indices)]
        ranges = [entry for entry in ranges if entry not in (GreaterEqual(index, first), LessEqual(first, index))]
        begun = [substitute(entry, {index: first}) for entry in ranges]
        context = Context.of(self.model, begun, (base_claim,)).about(base_claim.lhs)
        base = self._run_part(base_claim, context, derivation, command.base, close)
        previous = substitute(claim, {index: index - 1})
        context = Context.of(self.model, (GreaterEqual(index, first + 1), *ranges), (claim,)).about(claim.lhs)
        context = context.assuming(Given(previous, _points(previous)))
        step = self._run_part(claim, context, derivation, command.step, close)
        return base, step

    def _run_part(
        self, claim: Equal, context: Context, whole: Derivation, commands: Sequence[Command], close: bool
    ) -> Derivation:
        part = Derivation(claim.lhs, context=context, rules=self.rules, results=whole.results, file=whole.file)
        for command in commands:
            part = self.line(part, command)
        return part.reaching(claim.rhs) if close else part

    def _recursion(self, derivation: Derivation, command: Command, index: Symbol, first: Any) -> Equal:
        """Where the model states no closed form: name mean and variance, and read their recursion off the step.

        The names are new, so that defining them by what came out assumes nothing.
        """
        start: Any = derivation.start
        if not isinstance(start, Density) or len(start.points) != 1 or len(start.givens) != 1:
            raise DerivationError("an induction without a claim is about the density of one variable given another")
        point, root = start.points[0], start.givens[0][1]
        slope, spread = (Variable(name, SCALAR, index) for name in _fresh_names(self.model, ("m", "v")))
        shape = Normal(point, slope * root, 0)
        claim = Equal(start, Normal(point, slope * root, put_variance(shape, spread)))
        base, step = self._base_and_step(derivation, command, index, first, claim, close=False)
        found = _mean_and_variance(step.current, root)
        begun = _mean_and_variance(base.current, substitute(root, {index: first}))
        zero = {substitute(slope, {index: first - 1}): S.One, substitute(spread, {index: first - 1}): S.Zero}
        for formula, value in zip(found, begun, strict=True):
            begins = substitute(substitute(formula, {index: first}), zero)
            if algebra.decide(begins, value, base.context.algebra_facts(begins, value)).status != "equal":
                raise DerivationError("the recursion of mean and variance does not begin at 1 and 0")
        lines = [Equal(slope, found[0]), Equal(spread, found[1])]
        lines += [Equal(name, value) for name, value in zero.items()]
        self.model = self.model.with_lines([ModelLine(line, str(line)) for line in lines])
        return claim


def _points(claim: Equal) -> frozenset[Basic]:
    """The points of a claim's density: the hypothesis holds for all of them."""
    return frozenset(pair[1] for pair in (*claim.lhs.targets, *claim.lhs.givens))


def _givens(derivation: Derivation) -> tuple[Statement, ...]:
    return tuple(given.statement for given in derivation.context.given)


def _mean_and_variance(term: Basic, root: Basic) -> tuple[Basic, Basic]:
    """(c, v) of a Gaussian N(x; c·root, v I)."""
    if isinstance(term, Normal) and term.variance is not None:
        parts = coefficient(term.mean, root)
        if parts is not None and parts[1] == 0:
            return parts[0], term.variance
    raise DerivationError("the lines do not end in a Gaussian around a multiple of the given variable", hint=str(term))


def _fresh_names(model: Model, wanted: Sequence[str]) -> list[str]:
    used = {str(getattr(item, "name", "")) for line in model.lines for item in free_variables(line.statement)}
    names = []
    for name in wanted:
        while name in used:
            name += "'"
        names.append(name)
    return names


def by_induction(
    claim: Equal, index: Symbol, first: int, base: Sequence[str], step: Sequence[str], model: Model, rules: Rulebook
) -> Theorem:  # fmt: skip
    """A claim about all t ≥ first by induction, from the lines of its base and of its step.

    Raises `KernelRefusal` or `DerivationError` where the lines do not lead from one side to the other.
    """
    runner = _Runner(Script("induction"), model, rules)
    whole = Derivation(claim.lhs, context=Context.of(model, (), (claim,)).about(claim.lhs), rules=rules)
    lines = Command("induction", str(first), 1, variable=str(index), base=tuple(command_of(row, 1) for row in base),
                    step=tuple(command_of(row, 1) for row in step))  # fmt: skip
    parts = runner._base_and_step(whole, lines, index, Integer(first), claim)
    return kernel.induction(parts[0].theorem, parts[1].theorem, index, Integer(first))
