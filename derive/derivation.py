"""A derivation: a term, and lines that each name one justification; the engine writes the formulas.

    Derivation(r"q(x_{t-1} \\mid x_t, x_0)", model="ddpm", given=[r"t \\ge 2"]).by("bayes", A="x_{t-1}", B="x_t")

Every line is one or more kernel steps; a derivation's theorem is what the kernel makes of them. A derivation is a
value: `.by` gives a longer one and leaves this one as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sympy import Basic

from derive import kernel
from derive.errors import DerivationError
from derive.grounds.context import Context
from derive.grounds.instances import named
from derive.kernel import Step, Theorem
from derive.latex import latex, read_term, unicode_text
from derive.latex.lines import WIDE, related, rows
from derive.rulebook import Rulebook
from derive.tactics.differentiate import differentiate
from derive.tactics.linearity import linearity
from derive.tactics.naming import naming, part_called
from derive.tactics.proportion import drop_constants
from derive.tactics.quadratic import collect
from derive.tactics.rewrite import definition_steps, hypothesis_steps, law_steps, result_steps, rule_steps
from derive.tactics.tidy import tidied, tidy, vocabulary_of
from derive.terms import Equal, Law, Normal, Proportional, Relation, alpha_equal, mentions, substitute, walk
from derive.terms.quadratics import coefficient
from derive.terms.statements import GreaterEqual, LessEqual

if TYPE_CHECKING:
    from derive.models import Model

LATEX_SIGNS = {"=": "=", "<=": r"\le", ">=": r"\ge", "propto": r"\propto"}
_CLASSES: dict[str, Any] = {"=": Equal, "<=": LessEqual, ">=": GreaterEqual, "propto": Proportional}


@dataclass(frozen=True, repr=False)
class Line:
    """One line of a derivation: `before relation after`, the name of what gives it, and its kernel steps.

    `parts` are the base and the step of an induction, each a derivation of its own; `place` is the author's line.
    """

    by: str
    kind: str
    before: Basic
    after: Basic
    relation: str
    steps: tuple[Step, ...] = ()
    prose: str = ""
    parts: tuple[tuple[str, Derivation], ...] = ()
    direction: str = ""
    place: int | None = None
    variables: frozenset[Basic] = frozenset()

    @property
    def obligations(self) -> tuple[Basic, ...]:
        """The conditions of the line that are open."""
        return tuple(dict.fromkeys(condition for step in self.steps for condition in step.obligations))

    @property
    def statement(self) -> Relation:
        """What the line claims."""
        if self.relation == "propto":
            return Proportional(self.before, self.after, self.variables)
        return _CLASSES[self.relation](self.before, self.after)  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return f"<{self.by}: {unicode_text(self.statement)}>"

    def _repr_latex_(self) -> str:
        """The line in a notebook, with what justifies it."""
        before, (first, *more) = latex(self.before), self._rows()
        fits = not more and len(rows(f"{before} = {latex(self.after)}", WIDE)) == 1
        lines = [f"{before} {first}"] if fits else [*related("", before), first, *more]
        return r"$$\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}$$"

    def _rows(self) -> list[str]:
        """The relation, what stands after it and what justifies it, as rows of an `aligned`."""
        return related(LATEX_SIGNS[self.relation], latex(self.after), rf" && \text{{{self.by}}}")


@dataclass(frozen=True, init=False, eq=False, repr=False)
class Derivation:
    """A chain of lines from a term, in a context, with the theorem it amounts to.

    `Derivation(start, model=…, given=[…], rules=[…])` begins one: `start` is LaTeX or a term, `model` the name of a
    model of the library, a path or a `Model`, `given` further statements in LaTeX, `rules` files of further rules.
    """

    start: Basic
    context: Context
    rules: Rulebook
    lines: tuple[Line, ...] = ()
    chain: tuple[Step, ...] = ()
    results: Mapping[str, Theorem] = field(default_factory=dict)
    name: str = ""
    title: str = ""
    prose: str = ""
    closing: str = ""
    zh: tuple[str, str] | None = None
    goal: Relation | None = None
    goal_reached: bool | None = None
    file: str | None = None
    unsettled: tuple[Relation, ...] = ()  # what the model claims of its own laws, neither proved nor refuted

    def __init__(self, start: Any, *, model: Any = None, given: Any = (), rules: Any = None, **fields: Any) -> None:
        if "context" not in fields:
            from derive.library import opening

            start, fields["context"], rules = opening(start, model, given, rules)
        fields.update(start=start, rules=rules)
        fields.setdefault("results", {})
        for name in self.__dataclass_fields__:
            if name in fields:
                object.__setattr__(self, name, fields[name])

    @property
    def model(self) -> Model:
        return self.context.model

    @property
    def current(self) -> Basic:
        """The term that the lines have reached."""
        return self.lines[-1].after if self.lines else self.start

    @property
    def steps(self) -> tuple[Line, ...]:
        """The lines, in order."""
        return self.lines

    @cached_property
    def theorem(self) -> Theorem:
        """What the kernel makes of the lines."""
        return kernel.chain(self.start, self.chain, self.context, self.results)

    @property
    def result(self) -> Relation:
        """The statement derived: start REL last term."""
        return self.theorem.statement

    @property
    def obligations(self) -> tuple[Basic, ...]:
        """What the result is subject to: the conditions that were not discharged."""
        return self.theorem.obligations

    @property
    def rests_on(self) -> tuple[tuple[str, str], ...]:
        """The rules, laws, earlier results and uses of algebra that the result rests on."""
        return tuple(sorted(self.theorem.rests_on))

    # ---- lines ----

    def by(
        self, what: str, *, backward: bool = False, at: Any = None, variable: Any = None,
        chosen: Mapping[str, Any] | None = None, prose: str = "", place: int | None = None, **values: Any,
    ) -> Derivation:  # fmt: skip
        """The derivation with one more line, given by a rule, a tactic, the model's laws or an earlier result.

        `at` is the subterm to rewrite (everywhere, where it is left out), `variable` the variable a tactic works in;
        `chosen`, and keywords such as `A="x_t"`, give values for the rule's metavariables. Each is LaTeX or a term.
        Raises `KernelRefusal` where the line does not hold as justified, `DerivationError` where nothing has this name.
        """
        if what == "normalise":
            return self._normalised(prose, place)
        if "." in what and what not in self.results and what not in self.rules:
            given = {**(chosen or {}), **values}
            return self._citing(what).by(what, backward=backward, at=at, chosen=given, prose=prose, place=place)
        where = self.read(at) if isinstance(at, str) else at
        inside = self.read(variable) if isinstance(variable, str) else variable
        if where is not None and not any(alpha_equal(node, where) for _, node in walk(self.current)):
            raise DerivationError("the term after `at` does not stand in the line before", hint=str(self.current))
        given = {name: self._value(what, name, value) for name, value in {**(chosen or {}), **values}.items()}
        kind, steps = self._proposed(what, backward, where, inside, given)
        return self._with(steps, what, kind, prose, place, "backward" if backward else "")

    def read(self, text: str) -> Any:
        """The term that LaTeX stands for under the derivation's model."""
        return read_term(text, self.model.declarations).term

    def _value(self, what: str, name: str, value: Any) -> Any:
        """What stands for a metavariable: a set as a tuple of variables, a law by name, anything else as a term."""
        if what in self.results:
            return self._for_name(what, name, value)
        metavariable = self.rules[what].metavariables.get(name)
        if metavariable is None:
            raise DerivationError(f"the rule {what} has no {name!r}",
                                  expected="one of " + ", ".join(sorted(self.rules[what].metavariables)))  # fmt: skip
        if not isinstance(value, str):
            return value
        if metavariable.kind == "variables":
            return tuple(self.read(piece) for piece in _pieces(value))
        return Law(value) if metavariable.kind == "law" else self.read(value)

    def _for_name(self, what: str, name: str, value: Any) -> Any:
        """What stands for a name of an earlier result."""
        known = sorted(str(item.name) for item in named(self.results[what]))  # type: ignore[attr-defined]
        if name not in known:
            raise DerivationError(f"{what} has no name {name} for which something else may stand",
                                  expected="one of " + ", ".join(known) if known else None)  # fmt: skip
        return self.read(value) if isinstance(value, str) else value

    def _citing(self, name: str) -> Derivation:
        """The derivation with an earlier result at hand, derived on the same model."""
        from derive.library import lemma

        earlier, model = lemma(name, self.model)
        context = replace(self.context, model=model)
        return replace(self, context=context, results={**self.results, name: earlier.theorem})

    def _proposed(
        self, what: str, backward: bool, at: Basic | None, variable: Basic | None, chosen: Mapping[str, Any]
    ) -> tuple[str, list[Step]]:
        term, where = self.current, self.context
        if what in TACTICS:
            return "tactic", TACTICS[what](self, variable)
        if what == "law":
            return "definition", law_steps(term, where, at)
        if what == "definition":
            return "definition", definition_steps(term, where, at)
        if what == "hypothesis":
            return "hypothesis", hypothesis_steps(term, where, at)
        if what in self.results:
            theorem = self.results[what]
            return "result", result_steps(term, theorem, where, name=what, backward=backward, only=at, chosen=chosen)
        if what in self.rules:
            rule = self.rules[what]
            return "rule", rule_steps(term, rule, where, backward=backward, only=at, chosen=chosen)
        raise DerivationError(f"there is no rule, tactic or earlier result called {what!r}",
                              hint="`derive rules` lists the rules; tactics: " + ", ".join(names()))  # fmt: skip

    def _with(
        self, steps: list[Step], what: str, kind: str, prose: str, place: int | None, direction: str = "",
        chain: tuple[Step, ...] | None = None, parts: tuple[tuple[str, Derivation], ...] = (),
    ) -> Derivation:  # fmt: skip
        before, after = self.current, steps[-1].after
        whole = kernel.chain(before, steps, self.context, self.results) if chain is None else None
        relation = "=" if whole is None else kernel.RELATIONS[type(whole.statement)]
        named = frozenset(whole.statement.variables) if whole is not None and relation == "propto" else frozenset()
        line = Line(what, kind, before, after, relation, tuple(steps), prose, parts, direction, place, named)
        new_chain = (*self.chain, *steps) if chain is None else chain
        return replace(self, lines=(*self.lines, line), chain=new_chain)

    def reaching(self, term: Any, *, prose: str = "", place: int | None = None, by: str = "algebra") -> Derivation:
        """The derivation with a line that exact algebra gives: the current term in another form, LaTeX or a term."""
        term = self.read(term) if isinstance(term, str) else term
        if alpha_equal(term, self.current):
            return self
        steps = [kernel.by_algebra(self.current, (), term, self.context)]
        return self._with(steps, by, "algebra", prose, place)

    def calling(self, name: Any, what: str, of: Any, *, prose: str = "", place: int | None = None) -> Derivation:
        """The derivation in which something that came out has a new name, by which it goes on.

        `what` is "variance" (of the Gaussian in the point `of`) or "terms without" (those of the sum that do not
        mention `of`). Defining a new name by what came out assumes nothing.
        """
        head = self.read(name) if isinstance(name, str) else name
        point = self.read(of) if isinstance(of, str) else of
        path, value = part_called(self.current, what, point, self.context.facts)
        model = naming(self.model, head, value, (self.current, *(g.statement for g in self.context.given)))
        named = replace(self, context=replace(self.context, model=model))
        steps = [kernel.by_algebra(self.current, path, head, named.context)]
        return named._with(steps, "call", "definition", prose, place)

    def gathered(self, longer: Derivation, words: str, *, prose: str = "", place: int | None = None) -> Derivation:
        """The longer derivation with its further lines as one, under these words: one thought, of several steps."""
        new = longer.lines[len(self.lines) :]
        if not new or any(line.parts or line.kind == "normalisation" for line in new):
            raise DerivationError("an induction or a normalisation is a line of its own", hint=words)
        steps = [step for line in new for step in line.steps]
        begun = replace(longer, lines=self.lines, chain=self.chain)
        return begun._with(steps, words, "tactic", prose, place)

    def _normalised(self, prose: str, place: int | None) -> Derivation:
        theorem = kernel.normalise(self.theorem)
        return self._from_theorem(theorem, "normalise", "normalisation", prose, place)

    def _from_theorem(
        self, theorem: Theorem, name: str, kind: str, prose: str, place: int | None,
        parts: tuple[tuple[str, Derivation], ...] = (),
    ) -> Derivation:  # fmt: skip
        """Go on from a theorem about the start: the chain so far is what the theorem says."""
        results = {**self.results, name: theorem}
        step = kernel.by_result(self.start, (), theorem, {}, self.context, name=name)
        line = Line(name, kind, self.current, step.after, "=", (step,), prose, parts, "", place)
        return replace(self, lines=(*self.lines, line), chain=(step,), results=results)

    def inductively(
        self, theorem: Theorem, index: Any, parts: tuple[tuple[str, Derivation], ...], prose: str, place: int | None
    ) -> Derivation:
        """The derivation whose one line is an induction on an index, with its base and step."""
        return self._from_theorem(theorem, f"induction on {index}", "induction", prose, place, parts)

    def compared(self, goal: Relation | None) -> Derivation:
        """The derivation with its result compared with a published one, by exact algebra."""
        if goal is None:
            return self
        return replace(self, goal=goal, goal_reached=self._agrees(goal))

    def _agrees(self, goal: Relation) -> bool | None:
        from derive import algebra

        if type(goal) is not type(self.result) or not alpha_equal(goal.lhs, self.result.lhs):
            return None
        if alpha_equal(goal.rhs, self.result.rhs):
            return True
        facts = self.context.algebra_facts(goal.rhs, self.result.rhs)
        answer = algebra.decide(self.result.rhs, goal.rhs, facts)
        if answer.status == "equal" and answer.exact:
            return True
        return False if answer.status == "different" else None

    @property
    def vocabulary(self) -> tuple[Basic, ...]:
        """The variances and coefficients that the lines so far have named."""
        return vocabulary_of(term for line in self.lines for term in (line.before, line.after))

    def to_latex(self) -> str:
        """The lines as one `align*` display."""
        first, *more = [row for line in self.lines for row in line._rows()] or ["&"]
        return "\\begin{align*}\n" + " \\\\\n".join([f"{latex(self.start)} {first}", *more]) + "\n\\end{align*}"

    def __repr__(self) -> str:
        said = unicode_text(self.result if self.lines else self.start)
        return f"<{self.name or 'derivation'}: {said}>"

    def _repr_latex_(self) -> str:
        return self.to_latex() if self.lines else f"$${latex(self.start)}$$"


# ---- tactics by name ----------------------------------------------------------------------------------------------


def _needs(variable: Basic | None, name: str) -> Basic:
    if variable is None:
        raise DerivationError(f"the tactic {name} works in a variable", expected=f"by {name} in x")
    return variable


def _pieces(text: str) -> list[str]:
    """A list of variables, parted at commas outside braces and parentheses."""
    pieces, depth, current = [], 0, ""
    for character in text:
        depth += (character in "{([") - (character in "})]")
        if character == "," and depth == 0:
            pieces.append(current)
            current = ""
        else:
            current += character
    return [piece.strip() for piece in (*pieces, current) if piece.strip()]


def _eliminated(derivation: Derivation, variable: Basic | None) -> list[Step]:
    """The term with a variable replaced by what a hypothesis says of it: x_0 from x_t = a x_0 + b ε."""
    wanted = _needs(variable, "eliminate")
    where = derivation.context
    equations = [given.statement for given in where.given if isinstance(given.statement, Equal)]
    for equation in (*equations, *where.model.equations):
        parts = coefficient(equation.rhs - equation.lhs, wanted, where.facts)
        if parts is not None and parts[0] != 0:
            value = -parts[1] / parts[0]
            new = substitute(derivation.current, {wanted: value}, where.facts)
            normals = [(path, node) for path, node in walk(derivation.current) if mentions(node, wanted) is not False]
            return _replaced(derivation, normals, {wanted: value}, new)
    raise DerivationError(f"no hypothesis gives {wanted} by other quantities")


def _replaced(derivation: Derivation, normals: Any, mapping: Any, new: Basic) -> list[Step]:
    """Rewrite the mean of the one Gaussian in which the variable stands, or the whole term."""
    where, words = derivation.context, derivation.vocabulary
    for path, node in normals:
        if isinstance(node, Normal):
            mean = tidy(substitute(node.mean, mapping, where.facts), where, words)
            return [kernel.by_algebra(derivation.current, (*path, 1), mean, where)]
    return [kernel.by_algebra(derivation.current, (), new, where)]


TACTICS: dict[str, Callable[[Derivation, Basic | None], Any]] = {
    "drop-constants": lambda d, variable: drop_constants(d.current, _needs(variable, "drop-constants"), d.context),
    "collect": lambda d, variable: collect(d.current, _needs(variable, "collect"), d.context, d.vocabulary),
    "eliminate": _eliminated,
    "differentiate": lambda d, variable: differentiate(d.current, d.context, d.rules, variable),
    "linearity": lambda d, variable: linearity(d.current, d.context, d.rules, variable),
    "tidy": lambda d, variable: tidied(d.current, d.context, d.vocabulary, variable),
}


def names() -> Iterable[str]:
    """The tactics, and what else a line may name beside rules and results."""
    return (*sorted(TACTICS), "definition", "law", "hypothesis", "normalise")
